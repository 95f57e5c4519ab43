#!/usr/bin/env python3
"""Measures `ovbake bake --stream` beside its two halves, from a hub on the loopback of limited speed.

    stream.py --ovbake build/bin/ovbake --scratch models [--layers 8]

The halves: huggingface_hub's snapshot_download alone, and a bake of the folder alone. The speeds make the
download take a half, as long, and twice as long as the bake. Writes bench/results/stream.md.
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


def row(name, program, folder, scratch, speed):
    """What the three take at `speed`, in turns."""
    alone, halves, streams = [], [], []
    with hub(folder, speed):
        for _ in range(REPEATS):
            measure.warm(folder)
            alone.append(bake(program, folder, scratch / "out"))
            halves.append(download(scratch / "home"))
            shutil.rmtree(scratch / "home")
            streams.append(bake(program, "org/model", scratch / "out", "--stream"))
    ratios = [stream.seconds / max(bake.seconds, half.seconds)
              for stream, bake, half in zip(streams, alone, halves)]
    return "| {} | {} | {} | {} | {} | {} |".format(
        name, f"{speed / 1e6:.0f} MB/s", report.spread([run.seconds for run in halves]),
        report.spread([run.seconds for run in alone]),
        report.spread([run.seconds for run in streams]),
        f"{report.spread(ratios)}, {report.megabytes(max(run.peak_bytes for run in streams))}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ovbake", type=pathlib.Path, required=True)
    parser.add_argument("--scratch", type=pathlib.Path, required=True)
    parser.add_argument("--layers", type=int, default=8)
    arguments = parser.parse_args()
    arguments.scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=arguments.scratch) as name:
        scratch = pathlib.Path(name)
        folder = scratch / "model"
        make_random_model.make(folder, layers=arguments.layers)
        os.environ |= {"HF_HOME": str(scratch / "home"), "HF_HUB_DISABLE_PROGRESS_BARS": "1",
                       "HF_HUB_DISABLE_TELEMETRY": "1"}
        os.environ.pop("HF_HUB_OFFLINE", None)
        size = sum(path.stat().st_size for path in folder.glob("*.safetensors"))
        measure.warm(folder)
        alone = bake(arguments.ovbake, folder, scratch / "out").seconds
        rows = [row(name, arguments.ovbake, folder, scratch, size / (alone * factor))
                for name, factor in (("slow", 2), ("as fast as the bake", 1), ("fast", 0.5))]
    text = "\n".join([
        "# Baking while it downloads", "",
        f"{report.processor()}, {os.cpu_count()} cores; {report.megabytes(size)} of bf16 weights, INT4, "
        f"from a hub on the loopback that shares the cores; {REPEATS} turns, median (range).", "",
        "| line | speed | download alone, s | bake alone, s | bake --stream, s "
        "| × the slower alone, peak memory |", "|---|---|---|---|---|---|", *rows, ""])
    (HERE / "results/stream.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
