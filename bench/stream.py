#!/usr/bin/env python3
"""Measures `ovbake bake --stream` beside its two halves, from a hub on the loopback of limited speed.

    stream.py --ovbake build/bin/ovbake --scratch models [--layers 4] [--speeds 100 200 400]

The halves: a bake of the folder alone, and the line: the weights' bytes at the line's speed, which no download
can beat. huggingface_hub's snapshot_download stands beside them. Writes bench/results/stream.md.
"""

import argparse
import contextlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tools"))

import make_random_model  # noqa: E402
import measure  # noqa: E402
import report  # noqa: E402

SERVER = HERE.parent / "tests/python/hub_server.py"
REPEATS = 3
DOWNLOAD = "from huggingface_hub import snapshot_download; snapshot_download('org/model')"


@contextlib.contextmanager
def hub(folder, speed):
    """Serves `folder` as org/model at `speed` bytes a second while the block runs."""
    server = subprocess.Popen([sys.executable, SERVER, folder, str(speed)], stdout=subprocess.PIPE,
                              text=True)
    os.environ["HF_ENDPOINT"] = server.stdout.readline().strip()
    try:
        yield
    finally:
        server.kill()
        server.wait()


def bake(program, model, out, *options):
    shutil.rmtree(out, ignore_errors=True)
    return measure.run([program, "bake", "--model_id", model, "--output_dir", out, *options,
                        "--disable_convert_tokenizer", "--no_fsync", "--quiet"])


def download(home):
    shutil.rmtree(home, ignore_errors=True)
    return measure.run([sys.executable, "-c", DOWNLOAD])


def size_of(folder):
    return sum(path.stat().st_size for path in folder.glob("*.safetensors"))


def spread_of(runs):
    return report.spread([run.seconds for run in runs])


def row(program, folder, scratch, megabytes_a_second):
    """What the three take at one speed, in turns."""
    speed = megabytes_a_second * 10**6
    line = size_of(folder) / speed
    alone, downloads, streams = [], [], []
    with hub(folder, speed):
        for _ in range(REPEATS):
            measure.warm(folder)
            alone.append(bake(program, folder, scratch / "out"))
            downloads.append(download(scratch / "home"))
            shutil.rmtree(scratch / "home")
            streams.append(bake(program, "org/model", scratch / "out", "--stream"))
    ratios = [stream.seconds / max(bake.seconds, line) for stream, bake in zip(streams, alone)]
    return [f"{megabytes_a_second} MB/s", f"{line:.1f}", spread_of(alone), spread_of(downloads),
            spread_of(streams), report.spread(ratios, 2), report.megabytes(max(run.peak_bytes for run in streams))]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ovbake", type=pathlib.Path, required=True)
    parser.add_argument("--scratch", type=pathlib.Path, required=True)
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--speeds", type=int, nargs="+", default=[100, 200, 400], help="in MB/s")
    arguments = parser.parse_args()
    arguments.scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=arguments.scratch) as name:
        scratch = pathlib.Path(name)
        folder = scratch / "model"
        make_random_model.make(folder, layers=arguments.layers)
        os.environ |= {"HF_HOME": str(scratch / "home"), "HF_HUB_DISABLE_PROGRESS_BARS": "1",
                       "HF_HUB_DISABLE_TELEMETRY": "1"}
        os.environ.pop("HF_HUB_OFFLINE", None)
        measure.warm(folder)
        table = [["line", "the line alone, s", "bake alone, s", "snapshot_download, s", "bake --stream, s",
                  "× the slower of line and bake", "peak memory of --stream"]]
        table.append(["---"] * len(table[0]))
        table += [row(arguments.ovbake, folder, scratch, speed) for speed in arguments.speeds]
        size = report.megabytes(size_of(folder))
    text = "\n".join([
        "# Baking while it downloads", "",
        f"{report.processor()}, {os.cpu_count()} cores; {size} of bf16 weights, INT4, from a hub on the "
        f"loopback that shares the cores; {REPEATS} turns, median (range).", "",
        *("| " + " | ".join(cells) + " |" for cells in table), ""])
    (HERE / "results/stream.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
