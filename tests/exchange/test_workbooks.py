"""Workbooks as Excel, openpyxl and XlsxWriter write them; event logs; what is no table is named with what to do."""

import gzip
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import pytest

from nippo_cli.exchange.source import FOUND_OUT, Options, SourceRefused, open_source

pytest.importorskip("python_calamine", reason="reads workbooks")
openpyxl = pytest.importorskip("openpyxl", reason="writes the workbooks")

LOG = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
<trace><string key="concept:name" value="案件1"/><event><string key="concept:name" value="引合い"/>
<date key="time:timestamp" value="2026-01-05T09:00:00.000+09:00"/></event>
<event><string key="concept:name" value="見積"/><date key="time:timestamp" value="2026-01-09T09:00:00.000+09:00"/></event></trace>
<trace><string key="concept:name" value="案件2"/><event><string key="concept:name" value="引合い"/>
<string key="org:resource" value="山田"/><date key="time:timestamp" value="2026-01-06T09:00:00.000+09:00"/></event></trace>
</log>"""


def rows_of(path: Path, options: Options = FOUND_OUT) -> tuple[tuple[str, ...], list[tuple[int, list[str]]]]:
    """The columns of a file, and its rows with their lines."""
    source = open_source(path, options)
    return tuple(source.columns), [
        (line, list(cells)) for batch in source.batches() for line, cells in zip(batch.lines, batch.rows, strict=True)
    ]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """As people keep one: a summary, a table below a title with an empty first column, a merged cell, a hidden row and sheet."""
    made = openpyxl.Workbook()
    made.active.title = "表紙"
    made.active["A1"] = "営業部"
    table = made.create_sheet("案件")
    table["B1"] = "2025年度 案件一覧"
    table["B4"], table["C4"], table["D4"], table["E4"], table["F4"] = "会社", "品名", "金額", "受注日", "時刻"
    table.append([None, "甲社", "A機", 1234567, date(2025, 4, 1), time(9, 5)])
    table.append([None, None, "B機", 0.1, datetime.fromisoformat("2025-04-02T10:30:00"), None])
    table.append([None, "乙社", "C機", "=1+1", "2025/4/3", None])
    table.merge_cells("B5:B6")
    table.row_dimensions[6].hidden = True
    made.create_sheet("旧").sheet_state = "hidden"
    path = tmp_path / "案件.xlsx"
    made.save(path)
    return path


def test_the_sheet_that_looks_like_a_table_is_read_below_its_title(book: Path):
    """Numbers and days as text, a merged cell said again; a formula that no program has reckoned is empty."""
    columns, rows = rows_of(book)
    assert columns == ("会社", "品名", "金額", "受注日", "時刻")
    assert rows == [
        (5, ["甲社", "A機", "1234567", "2025-04-01", "09:05:00"]),
        (6, ["甲社", "B機", "0.1", "2025-04-02 10:30:00", ""]),
        (7, ["乙社", "C機", "", "2025/4/3", ""]),
    ]


def test_a_table_that_begins_below_has_its_own_lines_and_merged_cells(tmp_path: Path):
    """Nothing stands in the first three rows and the first column; lines are Excel's."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet["B4"], sheet["C4"] = "会社", "品名"
    sheet["B5"], sheet["C5"], sheet["C6"], sheet["B7"], sheet["C7"] = "甲社", "A機", "B機", "乙社", "C機"
    sheet.merge_cells("B5:B6")
    made.save(tmp_path / "low.xlsx")
    assert rows_of(tmp_path / "low.xlsx") == (
        ("会社", "品名"), [(5, ["甲社", "A機"]), (6, ["甲社", "B機"]), (7, ["乙社", "C機"])],
    )  # fmt: skip


def test_an_amount_merged_over_rows_is_taken_once_and_told(tmp_path: Path):
    """Two deals of one customer share it: a million is not two; the customer is that of both."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append(["会社", "品名", "受注金額（円）"])
    sheet.append(["甲社", "A機", 1_000_000])
    sheet.append([None, "B機", None])
    sheet.append(["乙社", "C機", 5])
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("C2:C3")
    made.save(tmp_path / "sum.xlsx")
    _, rows = rows_of(tmp_path / "sum.xlsx")
    assert rows == [(2, ["甲社", "A機", "1000000"]), (3, ["甲社", "B機", ""]), (4, ["乙社", "C機", "5"])]
    assert open_source(tmp_path / "sum.xlsx", FOUND_OUT).sheet.merged_amounts == 1


def test_what_is_hidden_or_not_read_is_told(book: Path):
    """The other sheets by name, the table's hidden rows by their number."""
    place = open_source(book, Options()).sheet
    assert (place.name, place.visible, place.hidden, place.hidden_rows) == ("案件", ("表紙",), ("旧",), 1)


