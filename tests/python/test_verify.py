"""ovbake verify --run: the pair and the dynamic graph say the same, or the difference is told."""

import json

import xxhash


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
    sign_again(out, decode.name)
    ovbake("verify", out)
    message = ovbake("verify", out, "--run", status=5).stderr
    assert "after a short prompt the pair's token" in message


def sign_again(out, name):
    """Lets bake.json have the size and the digest that the file `name` has now."""
    manifest = json.loads((out / "bake.json").read_text())
    entry = next(entry for entry in manifest["files"] if entry["file"] == name)
    data = (out / name).read_bytes()
    entry |= {"bytes": len(data), "xxh3_128": xxhash.xxh3_128_hexdigest(data)}
    (out / "bake.json").write_text(json.dumps(manifest))
