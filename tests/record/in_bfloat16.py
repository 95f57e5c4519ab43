"""A fixture of float32 as the checkpoint in bfloat16 that its model would be published as."""

import json
import sys
from pathlib import Path

import numpy as np

from stored_tensors import stored_tensors

sys.path.append(str(Path(__file__).parents[2] / "tools"))
from safetensors_writer import to_bfloat16, write_safetensors  # noqa: E402


def write_in_bfloat16(model, out):
    """Writes the folder `out`: config.json and model.safetensors of `model`, every value rounded."""
    tensors = {name: (shape, lambda data=data: to_bfloat16(np.frombuffer(data, np.float32)))
               for name, (_, shape, data) in stored_tensors(model / "model.safetensors").items()}
    out.mkdir(exist_ok=True)
    config = json.loads((model / "config.json").read_text()) | {"dtype": "bfloat16"}
    config.pop("torch_dtype", None)
    (out / "config.json").write_text(json.dumps(config))
    write_safetensors(out / "model.safetensors", tensors, "BF16")
    return out
