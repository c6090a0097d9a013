"""Which rows of the ledger may belong to which orders: proposals, for a person to confirm or refuse. Pure."""

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations, product
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from nippo_cli.base.customers import company, same_customer
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.tax import with_tax
from nippo_cli.gaps.facts import Order, Sale
from nippo_cli.line.facts import DealSummary
from nippo_cli.line.span import ClosedDays, passes_on
from nippo_cli.schema.schema import Kind, LedgerTerms, Schema

if TYPE_CHECKING:
    from nippo_cli.base.dates import When

# Amounts that differ by up to a twentieth are the same: a discount at the end, a rounding, a fee.
TOLERANCE = 20
_DAYS_BEFORE, _DAYS_AFTER = 30, 60
# Part invoices are looked for among so many rows, the earliest; one order has hardly ever more.
_MOST_PARTS = 10
_DAY = timedelta(days=1)
# What stands behind an invoice's number where it is one part of several: `K-2201-2`, `K-2201/2`, `K-2201（2）`.
_PART_OF_INVOICE: Final = re.compile(r"(?<=\d)[-/_(（]\d{1,2}[)）]?$")
# Consumption tax in Japan, and its reduced rate.
TAX_RATES: Final = (1000, 800)

# Of an order's names the one that a row of the ledger has.
MatchedBy: TypeAlias = Literal["customer", "billed_to", "site"]
# Days from an order to its acceptance: nothing takes longer.
_LONGEST = 20 * 366


class Due(NamedTuple):
    """When an order is to be in the ledger: `on` is the last day in time; a sale dated from `first` to `last` may be
    its."""

    on: date
    first: date
    last: date


class Open(NamedTuple):
    """An order that is not, or not wholly, in the ledger. `left` is what the ledger does not show of its amount yet,
    `advanced` what was paid in advance."""

    deal: int
    customer: str
    amount: int
    left: int
    won_on: date
    due: Due
    billed_to: str = ""
    site: str = ""
    advanced: int = 0


class Proposal(NamedTuple):
    """Sales that may belong to an order, together; `difference` is what they leave of it, `days` how long after the
    order the first of them is dated.

    `by` says of each sale whose name it has: the order's customer's, that of whom it is billed to, or its site's. `tax` is
    the rate of the tax that the sales hold and the order does not (0 for none). `rest` is what advances had paid of it: the
    sales are the rest alone. `left` is what the ledger did not show of the order before.
    """

    deal: int
    sales: tuple[Sale, ...]
    difference: int
    days: int
    by: tuple[MatchedBy, ...] = ()
    tax: int = 0
    rest: int = 0
    left: int = 0


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
        head.id, head.stage, head.customer, head.closed_on or head.last_on, head.accepts, head.kind, head.amount,
        head.billed_to, head.site,
    )  # fmt: skip


def same_amount(first: int, second: int, of: int) -> bool:
    """Whether two amounts differ by at most 5 % of a third."""
    return abs(first - second) * TOLERANCE <= abs(of)


def matched_by(customer: str, order: Order | Open, apart: Container[str] = frozenset()) -> MatchedBy | None:
    """Whose name the ledger has, of those that an order says; None where it is nobody's of it.

    A site is written alone or behind the customer's name: `東亜化学 大阪工場`. `apart` as in `same_customer`.

    Rule: docs/sales.md#matching
    """
    if same_customer(customer, order.customer, apart):
        return "customer"
    if order.billed_to and same_customer(customer, order.billed_to, apart):
        return "billed_to"
    return "site" if any(same_customer(customer, site, apart) for site in _sites(order)) else None


def _sites(order: Order | Open) -> tuple[str, ...]:
    return (order.site, f"{order.customer} {order.site}") if order.site else ()


def names_of(order: Order | Open) -> tuple[str, ...]:
    """Every name under which the ledger may have an order."""
    return tuple(filter(None, (order.customer, order.billed_to, *_sites(order))))


def tax_rates(ledger: LedgerTerms | None) -> tuple[int, ...]:
    """The rates of the tax that a row of the ledger may hold: what the schema says; else those of the consumption tax."""
    if ledger is None:
        return TAX_RATES
    return (ledger.rate,) if ledger.tax == "included" else ()


