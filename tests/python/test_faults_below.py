"""Calls of the C library that fail below everything that is linked, at each call of a bake, a resume, a verification and
a download: one error of the right class, and OUT as it was. `--faults N` of each are tried, 0: all."""

import hashlib
import os
import shutil
import subprocess

import pytest
from conftest import TINY
from folders import tree
from hub_fixtures import ID
from hub_server import Model, folder_files

ENVIRONMENT = 4
FAULTS = ("EIO", "ENOSPC", "EMFILE", "EACCES", "EINTR", "short")
# What Linux does not interrupt, or not on a disk, and where half of the bytes mean nothing.
INTERRUPTIBLE = {"open", "read", "pread", "write", "pwrite", "fsync", "fallocate"}
TORN = {"read", "pread", "write", "pwrite"}
# A call that fails without harm: what it was for is best effort, or is asked again.
HARMLESS = {"close", "unlink", "rmdir", "lstat", "stat", "fstat", "opendir", "renameat2"}


@pytest.fixture
def shim(program):
    """Runs the program where calls below `root` fail as the words of tests/fault_shim.cpp say."""
    library = program.parent / "libfault_shim.so"
    if not library.exists():
        pytest.skip("the program is not one of this tree's build")

    def run(arguments, root, **words):
        environment = os.environ | words.pop("environment", {}) | {
            "LD_PRELOAD": str(library), "FAULT_ROOT": str(root), **{f"FAULT_{key}".rstrip("_"): str(word) for key, word in words.items()}}
        return subprocess.run([program, *map(str, arguments)], env=environment, capture_output=True, text=True, timeout=120)

    return run


def calls_of(shim, arguments, root, log, **words):
    """The names of the calls that count, in their order."""
    done = shim(arguments, root, LOG=log, **words)
    assert done.returncode == 0, done.stderr
    return [line.split(" ")[1] for line in log.read_text().splitlines()]


