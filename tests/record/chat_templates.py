#!/usr/bin/env python3
"""Records in tests/data/chat_templates.json what transformers' own Jinja environment makes of one
small template for each feature, and of conversations in every template in tests/data/chat_templates/.

    chat_templates.py SAMPLE         (the folder that tools/make_sample_model.py makes)

Needs torch and transformers (tools/requirements-peers.txt). Each has the text that was made or the
error that it ended with. The sample's template is copied; the others are ours, in known styles.
"""

import datetime
import json
import os
import pathlib
import sys
import time

os.environ["TZ"] = "UTC"
time.tzset()

from transformers.utils import chat_template_utils

from chat_template_features import FEATURES

DATA = pathlib.Path(__file__).parent.parent / "data"
NOW = 1700000000  # 2023-11-14 22:13:20 UTC

COMMON = {"tools": None, "documents": None, "bos_token": "<s>", "eos_token": "</s>"}
SYSTEM = {"role": "system", "content": " You are a \"helpful\" assistant.\n"}
USER = {"role": "user", "content": "\u3000What is\nthe weather in Zürich 🌍?\t"}
ANSWER = {"role": "assistant", "content": "<think>\nHm, rain.\n</think>\n\nIt <b>rains</b> & it's cold. "}
AGAIN = {"role": "user", "content": "And tomorrow?"}
CALL = {
    "id": "abcdef123",
    "type": "function",
    "function": {"name": "get_weather", "arguments": {"city": "Zürich", "days": 2, "exact": True, "unit": None}},
}
CALLING = {"role": "assistant", "content": None, "tool_calls": [CALL]}
RESULT = {"role": "tool", "name": "get_weather", "tool_call_id": "abcdef123", "content": "{\"degrees\": 1.5}"}
PARTS = {"role": "user", "content": [{"type": "text", "text": "Two"}, {"type": "image"}]}
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "The weather's forecast: \"short\", in °C",
            "parameters": {
                "type": "object",
                "properties": {
                    "city": {"type": "string", "description": "Which\ncity"},
                    "days": {"type": "integer", "default": 1},
                    "units": {"type": "array", "items": {"enum": ["C", "F"]}},
                    "box": {"type": "object", "properties": {"a": {"type": ["number", "null"]}}, "required": ["a"]},
                },
                "required": ["city"],
            },
        },
    }
]
CONVERSATIONS = {
    "user": {"messages": [USER]},
    "system": {"messages": [SYSTEM, USER]},
    "turns": {"messages": [SYSTEM, USER, ANSWER, AGAIN]},
    "answered": {"messages": [USER, ANSWER]},
    "turns without system": {"messages": [USER, ANSWER, AGAIN]},
    "without thinking": {"messages": [USER], "enable_thinking": False},
    "tools": {"messages": [SYSTEM, USER], "tools": TOOLS},
    "called": {"messages": [SYSTEM, USER, CALLING, RESULT], "tools": TOOLS},
    "called without system": {"messages": [USER, CALLING, RESULT, ANSWER, AGAIN], "tools": TOOLS},
    "parts": {"messages": [PARTS]},
    "strange role": {"messages": [{"role": "stranger", "content": "Hello"}]},
}


class FrozenTime(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(NOW)


def outcome(template: str, variables: dict) -> dict:
    try:
        return {"text": chat_template_utils._compile_jinja_template(template).render(**variables)}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def record_features():
    for name, template, *variables in FEATURES:
        given = variables[0] if variables else {}
        yield {"name": name, "template": template, "variables": given, **outcome(template, given)}


def record_conversations():
    for path in sorted((DATA / "chat_templates").glob("*.jinja")):
        for name, conversation in CONVERSATIONS.items():
            for prompt in (True, False):
                variables = {**COMMON, **conversation, "add_generation_prompt": prompt}
                done = outcome(path.read_text(), variables)
                yield {"template": path.name, "conversation": name, "add_generation_prompt": prompt, **done}


def one_a_line(items) -> str:
    return "[\n" + ",\n".join(json.dumps(item, ensure_ascii=False) for item in items) + "\n]"


def main() -> None:
    chat_template_utils.datetime = FrozenTime
    sample = json.loads((pathlib.Path(sys.argv[1]) / "tokenizer_config.json").read_text())
    (DATA / "chat_templates" / "sample.jinja").write_text(sample["chat_template"])
    conversations = {name: {**COMMON, **given} for name, given in CONVERSATIONS.items()}
    (DATA / "chat_templates.json").write_text(
        f'{{"now": {NOW},\n"features": {one_a_line(record_features())},\n'
        f'"conversations": {json.dumps(conversations, ensure_ascii=False)},\n'
        f'"rendered": {one_a_line(record_conversations())}}}\n'
    )


if __name__ == "__main__":
    main()
