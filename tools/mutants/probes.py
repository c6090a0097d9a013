"""Modules that say which of their functions and lines of interest have run: loaded with a call in front of each.

To trace all that Python does would tell as much of every line, and take as long again as the tests themselves.
"""

import ast
import builtins
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, Final, NamedTuple

from mutants.sites import PACKAGE

_CALLED: Final = "__nippo_probe__"


class Probe(NamedTuple):
    """A place that says when it runs: the first line of a function, or a line of interest."""

    file: str
    line: int


class Probes(MetaPathFinder):
    """Loads some modules with probes. `run` holds the numbers, into `places`, of those that have run."""

    def __init__(self, lines: Iterable[Probe]) -> None:
        self.places: list[Probe] = []
        self.run: set[int] = set()
        self._lines: dict[str, set[int]] = defaultdict(set)
        for file, line in lines:
            self._lines[file].add(line)
        self._files = {_module(file): file for file in self._lines}

    def install(self) -> None:
        """From now on, the modules are loaded with probes.

        Raises:
            RuntimeError: one of them is loaded already.
        """
        if early := sorted(self._files.keys() & sys.modules.keys()):
            raise RuntimeError(f"loaded before they are watched: {', '.join(early)}")
        vars(builtins)[_CALLED] = self.run.add
        sys.meta_path.insert(0, self)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module's own spec, with a loader that puts probes in; None for all that nobody is interested in."""
        file = self._files.get(fullname)
        spec = PathFinder.find_spec(fullname, path, target) if file else None
        if file is None or spec is None or spec.origin is None:
            return None
        spec.loader = _Loader(fullname, spec.origin, lambda tree: self._put(tree, file))
        return spec

    def _put(self, tree: ast.Module, file: str) -> ast.Module:
        return probed(tree, self._lines[file], lambda line: self._number(Probe(file, line)))

    def _number(self, place: Probe) -> int:
        self.places.append(place)
        return len(self.places) - 1


class _Loader(SourceFileLoader):
    """Compiles what is changed, and keeps none of it: the module's own compiled file stays what it is."""

    def __init__(self, name: str, path: str, change: Callable[[ast.Module], ast.Module]) -> None:
        super().__init__(name, path)
        self._change = change

    def get_code(self, fullname: str) -> CodeType:
        """The module's code, with probes."""
        path = self.get_filename(fullname)
        tree = self._change(ast.parse(Path(path).read_bytes(), path))
        return compile(tree, path, "exec", dont_inherit=True)


def _module(file: str) -> str:
    return file.removeprefix(f"{PACKAGE.parent.as_posix()}/").removesuffix(".py").replace("/", ".")


def probed(tree: ast.Module, lines: Iterable[int], number: Callable[[int], int]) -> ast.Module:
    """The same program with probes: in every function, and before the statement that each line is of.

    A line of no function is run when the module is loaded, by no test; but a lambda on it gets its probe.
    """
    placing = _Placing(number)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for line in sorted(lines):
        placing.place(line, [of for of in functions if _spans(of, line)], tree)
    for function in functions:
        function.body.insert(_first(function), placing.call(function.lineno, function.body[0]))
    return ast.fix_missing_locations(tree)


class _Placing:
    """Puts probes in, each with the number that it is given."""

    def __init__(self, number: Callable[[int], int]) -> None:
        self._number = number

    def place(self, line: int, around: Sequence[ast.FunctionDef], tree: ast.Module) -> None:
        """A probe before the innermost statement of a line, or in the lambdas of a line that is of no function."""
        if not around:
            for node in ast.walk(tree):
                if isinstance(node, ast.Lambda) and _spans(node, line):
                    node.body = ast.BoolOp(ast.Or(), [self.call(line, node.body).value, node.body])
            return
        body, at = around[-1].body, _first(around[-1])
        inner: list[ast.stmt] | None = body
        while inner is not None:
            body, at = inner, next((n for n, of in enumerate(inner) if _spans(of, line)), at)
            inner = next((part for part in _bodies(body[at]) if any(_spans(of, line) for of in part)), None)
        body.insert(at, self.call(line, body[at]))

    def call(self, line: int, at: ast.AST) -> ast.Expr:
        """The call of a probe, as a statement that stands where another does."""
        called = ast.Call(ast.Name(_CALLED, ast.Load()), [ast.Constant(self._number(line))], [])
        return ast.copy_location(ast.Expr(ast.copy_location(called, at)), at)


def _first(function: ast.FunctionDef) -> int:
    """Where its first statement is; a docstring stays before it."""
    return 1 if ast.get_docstring(function, clean=False) is not None and len(function.body) > 1 else 0


def _spans(node: Any, line: int) -> bool:
    return bool(node.lineno <= line <= (node.end_lineno or node.lineno))


def _bodies(statement: ast.stmt) -> list[list[ast.stmt]]:
    """The lists of statements that a statement holds, but for those of a class or a function."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return []
    parts: Mapping[str, Any] = vars(statement)
    held = [parts[name] for name in ("body", "orelse", "finalbody") if parts.get(name)]
    return held + [of.body for of in (*parts.get("handlers", ()), *parts.get("cases", ()))]
