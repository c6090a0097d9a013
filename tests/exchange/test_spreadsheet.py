"""What spreadsheets and old programs leave in files: read as it was meant, or refused with its row and column."""

import io
import json
from zipfile import ZipFile

import pytest
from rows import HEAD, MAP

from nippo_cli.exchange.drafts import Taken
from nippo_cli.exchange.map_reading import read_map
from nippo_cli.exchange.sifting import Rejected, Skipped
from nippo_cli.exchange.source import Options, SourceRefused, column_places, open_source
from nippo_cli.exchange.spreadsheet import column_name, unwrapped


def problems(row):
    """A rejected row's columns, cells and message keys."""
    assert isinstance(row, Rejected)
    return [(p.where.field, p.said, p.needs.key) for p in row.problems]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('="0012"', "0012"),
        ('"=""0012"""', "0012"),
        ('"=""say """"hi"""""""', 'say "hi"'),
        ('=""', ""),
        ("\ufeffABC", "ABC"),
    ],
)
def test_a_cell_that_excel_wrote_as_a_text_is_that_text(run, cell, text):
    """As key, deal, author, customer, and where it is empty; the rejects keep the cell as it stands."""
    (row,) = run(HEAD + f"1,2026-09-01,x,{cell},ACME,lead,\n")
    assert row.drafts[0].author == text
    if text:
        (row,) = run(HEAD + f"{cell},2026-09-01,{cell},Sato,{cell},lead,\n")
        assert row.drafts[0].source_key == f"test:{text}/1"
        assert (row.drafts[0].deal_name, row.drafts[0].values["customer"]) == (text, text)


def test_a_formula_or_a_quote_inside_a_cell_stays(run):
    """Only a cell that is nothing else is one."""
    (row,) = run(HEAD + '1,2026-09-01,"=""a""&""b""",Sato,"x =""1""",lead,\n')
    (draft,) = row.drafts
    assert (draft.deal_name, draft.values["customer"]) == ('="a"&"b"', 'x ="1"')


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "####", "#"])
def test_a_spreadsheets_error_rejects_its_row_in_each_column(run, error):
    """Key, day, deal, author, a field of any type; the row beside it is taken."""
    ok = "9,2026-09-01,Line 9,Sato,ACME,lead,\n"
    for column in ("id", "day", "deal", "rep", "customer", "stage", "amount"):
        cells = {
            "id": "1",
            "day": "2026-09-01",
            "deal": "x",
            "rep": "Sato",
            "customer": "A",
            "stage": "lead",
            "amount": "",
        }
        first, second = run(HEAD + ",".join({**cells, column: error}.values()) + "\n" + ok)
        assert [said for _, said, key in problems(first) if key == "exchange.needs.no_error"] == [error], column
        assert isinstance(second, Taken)


@pytest.mark.parametrize("shown", ["4.9E+12", "1.23457E+11", "5E+100", "4,9E+12", "-1.2E+05", '"=""4.9E+12"""'])
def test_a_number_without_its_digits_rejects_its_row_in_each_column(run, shown):
    """Key, deal, customer, amount: 4901234567894 and 4901777018687 are both saved as 4.9E+12, and would be one."""
    for column in ("id", "deal", "customer", "amount"):
        cells = {
            "id": "1",
            "day": "2026-09-01",
            "deal": "x",
            "rep": "Sato",
            "customer": "A",
            "stage": "lead",
            "amount": "",
        }
        said = f'"{shown}"' if "," in shown else shown
        (row,) = run(HEAD + ",".join({**cells, column: said}.values()) + "\n")
        assert [key for _, _, key in problems(row)] == ["exchange.needs.no_rounded"], column


@pytest.mark.parametrize("text", ["E+H", "4.9E+1", "4.9e+12 units", "Line 4.9E+12", "A1E+05", "49E+12"])
def test_what_only_looks_like_such_a_number_is_a_text(run, text):
    """Endress+Hauser, a unit, a part number; and what a map names is what it says."""
    (row,) = run(HEAD + f"1,2026-09-01,{text},Sato,{text},lead,\n")
    assert row.drafts[0].deal_name == text
    named = MAP.replace("author: rep", 'author: {column: rep, values: {"4.9E+12": Kato}}')
    (row,) = run(HEAD + "1,2026-09-01,x,4.9E+12,A,lead,\n", named)
    assert row.drafts[0].author == "Kato"


