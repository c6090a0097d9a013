"""売上との突合: orders that never became revenue, revenue that no order announced, and amounts that differ."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Literal, TypeAlias

from nippo_cli.frozen import NamedTuple
from nippo_cli.gaps.facts import Facts, Match, Sale
from nippo_cli.gaps.finding import Found
from nippo_cli.gaps.matching import Due, Open, Proposal, by_sale, due_of, expected_since, order_of, propose, same_amount
from nippo_cli.line.facts import Head
from nippo_cli.line.span import ClosedDays
from nippo_cli.schema.agreement import Agreement

Case: TypeAlias = Literal["no_sale", "no_deal", "not_won", "differs"]


class Unlinked(NamedTuple):
    """What the diary and the ledger do not agree on.

    `no_sale`: won, and nothing in the ledger though its time (`due_on`) is over. `no_deal`: a sale that belongs to no
    deal. `not_won`: a sale of a deal that is not won. `differs`: won and in the ledger, for more than 5 % less or more.
    `amount` is the deal's (for `no_deal` the sale's), `invoiced` what the ledger shows of it; `deal` is None for
    `no_deal`. `proposal` says what may belong together.
    """

    case: Case
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

    @property
    def stake(self) -> int | None:
        """The money that is not accounted for; None where it is unknown."""
        if self.case in ("no_deal", "not_won"):
            return abs(self.invoiced)
        return None if self.amount is None else abs(self.amount - self.invoiced)


class Part(NamedTuple):
    """Sales, or deals, and their money in the currency's smallest unit."""

    n: int = 0
    amount: int = 0

    def plus(self, amount: int) -> "Part":
        """One more."""
        return Part(self.n + 1, self.amount + amount)


class Balance(NamedTuple):
    """The ledger and the orders, both to the yen:

        ledger = matched + unmatched
        won    = matched + before + backlog + late + difference

    `ledger` is the sales dated in the window; `matched` those of won deals; `proposed` the part of `unmatched` that has a
    proposal. `won` is the orders of the window, those that the window's sales belong to, and those that still wait for
    a sale. `before` is their sales from before the window; `backlog` (受注残) what is not in the ledger yet and has time;
    `late` what is not in it at all and had none left; `difference` the rest: what was won for more than the ledger shows
    (negative: for less). A deal without an amount counts as 0 and is one of `without_amount`.
    """

    ledger: Part = Part()
    matched: Part = Part()
    unmatched: Part = Part()
    proposed: Part = Part()
    won: Part = Part()
    before: Part = Part()
    backlog: Part = Part()
    late: Part = Part()
    difference: Part = Part()
    without_amount: int = 0


class Reconciled(NamedTuple):
    """The findings, most money first; the balance; and what may belong together."""

    findings: Sequence[Unlinked]
    balance: Balance
    proposals: Sequence[Proposal]


class Detail(NamedTuple):
    """What is worth knowing of a finding that is shown: the entry that closed its deal, the proposed deal."""

    closing_entry: int | None
    proposed: Head | None


def find(facts: Facts) -> Found:
    """Everything that the diary and the ledger do not agree on. Rule: docs/gaps.md#unlinked"""
    found, orders_before = compared(facts)
    left_out = {
        "orders_before": orders_before,
        "without_amount": found.balance.without_amount,
        "unowned": facts.unowned(facts.since),
    }
    return Found(found.findings, found.balance, left_out)


def compared(facts: Facts) -> tuple[Reconciled, int]:
    """The diary held against the ledger; and how many orders without a sale are too old for this window's sales."""
    sales, won = facts.sales(facts.since), {head.id: head for head in facts.closed("won", facts.since)}
    orders, older = facts.uninvoiced(expected_since(facts.since, facts.agreement, facts.rest), facts.since)
    waiting = {o.id for o in orders if due_of(o, facts.agreement, facts.rest).last >= facts.since}
    others = waiting.union(s.deal for s in sales if s.deal is not None and s.deal not in won)
    heads = won | {deal: head for deal, head in facts.heads(others).items() if deal in others}
    deals = [deal for deal, head in heads.items() if head.fate == "won"]
    found = reconciled(
        sales, heads, facts.sales_of(deals), facts.matches(), facts.agreement, facts.rest,
        as_of=facts.as_of, since=facts.since,
    )  # fmt: skip
    return found, older + len(orders) - len(waiting)


