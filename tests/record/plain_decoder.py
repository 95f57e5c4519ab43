"""Pieces of decoders in plain float32, of which published_definitions.py puts definitions together."""

import math
import zlib

import torch
from torch.nn.functional import silu

from expected import VOCABULARY


class Weights(dict):
    """Parameters by their names, each made when a definition first asks for it: the same whatever is
    asked for before."""

    def __call__(self, name, *shape, around=0.0, spread=0.25):
        if name not in self:
            generator = torch.Generator().manual_seed(zlib.crc32(name.encode()))
            self[name] = around + spread * torch.randn(shape, generator=generator)
        assert self[name].shape == shape, name
        return self[name]

    def linear(self, x, name, out_features, bias=False):
        y = x @ self(f"{name}.weight", out_features, x.shape[-1]).T
        return y + self(f"{name}.bias", out_features) if bias else y

    def conv1d(self, x, name, out_features):
        return x @ self(f"{name}.weight", x.shape[-1], out_features) + self(f"{name}.bias", out_features)

    def rms_norm(self, x, name, eps):
        unit = x / (x.square().mean(-1, keepdim=True) + eps).sqrt()
        return unit * self(f"{name}.weight", x.shape[-1], around=1.0, spread=0.2)

    def layer_norm(self, x, name, eps):
        centred = x - x.mean(-1, keepdim=True)
        unit = centred / (centred.square().mean(-1, keepdim=True) + eps).sqrt()
        weight = self(f"{name}.weight", x.shape[-1], around=1.0, spread=0.2)
        return unit * weight + self(f"{name}.bias", x.shape[-1])


def pre_norm_decoder(c, w, ids, names, attention, mlp, norm, residual_scale=1.0):
    """x += attention(norm(x)), x += mlp(norm(x)) in every layer: the states behind the last norm.
    `names`: of the embedding, a layer, its two norms and the last one."""
    embedding, layer, attention_norm, mlp_norm, last_norm = names
    x = w(f"{embedding}.weight", VOCABULARY, c["hidden_size"])[ids] * c.get("embedding_scale", 1.0)
    for i in range(c["layers"]):
        at = f"{layer}.{i}"
        x = x + residual_scale * attention(norm(x, f"{at}.{attention_norm}"), at, i)
        x = x + residual_scale * mlp(norm(x, f"{at}.{mlp_norm}"), at)
    return norm(x, last_norm)


LLAMA_NAMES = ("model.embed_tokens", "model.layers", "input_layernorm", "post_attention_layernorm", "model.norm")


def split_heads(x, count):
    """[positions, count · dim] → [count, positions, dim]"""
    return x.unflatten(-1, (count, -1)).transpose(0, 1)


def attend(query, key, value, scale=None, bias=0.0):
    """Causal attention of [heads, positions, dim], keys and values shared by groups of query heads:
    [positions, heads · dim of values]"""
    group = query.shape[0] // key.shape[0]
    key, value = key.repeat_interleave(group, 0), value.repeat_interleave(group, 0)
    scores = query @ key.transpose(1, 2) * (scale or query.shape[-1] ** -0.5) + bias
    future = torch.ones(scores.shape[1:], dtype=torch.bool).triu(1)
    weights = scores.masked_fill(future, -math.inf).softmax(-1)
    return (weights @ value).transpose(0, 1).flatten(1)


def inverse_frequencies(dim, base):
    return 1.0 / base ** (torch.arange(0, dim, 2).float() / dim)


def angles_of(length, inv_freq):
    return torch.outer(torch.arange(length).float(), inv_freq)


def turn_halves(x, angles, factor=1.0):
    """Turns the pairs (i, i + n) of the first 2n elements by n angles a position."""
    n = angles.shape[-1]
    cos, sin = angles.cos() * factor, angles.sin() * factor
    a, b = x[..., :n], x[..., n : 2 * n]
    return torch.cat([a * cos - b * sin, b * cos + a * sin, x[..., 2 * n :]], -1)


def turn_neighbours(x, angles):
    """Turns the pairs (2i, 2i + 1) of the first 2n elements by n angles a position."""
    n = angles.shape[-1]
    a, b = x[..., 0 : 2 * n : 2], x[..., 1 : 2 * n : 2]
    turned = torch.stack([a * angles.cos() - b * angles.sin(), b * angles.cos() + a * angles.sin()], -1)
    return torch.cat([turned.flatten(-2), x[..., 2 * n :]], -1)


def dynamic_frequencies(dim, c, length):
    """Dynamic NTK, as the copies of LlamaDynamicNTKScalingRotaryEmbedding have it."""
    base, limit, factor = c["rope_theta"], c["max_position_embeddings"], c["rope_scaling"]["factor"]
    if length > limit:
        base *= (factor * length / limit - (factor - 1)) ** (dim / (dim - 2))
    return inverse_frequencies(dim, base)


def alibi_bias(heads, length):
    """Press et al. (2021), with the slopes between for a number of heads that is no power of two."""

    def slopes(n):
        if math.log2(n).is_integer():
            return [2 ** (-8 * (i + 1) / n) for i in range(n)]
        below = 2 ** math.floor(math.log2(n))
        return slopes(below) + slopes(2 * below)[0::2][: n - below]

    distance = torch.arange(length)[None, :] - torch.arange(length)[:, None]
    return torch.tensor(slopes(heads))[:, None, None] * distance


def gated(w, x, names, inner, act=silu, bias=False):
    """down(act(gate(x)) · up(x)); `names`: of gate, up and down."""
    gate, up, down = names
    product = act(w.linear(x, gate, inner, bias)) * w.linear(x, up, inner, bias)
    return w.linear(product, down, x.shape[-1], bias)


def llama_mlp(c, w, bias=False):
    return lambda x, at: gated(w, x, [f"{at}.mlp.{p}_proj" for p in ("gate", "up", "down")], c["intermediate_size"],
                               bias=bias)  # fmt: skip


def grouped_attention(c, w, x, at, inv_freq, kv_heads, qkv_bias=False, o_bias=False, factor=1.0):
    """Llama's: projections q_proj, k_proj, v_proj and o_proj."""
    heads = c["num_attention_heads"]
    dim = c.get("head_dim", c["hidden_size"] // heads)
    angles = angles_of(len(x), inv_freq)

    def project(part, count):
        return split_heads(w.linear(x, f"{at}.self_attn.{part}_proj", count * dim, qkv_bias), count)

    query, key = (turn_halves(project(p, n), angles, factor) for p, n in (("q", heads), ("k", kv_heads)))
    return w.linear(attend(query, key, project("v", kv_heads)), f"{at}.self_attn.o_proj", c["hidden_size"], o_bias)


def head(c, w, x, name="lm_head", embedding="model.embed_tokens"):
    if c.get("tie_word_embeddings", False):
        return x @ w[f"{embedding}.weight"].T
    return w.linear(x, name, VOCABULARY)
