"""How the days of a file's columns are written, and which columns hold days at all."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from nippo_cli.exchange.cells import CellReader
from nippo_cli.exchange.days import DEFAULT_FORMATS, MONTH
from nippo_cli.exchange.doubts import EXAMPLES, Doubt
from nippo_cli.exchange.mapping import ColumnRef
from nippo_cli.exchange.sampling import DateFormats, Sample, are_months, date_formats, says_year, takes, written_days
from nippo_cli.schema.types import type_of

DAYS: Final = ("on", "began", "changed", "contacted", "closed", "closes", "next_on")
PAST: Final = ("on", "began", "changed", "contacted", "closed")
_WEEKDAY: Final = re.compile("[月火水木金土日]曜|[(（][月火水木金土日][)）]")


def days_of(
    sample: Sample, roles: dict[str, str], cell_reader: CellReader, doubts: list[Doubt], answers: Mapping[str, str]
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
    orders = {
        one.formats[0].startswith("%d/")
        for one in read.values()
        if one and one.formats and not one.either and "/%Y" in one.formats[0]
    }
    first = orders.pop() if len(orders) == 1 else None
    days: dict[str, DateFormats] = {}
    for role, matched in read.items():
        if matched is not None and matched.either:
            doubt = Doubt("date_order", asked[role], "month", ("month", "day"), tuple(columns[role][:EXAMPLES]))
            said = answers.get(doubt.key, answers.get("date_order:", ""))
            if first is None and not said:
                doubts.append(doubt)
            day_first = first if first is not None else said == "day"
            days[asked[role]] = DateFormats(
                matched.formats if not day_first else _day_first(columns[role], cell_reader)
            )
        elif matched is None and role in PAST and are_months(columns[role], cell_reader):
            days[asked[role]] = DateFormats((MONTH, *DEFAULT_FORMATS))
        elif matched is None and role in PAST and (possible := written_days(sample, asked[role], cell_reader)):
            days[asked[role]] = DateFormats(
                (), written=_year(asked[role], possible, sample, cell_reader, doubts, answers)
            )
        elif matched is None and not _is_coarse(role, columns[role], cell_reader):
            del roles[role]
        elif matched is None:
            days.setdefault(asked[role], DateFormats((), coarse=True))
        else:
            days[asked[role]] = matched
    return days


def _year(
    column: str, possible: Sequence[tuple[date, tuple[date, ...]]], sample: Sample, cell_reader: CellReader,
    doubts: list[Doubt], answers: Mapping[str, str],
) -> date:  # fmt: skip
    """By which day a sheet was written whose days lack their year; asked unless a title or the weekdays say it."""
    options = tuple(written.isoformat() for written, _ in possible)
    cells = tuple(tuple(day.isoformat() for day in days) for _, days in possible)
    doubt = Doubt("year", column, options[0], options, tuple(sample.values(column)[:EXAMPLES]), cells)
    said = answers.get(doubt.key, "")
    if said in options:
        return date.fromisoformat(said)
    weekdays = any(_WEEKDAY.search(cell) for cell in sample.values(column))
    if not (weekdays or len(possible) == 1 or says_year(sample, cell_reader)):
        doubts.append(doubt)
    return possible[0][0]


def _is_coarse(role: str, cells: Sequence[str], cell_reader: CellReader) -> bool:
    """Whether the cells are days as coarse as a promise may be: `2026/10`, `2026年上期`."""
    field = cell_reader.schema.by_role.get(role)
    return field is not None and type_of(field).dated and takes(cells, cell_reader.value(ColumnRef(()), field))


def _day_first(cells: Sequence[str], cell_reader: CellReader) -> tuple[str, ...]:
    matched = date_formats(cells, cell_reader, day_first=True)
    return matched.formats if matched is not None else ()
