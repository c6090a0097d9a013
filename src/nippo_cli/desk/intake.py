"""The rows of an import on their way to the writer: read, judged and made ready, in a second process where it pays."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

from nippo_cli.aside import Aside, First, aside
from nippo_cli.exchange.drafts import AllTaken, Import, Rejected, Skipped, Taken, draft_batches
from nippo_cli.exchange.source import Source
from nippo_cli.exchange.standing import Known
from nippo_cli.frozen import NamedTuple
from nippo_cli.journal.folding import fold_aside
from nippo_cli.journal.record import canonical
from nippo_cli.journal.rows import Row, row_maker

# A smaller file is read before a second Python has started.
_WORTH_BYTES = 2 << 20

# A row of the file that can be taken: its line, its entries, and its cells as read, where they may be asked for.
Ready: TypeAlias = tuple[int, tuple[Row, ...], tuple[str, ...]]
Result: TypeAlias = Ready | Skipped | Rejected
# Some rows of the file: as what they become; or nothing but their entries, where each is taken as one.
Batch: TypeAlias = "list[Result] | tuple[Row, ...]"


class Intake(NamedTuple):
    """What is read, and how. `cells`: whether the cells of rows that can be taken may be asked for."""

    source: Source
    how: Import
    cells: bool


class TakenIn(NamedTuple):
    """The rows of a file, some at a time and in its order, as what they become; and the second process that reads them,
    if there is one, which does `fold_aside` once they are all read."""

    batches: Iterable[Batch]
    second: Aside | None


@contextmanager
def taking_in(path: Path, intake: Intake) -> Iterator[TakenIn]:
    """The file at `path`; the same in one process as in two."""
    # Only CSV is read on the way: the other formats stand in memory already.
    if not intake.source.delimiter or path.stat().st_size < _WORTH_BYTES:
        yield TakenIn(ready(intake), None)
        return
    of_journal = intake.how.of_journal
    with aside(_read, _asking(intake, None), of_journal is not None) as second:
        yield TakenIn(ready(intake) if second is None else _heard(second, of_journal), second)


def ready(intake: Intake) -> Iterator[Batch]:
    """Rows read and judged, and their entries made ready."""
    how = replace(intake.how, write=canonical, make=row_maker(intake.how.agreement))
    for batch in draft_batches(intake.source, how):
        if isinstance(batch, AllTaken) and not intake.cells:
            yield tuple(batch.drafts)
            continue
        results = batch.each() if isinstance(batch, AllTaken) else batch
        yield [
            (result.line, result.drafts, tuple(result.cells) if intake.cells else ())
            if isinstance(result, Taken)
            else result
            for result in results
        ]


def _read(first: First, intake: Intake, asks: bool) -> None:  # noqa: FBT001  handed over by position
    """What the second process does: it says batches of rows, then None; between them names of deals, to be told what
    the journal has of them. Only the first process has the journal open. Then it helps to fold, if it is asked to."""

    def of_journal(deal: str) -> Mapping[str, Any]:
        first.say(deal)
        said: Mapping[str, Any] = first.hear()
        return said

    for results in ready(_asking(intake, of_journal if asks else None)):
        first.say(results)
    first.say(None)
    fold_aside(first, intake.how.agreement)


def _heard(second: Aside, of_journal: Known | None) -> Iterator[Batch]:
    """What the second process says, its questions answered."""
    while (said := second.hear()) is not None:
        if isinstance(said, str):
            second.say(of_journal(said) if of_journal else {})
        else:
            yield said


def _asking(intake: Intake, of_journal: Known | None) -> Intake:
    return intake._replace(how=replace(intake.how, of_journal=of_journal))
