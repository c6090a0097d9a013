"""What a typed date means: docs/dates.md, row by row, and what holds of every date."""

import itertools
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from nippo_cli.base import language, money
from nippo_cli.base.dates import instant_text, reading as dates
from nippo_cli.base.dates.when import When
from nippo_cli.schema.schema import Currency

PAGE = Path(__file__).parents[2] / "docs" / "dates.md"
TODAY = date(2026, 11, 23)
APRIL = 4
YEARS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


def tables(heading: str) -> list[list[tuple[str, ...]]]:
    """The tables under a heading of the page, their heads left out."""
    section = PAGE.read_text(encoding="utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    found: list[list[tuple[str, ...]]] = []
    for before, line in zip(["", *section.splitlines()], section.splitlines(), strict=False):
        if line.startswith("|") and not before.startswith("|"):
            found.append([])
        if line.startswith("|"):
            found[-1].append(tuple(cell.strip().strip("`") for cell in line.strip("|").split("|")))
    return [rows[2:] for rows in found]


def read_day(said: str, lean: dates.Lean, today: date = TODAY) -> date | None:
    """The day, or None where it is refused."""
    try:
        return dates.read_day(said, today=today, lean=lean)
    except dates.UnreadableDate:
        return None


def read_promise(said: str, today: date = TODAY, start: int = APRIL) -> When | None:
    """The promise, or None where it is refused."""
    try:
        return dates.read_promise(said, today=today, fiscal_year_start=start)
    except dates.UnreadableDate:
        return None


def meant(cell: str) -> date | None:
    """A cell of the page: an ISO date, or `refused`."""
    return None if cell == "refused" else date.fromisoformat(cell)


@pytest.mark.parametrize(
    ("said", "today", "first"),
    [
        ("夏", date(2026, 8, 31), date(2026, 6, 1)), ("夏", date(2026, 9, 1), date(2027, 6, 1)),
        ("冬", date(2027, 2, 28), date(2026, 12, 1)), ("今冬", date(2027, 2, 28), date(2026, 12, 1)),
        ("今春", date(2026, 11, 23), date(2026, 3, 1)), ("来春", date(2027, 1, 5), date(2028, 3, 1)),
        ("来年の冬", TODAY, date(2027, 12, 1)), ("お盆明け", date(2026, 8, 26), date(2026, 8, 17)),
        ("盆明け", date(2026, 8, 27), date(2027, 8, 17)), ("ゴールデンウィーク明け", date(2026, 5, 1), date(2026, 5, 7)),
        ("next spring", TODAY, None), ("連休明け", TODAY, None),
    ],
)  # fmt: skip
def test_a_season_is_the_next_that_is_not_over(said: str, today: date, first: date | None):
    """And 来 is the next year's; what people mean by two springs is refused."""
    promise = read_promise(said, today)
    assert (promise.first if promise else None) == first


@pytest.mark.parametrize(("said", "past", "ahead"), tables("A day")[0])
def test_a_day_means_what_the_page_says(said, past, ahead):
    """Each row holds for a day in the past, for a dated next step and for an expected close."""
    assert read_day(said, "past") == meant(past)
    assert read_day(said, "future") == meant(ahead)
    promise = read_promise(said)
    assert promise == (When.day(date.fromisoformat(ahead)) if meant(ahead) else None)


@pytest.mark.parametrize(("said", "first", "last"), tables("A span that is promised")[0])
def test_a_span_means_what_the_page_says(said, first, last):
    """A promise may be a span; a day may not."""
    assert read_promise(said) == When(date.fromisoformat(first), date.fromisoformat(last))
    if first != last:
        assert read_day(said, "past") is None


@pytest.mark.parametrize(("said", "day"), tables("Since")[0])
def test_since_means_what_the_page_says(said, day):
    """A window begins in the past."""
    assert dates.read_since(said, today=TODAY, fiscal_year_start=APRIL) == date.fromisoformat(day)


@pytest.mark.parametrize(("said", "_why"), tables("Refused")[0])
def test_what_the_page_refuses_is_refused_everywhere(said, _why):
    """No reader takes it, and each says in both languages what it needs."""
    for read in (
        lambda: dates.read_day(said, today=TODAY, lean="past"),
        lambda: dates.read_day(said, today=TODAY, lean="future"),
        lambda: dates.read_promise(said, today=TODAY, fiscal_year_start=APRIL),
        lambda: dates.read_since(said, today=TODAY, fiscal_year_start=APRIL),
    ):
        with pytest.raises(dates.UnreadableDate) as refused:
            read()
        assert refused.value.said == said
        for lang in language.LANGUAGES:
            language.bind(lang)
            assert said in language.say(refused.value.message)
            assert language.say(refused.value.needs) != refused.value.needs.key


@pytest.mark.parametrize(("at", "currency"), [(0, Currency()), (1, Currency("USD", 2))])
def test_amounts_mean_what_the_page_says(at, currency):
    """Each row of the tables of amounts, in yen and in dollars."""
    for said, amount in tables("Amounts")[at]:
        try:
            found = str(money.read_money(said, currency))
        except money.UnreadableAmount:
            found = "refused"
        assert (said, found) == (said, amount)


@pytest.mark.parametrize("said", ["", " ", "0", "d", "+", "+d", "９", "999999d", "+9999y", "9999999日前", "x" * 9999])
def test_nonsense_is_refused_not_a_fault(said):
    """Empty, endless and overflowing texts are refused like any other."""
    assert read_day(said, "past") is None
    assert read_promise(said) is None
    with pytest.raises(dates.UnreadableDate):
        dates.read_since(said, today=TODAY, fiscal_year_start=APRIL)


def test_a_unit_without_a_sign_asks_for_the_sign_in_a_promise():
    """`90d` looks back in `--since`; as a promise it is not taken for either direction."""
    with pytest.raises(dates.UnreadableDate) as refused:
        dates.read_day("90d", today=TODAY, lean="future")
    assert refused.value.needs.key == "date.needs.sign"


def test_since_never_begins_after_today():
    """A window can't begin in the future."""
    with pytest.raises(dates.UnreadableDate) as refused:
        dates.read_since("2026-11-24", today=TODAY, fiscal_year_start=APRIL)
    assert refused.value.needs.key == "date.not_past"


@given(st.text(max_size=50))
def test_no_text_breaks_a_reader(said):
    """Whatever is typed is read or refused."""
    read_day(said, "past")
    read_day(said, "future")
    read_promise(said)


@given(YEARS, YEARS)
def test_every_day_reads_back_from_every_full_form(day, today):
    """A date with its year means that day, whatever day it is today."""
    reiwa = f"令和{day.year - 2018}年{day.month}月{day.day}日"
    forms = [f"{day.year}/{day.month}/{day.day}", f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}"]
    for said in [*forms, *([reiwa] if day >= date(2019, 5, 1) else [])]:
        assert read_day(said, "past", today) == read_day(said, "future", today) == day


@given(YEARS, st.integers(-364, 364))
def test_a_date_without_a_year_is_the_nearest_on_its_side(today, days):
    """The day found is on the side that it leans to and at most a year away."""
    day = today + timedelta(days)
    said = f"{day.month}/{day.day}"
    past, ahead = read_day(said, "past", today), read_day(said, "future", today)
    for found, near in ((past, timedelta(0)), (ahead, timedelta(0))):
        assert found is None or (found.month, found.day) == (day.month, day.day)
        assert found is None or abs(found - today) <= timedelta(366) + near
    assert past is None or past <= today
    assert ahead is None or ahead >= today
    if (day.month, day.day) != (2, 29):
        assert None not in (past, ahead)


@given(YEARS, st.integers(1, 12))
def test_a_fiscal_year_is_parted_by_its_halves_and_quarters(today, start):
    """Two halves and four quarters of a year follow each other without gap or overlap."""
    whole = read_promise(f"{today.year}年度", today, start)
    for parts in (("上期", "下期"), ("Q1", "Q2", "Q3", "Q4")):
        spans = [read_promise(f"{today.year}年度{part}", today, start) for part in parts]
        assert (spans[0].first, spans[-1].last) == whole
        assert all(a.last + timedelta(1) == b.first for a, b in itertools.pairwise(spans))
    assert whole.first == date(today.year, start, 1)


@given(YEARS, st.sampled_from(["上期", "下期", "Q1", "Q2", "Q3", "Q4", "年度内", "3月", "12月"]), st.integers(1, 12))
def test_a_span_without_a_year_is_the_next_that_is_not_over(today, said, start):
    """It ends today or later, and the same span a year before is over."""
    found = read_promise(said, today, start)
    assert found.last >= today
    assert (found.last - today).days < 366


@given(YEARS, st.integers(-600, 600))
def test_months_added_keep_the_day_or_take_the_last(day, months):
    """So many months on is in the month so many on, on the same day or the last one before it."""
    found = dates.add_months(day, months)
    assert found.year * 12 + found.month == day.year * 12 + day.month + months
    assert found.day == day.day or (found.day < day.day and (found + timedelta(1)).day == 1)


@pytest.mark.parametrize(("said", "day"), [
    ("10 days", "2026-11-13"), ("1 day ago", "2026-11-22"), ("2 weeks", "2026-11-09"), ("3 months ago", "2026-08-23"),
    ("1 year ago", "2025-11-23"), ("2年前", "2024-11-23"), ("2週間", "2026-11-09"), ("三日前", "2026-11-20"),
    ("十か月前", "2026-01-23"), ("2ヶ月", "2026-09-23"), ("18m", "2025-05-23"),
])  # fmt: skip
def test_a_window_begins_so_long_ago(said, day):
    """In every unit, in words too; a month back is the same day of the month."""
    assert dates.read_since(said, today=TODAY, fiscal_year_start=APRIL) == date.fromisoformat(day)


@pytest.mark.parametrize(("today", "said", "first", "last"), [
    ("2026-12-30", "今週", "2026-12-28", "2027-01-03"), ("2026-12-30", "来週", "2027-01-04", "2027-01-10"),
    ("2027-01-02", "今週", "2026-12-28", "2027-01-03"), ("2026-12-15", "来月", "2027-01-01", "2027-01-31"),
    ("2026-12-15", "再来月", "2027-02-01", "2027-02-28"), ("2026-12-15", "来月下旬", "2027-01-21", "2027-01-31"),
    ("2028-01-31", "来月下旬", "2028-02-21", "2028-02-29"), ("2026-12-15", "2月上旬", "2027-02-01", "2027-02-10"),
    ("2026-12-15", "Q4", "2027-01-01", "2027-03-31"), ("2027-02-15", "Q4", "2027-01-01", "2027-03-31"),
    ("2027-02-15", "下期", "2026-10-01", "2027-03-31"), ("2027-04-01", "下期", "2027-10-01", "2028-03-31"),
    ("2027-03-31", "年度内", "2026-04-01", "2027-03-31"), ("2027-01-15", "年内", "2027-01-01", "2027-12-31"),
    ("2027-01-15", "今年度Q1", "2026-04-01", "2026-06-30"), ("2027-01-15", "来年度上期", "2027-04-01", "2027-09-30"),
    # 1 May 2026 is a Friday: its first Thursday is the 7th.
    ("2026-04-15", "5月第1週", "2026-05-04", "2026-05-10"), ("2026-04-15", "5月第2週", "2026-05-11", "2026-05-17"),
])  # fmt: skip
def test_a_span_over_new_year_or_the_end_of_the_fiscal_year(today, said, first, last):
    """Weeks, months and fiscal spans go on where the calendar year ends; the fiscal year begins in April."""
    assert read_promise(said, date.fromisoformat(today)) == When(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(("today", "said", "past", "ahead"), [
    ("2027-01-02", "12/31", "2026-12-31", "2027-12-31"), ("2026-12-31", "1/1", "2026-01-01", "2027-01-01"),
    ("2027-01-01", "昨日", "2026-12-31", "2026-12-31"), ("2027-01-01", "先月末", "2026-12-31", "2026-12-31"),
    ("2026-12-31", "3日後", "2027-01-03", "2027-01-03"), ("2027-01-01", "先週金曜", "2026-12-25", "2026-12-25"),
    ("2026-03-31", "先月末", "2026-02-28", "2026-02-28"), ("2028-03-01", "一昨日", "2028-02-28", "2028-02-28"),
])  # fmt: skip
def test_a_day_over_a_boundary(today, said, past, ahead):
    """New Year, the ends of short months."""
    on = date.fromisoformat(today)
    assert (read_day(said, "past", on), read_day(said, "future", on)) == (
        date.fromisoformat(past),
        date.fromisoformat(ahead),
    )


@pytest.mark.parametrize(("said", "day"), [
    ("令和元年5月1日", "2019-05-01"), ("平成31年4月30日", "2019-04-30"), ("平成31年5月1日", None), ("令和元年4月30日", None),
    ("昭和64年1月7日", "1989-01-07"), ("昭和64年1月8日", None), ("平成元年1月8日", "1989-01-08"), ("平成元年1月7日", None),
    ("昭和元年12月25日", "1926-12-25"), ("昭和元年12月24日", None), ("s64.1.7", "1989-01-07"), ("h1.1.7", None),
    ("令和8/9/1", "2026-09-01"), ("平成十二年二月二十九日", "2000-02-29"), ("平成三十年十月二十日", "2018-10-20"),
])  # fmt: skip
def test_an_era_has_a_first_and_a_last_day(said, day):
    """On the day before and after them the year is another era's."""
    assert read_day(said, "past") == (date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(("said", "first"), [
    ("R8.11月", "2026-11-01"), ("R8.11", "2026-11-01"), ("r8/11", "2026-11-01"), ("R8年11月", "2026-11-01"), ("令和8.11月", "2026-11-01"),
    ("Ｒ９．３月", "2027-03-01"), ("令和元/5", "2019-05-01"), ("2026.11月", "2026-11-01"), ("2026/11月", "2026-11-01"), ("R8.13月", None),
    ("2026.1", None), ("R8月", None),
])  # fmt: skip
def test_a_month_is_written_in_short_as_a_day_is(said, first):
    """In an era or not; a bare number is no month, since a sheet takes the last zero off it."""
    when = read_promise(said)
    assert when == (
        When(date.fromisoformat(first), dates.add_months(date.fromisoformat(first), 1) - timedelta(1))
        if first
        else None
    )


@pytest.mark.parametrize(("day", "months", "found"), [
    ("2026-12-31", 1, "2027-01-31"), ("2026-12-31", 2, "2027-02-28"), ("2027-01-31", -1, "2026-12-31"),
    ("2028-02-29", 12, "2029-02-28"), ("2028-02-29", -48, "2024-02-29"), ("2026-03-31", -1, "2026-02-28"), ("2026-05-31", 0, "2026-05-31"),
])  # fmt: skip
def test_months_are_added_over_new_year(day, months, found):
    """Forth and back; the last day of a shorter month where it has not as many."""
    assert dates.add_months(date.fromisoformat(day), months) == date.fromisoformat(found)


def test_no_month_is_added_beyond_the_calendar():
    """The last month there is, and the first."""
    assert dates.add_months(date(9999, 11, 30), 1) == date(9999, 12, 30)
    assert dates.add_months(date(1, 2, 28), -1) == date(1, 1, 28)
    for day, months in ((date(9999, 12, 1), 1), (date(1, 1, 1), -1)):
        with pytest.raises(OverflowError):
            dates.add_months(day, months)


@pytest.mark.parametrize("said", ["9000-01-01", "0999-12-31", "9000年度", "0999-12", "8999年度", "0999年度"])
def test_a_day_of_no_year_that_is_reckoned_with_is_refused(said):
    """Nor is a span of which a part lies in one: the fiscal year 8999 ends in 9000, 999 begins too early."""
    assert read_promise(said) is None
    assert read_promise("8998年度") == When(date(8998, 4, 1), date(8999, 3, 31))
    assert read_promise("1000-01-01") == When.day(date(1000, 1, 1))


@pytest.mark.parametrize(("said", "days"), [
    ("一昨日", -2), ("おととい", -2), ("昨日", -1), ("きのう", -1), ("今日", 0), ("本日", 0), ("きょう", 0), ("明日", 1), ("あした", 1),
    ("あす", 1), ("明後日", 2), ("あさって", 2), ("the day before yesterday", -2), ("yesterday", -1), ("today", 0), ("tomorrow", 1),
    ("the day after tomorrow", 2), ("3日前", -3), ("十日後", 10), ("2週間後", 14), ("1週前", -7), ("3 days ago", -3), ("in 2 weeks", 14),
    ("1 week ago", -7), ("in 1 day", 1), ("今週月曜", 0), ("今週の日曜日", 6), ("先週月曜", -7), ("先々週金曜", -10), ("来週火曜", 8),
    ("再来週木曜", 17), ("last friday", -3), ("this sun", 6), ("next tues", 8), ("next wednesday", 9), ("last thur", -4),
])  # fmt: skip
def test_a_day_counted_from_monday_the_23rd(said, days):
    """In words of either language; a week begins on Monday."""
    assert read_day(said, "past") == read_day(said, "future") == TODAY + timedelta(days)


@pytest.mark.parametrize(("said", "year"), [
    ("今年", 2026), ("本年", 2026), ("昨年", 2025), ("去年", 2025), ("来年", 2027), ("再来年", 2028), ("2030年", 2030), ("令和10年", 2028),
])  # fmt: skip
def test_a_year_in_words(said, year):
    """Of a day, and as a span."""
    assert read_day(f"{said}3月1日", "past") == read_day(f"{said}の3月1日", "future") == date(year, 3, 1)
    assert read_promise(f"{said}中") == When(date(year, 1, 1), date(year, 12, 31))


@pytest.mark.parametrize(("said", "month"), [
    ("先々月", 9), ("先月", 10), ("今月", 11), ("来月", 12), ("再来月", 13), ("last month", 10), ("this month", 11), ("next month", 12),
])  # fmt: skip
def test_a_month_in_words(said, month):
    """Its end, its tenth, and the whole of it as a span where it is not over."""
    first = date(2026 + (month > 12), (month - 1) % 12 + 1, 1)
    last = dates.add_months(first, 1) - timedelta(1)
    end = f"{said}末" if not said.isascii() else f"end of {said}"
    assert read_day(end, "past") == read_day(end, "future") == last
    if not said.isascii():
        assert read_day(f"{said}10日", "past") == first.replace(day=10)
        assert read_promise(f"{said}中旬") == When(first.replace(day=11), first.replace(day=20))
    assert read_promise(said) in (When(first, last), None)


@pytest.mark.parametrize("n", range(1, 13))
def test_an_english_month(n):
    """Whole, by three letters, with a point; with a day before or behind it, and with a year."""
    name = date(2026, n, 1).strftime("%B").lower()
    for said in (name, name[:3], f"{name[:3]}."):
        assert read_promise(f"{said} 2027") == When(
            date(2027, n, 1), dates.add_months(date(2027, n, 1), 1) - timedelta(1)
        )
        assert read_day(f"{said} 9, 2025", "past") == read_day(f"9th {said} 2025", "past") == date(2025, n, 9)
        assert read_day(f"{said} 9", "past") == date(2026 - (n > 11), n, 9)
        assert read_day(f"9 {said}", "future") == date(2027 - (n > 11), n, 9)
    assert read_day("sept 9", "past") == date(2026, 9, 9)


@pytest.mark.parametrize(
    ("said", "on"),
    [("+3d", "2026-11-26"), ("+2w", "2026-12-07"), ("+1m", "2026-12-23"), ("+1y", "2027-11-23"), ("+0d", "2026-11-23")],
)
def test_a_promise_so_far_ahead(said, on):
    """By a sign and a unit; not in the past."""
    assert read_promise(said) == When.day(date.fromisoformat(on))
    assert read_day(said, "past") is None


def test_a_refusal_names_what_that_reader_takes():
    """A day in the past, a day ahead, a promise, a window; a weekday that does not agree, a day that no calendar has."""
    for read, said, needs in (
        (lambda said: dates.read_day(said, today=TODAY, lean="past"), "いつか", "date.needs.past"),
        (lambda said: dates.read_day(said, today=TODAY, lean="future"), "いつか", "date.needs.future"),
        (lambda said: dates.read_promise(said, today=TODAY, fiscal_year_start=4), "いつか", "date.needs.promise"),
        (lambda said: dates.read_since(said, today=TODAY, fiscal_year_start=APRIL), "いつか", "date.needs.since"),
        (lambda said: dates.read_day(said, today=TODAY, lean="past"), "11/20(木)", "date.other_weekday"),
        (lambda said: dates.read_day(said, today=TODAY, lean="past"), "2/30", "date.no_such_day"),
        (lambda said: dates.read_promise(said, today=TODAY, fiscal_year_start=4), "13月", "date.no_such_day"),
        (lambda said: dates.read_day(said, today=TODAY, lean="past"), "金曜", "date.needs.week"),
        (lambda said: dates.read_day(said, today=TODAY, lean="past"), "平成31年5月1日", "date.not_in_era"),
        (lambda said: dates.read_day(said, today=TODAY, lean="past"), "9000/1/1", "date.needs.years"),
    ):
        with pytest.raises(dates.UnreadableDate) as refused:
            read(said)
        assert (refused.value.said, refused.value.needs.key) == (said, needs)


@pytest.mark.parametrize(("at", "text"), [
    ("2026-11-23T18:00:00+09:00", "2026-11-23T09:00:00.000Z"),
    ("2026-01-01T00:00:00.999999+09:00", "2025-12-31T15:00:00.999Z"),
    ("1000-01-01T00:00:00.000999+00:00", "1000-01-01T00:00:00.000Z"),
])  # fmt: skip
def test_an_instant_is_written_in_utc_and_cut_to_milliseconds(at: str, text: str):
    """Never rounded up: a record would be of a moment that had not come."""
    assert instant_text(datetime.fromisoformat(at)) == text
