#!/usr/bin/env python3
"""Records what published_definitions.py says of a tiny random checkpoint of every family in it.

    published_families.py [NAME ...]          (all of them where none is named)

Needs torch. Writes tests/data/families/NAME/ as families.py does: config.json with the keys that published
ones have, random weights under their published names, expected.npz.
"""

import json
import sys

import safetensors.torch

import published_definitions as definitions
from expected import DATA, VOCABULARY, write_expected
from plain_decoder import Weights

def auto_map(stem, name):
    return {
        "AutoConfig": f"configuration_{stem}.{name}Config",
        "AutoModelForCausalLM": f"modeling_{stem}.{name}ForCausalLM",
    }


SIZES = {"hidden_size": 32, "num_attention_heads": 4}
LLAMA = SIZES | {
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "hidden_act": "silu",
    "rms_norm_eps": 1e-05,
    "initializer_range": 0.02,
    "max_position_embeddings": 64,
    "use_cache": True,
}
MINICPM = LLAMA | {"scale_emb": 3, "dim_model_base": 8, "scale_depth": 1.4}
LONGROPE = {
    "rope_type": "longrope",
    "type": "longrope",
    "short_factor": [1.0, 1.1, 1.2, 1.3],
    "long_factor": [1.0, 2.0, 4.0, 8.0],
    "original_max_position_embeddings": 32,
}
DYNAMIC = {"max_position_embeddings": 32, "rope_scaling": {"type": "dynamic", "factor": 2.0}}
QWEN = SIZES | {
    "model_type": "qwen",
    "auto_map": {
        "AutoConfig": "configuration_qwen.QWenConfig",
        "AutoModelForCausalLM": "modeling_qwen.QWenLMHeadModel",
    },
    "attn_dropout_prob": 0.0,
    "bf16": False,
    "emb_dropout_prob": 0.0,
    "fp16": False,
    "fp32": False,
    "initializer_range": 0.02,
    "intermediate_size": 96,
    "kv_channels": 8,
    "layer_norm_epsilon": 1e-06,
    "max_position_embeddings": 64,
    "no_bias": True,
    "num_hidden_layers": 2,
    "onnx_safe": None,
    "rotary_emb_base": 10000,
    "rotary_pct": 1.0,
    "scale_attn_weights": True,
    "tie_word_embeddings": False,
    "tokenizer_class": "QWenTokenizer",
    "use_cache": True,
    "use_flash_attn": "auto",
}
CHATGLM = SIZES | {
    "model_type": "chatglm",
    "_name_or_path": "THUDM/chatglm3-6b",
    "auto_map": {
        "AutoConfig": "configuration_chatglm.ChatGLMConfig",
        "AutoModelForCausalLM": "modeling_chatglm.ChatGLMForConditionalGeneration",
    },
    "add_qkv_bias": True,
    "apply_query_key_layer_scaling": True,
    "apply_residual_connection_post_layernorm": False,
    "attention_dropout": 0.0,
    "attention_softmax_in_fp32": True,
    "bias_dropout_fusion": True,
    "ffn_hidden_size": 48,
    "fp32_residual_connection": False,
    "hidden_dropout": 0.0,
    "kv_channels": 8,
    "layernorm_epsilon": 1e-05,
    "multi_query_group_num": 2,
    "num_layers": 2,
    "original_rope": True,
    "padded_vocab_size": VOCABULARY,
    "post_layer_norm": True,
    "pre_seq_len": None,
    "prefix_projection": False,
    "quantization_bit": 0,
    "seq_length": 64,
    "tie_word_embeddings": False,
    "use_cache": True,
}
BAICHUAN = LLAMA | {
    "model_type": "baichuan",
    "auto_map": auto_map("baichuan", "Baichuan"),
    "_from_model_config": True,
    "model_max_length": 64,
    "tie_word_embeddings": False,
}
JAIS = {
    "model_type": "jais",
    "auto_map": {
        "AutoConfig": "configuration_jais.JAISConfig",
        "AutoModelForCausalLM": "modeling_jais.JAISLMHeadModel",
    },
    "attn_pdrop": 0.0,
    "embd_pdrop": 0.0,
    "layer_norm_epsilon": 1e-05,
    "n_embd": 48,
    "n_head": 6,
    "n_inner": 48,
    "n_layer": 2,
    "n_positions": 64,
    "position_embedding_type": "alibi",
    "reorder_and_upcast_attn": False,
    "resid_pdrop": 0.0,
    "scale_attn_by_inverse_layer_idx": False,
    "scale_attn_weights": True,
}

