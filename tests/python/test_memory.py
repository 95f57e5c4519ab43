"""Memory does not grow with the model: at most 96 MB, and what the plan says of it holds."""

import re
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from hub_server import Hub, Model, folder_files
from scaled_blocks import deepseek_v3, gpt_oss

LIMIT = 96_000_000
TESTS = Path(__file__).parent.parent


def peak_bytes(report, *command):
    """Most memory that `command` had, as GNU time saw it (a child of our own would count ours in)."""
    subprocess.run(["/usr/bin/time", "--format=%M", f"--output={report}", *map(str, command)],
                   check=True, stdout=subprocess.DEVNULL)
    return int(report.read_text()) * 1024


def bound(ovbake, *words):
    """The peak memory that the plan of a bake tells, in bytes."""
    plan = ovbake("bake", "--dry_run", *words).stdout
    return float(plan.split("peak memory at most ")[1].split(" MB")[0]) * 1e6


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """Two layers of a 7B with its embeddings: 1.4 GB."""
    import make_random_model

    folder = tmp_path_factory.mktemp("large") / "model"
    make_random_model.make(folder, layers=2)
    return folder


@pytest.fixture(scope="module")
def deep(tmp_path_factory):
    """Many layers with few weights: all memory goes to the graphs."""
    import make_random_model

    folder = tmp_path_factory.mktemp("deep") / "model"
    make_random_model.make(folder, layers=100, hidden=64, intermediate=128, heads=2, kv_heads=1,
                           vocab=500)
    return folder


def test_sample_with_its_tokenizer(program, sample, tmp_path):
    assert peak_bytes(tmp_path / "peak", program, "bake", "--model_id", sample, "--output_dir",
                      tmp_path / "out", "--quiet") <= LIMIT


def test_large_model(program, large, tmp_path):
    out = tmp_path / "out"
    assert peak_bytes(tmp_path / "peak", program, "bake", "--model_id", large, "--output_dir", out,
                      "--disable_convert_tokenizer", "--quiet") <= LIMIT
    assert peak_bytes(tmp_path / "peak", program, "verify", out, "--quiet") <= LIMIT


@pytest.mark.parametrize("model, words", [
    ("sample", []),
    ("sample", ["--threads", "8"]),
    ("large", ["--weight_format", "fp32", "--threads", "8"]),
    ("large", ["--group_size", "-1", "--threads", "32"]),
    ("large", ["--awq"]),
    ("deep", ["--threads", "1"]),
])
def test_the_plan_tells_it(ovbake, program, request, tmp_path, model, words):
    words = ["--model_id", request.getfixturevalue(model), *words]
    if model != "sample":
        words.append("--disable_convert_tokenizer")
    told = bound(ovbake, *words)
    measured = peak_bytes(tmp_path / "peak", program, "bake", *words, "--output_dir",
                          tmp_path / "out", "--quiet")
    assert 0.7 * told < measured <= told


def streamed_peak(program, model, folder, *words):
    """Of a bake of `model` that a hub has, in `folder`."""
    hub = Hub()
    hub.models["org/model"] = Model(folder_files(model))
    measured = peak_bytes(folder / "peak", "env", f"HF_ENDPOINT={hub.endpoint}", f"HF_HOME={folder}",
                          "HF_HUB_OFFLINE=0", program, "bake", "--model_id", "org/model", "--stream",
                          "--output_dir", folder / "out", "--disable_convert_tokenizer", "--quiet", *words)
    hub.close()
    return measured


@pytest.mark.parametrize("words", [[], ["--ratio", "0.8"], ["--awq"]])
def test_a_stream_takes_no_more(program, large, tmp_path, words):
    """Also where the threads that read are far apart in the file for a moment."""
    assert streamed_peak(program, large, tmp_path, *words) <= LIMIT


@pytest.mark.parametrize("model, words", [
    (gpt_oss, []),
    (gpt_oss, ["--weight_format", "mxfp4", "--target", "any"]),
    (partial(deepseek_v3, scales_first=True), []),
    (partial(deepseek_v3, scales_first=False), []),
], ids=["MXFP4", "MXFP4 moved", "FP8, scales in front", "FP8, scales behind"])
def test_a_stream_takes_no_more_where_scales_lie_far_from_their_blocks(program, tmp_path, model, words):
    assert streamed_peak(program, model(tmp_path / "model"), tmp_path, *words) <= LIMIT


def test_lightning_attention_takes_no_memory_by_the_square_of_a_prompt(ovbake, tmp_path):
    """4096 tokens took 1966 MB when each saw each other, and take 340 MB in blocks."""
    ovbake("export", "openvino", "--model", TESTS / "data/families/minimax", "--weight-format", "fp32",
           "--disable-convert-tokenizer", tmp_path / "out")
    feed = "from pathlib import Path; from graphs import Dynamic; import sys; " \
           "Dynamic(Path(sys.argv[1]), 'openvino_model.xml').feed([1] * 4096)"
    assert peak_bytes(tmp_path / "peak", "env", f"PYTHONPATH={TESTS / 'python'}", sys.executable, "-c", feed,
                      tmp_path / "out") <= 700_000_000


def test_a_limit_is_kept(program, large, tmp_path):
    """With 32 threads it would take twice as much. The limit of data is the kernel's own count."""
    words = ["--model_id", large, "--weight_format", "fp32", "--disable_convert_tokenizer", "--threads", "32"]
    limited = ["sh", "-c", 'ulimit -s 1024; ulimit -d 62500; exec "$@"', "sh", program, "bake", *words,
               "--output_dir", tmp_path / "out", "--quiet", "--max_memory", "64MB"]
    assert peak_bytes(tmp_path / "peak", *limited) <= 64_000_000


def test_a_limit_that_is_too_low_is_refused_with_the_least_that_would_do(ovbake, program, sample, tmp_path):
    words = ["--model_id", sample, "--output_dir", tmp_path / "out"]
    refused = ovbake("bake", *words, "--max_memory", "20MB", status=2).stderr
    assert list(tmp_path.iterdir()) == []
    least = re.search(r"this bake takes (\d+) bytes", refused)[1]
    assert peak_bytes(tmp_path / "peak", program, "bake", *words, "--max_memory", least,
                      "--quiet") <= int(least)
