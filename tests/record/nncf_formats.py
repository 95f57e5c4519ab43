#!/usr/bin/env python3
"""Records what NNCF makes of the tiny models: tests/data/nncf.json.

    nncf_formats.py OUT.json [MODEL_DTYPE_TIED…]      in the environment of `make peers`

Each model is exported by optimum-intel as its command line does and then compressed by NNCF in every
configuration of the grid, AWQ aside where it would overflow f16. OUT.json lists the configurations, and for each
model: the format of every weight in each of them ("refused" where NNCF refuses, null where it was not asked), and
once for each weight and format the XXH3-128 of its constants' bytes (codes, zero point, scale, …), which must be
the same in every configuration. The models named are recorded anew beside those that OUT.json has.
"""

import itertools
import json
import re
import string
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import nncf
import openvino
import xxhash
from nncf import BackupMode, CompressWeightsMode
from nncf.quantization.advanced_parameters import AdvancedCompressionParameters, GroupSizeFallbackMode

import tiny_model
from exporter import export

INT4 = ["int4_sym", "int4_asym"]
GROUPED = INT4 + ["nf4", "fp4", "fp8_e4m3", "cb4", "int2_sym", "int3_sym"]
GROUPS = (32, 64, 128, -1)
FIXED = {"mxfp4": 32, "mxfp8_e4m3": 32, "nvfp4": 16}
REFUSALS = (
    nncf.InvalidGroupSizeError,
    nncf.ParameterNotSupportedError,
    nncf.UnsupportedModelError,
    nncf.ValidationError,
)
BACKUPS = ["", "none", "int8_sym"]
STORED = ("bf16", "f16", "f32")  # These in the whole grid, what config.json says otherwise in a part of it.
OTHER_BACKUP = ["mxfp4", "mxfp8_e4m3", "fp4", "fp8_e4m3"]  # those whose default is not int8_asym


def configurations(full, awq, tied):
    """Options by ovbake's names; `full`: the whole grid, else every format once and int4 mixed."""
    yield dict(weight_format="int8_asym")
    yield dict(weight_format="int8_sym")
    sizes = [(f, g) for f in GROUPED for g in GROUPS] + list(FIXED.items())
    for name, group in sizes:
        fallback = "ignore" if name in FIXED else "adjust"
        base = dict(weight_format=name, group_size=group, group_size_fallback=fallback)
        mixed = full or (name == "int4_sym" and group == 64)
        if not mixed:
            yield base | dict(ratio=1, backup_precision="", all_layers=False)
            continue
        backups = BACKUPS + ["int8_asym"] * (name in OTHER_BACKUP)
        for ratio, backup, layers in itertools.product((1, 0.8, 0.5), backups, (False, True)):
            yield base | dict(ratio=ratio, backup_precision=backup, all_layers=layers)
    int4 = dict(weight_format="int4_sym", group_size=64, group_size_fallback="adjust")
    yield int4 | dict(group_size_fallback="ignore")
    yield int4 | dict(group_size_fallback="ignore", ratio=0.6)
    for ratio in (1, 0.7):
        yield int4 | dict(ratio=ratio, ignore=["*.mlp.down_proj.weight"])
        yield int4 | dict(ratio=ratio, ignore=["lm_head.weight", "*.1.self_attn.?_proj.weight"])
        if not tied:  # NNCF ignores operations: a shared weight then falls to the next one
            yield int4 | dict(ratio=ratio, ignore=["model.embed_tokens.weight"], all_layers=True)
    if awq:
        yield int4 | dict(awq=True)
        yield int4 | dict(awq=True, group_size=-1, all_layers=True)
        yield int4 | dict(awq=True, weight_format="int4_asym", ratio=0.8)
        yield int4 | dict(awq=True, weight_format="nf4", group_size=32)
        yield int4 | dict(awq=True, weight_format="int3_sym", group_size=32, ratio=0.5)
        yield int4 | dict(awq=True, weight_format="mxfp4", group_size=32, group_size_fallback="ignore")


ALL = list(configurations(full=True, awq=True, tied=False))


def node_pattern(pattern):
    """NNCF names the operation that uses a weight, by a regular expression."""
    module = re.escape(pattern.removesuffix(".weight")).replace(r"\*", ".*").replace(r"\?", ".")
    return f".*{module}/.*"


def compress(model, options):
    name = options["weight_format"]
    if name.startswith("int8"):
        return nncf.compress_weights(model, mode=CompressWeightsMode(name))
    backup = options.get("backup_precision")
    return nncf.compress_weights(
        model,
        mode=CompressWeightsMode(name),
        group_size=options["group_size"],
        ratio=options.get("ratio", 1),
        all_layers=options.get("all_layers", False),
        backup_mode=BackupMode(backup) if backup else None,
        awq=options.get("awq", False),
        ignored_scope=nncf.IgnoredScope(patterns=[node_pattern(p) for p in options.get("ignore", [])]),
        advanced_parameters=AdvancedCompressionParameters(
            group_size_fallback_mode=GroupSizeFallbackMode(options["group_size_fallback"])
        ),
    )


