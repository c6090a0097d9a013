"""Sales whose customer's name is only near an order's: offered to a person beside the proposals, and never joined. Pure."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from nippo_cli.base.customer_names import NOBODY, CustomerNames
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
from nippo_cli.line.near_customers import (
    NearCustomers,
    WhyNear,
    as_called,
    names_answering,
    near_between,
    nearness,
)


class NearSale(NamedTuple):
    """A sale that would be an order's if its customer were: `named` is whom of the order's its own name is near, and `why`.
    `named_as`, `sold_as`: the other name of that one, or of the sale's customer, that is near ("" where it is what it is called)."""

    proposal: Proposal
    named: str
    why: WhyNear
    named_as: str = ""
    sold_as: str = ""


def near_sales(
    sales: Iterable[Sale],
    orders: Iterable[Open],
    refused: Container[tuple[int, int]] = frozenset(),
    rates: Sequence[int] = (),
    apart: Container[str] = frozenset(),
    names: CustomerNames = NOBODY,
    recorded: Sequence[Sequence[str]] = (),
) -> list[NearSale]:
    """Of sales and orders that nothing was proposed for: each sale alone that has an order's amount and time, and whose
    customer has a name near one that the order says. No sale and no order twice: those without tax first, then the closest
    amount, then the closest day.

    Args:
        apart: as in `propose`.
        names: what customers are called.
        recorded: all names of each customer of whom records tell.

    Rule: docs/sales.md#matching
    """
    by_customer: defaultdict[str, list[Sale]] = defaultdict(list)
    for one in sorted((s for s in sales if s.kind == "sale" and s.amount > 0), key=lambda s: s.amount):
        by_customer[one.customer].append(one)
    waiting = list(orders)
    ours = dict.fromkeys(name for order in waiting for name in _names(order))
    near_names = defaultdict[str, list[NearCustomers]](list)
    for nearest in near_between(
        names_answering(ours, recorded), names_answering(by_customer, recorded), apart
    ).values():
        for pair in as_called(nearest, names):
            near_names[pair.one].append(pair)
    fitting_near = [
        fits
        for order in waiting
        for customer, said in _near_customers(order, near_names, apart).items()
        for sale in _of_amount(by_customer[customer], order, rates)
        if in_time(sale, order) and (sale.id, order.deal) not in refused
        if (fits := _near(sale, order, said, rates)) is not None
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


def _of_amount(sales: Sequence[Sale], order: Open, rates: Sequence[int]) -> Iterator[Sale]:
    """The sales of a customer, by amount, that may be an order's by theirs."""
    for first, last in _ranges(order, rates):
        start = bisect_left(sales, first, key=lambda sale: sale.amount)
        yield from sales[start : bisect_right(sales, last, key=lambda sale: sale.amount)]


def _names(order: Open) -> dict[str, MatchedBy]:
    """The names of an order that another may be near, by whose each is."""
    roles: dict[str, MatchedBy] = {order.customer: "customer"} if order.customer else {}
    if order.billed_to:
        roles.setdefault(order.billed_to, "billed_to")
    return roles


def _near_customers(
    order: Open, near_names: Mapping[str, Sequence[NearCustomers]], apart: Container[str]
) -> dict[str, NearCustomers]:
    """The customers of the ledger that are near one of an order's names, and none of them; with the nearest of these."""
    nearest: dict[str, NearCustomers] = {}
    pairs = [pair for name in _names(order) for pair in near_names.get(name, ())]
    for pair in sorted(pairs, key=lambda pair: (nearness(pair.why), len(pair.one), pair.one, pair.other)):
        nearest.setdefault(pair.other, pair)
    return {customer: pair for customer, pair in nearest.items() if matched_by(customer, order, apart) is None}


def _near(sale: Sale, order: Open, said: NearCustomers, rates: Sequence[int]) -> NearSale | None:
    proposal = fitting(order, (Candidate(sale, _names(order)[said.one]),), rates)
    return NearSale(proposal, said.one, said.why, said.one_as, said.other_as) if proposal is not None else None
