#!/usr/bin/env python3
"""Records which language model transformers takes for the text part of a model of more modalities, where config.json does not say it.

    wrappers.py

Needs transformers (tools/requirements-peers.txt), no torch. Writes tests/data/wrappers.json: the version of transformers, and for each
model_type whose config class has a section for a language model the section's name and its default model_type."""

import json
import pathlib

import transformers
from transformers.models.auto.configuration_auto import CONFIG_MAPPING

OUT = pathlib.Path(__file__).parents[1] / "data/wrappers.json"
SECTIONS = ("text_config", "llm_config", "language_config", "text_model_config")


def text_part(model_type):
    """(section, model_type), or nothing where there is none or the config cannot be made without arguments."""
    try:
        config = CONFIG_MAPPING[model_type]()
    except Exception:
        return None
    for section in SECTIONS:
        text = getattr(getattr(config, section, None), "model_type", None)
        if section in (type(config).sub_configs or {}) and text:
            return section, text
    return None


def main():
    parts = {model_type: text_part(model_type) for model_type in sorted(CONFIG_MAPPING.keys())}
    wrappers = {model_type: {"section": part[0], "text": part[1]} for model_type, part in parts.items() if part}
    OUT.write_text(json.dumps({"transformers": transformers.__version__, "wrappers": wrappers}, indent=1) + "\n")


if __name__ == "__main__":
    main()
