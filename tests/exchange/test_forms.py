"""A company's form is filled part by part: what nippo writes is read back by openpyxl and LibreOffice, the rest stays byte for byte."""

import re
import shutil
import subprocess
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from form_books import SEAL, book, content, parts, repacked
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.exchange.forms import FormMark, FormValue, Vocabulary, fill, filling, read_form
from nippo_cli.exchange.forms.filling import Filling
from nippo_cli.exchange.forms.xml_spans import BrokenXml, parse
from nippo_cli.schema.load import load_schema
from nippo_cli.schema.templates import text_of

MARKS = Vocabulary(load_schema(text_of("default", "ja"), "schema.yaml"))


def filled(path: Path, **what: object) -> Filling:
    """The form, filled, in the place of itself."""
    done = fill(read_form(path, MARKS), content(**what))
    path.write_bytes(done.content)
    return done


def cells(path: Path, sheet: str) -> dict[str, object]:
    """What the cells of a sheet hold, days as days, empty ones left out."""
    there = [c for row in load_workbook(path)[sheet].iter_rows() for c in row if c.value is not None]
    return {c.coordinate: c.value.date() if isinstance(c.value, datetime) else c.value for c in there}


def whole_form(path: Path) -> Path:
    """A form of two rows as companies have them: a seal, a shape, merged cells, a formula, a chart, an area to print, a note, a
    list to choose from, a colour by a rule, and a sheet beside it."""

    def draw(drawn):
        sheet, other = drawn.add_worksheet("週報"), drawn.add_worksheet("控え")
        day = drawn.add_format({"num_format": 'm"月"d"日"', "border": 1})
        money = drawn.add_format({"num_format": "#,##0", "bold": True})
        sheet.merge_range("A1:C1", "{{期間.期間}}", money)
        for row in (3, 4):
            sheet.write(f"A{row}", "{{entries.date}}", day)
            sheet.write(f"B{row}", "{{活動.顧客}} 様")
            sheet.write(f"C{row}", "{{entries.amount}}", money)
        sheet.write_formula("C5", "=SUM(C3:C4)", money, 99)
        sheet.insert_image("E1", "seal.png", {"image_data": BytesIO(SEAL)})
        sheet.insert_textbox("E4", "承認印")
        sheet.write_comment("A1", "週の初めから")
        sheet.data_validation("D3", {"validate": "list", "source": ["可", "否"]})
        sheet.conditional_format("C3:C4", {"type": "cell", "criteria": ">", "value": 1, "format": money})
        sheet.print_area("A1:E10")
        sheet.repeat_rows(0, 1)
        chart = drawn.add_chart({"type": "column"})
        chart.add_series({"values": "=週報!$C$3:$C$4"})
        sheet.insert_chart("G1", chart)
        other.write("A1", "変わらない")
        other.write_formula("A2", "=週報!C5", None, 99)
        other.write_formula("A3", "=1+1", None, 2)

    return book(path, draw)


def test_every_other_part_stays_byte_for_byte(tmp_path):
    """Two entries in two rows: the sheet's cells, the results of formulas that look at it, and the word that these are to be worked
    out anew; no other byte."""
    form = whole_form(tmp_path / "f.xlsx")
    repacked(form, lambda there: there.update({
        "xl/workbook.xml": there["xl/workbook.xml"].replace(b' fullCalcOnLoad="1"', b"")
    }))  # fmt: skip
    before = parts(form)
    filled(form, entries=2)
    after = parts(form)
    assert list(after) == list(before)
    changed = {name for name in before if after[name] != before[name]}
    assert changed == {"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/workbook.xml"}
    assert after["xl/workbook.xml"] == before["xl/workbook.xml"].replace(
        b'<calcPr calcId="124519"/>', b'<calcPr calcId="124519" fullCalcOnLoad="1"/>'
    )
    filled_cells = re.compile(rb'<c r="(?:[ABC][34]|[AC]1|C5)".*?(?:/>|</c>)')
    was, now = (filled_cells.sub(b"", one["xl/worksheets/sheet1.xml"]) for one in (before, after))
    assert now == was
    assert after["xl/worksheets/sheet2.xml"] == before["xl/worksheets/sheet2.xml"].replace(b"<v>99</v>", b"").replace(
        b"<v>2</v>", b""
    )


