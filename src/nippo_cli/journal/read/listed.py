"""Deals as the rows of a table have them: of thousands, no more of each is read than is said."""

from collections.abc import Iterator
from sys import intern
from typing import Final

from nippo_cli.base.dates import read_when
from nippo_cli.base.frozen import maker
from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.derive import read_holds
from nippo_cli.journal.read.deal_filter import DealFilter
from nippo_cli.journal.read.lines import Days
from nippo_cli.line.facts import ListedDeal

# Sixteen columns: with all that a deal's row has, reading them takes twice as long.
LISTED: Final = """
select id, name, customer, owner, kind, stage, entered_on, arrival, fate, began_on, closed_on, last_contact_on, amount, closes,
  next_on, holds
from deal where {where}
"""
_listed = maker(ListedDeal)


def listed_deals(view: AsOfView, picked: DealFilter) -> Iterator[ListedDeal]:
    """Deals on the day, in no order."""
    where, params = picked.where(view.spellings)
    stale, day, when = view.stale, Days(), read_when
    for (
        deal, name, customer, owner, kind, stage, entered_on, arrival, fate, began_on, closed_on, heard_on, amount, closes,
        next_on, holds,
    ) in view.cx.execute(LISTED.format(where=where), params):  # fmt: skip
        if deal not in stale:
            yield _listed((
                deal, name, intern(customer), intern(owner), intern(kind), intern(stage), day[entered_on], intern(arrival),
                intern(fate), day[began_on], day[closed_on] if closed_on else None, day[heard_on] if heard_on else None, amount,
                when(closes) if closes else None, when(next_on) if next_on else None, read_holds(holds) if holds else (),
            ))  # fmt: skip
    for line in view.rebuilt():
        if picked.matches(line.head, view.customers.same):
            yield ListedDeal._make(getattr(line.head, name) for name in ListedDeal._fields)
