#!/usr/bin/env python3
"""Measures `ovbake tokenizer` beside openvino_tokenizers.convert_tokenizer on real vocabularies.

    compare_tokenizers.py --ovbake build/bin/ovbake --peers .peers --sample models/SmolLM2-135M-Instruct

Both IRs encode the same texts under the same OpenVINO, each in turn: the lines that tests compare, which mix
scripts, marks and controls, and whole files of this repository, as prompts are. What is wrong is what differs from
the `tokenizers` library on the lines. Writes bench/results/tokenizer.md.
"""

import argparse
import pathlib
import shutil
import statistics
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests/python"))

import measure  # noqa: E402
import report  # noqa: E402
from tokenizer_corpus import corpus  # noqa: E402
from tokenizer_reference import Baked, Reference  # noqa: E402
from tokenizer_vocabularies import JSON_VOCABULARIES  # noqa: E402

LINES = 3000
REPEATS = 5


def files():
    """What is written in this repository in English and C++, a text a file."""
    paths = (path for pattern in ("*.md", "src/**/*.[ch]pp") for path in HERE.parent.glob(pattern))
    return sorted((path.read_text() for path in paths), key=len)


def megabytes_a_second(baked, texts):
    start = time.perf_counter()
    for _ in baked.encode_lines(texts):
        pass
    return sum(len(text.encode()) for text in texts) / 1e6 / (time.perf_counter() - start)


def speeds(baked, texts):
    """{who: "megabytes a second (× the last)"}, medians of repeats in turn."""
    found = {who: [] for who in baked}
    for one in baked.values():
        megabytes_a_second(one, texts)
    for _ in range(REPEATS):
        for who, one in baked.items():
            found[who].append(megabytes_a_second(one, texts))
    last = found[list(baked)[-1]]
    return {who: f"{statistics.median(one):.2f} ({statistics.median(a / b for a, b in zip(one, last)):.2f})"
            for who, one in found.items()}


def rows(name, folder, commands, scratch):
    """One row for each of `commands`, which convert `folder`."""
    reference = Reference(folder)
    lines = sorted(corpus(LINES, reference.special_tokens), key=len)
    expected = [reference.encode(text) for text in lines]
    converted, baked = {}, {}
    for who, command in commands.items():
        converted[who] = measure.run(command(folder, scratch / who))
        baked[who] = Baked(scratch / who)
    wrong = {who: sum(a != b for a, b in zip(one.encode_lines(lines), expected)) for who, one in baked.items()}
    of_lines, of_files = speeds(baked, lines), speeds(baked, files())
    for who, run in converted.items():
        size = sum(path.stat().st_size for path in (scratch / who).glob("openvino_*"))
        yield [name, who, f"{wrong[who]} of {len(lines)}", of_lines[who], of_files[who],
               report.megabytes(size), f"{run.cpu_seconds:.1f}", report.megabytes(run.peak_bytes)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ovbake", type=pathlib.Path, required=True)
    parser.add_argument("--peers", type=pathlib.Path, default=pathlib.Path(".peers"))
    parser.add_argument("--sample", type=pathlib.Path, required=True)
    parser.add_argument("--results", type=pathlib.Path, default=HERE / "results")
    a = parser.parse_args()
    program, python = a.ovbake.resolve(strict=True), a.peers.absolute() / "bin/python"
    commands = {"ovbake": lambda folder, out: [program, "tokenizer", folder, out]}
    if python.exists():
        commands["openvino_tokenizers"] = lambda folder, out: [python, HERE / "convert_tokenizer.py", folder, out]
    table = [["vocabulary", "who", "wrong lines", "lines, MB/s", "files, MB/s", "IR", "converts, CPU s", "peak memory"]]
    table.append(["---"] * len(table[0]))
    sample = {"SmolLM2": lambda folder: shutil.copy(a.sample / "tokenizer.json", folder)}
    for name, write in (sample | JSON_VOCABULARIES).items():
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch) / "model"
            folder.mkdir()
            write(folder)
            table += rows(name, folder, commands, pathlib.Path(scratch))
    text = "\n".join(["# Tokenizers beside the usual converter", "",
                      f"Made by `make bench` on {report.processor()}. The same {LINES} lines of "
                      "tests/python/tokenizer_corpus.py, which mix scripts, marks and controls, and the sources and "
                      "texts of this repository, a file each, in batches of 50; lines are compared with the "
                      "`tokenizers` library. Megabytes are of UTF-8; in brackets: × openvino_tokenizers, by turns.", "",
                      *("| " + " | ".join(row) + " |" for row in table), ""])
    a.results.mkdir(exist_ok=True)
    (a.results / "tokenizer.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
