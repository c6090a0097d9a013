"""Which days are days of work, against the Cabinet Office's own list of Japan's holidays."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from diary import AGREEMENT

from nippo_cli.schema.schema import Closure, Currency
from nippo_cli.services.pages.workdays import WorkDays, is_holiday

DATA = Path(__file__).parents[3] / "shared" / "data" / "jp_holidays"
DAYS = WorkDays(AGREEMENT)


def every(first: date, last: date) -> list[date]:
    """Each day from one to another, both included."""
    return [first + timedelta(n) for n in range((last - first).days + 1)]


@pytest.mark.parametrize(("year", "days"), [(2025, 246), (2026, 244)])
def test_a_year_has_so_many_days_of_work(year, days):
    """Counted apart, from the published list."""
    assert sum(DAYS.works(on) for on in every(date(year, 1, 1), date(year, 12, 31))) == days


def test_the_holidays_are_those_that_are_published():
    """Every day from 2000 to the end of the list."""
    files = sorted(DATA.glob("*.csv")) if DATA.is_dir() else []
    if not files:
        pytest.skip("the data sets are not here")
    with files[0].open(encoding="cp932", newline="") as file:
        published = {date(*map(int, row[0].split("/"))) for row in list(csv.reader(file))[1:]}
    last = date(max(on.year for on in published), 12, 31)
    wrong = [on for on in every(date(2000, 1, 1), last) if is_holiday(on) != (on in published)]
    assert wrong == []


def test_closed_days_are_no_days_of_work():
    """The agreement's own, beside the holidays: over New Year the next day of work is 5 January."""
    days = WorkDays(AGREEMENT._replace(closures=(Closure("年末年始", "12-29", "01-04"),)))
    assert (days.after(date(2026, 12, 28)), days.before(date(2027, 1, 5))) == (date(2027, 1, 5), date(2026, 12, 28))


def test_a_holiday_is_skipped_both_ways():
    """Monday 23 November 2026 is one."""
    assert DAYS.after(date(2026, 11, 20)) == date(2026, 11, 24)
    assert DAYS.before(date(2026, 11, 24)) == date(2026, 11, 20)


def test_a_team_elsewhere_has_other_holidays():
    """Neither Japanese nor paid in yen: only weekends and its own closures are known."""
    days = WorkDays(AGREEMENT._replace(language="en", currency=Currency("USD", 2)))
    assert days.works(date(2026, 11, 23))
