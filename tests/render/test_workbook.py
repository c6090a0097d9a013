"""Answers as Excel workbooks, opened by programs that are not nippo's."""

import errno
import io
import shutil
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, strategies as st
from python_calamine import CalamineWorkbook

from nippo_cli.base.errors import Message
from nippo_cli.base.text import visible
from nippo_cli.render.draw import Renderer, workbook
from nippo_cli.render.draw.workbook import AmountStyle, Sheet
from nippo_cli.render.gaps import page as gap, whole
from nippo_cli.render.landing import page as landing

YEN = AmountStyle()
DAY = datetime.fromisoformat("2026-11-23")


def written(*sheets: Sheet, money: AmountStyle = YEN) -> tuple[bytes, list[Message]]:
    """The workbook of some sheets, and what was said."""
    said: list[Message] = []
    return b"".join(workbook.write(sheets, money, said.append)), said


def one(keys: tuple[str, ...], *rows: tuple[object, ...], name: str = "案件") -> Sheet:
    """A sheet whose heads are its keys."""
    return Sheet("deals", name, keys, keys, rows)


def test_cells_have_types():
    """AmountStyle with its sign, days as days, shares in percent, ids and texts as they are; nothing where nothing is."""
    keys = ("id", "amount", "closes", "share", "entries", "stalled", "name", "first_closes", "values.price")
    row = ("12", 1_200_000, "2026-11-23", 0.5294, 3, True, "2026年", "2026-11-01/2026-11-30", 500)
    content, said = written(one(keys, row, (None,) * 9), money=AmountStyle(columns=frozenset({"values.price"})))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    cells = [(cell.value, cell.data_type, cell.number_format) for cell in sheet[2]]
    assert cells == [
        ("12", "s", "General"), (1_200_000, "n", '"¥"#,##0'), (DAY, "d", "yyyy-mm-dd"),
        (0.5294, "n", "0.0%"), (3, "n", "#,##0.###"), (True, "b", "General"), ("2026年", "s", "General"),
        ("2026-11-01/2026-11-30", "s", "General"), (500, "n", '"¥"#,##0'),
    ]  # fmt: skip
    assert [cell.value for cell in sheet[3]] == [None] * 9
    assert said == []


def test_money_of_two_digits_is_in_the_large_unit():
    """The journal has cents; a workbook has dollars."""
    content, _ = written(one(("amount", "n"), (123_45, 123_45)), money=AmountStyle("USD", 2))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert [(cell.value, cell.number_format) for cell in sheet[2]] == [(123.45, '"USD "#,##0.00'), (12345, "#,##0.###")]


@pytest.mark.parametrize(
    ("renderer", "sheet", "columns"),
    [
        (landing.RENDERER, "bridge.parts", ("amount", "before", "after")),
        (landing.RENDERER, "outside.months", ("amount", "live", "on_hold", "fizzled")),
        (landing.RENDERER, "record_scores.lines", ("bias", "error")),
        (gap.RENDERER, "summary.cohorts", ("sales",)),
        (whole.RENDERER, "landing", ("gap",)),
        (whole.RENDERER, "activity.cohorts", ("sales",)),
    ],
)
def test_money_in_a_list_within_an_answer_is_money(renderer: Renderer[Any], sheet: str, columns: tuple[str, ...]):
    """By the list's last name; how many lack an amount is a count."""
    money = AmountStyle("USD", 2, renderer.money(None))
    content, _ = written(Sheet(sheet, "x", columns, columns, [(123_45,) * len(columns)]), money=money)
    cells = openpyxl.load_workbook(io.BytesIO(content)).active[2]
    assert [cell.value for cell in cells] == [123.45] * len(columns)
    assert not money.is_in(sheet, "without_amount")
    assert not money.is_in(sheet, "outside.without_amount")


def test_the_head_stays_and_columns_are_as_wide_as_their_text():
    """Full-width letters count two."""
    content, _ = written(one(("a", "b"), ("見積", "株式会社青葉製作所 第二工場")))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet.freeze_panes == "A2"
    assert [cell.font.bold for cell in sheet[1]] == [True, True]
    widths = [sheet.column_dimensions[letter].width for letter in "AB"]
    assert [round(width) for width in widths] == [6 + 2 + 1, 27 + 2 + 1]


