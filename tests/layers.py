#!/usr/bin/env python3
"""Fails where an #include under src/ or cli/ crosses the layers that the design allows.

    tests/layers.py FOLDER     checks the tree in FOLDER
    tests/layers.py            checks the tree that this script is part of

base ← source ← hub; source ← architecture ← weights ← compression ← graph; filling → compression;
tokenizer → source, base; writer → base; reader → base; execution, jinja → base;
verify → reader, execution, base; inspect → verify, reader, base; run → verify, execution, jinja, base;
baking → all; cli → include/ovbake only. A family sees no other family and
a format no other format, and an encoding no other encoding. OpenVINO's headers stay in graph, compression, tokenizer, writer, execution, run
and baking. Nothing but base asks the file system by functions of std::filesystem that throw.
"""

import re
import sys
import tempfile
from pathlib import Path

# Layer → what it may include besides itself.
ALLOWED = {
    "base": set(),
    "source": {"base"},
    "hub": {"base", "source"},
    "architecture": {"base", "source"},
    "weights": {"base", "source", "architecture"},
    "compression": {"base", "source", "architecture", "weights"},
    "filling": {"base", "source", "architecture", "weights", "compression"},
    "graph": {"base", "source", "architecture", "weights", "compression"},
    "tokenizer": {"base", "source"},
    "writer": {"base"},
    "reader": {"base"},
    "inspect": {"base", "reader", "verify"},
    "execution": {"base"},
    "jinja": {"base"},
    "run": {"base", "execution", "jinja", "verify"},
    "verify": {"base", "reader", "execution"},
}
ALLOWED["baking"] = set(ALLOWED)
OPENVINO = {"graph", "compression", "tokenizer", "writer", "execution", "run", "baking"}
# Open folder → what its files may include besides their own header.
OPEN_FOLDERS = {
    "source/encodings": re.compile(r"source/(encoding|config|values|unpacking)\.hpp|base/.+"),
    "architecture/families": re.compile(r"architecture/(description/)?[^/]+\.hpp|source/config\.hpp|base/.+"),
    "compression/formats": re.compile(r"compression/format\.hpp|compression/codec/[^/]+\.hpp|base/.+"),
}
# What says nothing to a user where it throws: base/ asks in its place and tells.
RAW_CALL = re.compile(
    r"\b(?:std::filesystem|fs)::((?:recursive_)?directory_iterator|exists|is_\w+|file_size|(?:weakly_)?canonical|absolute"
    r"|read_symlink|(?:symlink_)?status|create_\w+|remove(?:_all)?|rename|copy\w*|permissions|last_write_time|resize_file|space)\(")
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:<([^>]+)>|"([^"]+)")', re.MULTILINE)


def layer_of(path):
    """'graph' for 'graph/blocks/rope.hpp', None for 'loose.cpp'."""
    return path.split("/")[0] if "/" in path else None


def may_include(path, included):
    """Whether src/`path` may include src/`included`."""
    layer, other = layer_of(path), layer_of(included)
    if layer not in ALLOWED or other is None or other not in {layer} | ALLOWED[layer]:
        return False
    for folder, pattern in OPEN_FOLDERS.items():
        own = Path(path).stem.removesuffix("_test")
        if path.startswith(folder + "/") and included != f"{folder}/{own}.hpp":
            return pattern.fullmatch(included) is not None
        if included.startswith(folder + "/") and not path.startswith(folder + "/"):
            return False
    return True


def faults_of_source(root, file):
    """What is wrong with the includes of a file below src/."""
    path = file.relative_to(root / "src").as_posix()
    is_test = path.endswith("_test.cpp")
    if layer_of(path) != "base" and not is_test:
        for name in RAW_CALL.findall(file.read_text(encoding="utf-8")):
            yield f"calls std::filesystem::{name} itself; base/folder.hpp has what throws an Error"
    for system, own in INCLUDE.findall(file.read_text(encoding="utf-8")):
        if is_test and (root / "tests" / own).is_file():
            continue
        if own and not (root / "src" / own).is_file():
            yield f"includes \"{own}\", which is no path below src/"
        elif own and not is_test and not may_include(path, own):
            yield f"may not include \"{own}\""
        elif system.startswith("openvino/") and layer_of(path) not in OPENVINO:
            yield f"may not include <{system}>"
        elif system == "openvino/openvino.hpp":
            yield "includes all of OpenVINO; name the headers that are needed"


def faults_of_cli(root, file):
    """What is wrong with the includes of a file below cli/."""
    for system, own in INCLUDE.findall(file.read_text(encoding="utf-8")):
        if own and not (root / "cli" / own).is_file():
            yield f"may not include \"{own}\": the command line sees only include/ovbake"
        elif system.startswith("openvino/"):
            yield f"may not include <{system}>"


def faults(root):
    """Every fault of a tree, as 'file: what'."""
    found = []
    for folder, check in (("src", faults_of_source), ("cli", faults_of_cli), ("include", faults_of_cli)):
        for file in sorted((root / folder).rglob("*")):
            if file.suffix in {".cpp", ".hpp"}:
                found += [f"{file.relative_to(root)}: {fault}" for fault in check(root, file)]
    return found


