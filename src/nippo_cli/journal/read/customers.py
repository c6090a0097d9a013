"""Customers as entries name them, and which deals are theirs."""

from collections.abc import Iterator
from typing import Final

from nippo_cli.journal.asof import AsOfView

DEALS_OF: Final = "select id from deal where customer = ? order by id"


def customers(view: AsOfView) -> Iterator[str]:
    """Every customer's name as written in entries dated up to the day and known on it; a seek each, no scan."""
    return view.spelled_customers()


def deals_of(view: AsOfView, customer: str) -> list[int]:
    """The deals that are a customer's today, in whatever spelling; a seek for each spelling of any customer."""
    return [deal for name in view.spellings(customer) for (deal,) in view.cx.execute(DEALS_OF, (name,))]


def with_customer(said: str) -> Iterator[tuple[str, str]]:
    """What may be a name and its customer: `保守更新（A社）`, `A社 保守更新`, `保守更新 A社`."""
    plain = said.strip()
    if plain.endswith((")", "）")):
        yield from ((plain[:at].strip(), plain[at + 1 : -1].strip()) for at, c in enumerate(plain) if c in "(（" and at)
    for at, c in enumerate(plain):
        if c.isspace():
            yield plain[at:].strip(), plain[:at].strip()
            yield plain[:at].strip(), plain[at:].strip()
