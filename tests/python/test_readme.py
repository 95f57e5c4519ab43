"""What README says of the program is what the program says."""

import re

from conftest import ROOT

README = (ROOT / "README.md").read_text()


def test_every_family_is_named():
    known = []
    for source in (ROOT / "src/architecture/families").glob("*.cpp"):
        types = re.search(r"\.model_types = \{([^}]*)\}", source.read_text())[1]
        known += re.findall(r'"(\w+)"', types)
    named = re.search(r"test_every_family.py`:([^.]+)\.", README)[1]
    assert named.replace(",", " ").split() == sorted(known)


def test_every_command_is_named(ovbake):
    listed = ovbake("--help").stdout.split("Subcommands:")[1]
    commands = re.findall(r"^  (\w+) ", listed, re.MULTILINE)
    assert len(commands) > 5 and all(f"`ovbake {command}" in README for command in commands)
