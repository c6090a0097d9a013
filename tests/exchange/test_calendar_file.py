"""A calendar's day: recurring meetings, zones, what is nobody's business."""

from datetime import date, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from nippo_cli.exchange.calendar_file import DayOfCalendar, read_day_of_calendar
from nippo_cli.exchange.source import SourceRefused

TOKYO = ZoneInfo("Asia/Tokyo")


def day_of(tmp_path: Path, day: date, *events: str, zone: ZoneInfo = TOKYO, head: str = "") -> DayOfCalendar:
    """What a calendar of some events has on a day."""
    body = "".join(f"BEGIN:VEVENT\n{one.strip()}\nEND:VEVENT\n" for one in events)
    path = tmp_path / "c.ics"
    path.write_text(
        f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{head}{body}END:VCALENDAR\n".replace("\n", "\r\n"), encoding="utf-8"
    )
    return read_day_of_calendar(path, day, zone)


def titles(of: DayOfCalendar) -> list[str]:
    """The meetings' titles."""
    return [one.title for one in of.meetings]


WEEKLY = (
    "UID:1\nSUMMARY:定例\nDTSTART;TZID=Asia/Tokyo:20261102T103000\nDTEND;TZID=Asia/Tokyo:20261102T113000\n"
    "RRULE:FREQ=WEEKLY;UNTIL=20261130T013000Z\nEXDATE;TZID=Asia/Tokyo:20261116T103000"
)
MOVED = "UID:1\nSUMMARY:定例（移動）\nRECURRENCE-ID;TZID=Asia/Tokyo:20261109T103000\nDTSTART;TZID=Asia/Tokyo:20261110T150000"


@pytest.mark.parametrize(
    ("day", "expected"),
    [(2, ["定例"]), (3, []), (9, []), (10, ["定例（移動）"]), (16, []), (23, ["定例"]), (30, ["定例"])],
)
def test_a_recurring_meeting_comes_on_its_days_but_where_it_was_moved_or_cancelled(
    tmp_path: Path, day: int, expected: list[str]
):
    """Weekly to the thirtieth, but for the sixteenth; the ninth was moved to the tenth. The last day's own time is in."""
    assert titles(day_of(tmp_path, date(2026, 11, day), WEEKLY, MOVED)) == expected
    assert titles(day_of(tmp_path, date(2026, 12, 7), WEEKLY, MOVED)) == []


def test_nine_stays_nine_when_summer_time_ends(tmp_path: Path):
    """New York goes back on 1 November 2026: nine there is 22:00 in Tokyo before it and 23:00 after."""
    event = "UID:1\nSUMMARY:call\nDTSTART;TZID=America/New_York:20261026T090000\nDURATION:PT30M\nRRULE:FREQ=DAILY"
    before, after = (day_of(tmp_path, date(2026, *day), event).meetings for day in ((10, 30), (11, 2)))
    assert [one.begins for one in before] == [time(22)]
    assert [one.begins for one in after] == [time(23)]
    assert [one.ends for one in after] == [time(23, 30)]


def test_a_meeting_is_on_the_day_of_the_journals_zone(tmp_path: Path):
    """23:30 UTC is the next morning in Tokyo; a time without a zone is the journal's."""
    utc = "UID:1\nSUMMARY:朝\nDTSTART:20261122T233000Z\nDTEND:20261123T003000Z"
    bare = "UID:2\nSUMMARY:昼\nDTSTART:20261123T120000"
    of = day_of(tmp_path, date(2026, 11, 23), utc, bare)
    assert [(one.title, one.begins) for one in of.meetings] == [("朝", time(8, 30)), ("昼", time(12))]
    assert titles(day_of(tmp_path, date(2026, 11, 22), utc, bare)) == []


