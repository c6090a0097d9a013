"""Orders held against the ledger: what each was sold for, what was paid in advance, and whether the two come to its amount."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, Self

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.gaps.facts import Match, Order, Sale
from nippo_cli.gaps.matching import Dues, Open, is_taxed, same_amount

NOTHING: Final[Mapping[int, Sequence[Sale]]] = MappingProxyType({})


class Books(NamedTuple):
    """The ledger as far as it is held against orders: `sales` and `advances` are those dated in the window, `sales_of` and
    `advances_of` all of each won deal; `rates` those of the tax that a row may hold."""

    sales: Sequence[Sale]
    sales_of: Mapping[int, Sequence[Sale]]
    matches: Sequence[Match] = ()
    advances: Sequence[Sale] = ()
    advances_of: Mapping[int, Sequence[Sale]] = NOTHING
    rates: Sequence[int] = ()


class HeldOrder(NamedTuple):
    """An order, its sales, and what was paid in advance (less what was offset).

    `settled`: the sales are the rest after the advances, together they are its amount; so the advances are settled. `taxed`:
    they are its amount with tax.
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
        own = books.sales_of.get(order.id, ())
        invoiced, advanced = sum(s.amount for s in own), sum(s.amount for s in books.advances_of.get(order.id, ()))
        amount = order.amount
        if amount is None or not own or same_amount(amount, invoiced, amount):
            return cls(order, own, invoiced, advanced, settled=False, taxed=False)
        settled = advanced > 0 and same_amount(amount, invoiced + advanced, amount)
        rates = () if settled or any(s.tax for s in own) else books.rates
        rests = (amount, amount - advanced) if 0 < advanced < amount else (amount,)
        taxed = any(is_taxed(invoiced, rest, rate, len(own)) for rate in rates for rest in rests)
        return cls(order, own, invoiced, advanced, settled=settled, taxed=taxed)

    @property
    def agrees(self) -> bool:
        """Whether nothing of it is left to ask: its sales are its amount, the rest of it, or either with tax."""
        amount = self.order.amount
        return amount is None or self.settled or self.taxed or same_amount(amount, self.invoiced, amount)


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
