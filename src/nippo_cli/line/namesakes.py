"""Which deal a row of an import means: names are unique within a customer only."""

from collections.abc import Collection, Container, Sequence
from typing import Protocol, TypeVar

from nippo_cli.base.customers import same_customer


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
        of_customer = [deal for deal in deals if deal.customer and same_customer(deal.customer, customer, apart)]
        choice = of_customer or [
            deal for deal in deals if not deal.customer and may_become(deal.once_of, customer, apart)
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
