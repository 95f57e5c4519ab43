#!/usr/bin/env python3
"""Makes a checkpoint of random bfloat16 weights, some 0.4e9 of them, of a family that transformers knows.

    random_family.py FAMILY OUT       in the environment of `make peers`

Without a tokenizer. tools/make_random_model.py makes larger ones faster, of Mistral alone.
"""

import sys

import torch
import transformers

SIZES = {
    "vocab_size": 32000,
    "hidden_size": 1024,
    "intermediate_size": 3584,
    "num_hidden_layers": 24,
    "num_attention_heads": 16,
    "num_key_value_heads": 4,
    "head_dim": 64,
    "max_position_embeddings": 4096,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "pad_token_id": 0,
}
MIXTURE = {"num_hidden_layers": 8, "num_experts_per_tok": 4}
OF_FAMILY = {
    "qwen3_moe": MIXTURE | {"num_experts": 32, "moe_intermediate_size": 512},
    "gpt_oss": MIXTURE | {"num_local_experts": 32, "intermediate_size": 512},
}


def main():
    family, out = sys.argv[1:]
    torch.manual_seed(7)
    config = transformers.AutoConfig.for_model(family, **SIZES | OF_FAMILY.get(family, {}))
    model = transformers.AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16)
    for name, parameter in model.named_parameters():
        if name.endswith("bias"):  # zeros, which compilers fold away and mixtures are not recognised without
            torch.nn.init.normal_(parameter, std=0.02)
    model.save_pretrained(out)


if __name__ == "__main__":
    main()
