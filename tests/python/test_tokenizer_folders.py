"""A tokenizer is what AutoTokenizer makes of all files of a folder, as tests/record/tokenizer_folders.py
recorded it under transformers 4 and 5: ids and texts are those of the release that the files are of, and where
the other one disagrees the bake says so."""

import json
import pathlib

import pytest

from tokenizer_folders import BEHIND_BYTES, DECODER, FOLDERS, TEXTS, byte_level, config, files, listed, write
from tokenizer_reference import Baked

RECORDED = json.loads((pathlib.Path(__file__).parent / "data/tokenizer_folders.json").read_text())
FOUR, FIVE = RECORDED["4.57.6"], RECORDED["5.24.0"]
OF_FIVE = {"TokenizersBackend", "TokenizersBackend with tokens of the model", "tekken.json"}
# No rule of transformers 5 that a folder made for 4 should follow: its classes build their own steps and leave
# tokens around a text out where the files name no flag.
SAID_BY_NOBODY = {name for name in FOLDERS if name.startswith("tokenizer.model") or name == "tokenizer.json of Llama"} | {
    "a token of the model under its own key", "normalized in tokenizer.json alone"}


def made(ovbake, folder):
    out = folder.parent / "out"
    told = ovbake("tokenizer", folder, out).stderr
    return Baked(out), told


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "model").mkdir()
    return tmp_path / "model"


@pytest.mark.parametrize("name", FOLDERS)
def test_a_folder_makes_the_tokenizer_that_transformers_makes(name, ovbake, folder):
    right, other = (FIVE, FOUR) if name in OF_FIVE else (FOUR, FIVE)
    baked, told = made(ovbake, write(name, folder))
    ids = list(baked.encode_lines(TEXTS, batch=1))
    assert dict(zip(TEXTS, ids)) == dict(zip(TEXTS, right[name]["ids"]))
    assert [baked.decode(row) for row in ids] == right[name]["texts"]
    agree = all(other[name].get(key) == right[name][key] for key in ("ids", "texts"))
    if not agree and name not in OF_FIVE | SAID_BY_NOBODY and "error" not in other[name]:
        assert "transformers 5" in told


def test_every_folder_is_recorded():
    assert set(FOUR) == set(FIVE) == set(FOLDERS)


def write_files(folder, contents):
    for name, value in contents.items():
        (folder / name).write_text(json.dumps(value))
    return folder


def test_an_id_that_the_files_disagree_about_is_told(ovbake, folder):
    write_files(folder, files(byte_level(), config(added_tokens_decoder=DECODER | {"400": listed("<|im_start|>")})))
    _, told = made(ovbake, folder)
    assert "<|im_start|>" in told and "400" in told and str(BEHIND_BYTES) in told


def test_a_template_of_another_model_is_told(ovbake, folder):
    write_files(folder, files(byte_level(), config(chat_template="<s>{{'<|im_start|>' + messages[0]['content']}}")))
    assert '"<|im_start|>"' in made(ovbake, folder)[1]


def test_a_class_without_known_steps_is_named(ovbake, folder):
    (folder / "vocab.json").write_text("{}")
    (folder / "merges.txt").write_text("")
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "BartTokenizer"}))
    assert "BartTokenizer" in ovbake("tokenizer", folder, folder / "out", status=3).stderr


@pytest.mark.parametrize("contents", ['{"config": {}}', "[]", '{"config": {"default_vocab_size": 3}, "vocab": 7}'])
def test_a_broken_tekken_json_is_named(contents, ovbake, folder):
    (folder / "tekken.json").write_text(contents)
    told = ovbake("tokenizer", folder, folder / "out", status=3).stderr
    assert "tekken.json" in told and "--disable_convert_tokenizer" not in told
