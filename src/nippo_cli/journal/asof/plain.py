"""Deals that are folded again for a past day, many at once: those of which nothing was corrected, merged or renamed.

Their rows say what was known, so far as their dates go; one ordered scan of these takes a tenth of what looking each deal
up takes.
"""

import json
from collections.abc import Collection, Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from nippo_cli.journal.derive import points_of
from nippo_cli.journal.read import sql_read as read
from nippo_cli.line.facts import Begun, Line
from nippo_cli.line.history import fold

if TYPE_CHECKING:
    from nippo_cli.journal.asof.view import Past


def not_plain(there: "Past", deals: Collection[int]) -> set[int]:
    """Those of the deals that must be looked up one by one: told of apart from their entries (renamed, held, handed over,
    merged, taken back), merged into, corrected since, or without a line today."""
    late = there.late
    found = {deal for deal in deals if deal in late.deals or deal in late.by_deal or deal in late.merged}
    found.update(deal for (deal,) in there.cx.execute(read.TOLD_OF, (json.dumps(sorted(deals)),)))
    return found


def fold_plain(there: "Past", deals: Collection[int]) -> Iterator[tuple[Begun, Line]]:
    """The lines of plain deals on the day; a deal that had none is left out."""
    agreement = there.agreement
    bound = {"deals": json.dumps(sorted(deals)), "on": there.day, "known": there.known}
    for deal, rows in groupby(there.cx.execute(read.PLAIN_POINTS, bound), key=itemgetter(-1)):
        own = list(rows)
        told_on, name, parent = own[0][-4:-1]
        begun = Begun(deal, name, parent=parent, told_on=date.fromisoformat(told_on))
        yield begun, fold(begun, points_of(own, there.earlier), agreement)
