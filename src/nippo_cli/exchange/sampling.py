"""What the cells of columns are, by a sample of rows: days and how they are written, amounts and in which unit, or words."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Final
from unicodedata import normalize

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.exchange.cells import CellReader
from nippo_cli.exchange.days import DEFAULT_FORMATS, MONTH
from nippo_cli.exchange.doubts import EXAMPLES
from nippo_cli.exchange.mapping import ColumnRef
from nippo_cli.exchange.sheet_rows import written_out
from nippo_cli.exchange.sifting import says_total
from nippo_cli.exchange.source import Source, distinct_names
from nippo_cli.exchange.titles import UNITS, end_of_title, unit_of_titles
from nippo_cli.schema.schema import Schema
from nippo_cli.schema.types import ValueRefused, type_of

_NOTHING: Final = (
    "-", "－", "―", "ー", "‐", "N/A", "n/a", "NULL", "null", "None", "(null)", "#N/A", "未定", "TBD", "tbd", "TBA",
)  # fmt: skip
ROWS_LOOKED_AT: Final = 10_000
_VALUES: Final = 300
_MOST_WRONG: Final = 0.05
_FEWEST_DIGITS: Final = 4
_MONTH_NAME: Final = re.compile("jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec", re.IGNORECASE)
_CLOCKS: Final = (
    "",
    " %H:%M",
    " %H:%M:%S",
    " %I:%M %p",
    " %H:%M:%S%z",
    " %H:%M:%S.%f%z",
    "T%H:%M:%S%z",
    "T%H:%M:%S.%f%z",
    "T%H:%M:%S",
)
# By what each may be told from the others: day and month first are tried against each other.
_DAY_FIRST: Final = tuple(f"%d/%m/%Y{clock}" for clock in _CLOCKS)
_MONTH_FIRST: Final = tuple(f"%m/%d/%Y{clock}" for clock in _CLOCKS)
_OTHERS: Final = tuple(
    (f"{day}{clock}",)
    for day in (
        "%Y-%m-%d",
        "%Y/%m/%d",
        "%Y.%m.%d",
        "%Y年%m月%d日",
        "%d %b, %Y",
        "%d %b %Y",
        "%d-%b-%Y",
        "%b %d, %Y",
        "%d.%m.%Y",
        "%Y%m%d",
    )
    for clock in _CLOCKS
)
_SHORT_YEARS: Final = (
    *(one.replace("/", mark) for mark in "/.-" for one in ("%y/%m/%d", "%d/%m/%y", "%m/%d/%y")),
    # As Excel writes a day in English.
    *("%d-%b-%y", "%d %b %y", "%b %d, %y"),
)
_YEARS_BACK, _YEARS_AHEAD = 10, 3
# `（千円）`, `(単位：万)`, `（税抜・百万円）`, `受注額 千円`, `受注額千円`.
_UNIT: Final = re.compile(
    r"(?:[(\[【<\s:/、,・]¥?(円|千円?|万円?|百万円?|億円?)(?:単位)?(?=[)\]】>\s、,・/]|$)|(千円|万円|百万円|億円)$)"
)
# `（円）`, `(k JPY)`: in which money a column is, and what 1 stands for in English.
_MONEY: Final = re.compile(
    r"[(\[（［]\s*(?:単位\s*[:：]?\s*)?"
    r"(?:円|千円|万円|百万円|億円|(?P<before>[km])?\s?(?:jpy|yen|[¥￥])\s?(?P<behind>[km])?)\s*[)\]）］]",
    re.IGNORECASE,
)
# What 1 stands for in a column of amounts, in whatever money: `($K)`, `(k USD)`, `(000s)`.
_SCALE: Final = re.compile(
    r"[(\[]\s*(?:(?P<before>[km])?\s?(?:jpy|yen|usd|eur|gbp|[¥$€£])\s?(?P<behind>[km])?|(?P<alone>[km])|(?P<naughts>'?000s?))\s*[)\]]",
    re.IGNORECASE,
)
_ENGLISH: Final = {"k": 10**3, "m": 10**6}


class DateFormats(NamedTuple):
    """How a column's days are written: as formats of a map, none where they are read without. `either`: the day may come first or the
    month, no cell says which. `coarse`: some are months or halves, as promises may be, and no days on which something happened.
    `written`: they lack their year, and are the latest such days by then, promises the next from then on. `unread`: words in a column
    of promises that name no time (来期に再提案)."""

    formats: tuple[str, ...]
    either: bool = False
    coarse: bool = False
    written: date | None = None
    unread: tuple[str, ...] = ()


class Sample(NamedTuple):
    """The first rows of a file: by column its different cells that say anything, with how often each is there; and how many rows
    were looked at. `nothing` are words that stand for no value in it; `above` is what stands above the header, `written` the day as of
    which the file is, None where nobody knows."""

    columns: tuple[str, ...]
    rows: int
    cells: Mapping[str, Counter[str]]
    lines: Sequence[Sequence[str]]
    nothing: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    written: date | None = None

    @property
    def unit(self) -> int:
        """What 1 stands for in its amounts, where a title says so: 1,000 for `（単位：千円）`."""
        return unit_of_titles(self.above)

    def without(self, lines: Sequence[Sequence[str]]) -> "Sample":
        """The sample without some of its rows."""
        ids = set(map(id, lines))
        left = [line for line in self.lines if id(line) not in ids]
        return _sample_of(self.columns, left, self.nothing)._replace(above=self.above, written=self.written)

    def with_only(self, columns: Collection[str]) -> "Sample":
        """The sample as if nothing stood in any other column."""
        return self._replace(cells={one: cells if one in columns else Counter() for one, cells in self.cells.items()})

    def values(self, column: str) -> list[str]:
        """A column's different cells, those that come first first."""
        return list(self.cells.get(column, ()))

    def is_unique(self, columns: Sequence[str]) -> bool:
        """Whether no two rows looked at agree in all of some columns, and none of them is empty."""
        at = [self.columns.index(column) for column in columns]
        keys = [tuple(line[place].strip() for place in at) for line in self.lines]
        return len(set(keys)) == len(keys) and all(all(key) for key in keys)

    def repeats(self, columns: Sequence[str]) -> bool:
        """Whether rows looked at agree in all of some columns."""
        at = [self.columns.index(column) for column in columns]
        return len({tuple(line[place].strip() for place in at) for line in self.lines}) < len(self.lines)

    def repeated(self, columns: Sequence[str], most: int = 3) -> tuple[str, ...]:
        """What the first rows that agree in all of some columns say in them, or say nothing in one of them."""
        at = [self.columns.index(column) for column in columns]
        keys = Counter(tuple(line[place].strip() for place in at) for line in self.lines)
        return tuple(" ".join(key) for key, times in keys.items() if times > 1 or not all(key))[:most]


