"""What stands above the header of a sheet: as of which day it is, of which year or month, and in which unit its amounts are."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Final
from unicodedata import normalize

# `単位：千円`, `（金額は万円単位）`, or `(百万円)` alone.
_UNIT: Final = re.compile(
    r"単位\s*(?:は\s*)?:?\s*(?P<after>円|千円?|万円?|百万円?|億円?)|(?<!\d)(?P<before>千円|万円|百万円|億円)単位"
    r"|(?:^|\s)[(\[](?P<alone>千円|万円|百万円|億円)[)\]](?=\s|$)"
)
UNITS: Final = {"円": 1, "千円": 10**3, "万円": 10**4, "百万円": 10**6, "億円": 10**8}

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME: Final = rf"(?P<name>{'|'.join(_MONTHS)})[a-z]*\.?"
_NTH: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_ERA: Final = r"(?:令和|(?<![a-z])R)\s?(?P<era>\d{1,2}|元)"
_YEAR: Final = r"(?P<year>20\d\d)"
# `2026年11月20日`, `R8.11.20`, `2026年10月末`, `Nov 20, 2026`, `20 Nov 2026`, `11/20/2026`, `11月20日`.
_DAYS: Final = tuple(
    re.compile(one, re.IGNORECASE)
    for one in (
        rf"(?<!\d)(?:{_YEAR}|{_ERA})\s?[年/.-]\s?(?P<month>\d{{1,2}})(?:\s?[月/.-]\s?(?P<day>\d{{1,2}})(?!\d)日?|\s?月?(?P<end>末)日?)",
        rf"{_NAME}\s{_NTH},?\s{_YEAR}",
        rf"(?<!\d){_NTH}[\s-]{_NAME}[\s,-]\s?(?:{_YEAR}|'?(?P<short>\d\d)(?!\d))",
        rf"(?<![\d/])(?P<first>\d{{1,2}})/(?P<second>\d{{1,2}})/{_YEAR}",
        r"(?<![年/.\d-])(?P<month>\d{1,2})月(?P<day>\d{1,2})日",
    )
)
_TIME: Final = r"(?:\s?[(][月火水木金土日][)])?(?:[\sT]\d{1,2}[:時]\d{2}(?::\d{2}|分)?)?"
_BEHIND: Final = re.compile(rf"{_TIME}\s?(?:現在|時点|付|更新|作成|出力|集計|抽出|印刷|発行)", re.IGNORECASE)
_BEFORE: Final = re.compile(
    r"(?:基準|作成|出力|集計|抽出|更新|印刷|発行|報告)(?:日時?|年月日)?\s?:?\s?$"
    r"|(?:\bas (?:of|at)|\b(?:exported|generated|printed|created|updated|run|report|snapshot|export)"
    r"(?: (?:on|at|date|as of))*|\bdate)\s?:?\s?$",
    re.IGNORECASE,
)
_FROM_TO: Final = re.compile(r"\s?(?:[~〜–—]|から|以降|まで|-\s|to\b|until\b|through\b)|^[^\S\n]*-\s")
_TO: Final = re.compile(r"(?:[~〜–—]|\s-|から|\bto|\bfrom|\bsince)\s?$", re.IGNORECASE)
_PERIOD: Final = re.compile(
    r"(?:(?P<year>20\d\d)|(?P<era>令和|R)(?P<nth>\d{1,2}))\s*年?(?P<fiscal>度)?(?:\s*(?P<month>\d{1,2})\s*月)?"
)


def unit_of_titles(above: Sequence[str]) -> int:
    """What 1 stands for in the amounts below titles, where one says so: 1,000 for `（単位：千円）`."""
    matched = (match for text in above for match in _UNIT.finditer(normalize("NFKC", text)))
    said = {(one["after"] or one["before"] or one["alone"]).removesuffix("円") + "円" for one in matched}
    return UNITS[said.pop()] if len(said) == 1 else 1


def as_of_title(above: Sequence[str], latest: date) -> date | None:
    """The day as of which titles say that a sheet is (`2026年11月20日現在`, `as of 2026-11-20`, `作成日: R8.11.20`), the last of several;
    else the only day that stands in them, unless it begins or ends a period. None where there is none by `latest`.

    A day without a year is the last such day by `latest`; `11/12/2026` could be two days, and is none.
    """
    marked, bare = list[date](), list[date]()
    for text in above:
        plain = normalize("NFKC", text)
        for day, start, end in _days_in(plain, latest):
            if _BEHIND.match(plain, end) or _BEFORE.search(plain, 0, start):
                marked.append(day)
            elif not _FROM_TO.match(plain, end) and not _TO.search(plain, 0, start):
                bare.append(day)
            else:
                # One end of a period: what else stands there is no day of the sheet's.
                bare += [day, date.max]
    if marked:
        return max((day for day in marked if day <= latest), default=None)
    return bare[0] if len(set(bare)) == 1 and bare[0] <= latest else None


def _days_in(text: str, latest: date) -> Iterator[tuple[date, int, int]]:
    """The days of a text, each with where it begins and ends."""
    met = list[tuple[int, int]]()
    for pattern in _DAYS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < last and first < end for first, last in met):
                continue
            met.append((start, end))
            with suppress(ValueError):
                yield _day(match.groupdict(), latest), start, end


def _day(said: dict[str, str | None], latest: date) -> date:
    """The day of what a pattern matched.

    Raises:
        ValueError: there is no such day, or it could be two.
    """
    era = said.get("era")
    short = said.get("short")
    named = said.get("year") or era or short
    year = 2018 + (1 if era == "元" else int(era)) if era else int(said.get("year") or latest.year)
    year = 2000 + int(short) if short else year
    if said.get("first"):
        first, second = int(said["first"] or 0), int(said["second"] or 0)
        if max(first, second) <= 12 and first != second:
            raise ValueError(said)
        return date(year, min(first, second), max(first, second))
    month = _MONTHS.index((said["name"] or "").lower()) + 1 if said.get("name") else int(said.get("month") or 0)
    if said.get("end"):
        return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    day = date(year, month, int(said.get("day") or 0))
    return day if named or day <= latest else day.replace(year=year - 1)


def end_of_title(text: str, fiscal_year_start: int, latest: date) -> date | None:
    """The last day of the year, the fiscal year or the month that a title names, or `latest` where that is earlier; None where it
    names none."""
    said = _PERIOD.search(normalize("NFKC", text))
    if said is None or not (said["fiscal"] or said["month"] or "年" in said[0]):
        return None
    year, month = int(said["year"] or 2018 + int(said["nth"] or 0)), int(said["month"] or 0)
    if said["fiscal"]:
        # The months before the fiscal year's first are of the next calendar year.
        year = year + (month < fiscal_year_start) if month else year + (fiscal_year_start > 1)
        month = month or (fiscal_year_start - 2) % 12 + 1
    month = month or 12
    if not 1 <= month <= 12:
        return None
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return min(last, latest)
