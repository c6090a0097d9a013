"""How the house stands: its floors, its clock, its files."""

import ast
import subprocess
import sys
from pathlib import Path

from source_trees import ROOT, modules, nodes

GATHERERS = {"cli.py", "utils.py", "util.py", "helpers.py", "common.py", "misc.py", "db.py", "models.py", "core.py"}
CLOCKS = {("date", "today"), ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"), ("time", "time")}
TEXT_METHODS = {"read_text", "write_text"}


def test_each_room_knows_only_the_rooms_below_it():
    """The import contract of pyproject.toml holds, and every module has its floor."""
    command = [Path(sys.executable).parent / "lint-imports", "--no-logo", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_clock_is_read_in_the_command_line_alone():
    """Below it a day is always passed in."""
    read = [
        where
        for where, node in nodes()
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in CLOCKS
        and not where.startswith("cli/")
    ]
    assert read == []


def test_every_text_file_is_opened_with_its_encoding():
    """The platform's own encoding is never trusted."""
    unnamed = []
    for where, node in nodes():
        if not isinstance(node, ast.Call):
            continue
        # `read_text(path)` is a function of nippo's own; `path.read_text()` is the library's.
        method = isinstance(node.func, ast.Attribute)
        name = node.func.attr if method else getattr(node.func, "id", "")
        texts = [a.value for a in [*node.args, *(k.value for k in node.keywords)] if isinstance(a, ast.Constant)]
        named = any(k.arg == "encoding" for k in node.keywords)
        binary = any(isinstance(t, str) and "b" in t and set(t) <= set("rwaxbt+") for t in texts)
        if (
            ((method and name in TEXT_METHODS) or name == "open")
            and not named
            and not binary
            and not _is_other_open(node)
        ):
            unnamed.append(where)
    assert unnamed == []


def _is_other_open(node: ast.Call) -> bool:
    """`os.open` and the like return a descriptor, and know no encoding."""
    func = node.func
    return (
        isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id in {"os", "webbrowser"}
    )


def test_no_module_gathers_everything():
    """A file is named for what it does."""
    assert [name for name in modules() if name.rpartition("/")[2] in GATHERERS] == []


def test_no_code_asks_for_a_field_type_by_its_name():
    """A type answers for itself: a comparison of `.type`, or a look-up by it, would have to learn of every new one."""
    asking = [
        where
        for where, node in nodes()
        if (isinstance(node, ast.Compare) and any(map(_is_type_of_field, [node.left, *node.comparators])))
        or (isinstance(node, ast.Subscript) and _is_type_of_field(node.slice))
    ]
    assert asking == []


def _is_type_of_field(node: ast.expr) -> bool:
    """`field.type` and the like."""
    return (
        isinstance(node, ast.Attribute)
        and node.attr == "type"
        and isinstance(node.value, ast.Name)
        and node.value.id in {"field", "f", "of", "part"}
    )
