"""Writes safetensors files of bfloat16 tensors, one tensor in memory at a time."""

import json
import math

import numpy as np


def to_bfloat16(values):
    """Bits of finite float32 `values` as bfloat16, rounded to nearest, ties to even."""
    bits = np.ascontiguousarray(values, dtype=np.float32).view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)


def write_bfloat16(path, tensors):
    """Writes `tensors`, {name: (shape, make)}, where make() returns the uint16 bits of one tensor.

    Returns the bytes of all tensors together.
    """
    header, end = {"__metadata__": {"format": "pt"}}, 0
    for name, (shape, _) in tensors.items():
        begin, end = end, end + 2 * math.prod(shape)
        header[name] = {"dtype": "BF16", "shape": list(shape), "data_offsets": [begin, end]}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "xb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for name, (shape, make) in tensors.items():
            bits = make()
            if bits.dtype != np.uint16 or bits.size != math.prod(shape):
                raise ValueError(f"{name} is {bits.size} x {bits.dtype}, not {shape} of bfloat16")
            file.write(np.ascontiguousarray(bits).data)
    return end
