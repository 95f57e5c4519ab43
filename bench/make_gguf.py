#!/usr/bin/env python3
"""Puts a random Mistral of tools/make_random_model.py into one bf16 GGUF file, for llama.cpp.

    make_gguf.py MODEL OUT

The rows of q and k stay in Hugging Face's order: it matters to text, not to a quantizer's time.
"""

import json
import mmap
import pathlib
import sys

import numpy as np
from gguf import GGMLQuantizationType, GGUFWriter

NAMES = {
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
OUTER = {"model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output"}


def gguf_name(name):
    stem = name.removesuffix(".weight")
    if stem in OUTER:
        return OUTER[stem] + ".weight"
    _, _, layer, rest = stem.split(".", 3)
    return f"blk.{layer}.{NAMES[rest]}.weight"


def stored_tensors(model):
    for path in sorted(model.glob("*.safetensors")):
        with open(path, "rb") as file:
            view = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        end = 8 + int.from_bytes(view[:8], "little")
        for name, entry in json.loads(view[8:end]).items():
            if name != "__metadata__":
                begin, stop = (end + offset for offset in entry["data_offsets"])
                bits = np.frombuffer(view, np.uint16, (stop - begin) // 2, begin)
                yield name, bits.reshape(entry["shape"])


def main():
    model, out = map(pathlib.Path, sys.argv[1:3])
    config = json.loads((model / "config.json").read_text())
    writer = GGUFWriter(out, "llama")
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_vocab_size(config["vocab_size"])
    writer.add_tokenizer_model("no_vocab")
    for name, bits in stored_tensors(model):
        if bits.ndim == 1:
            writer.add_tensor(gguf_name(name), (bits.astype(np.uint32) << 16).view(np.float32))
        else:
            writer.add_tensor(gguf_name(name), bits.view(np.uint8),
                              raw_dtype=GGMLQuantizationType.BF16)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    main()
