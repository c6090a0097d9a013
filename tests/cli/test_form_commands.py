"""`nippo log --form` and `nippo form`: the diary in a company's own form, as a rep types it."""

import os
import sys
from datetime import datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from shell import Shell, files

from nippo_cli.exchange.forms import paper

WEEK = ("log", "--week", "--form")


@pytest.fixture
def lived(nippo: Shell) -> Shell:
    """Two contacts on Monday the 23rd, one of the week before, a remark, a step that is due next week, an order."""
    nippo.deal("切断機", "--amount", "120万", "--on", "2026-11-20", facts="先週の話")
    nippo.done(
        "add", "切断機", "--activity", "電話", "-m", "値段の話", "--next-step", "見積を送る", "--next-on", "2026-12-01"
    )
    nippo.done(
        "add",
        "切断機",
        "--activity",
        "訪問",
        "--stage",
        "受注",
        "--amount",
        "115万",
        "-m",
        "注文書",
        "--people",
        "林",
        "--later",
    )
    nippo.done("day", "-m", "よい週の始まり")
    return nippo


def form(path: Path, cells: dict[str, str], title: str = "週報") -> Path:
    """A workbook with these cells."""
    book = Workbook()
    book.active.title = title
    for where, said in cells.items():
        book.active[where] = said
    book.save(path)
    return path


def test_a_week_stands_in_the_companys_form(lived: Shell, tmp_path: Path):
    """Oldest first; amounts are numbers; what was won is counted; the answer says what became of it."""
    file = form(
        tmp_path / "週報.xlsx",
        {
            "A1": "{{期間.期間}}", "B1": "{{記入者}}", "A2": "{{活動.事実}}", "B2": "{{活動.金額}}", "C2": "{{活動.顧客}}",
            "A3": "{{活動.事実}}", "B3": "{{活動.金額}}", "C3": "{{活動.顧客}}", "A5": "{{合計.受注額}}", "B5": "{{日.所感}}",
        },
    )  # fmt: skip
    before = file.read_bytes()
    answer = lived.done(*WEEK, str(file), "-o", "out.xlsx", "--json")
    sheet = load_workbook(tmp_path / "out.xlsx")["週報"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(max_col=3)] == [
        ["2026/11/23〜11/29", "佐藤", None],
        ["値段の話", None, "青葉製作所"],
        ["注文書", 1_150_000, "青葉製作所"],
        [None, None, None],
        [1_150_000, "11/23(月)  よい週の始まり", None],
    ]
    assert answer.json["filled"] == {"entries": 2}
    assert (answer.json["since"], answer.json["until"], answer.json["authors"]) == (
        "2026-11-23",
        "2026-11-29",
        ["佐藤"],
    )
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("asked", "facts"),
    [
        (("--on", "today"), ["値段の話", "注文書"]),
        (("--on", "2026-11-20"), ["先週の話"]),
        (("--week", "--on", "2026-11-20"), ["先週の話"]),
        (("--month",), ["先週の話", "値段の話", "注文書"]),
        (("--since", "2026-11-21"), ["値段の話", "注文書"]),
        (("--since", "2026-11-01", "--until", "2026-11-20"), ["先週の話"]),
        (("--week", "--by", "佐藤"), ["値段の話", "注文書"]),
    ],
)
def test_the_days_are_chosen(lived: Shell, tmp_path: Path, asked: tuple[str, ...], facts: list[str]):
    """A day, a week, a month, or from and to; one person's."""
    file = form(tmp_path / "f.xlsx", {f"A{n}": "{{entries.facts}}" for n in range(1, 5)})
    lived.done("log", *asked, "--form", str(file), "-o", "out.xlsx")
    sheet = load_workbook(tmp_path / "out.xlsx").active
    assert [cell.value for (cell,) in sheet.iter_rows(max_col=1) if cell.value is not None] == facts


def test_no_form_is_filled_for_who_wrote_nothing(lived: Shell, tmp_path: Path):
    """The person is not known: whoever is, is named, and no file is made."""
    file = form(tmp_path / "f.xlsx", {"A1": "{{entries.facts}}"})
    refused = lived("log", "--week", "--by", "鈴木", "--form", str(file), "-o", "out.xlsx")
    assert (refused.code, "佐藤" in refused.err, (tmp_path / "out.xlsx").exists()) == (4, True, False)


