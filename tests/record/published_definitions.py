"""What families compute whose modeling code is in the repositories of their checkpoints and that
transformers does not know. None of that code is run or copied: every function below states a definition
anew, in plain float32, and says where it stands.

Where a definition contradicts itself, what it says of one whole sequence without padding and without a
cache holds.
"""

import math

import torch
from torch.nn.functional import gelu, silu

from expected import VOCABULARY
from plain_decoder import (
    LLAMA_NAMES,
    alibi_bias,
    angles_of,
    attend,
    dynamic_frequencies,
    gated,
    grouped_attention,
    head,
    inverse_frequencies,
    llama_mlp,
    pre_norm_decoder,
    split_heads,
    turn_halves,
    turn_neighbours,
)


def minicpm_scales(c):
    """scale_emb, the factor of residuals, and what the last states are divided by."""
    residual = c["scale_depth"] / math.sqrt(c["num_hidden_layers"])
    return c["scale_emb"], residual, c["hidden_size"] / c["dim_model_base"]


def minicpm_frequencies(c, dim, length):
    """MiniCPMLongRoPE: its table is first made for max_position_embeddings, and anew for a longer
    sequence; which factors it takes depends on the length that it is made for."""
    inv_freq = inverse_frequencies(dim, c.get("rope_theta", 10000.0))
    scaling = c.get("rope_scaling")
    if not scaling:
        return inv_freq, 1.0
    made_for = max(length, c["max_position_embeddings"])
    original = scaling["original_max_position_embeddings"]
    factors = scaling["long_factor" if made_for > original else "short_factor"]
    stretch = c["max_position_embeddings"] / original
    return inv_freq / torch.tensor(factors), math.sqrt(1 + math.log(stretch) / math.log(original))


