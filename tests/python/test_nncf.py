"""The sample's weights are NNCF's, byte for byte (digests recorded by tests/record/nncf_sample.py)."""

import hashlib
import json
import pathlib

import pytest

from folders import matrices

DATA = pathlib.Path(__file__).parent / "data"
RECORDED = json.loads((DATA / "nncf.json").read_text())["digests"]
NONFINITE = json.loads((DATA / "nonfinite.json").read_text())


def digest(out):
    """Of every weight: its name, its format, its bytes."""
    hashed = hashlib.sha256()
    for name, kind, data in matrices(out):
        hashed.update(f"{name} {kind}\n".encode() + data)
    return hashed.hexdigest()


@pytest.mark.parametrize("options", RECORDED)
def test_every_weight_is_nncfs(ovbake, sample, tmp_path, options):
    words = ["--model_id", sample, "--output_dir", tmp_path / "out", *options.split(),
             "--disable_convert_tokenizer", "--target", "any"]
    if RECORDED[options] == "refused":
        assert "does not divide" in ovbake("bake", *words, status=3).stderr
    else:
        ovbake("bake", *words)
        assert digest(tmp_path / "out") == RECORDED[options]


@pytest.mark.parametrize("weight_format, words", [
    ("int4_sym", ["--weight_format", "int4", "--group_size", "32"]),
    ("int4_asym", ["--weight_format", "int4", "--group_size", "32", "--no_sym", "--target", "any"]),
    ("int8_sym", ["--weight_format", "int8"]),
    ("int8_asym", ["--weight_format", "int8", "--no_sym"])])
def test_what_is_not_finite_becomes_nncfs(ovbake, tmp_path, weight_format, words):
    import nonfinite

    nonfinite.write(tmp_path / "model")
    words = ["--model_id", tmp_path / "model", "--output_dir", tmp_path / "out", *words, "--max_prompt_len",
             8, "--min_response_len", 8, "--disable_convert_tokenizer"]
    assert nonfinite.WEIGHTS[0] in ovbake("bake", *words, status=3).stderr
    ovbake("bake", *words, "--allow_nonfinite")
    weights = (tmp_path / "out/openvino_model.bin").read_bytes()
    ours = {}
    for tensor in json.loads((tmp_path / "out/bake.json").read_text())["tensors"]:
        parts = [weights[c["offset"]:c["offset"] + c["bytes"]] for c in tensor["constants"]]
        ours[tensor["name"]] = hashlib.sha256(b"".join(parts)).hexdigest()
    expected = NONFINITE[weight_format]
    assert {name: ours[name] for name in expected} == expected


def test_other_formats_refuse_what_is_not_finite(ovbake, tiny):
    assert "nf4" in ovbake("plan", "--model_id", tiny, "--weight_format", "nf4", "--allow_nonfinite",
                           status=2).stderr
