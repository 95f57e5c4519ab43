#!/usr/bin/env python3
"""Records what transformers computes, in float32, for every case of tests/python/lossless_model.py.

    record/logits.py        in an environment with torch and transformers; writes python/data/logits.npz
"""

import pathlib
import sys
import tempfile

import numpy as np
import torch
import transformers

TESTS = pathlib.Path(__file__).parents[1]
sys.path.insert(0, str(TESTS / "python"))
import lossless_model  # noqa: E402


def logits(case):
    with tempfile.TemporaryDirectory() as scratch:
        folder = lossless_model.write_checkpoint(pathlib.Path(scratch) / "model", case)
        model = transformers.AutoModelForCausalLM.from_pretrained(
            folder, dtype=torch.float32, attn_implementation="eager")
    ids = torch.tensor(lossless_model.prompt(case))[None]
    with torch.no_grad():
        return model(ids).logits[0].numpy()


def main():
    recorded = {name: logits(case) for name, case in lossless_model.CASES.items()}
    out = TESTS / "python" / "data" / "logits.npz"
    out.parent.mkdir(exist_ok=True)
    np.savez_compressed(out, **recorded)
    print(f"transformers {transformers.__version__}, torch {torch.__version__}: {out}")
    for name, values in recorded.items():
        print(f"  {name}: {values.shape}, largest {np.abs(values).max():.3f}")


if __name__ == "__main__":
    main()
