"""Which rows of the ledger may belong to which orders: proposals, for a person to confirm or refuse. Pure."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations
from typing import TYPE_CHECKING

from nippo_cli.base.customers import company, same_customer
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.gaps.facts import Order, Sale
from nippo_cli.line.facts import DealSummary
from nippo_cli.line.span import ClosedDays, passes_on
from nippo_cli.schema.schema import Kind, Schema

if TYPE_CHECKING:
    from nippo_cli.base.dates import When

# Amounts that differ by up to a twentieth are the same: a discount at the end, a rounding, a fee.
TOLERANCE = 20
_DAYS_BEFORE, _DAYS_AFTER = 30, 60
# Part invoices are looked for among so many rows, the earliest; one order has hardly ever more.
_MOST_PARTS = 10
_DAY = timedelta(days=1)
# Days from an order to its acceptance: nothing takes longer.
_LONGEST = 20 * 366


class Due(NamedTuple):
    """When an order is to be in the ledger: `on` is the last day in time; a sale dated from `first` to `last` may be
    its."""

    on: date
    first: date
    last: date


class Open(NamedTuple):
    """An order that is not, or not wholly, in the ledger. `left` is what the ledger does not show of its amount yet."""

    deal: int
    customer: str
    amount: int
    left: int
    won_on: date
    due: Due


class Proposal(NamedTuple):
    """Sales that may belong to an order, together; `difference` is what they leave of it, `days` how long after the
    order the first of them is dated."""

    deal: int
    sales: tuple[Sale, ...]
    difference: int
    days: int


def due_of(order: Order, schema: Schema, rest: ClosedDays) -> Due:
    """When an order is to be in the ledger: within its kind's `invoice_within`, counted from the last day of the
    promised acceptance, or from the order where none is promised; closed days on the way lengthen it.

    Rule: docs/sales.md#matching
    """
    kind = schema.kind_by_key.get(schema.renamed_kinds.get(order.kind, order.kind))
    within = kind.invoice_within if kind is not None else Kind("", "").invoice_within
    counted_from = order.won_on
    if order.accepts is not None:
        # `9999-12-31` is how some people write that nobody knows.
        counted_from = max(min(order.accepts.last, _moved(order.won_on, _LONGEST)), order.won_on)
    last_in_time = passes_on(counted_from, within, rest, ()) - _DAY
    return Due(last_in_time, _moved(order.won_on, -_DAYS_BEFORE), _moved(last_in_time, _DAYS_AFTER))


class Dues:
    """When each order is to be in the ledger: orders share their days and kinds, so each of these is reckoned once."""

    def __init__(self, schema: Schema, rest: ClosedDays) -> None:
        self._schema, self._rest = schema, rest
        self._dues: dict[tuple[date, When | None, str], Due] = {}

    def of(self, order: Order) -> Due:
        """As `due_of`."""
        asked = order.won_on, order.accepts, order.kind
        due = self._dues.get(asked)
        if due is None:
            due = self._dues[asked] = due_of(order, self._schema, self._rest)
        return due


def expected_since(window: date, schema: Schema, rest: ClosedDays) -> date:
    """The first day of an order, or of its acceptance, that a sale in a window may still be expected for."""
    days = max((kind.invoice_within for kind in schema.kinds), default=0)
    days = max(days, Kind("", "").invoice_within) + _DAYS_AFTER
    # Closed days on the way lengthen an order's time by as many; a year more of them than need be does no harm.
    first = _moved(window, -2 * days - 366)
    return _moved(window, -days - rest.count(first, window))


def _moved(day: date, days: int) -> date:
    """So many days later or earlier, within the calendar."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def order_of(head: DealSummary) -> Order:
    """A won deal as an order."""
    return Order(
        head.id, head.stage, head.customer, head.closed_on or head.last_on, head.accepts, head.kind, head.amount
    )


def same_amount(first: int, second: int, of: int) -> bool:
    """Whether two amounts differ by at most 5 % of a third."""
    return abs(first - second) * TOLERANCE <= abs(of)


def propose(
    sales: Iterable[Sale], orders: Iterable[Open], refused: Container[tuple[int, int]] = frozenset()
) -> list[Proposal]:
    """Which sales may be which orders'. No sale and no order is proposed twice.

    A sale may be an order's when the customer is the same (`same_customer`), its date lies in the order's time, and it
    is what is left of the order's amount, or is so together with others, give or take 5 % of the amount. What was
    refused (sale, deal) never comes back. A sale alone goes before several, then the closest amount, then the closest
    day.

    Rule: docs/sales.md#matching
    """
    by_customer: defaultdict[str, list[Sale]] = defaultdict(list)
    for sale in sales:
        if sale.amount > 0 and (customer := company(sale.customer)):
            by_customer[customer].append(sale)
    if not by_customer:
        return []
    waiting = [o for o in orders if o.left > 0 and not same_amount(o.left, 0, o.amount)]
    possible = {
        o.deal: [
            s
            for s in by_customer.get(company(o.customer), ())
            if o.due.first <= s.on <= o.due.last
            and (s.id, o.deal) not in refused
            and same_customer(s.customer, o.customer)
        ]
        for o in waiting
    }
    alone = [_proposal(o, (s,)) for o in waiting for s in possible[o.deal] if same_amount(s.amount, o.left, o.amount)]
    proposals, used, taken = list[Proposal](), set[int](), set[int]()
    for one in sorted(alone, key=lambda p: (abs(p.difference), abs(p.days), p.deal, p.sales[0].id)):
        if one.deal not in taken and one.sales[0].id not in used:
            proposals.append(one)
            taken.add(one.deal)
            used.add(one.sales[0].id)
    for order in sorted(waiting, key=lambda o: (o.won_on, o.deal)):
        if order.deal not in taken:
            together = _together(order, [s for s in possible[order.deal] if s.id not in used])
            if together is not None:
                proposals.append(together)
                used.update(s.id for s in together.sales)
    return proposals


def _together(order: Open, sales: Sequence[Sale]) -> Proposal | None:
    """The fewest sales that are an order's amount together; of as few, the closest."""
    parts = sorted(sales, key=lambda s: (s.on, s.id))[:_MOST_PARTS]
    for n in range(2, len(parts) + 1):
        fitting = [p for some in combinations(parts, n) if _fits(p := _proposal(order, some), order)]
        if fitting:
            return min(fitting, key=lambda p: (abs(p.difference), [s.id for s in p.sales]))
    return None


def _fits(proposal: Proposal, order: Open) -> bool:
    return same_amount(proposal.difference, 0, order.amount)


def _proposal(order: Open, sales: tuple[Sale, ...]) -> Proposal:
    days = (min(s.on for s in sales) - order.won_on).days
    return Proposal(order.deal, sales, order.left - sum(s.amount for s in sales), days)


def by_sale(proposals: Iterable[Proposal]) -> Mapping[int, Proposal]:
    """Each proposal by every sale in it."""
    return dict(_each(proposals))


def _each(proposals: Iterable[Proposal]) -> Iterator[tuple[int, Proposal]]:
    for proposal in proposals:
        for sale in proposal.sales:
            yield sale.id, proposal
