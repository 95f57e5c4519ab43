"""Models by their ids, from the hub on the loopback (hub_server.py)."""

import dataclasses
import json
import os
import ssl
import subprocess

import numpy as np
import pytest
from conftest import ROOT, TINY
from folders import same, tree
from hub_fixtures import ID, TOKEN, WEIGHTS, theirs, weight_requests
from hub_server import Holes, Hub, Model, Proxy, folder_files
from lossless_model import CASES, weights


# ---- the server is not a fiction ------------------------------------------------------------------


def test_huggingface_hub_works_with_the_server(hub, environment, tmp_path):
    files = {"config.json": b"{}", "a folder/\u00fcn\u00ef c\u00f6d\u00e9 #1%.json": b"[]",
             "model.safetensors": os.urandom(300_000)}
    files |= {f"many/{index}.txt": b"%d" % index for index in range(2500)}
    hub.models["org/other"] = Model(files, token=TOKEN)
    folder = theirs(environment | {"HF_TOKEN": TOKEN},
                    "snapshot_download('org/other', allow_patterns=['*.json', '*s', 'many/24*'])")
    assert {path: files[path] for path in tree(folder)} == {
        path: (folder / path).read_bytes() for path in tree(folder)}
    assert len(tree(folder)) == 3 + 111
    assert all(request[3]["Authorization"] is None for request in hub.seen("^cdn"))


# ---- download -------------------------------------------------------------------------------------


def test_bakes_an_id_as_it_bakes_the_folder(hub, bake, from_folder, cache, environment, tmp_path):
    bake()
    assert same(tmp_path / "out", from_folder)

    # What we fetched huggingface_hub finds, and fetches nothing of it again.
    hub.requests.clear()
    snapshot = theirs(environment | {"HF_HUB_OFFLINE": "1"}, f"snapshot_download('{ID}')")
    assert snapshot.parent.parent == cache / "models--org--model"
    assert theirs(environment, f"snapshot_download('{ID}')") == snapshot
    assert not hub.seen("GET /org/model") and not weight_requests(hub)


def test_reads_what_huggingface_hub_fetched(hub, bake, from_folder, environment, tmp_path):
    theirs(environment, f"snapshot_download('{ID}')")
    hub.requests.clear()
    bake()
    assert same(tmp_path / "out", from_folder)
    assert {request[2] for request in hub.requests} == {"/api/models/org/model/revision/main"}


@pytest.mark.parametrize("by", ["ovbake", "huggingface_hub"])
def test_opens_no_socket_offline(hub, bake, program, environment, tmp_path, by):
    if by == "ovbake":
        bake(out=tmp_path / "first")
    else:
        theirs(environment, f"snapshot_download('{ID}')")
    trace = tmp_path / "trace"
    command = ["strace", "-f", "-e", "trace=socket,connect", "-o", trace, program, "bake",
               "--model_id", ID, "--output_dir", tmp_path / "out", *TINY]
    subprocess.run([str(word) for word in command], check=True, capture_output=True, cwd=tmp_path,
                   env=environment | {"HF_HUB_OFFLINE": "1"})
    assert "socket(" not in trace.read_text()


def test_asks_nothing_of_the_hub_for_a_commit_that_is_there(hub, bake, tmp_path):
    commit = hub.models[ID].refs["main"]
    bake("--revision", commit, out=tmp_path / "first")
    hub.requests.clear()
    bake("--revision", commit)
    assert not hub.requests


def test_takes_a_revision(hub, bake, model, tmp_path):
    other = folder_files(model) | {"generation_config.json": b'{"eos_token_id": 7}'}
    hub.models[ID].commit(other, ref="refs/pr/1")
    bake("--revision", "refs/pr/1")
    written = json.loads((tmp_path / "out/genai/generation_config.json").read_text())
    assert written == {"eos_token_id": 7}


