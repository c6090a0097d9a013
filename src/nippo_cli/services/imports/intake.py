"""The rows of an import on their way to the writer: read, judged and made ready, in a second process where it pays."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.worker import Parent, Worker, working_beside
from nippo_cli.exchange.drafts import Import, RowOutcome, judge_rows
from nippo_cli.exchange.keyed_rows import FindKnown, OfJournal
from nippo_cli.exchange.source import Options, Source, format_of
from nippo_cli.journal.bulk import EntryRows, row_maker
from nippo_cli.journal.derive import build_in_worker
from nippo_cli.journal.log import canonical

# A smaller file is read before a second Python has started.
_WORTH_BYTES = 2 << 20


class ReadyRows(NamedTuple):
    """Some rows of the file, in its order: the entries of those that can be taken, row after row; and what becomes of each
    row, None where every one is taken as one entry and its cells are asked for by nobody; the lines of `short` ones."""

    entries: EntryRows
    outcomes: list[RowOutcome] | None
    short: Sequence[int] = ()


class Intake(NamedTuple):
    """What is read, and how."""

    source: Source
    how: Import


class TakenIn(NamedTuple):
    """The rows of a file, some at a time and in its order, as what they become; and the second process that reads them,
    if there is one, which does `build_in_worker` once they are all read."""

    batches: Iterable[ReadyRows]
    second: Worker | None


@contextmanager
def begin_reader(path: Path, options: Options) -> Iterator[Worker | None]:
    """A second process to read the file at `path`, where it pays: it starts while the first still looks at the file."""
    # Only CSV is read on the way: the other formats stand in memory already.
    # os.path answers no where a path leads nowhere at all; pathlib raises.
    csv = format_of(path, options) == "csv" and os.path.isfile(path)  # noqa: PTH113
    if csv and path.stat().st_size >= _WORTH_BYTES:
        with working_beside(_read) as second:
            yield second
    else:
        yield None


def take_in(intake: Intake, second: Worker | None) -> TakenIn:
    """A file, read by the second process if there is one; the same in one process as in two."""
    if second is None or not second.started():
        return TakenIn(ready_rows(intake), None)
    of_journal = intake.how.of_journal
    second.send((_asking(intake, None), of_journal is not None))
    return TakenIn(_heard(second, of_journal), second)


def ready_rows(intake: Intake) -> Iterator[ReadyRows]:
    """Rows read and judged, and their entries made ready."""
    make = row_maker(intake.how.schema)
    for judged in judge_rows(intake.source, replace(intake.how, write=canonical)):
        yield ReadyRows(make(judged.drafts), judged.outcomes, judged.short)


def _read(first: Parent) -> None:
    """What the second process does: it is told what to read, and whether there are deals to ask about. It says batches
    of rows, then None; between them names of deals, to be told what the journal has of them. Only the first process has
    the journal open. Then it builds histories, if it is told to."""
    intake, asks = first.receive()

    def of_journal(deal: str, key: str | None) -> Sequence[OfJournal]:
        first.send((deal, key))
        said: Sequence[OfJournal] = first.receive()
        return said

    for rows in ready_rows(_asking(intake, of_journal if asks else None)):
        first.send(rows)
    first.send(None)
    build_in_worker(first, intake.how.schema)


def _heard(second: Worker, of_journal: FindKnown | None) -> Iterator[ReadyRows]:
    """What the second process says, its questions answered."""
    while (said := second.receive()) is not None:
        if isinstance(said, ReadyRows):
            yield said
        else:
            second.send([_to_be_sent(one) for one in of_journal(*said)] if of_journal else ())


def _to_be_sent(deal: OfJournal) -> OfJournal:
    """The deal with the answer whose it ever was: who could be asked stays in this process."""
    return deal._replace(once_of=partial(frozenset, tuple(deal.once_of())))


def _asking(intake: Intake, of_journal: FindKnown | None) -> Intake:
    return intake._replace(how=replace(intake.how, of_journal=of_journal))
