#!/usr/bin/env python3
"""Records what NNCF makes of the experts of every fixture that optimum-intel exports: tests/data/experts.json.

    experts.py OUT.json [NAME ...]       in the environment of `make peers`; NAME may end in "-bf16"

Recorded is the XXH3-128 of every constant that a router or a stack of experts becomes, by the names that
ovbake gives them. The exporter folds the halves of a fused stack to constants of its own, so these are
known by the order in which a layer multiplies with them.
"""

import json
import re
import sys
import tempfile
from pathlib import Path

import nncf
import numpy as np
import openvino
import xxhash

from exporter import export, weight_of
from in_bfloat16 import write_in_bfloat16

FAMILIES = Path(__file__).parents[1] / "data/families"
BF16 = "-bf16"  # The fixture's weights, rounded.
EXPORTED = ["qwen3_moe", "mixtral", "qwen2_moe", "gpt_oss", "phimoe", "afmoe", "granitemoe"]
# Of AFMoE in bfloat16 the exporter writes whatever memory held where gates and ups should stand.
EXPORTED += [name + BF16 for name in EXPORTED if name != "afmoe"]
# A constant an expert, gate above up; which of them become INT4 by a ratio, or are scaled by AWQ, NNCF
# decides one by one.
LOOSE = {"granitemoe"}
# Its words for the others: no export configuration (olmoe, ernie4_5_moe, glm4_moe, dots1, hunyuan_v1_moe, minimax),
# and no transformers this new: 4.53.3 at most (deepseek_v2, deepseek_v3), 4.57.6 (llama4_text), 5.0 (gemma4_text,
# which that one does not know). Those whose modeling code comes with the checkpoint need that code.
PARTS = {2: ["gate_up_proj", "down_proj"], 3: ["gate_proj", "up_proj", "down_proj"]}
MODES = {
    "int4_sym": ({"mode": "int4_sym", "group_size": 8}, "--weight_format int4 --group_size 8"),
    "int4_asym": ({"mode": "int4_asym", "group_size": -1}, "--weight_format int4 --no_sym --group_size -1"),
    "int8_asym": ({"mode": "int8_asym"}, "--weight_format int8_asym"),
    "int8_sym": ({"mode": "int8_sym"}, "--weight_format int8_sym"),
    "nf4": ({"mode": "nf4", "group_size": 8}, "--weight_format nf4 --group_size 8"),
    "int4_sym, ratio 0.6": ({"mode": "int4_sym", "group_size": 8, "ratio": 0.6},
                            "--weight_format int4 --group_size 8 --ratio 0.6"),
    "int4_sym, AWQ": ({"mode": "int4_sym", "group_size": -1, "awq": True},
                      "--weight_format int4 --group_size -1 --awq"),
}  # fmt: skip


def digests(model):
    """{ovbake's name: digest}"""
    constants = {node.get_friendly_name(): node for node in model.get_ordered_ops()
                 if node.get_type_name() == "Constant"}  # fmt: skip
    stacks, routers = {}, {}
    for node in model.get_ordered_ops():
        weight = weight_of(node) if node.get_type_name() == "MatMul" else None
        layer = weight and re.search(r"layers\.(\d+)\..*(experts|moe|mlp)", node.get_friendly_name() + weight.get_friendly_name())
        if not layer or not node.input_value(1).get_partial_shape().is_static:
            continue
        if len(node.input_value(1).get_shape()) == 3:
            stacks.setdefault(int(layer[1]), []).append(weight.get_friendly_name())
        elif re.search(r"\.(gate|router|router\.layer|router\.gate)\.(weight|_openvino_orig_weight)$", weight.get_friendly_name()):
            routers[int(layer[1])] = weight.get_friendly_name()
    names = {name: f"{layer}.router" for layer, name in routers.items()}
    for layer, found in stacks.items():
        names |= {name: f"{layer}.{part}" for name, part in zip(found, PARTS[len(found)], strict=True)}
    result = {}
    for name, plain in names.items():
        for part in ("", "/zero_point", "/scale"):
            if name + part in constants:
                result[plain + part] = xxhash.xxh3_128_hexdigest(raw(constants[name + part]))
    return result | loose_digests(constants)


def loose_digests(constants):
    """Of experts that are constants of their own, put together as ovbake stacks them."""
    parts = {}
    for name, constant in sorted(constants.items(), key=lambda item: [int(n) for n in re.findall(r"\d+", item[0])]):
        found = re.search(r"layers\.(\d+)\..*\.(input|output)_linear/aten::select/Gather_\d+(/\w+)?$", name)
        if not found or not constant.get_output_partial_shape(0).is_static or len(constant.get_output_shape(0)) < 2:
            continue
        layer, which, part = found[1], found[2], found[3] or ""
        data = raw(constant)
        halves = {"down_proj": data} if which == "output" else {
            "gate_proj": data[: len(data) // 2], "up_proj": data[len(data) // 2 :]}  # fmt: skip
        for projection, half in halves.items():
            parts.setdefault(f"{layer}.{projection}{part}", []).append(half)
    return {name: xxhash.xxh3_128_hexdigest(b"".join(halves)) for name, halves in parts.items()}


def raw(constant):
    """The bytes of a constant; the half of the last one that an odd number of nibbles leaves is 0."""
    with tempfile.TemporaryDirectory() as scratch:
        model = openvino.Model([constant.output(0)], [], "one")
        openvino.save_model(model, f"{scratch}/one.xml", compress_to_fp16=False)
        data = bytearray(Path(scratch, "one.bin").read_bytes())
    if constant.get_element_type().bitwidth == 4 and int(np.prod(constant.get_shape())) % 2:
        data[-1] &= 15
    return bytes(data)


def record(name):
    with tempfile.TemporaryDirectory() as scratch:
        stored = FAMILIES / name.removesuffix(BF16)
        model = write_in_bfloat16(stored, Path(scratch, "source")) if name.endswith(BF16) else stored
        export(model, scratch)
        recorded = {}
        for title, (options, words) in MODES.items():
            if name.removesuffix(BF16) in LOOSE and options.keys() & {"ratio", "awq"}:
                continue
            model = openvino.Core().read_model(f"{scratch}/openvino_model.xml")
            mode = nncf.CompressWeightsMode(options["mode"])
            extra = {key: value for key, value in options.items() if key != "mode"}
            try:
                recorded[words] = digests(nncf.compress_weights(model, mode=mode, **({"ratio": 1} | extra if extra else {})))
            except Exception as error:
                print(name, title, "cannot be recorded:", repr(error)[:200], flush=True)
        return recorded


def main():
    nncf.set_log_level(50)
    out, only = Path(sys.argv[1]), sys.argv[2:]
    recorded = json.loads(out.read_text()) if only and out.exists() else {}
    for name in only or EXPORTED:
        try:
            recorded[name] = record(name)
        except Exception as error:
            print(name, "cannot be exported:", repr(error)[:300], flush=True)
            continue
        print(name, {words: len(entry) for words, entry in recorded[name].items()}, flush=True)
        out.write_text(json.dumps(recorded, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