def test_fetches_only_what_a_bake_needs(hub, bake, model, cache):
    extra = {"pytorch_model.bin": b"pickle", "README.md": b"read me", "onnx/model.onnx": b"onnx",
             "original/params.json": b"{}", "tf_model.h5": b"h5", "other.safetensors": b"x",
             "pytorch_model.bin.index.json": b"{}", "chat_template.jinja": b"{{ messages }}"}
    hub.models[ID] = Model(folder_files(model) | extra)
    bake()
    (snapshot,) = (cache / "models--org--model/snapshots").iterdir()
    assert set(tree(snapshot)) == set(folder_files(model)) | {"chat_template.jinja"}


def test_names_with_spaces_and_unicode(hub, bake, model, from_folder, tmp_path):
    files = {name: path.read_bytes() for name, path in folder_files(model).items()}
    index = files["model.safetensors.index.json"].decode()
    renamed = {}
    for name, content in files.items():
        if name.endswith(".safetensors"):
            new = name.replace("model-", "a m\u00f6del #%41 ")
            index = index.replace(name, new)
            renamed[new] = content
    renamed["config.json"] = files["config.json"]
    renamed["model.safetensors.index.json"] = index.encode()
    hub.models[ID] = Model(renamed)
    bake()
    assert same(tmp_path / "out", from_folder)


def test_a_repository_of_ten_thousand_files(hub, bake, model, from_folder, tmp_path):
    many = {f"samples/{index}.json": b"%d" % index for index in range(10_000)}
    hub.models[ID] = Model(many | folder_files(model))
    bake()
    assert same(tmp_path / "out", from_folder)
    assert len(hub.seen("/tree/")) == 11


# ---- what goes wrong and passes -------------------------------------------------------------------

PASSING = {
    "429": dict(status=429, headers={"Retry-After": "1"}),
    "429_date": dict(status=429, headers={"Retry-After": "Wed, 01 Jan 2020 00:00:00 GMT"}),
    "500": dict(status=500, times=3),
    "502": dict(status=502),
    "503": dict(status=503),
    "cut": dict(cut_after=700_000, times=4),
    "cut_at_once": dict(cut_after=0, times=2),
    "stalled": dict(stall_after=100_000, stall=4),
    "silent": dict(delay=3),
    "expired": dict(status=403),
}


@pytest.mark.parametrize("stream", [(), ("--stream",)], ids=["download", "stream"])
@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)
def test_goes_on_after(hub, bake, from_folder, tmp_path, fault, stream):
    if fault == PASSING["expired"]:
        # Only a place that was good once can expire.
        hub.fault("^cdn", cut_after=100_000)
    hub.fault("^cdn", **fault)
    bake(*stream, HF_HUB_DOWNLOAD_TIMEOUT="1")
    assert same(tmp_path / "out", from_folder)
    assert all(fault.times == 0 for fault in hub.faults)


@pytest.mark.parametrize("where", ["/revision/", "/tree/", "config.json"])
@pytest.mark.parametrize("fault", ["429", "502", "cut_at_once", "silent"])
def test_goes_on_after_a_fault_of_the_hub_itself(hub, bake, from_folder, tmp_path, where, fault):
    hub.fault("^hub .*" + where, **PASSING[fault])
    bake(HF_HUB_DOWNLOAD_TIMEOUT="1")
    assert same(tmp_path / "out", from_folder)


def test_refuses_by_headers_before_it_downloads(hub, bake, model):
    assert "asymmetric" in bake("--no_sym", status=2).stderr
    hub.models["org/other"] = Model(folder_files(model) | {
        "config.json": json.dumps({"model_type": "whisper"}).encode()})
    assert "whisper" in bake(model_id="org/other", status=3).stderr
    assert hub.bytes_sent < 100_000


def test_resumes_at_the_byte(hub, bake):
    hub.fault(WEIGHTS, cut_after=700_000)
    bake()
    assert [request[3]["Range"] for request in weight_requests(hub)
            if request[3]["Range"]][0].startswith("bytes=700000-")


