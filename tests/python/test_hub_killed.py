"""Killed at any moment while it fetches, the next run comes to the same end."""

import random
import subprocess
import time

import pytest
from conftest import TINY
from folders import same
from hub_fixtures import ID, WEIGHTS, weight_requests

SPEED = 12_000_000  # bytes a second: three runs' worth of killing


@pytest.fixture
def start(program, environment, tmp_path):
    """Starts a bake of the model's id and returns the process."""

    def run(*options, out="out", stderr=subprocess.DEVNULL):
        command = [program, "bake", "--model_id", ID, "--output_dir", tmp_path / out, *TINY, *options]
        return subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=subprocess.DEVNULL,
                                stderr=stderr, text=True)

    return run


@pytest.fixture
def killed(start):
    """Bakes with `options` and kills it after a while; returns whether it had not ended before."""

    def run(seconds, *options):
        process = start(*options)
        try:
            process.wait(seconds)
            return False
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return True

    return run


@pytest.mark.parametrize("seed", range(3))
def test_a_download_goes_on(hub, killed, from_folder, cache, tmp_path, seed):
    chance = random.Random(seed)
    hub.rate = SPEED
    kills = 0
    while killed(chance.uniform(0.05, 0.8)):
        kills += 1
        assert kills < 50
        if (tmp_path / "out").exists():  # killed behind its last step: what is there is whole
            break
    assert kills >= 2
    assert same(tmp_path / "out", from_folder)
    # What had come was kept: each kill costs no more than what was on the way.
    weights = sum(len(file.content) for file in hub.models[ID].commits.popitem()[1].values())
    assert hub.bytes_sent < weights + kills * 4_000_000
    assert not list(cache.rglob("*.incomplete"))


@pytest.mark.parametrize("seed", range(3))
def test_a_stream_begins_again(hub, bake, killed, from_folder, tmp_path, seed):
    chance = random.Random(seed)
    hub.rate = SPEED
    for _ in range(4):
        assert killed(chance.uniform(0.05, 1.5), "--stream")
        assert not (tmp_path / "out").exists()
    hub.rate = None
    bake("--stream")
    assert same(tmp_path / "out", from_folder)
    assert not list(tmp_path.glob(".out*"))


@pytest.mark.parametrize("seed", range(2))
def test_a_stream_goes_on_where_it_may_resume(hub, killed, bake, from_folder, tmp_path, seed):
    chance = random.Random(seed)
    hub.rate = SPEED
    kills = 0
    while kills < 8 and killed(chance.uniform(0.8, 1.6), "--stream", "--resume"):
        kills += 1
    assert kills > 0
    hub.rate = None
    if not (tmp_path / "out").exists():
        bake("--stream", "--resume")
    assert same(tmp_path / "out", from_folder)


def test_two_at_once_share_one_download(hub, from_folder, start, tmp_path):
    hub.rate = SPEED
    both = [start(out=name) for name in ("one", "two")]
    assert [process.wait(60) for process in both] == [0, 0]
    assert same(tmp_path / "one", from_folder) and same(tmp_path / "two", from_folder)
    assert len(weight_requests(hub)) == 2


@pytest.mark.parametrize("options", [[], ["--stream"]])
@pytest.mark.parametrize("where", ["^cdn", WEIGHTS], ids=["headers", "weights"])
def test_a_bake_that_waits_for_the_hub_can_be_interrupted(hub, start, environment, options, where):
    environment["HF_HUB_DOWNLOAD_TIMEOUT"] = "600"
    hub.fault(where, stall_after=1000, stall=600, times=100)
    process = start(*options, stderr=subprocess.PIPE)
    while not any(fault.times < 100 for fault in hub.faults):
        time.sleep(0.05)
    time.sleep(0.5)
    process.terminate()
    assert process.wait(30) == 143
    assert "Stopped on request" in process.stderr.read()
