"""The tokenizer IR gives the ids and the texts of Hugging Face's `tokenizers` library."""

import json
import random

import openvino_genai
import pytest

from tokenizer_corpus import corpus
from tokenizer_reference import Baked, Reference


def differences(expected, found, cases):
    wrong = [case for case in cases if expected(case) != found(case)]
    return len(wrong), [(case, expected(case), found(case)) for case in wrong[:3]]


@pytest.fixture(scope="module")
def converted(ovbake, sample, tmp_path_factory):
    out = tmp_path_factory.mktemp("tokenizer") / "out"
    ovbake("tokenizer", sample, out)
    return out


@pytest.fixture(scope="module")
def reference(sample):
    return Reference(sample)


@pytest.fixture(scope="module")
def baked(converted):
    return Baked(converted)


def test_ids_equal_the_reference(reference, baked):
    lines = corpus(3000, reference.special_tokens)
    assert differences(reference.encode, lambda text: baked.encode([text])[0][0].tolist(), lines) == (0, [])


def test_texts_equal_the_reference(reference, baked):
    sequences = [reference.encode(text) for text in corpus(1500, reference.special_tokens)]
    r = random.Random(3)
    sequences += [r.choices(reference.ids(), k=r.randrange(20)) for _ in range(500)]
    decode = lambda ids: reference.decode(ids).rstrip("\0")
    assert differences(decode, baked.decode, sequences) == (0, [])


def test_batches_are_padded_on_the_left(reference, baked):
    lines = corpus(64, reference.special_tokens)
    ids, mask = baked.encode(lines)
    for text, row, kept in zip(lines, ids, mask):
        expected = reference.encode(text)
        padding = len(row) - len(expected)
        assert row[padding:].tolist() == expected
        assert kept.tolist() == [0] * padding + [1] * len(expected)


def test_a_batch_of_empty_texts_keeps_its_rows(baked):
    assert baked.encode(["", "", ""])[0].shape[0] == 3


def test_genai_encodes_and_decodes(reference, converted):
    genai = openvino_genai.Tokenizer(converted)
    lines = corpus(500, reference.special_tokens) + ["ends in NUL\0"]
    for special in (True, False):
        encode = lambda text: genai.encode(text, add_special_tokens=special).input_ids.data[0].tolist()
        assert differences(lambda text: reference.encode(text, special), encode, lines) == (0, [])
        sequences = [reference.encode(text) for text in lines]
        assert differences(lambda ids: reference.decode(ids, special),
                           lambda ids: genai.decode(ids, skip_special_tokens=special), sequences) == (0, [])


def test_genai_finds_the_metadata(sample, converted):
    genai = openvino_genai.Tokenizer(converted)
    config = json.loads((sample / "tokenizer_config.json").read_text())
    reference = Reference(sample)
    for key in ("bos_token", "eos_token", "pad_token"):
        assert getattr(genai, f"get_{key}_id")() == reference.tokenizer.token_to_id(config[key])
    chat = genai.apply_chat_template([{"role": "user", "content": "Hello"}], add_generation_prompt=True)
    assert "Hello" in chat and chat.endswith("<|im_start|>assistant\n")
    cut = genai.encode("one two three four five six", max_length=3, truncation=True).input_ids.data[0]
    assert cut.tolist() == reference.encode("one two three four five six")[-3:]


def test_a_stream_prints_whole_characters(reference, converted):
    genai = openvino_genai.Tokenizer(converted)
    text = "日本語 👨‍👩‍👧‍👦 naïve 안녕하세요"
    printed = []
    streamer = openvino_genai.TextStreamer(genai, lambda piece: printed.append(piece))
    for token in reference.encode(text, False):
        streamer.write(token)
    streamer.end()
    assert "".join(printed) == text
    assert all("\ufffd" not in piece for piece in printed)


def test_an_existing_output_is_not_written_over(ovbake, sample, converted):
    before = (converted / "openvino_tokenizer.bin").stat()
    told = ovbake("tokenizer", sample, converted, status=3).stderr
    assert "exists" in told and "name another folder" in told and "--overwrite" not in told
    assert (converted / "openvino_tokenizer.bin").stat() == before


def test_a_folder_without_a_tokenizer_is_refused(ovbake, tmp_path):
    (tmp_path / "model").mkdir()
    refusal = ovbake("tokenizer", tmp_path / "model", tmp_path / "out", status=3).stderr
    assert "tokenizer.json" in refusal and not (tmp_path / "out").exists()
