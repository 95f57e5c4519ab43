"""A local model is baked without a network, without running anything of it, with the user's umask."""

import ctypes
import os
import platform
import struct
import subprocess
import sys

import pytest

SOCKET_CALL = {"x86_64": 41, "aarch64": 198}[platform.machine()]
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, FILTER_MODE = 38, 22, 2
KILL_PROCESS, ALLOW = 0x80000000, 0x7FFF0000


def forbid_sockets():
    """Ends this process and what it becomes, with SIGSYS, where it asks for a socket."""
    instructions = b"".join(struct.pack("HBBI", *instruction) for instruction in (
        (0x20, 0, 0, 0),  # load the number of the system call
        (0x15, 0, 1, SOCKET_CALL),  # another: over the next
        (0x06, 0, 0, KILL_PROCESS),
        (0x06, 0, 0, ALLOW)))
    buffer = ctypes.create_string_buffer(instructions)
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxP", 4, ctypes.addressof(buffer)))
    libc = ctypes.CDLL(None, use_errno=True)
    for call in ((PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), (PR_SET_SECCOMP, FILTER_MODE, program, 0, 0)):
        if libc.prctl(*call) != 0:
            raise OSError(ctypes.get_errno(), "prctl")


def test_the_filter_ends_who_asks_for_a_socket():
    asked = subprocess.run([sys.executable, "-c", "import socket; socket.socket()"],
                           preexec_fn=forbid_sockets)
    assert asked.returncode == -31  # SIGSYS


def test_no_socket_is_asked_for(ovbake, sample, tmp_path):
    out = tmp_path / "out"
    ovbake("bake", "--model_id", sample, "--output_dir", out, preexec_fn=forbid_sockets)
    ovbake("verify", out, preexec_fn=forbid_sockets)
    ovbake("inspect", out, preexec_fn=forbid_sockets)
    ovbake("plan", "--model_id", sample, preexec_fn=forbid_sockets)


def test_code_of_a_checkpoint_is_not_run_and_not_copied(bake_tiny, tiny, tmp_path):
    witness = tmp_path / "ran"
    for name in ("modeling_llama.py", "configuration_llama.py", "__init__.py", "setup.py"):
        (tiny / name).write_text(f"open({str(witness)!r}, 'w')")
    bake_tiny()
    assert not witness.exists()
    assert not list((tmp_path / "out").rglob("*.py"))


@pytest.mark.parametrize("umask, mode", [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_files_are_made_with_the_users_umask(bake_tiny, tmp_path, umask, mode):
    before = os.umask(umask)
    try:
        bake_tiny()
    finally:
        os.umask(before)
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    folders = [path for path in (tmp_path / "out").rglob("*") if path.is_dir()]
    assert {path.stat().st_mode & 0o777 for path in files} == {mode}
    assert {path.stat().st_mode & 0o777 for path in folders + [tmp_path / "out"]} == {0o777 & ~umask}


def test_outputs_name_no_path(bake_tiny, tmp_path):
    bake_tiny()
    for path in (tmp_path / "out").rglob("*"):
        if path.is_file():
            assert str(tmp_path).encode() not in path.read_bytes(), path
