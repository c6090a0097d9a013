"""A table of shares or counts as a heat map: a row a line, a column a month or an age, darker where there is more."""

from collections.abc import Sequence
from typing import Literal

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.language import t
from nippo_cli.render.draw import Cell, Column, Picture, Run, Span, Table
from nippo_cli.render.draw.marks import AxisTick, BarMark, DotMark, PictureAxis, PictureMark, PictureRow


class HeatCell(NamedTuple):
    """How dark a cell is (0 to 1), its number, and whether it is marked as too little or too much; an empty number is no cell. In the table
    of the numbers it leads where it does."""

    shade: float
    figure: Cell
    mark: Literal["", "above", "below"] = ""

    @property
    def number(self) -> str:
        """What is said, wherever it leads."""
        return _text(self.figure)


class HeatRow(NamedTuple):
    """A row by its name, with what stands at its end."""

    label: str
    cells: Sequence[HeatCell]
    note: Cell = ""


def heat_map(
    title: str,
    rows: Sequence[HeatRow],
    columns: Sequence[str],
    *,
    label: str,
    note: str = "",
    drawn: Sequence[Run] = (),
) -> Picture:
    """The picture with all its numbers as a table.

    Args:
        columns: what each is called.
        label: what the rows are.
        note: what stands at the rows' ends; empty where nothing does.
        drawn: the same in letters.
    """
    marks: list[PictureMark] = [
        BarMark(at, column, column + 1, "first", cell.number, f"{row.label} {columns[column]}: {cell.number}", (0.04, 0.96), cell.shade)
        for at, row in enumerate(rows)
        for column, cell in enumerate(row.cells)
        if cell.number
    ]  # fmt: skip
    marks += [
        DotMark(column + 0.86, at + 0.24, cell.mark)
        for at, row in enumerate(rows)
        for column, cell in enumerate(row.cells)
        if cell.mark
    ]
    ticks = [AxisTick(n + 0.5, column) for n, column in enumerate(columns)]
    heads = [Column("row", label), *(Column(f"c{n}", column, right=True) for n, column in enumerate(columns))]
    if note:
        heads.append(Column("note", note, right=True))
    cells: list[list[Cell]] = [[row.label, *_padded(row, len(columns)), *([row.note] if note else [])] for row in rows]
    said = [
        f"{row.label}: {t('show.comma').join(cell.number + _MARKS[cell.mark] for cell in row.cells if cell.number)}"
        for row in rows
    ]
    return Picture(
        title, "\n".join(said), PictureAxis(0, len(columns), ticks, note, grid=False), marks,
        [PictureRow(row.label, _text(row.note)) for row in rows], table=Table(heads, cells), drawn=drawn,
    )  # fmt: skip


def _text(of: Cell) -> str:
    return of.text if isinstance(of, Span) else of


def _padded(row: HeatRow, columns: int) -> list[Cell]:
    return [*map(_marked, row.cells), *[""] * (columns - len(row.cells))]


def _marked(of: HeatCell) -> Cell:
    said = of.number + _MARKS[of.mark]
    return of.figure._replace(text=said) if isinstance(of.figure, Span) else said


_MARKS = {"": "", "above": "▲", "below": "▼"}
