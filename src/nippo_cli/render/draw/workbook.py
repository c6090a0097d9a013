"""An answer as an Excel workbook: a sheet a list, its cells numbers, dates and texts, never formulas.

Rows are written as they are made and not held. What a sheet can't hold is told: a text longer than a cell, more rows than a sheet.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from tempfile import TemporaryFile
from typing import IO, Any, Final

from nippo_cli.base.errors import Message, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.scratch import scratch_folder
from nippo_cli.base.text import visible, width

# What a sheet holds: rows, the head among them; characters in a cell; digits of a number that stay as they are; days.
_MOST_ROWS: Final = 1_048_576
_LONGEST: Final = 32_767
_EXACT: Final = 1 << 53
_FIRST_DAY: Final = date(1900, 3, 1)

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_NO_NAME: Final = re.compile(r"[\[\]:*?/\\]")
_NAME_LETTERS: Final = 31
# A column is as wide as its widest cell among the first so many rows, within these.
_MEASURED, _NARROWEST, _WIDEST, _BESIDE = 1000, 6, 60, 2
_CHUNK: Final = 1 << 16
# Columns by their key: money in the smallest unit; numbers that may be shares of one; and what is no quantity.
_MONEY: Final = re.compile(
    r"(?:^|[._])(?<!without_)(?:amounts?|gross|tax|revenue|invoiced|difference|remaining)(?:\.|$)"
    r"|(?:^|\.)(?:target|target_of_owners|ordered|firm|by_record|in_month|declared|declared_team|pipeline)$"
)
_SHARES: Final = re.compile(r"(?:^|[._])(?:share|rate|high|low|stated|won|lost|fizzled)$")
_IDS: Final = re.compile(r"(?:^|[._])(?:id|year|entry|deal)$")


class AmountStyle(NamedTuple):
    """How money is shown: the currency, its digits, and the columns, `values.price` or `months.gap`, that hold any besides those
    which are called so; a list within another answer goes by its last name too, `bridge.parts` by `parts`."""

    code: str = "JPY"
    digits: int = 0
    columns: frozenset[str] = frozenset()

    def is_in(self, sheet: str, column: str) -> bool:
        """Whether a sheet's column holds money."""
        named = (column, f"{sheet}.{column}", f"{sheet.rpartition('.')[2]}.{column}")
        return not self.columns.isdisjoint(named) or bool(_MONEY.search(column))

    @property
    def format(self) -> str:
        """Excel's format."""
        sign = "¥" if self.code == "JPY" else f"{self.code} "
        return f'"{sign}"#,##0' + ("." + "0" * self.digits if self.digits else "")


class Sheet(NamedTuple):
    """A sheet: its key and its name, its columns by key and as its head says them, and its rows; where a row is a fact, what each
    is by key."""

    key: str
    name: str
    keys: Sequence[str]
    heads: Sequence[str]
    rows: Iterable[Sequence[object]]
    facts: Sequence[str] = ()


def write(sheets: Iterable[Sheet], money: AmountStyle, tell: Callable[[Message], None]) -> Iterator[bytes]:
    """A workbook in pieces.

    Args:
        tell: called with what could not be written as it is.

    Raises:
        OSError: the disk takes no more.
    """
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    # What is half written lies in one folder, which goes whatever happens: on a full disk XlsxWriter leaves its files.
    with scratch_folder() as folder, TemporaryFile(dir=folder) as file:
        book = Workbook(file, {"constant_memory": True, "tmpdir": str(folder), "strings_to_formulas": False,
                               "strings_to_urls": False, "strings_to_numbers": False})  # fmt: skip
        writer = _BookWriter(book, money)
        for sheet in sheets:
            writer.write(sheet)
        try:
            book.close()
        except FileCreateError as error:
            _let_go(error.__context__)
            # What the system said, say of a full disk.
            raise OSError(*getattr(error.args[0], "args", error.args)) from None
        for message in writer.notices():
            tell(message)
        yield from _chunks(file)


def _let_go(error: BaseException | None) -> None:
    """Make the archive that could not be ended forget its file: it would try once more when it is thrown away, and complain."""
    from traceback import walk_tb
    from zipfile import ZipFile

    for frame, _ in walk_tb(error.__traceback__ if error is not None else None):
        for value in frame.f_locals.values():
            if isinstance(value, ZipFile):
                value.fp = None


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(_CHUNK):
        yield chunk


