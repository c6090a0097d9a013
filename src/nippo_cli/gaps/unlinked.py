"""売上との突合: orders that never became revenue, revenue that no order announced, and amounts that differ."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal, TypeAlias

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.gaps.facts import GapFacts, Match, Order, Sale
from nippo_cli.gaps.finding import Findings
from nippo_cli.gaps.held_orders import Books, HeldOrder, open_orders
from nippo_cli.gaps.matching import (
    Due,
    Dues,
    Open,
    Proposal,
    by_sale,
    expected_since,
    order_of,
    propose,
    tax_rates,
)
from nippo_cli.line.facts import DealSummary

_DAY = timedelta(days=1)

SaleCase: TypeAlias = Literal["no_sale", "no_deal", "not_won", "differs"]


class Unlinked(NamedTuple):
    """What the diary and the ledger do not agree on.

    `no_sale`: won, and nothing in the ledger though its time (`due_on`) is over. `no_deal`: a sale that belongs to no
    deal. `not_won`: a sale of a deal that is not won. `differs`: won and in the ledger, for more than 5 % less or more.
    `amount` is the deal's (for `no_deal` the sale's), `invoiced` what the ledger shows of it, `advanced` what was paid in
    advance, which is no part of that; `deal` is None for `no_deal`. `proposal` says what may belong together.
    """

    case: SaleCase
    deal: int | None
    stage: str
    began_on: date
    new: bool
    amount: int | None
    invoiced: int
    measure: int
    sales: tuple[Sale, ...] = ()
    due_on: date | None = None
    proposal: Proposal | None = None
    advanced: int = 0

    @property
    def difference(self) -> int | None:
        """What was won less what the ledger shows; of a sale alone there is nothing to compare."""
        if self.case in ("no_deal", "not_won") or self.amount is None:
            return None
        return self.amount - self.invoiced

    @property
    def stake(self) -> int | None:
        """The money that is not accounted for; None where it is unknown."""
        if self.case in ("no_deal", "not_won"):
            return abs(self.invoiced)
        return None if self.amount is None else abs(self.amount - self.invoiced)


class LedgerPart(NamedTuple):
    """Sales, or deals, and their money in the currency's smallest unit."""

    n: int = 0
    amount: int = 0


# So many of what a part counts are told; of a large ledger all of them would be large.
MOST_BEHIND = 100
# By the part of a balance: its sales, or its deals by id.
PartsBehind: TypeAlias = Mapping[str, Sequence[Sale | int]]
NOTHING_BEHIND: PartsBehind = MappingProxyType({})


class Balance(NamedTuple):
    """The ledger and the orders, both to the yen:

        ledger = matched + unmatched
        won    = matched + before + settled + backlog + late + difference

    `ledger` is the sales dated in the window; `matched` those of won deals; `proposed` the part of `unmatched` that has a
    proposal. `won` is the orders of the window, those that the window's sales belong to, and those that still wait for
    a sale. `before` is their sales from before the window; `settled` the advances that the sales of an order are the rest
    after; `backlog` (受注残) what is not in the ledger yet and has time;
    `late` what is not in it at all and had none left; `difference` the rest: what was won for more than the ledger shows
    (negative: for less). A deal without an amount counts as 0 and is one of `without_amount`.

    `advances` stands apart: the advances dated in the window, no part of `ledger`. `behind` has what each part counts, the first of it.
    """

    ledger: LedgerPart = LedgerPart()
    matched: LedgerPart = LedgerPart()
    unmatched: LedgerPart = LedgerPart()
    proposed: LedgerPart = LedgerPart()
    won: LedgerPart = LedgerPart()
    before: LedgerPart = LedgerPart()
    settled: LedgerPart = LedgerPart()
    backlog: LedgerPart = LedgerPart()
    late: LedgerPart = LedgerPart()
    difference: LedgerPart = LedgerPart()
    without_amount: int = 0
    advances: LedgerPart = LedgerPart()
    behind: PartsBehind = NOTHING_BEHIND


