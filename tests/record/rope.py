#!/usr/bin/env python3
"""Records transformers' rotary frequencies in tests/data/rope.json: config.json's words in, float32
out. Needs torch and transformers (tools/requirements-peers.txt)."""

import json
import pathlib

import transformers
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

OUT = pathlib.Path(__file__).parent.parent / "data" / "rope.json"
LLAMA3 = {
    "rope_type": "llama3",
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 8192,
}
YARN = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 4096}
CASES = [
    (64, {"rope_type": "default", "rope_theta": 10000.0}),
    (128, {"rope_type": "default", "rope_theta": 1000000.0}),
    (128, {"rope_type": "linear", "rope_theta": 10000.0, "factor": 4.0}),
    (128, LLAMA3 | {"rope_theta": 500000.0}),
    (64, LLAMA3 | {"rope_theta": 500000.0, "factor": 32.0}),
    (128, YARN | {"rope_theta": 1000000.0}),
    (64, YARN | {"rope_theta": 10000.0, "beta_fast": 16.0, "beta_slow": 2.0, "mscale": 1.0, "mscale_all_dim": 0.5}),
    (64, YARN | {"rope_theta": 150000.0, "factor": 32.0, "truncate": False, "attention_factor": 1.25}),
    (64, {"rope_type": "proportional", "rope_theta": 1000000.0, "partial_rotary_factor": 0.25, "factor": 2.0}),
]


def main() -> None:
    recorded = []
    for head_dim, parameters in CASES:
        config = transformers.LlamaConfig(
            hidden_size=head_dim * 8, num_attention_heads=8, head_dim=head_dim, rope_parameters=dict(parameters)
        )
        if parameters["rope_type"] == "default":
            rotary = transformers.models.llama.modeling_llama.LlamaRotaryEmbedding(config)
            inv_freq, factor = rotary.inv_freq, rotary.attention_scaling
        else:
            inv_freq, factor = ROPE_INIT_FUNCTIONS[parameters["rope_type"]](config, "cpu")
        recorded.append(
            {
                "head_dim": head_dim,
                "rope_parameters": parameters,
                "inv_freq": inv_freq.double().tolist(),
                "attention_factor": factor,
            }
        )
    OUT.write_text(json.dumps(recorded, indent=1) + "\n")


if __name__ == "__main__":
    main()