def take_sample(source: Source, schema: Schema) -> Sample:
    """The first rows of a file. What the schema has as a choice says something, even where it is a word for nothing."""
    lines: list[Sequence[str]] = []
    # A file that was only looked into may change its encoding further down: the import says where.
    with suppress(UnicodeDecodeError):
        for batch in written_out(source):
            lines += [cells for place, cells in enumerate(batch.rows) if place not in batch.broken and any(cells)]
            if len(lines) >= ROWS_LOOKED_AT:
                break
    columns = tuple(source.columns)
    # What the import will leave out is no row to judge columns by.
    lines = [cells for cells in lines[:ROWS_LOOKED_AT] if tuple(cells) != columns and not says_total(cells)]
    chosen = {
        word
        for field in schema.fields
        if type_of(field).takes_choices
        for choice in schema.choices(field)
        for word in (choice.key, choice.label, *choice.was)
    }
    nothing = [word for word in _NOTHING if word not in chosen]
    return _sample_of(distinct_names(columns), lines, nothing)._replace(above=source.heading.above)


def _sample_of(columns: tuple[str, ...], lines: Sequence[Sequence[str]], words: Sequence[str]) -> Sample:
    """Some rows as a sample in which these words say nothing."""
    cells = {
        name: Counter(text for line in lines if (text := line[at].strip()))
        for at, name in reversed(list(enumerate(columns)))
    }
    nothing = tuple(word for word in words if any(word in counted for counted in cells.values()))
    for counted in cells.values():
        for word in nothing:
            counted.pop(word, None)
    return Sample(columns, len(lines), cells, lines, nothing)


def date_formats(values: Sequence[str], cell_reader: CellReader, *, day_first: bool | None) -> DateFormats | None:
    """How days are written in a column; None where they are none.

    Args:
        day_first: whether the day comes before the month where no cell of the column says it; None where nobody knows.
    """
    values = values[:_VALUES]
    if not values:
        return None
    if _reads(values, (), cell_reader):
        return DateFormats(())
    if _lack_digits(values, cell_reader):
        return DateFormats(("excel",)) if _reads(values, ("excel",), cell_reader) else None
    return _matched(values, cell_reader, day_first=day_first)


