"""What the baked graphs compute is what transformers computes (recorded by tests/record/logits.py)."""

import pathlib

import numpy as np
import pytest

from graphs import Dynamic, Pair
from lossless_model import CASES, prompt, write_checkpoint

RECORDED = np.load(pathlib.Path(__file__).parent / "data" / "logits.npz")
CACHED = 8  # the last positions of the prompt, fed one by one


def assert_equal(computed, expected):
    assert computed.shape == expected.shape
    assert np.abs(computed - expected).max() <= 2e-5 * np.abs(expected).max()


@pytest.fixture(scope="module", params=CASES)
def case(request, ovbake, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    model = write_checkpoint(folder / "model", CASES[request.param])
    out = folder / "out"
    ovbake("bake", "--model_id", model, "--output_dir", out, "--group_size", 32, "--logits", "all",
           "--max_prompt_len", 64, "--min_response_len", 16, "--disable_convert_tokenizer")
    return out, prompt(CASES[request.param]), RECORDED[request.param]


def test_dynamic_graph_in_one_piece(case):
    out, ids, expected = case
    assert_equal(Dynamic(out).feed(ids), expected)


def test_dynamic_graph_with_cache(case):
    out, ids, expected = case
    graph = Dynamic(out)
    pieces = [graph.feed(ids[:20]), graph.feed(ids[20:-CACHED])]
    pieces += [graph.feed([token]) for token in ids[-CACHED:]]
    assert_equal(np.concatenate(pieces), expected)


def test_static_pair(case):
    out, ids, expected = case
    pair = Pair(out)
    prefill = pair.start(ids[:-CACHED])[-len(ids) + CACHED:]
    steps = [pair.feed(token) for token in ids[-CACHED:]]
    assert_equal(np.concatenate([prefill, *steps]), expected)


def test_static_pair_from_one_token(case):
    out, ids, expected = case
    pair = Pair(out)
    rows = [pair.start(ids[:1])[-1:]] + [pair.feed(token) for token in ids[1:16]]
    assert_equal(np.concatenate(rows), expected[:16])