def attention_of(group, **what):
    absent = {"num_sink_tokens": None, "sparsify": None, "window_length": None}
    return {"n_heads_in_group": group, "no_op": False, "replace_with_linear": False, "unshifted_sink": False,
            "use_prefill_window_in_sink_attention": False} | absent | what  # fmt: skip


def ffn_of(mult, **what):
    return {"ffn_mult": mult, "no_op": False, "replace_with_linear": False, "sparsify": None} | what


NEMOTRON = {key: value for key, value in LLAMA.items() if key not in ("intermediate_size", "num_key_value_heads")} | {
    "model_type": "nemotron-nas",
    "auto_map": auto_map("decilm", "DeciLM"),
    "attention_bias": True,
    "intermediate_size": None,
    "num_key_value_heads": None,
    "num_hidden_layers": 4,
    "rope_scaling": None,
    "rope_theta": 10000.0,
    "tie_word_embeddings": False,
    "block_configs": [
        {"attention": attention_of(1), "ffn": ffn_of(13.0)},
        {"attention": attention_of(None, no_op=True), "ffn": ffn_of(1.5)},
        {"attention": attention_of(None, replace_with_linear=True), "ffn": ffn_of(None, no_op=True)},
        {"attention": attention_of(4), "ffn": ffn_of(None, replace_with_linear=True)},
    ],
}