def test_a_server_without_ranges(hub, bake, from_folder, refuse, tmp_path):
    hub.fault("^cdn", ignore_range=True, times=100)
    refuse("whole where a part of it was asked for", options=("--stream",))
    hub.faults.clear()
    hub.fault(WEIGHTS, cut_after=700_000)
    bake()
    assert same(tmp_path / "out", from_folder)


def test_gzip_that_nobody_asked_for(hub, bake, from_folder, tmp_path):
    hub.fault("config.json$", gzip=True)
    bake()
    assert same(tmp_path / "out", from_folder)
    assert hub.seen("config.json")[0][3]["Accept-Encoding"] == "identity"


def test_waits_as_long_as_it_is_asked_to(refuse, hub):
    hub.fault("/revision/", status=429, headers={"Retry-After": "4000"})
    refuse("asks to try again in 4000 seconds", status=4)


def test_falls_back_on_the_cache_while_the_hub_is_away(hub, bake, from_folder, tmp_path):
    bake(out=tmp_path / "first")
    hub.fault("/revision/", status=503, times=100)
    done = bake()
    assert same(tmp_path / "out", from_folder)
    assert "What the cache holds is taken instead" in done.stderr


# ---- what goes wrong for good ---------------------------------------------------------------------


@pytest.mark.parametrize("stream", [(), ("--stream",)], ids=["download", "stream"])
def test_wrong_digest(hub, refuse, bake, from_folder, cache, tmp_path, stream):
    hub.fault("^cdn" if stream else WEIGHTS, times=100, damage=True)
    refuse("damaged" if stream else "does not have the digest that the hub lists", options=stream)
    hub.faults.clear()
    bake(*stream)
    assert same(tmp_path / "out", from_folder)
    assert not list(cache.rglob("*.incomplete"))


def test_wrong_digest_deep_inside_a_stream(hub, refuse):
    for _ in range(2):
        hub.fault("^cdn", cut_after=3_000_000)
    hub.fault("^cdn", damage=True)  # the first byte of what is resumed
    refuse("does not have the digest that the hub lists", options=("--stream",))


def test_wrong_length(hub, refuse):
    hub.fault(WEIGHTS, claim_bytes=5)
    refuse("bytes where the hub lists")


@pytest.mark.parametrize("stream", [(), ("--stream",)], ids=["download", "stream"])
def test_an_etag_that_changes_between_ranges(hub, refuse, stream):
    hub.fault(WEIGHTS, cut_after=100_000, times=1)
    hub.fault(WEIGHTS, headers={"ETag": '"another"'}, times=100)
    refuse("changed while it was being read", options=stream)


def test_a_file_that_is_another_one_than_listed(hub, refuse):
    hub.fault("^hub .*safetensors", headers={"X-Linked-ETag": '"another"'}, times=100)
    refuse("changed while it was being read")


def test_a_file_that_is_shorter_than_listed(hub, refuse):
    hub.fault("^cdn", cut_after=100_000)
    hub.fault("^cdn", status=416, times=100)
    refuse("is shorter than")


NAMES = ["../outside.json", "/etc/outside.json", "a/../../outside.json", "a//b.json", "./a.json",
         "a\\b.json", "nul\0.json", "..", ""]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_malicious_names(hub, refuse, model, cache, name):
    hub.models[ID] = Model(folder_files(model) | {name: b"gotcha"})
    refuse("is no name within a model")
    assert not cache.exists() or not list(cache.rglob("outside*"))


def test_a_malicious_index(hub, refuse, model):
    index = json.dumps({"weight_map": {"a": "../../../../outside.safetensors"}}).encode()
    hub.models[ID] = Model(folder_files(model) | {"model.safetensors.index.json": index})
    refuse("which is no name of a file beside it")


@pytest.mark.parametrize("digest", ["../../outside", "x" * 40, ""])
def test_malicious_digests(hub, refuse, cache, digest):
    for file in hub.models[ID].resolve("main") and hub.models[ID].commits.popitem()[1].values():
        file.oid = digest
    hub.models[ID].commits[hub.models[ID].refs["main"]] = {"config.json": file}
    refuse("without a size and a digest that make sense")