def test_values_have_the_kinds_of_their_cells(tmp_path):
    """A day is a day where the cell shows days, an amount a number; a text that is more than a mark is a text; styles stay."""
    form = whole_form(tmp_path / "f.xlsx")
    filled(form, entries=2, alone={FormMark("period", "span"): FormValue("11/1〜11/7")})
    assert cells(form, "週報") == {
        "A1": "11/1〜11/7",
        "A3": date(2026, 11, 1),
        "B3": "顧客1 様",
        "C3": 1,
        "A4": date(2026, 11, 2),
        "B4": "顧客2 様",
        "C4": 2,
        "C5": "=SUM(C3:C4)",
    }
    sheet = load_workbook(form)["週報"]
    assert sheet["A3"].number_format == 'm"月"d"日"'
    assert sheet["A3"].border.left.style == "thin"
    assert sheet["C3"].font.bold


def test_rows_without_an_entry_are_empty(tmp_path):
    """No mark is left, nor what stands beside one; the cell keeps its style."""
    form = whole_form(tmp_path / "f.xlsx")
    filled(form, entries=1)
    assert set(cells(form, "週報")) == {"A3", "B3", "C3", "C5"}
    assert load_workbook(form)["週報"]["A4"].border.left.style == "thin"


def test_what_is_left_over_goes_to_copies(tmp_path):
    """Five entries in rows for two: three sheets of the same rows, with seal, shape, chart and print area each; nothing inserted."""
    form = whole_form(tmp_path / "f.xlsx")
    assert filled(form, entries=5).copies == ["週報 (2)", "週報 (3)"]
    opened = load_workbook(form)
    assert opened.sheetnames == ["週報", "控え", "週報 (2)", "週報 (3)"]
    assert [opened[name]["C3"].value for name in ("週報", "週報 (2)", "週報 (3)")] == [1, 3, 5]
    assert [opened[name]["C4"].value for name in ("週報", "週報 (2)", "週報 (3)")] == [2, 4, None]
    for name in ("週報", "週報 (2)", "週報 (3)"):
        sheet = opened[name]
        assert sheet.max_row == 5
        assert sheet["C5"].value == "=SUM(C3:C4)"
        assert [str(one) for one in sheet.merged_cells.ranges] == ["A1:C1"]
        assert sheet.print_area == f"'{name}'!$A$1:$E$10"
        assert sheet.print_title_rows == "$1:$2"
        assert len(sheet._images) == 1
        assert len(sheet._charts) == 1
        assert sheet._charts[0].series[0].val.numRef.f.replace("'", "") == f"{name}!$C$3:$C$4"
        assert sheet["A1"].comment.text == "週の初めから"
    after = parts(form)
    assert [name for name in after if name.startswith("xl/media/")] == ["xl/media/image1.png"]
    drawings = [after[f"xl/drawings/drawing{n}.xml"] for n in (1, 2, 3)]
    assert drawings[0] == drawings[1] == drawings[2]
    assert "承認印".encode() in drawings[0]
    assert sum(b"tabSelected" in after[f"xl/worksheets/sheet{n}.xml"] for n in (1, 2, 3, 4)) == 1


def test_copies_that_would_take_more_room_than_there_may_be_are_refused_before_they_are_made(tmp_path, monkeypatch):
    """Each of them takes what its sheet takes."""
    form = whole_form(tmp_path / "f.xlsx")
    sheet = len(parts(form)["xl/worksheets/sheet1.xml"])
    monkeypatch.setattr(filling, "MOST_XML", sheet)
    assert len(filled(form, entries=5).copies) == 2
    with pytest.raises(UsageError) as refused:
        filled(whole_form(tmp_path / "g.xlsx"), entries=7)
    assert refused.value.message.key == "forms.copies_too_large"