def cases(calls, most):
    """(number, fault) for every call and fault, or about `most` of them that are spread evenly."""
    every = [(number, fault) for number, call in enumerate(calls) for fault in FAULTS
             if (fault != "EINTR" or call in INTERRUPTIBLE) and (fault != "short" or call in TORN)]
    step = max(1, len(every) // most) if most else 1
    return every[::step]


def expect_one_error(done, call, fault):
    """The same as without the fault, or one sentence with the status of the environment."""
    said = f"{fault} at {call}: status {done.returncode}: {done.stderr}"
    if fault in ("EINTR", "short"):
        assert done.returncode == 0, said
    elif done.returncode != 0:
        assert done.returncode == ENVIRONMENT, said
        assert done.stderr.count("error: ") == 1, said
    else:
        assert call in HARMLESS, said


def test_each_call_of_a_bake(shim, bake_tiny, tiny, tmp_path, faults):
    place = tmp_path / "place"
    place.mkdir()
    out = place / "out"
    bake_tiny(out=tmp_path / "new")
    bake_tiny("--ratio", "0.5", out=tmp_path / "old")
    new, old = tree(tmp_path / "new"), tree(tmp_path / "old")
    bake = ["bake", "-q", "-m", tiny, "-o", out, *TINY, "--threads", "1", "--overwrite"]

    def begin():
        shutil.rmtree(place)
        place.mkdir()
        shutil.copytree(tmp_path / "old", out, symlinks=True)

    begin()
    calls = calls_of(shim, bake, tmp_path, tmp_path.parent / f"{tmp_path.name}.log")
    assert {"open", "pread", "pwrite", "fsync", "renameat2", "symlink", "mkdir"} <= set(calls)
    for number, fault in cases(calls, faults):
        begin()
        done = shim(bake, tmp_path, AT=number, _=fault)
        expect_one_error(done, calls[number], fault)
        assert tree(out) == (new if done.returncode == 0 else old)
        bake_tiny("--overwrite", out=out)
        assert tree(out) == new
        assert [path.name for path in place.iterdir()] == ["out"]


def test_each_call_of_a_verification(shim, bake_tiny, tmp_path, faults):
    bake_tiny()
    verify = ["verify", "-q", tmp_path / "out", "--threads", "1"]
    before = tree(tmp_path / "out")
    calls = calls_of(shim, verify, tmp_path, tmp_path.parent / f"{tmp_path.name}.log")
    for number, fault in cases(calls, faults):
        expect_one_error(shim(verify, tmp_path, AT=number, _=fault), calls[number], fault)
    assert tree(tmp_path / "out") == before


def leave_unfinished(program, model, out, tensors):
    """Kills a bake after so many tensors; False where it was too quick."""
    process = subprocess.Popen([program, "bake", "-m", model, "-o", out, *TINY, "--threads", "1", "--verbose"],
                               stderr=subprocess.PIPE, text=True)
    lines = (line for line in process.stderr if line.startswith("weights: "))
    for _ in range(tensors):
        next(lines, None)
    process.kill()
    process.communicate()
    return not out.exists()


def test_each_call_of_a_resume(shim, program, bake_tiny, tiny, tmp_path, faults):
    """Where the first bake was whole before it was killed there is nothing to resume, and the case counts for nothing."""
    bake_tiny(out=tmp_path / "expected")
    new = tree(tmp_path / "expected")
    place = tmp_path / "place"
    place.mkdir()
    left = place / "left"
    if not any(leave_unfinished(program, tiny, left / "out", 3) or shutil.rmtree(left) for _ in range(50)):
        pytest.skip("no bake could be killed in time")
    state, out = tmp_path / "state", place / "left/out"
    left.rename(state)
    bake = ["bake", "-q", "-m", tiny, "-o", out, *TINY, "--threads", "1", "--resume"]

    def begin():
        shutil.rmtree(left, ignore_errors=True)
        shutil.copytree(state, left, symlinks=True)

    begin()
    calls = calls_of(shim, bake, tmp_path, tmp_path.parent / f"{tmp_path.name}.log")
    for number, fault in cases(calls, faults):
        begin()
        done = shim(bake, tmp_path, AT=number, _=fault)
        expect_one_error(done, calls[number], fault)
        assert out.exists() == (done.returncode == 0)
        bake_tiny("--resume", "--overwrite", out=out)
        assert tree(out) == new


def damaged_blobs(cache):
    """Files of the cache whose digest is not their name: a sha256, or git's sha1."""
    for blob in cache.glob("models--*/blobs/*"):
        data = blob.read_bytes()
        digest = hashlib.sha256(data) if len(blob.name) == 64 else hashlib.sha1(b"blob %d\0" % len(data) + data)
        if not blob.name.endswith(".incomplete") and digest.hexdigest() != blob.name:
            yield blob.name


def test_each_call_of_a_download(shim, hub, environment, ovbake, bake_tiny, tiny, tmp_path, faults):
    """Several threads fetch, so a number is now this call and now that one."""
    hub.models[ID] = Model(folder_files(tiny))
    bake_tiny(out=tmp_path / "expected")
    new = tree(tmp_path / "expected")
    place = tmp_path / "place"
    bake = ["bake", "-q", "-m", ID, "-o", place / "out", *TINY, "--threads", "1"]
    environment = environment | {"HF_HOME": str(place / "home"), "HF_HUB_OFFLINE": "0"}

    def begin():
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()

    begin()
    calls = calls_of(shim, bake, tmp_path, tmp_path.parent / f"{tmp_path.name}.log", environment=environment)
    for number, fault in cases(calls, faults):
        begin()
        done = shim(bake, tmp_path, AT=number, _=fault, environment=environment)
        said = f"{fault} at {number}: status {done.returncode}: {done.stderr}"
        assert done.returncode in (0, ENVIRONMENT), said
        assert done.returncode == 0 or done.stderr.count("error: ") == 1, said
        assert list(damaged_blobs(place / "home/hub")) == []
        ovbake(*bake, "--overwrite", env=environment)
        assert tree(place / "out") == new
