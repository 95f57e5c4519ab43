"""Writes a Hugging Face checkpoint as GGUF, as llama.cpp's converters do: names are gguf-py's own map, and what is done
to values is done as conversion/llama.py and conversion/gemma.py say."""

import json
import math
import re

import gguf
import numpy as np
from stored_tensors import stored_tensors

ARCHITECTURES = {"llama": "llama", "mistral": "llama", "mixtral": "llama", "qwen2": "qwen2", "qwen3": "qwen3",
                 "qwen2_moe": "qwen2moe", "qwen3_moe": "qwen3moe", "gemma": "gemma", "gemma2": "gemma2",
                 "gemma3_text": "gemma3", "phi3": "phi3", "smollm3": "smollm3"}
INTERLEAVED = {"llama", "smollm3"}
# Numbers of GGUF's keys by those of config.json.
KEYS = {"num_hidden_layers": "block_count", "max_position_embeddings": "context_length",
        "hidden_size": "embedding_length", "intermediate_size": "feed_forward_length",
        "num_attention_heads": "attention.head_count", "num_key_value_heads": "attention.head_count_kv",
        "sliding_window": "attention.sliding_window", "num_experts_per_tok": "expert_used_count",
        "moe_intermediate_size": "expert_feed_forward_length",
        "shared_expert_intermediate_size": "expert_shared_feed_forward_length"}
FLOATS = {"rms_norm_eps": "attention.layer_norm_rms_epsilon", "attn_logit_softcapping": "attn_logit_softcapping",
          "final_logit_softcapping": "final_logit_softcapping"}


def values_of(dtype, shape, data):
    if dtype == "BF16":
        return (np.frombuffer(data, np.uint16).astype(np.uint32) << 16).view(np.float32).reshape(shape)
    return np.frombuffer(data, {"F32": np.float32, "F16": np.float16}[dtype]).astype(np.float32).reshape(shape)


def read_checkpoint(folder):
    """config.json, and {name: values in f32}."""
    config = json.loads((folder / "config.json").read_text())
    return config, {name: values_of(*stored) for name, stored in stored_tensors(folder / "model.safetensors").items()}


def interleave(values, heads):
    """LlamaModel.permute."""
    return values.reshape(heads, 2, values.shape[0] // heads // 2, *values.shape[1:]).swapaxes(1, 2).reshape(values.shape)


def stack_experts(tensors):
    """Those of a layer as one, under the names that gguf-py's map has for it."""
    result, stacks = {}, {}
    for name, values in tensors.items():
        match = re.fullmatch(r"model\.layers\.(\d+)\.(?:mlp|block_sparse_moe)\.experts\.(\d+)\.(\w+)\.weight", name)
        if not match:
            result[name] = values
            continue
        layer, expert, part = match.groups()
        new = (f"layers.{layer}.feed_forward.experts.{part}.weight" if part.startswith("w") else
               f"model.layers.{layer}.mlp.experts.{part}.weight")
        stacks.setdefault(new, {})[int(expert)] = values
    return result | {name: np.stack([stack[i] for i in range(len(stack))]) for name, stack in stacks.items()}


def rope_factors(parameters, head_dim):
    """LlamaModel.generate_extra_tensors."""
    base, factor = parameters["rope_theta"], parameters["factor"]
    low, high = parameters["low_freq_factor"], parameters["high_freq_factor"]
    length = parameters["original_max_position_embeddings"]
    frequencies = 1.0 / (base ** (np.arange(0, head_dim, 2, dtype=np.float32) / np.float32(head_dim)))
    factors = []
    for frequency in frequencies:
        wavelength = 2 * math.pi / frequency
        if wavelength < length / high:
            factors.append(1)
        elif wavelength > length / low:
            factors.append(factor)
        else:
            smooth = (length / wavelength - low) / (high - low)
            factors.append(1 / ((1 - smooth) / factor + smooth))
    return np.array(factors, np.float32)


def changed(name, values, architecture, config):
    """What a converter does to a tensor before it stores it."""
    heads, kv_heads = config["num_attention_heads"], config.get("num_key_value_heads") or config["num_attention_heads"]
    if architecture in INTERLEAVED and re.search(r"q_proj\.(weight|bias)$", name):
        return interleave(values, heads)
    if architecture in INTERLEAVED and re.search(r"k_proj\.(weight|bias)$", name):
        return interleave(values, kv_heads)
    if architecture.startswith("gemma") and name.endswith("norm.weight"):
        return values + np.float32(1)
    if name.endswith("shared_expert_gate.weight"):
        return values.reshape(-1)
    return values


def add_metadata(writer, architecture, config):
    for keys, add in ((KEYS, writer.add_uint32), (FLOATS, writer.add_float32)):
        for name, key in keys.items():
            if config.get(name) is not None:
                add(f"{architecture}.{key}", config[name])
    if config.get("head_dim"):
        writer.add_key_length(config["head_dim"])
        writer.add_value_length(config["head_dim"])
    experts = config.get("num_experts") or config.get("num_local_experts")
    if experts:
        writer.add_expert_count(experts)
    head_dim = config.get("head_dim") or config["hidden_size"] // config["num_attention_heads"]
    rope = config.get("rope_parameters") or {}
    rope = rope.get("full_attention", rope)
    writer.add_rope_dimension_count(int(head_dim * rope.get("partial_rotary_factor", 1)))
    writer.add_rope_freq_base(rope.get("rope_theta", 10000.0))
    if rope.get("rope_type") in ("linear", "yarn"):
        writer.add_rope_scaling_type(gguf.RopeScalingType(rope["rope_type"]))
        writer.add_rope_scaling_factor(rope["factor"])
    if rope.get("rope_type") == "llama3":
        writer.add_tensor("rope_freqs.weight", rope_factors(rope, head_dim))
    if rope.get("rope_type") == "longrope":
        original = rope["original_max_position_embeddings"]
        scale = config["max_position_embeddings"] / original
        writer.add_rope_scaling_orig_ctx_len(original)
        writer.add_rope_scaling_attn_factors(math.sqrt(1 + math.log(scale) / math.log(original)))
        writer.add_tensor("rope_factors_long.weight", np.array(rope["long_factor"], np.float32))
        writer.add_tensor("rope_factors_short.weight", np.array(rope["short_factor"], np.float32))
    for key, add in (("bos", writer.add_bos_token_id), ("eos", writer.add_eos_token_id), ("pad", writer.add_pad_token_id)):
        if config.get(f"{key}_token_id") is not None:
            add(config[f"{key}_token_id"])


def write_gguf(path, config, tensors, store=None, add=None):
    """`store(name, values)` returns the bytes and the ggml type of a tensor, or None for F32; `add(writer)` adds more
    metadata. Returns {ggml's name: (shape, type)}."""
    architecture = ARCHITECTURES[config["model_type"]]
    names = gguf.get_tensor_name_map({name: key for key, name in gguf.MODEL_ARCH_NAMES.items()}[architecture],
                                     config["num_hidden_layers"])
    writer = gguf.GGUFWriter(path, architecture)
    add_metadata(writer, architecture, config)
    if add:
        add(writer)
    for name, values in stack_experts(tensors).items():
        stored = names.get_name(name, try_suffixes=(".weight", ".bias"))
        assert stored, f"gguf-py has no name for {name}"
        values = np.ascontiguousarray(changed(name, values, architecture, config), np.float32)
        packed = store and store(stored, values)
        if packed:
            data, kind = packed
            writer.add_tensor(stored, data, raw_dtype=kind)
        else:
            writer.add_tensor(stored, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
