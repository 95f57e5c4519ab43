"""A model on a hub on the loopback, and ovbake as a user of that hub runs it."""

import dataclasses
import os
import pathlib
import subprocess
import sys

import pytest
from conftest import TINY
from hub_server import Hub, Model, folder_files
from lossless_model import CASES, write_checkpoint

TOKEN = "hf_aVerySecretTokenOfOurs"
ID = "org/model"

# Of what a server is asked for: all of the weights' files but their first block, with the header.
WEIGHTS = r"^cdn (?!.* bytes=0-8191$)"


@pytest.fixture(scope="session")
def model(tmp_path_factory):
    """A sharded checkpoint of 27 MB: a stream of it has several segments a shard."""
    case = dataclasses.replace(CASES["llama"], hidden=256, intermediate=768, layers=6, heads=8,
                               head_dim=32, vocab=16000, shards=2)
    return write_checkpoint(tmp_path_factory.mktemp("hub") / "model", case)


@pytest.fixture(scope="session")
def from_folder(ovbake, model, tmp_path_factory):
    out = tmp_path_factory.mktemp("from_folder") / "out"
    ovbake("bake", "--model_id", model, "--output_dir", out, *TINY)
    return out


@pytest.fixture
def hub(model):
    hub = Hub()
    hub.models[ID] = Model(folder_files(model))
    yield hub
    hub.close()


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "home/hub"


@pytest.fixture
def environment(hub, tmp_path):
    """Of a user who has set nothing but the endpoint."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("HF_", "HUGGING"))}
    return kept | {"HF_ENDPOINT": hub.endpoint, "HF_HOME": str(tmp_path / "home")}


@pytest.fixture
def bake(ovbake, environment, tmp_path):
    """`ovbake bake` of the model's id."""

    def run(*options, out=tmp_path / "out", status=0, model_id=ID, **variables):
        return ovbake("bake", "--model_id", model_id, "--output_dir", out, *TINY, *options,
                      status=status, env=environment | variables, cwd=tmp_path)

    return run


@pytest.fixture
def refuse(bake, tmp_path):
    """Demands that a bake fails with one sentence that holds all `words`, and leaves nothing."""

    def run(*words, options=(), status=3, **others):
        text = bake(*options, status=status, **others).stderr
        for word in words:
            assert word in text, text
        assert not (tmp_path / "out").exists()
        return text

    return run


def theirs(environment, code):
    """What huggingface_hub makes of the same environment, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", f"from huggingface_hub import *\nprint({code})"], text=True,
        capture_output=True, env=environment | {"HF_HUB_DISABLE_PROGRESS_BARS": "1",
                                                "HF_HUB_DISABLE_TELEMETRY": "1"})
    assert done.returncode == 0, done.stderr
    return pathlib.Path(done.stdout.strip())


def weight_requests(hub):
    return [request for request in hub.seen("^cdn GET") if request[3]["Range"] != "bytes=0-8191"]
