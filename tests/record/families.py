#!/usr/bin/env python3
"""Records what transformers computes for a tiny random checkpoint of every family.

    families.py [NAME ...]          (all of them where none is named)

Needs torch and transformers (tools/requirements-peers.txt). Writes tests/data/families/NAME/: a
checkpoint (config.json, model.safetensors in float32) with every feature of the family switched on,
and expected.npz (expected.py). Families that transformers does not know: published_families.py.
"""

import json
import sys

import numpy as np
import safetensors.torch
import torch
import transformers

from expected import DATA, VOCABULARY, write_expected

LONG_LENGTH = 48

COMMON = {
    "vocab_size": VOCABULARY,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 64,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "pad_token_id": 0,
}

ABSENT = object()  # for a key of COMMON that the family has no word for

SIZES = [key for key in COMMON if not key.endswith("_id") and key != "vocab_size"]
FALCON = {"model_type": "falcon", "intermediate_size": ABSENT, "num_key_value_heads": ABSENT}
GPT = {
    **{key: ABSENT for key in SIZES},
    "n_embd": 32,
    "n_layer": 2,
    "n_head": 4,
    "n_inner": 48,
    "n_positions": 64,
}
OPT = {"intermediate_size": ABSENT, "num_key_value_heads": ABSENT, "ffn_dim": 48}
BLOOM = {**{key: ABSENT for key in SIZES}, "model_type": "bloom", "hidden_size": 24, "n_layer": 2}

# Of two layers one has a window, which is shorter than every prompt of the test.
MIXED = {"sliding_window": 7, "layer_types": ["sliding_attention", "full_attention"]}
YARN = {"rope_type": "yarn", "rope_theta": 10000.0, "factor": 4.0, "original_max_position_embeddings": 8}
GEMMA3 = MIXED | {
    "head_dim": 16,
    "query_pre_attn_scalar": 24,
    "rope_parameters": {
        "sliding_attention": {"rope_type": "default", "rope_theta": 10000.0},
        "full_attention": {"rope_type": "linear", "rope_theta": 1000000.0, "factor": 8.0},
    },
}
GEMMA4 = {
    "intermediate_size": 24,
    "head_dim": 8,
    "global_head_dim": 16,
    "num_hidden_layers": 4,
    "num_kv_shared_layers": 2,
    "sliding_window": 7,
    "layer_types": ["sliding_attention", "full_attention"] * 2,
    "hidden_size_per_layer_input": 4,
    "vocab_size_per_layer_input": VOCABULARY,
    "use_double_wide_mlp": True,
    "final_logit_softcapping": 5.0,
}
MINISTRAL3 = {"head_dim": 16, "sliding_window": 7, "rope_parameters": YARN | {"llama_4_scaling_beta": 0.5}}
TINY_VISION = {
    "hidden_size": 8,
    "head_dim": 8,
    "intermediate_size": 8,
    "num_hidden_layers": 1,
    "num_attention_heads": 1,
    "num_key_value_heads": 1,
    "image_size": 4,
    "patch_size": 2,
}

