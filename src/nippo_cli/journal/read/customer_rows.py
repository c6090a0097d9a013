"""What every customer comes to on a day: deals, contacts outside of deals, and the ledger, under the names as they stand there."""

from collections.abc import Iterator
from datetime import date
from sys import intern
from typing import Final

from nippo_cli.base.frozen import NamedTuple, maker
from nippo_cli.journal.asof import AsOfView
from nippo_cli.line.facts import DealSummary

# Where a list hides when the last contact was, its day; the last says whether one tells of the deal at all.
OF_DEALS: Final = """
select id, customer, fate, owner, amount, last_contact_on, last_contact is not null, last_on, arrival <> 'known' or not begin_known
from deal where customer <> ''
"""
OUTSIDE: Final = """
select id, customer, on_date from entry
where deal is null and contact and not snapshot and customer is not null and on_date <= ? and known_on <= ?
"""


class CustomersDeal(NamedTuple):
    """A deal, as much of it as its customer's row needs. `is_listed`: a list tells of it, so that contacts before that are not known; of a
    live one it hides those until `listed_on`."""

    id: int
    customer: str
    fate: str
    owner: str
    amount: int | None
    last_contact_on: date | None
    last_on: date
    is_listed: bool
    listed_on: date | None


_deal = maker(CustomersDeal)


def customers_deals(view: AsOfView) -> Iterator[CustomersDeal]:
    """Every deal that has a customer."""
    from nippo_cli.journal.read.lines import Days

    stale, day = view.stale, Days()
    for deal, customer, fate, owner, amount, heard, is_met, last, listed in view.cx.execute(OF_DEALS):
        if deal not in stale:
            heard_on = day[heard] if heard else None
            met_on, listed_on = (heard_on, None) if is_met else (None, heard_on)
            yield _deal((
                deal, customer, intern(fate), intern(owner), amount, met_on, day[last], bool(listed or listed_on), listed_on,
            ))  # fmt: skip
    yield from (_of_head(line.head) for line in view.rebuilt() if line.head.customer)


def _of_head(head: DealSummary) -> CustomersDeal:
    return CustomersDeal(
        head.id, head.customer, head.fate, head.owner, head.amount, head.last_contact_on, head.last_on,
        head.arrival != "known" or not head.begin_known or head.silence_at_least,
        head.heard_on if head.silence_at_least else None,
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
            if columns.contact and columns.customer and not versions[-1].snapshot:
                yield name(columns.customer), date.fromisoformat(versions[-1].on)
