#!/usr/bin/env python3
"""Records which keys of config.json the published code of every model_type can read: src/architecture/read_keys.cpp.

    read_keys.py TRANSFORMERS ... [--code FOLDER]

TRANSFORMERS are source folders of transformers: 4.57.6 and 5.24.0. Their configuration and modeling code is parsed, never
run. FOLDER holds the code of families that transformers does not know, FOLDER/MODEL_TYPE/(configuration|modeling)*.py, as
published in these repositories: zhangningboo/Qwen-7B (qwen), czk1997/chatglm3-copy, bq-xiao/chatglm2-6b-model and
XuRui314/GLM4v-Finetune (chatglm), jrd77/Baichuan2-13B-Chat (baichuan), wxthu/nas_tuner (minicpm),
NanSang2000/S1mpleAgent (internlm2), Pentahill/llm-example (internlm), Zumwaltboi68/stable-code-3b (stablelm). For the rest
the definitions in published_definitions.py say what their code reads.
"""

import argparse
import ast
import re
import textwrap
from pathlib import Path

ROOT = Path(__file__).parents[2]
OUT = ROOT / "src/architecture/read_keys.cpp"
FAMILIES = ROOT / "src/architecture/families"
BEGIN, END = 'R"(\n', '\n)"'

# What models share, by the module that their modeling code imports. How weights are loaded no import tells.
SHARED_CODE = {"@caches": "cache_utils", "@masks": "masking_utils", "@rope": "modeling_rope_utils"}
LOADING = ["pruned_heads", "quantization_config", "tie_word_embeddings"]

# Code that no logits of a causal language model depend on.
OTHER_CODE = re.compile(
    r"For(Sequence|Token)Classification|ForQuestionAnswering|DoubleHeads|SequenceSummary|Vision|Audio|Image|MultiModal|Siglip"
    r"|OnnxConfig|EncoderTransformer|_init_weights|prune_heads|load_balancing_loss_func|from_pretrained|__repr__"
    r"|^(validate|generate|to_|chat|stream_|process_|quantize|convert_)|^_(reorder|set|validate|backward)"
)
# Keys that are read, whatever their value, without a change to a logit: training, caching, what is returned, token ids,
# and numbers of positions, which a family that has a table of them reads itself.
WITHOUT_EFFECT = re.compile(
    r".*(pdrop|_token_id|_token_index|_implementation|checkpointing|dtype|_loss_coef|in_fp32|upcast_attn|aux_loss_alpha|seq_aux)|.*dropout.*"
    r"|layerdrop|(router|input)_jitter_noise|output_.*|(use_)?return_dict|use_cache.*|_?is_quantized|pretraining_tp|num_labels"
    r"|max_position_embeddings|n_positions|n_ctx|seq_length|max_seq_len|max_length|max_new_tokens|chat_format|max_window_size"
    r"|model_max_length|bf16|fp16|fp32|load_in_4bit|initializer_range|is_decoder|is_encoder_decoder|__.*__|_.*|text_config"
    r"|vision_config|audio_config|get|pop|slow_but_exact|torchscript|softmax_in_fp32|use_flash_attn|image_size|patch_size"
)


def last_word(node):
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def text_of(node):
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


class Reads(ast.NodeVisitor):
    """Collects the keys for which code asks a configuration: what is called config. In a configuration's own code that is
    also `self`, whose attributes are its keys, and a parameter that is used for more than to set its own key."""

    def __init__(self, names=("config", "cfg"), of_configuration=False):
        self.keys, self.names, self.of_configuration = set(), names, of_configuration
        self.parameters = set()

    def is_configuration(self, node):
        word = last_word(node)
        own = isinstance(node, ast.Name) and word in ("self", "kwargs") and self.of_configuration
        return word in self.names or word.endswith("_config") or own

    def visit_ClassDef(self, node):
        if not OTHER_CODE.search(node.name):
            self.generic_visit(node)

    def visit_FunctionDef(self, node):
        if OTHER_CODE.search(node.name):
            return
        outer = self.parameters
        if self.of_configuration:
            self.parameters = {argument.arg for argument in node.args.args + node.args.kwonlyargs} - {"self", "cls"}
        for statement in node.body:
            self.visit(statement)
        self.parameters = outer

    def visit_Assign(self, node):
        sets_key = self.of_configuration and isinstance(node.targets[0], ast.Attribute)
        if not (sets_key and last_word(node.value) == node.targets[0].attr):
            self.generic_visit(node)

    def visit_Attribute(self, node):
        if isinstance(node.ctx, ast.Load) and self.is_configuration(node.value):
            self.keys.add(node.attr)
        self.generic_visit(node)

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Load) and node.id in self.parameters:
            self.keys.add(node.id)

    def visit_Subscript(self, node):
        if self.is_configuration(node.value):
            self.keys.add(text_of(node.slice))
        self.generic_visit(node)

    def visit_Compare(self, node):
        if isinstance(node.ops[0], (ast.In, ast.NotIn)) and self.is_configuration(node.comparators[0]):
            self.keys.add(text_of(node.left))
        self.generic_visit(node)

    def visit_Call(self, node):
        function, name = node.func, last_word(node.func)
        if name in ("getattr", "hasattr") and self.is_configuration(node.args[0]):
            self.keys.add(text_of(node.args[1]))
        if name in ("get", "pop") and node.args and self.is_configuration(function.value):
            self.keys.add(text_of(node.args[0]))
        if isinstance(function, ast.Attribute):
            self.visit(function.value)
        of_parent = isinstance(function, ast.Attribute) and isinstance(function.value, ast.Call)
        for argument in node.args:
            self.visit(argument)
        for keyword in node.keywords:
            passed_on = of_parent and last_word(function.value.func) == "super" and last_word(keyword.value) == keyword.arg
            if not passed_on:
                self.visit(keyword.value)


