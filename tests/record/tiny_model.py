"""Tiny Llama checkpoints whose weights come from a formula, so that the C++ tests make the same ones.

The formula is repeated in tests/tiny_model.cpp; a digest of every checkpoint in
tests/data/nncf.json proves that both give the same bytes.
"""

import json
from pathlib import Path

import numpy as np

MODELS = {
    # Widths of 128 and 256; rows of every kind that an encoder may trip over.
    "adversarial": dict(hidden=128, inner=256, layers=2, heads=4, kv_heads=2, vocab=160, kinds=16),
    # 128 divides neither width, and no power of two from 32 on divides the second.
    "odd_widths": dict(hidden=96, inner=200, layers=2, heads=3, kv_heads=3, vocab=120, kinds=1),
}
# How the weights are stored, and what config.json says of them.
DTYPES = {
    "bf16": ("BF16", "bfloat16"),
    "f16": ("F16", "float16"),
    "f32": ("F32", "float32"),
    "f32_as_bf16": ("F32", "bfloat16"),
    "f32_as_f16": ("F32", "float16"),
    "bf16_in_f32": ("BF16", "float32"),
}
MASK = np.uint64(0xFFFFFFFFFFFFFFFF)


def hashed(seed, count):
    """splitmix64 of seed · 2^32 + index."""
    with np.errstate(over="ignore"):
        z = (np.uint64(seed) << np.uint64(32)) + np.arange(count, dtype=np.uint64)
        z = (z + np.uint64(0x9E3779B97F4A7C15)) & MASK
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def values(seed, rows, columns, kinds, half):
    """f64 values that are exact in f32. `half`: stays within the range of f16."""
    u = hashed(seed, rows * columns).reshape(rows, columns)
    bits = lambda shift, mask: ((u >> np.uint64(shift)) & np.uint64(mask)).astype(np.int64)
    n = (bits(0, 255) + bits(8, 255) + bits(16, 255) + bits(24, 255) - 510).astype(np.float64)
    column = np.broadcast_to(np.arange(columns), u.shape)
    sign = np.where(bits(40, 1) == 1, -1.0, 1.0)
    steps = bits(32, 31).astype(np.float64)
    halves = (steps - 16) * 0.5
    make = [
        lambda: n * 2.0**-14,
        lambda: np.zeros_like(n),
        lambda: sign * 0.0,
        lambda: np.where(column % 64 == 5, n * 2.0**-4, n * 2.0**-14),
        lambda: np.where(column % 32 == 0, -8.0, halves),
        lambda: np.where(column % 32 == 0, 8.0, halves + 0.5),
        lambda: np.where(column % 32 == 0, -8.0, np.where(column % 32 == 1, 8.0, halves)),
        lambda: n * 2.0 ** (-24 if half else -149),
        lambda: n * 2.0 ** (-26 if half else -130),
        lambda: n * 2.0**-30,
        lambda: n * 2.0 ** (6 if half else (118 if seed == 0 else 50)),
        lambda: np.abs(n) * 2.0**-12,
        lambda: -np.abs(n) * 2.0**-12,
        lambda: n * 2.0 ** -bits(40, 15).astype(np.float64),
        lambda: np.where(column % 128 == 77, n * 2.0**-3, 0.0),
        lambda: sign * 2.0 ** ((steps if not half else steps / 2 // 1) - 20),
    ]
    result = np.empty_like(n)
    for kind in range(kinds):
        result[kind::kinds] = make[kind]()[kind::kinds]
    return result


def tensors(model, tied):
    """name → shape, in the order in which they are stored; the index is the seed."""
    m = MODELS[model]
    head = m["hidden"] // m["heads"]
    shapes = {"model.embed_tokens.weight": (m["vocab"], m["hidden"])}
    for layer in range(m["layers"]):
        p = f"model.layers.{layer}."
        shapes |= {
            p + "self_attn.q_proj.weight": (m["heads"] * head, m["hidden"]),
            p + "self_attn.k_proj.weight": (m["kv_heads"] * head, m["hidden"]),
            p + "self_attn.v_proj.weight": (m["kv_heads"] * head, m["hidden"]),
            p + "self_attn.o_proj.weight": (m["hidden"], m["heads"] * head),
            p + "mlp.gate_proj.weight": (m["inner"], m["hidden"]),
            p + "mlp.up_proj.weight": (m["inner"], m["hidden"]),
            p + "mlp.down_proj.weight": (m["hidden"], m["inner"]),
            p + "input_layernorm.weight": (m["hidden"],),
            p + "post_attention_layernorm.weight": (m["hidden"],),
        }
    shapes["model.norm.weight"] = (m["hidden"],)
    if not tied:
        shapes["lm_head.weight"] = (m["vocab"], m["hidden"])
    return shapes


def stored(dtype, value):
    """The bytes of f64 values in a safetensors dtype, rounded to nearest even."""
    f32 = value.astype(np.float32)
    if dtype == "F32":
        return f32.tobytes()
    if dtype == "F16":
        return f32.astype(np.float16).tobytes()
    b = f32.view(np.uint32).astype(np.uint64)
    return ((b + 0x7FFF + ((b >> np.uint64(16)) & np.uint64(1))) >> np.uint64(16)).astype(np.uint16).tobytes()


def config(model, dtype, tied):
    m = MODELS[model]
    return {
        "architectures": ["LlamaForCausalLM"], "model_type": "llama",
        "hidden_size": m["hidden"], "intermediate_size": m["inner"],
        "num_hidden_layers": m["layers"], "num_attention_heads": m["heads"],
        "num_key_value_heads": m["kv_heads"], "vocab_size": m["vocab"],
        "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "max_position_embeddings": 128,
        "hidden_act": "silu", "tie_word_embeddings": tied, "torch_dtype": DTYPES[dtype][1],
        "bos_token_id": 1, "eos_token_id": 2,
    }  # fmt: skip


def write(folder, model, dtype, tied, values=values):
    """Writes the checkpoint, filled by `values`, and returns the bytes of its tensors."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    stored_as, cast = DTYPES[dtype]
    half = "F16" in (stored_as, {"float16": "F16"}.get(cast))
    header, data = {}, b""
    for seed, (name, shape) in enumerate(tensors(model, tied).items()):
        rows, columns = (shape if len(shape) == 2 else (1, shape[0]))
        kinds = MODELS[model]["kinds"] if len(shape) == 2 else 1
        piece = stored(stored_as, values(seed, rows, columns, kinds, half))
        header[name] = {"dtype": stored_as, "shape": list(shape),
                        "data_offsets": [len(data), len(data) + len(piece)]}  # fmt: skip
        data += piece
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    (folder / "model.safetensors").write_bytes(len(text).to_bytes(8, "little") + text + data)
    (folder / "config.json").write_text(json.dumps(config(model, dtype, tied), indent=1))
    return data