def test_an_error_that_the_map_names_is_what_the_map_says(run):
    """Under `empty` it is empty, under `values` a value, in a condition a text like any other."""
    text = HEAD + "1,2026-09-01,x,#N/A,ACME,lead,\n"
    (row,) = run(text, MAP.replace("source: test\n", 'source: test\nempty: ["#N/A"]\n'))
    assert row.drafts[0].author == ""
    (row,) = run(text, MAP.replace("author: rep", 'author: {column: rep, values: {"#N/A": Kato}}'))
    assert row.drafts[0].author == "Kato"
    # A field of free text is empty by it, too.
    of_text = MAP.replace("source: test\n", 'source: test\nempty: ["#N/A"]\n').replace(
        "amount: amount", "facts: amount"
    )
    (row,) = run(HEAD + "1,2026-09-01,x,Sato,ACME,lead,#N/A\n", of_text)
    assert "facts" not in row.drafts[0].values
    (row,) = run(text, MAP.replace("source: test\n", 'source: test\nskip_when: {rep: "#N/A"}\n'))
    assert isinstance(row, Skipped)


@pytest.mark.parametrize("text", ["#1 machine", "#N/Ax", "No. #2", "# note"])
def test_what_only_begins_like_an_error_is_a_text(run, text):
    """Whoever writes #2 means the second."""
    (row,) = run(HEAD + f"1,2026-09-01,{text},Sato,{text},lead,\n")
    assert row.drafts[0].deal_name == text


@pytest.mark.parametrize("end", ["\x1a", "\r\n\x1a", "\n\x1a\x1a\x1a\n", "\n\n\x1a\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "utf-16"])
def test_the_end_mark_of_old_files_is_no_row(tmp_path, end, encoding):
    """DOS ends a text with 0x1A; one inside a text is a letter like any other."""
    path = tmp_path / "rows.csv"
    path.write_bytes(("日,案件\n1,機械\x1aの話\n2,部品" + end).encode(encoding))
    source = open_source(path, Options())
    rows = [tuple(cells) for batch in source.batches() for cells in batch.rows]
    assert rows == [("1", "機械\x1aの話"), ("2", "部品")]
    assert open_source(path, Options()).columns == ("日", "案件")


@pytest.mark.parametrize(
    ("ending", "text"), [("json", '[{"a": "1"}]\n\x1a'), ("jsonl", '{"a": "1"}\n\x1a\n'), ("jsonl", '{"a": "1"}\x1a')]
)
def test_nor_is_it_one_of_json(tmp_path, ending, text):
    """The one object is all that there is."""
    path = tmp_path / f"rows.{ending}"
    path.write_text(text, encoding="utf-8")
    assert [list(batch.rows) for batch in open_source(path, Options()).batches()] == [[["1"]]]


@pytest.mark.parametrize("column", ["id", "day", "deal", "rep", "customer", "stage", "amount"])
def test_half_a_character_rejects_its_row_in_each_column(run, column):
    """JSON's escapes can say what no encoding holds; the object beside it is taken."""
    cells = {"id": "1", "day": "2026-09-01", "deal": "x", "rep": "Sato", "customer": "A", "stage": "lead", "amount": ""}
    rows = f"[{json.dumps({**cells, column: 'a' + chr(0xD83D)})}, {json.dumps({**cells, 'id': '2'})}]"
    first, second = run(rows, name="rows.json")
    assert column in [field for field, _, _ in problems(first)]
    assert isinstance(second, Taken)


@pytest.mark.parametrize("head", ["\ufeff\ufeff日", "日\u200b", "\u200e日\u2060", '="日"', "\u00ad日 "])
def test_letters_that_nobody_sees_are_no_part_of_a_head(tmp_path, head):
    """A second byte order mark, a blank of no width: the map's `日` is this column, in CSV and JSON."""
    for name, text in (("rows.csv", f"{head},案件\n1,機械\n"), ("rows.json", f'[{{"{head}": "1"}}]')):
        if name == "rows.json" and '"' in head:
            continue
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert open_source(tmp_path / name, Options()).columns[0] == "日"


def test_two_heads_that_look_the_same_are_of_one_name(tmp_path):
    """Which one is meant can't be seen."""
    (tmp_path / "rows.csv").write_text("日,\u200b日\n1,2\n", encoding="utf-8")
    columns = open_source(tmp_path / "rows.csv", Options()).columns
    assert (columns, "日" in column_places(columns)) == (("日", "日"), False)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("受注\n予定日", "受注予定日"), ("受注 \r\n 予定日", "受注予定日"), ("Close\nDate", "Close Date"), ("金額\n(JPY)", "金額 (JPY)"),
        ("\n案件\n", "案件"), ("受注 予定日", "受注 予定日"),
    ],
)  # fmt: skip
def test_a_line_end_within_a_columns_name_is_none_of_its_letters(said, name):
    """As a narrow column of a sheet has it; a map that has it itself means the same column."""
    assert column_name(said) == name
    assert column_name(name) == name


