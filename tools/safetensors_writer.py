"""Writes safetensors files, one tensor in memory at a time."""

import json
import math

import numpy as np

# How each dtype's elements are held in numpy; narrow ones as their bits.
ELEMENTS = {"BF16": np.uint16, "F16": np.float16, "F32": np.float32, "F8_E4M3": np.uint8, "U8": np.uint8}


def to_bfloat16(values):
    """Bits of finite float32 `values` as bfloat16, rounded to nearest, ties to even."""
    bits = np.ascontiguousarray(values, dtype=np.float32).view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)


def header_of(shapes, dtype):
    """The header of a file with tensors of `shapes`, {name: shape}, and the bytes of them all. `dtype` is that of
    all, or a function of a tensor's name."""
    header, end = {"__metadata__": {"format": "pt"}}, 0
    for name, shape in shapes.items():
        own = dtype(name) if callable(dtype) else dtype
        begin, end = end, end + np.dtype(ELEMENTS[own]).itemsize * math.prod(shape)
        header[name] = {"dtype": own, "shape": list(shape), "data_offsets": [begin, end]}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text, end


def write_holes(path, shapes, dtype="F16"):
    """Writes a file of any size that takes no room: its tensors are holes, which read as zero."""
    header, end = header_of(shapes, dtype)
    with open(path, "xb") as file:
        file.write(header)
        file.truncate(len(header) + end)


def write_safetensors(path, tensors, dtype="BF16"):
    """Writes `tensors`, {name: (shape, make)}, where make() returns the elements of one tensor.

    Returns the bytes of all tensors together.
    """
    elements = np.dtype(ELEMENTS[dtype])
    header, end = header_of({name: shape for name, (shape, _) in tensors.items()}, dtype)
    with open(path, "xb") as file:
        file.write(header)
        for name, (shape, make) in tensors.items():
            values = make()
            if values.dtype != elements or values.size != math.prod(shape):
                raise ValueError(f"{name}: {values.size} x {values.dtype}, not {shape} of {dtype}")
            file.write(np.ascontiguousarray(values).data)
    return end
