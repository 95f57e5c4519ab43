"""Folders whose files disagree about a tokenizer, or leave it to a class: {name: {file: contents}, when called}.
tests/record/tokenizer_folders.py records what AutoTokenizer makes of each."""

import base64
import json
import struct

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

SPECIAL = ["<unk>", "<s>", "</s>"]
MERGES = ["h e", "l l", "he ll", "hell o", "Ġ w", "o r", "Ġw or", "l d", "Ġwor ld"]
PIECES = ["he", "ll", "hell", "hello", "▁hello", "or", "wor", "ld", "world", "▁world", "▁", *"abcdefghijklmnopqrstuvwxyz"]
TEXTS = ["hello world", " hello", "<s>hello</s> world", "<|im_start|>hello <|im_end|> world", "hello<|im_end|>world",
         "[PAD]<tool>hi", "a <TOOL> b", "hello , world ! it 's n't ' x ' .", "café Ünï 12345 ßtraße", "<unk> <mask>", "  two  spaces",
         "x<ax>y", " <ax> ", "<AX>hello", "hello<extra>", "hellohello world", "<image>a"]


def byte_letters():
    return sorted(pre_tokenizers.ByteLevel.alphabet(), key=ord)


def byte_level(special=SPECIAL, added=(), **parts):
    """tokenizer.json of a byte-level BPE as a dict; "hello" and " world" are tokens of it."""
    vocabulary = {token: i for i, token in enumerate([*special, *byte_letters()])}
    for merge in MERGES:
        vocabulary.setdefault(merge.replace(" ", ""), len(vocabulary))
    tokenizer = Tokenizer(models.BPE(vocabulary, [tuple(merge.split()) for merge in MERGES]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    for name, part in parts.items():
        setattr(tokenizer, name, part)
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in special])
    tokenizer.add_tokens(list(added))
    return json.loads(tokenizer.to_str())


def template(before="<s>", number=1):
    return processors.TemplateProcessing(single=f"{before} $A", special_tokens=[(before, number)])


def listed(content, special=True, **flags):
    return {"content": content, "lstrip": False, "normalized": False, "rstrip": False, "single_word": False,
            "special": special} | flags


def config(name="PreTrainedTokenizerFast", **more):
    named = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}
    return {key: value for key, value in ({"tokenizer_class": name} | named | more).items() if value != "left out"}


def varint(number):
    out = b""
    while number > 127:
        out, number = out + bytes([number & 127 | 128]), number >> 7
    return out + bytes([number])


def field(number, value):
    if isinstance(value, bytes):
        return varint(number << 3 | 2) + varint(len(value)) + value
    return varint(number << 3) + varint(value)


def sentencepiece_model():
    """tokenizer.model of Llama's kind: BPE with byte fallback and a dummy prefix, nothing normalized."""
    pieces = [("<unk>", 0, 2), ("<s>", 0, 3), ("</s>", 0, 3)] + [(f"<0x{byte:02X}>", 0, 6) for byte in range(256)]
    pieces += [(text, -rank, 1) for rank, text in enumerate(PIECES)]
    described = b"".join(field(1, field(1, text.encode()) + varint(2 << 3 | 5) + struct.pack("<f", score) + field(3, kind))
                         for text, score, kind in pieces)
    trainer = field(3, 2) + field(4, len(pieces)) + field(35, 1) + field(40, 0) + field(41, 1) + field(42, 2)
    return described + field(2, trainer) + field(3, field(1, b"identity") + field(3, 1) + field(4, 0) + field(5, 1))


BEHIND_PIECES = 259 + len(PIECES)
BEHIND_BYTES = len(byte_level()["model"]["vocab"])


def llama_json():
    """tokenizer.json of the pieces of sentencepiece_model()."""
    texts = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), *PIECES]
    vocabulary = {text: i for i, text in enumerate(texts)}
    merges = []
    for text in PIECES:
        merges += [(text[:i], text[i:]) for i in range(1, len(text)) if text[:i] in vocabulary and text[i:] in vocabulary]
    tokenizer = Tokenizer(models.BPE(vocabulary, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(),
                                           decoders.Strip(" ", 1, 0)])
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in SPECIAL])
    return json.loads(tokenizer.to_str())


