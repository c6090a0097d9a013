"""What decides: the live deals that a month, or all the months together, hang on, and how many of them would have to be won
to reach the target."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from nippo_cli.base.dates import month_start
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.landing.horizon import LandingSpan
from nippo_cli.landing.table import LandingTable, MonthLanding
from nippo_cli.line.facts import DealAt, DealSummary

_DAY = timedelta(days=1)


class GapClosing(NamedTuple):
    """How the gap to a target closes. `gap` is what the line by record lacks (negative); `wins` how many of the deciding
    deals, those first that add most, would have to be won (None: all of them don't do); `short` what then still lacks."""

    gap: int
    wins: int | None
    short: int


class Deciding(NamedTuple):
    """The deals that decide (those first that a win would add most to the line by record), of which `month` by its number
    (None: all the months together), and what closes the gap where there is one."""

    month: int | None
    deals: Sequence[DealSummary | DealAt]
    closing: GapClosing | None


def what_decides(
    table: LandingTable, heads: Mapping[int, DealSummary | DealAt], span: LandingSpan, as_of: date
) -> Deciding:
    """Of a period that was asked for (a quarter, a half, a year) and falls short: all of it. Else the nearest month with live
    money, of these the first that falls short; one that ends on the day only where no other has any.

    Args:
        heads: the live deals, by their ids.
        as_of: the day.
    """
    # The gap of all together is that of the months with a target; a deal of another month closes nothing of it.
    aimed = [month for month in table.months if month.gap is not None]
    as_one = span in ("quarter", "half", "fiscal_year") and any(map(_has_live, aimed)) and (table.total.gap or 0) < 0
    one = table.total if as_one else _month(table, as_of)
    if one is None:
        return Deciding(None, (), None)
    # What a deal's win adds: its money less what the line by record takes of it.
    adds = {
        deal: round((heads[deal].amount or 0) * (1 - (cell.share.value or 0)))
        for month in (aimed if as_one else [one])
        for cell in month.by_rank
        for deal in cell.pile.deals
    }
    deals = sorted((heads[deal] for deal in adds), key=lambda h: (-adds[h.id], -(h.amount or 0), h.id))
    return Deciding(one.month, deals, _closing(one, [adds[head.id] for head in deals]))


def _has_live(one: MonthLanding) -> bool:
    return any(cell.pile.deals for cell in one.by_rank)


def _month(table: LandingTable, as_of: date) -> MonthLanding | None:
    live = [one for one in table.months if _has_live(one)]
    ahead = [one for one in live if one.month is None or month_start(one.month + 1) > as_of + _DAY]
    live = ahead or live
    short = [one for one in live if (one.gap or 0) < 0]
    return next((one for one in (*short, *live)), None)


def _closing(one: MonthLanding, adds: Sequence[int]) -> GapClosing | None:
    if one.gap is None or one.gap >= 0:
        return None
    lacking = -one.gap
    for wins, more in enumerate(adds, start=1):
        lacking -= more
        if lacking <= 0:
            return GapClosing(one.gap, wins, 0)
    return GapClosing(one.gap, None, lacking)
