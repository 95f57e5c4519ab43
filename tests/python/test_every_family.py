"""Every family against transformers: tiny random checkpoints baked to fp32, their logits compared
with those that tests/record/families.py recorded, in every way that a graph is used."""

import pathlib

import numpy as np
import openvino as ov
import pytest

from graphs import F32, Pair, Stateful

FIXTURES = sorted(p.parent for p in (pathlib.Path(__file__).parent.parent / "data/families").glob("*/expected.npz"))
MIXTURES = [fixture for fixture in FIXTURES if "experts" in np.load(fixture / "expected.npz")]
# Those that compute otherwise once a sequence is longer than the model was first trained for.
LONG = [fixture for fixture in FIXTURES if "long_ids" in np.load(fixture / "expected.npz")]
PREFILL, RESPONSE = 16, 16
# A right graph lies within 4e-7 to 3.3e-6 of the largest logit, GELU by tanh for GELU by erf at 1e-4.
TOLERANCE = 2e-5

core = ov.Core()


class Family:
    def __init__(self, checkpoint, baked):
        self.recorded = np.load(checkpoint / "expected.npz")
        self.ids, self.logits = self.recorded["ids"], self.recorded["logits"]
        self.shortest = int(self.recorded.get("shortest", 1))
        self.baked = baked
        self.scale = np.abs(self.logits).max()

    def compiled(self, xml, weights):
        return core.compile_model(core.read_model(self.baked / xml, self.baked / weights), "CPU", F32)

    def dynamic(self):
        return Stateful(self.compiled("genai/openvino_model.xml", "openvino_model.bin").create_infer_request())

    def check(self, got, rows, positions):
        expected = self.logits[np.asarray(rows)[:, None], np.asarray(positions)]
        assert np.abs(got - expected).max() <= TOLERANCE * self.scale


@pytest.fixture(scope="module", params=FIXTURES, ids=lambda p: p.name)
def family(request, ovbake, tmp_path_factory):
    out = tmp_path_factory.mktemp("family") / "out"
    ovbake(
        "bake", "--model", request.param, "--output-dir", out, "--weight-format", "fp32", "--logits", "all",
        "--disable-convert-tokenizer", "--max-prompt-len", PREFILL, "--min-response-len", RESPONSE, "--quiet",
    )  # fmt: skip
    return Family(request.param, out)


def test_prefill_and_cached_steps(family):
    run = family.dynamic()
    family.check(run(family.ids[:1, :16]), [0], range(16))
    for position in range(16, 24):
        family.check(run(family.ids[:1, position : position + 1]), [0], [position])


@pytest.mark.parametrize("family", LONG, ids=lambda p: p.name, indirect=True)
def test_prompt_beyond_the_trained_length(family):
    expected = family.recorded["long_logits"]
    logits = family.dynamic()(family.recorded["long_ids"])
    assert np.abs(logits - expected).max() <= TOLERANCE * np.abs(expected).max()


@pytest.mark.parametrize("family", MIXTURES, ids=lambda p: p.name, indirect=True)
def test_every_token_is_seen_by_the_experts_of_the_reference(family):
    model = core.read_model(family.baked / "genai/openvino_model.xml", family.baked / "openvino_model.bin")
    chosen = [node.output(1) for node in model.get_ordered_ops() if node.get_friendly_name().endswith(".chosen")]
    for layer, output in enumerate(chosen):
        output.get_tensor().set_names({f"chosen.{layer}"})
    model.add_outputs(chosen)
    request = core.compile_model(model, "CPU", F32).create_infer_request()
    for row, expected in enumerate(family.recorded["experts"]):
        request.reset_state()
        Stateful(request)(family.ids[row : row + 1])
        got = [np.sort(request.get_tensor(f"chosen.{layer}").data) for layer in range(len(chosen))]
        assert np.array_equal(np.stack(got, 1), expected)


def test_prompt_in_two_pieces(family):
    run = family.dynamic()
    family.check(run(family.ids[1:2, :9]), [1], range(9))
    family.check(run(family.ids[1:2, 9:20]), [1], range(9, 20))


def test_batch_with_left_padding(family):
    lengths = [16, 11]
    ids, mask = np.zeros((2, 16), np.int64), np.zeros((2, 16), np.int64)
    for row, length in enumerate(lengths):
        ids[row, 16 - length :], mask[row, 16 - length :] = family.ids[row, :length], 1
    run = family.dynamic()
    logits = run(ids, mask)
    for row, length in enumerate(lengths):
        family.check(logits[row : row + 1, 16 - length :], [row], range(length))
    for step in range(8):
        following = np.stack([family.ids[row, length + step] for row, length in enumerate(lengths)])[:, None]
        logits = run(following)
        for row, length in enumerate(lengths):
            family.check(logits[row : row + 1], [row], [length + step])


def test_rows_reordered_by_beam_idx(family):
    run = family.dynamic()
    run(family.ids[:, :12])
    order = [2, 0, 1]
    for position in range(12, 16):
        beams = order if position == 12 else None
        family.check(run(family.ids[order, position : position + 1], beams=beams), order, [position])


@pytest.mark.parametrize("length", [1, 11, 16])
def test_static_pair(family, length):
    length = max(length, family.shortest)
    pair = Pair(family.baked)
    family.check(pair.start(family.ids[2, :length])[None, -length:], [2], range(length))
    for position in range(length, 24):
        family.check(pair.feed(family.ids[2, position])[None], [2], [position])


def test_every_node_of_the_pair_is_static(family):
    for xml in ("openvino_model.xml", "openvino_model_decode.xml"):
        model = core.read_model(family.baked / xml, family.baked / "openvino_model.bin")
        outputs = [output for node in model.get_ops() for output in node.outputs()]
        assert [o.get_node().get_friendly_name() for o in outputs if o.get_partial_shape().is_dynamic] == []