def test_an_event_of_whole_days_is_on_each_and_not_on_the_day_that_it_ends_before(tmp_path: Path):
    """From the twenty-first to the twenty-third."""
    event = "UID:1\nSUMMARY:展示会\nDTSTART;VALUE=DATE:20261121\nDTEND;VALUE=DATE:20261124"
    on = [day for day in range(20, 26) if day_of(tmp_path, date(2026, 11, day), event).meetings]
    assert on == [21, 22, 23]
    assert day_of(tmp_path, date(2026, 11, 22), event).meetings[0].begins is None


AT = "DTSTART;TZID=Asia/Tokyo:20261102T103000"


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        # The last day is in where only the day is named.
        ((f"UID:1\nSUMMARY:a\n{AT}\nRRULE:FREQ=WEEKLY;UNTIL=20261116",), [2, 9, 16]),
        ((f"UID:1\nSUMMARY:a\n{AT}\nRRULE:FREQ=WEEKLY;UNTIL=20261116\nEXDATE;VALUE=DATE:20261109",), [2, 16]),
        (("UID:1\nSUMMARY:a\nDTSTART:20261104T100000\nDTEND:20261106T120000",), [4, 5, 6]),
        (("UID:1\nSUMMARY:a\nDTSTART:20261104T100000\nDTEND:20261105T000000",), [4]),
        (("UID:1\nSUMMARY:a\nDTSTART:20261104T100000\nDTEND;VALUE=DATE:20261105",), [4]),
        (("UID:1\nSUMMARY:a\nDTSTART:20261104T100000\nDTEND:20261104T020000Z",), [4]),
        (
            (f"UID:1\nSUMMARY:a\n{AT}\nRRULE:FREQ=WEEKLY;COUNT=2",
             "UID:1\nSUMMARY:a\nRECURRENCE-ID;VALUE=DATE:20261109\nDTSTART:20261110T100000"), [2, 10],
        ),
    ],
)  # fmt: skip
def test_days_that_programs_write_in_place_of_times(tmp_path: Path, events: tuple[str, ...], expected: list[int]):
    """Ends, last days, days that were cancelled or moved; what lasts over midnight is on each of its days."""
    days = {day: day_of(tmp_path, date(2026, 11, day), *events) for day in range(1, 21)}
    assert [day for day, of in days.items() if of.meetings] == expected
    assert not any(of.left_out for of in days.values())


def test_a_meeting_of_several_days_has_its_times_on_the_first(tmp_path: Path):
    """On the others it goes on."""
    event = "UID:1\nSUMMARY:a\nDTSTART:20261104T100000\nDTEND:20261105T120000"
    times = [(one.begins, one.ends) for n in (4, 5) for one in day_of(tmp_path, date(2026, 11, n), event).meetings]
    assert times == [(time(10), time(12)), (None, None)]


@pytest.mark.parametrize(
    "broken",
    [
        "DTSTART:neverZ", f"{AT}\nRRULE:FREQ=WEEKLY;BYDAY=XX", f"{AT}\nRECURRENCE-ID:never", f"{AT}\n{AT}", f"{AT}\nDURATION:x",
        f"{AT}\nRRULE:FREQ=WEEKLY\nEXDATE:x", "DTSTART;VALUE=PERIOD:20261102T010000Z/PT1H",
    ],
)  # fmt: skip
def test_what_is_broken_is_counted_and_costs_no_other(tmp_path: Path, broken: str):
    """Unless it is surely of another day; a private one is private."""
    good = "UID:3\nSUMMARY:甲社\nDTSTART:20261102T010000Z"
    of = day_of(tmp_path, date(2026, 11, 2), f"UID:2\nSUMMARY:y\n{broken}", good)
    assert (titles(of), of.left_out) == (["甲社"], {"unreadable": 1})
    private = day_of(tmp_path, date(2026, 11, 2), f"UID:2\nSUMMARY:y\nCLASS:PRIVATE\n{broken}", good)
    assert private.left_out == {"private": 1}
    weekly, once = (f"UID:2\nSUMMARY:y\n{AT}\n{more}" for more in ("RRULE:FREQ=WEEKLY;BYDAY=XX", "DURATION:x"))
    assert [day_of(tmp_path, date(2026, 11, day), weekly, once).left_out for day in (1, 9)] == [{}, {"unreadable": 1}]


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig", "utf-16"])
def test_a_calendar_is_read_in_the_encoding_that_it_is_in(tmp_path: Path, encoding: str):
    """Older programs write CP932; a line may be folded within a letter."""
    title = "株式会社青葉製作所との打合せ、来期の予算について"
    text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:{title}\r\n{AT}\r\nEND:VEVENT\r\n"
    content = f"{text}END:VCALENDAR\r\n".encode(encoding)
    if encoding == "utf-8":
        at = content.index(title.encode()) + 4
        content = content[:at] + b"\r\n " + content[at:]
    path = tmp_path / "c.ics"
    path.write_bytes(content)
    assert titles(read_day_of_calendar(path, date(2026, 11, 2), TOKYO)) == [title]


