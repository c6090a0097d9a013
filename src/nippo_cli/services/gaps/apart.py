"""The gaps that look at history rather than at live deals, answered by a second process where a journal is large.

Why: docs/decisions/0008-second-process.md
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from nippo_cli.line.facts import AsOf
from nippo_cli.results.gap import GapPage
from nippo_cli.services.context import GapQuery

if TYPE_CHECKING:
    from nippo_cli.base.worker import Parent, Worker

# None of them says anything of a live deal, and together they take as long as all the others.
APART = ("aftercare", "activity")
# The page of a smaller journal is there before a second Python has done its part.
_WORTH_BYTES = 256 << 20
# Somebody waits to write, and the first process would wait for the second, which waits for them.
_PATIENCE_MS = 100

Pages: TypeAlias = Mapping[str, GapPage]


@contextmanager
def apart(path: Path, day: AsOf, asked: GapQuery, limit: int) -> Iterator[Callable[[], Pages]]:
    """While the block runs, a second process makes the pages of `APART`; they are given by the call, or none where there
    is no such process.

    The caller reads the journal at `path` throughout, so nobody writes to it meanwhile: both see the same one.

    Args:
        limit: rows a kind (0: all).
    """
    if path.stat().st_size < _WORTH_BYTES:
        yield dict
        return
    from nippo_cli.base.worker import working_beside

    with working_beside(_answer, path, day, asked, limit) as second:
        yield lambda: _heard(second)


def _heard(second: "Worker | None") -> Pages:
    from nippo_cli.base.errors import NippoError

    try:
        pages: Pages = second.hear() if second is not None else {}
    except NippoError:
        # Killed, or it found no way to the journal: what it was to answer is asked here.
        return {}
    return pages


def _answer(first: "Parent", path: Path, day: AsOf, asked: GapQuery, limit: int) -> None:
    from nippo_cli.gaps import module_of
    from nippo_cli.journal.read import reading
    from nippo_cli.services.gaps.kind import answered, gap_facts

    with reading(path, patience_ms=_PATIENCE_MS) as reader:
        facts = gap_facts(reader, day, asked)
        first.say({kind: answered(kind, module_of(kind), facts, limit) for kind in APART})
