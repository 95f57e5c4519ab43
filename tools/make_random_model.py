#!/usr/bin/env python3
"""Makes a Mistral checkpoint of random bfloat16 weights, of any size, as fast as the disk takes it.

    make_random_model.py OUT                        7B: 14.5 GB in shards
    make_random_model.py OUT --layers 2 --hidden 512 --intermediate 1024 --heads 8 --vocab 1000

Without a tokenizer: bake it with --disable_convert_tokenizer. Needs numpy.
"""

import argparse
import json
import math
import pathlib

import numpy as np

from safetensors_writer import to_bfloat16, write_safetensors

POOL = (1 << 24) - 3  # values drawn in all; each tensor is a window of them with its own start
SHARD_BYTES = 2 * 10**9

SIZES = {
    "layers": 32,
    "hidden": 4096,
    "intermediate": 14336,
    "heads": 32,
    "kv_heads": 8,
    "vocab": 32000,
    "sliding_window": 4096,
    "seed": 7,
}


class RandomWeights:
    def __init__(self, seed):
        generator = np.random.default_rng(seed)
        values = generator.standard_normal(POOL, dtype=np.float32) * np.float32(0.02)
        self.pool, self.starts = to_bfloat16(values), np.random.default_rng(seed + 1)

    def matrix(self, rows, columns):
        """(shape, function that returns the bits), as write_safetensors takes it."""
        start, count = int(self.starts.integers(POOL)), rows * columns

        def make():
            copies = math.ceil((start + count) / POOL)
            return np.tile(self.pool, copies)[start : start + count]

        return (rows, columns), make

    @staticmethod
    def ones(count):
        return (count,), lambda: to_bfloat16(np.ones(count))


def layer_tensors(index, a, weights):
    head_rows = a.hidden // a.heads
    attention = {
        "q_proj": (a.hidden, a.hidden),
        "k_proj": (a.kv_heads * head_rows, a.hidden),
        "v_proj": (a.kv_heads * head_rows, a.hidden),
        "o_proj": (a.hidden, a.hidden),
    }
    mlp = {
        "gate_proj": (a.intermediate, a.hidden),
        "up_proj": (a.intermediate, a.hidden),
        "down_proj": (a.hidden, a.intermediate),
    }
    prefix = f"model.layers.{index}"
    return {
        **{f"{prefix}.self_attn.{n}.weight": weights.matrix(*s) for n, s in attention.items()},
        **{f"{prefix}.mlp.{n}.weight": weights.matrix(*s) for n, s in mlp.items()},
        f"{prefix}.input_layernorm.weight": weights.ones(a.hidden),
        f"{prefix}.post_attention_layernorm.weight": weights.ones(a.hidden),
    }


def all_tensors(a):
    weights = RandomWeights(a.seed)
    tensors = {"model.embed_tokens.weight": weights.matrix(a.vocab, a.hidden)}
    for index in range(a.layers):
        tensors |= layer_tensors(index, a, weights)
    tensors["model.norm.weight"] = weights.ones(a.hidden)
    tensors["lm_head.weight"] = weights.matrix(a.vocab, a.hidden)
    return tensors


def split_into_shards(tensors):
    shards, size = [{}], 0
    for name, tensor in tensors.items():
        if size >= SHARD_BYTES:
            shards.append({})
            size = 0
        shards[-1][name] = tensor
        size += 2 * math.prod(tensor[0])
    return shards


def write_weights(out, tensors):
    shards, weight_map, total = split_into_shards(tensors), {}, 0
    for number, shard in enumerate(shards, 1):
        file = f"model-{number:05d}-of-{len(shards):05d}.safetensors"
        if len(shards) == 1:
            file = "model.safetensors"
        total += write_safetensors(out / file, shard)
        weight_map |= dict.fromkeys(shard, file)
    if len(shards) > 1:
        index = {"metadata": {"total_size": total}, "weight_map": weight_map}
        (out / "model.safetensors.index.json").write_text(json.dumps(index, indent=2) + "\n")
    return total


def config(a):
    return {
        "architectures": ["MistralForCausalLM"],
        "attention_dropout": 0.0,
        "bos_token_id": 1,
        "eos_token_id": 2,
        "hidden_act": "silu",
        "hidden_size": a.hidden,
        "initializer_range": 0.02,
        "intermediate_size": a.intermediate,
        "max_position_embeddings": 32768,
        "model_type": "mistral",
        "num_attention_heads": a.heads,
        "num_hidden_layers": a.layers,
        "num_key_value_heads": a.kv_heads,
        "rms_norm_eps": 1e-05,
        "rope_theta": 10000.0,
        "sliding_window": a.sliding_window,
        "tie_word_embeddings": False,
        "torch_dtype": "bfloat16",
        "use_cache": True,
        "vocab_size": a.vocab,
    }


def make(out, **sizes):
    """Makes the checkpoint, of SIZES where not said otherwise; returns its number of bytes."""
    a = argparse.Namespace(**{**SIZES, **sizes})
    out.mkdir(parents=True)
    size = write_weights(out, all_tensors(a))
    (out / "config.json").write_text(json.dumps(config(a), indent=2) + "\n")
    return size


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=pathlib.Path, help="folder to make; must not exist")
    for name, value in SIZES.items():
        parser.add_argument(f"--{name}", type=int, default=value, help=f"default: {value}")
    arguments = vars(parser.parse_args())
    out = arguments.pop("out")
    print(f"{out}: {make(out, **arguments) / 1e9:.2f} GB")


if __name__ == "__main__":
    main()
