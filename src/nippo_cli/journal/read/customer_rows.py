"""What every customer comes to on a day: deals, contacts outside of deals, and the ledger, under the names as they stand there."""

from collections.abc import Iterator
from datetime import date
from sys import intern
from typing import Final

from nippo_cli.base.frozen import NamedTuple, maker
from nippo_cli.journal.asof import AsOfView
from nippo_cli.line.facts import DealSummary

OF_DEALS: Final = "select id, customer, fate, owner, amount, last_contact_on, last_on from deal where customer <> ''"
OUTSIDE: Final = """
select id, customer, on_date from entry
where deal is null and contact and customer is not null and on_date <= ? and known_on <= ?
"""


class CustomersDeal(NamedTuple):
    """A deal, as much of it as its customer's row needs."""

    id: int
    customer: str
    fate: str
    owner: str
    amount: int | None
    last_contact_on: date | None
    last_on: date


_deal = maker(CustomersDeal)


def customers_deals(view: AsOfView) -> Iterator[CustomersDeal]:
    """Every deal that has a customer."""
    from nippo_cli.journal.read.lines import Days

    stale, day = view.unsettled, Days()
    for deal, customer, fate, owner, amount, contact, last in view.cx.execute(OF_DEALS):
        if deal not in stale:
            yield _deal(
                (deal, customer, intern(fate), intern(owner), amount, day[contact] if contact else None, day[last])
            )
    yield from (_of_head(line.head) for line in view.folded() if line.head.customer)


def _of_head(head: DealSummary) -> CustomersDeal:
    return CustomersDeal(
        head.id, head.customer, head.fate, head.owner, head.amount, head.last_contact_on, head.last_on
    )  # fmt: skip


def contacts_outside(view: AsOfView) -> Iterator[tuple[str, date]]:
    """Every contact of no deal: the customer as it is called, and the day."""
    name, moved = view.customers.name, set(view.late.entries)
    for entry, customer, on in view.cx.execute(OUTSIDE, (view.day, view.known)):
        if view.replays:
            moved.add(entry)
        elif entry not in moved:
            yield name(customer), date.fromisoformat(on)
    for entry in sorted(moved):
        versions = view.versions(entry)
        if versions and versions[-1].deal is None and versions[-1].on <= view.day:
            columns = view.migrator.columns(versions[-1].schema, versions[-1].values)
            if columns.contact and columns.customer:
                yield name(columns.customer), date.fromisoformat(versions[-1].on)