def test_pickles_are_never_read(hub, refuse, model):
    config = {"config.json": (model / "config.json").read_bytes()}
    hub.models[ID] = Model(config | {"pytorch_model.bin": b"pickle"})
    refuse("pickles only", "never read", "save_pretrained")
    assert not weight_requests(hub)
    hub.models[ID] = Model(config)
    refuse("has no weights")


@pytest.mark.parametrize("stream", [(), ("--stream",)], ids=["download", "stream"])
def test_gated_private_and_wrong(hub, refuse, bake, model, from_folder, tmp_path, stream):
    hub.models["org/gated"] = Model(folder_files(model), token=TOKEN, gated=True)
    hub.models["org/private"] = Model(folder_files(model), token=TOKEN)
    refuse("is gated: accept its conditions at", "HF_TOKEN", model_id="org/gated", options=stream)
    refuse("is gated", "give another one", model_id="org/gated", options=stream, HF_TOKEN="hf_x")
    refuse("shows no model of this id", "if the model is private, give a token",
           model_id="org/private", options=stream)
    refuse("shows no model of this id", "give another one", model_id="org/private", HF_TOKEN="hf_x")
    refuse("There is no folder org/none", "shows no model of this id", model_id="org/none")
    refuse('has no revision "v9"', "correct --revision", options=("--revision", "v9"))
    for name in ("gated", "private"):
        out = tmp_path / name
        bake(*stream, model_id=f"org/{name}", out=out, HF_TOKEN=TOKEN)
        assert same(out, from_folder)


def test_no_hub_at_all(refuse, tmp_path):
    refuse("cannot be looked up", "5 times in a row".replace("5", "6"), status=4,
           HF_ENDPOINT="http://127.0.0.1:1")
    refuse("HF_HUB_OFFLINE is set", HF_HUB_OFFLINE="1")
    refuse("HF_ENDPOINT is", status=2, HF_ENDPOINT="ftp://x")


def test_a_redirect_to_nowhere(hub, refuse):
    hub.fault("^hub .*safetensors", headers={"Location": "file:///etc/passwd"}, times=100)
    refuse("redirects to no place on the web")


def test_what_is_no_id(refuse, tmp_path):
    for name in ("a/b/c", "../x", "org/-x", "/none"):
        refuse("There is no folder", model_id=name)
    (tmp_path / "here").write_text("")
    refuse("is a file", model_id="here")


def test_an_incomplete_cache_offline(hub, refuse, bake, cache, tmp_path):
    bake(out=tmp_path / "first")
    (snapshot,) = (cache / "models--org--model/snapshots").iterdir()
    next(snapshot.glob("*1-of*.safetensors")).unlink()
    refuse("lacks", "safetensors", HF_HUB_OFFLINE="1")


# ---- TLS and proxies ------------------------------------------------------------------------------


@pytest.fixture
def certificate(tmp_path):
    """(certificate, key) that no authority knows."""
    files = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=hub.test",
                    "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:hub.test",
                    "-out", files[0], "-keyout", files[1]], check=True, capture_output=True)
    return files


@pytest.fixture
def secure_hub(model, certificate):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*certificate)
    hub = Hub(tls=tls)
    hub.models[ID] = Model(folder_files(model))
    yield hub
    hub.close()


@pytest.mark.parametrize("stream", [(), ("--stream",)], ids=["download", "stream"])
def test_tls_with_an_authority_of_the_user(secure_hub, certificate, bake, refuse, from_folder,
                                           tmp_path, stream):
    refuse("cannot be looked up", "certificate", status=4, HF_ENDPOINT=secure_hub.endpoint)
    bake(*stream, HF_ENDPOINT=secure_hub.endpoint, SSL_CERT_FILE=str(certificate[0]))
    assert same(tmp_path / "out", from_folder)


