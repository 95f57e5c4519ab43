#!/usr/bin/env python3
"""Records what NNCF makes of the sample model: python/data/nncf.json.

    record/nncf_sample.py SAMPLE        in the environment of `make peers`

For each configuration, by ovbake's words for it, one SHA-256 over all weights in the order of their names: of
"name format:group size" and the bytes of the weight's constants; "refused" where NNCF refuses. nncf_formats.py
says more of less.
"""

import hashlib
import importlib.metadata
import itertools
import json
import sys
import tempfile
from pathlib import Path

import nncf
import openvino
from safetensors import safe_open

from exporter import export
from nncf_formats import FIXED, GROUPED, GROUPS, REFUSALS, Ir, compress

OUT = Path(__file__).parents[1] / "python/data/nncf.json"
INT4 = dict(weight_format="int4_sym", group_size=64)


def mixed(**options):
    """`options` at every ratio below 1, with every backup precision, over all layers and without."""
    for ratio, backup, layers in itertools.product((0.8, 0.5), ("int8_asym", "int8_sym", "none"), (False, True)):
        yield options | dict(ratio=ratio, backup_precision=backup) | (dict(all_layers=True) if layers else {})


# A weight's bytes in a format are the same in every run that gives it (nncf_formats.py holds the whole grid
# to that), so each format once and each choice of layers once say all.
RUNS = [
    *(dict(weight_format=name) for name in ("int8_asym", "int8_sym")),
    *(dict(weight_format=name, group_size=group) for name, group in itertools.product(GROUPED, GROUPS)),
    *(dict(weight_format=name, group_size=group) for name, group in FIXED.items()),
    *mixed(**INT4),
    *mixed(weight_format="int4_asym", group_size=128),
    INT4 | dict(awq=True),
    INT4 | dict(awq=True, weight_format="nf4", ratio=0.5),
]


def words(options):
    """The options as a command line of ovbake."""
    return " ".join(f"--{name}" if value is True else f"--{name} {value}"
                    for name, value in options.items())


def digest(exported, options, weights, scratch):
    fallback = "ignore" if options["weight_format"] in FIXED else "adjust"
    try:
        model = compress(openvino.Core().read_model(exported), options | {"group_size_fallback": fallback})
    except REFUSALS:
        return "refused"
    xml = scratch / "compressed.xml"
    openvino.save_model(model, xml, compress_to_fp16=False)
    ir, hashed = Ir(xml), hashlib.sha256()
    for name in weights:
        kind, group, data = ir.weight(name)
        hashed.update(f"{name} {kind}:{group}\n".encode() + data)
    return hashed.hexdigest()


def main():
    nncf.set_log_level(50)
    sample = Path(sys.argv[1]).resolve(strict=True)
    with safe_open(sample / "model.safetensors", "np") as stored:
        weights = sorted(n for n in stored.keys() if len(stored.get_slice(n).get_shape()) == 2)
    versions = {name: importlib.metadata.version(name)
                for name in ("nncf", "optimum-intel", "openvino", "torch", "transformers")}
    recorded = {}
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        export(sample, scratch)
        for options in RUNS:
            recorded[words(options)] = digest(scratch / "openvino_model.xml", options, weights, scratch)
            OUT.write_text(json.dumps({"versions": versions, "digests": recorded}, indent=1) + "\n")
            print(words(options), flush=True)


if __name__ == "__main__":
    main()