# file, its include, whether that is a fault
SELF_TEST = [
    ("src/base/a.cpp", '"base/json.hpp"', False),
    ("src/base/a.cpp", '"source/config.hpp"', True),
    ("src/base/a.cpp", "<openvino/core/node.hpp>", True),
    ("src/source/a.cpp", '"base/json.hpp"', False),
    ("src/source/a.cpp", '"config.hpp"', True),
    ("src/source/encodings/gptq.cpp", '"source/config.hpp"', False),
    ("src/source/encodings/gptq.cpp", '"source/checkpoint.hpp"', True),
    ("src/architecture/a.hpp", '"graph/ops.hpp"', True),
    ("src/architecture/families/llama.cpp", '"architecture/family.hpp"', False),
    ("src/architecture/families/llama.cpp", '"architecture/description/layer.hpp"', False),
    ("src/architecture/families/llama.cpp", '"source/config.hpp"', False),
    ("src/architecture/families/llama.cpp", '"base/error.hpp"', False),
    ("src/architecture/families/llama.cpp", '"source/checkpoint.hpp"', True),
    ("src/architecture/families/llama.cpp", '"architecture/families/qwen.hpp"', True),
    ("src/compression/formats/int4.cpp", '"compression/format.hpp"', False),
    ("src/compression/formats/int4.cpp", '"compression/formats/int4.hpp"', False),
    ("src/compression/formats/int4.cpp", '"compression/formats/int8.hpp"', True),
    ("src/compression/formats/int4.cpp", '"architecture/family.hpp"', True),
    ("src/compression/plan.cpp", '"compression/formats/int8.hpp"', True),
    ("src/compression/plan.cpp", '"weights/storage.hpp"', False),
    ("src/weights/storage.hpp", '"compression/format.hpp"', True),
    ("src/filling/fill.cpp", '"compression/format.hpp"', False),
    ("src/compression/plan.cpp", '"filling/fill.hpp"', True),
    ("src/graph/a.cpp", '"compression/format.hpp"', False),
    ("src/graph/a.cpp", "<openvino/core/model.hpp>", False),
    ("src/graph/a.cpp", "<openvino/openvino.hpp>", True),
    ("src/writer/a.cpp", '"graph/ops.hpp"', True),
    ("src/verify/a.cpp", '"writer/staging.hpp"', True),
    ("src/verify/a.cpp", '  #  include "writer/staging.hpp"', True),
    ("src/verify/a_test.cpp", '"writer/staging.hpp"', False),
    ("src/verify/a_test.cpp", '"support/files.hpp"', False),
    ("src/verify/a.cpp", '"support/files.hpp"', True),
    ("src/tokenizer/a.cpp", '"architecture/family.hpp"', True),
    ("src/strange/a.cpp", '"base/json.hpp"', True),
    ("src/baking/bake.cpp", '"verify/verify.hpp"', False),
    ("src/loose.cpp", '"base/json.hpp"', True),
    ("src/jinja/a.cpp", '"execution/openvino.hpp"', True),
    ("src/verify/a.cpp", '"run/sampler.hpp"', True),
    ("cli/main.cpp", '"progress.hpp"', False),
    ("cli/main.cpp", "<ovbake/ovbake.hpp>", False),
    ("cli/main.cpp", '"base/json.hpp"', True),
    ("cli/main.cpp", "<openvino/core/model.hpp>", True),
]
SELF_TEST_HEADERS = [
    "src/base/json.hpp", "src/base/error.hpp", "src/source/config.hpp",
    "src/source/checkpoint.hpp", "src/architecture/family.hpp",
    "src/architecture/description/layer.hpp", "src/architecture/families/qwen.hpp", "src/compression/format.hpp",
    "src/compression/formats/int4.hpp", "src/compression/formats/int8.hpp", "src/weights/storage.hpp",
    "src/filling/fill.hpp", "src/graph/ops.hpp",
    "src/writer/staging.hpp", "src/verify/verify.hpp", "src/execution/openvino.hpp", "src/run/sampler.hpp", "cli/progress.hpp",
    "tests/support/files.hpp",
]


# file, what it says, whether that is a fault
SELF_TEST_CALLS = [
    ("src/source/a.cpp", "if (fs::exists(file)) return;", True),
    ("src/source/a.cpp", "for (auto& entry : std::filesystem::directory_iterator(folder)) {}", True),
    ("src/source/a.cpp", "if (is_there(fs::path(file))) return;", False),
    ("src/source/a_test.cpp", "fs::remove_all(folder);", False),
    ("src/base/folder.cpp", "return fs::file_size(path, error);", False),
]


def self_test():
    """Proves that each kind of fault is seen and nothing else is."""
    for name, text, is_fault in SELF_TEST_CALLS:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, name)
            file.parent.mkdir(parents=True)
            file.write_text(text)
            assert bool(faults(Path(folder))) == is_fault, (name, text, faults(Path(folder)))
    for name, include, is_fault in SELF_TEST:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for file in [*SELF_TEST_HEADERS, name]:
                (root / file).parent.mkdir(parents=True, exist_ok=True)
                (root / file).touch()
            (root / name).write_text(include if "#" in include else f"#include {include}\n")
            assert bool(faults(root)) == is_fault, (name, include, faults(root))


def main():
    self_test()
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent)
    if not (root / "src").is_dir():
        sys.exit(f"{root} has no src/: nothing was checked.")
    found = faults(root)
    print("\n".join(found) or f"{root}: every include is allowed.")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
