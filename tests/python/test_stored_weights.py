"""Weights as checkpoints of GPT-2 store them: as [in, out], without the head's prefix, beside masks."""

import json
import pathlib
import shutil

import numpy as np
import pytest

GPT2 = pathlib.Path(__file__).parent.parent / "data/families/gpt2"
OPTIONS = ["--disable_convert_tokenizer", "--max_prompt_len", 16, "--min_response_len", 16, "--quiet"]


def split(data):
    """The header of a safetensors file, and the bytes of its tensors."""
    end = 8 + int.from_bytes(data[:8], "little")
    return json.loads(data[8:end]), data[end:]


def joined(header, tensors):
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + tensors


def write_wide(folder, width):
    """GPT-2 with an MLP whose weights are read in many pieces; returns the values of its c_fc."""
    header, tensors = split((GPT2 / "model.safetensors").read_bytes())
    config = json.loads((GPT2 / "config.json").read_text()) | {"n_inner": width}
    random, values, entries, data = np.random.default_rng(3), {}, {}, b""
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        shape = [width if size == 48 else size for size in entry["shape"]]
        values[name] = random.standard_normal(shape).astype(np.float32)
        entries[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + values[name].nbytes]}
        data += values[name].tobytes()
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "model.safetensors").write_bytes(joined(entries, data))
    return values


@pytest.mark.parametrize("threads", [1, 3])
def test_transposed_weights_are_stored_as_rows(ovbake, tmp_path, threads):
    values = write_wide(tmp_path / "model", 20000)
    ovbake("bake", "--model_id", tmp_path / "model", "--output_dir", tmp_path / "out",
           "--weight_format", "fp32", "--threads", threads, *OPTIONS)
    weights = (tmp_path / "out/openvino_model.bin").read_bytes()
    for tensor in json.loads((tmp_path / "out/bake.json").read_text())["tensors"]:
        value = values[tensor["name"]]
        is_transposed = ".c_" in tensor["name"] and value.ndim == 2
        (constant,) = tensor["constants"]
        got = weights[constant["offset"] : constant["offset"] + constant["bytes"]]
        assert got == (value.T if is_transposed else value).tobytes(), tensor["name"]


def test_names_without_the_prefix_of_the_head(ovbake, tmp_path):
    model = shutil.copytree(GPT2, tmp_path / "model")
    header, tensors = split((GPT2 / "model.safetensors").read_bytes())
    mask = np.tril(np.ones((1, 1, 64, 64), np.float32)).tobytes()
    bare = {name.removeprefix("transformer."): entry for name, entry in header.items()}
    bare["h.0.attn.bias"] = {"dtype": "F32", "shape": [1, 1, 64, 64],
                             "data_offsets": [len(tensors), len(tensors) + len(mask)]}
    (model / "model.safetensors").write_bytes(joined(bare, tensors + mask))
    for name, source in (("whole", GPT2), ("bare", model)):
        ovbake("bake", "--model_id", source, "--output_dir", tmp_path / name, "--group_size", 32, *OPTIONS)
    for file in ("openvino_model.bin", "openvino_model.xml", "genai/openvino_model.xml"):
        assert (tmp_path / "whole" / file).read_bytes() == (tmp_path / "bare" / file).read_bytes()