def minicpm(c, w, ids):
    """modeling_minicpm.py of openbmb/MiniCPM-2B-sft-bf16 and openbmb/MiniCPM4-8B."""
    embedding_scale, residual_scale, divisor = minicpm_scales(c)
    inv_freq, factor = minicpm_frequencies(c, c["hidden_size"] // c["num_attention_heads"], len(ids))
    x = pre_norm_decoder(
        c | {"embedding_scale": embedding_scale}, w, ids, LLAMA_NAMES,
        lambda x, at, i: grouped_attention(c, w, x, at, inv_freq, c["num_key_value_heads"], factor=factor),
        llama_mlp(c, w), lambda x, name: w.rms_norm(x, name, c["rms_norm_eps"]), residual_scale,
    )  # fmt: skip
    return head(c, w, x / divisor)


def minicpm3(c, w, ids):
    """modeling_minicpm.py of openbmb/MiniCPM3-4B."""
    heads, rope_dim, rank = c["num_attention_heads"], c["qk_rope_head_dim"], c["kv_lora_rank"]
    nope_dim, value_dim = c["qk_nope_head_dim"], c["hidden_size"] // heads
    embedding_scale, residual_scale, divisor = minicpm_scales(c)
    inv_freq, factor = minicpm_frequencies(c, rope_dim, len(ids))
    bias = c["attention_bias"]

    def attention(x, at, i):
        at = f"{at}.self_attn"
        narrow = w.rms_norm(w.linear(x, f"{at}.q_a_proj", c["q_lora_rank"], bias), f"{at}.q_a_layernorm", 1e-6)
        query = split_heads(w.linear(narrow, f"{at}.q_b_proj", heads * (nope_dim + rope_dim)), heads)
        narrow, shared = w.linear(x, f"{at}.kv_a_proj_with_mqa", rank + rope_dim, bias).split([rank, rope_dim], -1)
        narrow = w.rms_norm(narrow, f"{at}.kv_a_layernorm", 1e-6)
        key_value = split_heads(w.linear(narrow, f"{at}.kv_b_proj", heads * (nope_dim + value_dim)), heads)
        angles = angles_of(len(x), inv_freq)
        shared = turn_halves(shared, angles, factor).expand(heads, -1, -1)
        turned = turn_halves(query[..., nope_dim:], angles, factor)
        attended = attend(
            torch.cat([query[..., :nope_dim], turned], -1),
            torch.cat([key_value[..., :nope_dim], shared], -1),
            key_value[..., nope_dim:],
        )
        return w.linear(attended, f"{at}.o_proj", c["hidden_size"], bias)

    x = pre_norm_decoder(
        c | {"embedding_scale": embedding_scale}, w, ids, LLAMA_NAMES, attention, llama_mlp(c, w),
        lambda x, name: w.rms_norm(x, name, c["rms_norm_eps"]), residual_scale,
    )  # fmt: skip
    return head(c, w, x / divisor)


def qwen(c, w, ids):
    """modeling_qwen.py of Qwen/Qwen-7B-Chat. The definition scales queries by the number of their slot,
    padding counted, and a cached step turns by the alpha of the prompt: neither is so for one sequence
    without padding and without a cache."""
    heads, dim, trained = c["num_attention_heads"], c["kv_channels"], c["seq_length"]
    length = len(ids)
    alpha = max(2 ** math.ceil(math.log(length / trained, 2) + 1) - 1, 1) if c["use_dynamic_ntk"] else 1
    base = c["rotary_emb_base"] * alpha ** (dim / (dim - 2))
    angles = angles_of(length, inverse_frequencies(dim, base))
    growth = torch.tensor([max(1.0, math.log(i + 1, trained)) for i in range(length)]) if c["use_logn_attn"] else None

    def attention(x, at, i):
        qkv = w.linear(x, f"{at}.attn.c_attn", 3 * heads * dim, bias=True)
        query, key, value = (split_heads(part, heads) for part in qkv.chunk(3, -1))
        query, key = turn_halves(query, angles), turn_halves(key, angles)
        if growth is not None:
            query = query * growth[:, None]
        return w.linear(attend(query, key, value), f"{at}.attn.c_proj", c["hidden_size"], not c["no_bias"])

    def mlp(x, at):
        return gated(w, x, [f"{at}.mlp.{p}" for p in ("w2", "w1", "c_proj")], c["intermediate_size"] // 2)

    x = pre_norm_decoder(
        c, w, ids, ("transformer.wte", "transformer.h", "ln_1", "ln_2", "transformer.ln_f"), attention, mlp,
        lambda x, name: w.rms_norm(x, name, c["layer_norm_epsilon"]),
    )  # fmt: skip
    return head(c, w, x)


def internlm2(c, w, ids):
    """modeling_internlm2.py of internlm/internlm2_5-7b-chat."""
    heads, groups = c["num_attention_heads"], c["num_key_value_heads"]
    dim = c["hidden_size"] // heads
    angles = angles_of(len(ids), dynamic_frequencies(dim, c, len(ids)))

    def attention(x, at, i):
        qkv = w.linear(x, f"{at}.attention.wqkv", (heads + 2 * groups) * dim, c["bias"])
        by_group = qkv.unflatten(-1, (groups, heads // groups + 2, dim))
        query = by_group[:, :, :-2].flatten(1, 2).transpose(0, 1)
        key, value = (by_group[:, :, part].transpose(0, 1) for part in (-2, -1))
        attended = attend(turn_halves(query, angles), turn_halves(key, angles), value)
        return w.linear(attended, f"{at}.attention.wo", c["hidden_size"], c["bias"])

    def mlp(x, at):
        return gated(w, x, [f"{at}.feed_forward.{p}" for p in ("w1", "w3", "w2")], c["intermediate_size"])

    x = pre_norm_decoder(
        c, w, ids, ("model.tok_embeddings", "model.layers", "attention_norm", "ffn_norm", "model.norm"),
        attention, mlp, lambda x, name: w.rms_norm(x, name, c["rms_norm_eps"]),
    )  # fmt: skip
    return head(c, w, x, name="output")


def internlm3(c, w, ids):
    """modeling_internlm3.py of internlm/internlm3-8b-instruct."""
    inv_freq = dynamic_frequencies(c["head_dim"], c, len(ids))
    x = pre_norm_decoder(
        c, w, ids, LLAMA_NAMES,
        lambda x, at, i: grouped_attention(
            c, w, x, at, inv_freq, c["num_key_value_heads"], c["qkv_bias"], c["bias"]
        ),
        llama_mlp(c, w, c["bias"]), lambda x, name: w.rms_norm(x, name, c["rms_norm_eps"]),
    )  # fmt: skip
    return head(c, w, x)


def chatglm(c, w, ids):
    """modeling_chatglm.py of THUDM/chatglm3-6b and THUDM/glm-4-9b-chat."""
    heads, dim = c["num_attention_heads"], c["kv_channels"]
    multi_query, bias = c["multi_query_attention"], c["add_bias_linear"]
    groups = c["multi_query_group_num"] if multi_query else heads
    base = 10000 * c.get("rope_ratio", 1)
    angles = angles_of(len(ids), inverse_frequencies(dim // 2, base))

    def attention(x, at, i):
        at = f"{at}.self_attention"
        qkv = w.linear(x, f"{at}.query_key_value", (heads + 2 * groups) * dim, bias or c["add_qkv_bias"])
        if multi_query:
            parts = qkv.split([heads * dim, groups * dim, groups * dim], -1)
            query, key, value = (split_heads(p, n) for p, n in zip(parts, (heads, groups, groups)))
        else:
            query, key, value = split_heads(qkv, heads).chunk(3, -1)
        attended = attend(turn_neighbours(query, angles), turn_neighbours(key, angles), value)
        return w.linear(attended, f"{at}.dense", c["hidden_size"], bias)

    def mlp(x, at):
        gate, up = w.linear(x, f"{at}.mlp.dense_h_to_4h", 2 * c["ffn_hidden_size"], bias).chunk(2, -1)
        return w.linear(silu(gate) * up, f"{at}.mlp.dense_4h_to_h", c["hidden_size"], bias)

    norm = w.rms_norm if c["rmsnorm"] else w.layer_norm
    x = pre_norm_decoder(
        c, w, ids,
        ("transformer.embedding.word_embeddings", "transformer.encoder.layers", "input_layernorm",
         "post_attention_layernorm", "transformer.encoder.final_layernorm"),
        attention, mlp, lambda x, name: norm(x, name, c["layernorm_epsilon"]),
    )  # fmt: skip
    return head(c, w, x, name="transformer.output_layer")


def baichuan(c, w, ids):
    """modeling_baichuan.py of baichuan-inc/Baichuan2-7B-Chat (rotary) and baichuan-inc/Baichuan-13B-Chat
    (ALiBi); the NormHead of Baichuan 2."""
    heads = c["num_attention_heads"]
    rotary = "max_position_embeddings" in c
    angles = angles_of(len(ids), inverse_frequencies(c["hidden_size"] // heads, 10000.0))
    bias = 0.0 if rotary else alibi_bias(heads, len(ids))

    def attention(x, at, i):
        packed = w.linear(x, f"{at}.self_attn.W_pack", 3 * c["hidden_size"])
        query, key, value = (split_heads(part, heads) for part in packed.chunk(3, -1))
        if rotary:
            query, key = turn_halves(query, angles), turn_halves(key, angles)
        return w.linear(attend(query, key, value, bias=bias), f"{at}.self_attn.o_proj", c["hidden_size"])

    x = pre_norm_decoder(
        c, w, ids, LLAMA_NAMES, attention, llama_mlp(c, w), lambda x, name: w.rms_norm(x, name, c["rms_norm_eps"])
    )
    if "z_loss_weight" not in c:
        return head(c, w, x)
    rows = w("lm_head.weight", VOCABULARY, c["hidden_size"])
    return x @ (rows / rows.square().sum(-1, keepdim=True).sqrt()).T


def exaone(c, w, ids):
    """modeling_exaone.py of LGAI-EXAONE/EXAONE-3.5-7.8B-Instruct; the frequencies are Llama 3's."""
    heads, kv_heads = c["num_attention_heads"], c["num_key_value_heads"]
    dim = c["hidden_size"] // heads
    scaling = c["rope_scaling"]
    low, high = scaling["low_freq_factor"], scaling["high_freq_factor"]
    inv_freq = inverse_frequencies(dim, c["rope_theta"])
    turns = scaling["original_max_position_embeddings"] * inv_freq / (2 * math.pi)
    kept = ((turns - low) / (high - low)).clamp(0, 1)
    angles = angles_of(len(ids), kept * inv_freq + (1 - kept) * inv_freq / scaling["factor"])

    def attention(x, at, i):
        at = f"{at}.attn.attention"
        query = split_heads(w.linear(x, f"{at}.q_proj", heads * dim), heads)
        key, value = (split_heads(w.linear(x, f"{at}.{p}_proj", kv_heads * dim), kv_heads) for p in "kv")
        attended = attend(turn_halves(query, angles), turn_halves(key, angles), value)
        return w.linear(attended, f"{at}.out_proj", c["hidden_size"])

    def mlp(x, at):
        return gated(w, x, [f"{at}.mlp.{p}" for p in ("c_fc_0", "c_fc_1", "c_proj")], c["intermediate_size"])

    x = pre_norm_decoder(
        c, w, ids, ("transformer.wte", "transformer.h", "ln_1", "ln_2", "transformer.ln_f"), attention, mlp,
        lambda x, name: w.rms_norm(x, name, c["layer_norm_epsilon"]),
    )  # fmt: skip
    return head(c, w, x, embedding="transformer.wte")


def llama_named(c, w, ids, norm, kv_heads):
    """`kv_heads`: of layer i."""
    inv_freq = inverse_frequencies(c["hidden_size"] // c["num_attention_heads"], c.get("rope_theta", 10000.0))
    x = pre_norm_decoder(
        c, w, ids, LLAMA_NAMES, lambda x, at, i: grouped_attention(c, w, x, at, inv_freq, kv_heads(i)),
        llama_mlp(c, w), lambda x, name: norm(x, name, c["rms_norm_eps"]),
    )  # fmt: skip
    return head(c, w, x)


def orion(c, w, ids):
    """modeling_orion.py of OrionStarAI/Orion-14B-Chat."""
    return llama_named(c, w, ids, w.layer_norm, lambda i: c["num_key_value_heads"])


def aquila(c, w, ids):
    """modeling_aquila.py of BAAI/AquilaChat2-7B."""
    return llama_named(c, w, ids, w.rms_norm, lambda i: c["num_key_value_heads"])


def xverse(c, w, ids):
    """modeling_xverse.py of xverse/XVERSE-7B-Chat."""
    return llama_named(c, w, ids, w.rms_norm, lambda i: c["num_attention_heads"])


def deci(c, w, ids):
    """modeling_decilm.py of Deci/DeciLM-7B-instruct."""
    return llama_named(c, w, ids, w.rms_norm, lambda i: c["num_key_value_heads_per_layer"][i])


def deci_by_blocks(c, w, ids):
    """modeling_decilm.py of nvidia/Llama-3_1-Nemotron-51B-Instruct: what block_configs says of a layer."""
    heads, hidden = c["num_attention_heads"], c["hidden_size"]
    inv_freq = inverse_frequencies(hidden // heads, c["rope_theta"])
    x = w("model.embed_tokens.weight", VOCABULARY, hidden)[ids]
    for i, block in enumerate(c["block_configs"]):
        at, attention, ffn = f"model.layers.{i}", block["attention"], block["ffn"]
        if not attention["no_op"]:
            y = w.rms_norm(x, f"{at}.input_layernorm", c["rms_norm_eps"])
            if attention["replace_with_linear"]:
                x = x + w.linear(y, f"{at}.self_attn.linear_attn", hidden)
            else:
                x = x + grouped_attention(c, w, y, at, inv_freq, heads // attention["n_heads_in_group"],
                                          qkv_bias=c["attention_bias"], o_bias=c["attention_bias"])  # fmt: skip
        if not ffn["no_op"]:
            y = w.rms_norm(x, f"{at}.post_attention_layernorm", c["rms_norm_eps"])
            if ffn["replace_with_linear"]:
                x = x + w.linear(y, f"{at}.mlp.linear_mlp", hidden)
            else:
                inner = math.ceil(int(2 * ffn["ffn_mult"] * hidden / 3) / 256) * 256
                x = x + llama_mlp(c | {"intermediate_size": inner}, w)(y, at)
    return head(c, w, w.rms_norm(x, "model.norm", c["rms_norm_eps"]))


def jais(c, w, ids):
    """modeling_jais.py of inceptionai/jais-13b-chat, and of inceptionai/jais-30b-chat-v3 with the mup words."""
    heads, inner = c["n_head"], c["n_inner"]
    by_dim = c.get("scale_qk_dot_by_d", c.get("mup_scale_qk_dot_by_d"))
    logits_scale = c["width_scale"] if "width_scale" in c else c["mup_output_alpha"] * c["mup_width_scale"]
    embedding_scale = c.get("embeddings_scale", c.get("mup_embeddings_scale"))
    scale = (c["hidden_size"] // heads) ** (-1.0 if by_dim else -0.5)
    bias = alibi_bias(heads, len(ids))

    def attention(x, at, i):
        qkv = w.conv1d(x, f"{at}.attn.c_attn", 3 * c["hidden_size"])
        query, key, value = (split_heads(part, heads) for part in qkv.chunk(3, -1))
        return w.conv1d(attend(query, key, value, scale, bias), f"{at}.attn.c_proj", c["hidden_size"])

    def mlp(x, at):
        y = w.conv1d(x, f"{at}.mlp.c_fc", inner)
        if c["activation_function"] == "swiglu":
            y = y * silu(w.conv1d(x, f"{at}.mlp.c_fc2", inner))
        else:
            y = gelu(y, approximate="tanh")
        return w.conv1d(y, f"{at}.mlp.c_proj", c["hidden_size"])

    x = pre_norm_decoder(
        c | {"embedding_scale": embedding_scale}, w, ids,
        ("transformer.wte", "transformer.h", "ln_1", "ln_2", "transformer.ln_f"), attention, mlp,
        lambda x, name: w.layer_norm(x, name, c["layer_norm_epsilon"]),
    )  # fmt: skip
    return x @ w["transformer.wte.weight"].T * logits_scale
