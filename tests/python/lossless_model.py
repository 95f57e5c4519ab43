"""Small random checkpoints of which a bake with group_size 32 loses nothing.

Every weight of a projection is a whole number -8…7 times a power of two, every weight of an embedding
or lm_head -128…127 times one, and every group and row holds its lowest value: then the scales that
INT4 and INT8 compression choose are those powers of two, exactly, and every weight survives. So what
transformers computes from the checkpoint itself is what the baked graphs must compute.
"""

import dataclasses
import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
from safetensors_writer import to_bfloat16, write_safetensors  # noqa: E402

GROUP = 32


@dataclasses.dataclass(frozen=True)
class Case:
    model_type: str
    dtype: str = "BF16"
    tied: bool = False
    shards: int = 1
    qkv_bias: bool = False
    extra: tuple = ()  # further entries of config.json

    hidden: int = 64
    intermediate: int = 96
    layers: int = 3
    heads: int = 4
    kv_heads: int = 2
    head_dim: int = 16
    vocab: int = 160

    def config(self):
        name = {"llama": "Llama", "mistral": "Mistral", "qwen2": "Qwen2"}[self.model_type]
        torch_dtype = {"BF16": "bfloat16", "F16": "float16", "F32": "float32"}[self.dtype]
        return {
            "architectures": [f"{name}ForCausalLM"],
            "bos_token_id": 1,
            "eos_token_id": 2,
            "hidden_act": "silu",
            "hidden_size": self.hidden,
            "intermediate_size": self.intermediate,
            "max_position_embeddings": 512,
            "model_type": self.model_type,
            "num_attention_heads": self.heads,
            "num_hidden_layers": self.layers,
            "num_key_value_heads": self.kv_heads,
            "rms_norm_eps": 1e-05,
            "rope_theta": 10000.0,
            "tie_word_embeddings": self.tied,
            "torch_dtype": torch_dtype,
            "vocab_size": self.vocab,
            **dict(self.extra),
        }


CASES = {
    "llama": Case("llama"),
    "llama_tied_f16": Case("llama", dtype="F16", tied=True),
    "llama_sharded_f32": Case("llama", dtype="F32", shards=3),
    "mistral_sliding_window": Case("mistral", extra=(("sliding_window", 12),)),
    "qwen2_tied_sharded": Case("qwen2", qkv_bias=True, tied=True, shards=2),
}


def on_grid(generator, rows, columns, run, lowest, step):
    """Whole numbers lowest…-lowest-1 times `step`; the lowest one is in every run of a row."""
    grid = generator.integers(lowest, -lowest, (rows, columns // run, run))
    grid[..., 0], grid[..., 1] = lowest, -lowest - 1
    return (generator.permuted(grid, axis=-1) * step).astype(np.float32).reshape(rows, columns)


def weights(case, seed=11):
    """{name: float32 array}: exact in every dtype of a case."""
    generator = np.random.default_rng(seed)
    hidden, heads_width = case.hidden, case.heads * case.head_dim
    kv_width = case.kv_heads * case.head_dim

    def projection(rows, columns):
        return on_grid(generator, rows, columns, GROUP, -8, 2.0**-5)

    def vector(count, around):
        values = around + 0.25 * generator.standard_normal(count)
        return np.round(values * 64).astype(np.float32) / 64

    tensors = {"model.embed_tokens.weight": on_grid(generator, case.vocab, hidden, hidden, -128, 2.0**-6)}
    for layer in range(case.layers):
        prefix = f"model.layers.{layer}."
        for name, rows in (("q", heads_width), ("k", kv_width), ("v", kv_width)):
            tensors[f"{prefix}self_attn.{name}_proj.weight"] = projection(rows, hidden)
            if case.qkv_bias:
                tensors[f"{prefix}self_attn.{name}_proj.bias"] = vector(rows, 0)
        tensors[f"{prefix}self_attn.o_proj.weight"] = projection(hidden, heads_width)
        tensors[f"{prefix}mlp.gate_proj.weight"] = projection(case.intermediate, hidden)
        tensors[f"{prefix}mlp.up_proj.weight"] = projection(case.intermediate, hidden)
        tensors[f"{prefix}mlp.down_proj.weight"] = projection(hidden, case.intermediate)
        tensors[f"{prefix}input_layernorm.weight"] = vector(hidden, 1)
        tensors[f"{prefix}post_attention_layernorm.weight"] = vector(hidden, 1)
    tensors["model.norm.weight"] = vector(hidden, 1)
    if not case.tied:
        tensors["lm_head.weight"] = on_grid(generator, case.vocab, hidden, hidden, -128, 2.0**-9)
    return tensors


def stored(values, dtype):
    if dtype == "BF16":
        return to_bfloat16(values)
    return values.astype({"F16": np.float16, "F32": np.float32}[dtype])


def write_checkpoint(folder, case):
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(case.config(), indent=2))
    entries = {name: (values.shape, lambda v=values: stored(v, case.dtype))
               for name, values in weights(case).items()}
    if case.shards == 1:
        write_safetensors(folder / "model.safetensors", entries, case.dtype)
        return folder
    names, weight_map = list(entries), {}
    for shard in range(case.shards):
        file = f"model-{shard + 1:05d}-of-{case.shards:05d}.safetensors"
        part = {name: entries[name] for name in names[shard::case.shards]}
        write_safetensors(folder / file, part, case.dtype)
        weight_map |= dict.fromkeys(part, file)
    index = {"metadata": {}, "weight_map": weight_map}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    return folder


def prompt(case, length=48):
    return np.random.default_rng(5).integers(3, case.vocab, length)
