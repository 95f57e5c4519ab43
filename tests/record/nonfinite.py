"""What NNCF makes of NaN and infinities, in the peers' environment:

    python tests/record/nonfinite.py tests/python/data/nonfinite.json

Only of mlp.up_proj, and NaN only there: what a NaN does to the range of its group depends in NNCF on how
OpenVINO cuts the reduction up, so that an lm_head of the same width gets other scales.
"""

import hashlib
import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import tiny_model

WEIGHTS = [f"model.layers.{layer}.mlp.up_proj.weight" for layer in (0, 1)]
FORMATS = ["int4_sym", "int4_asym", "int8_sym", "int8_asym"]


def write(folder):
    """The adversarial model in f32 with rows of every mixture of what is not finite."""
    names = list(tiny_model.tensors("adversarial", False))

    def values(seed, rows, columns, _, half):
        result = tiny_model.values(seed, rows, columns, 1, half)
        if names[seed] in WEIGHTS:
            for row, (column, value) in enumerate(((5, np.nan), (40, np.inf), (7, -np.inf), (100, np.nan))):
                result[row, column] = value
            result[4], result[5] = np.nan, np.inf
            result[6, [3, 9]] = np.inf, -np.inf
            result[7, [64, 70]] = np.nan, np.inf
        return result

    tiny_model.write(folder, "adversarial", "f32", False, values)


def main():
    import openvino
    from nncf_formats import Ir, compress
    from optimum.exporters.openvino import main_export

    with tempfile.TemporaryDirectory() as scratch:
        source, exported = Path(scratch, "source"), Path(scratch, "exported")
        write(source)
        main_export(str(source), str(exported), task="text-generation-with-past")
        recorded = {}
        for weight_format in FORMATS:
            model = openvino.Core().read_model(exported / "openvino_model.xml")
            options = {"weight_format": weight_format, "group_size": 32, "group_size_fallback": "ignore"}
            compressed = Path(scratch, "compressed.xml")
            openvino.save_model(compress(model, options), compressed, compress_to_fp16=False)
            ir = Ir(compressed)
            recorded[weight_format] = {
                name: hashlib.sha256(ir.weight(name)[2]).hexdigest() for name in WEIGHTS}  # fmt: skip
    Path(sys.argv[1]).write_text(json.dumps(recorded, indent=1) + "\n")


if __name__ == "__main__":
    main()
