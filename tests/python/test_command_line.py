"""The command as people type it: its two names, the spelling of its options, the config file, usage."""

import json
import pathlib
import subprocess

import pytest

FAMILIES = pathlib.Path(__file__).parent.parent / "data/families"


def plan_of(ovbake, model, *options):
    return ovbake("plan", "--model_id", model, *options).stdout


def test_bake_model_is_bake(program, ovbake, tiny):
    by_name = subprocess.run([program.parent / "bake_model", "--model_id", tiny, "--dry_run"],
                             capture_output=True, text=True, check=True)
    assert by_name.stdout == ovbake("bake", "--model_id", tiny, "--dry_run").stdout
    assert by_name.stdout == plan_of(ovbake, tiny)


def test_dry_run_writes_nothing(ovbake, tiny, tmp_path):
    ovbake("bake", "--model_id", tiny, "--output_dir", tmp_path / "out", "--dry_run")
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_plan_tells_what_is_kept_of_a_token_and_of_a_sequence(ovbake):
    model = FAMILIES / "minimax"
    config = json.loads((model / "config.json").read_text())
    head_dim, types = config["head_dim"], config["layer_types"]
    cache = 2 * types.count("full_attention") * config["num_key_value_heads"] * head_dim * 4
    states = types.count("linear_attention") * config["num_attention_heads"] * head_dim**2 * 4
    assert f"KV cache {cache} bytes a token, states {states} bytes" in plan_of(ovbake, model, "--weight_format", "fp32")


def test_plan_names_every_tensor_with_its_exact_bytes(bake_tiny, ovbake, tiny, tmp_path):
    bake_tiny()
    manifest = json.loads((tmp_path / "out/bake.json").read_text())
    rows = [line.split() for line in plan_of(ovbake, tiny, "--group_size", 32).splitlines()]
    printed = {row[0]: int(next(word for word in reversed(row) if word.isdigit()))
               for row in rows if row and row[0].startswith(("model.", "lm_head."))}
    baked = {tensor["name"]: sum(constant["bytes"] for constant in tensor["constants"])
             for tensor in manifest["tensors"]}
    assert printed == baked


@pytest.mark.parametrize("spelling", [
    ["--group-size", "32"], ["--group_size", "32"], ["--group-size=32"], ["--group_size=32"]])
def test_options_take_hyphens_and_underscores(ovbake, tiny, spelling):
    assert plan_of(ovbake, tiny, *spelling).count("int4_sym g32") > 0


def test_a_value_keeps_its_hyphens(ovbake, tmp_path):
    assert "--no-such" in ovbake("plan", "--model-id=--no-such", status=3).stderr


def test_config_file(ovbake, tiny, tmp_path):
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"bits": 4, "sym": True, "group_size": 32, "ratio": 1.0}))
    assert plan_of(ovbake, tiny, "--config", config) == plan_of(ovbake, tiny, "--group_size", 32)


def test_command_line_wins_over_config_file(ovbake, tiny, tmp_path):
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"group_size": 64}))
    both = plan_of(ovbake, tiny, "--config", config, "--group_size", 32)
    assert both == plan_of(ovbake, tiny, "--group_size", 32)
    assert both != plan_of(ovbake, tiny, "--config", config)


@pytest.mark.parametrize("text, words", [
    ('{"group_sise": 32}', ["group_sise", "group_size"]),
    ('{"group_size": "32"}', ["group_size", "whole number"]),
    ('{"sym": 1}', ["sym", "true or false"]),
    ('{"ratio": null}', ["ratio", "number"]),
    ('{"bits": 5}', ["bits", "4 or 8"]),
    ("[]", ["JSON object"]),
    ('{"bits": 4', ["JSON object"]),
])
def test_config_file_refused(ovbake, tiny, tmp_path, text, words):
    config = tmp_path / "config.json"
    config.write_text(text)
    message = ovbake("plan", "--model_id", tiny, "--config", config, status=2).stderr
    assert message.count("\n") == 1 and str(config) in message
    assert all(word in message for word in words)


@pytest.mark.parametrize("options, words", [
    (["--group_size", "0"], ["group_size"]),
    (["--group_size", "-2"], ["group_size"]),
    (["--group_size", "many"], ["group_size", "many"]),
    (["--ratio", "1.5"], ["ratio"]),
    (["--ratio", "-0.1"], ["ratio"]),
    (["--max_prompt_len", "0"], ["max_prompt_len"]),
    (["--min_response_len", "-1"], ["min_response_len"]),
    (["--logits", "some"], ["logits", "last", "all"]),
    (["--threads", "0"], ["threads"]),
    (["--config", "/no/such/file"], ["config", "/no/such/file"]),
    (["--no-such-option"], ["no_such_option"]),
    (["--quiet", "--verbose"], ["quiet", "verbose"]),
])
def test_options_out_of_range(bake_tiny, tmp_path, options, words):
    message = bake_tiny(*options, status=2).stderr
    assert message.startswith("error: ") and message.count("\n") == 1
    assert all(word in message for word in words)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("arguments, words", [
    ([], ["subcommand"]), (["bakes"], ["bakes"]), (["bake"], ["model_id"]),
    (["bake", "--model_id", "x"], ["output_dir"])])
def test_usage(ovbake, arguments, words):
    message = ovbake(*arguments, status=2).stderr
    assert message.count("\n") == 1 and "--help" in message
    assert all(word in message for word in words)


def test_version_and_help(ovbake):
    assert "OpenVINO 2026.4" in ovbake("--version").stdout
    assert "--group_size" in ovbake("bake", "--help").stdout


def test_quiet_says_nothing(bake_tiny):
    done = bake_tiny("--quiet")
    assert done.stdout == done.stderr == ""


def test_verbose_names_every_tensor(bake_tiny, tmp_path):
    lines = bake_tiny("--verbose").stderr.splitlines()
    manifest = json.loads((tmp_path / "out/bake.json").read_text())
    for tensor in manifest["tensors"]:
        assert sum(f"weights: {tensor['name']} " in line for line in lines) == 1


def test_log_file_holds_what_was_said_and_every_tensor(bake_tiny, tmp_path):
    done = bake_tiny("--log_file", tmp_path / "log")
    log = (tmp_path / "log").read_text()
    assert "weights: model.layers.0.self_attn.q_proj.weight" in log
    assert all(line in log for line in done.stdout.splitlines())


@pytest.mark.parametrize("place", ["model/log", "out/log"])
def test_log_file_never_lands_in_a_model(bake_tiny, tmp_path, place):
    assert "log_file" in bake_tiny("--log_file", tmp_path / place, status=2).stderr
    assert not (tmp_path / place).exists()


def test_log_file_in_no_folder(bake_tiny, tmp_path):
    bake_tiny("--log_file", tmp_path / "none/log", status=4)
    assert not (tmp_path / "none").exists()


def test_summary_says_how_to_use_the_result(bake_tiny, tmp_path):
    summary = bake_tiny().stdout
    out = tmp_path / "out"
    assert f"ovbake run {out} " in summary
    assert f'LLMPipeline("{out}/genai", "NPU")' in summary
    assert "peak memory" in summary and "INT4 share" in summary
