"""What is written for one's own team stays out of files that are handed on, byte for byte, unless it is asked for."""

import zipfile
from email import message_from_bytes
from email.policy import default
from io import BytesIO
from pathlib import Path

import pytest
from shell import Shell
from xlsxwriter import Workbook

OWN = {
    "impression": "所感ヒミツ一",
    "own_view": "見立ヒミツ二",
    "competitor": "競合ヒミツ三",
    "discount": "値引ヒミツ四",
    "memo": "手控ヒミツ五",
}
FIELDS = """
  - {key: discount, label: 値引, type: text, role: discount}
  - {key: memo, label: 手控え, type: text, in_files: false}
"""
OF_DAY = "day_fields:\n  - {key: worry, label: 気がかり, type: text, in_files: false}"
# Every page that speaks of entries, deals, lessons or days.
PAGES = (
    (), ("log",), ("log", "--week"), ("log", "--on", "2026-11-02"), ("show", "ENTRY"), ("show", "ENTRY", "--history"),
    ("deal", "list"), ("deal", "show", "甲"), ("deal", "show", "乙"), ("deal", "story", "甲"), ("deal", "timeline", "甲"),
    ("deal", "precedents", "乙"), ("customer", "浅間計装"), ("customer",), ("customer", "people", "浅間計装"), ("prep", "三雲精密"),
    ("gap",), ("gap", "stalled"), ("gap", "mirage"), ("gap", "activity"), ("gap", "unlinked"), ("landing",), ("steps",),
    ("lessons",), ("lessons", "lost"), ("lessons", "lost", "--deals"), ("lessons", "cases"), ("lessons", "words"),
    ("lessons", "contrast"), ("search", "話した"), ("sweep",), ("tidy",), ("log", "--month"), ("report",), ("report", "--unfold"),
    ("gap", "--by", "owner"), ("gap", "revisit"), ("steps", "--by", "owner"), ("steps", "--by", "month"), ("customer", "people"),
)  # fmt: skip


