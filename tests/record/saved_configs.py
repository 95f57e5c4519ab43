#!/usr/bin/env python3
"""Records config.json as transformers saves a default model of every family: tests/data/saved_configs.json.

    saved_configs.py          in the environment of `make peers`, and again with transformers 4.57.6 there

Adds the versions that it is run with to those already recorded. Models are made four layers deep, so that lists with an
entry a layer stay short.
"""

import json
import re
import tempfile
from pathlib import Path

import transformers

ROOT = Path(__file__).parents[2]
OUT = ROOT / "tests/data/saved_configs.json"
LAYERS = 4
AS_IT_IS = {"gpt_neo"}  # whose attention_types say how many layers there are


def model_types():
    for source in sorted((ROOT / "src/architecture/families").glob("*.cpp")):
        yield from re.findall(r'"([\w-]+)"', re.search(r"\.model_types = \{([^}]*)\}", source.read_text())[1])


def saved(model_type):
    config = transformers.AutoConfig.for_model(model_type)
    if "text_config" not in config.to_dict() and model_type not in AS_IT_IS:
        config = transformers.AutoConfig.for_model(model_type, num_hidden_layers=LAYERS)
    with tempfile.TemporaryDirectory() as folder:
        config.save_pretrained(folder)
        return json.loads((Path(folder) / "config.json").read_text())


def main():
    recorded = json.loads(OUT.read_text()) if OUT.exists() else {}
    configs = {}
    for model_type in model_types():
        try:
            configs[model_type] = saved(model_type)
        except (AttributeError, ValueError) as error:  # that this version does not know, or cannot save
            print(f"{model_type}: {str(error)[:80]}")
    recorded[transformers.__version__] = configs
    lines = ",\n".join(
        f'"{version}": {{\n' + ",\n".join(f'"{name}": {json.dumps(config)}' for name, config in sorted(configs.items())) + "}"
        for version, configs in sorted(recorded.items())
    )
    OUT.write_text("{\n" + lines + "\n}\n")


if __name__ == "__main__":
    main()