class Reconciled(NamedTuple):
    """The findings, most money first; the balance; and what may belong together. `loose` are the sales and `waiting` the
    orders that nothing was proposed for."""

    findings: Sequence[Unlinked]
    balance: Balance
    proposals: Sequence[Proposal]
    loose: Sequence[Sale] = ()
    waiting: Sequence[Open] = ()


class Detail(NamedTuple):
    """What is worth knowing of a finding that is shown: the entry that closed its deal, the proposed deal."""

    closing_entry: int | None
    proposed: DealSummary | None


def find(facts: GapFacts) -> Findings:
    """Everything that the diary and the ledger do not agree on. Rule: docs/gaps.md#unlinked"""
    held, orders_before = compared(facts)
    left_out = {
        "orders_before": orders_before,
        "without_amount": held.balance.without_amount,
        "unowned": facts.ledger.unowned(facts.since),
    }
    return Findings(held.findings, held.balance, left_out)


def compared(facts: GapFacts) -> tuple[Reconciled, int]:
    """The diary held against the ledger; and how many orders without a sale are too old for this window's sales."""
    dues = Dues(facts.schema, facts.rest)
    sales = facts.ledger.sales(facts.since)
    orders = {head.id: order_of(head) for head in facts.closed("won", facts.since)}
    without, older = facts.ledger.uninvoiced(expected_since(facts.since, facts.schema, facts.rest), facts.since)
    waiting = {order.id: order for order in without if dues.of(order).last >= facts.since}
    sold = facts.heads({s.deal for s in sales if s.deal is not None} - orders.keys())
    orders |= waiting | {deal: order_of(head) for deal, head in sold.items() if head.fate == "won"}
    others = {deal: head for deal, head in sold.items() if head.fate != "won"}
    held = reconciled(
        Books(
            sales=sales,
            sales_of=facts.ledger.sales_of(orders),
            advances=facts.ledger.advances(facts.since),
            advances_of=facts.ledger.advances_of(orders),
            matches=facts.ledger.matches(),
            rates=tax_rates(facts.schema.ledger),
            apart=facts.ledger.apart,
        ),
        orders,
        others,
        dues,
        as_of=facts.as_of,
        since=facts.since,
    )
    return held, older + len(without) - len(waiting)


def reconciled(
    books: Books,
    orders: Mapping[int, Order],
    others: Mapping[int, DealSummary],
    dues: Dues,
    *,
    as_of: date,
    since: date,
) -> Reconciled:
    """The sales of a window held against orders.

    Args:
        orders: the won deals that are asked about, by the deal.
        others: every deal that a sale of the window belongs to and that is not won.

    Rule: docs/gaps.md#unlinked
    """
    loose = [s for s in books.sales if s.deal not in orders and s.deal not in others]
    held = {deal: HeldOrder.of(order, books) for deal, order in orders.items()}
    proposals: list[Proposal] = []
    if loose:
        alone = [s for s in books.advances if s.deal is None]
        proposals = propose(
            [*loose, *alone], open_orders(held.values(), dues), refused(books.matches), books.rates, books.apart
        )
    of_sale, of_deal = by_sale(proposals), {p.deal: p for p in proposals}
    loose = [s for s in loose if s.id not in of_sale]
    waiting = [o for o in open_orders(held.values(), dues) if o.deal not in of_deal] if loose else []
    sums, findings = _Sums(), list[Unlinked]()
    for sale in books.sales:
        in_won = sale.deal in orders
        sums.sale(sale, in_won=in_won, proposed=sale.id in of_sale)
        if not in_won:
            findings.append(_without_order(sale, others.get(sale.deal or 0), of_sale.get(sale.id), as_of))
    for advance in books.advances:
        sums.advance(advance)
    for deal, one in held.items():
        due = dues.of(one.order)
        sums.order(one, since, waits=as_of <= due.on)
        findings += _of_order(one, due, of_deal.get(deal), as_of, since)
    findings.sort(key=lambda f: (f.stake is None, -(f.stake or 0), f.began_on, f.deal or 0, [s.id for s in f.sales]))
    return Reconciled(findings, sums.balance(), proposals, loose, waiting)


def refused(matches: Sequence[Match]) -> frozenset[tuple[int, int]]:
    """The sales and deals that a person parted, unless they were joined again later."""
    last = {(m.sale, m.deal): m.confirmed for m in matches}
    return frozenset(pair for pair, confirmed in last.items() if not confirmed)


