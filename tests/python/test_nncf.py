"""The sample's weights are NNCF's, byte for byte (digests recorded by tests/record/nncf_sample.py)."""

import hashlib
import json
import pathlib
import re

import pytest

from folders import matrices

DATA = pathlib.Path(__file__).parent / "data"
RECORDED = json.loads((DATA / "nncf.json").read_text())["digests"]
BAKED_EACH_TIME = ("--weight_format int4_sym --group_size 64 ", "--weight_format int4_asym --group_size 128 ")
NONFINITE = json.loads((DATA / "nonfinite.json").read_text())


@pytest.fixture(scope="module")
def known():
    """Of what was baked: {(name, "format:group size"): SHA-256 of the constants}.

    A weight's bytes are the same in every bake that gives it a format; AWQ, which changes them, is apart.
    """
    return {}


def planned(text):
    """{name: "format:group size"} of every matrix in what `ovbake plan` prints."""
    rows = re.findall(r"^(\S+) +\[\d+, \d+\] +\S+ +(\S+)(?: g(\d+))? ", text, re.M)
    return {name: f"{kind}:{group or -1}" for name, kind, group in rows}


@pytest.mark.parametrize("options", RECORDED)
def test_every_weight_is_nncfs(ovbake, sample, tmp_path, known, options):
    words = ["--model_id", sample, *options.split(), "--disable_convert_tokenizer", "--target", "any"]
    bake = ["bake", *words, "--output_dir", tmp_path / "out"]
    if RECORDED[options] == "refused":
        status, said = (2, "--awq is for") if "--awq" in words else (3, "does not divide")
        assert said in ovbake(*bake, status=status).stderr
        return
    plan = planned(ovbake("plan", *words).stdout)
    weights = {} if "--awq" in words else known
    if options.startswith(BAKED_EACH_TIME) or not plan.items() <= weights.keys():
        ovbake(*bake)
        baked = {(name, kind): hashlib.sha256(data).digest() for name, kind, data in matrices(tmp_path / "out")}
        assert dict(baked.keys()) == plan
        weights |= baked
    lines = (f"{name} {kind}\n".encode() + weights[name, kind] for name, kind in sorted(plan.items()))
    assert hashlib.sha256(b"".join(lines)).hexdigest() == RECORDED[options]


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
