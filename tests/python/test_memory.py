"""Memory does not grow with the model: at most 96 MB for any."""

import subprocess

import pytest

LIMIT = 96_000_000


def peak_bytes(report, *command):
    """Most memory that `command` had, as GNU time saw it (a child of our own would count ours in)."""
    subprocess.run(["/usr/bin/time", "--format=%M", f"--output={report}", *map(str, command)],
                   check=True, stdout=subprocess.DEVNULL)
    return int(report.read_text()) * 1024


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """Two layers of a 7B with its embeddings: 1.4 GB."""
    import make_random_model

    folder = tmp_path_factory.mktemp("large") / "model"
    make_random_model.make(folder, layers=2)
    return folder


def test_sample_with_its_tokenizer(program, sample, tmp_path):
    assert peak_bytes(tmp_path / "peak", program, "bake", "--model_id", sample, "--output_dir",
                      tmp_path / "out", "--quiet") <= LIMIT


def test_large_model(program, large, tmp_path):
    out = tmp_path / "out"
    assert peak_bytes(tmp_path / "peak", program, "bake", "--model_id", large, "--output_dir", out,
                      "--disable_convert_tokenizer", "--quiet") <= LIMIT
    assert peak_bytes(tmp_path / "peak", program, "verify", out, "--quiet") <= LIMIT
