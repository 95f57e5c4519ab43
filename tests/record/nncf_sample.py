#!/usr/bin/env python3
"""Records what NNCF makes of the sample model: python/data/nncf.json.

    record/nncf_sample.py SAMPLE        in the environment of `make peers`

For each configuration, by ovbake's words for it, one SHA-256 over all weights in the order of their names: of
"name format:group size" and the bytes of the weight's constants. nncf_formats.py says more of less.
"""

import hashlib
import importlib.metadata
import json
import sys
import tempfile
from pathlib import Path

import nncf
import openvino
from safetensors import safe_open

from exporter import export
from nncf_formats import FIXED, Ir, compress

OUT = Path(__file__).parents[1] / "python/data/nncf.json"
INT4 = dict(weight_format="int4_sym", group_size=64)
RUNS = [
    INT4,
    INT4 | dict(awq=True),
    INT4 | dict(weight_format="int4_asym"),
    INT4 | dict(weight_format="nf4"),
    dict(weight_format="mxfp4", group_size=32),
    dict(weight_format="int8_asym"),
    INT4 | dict(ratio=0.5, backup_precision="int8_sym"),
    INT4 | dict(ratio=0.8, all_layers=True, backup_precision="none"),
    INT4 | dict(weight_format="fp8_e4m3"),
    dict(weight_format="nvfp4", group_size=16),
    INT4 | dict(group_size=128),
    INT4 | dict(group_size=-1),
    dict(weight_format="int8_sym"),
    INT4 | dict(weight_format="fp4"),
    dict(weight_format="mxfp8_e4m3", group_size=32),
    INT4 | dict(group_size=32),
    INT4 | dict(awq=True, weight_format="nf4", ratio=0.5),
    INT4 | dict(weight_format="int3_sym"),
    INT4 | dict(weight_format="int2_sym"),
    dict(weight_format="cb4", group_size=-1),
]


def words(options):
    """The options as a command line of ovbake."""
    return " ".join(f"--{name}" if value is True else f"--{name} {value}"
                    for name, value in options.items())


def digest(exported, options, weights, scratch):
    fallback = "ignore" if options["weight_format"] in FIXED else "adjust"
    model = compress(openvino.Core().read_model(exported), options | {"group_size_fallback": fallback})
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
