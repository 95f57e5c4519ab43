"""OUT changes in one step or not at all: readers, kills, interruptions, repeated bakes."""

import hashlib
import json
import re
import signal
import subprocess
import sys
import time

import pytest
from conftest import TINY
from folders import tree


def digests(folder):
    """{path: sha256, or where a link points} of everything below `folder`."""
    return {path: content if isinstance(content, str) else hashlib.sha256(content).hexdigest()
            for path, content in tree(folder).items()}


@pytest.fixture
def bake_sample(program, sample):
    """Starts baking the sample and returns the process."""

    def start(out, *options, **popen):
        return subprocess.Popen(
            [program, "bake", "--model_id", sample, "--output_dir", out, "--overwrite", *options],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, **popen)

    return start


def test_two_bakes_give_the_same_bytes(bake_tiny, tmp_path):
    for out in ("a", "b"):
        bake_tiny(out=tmp_path / out)
    assert digests(tmp_path / "a") == digests(tmp_path / "b")


def test_threads_chunks_folder_and_day_change_no_byte(program, sample, tmp_path):
    """Chunks are of 1 MiB on 5 threads, of 256 KiB on 48, of 128 KiB on 96."""
    expected = None
    for threads, out, day in ((1, "a", "2020-02-29"), (2, "b/c", "2026-01-01"), (5, "d", "2026-12-31"),
                              (48, "an output", "2031-06-15"), (96, "e", "2037-12-31")):
        subprocess.run(["faketime", day, program, "bake", "--model_id", sample,
                        "--output_dir", tmp_path / out, "--threads", str(threads), "--quiet"],
                       check=True)
        expected = expected or digests(tmp_path / out)
        assert digests(tmp_path / out) == expected, (threads, out, day)


READER = """
import hashlib, mmap, sys
with open(sys.argv[1], "rb") as file:
    view = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
print("mapped", flush=True)
sys.stdin.readline()
print(hashlib.sha256(view).hexdigest(), flush=True)
"""


def test_a_reader_keeps_the_bytes_it_mapped(bake_tiny, tmp_path):
    bake_tiny()
    weights = tmp_path / "out/openvino_model.bin"
    old = hashlib.sha256(weights.read_bytes()).hexdigest()
    reader = subprocess.Popen([sys.executable, "-c", READER, weights], text=True,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert reader.stdout.readline() == "mapped\n"
    bake_tiny("--overwrite", "--ratio", "0.5")
    assert hashlib.sha256(weights.read_bytes()).hexdigest() != old
    answer, _ = reader.communicate("now\n", timeout=60)
    assert (reader.returncode, answer.strip()) == (0, old)


def options_of(out):
    return json.loads((out / "bake.json").read_text())["options"]["max_prompt_len"]


def test_kill_at_any_time_leaves_the_old_or_the_new(bake_sample, ovbake, kills, tmp_path):
    out = tmp_path / "out"
    begin = time.monotonic()
    assert bake_sample(out, "--max_prompt_len", "100").wait() == 0
    seconds, current = time.monotonic() - begin, 100
    for i in range(kills):
        resume = ["--resume"] if i % 2 else []
        process = bake_sample(out, "--max_prompt_len", str(101 + i), *resume)
        time.sleep(seconds * (i + 0.5) / kills)
        process.kill()
        process.communicate()
        assert options_of(out) in (current, 101 + i)
        current = options_of(out)
        ovbake("verify", out)
    assert bake_sample(out).wait() == 0
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_resume_goes_on_after_a_kill(bake_sample, ovbake, sample, tmp_path):
    process = bake_sample(tmp_path / "out", "--verbose")
    whole = (line for line in process.stderr if line.startswith("weights: "))
    for _ in range(100):
        next(whole)
    process.kill()
    process.communicate()
    resumed = ovbake("bake", "--model_id", sample, "--output_dir", tmp_path / "out", "--resume")
    kept = int(re.search(r"resumed +(\d+) tensors", resumed.stdout)[1])
    assert kept >= 100
    ovbake("bake", "--model_id", sample, "--output_dir", tmp_path / "at once")
    assert digests(tmp_path / "out") == digests(tmp_path / "at once")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["at once", "out"]


@pytest.mark.parametrize("sent, status", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("stage", ["weights: ", "verify: "])
def test_interruption_leaves_nothing_behind(bake_sample, tmp_path, sent, status, stage):
    process = bake_sample(tmp_path / "out", "--verbose")
    for line in process.stderr:
        if line.startswith(stage):
            process.send_signal(sent)
            break
    _, rest = process.communicate(timeout=60)
    assert process.returncode == status
    assert rest.splitlines()[-1].startswith("error: ")
    assert list(tmp_path.iterdir()) == []


def test_interruption_keeps_the_old_output(bake_sample, bake_tiny, tmp_path):
    out = tmp_path / "out"
    bake_tiny()
    before = digests(out)
    process = bake_sample(out, "--verbose")
    next(line for line in process.stderr if line.startswith("weights: "))
    process.terminate()
    process.communicate(timeout=60)
    assert process.returncode == 143
    assert digests(out) == before


def test_only_one_bake_to_an_output_at_a_time(bake_sample, bake_tiny, tmp_path):
    process = bake_sample(tmp_path / "out", "--verbose")
    next(line for line in process.stderr if line.startswith("weights: "))
    process.send_signal(signal.SIGSTOP)
    try:
        assert str(tmp_path / "out") in bake_tiny("--overwrite", status=4).stderr
    finally:
        process.send_signal(signal.SIGCONT)
        process.communicate(timeout=60)
    assert process.returncode == 0


def in_mount(options, folder, command):
    """Runs `command` where `folder` is a file system of its own; skips where mounting is not permitted."""
    if subprocess.run(["unshare", "--mount", "true"]).returncode != 0:
        pytest.skip("mounting is not permitted here")
    script = f'mount -t tmpfs -o {options} none "$1" && shift && "$@"; status=$?; ls -A "$0"; exit $status'
    return subprocess.run(["unshare", "--mount", "sh", "-c", script, folder, folder, *map(str, command)],
                          capture_output=True, text=True)


@pytest.mark.parametrize("options, reason", [("ro", "Read-only file system"), ("size=1m", "available; free some"),
                                             ("nr_inodes=8", "No space left on device")])
def test_a_disk_that_takes_nothing_is_said(program, tiny, tmp_path, options, reason):
    disk = tmp_path / "disk"
    disk.mkdir()
    done = in_mount(options, disk, [program, "bake", "--model_id", tiny, "--output_dir", disk / "out", *TINY])
    assert done.returncode == 4
    assert str(disk) in done.stderr and reason in done.stderr
    assert done.stdout == ""


def test_another_disk_than_the_models(program, tiny, bake_tiny, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    out = disk / "out"
    bake = [program, "bake", "--model_id", tiny, "--output_dir", out, *TINY, "--quiet"]
    twice = ["sh", "-c", '"$@" && "$@" --overwrite && sha256sum < "$0"', out / "openvino_model.bin", *bake]
    done = in_mount("size=200m", disk, twice)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "out"), done.stderr
    bake_tiny()
    expected = hashlib.sha256((tmp_path / "out/openvino_model.bin").read_bytes()).hexdigest()
    assert expected in done.stdout