# One entry a fixture. A window of 7 is shorter than every prompt of the test.
FIXTURES = {
    "llama": {"model_type": "llama", "tie_word_embeddings": False, "attention_bias": True, "mlp_bias": True},
    "llama_tied": {
        "model_type": "llama",
        "tie_word_embeddings": True,
        "head_dim": 16,
        "rope_parameters": {
            "rope_type": "llama3",
            "rope_theta": 500000.0,
            "factor": 8.0,
            "low_freq_factor": 1.0,
            "high_freq_factor": 4.0,
            "original_max_position_embeddings": 16,
        },
    },
    "llama_linear": {
        "model_type": "llama",
        "tie_word_embeddings": False,
        "rope_parameters": {"rope_type": "linear", "rope_theta": 10000.0, "factor": 4.0},
    },
    "llama_yarn": {
        "model_type": "llama",
        "tie_word_embeddings": False,
        "rope_parameters": {
            "rope_type": "yarn",
            "rope_theta": 10000.0,
            "factor": 4.0,
            "original_max_position_embeddings": 16,
            "beta_fast": 2.0,
        },
    },
    # Its long prompt is beyond max_position_embeddings, where the base grows.
    "llama_dynamic": {
        "model_type": "llama",
        "tie_word_embeddings": False,
        "head_dim": 16,
        "max_position_embeddings": 32,
        "rope_parameters": {"rope_type": "dynamic", "rope_theta": 10000.0, "factor": 4.0},
    },
    "mistral": {"model_type": "mistral", "tie_word_embeddings": False, "sliding_window": 7, "head_dim": 16},
    "mistral_full": {"model_type": "mistral", "tie_word_embeddings": False, "sliding_window": None},
    "qwen2": {
        "model_type": "qwen2",
        "tie_word_embeddings": True,
        "use_sliding_window": True,
        "sliding_window": 7,
        "max_window_layers": 1,
    },
    "qwen3": {"model_type": "qwen3", "tie_word_embeddings": False, "head_dim": 16},
    "granite": {
        "model_type": "granite",
        "tie_word_embeddings": True,
        "embedding_multiplier": 3.0,
        "attention_multiplier": 0.3,
        "residual_multiplier": 0.7,
        "logits_scaling": 5.0,
    },
    "olmo2": {"model_type": "olmo2", "tie_word_embeddings": False},
    "arcee": {"model_type": "arcee", "tie_word_embeddings": False},
    "phi3": {
        "model_type": "phi3",
        "tie_word_embeddings": False,
        "sliding_window": 7,
        "original_max_position_embeddings": 32,
        "rope_parameters": {
            "rope_type": "longrope",
            "rope_theta": 10000.0,
            "short_factor": [1.0, 1.1, 1.2, 1.3],
            "long_factor": [1.0, 2.0, 4.0, 8.0],
            "original_max_position_embeddings": 32,
        },
    },
    # Transformers turns every position by the long factors once the sequence is long.
    "phi3_long": {
        "model_type": "phi3",
        "tie_word_embeddings": False,
        "original_max_position_embeddings": 8,
        "rope_parameters": {
            "rope_type": "longrope",
            "rope_theta": 10000.0,
            "short_factor": [1.0, 1.1, 1.2],
            "long_factor": [1.0, 2.0, 4.0],
            "original_max_position_embeddings": 8,
            "partial_rotary_factor": 0.75,
        },
    },
    "gemma": {"model_type": "gemma", "head_dim": 16, "num_key_value_heads": 1},
    "gemma2": {
        "model_type": "gemma2",
        "head_dim": 16,
        "query_pre_attn_scalar": 24,
        "sliding_window": 7,
        "attn_logit_softcapping": 3.0,
        "final_logit_softcapping": 5.0,
    },
    "cohere": {"model_type": "cohere", "use_qk_norm": True, "logit_scale": 0.25},
    "gpt_neox": {
        "model_type": "gpt_neox",
        "tie_word_embeddings": False,
        "num_key_value_heads": None,
        "rope_parameters": {"rope_type": "default", "rope_theta": 10000.0, "partial_rotary_factor": 0.5},
    },
    "gpt_neox_serial": {
        "model_type": "gpt_neox",
        "tie_word_embeddings": False,
        "num_key_value_heads": None,
        "use_parallel_residual": False,
    },
    "falcon": FALCON,
    "falcon_new": FALCON
    | {"new_decoder_architecture": True, "num_kv_heads": 2, "bias": True, "tie_word_embeddings": False},
    # 16 heads have slopes that bfloat16 rounds.
    "falcon_alibi": FALCON
    | {"alibi": True, "num_attention_heads": 16, "multi_query": False, "parallel_attn": False, "bias": True},
    "gptj": GPT | {"model_type": "gptj", "rotary_dim": 4},
    "codegen": GPT | {"model_type": "codegen", "rotary_dim": 4, "n_head": 8},
    "gpt2": GPT | {"model_type": "gpt2", "scale_attn_by_inverse_layer_idx": True},
    "gpt_bigcode": GPT | {"model_type": "gpt_bigcode"},
    "gpt_bigcode_heads": GPT
    | {
        "model_type": "gpt_bigcode",
        "multi_query": False,
        "scale_attn_weights": False,
        "tie_word_embeddings": False,
    },
    "stablelm": {"model_type": "stablelm", "use_qkv_bias": True, "num_attention_heads": 2, "num_key_value_heads": 1},
    "stablelm_2": {
        "model_type": "stablelm",
        "qk_layernorm": True,
        "use_parallel_residual": True,
        "rope_parameters": {"rope_type": "default", "rope_theta": 10000.0, "partial_rotary_factor": 0.5},
    },
    "phi": {"model_type": "phi", "qk_layernorm": True},
    "starcoder2": {"model_type": "starcoder2", "sliding_window": 7},
    "persimmon": {"model_type": "persimmon", "num_key_value_heads": ABSENT},
    "opt": OPT | {"model_type": "opt"},
    # As the 350M model: norms behind the sums, a narrow embedding.
    "opt_narrow": OPT
    | {
        "model_type": "opt",
        "do_layer_norm_before": False,
        "word_embed_proj_dim": 16,
        "enable_bias": False,
        "layer_norm_elementwise_affine": False,
    },
    "biogpt": {"model_type": "biogpt", "num_key_value_heads": ABSENT},
    "xglm": {
        **{key: ABSENT for key in SIZES},
        "model_type": "xglm",
        "d_model": 32,
        "ffn_dim": 48,
        "num_layers": 2,
        "attention_heads": 4,
    },
    # Six heads: slopes of two series.
    "bloom": BLOOM | {"n_head": 6},
    "bloom_normed": BLOOM | {"n_head": 4, "apply_residual_connection_post_layernorm": True},
    "mpt": {
        **{key: ABSENT for key in SIZES},
        "model_type": "mpt",
        "d_model": 36,
        "n_heads": 6,
        "n_layers": 2,
        "max_seq_len": 64,
        "attn_config": {"clip_qkv": 1.5, "softmax_scale": 0.3},
    },
    "bitnet": {"model_type": "bitnet", "tie_word_embeddings": False},
    "gemma3_text": GEMMA3 | {"model_type": "gemma3_text", "final_logit_softcapping": 5.0},
    "gemma3": {
        "model_type": "gemma3",
        "text_config": COMMON | GEMMA3,
        "vision_config": TINY_VISION,
        "mm_tokens_per_image": 1,
    },
    "gemma4_text": GEMMA4 | {"model_type": "gemma4_text"},
    "gemma4_keys_as_values": GEMMA4
    | {
        "model_type": "gemma4_text",
        "num_kv_shared_layers": 0,
        "hidden_size_per_layer_input": 0,
        "attention_k_eq_v": True,
        "num_global_key_value_heads": 1,
    },
    "gemma4": {
        "model_type": "gemma4",
        "text_config": COMMON | GEMMA4 | {"tie_word_embeddings": True},
        "vision_config": TINY_VISION | {"position_embedding_size": 4},
    },
    "glm": {"model_type": "glm", "tie_word_embeddings": False, "head_dim": 16},
    "glm4": {"model_type": "glm4", "tie_word_embeddings": False, "head_dim": 16},
    "smollm3": {
        "model_type": "smollm3",
        "tie_word_embeddings": True,
        "attention_bias": True,
        "mlp_bias": True,
        "no_rope_layers": [1, 0],
        "use_sliding_window": True,
        "sliding_window": 7,
    },
    "cohere2": MIXED | {"model_type": "cohere2", "logit_scale": 0.25},
    "olmo": {"model_type": "olmo", "tie_word_embeddings": False, "clip_qkv": 0.8},
    "olmo3": MIXED | {"model_type": "olmo3", "tie_word_embeddings": False},
    "olmo3_yarn": MIXED | {"model_type": "olmo3", "tie_word_embeddings": False, "rope_parameters": YARN},
    "exaone4": MIXED | {"model_type": "exaone4", "tie_word_embeddings": False},
    "exaone4_full": {
        "model_type": "exaone4",
        "tie_word_embeddings": True,
        "sliding_window": None,
        "layer_types": ["full_attention"] * 2,
    },
    "ministral": MIXED | {"model_type": "ministral", "tie_word_embeddings": False, "head_dim": 16},
    "ministral3": MINISTRAL3 | {"model_type": "ministral3", "tie_word_embeddings": False},
    "mistral3": {
        "model_type": "mistral3",
        "tie_word_embeddings": False,
        "text_config": COMMON | MINISTRAL3 | {"model_type": "ministral3", "tie_word_embeddings": False},
        "vision_config": TINY_VISION,
    },
    "seed_oss": {
        "model_type": "seed_oss",
        "tie_word_embeddings": False,
        "head_dim": 16,
        "attention_out_bias": True,
        "mlp_bias": True,
    },
    "nemotron": {"model_type": "nemotron", "tie_word_embeddings": False, "attention_bias": True, "mlp_bias": True},
    "apertus": {"model_type": "apertus", "tie_word_embeddings": False, "attention_bias": True},
    "ernie4_5": {"model_type": "ernie4_5", "head_dim": 16, "use_bias": True},
    "helium": {
        "model_type": "helium",
        "tie_word_embeddings": False,
        "head_dim": 8,
        "attention_bias": True,
        "mlp_bias": True,
    },
    "hunyuan_v1_dense": {
        "model_type": "hunyuan_v1_dense",
        "tie_word_embeddings": False,
        "head_dim": 16,
        "attention_bias": True,
        "rope_parameters": {
            "rope_type": "dynamic",
            "rope_theta": 10000.0,
            "alpha": 50.0,
            "factor": 1.0,
            "beta_fast": 32,
            "beta_slow": 1,
            "mscale": 1.0,
            "mscale_all_dim": 1.0,
        },
    },
    "qwen2_full": {"model_type": "qwen2", "tie_word_embeddings": False},
}

