"""The sample's weights are NNCF's, byte for byte (digests recorded by tests/record/nncf_sample.py)."""

import json
import pathlib

import pytest

RECORDED = json.loads((pathlib.Path(__file__).parent / "data" / "nncf.json").read_text())["digests"]


@pytest.mark.parametrize("options", RECORDED)
def test_every_constant_is_nncfs(ovbake, sample, tmp_path, options):
    ovbake("bake", "--model_id", sample, "--output_dir", tmp_path / "out", *options.split(),
           "--disable_convert_tokenizer")
    tensors = json.loads((tmp_path / "out/bake.json").read_text())["tensors"]
    ours = {constant["name"]: constant["xxh3_128"]
            for tensor in tensors if tensor["format"] != "f32" for constant in tensor["constants"]}
    assert ours == RECORDED[options]
