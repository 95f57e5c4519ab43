"""ovbake export openvino: the words and the folder of optimum-cli, in all its kinds of graph."""

import json
import pathlib

import numpy as np
import openvino as ov
import pytest

from graphs import F32, Dynamic
from lossless_model import CASES, prompt, write_checkpoint
from safetensors_writer import write_holes

RECORDED = np.load(pathlib.Path(__file__).parent / "data" / "logits.npz")
CASE = "qwen2_tied_sharded"
IDS, EXPECTED = np.asarray(prompt(CASES[CASE])), RECORDED[CASE]


@pytest.fixture
def export(ovbake, tmp_path):
    """Exports a small model to `out` and returns the finished process."""
    model = write_checkpoint(tmp_path / "model", CASES[CASE])

    def run(*options, status=0):
        return ovbake("export", "openvino", "--model", model, *options, "--disable-convert-tokenizer",
                      tmp_path / "out", status=status)

    return run


@pytest.fixture
def request_of(tmp_path):
    def make():
        xml = tmp_path / "out/openvino_model.xml"
        return ov.Core().compile_model(xml, "CPU", F32).create_infer_request()

    return make


INT4 = ("--weight-format", "int4", "--sym", "--ratio", "1.0", "--group-size", "32")


def inputs(first, last):
    """The rows of the prompt from `first` to `last`, after all that come before."""
    return {"input_ids": IDS[None, first:last], "attention_mask": np.ones((1, last), np.int64),
            "position_ids": np.arange(first, last)[None]}


def assert_equal(computed, expected):
    assert np.abs(computed - expected).max() <= 2e-5 * np.abs(EXPECTED).max()


def test_the_folder_is_that_of_optimum_cli(export, tmp_path):
    export(*INT4)
    out = tmp_path / "out"
    assert {path.name for path in out.iterdir()} == {
        "openvino_model.xml", "openvino_model.bin", "openvino_config.json", "config.json",
        "generation_config.json", "bake.json"}
    assert not any(path.is_symlink() for path in out.iterdir())


def test_stateful(export, tmp_path):
    export("--task", "text-generation-with-past", *INT4)
    graph = Dynamic(tmp_path / "out", "openvino_model.xml")
    assert_equal(np.concatenate([graph.feed(IDS[:20]), graph.feed(IDS[20:])]), EXPECTED)


def test_with_past(export, request_of):
    export("--disable-stateful", *INT4)
    request, logits = request_of(), []
    past = {name: np.zeros([1, port.partial_shape[1].get_length(), 0, port.partial_shape[3].get_length()],
                           np.float32)
            for port in request.model_inputs for name in port.names if name.startswith("past")}
    for first, last in ((0, 20), (20, 30), (30, len(IDS))):
        request.infer({**inputs(first, last), **past})
        logits.append(request.get_tensor("logits").data[0].copy())
        past = {name: request.get_tensor(name.replace("past_key_values", "present")).data.copy()
                for name in past}
    assert_equal(np.concatenate(logits), EXPECTED)


def test_without_past(export, request_of):
    export("--task", "text-generation", *INT4)
    request = request_of()
    assert {name for port in request.model_inputs for name in port.names} == {
        "input_ids", "attention_mask", "position_ids"}
    request.infer(inputs(0, len(IDS)))
    assert_equal(request.get_tensor("logits").data[0], EXPECTED)


def test_lengths_of_the_pair_do_not_matter(ovbake, tmp_path):
    """GPT-2 has fewer positions than the pair of a bake would hold, and an export makes no pair."""
    model = pathlib.Path(__file__).parents[1] / "data/families/gpt2"
    ovbake("export", "openvino", "--model", model, "--disable-convert-tokenizer", tmp_path / "out")
    for command in (["bake", "--output_dir", tmp_path / "pair"], ["bake", "--dry_run"], ["plan"]):
        message = ovbake(*command, "--model_id", model, "--max_prompt_len", 1024, status=2).stderr
        assert "the model has only" in message


def formats(out):
    return {tensor["format"] for tensor in json.loads((out / "bake.json").read_text())["tensors"]}


def test_defaults_are_those_of_optimum_cli(export, tmp_path):
    """Below 10^9 parameters: as stored. int4 alone: asymmetric, and no group that does not fit."""
    export()
    assert formats(tmp_path / "out") == {"bf16", "f32"}
    export("--weight-format", "int4", "--group-size", "32", "--overwrite")
    assert formats(tmp_path / "out") == {"int4_asym", "int8_asym", "f32"}
    message = export("--weight-format", "int4", "--overwrite", status=3).stderr
    assert "--group_size_fallback" in message


@pytest.mark.parametrize("layers, expected", [(1, "f16"), (2, "int8_asym")])
def test_large_models_become_int8(layers, expected, ovbake, tmp_path):
    """A checkpoint of holes with 0.5 or 1.1 thousand million parameters; nothing of it is read."""
    hidden, inner, vocab = 8192, 16384, 16
    model = tmp_path / "model"
    model.mkdir()
    (model / "config.json").write_text(json.dumps({
        "model_type": "arcee", "hidden_size": hidden, "intermediate_size": inner, "vocab_size": vocab,
        "num_hidden_layers": layers, "num_attention_heads": 64, "hidden_act": "relu2",
        "max_position_embeddings": 64, "rms_norm_eps": 1e-5, "tie_word_embeddings": True}))
    shapes = {"model.embed_tokens.weight": [vocab, hidden], "model.norm.weight": [hidden]}
    for layer in range(layers):
        name = f"model.layers.{layer}."
        shapes |= {f"{name}self_attn.{part}_proj.weight": [hidden, hidden] for part in "qkvo"}
        shapes |= {f"{name}mlp.up_proj.weight": [inner, hidden], f"{name}mlp.down_proj.weight": [hidden, inner],
                   f"{name}input_layernorm.weight": [hidden], f"{name}post_attention_layernorm.weight": [hidden]}
    write_holes(model / "model.safetensors", shapes)
    plan = ovbake("plan", "--model_id", model, "--weight_format", "").stdout
    assert {word for word in ("f16", "int8_asym") if word in plan.split(" tensors: ")[1].split("\n")[0]} == {expected}


@pytest.mark.parametrize("options, words", [
    (["--dataset", "wikitext2"], ["--dataset", "without data"]),
    (["--scale-estimation"], ["--scale-estimation", "without data"]),
    (["--quant-mode", "int8"], ["--quant-mode", "--weight-format"]),
    (["--task", "text-classification"], ["--task", "text-generation-with-past"]),
    (["--sensitivity-metric", "max_activation_variance"], ["weight_quantization_error"]),
])
def test_what_is_not_here_is_refused_by_name(export, tmp_path, options, words):
    message = export(*options, status=2).stderr
    assert all(word in message for word in words) and not (tmp_path / "out").exists()


def test_what_is_needless_is_accepted_and_said(export):
    said = export("--trust-remote-code", "--framework", "pt", *INT4).stderr
    assert all(f"{option} has no effect" in said for option in ("--trust-remote-code", "--framework"))


@pytest.mark.parametrize("options, compressed", [(INT4, True), ((), False)])
def test_rt_info_says_whether_weights_are_compressed(export, ovbake, tmp_path, options, compressed):
    export(*options)
    shown = ovbake("inspect", tmp_path / "out").stdout
    assert ("nncf/weight_compression/mode" in shown) == compressed
    assert ("KV_CACHE_PRECISION" in shown) != compressed
