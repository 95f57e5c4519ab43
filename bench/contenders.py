"""Who is measured: ovbake, a plain copy of the same bytes, and the peers that are installed."""

import dataclasses
import pathlib
import shutil
from collections.abc import Callable


@dataclasses.dataclass(frozen=True)
class Contender:
    name: str
    what: str  # one line for the table's reader
    command: Callable[[pathlib.Path], list]  # of the file or folder that it makes
    source: pathlib.Path  # what it reads, warmed before each run


def ovbake(program, model, *options):
    return lambda out: [program, "bake", "--model_id", model, "--output_dir", out, "--quiet",
                        "--disable_convert_tokenizer", *options]


def plain_copy(model, baked, *options):
    """Reads every byte of the source and writes as many as the result has."""
    read = f"cat {model}/*.safetensors > /dev/null"
    write = f"dd if={baked}/openvino_model.bin bs=4M status=none {' '.join(options)}"
    return lambda out: ["sh", "-c", f"{read} && mkdir {out} && {write} of={out}/copy"]


def optimum(peers, model):
    return lambda out: [
        peers / "bin/optimum-cli", "export", "openvino", "--model", model, "--task",
        "text-generation-with-past", "--weight-format", "int4", "--sym", "--group-size", "128",
        "--disable-convert-tokenizer", out]


def llama_cpp(peers, gguf):
    script = pathlib.Path(__file__).with_name("quantize_gguf.py")
    return lambda out: [peers / "bin/python", script, gguf, out]


def mlx(peers, model):
    return lambda out: [peers / "bin/mlx_lm.convert", "--hf-path", model, "--mlx-path", out,
                        "-q", "--q-bits", "4", "--q-group-size", "128"]


def find_peers(peers, model, make_gguf):
    """(contenders that are installed in the environment `peers`, names of those that are not)"""
    found, missing = [], []

    def add(name, what, installed, command, source):
        if installed:
            found.append(Contender(name, what, command(), source()))
        else:
            missing.append(name)

    add("optimum-cli", "`optimum-cli export openvino`: the same weights through PyTorch and NNCF",
        (peers / "bin/optimum-cli").exists(), lambda: optimum(peers, model), lambda: model)
    packages = list(peers.glob("lib/python3.*/site-packages"))
    has_llama = any((folder / "llama_cpp").is_dir() for folder in packages)
    add("llama.cpp", "its quantizer, bf16 GGUF to Q4_0; making that GGUF is not counted",
        has_llama, lambda: llama_cpp(peers, make_gguf()), lambda: make_gguf().parent)
    add("mlx_lm", "`mlx_lm.convert -q`, 4 bits, group size 128, on the CPU",
        (peers / "bin/mlx_lm.convert").exists(), lambda: mlx(peers, model), lambda: model)
    return found, missing


def remove(path):
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
