"""The sample, which is bfloat16 and tied, in every other source type and with a head of its own."""

import json
import pathlib
import shutil
import sys

import numpy as np

from safetensors_writer import to_bfloat16, write_safetensors

sys.path.append(str(pathlib.Path(__file__).parents[1] / "tests/record"))
from stored_tensors import stored_tensors  # noqa: E402

ENCODE = {
    "bfloat16": ("BF16", to_bfloat16),
    "float16": ("F16", lambda values: values.astype(np.float16)),
    "float32": ("F32", lambda values: values),
}
VARIANTS = {f"{dtype}, {'tied' if tied else 'untied'}": (dtype, tied) for dtype in ENCODE for tied in (True, False)}
AS_PUBLISHED = "bfloat16, tied"


def write_variant(sample, variant, folder):
    """Makes the new `folder`: a link to the sample where that is the variant.

    In other types than bfloat16 every value is a thousandth less, so that mantissas are full."""
    if variant == AS_PUBLISHED:
        folder.symlink_to(sample.resolve(), target_is_directory=True)
        return folder
    dtype, tied = VARIANTS[variant]
    shutil.copytree(sample, folder, ignore=shutil.ignore_patterns("model.safetensors"))
    config = json.loads((sample / "config.json").read_text())
    words = {"torch_dtype": dtype, "tie_word_embeddings": tied}
    (folder / "config.json").write_text(json.dumps(config | words))
    stored = stored_tensors(sample / "model.safetensors")
    stored_type, encode = ENCODE[dtype]

    def values(name, factor):
        bits = np.frombuffer(stored[name][2], np.uint16).astype(np.uint32) << 16
        return encode(bits.view(np.float32) * np.float32(factor))

    factor = 1 if dtype == "bfloat16" else 0.999
    tensors = {name: (shape, lambda name=name: values(name, factor)) for name, (_, shape, _) in stored.items()}
    if not tied:
        _, shape, _ = stored["model.embed_tokens.weight"]
        tensors["lm_head.weight"] = shape, lambda: values("model.embed_tokens.weight", 0.75 * factor)
    write_safetensors(folder / "model.safetensors", tensors, stored_type)
    return folder
