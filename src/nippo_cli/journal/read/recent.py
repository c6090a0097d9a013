"""What is offered while a report is typed: names, the latest first, and the steps that are due."""

import sqlite3
from collections.abc import Iterator
from datetime import date

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.journal.read import sql_read, sql_recent


class DealName(NamedTuple):
    """A deal as it is offered; `aliases` are its former names, parted by blanks."""

    id: int
    name: str
    customer: str
    aliases: str


def recent_deals(cx: sqlite3.Connection) -> Iterator[DealName]:
    """Every deal, the one with the latest entry first."""
    for deal, name, customer, aliases in cx.execute(sql_recent.RECENT_DEALS):
        yield DealName(deal, name, customer, aliases or "")


def recent_customers(cx: sqlite3.Connection) -> Iterator[str]:
    """Every customer, those of the latest deals first, then those that entries alone name."""
    seen = set()
    for (name,) in cx.execute(sql_recent.RECENT_CUSTOMERS):
        seen.add(name)
        yield name
    for (name,) in cx.execute(sql_read.CUSTOMERS):
        if name not in seen:
            yield name


def due_deals(cx: sqlite3.Connection, *, on: date, owner: str, limit: int) -> list[int]:
    """Live deals whose dated next step is due by the day: the owner's own first, then the latest due."""
    found = cx.execute(sql_recent.DUE_STEPS, {"on": on.isoformat(), "owner": owner, "limit": limit})
    return [deal for (deal,) in found]


def last_entry(cx: sqlite3.Connection, author: str) -> int | None:
    """The entry that the author recorded last; anybody's where they have none."""
    row = cx.execute(sql_recent.LAST_ENTRY_BY, (author,)).fetchone() or cx.execute(sql_recent.LAST_ENTRY).fetchone()
    return row[0] if row else None
