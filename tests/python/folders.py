"""What is in a folder."""

import hashlib
import json
import os

import numpy as np
import xxhash


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


def sign_again(out):
    """Lets bake.json know of every file but the weights as it is now, and have a digest of that."""
    manifest = json.loads((out / "bake.json").read_text())
    del manifest["sha256_of_the_lines_below"]
    known = {entry["file"]: entry for entry in manifest["files"]}
    manifest["files"] = []
    for path in sorted(path for path in out.rglob("*") if path.is_file() and not path.is_symlink() and path != out / "bake.json"):
        name, data = path.relative_to(out).as_posix(), path.read_bytes()
        entry = known.get(name, {}) | {"file": name, "bytes": len(data)}
        if name != manifest["weights"]["file"]:
            entry["xxh3_128"] = xxhash.xxh3_128_hexdigest(data)
        manifest["files"].append(entry)
    below = (json.dumps(manifest, indent=1) + "\n").split("\n", 1)[1]
    digest = hashlib.sha256(below.encode()).hexdigest()
    (out / "bake.json").write_text(f'{{\n "sha256_of_the_lines_below": "{digest}",\n{below}')