def test_a_form_that_unpacks_to_too_much_xml_is_refused(tmp_path):
    """Five mebibytes of cells."""
    row = '<row r="{}">' + '<c s="1"/>' * 1000 + "</row>"
    rows = "".join(row.format(n) for n in range(1, 530)).encode()

    def grow(there: dict[str, bytes]) -> None:
        sheet = there["xl/worksheets/sheet1.xml"]
        there["xl/worksheets/sheet1.xml"] = sheet.replace(b"</sheetData>", rows + b"</sheetData>")

    form = repacked(whole_form(tmp_path / "f.xlsx"), grow)
    with pytest.raises(UsageError) as refused:
        read_form(form, MARKS)
    assert refused.value.message == msg("forms.too_large", path=str(form), mib=4)


def test_two_sheets_of_rows_are_filled_one_after_the_other(tmp_path):
    """A form that brings its own second sheet: that goes on, and only it is copied."""

    def draw(drawn):
        for name, rows in (("表", 1), ("続き", 2)):
            sheet = drawn.add_worksheet(name)
            for row in range(rows):
                sheet.write(row, 0, "{{entries.customer}}")
            sheet.write(5, 0, "{{page}}/{{pages}}")

    form = book(tmp_path / "f.xlsx", draw)
    assert filled(form, entries=4).copies == ["続き (2)"]
    assert cells(form, "表") == {"A1": "顧客1", "A6": "1/3"}
    assert cells(form, "続き") == {"A1": "顧客2", "A2": "顧客3", "A6": "2/3"}
    assert cells(form, "続き (2)") == {"A1": "顧客4", "A6": "3/3"}


def test_an_entry_may_take_two_rows(tmp_path):
    """A new one begins with a mark that the entry before has already."""

    def draw(drawn):
        sheet = drawn.add_worksheet()
        for row in (0, 2):
            sheet.write(row, 0, "{{entries.date}}")
            sheet.write(row, 1, "{{entries.customer}}")
            sheet.write(row + 1, 1, "{{entries.facts}}")

    form = book(tmp_path / "f.xlsx", draw)
    assert filled(form, entries=2).copies == []
    assert cells(form, "Sheet1") == {
        "A1": "2026/11/1", "B1": "顧客1", "B2": "事実1", "A3": "2026/11/2", "B3": "顧客2", "B4": "事実2",
    }  # fmt: skip


def test_rows_of_a_form_may_stand_side_by_side(tmp_path):
    """As the days of a week do: what stands below is of what it stands below, and they go on in the next line of them."""

    def draw(drawn):
        sheet = drawn.add_worksheet()
        for line in (0, 3):
            for column in (1, 3):
                sheet.write(line, column, "{{entries.date}}")
                sheet.write(line, column + 1, "{{entries.customer}}")
                sheet.write(line + 1, column, "{{entries.facts}}")
        sheet.write(0, 0, "日")

    form = book(tmp_path / "f.xlsx", draw)
    assert filled(form, entries=3).copies == []
    assert cells(form, "Sheet1") == {
        "A1": "日", "B1": "2026/11/1", "C1": "顧客1", "B2": "事実1", "D1": "2026/11/2", "E1": "顧客2", "D2": "事実2",
        "B4": "2026/11/3", "C4": "顧客3", "B5": "事実3",
    }  # fmt: skip


