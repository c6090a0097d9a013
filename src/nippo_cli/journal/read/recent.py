"""What is offered while a report is typed: names, the latest first, and the steps that are due."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import date
from typing import Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.journal.read.authors import spelled_authors
from nippo_cli.journal.read.statements import CUSTOMERS

RECENT_DEALS: Final = """
select d.id, d.name, d.customer,
  (select group_concat(n.name, ' ') from deal_name n where n.deal = d.id and n.is_alias), d.fate <> 'live'
from deal d order by d.fate = 'live' desc, d.last_on desc, d.id desc
"""
RECENT_CUSTOMERS: Final = """
select customer from deal where customer <> '' group by customer order by max(last_on) desc, customer
"""
# Live deals whose next step is due by :on, those of :owner first, the latest due first; held ones are told apart later.
DUE_STEPS: Final = """
select id from deal where fate = 'live' and next_on is not null and substr(next_on, -10) <= :on
order by owner = :owner desc, substr(next_on, -10) desc, id limit :limit
"""
LAST_ENTRY: Final = "select id from entry order by recorded_at desc, id desc limit 1"
LAST_ENTRY_BY: Final = (
    "select id from entry where author in (select value from json_each(?)) order by recorded_at desc, id desc limit 1"
)


class DealName(NamedTuple):
    """A deal as it is offered; `aliases` are its former names, parted by blanks."""

    id: int
    name: str
    customer: str
    aliases: str
    ended: bool


def recent_deals(cx: sqlite3.Connection) -> Iterator[DealName]:
    """Every deal, live ones first, of both the one with the latest entry."""
    for deal, name, customer, aliases, ended in cx.execute(RECENT_DEALS):
        yield DealName(deal, name, customer, aliases or "", bool(ended))


def recent_customers(cx: sqlite3.Connection) -> Iterator[str]:
    """Every customer, those of the latest deals first, then those that entries alone name."""
    offered = set()
    for (name,) in cx.execute(RECENT_CUSTOMERS):
        offered.add(name)
        yield name
    for (name,) in cx.execute(CUSTOMERS):
        if name not in offered:
            yield name


def due_deals(cx: sqlite3.Connection, *, on: date, owner: str, limit: int) -> list[int]:
    """Live deals whose dated next step is due by the day: the owner's own first, then the latest due."""
    rows = cx.execute(DUE_STEPS, {"on": on.isoformat(), "owner": owner, "limit": limit})
    return [deal for (deal,) in rows]


def last_entry(cx: sqlite3.Connection, author: str) -> int | None:
    """The entry that the author recorded last; anybody's where they have none."""
    row = (
        cx.execute(LAST_ENTRY_BY, (json.dumps(spelled_authors(cx, author)),)).fetchone()
        or cx.execute(LAST_ENTRY).fetchone()
    )
    return row[0] if row else None
