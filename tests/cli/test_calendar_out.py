"""`nippo export --ics`: what was promised for a day, opened by the library that other programs use."""

from datetime import date
from pathlib import Path

import pytest
from icalendar import Calendar
from shell import Shell


def events(text: str) -> dict[str, tuple[date, date, str]]:
    """Each event by its title: its first day, the day behind its last, and whether it takes time."""
    calendar = Calendar.from_ical(text)
    return {
        str(event["summary"]): (event.decoded("dtstart"), event.decoded("dtend"), str(event["transp"]))
        for event in calendar.walk("VEVENT")
    }


@pytest.fixture
def lived(nippo: Shell) -> Shell:
    """A deal with a step and a month, one that is another's, one that was lost, and a customer to be called."""
    nippo.deal("機械", "--closes", "2027-03", facts="見積の話")
    nippo.deal("装置", facts="紹介")
    nippo.done("deal", "assign", "装置", "鈴木")
    nippo.deal("部品", facts="電話")
    nippo.done(
        "add", "部品", "--activity", "電話", "--stage", "失注", "--lost-reason", "価格", "-m", "他社に決定", "--later"
    )
    nippo.done("customer", "revisit", "青葉製作所", "--on", "2027-05-10", "-m", "来期の予算")
    return nippo


def test_steps_closes_and_calls_have_their_days(lived: Shell):
    """All-day, without taking time; a month on its last day; nothing of what is lost."""
    day = (date(2026, 11, 30), date(2026, 12, 1), "TRANSPARENT")
    assert events(lived.done("export", "--ics").out) == {
        "見積提出: 機械（青葉製作所）": day,
        "見積提出: 装置（青葉製作所）": day,
        "受注予定: 機械（青葉製作所）": (date(2027, 3, 31), date(2027, 4, 1), "TRANSPARENT"),
        "掘り起こし: 青葉製作所": (date(2027, 5, 10), date(2027, 5, 11), "TRANSPARENT"),
    }


def test_it_may_be_one_owners(lived: Shell, tmp_path: Path):
    """By the file's ending as well; whoever has no deal is not known."""
    file = tmp_path / "鈴木.ics"
    lived.done("export", "-o", str(file), "--owner", "鈴木")
    assert list(events(file.read_text("utf-8"))) == ["見積提出: 装置（青葉製作所）"]
    assert lived("export", "--ics", "--owner", "誰か").code == 4
    assert lived("export", "--log", "--owner", "鈴木").code == 2


def test_the_same_promise_keeps_its_event(lived: Shell):
    """Put off, it moves: its id is the same, and no other's is."""

    def ids() -> dict[str, tuple[str, date]]:
        calendar = Calendar.from_ical(lived.done("export", "--ics").out)
        return {str(e["summary"]): (str(e["uid"]), e.decoded("dtstart")) for e in calendar.walk("VEVENT")}

    before = ids()
    lived.done(
        "add",
        "機械",
        "--activity",
        "電話",
        "-m",
        "延期",
        "--next-step",
        "見積提出",
        "--next-on",
        "2026-12-10",
        "--later",
    )
    lived.done("customer", "revisit", "青葉製作所", "--on", "2027-06-10", "-m", "延期")
    after = ids()
    title = "見積提出: 機械（青葉製作所）"
    assert (before[title][0], after[title][1]) == (after[title][0], date(2026, 12, 10))
    call = "掘り起こし: 青葉製作所"
    assert (before[call][0], after[call][1]) == (after[call][0], date(2027, 6, 10))
    assert len({uid for uid, _ in after.values()}) == len(after)


def test_letters_that_the_format_uses_come_back(nippo: Shell):
    """Commas, semicolons, backslashes, line ends, long lines."""
    nippo.deal("機械", "--next-step", "a,b;c\\d 長い" + "予定" * 60, facts="x")
    titles = list(events(nippo.done("export", "--ics").out))
    assert titles == ["a,b;c\\d 長い" + "予定" * 60 + ": 機械（青葉製作所）"]
