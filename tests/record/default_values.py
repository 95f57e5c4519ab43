#!/usr/bin/env python3
"""Records what stands for keys whose fixtures state something else: tests/data/default_values.json.

    default_values.py [NAME ...]    in the environment of `make peers`

Where default_keys.py leaves keys of a fixture out whose values are the default ones, here a fixture states others
first: what is filled in then is what transformers, or the configuration class beside a published checkpoint, has.
"""

import json
import sys
from pathlib import Path

import transformers

DATA = Path(__file__).parents[1] / "data"
MULTIPLIERS = ["attention_multiplier", "embedding_multiplier", "logits_scaling", "residual_multiplier"]
LATENT = ["head_dim", "kv_lora_rank", "q_lora_rank", "qk_nope_head_dim", "qk_rope_head_dim", "v_head_dim"]
DEEPSEEK = ["moe_intermediate_size", "n_routed_experts", "n_shared_experts", "routed_scaling_factor"]
# Fixture, what is stated otherwise than there, keys that are left out.
TRANSFORMERS = [
    ("afmoe", {"num_hidden_layers": 5}, ["global_attn_every_n_layers", "layer_types", "head_dim", "mup_enabled",
                                         "moe_intermediate_size", "num_experts", "num_experts_per_tok", "route_scale",
                                         "sliding_window"]),
    ("cohere2_moe", {}, ["expert_selection_fn", "head_dim", "num_experts", "num_experts_per_tok", "num_shared_experts",
                         "prefix_dense_intermediate_size", "sliding_window"]),
    ("cohere2_moe_softmax", {}, ["attention_bias", "rms_norm_eps", "shared_expert_combination_strategy",
                                 "tie_word_embeddings"]),
    ("cwm", {"num_hidden_layers": 5}, ["layer_types", "head_dim", "rope_parameters", "sliding_window"]),
    ("deepseek_v2", {}, [*LATENT, *DEEPSEEK, "topk_method", "first_k_dense_replace"]),
    ("deepseek_v3", {"num_hidden_layers": 5}, [*LATENT, *DEEPSEEK, "attention_bias", "first_k_dense_replace", "n_group",
                                               "num_experts_per_tok", "topk_group"]),
    ("deepseek_v32", {}, [*LATENT, *DEEPSEEK, "index_topk", "n_group", "num_experts_per_tok", "topk_group"]),
    ("dots1", {}, ["attention_bias", "first_k_dense_replace", "moe_intermediate_size", "n_group", "norm_topk_prob",
                   "routed_scaling_factor", "topk_group"]),
    ("dots1", {"num_hidden_layers": 3, "max_window_layers": 1}, ["layer_types"]),
    ("dots1", {}, ["sliding_window"]),
    ("ernie4_5", {}, ["head_dim", "use_bias"]),
    ("ernie4_5_moe", {}, ["moe_intermediate_size", "moe_k", "moe_layer_end_index", "moe_layer_interval",
                          "moe_layer_start_index", "moe_num_experts", "use_bias"]),
    ("exaone_moe", {}, ["moe_intermediate_size", "n_group", "num_experts", "num_experts_per_tok", "num_shared_experts",
                        "routed_scaling_factor", "sliding_window", "topk_group"]),
    ("glm", {}, ["head_dim"]),
    ("glm4", {}, ["head_dim"]),
    ("glm4_moe", {}, [*DEEPSEEK, "attention_bias", "n_group", "num_experts_per_tok", "topk_group", "use_qk_norm"]),
    ("glm4_moe_lite", {}, [*LATENT[1:], *DEEPSEEK, "n_group", "num_experts_per_tok", "topk_group"]),
    ("glm_moe_dsa", {}, [*LATENT, *DEEPSEEK, "index_topk", "n_group", "num_experts_per_tok", "topk_group"]),
    ("gpt_neo", {}, ["intermediate_size", "window_size"]),
    ("gpt_neox_japanese", {}, ["intermediate_multiple_size", "rope_parameters"]),
    ("gpt_oss", {}, ["head_dim", "num_experts_per_tok", "num_local_experts", "sliding_window"]),
    ("granite", {}, MULTIPLIERS),
    ("granite_swa", {"num_hidden_layers": 5}, ["layer_types", *MULTIPLIERS, "layer_rope_theta", "sliding_window",
                                               "tie_word_embeddings"]),
    ("granitemoe", {}, [*MULTIPLIERS, "num_local_experts", "tie_word_embeddings"]),
    ("granitemoeshared", {}, [*MULTIPLIERS, "num_local_experts", "shared_intermediate_size", "tie_word_embeddings"]),
    ("hy_v3", {}, ["head_dim", "moe_intermediate_size", "num_experts", "num_experts_per_tok", "num_shared_experts",
                   "rope_parameters", "router_scaling_factor"]),
    ("hyperclovax", {}, [*MULTIPLIERS, "head_dim", "use_post_norm"]),
    ("iquestcoder", {}, ["head_dim"]),
    ("mellum", {"num_hidden_layers": 5}, ["layer_types", "head_dim", "mlp_layer_types", "moe_intermediate_size",
                                          "num_experts_per_tok", "num_local_experts", "rope_parameters"]),
    ("mimo_v2_flash", {"num_hidden_layers": 7}, ["layer_types", "attention_value_scale", "head_dim", "mlp_layer_types",
                                                 "moe_intermediate_size", "n_routed_experts", "rope_parameters",
                                                 "routed_scaling_factor", "sliding_window", "v_head_dim"]),
    ("minimax_m2", {}, ["head_dim", "num_experts_per_tok", "num_local_experts", "rope_parameters"]),
    ("mixtral", {}, ["num_local_experts"]),
    ("olmoe", {}, ["intermediate_size", "norm_topk_prob", "num_experts", "num_experts_per_tok"]),
    ("phimoe", {}, ["attention_bias", "lm_head_bias", "num_local_experts", "router_jitter_noise"]),
    ("qwen2_moe", {}, ["decoder_sparse_step", "norm_topk_prob", "shared_expert_intermediate_size",
                       "use_sliding_window"]),
    ("qwen2_moe", {"num_hidden_layers": 30}, ["layer_types", "max_window_layers"]),
    ("qwen3_moe", {}, ["norm_topk_prob", "num_experts_per_tok", "use_sliding_window"]),
    ("sarvam_mla", {}, ["first_k_dense_replace", "kv_lora_rank", "moe_intermediate_size", "n_group", "num_experts_per_tok",
                        "qk_nope_head_dim", "qk_rope_head_dim", "routed_scaling_factor", "topk_group", "v_head_dim"]),
    ("sarvam_moe", {}, ["first_k_dense_replace", "head_dim", "moe_intermediate_size", "n_group", "num_experts_per_tok",
                        "rope_parameters", "routed_scaling_factor", "topk_group", "use_qk_norm"]),
    ("solar_open", {}, ["attention_bias", "head_dim", "moe_intermediate_size", "n_group", "n_routed_experts",
                        "n_shared_experts", "num_experts_per_tok", "rope_parameters", "routed_scaling_factor", "topk_group"]),
    ("vaultgemma", {"num_hidden_layers": 3}, ["layer_types", "head_dim", "query_pre_attn_scalar", "sliding_window"]),
    ("youtu", {}, [*LATENT, "tie_word_embeddings"]),
]  # fmt: skip
MINICPM = {"dim_model_base": 1, "scale_depth": 1, "scale_emb": 1, "tie_word_embeddings": True}
# What is filled in then stands in a class, whose file is named.
PUBLISHED = [
    # configuration_chatglm.py of THUDM/chatglm3-6b
    ("chatglm", {}, {"add_bias_linear": False, "add_qkv_bias": False, "layernorm_epsilon": 1e-5,
                     "multi_query_attention": False, "rmsnorm": True}),
    ("chatglm", {}, {"multi_query_group_num": 1}),
    # configuration_exaone.py of LGAI-EXAONE/EXAONE-3.0-7.8B-Instruct: hidden_size * 4, num_attention_heads
    ("exaone", {}, {"intermediate_size": 128, "layer_norm_epsilon": 1e-6, "num_key_value_heads": 4,
                    "tie_word_embeddings": True}),
    # configuration_internlm2.py of internlm/internlm2-7b: num_attention_heads
    ("internlm2", {}, {"bias": True, "num_key_value_heads": 4, "rms_norm_eps": 1e-6,
                       "tie_word_embeddings": False}),
    # configuration_internlm3.py of internlm/internlm3-8b-instruct
    ("internlm3", {}, {"bias": False, "qkv_bias": False}),
    # configuration_jais.py of inceptionai/jais-13b
    ("jais_mup", {}, {"activation_function": "gelu_new", "mup_embeddings_scale": 1.0, "mup_output_alpha": 1.0,
                      "mup_scale_qk_dot_by_d": False, "mup_width_scale": 1.0}),
    # configuration_minicpm.py of openbmb/MiniCPM-2B-sft-bf16 and openbmb/MiniCPM3-4B
    ("minicpm", {}, MINICPM),
    ("minicpm3", {}, MINICPM),
    ("minicpm_longrope", {}, {"max_position_embeddings": 2048}),
    # configuration_qwen.py of Qwen/Qwen-7B
    ("qwen", {}, {"layer_norm_epsilon": 1e-6, "no_bias": True, "use_dynamic_ntk": True, "use_logn_attn": True}),
]  # fmt: skip


def filled(fixture, stated, keys):
    config = json.loads((DATA / "families" / fixture / "config.json").read_text()) | stated
    unsaid = [*keys, "layer_types"] if stated else keys
    known = transformers.AutoConfig.for_model(**{key: value for key, value in config.items() if key not in unsaid})
    return {key: known.to_dict()[key] for key in keys}


def main():
    path, only = DATA / "default_values.json", set(sys.argv[1:])
    before = json.loads(path.read_text()) if only else []
    recorded = [(fixture, stated, filled(fixture, stated, keys)) for fixture, stated, keys in TRANSFORMERS
                if not only or fixture in only]  # fmt: skip
    if not only:
        recorded += PUBLISHED
    entries = [entry for entry in before if entry["fixture"] not in only]
    entries += [{"fixture": fixture, "stated": stated, "filled": values} for fixture, stated, values in recorded]
    path.write_text("[\n" + ",\n".join(json.dumps(entry) for entry in entries) + "\n]\n")


if __name__ == "__main__":
    main()
