"""Which deals went from one owner to another."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.persons import same_person
from nippo_cli.journal.asof import AsOfView

if TYPE_CHECKING:
    from nippo_cli.journal.read.news import Bounds
    from nippo_cli.line.trail import Dated

# Deals that were ever assigned to someone; `deal_record.deal_of` says what stands of it.
HANDED: Final = """
select distinct r.target from record r indexed by record_target
where r.target is not null and r.kind = 'deal' and instr(r.body, '"do":"assign"') > 0
"""
FIRST_AUTHOR: Final = "select author from entry where deal = ? order by on_date, recorded_at, id limit 1"
# The numbers are in the index, so that no record of a device is read but what says something of a deal. What came from a file
# is no news.
NEW_ASSIGNS: Final = """
select r.id, r.target, r.author from record r indexed by record_stated
where r.kind = 'deal' and r.target is not null and r.id > :after and r.id < :before
  and r.known_on >= :since and r.batch is null and instr(r.body, '"do":"assign"') > 0
"""


class Handing(NamedTuple):
    """A deal that went from one owner to another on a day, as a record says; `deal` is where it is through merges."""

    record: int
    deal: int
    on: date
    giver: str
    taker: str


def handings(there: AsOfView, deals: Iterable[int] | None = None) -> Iterator[Handing]:
    """Every time that a deal went to another owner, of all deals or of some, each deal's in their order."""
    for deal in [deal for (deal,) in there.cx.execute(HANDED)] if deals is None else deals:
        record = there.deal_record(deal)
        owner = _first_author(there, deal) if record is not None and record.handovers else None
        if record is None or owner is None:
            continue
        for one in record.handovers:
            yield Handing(one.id, deal, one.on, owner, one.owner)
            owner = one.owner


def handed(there: AsOfView) -> "Mapping[int, Dated[str]]":
    """Of each deal that was ever handed over: its owners, each with the day since which the deal is theirs."""
    owners: dict[int, list[tuple[date, str]]] = {}
    for one in handings(there):
        owners.setdefault(one.deal, [(date.min, one.giver)]).append((one.on, one.taker))
    return owners


def new_handings(there: AsOfView, bounds: Collection["Bounds"], me: str) -> list[Handing]:
    """Of what others than a member said within the bounds: which deals went to another owner by it."""
    deals: dict[int, int] = {}
    for bound in bounds:
        for record, target, author in there.cx.execute(NEW_ASSIGNS, bound):
            if not same_person(author, me) and (deal := there.root(target)) is not None:
                deals[record] = deal
    every = handings(there, sorted(set(deals.values())))
    return [one for one in every if one.record in deals and not same_person(one.giver, one.taker)]


def _first_author(there: AsOfView, deal: int) -> str | None:
    if there.is_stale(deal):
        points = there.points(deal)
        return points[0].author if points else None
    row = there.cx.execute(FIRST_AUTHOR, (deal,)).fetchone()
    return row[0] if row else None
