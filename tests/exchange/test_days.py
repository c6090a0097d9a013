"""Dates as other programs write them."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from nippo_cli.exchange.days import BadFormat, reader


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
