"""The landing's table: month by month what was ordered, what is live and of which rank, and what that comes to."""

from collections.abc import Callable, Mapping, Sequence

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.persons import person_key
from nippo_cli.landing.cells import CellMonth, LiveCells
from nippo_cli.landing.eves import EveShares
from nippo_cli.landing.facts import Declaration, LandingFacts
from nippo_cli.landing.parts import LandingPart
from nippo_cli.landing.shares import RankRecord, RankShare, firm_ranks, rank_order
from nippo_cli.line.promised import Basis, Pile, pile_of_deals, pile_up
from nippo_cli.line.targets import MonthTarget, add_targets


class RankCell(NamedTuple):
    """The live deals of a rank in a month (the fizzled and those on hold apart), and what part of them to reckon with."""

    rank: str
    pile: Pile
    share: RankShare

    @property
    def expected(self) -> int:
        """What its money comes to by the share; 0 where there is none."""
        return round(self.pile.amount * self.share.value) if self.share.value is not None else 0


class MonthLanding(NamedTuple):
    """A month, or several together (`month` None). Amounts in the currency's smallest unit.

    `done` is what was ordered, or on the basis of sales the ledger's revenue; `backlog` what is won and not yet invoiced
    (sales only). `firm` is done, backlog and the firm ranks; `by_record` done, backlog and every rank by its share;
    `in_month` the same by how much of what was promised on a month's eve was won within it (None: too little to say).
    `declared` is what owners said together, `declared_team` what a lead said for all. `gap` is the line by record less the
    target, of the months that have one.
    """

    month: int | None
    target: MonthTarget
    done: Pile
    backlog: Pile
    by_rank: Sequence[RankCell]
    on_hold: Pile
    fizzled: Pile
    firm: int
    by_record: int
    in_month: int | None
    declared: int | None
    declared_team: int | None
    gap: int | None


class Outside(NamedTuple):
    """Live money outside the months that are shown: a later month by its number, the promised day over (`overdue`), or no
    month at all (`undated`)."""

    month: CellMonth
    live: Pile
    on_hold: Pile
    fizzled: Pile

    @property
    def amount(self) -> int:
        """All of it."""
        return self.live.amount + self.on_hold.amount + self.fizzled.amount


class LandingTable(NamedTuple):
    """The months, all of them together, and what stands outside. `without_amount` live deals name no amount anywhere."""

    months: Sequence[MonthLanding]
    total: MonthLanding
    outside: Sequence[Outside]
    without_amount: Pile


class Landing(NamedTuple):
    """What a table is made under: the months by their numbers, one after the other; what each rank meant; what of a month's
    promises was won within it."""

    facts: LandingFacts
    months: Sequence[int]
    record: RankRecord
    eves: EveShares
    basis: Basis

    def table(
        self,
        part: LandingPart,
        target_of: Callable[[int], MonthTarget],
        said: Sequence[Declaration],
        cells: LiveCells | None = None,
    ) -> LandingTable:
        """The table of some deals.

        Args:
            target_of: their target of a month.
            said: what was declared of them.
            cells: the part's live deals in their cells, where they stand in them already.
        """
        months, schema = self.months, self.facts.schema
        cells = cells or LiveCells(self.facts, part.live, self.record, self.basis)
        shares = {rank: self.record.share(rank) for rank in rank_order(schema, cells.ranks())}
        done, backlog, firm = part.done(), part.backlog_by_month(self.facts.as_of), firm_ranks(schema)
        rows = [
            _month(_Certain(month, target_of(month), done.get(month, Pile()), backlog.get(month, Pile())), said, cells, shares,
                   firm, self.eves)
            for month in months
        ]  # fmt: skip
        unnamed = pile_of_deals(h for heads in cells.deals.values() for h in heads if h.amount is None)
        return LandingTable(rows, add_up(rows), outside(cells, months[-1]), unnamed)


def outside(cells: LiveCells, last: int) -> list[Outside]:
    """What stands in no month up to a last one; what is empty is left out."""
    later: list[CellMonth] = [*cells.later_than(last), "overdue", "undated"]
    beside = [
        Outside(when, *(cells.pile(month=when, state=state) for state in ("live", "on_hold", "fizzled")))
        for when in later
    ]
    return [one for one in beside if one.live.deals or one.on_hold.deals or one.fizzled.deals]


class _Certain(NamedTuple):
    """A month, its target, and what is certain of it."""

    month: int
    target: MonthTarget
    done: Pile
    backlog: Pile


def _month(
    sums: _Certain, said: Sequence[Declaration], cells: LiveCells, shares: Mapping[str, RankShare], firm: frozenset[str],
    eves: EveShares,
) -> MonthLanding:  # fmt: skip
    """A month of the landing: what is certain, what is promised at each rank, and what was declared of it."""
    month, target, done, backlog = sums
    by_rank = [
        RankCell(rank, cells.pile(month=month, state="live", rank=rank), share) for rank, share in shares.items()
    ]
    certain = done.amount + backlog.amount
    owners, team = latest_declarations(said, month)
    won_in_month = [eves.expected(cell.rank, cell.pile.amount) for cell in by_rank if cell.pile.amount]
    by_record = certain + sum(cell.expected for cell in by_rank)
    return MonthLanding(
        month=month,
        target=target,
        done=done,
        backlog=backlog,
        by_rank=by_rank,
        on_hold=cells.pile(month=month, state="on_hold"),
        fizzled=cells.pile(month=month, state="fizzled"),
        firm=certain + sum(cell.pile.amount for cell in by_rank if cell.rank in firm),
        by_record=by_record,
        in_month=None
        if eves.all.share is None
        else certain + sum(amount for amount in won_in_month if amount is not None),
        declared=sum(one.amount for one in owners) if owners else None,
        declared_team=team.amount if team else None,
        gap=by_record - target.amount if target.amount is not None else None,
    )


def add_up(months: Sequence[MonthLanding]) -> MonthLanding:
    """Months together. What is not known of one is not known of all."""
    ranks = [cell.rank for cell in months[0].by_rank]

    def total(amounts: Sequence[int | None]) -> int | None:
        return None if None in amounts else sum(amount for amount in amounts if amount is not None)

    def any_total(amounts: Sequence[int | None]) -> int | None:
        said = [amount for amount in amounts if amount is not None]
        return sum(said) if said else None

    return MonthLanding(
        month=None,
        target=add_targets([month.target for month in months]),
        done=pile_up(month.done for month in months),
        backlog=pile_up(month.backlog for month in months),
        by_rank=[
            RankCell(rank, pile_up(month.by_rank[at].pile for month in months), months[0].by_rank[at].share)
            for at, rank in enumerate(ranks)
        ],
        on_hold=pile_up(month.on_hold for month in months),
        fizzled=pile_up(month.fizzled for month in months),
        firm=sum(month.firm for month in months),
        by_record=sum(month.by_record for month in months),
        in_month=total([month.in_month for month in months]),
        declared=any_total([month.declared for month in months]),
        declared_team=any_total([month.declared_team for month in months]),
        gap=any_total([month.gap for month in months]),
    )


def latest_declarations(said: Sequence[Declaration], month: int) -> tuple[Sequence[Declaration], Declaration | None]:
    """The last that each owner said of a month, and the last that was said for the team."""
    owners: dict[str, Declaration] = {}
    team: Declaration | None = None
    for one in said:
        if one.month != month:
            continue
        if one.team:
            team = one
        else:
            owners[person_key(one.owner)] = one
    return list(owners.values()), team
