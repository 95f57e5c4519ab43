"""What README says of the program is what the program says."""

import re

import families_table
from conftest import ROOT

README = (ROOT / "README.md").read_text()


def test_the_table_of_families_is_generated():
    assert families_table.table() in README, "put the output of tools/families_table.py into README.md"


def test_every_command_is_named(ovbake):
    listed = ovbake("--help").stdout.split("Subcommands:")[1]
    commands = re.findall(r"^  (\w+) ", listed, re.MULTILINE)
    assert len(commands) > 5 and all(f"`ovbake {command}" in README for command in commands)
