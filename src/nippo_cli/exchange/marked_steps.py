"""Sheets that have a column for each step and a mark where a deal has reached it: the last step marked is where it stands."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from nippo_cli.exchange.recognition import header_key, stage_key, words
from nippo_cli.exchange.sampling import Sample
from nippo_cli.exchange.source import Batch, HeaderPlace, SheetPlace, Source
from nippo_cli.exchange.stage_matching import stage_of
from nippo_cli.schema.schema import Schema

# The column that says it, behind those of the file; its name is one of a stage.
LAST_MARKED: Final = "段階（○印）"
_REACHED: Final = frozenset("○〇◯●◎✓✔☑✅レ済1")
_NOT: Final = frozenset("×✕✗✖-－ー―△")
_LEAST_COLUMNS: Final = 2


def step_columns(sample: Sample, schema: Schema) -> tuple[str, ...]:
    """The columns that are called like stages and hold marks alone; none where another column says the stage."""
    if any(header_key(column) in words().columns["stage"] for column in sample.columns):
        return ()
    steps = [column for column in sample.columns if column and stage_of(column, schema)]
    marked = [one for one in steps if _REACHED.union(_NOT).issuperset(sample.values(one))]
    return tuple(marked) if sum(bool(sample.values(one)) for one in marked) >= _LEAST_COLUMNS else ()


class MarkedSteps:
    """A file with one more column, which says the last step that a row has a mark for."""

    def __init__(self, source: Source, steps: Sequence[str]) -> None:
        self._source = source
        self.columns: Sequence[str] = (*source.columns, LAST_MARKED)
        self.heading: HeaderPlace = source.heading
        self.sheet: SheetPlace = source.sheet
        self.encoding, self.delimiter, self.odd, self.sha256 = (
            source.encoding, source.delimiter, source.odd, source.sha256,
        )  # fmt: skip
        # A cross below what ends a deal badly says that it did; below a step, that it was not reached.
        self._marks: Mapping[int, tuple[str, frozenset[str]]] = {
            place: (column, _REACHED | _NOT - set("-－ー―△") if stage_key(column) in words().lost else _REACHED)
            for place, column in enumerate(source.columns)
            if column in steps
        }

    def batches(self) -> Iterator[Batch]:
        """The rows, some at a time."""
        for batch in self._source.batches():
            rows = [
                cells if place in batch.broken else [*cells, self._last(cells)]
                for place, cells in enumerate(batch.rows)
            ]
            yield batch._replace(rows=rows)

    def _last(self, cells: Sequence[str]) -> str:
        """The last step that a row has a mark for. The header on the next page says of it what it says above."""
        if tuple(cells) == tuple(self._source.columns):
            return LAST_MARKED
        marked = (step for place, (step, marks) in self._marks.items() if cells[place].strip() in marks)
        return next(reversed(list(marked)), "")


def with_marks(source: Source, steps: Sequence[str]) -> Source:
    """The file with the column of the last step marked; a file of rejected rows has it already."""
    return source if LAST_MARKED in source.columns else MarkedSteps(source, steps)
