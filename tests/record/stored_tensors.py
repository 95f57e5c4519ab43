"""What a safetensors file holds, byte for byte, whatever the types are called."""

import json


def stored_tensors(path):
    """{name: (dtype, shape, bytes)}"""
    data = path.read_bytes()
    begin = 8 + int.from_bytes(data[:8], "little")
    tensors = {}
    for name, entry in json.loads(data[8:begin]).items():
        if name != "__metadata__":
            first, end = entry["data_offsets"]
            tensors[name] = entry["dtype"], entry["shape"], data[begin + first : begin + end]
    return tensors