# Transformers' eager attention adds ALiBi twice.
ATTENTION = {"falcon_alibi": "sdpa"}

# The long factors hold for a sequence from its ninth position on.
SHORTEST = {"phi3_long": 9}
LONG = {"llama_dynamic"}
# Published checkpoints lack the first part of the names that transformers 5 saves.
PUBLISHED_NAMES = {"gemma3"}


def randomize(model: torch.nn.Module, seed: int) -> None:
    """Every parameter random, large enough that each one moves the logits."""
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in model.named_parameters():
        noise = torch.randn(parameter.shape, generator=generator)
        is_norm = ("norm" in name or ".ln_" in name) and name.endswith("weight")
        parameter.data = 1 + 0.2 * noise if is_norm else 0.25 * noise
    for name, buffer in model.named_buffers():
        if name.endswith("layer_scalar"):
            buffer.data = 1 + 0.2 * torch.randn(buffer.shape, generator=generator)


def use_unscaled_rope_where_olmo3_slides(model: torch.nn.Module) -> None:
    """As transformers 4.57 and OLMo's own code do; 5.x scales the frequencies of every layer."""
    rotary = type(model.model.rotary_emb)
    plain = rotary(model.config)
    plain.inv_freq, plain.attention_scaling = rotary.compute_default_rope_parameters(model.config)

    def replace(module, args, kwargs):
        return args, kwargs | {"position_embeddings": plain(args[0], kwargs["position_ids"])}

    for layer, kind in zip(model.model.layers, model.config.layer_types):
        if kind == "sliding_attention":
            layer.register_forward_pre_hook(replace, with_kwargs=True)