def test_what_is_private_cancelled_or_free_time_is_left_out_and_counted(tmp_path: Path):
    """Nothing of it is read on."""
    at = "DTSTART:20261123T010000Z"
    of = day_of(
        tmp_path, date(2026, 11, 23),
        f"UID:1\nSUMMARY:歯医者\nCLASS:PRIVATE\n{at}", f"UID:2\nSUMMARY:x\nCLASS:CONFIDENTIAL\n{at}",
        f"UID:3\nSUMMARY:y\nSTATUS:CANCELLED\n{at}", f"UID:4\nSUMMARY:z\nTRANSP:TRANSPARENT\n{at}", f"UID:5\nSUMMARY:甲社\n{at}",
    )  # fmt: skip
    assert titles(of) == ["甲社"]
    assert of.left_out == {"private": 2, "cancelled": 1, "free": 1}


def test_who_was_asked_comes_by_name_rooms_and_who_declined_do_not(tmp_path: Path):
    """Who is of the calendar's own house is told by the address."""
    event = (
        "UID:1\nSUMMARY:甲社\nDTSTART:20261123T010000Z\nORGANIZER;CN=佐藤:mailto:sato@us.example\n"
        'ATTENDEE;CN="山本 剛":mailto:yamamoto@kou.example\nATTENDEE:mailto:mori@kou.example\n'
        "ATTENDEE;CN=会議室;CUTYPE=ROOM:mailto:room@us.example\nATTENDEE;CN=林;PARTSTAT=DECLINED:mailto:hayashi@kou.example"
    )
    people = day_of(tmp_path, date(2026, 11, 23), event, head="X-WR-CALNAME:sato@us.example\n").meetings[0].attendees
    assert [(one.name, one.own) for one in people] == [("佐藤", True), ("山本 剛", False), ("mori@kou.example", False)]


@pytest.mark.parametrize("text", ["", "BEGIN:VEVENT\n", "a,b\n1,2\n", "BEGIN:VCALENDAR\nBEGIN:VEVENT\n"])
def test_what_is_no_calendar_is_refused(tmp_path: Path, text: str):
    """Or half of one."""
    path = tmp_path / "x.ics"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceRefused):
        read_day_of_calendar(path, date(2026, 11, 23), TOKYO)


def test_a_rule_without_end_or_a_broken_event_costs_nothing(tmp_path: Path):
    """Secondly since 1900; a start that is none."""
    forever = "UID:1\nSUMMARY:x\nDTSTART:19000101T000000Z\nRRULE:FREQ=SECONDLY"
    broken = "UID:2\nSUMMARY:y\nDTSTART:neverZ"
    good = "UID:3\nSUMMARY:甲社\nDTSTART:20261123T010000Z"
    assert "甲社" in titles(day_of(tmp_path, date(2026, 11, 23), forever, broken, good))
