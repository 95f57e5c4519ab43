"""Keys of config.json that nothing reads, that matter, and that a user wants ignored; lengths for which a model has no
room."""

import json

import pytest

from conftest import ROOT, TINY


def write_keys(folder, **keys):
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | keys))


def test_a_key_that_nothing_reads_is_named_in_bake_json_and_when_asked(bake_tiny, tiny, tmp_path):
    write_keys(tiny, norm_type="rms", temperature=0.6)
    assert "norm_type" in bake_tiny("--verbose").stderr
    baked = json.loads((tmp_path / "out/bake.json").read_text())
    assert baked["ignored_config_keys"] == ["norm_type"]
    assert baked["options"]["ignore_config_keys"] == []


def test_a_key_that_matters_is_ignored_only_on_request(bake_tiny, tiny, tmp_path):
    write_keys(tiny, sliding_window=8, rope_scaling={"type": "linear", "factor": 2.0, "alpha": 3})
    assert "sliding_window is 8" in bake_tiny(status=3).stderr
    summary = bake_tiny("--ignore_config_keys", "sliding_window,rope_scaling.factor,rope_scaling").stdout
    assert "sliding_window, rope_scaling.factor, rope_scaling" in summary
    baked = json.loads((tmp_path / "out/bake.json").read_text())
    assert baked["options"]["ignore_config_keys"] == ["sliding_window", "rope_scaling.factor", "rope_scaling"]


def test_a_key_that_is_not_there_cannot_be_ignored(bake_tiny):
    message = bake_tiny("--ignore_config_keys", "no_such_key", status=2).stderr
    assert '"no_such_key"' in message and "--ignore_config_keys" in message


@pytest.mark.parametrize("given, expected", [
    ([], (32, 32)),
    (["--max_prompt_len", "10"], (10, 54)),
    (["--min_response_len", "10"], (54, 10)),
])  # fmt: skip
def test_lengths_that_are_not_asked_for_fit_the_model(ovbake, tmp_path, given, expected):
    model = ROOT / "tests/data/families/falcon_alibi"  # which has 64 positions
    words = [word for word in TINY if word not in ("--max_prompt_len", "64", "--min_response_len", "16")]
    out = tmp_path / "out"
    summary = ovbake("bake", "--model_id", model, "--output_dir", out, *words, *given).stdout
    options = json.loads((out / "bake.json").read_text())["options"]
    assert (options["max_prompt_len"], options["min_response_len"]) == expected
    note = f"the model has 64 positions: max_prompt_len is {expected[0]}, min_response_len {expected[1]}"
    assert note in summary
    assert note in ovbake("plan", "--model_id", model, *words[:2], *given).stdout


def test_a_length_that_does_not_fit_is_refused(ovbake, tmp_path):
    model = ROOT / "tests/data/families/falcon_alibi"
    message = ovbake("plan", "--model_id", model, "--group_size", "32", "--max_prompt_len", "64", status=2).stderr
    assert "--max_prompt_len 64 and --min_response_len 1 make 65 positions" in message