@pytest.fixture
def told(nippo: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A deal lost to a rival and reviewed, a live one that may go the same way, and a day: each own field holds a word that
    stands nowhere else."""
    monkeypatch.setenv("NIPPO_NOW", "2026-04-01T18:00:00+09:00")
    nippo.done("init")
    schema = nippo.journal / "schema.yaml"
    text = schema.read_text(encoding="utf-8").replace("\nday_fields:", f"\n{OF_DAY}")
    schema.write_text(text.rstrip() + FIELDS, encoding="utf-8")
    said = [part for key, value in OWN.items() for part in (f"--{key.replace('_', '-')}", value)]
    quote = ("--stage", "見積", "--amount", "350万", "--closes", "2026-12", "--confidence", "B", "--next-step", "電話",
             "--next-on", "2026-12-10", "--activity", "電話", "-m", "話した")  # fmt: skip
    nippo.done("add", "甲", "--new-deal", "--customer", "浅間計装", "--kind", "更新", *quote, *said)
    monkeypatch.setenv("NIPPO_NOW", "2026-10-20T18:00:00+09:00")
    lost = (
        "--stage",
        "失注",
        "--lost-reason",
        "価格",
        "--customer-words",
        "高い",
        "--activity",
        "電話",
        "-m",
        "話した",
    )
    nippo.done("add", "甲", *lost, *said)
    review = ("--cause", "決裁者に会えていなかった", "--known", "found", "-m", "部長を知らなかった")
    nippo.done("deal", "review", "甲", *review)
    monkeypatch.setenv("NIPPO_NOW", "2026-11-02T18:00:00+09:00")
    nippo.done("add", "乙", "--new-deal", "--customer", "三雲精密", "--kind", "更新", *quote, *said)
    entry = str(nippo.done("log", "--json").json["entries"][0]["id"])
    nippo.done("edit", entry, "--impression", OWN["impression"] + "改", "--why", "書き直し")
    nippo.done("day", "--worry", "日ヒミツ六")
    return nippo


def written(nippo: Shell, path: Path, *argv: str) -> str:
    """The whole file of an answer, of a workbook all its parts."""
    asked = [str(nippo.done("log", "--json").json["entries"][0]["id"]) if one == "ENTRY" else one for one in argv]
    nippo.done(*asked, "-o", str(path), "--force")
    if path.suffix != ".xlsx":
        return path.read_text(encoding="utf-8")
    with zipfile.ZipFile(path) as book:
        return "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())


def _parts(nippo: Shell, path: Path, *argv: str) -> str:
    """Every part of a mail as it is read, of a workbook all its parts."""
    nippo.done(*argv, "-o", str(path), "--force") if argv[0] != "report" else nippo.done(
        *argv, "--eml", "-o", str(path), "--force"
    )
    read = message_from_bytes(path.read_bytes(), policy=default)
    said = [str(value) for value in read.values()]
    for part in read.walk():
        data = part.get_payload(decode=True)
        if not isinstance(data, bytes):
            continue
        if data.startswith(b"PK"):
            with zipfile.ZipFile(BytesIO(data)) as book:
                said += [book.read(name).decode("utf-8", "replace") for name in book.namelist()]
        else:
            said.append(data.decode("utf-8", "replace"))
    return "\n".join(said)


@pytest.mark.parametrize("ending", ["html", "xlsx"])
def test_no_page_as_a_file_holds_them(told: Shell, tmp_path: Path, ending: str):
    """Whatever page is written: the words of such fields are not among its bytes, and other words are."""
    out = tmp_path / f"x.{ending}"
    for argv in PAGES:
        text = written(told, out, *argv)
        assert "ヒミツ" not in text, argv
    assert "話した" in written(told, out, "log")


def test_no_mail_form_calendar_or_archive_holds_them(told: Shell, tmp_path: Path):
    """All that is handed on otherwise: each part of a mail, the report's folder with its index, a form with a cell for each such
    field, the calendar. A field that is asked for is there."""
    for argv in (("log", "--on", "2026-11-02"), ("log", "--week"), ("deal", "show", "乙"), ("lessons",), ("report",)):
        assert "ヒミツ" not in _parts(told, tmp_path / "x.eml", *argv), argv
    assert OWN["memo"] in _parts(told, tmp_path / "x.eml", "log", "--on", "2026-11-02", "--with", "手控え")
    told.done("report", "-o", f"{tmp_path}/shared/")
    files = [path for path in (tmp_path / "shared").rglob("*") if path.is_file()]
    assert {"index.html", "monday.html"} <= {path.name for path in files}
    assert [path.name for path in files if "ヒミツ" in path.read_text(encoding="utf-8")] == []
    marks = ("事実", "所感", "自分の見立て", "競合", "値引", "手控え")
    with Workbook(tmp_path / "form.xlsx") as book:
        sheet = book.add_worksheet()
        for column, mark in enumerate(marks):
            sheet.write(0, column, f"{{{{活動.{mark}}}}}")
        sheet.write(1, 0, "{{日.気がかり}}")
    filled = written(told, tmp_path / "out.xlsx", "log", "--week", "--form", str(tmp_path / "form.xlsx"))
    assert "話した" in filled
    assert "ヒミツ" not in filled
    told.done("export", "--ics", "-o", str(tmp_path / "x.ics"), "--force")
    calendar = (tmp_path / "x.ics").read_bytes().replace(b"\r\n ", b"").decode("utf-8")
    assert "乙" in calendar
    assert "ヒミツ" not in calendar


def test_what_is_asked_for_is_there(told: Shell, tmp_path: Path):
    """By key, by label, by role and its plural, several parted by commas; the others stay out."""
    out = tmp_path / "x.html"
    for asked, held in (
        ("impressions", "impression"), ("所感", "impression"), ("own_view", "own_view"), ("手控え", "memo"),
        ("competitors", "competitor"), ("discount", "discount"),
    ):  # fmt: skip
        text = written(told, out, "show", "ENTRY", "--with", asked)
        assert {key for key, value in OWN.items() if value in text} == {held}, asked
    text = written(told, out, "show", "ENTRY", "--with", "impressions、競合")
    assert {key for key, value in OWN.items() if value in text} == {"impression", "competitor"}
    assert OWN["competitor"] in written(told, out, "lessons", "lost", "--with", "competitors")
    assert OWN["own_view"] in written(told, out, "deal", "story", "甲", "--impressions")
    assert "日ヒミツ六" in written(told, out, "log", "--week", "--with", "気がかり")


def test_no_field_of_that_name_is_an_error_that_names_those_there_are(told: Shell, tmp_path: Path):
    """`--with feelings`: usage, and what may be asked for."""
    refused = told("log", "-o", str(tmp_path / "x.html"), "--with", "feelings")
    assert refused.code == 2
    assert "feelings" in refused.err
    assert "impression (所感)" in refused.err


def test_exports_csv_json_and_the_screen_are_whole(told: Shell, tmp_path: Path):
    """They are the team's own: every such word is there."""
    whole = [
        told.done("deal", "show", "甲").out, told.done("log", "--json").out, written(told, tmp_path / "x.csv", "log"),
        written(told, tmp_path / "x.md", "deal", "show", "甲"), written(told, tmp_path / "y.xlsx", "export", "--format", "xlsx"),
    ]  # fmt: skip
    for text in whole:
        assert [value for value in OWN.values() if value not in text] == []


def test_a_field_of_every_page_cant_be_kept_out(nippo: Shell):
    """An agreement that keeps the amount out of files is refused, with the line; one that lets impressions in is taken."""
    nippo.done("init")
    schema = nippo.journal / "schema.yaml"
    text = schema.read_text(encoding="utf-8")
    schema.write_text(text.replace("    role: amount\n", "    role: amount\n    in_files: false\n"), encoding="utf-8")
    refused = nippo("schema", "check")
    assert refused.code == 3
    assert "role: amount" in refused.out + refused.err
    schema.write_text(
        text.replace("    role: impression\n", "    role: impression\n    in_files: true\n"), encoding="utf-8"
    )
    assert nippo("schema", "check").code == 0
