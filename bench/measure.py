"""Runs a command and says how long it took and how much memory it had at most."""

import dataclasses
import os
import pathlib
import subprocess
import tempfile


@dataclasses.dataclass(frozen=True)
class Measured:
    seconds: float
    cpu_seconds: float
    peak_bytes: int


def run(command, log=subprocess.DEVNULL):
    """Measured by GNU time. What earlier runs left to be written is on the disk before it starts."""
    os.sync()
    with tempfile.NamedTemporaryFile() as report:
        subprocess.run(["/usr/bin/time", "--format=%e %U %S %M", f"--output={report.name}",
                        *map(str, command)], check=True, stdout=log, stderr=log)
        wall, user, system, kilobytes = pathlib.Path(report.name).read_text().split()[-4:]
    return Measured(float(wall), float(user) + float(system), int(kilobytes) * 1024)


def warm(folder):
    """Reads every file of `folder`, so that it comes from the page cache as far as that has room."""
    for path in sorted(folder.glob("*.safetensors")):
        with open(path, "rb", buffering=0) as file:
            buffer = bytearray(1 << 22)
            while file.readinto(buffer):
                pass