def test_a_map_names_a_column_as_it_is_read_however_the_sheet_breaks_it(tmp_path):
    """In a table's header."""
    (tmp_path / "f.csv").write_text('日付,"受注\n予定日"\n2026-11-01,x\n', encoding="utf-8")
    assert open_source(tmp_path / "f.csv", Options()).columns == ("日付", "受注予定日")


def test_marks_that_join_stay():
    """A family is not three people."""
    assert column_name("👨‍👩‍👧") == "👨‍👩‍👧"
    assert unwrapped("👨‍👩‍👧") == "👨‍👩‍👧"


def packed(*names):
    """A zip with empty files of these names."""
    content = io.BytesIO()
    with ZipFile(content, "w") as out:
        for name in names:
            out.writestr(name, "")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"PK\x03\x04x", "cut"),
        (packed("notes.txt"), "zip"),
        (packed("xl/workbook.xml"), "xlsx"),
        (packed("mimetype", "content.xml"), "ods"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
        (b"<html><table>", "html"),
        (b"\xef\xbb\xbf\n<TABLE border=1>", "html"),
        (b"%PDF-1.7", "pdf"),
    ],
)
@pytest.mark.parametrize("encoding", ["", "cp932"])
def test_what_is_no_text_is_called_by_its_name(tmp_path, content, kind, encoding):
    """Advice on encodings would not help; what to do instead is said."""
    path = tmp_path / "日報.xls"
    path.write_bytes(content)
    with pytest.raises(SourceRefused) as refused:
        open_source(path, Options(encoding=encoding))
    assert refused.value.message.key == f"exchange.no_text.{kind}"
    hints = {"pdf": "docx", "xls": "xls", "xlsx": "xlsx", "cut": "cut"}
    assert refused.value.hint.key == (f"exchange.hint.{hints[kind]}" if kind in hints else "exchange.workbook_hint")


def test_who_named_an_encoding_is_not_told_to_name_one(tmp_path):
    """The hint asks for another."""
    path = tmp_path / "rows.csv"
    path.write_bytes("日\n月\n".encode())
    for encoding, hint in (("ascii", "exchange.other_encoding_hint"), ("euc_jp", "exchange.other_encoding_hint")):
        with pytest.raises(SourceRefused) as refused:
            open_source(path, Options(encoding=encoding))
        assert refused.value.hint is not None
        assert refused.value.hint.key == hint


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ('skip_when: {stage: ["-", lost]}\n', 3), ('skip_when: {stage: {not: ["-"]}}\n', 3),
        ('deal: {column: deal, values: {"-": x}}\n', 3),
        ('entries: [{when: {stage: "-"}}]\n', 3),
    ],
)  # fmt: skip
def test_a_word_that_is_empty_is_nothing_else(more, line):
    """A condition or a translation of it would silently never come true."""
    told = []
    read_map('source: test\nempty: ["-"]\n' + more + "on: day\n", "m.yaml", told)
    assert [(p.where.line, p.said, p.needs.key) for p in told] == [(line, "-", "exchange.map.empty_too")]


def test_a_word_may_be_empty_in_one_column_and_a_value_in_another():
    """Only where both meet is it one too many."""
    told = []
    read_map('source: s\non: {column: day, empty: ["-"]}\ndeal: {column: deal, values: {"-": x}}\n', "m.yaml", told)
    assert told == []
    read_map('source: s\non: day\ndeal: {column: deal, empty: ["-"], values: {"-": x}}\n', "m.yaml", told)
    assert [p.needs.key for p in told] == ["exchange.map.empty_too"]
