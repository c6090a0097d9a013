"""Which of the deals that were promised for months had gone quiet by the day before each, as was known then."""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from nippo_cli.base.dates import month_name, month_start
from nippo_cli.journal.asof import AsOfView
from nippo_cli.line.facts import AsOf
from nippo_cli.line.metrics import Metric
from nippo_cli.line.norm import learned_quiet
from nippo_cli.line.promised import Promised
from nippo_cli.line.quiet import is_fizzled
from nippo_cli.line.span import ClosedDays

if TYPE_CHECKING:
    from nippo_cli.base.progress import Progress

# Those that had been silent for so long, of deals of which no eve says when they were last heard of: the others need not be built
# again for the day.
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
        deals = _silent(view, those, days)
        rest = ClosedDays(view.schema.closures)
        heads = view.heads_of(deals)
        fizzled[month] = frozenset(deal for deal, head in heads.items() if is_fizzled(head, days, rest, view.as_of.on))
        if progress is not None:
            progress("landing.progress_record", place, len(promised))
    return fizzled


def _silent(view: AsOfView, promised: Sequence[Promised], days: int) -> list[int]:
    """The deals that may have been silent for more than so many days: those that were, and those of which more is known since."""
    last = view.as_of.on - timedelta(days=days)
    silent = {one.deal for one in promised if one.heard_on is not None and one.heard_on < last}
    unsure = [one.deal for one in promised if one.heard_on is None]
    bound = {"deals": json.dumps(unsure), "on": view.day, "since": last.isoformat()}
    silent.update(deal for (deal,) in view.cx.execute(SILENT, bound))
    if view.replays:
        return [one.deal for one in promised]
    asked = silent.union(view.late.by_deal, view.late.deals)
    return [one.deal for one in promised if one.deal in asked]


def quiet_before(won_gaps: Mapping[Metric, int], months: Collection[int]) -> dict[int, int]:
    """The quiet limit, in days, that the deals won before each month teach, as the diary has them.

    Args:
        won_gaps: the days between their contacts (`won_gap` of `line.metrics`).
        months: by their numbers.
    """
    ended: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for of, n in won_gaps.items():
        ended[of.kind][of.days] += n
    known: Counter[int] = Counter()
    limits: dict[int, int] = {}
    before = iter(sorted(ended))
    ahead = next(before, None)
    for month in sorted(months):
        while ahead is not None and ahead < month_name(month):
            known.update(ended[ahead])
            ahead = next(before, None)
        limits[month] = learned_quiet(known).days
    return limits
