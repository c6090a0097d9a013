"""Sales whose customer's name is only near an order's: offered to a person beside the proposals, and never joined. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable, Iterator, Sequence

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.tax import with_tax
from nippo_cli.gaps.facts import Sale
from nippo_cli.gaps.matching import (
    TOLERANCE,
    Candidate,
    MatchedBy,
    Open,
    Proposal,
    fitting,
    in_time,
    matched_by,
)
from nippo_cli.line.near_customers import WhyNear, near_customers


class NearSale(NamedTuple):
    """A sale that would be an order's if its customer were: `named` is the order's name that its own is near, and `why`."""

    proposal: Proposal
    named: str
    why: WhyNear


def near_sales(
    sales: Iterable[Sale],
    orders: Iterable[Open],
    refused: Container[tuple[int, int]] = frozenset(),
    rates: Sequence[int] = (),
) -> list[NearSale]:
    """Of sales and orders that nothing was proposed for: each sale alone that has an order's amount and time, and whose
    customer has a name near one that the order says. No sale and no order twice: those without tax first, then the closest
    amount, then the closest day.

    Rule: docs/sales.md#matching
    """
    by_amount = sorted((s for s in sales if s.kind == "sale" and s.amount > 0), key=lambda s: s.amount)
    amounts = [sale.amount for sale in by_amount]
    fitting_near = [
        near
        for order in orders
        for first, last in _ranges(order, rates)
        for sale in by_amount[bisect_left(amounts, first) : bisect_right(amounts, last)]
        if in_time(sale, order) and (sale.id, order.deal) not in refused
        if (near := _near(sale, order, rates)) is not None
    ]
    offered, sold, taken = list[NearSale](), set[int](), set[int]()
    for near in sorted(fitting_near, key=_closest):
        sale = near.proposal.sales[0].id
        if near.proposal.deal not in taken and sale not in sold:
            offered.append(near)
            taken.add(near.proposal.deal)
            sold.add(sale)
    return offered


def _closest(near: NearSale) -> tuple[bool, int, int, int, int]:
    one = near.proposal
    return one.tax > 0, abs(one.difference), abs(one.days), one.deal, one.sales[0].id


def _ranges(order: Open, rates: Sequence[int]) -> Iterator[tuple[int, int]]:
    """From which to which amount a sale may be an order's."""
    near = order.amount // TOLERANCE
    for left in {order.left, order.left - order.advanced}:
        yield left - near, left + near
        for rate in rates:
            taxed = with_tax(left, rate)
            yield taxed - 1, taxed + 1


def _near(sale: Sale, order: Open, rates: Sequence[int]) -> NearSale | None:
    if matched_by(sale.customer, order) is not None:
        return None
    roles: dict[str, MatchedBy] = {order.customer: "customer"}
    if order.billed_to:
        roles.setdefault(order.billed_to, "billed_to")
    near = near_customers(sale.customer, filter(None, roles))
    if not near:
        return None
    proposal = fitting(order, (Candidate(sale, roles[near[0].other]),), rates)
    return NearSale(proposal, near[0].other, near[0].why) if proposal is not None else None
