"""Values in words: days, dates, money, rates, norms, and a field's value as its schema labels it.

Dates leave out the year where it is that of the day near them, so that a table keeps to 80 columns.
"""

from collections.abc import Container, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from nippo_cli.base import language
from nippo_cli.base.customers import customer_key, same_customer
from nippo_cli.base.dates import When
from nippo_cli.base.errors import Message
from nippo_cli.base.language import say, t, tn
from nippo_cli.base.money import show_money
from nippo_cli.schema.parts import Amount

if TYPE_CHECKING:
    from nippo_cli.gaps.facts import Sale
    from nippo_cli.line.facts import DealRef, DealSummary, StayArrival
    from nippo_cli.line.norm import Norm, Quiet
    from nippo_cli.schema.schema import Currency, Field, Schema
    from nippo_cli.schema.types import Piece

NOTHING = "–"


def day(on: date, near: date | None = None) -> str:
    """`9/14` or `14 Sep` within the year of `near`, else with its year."""
    return _day(on, language.current(), near=near is not None and on.year == near.year)


def day_name(on: date, near: date | None = None) -> str:
    """A day with its weekday: `9/14(月)`, `Mon 14 Sep`."""
    return t("show.day_name", day=day(on, near), weekday=weekday(on))


def weekday(on: date) -> str:
    """`月`, `Mon`."""
    return t(f"show.weekday_{on.weekday()}")


def when(of: When | None, near: date | None = None) -> str:
    """A day, a month, a span of months, or a span of days; a dash for none."""
    if of is None:
        return NOTHING
    if of.exact:
        return day(of.first, near)
    if of.first.day == 1 and (of.last + timedelta(days=1)).day == 1:
        return _months(of.first, of.last, near=near is not None and of.first.year == near.year)
    return between(of.first, of.last)


def between(first: date, last: date) -> str:
    """Two days, both included; the year is said once where it is the same."""
    if first.year != last.year:
        return t("show.span", first=day(first), last=day(last))
    return t(
        "show.days_between", year=first.year,
        first_month=first.month, first_name=month(first.month), first_day=first.day,
        last_month=last.month, last_name=month(last.month), last_day=last.day,
    )  # fmt: skip


def span_of_days(first: date, last: date) -> str:
    """The days from one to another; one day alone as it is."""
    return day(first) if first == last else between(first, last)


def month(number_of: int) -> str:
    """A month of any year: `4月`, `Apr`."""
    return t(f"show.month_{number_of}")


def year_month(on: date) -> str:
    """A month with its year: `2026年4月`, `Apr 2026`."""
    return _month(on)


def months(n: int) -> str:
    """`7か月`, `7 months`."""
    return tn("show.months", n)


def days(n: int) -> str:
    """`75日`, `75 days`."""
    return _days(n, language.current())


# A long table says the same few again and again.
@lru_cache(maxsize=4096)
def _days(n: int, _language: str) -> str:
    return tn("show.days", n)


def limit(norm_days: int, limit_days: int | None) -> str:
    """A norm, with the closed days that lengthen it: `45日＋休業6日`."""
    closed = (limit_days or norm_days) - norm_days
    return days(norm_days) + (t("deal.norm_closed", days=days(closed)) if closed > 0 else "")


def days_short(n: int | None) -> str:
    """`75日`, `75d`: for tables. A dash for None."""
    return NOTHING if n is None else _days_short(n, language.current())


@lru_cache(maxsize=4096)
def _days_short(n: int, _language: str) -> str:
    return t("show.days_short", n=n)


def stay_short(n: int | None, arrival: "StayArrival" = "known") -> str:
    """The length of a stay; of one begun nobody knows when, at least so long: `75日以上`, `75d+`."""
    return t("show.days_least", n=n) if n is not None and arrival == "unknown" else days_short(n)


def stay_words(n: int, arrival: "StayArrival" = "known") -> str:
    """The same in full: `少なくとも 75日`."""
    return t("show.stay_least", days=days(n)) if arrival == "unknown" else days(n)


def silence_short(n: int, of: "DealSummary") -> str:
    """Days without a contact; since a list that hides when the last one was, at least so many: `75日以上`, `75d+`."""
    return t("show.days_least", n=n) if of.silence_at_least else days_short(n)


def silence_words(n: int, of: "DealSummary") -> str:
    """The same in full: `少なくとも 75日`."""
    return t("show.stay_least", days=days(n)) if of.silence_at_least else days(n)


def silence_against(n: int, limit_days: int, of: "DealSummary") -> str:
    """The same against the quiet limit: `75日/60日`."""
    return f"{silence_short(n, of)}/{days_short(limit_days)}"


def contacts(of: "DealSummary") -> str:
    """How often the customer was met: `接触3回`; of a deal that a list tells of at least so often, or nobody knows."""
    if of.contacts_known:
        return tn("deal.contacts", of.contacts)
    return tn("deal.contacts_least", of.contacts) if of.contacts else t("deal.contacts_unknown")


def contacts_short(of: "DealSummary") -> str:
    """The same without the word for it: `3回`."""
    if of.contacts_known:
        return t("lessons.times", n=f"{of.contacts:,}")
    return t("show.times_least", n=f"{of.contacts:,}") if of.contacts else t("show.contacts_unknown")