def test_a_sheet_is_chosen_by_its_name_and_a_wrong_one_is_told_which_there_are(book: Path):
    """Names are whole."""
    with pytest.raises(SourceRefused) as refused:
        open_source(book, Options(sheet="案"))
    assert refused.value.message.params["sheets"] == ("表紙", "案件", "旧")
    assert open_source(book, Options(sheet="表紙")).columns == ("営業部",)


def test_days_of_either_date_system_are_the_same(tmp_path: Path):
    """XlsxWriter writes the days of old Macs, too: a number that is 1,462 less."""
    xlsxwriter = pytest.importorskip("xlsxwriter", reason="writes the workbook")
    for old_mac in (False, True):
        path = tmp_path / f"{old_mac}.xlsx"
        with xlsxwriter.Workbook(path, {"date_1904": old_mac}) as made:
            sheet = made.add_worksheet()
            sheet.write_row(0, 0, ["日付", "会社"])
            sheet.write_datetime(
                1, 0, datetime.fromisoformat("2026-11-20T00:00:00"), made.add_format({"num_format": "yyyy/mm/dd"})
            )
            sheet.write(1, 1, "甲社")
        assert rows_of(path)[1] == [(2, ["2026-11-20", "甲社"])]


def test_events_of_a_log_are_rows_packed_or_not(tmp_path: Path):
    """What a trace says is said of each of its events."""
    plain, packed = tmp_path / "log.xes", tmp_path / "log.xes.gz"
    plain.write_text(LOG, encoding="utf-8")
    packed.write_bytes(gzip.compress(LOG.encode(), mtime=0))
    columns, rows = rows_of(plain)
    assert columns == ("case:concept:name", "concept:name", "time:timestamp", "org:resource")
    assert [cells[:2] for _, cells in rows] == [["案件1", "引合い"], ["案件1", "見積"], ["案件2", "引合い"]]
    assert rows_of(packed) == (columns, rows)


@pytest.mark.filterwarnings("ignore:Install the optional requirement")
def test_a_log_of_another_program_is_read(tmp_path: Path):
    """pm4py writes two cases of three events."""
    pm4py = pytest.importorskip("pm4py", reason="writes the log")
    import pandas as pd

    frame = pd.DataFrame(
        {
            "case:concept:name": ["1", "1", "2"],
            "concept:name": ["引合い", "受注", "引合い"],
            "time:timestamp": pd.to_datetime(["2026-01-05", "2026-02-05", "2026-01-06"], utc=True),
        }
    )
    pm4py.write_xes(frame, str(tmp_path / "log.xes"), case_id_key="case:concept:name")
    columns, rows = rows_of(tmp_path / "log.xes")
    at = columns.index("concept:name")
    assert [cells[at] for _, cells in rows] == ["引合い", "受注", "引合い"]


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "exchange.no_text.xls"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le"), "exchange.no_text.locked"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "WordDocument".encode("utf-16-le"), "exchange.no_text.docx"),
        ("a.pdf", b"%PDF-1.7", "exchange.no_text.pdf"),
        ("a.xlsx", b"<html><table>", "exchange.no_text.html"),
        ("a.xlsx", b"a,b\n1,2\n", "exchange.no_workbook"),
        ("a.xlsx", b"", "exchange.empty"),
        ("a.xlsx", b"PK\x03\x04 cut short", "exchange.no_text.cut"),
        ("a.xes", b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><log/>", "exchange.no_xes"),
        ("a.xes", b"<html/>", "exchange.no_xes"),
        ("a.xes", b"<log><trace><event>", "exchange.broken_xes"),
        ("a.xes.gz", gzip.compress(LOG.encode(), mtime=0)[:60], "exchange.broken_xes"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_named(tmp_path: Path, name: str, content: bytes, key: str):
    """By what it holds, whatever its name."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceRefused) as refused:
        rows_of(tmp_path / name)
    assert refused.value.message.key == key


@pytest.mark.parametrize(
    ("inside", "kind"), [("word/document.xml", "docx"), ("Index/Document.iwa", "numbers"), ("content.xml", "ods")]
)
def test_other_packed_documents_are_named(tmp_path: Path, inside: str, kind: str):
    """By the parts of the zip."""
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(inside, "x")
    with pytest.raises(SourceRefused) as refused:
        open_source(path, Options())
    assert refused.value.message.key == f"exchange.no_text.{kind}"


def test_a_workbook_that_unpacks_beyond_measure_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch):
    """The limit is set to 1 MiB here; the sheet of blanks unpacks to two."""
    monkeypatch.setattr("nippo_cli.exchange.xlsx_file._LARGEST_MIB", 1)
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", " " * (2 << 20))
    with pytest.raises(SourceRefused) as refused:
        open_source(path, Options())
    assert refused.value.message.key == "exchange.packed_too_much"


def test_a_workbook_cut_short_is_refused(book: Path):
    """Its first half is a zip without its end."""
    content = book.read_bytes()
    book.write_bytes(content[: len(content) // 2])
    with pytest.raises(SourceRefused):
        open_source(book, Options())