def reconciled(
    sales: Sequence[Sale],
    heads: Mapping[int, Head],
    sales_of: Mapping[int, Sequence[Sale]],
    matches: Sequence[Match],
    agreement: Agreement,
    rest: ClosedDays,
    *,
    as_of: date,
    since: date,
) -> Reconciled:
    """The sales of a window held against orders.

    Args:
        sales: those dated in the window.
        heads: the won deals that are asked about, and every deal that a sale of the window belongs to.
        sales_of: all sales of each won deal, whenever they are dated.

    Rule: docs/gaps.md#unlinked
    """
    won = {deal: head for deal, head in heads.items() if head.fate == "won"}
    due = {deal: due_of(order_of(head), agreement, rest) for deal, head in won.items()}
    invoiced = {deal: sum(s.amount for s in sales_of.get(deal, ())) for deal in won}
    opened = [
        Open(deal, head.customer, head.amount, head.amount - invoiced[deal], head.closed_on or head.last_on, due[deal])
        for deal, head in won.items()
        if head.amount is not None
    ]
    loose = [s for s in sales if s.deal is None or s.deal not in heads]
    proposals = propose(loose, opened, refused(matches))
    of_sale, of_deal = by_sale(proposals), {p.deal: p for p in proposals}
    balance, found = Balance(), list[Unlinked]()
    for sale in sales:
        balance = _with_sale(balance, sale, in_won=sale.deal in won, proposed=sale.id in of_sale)
        if sale.deal not in won:
            found.append(_without_order(sale, heads.get(sale.deal or 0), of_sale.get(sale.id), as_of))
    for deal, head in won.items():
        own = sales_of.get(deal, ())
        balance = _with_order(balance, head, own, due[deal], as_of, since)
        found += _of_order(head, own, due[deal], of_deal.get(deal), as_of, since)
    found.sort(key=lambda f: (f.stake is None, -(f.stake or 0), f.began_on, f.deal or 0, [s.id for s in f.sales]))
    return Reconciled(found, balance, proposals)


def refused(matches: Sequence[Match]) -> frozenset[tuple[int, int]]:
    """The sales and deals that a person parted, unless they were joined again later."""
    last = {(m.sale, m.deal): m.confirmed for m in matches}
    return frozenset(pair for pair, confirmed in last.items() if not confirmed)


def look(facts: Facts, findings: Sequence[Unlinked]) -> list[Detail]:
    """The closing entries and the proposed deals of what is shown."""
    lines = facts.lines([f.deal for f in findings if f.deal is not None])
    proposed = facts.heads([f.proposal.deal for f in findings if f.proposal is not None])
    found = []
    for finding in findings:
        line = lines.get(finding.deal) if finding.deal is not None else None
        closing = (
            [s.entry for s in line.stays if s.entered_on == line.head.closed_on and s.days is None] if line else []
        )
        head = proposed.get(finding.proposal.deal) if finding.proposal is not None else None
        found.append(Detail(closing[0] if closing else None, head))
    return found


def _without_order(sale: Sale, head: Head | None, proposal: Proposal | None, as_of: date) -> Unlinked:
    days = (as_of - sale.on).days
    if head is None:
        return Unlinked(
            "no_deal", None, "", sale.on, True, sale.amount, sale.amount, days, (sale,), proposal=proposal
        )  # fmt: skip
    return Unlinked("not_won", head.id, head.stage, sale.on, True, head.amount, sale.amount, days, (sale,))


def _of_order(
    head: Head, own: Sequence[Sale], due: Due, proposal: Proposal | None, as_of: date, since: date
) -> list[Unlinked]:
    """What is to be asked of an order, if anything."""
    late_since, over = due.on + timedelta(days=1), as_of > due.on
    if not own:
        if not over:
            return []
        days = (as_of - due.on).days
        return [
            Unlinked(
                "no_sale",
                head.id,
                head.stage,
                late_since,
                late_since >= since,
                head.amount,
                0,
                days,
                (),
                due.on,
                proposal,
            )
        ]
    invoiced = sum(s.amount for s in own)
    if head.amount is None or same_amount(head.amount, invoiced, head.amount) or (invoiced < head.amount and not over):
        return []
    last = own[-1].on
    began_on = max(late_since, last) if invoiced < head.amount else last
    return [
        Unlinked(
            "differs", head.id, head.stage, began_on, began_on >= since, head.amount, invoiced,
            abs(head.amount - invoiced), tuple(own), due.on, proposal,
        )
    ]  # fmt: skip


def _with_sale(balance: Balance, sale: Sale, *, in_won: bool, proposed: bool) -> Balance:
    balance = balance._replace(ledger=balance.ledger.plus(sale.amount))
    if in_won:
        return balance._replace(matched=balance.matched.plus(sale.amount))
    if proposed:
        balance = balance._replace(proposed=balance.proposed.plus(sale.amount))
    return balance._replace(unmatched=balance.unmatched.plus(sale.amount))


def _with_order(balance: Balance, head: Head, own: Sequence[Sale], due: Due, as_of: date, since: date) -> Balance:
    amount, invoiced = head.amount or 0, sum(s.amount for s in own)
    balance = balance._replace(
        won=balance.won.plus(amount), without_amount=balance.without_amount + (head.amount is None)
    )
    for sale in own:
        if sale.on < since:
            balance = balance._replace(before=balance.before.plus(sale.amount))
    if as_of <= due.on and (not own or invoiced < amount):
        return balance._replace(backlog=balance.backlog.plus(amount - invoiced))
    if not own:
        return balance._replace(late=balance.late.plus(amount))
    if amount != invoiced:
        return balance._replace(difference=balance.difference.plus(amount - invoiced))
    return balance
