#!/usr/bin/env python3
"""Prints README's table of families: those of src/architecture/families, and what tests hold each of them to."""

import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).parents[1]
DATA = ROOT / "tests/data"
sys.path.insert(0, str(ROOT / "tests/python"))
from pipeline_faults import NOT_ON_NPU  # noqa: E402

EXPORTED = json.loads((DATA / "exported_families.json").read_text())["accepted"]
EXPERTS = json.loads((DATA / "experts.json").read_text())
PUBLISHED = json.loads((DATA / "published.json").read_text())["models"]
HEAD = """| `model_type` | what it is | fixtures | published, by settings | logits | INT4 | NPU path |
|---|---|---|---|---|---|---|"""


def fixtures():
    """{model_type: {a fixture's name: its config.json}}"""
    found = {}
    for path in sorted(DATA.glob("families/*/config.json")):
        config = json.loads(path.read_text())
        for part in (config, config.get("text_config", {})):
            if "model_type" in part:
                found.setdefault(part["model_type"], {})[path.parent.name] = config
    return found


def published(types):
    """The parameters of published models whose config.json and tensors test_published.py gives to `plan`."""
    tried = [model for model in PUBLISHED if "billions" in model]
    sizes = sorted({model["billions"] for model in tried for part in (model, model["config"].get("text_config", {}))
                    if part.get("model_type") in types})
    return ", ".join(f"{size:g}B" for size in sizes) or "—"


def row(source, known):
    text = source.read_text()
    comment = " ".join(re.match(r"(// .*\n)+", text)[0].replace("//", "").split())
    types = re.findall(r'"([\w-]+)"', re.search(r"\.model_types = \{([^}]*)\}", text)[1])
    tested = {name: config for model_type in types for name, config in known[model_type].items()}
    reference = "own code" if all("auto_map" in config for config in tested.values()) else "transformers"
    int4 = "NNCF's" if tested.keys() & EXPORTED else "NNCF's experts" if tested.keys() & EXPERTS else "no exporter"
    npu = ", ".join(sorted({NOT_ON_NPU[name][0] for name in tested if name in NOT_ON_NPU})) or "text"
    what = re.match(r"(.+?)\.( |$)", comment)[1]
    return f"| {', '.join(types)} | {what} | {', '.join(tested)} | {published(types)} | {reference} | {int4} | {npu} |"


def table():
    known = fixtures()
    return "\n".join([HEAD, *(row(source, known) for source in sorted((ROOT / "src/architecture/families").glob("*.cpp")))])


if __name__ == "__main__":
    print(table())
