"""What cannot be baked gets one sentence (what, where, what to do) and leaves OUT as it was."""

import dataclasses
import json
import os
import pathlib
import shutil

import pytest

from lossless_model import CASES, stored, weights, write_checkpoint
from safetensors_writer import write_holes, write_safetensors


def edit_json(path, **changes):
    content = json.loads(path.read_text())
    content.update(changes)
    path.write_text(json.dumps(content))


def remove_folder(model):
    shutil.rmtree(model)


def remove_config(model):
    (model / "config.json").unlink()


def unknown_family(model):
    edit_json(model / "config.json", model_type="gpt5")


def unknown_code(model):
    edit_json(model / "config.json", model_type="gpt5",
              auto_map={"AutoModelForCausalLM": "modeling_gpt5.GPT5ForCausalLM"})


def wrong_tensors(model):
    path = model / "model.safetensors"
    data = bytearray(path.read_bytes())
    end = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:end])
    header["model.surplus.weight"] = header.pop("model.layers.1.mlp.up_proj.weight")
    header["model.layers.0.self_attn.k_proj.weight"]["shape"].reverse()
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data[end:])


def truncate(model):
    path = model / "model.safetensors"
    os.truncate(path, path.stat().st_size - 1000)


def no_weights(model):
    (model / "model.safetensors").unlink()


def header_too_long(model):
    path = model / "model.safetensors"
    path.write_bytes((1 << 60).to_bytes(8, "little") + path.read_bytes()[8:])


def config_is_not_json(model):
    (model / "config.json").write_text("{")


def index_points_nowhere(model):
    shutil.rmtree(model)
    write_checkpoint(model, CASES["qwen2_tied_sharded"])
    (model / "model-00002-of-00002.safetensors").unlink()


def unknown_activation(model):
    edit_json(model / "config.json", hidden_act="no_such_activation")


REFUSALS = {
    remove_folder: (3, ["model"]),
    remove_config: (3, ["config.json"]),
    config_is_not_json: (3, ["config.json"]),
    unknown_family: (3, ["gpt5", "nearest", "llama", "mistral", "tensors are here, 0 others are"]),
    unknown_code: (3, ["gpt5", "auto_map names for it is never executed; the nearest are ", "llama"]),
    unknown_activation: (3, ["hidden_act", "no_such_activation"]),
    wrong_tensors: (3, ["model.surplus.weight", "model.layers.1.mlp.up_proj.weight",
                        "model.layers.0.self_attn.k_proj.weight"]),
    no_weights: (3, ["model.safetensors"]),
    truncate: (3, ["model.safetensors"]),
    header_too_long: (3, ["model.safetensors"]),
    index_points_nowhere: (3, ["model-00002-of-00002.safetensors"]),
}


def tree(folder):
    """Every path below `folder` with what would change if it were touched."""
    entries = [path.lstat() for path in sorted(folder.rglob("*"))]
    return [(e.st_ino, e.st_size, e.st_mtime_ns) for e in entries]


def assert_one_sentence(message, words):
    """Where there are several faults, one for each: a line of its own, indented."""
    assert message.startswith("error: ") and message.endswith(".\n")
    assert all(line.startswith("  ") for line in message.splitlines()[1:])
    assert all(word in message for word in words), message


@pytest.mark.parametrize("spoil", REFUSALS, ids=lambda spoil: spoil.__name__)
def test_bad_checkpoint(bake_tiny, tiny, tmp_path, spoil):
    bake_tiny()
    before = tree(tmp_path / "out")
    spoil(tiny)
    status, words = REFUSALS[spoil]
    assert_one_sentence(bake_tiny("--overwrite", status=status).stderr, words)
    assert tree(tmp_path / "out") == before
    assert_one_sentence(bake_tiny(out=tmp_path / "new", status=status).stderr, words)
    assert {path.name for path in tmp_path.iterdir()} <= {"model", "out"}


def test_more_positions_than_the_model_has(ovbake, tmp_path):
    model = pathlib.Path(__file__).parent.parent / "data/families/falcon_alibi"
    message = ovbake("bake", "--model_id", model, "--output_dir", tmp_path / "out", "--max_prompt_len", 33,
                     "--min_response_len", 32, status=2).stderr
    assert_one_sentence(message, ["--max_prompt_len 33", "65 positions", "only 64"])
    assert list(tmp_path.iterdir()) == []


