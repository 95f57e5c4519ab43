#!/usr/bin/env python3
"""optimum-cli, with the attention of transformers that knows Gemma 2's soft cap of scores.

    optimum_cli_eager.py export openvino …       in the environment of `make peers`

optimum-intel asks transformers for "sdpa" where it exports gemma2, which leaves the cap out.
"""

from optimum.commands.optimum_cli import main
from optimum.exporters.openvino.__main__ import FORCE_ATTN_MODEL_CLASSES

if __name__ == "__main__":
    FORCE_ATTN_MODEL_CLASSES["gemma2"] = "eager"
    main()
