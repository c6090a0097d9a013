"""Files that are broken or meant to do harm, without a map: each a clear answer, and nothing half written."""

import os
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from shell import Shell

HEAD = "日付,会社,案件名,内容\n"
ROW = "2026/11/20,甲社,A機,打合せ\n"


def huge_cell(path: Path) -> None:
    """10 MB in a cell."""
    path.write_text(HEAD + ROW + f"2026/11/21,乙社,B機,{'あ' * 3_400_000}\n", encoding="utf-8")


def many_columns(path: Path) -> None:
    """2,000 of them."""
    names = ",".join(f"列{n}" for n in range(2000))
    path.write_text(f"日付,会社,案件名,内容,{names}\n2026/11/20,甲社,A機,打合せ,{',' * 1999}\n", encoding="utf-8")


def nuls(path: Path) -> None:
    """In a cell."""
    path.write_bytes((HEAD + ROW).encode() + "2026/11/21,乙\0社,B機,x\n".encode())


def two_encodings(path: Path) -> None:
    """UTF-8, then CP932."""
    path.write_bytes((HEAD + ROW).encode() + "2026/11/21,乙社,B機,表示\n".encode("cp932"))


def open_quote(path: Path) -> None:
    """Cut in the middle of a cell."""
    path.write_text(HEAD + ROW + '2026/11/21,乙社,B機,"ここで切れ', encoding="utf-8")


def external_entity(path: Path) -> None:
    """A log of events that would read another file."""
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/hostname">]><log><trace><event>'
        '<string key="concept:name" value="&x;"/></event></trace></log>',
        encoding="utf-8",
    )


def merged_ranges(path: Path) -> None:
    """200,000 ranges over two cells each."""
    head = zip("ABC", ("日付", "会社", "内容"), strict=True)
    cells = "".join(f'<c r="{column}1" t="inlineStr"><is><t>{name}</t></is></c>' for column, name in head)
    rows = f'<row r="1">{cells}</row><row r="2"><c r="A2"><v>46346</v></c></row>'
    ranges = "".join(f'<mergeCell ref="B{n}:C{n}"/>' for n in range(2, 200_002))
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with ZipFile(path, "w", ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr(
            "xl/workbook.xml",
            f'<workbook {space} xmlns:r="{links}"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        packed.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{links}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        sheet = f"<sheetData>{rows}</sheetData><mergeCells>{ranges}</mergeCells>"
        packed.writestr("xl/worksheets/sheet1.xml", f"<worksheet {space}>{sheet}</worksheet>")


def folder(path: Path) -> None:
    """No file at all."""
    path.mkdir()


def pipe(path: Path) -> None:
    """Into which nobody writes."""
    if not hasattr(os, "mkfifo"):
        pytest.skip("there are no named pipes here")
    os.mkfifo(path)


def nothing(path: Path) -> None:
    """An empty file."""
    path.touch()


@pytest.mark.parametrize(
    ("name", "make", "codes"),
    [
        ("a.csv", huge_cell, {3}), ("a.csv", many_columns, {0}), ("a.csv", nuls, {3}), ("a.csv", two_encodings, {2}),
        ("a.csv", open_quote, {3}), ("a.xes", external_entity, {2}), ("a.xlsx", merged_ranges, {0, 2, 3}), ("a.csv", folder, {2}),
        ("a.csv", pipe, {2}), ("a.csv", nothing, {2}), ("a.xlsx", nothing, {2}), ("a.ics", folder, {2}), ("a.ics", nothing, {2}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("command", [("import",), ("sales", "import")])
def test_each_is_answered_and_nothing_is_half_written(
    nippo: Shell, tmp_path: Path, command: tuple[str, ...], name: str, make: Callable[[Path], None], codes: set[int]
):
    """A diary takes what can be taken, or refuses all of it; a ledger lacks its columns besides."""
    if command[0] == "sales" and name == "a.ics":
        pytest.skip("a calendar holds no sales")
    make(tmp_path / name)
    answer = nippo(*command, name, "--yes")
    assert answer.code in (codes if command == ("import",) else codes | {2})
    assert "予期しない" not in answer.err
    assert answer.code == 0 or answer.err or "中止" in answer.out
    assert answer.code == 0 or not nippo.db.exists()
