"""The faces of rooms with walls: each names what others take, no more, and loads nothing until a name is taken."""

import ast
import builtins
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import cache
from importlib import import_module

import pytest
from source_trees import SOURCE, modules

# By their text: to parse all of the source is a matter of the tests, not of those who collect them.
FACES = sorted(
    path.parent.relative_to(SOURCE).as_posix()
    for path in SOURCE.rglob("__init__.py")
    if "\nfrom nippo_cli.base.faces import " in path.read_text(encoding="utf-8")
)


def lent(face: str) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """What a face lends: as the type checker reads it, and as it runs; names by their module."""
    typed: dict[str, set[str]] = {}
    running: dict[str, set[str]] = {}
    for node in ast.walk(modules()[f"{face}/__init__.py"]):
        if (
            isinstance(node, ast.ImportFrom)
            and node.module
            and node.module.startswith(f"nippo_cli.{face.replace('/', '.')}.")
        ):
            typed[node.module.rpartition(".")[2]] = {alias.name for alias in node.names}
        if isinstance(node, ast.Dict):
            running = {
                key.value: set(value.value.split())
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant) and isinstance(value, ast.Constant)
            }
    return typed, running


@pytest.mark.parametrize("face", FACES)
def test_a_face_lends_what_the_type_checker_sees(face):
    """Its two lists agree, and every name is there."""
    typed, running = lent(face)
    assert typed == running
    module = import_module(f"nippo_cli.{face.replace('/', '.')}")
    for names in running.values():
        for name in names:
            assert getattr(module, name) is not None


@cache
def uses() -> dict[str, tuple[list[tuple[str | None, ast.alias]], set[tuple[str, str]]]]:
    """Of each module: what it imports, and of which names it takes which attributes."""
    found = {}
    for where, tree in modules().items():
        nodes = [*ast.walk(tree)]
        found[where] = (
            [(node.module, alias) for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names],
            {(n.value.id, n.attr) for n in nodes if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name)},
        )
    return found


def taken_of(package: str, where: str) -> Iterator[str]:
    """What a module takes of a face: `from nippo_cli.cli.frame import command`, or `frame.command` where the face itself is
    imported, so that the name is taken only when it is needed."""
    above, _, name = package.rpartition(".")
    imports, attributes = uses()[where]
    yield from (alias.name for module, alias in imports if module == package)
    here = {alias.asname or name for module, alias in imports if (module, alias.name) == (above, name)}
    yield from (attribute for of, attribute in attributes if of in here)


@pytest.mark.parametrize("face", FACES)
def test_a_face_names_only_what_others_take(face):
    """A name that nobody outside takes is no part of it."""
    others = [where for where in modules() if not where.startswith(f"{face}/")]
    taken = {name for where in others for name in taken_of(f"nippo_cli.{face.replace('/', '.')}", where)}
    assert {name for names in lent(face)[1].values() for name in names} - taken == set()


def test_a_face_loads_nothing_of_its_room():
    """Until a name is taken."""
    program = (
        "import sys\n"
        f"for face in {FACES!r}:\n"
        "    __import__('nippo_cli.' + face.replace('/', '.'))\n"
        "print(*[m for m in sys.modules if m.startswith('nippo_cli.')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    packages = {
        name.replace("/", ".").removesuffix(".py").removesuffix(".__init__")
        for name in modules()
        if name.endswith("__init__.py")
    }
    loaded = {name.removeprefix("nippo_cli.") for name in done.stdout.split()}
    assert loaded - packages == {"base.faces"}


def test_an_unknown_name_is_an_attribute_error():
    """As of any module."""
    module = import_module(f"nippo_cli.{FACES[0].replace('/', '.')}")
    with pytest.raises(AttributeError, match="no attribute 'nobody'"):
        module.nobody  # noqa: B018


def test_a_name_is_waited_for_while_another_thread_loads_its_module(tmp_path, monkeypatch):
    """`add` reads names in a thread while it asks: what that thread is still loading is no name that is missing."""
    room = tmp_path / "waited_room"
    room.mkdir()
    (room / "__init__.py").write_text(
        "from nippo_cli.base.faces import face\n__getattr__ = face(__name__, {'slow': 'late'})\n", encoding="utf-8"
    )
    slow = "import builtins, time\nbuiltins.waited_room_begun.set()\ntime.sleep(0.2)\nlate = 1\n"
    (room / "slow.py").write_text(slow, encoding="utf-8")
    begun = threading.Event()
    monkeypatch.setattr(builtins, "waited_room_begun", begun, raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    taken: list[object] = []
    first = threading.Thread(target=lambda: taken.append(import_module("waited_room").late))
    first.start()
    assert begun.wait(10)
    taken.append(import_module("waited_room").late)
    first.join(10)
    assert taken == [1, 1]
