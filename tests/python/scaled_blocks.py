"""Checkpoints of holes with one layer of a published model whose weights have a scale for each block."""

import json

from safetensors_writer import write_holes

VOCAB = 1000


def write(folder, config, shapes, dtype):
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"num_hidden_layers": 1, "vocab_size": VOCAB, "dtype": "bfloat16",
                                                    "max_position_embeddings": 4096, **config}))
    write_holes(folder / "model.safetensors", shapes, dtype)
    return folder


def around(hidden):
    """What is the same in every model: embedding, head and norms."""
    return {"model.embed_tokens.weight": (VOCAB, hidden), "lm_head.weight": (VOCAB, hidden),
            **{f"model.{name}.weight": (hidden,)
               for name in ("norm", "layers.0.input_layernorm", "layers.0.post_attention_layernorm")}}


def gpt_oss(folder):
    """Of gpt-oss-20b: the MXFP4 blocks of a stack of experts, and then all their powers of two, in the order in
    which it is published."""
    hidden, heads, kv_heads, head_dim, experts = 2880, 64, 8, 64, 32
    rows = {"q_proj": heads * head_dim, "k_proj": kv_heads * head_dim, "v_proj": kv_heads * head_dim, "o_proj": hidden}
    attention, mlp = "model.layers.0.self_attn.", "model.layers.0.mlp."
    plain = around(hidden) | {f"{attention}{name}.bias": (count,) for name, count in rows.items()}
    plain |= {f"{attention}{name}.weight": (count, hidden) for name, count in rows.items()}
    plain |= {f"{attention}o_proj.weight": (hidden, heads * head_dim), f"{attention}sinks": (heads,),
              f"{mlp}router.weight": (experts, hidden), f"{mlp}router.bias": (experts,)}
    stacks = {}
    for name, width in (("gate_up_proj", 2 * hidden), ("down_proj", hidden)):
        stack, blocks = f"{mlp}experts.{name}", (experts, width, hidden // 32)
        plain[f"{stack}_bias"] = (experts, width)
        stacks |= {f"{stack}_blocks": (*blocks, 16), f"{stack}_scales": blocks}
    config = {"model_type": "gpt_oss", "hidden_size": hidden, "intermediate_size": hidden, "head_dim": head_dim,
              "num_attention_heads": heads, "num_key_value_heads": kv_heads, "num_local_experts": experts,
              "quantization_config": {"quant_method": "mxfp4"}}
    return write(folder, config, plain | dict(sorted(stacks.items())), lambda name: "U8" if name in stacks else "BF16")


def deepseek_v3(folder, scales_first):
    """A dense layer of DeepSeek-V3: the scales of all weights in front, as safetensors sorts by dtype, or those of
    each weight behind it."""
    hidden, inner, heads = 7168, 18432, 128
    attention, mlp = "model.layers.0.self_attn.", "model.layers.0.mlp."
    weights = {f"{attention}q_a_proj": (1536, hidden), f"{attention}q_b_proj": (heads * 192, 1536),
               f"{attention}kv_a_proj_with_mqa": (576, hidden), f"{attention}kv_b_proj": (heads * 256, 512),
               f"{attention}o_proj": (hidden, heads * 128), f"{mlp}gate_proj": (inner, hidden),
               f"{mlp}up_proj": (inner, hidden), f"{mlp}down_proj": (hidden, inner)}
    codes = {f"{name}.weight": shape for name, shape in weights.items()}
    scales = {f"{name}_scale_inv": tuple(-(-size // 128) for size in shape) for name, shape in codes.items()}
    plain = around(hidden) | {f"{attention}q_a_layernorm.weight": (1536,), f"{attention}kv_a_layernorm.weight": (512,)}
    behind = dict(sorted((codes | scales).items()))
    config = {"model_type": "deepseek_v3", "hidden_size": hidden, "intermediate_size": inner,
              "num_attention_heads": heads, "num_key_value_heads": heads,
              "quantization_config": {"activation_scheme": "dynamic", "fmt": "e4m3", "quant_method": "fp8",
                                      "weight_block_size": [128, 128]}}
    return write(folder, config, scales | plain | codes if scales_first else plain | behind,
                 lambda name: "F32" if name in scales else "F8_E4M3" if name in codes else "BF16")
