"""The files of a checkpoint: where links lead, what they hold, and that nobody changes them meanwhile."""

import shutil
import subprocess

import pytest
from conftest import TINY

SMALL = ("config.json", "generation_config.json", "chat_template.jinja", "added_tokens.json", "merges.txt", "vocab.json",
         "tokenizer.model", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")


@pytest.mark.parametrize("name", [*SMALL, "model.safetensors"])
def test_a_link_out_of_the_folder_is_refused(bake_tiny, tiny, tmp_path, name):
    """Folders of strangers keep links, and what stands in OUT is published."""
    secret = tmp_path / "id_ed25519"
    secret.write_bytes((tiny / name).read_bytes() if (tiny / name).exists() else b"-----BEGIN OPENSSH PRIVATE KEY-----\n")
    (tiny / name).unlink(missing_ok=True)
    (tiny / name).symlink_to(secret)
    message = bake_tiny(status=3).stderr
    assert name in message and str(secret) in message
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("target", ["../blobs/0123456789", "{name}"])
def test_a_link_that_leads_nowhere_is_not_taken_for_absent(bake_tiny, tiny, name, target):
    (tiny / name).unlink(missing_ok=True)
    (tiny / name).symlink_to(target.format(name=name))
    assert name in bake_tiny(status=3).stderr


def test_links_within_a_folder_and_views_of_another_one_are_followed(bake_tiny, tiny, tmp_path):
    bake_tiny()
    expected = (tmp_path / "out/openvino_model.bin").read_bytes()
    (tiny / "config.json").rename(tiny / "real.json")
    (tiny / "config.json").symlink_to("real.json")
    bake_tiny("--overwrite")
    assert (tmp_path / "out/openvino_model.bin").read_bytes() == expected
    (tiny / "config.json").unlink()
    (tiny / "real.json").rename(tiny / "config.json")
    other = tiny.rename(tmp_path / "other")
    tiny.mkdir()
    for path in other.iterdir():
        (tiny / path.name).symlink_to(path)
    bake_tiny("--overwrite")
    assert (tmp_path / "out/openvino_model.bin").read_bytes() == expected


def test_a_snapshot_links_to_its_own_blobs(bake_tiny, tiny, tmp_path):
    model = tmp_path / "hub/models--org--name"
    snapshot = model / "snapshots" / ("c" * 40)
    snapshot.mkdir(parents=True)
    (model / "blobs").mkdir()
    for i, path in enumerate(sorted(tiny.iterdir())):
        shutil.move(path, model / "blobs" / f"{i:040x}")
        (snapshot / path.name).symlink_to(f"../../blobs/{i:040x}")
    tiny.rmdir()
    tiny.symlink_to(snapshot)
    bake_tiny()
    (snapshot / "merges.txt").symlink_to("../../../elsewhere")
    (tmp_path / "hub/elsewhere").write_text("secret")
    assert "merges.txt" in bake_tiny("--overwrite", status=3).stderr


@pytest.mark.parametrize("name, text", [
    *(("generation_config.json", text) for text in ("not json", "", "[]", "null", '{"eos_token_id": "x"}', '{"eos_token_id": [1.5]}',
                                                    '{"pad_token_id": {}}', '{"a": 1, "a": 2}', "{\"a\": \"\xff\"}")),
    *(("tokenizer_config.json", text) for text in ("[]", "null", '"x"', "{")),
    ("special_tokens_map.json", "[]"), ("added_tokens.json", "3"), ("vocab.json", "{"), ("tokenizer.json", '{"a": '),
])
def test_a_companion_that_nobody_could_read_is_refused(bake_tiny, tiny, tmp_path, name, text):
    (tiny / name).write_bytes(text.encode("latin-1"))
    assert name in bake_tiny(status=3).stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("text", ['{"tokenizer_class": null}', '{"tokenizer_class": []}'])
def test_what_says_nothing_is_taken(bake_tiny, tiny, text):
    (tiny / "tokenizer_config.json").write_text(text)
    bake_tiny()


@pytest.mark.parametrize("place", ["inside", "around", "linked"])
def test_an_output_in_the_source_or_around_it_is_refused(program, bake_tiny, tiny, tmp_path, place):
    model, out = tiny, tiny / "out"
    if place != "inside":
        bake_tiny()
        out = tmp_path / "out"
        (out / "kept").mkdir()
        model = out / "kept" if place == "around" else tmp_path / "view"
        for path in list(tiny.iterdir()):
            shutil.copy(path, out / "kept" / path.name)
        if place == "linked":
            model.mkdir()
            for path in (out / "kept").iterdir():
                (model / path.name).symlink_to(path)
    before = sorted(str(path) for path in tmp_path.rglob("*"))
    done = subprocess.run([program, "bake", "-m", model, "-o", out, "--overwrite", *TINY], capture_output=True, text=True)
    assert done.returncode == 2, done.stderr
    assert str(out) in done.stderr
    assert sorted(str(path) for path in tmp_path.rglob("*")) == before
