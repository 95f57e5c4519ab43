"""FP8 checkpoints with a scale for each block: their weights are those that torch makes of them (digests recorded by
tests/record/fp8_weights.py), and become what a bfloat16 checkpoint of the same values becomes."""

import hashlib
import json
import pathlib
import re
import shutil

import numpy as np
import pytest
from folders import constants
from safetensors_writer import to_bfloat16, write_safetensors
from stored_tensors import stored_tensors

MODEL = pathlib.Path(__file__).parents[1] / "data/families/deepseek_v3_fp8"
RECORDED = json.loads((MODEL / "fp8.json").read_text())
OPTIONS = ["--disable_convert_tokenizer", "--max_prompt_len", 16, "--min_response_len", 16, "--target", "any", "--quiet"]


def bake(ovbake, model, out, *words):
    """{name: bytes} of everything in the .bin."""
    ovbake("bake", "--model_id", model, "--output_dir", out, *words, *OPTIONS)
    return {name: data for name, (data, _) in constants(out).items()}


def copy(model, **changes):
    """The checkpoint with another config.json."""
    shutil.copytree(MODEL, model)
    config = json.loads((model / "config.json").read_text()) | changes
    (model / "config.json").write_text(json.dumps(config))
    return model


@pytest.fixture(scope="module")
def values(ovbake, tmp_path_factory):
    """{name in the checkpoint: what its FP8 is worth}"""
    baked = bake(ovbake, MODEL, tmp_path_factory.mktemp("fp8") / "out", "--weight_format", "fp32")
    tensors, result = stored_tensors(MODEL / "model.safetensors"), {}
    for name in RECORDED:
        expert = re.search(r"\.experts\.(\d+)\.", name)
        elements = np.frombuffer(baked[re.sub(r"\.experts\.\d+\.", ".experts.", name)], np.float32)
        shape = tensors[name][1]
        place = int(expert[1]) * shape[0] * shape[1] if expert else 0
        result[name] = elements[place : place + shape[0] * shape[1]].reshape(shape)
    return result


def test_every_weight_is_worth_what_torch_makes_of_it(values):
    assert {name: hashlib.sha256(value.tobytes()).hexdigest() for name, value in values.items()} == RECORDED


@pytest.mark.parametrize("words", [["--group_size", 8], ["--no_sym", "--group_size", -1, "--ratio", 0.6],
                                   ["--group_size", -1, "--awq"], ["--weight_format", "int8_asym"]], ids=str)
def test_it_becomes_what_its_bfloat16_twin_becomes(ovbake, values, tmp_path, words):
    (tmp_path / "twin").mkdir()
    config = json.loads((MODEL / "config.json").read_text())
    del config["quantization_config"]
    (tmp_path / "twin/config.json").write_text(json.dumps(config))
    bits = {name: np.frombuffer(data, np.uint16).reshape(shape)
            for name, (dtype, shape, data) in stored_tensors(MODEL / "model.safetensors").items() if dtype == "BF16"}
    bits |= {name: to_bfloat16(value) for name, value in values.items()}
    write_safetensors(tmp_path / "twin/model.safetensors",
                      {name: (value.shape, lambda v=value: v) for name, value in bits.items()})
    assert bake(ovbake, MODEL, tmp_path / "fp8", *words, "--threads", 3) == \
           bake(ovbake, tmp_path / "twin", tmp_path / "bf16", *words)


@pytest.mark.parametrize("changes, said", [
    ({"weight_block_size": None}, "weight_block_size"),
    ({"weight_block_size": [16]}, "weight_block_size"),
    ({"activation_scheme": "static"}, "activation_scheme"),
    ({"fmt": "e5m2"}, "fmt"),
    ({"quant_method": "fbgemm_fp8"}, "quantized by fbgemm_fp8"),
    ({"weight_block_size": [8, 16]}, "_scale_inv")])
def test_another_scheme_is_refused(ovbake, tmp_path, changes, said):
    scheme = json.loads((MODEL / "config.json").read_text())["quantization_config"] | changes
    model = copy(tmp_path / "model", quantization_config=scheme)
    assert said in ovbake("plan", "--model_id", model, status=3).stderr


def test_values_of_another_type_are_refused(ovbake, tmp_path):
    model = copy(tmp_path / "model", dtype="float16")
    assert "dtype is float16, but only models with bfloat16" in ovbake("plan", "--model_id", model, status=3).stderr
