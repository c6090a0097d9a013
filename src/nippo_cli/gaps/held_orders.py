"""Orders held against the ledger: what each was sold for, what was paid in advance, and whether the two come to its amount."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, Self

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.gaps.facts import Match, Order, Sale
from nippo_cli.gaps.matching import Dues, Open, is_taxed, same_amount

NOTHING: Final[Mapping[int, Sequence[Sale]]] = MappingProxyType({})


class Books(NamedTuple):
    """The ledger as far as it is held against orders: `sales` and `advances` are those dated in the window, `sales_of` and
    `advances_of` all of each won deal; `rates` those of the tax that a row may hold; `apart` as in `same_customer`."""

    sales: Sequence[Sale]
    sales_of: Mapping[int, Sequence[Sale]]
    matches: Sequence[Match] = ()
    advances: Sequence[Sale] = ()
    advances_of: Mapping[int, Sequence[Sale]] = NOTHING
    rates: Sequence[int] = ()
    apart: Container[str] = frozenset()


class HeldOrder(NamedTuple):
    """An order, its sales, and what was paid in advance (less what was offset).

    `settled`: the sales are the rest after the advances, together they are its amount, or either so with tax; so the advances
    are settled. `taxed`: the sales are its amount with tax.
    """

    order: Order
    own: Sequence[Sale]
    invoiced: int
    advanced: int
    settled: bool
    taxed: bool

    @classmethod
    def of(cls, order: Order, books: Books) -> Self:
        """The order held against all that is the deal's."""
        own, paid = books.sales_of.get(order.id, ()), books.advances_of.get(order.id, ())
        invoiced, advanced = sum(s.amount for s in own), sum(s.amount for s in paid)
        amount = order.amount
        if amount is None or not own or same_amount(amount, invoiced, amount):
            return cls(order, own, invoiced, advanced, settled=False, taxed=False)
        rates = () if any(s.tax for s in own) else books.rates
        taxed = any(is_taxed(invoiced, amount, rate, len(own)) for rate in rates)
        settled = (
            advanced > 0
            and not taxed
            and (
                same_amount(amount, invoiced + advanced, amount)
                or any(_is_taxed_rest(invoiced, amount, paid, rate, len(own)) for rate in rates)
            )
        )
        return cls(order, own, invoiced, advanced, settled=settled, taxed=taxed)

    @property
    def agrees(self) -> bool:
        """Whether nothing of it is left to ask: its sales are its amount, the rest of it, or either with tax."""
        amount = self.order.amount
        return amount is None or self.settled or self.taxed or same_amount(amount, self.invoiced, amount)


def _is_taxed_rest(invoiced: int, amount: int, paid: Sequence[Sale], rate: int, rows: int) -> bool:
    """Whether so many rows are with tax what advances leave of an amount; the advances with tax too, or without."""
    advanced = sum(s.amount for s in paid)
    if is_taxed(invoiced + advanced, amount, rate, rows + len(paid)):
        return not any(s.tax for s in paid)
    return advanced < amount and is_taxed(invoiced, amount - advanced, rate, rows)


def open_orders(held: Iterable[HeldOrder], dues: Dues) -> Iterator[Open]:
    """The orders that are not, or not wholly, in the ledger, as far as their amount is known."""
    for one in held:
        order = one.order
        if order.amount is not None and not one.agrees:
            left = order.amount - one.invoiced
            yield Open(
                order.id, order.customer, order.amount, left, order.won_on, dues.of(order), order.billed_to, order.site,
                max(one.advanced, 0),
            )  # fmt: skip
