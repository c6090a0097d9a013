"""The deals and the ledger's rows that a table is made of: all of them, or those of an owner, a kind or a customer."""

from collections import defaultdict
from collections.abc import Callable, Container, Mapping, Sequence
from datetime import date
from typing import Literal, TypeAlias

from nippo_cli.base.customers import customer_groups
from nippo_cli.base.dates import month_start
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.persons import person_key
from nippo_cli.landing.facts import Backlog, LandingFacts, Revenue, sold_money
from nippo_cli.line.facts import DealAt, DealSummary
from nippo_cli.line.promised import Basis, Pile, ordered_money, pile_of, piles_by_month

LandingBy: TypeAlias = Literal["owner", "kind", "customer"]
LANDING_BY: tuple[LandingBy, ...] = ("owner", "kind", "customer")


class LandingPart(NamedTuple):
    """Live deals; deals won (on the basis of orders), or the ledger's rows and what is won and not yet invoiced (on that of
    sales)."""

    live: Sequence[DealSummary | DealAt]
    won: Sequence[DealSummary] = ()
    revenue: Sequence[Revenue] = ()
    backlog: Sequence[Backlog] = ()

    def done(self) -> Mapping[int, Pile]:
        """What was ordered in each month, or what the ledger shows of it; advances are neither."""
        return piles_by_month([*ordered_money(self.won), *sold_money(self.revenue)])

    def backlog_by_month(self, as_of: date) -> Mapping[int, Pile]:
        """What is won and not yet invoiced, by the month of the promised acceptance, where that is still to come."""
        left: defaultdict[int, list[tuple[int, int | None]]] = defaultdict(list)
        for one in self.backlog:
            if one.month is not None and one.accepts_last is not None and one.accepts_last >= as_of:
                left[one.month].append((one.deal, one.remaining))
        return {month: pile_of(worth) for month, worth in left.items()}


def whole_part(facts: LandingFacts, months: Sequence[int], basis: Basis) -> LandingPart:
    """All deals that are asked about."""
    first = month_start(months[0])
    if basis == "order":
        return LandingPart(facts.placed_live(), won=facts.closed("won", first))
    return LandingPart(facts.placed_live(), revenue=facts.revenue(first), backlog=facts.backlog() or ())


def parted(
    facts: LandingFacts, part: LandingPart, by: LandingBy, apart: Container[str] = frozenset()
) -> Mapping[str, LandingPart]:
    """A part by owner, kind or customer, those with most live money first; each under one spelling of its name. A row of the
    ledger is its deal's; one that belongs to none is nobody's, but its customer's. `apart` as in `same_customer`."""
    deals = {row.deal for row in part.revenue if row.deal is not None} | {one.deal for one in part.backlog}
    heads = {head.id: head for head in (*facts.live(), *part.won)} | dict(facts.heads(deals))
    named = [*(_name(head, by) for head in heads.values()), *(row.customer for row in part.revenue if by == "customer")]
    key = _keys(named, by, apart)
    names: dict[object, str] = {}
    live, won = defaultdict[object, list[DealSummary | DealAt]](list), defaultdict[object, list[DealSummary]](list)
    revenue, backlog = defaultdict[object, list[Revenue]](list), defaultdict[object, list[Backlog]](list)

    def whose(name: str) -> object:
        names.setdefault(key(name), name)
        return key(name)

    for head in part.live:
        live[whose(_name(heads[head.id], by))].append(head)
    for head in part.won:
        won[whose(_name(head, by))].append(head)
    for row in part.revenue:
        own = heads.get(row.deal) if row.deal is not None else None
        revenue[whose(_name(own, by) if own else row.customer if by == "customer" else "")].append(row)
    for one in part.backlog:
        if one.deal in heads:
            backlog[whose(_name(heads[one.deal], by))].append(one)
    parts = {name: LandingPart(live[of], won[of], revenue[of], backlog[of]) for of, name in names.items()}
    return dict(sorted(parts.items(), key=lambda item: (-sum(h.amount or 0 for h in item[1].live), item[0])))


def _name(head: DealSummary, by: LandingBy) -> str:
    return head.owner if by == "owner" else head.kind if by == "kind" else head.customer


def _keys(names: Sequence[str], by: LandingBy, apart: Container[str]) -> Callable[[str], object]:
    """What all spellings of a name share."""
    if by == "customer":
        return customer_groups(names, apart).__getitem__
    return person_key if by == "owner" else str
