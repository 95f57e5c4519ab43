#!/usr/bin/env python3
"""Bakes models and exports them with optimum-cli and NNCF, and demands the same bytes and logits.

    parity.py --ovbake build/bin/ovbake --sample FOLDER

The sample is compared in every source type, tied and with a head of its own (sample_variants.py).
Runs in the environment that `make peers` makes. For every case the compressed constants (codes,
scales, zero points) must be equal byte for byte, the logits of the stateful graphs in float32 within
1e-5 of the largest one over a prompt and eight cached steps, and optimum-intel must load our folder.
It must also generate from an export in each format.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

import numpy as np
import openvino as ov

import make_random_model
from sample_variants import AS_PUBLISHED, VARIANTS, write_variant

COMPRESSED = {"i4", "u4", "i8", "u8", "f16"}  # what weights and scales are stored as
F32 = {"INFERENCE_PRECISION_HINT": "f32", "KV_CACHE_PRECISION": "f32",
       "DYNAMIC_QUANTIZATION_GROUP_SIZE": "0"}
PROMPT, STEPS = 16, 8

RANDOM = "random Mistral"
MIXED = ["--group-size", "64", "--ratio", "0.8"]
EVERY_LAYER = ["--group-size", "32", "--ratio", "0.5", "--all-layers", "--backup-precision", "int8_sym"]
CASES = [  # random or a variant of the sample, options of both sides
    (AS_PUBLISHED, ["--group-size", "64"]),
    (AS_PUBLISHED, ["--group-size", "128"]),
    (AS_PUBLISHED, ["--group-size", "64", "--awq"]),
    *((variant, options) for variant in VARIANTS for options in (MIXED, EVERY_LAYER)),
    (RANDOM, ["--group-size", "128"]),
]
FORMATS = ["fp32", "fp16", "bf16", "int8_asym", "int8_sym", "int4_asym", "int4_sym", "nf4", "fp4", "cb4",
           "fp8_e4m3", "mxfp4", "mxfp8_e4m3", "nvfp4", "int2_sym", "int3_sym"]
OF_ONE_GROUP_SIZE = ["mxfp4", "mxfp8_e4m3", "nvfp4"]


def constants(xml, at_least=128):
    """{tensor name: {"" or "/scale" or "/zero_point": (element type, bytes)}} of an IR's weights.

    What has fewer bytes than `at_least` is none."""
    weights = np.memmap(xml.with_suffix(".bin"), np.uint8, "r")
    found = {}
    for layer in ElementTree.parse(xml).getroot().iterfind("layers/layer[@type='Const']"):
        data = layer.find("data")
        begin, size = int(data.get("offset")), int(data.get("size"))
        if data.get("element_type") not in COMPRESSED or size < at_least:
            continue
        tensor, part = plain_name(layer.get("name"))
        stored = (data.get("element_type"), weights[begin : begin + size])
        found.setdefault(tensor, {})[part] = stored
    return found


def plain_name(name):
    """The checkpoint's name of a tensor and the part that is meant, from either side's name."""
    part = next((end for end in ("/scale", "/zero_point") if name.endswith(end)), "")
    name = name.removesuffix(part).removeprefix("self.")
    name = name.replace("._openvino_orig_weight", ".weight").removeprefix("__module.")
    return name, part


def compare_constants(ours, peers):
    faults, equal = [], 0
    for tensor, parts in peers.items():
        for part, (kind, data) in parts.items():
            mine = ours.get(tensor, {}).get(part)
            if mine is None:
                faults.append(f"{tensor}{part} is missing")
            elif mine[0] != kind or not np.array_equal(mine[1], data):
                differing = np.count_nonzero(mine[1] != data) if mine[1].size == data.size else "all"
                faults.append(f"{tensor}{part}: {mine[0]} for {kind}, {differing} bytes differ")
            else:
                equal += 1
    surplus = [tensor for tensor in ours if tensor not in peers]
    return equal, faults + [f"{tensor} is surplus" for tensor in surplus]


def logits(xml):
    """Last rows over a prompt and then one token at a time."""
    model = ov.Core().compile_model(xml, "CPU", F32)
    request = model.create_infer_request()
    vocab = model.output("logits").partial_shape[-1].get_length()
    ids = np.random.default_rng(1).integers(3, vocab, PROMPT + STEPS)
    rows, past = [], 0
    for piece in [ids[:PROMPT], *ids[PROMPT:, None]]:
        total = past + len(piece)
        request.infer({
            "input_ids": piece[None],
            "attention_mask": np.ones((1, total), np.int64),
            "position_ids": np.arange(past, total)[None],
            "beam_idx": np.zeros(1, np.int32),
        })
        rows.append(request.get_tensor("logits").data[0, -1].copy())
        past = total
    return np.stack(rows)


def text_through_optimum(folder):
    from optimum.intel import OVModelForCausalLM
    from transformers import AutoTokenizer

    model = OVModelForCausalLM.from_pretrained(folder, ov_config=F32)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    prompt = tokenizer("The capital of France is", return_tensors="pt")
    return tokenizer.decode(model.generate(**prompt, max_new_tokens=16, do_sample=False)[0])


def tokenizer_options(model):
    return [] if (model / "tokenizer.json").exists() else ["--disable-convert-tokenizer"]


def export_with_peer(model, options, work):
    """The XML file that optimum-cli and NNCF make of `model`."""
    optimum = pathlib.Path(sys.executable).parent / "optimum-cli"
    command = [optimum, "export", "openvino", "--model", model, "--weight-format", "int4", "--sym",
               "--task", "text-generation-with-past", "--group-size-fallback", "adjust",
               *options, *tokenizer_options(model), work / "peer"]
    with open(work / "peer.log", "w") as log:
        subprocess.run(command, check=True, stdout=log, stderr=log)
    return work / "peer/openvino_model.xml"


def bake(ovbake, model, options, work):
    subprocess.run([ovbake, "bake", "--model-id", model, "--output-dir", work / "ours", "--quiet",
                    *options, *tokenizer_options(model)], check=True)
    return work / "ours/genai/openvino_model.xml"


def check(ovbake, model, options, work):
    """Whether all is equal; prints what was compared and what is not."""
    ours, peer = bake(ovbake, model, options, work), export_with_peer(model, options, work)
    equal, faults = compare_constants(constants(ours), constants(peer))
    mine, theirs = logits(ours), logits(peer)
    difference, largest = np.abs(mine - theirs).max(), np.abs(theirs).max()
    print(f"  constants: {equal} equal, {len(faults)} not")
    print(f"  logits: largest difference {difference:.3g}, of {largest:.3g}")
    if difference > 1e-5 * largest:
        faults.append("the logits differ")
    if not tokenizer_options(model):
        texts = [text_through_optimum(xml.parent) for xml in (ours, peer)]
        print(f"  through optimum-intel: {texts[0]!r}")
        if texts[0] != texts[1]:
            faults.append(f"the peer's text is {texts[1]!r}")
    for fault in faults[:10]:
        print(f"  FAULT: {fault}")
    return not faults


def write_models(sample, scratch):
    """{name: folder} of every model that CASES has."""
    random = scratch / "random"
    make_random_model.make(random, layers=2, hidden=512, intermediate=1024, heads=8, kv_heads=2, vocab=1000)
    return {RANDOM: random} | {variant: write_variant(sample, variant, scratch / variant) for variant in VARIANTS}


def check_format(ovbake, model, weight_format, work):
    """Whether optimum-intel loads and generates; prints the text."""
    group = [] if weight_format in OF_ONE_GROUP_SIZE else ["--group-size", "64"]
    subprocess.run([ovbake, "export", "openvino", "--model", model, "--weight-format", weight_format,
                    *group, "--quiet", work / "ours"], check=True)
    try:
        print(f"  {weight_format}: {text_through_optimum(work / 'ours')!r}", flush=True)
    except Exception as error:
        print(f"  FAULT: {weight_format}: {error}", flush=True)
        return False
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ovbake", type=pathlib.Path, required=True)
    parser.add_argument("--sample", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    ovbake = arguments.ovbake.resolve(strict=True)
    good = True
    with tempfile.TemporaryDirectory() as scratch:
        models = write_models(arguments.sample, pathlib.Path(scratch))
        for model, options in CASES:
            print(f"{model}:", *options, flush=True)
            with tempfile.TemporaryDirectory(dir=scratch) as work:
                good = check(ovbake, models[model], options, pathlib.Path(work)) and good
        print("optimum-intel's OVModelForCausalLM", flush=True)
        for weight_format in FORMATS:
            with tempfile.TemporaryDirectory(dir=scratch) as work:
                work = pathlib.Path(work)
                good = check_format(ovbake, arguments.sample, weight_format, work) and good
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
