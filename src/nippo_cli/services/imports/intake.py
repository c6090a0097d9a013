"""The rows of an import on their way to the writer: read, judged and made ready, in a second process where it pays."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.worker import Parent, Worker, working_beside
from nippo_cli.exchange.drafts import (
    AllTaken,
    Import,
    OtherCustomersRow,
    Rejected,
    Skipped,
    Taken,
    draft_batches,
)
from nippo_cli.exchange.keyed_rows import Known, OfJournal
from nippo_cli.exchange.source import Options, Source, format_of
from nippo_cli.journal.derive import build_in_worker
from nippo_cli.journal.log import canonical
from nippo_cli.journal.write import Row, row_maker

# A smaller file is read before a second Python has started.
_WORTH_BYTES = 2 << 20

# A row of the file that can be taken: its line, its entries, and its cells as read, where they may be asked for.
Ready: TypeAlias = tuple[int, tuple[Row, ...], tuple[str, ...]]
Result: TypeAlias = Ready | OtherCustomersRow | Skipped | Rejected
# Some rows of the file: as what they become; or nothing but their entries, where each is taken as one.
Batch: TypeAlias = "list[Result] | tuple[Row, ...]"


class Intake(NamedTuple):
    """What is read, and how. `cells`: whether the cells of rows that can be taken may be asked for."""

    source: Source
    how: Import
    cells: bool


class TakenIn(NamedTuple):
    """The rows of a file, some at a time and in its order, as what they become; and the second process that reads them,
    if there is one, which does `build_in_worker` once they are all read."""

    batches: Iterable[Batch]
    second: Worker | None


@contextmanager
def reader_beside(path: Path, options: Options) -> Iterator[Worker | None]:
    """A second process to read the file at `path`, where it pays: it starts while the first still looks at the file."""
    # Only CSV is read on the way: the other formats stand in memory already.
    # os.path answers no where a path leads nowhere at all; pathlib raises.
    csv = format_of(path, options) == "csv" and os.path.isfile(path)  # noqa: PTH113
    if csv and path.stat().st_size >= _WORTH_BYTES:
        with working_beside(_read) as second:
            yield second
    else:
        yield None


def taken_in(intake: Intake, second: Worker | None) -> TakenIn:
    """A file, read by the second process if there is one; the same in one process as in two."""
    if second is None or not second.started():
        return TakenIn(ready(intake), None)
    of_journal = intake.how.of_journal
    second.send((_asking(intake, None), of_journal is not None))
    return TakenIn(_heard(second, of_journal), second)


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


def _read(first: Parent) -> None:
    """What the second process does: it is told what to read, and whether there are deals to ask about. It says batches
    of rows, then None; between them names of deals, to be told what the journal has of them. Only the first process has
    the journal open. Then it folds, if it is told to."""
    intake, asks = first.receive()

    def of_journal(deal: str) -> OfJournal | None:
        first.send(deal)
        said: OfJournal | None = first.receive()
        return said

    for results in ready(_asking(intake, of_journal if asks else None)):
        first.send(results)
    first.send(None)
    build_in_worker(first, intake.how.agreement)


def _heard(second: Worker, of_journal: Known | None) -> Iterator[Batch]:
    """What the second process says, its questions answered."""
    while (said := second.receive()) is not None:
        if isinstance(said, str):
            second.send(of_journal(said) if of_journal else None)
        else:
            yield said


def _asking(intake: Intake, of_journal: Known | None) -> Intake:
    return intake._replace(how=replace(intake.how, of_journal=of_journal))
