"""ovbake verify --run: the pair and the dynamic graph say the same, or the difference is told."""

import random
import re
import shutil
import subprocess

import pytest
from folders import sign_again


def test_equal_graphs_pass(bake_tiny, ovbake, tmp_path):
    bake_tiny()
    assert "GB of memory" in ovbake("verify", tmp_path / "out", "--run", "--verbose").stderr


def test_a_graph_that_computes_something_else_is_told(bake_tiny, ovbake, tmp_path):
    """Nothing but running it can tell: shapes, constants and digests are as they should be."""
    bake_tiny()
    out = tmp_path / "out"
    decode = out / "openvino_model_decode.xml"
    text = decode.read_text()
    assert text.count('type="Sin"') == 1
    decode.write_text(text.replace('type="Sin"', 'type="Cos"'))
    sign_again(out)
    ovbake("verify", out)
    message = ovbake("verify", out, "--run", status=5).stderr
    assert "after a short prompt the pair's token" in message


HOSTILE = {
    "cut short": lambda text, rng: text[:rng.randrange(len(text))],
    "a bit": lambda text, rng: flipped(text, rng),
    "a number": lambda text, rng: re.sub(r"\d+", lambda found: rng.choice([found[0]] * 40 + ["-1", str(2**63), "9" * 40, "0", ""]), text),
    "a word": lambda text, rng: re.sub(r'"[A-Za-z_]+"', lambda found: rng.choice([found[0]] * 60 + ['""', '"Const"', '"Result"']), text),
    "a line twice": lambda text, rng: twice(text, rng),
}


def flipped(text, rng):
    data = bytearray(text.encode())
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return data.decode("latin-1")


def twice(text, rng):
    lines = text.splitlines(keepends=True)
    at = rng.randrange(len(lines))
    return "".join(lines[:at] + lines[at:at + 1] + lines[at:])


@pytest.mark.parametrize("change", HOSTILE.values(), ids=HOSTILE.keys())
def test_graphs_of_strangers_are_told_or_taken(bake_tiny, program, tmp_path, change):
    """bake.json is right about them, so nothing but reading them can tell; no reader may crash or call it its own fault."""
    bake_tiny()
    out, rng = tmp_path / "out", random.Random(7)
    graph = out / "openvino_model_decode.xml"
    text = graph.read_text()
    for _ in range(25):
        graph.write_text(change(text, rng), encoding="latin-1", errors="replace")
        sign_again(out)
        for words, statuses in ((("verify", out), (0, 5)), (("inspect", out), (0, 3)), (("lint", out), (0, 3, 5))):
            done = subprocess.run([program, *words], capture_output=True, text=True, errors="replace")
            assert done.returncode in statuses, done.stderr
            assert len(done.stderr) < 24 * 80


@pytest.mark.parametrize("words, status", [(("inspect", "OUT"), 3), (("inspect", "OUT/genai"), 3), (("lint", "OUT"), 5)])
def test_readers_say_what_is_not_as_it_was_baked(bake_tiny, ovbake, tmp_path, words, status):
    bake_tiny()
    (tmp_path / "out/genai/config.json").write_text("{}")
    done = ovbake(words[0], words[1].replace("OUT", str(tmp_path / "out")), status=status)
    assert "genai/config.json" in done.stdout + done.stderr


def test_nothing_is_run_that_is_not_as_it_was_baked(ovbake, baked, tmp_path):
    """What they are handed, OpenVINO and its extension take at its word."""
    out = tmp_path / "out"
    shutil.copytree(baked, out, symlinks=True)
    for name in ("genai/openvino_tokenizer.bin", "openvino_model.bin", "openvino_model.xml", "bake.json"):
        data = (out / name).read_bytes()
        (out / name).write_bytes(data[:99] + bytes([data[99] ^ 1]) + data[100:])
        assert "bake" in ovbake("run", out, "--prompt", "a", "--max_new_tokens", "1", status=5).stderr
        (out / name).write_bytes(data)
    ovbake("run", out, "--prompt", "a", "--max_new_tokens", "1")