def test_days_and_planned_steps_have_rows_of_their_own(lived: Shell, tmp_path: Path):
    """Days of work from Monday on, without the holiday on Monday the 23rd were nothing written; what is due next week."""
    file = form(
        tmp_path / "f.xlsx",
        {
            **{f"A{n}": "{{日ごと.曜日}}" for n in range(1, 6)},
            **{f"B{n}": "{{日ごと.接触数}}" for n in range(1, 6)},
            "A7": "{{予定.次の一手}}",
            "B7": "{{予定.期日}}",
        },
    )
    lived.deal("検査機", "--next-on", "2026-12-01", facts="新しい話")
    lived.done(*WEEK, str(file), "-o", "out.xlsx")
    rows = [[cell.value for cell in row] for row in load_workbook(tmp_path / "out.xlsx").active.iter_rows(max_col=2)]
    assert rows[:5] == [["月", 3], ["火", 0], ["水", 0], ["木", 0], ["金", 0]]
    assert rows[6] == ["見積提出", "2026/12/1"]


@pytest.mark.parametrize("name", ["日報", "週報", "daily", "weekly report"])
def test_an_example_is_written_checked_and_filled(lived: Shell, tmp_path: Path, name: str):
    """What nippo hands out passes its own check, in either language."""
    for language in ("ja", "en"):
        file = tmp_path / f"{name} {language}.xlsx"
        lived.done("form", "new", str(file), "--lang", language)
        checked = lived.done("form", "check", str(file), "--json").json
        assert checked["sound"]
        assert checked["flaws"] == []
        lived.done("log", "--on", "today", "--form", str(file), "-o", "out.xlsx", "--force")
        values = [c.value for row in load_workbook(tmp_path / "out.xlsx").active.iter_rows() for c in row]
        assert {"値段の話", "注文書", "青葉製作所"} <= set(values)
        assert not any("{{" in str(value) for value in values)
        days = {value.date().isoformat() for value in values if isinstance(value, datetime)}
        assert days == {"2026-11-23"} | ({"2026-12-01"} if name in ("日報", "daily") else set())


def test_the_examples_are_what_the_tool_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Whoever changes the one changes the other."""
    import make_forms

    shipped = make_forms.HERE
    monkeypatch.setattr(make_forms, "HERE", tmp_path)
    make_forms.main()
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["daily.en.xlsx", "daily.ja.xlsx", "weekly.en.xlsx", "weekly.ja.xlsx"]
    for name in names:
        made, there = (
            {i.filename: z.read(i) for i in z.infolist()} for z in map(ZipFile, (tmp_path / name, shipped / name))
        )
        assert made == there


def test_an_unknown_mark_is_named_and_nothing_is_written(lived: Shell, tmp_path: Path):
    """Once each, with what was likely meant; `form check` says the same and where."""
    file = form(tmp_path / "f.xlsx", {"A1": "{{活動.顧客名}}", "A2": "{{活動.顧客名}}", "A3": "{{author}"})
    refused = lived(*WEEK, str(file), "-o", "out.xlsx")
    assert refused.code == 2
    assert "{{活動.顧客}}" in refused.err
    assert "{{author}" in refused.err
    assert not (tmp_path / "out.xlsx").exists()
    checked = lived("form", "check", str(file), "--json")
    assert checked.code == 3
    assert [(f["cell"], f["cells"], f["why"], f["refused"]) for f in checked.json["flaws"]] == [
        ("A1", 2, "unknown", True), ("A3", 1, "unclosed", True),
    ]  # fmt: skip
    assert "活動.顧客" in checked.json["flaws"][0]["did_you_mean"]


def test_bad_input_changes_nothing(lived: Shell, tmp_path: Path):
    """No form, no file to write, the form as its own output, another kind of file, no days, two kinds of days, a search beside."""
    file = form(tmp_path / "f.xlsx", {"A1": "{{author}}"})
    (tmp_path / "no.xlsx").write_bytes(b"no workbook")
    before = files(tmp_path)
    out = ("-o", "out.xlsx")
    for argv, code in (
        ((*WEEK, "none.xlsx", *out), 1),
        ((*WEEK, "no.xlsx", *out), 2),
        ((*WEEK, str(file)), 2),
        ((*WEEK, str(file), "-o", "-"), 2),
        ((*WEEK, str(file), "-o", str(file)), 2),
        ((*WEEK, str(file), "-o", "out.csv"), 2),
        ((*WEEK, str(file), "-o", "out.xlsm"), 2),
        ((*WEEK, str(file), "-o", "none/out.xlsx"), 2),
        (("log", "--form", str(file), *out), 2),
        ((*WEEK, str(file), "--since", "7d", *out), 2),
        ((*WEEK, str(file), "--customer", "青葉製作所", *out), 2),
        (("log", "--week", "--pdf", *out), 2),
        (("log", "--since", "2026-11-20", "--until", "2026-11-01", "--form", str(file), *out), 2),
        (("deal", "list", "-o", "out.xlsm"), 2),
        (("form", "new", "out.xlsx"), 2),
        (("form", "new", "週報.csv"), 2),
        (("form", "new", str(file), "--like", "週報"), 2),
    ):
        answer = lived(*argv)
        assert (argv, answer.code) == (argv, code)
        assert answer.out == ""
        assert answer.err.startswith("エラー")
    assert files(tmp_path) == before


@pytest.mark.parametrize(
    "asked", [("log", "--week", "--form", "none.xlsx", "-o", "out.xlsx"), ("form", "check", "none.xlsx")]
)
def test_a_form_that_is_not_there_is_said_to_be_missing(lived: Shell, asked: tuple[str, ...]):
    """In the user's language and in no words of the system."""
    answer = lived(*asked)
    assert (answer.code, answer.err) == (4, "エラー: none.xlsx がありません\n")


