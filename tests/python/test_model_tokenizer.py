"""What a bake, a plan and lint say of a tokenizer that does not fit its model, and what stands beside the model."""

import json
import pathlib
import shutil

import pytest

from tokenizer_folders import BEHIND_BYTES, byte_level, config

LLAMA = pathlib.Path(__file__).parents[1] / "data/families/llama"
ROWS = json.loads((LLAMA / "config.json").read_text())["vocab_size"]
NAMED = [{"name": "default", "template": "<|im_start|>"}, {"name": "tool_use", "template": "TOOLS"}, {"name": "rag", "template": "RAG"}]
SIZES = ("--max_prompt_len", 16, "--min_response_len", 16)


@pytest.fixture
def model(tmp_path):
    """The fixture of a family with a tokenizer of more ids than it has rows, and templates of another model."""
    folder = tmp_path / "model"
    shutil.copytree(LLAMA, folder)
    (folder / "tokenizer.json").write_text(json.dumps(byte_level()))
    (folder / "tokenizer_config.json").write_text(json.dumps(config(chat_template=NAMED)))
    return folder


def export(ovbake, model, out):
    return ovbake("export", "openvino", "--model", model, "--weight-format", "fp32", out)


def tells(text):
    return f"{BEHIND_BYTES} ids" in text and str(ROWS) in text and '"<|im_start|>"' in text


def test_ids_and_templates_that_do_not_fit_are_told(ovbake, model, tmp_path):
    told = export(ovbake, model, tmp_path / "out")
    assert tells(told.stdout + told.stderr)
    planned = ovbake("plan", "--model_id", model, "--target", "any", *SIZES)
    assert tells(planned.stdout + planned.stderr)
    linted = ovbake("lint", tmp_path / "out")
    assert tells(linted.stdout + linted.stderr)


def test_named_templates_stand_where_transformers_looks(ovbake, model, tmp_path):
    export(ovbake, model, tmp_path / "out")
    assert (tmp_path / "out/chat_template.jinja").read_text() == "<|im_start|>"
    named = tmp_path / "out/additional_chat_templates"
    assert {file.name: file.read_text() for file in named.iterdir()} == {"tool_use.jinja": "TOOLS", "rag.jinja": "RAG"}


def test_a_folder_of_templates_hides_the_list(ovbake, model, tmp_path):
    (model / "chat_template.jinja").write_text("DEFAULT")
    (model / "additional_chat_templates").mkdir()
    (model / "additional_chat_templates/plan.jinja").write_text("PLAN")
    export(ovbake, model, tmp_path / "out")
    assert (tmp_path / "out/chat_template.jinja").read_text() == "DEFAULT"
    assert [file.name for file in (tmp_path / "out/additional_chat_templates").iterdir()] == ["plan.jinja"]


def test_a_template_by_a_name_that_is_a_path_is_refused(ovbake, model, tmp_path):
    named = NAMED + [{"name": "../x", "template": "X"}]
    (model / "tokenizer_config.json").write_text(json.dumps(config(chat_template=named)))
    told = ovbake("export", "openvino", "--model", model, "--weight-format", "fp32", tmp_path / "out", status=3).stderr
    assert '"../x"' in told and not (tmp_path / "out").exists()


def test_a_bake_without_a_tokenizer_is_told_how(ovbake, model, tmp_path):
    (model / "tokenizer.json").unlink()
    told = ovbake("export", "openvino", "--model", model, "--weight-format", "fp32", tmp_path / "out", status=3).stderr
    assert "tokenizer.json" in told and "--disable_convert_tokenizer" in told
