"""The stays of many deals at once."""

import json
import sqlite3
from collections.abc import Collection
from typing import Final

from nippo_cli.base.frozen import maker
from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.read.base import Days
from nippo_cli.line.facts import Stay

# In the order of the deals that are asked for, which is ascending, and of each line.
STAYS: Final = """
select s.deal, s.stage, s.entered_on, s.left_on, s.days, s.entry, s.step
from stay s where s.deal in (select value from json_each(?)) order by s.deal, s.seq
"""


_stay = maker(Stay)


def stays(there: AsOfView, deals: Collection[int]) -> dict[int, list[Stay]]:
    """The stays of each deal in order; none of a deal that has no line."""
    settled = [deal for deal in deals if not there.is_unsettled(deal)]
    found = stays_of(there.cx, json.dumps(settled))
    for deal in set(deals) - found.keys():
        line = there.line(deal)
        found[deal] = list(line[1].stays) if line is not None else []
    return found


def stays_of(cx: sqlite3.Connection, asked: str) -> dict[int, list[Stay]]:
    """The stays that are stored of deals, whose ids come as JSON; a deal without any is left out."""
    found: dict[int, list[Stay]] = {}
    days, before = Days(), None
    own: list[Stay] = []
    for deal, stage, entered, left, length, entry, step in cx.execute(STAYS, (asked,)):
        if deal != before:
            own = found[deal] = []
            before = deal
        own.append(_stay((stage, days[entered], days[left] if left else None, length, entry, step)))
    return found
