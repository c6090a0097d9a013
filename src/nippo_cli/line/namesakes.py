"""Which deal a row of an import means: names are unique within a customer only."""

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Sequence
from typing import Final, Protocol, TypeVar

from nippo_cli.base.customers import company, same_customer

# From so many deals of one name on they are found by their customers: a file that calls each deal by its product has thousands.
MANY: Final = 16


class Namesake(Protocol):
    """A deal of a name: whose it is ("" is nobody's), whose it was before it was nobody's, and whether the name is but an
    alias of it."""

    @property
    def customer(self) -> str:
        """Its customer by now."""

    @property
    def once_of(self) -> Collection[str]:
        """The customers that were ever said of one that has none by now; "" is one that nobody knows any more."""

    @property
    def is_alias(self) -> bool:
        """Whether it is called otherwise today."""


T = TypeVar("T", bound=Namesake)


class Namesakes(list[T]):
    """Many deals of one name, found by their customers. Whose a deal is must not change but to another spelling, or from nobody's;
    else it is to be told (`moved`)."""

    def __init__(self, deals: Iterable[T]) -> None:
        super().__init__(deals)
        self.moved()

    def append(self, deal: T) -> None:
        """One more."""
        super().append(deal)
        self._sort_in(deal)

    def moved(self) -> None:
        """Somebody's became another's: all are sorted anew."""
        self._of_company: defaultdict[str, list[T]] = defaultdict(list)
        # Those that may be anybody's by now.
        self.loose: list[T] = []
        for deal in self:
            self._sort_in(deal)

    def _sort_in(self, deal: T) -> None:
        # An alias shares the customer of a deal that is met by another name, too.
        settled = deal.customer and not deal.is_alias
        (self._of_company[company(deal.customer)] if settled else self.loose).append(deal)

    def near(self, customer: str) -> list[T]:
        """All that may be this customer's."""
        return [*self._of_company.get(company(customer), ()), *self.loose]


class SeveralDeals(Exception):
    """Nothing says which of several deals of one name is meant."""


def meant(deals: Sequence[T], customer: str, *, changes: bool, apart: Container[str] = frozenset()) -> T | None:
    """Of all deals of one name the one that a row means which names a customer, or none (""); None where a new one begins.

    The deal of that customer, else nobody's, which becomes that customer's unless it was ever another's: what was said there
    may still be in it. For a row that names no customer, the only one there is. A deal's own name comes before
    another's alias.

    Args:
        changes: a row may give the only deal of a name another customer.
        apart: the names of which two legal forms are known (`same_customer`).

    Raises:
        SeveralDeals: it could be several.
    """
    if customer:
        near = deals.near(customer) if isinstance(deals, Namesakes) else deals
        of_customer = [deal for deal in near if deal.customer and same_customer(deal.customer, customer, apart)]
        choice = of_customer or [
            deal for deal in near if not deal.customer and may_become(deal.once_of, customer, apart)
        ]
        if not choice and changes and len(deals) == 1:
            choice = list(deals)
    else:
        choice = list(deals)
        if any(not same_customer(deal.customer, choice[0].customer, apart) for deal in choice[1:]):
            raise SeveralDeals
    named = [deal for deal in choice if not deal.is_alias] or choice
    if len(named) > 1:
        raise SeveralDeals
    return named[0] if named else None


def may_become(once_of: Collection[str], customer: str, apart: Container[str] = frozenset()) -> bool:
    """Whether a deal of nobody's may be a customer's: it was never another's."""
    return all(one and same_customer(one, customer, apart) for one in once_of)
