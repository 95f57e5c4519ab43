"""What is in a folder."""

import json
import os

import numpy as np


def tree(folder):
    """Every file of a folder with its bytes, and every link with its target."""
    return {path.relative_to(folder).as_posix():
            os.readlink(path) if path.is_symlink() else path.read_bytes()
            for path in folder.rglob("*") if path.is_symlink() or path.is_file()}


def same(left, right):
    left, right = tree(left), tree(right)
    return left.keys() == right.keys() and all(left[name] == right[name] for name in left)


def constants(out):
    """{name: bytes} of everything in the .bin, and the digests that bake.json has of it."""
    weights = (out / "openvino_model.bin").read_bytes()
    entries = [constant for tensor in json.loads((out / "bake.json").read_text())["tensors"]
               for constant in tensor["constants"]]
    return {entry["name"]: (weights[entry["offset"] : entry["offset"] + entry["bytes"]], entry["xxh3_128"])
            for entry in entries}


def matrices(out):
    """Of every matrix that was baked, by name: its name, "format:group size", the bytes of its constants."""
    weights = np.memmap(out / "openvino_model.bin", np.uint8, "r")
    for tensor in sorted(json.loads((out / "bake.json").read_text())["tensors"], key=lambda t: t["name"]):
        if len(tensor["shape"]) == 2:
            parts = [weights[c["offset"] : c["offset"] + c["bytes"]] for c in tensor["constants"]]
            yield tensor["name"], f"{tensor['format']}:{tensor.get('group_size', -1)}", b"".join(parts)
