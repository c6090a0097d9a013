"""The table of commands that TAB, the help of a group and the manual page read, made from the commands' declarations.

The build writes it into `src/nippo_cli/cli/completion/command_table.py`. Typer is not there yet when a wheel is built, so
the declarations are read as text: every function under `@command("deal show", AnswerCommand, help="…")`, and the
`typer.Argument(…)` and `typer.Option(…)` of its parameters. That Typer reads the same out of them is a test's business.
"""

import ast
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from nippo_cli.cli.frame.grammar import MODULES, SHARED, names_in
from nippo_cli.gaps import KINDS as GAPS
from nippo_cli.lessons import KINDS as LESSONS

_SOURCE = Path(__file__).parents[1] / "src" / "nippo_cli" / "cli"
PATH = _SOURCE / "completion" / "command_table.py"
_HEAD = '''"""What every command takes. Made by the build (`python hatch_build.py`) from the commands in cli/commands.

A command's path → the catalogue key of its help, its arguments and its own options, then the options that it shares
with others (`SHARED`). An argument or option has its name or flags, the kind of its value (`CHOICE:a|b` for fixed
words, `WORDS:fate:a|b` for those that have a word in each language, empty for a flag), and the catalogue key of its help.
"""

from typing import Any

'''
# What TAB offers for a value, by the name that the help gives it, or, where one name stands for several, by its flag.
_KINDS = {
    "DEAL": "deal", "CUSTOMER": "customer", "WHOM": "customer or deal", "STAGE": "stage",
    "ACTIVITY": "activity", "ID": "entry", "ENTRY": "entry",
    "FILE": "file", "FILE|-": "file", "PATH": "file", "FOLDER": "file", "MAP": "file", "DIR": "file", "DATE": "date",
    "90d|DATE": "date", "DEALS": "deal", "OWNER": "owner", "TARGET": "entry", "NAME": "text", "TEMPLATE": "template",
    "OTHER": "deal", "INTO": "deal", "KIND": "kind", "RANK": "confidence", "CAUSE": "cause", "REASON": "FIELD:lost_reason",
    "SOURCE": "FIELD:source",
}  # fmt: skip
_KINDS_BY_FLAG = {
    "--owner": "owner",
    "--billed-to": "customer",
    "--site": "site",
    "--by": "owner",
    "--to": "owner",
    "--customer": "customer",
    "--template": "template",
}
# Fixed words that may be typed in the user's language too, by the keys that they go by.
_VOCABULARIES = {
    "won|lost|fizzled|open": "fate",
    "asked|found|guess": "known",
    "late|never|written|copied|raised|hope": "sign",
    "month|owner|kind|source": "by",
    "date|relevance": "order",
}
# As they are when the table is made.
_KINDS_OF: Mapping[tuple[str, str], Iterable[str]] = {("gap", "kind"): GAPS, ("lessons", "kind"): LESSONS}
# Those of `nippo` itself that no declaration names: Typer's own, and the version.
_OF_ROOT = (
    (("--owner",), "owner", "cli.opt.owner", "NAME"),
    (("--install-completion",), "", "cli.help.install_completion", ""),
    (("--show-completion",), "", "cli.help.show_completion", ""),
    (("--version", "-V"), "", "cli.shared.version", ""),
)


class _Param(NamedTuple):
    """One `typer.Argument(…)` or `typer.Option(…)`, and the type that it stands with."""

    what: str
    flags: tuple[str, ...]
    metavar: str
    help_key: str
    type_name: str


class _Declared(NamedTuple):
    """A command as its module declares it."""

    function: ast.FunctionDef
    aliases: dict[str, _Param]
    class_name: str
    help_key: str


def text() -> str:
    """The module that holds the table."""
    commands = "".join(f"    {json.dumps(path)}: {value!r},\n" for path, value in _commands().items())
    shared = "".join(f"    {json.dumps(name)}: {tuple(value)!r},\n" for name, value in _shared().items())
    return f"{_HEAD}SHARED: dict[str, Any] = {{\n{shared}}}\n\nCOMMANDS: dict[str, Any] = {{\n{commands}}}\n"


def _shared() -> dict[str, Any]:
    """The options of each key of `grammar.SHARED`, as the table has options."""
    return {
        name: [
            (flags, _kind(flags, values) if values else "", f"cli.shared.{attribute}", values)
            for attribute, flags, values in options
        ]
        for name, options in SHARED.items()
    }


