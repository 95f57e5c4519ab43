#!/usr/bin/env python3
"""Measures how fast one core encodes each weight format, next to memcpy; writes results/formats.md.

    formats.py build/bin/ovbake_bench
"""

import argparse
import json
import pathlib
import subprocess
import tempfile

from report import processor

RESULTS = pathlib.Path(__file__).parent / "results"
REPETITIONS = 7


def measure(program):
    """{name: best speed of all repetitions, in bytes of source a second}"""
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        subprocess.run([program, f"--benchmark_out={report.name}", "--benchmark_min_time=0.1",
                        f"--benchmark_repetitions={REPETITIONS}"], check=True, stdout=subprocess.DEVNULL)
        runs = json.load(report)["benchmarks"]
    best = {}
    for run in runs:
        if run["run_type"] == "iteration":
            best[run["run_name"]] = max(best.get(run["run_name"], 0), run["bytes_per_second"])
    return best


def table(best):
    memory = best["memcpy of memory"]
    rows = [f"| {name} | {speed / 1e9:.2f} | {speed / memory:.2f} |"
            for name, speed in sorted(best.items(), key=lambda entry: -entry[1])]
    return "\n".join([
        "# Encoding speed of the weight formats", "",
        f"One core of {processor()}, by `make bench`: bfloat16 weights are read, encoded and left in memory, "
        f"best of {REPETITIONS} runs.", "",
        "| | GB/s of source | × memcpy of memory |", "|---|---|---|", *rows, ""])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=pathlib.Path)
    text = table(measure(parser.parse_args().program.resolve(strict=True)))
    (RESULTS / "formats.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
