"""What every command takes, read off Typer: the table that the shell's completion and the man page are made from.

`python tests/contract/command_table.py` writes `src/nippo_cli/cli/completion/command_table.py` anew, after a command or an option
has changed.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "src" / "nippo_cli" / "cli" / "completion" / "command_table.py"
HEAD = '''"""What every command takes. Made by tests/contract/command_table.py, and held against the commands by a test.

A command's path → the catalogue key of its help, its arguments and its own options, then the options that it shares
with others (`SHARED`). An argument or option has its name or flags, the kind of its value (`CHOICE:a|b` for fixed
words, empty for a flag), and the catalogue key of its help.
"""

from typing import Any

# fmt: off
'''
# An option's or an argument's value by the name that help gives it.
_KINDS = {
    "DEAL": "deal", "CUSTOMER": "customer", "STAGE": "stage", "ACTIVITY": "activity", "ID": "entry", "ENTRY": "entry",
    "FILE": "file", "FILE|-": "file", "PATH": "file", "FOLDER": "file", "MAP": "file", "DIR": "file", "DATE": "date", "90d|DATE": "date",
    "DEALS": "deal", "OWNER": "owner", "TARGET": "entry", "NAME": "text", "TEMPLATE": "template",
    "OTHER": "deal", "INTO": "deal",
}  # fmt: skip
_BY_FLAG = {"--owner": "owner", "--by": "owner", "--to": "owner", "--customer": "customer", "--template": "template"}


def table() -> dict[str, Any]:
    """The table as the commands are now, asked of an interpreter of its own: there keys stay keys."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("NIPPO_")}
    done = subprocess.run(
        [sys.executable, __file__, "--print"], capture_output=True, text=True, encoding="utf-8", check=True,
        env=env | {"NIPPO_JOURNAL": os.devnull + "/none", "NIPPO_LANG": "en", "PYTHONUTF8": "1"},
    )  # fmt: skip
    return json.loads(done.stdout)


def text(found: dict[str, Any]) -> str:
    """The module that holds a table."""
    lines = [HEAD, "SHARED: dict[str, Any] = {"]
    for name, options in found["shared"].items():
        lines.append(f"    {json.dumps(name)}: (")
        lines += [f"        {_tuple(option)}," for option in options]
        lines.append("    ),")
    lines += ["}", "", "COMMANDS: dict[str, Any] = {"]
    for path, (help_key, arguments, options, shared) in found["commands"].items():
        lines.append(f"    {json.dumps(path)}: (")
        lines.append(f"        {json.dumps(help_key)},")
        for part in (arguments, options):
            lines.append("        (" if part else "        (),")
            lines += [f"            {_tuple(one)}," for one in part]
            lines += ["        ),"] if part else []
        lines.append(f"        {json.dumps(shared)},")
        lines.append("    ),")
    return "\n".join([*lines, "}", ""])


def _tuple(of: list[Any]) -> str:
    parts = [_tuple(one) if isinstance(one, list) else _plain(one) for one in of]
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"


def _plain(one: Any) -> str:
    return str(one) if isinstance(one, bool) else json.dumps(one)


def _read() -> dict[str, Any]:
    """Inside the interpreter of its own."""
    from nippo_cli.base import language

    language.t = lambda key, /, **_: key
    from nippo_cli.cli.frame import app, commands, early_args as glance

    glance.early_args([], {"NIPPO_JOURNAL": os.environ["NIPPO_JOURNAL"], "NIPPO_LANG": "en"})
    root = app.command([])
    shared: dict[str, Any] = {}
    found: dict[str, Any] = {}

    def walk(path: str, command: Any) -> None:
        own = [p for p in command.params if p.name != "help"]
        names = ["+".join(s[0] for s in command.shared)]
        shared.setdefault(names[0], [_option(p) for p in commands._options(command.shared)])
        extra = command.more_params() if path == "" else []
        options = [_option(p) for p in [*own, *extra] if p.param_type_name == "option"]
        arguments = [_argument(p, path) for p in own if p.param_type_name == "argument"]
        found[path] = [command.help or "", arguments, options, names[0]]
        for name, sub in getattr(command, "commands", {}).items():
            walk(f"{path} {name}".strip(), sub)

    walk("", root)
    short = {name: f"s{n}" for n, name in enumerate(shared)}
    return {
        "shared": {short[name]: options for name, options in shared.items()},
        "commands": {path: [*rest, short[name]] for path, (*rest, name) in found.items()},
    }


def _option(param: Any) -> list[Any]:
    flags = [*param.opts, *param.secondary_opts]
    if param.is_flag:
        kind = ""
    elif param.metavar and "|" in param.metavar and param.metavar not in _KINDS:
        kind = f"CHOICE:{param.metavar}"
    else:
        kind = next((_BY_FLAG[f] for f in flags if f in _BY_FLAG), _KINDS.get(param.metavar or "", "text"))
    help_key = param.help or ""
    if param.name in ("install_completion", "show_completion"):
        help_key = f"cli.help.{param.name}"
        kind = "CHOICE:bash|zsh|fish|powershell|pwsh" if not param.is_flag else ""
    return [flags, kind, help_key, param.metavar or ""]


def _argument(param: Any, path: str) -> list[Any]:
    kind = _KINDS.get(param.name.upper(), "text")
    if path == "gap":
        from nippo_cli.gaps import KINDS

        kind = "CHOICE:" + "|".join(KINDS)
    if path == "customer":
        kind = "customer"
    return [param.name, kind, param.help or "", param.nargs == -1, bool(param.required)]


if __name__ == "__main__":
    if "--print" in sys.argv:
        sys.stdout.write(json.dumps(_read(), ensure_ascii=False))
    else:
        TABLE.write_text(text(table()), encoding="utf-8")
