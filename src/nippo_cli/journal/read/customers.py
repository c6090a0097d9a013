"""Customers as entries name them, and which deals are theirs."""

import json
from collections.abc import Iterator
from typing import Final

from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.log import root

BILLED: Final = """
select distinct billed_to from entry where billed_to is not null and on_date <= :on and known_on <= :known order by billed_to
"""
BILLED_DEALS: Final = """
select distinct deal from entry where billed_to in (select value from json_each(?)) and deal is not null
"""
DEALS_OF: Final = "select id from deal where customer = ? order by id"


def customers(view: AsOfView) -> Iterator[str]:
    """Every customer's name as written in entries dated up to the day and known on it; a seek each, no scan."""
    return view.spelled_customers()


def billed(view: AsOfView) -> list[str]:
    """Every name that is billed for a deal, or a deal's site, in entries dated up to the day and known on it."""
    bound = {"on": view.day, "known": view.known}
    return [name for (name,) in view.cx.execute(BILLED, bound)]


def billed_deals(view: AsOfView, customer: str) -> set[int]:
    """The deals that an entry ever said to be billed to a customer, and those that are built again for the day."""
    bound = {"on": view.day, "known": view.known}
    names = [name for (name,) in view.cx.execute(BILLED, bound) if view.customers.same(name, customer)]
    said = view.cx.execute(BILLED_DEALS, (json.dumps(names),)) if names else ()
    return {root(view.cx, deal) for (deal,) in said}


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
