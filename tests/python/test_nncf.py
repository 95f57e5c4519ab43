"""The sample's weights are NNCF's, byte for byte (digests recorded by tests/record/nncf_sample.py)."""

import hashlib
import json
import pathlib

import numpy as np
import pytest

RECORDED = json.loads((pathlib.Path(__file__).parent / "data" / "nncf.json").read_text())["digests"]


def digest(out):
    """Of every weight: its name, its format, its bytes."""
    weights = np.memmap(out / "openvino_model.bin", np.uint8, "r")
    hashed = hashlib.sha256()
    for tensor in sorted(json.loads((out / "bake.json").read_text())["tensors"], key=lambda t: t["name"]):
        if len(tensor["shape"]) != 2:
            continue
        hashed.update(f"{tensor['name']} {tensor['format']}:{tensor.get('group_size', -1)}\n".encode())
        for constant in tensor["constants"]:
            hashed.update(weights[constant["offset"] : constant["offset"] + constant["bytes"]])
    return hashed.hexdigest()


@pytest.mark.parametrize("options", RECORDED)
def test_every_weight_is_nncfs(ovbake, sample, tmp_path, options):
    ovbake("bake", "--model_id", sample, "--output_dir", tmp_path / "out", *options.split(),
           "--disable_convert_tokenizer", "--target", "any")
    assert digest(tmp_path / "out") == RECORDED[options]