class _BookWriter:
    """Writes sheets one after the other."""

    def __init__(self, book: Any, money: AmountStyle) -> None:
        self._book = book
        self._money = money
        self._names: set[str] = set()
        self._cut = 0
        self._continued = 0
        self._head = book.add_format({"bold": True, "bottom": 1})
        self._formats = {
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "money": book.add_format({"num_format": money.format}),
            "share": book.add_format({"num_format": "0.0%"}),
            "count": book.add_format({"num_format": "#,##0.###"}),
            "long": book.add_format({"text_wrap": True, "valign": "top"}),
        }

    def write(self, sheet: Sheet) -> None:
        """One list, on as many sheets as it needs."""
        page, widths, at = None, [0] * len(sheet.keys), _MOST_ROWS
        kinds = [self._kind(sheet.key, key) for key in sheet.keys]
        for number, row in enumerate(sheet.rows):
            if sheet.facts:
                kinds = ["plain", self._kind(sheet.key, sheet.facts[number])]
            if at == _MOST_ROWS:
                self._close(page, widths)
                self._continued += page is not None
                page, at = self._begin(sheet, widths), 1
            for column, (kind, value) in enumerate(zip(kinds, row, strict=True)):
                shown = self._put(page, at, column, kind, value)
                if at <= _MEASURED:
                    widths[column] = max(widths[column], shown)
            at += 1
        self._close(page or self._begin(sheet, widths), widths)

    def notices(self) -> Iterator[Message]:
        """What could not be written as it is."""
        if self._cut:
            yield msg("workbook.cut", n=self._cut, most=_LONGEST)
        if self._continued:
            yield msg("workbook.continued", n=self._continued + 1, most=_MOST_ROWS)

    def _begin(self, sheet: Sheet, widths: list[int]) -> Any:
        page = self._book.add_worksheet(self._free_name(sheet.name))
        page.freeze_panes(1, 0)
        for column, head in enumerate(sheet.heads):
            page.write_string(0, column, head, self._head)
            widths[column] = max(widths[column], width(head))
        return page

    def _close(self, page: Any, widths: Sequence[int]) -> None:
        if page is not None:
            for column, columns in enumerate(widths):
                page.set_column(column, column, min(max(columns, _NARROWEST), _WIDEST) + _BESIDE)

    def _free_name(self, wanted: str) -> str:
        """A name that no sheet has yet, of letters that a sheet's may have."""
        bare = _NO_NAME.sub("_", visible(wanted)).strip("' ") or "-"
        for n in range(1, len(self._names) + 2):
            end = "" if n == 1 else f" ({n})"
            name = bare[: _NAME_LETTERS - len(end)] + end
            # Excel keeps this one for itself.
            if name.casefold() not in self._names and name.casefold() != "history":
                break
        self._names.add(name.casefold())
        return name

    def _put(self, page: Any, row: int, column: int, kind: str, value: object) -> int:
        """Write a cell; how many columns wide it is shown."""
        if value is None or value == "":
            return 0
        if isinstance(value, bool):
            page.write_boolean(row, column, value)
            return 6
        if isinstance(value, int | float) and abs(value) < _EXACT:
            return self._put_number(page, row, column, kind, value)
        if isinstance(value, str) and (day := _day(value)) is not None:
            page.write_datetime(row, column, day, self._formats["day"])
            return len(value)
        text = visible(str(value), multiline=True)
        if len(text.encode("utf-16-le")) // 2 > _LONGEST:
            self._cut += 1
            text = _cut(text)
        page.write_string(row, column, text, self._formats["long"] if "\n" in text else None)
        return max(map(width, text.split("\n")))

    def _put_number(self, page: Any, row: int, column: int, kind: str, value: float) -> int:
        if kind == "money" and self._money.digits:
            value /= 10**self._money.digits
        if kind == "share" and type(value) is int:
            kind = "count"
        page.write_number(row, column, value, self._formats.get(kind))
        return len(f"{value:,}") + 2

    def _kind(self, sheet: str, key: str) -> str:
        """What a column's numbers are."""
        if self._money.is_in(sheet, key):
            return "money"
        return "plain" if _IDS.search(key) else "share" if _SHARES.search(key) else "count"


def _day(text: str) -> datetime | None:
    """The day that a text is; None where it is none that Excel has right."""
    if not _DAY.fullmatch(text):
        return None
    try:
        day = datetime.fromisoformat(text)
    except ValueError:
        return None
    return day if day.date() >= _FIRST_DAY else None


def _cut(text: str) -> str:
    """As much of a text as a cell holds; Excel counts halves of pairs."""
    return text.encode("utf-16-le")[: (_LONGEST - 1) * 2].decode("utf-16-le", "ignore") + "…"


def lists_in(answer: Mapping[str, Any]) -> Iterator[tuple[str, Iterable[Mapping[str, Any]]]]:
    """The lists of objects in an answer's JSON, by key; those in an object of it, too."""
    for key, value in answer.items():
        if isinstance(value, Mapping):
            yield from ((f"{key}.{inner}", rows) for inner, rows in lists_in(value))
        elif not isinstance(value, str) and isinstance(value, Iterable) and _has_objects(value):
            yield key, value


def _has_objects(values: Iterable[object]) -> bool:
    return isinstance(next(iter(values), None), Mapping)