def other_spellings(tree):
    """{key: the one that a configuration's attribute_map takes it for}"""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and last_word(node.targets[0]) == "attribute_map" and isinstance(node.value, ast.Dict):
            found |= {text_of(key): text_of(value) for key, value in zip(node.value.keys, node.value.values)}
    return found


def keys_of_files(paths):
    keys, spellings = set(), {}
    for path in paths:
        tree, of_configuration = ast.parse(path.read_text()), path.name.startswith("configuration")
        reads = Reads(of_configuration=of_configuration)
        reads.visit(tree)
        keys |= reads.keys
        if of_configuration:
            spellings |= other_spellings(tree)
    for one, other in spellings.items():
        if {one, other} & keys:
            keys |= {one, other}
    return keys


def imported(paths):
    """The shared modules that code of a model imports."""
    text = "\n".join(path.read_text() for path in paths)
    return {row for row, module in SHARED_CODE.items() if re.search(rf"^from \S*{module} import", text, re.M)}


def keys_of_definitions():
    """{model_type: keys} of the functions in published_definitions.py, each with the functions that it calls."""
    functions, own_words = {}, set()
    for name in ("plain_decoder.py", "published_definitions.py"):
        tree = ast.parse((Path(__file__).parent / name).read_text())
        functions |= {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        # What one function tells another beside config.json: c | {"embedding_scale": …}
        merged = [node.right for node in ast.walk(tree) if isinstance(node, ast.BinOp) and isinstance(node.right, ast.Dict)]
        own_words |= {text_of(key) for one in merged for key in one.keys} | {"layers"}

    def keys(name, seen):
        if name not in functions or name in seen:
            return set()
        seen.add(name)
        reads = Reads(names=("c",))
        reads.visit(functions[name])
        called = {last_word(node) for node in ast.walk(functions[name]) if isinstance(node, ast.Name)}
        return reads.keys.union(*(keys(word, seen) for word in called))

    return {name: keys(name, set()) - own_words for name in functions}


def kept(keys):
    return {key for key in keys if key and not WITHOUT_EFFECT.fullmatch(key)}


def record(transformers, code):
    rows = {row: kept(keys_of_files(root / f"{module}.py" for root in transformers)) for row, module in SHARED_CODE.items()}
    rows["@loading"] = set(LOADING)
    definitions = keys_of_definitions()
    for source in sorted(FAMILIES.glob("*.cpp")):
        family, first_type = source.stem, re.search(r'\.model_types = \{"([^"]+)"', source.read_text())[1]
        folders = [root / "models" / family for root in transformers] + [code / family]
        paths = [path for folder in folders for path in sorted(folder.glob("*.py"))
                 if re.match(r"(configuration|modeling)_(?!tf_|flax_)", path.name)]  # fmt: skip
        is_known = any(path.name.startswith("modeling") and code not in path.parents for path in paths)
        keys = kept(keys_of_files(paths) | definitions.get(family, set()))
        name = first_type if is_known else first_type + "?"
        rows[name] = {"@loading"} | imported(paths) | keys
        for row in rows[name] & rows.keys():
            rows[name] -= rows[row]
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("transformers", nargs="+", type=Path)
    parser.add_argument("--code", type=Path, required=True)
    options = parser.parse_args()
    rows = record(options.transformers, options.code)
    lines = [textwrap.fill(f"{row}: {' '.join(sorted(keys))}", 100, subsequent_indent="  ", break_on_hyphens=False)
             for row, keys in sorted(rows.items())]  # fmt: skip
    text = OUT.read_text()
    begin, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    OUT.write_text(text[:begin] + "\n".join(lines) + text[end:])


if __name__ == "__main__":
    main()
