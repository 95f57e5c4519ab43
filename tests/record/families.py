#!/usr/bin/env python3
"""Records what transformers computes for a tiny random checkpoint of every family.

    families.py [NAME ...]          (all of them where none is named)

Needs torch and transformers (tools/requirements-peers.txt). Writes tests/data/families/NAME/: a
checkpoint (config.json, model.safetensors in float32) with every feature of the family switched on,
and expected.npz (expected.py). config.json names the version of transformers that recorded it: 5.5.4, or 5.24.0 for
families that the other does not know. Families that transformers does not know: published_families.py.
"""

import json
import pathlib
import re
import sys

import numpy as np
import safetensors.torch
import torch
import transformers
from transformers.integrations.mxfp4 import convert_moe_packed_tensors

import fp8_weights
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
GEMMA4_UNIFIED = {key: value for key, value in GEMMA4.items() if not key.endswith("per_layer_input")}
MINISTRAL3 = {"head_dim": 16, "sliding_window": 7, "rope_parameters": YARN | {"llama_4_scaling_beta": 0.5}}
LONGROPE = {
    "rope_type": "longrope",
    "rope_theta": 10000.0,
    "short_factor": [1.0, 1.1, 1.2, 1.3],
    "long_factor": [1.0, 2.0, 4.0, 8.0],
    "original_max_position_embeddings": 32,
}
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

CLIP = {key: value for key, value in TINY_VISION.items() if key not in ("head_dim", "num_key_value_heads")}
CLIP |= {"model_type": "clip_vision_model", "projection_dim": 8}
QWEN_VISION = {"hidden_size": 32, "depth": 1, "num_heads": 1, "patch_size": 2, "spatial_merge_size": 1}
QWEN3_VISION = {
    "hidden_size": 8,
    "intermediate_size": 8,
    "out_hidden_size": 32,
    "num_position_embeddings": 4,
    "deepstack_visual_indexes": [0],
}
# Sections of time, height and width, in pairs of a head: one behind the other, or interleaved.
MROPE = {"rope_type": "default", "rope_theta": 1000000.0, "mrope_section": [2, 1, 1]}
MROPE_INTERLEAVED = MROPE | {"rope_theta": 5000000.0, "mrope_section": [4, 2, 2], "mrope_interleaved": True}

QWEN_MOE = {
    "num_hidden_layers": 3,
    "num_experts": 8,
    "num_experts_per_tok": 3,
    "moe_intermediate_size": 24,
    "mlp_only_layers": [1],
    "norm_topk_prob": True,
    "use_sliding_window": True,
    "sliding_window": 7,
    "tie_word_embeddings": False,
}

GPT_OSS = MIXED | {
    "model_type": "gpt_oss",
    "tie_word_embeddings": False,
    "head_dim": 16,
    "intermediate_size": 64,
    "num_local_experts": 4,
    "num_experts_per_tok": 2,
    "rope_parameters": YARN | {"truncate": False, "beta_fast": 2.0},
}
DEEPSEEK_MOE = {
    "tie_word_embeddings": False,
    "num_experts_per_tok": 3,
    "n_routed_experts": 8,
    "n_shared_experts": 2,
    "moe_intermediate_size": 24,
    "first_k_dense_replace": 1,
    "n_group": 4,
    "topk_group": 2,
    "norm_topk_prob": True,
    "routed_scaling_factor": 1.7,
}
LATENT = {
    "num_key_value_heads": 4,
    "q_lora_rank": 24,
    "kv_lora_rank": 16,
    "qk_nope_head_dim": 4,
    "qk_rope_head_dim": 8,
    "v_head_dim": 12,
    "rope_parameters": YARN | {"mscale": 0.707, "mscale_all_dim": 0.9, "beta_fast": 2.0},
}

# Of four layers every second is a mixture, and the last one sees all positions.
LLAMA4 = {
    "num_hidden_layers": 4,
    "head_dim": 16,
    "intermediate_size": 24,
    "intermediate_size_mlp": 40,
    "num_local_experts": 4,
    "interleave_moe_layer_step": 2,
    "attention_chunk_size": 5,
    "floor_scale": 6,
    "attn_scale": 0.5,
    "rope_parameters": {
        "rope_type": "llama3",
        "rope_theta": 500000.0,
        "factor": 16.0,
        "low_freq_factor": 1.0,
        "high_freq_factor": 1.0,
        "original_max_position_embeddings": 16,
    },
}

MULTIPLIERS = {
    "embedding_multiplier": 3.0,
    "attention_multiplier": 0.3,
    "residual_multiplier": 0.7,
    "logits_scaling": 5.0,
}
# A rope of its own for each layer, and none for the second.
GRANITE_SWA = MULTIPLIERS | {
    "num_hidden_layers": 3,
    "tie_word_embeddings": True,
    "attention_bias": True,
    "sliding_window": 7,
    "layer_types": ["sliding_attention", "full_attention", "sliding_attention"],
    "layer_rope_theta": [10000.0, 0, 500000.0],
}
GRANITE_MOE = {"num_local_experts": 6, "num_experts_per_tok": 2, "shared_intermediate_size": 40}
# As transformers 5.24 reads it.
NUM_EXPERTS = {"n_routed_experts": ABSENT, "n_shared_experts": ABSENT, "num_experts": 8, "num_shared_experts": 2}

