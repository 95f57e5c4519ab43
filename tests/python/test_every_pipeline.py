"""OpenVINO GenAI's LLMPipeline over every family, on the CPU and through the NPU plug-in's software path: its
text is that of greedy steps through the dynamic graph, which test_every_family.py holds to its reference."""

import json
import pathlib
import shutil
import subprocess
import sys

import openvino_genai
import pytest
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from deep_model import deepen
from graphs import PROPERTIES, Dynamic, generate, greedy
from pipeline_faults import NOT_ON_NPU, SHALLOW, UNDECIDED

DATA = pathlib.Path(__file__).parent.parent / "data/families"
# The name of a fixture, or of one whose config.json is changed, by which a fault of the plug-in is avoided.
CASES = {p.parent.name: (p.parent, {}) for p in sorted(DATA.glob("*/expected.npz")) if p.parent.name not in UNDECIDED}
CASES["minimax, its mixtures not normalized"] = (DATA / "minimax", {"norm_topk_prob": False})
# One for each of 96 ids.
LETTERS = [chr(i) for i in range(33, 127)] + [" ", "\n"]
TOKENS = 8
# The NPU plug-in keeps keys and values in f16, so that texts part sooner or later.
SAME_TOKENS = {"CPU": TOKENS, "NPU": 2}
PROMPT = [5, 40, 77, 12, 31, 64, 8, 90, 23, 55, 17]
LENGTHS = {"CPU": {}, "NPU": {"MAX_PROMPT_LEN": 64, "MIN_RESPONSE_LEN": 64}}


def letter_tokenizer():
    """A token for each of LETTERS, by its place there, and a special one that no model yields: GenAI loads no
    tokenizer without any."""
    stored = [{" ": "Ġ", "\n": "Ċ"}.get(letter, letter) for letter in LETTERS]
    tokenizer = Tokenizer(models.BPE({letter: i for i, letter in enumerate(stored)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(["<s>"])
    return tokenizer


def spelled(ids):
    return "".join(LETTERS[i] for i in ids)


@pytest.fixture(scope="module", params=CASES)
def out(request, ovbake, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pipeline")
    fixture, changes = CASES[request.param]
    model = shutil.copytree(fixture, folder / "model")
    config = json.loads((model / "config.json").read_text())
    (model / "config.json").write_text(json.dumps(config | changes))
    # The NPU plug-in's partitioning loses inputs of models of few layers.
    if request.param not in SHALLOW:
        deepen(model)
    (model / "generation_config.json").write_text('{"eos_token_id": 2}')
    letter_tokenizer().save(str(model / "tokenizer.json"))
    # Where no class is named, transformers takes that of the model_type, which may put a token in front.
    (model / "tokenizer_config.json").write_text('{"tokenizer_class": "PreTrainedTokenizerFast"}')
    ovbake("bake", "--model_id", model, "--output_dir", folder / "out", "--weight_format", "int8_asym",
           "--max_prompt_len", 32, "--min_response_len", 32, "--quiet")
    return folder / "out"


@pytest.fixture(scope="module")
def text(out):
    graph = Dynamic(out)
    return spelled(greedy(graph.feed(PROMPT), lambda token: graph.feed([token]), TOKENS))


@pytest.fixture(scope="module")
def finished(out):
    """A process of its own, which a plug-in may crash: its texts are lines of JSON, in the order of LENGTHS."""
    return subprocess.run([sys.executable, __file__, out / "genai"], capture_output=True, text=True, timeout=300)


@pytest.mark.parametrize("device", LENGTHS)
def test_pipeline(out, text, finished, device, request):
    name = request.node.callspec.params["out"]
    if device == "NPU" and name in NOT_ON_NPU:
        _, said = NOT_ON_NPU[name]
        assert finished.returncode != 0 and said in finished.stderr, (
            "it runs now, or fails otherwise: see pipeline_faults.py")
        return
    assert finished.returncode == 0 or name in NOT_ON_NPU, finished.stderr[-2000:]
    texts = dict(zip(LENGTHS, map(json.loads, finished.stdout.splitlines())))
    assert device in texts, finished.stderr[-2000:]
    same = SAME_TOKENS[device]
    assert texts[device][:same] == text[:same]


def text_of(folder, device):
    pipeline = openvino_genai.LLMPipeline(folder, device, **LENGTHS[device], **PROPERTIES[device])
    return generate(pipeline, spelled(PROMPT), TOKENS)


def main(folder):
    for device in LENGTHS:
        print(json.dumps(text_of(folder, device)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
