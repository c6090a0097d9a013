"""Whose a deal was, over time."""

from datetime import date

from nippo_cli.journal.asof import Past
from nippo_cli.journal.read import sql_cut as cut
from nippo_cli.line.trail import Said


def handed(there: Past) -> dict[int, Said[str]]:
    """Of each deal that was ever handed over: its owners, each with the day since which the deal is theirs."""
    found: dict[int, Said[str]] = {}
    for (deal,) in there.cx.execute(cut.HANDED).fetchall():
        begun = there.begun(deal)
        if begun is None or not begun.handovers:
            continue
        first = _first_author(there, deal)
        if first is not None:
            found[deal] = [(date.min, first), *((one.on, one.owner) for one in begun.handovers)]
    return found


def _first_author(there: Past, deal: int) -> str | None:
    if there.is_unsettled(deal):
        points = there.points(deal)
        return points[0].author if points else None
    row = there.cx.execute(cut.FIRST_AUTHOR, (deal,)).fetchone()
    return row[0] if row else None