def test_a_text_in_several_styles_keeps_them(tmp_path):
    """A mark is replaced where it stands, though Excel has cut it into runs and says how the kanji before it are read."""
    form = book(tmp_path / "f.xlsx", lambda drawn: drawn.add_worksheet().write("A1", "文字"))
    runs = (
        '<si><r><rPr><b/></rPr><t>氏名：</t></r><r><t xml:space="preserve"> {{aut</t></r>'
        '<r><rPr><i/></rPr><t>hor}}様</t></r><rPh sb="0" eb="2"><t>シメイ</t></rPh><phoneticPr fontId="1"/></si>'
    )

    def change(there):
        strings = there["xl/sharedStrings.xml"].decode()
        there["xl/sharedStrings.xml"] = re.sub("<si>.*</si>", runs, strings).encode()

    repacked(form, change)
    filled(form, alone={FormMark("", "author"): FormValue("西村 <A&B>")})
    rich = load_workbook(form, rich_text=True)["Sheet1"]["A1"].value
    assert isinstance(rich, CellRichText)
    assert str(rich) == "氏名： 西村 <A&B>様"
    assert rich[0].font.b
    assert rich[2].font.i


@pytest.mark.parametrize(("system", "serial"), [("", "46327"), ('date1904="1"', "44865")])
def test_days_count_from_where_the_workbook_counts(tmp_path, system, serial):
    """1 November 2026 is day 46,327 since 1900 as Excel counts, day 44,865 since 1904."""
    day = {"num_format": "yyyy/m/d"}
    form = book(
        tmp_path / "f.xlsx", lambda drawn: drawn.add_worksheet().write("A1", "{{entries.date}}", drawn.add_format(day))
    )
    repacked(
        form,
        lambda there: there.update(
            {"xl/workbook.xml": there["xl/workbook.xml"].replace(b"<workbookPr", f"<workbookPr {system}".encode())}
        ),
    )
    filled(form, entries=1)
    assert f"<v>{serial}</v>" in parts(form)["xl/worksheets/sheet1.xml"].decode()
    assert cells(form, "Sheet1") == {"A1": date(2026, 11, 1)}


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        ("General", "2026/11/1"), ("@", "2026/11/1"), ("0.00", "2026/11/1"), ("[$-411]ggge年m月d日", date(2026, 11, 1)),
        ("yyyy-mm-dd", date(2026, 11, 1)), ("aaa", 46327), ('m"月"', date(2026, 11, 1)), ("0.00E+00", "2026/11/1"),
    ],
)  # fmt: skip
def test_a_cell_that_shows_no_days_has_the_day_as_a_text(tmp_path, style, shown):
    """Else a person would read 46327."""
    form = book(
        tmp_path / "f.xlsx",
        lambda drawn: drawn.add_worksheet().write("A1", "{{entries.date}}", drawn.add_format({"num_format": style})),
    )
    filled(form, entries=1)
    assert cells(form, "Sheet1") == {"A1": shown}


def test_the_order_of_formulas_stays_until_there_are_more(tmp_path):
    """Excel's list of formulas holds while no sheet came to the workbook; else Excel is to make it anew."""

    def with_chain(there):
        there["xl/calcChain.xml"] = (
            b'<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="C5" i="1"/></calcChain>'
        )
        there["[Content_Types].xml"] = there["[Content_Types].xml"].replace(
            b"</Types>",
            b'<Override PartName="/xl/calcChain.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            b'spreadsheetml.calcChain+xml"/></Types>',
        )
        there["xl/_rels/workbook.xml.rels"] = there["xl/_rels/workbook.xml.rels"].replace(
            b"</Relationships>",
            b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
            b'calcChain" Target="calcChain.xml"/></Relationships>',
        )

    few, many = (repacked(whole_form(tmp_path / name), with_chain) for name in ("few.xlsx", "many.xlsx"))
    before = parts(few)["xl/calcChain.xml"]
    filled(few, entries=2)
    filled(many, entries=3)
    assert parts(few)["xl/calcChain.xml"] == before
    after = parts(many)
    assert "xl/calcChain.xml" not in after
    assert b"calcChain" not in after["[Content_Types].xml"] + after["xl/_rels/workbook.xml.rels"]


