"""`nippo export -o`: every entry in a row."""

from typing import TYPE_CHECKING

from nippo_cli.render.draw import Column, LazyRows, Page, Renderer, Table
from nippo_cli.results.exported import EntryTable

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen


def page(result: EntryTable, _screen: "Screen") -> Page:
    """The table."""
    columns = [Column(key, result.heads[key], right=key in result.money) for key in result.columns]
    return Page([Table(columns, LazyRows(lambda row: [str(cell) for cell in row], result.rows))])


def to_json(result: EntryTable) -> dict[str, object]:
    """The entries by their columns; what an entry does not say is left empty, and amounts are numbers."""
    return {"entries": LazyRows(lambda row: dict(zip(result.columns, row, strict=True)), result.rows)}


RENDERER = Renderer(
    EntryTable,
    page=page,
    to_json=to_json,
    rows="entries",
    columns=lambda result: result.columns,
    money=lambda result: result.money,
    heads=lambda result: result.heads,
)