MUSE_GLIMMER = {
    "num_hidden_layers": 4,
    "head_dim": 16,
    "attention_bias": True,
    "sliding_window": 7,
    "layer_types": ["sliding_attention", "sliding_attention", "full_attention", "full_attention"],
    "layer_rope_theta": [10000.0, 0, 10000.0, 0],
    "final_logit_softcapping": 5.0,
    "qk_scale_factor": 2.5,
    "output_multiplier": 0.4,
}

PHI4 = {
    "model_type": "phi4_multimodal",
    "tie_word_embeddings": True,
    "sliding_window": 7,
    "original_max_position_embeddings": 32,
    "rope_parameters": LONGROPE
    | {"short_factor": [1.0, 1.1, 1.2], "long_factor": [1.0, 2.0, 4.0], "partial_rotary_factor": 0.75},
    "vision_config": {
        "hidden_size": 8,
        "intermediate_size": 8,
        "num_hidden_layers": 2,
        "num_attention_heads": 1,
        "image_size": 4,
        "crop_size": 4,
        "patch_size": 2,
    },
    "audio_config": {
        "hidden_size": 8,
        "intermediate_size": 8,
        "num_blocks": 2,
        "num_attention_heads": 1,
        "ext_pw_out_channel": 8,
        "depthwise_separable_out_channel": 8,
        "input_size": 8,
        "nemo_conv_channels": 8,
    },
}

