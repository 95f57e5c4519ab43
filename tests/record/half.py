#!/usr/bin/env python3
"""Prints the digests that src/base/half_test.cpp expects, computed by PyTorch.

    half.py      needs torch and numpy, and xxhsum on the PATH

NaNs are left out: what becomes of their payload is each library's own choice.
"""

import subprocess

import numpy
import torch

LOW_HALVES = [0, 1, 0x0FFF, 0x1000, 0x1001, 0x2FFF, 0x3000, 0x7FFF, 0x8000, 0x8001, 0xF000, 0xFFFF]


def digest(array):
    """XXH3-128 of the bytes of an array, as xxhsum prints it."""
    out = subprocess.run(["xxhsum", "-H2"], input=array.tobytes(), capture_output=True, check=True)
    return out.stdout.split()[0].decode()


def floats():
    """Each of the 2^16 upper halves of a float with each of LOW_HALVES, NaNs left out."""
    high = numpy.arange(1 << 16, dtype=numpy.uint32)[:, None] << 16
    values = (high | numpy.array(LOW_HALVES, dtype=numpy.uint32)).ravel().view(numpy.float32)
    return torch.from_numpy(values[~numpy.isnan(values)])


def halves(dtype):
    """Every value of a 16-bit type, NaNs left out."""
    values = torch.from_numpy(numpy.arange(1 << 16, dtype=numpy.uint16).view(numpy.int16)).view(dtype)
    return values[~values.isnan()]


for name, dtype in (("bf16", torch.bfloat16), ("f16", torch.float16)):
    print(f"{name}_from_float", digest(floats().to(dtype).view(torch.int16).numpy()))
    print(f"float_from_{name}", digest(halves(dtype).to(torch.float32).numpy()))