def tekken():
    tokens = [bytes([byte]) for byte in range(256)] + [b"he", b"ll", b"hell", b"hello", b" w", b"or", b" wor", b"ld", b" world"]
    vocabulary = [{"rank": rank, "token_bytes": base64.b64encode(token).decode(), "token_str": None}
                  for rank, token in enumerate(tokens)]
    special = ["<unk>", "<s>", "</s>", "[INST]", "[/INST]", "<|im_start|>", "<tool>"]
    return {"config": {"pattern": r"[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
                       "num_vocab_tokens": len(tokens), "default_vocab_size": len(tokens) + 10 - 1,
                       "default_num_special_tokens": 10, "version": "v7"},
            "vocab": vocabulary,
            "special_tokens": [{"rank": rank, "token_str": text, "is_control": True} for rank, text in enumerate(special)]}


def falcon():
    steps = pre_tokenizers.Sequence([
        pre_tokenizers.Punctuation("contiguous"), pre_tokenizers.ByteLevel(add_prefix_space=False),
        pre_tokenizers.Digits(individual_digits=False), pre_tokenizers.Split("123", "isolated")])
    return byte_level(pre_tokenizer=steps)


def pair(**more):
    described = byte_level(special=["<|endoftext|>", *SPECIAL])["model"]
    return {"vocab.json": described["vocab"], "merges.txt": "\n".join(["#version: 0.2", *MERGES, ""])} | more


def bert(**more):
    letters = ["[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]", "hello", "world", *"abcdefghijklmnopqrstuvwxyzABCDEFGH,!.'é",
               *(f"##{c}" for c in "abcdefghijklmnopqrstuvwxyz")]
    tokenizer = Tokenizer(models.WordPiece({token: i for i, token in enumerate(letters)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False)
    tokenizer.pre_tokenizer, tokenizer.decoder = pre_tokenizers.BertPreTokenizer(), decoders.WordPiece()
    tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 1), ("[SEP]", 2)])
    tokenizer.add_special_tokens(letters[:5])
    return {"tokenizer.json": json.loads(tokenizer.to_str()), "config.json": {"model_type": "bert"},
            "tokenizer_config.json": {"tokenizer_class": "BertTokenizer"} | more}


def files(tokenizer, settings=None, **more):
    """tokenizer.json and tokenizer_config.json, and `more` by the names of files without their ends."""
    result = {"tokenizer.json": tokenizer, "config.json": {"model_type": more.pop("model_type", "llama")}}
    if settings is not None:
        result["tokenizer_config.json"] = settings
    return result | {f"{name}.json": contents for name, contents in more.items()}


CHATML = {str(BEHIND_BYTES): listed("<|im_start|>"), str(BEHIND_BYTES + 1): listed("<|im_end|>")}
DECODER = {str(i): listed(token) for i, token in enumerate(SPECIAL)}
AX = AddedToken("<ax>", normalized=False)
BYTE_LEVEL_PROCESSOR = processors.ByteLevel(trim_offsets=False)


def with_class(name, processor=BYTE_LEVEL_PROCESSOR, model_type="llama", **more):
    return lambda: files(byte_level(post_processor=processor), config(name, **more), model_type=model_type)


def with_ax(token, entry, normalizer=None):
    parts = {"normalizer": normalizer} if normalizer else {}
    return lambda: files(byte_level(added=[token], **parts),
                         config(added_tokens_decoder=DECODER | {str(BEHIND_BYTES): entry}))


def from_model_file(settings=None, model_type="llama", **more):
    def make():
        result = {"tokenizer.model": sentencepiece_model(), "config.json": {"model_type": model_type}}
        if settings is not None:
            result["tokenizer_config.json"] = settings
        return result | {f"{name}.json": contents for name, contents in more.items()}
    return make


SPM_CHATML = {"<|im_end|>": BEHIND_PIECES, "<|im_start|>": BEHIND_PIECES + 1}
SPM_DECODER = DECODER | {str(BEHIND_PIECES): listed("<|im_end|>"), str(BEHIND_PIECES + 1): listed("<|im_start|>", False)}

