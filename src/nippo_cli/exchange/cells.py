"""From a cell to what a field reads: blanks, texts that mean empty, translations, date formats."""

import json
from collections.abc import Callable, Sequence
from datetime import date, tzinfo
from typing import Any

from nippo_cli.base.dates import FIRST_YEAR, LAST_YEAR, in_years
from nippo_cli.base.errors import msg
from nippo_cli.base.formulas import undefused
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.exchange.days import (
    DEFAULT_FORMATS,
    EXCEL,
    MONTH,
    OtherWeekday,
    ReadDay,
    bare_day,
    likely_serial,
    on_its_weekday,
    reader,
)
from nippo_cli.exchange.mapping import OTHERS, ColumnRef
from nippo_cli.exchange.objects import Structured
from nippo_cli.exchange.reckoning import APART, reckoner
from nippo_cli.exchange.spreadsheet import not_an_error, unwrapped
from nippo_cli.schema.schema import Field, Schema
from nippo_cli.schema.types import Reading, ValueRefused, reader_for, sound, type_of

JSON = "json"
# Of a person's: a column of the name, and one of the title.
PERSON = "person"
_FAR = 400
Clean = Callable[[str], object]


class CellReader(NamedTuple):
    """What every cell of an import is read with. `zone`: the journal's; a time with an offset falls on a day in it.

    `loose`: cells may hold what no encoding can, as JSON's escapes do. `odd`: they may be as spreadsheets leave them, unless
    nippo wrote the file itself (`defused`). `write`: a value as the log writes it.
    """

    schema: Schema
    today: date
    zone: tzinfo
    empty: frozenset[str]
    defused: bool
    loose: bool = False
    write: Callable[[Any], str] = str
    odd: bool = False

    def text(self, pick: ColumnRef) -> Callable[[str], str]:
        """Cell → the text that it stands for, without blanks around it; "" where it is empty. The function raises
        `ValueRefused` where a spreadsheet had no value, or where it is no text that UTF-8 can hold."""
        return self._cleaner(pick, not_an_error if self.odd and not self.defused else sound if self.loose else str)

    def any_text(self, pick: ColumnRef) -> Callable[[str], str]:
        """As `text`, but for any cell: a spreadsheet's error is its text."""
        return self._cleaner(pick, str)

    def _cleaner(self, pick: ColumnRef, checked: Callable[[str], str]) -> Callable[[str], str]:
        """What makes a cell's text of it, by a map's values and blanks; `checked` reads what is none of them."""
        empty, values, defused = self.empty | pick.empty, pick.values, self.defused
        odd = self.odd and not defused
        all_others = OTHERS in values
        others = values.get(OTHERS) or ""

        def clean(cell: str) -> str:
            text = (undefused(cell) if defused else unwrapped(cell) if odd else cell).strip()
            if text in empty:
                return ""
            if text in values:
                return values[text] or ""
            return others if all_others and text else checked(text)

        return reckoner(pick, clean, self.schema.currency) if pick.counts else clean

    def day(self, pick: ColumnRef) -> Callable[[str], date | None]:
        """Cell → the day that it names; None where it is empty. The function raises `ValueRefused`."""
        clean, by_format = self.text(pick), reader(pick.formats or DEFAULT_FORMATS, self.zone)

        def read(cell: str) -> date | None:
            text = clean(cell)
            if not text:
                return None
            return self._day(text, by_format, pick.formats, pick.written)

        return read

    def deal(self, pick: ColumnRef) -> Callable[[str], str]:
        """Cell → the deal's name; "" where it is empty. The function raises `ValueRefused`."""
        clean, field = self.text(pick), self.schema.by_role.get("deal")
        take = reader_for(field, Reading(self.today, self.schema)).read if field else str

        def read(cell: str) -> str:
            text = clean(cell)
            return str(take(text)) if text else ""

        return read

    def value(self, pick: ColumnRef, field: Field) -> Callable[[str], Any]:
        """Cell → the field's canonical value; None where it is empty. The function raises `ValueRefused`."""
        clean = self.raw(pick, field)
        take = reader_for(field, Reading(self.today, self.schema)).read

        def read(cell: str) -> Any:
            raw = clean(cell)
            return None if raw == "" else take(raw)

        return read

    def leaves_name(self, pick: ColumnRef) -> bool:
        """Whether a deal's name is the cell's text, of whatever length, as long as it is one line."""
        field = self.schema.by_role.get("deal")
        bounded = field is not None and (field.least is not None or field.most is not None)
        return self.only_strips(pick) and not bounded and not self.loose

    def only_strips(self, pick: ColumnRef) -> bool:
        """Whether a cell is its text but for blanks around it."""
        return not (pick.values or pick.empty or self.empty or self.defused or self.odd or self.loose)

    def leaves_alone(self, pick: ColumnRef, field: Field) -> bool:
        """Whether a field takes any cell that is not blank as it stands, if it is neither too short nor too long."""
        return type_of(field).takes_any_text and self.only_strips(pick) and not self.loose

    def raw(self, pick: ColumnRef, field: Field) -> Clean:
        """Cell → what the field's own reader is given; "" where it is empty. The function raises `ValueRefused`."""
        if type_of(field).dated:
            return self._date(pick, field)
        clean, empty, values, defused = self.text(pick), self.empty | pick.empty, pick.values, self.defused
        as_json, odd = pick.formats == (JSON,), self.odd and not self.defused

        def person(cell: str) -> object:
            name, title, *_ = (*map(clean, cell.split(APART)), "")
            return {"name": name, "title": title} if name else ""

        def structured(cell: str) -> object:
            if isinstance(cell, Structured) or (as_json and cell[:1] in ("[", "{")):
                return _from_json(cell)
            return clean(cell)

        def untouched(cell: str) -> str:
            # A text is kept as it was written, blanks and line ends included.
            own = undefused(cell) if defused else cell
            plain = own.strip()
            if not plain or plain in empty or plain in values or OTHERS in values:
                return clean(cell)
            return clean(cell) if odd and not_an_error(unwrapped(plain)) != plain else own

        if pick.formats == (PERSON,):
            return person
        return untouched if type_of(field).takes_any_text else structured

    def _date(self, pick: ColumnRef, field: Field) -> Clean:
        """Cell → the text that a date field is given: `2026-10-01` where a format reads it, else as it is; "" where it
        is empty. One that leaves its year open is the next from when it was `written` on."""
        clean, by_format = self.text(pick), reader(pick.formats or DEFAULT_FORMATS, self.zone)
        here = reader_for(field, Reading(pick.written or self.today, self.schema)).read
        later = here if pick.written else reader_for(field, Reading(self._later, self.schema)).read

        def read(cell: str) -> object:
            text = clean(cell)
            if not text:
                return ""
            try:
                return by_format(text).isoformat()
            except OtherWeekday as other:
                raise ValueRefused(text, msg("date.other_weekday", date=other.day)) from None
            except ValueError:
                _refuse_number(text, pick.formats)
                if pick.formats:
                    raise ValueRefused(text, msg("exchange.needs.format", formats=pick.formats)) from None
            value = here(text)
            if later(text) != value:
                raise ValueRefused(text, msg("exchange.needs.year"))
            return value

        return read

    def _day(self, text: str, by_format: ReadDay, formats: Sequence[str], written: date | None) -> date:
        """The day that a text names; refused where it leaves the year open (`10月3日`) and it is not known when that was
        `written`, or no year of nippo's is meant."""
        try:
            day = by_format(text)
        except OtherWeekday as other:
            raise ValueRefused(text, msg("date.other_weekday", date=other.day)) from None
        except ValueError:
            _refuse_number(text, formats)
            if MONTH in formats:
                return self._end_of_month(text)
            if formats:
                raise ValueRefused(text, msg("exchange.needs.format", formats=tuple(formats))) from None
        else:
            if not in_years(day):
                raise ValueRefused(text, msg("date.needs.years", first=FIRST_YEAR, last=LAST_YEAR))
            return day
        return self._named(text, written)

    def _named(self, text: str, written: date | None) -> date:
        """The day that people's words for it mean, as `_day` has it."""
        from nippo_cli.base.dates import UnreadableDate, read_day

        plain = bare_day(text)
        try:
            named = on_its_weekday(read_day(plain, today=written or self.today, lean="past"), text)
            if written is not None:
                return named
            again = read_day(plain, today=self._later, lean="past")
        except OtherWeekday as other:
            raise ValueRefused(text, msg("date.other_weekday", date=other.day)) from None
        except UnreadableDate:
            raise ValueRefused(text, msg("exchange.needs.day")) from None
        if again != named:
            raise ValueRefused(text, msg("exchange.needs.year"))
        return named

    def _end_of_month(self, text: str) -> date:
        """The last day of the month that a text names, or today while it lasts."""
        from nippo_cli.base.dates import UnreadableDate, read_promise

        try:
            when, again = (read_promise(text, today=day, fiscal_year_start=4) for day in (self.today, self._later))
        except UnreadableDate:
            raise ValueRefused(text, msg("exchange.needs.day")) from None
        if when != again:
            raise ValueRefused(text, msg("exchange.needs.year"))
        if (when.first.year, when.first.month) != (when.last.year, when.last.month):
            raise ValueRefused(text, msg("exchange.needs.day"))
        return min(when.last, max(when.first, self.today))

    @property
    def _later(self) -> date:
        """A day of another year: what is read the same on both names its year. An import never guesses one."""
        return date.fromordinal(self.today.toordinal() + _FAR)


def _from_json(cell: str) -> object:
    """What a cell of JSON holds. Raises `ValueRefused` where it is none, or is nested beyond reason."""
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        raise ValueRefused(cell, msg("exchange.needs.json")) from None


def _refuse_number(text: str, formats: Sequence[str]) -> None:
    """Refuse the number of a day, which a spreadsheet shows where a column lost its format, by what it may be."""
    day = likely_serial(text)
    if day is not None and not EXCEL.keys() & set(formats):
        raise ValueRefused(text, msg("exchange.needs.excel", date=day))
