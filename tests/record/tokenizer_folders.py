#!/usr/bin/env python3
"""Records what AutoTokenizer of this environment's transformers makes of the folders of
tests/python/tokenizer_folders.py, beside what other releases were recorded to make:

    python tests/record/tokenizer_folders.py
    PYTHONPATH=FOLDER_OF_TRANSFORMERS_4 python tests/record/tokenizer_folders.py
"""

import json
import os
import sys
import tempfile
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
TESTS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "python"))

import transformers
from tokenizer_folders import FOLDERS, TEXTS, write

DATA = TESTS / "python/data/tokenizer_folders.json"


def made_of(folder):
    """Ids and texts, or the error in its first words."""
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
        ids = [list(tokenizer(text)["input_ids"]) for text in TEXTS]
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}".replace(str(folder), "FOLDER").splitlines()[0][:120]}
    return {"class": type(tokenizer).__name__, "ids": ids,
            "texts": [tokenizer.decode(row, skip_special_tokens=True) for row in ids],
            "eos": tokenizer.eos_token_id, "pad": tokenizer.pad_token_id, "count": len(tokenizer)}


def main():
    transformers.logging.set_verbosity_error()
    recorded = json.loads(DATA.read_text()) if DATA.exists() else {}
    made = {}
    for name in FOLDERS:
        with tempfile.TemporaryDirectory() as folder:
            made[name] = made_of(write(name, Path(folder)))
    recorded[transformers.__version__] = made
    lines = []
    for version, folders in sorted(recorded.items()):
        rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(folders[name], ensure_ascii=False)}" for name in sorted(folders))
        lines.append(f" {json.dumps(version)}: {{\n{rows}\n }}")
    DATA.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
