"""Words that put something off to next year."""

from datetime import date

import pytest

from nippo_cli.line.next_year import next_year_day

SAID = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        ("来年4月にもう一度", 4, (date(2027, 4, 1), "来年4月")),
        ("来年１２月の予算で", 4, (date(2027, 12, 1), "来年12月")),
        ("来年度の予算で", 4, (date(2027, 4, 1), "来年度")),
        ("来期に検討", 12, (date(2026, 12, 1), "来期")),
        ("来年また来てほしい", 4, (date(2027, 1, 1), "来年")),
        ("年明けに", 4, (date(2027, 1, 1), "年明け")),
        ("再来年の移転後", 4, (date(2028, 1, 1), "再来年")),
        ("Call us next year.", 1, (date(2027, 1, 1), "next year")),
        ("Next fiscal year's budget", 4, (date(2027, 4, 1), "Next fiscal year")),
        ("他社に決まった", 4, None),
        ("", 4, None),
    ],
)
def test_what_a_text_puts_off_and_to_when(text: str, start: int, expected: tuple[date, str] | None):
    """Said on 2026-11-23; the fiscal year begins in the month named."""
    assert next_year_day(text, SAID, start) == expected


def test_a_fiscal_year_that_begins_next_month_is_the_next_one():
    """In March 来期 is April, in April it is the April after."""
    assert next_year_day("来期", date(2026, 3, 31), 4) == (date(2026, 4, 1), "来期")
    assert next_year_day("来期", date(2026, 4, 1), 4) == (date(2027, 4, 1), "来期")