def test_ternary_weights(ovbake, tmp_path):
    model = shutil.copytree(pathlib.Path(__file__).parent.parent / "data/families/bitnet", tmp_path / "model")
    edit_json(model / "config.json", quantization_config={"quant_method": "bitnet"})
    message = ovbake("bake", "--model_id", model, "--output_dir", tmp_path / "out", status=3).stderr
    assert_one_sentence(message, ["config.json", "quantization_config", "bfloat16"])


def test_hub_id(ovbake, tmp_path):
    message = ovbake("bake", "--model_id", "HuggingFaceTB/SmolLM2-135M", "--output_dir",
                     tmp_path / "out", status=3).stderr
    assert_one_sentence(message, ["HuggingFaceTB/SmolLM2-135M", "folder"])


def test_existing_output(bake_tiny, tmp_path):
    bake_tiny()
    before = tree(tmp_path / "out")
    assert_one_sentence(bake_tiny(status=3).stderr, [str(tmp_path / "out"), "--overwrite"])
    assert tree(tmp_path / "out") == before


def test_existing_file_as_output(bake_tiny, tmp_path):
    (tmp_path / "out").write_text("mine")
    for options in ([], ["--overwrite"]):
        bake_tiny(*options, status=3)
    assert (tmp_path / "out").read_text() == "mine"


def test_unwritable_output(bake_tiny):
    assert_one_sentence(bake_tiny(out="/proc/out", status=4).stderr, ["/proc"])


def test_output_below_a_file(bake_tiny, tmp_path):
    (tmp_path / "file").write_text("mine")
    bake_tiny(out=tmp_path / "file/out", status=4)
    assert (tmp_path / "file").read_text() == "mine"


def test_output_inside_the_model(bake_tiny, tiny):
    before = tree(tiny)
    for options in ([], ["--overwrite"]):
        assert_one_sentence(bake_tiny(*options, out=tiny, status=2).stderr, [str(tiny)])
    assert tree(tiny) == before


def test_output_around_the_model(bake_tiny, ovbake, tiny, tmp_path):
    out = tmp_path / "out"
    bake_tiny(out=out)
    model = tiny.rename(out / "model")
    before = tree(out)
    message = ovbake("bake", "--model_id", model, "--output_dir", out, "--overwrite", status=2).stderr
    assert_one_sentence(message, [str(model), str(out)])
    assert tree(out) == before


def tie(model, head):
    """Makes `model` one that ties its lm_head and stores `head` all the same."""
    case = CASES["llama"]
    tensors = {**weights(case), "lm_head.weight": head(weights(case))}
    no_weights(model)
    write_safetensors(model / "model.safetensors",
                      {name: (values.shape, lambda v=values: stored(v, case.dtype))
                       for name, values in tensors.items()}, case.dtype)
    edit_json(model / "config.json", tie_word_embeddings=True)


def test_a_tied_head_that_is_stored_is_left_out(bake_tiny, tiny, tmp_path):
    tie(tiny, lambda tensors: tensors["model.embed_tokens.weight"])
    bake_tiny()
    manifest = json.loads((tmp_path / "out/bake.json").read_text())
    assert manifest["ignored_tensors"] == {"equal to the embedding that it is tied to": ["lm_head.weight"]}
    assert not any("lm_head" in tensor["name"] for tensor in manifest["tensors"])


def test_a_tied_head_of_its_own_is_refused(bake_tiny, tiny):
    tie(tiny, lambda tensors: tensors["lm_head.weight"])
    assert_one_sentence(bake_tiny(status=3).stderr, ["lm_head.weight", "tie_word_embeddings"])


def tensor_shapes(case):
    shapes = {name: list(values.shape)
              for name, values in weights(dataclasses.replace(case, vocab=8)).items()}
    shapes["model.embed_tokens.weight"][0] = case.vocab
    return shapes


def test_too_little_disk(ovbake, tmp_path):
    """The checkpoint is a file of holes: its header tells that what it becomes would not fit."""
    rows = shutil.disk_usage(tmp_path).free // 512
    case = dataclasses.replace(CASES["llama_tied_f16"], hidden=1024, head_dim=256, vocab=rows)
    model = tmp_path / "model"
    model.mkdir()
    (model / "config.json").write_text(json.dumps(case.config()))
    write_holes(model / "model.safetensors", tensor_shapes(case))
    message = ovbake("bake", "--model_id", model, "--output_dir", tmp_path / "out",
                     "--disable_convert_tokenizer", "--group_size", 32, status=4).stderr
    assert_one_sentence(message, [str(tmp_path), "needs", "available"])
    assert [entry.name for entry in tmp_path.iterdir()] == ["model"]
