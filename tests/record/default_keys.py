#!/usr/bin/env python3
"""Records what transformers takes for keys that config.json leaves out: tests/data/default_keys.json.

    default_keys.py [NAME ...]      in the environment of `make peers`

For every fixture of families.py, or those that are named, with 8 layers where the test can deepen it: each key that may be left out without
a change to what transformers understands, and its value then.
"""

import json
import sys
from pathlib import Path

import transformers

TESTS = Path(__file__).parents[1]
sys.path.insert(0, str(TESTS / "python"))
from deep_model import BY_LAYER, BY_LAYER_ALONE, COUNTS, LAYERS  # noqa: E402
from pipeline_faults import SHALLOW  # noqa: E402

OUT = TESTS / "data/default_keys.json"
# Transformers 4 and 5 take different values, or it reads another spelling than ovbake.
UNSETTLED = {"cohere": {"rope_parameters"}, "gpt_neo": {"attention_layers"}}
# What every class of transformers has says nothing of the mathematics.
KEPT = {"model_type"} | transformers.PretrainedConfig().to_dict().keys() - {"tie_word_embeddings"}


def understood(config):
    return transformers.AutoConfig.for_model(**config).to_dict()


def left_out(config, needed):
    """Greedily; values are those that transformers fills in."""
    kept, full = dict(config), understood(config)
    for key in config.keys() - needed:
        fewer = {word: value for word, value in kept.items() if word != key}
        try:
            if understood(fewer) == full:
                kept = fewer
        except Exception:  # some classes compute with what is not there
            pass
    return {key: full[key] for key in sorted(config.keys() - kept.keys()) if key in full}


def main():
    only = set(sys.argv[1:])
    recorded = json.loads(OUT.read_text()) if only else {}
    for path in sorted((TESTS / "data/families").glob("*/config.json")):
        name, config = path.parent.name, json.loads(path.read_text())
        if "auto_map" in config or only and name not in only:
            continue
        config = config.get("text_config", config)
        if name not in SHALLOW | BY_LAYER_ALONE:
            config |= {key: LAYERS for key in COUNTS if key in config}
            config = understood({key: value for key, value in config.items() if key not in BY_LAYER})
        recorded[name] = left_out(config, KEPT | set(COUNTS) | UNSETTLED.get(name, set()))
        print(name, len(recorded[name]), flush=True)
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(keys)}" for name, keys in sorted(recorded.items()))
    OUT.write_text("{\n" + lines + "\n}\n")


if __name__ == "__main__":
    main()
