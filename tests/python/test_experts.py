"""Experts as checkpoints store them: one by one in any order, or all of a layer in one tensor."""

import json
import pathlib
import re

import numpy as np
import pytest
from folders import constants, tree
from in_bfloat16 import write_in_bfloat16
from safetensors_writer import write_safetensors
from stored_tensors import stored_tensors

FAMILIES = pathlib.Path(__file__).parents[1] / "data/families"
RECORDED = json.loads((FAMILIES.parent / "experts.json").read_text())  # by tests/record/experts.py
EXPERTS, INNER, HIDDEN = 12, 24, 32
OPTIONS = ["--disable_convert_tokenizer", "--max_prompt_len", 16, "--min_response_len", 16, "--quiet"]


def by_expert(stacks):
    """{name: matrix} as published checkpoints have them."""
    names = {}
    for name, stack in stacks.items():
        for expert, matrix in enumerate(stack):
            names[name.replace("*", str(expert))] = matrix
    return names


def stacked(stacks):
    """{name: tensor} as transformers 5 holds them."""
    names = {}
    for name, stack in stacks.items():
        prefix = name.split(".*.")[0]
        if "gate_proj" in name:
            up = stacks[name.replace("gate_proj", "up_proj")]
            names[f"{prefix}.gate_up_proj"] = np.concatenate([stack, up], 1)
        elif "down_proj" in name:
            names[f"{prefix}.down_proj"] = stack
    return names


LAYOUTS = {
    "by number": by_expert,
    "by name": lambda stacks: dict(sorted(by_expert(stacks).items())),
    "last first": lambda stacks: dict(reversed(by_expert(stacks).items())),
    "stacked": stacked,
}


def write(folder, layout):
    """Random weights, the same ones whatever the layout."""
    random = np.random.default_rng(4)
    config = json.loads((FAMILIES / "qwen3_moe/config.json").read_text()) | {"num_local_experts": EXPERTS}
    matrix = lambda *shape: random.standard_normal(shape).astype(np.float32)
    hidden, heads, kv_heads, head_dim = HIDDEN, 4, 2, 16
    tensors = {"model.embed_tokens.weight": matrix(96, hidden), "model.norm.weight": matrix(hidden),
               "lm_head.weight": matrix(96, hidden)}
    stacks = {}
    for layer in range(3):
        prefix = f"model.layers.{layer}."
        tensors |= {prefix + f"self_attn.{name}_proj.weight": matrix(rows * head_dim, hidden)
                    for name, rows in (("q", heads), ("k", kv_heads), ("v", kv_heads))}
        tensors |= {prefix + "self_attn.o_proj.weight": matrix(hidden, heads * head_dim)}
        tensors |= {prefix + f"self_attn.{name}_norm.weight": matrix(head_dim) for name in "qk"}
        tensors |= {prefix + name: matrix(hidden)
                    for name in ("input_layernorm.weight", "post_attention_layernorm.weight")}
        if layer in config["mlp_only_layers"]:
            tensors |= {prefix + f"mlp.{name}_proj.weight": matrix(48, hidden) for name in ("gate", "up")}
            tensors |= {prefix + "mlp.down_proj.weight": matrix(hidden, 48)}
            continue
        tensors |= {prefix + "mlp.gate.weight": matrix(EXPERTS, hidden)}
        stacks |= {prefix + f"mlp.experts.*.{name}_proj.weight": matrix(EXPERTS, INNER, hidden)
                   for name in ("gate", "up")}
        stacks |= {prefix + "mlp.experts.*.down_proj.weight": matrix(EXPERTS, hidden, INNER)}
    tensors |= LAYOUTS[layout](stacks)
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(config))
    write_safetensors(folder / "model.safetensors",
                      {name: (value.shape, lambda v=value: v) for name, value in tensors.items()}, "F32")
    return {name.replace(".*", ""): stack for name, stack in stacks.items()}


def bake(ovbake, model, out, *words):
    ovbake("bake", "--model_id", model, "--output_dir", out, *words, *OPTIONS)
    return constants(out)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_experts_are_stacked_in_the_order_of_their_numbers(ovbake, tmp_path, layout):
    stacks = write(tmp_path / "model", layout)
    stored = bake(ovbake, tmp_path / "model", tmp_path / "out", "--weight_format", "fp32")
    for name, stack in stacks.items():
        assert stored[name][0] == stack.tobytes(), name


@pytest.mark.parametrize("words", [["--group_size", 8], ["--no_sym", "--group_size", -1, "--ratio", 0.6],
                                   ["--group_size", -1, "--awq"]], ids=str)
def test_every_layout_gives_the_same_constants(ovbake, tmp_path, words):
    results = []
    for layout in LAYOUTS:
        write(tmp_path / layout, layout)
        results.append(bake(ovbake, tmp_path / layout, tmp_path / f"{layout}_out", *words, "--target", "any",
                            "--threads", 3))
    assert all(result == results[0] for result in results)


def test_any_number_of_threads_gives_the_same_folder(ovbake, tmp_path):
    write(tmp_path / "model", "last first")
    for threads in (1, 4):
        bake(ovbake, tmp_path / "model", tmp_path / f"{threads}", "--group_size", 8, "--threads", threads)
    assert tree(tmp_path / "1") == tree(tmp_path / "4")


def test_a_missing_expert_is_named(ovbake, tmp_path):
    write(tmp_path / "model", "by number")
    config = json.loads((tmp_path / "model/config.json").read_text()) | {"num_local_experts": EXPERTS + 1}
    (tmp_path / "model/config.json").write_text(json.dumps(config))
    refused = ovbake("plan", "--model_id", tmp_path / "model", status=3).stderr
    assert "model.layers.2.mlp.experts.12.down_proj.weight [32, 24] is missing" in refused


def test_mxfp4_blocks_are_moved(ovbake, tmp_path):
    model = FAMILIES / "gpt_oss_mxfp4"
    stored = stored_tensors(model / "model.safetensors")
    baked = bake(ovbake, model, tmp_path / "out", "--weight_format", "mxfp4", "--target", "any",
                 "--group_size_fallback", "ignore")
    for layer in range(2):
        for name in ("gate_up_proj", "down_proj"):
            prefix = f"model.layers.{layer}.mlp.experts.{name}"
            for ours, theirs in ((".weight", "_blocks"), (".weight/scale", "_scales")):
                assert baked[prefix + ours][0] == stored[prefix + theirs][2]


def plain_name(name):
    """As tests/record/experts.py calls what belongs to a router or to experts; else None."""
    found = re.fullmatch(r"model\.layers\.(\d+)\.\w+\.(experts\.(\w+)|gate|router(\.\w+)?)\.weight(/(?!awq_mul).*)?", name)
    return found and f"{found[1]}.{found[3] or 'router'}{found[5] or ''}"


@pytest.mark.parametrize("family, words", [(family, words) for family in RECORDED for words in RECORDED[family]])
def test_constants_are_nncfs(ovbake, tmp_path, family, words):
    stored = FAMILIES / family.removesuffix("-bf16")
    model = write_in_bfloat16(stored, tmp_path / "model") if family.endswith("-bf16") else stored
    baked = bake(ovbake, model, tmp_path / "out", *words.split(), "--target", "any")
    ours = {plain_name(name): digest for name, (_, digest) in baked.items() if plain_name(name)}
    assert ours == RECORDED[family][words]
