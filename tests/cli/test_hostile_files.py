"""Files that are broken or meant to do harm, without a map: each a clear answer, and nothing half written."""

import gzip
import os
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from shell import Shell

from nippo_cli.exchange.sifting import says_total

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


SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def workbook(path: Path, rows: str, *, behind: str = "", before: str = "") -> None:
    """A workbook of one sheet: a header, these rows, what stands behind and before them in its XML."""
    head = zip("ABC", ("日付", "会社", "内容"), strict=True)
    cells = "".join(f'<c r="{column}1" t="inlineStr"><is><t>{name}</t></is></c>' for column, name in head)

    def relation(kind: str, target: str) -> str:
        one = f'<Relationship Id="rId1" Type="{LINKS}/{kind}" Target="{target}"/>'
        return f'<Relationships xmlns="{RELATIONS}">{one}</Relationships>'

    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("_rels/.rels", relation("officeDocument", "xl/workbook.xml"))
        packed.writestr(
            "xl/workbook.xml",
            f'<workbook {SPACE} xmlns:r="{LINKS}"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        packed.writestr("xl/_rels/workbook.xml.rels", relation("worksheet", "worksheets/sheet1.xml"))
        with packed.open("xl/worksheets/sheet1.xml", "w") as out:
            out.write(f'{before}<worksheet {SPACE}><sheetData><row r="1">{cells}</row>{rows}</sheetData>'.encode())
            out.write(f"{behind}</worksheet>".encode())


MEETING = '<row r="2"><c r="A2"><v>46346</v></c><c r="B2" t="inlineStr"><is><t>甲社</t></is></c></row>'


def merged_ranges(path: Path) -> None:
    """A million ranges over two cells each."""
    ranges = "".join(f'<mergeCell ref="B{n}:C{n}"/>' for n in range(2, 1_000_002))
    workbook(path, MEETING, behind=f"<mergeCells>{ranges}</mergeCells>")


def far_out(path: Path) -> None:
    """A cell in the last row of the last column there may be: seventeen thousand million cells lie between."""
    workbook(path, MEETING + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


def zip_bomb(path: Path) -> None:
    """A sheet of 300 MB of blanks, packed to one."""
    workbook(path, MEETING + " " * (300 << 20))


def workbook_with_entity(path: Path) -> None:
    """A sheet that would read another file."""
    row = MEETING.replace("甲社", "&x;")
    workbook(path, row, before='<!DOCTYPE worksheet [<!ENTITY x SYSTEM "file:///etc/hostname">]>')


def packed_log_bomb(path: Path) -> None:
    """A log of events of 200 MB of blanks, packed to one."""
    with gzip.open(path, "wb", compresslevel=1) as out:
        out.write(b"<log>" + b" " * (200 << 20))


def cut_short(path: Path) -> None:
    """The first half of a workbook."""
    workbook(path, MEETING)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


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
        ("a.csv", open_quote, {3}), ("a.csv", folder, {2}), ("a.csv", pipe, {2}), ("a.csv", nothing, {2}),
        ("a.xlsx", merged_ranges, {0, 2}), ("a.xlsx", far_out, {2}), ("a.xlsx", zip_bomb, {2}), ("a.xlsx", cut_short, {2}),
        ("a.xlsx", workbook_with_entity, {2}), ("a.xlsx", nothing, {2}), ("a.xes", external_entity, {2}),
        ("a.xes.gz", packed_log_bomb, {2}), ("a.ics", folder, {2}), ("a.ics", nothing, {2}),
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


def test_a_file_that_grows_while_it_is_read_ends_where_it_ended_or_is_refused(
    nippo: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Somebody's program appends whole rows to it, one for each that is looked at; the import ends, and its file of rejects or its report
    counts no row that is not there."""
    file = tmp_path / "a.csv"
    file.write_text(HEAD + ROW, encoding="utf-8")
    rows = 0

    def grow(cells: object) -> bool:
        nonlocal rows
        if rows < 5000:
            rows += 1
            with file.open("a", encoding="utf-8") as out:
                out.write(ROW.replace("打合せ", f"打合せ{rows}"))
        return says_total(cells)

    monkeypatch.setattr("nippo_cli.exchange.sampling.says_total", grow)
    report = nippo.done("import", file.name, "--yes", "--json").json
    assert 1 <= report["taken"] <= len(file.read_text(encoding="utf-8").splitlines()) - 1
    assert (report["rejected"], report["taken"]) == (0, report["rows"])