def test_a_proxy(secure_hub, certificate, bake, from_folder, tmp_path):
    proxy = Proxy({"hub.test:443": secure_hub.urls["hub"].removeprefix("https://")})
    done = bake("--verbose", HF_ENDPOINT="https://hub.test", SSL_CERT_FILE=str(certificate[0]),
                HTTPS_PROXY=f"http://user:pa55word@{proxy.address}")
    proxy.close()
    assert same(tmp_path / "out", from_folder)
    assert {"hub.test:443", secure_hub.urls["cdn"].removeprefix("https://")} == set(proxy.asked)
    assert "pa55word" not in done.stdout + done.stderr


def test_a_proxy_that_is_not_there(secure_hub, refuse):
    refuse("cannot be looked up", status=4, HF_ENDPOINT="https://hub.test",
           HTTPS_PROXY="http://user:pa55word@127.0.0.1:1")


def test_a_redirect_from_tls_to_plain(secure_hub, certificate, refuse, hub):
    secure_hub.fault("^hub .*safetensors", headers={"Location": hub.urls["cdn"]}, times=100)
    refuse("where nothing is fetched from", HF_ENDPOINT=secure_hub.endpoint,
           SSL_CERT_FILE=str(certificate[0]))


# ---- the token ------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["option", "HF_TOKEN", "HF_TOKEN_PATH", "home", "status"])
@pytest.mark.parametrize("stream", [(), ("--stream",)], ids=["download", "stream"])
def test_the_token_goes_to_the_hub_and_nowhere_else(hub, bake, model, tmp_path, way, stream):
    hub.models[ID] = Model(folder_files(model), token=TOKEN, gated=True)
    file = tmp_path / "token"
    file.write_text(TOKEN + "\n")
    options, variables, status = [], {}, 0
    if way == "option":
        options = ["--token", TOKEN]
    elif way == "HF_TOKEN_PATH":
        variables = {way: str(file)}
    elif way == "home":
        (tmp_path / "home").mkdir()
        (tmp_path / "home/token").write_text(TOKEN)
    else:
        variables = {"HF_TOKEN": TOKEN}
    if way == "status":
        hub.fault("^cdn", damage=True, times=100)
        status = 3
    log = tmp_path / "log"
    done = bake(*options, *stream, "--verbose", "--log_file", log, status=status, **variables)
    assert hub.seen("^hub")[0][3]["Authorization"] == f"Bearer {TOKEN}"
    assert hub.seen("^cdn GET")
    assert all(request[3]["Authorization"] is None for request in hub.seen("^cdn"))
    texts = [done.stdout, done.stderr, log.read_text()]
    assert not [text for text in texts if TOKEN in text or "s3cr3t" in text]
    for folder in ("out", "home/hub"):
        if (tmp_path / folder).exists():
            assert not [name for name, content in tree(tmp_path / folder).items()
                        if TOKEN.encode() in (content if isinstance(content, bytes) else b"")]


# ---- plan, tokenizer, export ----------------------------------------------------------------------


def test_plan_reads_headers_alone(hub, ovbake, model, environment, cache, tmp_path):
    asked = ("plan", "--group_size", 32, "--max_prompt_len", 64, "--min_response_len", 16)
    expected = ovbake(*asked, "--disable_convert_tokenizer", "--model_id", model).stdout
    hub.bytes_sent = 0
    told = ovbake(*asked, "--model_id", ID, env=environment, cwd=tmp_path).stdout
    assert told.startswith(expected) and "leaves the tokenizer out" in told[len(expected):]
    assert hub.bytes_sent < 60_000
    (snapshot,) = (cache / "models--org--model/snapshots").iterdir()
    assert set(tree(snapshot)) == {"config.json", "model.safetensors.index.json"}


