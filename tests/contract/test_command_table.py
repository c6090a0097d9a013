"""The table behind completion and the manual page is what the commands are; the page says it all, and roff takes it."""

import json
import os
import re
import shutil
import subprocess
import sys
from typing import Any

import command_table
import pytest
from manual_page import page
from source_trees import ROOT

from nippo_cli.cli.completion.command_table import COMMANDS, SHARED

# Walks through the commands as Typer has them: every path with its help, its arguments and its options.
TYPER = """
import json
from nippo_cli.cli.frame import app, early_args, grammar

early_args.early_args([], {"NIPPO_JOURNAL": "nowhere", "NIPPO_LANG": "en"})
commands = {}

def option(param):
    help_key = f"cli.help.{param.name}" if param.name.endswith("_completion") else param.help
    return [param.opts + param.secondary_opts, bool(param.is_flag), help_key, param.metavar or ""]

def walk(path, command):
    params = [*command.params, *(command.more_params() if path == "" else ())]
    commands[path] = [
        command.help,
        [[p.name, p.help, p.nargs == -1, p.required] for p in params if p.param_type_name == "argument"],
        [option(p) for p in params if p.param_type_name == "option" and p.name != "help"],
        [option(p) for p in app.shared_params(command.shared)],
    ]
    if hasattr(command, "list_commands"):
        for name in command.list_commands(None):
            walk(f"{path} {name}".strip(), command.get_command(None, name))
    else:
        # A command that answers by itself may have others behind its name.
        for name in grammar.names_in(path):
            walk(f"{path} {name}", root.resolve_command(None, [path, name])[1])

root = app.root()
walk("", root)
print(json.dumps(commands))
"""


def test_the_table_is_what_the_build_makes_of_the_commands():
    """A developer who changed a command makes it anew."""
    assert command_table.PATH.read_text(encoding="utf-8") == command_table.text(), (
        "a command, an argument or an option has changed since the build: python hatch_build.py"
    )


def test_the_table_is_what_typer_makes_of_the_commands():
    """The build reads the declarations as text. Here they are run, in an interpreter that has bound nothing yet."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("NIPPO_")}
    done = subprocess.run(
        [sys.executable, "-c", TYPER], capture_output=True, text=True, encoding="utf-8", check=True, env=env
    )
    table = {
        path: [help_key, [[name, key, many, required] for name, _, key, many, required in arguments], *map(_options, (own, SHARED[shared]))]
        for path, (help_key, arguments, own, shared) in COMMANDS.items()
    }  # fmt: skip
    assert json.loads(done.stdout) == table


def _options(options: Any) -> list[Any]:
    """Options of the table as Typer has them, which knows no kinds of values."""
    return [[list(flags), kind == "" and not metavar, key, metavar] for flags, kind, key, metavar in options]


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
