"""Dates as other programs write them."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from nippo_cli.exchange.days import DEFAULT_FORMATS, BadFormat, OtherWeekday, reader


@pytest.mark.parametrize(
    ("said", "written", "day"),
    [
        ("%d/%m/%Y", "02/03/2022", date(2022, 3, 2)),
        ("%m/%d/%Y", "2/3/2022", date(2022, 2, 3)),
        ("%d %b, %Y %H:%M:%S", "16 Apr, 2021 00:03:00", date(2021, 4, 16)),
        ("%B %d, %Y", "september 1, 2021", date(2021, 9, 1)),
        ("%Y年%m月%d日", "２０２６年９月１日", date(2026, 9, 1)),
        ("%Y%m%d", "20260901", date(2026, 9, 1)),
        ("%d.%m.%y", "01.09.26", date(2026, 9, 1)),
        ("%d.%m.%y", "01.09.69", date(1969, 9, 1)),
        ("%m/%d/%Y %I:%M %p", "9/1/2026 12:05 AM", date(2026, 9, 1)),
    ],
)
def test_a_format_reads_what_it_says(said, written, day):
    """As strptime does, in English whatever the machine's locale, full-width digits too."""
    assert reader((said,))(written) == day


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("%Y-%m-%d", "2026-02-30"),
        ("%Y-%m-%d", "2026-9-1x"),
        ("%Y-%m-%d", " 2026-09-01"),
        ("%d/%m/%Y", "13/13/2022"),
        ("%Y-%m-%d", "26-09-01"),
        ("%Y-%m-%d", ""),
        ("%m/%d/%Y %I:%M %p", "9/1/2026 13:05 AM"),
        ("%Y-%m-%d %H:%M", "2026-09-01 24:00"),
    ],
)
def test_anything_else_is_refused(said, written):
    """Never a guess."""
    with pytest.raises(ValueError, match=r".*"):
        reader((said,))(written)


def test_an_offset_puts_a_time_on_the_day_of_the_journal():
    """20:00 in London is the next day in Tokyo."""
    read = reader(("%Y-%m-%dT%H:%M:%S%z",), ZoneInfo("Asia/Tokyo"))
    assert read("2026-09-01T20:00:00Z") == date(2026, 9, 2)
    assert read("2026-09-01T20:00:00+09:00") == date(2026, 9, 1)


@given(
    st.datetimes(),
    st.integers(0, 9),
    st.sampled_from(["Z", "z", "+00:00", "-00:00", "+09:00", "-11:30", "+14:00", "+23:59", "+24:00", "+0900"]),
    st.sampled_from(["Asia/Tokyo", "America/New_York", "Pacific/Apia", "UTC"]),
)
def test_a_time_as_programs_write_it_is_read_as_every_other_is(at, digits, offset, zone):
    """Without a format, as by the one that says how it is written: the same day, or none."""
    written = f"{at:%Y-%m-%dT%H:%M:%S}".zfill(19) + f".{at.microsecond:06}000"[: digits + 1 if digits else 0] + offset

    def day(*formats):
        try:
            return reader(formats, ZoneInfo(zone))(written)
        except ValueError:
            return None

    assert day(*DEFAULT_FORMATS) == day("%Y-%m-%dT%H:%M:%S.%f%z" if digits else "%Y-%m-%dT%H:%M:%S%z")


def test_the_last_second_that_a_leap_second_is_has_its_day():
    """Few clocks know it; the day is the one that it ends."""
    assert reader(DEFAULT_FORMATS)("2016-12-31T23:59:60Z") == date(2016, 12, 31)


@pytest.mark.parametrize("said", ["%Y", "%d/%m", "%Y-%m-%q", "%Y-%m-%d-%d", "%m-%d-%H", "", "%"])
def test_a_format_that_names_no_day_is_refused(said):
    """Year, month and day, each once."""
    with pytest.raises(BadFormat):
        reader((said,))


@given(st.dates(), st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y"]))
def test_every_day_is_read_back(day, said):
    """What strftime writes."""
    written = said.replace("%Y", f"{day.year:04}").replace("%m", f"{day.month:02}").replace("%d", f"{day.day:02}")
    assert reader((said,))(written) == day


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("46346", date(2026, 11, 20)),
        ("46346.4375", date(2026, 11, 20)),
        ("1", date(1900, 1, 1)),
        ("59", date(1900, 2, 28)),
        ("61", date(1900, 3, 1)),
        ("４６３４６", date(2026, 11, 20)),
    ],
)
def test_days_that_excel_counts(said, day):
    """As Excel shows them: its 29 February 1900 never was."""
    assert reader(("excel",))(said) == day
    assert reader(("%Y/%m/%d", "excel"))(said) == day


