#!/usr/bin/env python3
"""Proves that a change moved no byte: bakes every recorded fixture in every format, and in every form of graph, with
two programs, and compares all files that they write.

    tests/same_bytes.py REFERENCE PROGRAM [--only GLOB] [--jobs N]

REFERENCE is a build of the commit before. A case that the reference refuses must be refused in the same words.
What the reference wrote is remembered by its digests, so that a second run bakes half as much."""

import argparse
import concurrent.futures
import fnmatch
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

FIXTURES = pathlib.Path(__file__).parent / "data/families"
SMALL = ["--group_size", "8", "--group_size_fallback", "ignore"]
GROUPED = ["int2_sym", "int3_sym", "int4_sym", "int4_asym", "nf4", "fp4", "cb4", "fp8_e4m3"]
OTHERS = ["fp32", "fp16", "bf16", "int8_sym", "int8_asym", "mxfp4", "mxfp8_e4m3", "nvfp4"]
FALLBACK = ["--group_size_fallback", "ignore"]
WAYS = {
    **{name: ["--weight_format", name, *SMALL] for name in GROUPED},
    **{name: ["--weight_format", name, *(FALLBACK if name[-1] == "4" or name.startswith("mx") else [])]
       for name in OTHERS},
    "default": [],
    "awq": [*SMALL, "--awq"],
    "ratio": [*SMALL, "--no_sym", "--ratio", "0.5", "--awq"],
    "all_layers": ["--group_size", "-1", "--all_layers", "--backup_precision", "int8_sym"],
    "without_backup": ["--group_size", "-1", "--backup_precision", "none", "--allow_nonfinite", "--threads", "3"],
}
FORMS = {
    "with_past": [],
    "without_past": ["--task", "text-generation"],
    "stateless": ["--disable_stateful"],
}


def commands(checkpoint, out):
    """{case: arguments} for one fixture."""
    bake = ["bake", "--model_id", str(checkpoint), "--output_dir", str(out), "--max_prompt_len", "16",
            "--min_response_len", "16", "--target", "any", "--disable_convert_tokenizer", "--quiet"]
    cases = {way: [*bake, *options] for way, options in WAYS.items()}
    export = ["export", "openvino", "--model", str(checkpoint), "--disable-convert-tokenizer", "--quiet",
              "--weight-format", "int8"]
    return cases | {form: [*export, *options, str(out)] for form, options in FORMS.items()}


def digests(program, arguments, out):
    """{file: its digest, or where it links to}, or what the program said against it."""
    done = subprocess.run([program, *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        return {"status": str(done.returncode), "said": done.stderr.replace(str(out), "OUT")}
    files = {}
    for file in sorted(out.rglob("*")):
        name = file.relative_to(out).as_posix()
        if file.is_symlink():
            files[name] = f"-> {os.readlink(file)}"
        elif file.is_file():
            files[name] = hashlib.sha256(file.read_bytes()).hexdigest()
    return files


def bake_all(program, checkpoint):
    """{case: digests} of one fixture."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out"
        made = {}
        for case, arguments in commands(checkpoint, out).items():
            made[case] = digests(program, arguments, out)
            shutil.rmtree(out, ignore_errors=True)
        return made


def differences(reference, got):
    for case, files in reference.items():
        other = got[case]
        for name in sorted(files.keys() | other.keys()):
            if files.get(name) != other.get(name):
                yield f"{case}: {name}" + (f"\n  {files.get(name)}\n  {other.get(name)}" if name == "said" else "")


def remembered(program):
    """Where the digests of a program's files are kept: by its bytes and this script's."""
    key = hashlib.sha256(pathlib.Path(program).read_bytes() + pathlib.Path(__file__).read_bytes()).hexdigest()
    folder = pathlib.Path(tempfile.gettempdir()) / f"same_bytes-{key[:16]}"
    folder.mkdir(exist_ok=True)
    return folder


def compare(arguments, checkpoint):
    """The differences of one fixture, and how many files are alike."""
    memory = remembered(arguments.reference) / f"{checkpoint.name}.json"
    if not memory.exists():
        memory.write_text(json.dumps(bake_all(arguments.reference, checkpoint)))
    reference = json.loads(memory.read_text())
    found = list(differences(reference, bake_all(arguments.program, checkpoint)))
    return found, sum(len(files) for files in reference.values() if "status" not in files)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("reference")
    parser.add_argument("program")
    parser.add_argument("--only", default="*", help="names of fixtures")
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    checkpoints = sorted(path.parent for path in FIXTURES.glob("*/config.json")
                         if fnmatch.fnmatch(path.parent.name, arguments.only))
    files, wrong = 0, 0
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for checkpoint, (found, count) in zip(checkpoints, pool.map(lambda path: compare(arguments, path), checkpoints)):
            files, wrong = files + count, wrong + len(found)
            for line in found:
                print(f"{checkpoint.name} {line}", flush=True)
    print(f"{len(checkpoints)} fixtures, {files} files: {wrong} differ.")
    sys.exit(1 if wrong or files == 0 else 0)


if __name__ == "__main__":
    main()