def test_a_folder_that_cannot_be_written(lived: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Said before any work."""
    file = form(tmp_path / "f.xlsx", {"A1": "{{author}}"})
    before = files(tmp_path)
    # Whoever may write everywhere, as in a container, is refused by nobody else.
    monkeypatch.setattr(os, "access", lambda *_: False)
    refused = lived(*WEEK, str(file), "-o", "out.xlsx")
    assert (refused.code, files(tmp_path)) == (2, before)
    assert "out.xlsx" in refused.err


def test_a_days_plan_fills_itself(lived: Shell, tmp_path: Path):
    """Steps that are dated for the next day of work, then what was typed; as the day's page has it."""
    lived.deal("検査機", "--next-on", "2026-11-24", facts="新しい話")
    lived.done("day", "--tomorrow", "午後は社内")
    file = form(tmp_path / "f.xlsx", {"A1": "{{日.明日の予定}}", "A2": "{{期間.期間}}"})
    lived.done("log", "--on", "today", "--form", str(file), "-o", "out.xlsx")
    sheet = load_workbook(tmp_path / "out.xlsx").active
    assert sheet["A1"].value == "11/24(火)  見積提出  検査機（青葉製作所）\n午後は社内"
    assert sheet["A2"].value == "2026/11/23"


def test_what_stays_among_us_is_left_empty_unless_asked_for(lived: Shell, tmp_path: Path):
    """Impressions are not handed on though the form has a cell for them; the answer says so."""
    lived.done("add", "切断機", "--activity", "電話", "-m", "聞いた", "--impression", "極秘の所感", "--later")
    file = form(tmp_path / "f.xlsx", {f"A{n}": "{{活動.所感}}" for n in range(1, 4)} | {"B1": "{{日.所感}}"})
    answer = lived.done(*WEEK, str(file), "-o", "out.xlsx", "--json")
    assert answer.json["left_out"] == ["所感"]
    with ZipFile(tmp_path / "out.xlsx") as made:
        assert not any("極秘".encode() in made.read(name) for name in made.namelist())
    assert load_workbook(tmp_path / "out.xlsx").active["B1"].value.endswith("よい週の始まり")
    lived.done(*WEEK, str(file), "-o", "out.xlsx", "--with", "impressions")
    assert load_workbook(tmp_path / "out.xlsx").active["A3"].value == "極秘の所感"


def test_what_stays_out_of_a_day_is_named_too(lived: Shell, tmp_path: Path):
    """A day's field that the schema says is not for files: the cell is empty, and the answer says why."""
    text = lived.schema.read_text("utf-8")
    fields = "day_fields:\n  - {key: worry, label: 気がかり, type: text, in_files: false}\n"
    lived.schema.write_text(text.replace("day_fields:\n", fields, 1), encoding="utf-8")
    lived.done("day", "--worry", "値引きの噂")
    file = form(tmp_path / "f.xlsx", {"A1": "{{日.気がかり}}", "A2": "{{日.所感}}", "A3": "{{日ごと.気がかり}}"})
    answer = lived.done(*WEEK, str(file), "-o", "out.xlsx", "--json")
    assert answer.json["left_out"] == ["気がかり"]
    assert load_workbook(tmp_path / "out.xlsx").active["A1"].value is None


def test_of_many_sheets_that_came_the_first_and_the_last_are_named(lived: Shell, tmp_path: Path):
    """A quarter in a form of a day adds a hundred; JSON has each of them."""
    for n in range(3):
        lived.done("add", "切断機", "--activity", "電話", "-m", f"話{n}", "--later")
    file = form(tmp_path / "f.xlsx", {"A1": "{{活動.事実}}"})
    assert "続きのシート  週報 (2) … 週報 (5)\n" in lived.done(*WEEK, str(file), "-o", "out.xlsx").out
    assert len(lived.done(*WEEK, str(file), "-o", "out.xlsx", "--json").json["copies"]) == 4


def test_the_pages_are_asked_for_beside_the_workbook(lived: Shell, tmp_path: Path):
    """A form that is to become a PDF at once is told how, not that it is no form."""
    file = form(tmp_path / "f.xlsx", {"A1": "{{author}}"})
    answer = lived(*WEEK, str(file), "-o", "out.pdf")
    assert answer.code == 2
    assert ".xlsx" in answer.err
    assert "--pdf" in answer.err
    assert "だけです" not in answer.err


def test_macros_stay_and_are_said(lived: Shell, tmp_path: Path):
    """A workbook with macros is written as one, its macros byte for byte; under another name Excel would not open it."""
    plain = form(tmp_path / "f.xlsx", {"A1": "{{author}}"})
    file, macros = tmp_path / "f.xlsm", bytes(range(256))
    with ZipFile(plain) as old, ZipFile(file, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == "[Content_Types].xml":
                content = content.replace(
                    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                    b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
                )
            new.writestr(info, content)
        new.writestr("xl/vbaProject.bin", macros)
    answer = lived.done(*WEEK, str(file), "-o", "out.xlsm", "--json")
    assert answer.json["macros"] is True
    with ZipFile(tmp_path / "out.xlsm") as made:
        assert made.read("xl/vbaProject.bin") == macros
    assert lived(*WEEK, str(file), "-o", "out.xlsx").code == 2
    assert "マクロ" in lived.done("form", "check", str(file)).out


def test_it_can_be_printed(lived: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A PDF beside the workbook, by whatever LibreOffice makes; without one a hint, and nothing is written."""
    file = form(tmp_path / "f.xlsx", {"A1": "{{author}}"})
    monkeypatch.setattr(paper, "_NAMES", ())
    monkeypatch.setattr(paper, "_PLACES", ())
    refused = lived(*WEEK, str(file), "-o", "out.xlsx", "--pdf")
    assert refused.code == 2
    assert "LibreOffice" in refused.err
    assert not (tmp_path / "out.xlsx").exists()
    office = tmp_path / "office.py"
    office.write_text(
        "import pathlib, sys\nbook = pathlib.Path(sys.argv[-1])\n"
        "book.with_suffix('.pdf').write_bytes(b'%PDF-' + str(book.stat().st_size).encode())\n",
        encoding="utf-8",
    )
    runs = tmp_path / ("office.cmd" if os.name == "nt" else "office.sh")
    runs.write_text(
        f'@"{sys.executable}" "{office}" %*\n'
        if os.name == "nt"
        else f'#!/bin/sh\nexec "{sys.executable}" "{office}" "$@"\n',
        encoding="utf-8",
    )
    runs.chmod(0o700)
    monkeypatch.setattr(paper, "_PLACES", (str(runs),))
    lived.done(*WEEK, str(file), "-o", "out.xlsx", "--pdf")
    size = (tmp_path / "out.xlsx").stat().st_size
    assert (tmp_path / "out.pdf").read_bytes() == f"%PDF-{size}".encode()
    before = files(tmp_path)
    office.write_text("raise SystemExit('no')\n", encoding="utf-8")
    assert lived(*WEEK, str(file), "-o", "out.xlsx", "--pdf").code == 1
    assert files(tmp_path).keys() == before.keys()
    assert (tmp_path / "out.xlsx").read_bytes() == before["out.xlsx"][0]


def test_the_marks_are_listed(lived: Shell):
    """In the reader's language; each means what the list says."""
    marks = lived.done("form", "marks", "--json").json["marks"]
    by_english = {one["english"]: one["mark"] for one in marks}
    assert by_english["{{entries.amount}}"] == "{{活動.金額}}"
    assert by_english["{{day.remarks}}"] == "{{日.所感}}"
    assert by_english["{{author}}"] == "{{記入者}}"
    assert "{{活動.次の一手}}" in lived.done("form", "marks").out


def test_a_form_needs_no_journal_to_be_checked(nippo: Shell):
    """The default schema says which fields there are, and no journal is made."""
    nippo.done("form", "new", "週報.xlsx")
    nippo.done("form", "check", "週報.xlsx")
    assert not nippo.journal.exists()
