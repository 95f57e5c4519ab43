#!/usr/bin/env python3
"""Records what NNCF makes of the sample model in every configuration: python/data/nncf.json.

    record/nncf_sample.py SAMPLE        in the environment of `make peers`; two hours

For each configuration of nncf_formats.py, by ovbake's words for it, one SHA-256 over all weights in the order of
their names: of a line "name format:group size" and the SHA-256 of the weight's constants; "refused" where NNCF
refuses.
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
from nncf_formats import REFUSALS, Ir, compress, configurations

OUT = Path(__file__).parents[1] / "python/data/nncf.json"


def words(options):
    """The options as a command line of ovbake."""
    spelled = []
    for name, value in options.items():
        if value is True:
            spelled.append(f"--{name}")
        elif isinstance(value, list):
            spelled += [f"--{name}", *value]
        elif value is not False and value != "":
            spelled += [f"--{name}", str(value)]
    return " ".join(spelled)


def digest(exported, options, weights, scratch):
    try:
        model = compress(openvino.Core().read_model(exported), options)
    except REFUSALS:
        return "refused"
    xml = scratch / "compressed.xml"
    openvino.save_model(model, xml, compress_to_fp16=False)
    ir, hashed = Ir(xml), hashlib.sha256()
    for name in weights:
        kind, group, data = ir.weight(name)
        hashed.update(f"{name} {kind}:{group}\n".encode() + hashlib.sha256(data).digest())
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
        for options in configurations(full=True, awq=True, tied=True):
            recorded[words(options)] = digest(scratch / "openvino_model.xml", options, weights, scratch)
            print(words(options), flush=True)
    OUT.write_text(json.dumps({"versions": versions, "digests": recorded}, indent=1) + "\n")


if __name__ == "__main__":
    main()