def _matched(values: Sequence[str], cell_reader: CellReader, *, day_first: bool | None) -> DateFormats | None:
    """By which of all formats cells can be read, as `date_formats` has it."""
    both = [formats for order in (_DAY_FIRST, _MONTH_FIRST) if (formats := _used(values, order, cell_reader))]
    if len(both) == 2:
        return DateFormats(both[0] if day_first else both[1], day_first is None)
    if both:
        return DateFormats(both[0])
    for formats in (*_OTHERS, ("excel",)):
        if _reads(values, formats, cell_reader):
            return DateFormats(formats)
    mixed = _used(values, tuple(one for formats in _OTHERS for one in formats), cell_reader)
    return DateFormats(mixed) if mixed else _short_years(values, cell_reader)


def _lack_digits(values: Sequence[str], cell_reader: CellReader) -> bool:
    """Whether more cells than may be wrong have fewer digits than any format of a day (a year of two, a month and a day of one each, where
    the month is no name), as names and words do: to hold each against a hundred formats would take most of the time that a wide sheet
    takes."""
    clean, lacking = cell_reader.text(ColumnRef(())), 0
    for value in values:
        with suppress(ValueRefused):
            text = clean(value)
            digits = sum(map(str.isdecimal, normalize("NFKC", text)))
            lacking += bool(text) and digits < _FEWEST_DIGITS - bool(digits and _MONTH_NAME.search(text))
    return lacking > len(values) * _MOST_WRONG


def _short_years(values: Sequence[str], cell_reader: CellReader) -> DateFormats | None:
    """How days with years of two digits are written (`26/04/02`), where only one order makes them all days of this time; else None, since
    such a cell may be read in three ways."""
    today = cell_reader.today
    likely = [one for one in _SHORT_YEARS if (days := _all_days(values, one, cell_reader)) and _are_of_now(days, today)]
    return DateFormats((likely[0],)) if len(likely) == 1 else None


def _all_days(values: Sequence[str], one: str, cell_reader: CellReader) -> list[date]:
    read = cell_reader.day(ColumnRef((), formats=(one,)))
    days = list[date]()
    try:
        for value in values:
            days += [day] if (day := read(value)) is not None else []
    except ValueRefused:
        return []
    return days


def _are_of_now(days: Sequence[date], today: date) -> bool:
    return today.year - _YEARS_BACK <= min(days).year and max(days).year <= today.year + _YEARS_AHEAD


def written_days(sample: Sample, column: str, cell_reader: CellReader) -> list[tuple[date, tuple[date, ...]]]:
    """For days without a year (`11/2(月)`) the days by which the sheet may have been written, the likeliest first, each with what the
    first cells would then mean; none where the column holds anything else.

    A year in a title comes before the file's own day, which comes before earlier years; a weekday beside a day rules out years in
    which it is another's.
    """
    values = sample.values(column)[:_VALUES]
    own, start = sample.written or cell_reader.today, cell_reader.schema.fiscal_year_start
    ends = [*filter(None, (end_of_title(text, start, own) for text in sample.above)), own]
    ends += [own.replace(year=own.year - back, day=min(own.day, 28)) for back in (1, 2, 3, 4, 5)]
    possible = []
    for written in dict.fromkeys(ends):
        read = cell_reader.day(ColumnRef((column,), written=written))
        if takes(values, read):
            days = []
            for cell in values[:EXAMPLES]:
                with suppress(ValueRefused):
                    days += [day] if (day := read(cell)) is not None else []
            possible.append((written, tuple(days)))
    return possible


def says_year(sample: Sample, cell_reader: CellReader) -> bool:
    """Whether a title says of which year, or year and month, a sheet is."""
    start = cell_reader.schema.fiscal_year_start
    return any(end_of_title(text, start, cell_reader.today) for text in sample.above)


def are_months(values: Sequence[str], cell_reader: CellReader) -> bool:
    """Whether the cells of a column are months with their years, or days."""
    return bool(values) and takes(values[:_VALUES], cell_reader.day(ColumnRef((), formats=(MONTH, *DEFAULT_FORMATS))))


def past_days(sample: Sample, column: str, cell_reader: CellReader) -> DateFormats | None:
    """How days, or months, on which something happened are written in a column; None where they are none."""
    values = sample.values(column)
    read = date_formats(values, cell_reader, day_first=None)
    return DateFormats((MONTH, *DEFAULT_FORMATS)) if read is None and are_months(values, cell_reader) else read


