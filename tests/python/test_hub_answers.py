"""A hub whose answers make no sense, a cache that was damaged, and what is never said of either."""

import subprocess

import pytest
from conftest import TINY
from folders import same
from hub_fixtures import ID


def entry(path):
    return {"type": "file", "path": path, "size": 1, "oid": "0" * 40}


ENDLESS = {
    "one empty page for ever": lambda url: ([], f'<{url}>; rel="next"'),
    "one page for ever": lambda url: ([entry("a.json")], f'<{url}>; rel="next"'),
    "a new empty page each time": lambda url: ([], f'<{url}&again=1>; rel="next"'),
    "the same file on every page": lambda url: ([entry("a.json")], f'<{url}0>; rel="next"' if len(url) < 400 else ""),
}


@pytest.mark.parametrize("page", ENDLESS.values(), ids=ENDLESS.keys())
def test_a_list_without_end_is_refused(hub, refuse, page):
    hub.page = page
    refuse("list", ID)
    assert len(hub.requests) < 600


@pytest.mark.parametrize("link", ['<>; rel="next"', '; rel="next"', 'rel="next"', '<ftp://x/y>; rel="next"', '<http://>; rel="next"',
                                  '<javascript:1>; rel=next'])
def test_a_next_page_that_cannot_be_asked_for_is_not_the_last_one(hub, refuse, link):
    """The list would be cut short, and nobody would know."""
    hub.page = lambda url: ([entry("a.json")], link)
    refuse("next page")


@pytest.mark.parametrize("link", ['<{url}&cursor=1>; rel="next"', '<{url}&cursor=1>; rel=next', '<{url}>; rel="first", <{url}&cursor=1>; rel="next"'])
def test_a_next_page_is_found(hub, bake, from_folder, link, tmp_path):
    entries = [file.entry(path) for path, file in hub.models[ID].commits[hub.models[ID].resolve("main")].items()]
    hub.page = lambda url: (entries[2:], "") if "cursor" in url else (entries[:2], link.format(url=url))
    bake()
    assert same(tmp_path / "out", from_folder)


@pytest.fixture
def said(program, environment, tmp_path):
    """What a bake says that fails in any way, where the environment has these variables too."""

    def run(**variables):
        done = subprocess.run([program, "bake", "-m", ID, "-o", tmp_path / "out", *TINY], capture_output=True, text=True,
                              env=environment | variables, timeout=120)
        assert done.returncode > 1, done.stderr
        return done.stdout + done.stderr

    return run


@pytest.mark.parametrize("status", [401, 403, 404, 418])
@pytest.mark.parametrize("credentials", ["user:s3cretpw", "s3cretpw", "us%40er:s3cretpw%2f@s3cretpw"])
def test_the_password_of_an_endpoint_is_not_said(hub, said, status, credentials):
    hub.fault("api", times=100, status=status)
    assert "s3cretpw" not in said(HF_ENDPOINT=hub.endpoint.replace("http://", f"http://{credentials}@"))


@pytest.mark.parametrize("variable, value", [
    ("HF_ENDPOINT", "ftp://user:s3cretpw@host"), ("HF_ENDPOINT", "http://user:s3cretpw@127.0.0.1:1"),
    ("HF_ENDPOINT", "http://user:s3cretpw@[bad"), ("http_proxy", "http://user:s3cretpw@127.0.0.1:1"),
    ("http_proxy", "odd://user:s3cretpw@host"), ("http_proxy", "user:s3cretpw@[bad"), ("http_proxy", "http://user:s3cretpw@host:99999999")])
def test_the_password_of_an_address_that_is_wrong_is_not_said(said, variable, value):
    assert "s3cretpw" not in said(**{variable: value}, no_proxy="")


@pytest.mark.parametrize("name", ["config.json", "model-00001-of-00002.safetensors"])
@pytest.mark.parametrize("left", [0, 10])
def test_a_blob_that_was_cut_short_is_fetched_anew(bake, from_folder, cache, tmp_path, name, left):
    bake()
    blob = next(cache.glob(f"models--*/snapshots/*/{name}")).resolve()
    blob.write_bytes(blob.read_bytes()[:left])
    assert name in bake("--overwrite", status=3, HF_HUB_OFFLINE="1").stderr
    bake("--overwrite")
    assert same(tmp_path / "out", from_folder)


def test_a_list_that_was_cut_short_is_asked_for_again(bake, from_folder, cache, tmp_path):
    bake()
    listing = next(cache.glob("models--*/trees/*.json"))
    listing.write_text(listing.read_text()[:20])
    bake("--overwrite")
    assert same(tmp_path / "out", from_folder)


@pytest.mark.parametrize("revision", [".", "..", "a/.", "./a", "a/../b", "x" * 300, ""])
def test_a_revision_that_is_no_name(refuse, revision):
    refuse("--revision", options=("--revision", revision), status=2)


def test_a_branch_below_another_one(hub, bake, from_folder, tmp_path):
    """git has no room for both at once, but one may have gone."""
    commit = hub.models[ID].resolve("main")
    hub.models[ID].refs |= {"a": commit, "a/b": commit}
    for revision in ("a", "a/b", "a", "a/b"):
        bake("--revision", revision, "--overwrite")
    assert same(tmp_path / "out", from_folder)
