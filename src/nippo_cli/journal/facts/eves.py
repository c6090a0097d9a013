"""Which of the deals that were promised for months had gone quiet by the day before each, as was known then."""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from nippo_cli.base.dates import month_number, month_start
from nippo_cli.journal.asof import AsOfView
from nippo_cli.line.facts import AsOf
from nippo_cli.line.norm import learned_quiet
from nippo_cli.line.promised import Promised, won_in
from nippo_cli.line.quiet import is_fizzled
from nippo_cli.line.span import ClosedDays

if TYPE_CHECKING:
    from nippo_cli.base.progress import Progress

# The days between the contacts of won deals, a month's together, and a day of it; of those in the list none.
GAPS: Final = """
select min(closed_on), group_concat(gaps, ' ') from deal
where fate = 'won' and id not in (select value from json_each(?)) group by substr(closed_on, 1, 7)
"""
# Those that had been silent for so long: the others need not be built again for the day.
SILENT: Final = """
select j.value from json_each(:deals) j left join deal d on d.id = j.value
where d.id is null or :since > coalesce(
  (select e.on_date from entry e where e.deal = d.id and e.on_date <= :on and e.known_on <= :on and e.contact
   order by e.on_date desc limit 1), d.began_on)
"""


def fizzled_on_eves(
    cx: sqlite3.Connection,
    promised: Mapping[int, Sequence[Promised]],
    quiet: Mapping[int, int],
    progress: "Progress | None" = None,
) -> dict[int, frozenset[int]]:
    """The fizzled among the deals promised for each month, on the day before it began and as known then.

    Args:
        promised: by the month's number.
        quiet: the quiet limit of each month in days, where its schema states none (`quiet_before`).
        progress: is told of each month that is read.
    """
    fizzled: dict[int, frozenset[int]] = {}
    for place, (month, those) in enumerate(promised.items(), start=1):
        view = AsOfView(cx, AsOf(month_start(month) - timedelta(days=1), known=True))
        days = view.schema.quiet if view.schema.quiet is not None else quiet[month]
        deals = _silent(view, [one.deal for one in those], days)
        view.fold_some([deal for deal in deals if view.is_unsettled(deal)])
        rest = ClosedDays(view.schema.closures)
        heads = ((deal, view.head(deal)) for deal in deals)
        fizzled[month] = frozenset(
            deal for deal, head in heads if head is not None and is_fizzled(head, days, rest, view.as_of.on)
        )
        if progress is not None:
            progress("landing.progress_record", place, len(promised))
    return fizzled


def _silent(view: AsOfView, deals: Sequence[int], days: int) -> list[int]:
    """The deals that may have been silent for more than so many days: those that were, and those of which more is known since."""
    since = (view.as_of.on - timedelta(days=days)).isoformat()
    bound = {"deals": json.dumps(deals), "on": view.day, "since": since}
    silent = {deal for (deal,) in view.cx.execute(SILENT, bound)}
    changed = view.late.by_deal.keys() | view.late.deals
    return [deal for deal in deals if deal in silent or deal in changed or view.replays]


def quiet_before(view: AsOfView, months: Collection[int]) -> dict[int, int]:
    """The quiet limit, in days, that the deals won before each month teach, as the diary has them.

    Args:
        months: by their numbers.
    """
    ended: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for on, gaps in view.cx.execute(GAPS, (json.dumps(sorted(view.unsettled)),)):
        ended[month_number(date.fromisoformat(on))].update(map(int, gaps.split()))
    for line in view.folded():
        month = won_in(line.head)
        if month is not None:
            ended[month].update(line.gaps)
    known: Counter[int] = Counter()
    limits: dict[int, int] = {}
    before = iter(sorted(ended))
    ahead = next(before, None)
    for month in sorted(months):
        while ahead is not None and ahead < month:
            known.update(ended[ahead])
            ahead = next(before, None)
        limits[month] = learned_quiet(known).days
    return limits
