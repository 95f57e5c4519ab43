#!/usr/bin/env python3
"""Measures ovbake on a random Mistral beside a plain copy of the same bytes and every installed peer.

    compare.py --ovbake build/bin/ovbake --peers .peers [--layers 32] [--repeats 3]

Each run of another is paired with a run of ovbake just before it, and ratios are taken within pairs,
so that a machine that is busy for a while is busy for both. Writes bench/results/.
"""

import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tools"))

import contenders  # noqa: E402
import make_random_model  # noqa: E402
import measure  # noqa: E402
import report  # noqa: E402

LAYER_BYTES = 436_000_000  # of a 7B's layer in bf16


def fitting_layers(folder, peers):
    """The whole 7B, or as many of its layers as leave room for what is made of them beside it."""
    room = shutil.disk_usage(folder).free * 0.8
    share = 3.4 if peers.exists() else 1.6  # source, results; a peer's copy in 16 bits, a GGUF file
    return max(1, min(32, int(room / share / LAYER_BYTES) - 1))


def measured(contender, scratch):
    out = scratch / "out"
    measure.warm(contender.source)
    result = measure.run(contender.command(out))
    contenders.remove(out)
    print(f"  {contender.name}: {result.seconds:.1f} s, {result.peak_bytes / 1e6:.0f} MB", flush=True)
    return result


def pair_up(ours, other, repeats, scratch):
    return [(measured(ours, scratch), measured(other, scratch)) for _ in range(repeats)]


def durable_bake(program, model, scratch):
    """What ovbake says of one bake that waits for the disk; leaves it as `scratch`/baked."""
    done = subprocess.run([program, "bake", "--model_id", model, "--output_dir", scratch / "baked",
                           "--disable_convert_tokenizer"], check=True, capture_output=True, text=True)
    return "\n".join(line for line in done.stdout.split("\n\n")[0].splitlines() if line)


def gguf_maker(model, scratch):
    def make():
        folder = scratch / "gguf"
        if not folder.exists():
            folder.mkdir()
            subprocess.run([sys.executable, HERE / "make_gguf.py", model, folder / "model.gguf"],
                           check=True)
        return folder / "model.gguf"
    return make


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ovbake", type=pathlib.Path, required=True)
    parser.add_argument("--peers", type=pathlib.Path, default=pathlib.Path(".peers"))
    parser.add_argument("--scratch", type=pathlib.Path, default=pathlib.Path("models"))
    parser.add_argument("--layers", type=int, help="of 32; default: as many as the disk has room for")
    parser.add_argument("--repeats", type=int, default=3, help="pairs with the copy; peers get one")
    parser.add_argument("--results", type=pathlib.Path, default=HERE / "results")
    a = parser.parse_args()
    program, peers = a.ovbake.resolve(strict=True), a.peers.absolute()
    a.scratch.mkdir(parents=True, exist_ok=True)
    layers = a.layers or fitting_layers(a.scratch, peers)
    with tempfile.TemporaryDirectory(dir=a.scratch) as folder:
        scratch = pathlib.Path(folder).resolve()
        model = scratch / "model"
        source_bytes = make_random_model.make(model, layers=layers)
        stages = durable_bake(program, model, scratch)
        output_bytes = (scratch / "baked/openvino_model.bin").stat().st_size
        print(stages, flush=True)

        ours = contenders.Contender(
            "ovbake", "", contenders.ovbake(program, model, "--no_fsync"), model)
        copy = contenders.Contender(
            "plain copy", "`cat` of the source to nowhere, then `dd` of the result's bytes",
            contenders.plain_copy(model, scratch / "baked"), model)
        found, missing = contenders.find_peers(peers, model, gguf_maker(model, scratch))
        pairs = {copy: pair_up(ours, copy, a.repeats, scratch)}
        for peer in found:
            pairs[peer] = pair_up(ours, peer, 1, scratch)

    title = f"A random Mistral 7B ({layers} of 32 layers)" if layers < 32 else "A random Mistral 7B"
    a.results.mkdir(exist_ok=True)
    text = report.markdown(title, source_bytes, output_bytes, pairs, missing, stages)
    if report.draw(a.results / "bake.svg", title, pairs):
        text += "\n![wall time and peak memory](bake.svg)\n"
    (a.results / "bake.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
