"""Words that put something off to next year: `来年の予算で`, `年明けに`, `next fiscal year`."""

import re
from datetime import date
from typing import Final
from unicodedata import normalize

_MONTH: Final = re.compile(r"(?<!再)(?:来年|翌年)\s*(1[0-2]|[1-9])月")
_AFTER_NEXT: Final = re.compile(r"再来年")
_FISCAL: Final = re.compile(r"来年度|次年度|翌年度|来期|翌期|next fiscal year|next fy\b", re.IGNORECASE)
_YEAR: Final = re.compile(r"(?<!再)来年|翌年|年明け|next year|new year", re.IGNORECASE)


def next_year_day(text: str, said_on: date, fiscal_year_start: int) -> tuple[date, str] | None:
    """The first day of what a text puts something off to, and the words; None where it puts nothing off to another year.

    `来年4月` is the 1st of that month, `来年度` and `来期` begin in the month `fiscal_year_start` (1–12), `来年` and `年明け` on
    1 January, `再来年` a year later. Of several the first of these that the text has.

    Rule: docs/gaps.md#revisit
    """
    plain = normalize("NFKC", text)
    if match := _MONTH.search(plain):
        return date(said_on.year + 1, int(match[1]), 1), match[0]
    if match := _AFTER_NEXT.search(plain):
        return date(said_on.year + 2, 1, 1), match[0]
    if match := _FISCAL.search(plain):
        year = said_on.year + (said_on.month >= fiscal_year_start)
        return date(year, fiscal_year_start, 1), match[0]
    if match := _YEAR.search(plain):
        return date(said_on.year + 1, 1, 1), match[0]
    return None