class Ir:
    """The constants of a saved model: name → (element type, shape, bytes)."""

    def __init__(self, xml):
        weights = Path(xml).with_suffix(".bin").read_bytes()
        self.constants = {}
        for layer in ElementTree.parse(xml).getroot().find("layers"):
            if layer.get("type") != "Const":
                continue
            d = layer.find("data")
            shape = [int(x) for x in d.get("shape").split(",")] if d.get("shape") else []
            start = int(d.get("offset"))
            data = bytearray(weights[start : start + int(d.get("size"))])
            kind = d.get("element_type")
            if kind in ("i4", "u4", "nf4", "f4e2m1") and np.prod(shape, dtype=int) % 2:
                data[-1] &= 15  # the other nibble is whatever was in memory
            self.constants[layer.get("name")] = (kind, shape, bytes(data))

    def weight(self, name):
        """(format, group size, bytes of its constants) of a tensor of the checkpoint."""
        base = "self." + name
        if base not in self.constants:
            base = base.removesuffix("weight") + "_openvino_orig_weight"
        kind, shape, data = self.constants[base]
        indices = self.constants.get(base + "_nncf_codebook_idxs")
        if base + "/scale" not in self.constants:
            return {"f32": "f32", "f16": "f16", "bf16": "bf16"}[kind], -1, data
        scale_kind, _, scale = self.constants[base + "/scale"]
        zero_point = self.constants.get(base + "/zero_point", ("", [], b""))
        second = self.constants.get(base + "/second_order_scale", ("", [], b""))
        names = {
            ("i4", "f16"): "int4_sym", ("u4", "f16"): "int4_asym", ("i8", "f16"): "int8_sym",
            ("u8", "f16"): "int8_asym", ("nf4", "f16"): "nf4", ("f4e2m1", "f16"): "fp4",
            ("f4e2m1", "f8e8m0"): "mxfp4", ("f4e2m1", "f8e4m3"): "nvfp4",
            ("f8e4m3", "f16"): "fp8_e4m3", ("f8e4m3", "f8e8m0"): "mxfp8_e4m3",
            ("u2", "f16"): "int2_sym", ("u3", "f16"): "int3_sym",
        }  # fmt: skip
        format_name = "cb4" if indices else names[kind, scale_kind]
        codes_shape = indices[1] if indices else shape
        group = codes_shape[-1] if len(codes_shape) == 3 else -1
        return format_name, group, data + (indices[2] if indices else b"") + zero_point[2] + scale + second[2]


def record(model, dtype, tied, scratch):
    """The entry of one model; runs are by the text of their options."""
    source, exported = scratch / "source", scratch / "exported"
    checkpoint = tiny_model.write(source, model, dtype, tied)
    export(source, exported)
    weights = [n for n, s in tiny_model.tensors(model, tied).items() if len(s) == 2]
    runs, digests = {}, {}
    awq = not (model == "adversarial" and "f16" in dtype.split("_"))
    for options in configurations(dtype in STORED, awq, tied):
        float_model = openvino.Core().read_model(exported / "openvino_model.xml")
        try:
            compressed = compress(float_model, options)
        except REFUSALS:
            runs[json.dumps(options)] = "refused"
            continue
        xml = scratch / "compressed.xml"
        openvino.save_model(compressed, xml, compress_to_fp16=False)
        ir = Ir(xml)
        kinds = []
        for name in weights:
            format_name, group, data = ir.weight(name)
            kinds.append(f"{format_name}:{group}" + ("+awq" if options.get("awq") else ""))
            digest = xxhash.xxh3_128_hexdigest(data)
            known = digests.setdefault(name, {}).setdefault(kinds[-1], digest)
            if known != digest:
                raise SystemExit(f"{model} {dtype} {name} {kinds[-1]}: differs between two runs")
        runs[json.dumps(options)] = kinds
    legend = legend_of(kinds for kinds in runs.values() if kinds != "refused")
    return {"model": model, "dtype": dtype, "tied": tied, "checkpoint": xxhash.xxh3_128_hexdigest(checkpoint),
            "legend": legend, "formats": [spelled(runs.get(json.dumps(options)), legend) for options in ALL],
            "digests": digests}  # fmt: skip


def legend_of(runs):
    """A letter for each format."""
    formats = sorted({kind for kinds in runs for kind in kinds})
    return dict(zip(string.ascii_letters, formats))


def spelled(kinds, legend):
    """The formats of a run as one letter a weight."""
    if kinds in (None, "refused"):
        return kinds
    letters = {kind: letter for letter, kind in legend.items()}
    return "".join(letters[kind] for kind in kinds)


def label(model, dtype, tied):
    return f"{model}_{dtype}_{'tied' if tied else 'untied'}"


def main():
    nncf.set_log_level(50)
    out, only = Path(sys.argv[1]), sys.argv[2:]
    known = json.loads(out.read_text())["models"] if out.exists() else []
    entries = {label(entry["model"], entry["dtype"], entry["tied"]): entry for entry in known}
    for case in itertools.product(tiny_model.MODELS, tiny_model.DTYPES, (False, True)):
        if only and label(*case) not in only:
            continue
        with tempfile.TemporaryDirectory() as scratch:
            entries[label(*case)] = record(*case, Path(scratch))
        print(label(*case), flush=True)
        lines = [",\n".join(json.dumps(one, separators=(",", ":")) for one in ones)
                 for ones in (ALL, (entries[name] for name in sorted(entries)))]  # fmt: skip
        out.write_text('{"configurations":[\n%s\n],"models":[\n%s\n]}\n' % tuple(lines))


if __name__ == "__main__":
    main()
