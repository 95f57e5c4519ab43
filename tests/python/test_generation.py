"""Text from the baked sample: the static pair, the dynamic graph and LLMPipeline say the same."""

import json
import re
import shutil

import openvino_genai
import pytest
from tokenizers import Tokenizer

from folders import sign_again
from graphs import PROPERTIES, Dynamic, Pair, generate, greedy

PROMPTS = {
    "one token": "The",
    "short": "The capital of France is",
    "full": "Once upon a time, in a small village by the sea, there lived a fisherman. " * 12,
}
TOKENS = 64
PROMPT_POSITIONS = 128  # as the fixture `baked` has them


@pytest.fixture(scope="session")
def tokenizer(sample):
    return Tokenizer.from_file(str(sample / "tokenizer.json"))


@pytest.fixture(scope="session")
def ids(tokenizer):
    ids = {name: tokenizer.encode(text).ids[:PROMPT_POSITIONS] for name, text in PROMPTS.items()}
    assert {name: len(of_one) for name, of_one in ids.items()} == {
        "one token": 1, "short": 5, "full": PROMPT_POSITIONS}
    return ids


@pytest.fixture(scope="session")
def reference(baked, ids):
    def of(prompt):
        graph = Dynamic(baked)
        return greedy(graph.feed(prompt), lambda token: graph.feed([token]), TOKENS)

    return {name: of(prompt) for name, prompt in ids.items()}


@pytest.fixture(scope="module", params=PROPERTIES)
def device(request):
    return request.param


@pytest.fixture(scope="module")
def pair(baked, device):
    return Pair(baked, device)


@pytest.fixture(scope="module")
def pipeline(baked, device):
    lengths = {"MAX_PROMPT_LEN": PROMPT_POSITIONS, "MIN_RESPONSE_LEN": TOKENS} if device == "NPU" else {}
    return openvino_genai.LLMPipeline(baked / "genai", device, **lengths, **PROPERTIES[device])


def test_the_sample_makes_sense(baked, tokenizer):
    graph = Dynamic(baked)
    first = graph.feed(tokenizer.encode(PROMPTS["short"]).ids)
    assert "Paris" in tokenizer.decode(greedy(first, lambda token: graph.feed([token]), 8))


@pytest.mark.parametrize("prompt", PROMPTS)
def test_pair_equals_dynamic_graph(pair, ids, reference, prompt):
    assert greedy(pair.start(ids[prompt]), pair.feed, TOKENS) == reference[prompt]


@pytest.mark.parametrize("prompt", PROMPTS)
def test_pipeline_equals_dynamic_graph(pipeline, ids, reference, tokenizer, prompt):
    assert generate(pipeline, tokenizer.decode(ids[prompt]), TOKENS) == tokenizer.decode(reference[prompt])


@pytest.mark.parametrize("prompt", PROMPTS)
def test_run_prints_the_same_text(ovbake, baked, ids, reference, tokenizer, device, prompt):
    done = ovbake("run", baked, "--prompt", tokenizer.decode(ids[prompt]), "--max_new_tokens", TOKENS,
                  "--device", device, *options(PROPERTIES[device]))
    text = tokenizer.decode(reference[prompt])
    assert text.split(tokenizer.id_to_token(2))[0].strip() in done.stdout


@pytest.mark.parametrize("system", [None, "Answer like a pirate."])
def test_chat_equals_pipeline(ovbake, baked, system):
    history = [{"role": "user", "content": "What is the capital of France?"}]
    if system:
        history.insert(0, {"role": "system", "content": system})
    pipeline = openvino_genai.LLMPipeline(baked / "genai", "CPU", **PROPERTIES["CPU"])
    answer = pipeline.generate(openvino_genai.ChatHistory(history), max_new_tokens=TOKENS, do_sample=False,
                               apply_chat_template=True)
    done = ovbake("run", baked, "--chat", "--prompt", history[-1]["content"], "--max_new_tokens", TOKENS,
                  *(["--system", system] if system else []), *options(PROPERTIES["CPU"]))
    assert done.stdout.strip() == answer.texts[0].strip() != ""


def test_chat_adds_no_special_tokens(ovbake, baked, sample, tmp_path):
    """A tokenizer that sets tokens around a text does so around a prompt, not around a conversation."""
    marked = tmp_path / "marked"
    shutil.copytree(baked, marked, symlinks=True)
    set_special_tokens(sample, tmp_path / "sample", before="<|endoftext|>", after="<|im_end|>")
    ovbake("tokenizer", tmp_path / "sample", tmp_path / "tokenizer")
    shutil.copytree(tmp_path / "tokenizer", marked / "genai", dirs_exist_ok=True)
    sign_again(marked)

    def prompt_tokens(out, *chat):
        done = ovbake("run", out, "--prompt", "Hi", "--max_new_tokens", 1, *chat)
        return int(re.search(r"prefill: (\d+) tokens", done.stderr)[1])

    assert prompt_tokens(marked) == prompt_tokens(baked) + 2
    assert prompt_tokens(marked, "--chat") == prompt_tokens(baked, "--chat") > 10


def set_special_tokens(sample, copy, before, after):
    copy.mkdir()
    for file in sample.glob("*token*.json"):
        shutil.copy(file, copy)
    tokenizer = json.loads((sample / "tokenizer.json").read_text())
    ids = {added["content"]: added["id"] for added in tokenizer["added_tokens"]}
    special = [{"SpecialToken": {"id": token, "type_id": 0}} for token in (before, after)]
    text = [{"Sequence": {"id": part, "type_id": 0}} for part in "AB"]
    tokenizer["post_processor"] = {
        "type": "TemplateProcessing",
        "single": [special[0], text[0], special[1]],
        "pair": [special[0], text[0], special[1], text[1]],
        "special_tokens": {token: {"id": token, "ids": [ids[token]], "tokens": [token]} for token in (before, after)},
    }
    (copy / "tokenizer.json").write_text(json.dumps(tokenizer))


def test_chat_needs_a_template(ovbake, baked, tmp_path):
    without = tmp_path / "without"
    shutil.copytree(baked, without, symlinks=True)
    (without / "genai" / "chat_template.jinja").unlink()
    sign_again(without)
    done = ovbake("run", without, "--chat", "--prompt", "Hi", status=3)
    assert "chat_template.jinja is not there" in done.stderr


def options(properties):
    return [word for name, value in properties.items() for word in ("--property", f"{name}={value}")]
