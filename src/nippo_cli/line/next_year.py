"""Words that put something off to next year: `来年の予算で`, `年明けに`, `next fiscal year`."""

import re
from datetime import date
from typing import Final
from unicodedata import normalize

from nippo_cli.base.dates import SEASONS

# `将来期待できる` and `従来年間` speak of no year to come.
_PUT_OFF: Final = re.compile(
    r"(?:(?P<two>再来|翌々)|(?<![再従本以元古将未由外近])来|翌|次(?=年度))(?P<unit>年度|年|期(?![待間限]))"
    r"(?:(?:の|\s)*(?:(?P<month>1[0-2]|0?[1-9])(?:\s*[-~〜,、・]\s*\d{1,2})?月|(?P<part>春|夏|秋|冬|[上下]半?期|前半|後半|年?末)))?"
    r"|(?P<fiscal>next fiscal year|next fy\b)|年明け|next year|new year",
    re.IGNORECASE,
)

# One of these is in whatever puts anything off, as `normalize` and `lower` leave it.
_HINTS: Final = ("来", "翌", "次年度", "年明け", "next year", "new year", "next fiscal year", "next fy")


def may_put_off(text: str) -> bool:
    """Whether a text, or one that it holds, may put anything off to another year: a look that takes a tenth of the time of
    `next_year_day`."""
    plain = normalize("NFKC", text).lower()
    return any(hint in plain for hint in _HINTS)


def next_year_day(text: str, said_on: date, fiscal_year_start: int) -> tuple[date, str] | None:
    """The first day of what a text puts something off to, and the words; None where it puts nothing off to another year.

    `来年4月` is the 1st of that month, `来年夏` that of June (春 is March, 秋 September, 冬 December), `来年後半` that of July,
    `来年末` that of December. `来年度` and `来期` begin in the month `fiscal_year_start` (1–12), and so their halves and ends;
    `来年` and `年明け` begin on 1 January; `再来年`, `再来年度` and `再来期` are a year later. Of several the one that says a month
    or a part of the year, then the latest year, then the fiscal one, then the first in the text.

    Rule: docs/gaps.md#revisit
    """
    put_off = list(_PUT_OFF.finditer(normalize("NFKC", text)))
    if not put_off:
        return None
    match = max(put_off, key=lambda one: (bool(one["month"] or one["part"]), bool(one["two"]), _is_fiscal(one)))
    return _first_day(match, said_on, fiscal_year_start if _is_fiscal(match) else 1), match[0]


def _is_fiscal(match: re.Match[str]) -> bool:
    return bool(match["fiscal"]) or match["unit"] in ("年度", "期")


def _first_day(match: re.Match[str], said_on: date, start: int) -> date:
    """The first day of what was said; `start` is the month in which its year begins."""
    year = said_on.year + (said_on.month >= start) + bool(match["two"])
    month = _month(match, start)
    return date(year + (month < start), month, 1)


def _month(match: re.Match[str], start: int) -> int:
    if match["month"]:
        return int(match["month"])
    part = match["part"] or ""
    if part in SEASONS:
        months = [(SEASONS[part] + after - 1) % 12 + 1 for after in range(3)]
        # The spring of a year that begins in April begins with it.
        return start if start > 1 and start in months else months[0]
    after = 11 if part.endswith("末") else 6 if part.startswith(("下", "後")) else 0
    return (start + after - 1) % 12 + 1