FOLDERS = {
    # tokens
    "added_tokens_decoder alone": lambda: files(
        byte_level(), config(eos_token="<|im_end|>", added_tokens_decoder=DECODER | CHATML)),
    "added_tokens_decoder with other ids": lambda: files(
        byte_level(), config(added_tokens_decoder=DECODER | {"400": listed("<|im_start|>"), "300": listed("<|im_end|>")})),
    "added_tokens.json": lambda: files(byte_level(), config(pad_token="[PAD]"),
                                       added_tokens={"<tool>": BEHIND_BYTES, "[PAD]": BEHIND_BYTES + 1}),
    "added_tokens.json beside added_tokens_decoder": lambda: files(
        byte_level(), config(added_tokens_decoder=DECODER | CHATML), added_tokens={"<tool>": 5}),
    "added_tokens.json with other ids": lambda: files(byte_level(), config(), added_tokens={"<tool>": 900, "<ax>": 300}),
    "special tokens in tokenizer_config alone": lambda: files(
        byte_level(post_processor=template()), config(pad_token="[PAD]", additional_special_tokens=["<tool>"])),
    "special tokens as dicts": lambda: files(byte_level(), config(
        pad_token=listed("[PAD]", lstrip=True) | {"__type": "AddedToken"},
        additional_special_tokens=[listed("<tool>", rstrip=True) | {"__type": "AddedToken"}])),
    "special_tokens_map.json": lambda: files(
        byte_level(post_processor=template()), config(), special_tokens_map={
            "pad_token": "[PAD]", "eos_token": "<|im_end|>", "additional_special_tokens": ["<tool>", listed("<ax>", rstrip=True)]}),
    "special_tokens_map.json with dicts": lambda: files(byte_level(), config(), special_tokens_map={
        "pad_token": listed("[PAD]", lstrip=True), "mask_token": listed("<mask>", lstrip=True, normalized=True)}),
    "special_tokens_map.json beside added_tokens_decoder": lambda: files(
        byte_level(), config(added_tokens_decoder=DECODER | CHATML), special_tokens_map={"pad_token": "[PAD]"}),
    "a token that is special in tokenizer_config alone": lambda: files(
        byte_level(added=[AddedToken("<|im_end|>", special=False)]), config(eos_token="<|im_end|>")),
    "a token that is special in added_tokens_decoder alone": with_ax(AX, listed("<ax>")),
    "a token that is special in tokenizer.json alone": lambda: files(
        byte_level(special=[*SPECIAL, "<ax>"]), config(added_tokens_decoder=DECODER | {"3": listed("<ax>", False)})),
    "lstrip in added_tokens_decoder alone": with_ax(AX, listed("<ax>", False, lstrip=True)),
    "rstrip in tokenizer.json alone": with_ax(AddedToken("<ax>", normalized=False, rstrip=True), listed("<ax>", False)),
    "single_word in added_tokens_decoder alone": with_ax(AX, listed("<ax>", False, single_word=True)),
    "normalized in added_tokens_decoder alone": with_ax(AX, listed("<ax>", False, normalized=True), normalizers.Lowercase()),
    "normalized in tokenizer.json alone": with_ax(AddedToken("<ax>", normalized=True), listed("<ax>", False), normalizers.Lowercase()),
    "added tokens of the vocabulary": lambda: files(
        byte_level(), config(added_tokens_decoder=DECODER | {"262": listed("hello", False), "5": listed("x", False)})),
    "split_special_tokens": lambda: files(byte_level(added=[AX]), config(split_special_tokens=True)),
    "extra_special_tokens as a dict": lambda: files(byte_level(), config(extra_special_tokens={"image_token": "<image>"})),
    "a token of the model under its own key": lambda: files(byte_level(), config(image_token="<image>")),
    "no tokenizer_config.json": lambda: files(byte_level(), model_type="gpt_neox"),
    "no unk_token": with_class("PreTrainedTokenizerFast", unk_token="left out"),
    # classes and templates
    "LlamaTokenizerFast, add_bos_token": with_class("LlamaTokenizerFast", add_bos_token=True),
    "LlamaTokenizer, no flags": with_class("LlamaTokenizer"),
    "LlamaTokenizer, add_bos_token false": with_class("LlamaTokenizer", template(), add_bos_token=False),
    "LlamaTokenizer, add_eos_token": with_class("LlamaTokenizer", template(), add_eos_token=True),
    "LlamaTokenizer, other bos_token": with_class("LlamaTokenizer", template(), bos_token="</s>"),
    "no class, model_type llama": with_class("left out"),
    "no class, model_type qwen2": with_class("left out", model_type="qwen2"),
    "GemmaTokenizer": with_class("GemmaTokenizer", model_type="gemma", pad_token="<unk>"),
    "CohereTokenizerFast": with_class("CohereTokenizerFast", model_type="cohere", add_eos_token=True),
    "CohereTokenizerFast, add_prefix_space": with_class("CohereTokenizerFast", model_type="cohere", add_prefix_space=True),
    "GPTNeoXTokenizer": with_class("GPTNeoXTokenizer", template(), model_type="gpt_neox"),
    "GPTNeoXTokenizer, add_bos_token": with_class("GPTNeoXTokenizerFast", model_type="gpt_neox", add_bos_token=True),
    "GPT2Tokenizer, add_bos_token": with_class("GPT2Tokenizer", model_type="gpt2", add_bos_token=True),
    "Qwen2Tokenizer": with_class("Qwen2Tokenizer", model_type="qwen2", add_bos_token=True),
    "PreTrainedTokenizerFast, add_bos_token": with_class("PreTrainedTokenizerFast", add_bos_token=True, add_eos_token=True),
    # steps
    "clean_up_tokenization_spaces": with_class("PreTrainedTokenizerFast", clean_up_tokenization_spaces=True),
    "add_prefix_space": with_class("PreTrainedTokenizerFast", add_prefix_space=True),
    "add_prefix_space in tokenizer.json alone": lambda: files(
        byte_level(pre_tokenizer=pre_tokenizers.ByteLevel(add_prefix_space=True)), config()),
    "add_prefix_space within a Sequence": lambda: files(
        byte_level(pre_tokenizer=pre_tokenizers.Sequence([pre_tokenizers.Digits(), pre_tokenizers.ByteLevel(add_prefix_space=True)])),
        config()),
    "Falcon's steps": lambda: files(falcon(), config(), model_type="falcon"),
    "do_lower_case": lambda: bert(do_lower_case=True),
    "do_lower_case false": lambda: bert(do_lower_case=False),
    "strip_accents false": lambda: bert(strip_accents=False),
    # saved by transformers 5
    "TokenizersBackend": lambda: files(byte_level(post_processor=template()), config(
        "TokenizersBackend", backend="tokenizers", extra_special_tokens=["<tool>"], add_bos_token=False,
        clean_up_tokenization_spaces=True, is_local=True, model_input_names=["input_ids", "attention_mask"])),
    "TokenizersBackend with tokens of the model": lambda: files(byte_level(), config(
        "TokenizersBackend", backend="tokenizers", image_token="<image>", model_specific_special_tokens={"image_token": "<image>"})),
    # other files than tokenizer.json
    "tokenizer.model": from_model_file(),
    "tokenizer.model, LlamaTokenizer": from_model_file(config("LlamaTokenizer", legacy=True)),
    "tokenizer.model, legacy false": from_model_file(config("LlamaTokenizer", legacy=False)),
    "tokenizer.model, add_prefix_space false": from_model_file(config("LlamaTokenizer", legacy=False, add_prefix_space=False)),
    "tokenizer.model, added_tokens.json": from_model_file(
        config("LlamaTokenizer", legacy=False, eos_token="<|im_end|>"), added_tokens=SPM_CHATML),
    "tokenizer.model, added_tokens_decoder": from_model_file(
        config("LlamaTokenizer", legacy=False, eos_token="<|im_end|>", added_tokens_decoder=SPM_DECODER)),
    "tokenizer.model, pad_token": from_model_file(config("LlamaTokenizer", legacy=False, pad_token="[PAD]", add_eos_token=True)),
    "tokenizer.json of Llama": lambda: files(llama_json(), config("LlamaTokenizer", legacy=True)),
    "vocab.json and merges.txt, GPT2Tokenizer": lambda: pair(**{
        "config.json": {"model_type": "gpt2"}, "tokenizer_config.json": {"tokenizer_class": "GPT2Tokenizer"}}),
    "vocab.json and merges.txt, OPT": lambda: pair(**{
        "config.json": {"model_type": "opt"}, "tokenizer_config.json": config(
            "GPT2Tokenizer", add_bos_token=True, bos_token="</s>", pad_token="<s>", unk_token="</s>")}),
    "vocab.json and merges.txt, Qwen2Tokenizer": lambda: pair(**{
        "config.json": {"model_type": "qwen2"}, "tokenizer_config.json": {
            "tokenizer_class": "Qwen2Tokenizer", "eos_token": "<|im_end|>",
            "additional_special_tokens": ["<|im_start|>", "<|im_end|>"]}}),
    "tekken.json": lambda: {"tekken.json": tekken(), "config.json": {"model_type": "mistral"}},
}


def write(name, folder):
    """Makes the files of one kind in `folder`."""
    for file, contents in FOLDERS[name]().items():
        data = contents if isinstance(contents, bytes) else (
            contents if isinstance(contents, str) else json.dumps(contents, ensure_ascii=False)).encode()
        (folder / file).write_bytes(data)
    return folder