# A name: the definition, config.json, and the length of a prompt beyond what the model was made for.
FIXTURES = {
    "minicpm": (definitions.minicpm, MINICPM | {"model_type": "minicpm", "num_key_value_heads": 4, "rope_scaling": None,
                                    "auto_map": auto_map("minicpm", "MiniCPM"), "tie_word_embeddings": True}, None),
    "minicpm_longrope": (definitions.minicpm, MINICPM | {"model_type": "minicpm", "num_key_value_heads": 2, "mup_denominator": 32,
                                             "max_position_embeddings": 32, "rope_scaling": LONGROPE,
                                             "auto_map": auto_map("minicpm", "MiniCPM"), "pretraining_tp": 1,
                                             "rope_theta": 10000.0, "tie_word_embeddings": False}, 48),
    "minicpm3": (definitions.minicpm3, MINICPM | {"model_type": "minicpm3", "num_key_value_heads": 4, "q_lora_rank": 24,
                                      "kv_lora_rank": 16, "qk_nope_head_dim": 4, "qk_rope_head_dim": 8,
                                      "attention_bias": True, "rope_scaling": LONGROPE, "tie_word_embeddings": True,
                                      "auto_map": auto_map("minicpm", "MiniCPM3")}, None),
    "qwen": (definitions.qwen, QWEN | {"seq_length": 7, "use_dynamic_ntk": False, "use_logn_attn": True}, None),
    # The long prompt has three times the trained length.
    "qwen_ntk": (definitions.qwen, QWEN | {"seq_length": 24, "use_dynamic_ntk": True, "use_logn_attn": True}, 72),
    "internlm2": (definitions.internlm2, LLAMA | DYNAMIC | {"model_type": "internlm2", "auto_map": auto_map("internlm2", "InternLM2"),
                                                "attn_implementation": "eager", "bias": True, "num_key_value_heads": 2,
                                                "rope_theta": 1000000, "tie_word_embeddings": False}, 48),
    "internlm3": (definitions.internlm3, LLAMA | DYNAMIC | {"model_type": "internlm3", "auto_map": auto_map("internlm3", "InternLM3"),
                                                "attention_dropout": 0.0, "bias": True, "qkv_bias": True, "head_dim": 16,
                                                "num_key_value_heads": 2, "rope_theta": 50000000,
                                                "tie_word_embeddings": False}, 48),
    "internlm3_qkv": (definitions.internlm3, LLAMA | DYNAMIC | {"model_type": "internlm3", "bias": False, "qkv_bias": True,
                                                    "auto_map": auto_map("internlm3", "InternLM3"), "head_dim": 16,
                                                    "num_key_value_heads": 2, "rope_theta": 50000000,
                                                    "tie_word_embeddings": False}, None),
    "chatglm": (definitions.chatglm, CHATGLM | {"multi_query_attention": True, "rmsnorm": True, "add_bias_linear": False,
                                    "rope_ratio": 50, "vocab_size": VOCABULARY, "classifier_dropout": None}, None),
    "chatglm_heads": (definitions.chatglm, CHATGLM | {"multi_query_attention": False, "rmsnorm": False,
                                                      "add_bias_linear": True, "add_qkv_bias": False}, None),
    "baichuan": (definitions.baichuan, BAICHUAN | {"z_loss_weight": 0}, None),
    # Six heads: slopes of two series.
    "baichuan_13b": (definitions.baichuan, {k: v for k, v in BAICHUAN.items() if k != "max_position_embeddings"}
                     | {"hidden_size": 48, "num_attention_heads": 6, "gradient_checkpointing": [False]}, None),
    "exaone": (definitions.exaone, SIZES | {"model_type": "exaone", "auto_map": auto_map("exaone", "Exaone"),
                                "activation_function": "silu", "attention_dropout": 0.0, "embed_dropout": 0.0,
                                "head_dim": 8, "intermediate_size": 48, "layer_norm_epsilon": 1e-05,
                                "max_position_embeddings": 64, "num_key_value_heads": 2, "num_layers": 2,
                                "rope_theta": 10000.0, "tie_word_embeddings": True,
                                "rope_scaling": {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0,
                                                 "high_freq_factor": 4.0,
                                                 "original_max_position_embeddings": 16}}, None),
    "orion": (definitions.orion, LLAMA | {"model_type": "orion", "auto_map": auto_map("orion", "Orion"), "attention_bias": False,
                              "num_key_value_heads": 2, "pretraining_tp": 1, "rope_scaling": None,
                              "rope_theta": 10000.0, "tie_word_embeddings": False}, None),
    "aquila": (definitions.aquila, LLAMA | {"model_type": "aquila", "auto_map": auto_map("aquila", "Aquila"),
                                "num_key_value_heads": 2, "pretraining_tp": 1, "tie_word_embeddings": False}, None),
    "xverse": (definitions.xverse, LLAMA | {"model_type": "xverse", "auto_map": auto_map("xverse", "Xverse"),
                                "max_tokenizer_truncation": 64, "tie_word_embeddings": False}, None),
    "deci": (definitions.deci, LLAMA | {"model_type": "deci", "auto_map": auto_map("decilm", "DeciLM"),
                            "num_key_value_heads_per_layer": [2, 1], "rope_scaling": None, "rope_theta": 10000.0,
                            "tie_word_embeddings": False}, None),
    "deci_blocks": (definitions.deci_by_blocks, NEMOTRON, None),
    "jais": (definitions.jais, JAIS | {"activation_function": "swiglu", "embeddings_scale": 3.0, "scale_qk_dot_by_d": True,
                           "width_scale": 0.3}, None),
    "jais_mup": (definitions.jais, JAIS | {"activation_function": "gelu_new", "mup_embeddings_scale": 2.0, "mup_output_alpha": 1.5,
                               "mup_width_scale": 0.25, "mup_scale_qk_dot_by_d": False, "alibi_scaling": None}, None),
}  # fmt: skip


def record(name):
    definition, config, long_length = FIXTURES[name]
    sizes = {
        "hidden_size": config.get("hidden_size", config.get("n_embd")),
        "layers": next(config[key] for key in ("num_hidden_layers", "num_layers", "n_layer") if key in config),
    }
    weights = Weights()
    folder = DATA / name
    folder.mkdir(parents=True, exist_ok=True)
    largest = write_expected(name, lambda ids: definition(config | sizes, weights, ids).numpy(), long_length=long_length)
    published = {"architectures": [config["auto_map"]["AutoModelForCausalLM"].split(".")[1]]} | config
    published = published | {"bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0, "torch_dtype": "float32"}
    if "padded_vocab_size" not in config:
        published["vocab_size"] = VOCABULARY
    (folder / "config.json").write_text(json.dumps(published, indent=2) + "\n")
    tensors = {key: tensor.contiguous() for key, tensor in sorted(weights.items())}
    safetensors.torch.save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    print(f"{name}: {config['model_type']}, largest logit {largest:.2f}")


def main():
    for name in sys.argv[1:] or FIXTURES:
        record(name)


if __name__ == "__main__":
    main()
