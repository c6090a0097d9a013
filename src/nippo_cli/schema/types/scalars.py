"""The types of a single value: words, names, numbers, amounts, days, yes or no."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from nippo_cli.base.dates import FIRST_YEAR, LAST_YEAR, When, in_years, read_when
from nippo_cli.base.errors import msg
from nippo_cli.base.text import normal_form
from nippo_cli.schema.parts import Amount
from nippo_cli.schema.types.field_type import FieldType, Piece, ValueRefused, plain, shown, sound

if TYPE_CHECKING:
    from nippo_cli.schema.schema import Field, Schema

# The largest number that every reader of JSON takes without rounding.
MOST = 2**53 - 1
# Compiled when a number is first read: most pages show none.
_WHOLE = r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,18})"
# A text field that holds no more is one line: a competitor, a companion.
_ONE_LINE = 200


class Text(FieldType):
    """Words as they were written; `least` and `most` count characters."""

    name_key = "show.type.text"
    roles = frozenset({
        "facts", "impression", "competitor", "next_step", "companions", "source", "customer_words", "own_view", "push_reason",
        "billed_to", "site", "discount",
    })  # fmt: skip
    roles_of_day = frozenset({"remarks", "plan"})
    bounds = "letters"
    limit_key = "show.schema.characters"
    kept_as_typed = True
    takes_any_text = True
    searched_as_it_is = True
    recurs = False

    def read(self, raw: object) -> str:
        """The text, untouched."""
        text = sound(raw)
        self.within(len(text), raw)
        return text

    @classmethod
    def spans_lines(cls, field: "Field") -> bool:
        """Unless it is held to a line's length."""
        return field.most is None or field.most > _ONE_LINE

    @classmethod
    def search_texts(cls, value: Any) -> Iterable[str]:
        """Itself."""
        return (str(value),)


class _OneLine(FieldType):
    """A name: one line, without blanks around it."""

    of_day = False
    bounds = "letters"
    kept_as_typed = True

    def read(self, raw: object) -> str:
        """The name."""
        text = sound(raw).strip()
        # Letters that nobody sees make no name.
        if "\n" in text or "\r" in text or not (normal_form(text) if not text.isascii() else text):
            raise ValueRefused(shown(raw), msg("entry.needs.one_line"))
        self.within(len(text), raw)
        return text


class NameOfDeal(_OneLine):
    """A deal's name. It is no value of an entry, but what the entry belongs to."""

    name_key = "show.type.deal"
    roles = frozenset({"deal"})
    own_role = "deal"


class NameOfCustomer(_OneLine):
    """A customer's name."""

    name_key = "show.type.customer"
    roles = frozenset({"customer", "billed_to", "site"})
    own_role = "customer"
    metavar = "NAME"
    offers = "customers"
    searched_as_it_is = True

    @classmethod
    def search_texts(cls, value: Any) -> Iterable[str]:
        """Itself."""
        return (str(value),)


class Integer(FieldType):
    """A whole number, full-width digits and thousands' commas allowed."""

    name_key = "show.type.integer"
    roles = frozenset({"discount"})
    bounds = "number"
    metavar = "N"
    how_key = "flow.form.integer"
    personal = False

    def read(self, raw: object) -> int:
        """The number."""
        return self.text(raw) if isinstance(raw, str) else self.parsed(raw)

    def text(self, raw: str) -> int:
        """The number of a text."""
        digits = normalize("NFKC", raw).strip().replace("\u2212", "-")
        if not re.fullmatch(_WHOLE, digits, re.ASCII):
            raise ValueRefused(raw, msg("entry.needs.integer"))
        return self._checked(int(digits.replace(",", "")), raw)

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

    name_key = "show.type.money"
    roles = frozenset({"amount", "discount"})
    metavar = "MONEY"
    how_key = "flow.form.money"
    is_amount = True
    previewed = True

    def text(self, raw: str) -> int:
        """The amount of a text, in the currency's smallest unit."""
        from nippo_cli.base.money import UnreadableAmount, read_money

        try:
            amount = read_money(raw, self.reading.schema.currency)
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
        digits = self.reading.schema.currency.digits
        if not digits:
            return str(value)
        whole, rest = divmod(abs(value), 10**digits)
        return f"{'-' if value < 0 else ''}{whole}.{rest:0{digits}}"

    @classmethod
    def pieces(cls, value: Any, field: "Field", schema: "Schema") -> Sequence[Piece]:
        """The amount."""
        del field, schema
        return (Amount(int(value)),)

    @classmethod
    def limit(cls, bound: int) -> Piece:
        """An amount too."""
        return Amount(bound)

    def _bound(self, bound: int | None) -> object:
        return "" if bound is None else self.typed(bound)