PHIMOE = {
    "model_type": "phimoe",
    "tie_word_embeddings": False,
    "sliding_window": 7,
    "attention_bias": True,
    "lm_head_bias": True,
    "num_local_experts": 6,
    "router_jitter_noise": 0.2,
    "original_max_position_embeddings": 32,
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
        "rope_parameters": LONGROPE,
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
    # With the width of MLPs that published models leave to the default.
    "gpt2_unscaled": GPT | {"model_type": "gpt2", "scale_attn_weights": False, "n_inner": None},
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
    "phi_2": {"model_type": "phi", "num_key_value_heads": 4},
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
    "gemma4_moe": GEMMA4
    | {
        "model_type": "gemma4_text",
        "num_hidden_layers": 6,
        # Of both types two layers could lend keys, and the later ones do.
        "layer_types": ["sliding_attention"] * 2 + ["full_attention"] * 2 + ["sliding_attention", "full_attention"],
        "hidden_size_per_layer_input": 0,
        "attention_k_eq_v": True,
        "num_global_key_value_heads": 1,
        "enable_moe_block": True,
        "num_experts": 8,
        "top_k_experts": 3,
        "moe_intermediate_size": 16,
    },
    "gemma4": {
        "model_type": "gemma4",
        "text_config": COMMON | GEMMA4 | {"tie_word_embeddings": True},
        "vision_config": TINY_VISION | {"position_embedding_size": 4},
    },
    "gemma4_unified_text": GEMMA4_UNIFIED
    | {
        "model_type": "gemma4_unified_text",
        "num_kv_shared_layers": 0,
        "attention_k_eq_v": True,
        "num_global_key_value_heads": 1,
    },
    "gemma4_unified": {
        "model_type": "gemma4_unified",
        "text_config": COMMON | GEMMA4_UNIFIED | {"tie_word_embeddings": True},
        "vision_config": {"patch_size": 2, "pooling_kernel_size": 1, "mm_embed_dim": 8, "mm_posemb_size": 4, "output_proj_dims": 8},
        "audio_config": {"audio_embed_dim": 8},
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
    # Vision-language models whose language model another fixture has: what is new is where it is
    # described, under which prefix it is stored, and the sections of multimodal RoPE.
    "llava": {"model_type": "llava", "text_config": COMMON | {"model_type": "llama"}, "vision_config": CLIP},
    "internvl": {
        "model_type": "internvl",
        "text_config": COMMON | {"model_type": "qwen2", "tie_word_embeddings": False},
        "vision_config": TINY_VISION | {"image_size": [4, 4], "patch_size": [2, 2]},
        "tie_word_embeddings": False,
    },
    "idefics3": {
        "model_type": "idefics3",
        "text_config": COMMON | {"model_type": "llama"},
        "vision_config": TINY_VISION,
        "scale_factor": 1,
    },
    "smolvlm": {
        "model_type": "smolvlm",
        "text_config": COMMON | {"model_type": "llama", "tie_word_embeddings": True},
        "vision_config": TINY_VISION,
        "scale_factor": 1,
        "tie_word_embeddings": True,
    },
    "qwen2_vl": {
        "model_type": "qwen2_vl",
        "text_config": COMMON | {"model_type": "qwen2_vl_text", "rope_parameters": MROPE},
        "vision_config": QWEN_VISION | {"embed_dim": 8},
    },
    "qwen2_5_vl": {
        "model_type": "qwen2_5_vl",
        "text_config": COMMON | {"model_type": "qwen2_5_vl_text", "rope_parameters": MROPE},
        "vision_config": QWEN_VISION | {"out_hidden_size": 32, "intermediate_size": 8},
        "tie_word_embeddings": True,
    },
    "qwen3_vl": {
        "model_type": "qwen3_vl",
        "text_config": COMMON
        | {"model_type": "qwen3_vl_text", "head_dim": 16, "rope_parameters": MROPE_INTERLEAVED},
        "vision_config": QWEN_VISION | QWEN3_VISION,
    },
    "qwen3_vl_moe": {
        "model_type": "qwen3_vl_moe",
        "text_config": COMMON
        | QWEN_MOE
        | {"model_type": "qwen3_vl_moe_text", "head_dim": 16, "rope_parameters": MROPE_INTERLEAVED},
        "vision_config": QWEN_VISION | QWEN3_VISION,
    },
    "seed_oss": {
        "model_type": "seed_oss",
        "tie_word_embeddings": False,
        "head_dim": 16,
        "attention_out_bias": True,
        "mlp_bias": True,
    },
    "seed_oss_published": {"model_type": "seed_oss", "tie_word_embeddings": False, "head_dim": 16},
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
    "qwen3_moe": QWEN_MOE | {"model_type": "qwen3_moe", "head_dim": 16},
    "qwen3_moe_all": QWEN_MOE | {"model_type": "qwen3_moe", "num_experts_per_tok": 8, "norm_topk_prob": False},
    "qwen3_moe_ties": QWEN_MOE | {"model_type": "qwen3_moe", "mlp_only_layers": [], "num_experts_per_tok": 4},
    "qwen2_moe": QWEN_MOE
    | {"model_type": "qwen2_moe", "mlp_only_layers": [], "decoder_sparse_step": 2, "num_hidden_layers": 4}
    | {"shared_expert_intermediate_size": 40, "max_window_layers": 2, "intermediate_size": 40},
    "mixtral": {
        "model_type": "mixtral",
        "tie_word_embeddings": False,
        "sliding_window": 7,
        "num_local_experts": 4,
        "num_experts_per_tok": 2,
    },
    "olmoe": {
        "model_type": "olmoe",
        "tie_word_embeddings": False,
        "clip_qkv": 0.8,
        "num_experts": 8,
        "num_experts_per_tok": 3,
        "norm_topk_prob": True,
    },
    "gpt_oss": GPT_OSS,
    "gpt_oss_mxfp4": GPT_OSS,
    "phimoe": PHIMOE | {"rope_parameters": LONGROPE | {"short_mscale": 1.2, "long_mscale": 1.2}},
    "phimoe_mscale": PHIMOE | {"rope_parameters": LONGROPE | {"short_mscale": 1.2, "long_mscale": 1.5}},
    "granitemoe": {
        "model_type": "granitemoe",
        "tie_word_embeddings": True,
        "embedding_multiplier": 3.0,
        "attention_multiplier": 0.3,
        "residual_multiplier": 0.7,
        "logits_scaling": 5.0,
        "num_local_experts": 6,
        "num_experts_per_tok": 2,
    },
    "glm4_moe": DEEPSEEK_MOE | {"model_type": "glm4_moe", "head_dim": 16, "attention_bias": True, "use_qk_norm": True},
    "dots1": DEEPSEEK_MOE | MIXED | {"model_type": "dots1", "attention_bias": True},
    "dots1_ungrouped": DEEPSEEK_MOE | {"model_type": "dots1", "n_group": 1, "topk_group": 1, "norm_topk_prob": False},
    "deepseek_v3": DEEPSEEK_MOE | LATENT | {"model_type": "deepseek_v3", "attention_bias": True},
    "deepseek_v3_low": DEEPSEEK_MOE | LATENT | {"model_type": "deepseek_v3"},
    "deepseek_v3_fp8": DEEPSEEK_MOE | LATENT | {"model_type": "deepseek_v3"},
    "deepseek_v3_plain": DEEPSEEK_MOE
    | LATENT
    | {"model_type": "deepseek_v3", "q_lora_rank": None, "n_group": 1, "topk_group": 1, "rope_parameters": None},
    "deepseek_v2": DEEPSEEK_MOE
    | LATENT
    | {"model_type": "deepseek_v2", "topk_method": "group_limited_greedy", "norm_topk_prob": False},
    "deepseek_v2_lite": DEEPSEEK_MOE
    | LATENT
    | {"model_type": "deepseek_v2", "q_lora_rank": None, "norm_topk_prob": False, "n_group": 1, "topk_group": 1},
    "ernie4_5_moe": {
        "model_type": "ernie4_5_moe",
        "num_hidden_layers": 4,
        "use_bias": True,
        "moe_num_experts": 8,
        "moe_k": 3,
        "moe_intermediate_size": 24,
        "moe_num_shared_experts": 2,
        "moe_layer_start_index": 1,
        "moe_layer_end_index": 2,
        "moe_layer_interval": 2,
    },
    "hunyuan_v1_moe": {
        "model_type": "hunyuan_v1_moe",
        "tie_word_embeddings": False,
        "head_dim": 16,
        "num_experts": 8,
        "moe_topk": [3, 3],
        "rope_parameters": {"rope_type": "dynamic", "rope_theta": 10000.0, "alpha": 50.0, "factor": 1.0},
    },
    "llama4_text": LLAMA4 | {"model_type": "llama4_text", "tie_word_embeddings": False, "attention_bias": True},
    "llama4": {
        "model_type": "llama4",
        "text_config": COMMON | LLAMA4 | {"use_qk_norm": False, "moe_layers": [0, 1, 2, 3]},
        "vision_config": {
            "hidden_size": 8,
            "intermediate_size": 8,
            "num_hidden_layers": 1,
            "num_attention_heads": 1,
            "image_size": 4,
            "patch_size": 2,
            "projector_input_dim": 8,
            "projector_output_dim": 8,
            "vision_output_dim": 8,
        },
    },
    # The blocks of the reference are shorter than its sequences.
    "minimax": {
        "model_type": "minimax",
        "num_hidden_layers": 4,
        "head_dim": 16,
        "sliding_window": 7,
        "layer_types": ["linear_attention", "full_attention", "linear_attention", "full_attention"],
        "block_size": 8,
        "num_local_experts": 6,
        "num_experts_per_tok": 3,
        "full_attn_alpha_factor": 1.3,
        "full_attn_beta_factor": 0.7,
        "linear_attn_alpha_factor": 1.5,
        "linear_attn_beta_factor": 0.8,
        "mlp_alpha_factor": 1.2,
        "mlp_beta_factor": 0.9,
    },
    "iquestcoder": {
        "model_type": "iquestcoder",
        "tie_word_embeddings": False,
        "head_dim": 16,
        "attention_bias": True,
        "mlp_bias": True,
        "clip_qkv": None,
        "use_sliding_window": False,
    },
    "cwm": MIXED
    | {
        "model_type": "cwm",
        "tie_word_embeddings": False,
        "head_dim": 16,
        "mlp_bias": True,
        "rope_parameters": {
            "rope_type": "llama3",
            "rope_theta": 1000000.0,
            "factor": 16.0,
            "low_freq_factor": 1.0,
            "high_freq_factor": 4.0,
            "original_max_position_embeddings": 16,
        },
    },
    "hyperclovax": MULTIPLIERS
    | {
        "model_type": "hyperclovax",
        "tie_word_embeddings": False,
        "head_dim": 16,
        "attention_bias": True,
        "mlp_bias": True,
        "logits_scaling": 0.125,
    },
    "hyperclovax_plain": {"model_type": "hyperclovax", "tie_word_embeddings": True, "use_post_norm": False},
    "granite_swa": GRANITE_SWA | {"model_type": "granite_swa", "mlp_bias": True},
    "granitemoe_swa": GRANITE_SWA | GRANITE_MOE | {"model_type": "granitemoe_swa"},
    "granitemoeshared": MULTIPLIERS | GRANITE_MOE | {"model_type": "granitemoeshared", "tie_word_embeddings": True},
    "jais2": {"model_type": "jais2", "tie_word_embeddings": False},
    "vaultgemma": {
        "model_type": "vaultgemma",
        "head_dim": 16,
        "query_pre_attn_scalar": 24,
        "sliding_window": 7,
        "attn_logit_softcapping": 3.0,
        "final_logit_softcapping": 5.0,
    },
    "nanochat": {
        "model_type": "nanochat",
        "tie_word_embeddings": False,
        "attention_bias": True,
        "final_logit_softcapping": 5.0,
    },
    "youtu": LATENT | {"model_type": "youtu", "attention_bias": True},
    "youtu_halves": LATENT
    | {"model_type": "youtu", "tie_word_embeddings": False, "q_lora_rank": None, "rope_interleave": False},
    "sarvam_mla": DEEPSEEK_MOE | LATENT | {"model_type": "sarvam_mla", "q_lora_rank": None, "attention_bias": True},
    "sarvam_moe": DEEPSEEK_MOE | {"model_type": "sarvam_moe", "head_dim": 16, "attention_bias": True},
    "glm4_moe_lite": DEEPSEEK_MOE
    | LATENT
    | {
        "model_type": "glm4_moe_lite",
        "first_k_dense_replace": ABSENT,
        "mlp_layer_types": ["dense", "sparse", "sparse"],
        "num_hidden_layers": 3,
        "attention_bias": True,
        "num_nextn_predict_layers": 1,
        "topk_method": "noaux_tc",
    },
    "minimax_m2": {
        "model_type": "minimax_m2",
        "tie_word_embeddings": False,
        "head_dim": 16,
        "intermediate_size": 24,
        "num_local_experts": 8,
        "num_experts_per_tok": 3,
        "rotary_dim": 8,
        "use_qk_norm": True,
        "qk_norm_type": "per_layer",
        "use_routing_bias": True,
        "scoring_func": "sigmoid",
        "shared_intermediate_size": 0,
        "use_mtp": True,
        "num_mtp_modules": 3,
        "mtp_transformer_layers": 1,
    },
    "exaone_moe": DEEPSEEK_MOE
    | NUM_EXPERTS
    | MIXED
    | {"model_type": "exaone_moe", "head_dim": 16, "sliding_window_pattern": "LG", "num_nextn_predict_layers": 1},
    "solar_open": DEEPSEEK_MOE
    | {
        "model_type": "solar_open",
        "first_k_dense_replace": ABSENT,
        "head_dim": 16,
        "attention_bias": True,
        "rope_parameters": YARN | {"beta_fast": 2.0},
    },
    "hy_v3": DEEPSEEK_MOE
    | NUM_EXPERTS
    | {
        "model_type": "hy_v3",
        **{key: ABSENT for key in ("first_k_dense_replace", "n_group", "topk_group", "norm_topk_prob")},
        "routed_scaling_factor": ABSENT,
        "router_scaling_factor": 1.7,
        "num_hidden_layers": 3,
        "mlp_layer_types": ["dense", "sparse", "sparse"],
        "head_dim": 16,
        "attention_bias": True,
        "mlp_bias": True,
        "num_nextn_predict_layers": 1,
    },
    "flex_olmo": {
        "model_type": "flex_olmo",
        "tie_word_embeddings": False,
        "num_experts": 6,
        "num_experts_per_tok": 3,
        "norm_topk_prob": True,
        "attention_bias": True,
    },
    # The first layer is dense, sees all positions, and knows them.
    "cohere2_moe": {
        "model_type": "cohere2_moe",
        "num_hidden_layers": 4,
        "head_dim": 16,
        "intermediate_size": 24,
        "logit_scale": 0.25,
        "sliding_window": 7,
        "first_k_dense_replace": 1,
        "prefix_dense_intermediate_size": 40,
        "sliding_window_pattern": 3,
        "num_experts": 8,
        "num_experts_per_tok": 3,
        "num_shared_experts": 2,
        "expert_selection_fn": "sigmoid",
    },
    "cohere2_moe_softmax": MIXED
    | {
        "model_type": "cohere2_moe",
        "tie_word_embeddings": False,
        "head_dim": 16,
        "attention_bias": True,
        "rms_norm_eps": 1e-5,
        "num_experts": 8,
        "num_experts_per_tok": 3,
        "num_shared_experts": 1,
        "shared_expert_combination_strategy": "sum",
    },
    "mellum": {
        "model_type": "mellum",
        "tie_word_embeddings": False,
        "num_hidden_layers": 3,
        "head_dim": 16,
        "attention_bias": True,
        "num_experts": 8,
        "num_experts_per_tok": 3,
        "moe_intermediate_size": 24,
        "sliding_window": 7,
        "layer_types": ["sliding_attention", "full_attention", "sliding_attention"],
        "mlp_layer_types": ["sparse", "dense", "sparse"],
        "rope_parameters": {
            "sliding_attention": {"rope_type": "default", "rope_theta": 10000.0},
            "full_attention": YARN | {"rope_theta": 500000.0, "beta_fast": 2.0},
        },
    },
    "mimo_v2_flash": DEEPSEEK_MOE
    | {
        "model_type": "mimo_v2_flash",
        **{key: ABSENT for key in ("first_k_dense_replace", "n_shared_experts")},
        "num_hidden_layers": 3,
        "num_key_value_heads": 1,
        "head_dim": 24,
        "v_head_dim": 16,
        "attention_bias": True,
        "sliding_window": 7,
        "layer_types": ["full_attention", "sliding_attention", "sliding_attention"],
        "mlp_layer_types": ["dense", "sparse", "sparse"],
        "attention_value_scale": 0.6,
    },
    # With an index that has all positions of a test.
    "deepseek_v32": DEEPSEEK_MOE
    | LATENT
    | {"model_type": "deepseek_v32", "attention_bias": True, "index_topk": 64, "index_head_dim": 16, "index_n_heads": 2},
    "glm_moe_dsa": DEEPSEEK_MOE
    | LATENT
    | {
        "model_type": "glm_moe_dsa",
        "num_hidden_layers": 3,
        "index_topk": 64,
        "index_head_dim": 16,
        "index_n_heads": 2,
        "indexer_types": ["full", "full", "shared"],
        "index_topk_freq": 2,
        "num_nextn_predict_layers": 1,
        "indexer_rope_interleave": True,
        "rope_parameters": {"rope_type": "default", "rope_theta": 8000000.0},
    },
    "muse_glimmer": {
        "model_type": "muse_glimmer",
        "tie_word_embeddings": False,
        "text_config": COMMON | MUSE_GLIMMER | {"tie_word_embeddings": False},
        "vision_config": {
            "hidden_size": 8,
            "intermediate_size": 8,
            "num_hidden_layers": 1,
            "num_attention_heads": 1,
            "patch_size": 2,
            "pos_emb_height": 2,
            "pos_emb_width": 2,
            "max_position_embeddings": 4,
        },
        "out_hidden_size": 32,
        "projector_hidden_size": 8,
    },
    "phi4_multimodal": PHI4,
    "phi4mm": PHI4,
    "dbrx": {
        **{key: ABSENT for key in SIZES},
        "model_type": "dbrx",
        "d_model": 32,
        "n_heads": 4,
        "n_layers": 2,
        "max_seq_len": 64,
        "attn_config": {"clip_qkv": 0.8, "kv_n_heads": 2, "rope_theta": 500000.0},
        "ffn_config": {"ffn_hidden_size": 24, "moe_num_experts": 6, "moe_top_k": 3, "moe_normalize_expert_weights": 1.0},
        "rope_parameters": {"rope_type": "default", "rope_theta": 500000.0},
    },
    "diffllama": {"model_type": "diffllama", "tie_word_embeddings": False, "head_dim": 16, "attention_bias": True},
    "gpt_neo": {
        **{key: ABSENT for key in SIZES},
        "model_type": "gpt_neo",
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_layers": 2,
        "num_heads": 4,
        "max_position_embeddings": 64,
        "attention_types": [[["global", "local"], 1]],
        "window_size": 7,
    },
    "gpt_neox_japanese": {
        "model_type": "gpt_neox_japanese",
        "num_key_value_heads": ABSENT,
        "intermediate_size": ABSENT,
        "intermediate_multiple_size": 2,
        "rope_parameters": {"rope_type": "default", "rope_theta": 10000.0, "partial_rotary_factor": 0.5},
    },
    "afmoe": {
        "model_type": "afmoe",
        "tie_word_embeddings": False,
        "num_hidden_layers": 3,
        "head_dim": 16,
        "num_dense_layers": 1,
        "moe_intermediate_size": 24,
        "num_experts": 8,
        "num_experts_per_tok": 3,
        "num_shared_experts": 2,
        "route_scale": 1.7,
        "global_attn_every_n_layers": 2,
        "sliding_window": 7,
        "mup_enabled": True,
    },
}

# Transformers' eager attention adds ALiBi twice.
ATTENTION = {"falcon_alibi": "sdpa"}

# The long factors hold for a sequence from its ninth position on.
SHORTEST = {"phi3_long": 9}
LONG = {"llama_dynamic", "phimoe_mscale"}
# With corrected scores below 0: transformers up to 5.5.4 gave 0 to experts outside the chosen groups, which then beat
# those inside; 5.24 gives them -inf, as DeepSeek's own code does, so these are recorded with 5.24.
LOW_SCORES = {"deepseek_v3_low"}
# Every expert has a twin with the same score, and whole pairs are chosen: which one of a pair would be,
# torch leaves open.
TIES = {"qwen3_moe_ties"}
# With those of the length of the name not every expert would be chosen.
SEEDS = {"flex_olmo": 13}
# With the experts of a layer as one tensor; else each of them has its own.
STACKED = {"qwen3_moe_all"}
MXFP4 = {"gpt_oss_mxfp4"}
FP8 = {"deepseek_v3_fp8"}
# Published checkpoints lack the first part of the names that transformers 5 saves.
PUBLISHED_NAMES = {"gemma3"}


PHI4_ADAPTED = ["self_attn.qkv_proj", "self_attn.o_proj", "mlp.gate_up_proj", "mlp.down_proj"]
# What published files say otherwise than transformers saves it.
PUBLISHED_KEYS = {
    "sarvam_mla": {
        "n_routed_experts": ABSENT,
        "n_shared_experts": ABSENT,
        "num_experts": 8,
        "num_shared_experts": 2,
        "q_head_dim": 12,
        "head_dim": 24,
        "rope_parameters": ABSENT,
        "rope_theta": 10000.0,
        "rope_scaling": {key: value for key, value in LATENT["rope_parameters"].items() if key != "rope_type"}
        | {"type": "deepseek_yarn"},
    },
    "sarvam_moe": {
        "n_routed_experts": ABSENT,
        "n_shared_experts": ABSENT,
        "attention_bias": ABSENT,
        "num_experts": 8,
        "num_shared_experts": 2,
        "use_qkv_bias": True,
    },
    "dbrx": {
        "rope_parameters": ABSENT,
        "attn_config": {"model_type": "", "clip_qkv": 0.8, "kv_n_heads": 2, "rope_theta": 500000.0},
        "ffn_config": {
            "model_type": "",
            "ffn_act_fn": {"name": "silu"},
            "ffn_hidden_size": 24,
            "moe_jitter_eps": 0.0,
            "moe_loss_weight": 0.05,
            "moe_normalize_expert_weights": 1.0,
            "moe_num_experts": 6,
            "moe_top_k": 3,
        },
    },
    "phi4mm": {
        "model_type": "phi4mm",
        "auto_map": {"AutoConfig": "configuration_phi4mm.Phi4MMConfig"},
        "vision_config": ABSENT,
        "audio_config": ABSENT,
        "embd_layer": {"embedding_cls": "image_audio"},
        "speech_lora": {"r": 4},
        "vision_lora": {"r": 4},
    },
}
# What published files hold beside the model: layers that predict further tokens, buffers.
BESIDE = {
    "glm4_moe_lite": {"model.layers.3.eh_proj.weight": (32, 64), "model.layers.3.shared_head.norm.weight": (32,)},
    "exaone_moe": {"mtp.fc.weight": (32, 64), "mtp.norm.weight": (32,)},
    "hy_v3": {"model.layers.3.eh_proj.weight": (32, 64), "model.layers.3.enorm.weight": (32,)},
    "mellum": {"mtp.eh_proj.weight": (32, 64), "mtp.layers.0.input_layernorm.weight": (32,)},
    "glm_moe_dsa": {"model.layers.3.eh_proj.weight": (32, 64), "model.layers.3.self_attn.indexer.wk.weight": (16, 32)},
    "mimo_v2_flash": {"model.mtp.layers.0.eh_proj.weight": (32, 64)},
    "phi4mm": {f"model.layers.{layer}.{module}.lora_{half}.speech.weight": (4, 4)
               for layer in range(2) for module in PHI4_ADAPTED for half in "AB"},
    "gpt_neo": {"transformer.h.0.attn.attention.bias": (1, 1, 64, 64), "transformer.h.0.attn.attention.masked_bias": ()},
}


def publish(name: str, folder: pathlib.Path) -> None:
    """Gives a saved checkpoint what published ones have."""
    config = json.loads((folder / "config.json").read_text()) | PUBLISHED_KEYS.get(name, {})
    config = {key: value for key, value in config.items() if value is not ABSENT}
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    tensors = safetensors.torch.load_file(folder / "model.safetensors")
    if name == "phi4mm":
        adapted = re.compile(rf"(model\.layers\..*\.(?:{'|'.join(PHI4_ADAPTED)}))\.weight")
        tensors = {adapted.sub(r"\1.base_layer.weight", key): tensor for key, tensor in tensors.items()}
    tensors |= {key: torch.ones(shape) for key, shape in BESIDE.get(name, {}).items()}
    safetensors.torch.save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


# Biases of scores: if they were large, all tokens would choose the same experts.
CORRECTIONS = ("correction_bias", "expert_bias")


def randomize(model: torch.nn.Module, seed: int) -> None:
    """Every parameter random, large enough that each one moves the logits."""
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in model.named_parameters():
        noise = torch.randn(parameter.shape, generator=generator)
        is_norm = ("norm" in name or ".ln_" in name) and name.endswith("weight") or name.endswith("router.scale")
        scale = 0.05 if name.endswith(CORRECTIONS) else 0.25
        parameter.data = 1 + 0.2 * noise if is_norm else scale * noise
    for name, buffer in model.named_buffers():
        if name.endswith("layer_scalar"):
            buffer.data = 1 + 0.2 * torch.randn(buffer.shape, generator=generator)
        if name.endswith(CORRECTIONS):
            buffer.data = 0.05 * torch.randn(buffer.shape, generator=generator)


def make_ties(model: torch.nn.Module) -> None:
    for name, parameter in model.named_parameters():
        if name.endswith("mlp.gate.weight"):
            half = len(parameter) // 2
            parameter.data[half:] = parameter.data[:half]


def lower_scores(model: torch.nn.Module) -> None:
    for name, tensor in [*model.named_parameters(), *model.named_buffers()]:
        if name.endswith(CORRECTIONS):
            tensor.data -= 1


class Mxfp4Experts:
    """Random blocks of 4-bit floats and their scales, as the published gpt-oss stores its experts."""

    def __init__(self, model: torch.nn.Module):
        generator = torch.Generator().manual_seed(3)
        random = lambda low, high, *shape: torch.randint(low, high, shape, generator=generator, dtype=torch.uint8)
        self.tensors, self.replaced = {}, []
        for name, parameter in model.named_parameters():
            if name.endswith(("experts.gate_up_proj", "experts.down_proj")):
                experts, columns, rows = parameter.shape
                blocks, scales = random(0, 256, experts, rows, columns // 32, 16), random(122, 126, experts, rows, columns // 32)
                parameter.data = convert_moe_packed_tensors(blocks, scales, dtype=torch.float32)
                self.tensors |= {f"{name}_blocks": blocks, f"{name}_scales": scales}
                self.replaced.append(name)

    def store(self, folder: pathlib.Path) -> None:
        tensors = safetensors.torch.load_file(folder / "model.safetensors")
        tensors = {name: tensor for name, tensor in tensors.items() if name not in self.replaced} | self.tensors
        safetensors.torch.save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
        config = json.loads((folder / "config.json").read_text())
        config["quantization_config"] = {"quant_method": "mxfp4", "modules_to_not_convert": ["lm_head"]}
        (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


# Of those that hand on something else than the chosen experts: which output the logits are.
ROUTERS_WITH_LOGITS = {"GraniteMoeTopKGating": 4, "Llama4Router": 1}
BEHIND_ROUTERS_WITH_LOGITS = ("ParallelExperts", "Llama4TextExperts")


def mend_deepseek_v2(model: torch.nn.Module) -> None:
    """Scales scores as DeepSeek's own code does (modeling_deepseek.py), and names what groups are made of."""
    rope = model.config.rope_parameters
    mscale = 0.1 * rope["mscale_all_dim"] * np.log(rope["factor"]) + 1
    for layer in model.model.layers:
        layer.self_attn.scaling *= mscale**2
        layer.mlp.num_experts = model.config.n_routed_experts


class ChosenExperts:
    """What the experts of every layer are given, token by token."""

    def __init__(self, model: torch.nn.Module):
        self.calls, self.counts = [], []
        for module in model.modules():
            kind = type(module).__name__
            if kind in ROUTERS_WITH_LOGITS:
                module.register_forward_hook(self.choose_by_logits)
            elif kind.endswith("Experts") and not kind.endswith(BEHIND_ROUTERS_WITH_LOGITS):
                module.register_forward_pre_hook(lambda _, args: self.calls.append(args[1].numpy()))
            else:
                continue
            self.counts.append(module.num_experts)

    def choose_by_logits(self, router, _, outputs):
        logits = outputs[ROUTERS_WITH_LOGITS[type(router).__name__]]
        self.calls.append(logits.topk(router.top_k, dim=1).indices.numpy())

    def of(self, sequences: int) -> np.ndarray:
        """[sequences, tokens, layers, k]; every expert is among them."""
        layers = len(self.counts)
        chosen = np.sort(np.stack(self.calls).reshape(sequences, layers, *self.calls[0].shape)).swapaxes(1, 2)
        for layer, count in enumerate(self.counts):
            assert len(np.unique(chosen[:, :, layer])) == count, f"not every expert of layer {layer} is chosen"
        return chosen


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


def use_long_factors_of_phimoe(model: torch.nn.Module) -> None:
    """As transformers up to 5.5.4 do; 5.24 forgets the length and takes the short factors always."""
    rotary = model.model.rotary_emb
    frequencies = rotary.rope_init_fn

    def note_length(module, args, kwargs):
        length = int((kwargs["position_ids"] if "position_ids" in kwargs else args[1]).max()) + 1
        module.rope_init_fn = lambda config, *_, **__: frequencies(config, None, seq_len=length)

    rotary.register_forward_pre_hook(note_length, with_kwargs=True)


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
    randomize(model, seed=SEEDS.get(name, len(name)))
    if name in TIES:
        make_ties(model)
    if name in LOW_SCORES:
        lower_scores(model)
    if config.model_type == "deepseek_v2":
        mend_deepseek_v2(model)
    mxfp4 = Mxfp4Experts(model) if name in MXFP4 else None
    if config.model_type == "olmo3":
        use_unscaled_rope_where_olmo3_slides(model)
    if config.model_type == "phimoe":
        use_long_factors_of_phimoe(model)
    folder = DATA / name
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    if mxfp4:
        mxfp4.store(folder)
    if name in FP8:
        fp8_weights.store(folder, model)
    if name in STACKED:
        safetensors.torch.save_file(model.state_dict(), folder / "model.safetensors", metadata={"format": "pt"})
    if name in PUBLISHED_NAMES:
        weights = safetensors.torch.load_file(folder / "model.safetensors")
        renamed = {key.removeprefix("model."): tensor for key, tensor in weights.items()}
        safetensors.torch.save_file(renamed, folder / "model.safetensors", metadata={"format": "pt"})

    if name in PUBLISHED_KEYS | BESIDE:
        publish(name, folder)

    chosen = ChosenExperts(model)
    largest = write_expected(
        name, lambda ids: logits_of(model, ids), SHORTEST.get(name, 1), LONG_LENGTH if name in LONG else None,
        chosen.of if chosen.counts else None,
    )  # fmt: skip
    written = json.loads((folder / "config.json").read_text())
    print(f"{name}: {written['model_type']}, largest logit {largest:.2f}")


def main() -> None:
    for name in sys.argv[1:] or FIXTURES:
        record(name)


if __name__ == "__main__":
    main()
