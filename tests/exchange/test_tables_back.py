"""Every format that entries go out in, read back by what reads foreign files: what comes back is what went out."""

import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from nippo_cli.base.formulas import defused, undefused
from nippo_cli.base.text import visible
from nippo_cli.exchange.source import Options, open_source
from nippo_cli.exchange.xes_text import XesEvent, XesTrace, packed, write as write_xes
from nippo_cli.render.draw import csv_text, json_text, workbook

COLUMNS = ("nippo_id", "nippo_hash", "on", "facts")
# Half a character stands in no file; a cell of blanks alone is an empty one to whoever reads it.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30).filter(lambda text: text == text.strip())
FORMULAS = st.builds(str.__add__, st.text(" '\t=+-@＝", max_size=3), TEXT).map(str.strip)
KEYS = (st.from_regex(r"[1-9][0-9]?", fullmatch=True), st.just("0AB1"), st.just("2026-11-23"))
ROWS = st.lists(st.tuples(*KEYS, TEXT | FORMULAS), min_size=1, max_size=4)
Row = Sequence[str]


def as_csv(rows: Iterable[Row]) -> bytes:
    """UTF-8 behind a mark."""
    return b"\xef\xbb\xbf" + "".join(csv_text.write(COLUMNS, rows)).encode()


def as_jsonl(rows: Iterable[Row]) -> bytes:
    """An object a line."""
    return "".join(json_text.write_lines(dict(zip(COLUMNS, row, strict=True)) for row in rows)).encode()


def as_xlsx(rows: Iterable[Row]) -> bytes:
    """A workbook."""
    return b"".join(
        workbook.write([workbook.Sheet("entries", "活動", COLUMNS, COLUMNS, rows)], workbook.AmountStyle(), print)
    )


def as_xes(rows: Iterable[Row]) -> bytes:
    """Packed."""
    events = [
        XesEvent("引合", "2026-11-23T00:00:00.000+09:00", "佐藤", dict(zip(COLUMNS, row, strict=True))) for row in rows
    ]
    return b"".join(packed(write_xes([XesTrace("機械", events)])))


def shown(text: str) -> str:
    """What tables and workbooks hold: marks in place of what would steer a terminal."""
    return visible(text, multiline=True)


def exact(text: str) -> str:
    """All of it."""
    return text


def legal(text: str) -> str:
    """What XML can hold; the rest is marks."""
    return "".join(c if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff") else visible(c) for c in text)


@pytest.mark.parametrize(
    ("ending", "written", "holds"),
    [("csv", as_csv, shown), ("jsonl", as_jsonl, exact), ("xlsx", as_xlsx, shown), ("xes.gz", as_xes, legal)],
)
@given(rows=ROWS)
def test_what_went_out_comes_back(
    ending: str, written: Callable[[Iterable[Row]], bytes], holds: Callable[[str], str], rows: list[tuple[str, ...]]
):
    """Cell by cell, under the names of the columns."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"out.{ending}"
        file.write_bytes(written(rows))
        source = open_source(file, Options())
        at = [source.columns.index(name) if name in source.columns else None for name in COLUMNS]
        back = [[row[n] if n is not None else "" for n in at] for batch in source.batches() for row in batch.rows]
    if ending == "csv":
        back = [[undefused(cell) for cell in row] for row in back]
    lines = [[holds(cell) for cell in row] for row in rows]
    assert [[_ends(cell) for cell in row] for row in back] == [[_ends(cell) for cell in row] for row in lines]


def _ends(cell: str) -> str:
    """Line ends are one sort of line end to whoever reads a table; blanks at the end of a cell say nothing."""
    return cell.replace("\r\n", "\n").replace("\r", "\n").strip()


@given(TEXT | FORMULAS | st.text())
def test_what_is_defused_comes_back(text: str):
    """And no spreadsheet takes it for a formula."""
    cell = defused(text)
    assert undefused(cell) == text
    assert not cell.lstrip().startswith(tuple("=+-@＝＋－＠"))
