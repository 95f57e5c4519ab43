"""What config.json leaves out is what transformers takes for it (recorded by tests/record/default_keys.py)."""

import json
import pathlib
import shutil

import pytest

from deep_model import BY_LAYER_ALONE, deepen
from pipeline_faults import SHALLOW

DATA = pathlib.Path(__file__).parents[1] / "data"
RECORDED = json.loads((DATA / "default_keys.json").read_text())


def graph(ovbake, model, change):
    """The dynamic graph and its weights, once `change` has been done to config.json."""
    path = model / "config.json"
    config = json.loads(path.read_text())
    change(config.get("text_config", config))
    path.write_text(json.dumps(config))
    ovbake("export", "openvino", "--model", model, "--weight-format", "fp32", "--disable-convert-tokenizer", "--quiet",
           "--overwrite", model.parent / "out")
    return [(model.parent / f"out/openvino_model.{end}").read_bytes() for end in ("xml", "bin")]


@pytest.mark.parametrize("family", RECORDED)
def test_keys_that_are_left_out(ovbake, tmp_path, family):
    model = shutil.copytree(DATA / "families" / family, tmp_path / "model")
    if family not in SHALLOW | BY_LAYER_ALONE:
        deepen(model)
    said = graph(ovbake, model, lambda config: config.update(RECORDED[family]))
    left_out = graph(ovbake, model, lambda config: [config.pop(key) for key in RECORDED[family]])
    assert left_out == said
