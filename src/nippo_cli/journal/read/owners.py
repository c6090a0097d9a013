"""Whose a deal was, over time."""

from datetime import date
from typing import Final

from nippo_cli.journal.asof import AsOfView
from nippo_cli.line.trail import Said

# Deals that were ever assigned to someone; `begun.deal_of` says what stands of it.
HANDED: Final = """
select distinct r.target from record r indexed by record_target
where r.target is not null and r.kind = 'deal' and instr(r.body, '"do":"assign"') > 0
"""
FIRST_AUTHOR: Final = "select author from entry where deal = ? order by on_date, recorded_at, id limit 1"


def handed(there: AsOfView) -> dict[int, Said[str]]:
    """Of each deal that was ever handed over: its owners, each with the day since which the deal is theirs."""
    found: dict[int, Said[str]] = {}
    for (deal,) in there.cx.execute(HANDED).fetchall():
        begun = there.deal_record(deal)
        if begun is None or not begun.handovers:
            continue
        first = _first_author(there, deal)
        if first is not None:
            found[deal] = [(date.min, first), *((one.on, one.owner) for one in begun.handovers)]
    return found


def _first_author(there: AsOfView, deal: int) -> str | None:
    if there.is_unsettled(deal):
        points = there.points(deal)
        return points[0].author if points else None
    row = there.cx.execute(FIRST_AUTHOR, (deal,)).fetchone()
    return row[0] if row else None
