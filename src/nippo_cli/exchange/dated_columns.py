"""How the days of a file's columns are written, and which columns hold days at all."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Final

from nippo_cli.exchange.cells import CellReader
from nippo_cli.exchange.days import DEFAULT_FORMATS, MONTH
from nippo_cli.exchange.doubts import EXAMPLES, Decisions, Doubt
from nippo_cli.exchange.mapping import ColumnRef
from nippo_cli.exchange.sampling import DateFormats, Sample, are_months, date_formats, says_year, takes, written_days
from nippo_cli.schema.schema import Field
from nippo_cli.schema.types import ValueRefused, type_of

DAYS: Final = ("on", "began", "changed", "contacted", "closed", "closes", "next_on")
PAST: Final = ("on", "began", "changed", "contacted", "closed")
# A promise without a year may be overdue by so much; less than half a year, or 上期 would be the one that is long over.
_OVERDUE: Final = timedelta(days=150)
_WEEKDAY: Final = re.compile("[月火水木金土日]曜|[(（][月火水木金土日][)）]")


def days_of(
    sample: Sample, roles: dict[str, str], cell_reader: CellReader, decisions: Decisions
) -> dict[str, DateFormats]:
    """How the days of each column are written; a column of something else loses its role. Where one column says whether the day comes
    first, it goes for the others."""
    asked = {role: roles[role] for role in (*DAYS, "accepts") if role in roles}
    columns = {role: sample.values(column) for role, column in asked.items()}
    read = {role: date_formats(cells, cell_reader, day_first=None) for role, cells in columns.items()}
    # A few cells with years of two digits may be read in several ways, which another column of the sheet leaves open no more.
    short = {one.formats for one in read.values() if one and one.formats and "%y" in one.formats[0]}
    for role in [role for role, one in read.items() if one is None and len(short) == 1]:
        (formats,) = short
        if columns[role] and takes(columns[role], cell_reader.day(ColumnRef((), formats=formats))):
            read[role] = DateFormats(formats)
    first = _common_order(read.values())
    days: dict[str, DateFormats] = {}
    for role, matched in read.items():
        column, cells = asked[role], columns[role]
        if matched is not None:
            days[column] = _ordered(column, cells, cell_reader, decisions, first=first) if matched.either else matched
        elif role in PAST and are_months(cells, cell_reader):
            days[column] = DateFormats((MONTH, *DEFAULT_FORMATS))
        elif role in PAST and (possible := written_days(sample, column, cell_reader)):
            days[column] = DateFormats((), written=_year(column, possible, sample, cell_reader, decisions))
        elif column in days:
            continue
        elif (promised := _promised(role, column, sample, cell_reader, decisions)) is not None:
            days[column] = promised
        else:
            del roles[role]
    return days


def _common_order(read: Iterable[DateFormats | None]) -> bool | None:
    """Whether the day comes before the month in all columns that say so; None where none does, or they differ."""
    orders = {
        one.formats[0].startswith("%d/")
        for one in read
        if one and one.formats and not one.either and "/%Y" in one.formats[0]
    }
    return orders.pop() if len(orders) == 1 else None


def _ordered(
    column: str, cells: Sequence[str], cell_reader: CellReader, decisions: Decisions, *, first: bool | None
) -> DateFormats:
    """How a column is written in which day or month may come first: as other columns say (`first`), else as a person does; until one
    did the month comes first."""
    doubt = Doubt("date_order", column, "month", ("month", "day"), tuple(cells[:EXAMPLES]))
    said = decisions.answers.get(doubt.key, decisions.answers.get("date_order:", ""))
    if first is None and not said:
        decisions.doubts.append(doubt)
    day_first = first if first is not None else said == "day"
    matched = date_formats(cells, cell_reader, day_first=day_first)
    return DateFormats(matched.formats if matched is not None else ())


def _year(
    column: str, possible: Sequence[tuple[date, tuple[date, ...]]], sample: Sample, cell_reader: CellReader,
    decisions: Decisions,
) -> date:  # fmt: skip
    """By which day a sheet was written whose days lack their year; asked unless a title or the weekdays say it."""
    options = tuple(written.isoformat() for written, _ in possible)
    cells = tuple(tuple(day.isoformat() for day in days) for _, days in possible)
    doubt = Doubt("year", column, options[0], options, tuple(sample.values(column)[:EXAMPLES]), cells)
    said = decisions.answers.get(doubt.key, "")
    if said in options:
        return date.fromisoformat(said)
    weekdays = any(_WEEKDAY.search(cell) for cell in sample.values(column))
    if not (weekdays or len(possible) == 1 or says_year(sample, cell_reader)):
        decisions.doubts.append(doubt)
    return possible[0][0]


def _promised(
    role: str, column: str, sample: Sample, cell_reader: CellReader, decisions: Decisions
) -> DateFormats | None:
    """How the times of a column of promises are written, as coarse as people know them (`2026/10`, `4月上旬`), words that name none
    (`来期に再提案`) apart; None where most of its cells name none."""
    field = cell_reader.schema.by_role.get(role)
    if field is None or not type_of(field).dated:
        return None
    listed = sample.written or cell_reader.today
    rows = sample.cells[column]
    for written in (None, listed - _OVERDUE, listed):
        read = cell_reader.value(ColumnRef((), written=written), field)
        unread = tuple(cell for cell in rows if not any(map(str.isdecimal, cell)) and not takes([cell], read))
        times = [cell for cell in rows if cell not in unread]
        if times and takes(times, read) and sum(map(rows.__getitem__, unread)) * 2 <= rows.total():
            since = _coming_year(column, times, (written, listed), field, cell_reader, decisions) if written else None
            return DateFormats((), coarse=True, written=since, unread=unread)
    return None


def _coming_year(
    column: str, cells: Sequence[str], options: Sequence[date], field: Field, cell_reader: CellReader, decisions: Decisions
) -> date:  # fmt: skip
    """From when on the promises of a list were made that lack their year: asked where it makes another year of one of them, the nearer
    year first."""
    readings: dict[date, list[str]] = {}
    for written in options:
        read = cell_reader.value(ColumnRef((), written=written), field)
        readings[written] = []
        for cell in cells:
            with suppress(ValueRefused):
                readings[written].append(str(read(cell)))
    near, listed = options
    changed = [
        at for at, (one, other) in enumerate(zip(readings[near], readings[listed], strict=False)) if one != other
    ]
    if not changed:
        return near
    said = tuple(tuple(one[at] for at in changed[:EXAMPLES]) for one in readings.values())
    names = tuple(written.isoformat() for written in options)
    doubt = Doubt("coming_year", column, names[0], names, tuple(cells[at] for at in changed[:EXAMPLES]), said)
    return date.fromisoformat(decisions.decide_among(doubt) or names[0])
