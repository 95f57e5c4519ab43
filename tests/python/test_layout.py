"""What OUT holds: the files, one set of weights, and a bake.json that says the truth about them."""

import hashlib
import json
import os
import shutil
from xml.etree import ElementTree

import openvino as ov
import pytest
import xxhash

FILES = {
    "bake.json",
    "openvino_model.xml", "openvino_model.bin", "openvino_model_decode.xml",
    "genai/openvino_model.xml",
    "genai/openvino_tokenizer.xml", "genai/openvino_tokenizer.bin",
    "genai/openvino_detokenizer.xml", "genai/openvino_detokenizer.bin",
    "genai/openvino_config.json", "genai/config.json", "genai/generation_config.json",
    "genai/tokenizer.json", "genai/tokenizer_config.json", "genai/special_tokens_map.json",
    "genai/chat_template.jinja",
}
LINKS = {
    "openvino_model_decode.bin": "openvino_model.bin",
    "genai/openvino_model.bin": "../openvino_model.bin",
}


@pytest.fixture(scope="module")
def manifest(baked):
    return json.loads((baked / "bake.json").read_text())


def test_files_and_links(baked):
    paths = [path for path in baked.rglob("*") if not path.is_dir() or path.is_symlink()]
    files = {str(path.relative_to(baked)) for path in paths if not path.is_symlink()}
    links = {str(path.relative_to(baked)): os.readlink(path) for path in paths if path.is_symlink()}
    assert (files, links) == (FILES, LINKS)


def test_manifest_lists_every_file_with_its_size(baked, manifest):
    listed = {entry["file"]: entry["bytes"] for entry in manifest["files"]}
    assert listed == {name: (baked / name).stat().st_size for name in FILES - {"bake.json"}}
    assert {entry["file"]: entry["to"] for entry in manifest["links"]} == LINKS


def test_digests_are_those_of_the_bytes(baked, manifest):
    weights = (baked / "openvino_model.bin").read_bytes()
    constants = [c for tensor in manifest["tensors"] for c in tensor["constants"]]
    assert len(constants) > 400
    for constant in constants:
        data = weights[constant["offset"]: constant["offset"] + constant["bytes"]]
        assert xxhash.xxh3_128_hexdigest(data) == constant["xxh3_128"], constant["name"]
        assert constant["offset"] % 64 == 0
    for entry in manifest["files"]:
        if "xxh3_128" in entry:
            assert xxhash.xxh3_128_hexdigest((baked / entry["file"]).read_bytes()) == entry["xxh3_128"]


def test_sha256_where_asked(bake_tiny, tmp_path):
    bake_tiny("--sha256")
    files = json.loads((tmp_path / "out/bake.json").read_text())["files"]
    assert files
    for entry in files:
        data = (tmp_path / "out" / entry["file"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == entry["sha256"]


def test_manifest_names_no_path_and_no_time(manifest, sample):
    text = json.dumps(manifest)
    assert str(sample) not in text and "/tmp" not in text and "time" not in manifest


def test_group_size_is_adjusted_and_said(manifest):
    """SmolLM2's width of 576 is no multiple of 128."""
    groups = {tensor["name"]: tensor.get("group_size") for tensor in manifest["tensors"]
              if tensor["format"] == "int4_sym"}
    assert len(groups) == 210
    for name, group in groups.items():
        assert group == (128 if "down_proj" in name else 64)
    remarks = [tensor for tensor in manifest["tensors"] if tensor.get("group_size") == 64]
    assert all("576" in tensor["remark"] for tensor in remarks)


@pytest.mark.parametrize("graph", ["openvino_model.xml", "openvino_model_decode.xml"])
def test_no_node_of_the_pair_is_dynamic(baked, graph):
    model = ov.Core().read_model(baked / graph)
    dynamic = [node.get_friendly_name() for node in model.get_ordered_ops()
               if any(output.partial_shape.is_dynamic for output in node.outputs())]
    assert dynamic == []


def test_graph_inputs_and_outputs(baked):
    core = ov.Core()
    prefill = core.read_model(baked / "openvino_model.xml")
    decode = core.read_model(baked / "openvino_model_decode.xml")
    dynamic = core.read_model(baked / "genai/openvino_model.xml")
    assert {i.any_name: list(i.shape) for i in prefill.inputs} == {
        "input_ids": [1, 128], "attention_mask": [1, 128], "position_ids": [1, 128]}
    assert list(prefill.output("logits").shape) == [1, 1, 49152]
    assert list(prefill.output("present.29.value").shape) == [1, 3, 128, 64]
    assert list(decode.input("attention_mask").shape) == [1, 256]
    assert list(decode.input("past_key_values.0.key").shape) == [1, 3, 255, 64]
    assert list(decode.output("present.0.key").shape) == [1, 3, 1, 64]
    assert list(decode.output("logits").shape) == [1, 1, 49152]
    assert {i.any_name for i in dynamic.inputs} == {
        "input_ids", "attention_mask", "position_ids", "beam_idx"}
    assert len(dynamic.get_sinks()) == 60


def test_weights_are_stored_once(baked):
    stored = sum(path.stat().st_size for path in baked.rglob("*.bin") if not path.is_symlink())
    tokenizer = sum((baked / f"genai/openvino_{kind}.bin").stat().st_size
                    for kind in ("tokenizer", "detokenizer"))
    assert stored - tokenizer == (baked / "openvino_model.bin").stat().st_size


def test_without_tokenizer(bake_tiny, tmp_path):
    bake_tiny()
    assert not list(tmp_path.glob("out/genai/*tokenizer*"))


@pytest.mark.parametrize("first, rest", [
    ("chat_template.jinja", ["chat_template.json", "tokenizer_config.json"]),
    ("chat_template.json", ["processor_config.json", "tokenizer_config.json"]),
    ("tokenizer_config.json", []),
])
def test_the_template_is_a_file_and_in_rt_info(first, rest, ovbake, tiny, sample, tmp_path):
    def content(name, text):
        return text if name.endswith(".jinja") else json.dumps({"chat_template": text})

    shutil.copy(sample / "tokenizer.json", tiny)
    (tiny / first).write_text(content(first, "{{ right & 'ä' }}\n"))
    for name in rest:
        (tiny / name).write_text(content(name, "{{ stale }}"))
    ovbake("bake", "--model_id", tiny, "--output_dir", tmp_path / "out", "--group_size", 32)
    assert (tmp_path / "out/genai/chat_template.jinja").read_text() == "{{ right & 'ä' }}\n"
    rt_info = ElementTree.parse(tmp_path / "out/genai/openvino_tokenizer.xml").find("rt_info")
    assert rt_info.find("chat_template").get("value") == "{{ right & 'ä' }}\n"


def test_of_named_templates_the_default_counts(bake_tiny, tiny, tmp_path):
    named = [{"name": "tool_use", "template": "tools"}, {"name": "default", "template": "chat"}]
    (tiny / "tokenizer_config.json").write_text(json.dumps({"chat_template": named}))
    bake_tiny()
    assert (tmp_path / "out/genai/chat_template.jinja").read_text() == "chat"


def test_a_template_of_another_type_is_refused(bake_tiny, tiny):
    (tiny / "tokenizer_config.json").write_text('{"chat_template": 3}')
    assert "neither a text nor a list" in bake_tiny(status=3).stderr