def llama_3_70b(layers=80, hidden=8192, intermediate=28672, heads=64, kv_heads=8, vocab=128256,
                shards=30):
    """The headers of its 30 shards, over weights that nobody holds."""
    from safetensors_writer import header_of

    case = dataclasses.replace(CASES["llama"], hidden=hidden, intermediate=intermediate,
                               layers=layers, heads=heads, kv_heads=kv_heads,
                               head_dim=hidden // heads, vocab=vocab,
                               extra=(("max_position_embeddings", 8192),))
    kv = hidden // heads * kv_heads
    shapes = {"model.embed_tokens.weight": (vocab, hidden), "model.norm.weight": (hidden,),
              "lm_head.weight": (vocab, hidden)}
    for layer in range(layers):
        shapes |= {f"model.layers.{layer}.{name}.weight": shape for name, shape in {
            "self_attn.q_proj": (hidden, hidden), "self_attn.k_proj": (kv, hidden),
            "self_attn.v_proj": (kv, hidden), "self_attn.o_proj": (hidden, hidden),
            "mlp.gate_proj": (intermediate, hidden), "mlp.up_proj": (intermediate, hidden),
            "mlp.down_proj": (hidden, intermediate), "input_layernorm": (hidden,),
            "post_attention_layernorm": (hidden,)}.items()}
    names, files, weight_map = sorted(shapes), {}, {}
    for shard in range(shards):
        part = names[shard * len(names) // shards:(shard + 1) * len(names) // shards]
        file = f"model-{shard + 1:05d}-of-{shards:05d}.safetensors"
        header, end = header_of({name: shapes[name] for name in part}, "BF16")
        files[file] = Holes(header, len(header) + end)
        weight_map |= dict.fromkeys(part, file)
    return files | {"config.json": json.dumps(case.config()).encode(),
                    "model.safetensors.index.json": json.dumps({"weight_map": weight_map}).encode()}


def test_the_plan_of_a_70b_takes_a_few_hundred_kilobytes(hub, ovbake, environment, tmp_path):
    hub.models["org/large"] = Model(llama_3_70b())
    done = ovbake("plan", "--model_id", "org/large", env=environment, cwd=tmp_path)
    assert "source 141107412992 bytes" in done.stdout
    assert hub.bytes_sent < 500_000


def test_tokenizer_of_an_id(hub, ovbake, sample, environment, tmp_path):
    files = folder_files(sample)
    hub.models["org/sample"] = Model(
        {name: path for name, path in files.items() if path.stat().st_size < 10_000_000}
        | {"model.safetensors": b"never fetched"})
    ovbake("tokenizer", sample, tmp_path / "expected")
    ovbake("tokenizer", "org/sample", tmp_path / "out", env=environment, cwd=tmp_path)
    assert same(tmp_path / "out", tmp_path / "expected")
    assert not weight_requests(hub)


def test_export_of_an_id(hub, ovbake, model, environment, tmp_path):
    words = ("export", "openvino", "--disable_convert_tokenizer", "--weight-format", "int8")
    ovbake(*words, "--model", model, tmp_path / "expected")
    ovbake(*words, "--model", ID, tmp_path / "out", env=environment, cwd=tmp_path)
    assert same(tmp_path / "out", tmp_path / "expected")


# ---- stream ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [(), ("--ratio", 0.5), ("--awq",), ("--weight_format", "nvfp4"),
                                     ("--threads", 7)], ids=str)
def test_streams_what_it_would_bake_from_a_folder(hub, bake, ovbake, model, cache, tmp_path, options):
    options = (*options, "--target", "any")
    if "nvfp4" in options:
        options += ("--group_size", 16)
    ovbake("bake", "--model_id", model, "--output_dir", tmp_path / "expected", *TINY, *options)
    bake("--stream", *options)
    assert same(tmp_path / "out", tmp_path / "expected")
    blobs = sum(path.stat().st_size for path in cache.rglob("*") if not path.is_symlink())
    assert blobs < 100_000


FAMILIES = sorted(p.parent for p in (ROOT / "tests/data/families").glob("*/model.safetensors"))


