"""Dates as other programs write them: a format per column, read strictly, whatever the machine's locale."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from unicodedata import normalize

DEFAULT_FORMATS = ("%Y-%m-%d", "%Y/%m/%d")

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
_MONTH_OF = {name: i for i, full in enumerate(_MONTHS, start=1) for name in (full, full[:3])} | {"sept": 9}
_NAMED = "|".join(sorted(_MONTH_OF, key=len, reverse=True))
_PARTS: Mapping[str, str] = {
    "Y": r"(?P<year>\d{4})",
    "y": r"(?P<short_year>\d{2})",
    "m": r"(?P<month>\d{1,2})",
    "d": r"(?P<day>\d{1,2})",
    "b": rf"(?P<name>{_NAMED})",
    "B": rf"(?P<name>{_NAMED})",
    "H": r"(?P<hour>\d{1,2})",
    "I": r"(?P<hour>\d{1,2})",
    "p": r"(?P<half>[ap]m)",
    "M": r"(?P<minute>\d{2})",
    "S": r"(?P<second>\d{2})",
    "f": r"\d{1,9}",
    "z": r"(?P<zone>Z|[+-]\d{2}:?\d{2})",
    "%": "%",
}
ReadDay = Callable[[str], date]


class BadFormat(ValueError):
    """A date format with a directive that is not known, or without year, month and day."""


def reader(formats: tuple[str, ...], zone: tzinfo | None = None) -> ReadDay:
    """A function that reads a day in one of the formats and raises ValueError for any other text.

    `%Y %m %d` and the rest are strptime's; `%b` and `%B` are English months. A time of day is read over, but one with
    an offset (`%z`) falls on the day that it is in `zone` (UTC where none is given).

    Raises:
        BadFormat: a format can't be used.
    """
    patterns = [(_pattern(each), "%p" in each) for each in formats]

    def read(text: str) -> date:
        plain = text if text.isascii() else normalize("NFKC", text)
        for pattern, halves in patterns:
            match = pattern.fullmatch(plain)
            if match is not None:
                return _day(match.groupdict(), zone or UTC, halves=halves)
        raise ValueError(text)

    return read


def _pattern(said: str) -> re.Pattern[str]:
    """A date format as a regular expression with a group for each part: `%Y/%m/%d` reads `2026/10/1`."""
    parts, directives = [], set[str]()
    for literal, directive in re.findall(r"([^%]+)|%(.?)", said, re.DOTALL):
        if literal:
            parts.append(re.sub(r"(?:\\?\s)+", r"\\s+", re.escape(normalize("NFKC", literal))))
        elif directive not in _PARTS or directive in directives:
            raise BadFormat(said)
        else:
            directives.add(directive)
            parts.append(_PARTS[directive])
    if not (directives & {"Y", "y"} and directives & {"m", "b", "B"} and "d" in directives):
        raise BadFormat(said)
    try:
        return re.compile("".join(parts), re.ASCII | re.IGNORECASE)
    except re.error as error:
        raise BadFormat(said) from error


def _day(parts: Mapping[str, str | None], zone: tzinfo, *, halves: bool) -> date:
    """The day of the parts that a format matched: `{"year": "2026", "month": "10", "day": "1"}`; in `zone` where an
    offset is said."""
    year = int(parts.get("year") or 0) or _century(int(parts.get("short_year") or 0))
    month = _MONTH_OF[(parts.get("name") or "").lower()] if parts.get("name") else int(parts.get("month") or 0)
    day = date(year, month, int(parts.get("day") or 0))
    hour, minute, second = (int(parts.get(part) or 0) for part in ("hour", "minute", "second"))
    if halves:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + 12 * ((parts.get("half") or "").lower() == "pm")
    # A leap second is real, if rare; datetime knows none.
    moment = datetime(day.year, day.month, day.day, hour, minute, min(second, 59), tzinfo=UTC)
    said = parts.get("zone")
    if not said:
        return day
    return moment.replace(tzinfo=_offset(said)).astimezone(zone).date()


def _century(short: int) -> int:
    """POSIX: 69–99 are of the 20th century."""
    return short + (1900 if short >= 69 else 2000)


def _offset(said: str) -> tzinfo:
    if said.upper() == "Z":
        return UTC
    minutes = int(said[1:3]) * 60 + int(said[-2:])
    return timezone(timedelta(minutes=-minutes if said[0] == "-" else minutes))
