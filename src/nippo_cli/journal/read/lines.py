"""Many lines at once: those that stand as they are in one statement each, the others folded again."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection
from datetime import date
from functools import lru_cache
from typing import Final

from nippo_cli.gaps.facts import Contact
from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.derive import head_from_row
from nippo_cli.journal.log import HEAD_COLUMNS
from nippo_cli.journal.read.statements import _OF
from nippo_cli.journal.read.stays import stays_of
from nippo_cli.line.facts import DealHistory, Promise

DEALS_OF: Final = (
    f"select d.id, {', '.join(f'd.{name}' for name in HEAD_COLUMNS.split(', '))}, d.gaps {_OF} deal d on d.id = j.value"
)
PROMISES_OF: Final = f"""
select p.deal, p.what, p.value, p.made_on, p.entry, p.move {_OF} promise p on p.deal = j.value order by p.deal, p.seq
"""
CONTACTS_OF: Final = f"""
select e.deal, e.on_date, e.id, e.meeting {_OF} entry e on e.deal = j.value where e.contact
order by e.deal, e.on_date, e.recorded_at, e.id
"""


_day = lru_cache(maxsize=8192)(date.fromisoformat)


def lines(there: AsOfView, deals: Collection[int]) -> dict[int, DealHistory]:
    """The whole lines of deals, by id; a deal that has none is left out."""
    settled = [d for d in deals if not there.is_unsettled(d)]
    found = stored(there.cx, settled) if settled else {}
    for deal in set(deals) - set(settled):
        line = there.line(deal)
        if line is not None:
            found[deal] = line[1]
    return found


def stored(cx: sqlite3.Connection, deals: Collection[int]) -> dict[int, DealHistory]:
    """The lines of deals as they are kept, by id."""
    asked = json.dumps(sorted(deals))
    stays, promises = stays_of(cx, asked), promises_by_deal(cx, asked)
    return {
        deal: DealHistory(
            head_from_row(head), tuple(stays.get(deal, ())), tuple(promises[deal]), tuple(map(int, gaps.split()))
        )
        for deal, *head, gaps in cx.execute(DEALS_OF, (asked,))
    }


def promises_by_deal(
    cx: sqlite3.Connection, asked: str, statement: str = PROMISES_OF
) -> defaultdict[int, list[Promise]]:
    """The kept promises of deals, whose ids come as JSON; all, or those that a statement picks."""
    found: defaultdict[int, list[Promise]] = defaultdict(list)
    for deal, what, value, made_on, entry, move in cx.execute(statement, (asked,)):
        found[deal].append(Promise(what, value, _day(made_on), entry, move))
    return found


def contacts(there: AsOfView, deals: Collection[int]) -> dict[int, list[Contact]]:
    """The contacts of deals, oldest first; entries of one meeting are one contact, on the day of the first of them."""
    settled = [d for d in deals if not there.is_unsettled(d)]
    found: dict[int, list[Contact]] = {deal: [] for deal in deals}
    met: set[tuple[int, int]] = set()
    for deal, on, entry, meeting in there.cx.execute(CONTACTS_OF, (json.dumps(sorted(settled)),)):
        # An entry without a meeting may be the one that others name as theirs.
        shared = (deal, meeting or entry)
        if shared not in met:
            met.add(shared)
            found[deal].append(Contact(_day(on), entry))
    for deal in set(deals) - set(settled):
        found[deal] = [Contact(p.on, p.id) for p in there.points(deal) if p.contact]
    return found
