"""How the house stands: its floors, its clock, its files."""

import ast
import io
import subprocess
import sys
import tokenize
from pathlib import Path

from source_trees import ROOT, SOURCE, modules, nodes

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


LINES_OF_A_FILE, LINES_OF_A_FUNCTION = 300, 40
NO_CODE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
# What is longer today, and how long it is; it may only get shorter. This one names each field of a large result.
LONGER = {"line/history.py _head": 62}


def test_files_and_functions_stay_short():
    """In lines of code: neither blank ones, nor comments, nor docstrings. What got shorter than it is said to be is said anew."""
    longer: dict[str, int] = {}
    for name, tree in modules().items():
        code = lines_of_code((SOURCE / name).read_text(encoding="utf-8"), tree)
        if len(code) > LINES_OF_A_FILE:
            longer[name] = len(code)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                lines = len(code & set(range(node.lineno, (node.end_lineno or node.lineno) + 1)))
                if lines > LINES_OF_A_FUNCTION:
                    longer[f"{name} {node.name}"] = lines
    assert {name: n for name, n in longer.items() if n > LONGER.get(name, 0)} == {}
    assert {name: n for name, n in LONGER.items() if n > longer.get(name, 0)} == {}


def lines_of_code(text: str, tree: ast.Module) -> set[int]:
    """The numbers of the lines that say something to Python."""
    held = (ast.Module, ast.ClassDef, ast.FunctionDef)
    said = {
        line
        for node in ast.walk(tree)
        if isinstance(node, held) and ast.get_docstring(node, clean=False) is not None
        for line in range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)
    }
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return {line for t in tokens if t.type not in NO_CODE for line in range(t.start[0], t.end[0] + 1)} - said


LINES_WITHOUT_A_WORD = 10


def test_a_private_function_says_what_goes_in_and_comes_out():
    """Once its body has more than ten lines of code; a public one always does, as ruff sees to."""
    silent = [
        f"{name}:{node.lineno} {node.name}"
        for name, tree in modules().items()
        for code in [lines_of_code((SOURCE / name).read_text(encoding="utf-8"), tree)]
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("_")
        and not node.name.startswith("__")
        and ast.get_docstring(node) is None
        and len(code & set(range(node.body[0].lineno, (node.end_lineno or 0) + 1))) > LINES_WITHOUT_A_WORD
    ]
    assert silent == []


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
