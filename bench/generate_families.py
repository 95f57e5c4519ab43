#!/usr/bin/env python3
"""Measures how fast the CPU device runs what ovbake and optimum-cli make of random models of nine families.

    generate_families.py --ovbake build/bin/ovbake --peers .peers [--scratch FOLDER] [--rounds 9]

Both make INT4, symmetric, in groups of 128; their models take turns (generate.py). Writes bench/results/generate.md.
What --scratch has from an earlier run is used again.
"""

import argparse
import os
import pathlib
import subprocess
import tempfile

import generate
import report

HERE = pathlib.Path(__file__).parent
FAMILIES = ["llama", "qwen2", "qwen3", "mistral", "phi3", "gemma2", "gemma3_text", "qwen3_moe", "gpt_oss"]
# Those that optimum-intel exports with older transformers alone, which `make peers` puts there.
OLDER_TRANSFORMERS = dict.fromkeys(["gemma2", "gemma3_text"], "transformers-5.0")
# What a row is called, its family, and what exports the other model.
ROWS = [(family, family, "optimum-cli") for family in FAMILIES] + [("gemma2, eager", "gemma2", "optimum_cli_eager.py")]
INT4 = ["--weight-format", "int4", "--sym", "--group-size", "128", "--disable-convert-tokenizer"]
TASK = ["--task", "text-generation-with-past"]


def make_missing(program, peers, family, exporter, folder):
    """(ovbake's model, the exporter's)"""
    model, ours, theirs = folder / "model", folder / "ovbake", folder / exporter
    environment = os.environ | {"HF_HUB_OFFLINE": "1"}
    if not model.exists():
        subprocess.run([peers / "bin/python", HERE / "random_family.py", family, model], check=True, env=environment)
    if not theirs.exists():
        if family in OLDER_TRANSFORMERS:
            environment["PYTHONPATH"] = str(peers / OLDER_TRANSFORMERS[family])
        script = HERE / exporter if exporter.endswith(".py") else peers / "bin" / exporter
        subprocess.run([peers / "bin/python", script, "export", "openvino", "--model", model, *TASK, *INT4, theirs],
                       check=True, env=environment)
    subprocess.run([program, "export", "openvino", "--model", model, *INT4, "--quiet", "--overwrite", ours], check=True)
    return ours / "openvino_model.xml", theirs / "openvino_model.xml"


def row(name, measured):
    cells = [f"{speeds[0]:.0f} | {speeds[1]:.0f} | {ratio}" for speeds, ratio in measured.values()]
    return f"| {name} | {' | '.join(cells)} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ovbake", type=pathlib.Path, required=True)
    parser.add_argument("--peers", type=pathlib.Path, required=True)
    parser.add_argument("--scratch", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=9)
    arguments = parser.parse_args()
    program, peers = arguments.ovbake.resolve(strict=True), arguments.peers.resolve()
    if not (peers / "bin/optimum-cli").exists():
        print("optimum-cli is not installed, so tokens a second are not compared")
        return
    lines = ["# Tokens a second on the CPU device", "",
             f"Made by `bench/generate_families.py` on {report.processor()}, {os.cpu_count()} cores: random models of some "
             "0.4e9 parameters, INT4 in groups of 128, as `ovbake export` and `optimum-cli export` make them. A round is a "
             f"prompt of {generate.PROMPT} tokens and {generate.STEPS} steps behind it, of both in turn; "
             f"medians over {arguments.rounds} rounds, and the ratios within rounds with their range.", "",
             "| family | prompt: ovbake | optimum-cli | ratio | steps: ovbake | optimum-cli | ratio |",
             "|---|---|---|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as temporary:
        scratch = arguments.scratch or pathlib.Path(temporary)
        for name, family, exporter in ROWS:
            models = make_missing(program, peers, family, exporter, scratch / family)
            lines.append(row(name, generate.compare(models, arguments.rounds)))
            print(lines[-1], flush=True)
    lines += ["", "optimum-cli's graph of gemma2 leaves the soft cap of attention scores out, without which attention is one "
              "fused node. That of the last row keeps it: `bench/optimum_cli_eager.py` is optimum-cli but for the attention "
              "that it asks transformers for."]
    (HERE / "results/generate.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
