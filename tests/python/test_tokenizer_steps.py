"""Every kind of model and step on small vocabularies, and real ones, against Hugging Face's libraries."""

import functools
import json
import random
import unicodedata

import openvino_genai
import pytest

from tokenizer_cases import CASES, MODELS, SENTENCEPIECE
from tokenizer_corpus import corpus
from tokenizer_faults import FAULTS, wrong_lines
from tokenizer_reference import Baked, Reference, SentencePiece
from tokenizer_vocabularies import VOCABULARIES

LINES = 250
LINES_OF_A_MODEL = 1000  # three of them have 100 kB
LINES_OF_A_VOCABULARY = 3000
DECODE_EVERY = 4
MADE_UP = 200  # sequences of any ids


@pytest.fixture
def model(tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    return folder


@pytest.fixture
def converted(ovbake, model, tmp_path):
    """The tokenizer IR of what stands in `model`, converted when asked for."""

    def convert():
        ovbake("tokenizer", model, tmp_path / "out")
        return tmp_path / "out"
    return convert


def write_case(name, folder):
    (folder / "tokenizer.json").write_text(json.dumps(CASES[name](), ensure_ascii=False))
    return Reference(folder)


def sequences(reference, encoded):
    """Ids to decode: those of texts, and any."""
    r, known = random.Random(3), reference.ids()
    made_up = [r.choices(known, k=r.randrange(20)) for _ in range(MADE_UP)]
    if isinstance(reference, SentencePiece):
        unknown = reference.processor.unk_id()
        encoded = [ids for ids in encoded if unknown not in ids]
    return [ids for ids in encoded if ids][::DECODE_EVERY] + made_up


def wrong(reference, baked, lines):
    """How many lines differ, by what was compared. NumPy's strings lose NULs at their ends."""
    lines = sorted(lines, key=len)
    expected = [reference.encode(text) for text in lines]
    found = baked.encode_lines(lines)
    decoded = [baked.decode(ids) == reference.decode(ids).rstrip("\0") for ids in sequences(reference, expected)]
    return {"encode": sum(a != b for a, b in zip(found, expected, strict=True)), "decode": decoded.count(False)}


@pytest.mark.parametrize("name", CASES)
def test_a_small_vocabulary(name, model, converted):
    reference = write_case(name, model)
    lines = corpus(LINES_OF_A_MODEL if name in MODELS else LINES, reference.special_tokens)
    assert wrong(reference, Baked(converted()), lines) == {"encode": wrong_lines(name), "decode": 0}


MADE_BY_STEPS = {  # text that reads like an added token only after a step
    "added tokens that NFC makes": ["n\u0303u ñu", "n\u0303x ñx"],
    "added tokens of ASCII that NFC makes": ["\u212axq Kxq", "\u037exq ;xq", "\u1fefxq `xq"],
    "added tokens that Metaspace makes": ["xqx", " xqx", "▁xqx", "a xqxx"],
    "added tokens that Replace makes": ["q xqx", "zzq", "aq q", "q"],
}


@pytest.mark.parametrize("name", MADE_BY_STEPS)
def test_text_that_a_step_makes_read_like_an_added_token(name, model, converted):
    reference, lines = write_case(name, model), MADE_BY_STEPS[name]
    assert list(Baked(converted()).encode_lines(lines)) == [reference.encode(text) for text in lines]


LAST_LETTER, TAGS = 0x33480, range(0xE0000, 0xE01F0)  # all that Unicode 17 assigns, private use aside


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_every_character_in_a_normalization_form(form, model, converted):
    reference = write_case(form, model)
    characters = [chr(c) for c in (*range(1, 0xD800), *range(0xE000, LAST_LETTER), *TAGS)]
    marks = [c for c in characters if unicodedata.category(c).startswith("M")]
    texts = ["x" + c for c in characters] + ["x" + c + "\u0334" for c in marks] + ["x\u0345" + c for c in marks]
    lines = [" ".join(texts[i:i + 128]) for i in range(0, len(texts), 128)]
    assert sum(a != reference.encode(b) for a, b in zip(Baked(converted()).encode_lines(lines), lines)) == 0


@pytest.mark.parametrize("name", ["Lowercase", "StripAccents", "WordPiece", "WordPiece, BERT's steps"])
def test_every_character_in_a_step_with_tables_of_its_own(name, model, converted):
    reference = write_case(name, model)
    texts = ["x" + chr(c) + "x" for c in (*range(1, 0xD800), *range(0xE000, LAST_LETTER), *TAGS)]
    lines = [" ".join(texts[i:i + 128]) for i in range(0, len(texts), 128)]
    assert sum(a != reference.encode(b) for a, b in zip(Baked(converted()).encode_lines(lines), lines)) == 0


def test_a_text_that_spells_the_end_of_a_word(model, converted):
    reference, lines = write_case("BPE end_of_word_suffix", model), ["a</w>b", "the</w> x</w>y </w>", "</w>the", "a</w>"]
    assert list(Baked(converted()).encode_lines(lines)) == [reference.encode(text) for text in lines]


LETTERS = [*"aeiouwyAcdkqα", "ạ", "ê", "ơ", "ά", "ệ", "가", "か", "\u0dd9", "\u0915", "\u05d0"]
MARKS = [chr(c) for c in (
    *range(0x300, 0x305), *range(0x306, 0x30b), 0x30c, 0x313, 0x314, 0x315, 0x31b, *range(0x323, 0x326), 0x327, 0x328,
    0x32d, 0x331, 0x334, 0x338, 0x342, 0x345, 0x35c, 0x5b4, 0x5bc, 0x93c, 0x94d, 0xdca, 0xdcf, 0x1161, 0x11a8, 0x3099)]


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_marks_in_any_order_in_a_normalization_form(form, model, converted):
    reference, r = write_case(form, model), random.Random(5)
    clusters = [r.choice(LETTERS) + "".join(r.choices(MARKS, k=r.randrange(1, 6))) for _ in range(9000)]
    lines = ["".join(clusters[i:i + 3]) for i in range(0, len(clusters), 3)]
    assert sum(a != reference.encode(b) for a, b in zip(Baked(converted()).encode_lines(lines), lines)) == 0


@pytest.mark.parametrize("form", ["NFC", "NFKC"])
def test_every_composition_by_itself(form, model, converted):
    reference = write_case(form, model)
    characters = [chr(c) for c in (*range(0xC0, 0xAC00), *range(0xAC00, 0xD7A4, 7), *range(0xF900, 0x1D200))]
    decomposed = [unicodedata.normalize("NFD", c) for c in characters]
    lines = [text for text, c in zip(decomposed, characters) if text != c]
    lines += ["α\u0323\u0313\u0300\u0345", "ê\u0323\u0301\u0315"]  # each mark behind others that it may pass
    assert list(Baked(converted()).encode_lines(lines)) == [reference.encode(text) for text in lines]


def without_controls(reference, lines):
    """SentencePiece takes its control pieces in a text for text; tokenizer IR, as tokenizer.json, does not."""
    if not isinstance(reference, SentencePiece):
        return lines
    control = reference.control_pieces()
    kept = [text for text in lines if not any(piece in text for piece in control)]
    assert len(kept) > len(lines) * 0.8
    return kept


@pytest.mark.parametrize("name", VOCABULARIES)
def test_a_real_vocabulary(name, model, converted):
    reference = VOCABULARIES[name](model)
    lines = without_controls(reference, corpus(LINES_OF_A_VOCABULARY, reference.special_tokens))
    assert wrong(reference, Baked(converted()), lines) == {"encode": wrong_lines(name), "decode": 0}


def write_sentencepiece(name, folder):
    (folder / "tokenizer.model").write_bytes(SENTENCEPIECE[name]())
    return SentencePiece(folder / "tokenizer.model")


@pytest.mark.parametrize("name", SENTENCEPIECE)
def test_a_trained_sentencepiece_model(name, model, converted):
    reference = write_sentencepiece(name, model)
    lines = without_controls(reference, corpus(LINES_OF_A_MODEL))
    assert wrong(reference, Baked(converted()), lines) == {"encode": wrong_lines(name), "decode": 0}


LLAMA = {"tokenizer_class": "LlamaTokenizer", "bos_token": "<s>"}
INTERNLM = {"tokenizer_class": "InternLM2Tokenizer", "bos_token": {"content": "<s>"}, "eos_token": "</s>"}
CONFIGURED = {  # of a model with 1000 pieces: tokenizer_config.json, and the ids around a text
    "on where it is silent": (LLAMA, [1], []),
    "on": (INTERNLM | {"add_bos_token": True, "add_eos_token": True}, [1], [2]),
    "off": (LLAMA | {"add_bos_token": False}, [], []),
    "unknown class": ({"tokenizer_class": "SomeTokenizer", "bos_token": "<s>"}, [], []),
    "ChatGLM": ({"tokenizer_class": "ChatGLMTokenizer"}, [1001, 1003], []),
}


def write_configured(folder, config):
    reference = write_sentencepiece("tokenizer.model, bpe", folder)
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    return reference


@pytest.mark.parametrize("name", CONFIGURED)
def test_tokens_around_a_text_of_tokenizer_model(name, model, converted):
    config, before, after = CONFIGURED[name]
    reference = write_configured(model, config)
    lines = without_controls(reference, corpus(LINES))
    found = list(Baked(converted()).encode_lines(lines))
    assert found == [before + reference.encode(text) + after for text in lines]


def test_tokens_that_tokenizer_config_adds(model, converted):
    listed = {"1000": {"content": "<|im_start|>", "special": True}, "7": {"content": "<|plugin|>"}}
    reference = write_configured(model, {"added_tokens_decoder": listed})
    baked = Baked(converted())
    ids = [1000, *reference.encode("user says"), 7, *reference.encode("so")]
    assert list(baked.encode_lines(["<|im_start|>user says<|plugin|>so"])) == [ids]
    assert baked.decode(ids) == "user says<|plugin|> so"


def test_a_token_that_is_not_there(ovbake, model, tmp_path):
    write_configured(model, {"tokenizer_class": "LlamaTokenizer", "bos_token": "<bos>"})
    message = ovbake("tokenizer", model, tmp_path / "out", status=3).stderr
    assert "tokenizer_config.json" in message and "bos_token" in message


@pytest.mark.parametrize("name", ["WordPiece", "RobertaProcessing", "Sequence of processors", "NFC", "added tokens, cut twice"])
def test_genai_with_and_without_special_tokens(name, model, converted):
    reference = write_case(name, model)
    genai = openvino_genai.Tokenizer(converted())
    for special in (True, False):
        for text in corpus(LINES, reference.special_tokens):
            ids = genai.encode(text, add_special_tokens=special).input_ids.data[0].tolist()
            assert ids == reference.encode(text, special)
            assert genai.decode(ids, skip_special_tokens=special) == reference.decode(ids, special)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_still_there(name, model, converted):
    fault = FAULTS[name]
    write = write_sentencepiece if fault.case in SENTENCEPIECE else write_case
    reference = VOCABULARIES.get(fault.case, functools.partial(write, fault.case))(model)
    assert list(Baked(converted()).encode_lines([fault.text])) != [reference.encode(fault.text)], fault.what
