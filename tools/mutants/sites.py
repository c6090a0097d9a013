"""Where a fault may be put in, a sample of these places, and how a mutant is known again."""

import ast
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import MutationVisitor

from mutants.operators import operators

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGE: Final = Path("src/nippo_cli")
# Which places are in the sample, and how many: nearly all that can be looked through by a person.
SEED: Final = 20261129
SAMPLE: Final = 600
# The rooms whose faults are wrong figures, not wrong words.
ROOMS: Final = ("line", "gaps", "lessons", "journal/asof", "journal/derive", "base/dates", "base/money.py")


class Site(NamedTuple):
    """A place in a file (line and column), and what may be done there: an operator, and the how manieth of its places
    in this file it is."""

    file: str
    line: int
    column: int
    ways: tuple[tuple[str, int], ...]


class Mutant(NamedTuple):
    """One fault: `before` and `after` are the lines that it changes, without their indentation."""

    file: str
    line: int
    operator: str
    before: str
    after: str
    source: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it is known again by when lines move."""
        return self.file, self.operator, self.before, self.after

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.operator}\n    {self.before}\n    {self.after}"


def files() -> list[str]:
    """The files that are mutated, from the root of the tree."""
    found: list[Path] = []
    for room in ROOMS:
        path = ROOT / PACKAGE / room
        found += [path] if path.is_file() else path.glob("*.py")
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


@cache
def sites(file: str) -> tuple[Site, ...]:
    """Every place of a file; what stands in annotations alone is none."""
    source = _source(file)
    asleep = _annotations(source)
    at: dict[tuple[int, int], list[tuple[str, int]]] = {}
    nodes = list(ast_nodes(get_ast(source)))
    for name, operator in operators().items():
        count = 0
        for node in nodes:
            for start, _ in operator.mutation_positions(node):
                if not _unpacks(node) and not any(first <= start <= last for first, last in asleep):
                    at.setdefault(start, []).append((name, count))
                count += 1
    return tuple(Site(file, line, column, tuple(ways)) for (line, column), ways in sorted(at.items()))


def _unpacks(node: Any) -> bool:
    """Whether a sign of multiplication unpacks: `{**one}`, which cosmic-ray takes for a power."""
    return node.type == "operator" and node.value in ("*", "**") and node.parent.type not in ("term", "power")


def sample(n: int, seed: int, of: int = SAMPLE, rooms: Sequence[str] = ROOMS) -> list[Mutant]:
    """So many mutants of the sample, which is always the same: each place of the rooms as likely in it as another, and of
    each one mutant at the most. A place is drawn by its file and its line's text, whatever else changes in the tree: so are
    those of a smaller sample.

    Args:
        seed: which of the sample, where fewer are asked for.
        of: how large the sample is.
        rooms: those of which mutants are wanted.
    """
    drawn = sorted((lot, site) for file in files() for lot, site in _lots(file, SEED))[:of]
    wanted = tuple(f"{PACKAGE.as_posix()}/{room}" for room in rooms)
    drawn = [(lot, site) for lot, site in drawn if site.file.startswith(wanted)]
    some = sorted(drawn, key=lambda one: sha256(f"{seed} {one[0]}".encode()).digest())[:n] if n < len(drawn) else drawn
    return [mutant(site, *site.ways[int(lot[:8], 16) % len(site.ways)]) for lot, site in some]


def _lots(file: str, seed: int) -> Iterator[tuple[str, Site]]:
    """Each place of a file with its lot, a hexadecimal number."""
    lines = _source(file).splitlines()
    twins: Counter[str] = Counter()
    for site in sites(file):
        place = f"{seed} {file} {site.column} {lines[site.line - 1]}"
        twins[place] += 1
        yield sha256(f"{place} {twins[place]}".encode()).hexdigest()[8:], site


def mutant(site: Site, name: str, occurrence: int) -> Mutant:
    """The mutant that an operator makes of a place."""
    source = _source(site.file)
    changed = MutationVisitor.mutate_code(source, operators()[name], occurrence)
    assert changed is not None, (site, name)
    before, after = _differing(source.splitlines(), changed.splitlines())
    return Mutant(site.file, site.line, name, before, after, changed)


def _differing(before: Sequence[str], after: Sequence[str]) -> tuple[str, str]:
    """The lines that differ, each side as one line."""
    head = next(
        (n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after))
    )
    tail = 0
    while tail < min(len(before), len(after)) - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    return _joined(before[head : len(before) - tail]), _joined(after[head : len(after) - tail])


def _joined(lines: Sequence[str]) -> str:
    return " ".join(" ".join(lines).split())


def _annotations(source: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """From where to where no fault can show: in annotations, aliases of types and imports for type checkers, which are
    never run; in how much is remembered; and in `strict=True`, which holds of every sound program."""
    return [
        ((node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0))
        for node in _asleep(ast.parse(source))
    ]


def _asleep(tree: ast.AST) -> Iterator[ast.expr | ast.stmt | ast.keyword]:
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign):
            yield node.annotation
            if isinstance(node.annotation, ast.Name) and node.annotation.id == "TypeAlias":
                yield node
        elif isinstance(node, ast.keyword) and node.arg in ("strict", "maxsize"):
            yield node
        elif isinstance(node, ast.arg) and node.annotation is not None:
            yield node.annotation
        elif isinstance(node, ast.FunctionDef) and node.returns is not None:
            yield node.returns
        elif isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            yield node.test
            yield from node.body
        elif (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id == "TYPE_CHECKING"
        ):
            yield node


@cache
def _source(file: str) -> str:
    return (ROOT / file).read_text(encoding="utf-8")