class Date(FieldType):
    """A day; where the field is `coarse`, or it is when the next step is due, a week, month, quarter or half too. Without a
    year, the next such day."""

    name_key = "show.type.date"
    roles = frozenset({"closes", "next_on", "accepts", "deadline"})
    takes_coarse = True
    metavar = "DATE"
    how_key = "flow.form.date"
    previewed = True
    dated = True
    personal = False

    def read(self, raw: object) -> str:
        """ISO 8601: a day, or an interval for a coarse date."""
        if isinstance(raw, str):
            return self._text(raw)
        if isinstance(raw, When):
            return self._fine(raw, raw)
        if type(raw) is date:
            return self._fine(When.day(raw), raw)
        raise ValueRefused(shown(raw), msg("entry.needs.date_text"))

    @classmethod
    def how(cls, field: "Field") -> str:
        """A coarse one has more ways."""
        return "flow.form.coarse_date" if _takes_span(field) else cls.how_key

    @classmethod
    def pieces(cls, value: Any, field: "Field", schema: "Schema") -> Sequence[Piece]:
        """The day or days."""
        del field, schema
        return (read_when(str(value)),)

    def _text(self, raw: str) -> str:
        """A date as typed: `2026-11-25` at once, `来月10日` by the rules of dates."""
        iso = raw.strip()
        # The week `2027-W03` is no day, though Python reads its Monday.
        if iso[:4].isdecimal() and iso[4:5] == "-" and "W" not in iso.upper():
            try:
                day = read_when(iso)
            except ValueError:
                pass
            else:
                return self._fine(day, raw)
        from nippo_cli.base.dates import UnreadableDate, read_promise

        schema = self.reading.schema
        try:
            when = read_promise(raw, today=self.reading.today, fiscal_year_start=schema.fiscal_year_start)
        except UnreadableDate as error:
            raise ValueRefused(raw, error.needs) from None
        return self._fine(when, raw)

    def _fine(self, when: When, raw: object) -> str:
        if not when.exact and not _takes_span(self.field):
            raise ValueRefused(shown(raw), msg("entry.needs.exact_day"))
        if when.last < when.first:
            raise ValueRefused(shown(raw), msg("entry.needs.interval"))
        if not (in_years(when.first) and in_years(when.last)):
            raise ValueRefused(shown(raw), msg("date.needs.years", first=FIRST_YEAR, last=LAST_YEAR))
        return str(when)


def _takes_span(field: "Field") -> bool:
    """Whether a date may be as coarse as people know it; a promised step always may: next week, by the end of the month."""
    return field.coarse or field.role == "next_on"


_YES = ("yes", "y", "true", "on", "1", "はい", "有", "有り", "あり", "○", "〇", "◯", "済")
_NO = ("no", "n", "false", "off", "0", "いいえ", "無", "無し", "なし", "×", "✕", "未")


class Boolean(FieldType):
    """Yes or no, in either language."""

    name_key = "show.type.boolean"
    metavar = "yes|no"
    how_key = "flow.form.boolean"
    words = ("yes", "no")
    personal = False

    def read(self, raw: object) -> bool:
        """True or False."""
        return truth(raw)

    def typed(self, value: Any) -> str:
        """`yes` or `no`."""
        return "yes" if value else "no"

    @classmethod
    def pieces(cls, value: Any, field: "Field", schema: "Schema") -> Sequence[Piece]:
        """The word for it."""
        del field, schema
        return (msg("show.yes" if value else "show.no"),)


def truth(raw: object) -> bool:
    """What a yes or no means, whichever word was used.

    Raises:
        ValueRefused: it is neither.
    """
    if isinstance(raw, bool):
        return raw
    said = normal_form(plain(raw))
    for words, meant in ((_YES, True), (_NO, False)):
        if said in map(normal_form, words):
            return meant
    raise ValueRefused(shown(raw), msg("entry.needs.boolean"))