def stage(schema: "Schema", key: str) -> str:
    """A stage as it is called; words for the one that nobody knows."""
    return schema.stage_label(key) if key else t("show.stage_unknown")


def held_against(stay_days: int | None, norm_days: int | None, arrival: "StayArrival" = "known") -> str:
    """A stay against its norm: `75日/30日`."""
    if stay_days is None:
        return NOTHING
    shown = stay_short(stay_days, arrival)
    return shown if norm_days is None else f"{shown}/{days_short(norm_days)}"


def money(n: int | None, currency: "Currency") -> str:
    """An amount in full, never rounded; a dash where it is unknown."""
    return NOTHING if n is None else show_money(n, currency)


def percent(rate: float | None, n: int | None = None) -> str:
    """A rate with one place, and the n that it is a rate of."""
    if rate is None:
        return t("show.no_rate")
    shown = f"{rate:.1%}"
    return shown if n is None else t("show.rate_of", rate=shown, n=f"{n:,}")


def share_of(hits: int, n: int) -> str:
    """A share with one place; of few what was counted, `1/6`: no rate of them is a number. Words for none where there is nothing
    to share."""
    from nippo_cli.lessons import LEAST_RATE

    return f"{hits:,}/{n:,}" if 0 < n < LEAST_RATE else percent(hits / n if n else None)


def number(of: float) -> str:
    """A mean or a median with at most one place."""
    return f"{of:.1f}".removesuffix(".0")


def counted(key: str, n: int, **params: object) -> str:
    """A key's words for the number `n`, its thousands marked."""
    return tn(key, n, n=f"{n:,}", **params)


def norm_source(norm: "Norm | Quiet") -> str:
    """Where a norm or the quiet limit comes from, with its n where anything was counted."""
    from nippo_cli.line.norm import Norm

    area = "norm" if isinstance(norm, Norm) else "quiet"
    return t(f"show.{area}_{norm.source}", n=f"{norm.n:,}")


def deal(of: "DealRef | DealSummary", *, beside: str = "", apart: Container[str] | None = None) -> str:
    """A deal by its name and its customer, since a name recurs at every customer: by its name alone `beside` that customer's.

    Args:
        apart: as in `same_customer`; None where nobody knows, so that names are the same only where their legal forms are.
    """
    is_same = (
        customer_key(of.customer) == customer_key(beside)
        if apart is None
        else same_customer(of.customer, beside, apart)
    )
    if not of.customer or is_same:
        return of.name
    return t("show.deal_of", name=of.name, customer=of.customer)


def person(of: Mapping[str, Any]) -> str:
    """A person with their title, marked where they decide."""
    from nippo_cli.schema.types import person_piece

    shown = person_piece(of)
    return say(shown) if isinstance(shown, Message) else str(shown)


def value(field: "Field", said: Any, schema: "Schema", near: date | None = None, *, weekdays: bool = False) -> str:
    """A canonical value as a person reads it; a dash for None. `weekdays`: a day is told with its weekday."""
    if said is None:
        return NOTHING
    # Most pages show no field's value, and load no type.
    from nippo_cli.schema.types import type_of

    pieces = type_of(field).pieces(said, field, schema)
    return t("show.comma").join(piece(one, schema, near, weekdays=weekdays) for one in pieces)


def piece(of: "Piece", schema: "Schema", near: date | None = None, *, weekdays: bool = False) -> str:
    """One of the pieces that a value is shown by; a message's number with its thousands marked."""
    if isinstance(of, str):
        return of
    if isinstance(of, Amount):
        return show_money(of.minor, schema.currency)
    if isinstance(of, When):
        return day_name(of.first, near) if weekdays and of.exact else when(of, near)
    n = of.params.get("n")
    return counted(of.key, n) if isinstance(n, int) else say(of)


def cause_label(key: str, schema: "Schema") -> str:
    """A cause's label; one that the schema no longer knows stands for itself."""
    return next((cause.label for cause in schema.causes if key == cause.key or key in cause.was), key)


@lru_cache(maxsize=8192)
def _day(on: date, _language: str, *, near: bool) -> str:
    key = "show.day" if near else "show.day_year"
    return t(key, day=on.day, month=on.month, month_name=month(on.month), year=on.year)


def _months(first: date, last: date, *, near: bool) -> str:
    """One month, or a span of whole months; the year is said once where it is the same."""
    if first.year != last.year:
        return t("show.span", first=_month(first), last=_month(last))
    if first.month == last.month:
        return month(first.month) if near else _month(first)
    span = t("show.span", first=month(first.month), last=month(last.month))
    return span if near else t("show.of_year", span=span, year=first.year)


def _month(on: date) -> str:
    return t("show.of_year", span=month(on.month), year=on.year)


def pair(first: str, second: str) -> str:
    """The head of a column that holds two things under each other, by the keys of their heads."""
    return t("show.head.pair", first=t(first), second=t(second))


def sale_named(of: "Sale") -> str:
    """What a person knows a row of the ledger by: its reference, else its note."""
    return of.reference or of.note or t("show.sales.unnamed")