def has_day_to_come(
    sample: Sample, column: str, written: DateFormats, cell_reader: CellReader, *, until: date = date.max
) -> bool:
    """Whether a day of a column is after the file's, and by `until`."""
    read = cell_reader.day(ColumnRef((column,), formats=written.formats, written=written.written))
    for cell in sample.values(column):
        with suppress(ValueRefused):
            day = read(cell)
            if day is not None and (sample.written or cell_reader.today) < day <= until:
                return True
    return False


def day_columns(sample: Sample, among: Iterable[str], cell_reader: CellReader) -> tuple[str, ...]:
    """Of some columns those whose cells are days; numbers that a spreadsheet could show as days are none."""
    formats = {
        one: date_formats(sample.values(one), cell_reader, day_first=None) for one in among if sample.values(one)
    }
    return tuple(one for one, read in formats.items() if read is not None and read.formats != ("excel",))


def is_past(sample: Sample, column: str, cell_reader: CellReader) -> bool:
    """Whether no day of a column is to come, however its cells are read."""
    matched = date_formats(sample.values(column), cell_reader, day_first=None)
    read = cell_reader.day(ColumnRef((column,), formats=matched.formats if matched else ()))
    days = list[date]()
    for cell in sample.values(column):
        with suppress(ValueRefused):
            day = read(cell)
            days += [day] if day is not None else []
    return max(days, default=date.max) <= cell_reader.today


def amount_pick(column: str, values: Sequence[str], cell_reader: CellReader, unit: int = 1) -> ColumnRef | None:
    """How an amount is read from a column: as people type it, as ledgers print what is negative, in the unit that its name says; None
    where its cells are no amounts of the schema's currency."""
    plain = ColumnRef((column,), unit=unit_of(column, unit))
    field = cell_reader.schema.by_role.get("amount")
    if field is None or not values:
        return None
    # Cells with units of their own are no multiples of the sheet's.
    bare = plain._replace(unit=unit_of(column))
    picks: list[ColumnRef] = [plain, plain._replace(signs=(1,))]
    if bare != plain:
        picks += [bare, bare._replace(signs=(1,))]
    for pick in picks:
        if takes(values[:_VALUES], cell_reader.value(pick, field)):
            return pick
    return None


def unread_amounts(column: str, values: Sequence[str], cell_reader: CellReader) -> tuple[str, ...]:
    """The cells of a column that is called an amount which can't be read as one; none where the schema has no field for it."""
    field = cell_reader.schema.by_role.get("amount")
    if field is None:
        return ()
    read = cell_reader.value(ColumnRef((column,), unit=unit_of(column)), field)
    return tuple(dict.fromkeys(value for value in values[:_VALUES] if not takes([value], read)))


def says_money(column: str) -> bool:
    """Whether a column's name says in which money it is: `見積（万円）`, `Size (k JPY)`."""
    said = _UNIT.search(normalize("NFKC", column))
    return _MONEY.search(column) is not None or (said is not None and said[0].endswith("円"))


def unit_of(column: str, otherwise: int = 1) -> int:
    """What 1 stands for in a column of amounts, as its name says it: 1,000 for `金額（千円）`; else as its sheet does."""
    said = _UNIT.search(normalize("NFKC", column))
    if said is not None:
        return UNITS[(said[1] or said[2]).removesuffix("円") + "円"]
    scale = _SCALE.search(normalize("NFKC", column))
    if scale is None:
        return otherwise
    letter = scale["before"] or scale["behind"] or scale["alone"]
    return _ENGLISH[letter.lower()] if letter else 10**3 if scale["naughts"] else otherwise


def _used(values: Sequence[str], formats: Sequence[str], cell_reader: CellReader) -> tuple[str, ...]:
    """Of some formats those that the values need, if together they read all of them."""
    left, used = list(values), []
    for one in formats:
        read = cell_reader.day(ColumnRef((), formats=(one,)))
        unread = [value for value in left if not takes([value], read)]
        if len(unread) < len(left):
            used.append(one)
            left = unread
        if not left:
            break
    return tuple(used) if len(left) <= len(values) * _MOST_WRONG else ()


def _reads(values: Sequence[str], formats: tuple[str, ...], cell_reader: CellReader) -> bool:
    return takes(values, cell_reader.day(ColumnRef((), formats=formats)))


def takes(values: Iterable[str], read: object) -> bool:
    """Whether nearly all of some cells can be read."""
    wrong, asked = 0, 0
    for value in values:
        asked += 1
        try:
            read(value)  # type: ignore[operator]
        except ValueRefused:
            wrong += 1
            if wrong > max(asked, 20) * _MOST_WRONG:
                return False
    return wrong <= asked * _MOST_WRONG