def test_texts_come_back_as_they_were_written(tmp_path):
    """Angle brackets, line ends, what Excel would read as a number of a character, what would be a formula; controls become marks."""
    said = "=SUM(A1) <b>&\n改行 _x0041_ \x1b[31m 𠮷 "
    form = book(tmp_path / "f.xlsx", lambda drawn: drawn.add_worksheet().write("A1", "{{entries.facts}}"))
    filled(form, entries=1, facts=lambda n: said)
    cell = load_workbook(form)["Sheet1"]["A1"]
    assert cell.value.replace("_x005F_x0041_", "_x0041_") == said.replace("\x1b", "␛")
    assert cell.data_type == "s"


def test_a_text_that_is_too_long_is_cut_and_counted(tmp_path):
    """A cell holds 32,767 characters."""
    form = book(tmp_path / "f.xlsx", lambda drawn: drawn.add_worksheet().write("A1", "{{entries.facts}}"))
    assert filled(form, entries=1, facts=lambda n: "長" * 40_000).cut == 1
    value = load_workbook(form)["Sheet1"]["A1"].value
    assert len(value) == 32_767
    assert value.endswith("長…")


def flaws(path: Path) -> list[tuple[str, str, str, str]]:
    """What is wrong with a form: the sheet, the cell, the mark, why."""
    return [(one.sheet, one.cell, one.said, one.why) for one in read_form(path, MARKS).flaws]


def test_marks_that_are_not_filled_are_named(tmp_path):
    """Unknown ones with what was likely meant; those in formulas, shapes, notes, heads of paper, beneath merged cells; open braces."""

    def draw(drawn):
        sheet = drawn.add_worksheet("日報")
        sheet.write("A1", "{{entires.custmer}}")
        sheet.write("A2", "{{entires.custmer}}")
        sheet.write("A3", "{{author}")
        sheet.write("A4", "｛｛活動・顧客｝｝")
        sheet.write("A7", "{{entries.facts}} {{planned.step}}")
        sheet.write_formula("A5", '="{{author}}"')
        sheet.insert_textbox("D1", "作成: {{today}}")
        sheet.write_comment("A4", "{{page}}")
        sheet.set_header("&C{{period.span}}")
        sheet.merge_range("A6:B6", "題")
        sheet.write("B6", "{{pages}}")

    form = book(tmp_path / "f.xlsx", draw)
    assert flaws(form) == [
        ("日報", "A1", "entires.custmer", "unknown"),
        ("日報", "A3", "{{author}", "unclosed"),
        ("日報", "B6", "pages", "covered"),
        ("日報", "A7", "{{entries.facts}} {{planned.step}}", "mixed"),
        ("日報", "A5", "author", "formula"),
        ("日報", "", "period.span", "header"),
        ("日報", "", "today", "shape"),
        ("日報", "", "page", "comment"),
    ]
    read = read_form(form, MARKS)
    assert read.flaws[0].cells == 2
    assert "entries.customer" in read.flaws[0].like
    assert [mark for sheet in read.sheets for cell in sheet.cells for mark in cell.meanings.values()] == [
        FormMark("entries", "customer")
    ]


@pytest.mark.parametrize(
    "said", ["entries.amount", "活動.金額", "活動.amount", "entries.金額", "Ｅｎｔｒｉｅｓ．金額", " 活動 . 金額 "]
)
def test_a_mark_is_known_by_key_and_by_word(said):
    """In any mixture, and as a Japanese keyboard writes it."""
    assert MARKS.meaning(said) == FormMark("entries", "amount")


def test_a_field_is_known_by_its_role_too():
    """A form of one team serves another that calls the field otherwise."""
    text = text_of("default", "ja").replace("key: facts\n    label: 事実", "key: story\n    label: 商談内容")
    other = Vocabulary(load_schema(text, "schema.yaml"))
    said = ("活動.事実", "entries.facts", "entries.story", "活動.商談内容")
    assert {other.meaning(one) for one in said} == {FormMark("entries", "story")}