def logits_of(model: torch.nn.Module, ids: np.ndarray) -> np.ndarray:
    with torch.no_grad():
        return model(torch.tensor(ids[None]), use_cache=False).logits[0].numpy()


def record(name: str) -> None:
    entry = FIXTURES[name]
    has_parts = "text_config" in entry
    settings = entry if has_parts else COMMON | entry
    settings = {key: value for key, value in settings.items() if value is not ABSENT}
    config = transformers.AutoConfig.for_model(**settings)
    auto = transformers.AutoModelForImageTextToText if has_parts else transformers.AutoModelForCausalLM
    model = auto.from_config(config, attn_implementation=ATTENTION.get(name, "eager")).float().eval()
    randomize(model, seed=len(name))
    if config.model_type == "olmo3":
        use_unscaled_rope_where_olmo3_slides(model)
    folder = DATA / name
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    if name in PUBLISHED_NAMES:
        weights = safetensors.torch.load_file(folder / "model.safetensors")
        renamed = {key.removeprefix("model."): tensor for key, tensor in weights.items()}
        safetensors.torch.save_file(renamed, folder / "model.safetensors", metadata={"format": "pt"})

    largest = write_expected(
        name, lambda ids: logits_of(model, ids), SHORTEST.get(name, 1), LONG_LENGTH if name in LONG else None
    )
    written = json.loads((folder / "config.json").read_text())
    print(f"{name}: {written['model_type']}, largest logit {largest:.2f}")


def main() -> None:
    for name in sys.argv[1:] or FIXTURES:
        record(name)


if __name__ == "__main__":
    main()