def propose(
    sales: Iterable[Sale],
    orders: Iterable[Open],
    refused: Container[tuple[int, int]] = frozenset(),
    rates: Sequence[int] = (),
    apart: Container[str] = frozenset(),
) -> list[Proposal]:
    """Which sales may be which orders'. No sale and no order is proposed twice.

    A sale may be an order's when it has the name of its customer, of whom it is billed to or of its site (`matched_by`), its
    date lies in the order's time, and it is what is left of the order's amount, or is so together with others, give or take
    5 % of the amount. Where an advance was paid, it may be the rest alone; with the tax of a rate, it must be so exactly. What
    was refused (sale, deal) never comes back. Rows of one reference are one invoice, which is as one sale. A sale alone goes
    before several, one without tax before one with it, then the closest amount, then the closest day. An
    advance is proposed with the sales that it adds up with, and never without one.

    Args:
        apart: the names of which two legal forms are known (`same_customer`).

    Rule: docs/sales.md#matching
    """
    by_customer: defaultdict[str, list[Sale]] = defaultdict(list)
    for sale in sales:
        if sale.amount > 0 and (customer := company(sale.customer)):
            by_customer[customer].append(sale)
    if not by_customer:
        return []
    waiting = [o for o in orders if _waits(o)]
    possible = {o.deal: _possible(o, by_customer, refused, apart) for o in waiting}
    alone = [
        proposal
        for o in waiting
        for one in possible[o.deal]
        if one.sale.kind == "sale" and (proposal := fitting(o, (one,), rates)) is not None
    ]
    alone += [
        proposal
        for o in waiting
        for rows in _invoices(possible[o.deal])
        if (proposal := fitting(o, rows, rates)) is not None
    ]
    proposals, used, taken = list[Proposal](), set[int](), set[int]()
    for one in sorted(alone, key=_closeness):
        if one.deal not in taken and used.isdisjoint(ids := [s.id for s in one.sales]):
            proposals.append(one)
            taken.add(one.deal)
            used.update(ids)
    for order in sorted(waiting, key=lambda o: (o.won_on, o.deal)):
        if order.deal not in taken:
            together = _together(order, [c for c in possible[order.deal] if c.sale.id not in used], rates)
            if together is not None:
                proposals.append(together)
                used.update(s.id for s in together.sales)
    return proposals


class Candidate(NamedTuple):
    """A sale that has one of an order's names."""

    sale: Sale
    by: MatchedBy


def _closeness(proposal: Proposal) -> tuple[object, ...]:
    ids = [s.id for s in proposal.sales]
    return proposal.tax > 0, abs(proposal.difference), len(ids) > 1, abs(proposal.days), proposal.deal, ids


def _invoices(candidates: Sequence[Candidate]) -> list[list[Candidate]]:
    """The rows of each invoice that has several: those of one reference, a sale among them."""
    by_reference: defaultdict[str, list[Candidate]] = defaultdict(list)
    for one in candidates:
        if one.sale.reference:
            by_reference[one.sale.reference].append(one)
    return [rows for rows in by_reference.values() if len(rows) > 1 and any(one.sale.kind == "sale" for one in rows)]


def _invoice_of(sale: Sale) -> str:
    """The number of the invoice that a sale is a part of: `K-2201` of `K-2201-2`, or all of it where it has no parts."""
    return _PART_OF_INVOICE.sub("", sale.reference)


def _waits(order: Open) -> bool:
    return order.left > 0 and not same_amount(order.left, 0, order.amount)


def in_time(sale: Sale, order: Open) -> bool:
    """Whether a sale is dated in an order's time."""
    return order.due.first <= sale.on <= order.due.last


def _possible(
    order: Open, by_customer: Mapping[str, Sequence[Sale]], refused: Container[tuple[int, int]], apart: Container[str]
) -> list[Candidate]:
    """The sales that have one of its names, are dated in its time, and were not refused for it."""
    return [
        Candidate(sale, by)
        for name in dict.fromkeys(map(company, names_of(order)))
        for sale in by_customer.get(name, ())
        if in_time(sale, order) and (sale.id, order.deal) not in refused
        if (by := matched_by(sale.customer, order, apart)) is not None
    ]


def _together(order: Open, candidates: Sequence[Candidate], rates: Sequence[int]) -> Proposal | None:
    """The fewest sales that are an order's amount together; of as few, those without tax, then those of the fewest invoices, then
    the closest."""
    parts = sorted(candidates, key=lambda c: (c.sale.on, c.sale.id))[:_MOST_PARTS]
    for n in range(2, len(parts) + 1):
        fit = [
            proposal
            for some in combinations(parts, n)
            if any(c.sale.kind == "sale" for c in some) and (proposal := fitting(order, some, rates)) is not None
        ]
        if fit:
            return min(
                fit,
                key=lambda p: (
                    p.tax > 0, len(set(map(_invoice_of, p.sales))), abs(p.difference), [s.id for s in p.sales],
                ),
            )  # fmt: skip
    return None


def fitting(order: Open, candidates: Sequence[Candidate], rates: Sequence[int]) -> Proposal | None:
    """The proposal that some sales make together; None where they are neither what is left of an order, nor the rest after
    its advances, nor either with tax."""
    sales, by = tuple(c.sale for c in candidates), tuple(c.by for c in candidates)
    total, days = sum(s.amount for s in sales), (min(s.on for s in sales) - order.won_on).days
    rests = [0, order.advanced] if 0 < order.advanced < order.left else [0]
    for rest in rests:
        left = order.left - rest
        if same_amount(total, left, order.amount):
            return Proposal(order.deal, sales, left - total, days, by, 0, rest, order.left)
    if not any(s.tax for s in sales):
        for rate, rest in product(rates, rests):
            if is_taxed(total, order.left - rest, rate, len(sales)):
                return Proposal(order.deal, sales, 0, days, by, rate, rest, order.left)
    return None


def is_taxed(total: int, amount: int, rate: int, rows: int) -> bool:
    """Whether so many rows add up to an amount with its tax; each may have been rounded on its own."""
    return rate > 0 and abs(total - with_tax(amount, rate)) <= rows


def by_sale(proposals: Iterable[Proposal]) -> Mapping[int, Proposal]:
    """Each proposal by every sale in it."""
    return dict(_each(proposals))


def _each(proposals: Iterable[Proposal]) -> Iterator[tuple[int, Proposal]]:
    for proposal in proposals:
        for sale in proposal.sales:
            yield sale.id, proposal