def _cfb(name: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1024) + name.encode("utf-16-le")


@pytest.mark.parametrize(
    ("file", "key"),
    [
        (b"", "forms.no_workbook"),
        (b"PK\x03\x04 cut off", "forms.no_workbook"),
        ("名前,金額\n".encode(), "forms.no_workbook"),
        (_cfb("EncryptedPackage"), "forms.encrypted"),
        (_cfb("Workbook"), "forms.old_excel"),
    ],
)
def test_what_is_no_workbook_is_refused(tmp_path, file, key):
    """With what to do about it."""
    path = tmp_path / "f.xlsx"
    path.write_bytes(file)
    with pytest.raises(UsageError) as refused:
        read_form(path, MARKS)
    assert refused.value.message.key == key
    assert refused.value.hint is not None


def test_a_form_without_marks_is_refused(tmp_path):
    """It says how one is written."""
    path = book(tmp_path / "f.xlsx", lambda drawn: drawn.add_worksheet().write("A1", "日付"))
    with pytest.raises(UsageError) as refused:
        read_form(path, MARKS)
    assert refused.value.message.key == "forms.no_marks"


def test_a_template_is_refused(tmp_path):
    """Excel would not open what is made from it under the name of a workbook."""
    path = book(tmp_path / "f.xlsx", lambda drawn: drawn.add_worksheet().write("A1", "{{author}}"))
    repacked(path, lambda there: there.update({
        "[Content_Types].xml": there["[Content_Types].xml"].replace(b"sheet.main+xml", b"template.main+xml")
    }))  # fmt: skip
    with pytest.raises(UsageError) as refused:
        read_form(path, MARKS)
    assert refused.value.message.key == "forms.other_kind"


def test_entities_of_its_own_are_refused():
    """A part that would unfold to gigabytes is not read."""
    with pytest.raises(BrokenXml):
        parse(b'<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>')


def test_a_sheet_that_cannot_be_copied_says_so(tmp_path):
    """A pivot table is one of its kind: more entries than rows are refused, as many are filled."""
    form = whole_form(tmp_path / "f.xlsx")

    def with_pivot(there):
        rels = "xl/worksheets/_rels/sheet1.xml.rels"
        there[rels] = there[rels].replace(
            b"</Relationships>",
            b'<Relationship Id="rId77" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
            b'pivotTable" Target="../pivotTables/pivotTable1.xml"/></Relationships>',
        )
        there["xl/pivotTables/pivotTable1.xml"] = b"<pivotTableDefinition/>"

    repacked(form, with_pivot)
    read = read_form(form, MARKS)
    with pytest.raises(UsageError) as refused:
        fill(read, content(entries=3))
    assert refused.value.message.key == "forms.no_copy"
    assert fill(read_form(form, MARKS), content(entries=2)).copies == []


def test_libreoffice_opens_it_and_works_its_formulas_out(tmp_path):
    """Another program than the one that the tests read with: the sum of each sheet, and the sheet that looks at it."""
    if shutil.which("soffice") is None:
        pytest.skip("no LibreOffice on this machine")
    from nippo_cli.exchange.forms.paper import office, pdf_of

    form = whole_form(tmp_path / "f.xlsx")
    filled(form, entries=3)
    pages = pdf_of(form.read_bytes(), ".xlsx", office())
    assert pages.startswith(b"%PDF")
    subprocess.run(
        [office(), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML",
         "--outdir", str(tmp_path / "again"), str(form)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    again = load_workbook(tmp_path / "again" / "f.xlsx", data_only=True)
    assert [again[name]["C5"].value for name in ("週報", "週報 (2)")] == [3, 3]
    assert again["控え"]["A2"].value == 3
