"""Field types: one class each, from what was typed or parsed to the one canonical value that the log keeps.

A new type is a class here with its line in `TYPES`. A reader is made once for a field; an import asks it a million
times through `Remembered`, which reads the same text once.

Rule: docs/schema.md#types
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from unicodedata import normalize

from nippo_cli.base.dates import FIRST_YEAR, LAST_YEAR, When, in_years, read_when
from nippo_cli.base.errors import Message, msg
from nippo_cli.base.text import nearest, normal_form
from nippo_cli.schema.booleans import Boolean
from nippo_cli.schema.persons import OnePerson, People
from nippo_cli.schema.reading import (
    Reading,
    Remembered,
    ValueReader,
    ValueRefused,
    empty,
    items,
    parted,
    plain,
    shown,
    sound,
)
from nippo_cli.schema.schema import Field

__all__ = ["MOST", "TYPES", "Reading", "Remembered", "ValueReader", "ValueRefused", "empty", "read", "reader_for"]

# The largest number that every reader of JSON takes without rounding.
MOST = 2**53 - 1
_WHOLE = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,18})", re.ASCII)


class Text(ValueReader):
    """Words as they were written; `least` and `most` count characters."""

    bounds = "letters"
    recurs = False

    def read(self, raw: object) -> str:
        """The text, untouched."""
        text = sound(raw)
        self.within(len(text), raw)
        return text


class Name(ValueReader):
    """A customer's or a deal's name: one line, without blanks around it."""

    bounds = "letters"

    def read(self, raw: object) -> str:
        """The name."""
        text = sound(raw).strip()
        if "\n" in text or "\r" in text or not text:
            raise ValueRefused(shown(raw), msg("entry.needs.one_line"))
        self.within(len(text), raw)
        return text


class OneChoice(ValueReader):
    """One of the field's choices, by key, label or former key, whatever its width and case."""

    def __init__(self, field: Field, reading: Reading) -> None:
        super().__init__(field, reading)
        choices = reading.agreement.choices(field)
        self.labels = tuple(c.label for c in choices)
        # Later ones win: a key beats a label, and a label a former key.
        self._keys = {name: c.key for c in choices for name in c.was}
        self._keys.update((c.label, c.key) for c in choices)
        self._keys.update((c.key, c.key) for c in choices)
        self._folded = {normal_form(name): key for name, key in self._keys.items()}

    def read(self, raw: object) -> str:
        """The choice's key."""
        if type(raw) is not str:
            raw = plain(raw)
        found = self._keys.get(raw) or self._folded.get(normal_form(raw))
        if found is None:
            raise ValueRefused(raw, self.needs(raw))
        return found

    def needs(self, said: str) -> Message:
        """What is allowed, and what may have been meant."""
        near = nearest(said, self.labels, 1)
        if near:
            return msg("entry.needs.choice.near", allowed=self.labels, near=near[0])
        return msg("entry.needs.choice", allowed=self.labels)


class SeveralChoices(ValueReader):
    """Several of the field's choices: a list, or one text parted by commas. Each counts once, in the order said."""

    bounds = "items"

    def __init__(self, field: Field, reading: Reading) -> None:
        super().__init__(field, reading)
        self._one = OneChoice(field, reading)

    def read(self, raw: object) -> list[str]:
        """The choices' keys."""
        found = dict.fromkeys(key for part in items(raw) for key in self._parts(part))
        self.within(len(found), raw)
        return list(found)

    def typed(self, value: Any) -> str:
        """Keys parted by commas."""
        return ",".join(value)

    def _parts(self, raw: object) -> Iterator[str]:
        try:
            yield self._one.read(raw)
        except ValueRefused:
            parts = list(parted(raw)) if isinstance(raw, str) else []
            if len(parts) < 2:
                raise
            yield from (self._one.read(part) for part in parts)


