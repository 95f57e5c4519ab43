"""--awq is NNCF's AWQ without data: the same bytes and logits for every family that optimum-intel exports.

Recorded by tests/record/awq.py. Where NNCF finds no layer to scale, a bake says that the option changes nothing.
"""

import json
import pathlib

import numpy as np
import pytest

from graphs import Dynamic

DATA = pathlib.Path(__file__).parents[1] / "data"
ROWS = ["--weight-format", "int4", "--group-size", "-1"]
RECORDED = json.loads((DATA / "awq.json").read_text())


@pytest.fixture
def export(ovbake, tmp_path):
    def run(model, *words, out="out", status=0):
        return ovbake("export", "openvino", "--model", model, "--sym",
                      "--disable-convert-tokenizer", *words, tmp_path / out, status=status)

    return run


def digests(folder):
    manifest = json.loads((folder / "bake.json").read_text())
    return {constant["name"]: constant["xxh3_128"]
            for tensor in manifest["tensors"] for constant in tensor["constants"]}


def last_logits(folder):
    graph = Dynamic(folder, "openvino_model.xml")
    vocabulary = graph.request.model_outputs[0].partial_shape[-1].get_length()
    return graph.feed(np.random.default_rng(1).integers(3, vocabulary, 11))[-1]


@pytest.mark.parametrize("family", RECORDED)
def test_every_constant_and_logit_is_nncfs(export, tmp_path, family):
    expected = RECORDED[family]["digests"]
    said = export(DATA / "families" / family, *ROWS, "--awq").stderr
    export(DATA / "families" / family, *ROWS, out="plain")
    scaled, plain = digests(tmp_path / "out"), digests(tmp_path / "plain")
    changed = {name for name, digest in scaled.items() if plain.get(name) != digest}
    assert {name for name in changed if not name.endswith("/awq_mul")} == set(expected)
    assert {name: scaled[name] for name in expected} == expected
    assert ("--awq changes nothing" in said) == (not expected)
    if "logits" in RECORDED[family]:
        logits = RECORDED[family]["logits"]
        assert np.abs(last_logits(tmp_path / "out") - logits).max() <= (
            1e-5 * np.abs(logits).max())


@pytest.mark.parametrize("weight_format", ["int8", "mxfp4", "fp16"])
def test_refused_where_nncf_refuses_it(export, weight_format):
    message = export(DATA / "families/llama", "--weight-format", weight_format, "--awq", status=2).stderr
    assert "--awq is for int2_sym" in message
