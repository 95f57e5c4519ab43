#!/usr/bin/env python3
"""Records what the tokenizer classes of transformers 4 know beside the files of a checkpoint, for
src/tokenizer/tokenizer_classes_test.cpp:

    PYTHONPATH=FOLDER_OF_TRANSFORMERS_4 python tests/record/tokenizer_classes.py > tests/data/tokenizer_classes.json
"""

import inspect
import json

import transformers
from transformers.models.auto.tokenization_auto import TOKENIZER_MAPPING_NAMES

CLASSES = ["LlamaTokenizer", "CodeLlamaTokenizer", "GemmaTokenizer", "CohereTokenizer", "GPTNeoXTokenizer", "GPT2Tokenizer",
           "CodeGenTokenizer", "Qwen2Tokenizer", "BloomTokenizer", "XGLMTokenizer", "BertTokenizer"]
SPECIAL = ("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token")


def known(name):
    made = getattr(transformers, f"{name}Fast")
    defaults = {key: p.default for key, p in inspect.signature(made.__init__).parameters.items()}
    builds = hasattr(made, "update_post_processor")
    return {"tokens": {key: defaults[key] for key in SPECIAL if isinstance(defaults.get(key), str)},
            "builds_template": builds, "adds_bos": builds and bool(defaults.get("add_bos_token"))}


def class_of(model_type):
    python, fast = TOKENIZER_MAPPING_NAMES[model_type]
    return (fast or python or "").removesuffix("Fast")


def main():
    classes = {name: known(name) for name in CLASSES}
    model_types = {name: sorted(m for m in TOKENIZER_MAPPING_NAMES if class_of(m) == name) for name in CLASSES}
    print(json.dumps({"transformers": transformers.__version__, "classes": classes, "model_types": model_types}, indent=1))


if __name__ == "__main__":
    main()
