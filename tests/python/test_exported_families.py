"""Every family without experts beside what optimum-intel exports and NNCF compresses: the same layers in the same
formats, the same bytes, and no fewer fused nodes on the CPU (recorded by tests/record/exported_families.py)."""

import collections
import hashlib
import json
import pathlib

import numpy as np
import openvino as ov
import pytest

from folders import matrices

DATA = pathlib.Path(__file__).parents[1] / "data"
RECORDED = json.loads((DATA / "exported_families.json").read_text())
ACCEPTED, OPTIONS = RECORDED["accepted"], RECORDED["options"]
PLAIN_LAYER_NORM = "its LayerNorm is one MVN here; the exporter's RMS comes behind a subtraction of the mean"
# What we fuse less often, and why that is right.
FEWER = {
    ("gemma2", "ScaledDotProductAttention"): "it has no soft cap of scores, which the exporter's graph leaves out",
    ("cohere", "RMS"): PLAIN_LAYER_NORM,
    ("cohere2", "RMS"): PLAIN_LAYER_NORM,
    ("stablelm_2", "RMS"): PLAIN_LAYER_NORM,
}


@pytest.fixture(scope="module", params=ACCEPTED)
def exported(request, ovbake, tmp_path_factory):
    """The family's name, and its exports with each of OPTIONS."""
    folder = tmp_path_factory.mktemp("exported")
    for number, options in enumerate(OPTIONS):
        ovbake("export", "openvino", "--model", DATA / "families" / request.param, "--weight-format", "int4",
               *options.split(), "--group-size-fallback", "ignore", "--disable-convert-tokenizer", "--quiet",
               folder / str(number))
    return request.param, [folder / str(number) for number in range(len(OPTIONS))]


def compressed_weights(out):
    formats, hashed = collections.Counter(), hashlib.sha256()
    for name, kind, data in matrices(out):
        if kind != "f32:-1":
            formats[kind.split(":")[0]] += 1
            hashed.update(f"{name} {kind}\n".encode() + data)
    return {"formats": formats, "digest": hashed.hexdigest()}


def test_every_weight_is_nncfs(exported):
    family, folders = exported
    assert [compressed_weights(folder) for folder in folders] == ACCEPTED[family]["weights"]


def test_no_fewer_nodes_are_fused(exported):
    family, folders = exported
    core = ov.Core()
    model = core.compile_model(folders[0] / "openvino_model.xml", "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    kinds = [node.get_rt_info()["layerType"].astype(str) for node in model.get_runtime_model().get_ops()]
    fewer = {(family, kind) for kind, count in ACCEPTED[family]["executed"].items() if kinds.count(kind) < count}
    assert fewer == {key for key in FEWER if key[0] == family}


def test_every_family_without_experts_is_here():
    fixtures = {path.parent.name for path in DATA.glob("families/*/expected.npz") if "experts" not in np.load(path)}
    assert ACCEPTED.keys().isdisjoint(RECORDED["refused"])
    assert ACCEPTED.keys() | RECORDED["refused"].keys() == fixtures
