"""A fixture of float32 as the checkpoint in bfloat16 that its model would be published as."""

import json
import sys
from pathlib import Path

import numpy as np

sys.path.append(str(Path(__file__).parents[2] / "tools"))
from safetensors_writer import to_bfloat16, write_safetensors  # noqa: E402


def write_in_bfloat16(model, out):
    """Writes the folder `out`: config.json and model.safetensors of `model`, every value rounded."""
    data = (model / "model.safetensors").read_bytes()
    end = 8 + int.from_bytes(data[:8], "little")
    tensors = {}
    for name, entry in json.loads(data[8:end]).items():
        if name != "__metadata__":
            begin, stop = entry["data_offsets"]
            values = np.frombuffer(data[end + begin : end + stop], np.float32)
            tensors[name] = entry["shape"], lambda values=values: to_bfloat16(values)
    out.mkdir(exist_ok=True)
    config = json.loads((model / "config.json").read_text()) | {"dtype": "bfloat16"}
    config.pop("torch_dtype", None)
    (out / "config.json").write_text(json.dumps(config))
    write_safetensors(out / "model.safetensors", tensors, "BF16")
    return out