@pytest.mark.parametrize(
    "text", ["=1+1", '=HYPERLINK("http://x")', "+81", "-", "@SUM(A1)", "＝1", "\t=1", "{=1}", "http://x"]
)
def test_nothing_is_a_formula_or_a_link(text: str):
    """Whatever a cell begins with; and nothing is put before it, as CSV needs."""
    content, _ = written(one(("facts",), (text,)))
    cell = openpyxl.load_workbook(io.BytesIO(content)).active["A2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (visible(text, multiline=True), "s", None)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)


@given(st.lists(TEXT, min_size=1, max_size=5))
def test_texts_come_back(texts: list[str]):
    """By another reader, as the screen shows them: characters that would steer a terminal are visible marks."""
    content, _ = written(one(("facts",), *((text,) for text in texts)))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    days = {text for text in texts if len(text) == 10 and text[4:5] == "-"}
    assert [row[0] for row in rows[1:] if not days] == [visible(text, multiline=True) for text in texts if not days]


@given(st.integers(-(10**18), 10**18), st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_come_back(whole: int, part: float):
    """Those that a spreadsheet would round are texts of all their digits."""
    content, _ = written(one(("n", "x"), (whole, part)))
    row = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(content)).active[2]]
    assert row[0] == (whole if abs(whole) < 2**53 else str(whole))
    assert float(row[1]) == pytest.approx(part, rel=1e-15)


def test_a_text_longer_than_a_cell_is_cut_and_told():
    """Excel counts what is beyond the basic plane twice."""
    content, said = written(one(("facts",), ("あ" * 40_000,), ("𠮷" * 20_000,), ("い" * 32_767,)))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert [(len(row[0].encode("utf-16-le")) // 2, row[0][-1]) for row in rows[1:]] == [
        (32_767, "…"),
        (32_767, "…"),
        (32_767, "い"),
    ]
    assert [(one.key, one.params["n"]) for one in said] == [("workbook.cut", 2)]


def test_more_rows_than_a_sheet_holds_go_on_in_another(monkeypatch: pytest.MonkeyPatch):
    """Each with its head; none is lost."""
    monkeypatch.setattr(workbook, "_MOST_ROWS", 4)
    content, said = written(one(("n",), *((n,) for n in range(7))))
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert [(sheet.title, [row[0].value for row in sheet]) for sheet in book] == [
        ("案件", ["n", 0, 1, 2]), ("案件 (2)", ["n", 3, 4, 5]), ("案件 (3)", ["n", 6]),
    ]  # fmt: skip
    assert [(one.key, one.params["n"]) for one in said] == [("workbook.continued", 3)]


def test_a_full_disk_is_told_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """As everywhere: by what the system says. Of what was half written, which holds the diary's words, nothing is left."""

    class Full(io.BytesIO):
        def __init__(self, dir: str) -> None:  # noqa: A002  as the one that it stands for
            assert Path(dir).parent == tmp_path
            super().__init__()

        def write(self, _: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(workbook, "TemporaryFile", Full)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(OSError, match="No space left") as caught:
        written(one(("n",), (1,)))
    assert caught.value.errno == errno.ENOSPC
    assert list(tmp_path.rglob("*")) == []


def test_sheets_have_names_that_excel_takes():
    """No sign that it forbids, at most 31 letters, none twice; an empty list has its head."""
    names = ("a/b:c", "a_b_c", "History", "", "長" * 40, "長" * 40, "'x'")
    content, _ = written(*(one(("n",), name=name) for name in names))
    titles = openpyxl.load_workbook(io.BytesIO(content)).sheetnames
    assert titles == ["a_b_c", "a_b_c (2)", "History (2)", "-", "長" * 31, "長" * 27 + " (2)", "x"]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed here")
def test_libreoffice_opens_it(tmp_path: Path):
    """And reads the same cells."""
    content, _ = written(one(("name", "amount", "closes"), ("=1+1 見積", 1_200_000, "2026-11-23")))
    (tmp_path / "x.xlsx").write_bytes(content)
    argv = [
        "soffice",
        f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        "csv:Text - txt - csv (StarCalc):44,34,76",
        "--outdir",
        str(tmp_path),
    ]
    subprocess.run([*argv, str(tmp_path / "x.xlsx")], check=True, capture_output=True, timeout=120)
    assert (tmp_path / "x.csv").read_text(encoding="utf-8").splitlines() == [
        "name,amount,closes",
        '=1+1 見積,"¥1,200,000",2026-11-23',
    ]