def _commands() -> dict[str, Any]:
    """Every path with what stands in the table for it, in the order of the help."""
    declared = _declared()
    if missing := set(MODULES) ^ set(declared):
        raise SystemExit(f"cli/frame/grammar.py and the commands of cli/commands differ: {', '.join(sorted(missing))}")
    shared_of = _shared_by_class()
    commands: dict[str, Any] = {"": ("cli.help.nippo", (), _OF_ROOT, "answer")}
    for name in names_in(""):
        if name not in MODULES:
            commands[name] = (f"cli.{name}.help", (), (), "else")
        for path in [path for path in MODULES if path.partition(" ")[0] == name]:
            command = declared[path]
            params = list(_params(command))
            arguments = tuple(
                (of, _kind_of_argument(path, of), param.help_key, "list" in param.type_name, required)
                for of, param, required in params
                if param.what == "Argument"
            )
            options = tuple(
                (p.flags, "" if p.type_name == "bool" else _kind(p.flags, p.metavar), p.help_key, p.metavar)
                for _, p, _ in params
                if p.what == "Option"
            )
            commands[path] = (command.help_key, arguments, options, shared_of[command.class_name])
    return commands


def _kind(flags: tuple[str, ...], metavar: str) -> str:
    """What TAB offers for an option's value: `T|FILE` are fixed words, `NAME` behind `--owner` is an owner."""
    if "|" in metavar and metavar not in _KINDS:
        vocabulary = _VOCABULARIES.get(metavar)
        return f"WORDS:{vocabulary}:{metavar}" if vocabulary else f"CHOICE:{metavar}"
    return next((_KINDS_BY_FLAG[flag] for flag in flags if flag in _KINDS_BY_FLAG), _KINDS.get(metavar, "text"))


def _kind_of_argument(path: str, name: str) -> str:
    """What TAB offers for an argument: it goes by its name, but for two."""
    if (path, name) in _KINDS_OF:
        return f"WORDS:{path.removesuffix('s')}:{'|'.join(_KINDS_OF[path, name])}"
    if path.startswith("customer"):
        return "customer" if name != "name" or path == "customer" else "text"
    return _KINDS.get(name.upper(), "text")


def _declared() -> dict[str, _Declared]:
    """Every function under `@command`, by its path."""
    shared_aliases = _aliases(_tree("frame/params.py"))
    declared: dict[str, _Declared] = {}
    for module in dict.fromkeys(MODULES.values()):
        tree = _tree(f"commands/{module}.py")
        aliases = shared_aliases | _aliases(tree)
        for function in tree.body:
            for call in function.decorator_list if isinstance(function, ast.FunctionDef) else ():
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "command":
                    path, class_ = call.args
                    help_key = _literal({k.arg: k.value for k in call.keywords}["help"])
                    declared[_literal(path)] = _Declared(function, aliases, ast.unparse(class_), help_key)  # type: ignore[arg-type]
    return declared


def _params(command: _Declared) -> Iterator[tuple[str, _Param, bool]]:
    """The parameters of a command but its context: the name, the declaration, whether it must be given."""
    args = command.function.args.args
    least = len(args) - len(command.function.args.defaults)
    for place, arg in enumerate(args):
        if arg.arg != "ctx" and arg.annotation is not None:
            param = command.aliases.get(ast.unparse(arg.annotation)) or _param(arg.annotation)
            if param is None:
                raise SystemExit(f"{command.function.name}: {arg.arg} is neither a typer.Argument nor a typer.Option")
            yield arg.arg, param, place < least


def _aliases(tree: ast.Module) -> dict[str, _Param]:
    """`Owner: TypeAlias = Annotated[…]` and the like, by their names."""
    aliases = {}
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None and (param := _param(node.value)):
            name = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            aliases[ast.unparse(name)] = param
    return aliases


def _param(node: ast.expr) -> _Param | None:
    """`Annotated[type, typer.Option("--on", metavar="DATE", help="…")]`; None for any other expression."""
    if not (
        isinstance(node, ast.Subscript) and ast.unparse(node.value) == "Annotated" and isinstance(node.slice, ast.Tuple)
    ):
        return None  # fmt: skip
    type_, call = node.slice.elts
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return None
    named = {keyword.arg: _literal(keyword.value) for keyword in call.keywords}
    flags = tuple(_literal(flag) for flag in call.args)
    return _Param(call.func.attr, flags, named.get("metavar", ""), named["help"], ast.unparse(type_))


def _shared_by_class() -> dict[str, str]:
    """What the class of a command says in `shared`, itself or the class above it."""
    shared: dict[str, str] = {}
    for name in ("frame/app.py", *(f"commands/{module}.py" for module in dict.fromkeys(MODULES.values()))):
        for node in _tree(name).body:
            if isinstance(node, ast.ClassDef):
                for base in map(ast.unparse, node.bases):
                    shared.setdefault(node.name, shared.get(base, ""))
                for inside in node.body:
                    if isinstance(inside, ast.Assign) and ast.unparse(inside.targets[0]) == "shared":
                        shared[node.name] = _literal(inside.value)
    return shared


def _literal(node: ast.expr) -> str:
    """A text that stands in the source as it is.

    Raises:
        SystemExit: it is put together, and can't be read without being run.
    """
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        raise SystemExit(
            f"a text is expected in place of {ast.unparse(node)}: the build reads commands without running them"
        )
    return node.value


def _tree(name: str) -> ast.Module:
    return ast.parse((_SOURCE / name).read_text(encoding="utf-8"))