@pytest.mark.parametrize("said", ["60", "0", "-1", "12345678", "46346x", "9999999"])
def test_what_excel_counts_no_day_by_is_refused(said):
    """Nor what lies behind the calendar."""
    with pytest.raises(ValueError, match=r".*"):
        reader(("excel",))(said)


def test_days_that_old_macs_count():
    """From 1904: 1462 days fewer."""
    assert reader(("excel1904",))("44884") == date(2026, 11, 20)
    assert reader(("excel1904",))("0") == date(1904, 1, 1)


@pytest.mark.parametrize(
    "said",
    [
        "2026/11/20(金)",
        "2026/11/20（金）",
        "2026/11/20 (金曜日) 10:30",
        "2026/11/20(金) 10:30",
        "2026/11/20(金)10:30",
        "2026/11/20 10:30:59",
        "2026/11/20 9:05",
        "2026/11/20 午後 3:00",
        "2026/11/20 15時30分",
        "2026/11/20T10:30:00",
        "2026/11/20 (Fri) 10:30 AM",
        "2026/11/20(Friday)",
        "2026/11/20 金曜日",
        "2026/11/20金曜 10:30",
        "2026/11/20 14:00～15:00",
        "2026/11/20(金) 14:00-15:30",
    ],
)
def test_a_weekday_and_a_time_may_stand_behind_a_day(said):
    """Whatever the format says of the day itself."""
    assert reader(("%Y/%m/%d",))(said) == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2026-11-20T10:30:00+09:00", 20), ("2026-11-20T16:30:00Z", 21), ("2026-11-20T16:30:00.123456z", 21),
        ("2026/11/20 16:30:00 +0000", 21), ("2026-11-20 16:30:00 UTC", 21), ("2026-11-20 00:30:00 JST", 20),
        ("2026-11-20T10:30+09", 20), ("2026-11-20T00:30+09:00[Asia/Tokyo]", 20), ("2026-11-20T00:30:00＋09：00", 20),
        ("2026/11/20（金） 00:30:00+09:00", 20), ("2026-11-20T20:30:00-05:00", 21), ("2026-11-20T20:30-05:00", 21),
        ("2026-11-20 20:30:00 −0500", 21), ("2026-11-20 4:30 PM Z", 21), ("2026-11-20 23:30:00 GMT-0200 (中部大西洋)", 21),
        # Neither a T nor seconds: from when to when.
        ("2026-11-20 20:30-05:00", 20), ("2026-11-20 10:30:00-11:30:00", 20),
    ],
)  # fmt: skip
def test_a_time_with_an_offset_may_stand_behind_a_day(said, day):
    """It falls on the day that it is in the journal's time zone, whatever the format says of the day itself."""
    assert reader(("%Y/%m/%d", "%Y-%m-%d"), ZoneInfo("Asia/Tokyo"))(said) == date(2026, 11, day)


@pytest.mark.parametrize(
    "said",
    [
        "0001-01-01T00:00:00+09:00",
        "9999-12-31T23:59:59Z",
        "2026-11-20T10:30:00+99:99",
        "2026-11-20T25:00:00Z",
        "2026/11/20（月） 10:30:00Z",
    ],
)
@pytest.mark.parametrize("formats", [("%Y/%m/%d", "%Y-%m-%d"), ("%Y-%m-%dT%H:%M:%S%z",)])
def test_a_time_that_is_on_no_day_of_the_calendar_is_refused(said, formats):
    """The calendar ends, or there is no such time."""
    with pytest.raises(ValueError, match=r".*"):
        reader(formats, ZoneInfo("Asia/Tokyo"))(said)


@pytest.mark.parametrize("said", ["2026/11/20(木)", "2026/11/20 (Thu) 10:30", "2026/11/20 木曜日"])
def test_a_weekday_that_is_another_days_is_refused(said):
    """One of the two is mistyped."""
    with pytest.raises(OtherWeekday):
        reader(("%Y/%m/%d",))(said)


@pytest.mark.parametrize(
    "said",
    [
        "2026/11/20 25:00",
        "2026/11/20 10:99",
        "2026/11/20(休)",
        "2026/11/20 x",
        "2026/11/20-1",
        "2026/11/20 14:00-25:00",
    ],
)
def test_nothing_else_may(said):
    """It is not read over."""
    with pytest.raises(ValueError, match=r".*"):
        reader(("%Y/%m/%d",))(said)


def test_a_format_may_say_where_the_weekday_stands():
    """In front, with or without brackets."""
    assert (
        reader(("%a %d.%m.%Y",))("Fri 20.11.2026")
        == reader(("%a%Y年%m月%d日",))("(金)2026年11月20日")
        == date(2026, 11, 20)
    )
    with pytest.raises(OtherWeekday):
        reader(("%a %d.%m.%Y",))("Thu 20.11.2026")
