"""What is printed, and where: descriptors that are closed, a stdout that takes nothing, words that steer a terminal."""

import hashlib
import json
import os
import pty
import resource
import select
import subprocess

import pytest
from conftest import TINY
from folders import tree


@pytest.fixture
def bake_command(program, tiny, tmp_path):
    return [program, "bake", "--model_id", tiny, "--output_dir", tmp_path / "out", *TINY]


def close(*descriptors):
    return lambda: [os.close(descriptor) for descriptor in descriptors]


@pytest.mark.parametrize("closed", [(0,), (1,), (2,), (1, 2), (0, 1, 2)])
def test_a_bake_is_the_same_whichever_descriptors_are_closed(bake_command, bake_tiny, tmp_path, closed):
    """A log line would be written into the file that got the number of stdout or stderr."""
    bake_tiny(out=tmp_path / "expected")
    assert subprocess.run([*bake_command, "--verbose"], preexec_fn=close(*closed)).returncode == 0
    assert tree(tmp_path / "out") == tree(tmp_path / "expected")


@pytest.mark.parametrize("words", [
    ["plan", "--model_id", "MODEL"], ["inspect", "OUT"], ["verify", "OUT"], ["verify", "--quiet", "OUT"],
    ["--version"], ["--help"], ["bake", "--help"]])
def test_a_stdout_that_is_full_is_an_error(program, bake_tiny, tiny, tmp_path, words):
    bake_tiny()
    command = [program, *({"MODEL": tiny, "OUT": tmp_path / "out"}.get(word, word) for word in words)]
    with open("/dev/full", "w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 4
    assert "stdout: No space left on device" in done.stderr


@pytest.mark.parametrize("words", [["plan", "--model_id", "MODEL"], ["--version"]])
def test_a_stdout_that_is_closed_is_an_error_where_it_was_to_have_the_answer(program, tiny, words):
    command = [program, *({"MODEL": tiny}.get(word, word) for word in words)]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, preexec_fn=close(1))
    assert done.returncode == 4
    assert "stdout: Bad file descriptor" in done.stderr


def test_too_few_descriptors_are_the_environments(bake_command, tmp_path):
    """3 of them are taken. What cannot be opened is neither damaged nor absent."""
    for most in [*range(4, 12), 64]:
        limit = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        done = subprocess.run([*bake_command, "--quiet", "--overwrite"], capture_output=True, text=True, preexec_fn=limit)
        assert done.returncode in (0, 4), done.stderr
        assert done.returncode == 0 or "Too many open files" in done.stderr
        assert {path.name for path in tmp_path.iterdir()} <= {"model", "out"}
    assert (tmp_path / "out").exists()


def test_a_file_that_may_not_grow_is_a_disk_that_is_full(bake_command, tmp_path):
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    done = subprocess.run([*bake_command, "--quiet"], capture_output=True, text=True, preexec_fn=limit)
    assert done.returncode == 4 and "File too large" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


@pytest.mark.parametrize("kind, draws", [("xterm", True), ("dumb", False), (None, False)])
def test_lines_are_drawn_anew_only_where_a_terminal_can(bake_command, kind, draws):
    environment = {key: value for key, value in os.environ.items() if key != "TERM"} | ({"TERM": kind} if kind else {})
    terminal, stderr = pty.openpty()
    process = subprocess.Popen(bake_command, stderr=stderr, stdout=subprocess.DEVNULL, env=environment)
    os.close(stderr)
    said = b""
    while select.select([terminal], [], [], 60)[0]:
        try:
            said += os.read(terminal, 4096)
        except OSError:  # the other end was closed
            break
    assert process.wait() == 0
    assert (b"\x1b" in said) == draws


def renamed(tiny, name):
    """Gives a tensor of the checkpoint another name."""
    path = tiny / "model.safetensors"
    data = path.read_bytes()
    end = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:end])
    header[name] = header.pop("model.norm.weight")
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data[end:])


def test_words_of_strangers_steer_no_terminal(program, tiny, tmp_path):
    renamed(tiny, "a\x1b[2J\r\nerror: \u2028\u202eb" + "x" * 5000)
    for config in (None, {"model_type": "llama\x1b[2J\nx"}):
        if config:
            path = tiny / "config.json"
            path.write_text(json.dumps(json.loads(path.read_text()) | config))
        done = subprocess.run([program, "plan", "--model_id", tiny], capture_output=True, text=True)
        assert done.returncode == 3
        assert not set("\x1b\r\u2028\u202e") & set(done.stderr)
        assert done.stderr.count("error: ") == 1 or "\\x0aerror" in done.stderr
        assert len(done.stderr) < 24 * 80
    done = subprocess.run([program, "plan", "--model_id", tmp_path / ("d/" * 1900)], capture_output=True, text=True)
    assert done.returncode == 3 and len(done.stderr) < 24 * 80


def test_a_reader_that_goes_away_ends_the_bake(bake_command, tmp_path):
    """Every further line to it sends SIGPIPE again."""
    reader, stderr = os.pipe()
    process = subprocess.Popen([*bake_command, "--verbose"], stderr=stderr, stdout=subprocess.DEVNULL,
                               preexec_fn=lambda: __import__("signal").signal(13, 0))
    os.close(stderr)
    os.close(reader)
    assert process.wait(60) == 141
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_the_digest_in_bake_json_can_be_checked_by_hand(bake_tiny, tmp_path):
    bake_tiny()
    path = tmp_path / "out/bake.json"
    below = subprocess.run(["tail", "-n", "+3", path], capture_output=True).stdout
    assert hashlib.sha256(below).hexdigest() == json.loads(path.read_text())["sha256_of_the_lines_below"]
