"""A model's projections as FP8 with a scale for each block, as DeepSeek-V3's checkpoint stores them."""

import hashlib
import json

import safetensors.torch
import torch

BLOCK = 16
LARGEST = torch.finfo(torch.float8_e4m3fn).max
# What checkpoints keep in bfloat16.
KEPT = ("mlp.gate.weight", "embed_tokens.weight", "lm_head.weight")


def spread(scales, shape):
    """A scale for each element of a matrix."""
    return scales.repeat_interleave(BLOCK, 0)[: shape[0]].repeat_interleave(BLOCK, 1)[:, : shape[1]]


def quantized(weight):
    """Codes, and the scale of each block."""
    rows, columns = (-(-size // BLOCK) for size in weight.shape)
    padded = torch.zeros(rows * BLOCK, columns * BLOCK)
    padded[: weight.shape[0], : weight.shape[1]] = weight
    scales = padded.reshape(rows, BLOCK, columns, BLOCK).abs().amax((1, 3)) / LARGEST
    return (weight / spread(scales, weight.shape)).to(torch.float8_e4m3fn), scales


def store(folder, model):
    """Rewrites a checkpoint that was saved, and gives `model` the values that it holds then. Writes fp8.json: the
    SHA-256 of what each weight is worth as float32."""
    tensors = safetensors.torch.load_file(folder / "model.safetensors")
    stored, values, digests = {}, {}, {}
    for name, tensor in tensors.items():
        if tensor.dim() != 2 or name.endswith(KEPT):
            stored[name] = values[name] = tensor.bfloat16()
            continue
        codes, scales = quantized(tensor)
        stored |= {name: codes, f"{name}_scale_inv": scales}
        values[name] = (codes.float() * spread(scales, codes.shape)).bfloat16()
        digests[name] = hashlib.sha256(values[name].float().numpy().tobytes()).hexdigest()
    safetensors.torch.save_file({name: value.float() for name, value in values.items()}, folder / "model.safetensors")
    model.load_state_dict(type(model).from_pretrained(folder, dtype=torch.float32).state_dict())
    safetensors.torch.save_file(stored, folder / "model.safetensors", metadata={"format": "pt"})
    config = json.loads((folder / "config.json").read_text()) | {"dtype": "bfloat16"}
    config["quantization_config"] = {"activation_scheme": "dynamic", "fmt": "e4m3", "quant_method": "fp8",
                                     "weight_block_size": [BLOCK, BLOCK]}  # fmt: skip
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    (folder / "fp8.json").write_text(json.dumps(digests, indent=1) + "\n")
