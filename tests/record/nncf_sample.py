#!/usr/bin/env python3
"""Records the digest (XXH3-128) of every constant that NNCF makes of the sample model's weights.

    record/nncf_sample.py SAMPLE        in the environment of `make peers`; writes python/data/nncf.json
"""

import importlib.metadata
import json
import pathlib
import sys
import tempfile

import xxhash

TESTS = pathlib.Path(__file__).parents[1]
sys.path.insert(0, str(TESTS.parent / "tools"))
import parity  # noqa: E402


def digests(model, options):
    with tempfile.TemporaryDirectory() as work:
        xml = parity.export_with_peer(model, options, pathlib.Path(work))
        return {tensor + part: xxhash.xxh3_128_hexdigest(data)
                for tensor, parts in sorted(parity.constants(xml).items())
                for part, (_, data) in parts.items()}


def main():
    sample = pathlib.Path(sys.argv[1]).resolve(strict=True)
    recorded = {" ".join(options): digests(sample, options)
                for model, options in parity.CASES.values() if model == "sample"}
    versions = {name: importlib.metadata.version(name)
                for name in ("nncf", "optimum-intel", "openvino", "torch", "transformers")}
    out = TESTS / "python" / "data" / "nncf.json"
    out.write_text(json.dumps({"versions": versions, "digests": recorded}, indent=1) + "\n")
    print(out, {options: len(found) for options, found in recorded.items()})


if __name__ == "__main__":
    main()
