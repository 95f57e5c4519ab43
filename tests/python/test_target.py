"""What an NPU does not take is refused before any work, and told of any IR by ovbake lint."""

import json
import pathlib

import openvino as ov
import pytest


@pytest.fixture
def bake(ovbake, tiny, tmp_path):
    def run(*words, status=0):
        return ovbake("bake", "--model_id", tiny, "--output_dir", tmp_path / "out",
                      "--disable_convert_tokenizer", *words, status=status)

    return run


@pytest.mark.parametrize("words, said", [
    (["--no_sym", "--group_size", "32"], "q_proj.weight and"),
    (["--weight_format", "nf4", "--group_size", "32"], "--group_size -1"),
    (["--weight_format", "mxfp4"], "f4e2m1"),
    (["--weight_format", "cb4"], "codebook"),
    (["--weight_format", "int2_sym", "--group_size", "32"], "u2"),
    (["--weight_format", "fp8_e4m3", "--group_size", "32"], "f8e4m3"),
])
def test_refused_before_any_work_unless_for_any_target(bake, tmp_path, words, said):
    message = bake(*words, status=2).stderr
    assert "--target any" in message and said in message
    assert not (tmp_path / "out").exists()
    bake(*words, "--target", "any")


@pytest.mark.parametrize("words, said", [
    (["--group_size", "32"], "groups of 32"),
    (["--weight_format", "nf4", "--group_size", "-1"], "Lunar Lake"),
])
def test_what_it_takes_badly_is_a_warning(bake, words, said):
    assert said in bake(*words).stderr


@pytest.mark.parametrize("words", [["--group_size", "-1"], ["--weight_format", "int8"],
                                   ["--weight_format", "fp16"]])
def test_what_it_takes_well_is_passed_in_silence(bake, words):
    assert "NPU" not in bake(*words).stderr


@pytest.mark.parametrize("family, is_told", [("glm_moe_dsa", True), ("gpt2", False)])
def test_plan_tells_up_to_where_sparse_attention_is_exact(ovbake, family, is_told):
    model = pathlib.Path(__file__).parents[1] / "data/families" / family
    plan = ovbake("plan", "--model_id", model, "--max_prompt_len", 16, "--min_response_len", 16).stdout
    assert ("up to 64 positions" in plan) == is_told


def test_plan_tells_the_verdict_and_the_ratio(ovbake, tiny):
    plan = ovbake("plan", "--model_id", tiny, "--group_size", "32", "--no_sym", "--ratio", "0.5").stdout
    assert "refused: " in plan and "u4" not in plan.splitlines()[-1]
    ratio = float(plan.split("ratio ")[1].split()[0])
    assert 0.3 < ratio <= 0.5


# ---- lint


def lint(ovbake, folder, *words, status=5):
    return ovbake("lint", folder, *words, status=status).stdout


def test_nothing_is_said_of_the_sample(ovbake, baked):
    assert lint(ovbake, baked, status=0) == "0 faults, 0 warnings\n"


@pytest.fixture
def genai(ovbake, sample, tmp_path):
    """The stateful graph of the sample with all beside it, to be changed."""
    ovbake("export", "openvino", "--model", sample, "--weight-format", "int4", "--sym",
           "--group-size", "64", tmp_path / "out")
    assert lint(ovbake, tmp_path / "out", status=0) == "0 faults, 0 warnings\n"
    (tmp_path / "out/bake.json").unlink()  # so that what changes is not told by its digest
    return tmp_path / "out"


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def remove_detokenizer(folder):
    (folder / "openvino_detokenizer.xml").unlink()


def edit_template(folder):
    edit(folder / "chat_template.jinja", "assistant", "helper")


def edit_eos(folder):
    path = folder / "generation_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"eos_token_id": 77}))


def forget_compression(folder):
    edit(folder / "openvino_model.xml", "<weight_compression>", "<weight_reduction>")
    edit(folder / "openvino_model.xml", "</weight_compression>", "</weight_reduction>")


def change_tail(folder):
    edit(folder / "openvino_model.xml", 'type="MatMul"', 'type="Einsum"')


def cut_weights(folder):
    path = folder / "openvino_model.bin"
    path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.parametrize("spoil, kind, said", [
    (remove_detokenizer, "fault", "no openvino_detokenizer.xml"),
    (edit_template, "fault", "chat_template.jinja"),
    (edit_eos, "fault", "77"),
    (cut_weights, "fault", "cut short"),
    (forget_compression, "warning", "nncf/weight_compression/mode"),
    (change_tail, "warning", "Einsum"),
], ids=lambda value: getattr(value, "__name__", ""))
def test_what_readers_stumble_over(ovbake, genai, spoil, kind, said):
    spoil(genai)
    text = lint(ovbake, genai, status=5 if kind == "fault" else 0)
    assert any(line.startswith(kind) and said in line for line in text.splitlines()), text


def test_a_reshaped_stateful_graph(ovbake, genai, tmp_path):
    """It loads in LLMPipeline on an NPU and fails at the first prompt."""
    model = ov.Core().read_model(genai / "openvino_model.xml")
    model.reshape({port.any_name: ov.PartialShape([1] if port.any_name == "beam_idx" else [1, 64])
                   for port in model.inputs})
    (tmp_path / "reshaped").mkdir()
    ov.save_model(model, tmp_path / "reshaped/openvino_model.xml", compress_to_fp16=False)
    assert "every input is of static shape but" in lint(ovbake, tmp_path / "reshaped")


def test_asymmetric_ir_is_a_fault_for_an_npu_alone(ovbake, bake, tmp_path):
    bake("--group_size", "32", "--no_sym", "--target", "any", "--max_prompt_len", "16")
    (tmp_path / "out/genai/openvino_model.xml").unlink()
    (tmp_path / "out/bake.json").unlink()
    assert "q_proj.weight (21 such weights): asymmetric" in lint(ovbake, tmp_path / "out")
    assert lint(ovbake, tmp_path / "out", "--target", "any", status=0).endswith("0 warnings\n")


def test_a_dynamic_graph_without_state(ovbake, tiny, tmp_path):
    ovbake("export", "openvino", "--model", tiny, "--disable-stateful", "--disable-convert-tokenizer",
           tmp_path / "out")
    assert "keeps no state" in lint(ovbake, tmp_path / "out")
    lint(ovbake, tmp_path / "out", "--target", "any", status=0)
