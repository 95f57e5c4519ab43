import os
import pathlib
import subprocess
import sys

import pytest

pytest_plugins = ["hub_fixtures"]

ROOT = pathlib.Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests/record")]
os.environ["HF_HUB_OFFLINE"] = "1"  # a name that no folder has is not looked for on the internet

# Options for checkpoints that are tiny and have no tokenizer.
TINY = ("--group_size", "32", "--max_prompt_len", "64", "--min_response_len", "16",
        "--disable_convert_tokenizer")


def pytest_addoption(parser):
    parser.addoption("--ovbake", type=pathlib.Path, default=ROOT / "build/bin/ovbake")
    parser.addoption("--sample", type=pathlib.Path,
                     default=ROOT / "models/SmolLM2-135M-Instruct",
                     help="the folder that tools/make_sample_model.py makes")
    parser.addoption("--faults", type=int, default=60, help="how many calls test_faults_below.py lets fail, 0: all")
    parser.addoption("--kills", type=int, default=16, help="how often test_publish.py kills a bake")


@pytest.fixture(scope="session")
def kills(request):
    return request.config.getoption("--kills")


@pytest.fixture(scope="session")
def faults(request):
    return request.config.getoption("--faults")


@pytest.fixture(scope="session")
def program(request):
    return request.config.getoption("--ovbake").resolve(strict=True)


@pytest.fixture(scope="session")
def sample(request):
    return request.config.getoption("--sample").resolve(strict=True)


@pytest.fixture(scope="session")
def ovbake(program):
    """Runs `ovbake ARGUMENTS…`, demands `status`, and returns the finished process."""

    def run(*arguments, status=0, **options):
        command = [str(word) for word in (program, *arguments)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, **options)
        assert done.returncode == status, done.stdout + done.stderr
        return done

    return run


@pytest.fixture(scope="session")
def baked(ovbake, sample, tmp_path_factory):
    """The sample, baked with a small prefill graph so that tests are quick; not to be changed."""
    out = tmp_path_factory.mktemp("baked") / "out"
    ovbake("bake", "--model_id", sample, "--output_dir", out,
           "--max_prompt_len", 128, "--min_response_len", 128)
    return out


@pytest.fixture
def tiny(tmp_path):
    """A small checkpoint of a test's own, without a tokenizer."""
    from lossless_model import CASES, write_checkpoint

    return write_checkpoint(tmp_path / "model", CASES["llama"])


@pytest.fixture
def bake_tiny(ovbake, tiny, tmp_path):
    """Bakes `tiny` (to `out`, when not said otherwise) with the options given."""

    def run(*options, out=tmp_path / "out", status=0):
        return ovbake("bake", "--model_id", tiny, "--output_dir", out, *TINY, *options, status=status)

    return run
