"""The stays of many deals at once."""

import json
from collections.abc import Collection
from datetime import date
from functools import lru_cache

from nippo_cli.journal import sql_cut as cut
from nippo_cli.journal.asof import Past
from nippo_cli.line.facts import Stay

_day = lru_cache(maxsize=8192)(date.fromisoformat)


def stays(there: Past, deals: Collection[int]) -> dict[int, list[Stay]]:
    """The stays of each deal in order; none of a deal that has no line."""
    found: dict[int, list[Stay]] = {deal: [] for deal in deals}
    settled = [deal for deal in found if not there.is_unsettled(deal)]
    day, make = _day, Stay._make
    for deal, stage, entered, left, days, entry, step in there.cx.execute(cut.STAYS, (json.dumps(settled),)):
        found[deal].append(make((stage, day(entered), day(left) if left else None, days, entry, step)))
    for deal in found.keys() - set(settled):
        line = there.line(deal)
        found[deal] = list(line[1].stays) if line is not None else []
    return found
