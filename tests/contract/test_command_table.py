"""The table behind completion and the manual page is what the commands are; the page says it all, and roff takes it."""

import re
import shutil
import subprocess

import command_table
import pytest
from source_trees import ROOT

from nippo_cli.cli.completion.command_table import COMMANDS
from nippo_cli.cli.frame.man import page


def test_the_table_is_what_the_commands_are():
    """`python tests/contract/command_table.py` writes it anew."""
    assert command_table.TABLE.read_text(encoding="utf-8") == command_table.text(command_table.table())


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_manual_names_every_command_and_option(lang):
    """In words: no key of the catalogue is left standing."""
    said = page(lang).replace("\\-", "-")
    for path, (_, _, options, _) in COMMANDS.items():
        assert not path or f".SS nippo {path}" in said
        for flags, *_ in options:
            assert f"\\fB{flags[-1]}\\fR" in said
    assert not re.search(r"\b(cli|man)\.[a-z_]+(\.[a-z_]+)*\b", said)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_roff_takes_the_manual(lang, tmp_path):
    """Without an error, and so that a hyphen can be copied."""
    groff = shutil.which("groff")
    if groff is None:
        pytest.skip("groff is not here")
    file = tmp_path / "nippo.1"
    file.write_text(page(lang), encoding="utf-8")
    done = subprocess.run([groff, "-man", "-Tutf8", "-Kutf8", str(file)], capture_output=True, check=True)
    assert b"error" not in done.stderr
    assert "--next-step" not in done.stdout.decode()
    assert "--dry-run" in re.sub(".\x08|\x1b\\[[0-9;]*m", "", done.stdout.decode())


def test_the_build_makes_the_manual():
    """In both languages, under the folder that the wheel takes to `share/man`."""
    for path in (ROOT / "man" / "man1" / "nippo.1", ROOT / "man" / "ja" / "man1" / "nippo.1"):
        assert path.read_text(encoding="utf-8").startswith(".TH NIPPO 1")
