"""Text from the baked sample: the static pair, the dynamic graph and LLMPipeline say the same."""

import openvino_genai
import pytest
from tokenizers import Tokenizer

from graphs import PROPERTIES, Dynamic, Pair, greedy

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


@pytest.fixture(scope="session", params=PROMPTS)
def prompt(request):
    return request.param


@pytest.fixture(scope="session")
def ids(prompt, tokenizer):
    ids = tokenizer.encode(PROMPTS[prompt]).ids[:PROMPT_POSITIONS]
    assert len(ids) == {"one token": 1, "short": 5, "full": PROMPT_POSITIONS}[prompt]
    return ids


@pytest.fixture(scope="session")
def reference(baked, ids):
    graph = Dynamic(baked)
    return greedy(graph.feed(ids), lambda token: graph.feed([token]), TOKENS)


@pytest.fixture(scope="session")
def text(reference, tokenizer):
    return tokenizer.decode(reference)


def test_the_sample_makes_sense(baked, tokenizer):
    graph = Dynamic(baked)
    first = graph.feed(tokenizer.encode(PROMPTS["short"]).ids)
    assert "Paris" in tokenizer.decode(greedy(first, lambda token: graph.feed([token]), 8))


@pytest.mark.parametrize("device", PROPERTIES)
def test_pair_equals_dynamic_graph(baked, ids, reference, device):
    pair = Pair(baked, device)
    assert greedy(pair.start(ids), pair.feed, TOKENS) == reference


@pytest.mark.parametrize("device", PROPERTIES)
def test_pipeline_equals_dynamic_graph(baked, ids, text, tokenizer, device):
    lengths = {"MAX_PROMPT_LEN": PROMPT_POSITIONS, "MIN_RESPONSE_LEN": TOKENS} if device == "NPU" else {}
    pipeline = openvino_genai.LLMPipeline(baked / "genai", device, **lengths, **PROPERTIES[device])
    assert generate(pipeline, tokenizer.decode(ids), TOKENS) == text


def generate(pipeline, prompt, count):
    return pipeline.generate(prompt, max_new_tokens=count, do_sample=False,
                             apply_chat_template=False, ignore_eos=True)


@pytest.mark.parametrize("device", PROPERTIES)
def test_run_prints_the_same_text(ovbake, baked, ids, text, tokenizer, device):
    properties = [word for name, value in PROPERTIES[device].items()
                  for word in ("--property", f"{name}={value}")]
    done = ovbake("run", baked, "--prompt", tokenizer.decode(ids), "--max_new_tokens", TOKENS,
                  "--device", device, *properties)
    assert text.split(tokenizer.id_to_token(2))[0].strip() in done.stdout
