"""The columns of an import, read many rows at a time. What a cell reads as is remembered by its text."""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from nippo_cli.exchange.judging import Cells, ReadCell, cell_of
from nippo_cli.exchange.mapping import ColumnRef
from nippo_cli.schema.schema import Field
from nippo_cli.schema.types import ValueRefused

# What stands for a cell that can't be read; nothing else is it.
WRONG: Any = object()
_REMEMBERED = 20_000

Write: TypeAlias = Callable[[Any], str]
CellColumns: TypeAlias = Sequence[Sequence[str]]


class CellColumn(dict[str, Any]):
    """What cells read as, by their texts; forgotten when they become too many. `wrong`: one could not be read."""

    def __init__(self, pick: ColumnRef, places: Mapping[str, int], read: ReadCell) -> None:
        super().__init__()
        self.wrong = False
        self._read = read
        self._constant = pick.constant
        self._at = places[pick.columns[0]] if pick.constant is None and len(pick.columns) == 1 else None
        self._cell = cell_of(pick, places)

    def __missing__(self, cell: str) -> Any:
        try:
            value = self[cell] = self._read(cell)
        except ValueRefused:
            self.wrong = True
            return WRONG
        return value

    def of(self, rows: Sequence[Cells], columns: CellColumns) -> list[Any]:
        """What each row's cell reads as, or `WRONG`. `columns` are the rows turned on their side."""
        self._begin()
        if self._constant is not None:
            return [self[self._constant]] * len(rows)
        return list(map(self.__getitem__, self._cells(rows, columns)))

    def _begin(self) -> None:
        self.wrong = False
        if len(self) > _REMEMBERED:
            self.clear()

    def _cells(self, rows: Sequence[Cells], columns: CellColumns) -> Sequence[str]:
        return columns[self._at] if self._at is not None else list(map(self._cell, rows))


class NameColumn(CellColumn):
    """A column of names, of which there may be very many: stripped, not remembered."""

    def of(self, rows: Sequence[Cells], columns: CellColumns) -> list[Any]:
        """Each row's name; "" where it is blank."""
        if self._at is None:
            return super().of(rows, columns)
        self.wrong = False
        names = list(map(str.strip, columns[self._at]))
        whole = "".join(names)
        return super().of(rows, columns) if "\n" in whole or "\r" in whole else names


class Values(CellColumn):
    """A field's column: its values, and with each its part of the text that the log keeps, `"key":value`."""

    def __init__(self, field: Field, pick: ColumnRef, places: Mapping[str, int], read: ReadCell, write: Write) -> None:
        super().__init__(pick, places, read)
        self.key = field.key
        self._named = f"{write(field.key)}:"
        self._write = write
        self._texts: dict[str, str] = {}

    def __missing__(self, cell: str) -> Any:
        value = super().__missing__(cell)
        if value is not WRONG:
            self._texts[cell] = self.text(value)
        return value

    def text(self, value: Any) -> str:
        """A value's part of the text; "" for none."""
        return "" if value is None else f"{self._named}{self._write(value)}"

    def both(self, rows: Sequence[Cells], columns: CellColumns) -> tuple[list[Any], list[str]]:
        """Each row's value, None where it has none or `WRONG`; and each one's text."""
        self._begin()
        if self._constant is not None:
            value = self[self._constant]
            return [value] * len(rows), [self.text(value)] * len(rows)
        cells = self._cells(rows, columns)
        # A cell that can't be read has no text, and needs none.
        return list(map(self.__getitem__, cells)), list(map(self._texts.get, cells))  # type: ignore[arg-type]

    def clear(self) -> None:
        """Forget all that was read."""
        super().clear()
        self._texts.clear()


class Words(Values):
    """A column of free text, which seldom says the same twice: not remembered where it does not, and looked at only if
    any of it may be too short or too long."""

    def __init__(self, field: Field, pick: ColumnRef, places: Mapping[str, int], read: ReadCell, write: Write) -> None:
        super().__init__(field, pick, places, read, write)
        self._least, self._most = field.least or 0, field.most if field.most is not None else sys.maxsize

    def both(self, rows: Sequence[Cells], columns: CellColumns) -> tuple[list[Any], list[str]]:
        """Each row's text as it is, None where it is blank; and as it is written."""
        if self._at is None or not self._passes(columns[self._at]):
            return super().both(rows, columns)
        self.wrong = False
        named, write = self._named, self._write
        values = [None if not cell or cell.isspace() else cell for cell in columns[self._at]]
        return values, ["" if value is None else f"{named}{write(value)}" for value in values]

    def _passes(self, cells: Sequence[str]) -> bool:
        """Whether most are different, and none that says anything is too short or too long."""
        different = set(cells)
        if len(different) * 2 < len(cells):
            return False
        sizes = [len(cell) for cell in different if cell]
        return min(sizes, default=self._least) >= self._least and max(sizes, default=0) <= self._most