class Integer(ValueReader):
    """A whole number, full-width digits and thousands' commas allowed."""

    bounds = "number"

    def read(self, raw: object) -> int:
        """The number."""
        return self.text(raw) if isinstance(raw, str) else self.parsed(raw)

    def text(self, raw: str) -> int:
        """The number of a text."""
        plain = normalize("NFKC", raw).strip().replace("\u2212", "-")
        if not _WHOLE.fullmatch(plain):
            raise ValueRefused(raw, msg("entry.needs.integer"))
        return self._checked(int(plain.replace(",", "")), raw)

    def parsed(self, raw: object) -> int:
        """The number itself."""
        if type(raw) is not int:
            raise ValueRefused(shown(raw), msg("entry.needs.integer"))
        return self._checked(raw, raw)

    def _checked(self, number: int, raw: object) -> int:
        if abs(number) > MOST:
            raise ValueRefused(shown(raw), msg("entry.needs.number.most", most=MOST))
        self.within(number, raw)
        return number


class Money(Integer):
    """An amount. A text is read as people write it (`120万`, `1,234.50`); a number is the smallest unit's."""

    def text(self, raw: str) -> int:
        """The amount of a text, in the currency's smallest unit."""
        from nippo_cli.base.money import UnreadableAmount, read_money

        try:
            amount = read_money(raw, self.reading.agreement.currency)
        except UnreadableAmount as error:
            raise ValueRefused(raw, error.needs) from None
        return self._checked(amount, raw)

    def parsed(self, raw: object) -> int:
        """The amount itself."""
        if type(raw) is not int:
            raise ValueRefused(shown(raw), msg("entry.needs.money_text"))
        return self._checked(raw, raw)

    def typed(self, value: Any) -> str:
        """The amount with its point, `1234.50`."""
        digits = self.reading.agreement.currency.digits
        if not digits:
            return str(value)
        whole, rest = divmod(abs(value), 10**digits)
        return f"{'-' if value < 0 else ''}{whole}.{rest:0{digits}}"

    def _bound(self, bound: int | None) -> object:
        return "" if bound is None else self.typed(bound)


class Date(ValueReader):
    """A day; where the field is `coarse`, a month, quarter or half too. Without a year, the next such day."""

    def read(self, raw: object) -> str:
        """ISO 8601: a day, or an interval for a coarse date."""
        if isinstance(raw, str):
            return self._text(raw)
        if isinstance(raw, When):
            return self._fine(raw, raw)
        if type(raw) is date:
            return self._fine(When.day(raw), raw)
        raise ValueRefused(shown(raw), msg("entry.needs.date_text"))

    def _text(self, raw: str) -> str:
        plain = raw.strip()
        if plain[:4].isdecimal() and plain[4:5] == "-":
            try:
                kept = read_when(plain)
            except ValueError:
                pass
            else:
                return self._fine(kept, raw)
        from nippo_cli.base.dates import UnreadableDate, read_promise

        agreement = self.reading.agreement
        try:
            found = read_promise(raw, today=self.reading.today, fiscal_year_start=agreement.fiscal_year_start)
        except UnreadableDate as error:
            raise ValueRefused(raw, error.needs) from None
        return self._fine(found, raw)

    def _fine(self, when: When, raw: object) -> str:
        if not when.exact and not self.field.coarse:
            raise ValueRefused(shown(raw), msg("entry.needs.exact_day"))
        if when.last < when.first:
            raise ValueRefused(shown(raw), msg("entry.needs.interval"))
        if not (in_years(when.first) and in_years(when.last)):
            raise ValueRefused(shown(raw), msg("date.needs.years", first=FIRST_YEAR, last=LAST_YEAR))
        return str(when)


TYPES: Mapping[str, type[ValueReader]] = {
    "text": Text,
    "choice": OneChoice,
    "choices": SeveralChoices,
    "integer": Integer,
    "money": Money,
    "date": Date,
    "boolean": Boolean,
    "person": OnePerson,
    "people": People,
    "deal": Name,
    "customer": Name,
}


def reader_for(field: Field, reading: Reading) -> ValueReader:
    """The reader of a field. Make it once, and read with it many times."""
    return TYPES[field.type](field, reading)


def read(field: Field, raw: object, reading: Reading) -> Any:
    """One value, read once: `reader_for(…).read(raw)`.

    Raises:
        Refused: the field does not take it.
    """
    return reader_for(field, reading).read(raw)
