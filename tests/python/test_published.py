"""Published models by their settings (tests/data/published.json): config.json as it is published, without the names of
people, and the names, shapes and dtypes of the tensors, in sparse files of full size that `plan` reads."""

import itertools
import json
import math
import os
import re
import struct

import pytest

from conftest import ROOT

PUBLISHED = json.loads((ROOT / "tests/data/published.json").read_text())
BYTES = {"F32": 4, "BF16": 2, "F16": 2, "F8_E4M3": 1, "U8": 1, "I32": 4, "BOOL": 1}


def numbers(text):
    """What stands in braces, as in layers.{0-2,5} and experts.{e:0-7}."""
    for part in text.rpartition(":")[2].split(","):
        first, _, last = part.partition("-")
        yield from map(str, range(int(first), int(last or first) + 1))


def tensors(patterns):
    for pattern, (shape, dtype) in patterns.items():
        parts = re.split(r"\{([^}]*)\}", pattern)
        words = [numbers(part) if odd % 2 else [part] for odd, part in enumerate(parts)]
        for name in itertools.product(*map(list, words)):
            yield "".join(name), shape, dtype


def write_sparse(path, patterns):
    header, end = {}, 0
    for name, shape, dtype in tensors(patterns):
        begin, end = end, end + BYTES[dtype] * math.prod(shape)
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text)
    os.truncate(path, 8 + len(text) + end)


def name_of(model):
    return f"{model['model_type']}-{model.get('refused', model.get('billions'))}"


@pytest.fixture
def checkpoint(tmp_path):
    def make(config, patterns):
        tmp_path.joinpath("config.json").write_text(json.dumps(config))
        write_sparse(tmp_path / "model.safetensors", patterns)
        return tmp_path

    return make


@pytest.mark.parametrize("model", PUBLISHED["models"], ids=name_of)
def test_a_published_model_is_planned_or_refused_by_its_kind(ovbake, checkpoint, model):
    words = model.get("refused")
    for patterns in (model["tensors"], model["tensors"] | model.get("extra", {})):
        folder = checkpoint(model["config"], patterns)
        done = ovbake("plan", "--model_id", folder, status=3 if words else 0)
        assert not words or words in done.stderr


def test_every_family_has_published_settings():
    """Or says that none are at hand, which a new family should not."""
    described = {model_type for source in (ROOT / "src/architecture/families").glob("*.cpp")
                 for model_type in re.findall(r'"([\w-]+)"', re.search(r"\.model_types = \{([^}]*)\}", source.read_text())[1])}
    taken = {part["model_type"] for model in PUBLISHED["models"] if "refused" not in model
             for part in (model, model["config"].get("text_config", {})) if "model_type" in part}
    assert described - taken == set(PUBLISHED["not_at_hand"])
