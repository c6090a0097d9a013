"""Customers as entries name them, and which deals are theirs. A customer has no record of its own."""

from collections.abc import Iterator
from typing import Final

from nippo_cli.base.customers import same_customer
from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.read.statements import CUSTOMERS

CUSTOMER_BY: Final = "select id from entry where customer = ? and on_date <= ? and known_on <= ?"
DEALS_OF: Final = "select id from deal where customer = ? order by id"


def customers(view: AsOfView) -> Iterator[str]:
    """Every customer's name as written in entries dated up to the day and known on it; a seek each, no scan."""
    late = {
        said
        for entry in view.late.entries
        if (versions := view.versions(entry)) and versions[-1].on <= view.day
        if (said := view.migrator.columns(versions[-1].schema, versions[-1].values).customer)
    }
    yield from sorted(late)
    for (name,) in view.cx.execute(CUSTOMERS):
        entries = (row[0] for row in view.cx.execute(CUSTOMER_BY, (name, view.day, view.known)))
        if name not in late and any(entry not in view.late.entries for entry in entries):
            yield name


def deals_of(view: AsOfView, customer: str) -> list[int]:
    """The deals that are a customer's today, in whatever spelling; a seek for each spelling of any customer."""
    spellings = [name for (name,) in view.cx.execute(CUSTOMERS) if same_customer(name, customer)]
    return [deal for name in spellings for (deal,) in view.cx.execute(DEALS_OF, (name,))]


def with_customer(said: str) -> Iterator[tuple[str, str]]:
    """What may be a name and its customer: `保守更新（A社）`, `A社 保守更新`, `保守更新 A社`."""
    plain = said.strip()
    if plain.endswith((")", "）")):
        yield from ((plain[:at].strip(), plain[at + 1 : -1].strip()) for at, c in enumerate(plain) if c in "(（" and at)
    for at, c in enumerate(plain):
        if c.isspace():
            yield plain[at:].strip(), plain[:at].strip()
            yield plain[:at].strip(), plain[at:].strip()
