#!/usr/bin/env python3
"""Bakes mixtures of experts whose checkpoints are holes, and says what time and memory that takes.

    mixtures.py --ovbake build/bin/ovbake [--large] [--out FOLDER]

Models of as many bytes have 8, 64 and 256 experts a layer: time grows with bytes, not with the number
of tensors; of three bakes the fastest counts. With --large also one of 101e9 parameters, once, for which
there must be room for 52 GB. Verification, which reads everything back, is counted; writes are not synced.
"""

import argparse
import json
import pathlib
import shutil
import sys
import tempfile

import measure

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "tools"))
from safetensors_writer import header_of, write_holes  # noqa: E402

HIDDEN, HEADS, KV_HEADS, HEAD_DIM, VOCAB = 4096, 32, 4, 128, 32000
INT4 = ["--group_size", "128"]
LARGE = {"experts": 128, "inner": 1536, "layers": 41}


def config(experts, inner, layers):
    return {
        "architectures": ["Qwen3MoeForCausalLM"],
        "model_type": "qwen3_moe",
        "hidden_size": HIDDEN,
        "intermediate_size": 12288,
        "moe_intermediate_size": inner,
        "num_experts": experts,
        "num_experts_per_tok": 8,
        "norm_topk_prob": True,
        "num_hidden_layers": layers,
        "num_attention_heads": HEADS,
        "num_key_value_heads": KV_HEADS,
        "head_dim": HEAD_DIM,
        "vocab_size": VOCAB,
        "torch_dtype": "bfloat16",
        "tie_word_embeddings": False,
    }


def shapes(experts, inner, layers):
    """As a published checkpoint stores them: by name, and each expert's weights apart."""
    found = {"model.embed_tokens.weight": (VOCAB, HIDDEN), "lm_head.weight": (VOCAB, HIDDEN),
             "model.norm.weight": (HIDDEN,)}
    for layer in range(layers):
        prefix = f"model.layers.{layer}."
        for name, rows in (("q", HEADS), ("k", KV_HEADS), ("v", KV_HEADS)):
            found[f"{prefix}self_attn.{name}_proj.weight"] = (rows * HEAD_DIM, HIDDEN)
        found[f"{prefix}self_attn.o_proj.weight"] = (HIDDEN, HEADS * HEAD_DIM)
        for name in ("q_norm", "k_norm"):
            found[f"{prefix}self_attn.{name}.weight"] = (HEAD_DIM,)
        for name in ("input_layernorm", "post_attention_layernorm"):
            found[f"{prefix}{name}.weight"] = (HIDDEN,)
        found[f"{prefix}mlp.gate.weight"] = (experts, HIDDEN)
        for expert in range(experts):
            for name in ("gate", "up"):
                found[f"{prefix}mlp.experts.{expert}.{name}_proj.weight"] = (inner, HIDDEN)
            found[f"{prefix}mlp.experts.{expert}.down_proj.weight"] = (HIDDEN, inner)
    return dict(sorted(found.items()))


def make(folder, **sizes):
    """Returns how many tensors and bytes the checkpoint has."""
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(config(**sizes)))
    tensors = shapes(**sizes)
    write_holes(folder / "model.safetensors", tensors, "BF16")
    return len(tensors), header_of(tensors, "BF16")[1]


def row(ovbake, scratch, sizes, repetitions=3):
    model, out = scratch / "model", scratch / "out"
    tensors, size = make(model, **sizes)
    command = [ovbake, "bake", "--model_id", model, "--output_dir", out, "--disable_convert_tokenizer",
               "--target", "any", "--no_fsync", "--quiet", *INT4]
    plan = measure.run([ovbake, "plan", "--model_id", model, "--target", "any", *INT4])
    bakes = []
    for _ in range(repetitions):
        shutil.rmtree(out, ignore_errors=True)
        bakes.append(measure.run(command))
    bake = min(bakes, key=lambda measured: measured.seconds)
    xml = sum(path.stat().st_size for path in out.rglob("*.xml"))
    written = (out / "openvino_model.bin").stat().st_size
    shutil.rmtree(model), shutil.rmtree(out)
    return (f"| {sizes['experts']} | {sizes['layers']} | {tensors} | {size / 1e9:.1f} | {written / 1e9:.1f} "
            f"| {plan.seconds:.1f} | {plan.peak_bytes / 1e6:.0f} | {bake.seconds:.1f} "
            f"| {size / 1e9 / bake.seconds:.2f} | {bake.peak_bytes / 1e6:.0f} | {xml / 1e6:.1f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ovbake", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, help="where there is room; else the usual place for such files")
    parser.add_argument("--large", action="store_true", help="also 101e9 parameters; needs 55 GB")
    arguments = parser.parse_args()
    ovbake = arguments.ovbake.resolve(strict=True)
    cases = [{"experts": experts, "inner": 32768 // experts, "layers": 6} for experts in (8, 64, 256)]
    if arguments.large:
        cases.append(LARGE)
    print("| experts | layers | tensors | GB in | GB out | plan s | plan MB | bake s | GB/s in | bake MB | XML MB |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for sizes in cases:
        with tempfile.TemporaryDirectory(dir=arguments.out) as scratch:
            print(row(ovbake, pathlib.Path(scratch), sizes, 1 if sizes is LARGE else 3), flush=True)


if __name__ == "__main__":
    main()