@pytest.mark.parametrize("family", FAMILIES, ids=lambda folder: folder.name)
def test_streams_every_family(hub, ovbake, environment, tmp_path, family):
    words = ("--max_prompt_len", 16, "--min_response_len", 16, "--disable_convert_tokenizer",
             "--weight_format", "fp32", "--quiet")
    hub.models["org/family"] = Model(folder_files(family))
    ovbake("bake", "--model_id", family, "--output_dir", tmp_path / "expected", *words)
    ovbake("bake", "--model_id", "org/family", "--output_dir", tmp_path / "out", "--stream", *words,
           env=environment, cwd=tmp_path)
    assert same(tmp_path / "out", tmp_path / "expected")


def grown(family, folder, sizes):
    """The checkpoint of a family with random weights and other `sizes`, {old: new}."""
    from safetensors_writer import write_safetensors

    bytes_ = (family / "model.safetensors").read_bytes()
    header = json.loads(bytes_[8:8 + int.from_bytes(bytes_[:8], "little")])
    generator = np.random.default_rng(3)
    entries = {}
    for name, entry in header.items():
        if name != "__metadata__":
            shape = tuple(sizes[size] for size in entry["shape"])
            entries[name] = shape, lambda s=shape: generator.standard_normal(s, np.float32)
    folder.mkdir()
    write_safetensors(folder / "model.safetensors", entries, "F32")
    config = json.loads((family / "config.json").read_text())
    resized = {key: sizes.get(value, value) if type(value) is int and value > 8 else value
               for key, value in config.items()}
    (folder / "config.json").write_text(json.dumps(resized))
    return folder


def test_streams_large_columns(hub, bake, ovbake, tmp_path):
    """GPT-2 stores its weights as columns: every row of them needs the whole tensor."""
    gpt2 = grown(ROOT / "tests/data/families/gpt2", tmp_path / "gpt2",
                 {32: 768, 48: 3072, 64: 256, 96: 2304})
    hub.models[ID] = Model(folder_files(gpt2))
    ovbake("bake", "--model_id", gpt2, "--output_dir", tmp_path / "expected", *TINY)
    bake("--stream")
    assert same(tmp_path / "out", tmp_path / "expected")


def test_streams_a_head_that_is_tied_and_stored(hub, bake, ovbake, model, tmp_path):
    from safetensors_writer import write_safetensors

    entries = stored_head_like_the_embedding(dataclasses.replace(CASES["llama_tied_f16"],
                                                                 hidden=256, vocab=24000))
    tied = tmp_path / "tied"
    tied.mkdir()
    write_safetensors(tied / "model.safetensors", entries[0], "F16")
    (tied / "config.json").write_text(json.dumps(entries[1]))
    hub.models[ID] = Model(folder_files(tied))
    ovbake("bake", "--model_id", tied, "--output_dir", tmp_path / "expected", *TINY)
    bake("--stream")
    assert same(tmp_path / "out", tmp_path / "expected")


def stored_head_like_the_embedding(case):
    """({name: (shape, make)}, config)"""
    values = weights(dataclasses.replace(case, head_dim=case.hidden // case.heads))
    values["lm_head.weight"] = values["model.embed_tokens.weight"]
    entries = {name: (array.shape, lambda v=array: v.astype(np.float16))
               for name, array in values.items()}
    return entries, dataclasses.replace(case, head_dim=case.hidden // case.heads).config()


def test_streams_each_byte_once(hub, bake, model):
    bake("--stream")
    large = sum(path.stat().st_size for path in model.glob("*.safetensors"))
    small = sum(path.stat().st_size for path in model.glob("*.json"))
    assert large < hub.bytes_sent < large + small + 100_000


def test_stream_of_a_cached_model_fetches_nothing(hub, bake, from_folder, tmp_path):
    bake(out=tmp_path / "first")
    hub.requests.clear()
    bake("--stream")
    assert same(tmp_path / "out", from_folder) and not weight_requests(hub)


def test_stream_is_for_ids(ovbake, model, tmp_path):
    done = ovbake("bake", "--model_id", model, "--output_dir", tmp_path / "out", "--stream", status=2)
    assert "--stream is for a model's id" in done.stderr
