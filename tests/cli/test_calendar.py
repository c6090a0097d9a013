"""`nippo import FILE.ics`: the day's meetings are offered, and become drafts only where a person says so."""

from pathlib import Path

import pytest
from shell import Shell

from nippo_cli.cli.commands import calendar

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:x
X-WR-CALNAME:sato@us.example
BEGIN:VEVENT
UID:1
SUMMARY:甲社 A機の打合せ
DTSTART:20261123T010000Z
DTEND:20261123T020000Z
ORGANIZER;CN=佐藤:mailto:sato@us.example
ATTENDEE;CN=山本 剛:mailto:yamamoto@kou.example
END:VEVENT
BEGIN:VEVENT
UID:2
SUMMARY:乙社 訪問
DTSTART:20261123T050000Z
END:VEVENT
BEGIN:VEVENT
UID:3
SUMMARY:歯医者
CLASS:PRIVATE
DTSTART:20261123T080000Z
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def diary(nippo: Shell, tmp_path: Path) -> Shell:
    """A diary with a live deal of 甲社 and two of 乙社, and a calendar of 23 November."""
    for customer, deal in (("甲社", "A機"), ("乙社", "B機"), ("乙社", "C機")):
        nippo.done(
            "add",
            deal,
            "--new-deal",
            "--customer",
            customer,
            "--activity",
            "訪問",
            "--stage",
            "提案",
            "-m",
            "x",
            "--later",
            "--no-input",
        )
    (tmp_path / "予定.ics").write_text(CALENDAR.replace("\n", "\r\n"), encoding="utf-8")
    return nippo


def test_a_days_meetings_are_shown_with_the_deals_that_their_titles_name(diary: Shell):
    """A customer's only one, too; of two neither. Nothing is written by a look."""
    page = diary.done("import", "予定.ics", "--on", "2026-11-23", "--dry-run", "--json").json
    shown = [(one["title"], one["begins"], one["customer"], one["deal"], one["people"]) for one in page["meetings"]]
    assert shown == [
        ("甲社 A機の打合せ", "10:00", "甲社", "A機", ["山本 剛"]),
        ("乙社 訪問", "14:00", "乙社", None, []),
    ]
    assert page["left_out"] == {"private": 1}
    assert diary.done("draft", "list", "--json").json["drafts"] == []


@pytest.mark.parametrize(
    ("title", "customer", "deal"),
    [
        ("乙社 A機の打合せ", "乙社", None),
        ("乙社 C機", "乙社", "C機"),
        ("A機の打合せ", "甲社", "A機"),
        ("乙社 A機C機", "乙社", "C機"),
    ],
)
def test_a_meeting_with_one_customer_is_never_anothers_deal(
    diary: Shell, tmp_path: Path, title: str, customer: str, deal: str | None
):
    """The deal's name alone does; beside a customer it is theirs or nobody's."""
    text = CALENDAR.replace("甲社 A機の打合せ", title)
    (tmp_path / "予定.ics").write_text(text.replace("\n", "\r\n"), encoding="utf-8")
    page = diary.done("import", "予定.ics", "--on", "2026-11-23", "--dry-run", "--json").json
    assert [(one["customer"], one["deal"]) for one in page["meetings"] if one["title"] == title] == [(customer, deal)]


def test_nothing_is_taken_without_a_yes_in_a_script(diary: Shell):
    """The page stands all the same."""
    answer = diary("import", "予定.ics", "--on", "2026-11-23")
    assert answer.code == 2
    assert "A機" in answer.out
    assert "--yes" in answer.err
    assert diary.done("draft", "list", "--json").json["drafts"] == []


def test_chosen_meetings_become_drafts_that_are_offered_and_come_once(diary: Shell, monkeypatch):
    """The morning page names the draft; the same calendar offers the other alone."""
    monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", property(lambda _: True))
    monkeypatch.setattr(calendar, "line", lambda _: "1")
    diary.done("import", "予定.ics", "--on", "2026-11-23")
    drafts = diary.done("draft", "list", "--json").json["drafts"]
    assert [(one["on"], one["deal"], one["customer"], one["facts"]) for one in drafts] == [
        ("2026-11-23", "A機", "甲社", "甲社 A機の打合せ")
    ]
    assert "書きかけが1件" in diary.done().out
    again = diary.done("import", "予定.ics", "--on", "2026-11-23", "--dry-run", "--json").json["meetings"]
    assert [one["taken"] for one in again] == [True, False]


@pytest.mark.parametrize("said", ["", "\u3000"])
def test_enter_takes_none(diary: Shell, monkeypatch, said: str):
    """Nor is it a failure."""
    monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", property(lambda _: True))
    monkeypatch.setattr(calendar, "line", lambda _: said)
    diary.done("import", "予定.ics", "--on", "2026-11-23")
    assert diary.done("draft", "list", "--json").json["drafts"] == []


def test_a_draft_of_a_meeting_is_completed_and_recorded(diary: Shell):
    """With whom it was; the title waits where what was said is asked for."""
    diary.done("import", "予定.ics", "--on", "2026-11-23", "--yes")
    drafts = {one["facts"]: one["number"] for one in diary.done("draft", "list", "--json").json["drafts"]}
    number = str(drafts["甲社 A機の打合せ"])
    diary.done("draft", "resume", number, "--activity", "訪問", "-m", "価格を詰めた", "--later", "--no-input")
    entry = diary.done("log", "--json", "--limit", "1").json["entries"][0]
    assert (entry["on"], entry["deal"]["name"], entry["values"]["facts"]) == ("2026-11-23", "A機", "価格を詰めた")
    assert entry["values"]["people"] == [{"name": "山本 剛"}]


def test_on_goes_with_a_calendar_alone(diary: Shell, tmp_path: Path):
    """A sheet has days of its own."""
    (tmp_path / "a.csv").write_text("日付,会社\n2026/11/1,甲社\n", encoding="utf-8")
    assert diary("import", "a.csv", "--on", "2026-11-23").code == 2