def look(facts: GapFacts, findings: Sequence[Unlinked]) -> list[Detail]:
    """The closing entries and the proposed deals of what is shown."""
    lines = facts.lines([f.deal for f in findings if f.deal is not None])
    proposed = facts.heads([f.proposal.deal for f in findings if f.proposal is not None])
    details = []
    for finding in findings:
        line = lines.get(finding.deal) if finding.deal is not None else None
        closing = (
            [s.entry for s in line.stays if s.entered_on == line.head.closed_on and s.days is None] if line else []
        )
        head = proposed.get(finding.proposal.deal) if finding.proposal is not None else None
        details.append(Detail(closing[0] if closing else None, head))
    return details


def _without_order(sale: Sale, head: DealSummary | None, proposal: Proposal | None, as_of: date) -> Unlinked:
    days = (as_of - sale.on).days
    if head is None:
        return Unlinked(
            "no_deal", None, "", sale.on, True, sale.amount, sale.amount, days, (sale,), proposal=proposal
        )  # fmt: skip
    return Unlinked("not_won", head.id, head.stage, sale.on, True, head.amount, sale.amount, days, (sale,))


def _of_order(held: HeldOrder, due: Due, proposal: Proposal | None, as_of: date, since: date) -> list[Unlinked]:
    """What is to be asked of an order, if anything."""
    order, own, invoiced, over = held.order, held.own, held.invoiced, as_of > due.on
    if not own and not over:
        return []
    late_since, deal, stage, amount = due.on + _DAY, order.id, order.stage, order.amount
    if not own:
        days = (as_of - due.on).days
        new = late_since >= since
        return [Unlinked("no_sale", deal, stage, late_since, new, amount, 0, days, (), due.on, proposal, held.advanced)]
    if amount is None or held.agrees or (invoiced < amount and not over):
        return []
    last = own[-1].on
    began_on, by = max(late_since, last) if invoiced < amount else last, abs(amount - invoiced)
    new = began_on >= since
    return [
        Unlinked(
            "differs", deal, stage, began_on, new, amount, invoiced, by, tuple(own), due.on, proposal, held.advanced
        )
    ]


class _Sums:
    """What a balance adds up, part by part."""

    def __init__(self) -> None:
        self._n: Counter[str] = Counter()
        self._amount: Counter[str] = Counter()
        self._behind: defaultdict[str, list[Sale | int]] = defaultdict(list)

    def sale(self, sale: Sale, *, in_won: bool, proposed: bool) -> None:
        """A sale of the window."""
        for part in ("ledger", "matched" if in_won else "unmatched", *(("proposed",) if proposed else ())):
            self._add(part, sale.amount, sale)

    def advance(self, advance: Sale) -> None:
        """An advance of the window."""
        self._add("advances", advance.amount, advance)

    def order(self, held: HeldOrder, since: date, *, waits: bool) -> None:
        """An order and its sales; `waits` while there is time for more."""
        amount, invoiced, own = held.order.amount or 0, held.invoiced, held.own
        self._add("won", amount, held.order.id)
        if held.order.amount is None:
            self._n["without_amount"] += 1
        for sale in own:
            if sale.on < since:
                self._add("before", sale.amount, sale)
        if held.settled:
            self._add("settled", held.advanced, held.order.id)
            invoiced += held.advanced
        if waits and (not own or (invoiced < amount and not held.agrees)):
            self._add("backlog", amount - invoiced, held.order.id)
        elif not own:
            self._add("late", amount, held.order.id)
        elif amount != invoiced:
            self._add("difference", amount - invoiced, held.order.id)

    def balance(self) -> Balance:
        """The sums."""
        parts = {part: LedgerPart(n, self._amount[part]) for part, n in self._n.items() if part != "without_amount"}
        return Balance(**parts, without_amount=self._n["without_amount"], behind=self._behind)

    def _add(self, part: str, amount: int, of: Sale | int) -> None:
        if len(self._behind[part]) < MOST_BEHIND:
            self._behind[part].append(of)
        self._n[part] += 1
        self._amount[part] += amount
