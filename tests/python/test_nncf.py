"""Weights are NNCF's, byte for byte (expectations of tests/record/nncf_sample.py and nonfinite.py)."""

import hashlib
import itertools
import json
import pathlib
import subprocess

import pytest

from folders import matrices
from sample_variants import AS_PUBLISHED, VARIANTS, write_variant

TESTS = pathlib.Path(__file__).parents[1]
CONFIGURATIONS = json.loads((TESTS / "data/nncf.json").read_text())["configurations"]
RECORDED = {
    variant: [(options, digest) for options, digest in zip(CONFIGURATIONS, digests, strict=True) if digest]
    for variant, digests in json.loads((TESTS / "data/nncf_sample.json").read_text())["digests"].items()
}
NONFINITE = json.loads((TESTS / "python/data/nonfinite.json").read_text())
MIXED = ("int4_sym", 64), ("int4_asym", 128)


def digest_of(encoded):
    """nncf_sample.py's, of name, "format:group size" and SHA-256 of each matrix."""
    lines = (f"{name} {kind}\n".encode() + sha256 for name, kind, sha256 in sorted(encoded))
    return hashlib.sha256(b"".join(lines)).hexdigest()


def refusal(options):
    return "--awq is for" if "awq" in options else "does not divide"


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_configuration(program, sample, tmp_path, variant):
    model = write_variant(sample, variant, tmp_path / "model")
    lines = "".join(json.dumps(options) + "\n" for options, _ in RECORDED[variant])
    grid = subprocess.run([program.parent / "nncf_grid", model], input=lines, capture_output=True, text=True)
    assert grid.returncode == 0, grid.stderr
    wrong = []
    for (options, expected), line in zip(RECORDED[variant], grid.stdout.splitlines(), strict=True):
        result = json.loads(line)
        if expected == "refused":
            right = isinstance(result, str) and refusal(options) in result
        else:
            right = digest_of((name, kind, bytes.fromhex(sha)) for name, kind, sha in result) == expected
        if not right:
            wrong.append(options)
    assert not wrong


def words(options):
    """The options as ovbake's command line has them."""
    for name, value in options.items():
        if value is True:
            yield f"--{name}"
        elif isinstance(value, list):
            yield from (f"--{name}", *value)
        elif value is not False and value != "":
            yield from (f"--{name}", str(value))


def by_command_line():
    """Of what was recorded: every format once, two formats in all configurations, and every refusal."""
    for _, of_format in itertools.groupby(RECORDED[AS_PUBLISHED], lambda run: run[0]["weight_format"]):
        for index, (options, expected) in enumerate(of_format):
            mixed = (options["weight_format"], options.get("group_size")) in MIXED
            if mixed or index == 0 or expected == "refused":
                yield pytest.param(options, expected, id=" ".join(words(options)))


@pytest.mark.parametrize("options, expected", list(by_command_line()))
def test_command_line(ovbake, sample, tmp_path, options, expected):
    bake = ["bake", "--model_id", sample, *words(options), "--output_dir", tmp_path / "out",
            "--disable_convert_tokenizer", "--target", "any"]
    if expected == "refused":
        assert refusal(options) in ovbake(*bake, status=2 if "awq" in options else 3).stderr
        return
    ovbake(*bake)
    encoded = ((name, kind, hashlib.sha256(data).digest()) for name, kind, data in matrices(tmp_path / "out"))
    assert digest_of(encoded) == expected


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
