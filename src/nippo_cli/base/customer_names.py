"""Which names are one customer's, and what it is called: what records of customers come to. Pure."""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from functools import cached_property, partial
from typing import Any, Final

from nippo_cli.base.customers import apart_names, customer_groups, customer_key, same_customer
from nippo_cli.base.frozen import NamedTuple


class CustomerName(NamedTuple):
    """A name of a customer that has a record: the name as it is matched and its legal form (`customer_key`), the begin that it
    was said of, the customer that this is today, through merges; whether it is another than what that is called by."""

    core: str
    form: str
    said_of: int
    name: str
    customer: int
    is_alias: int


class CustomerNames:
    """What customers are called, by whatever name one is known. A customer of whom no record tells is called as it is typed.

    Args:
        of_core: by the name as it is matched, all that are alike but for their legal form.
        called: what a customer is called by.
        any_known: whether any customer has a record; if none has, nothing is ever asked.
        apart: the names of which two legal forms are known, whatever records say (`same_customer`).
    """

    def __init__(
        self,
        of_core: Mapping[str, Sequence[CustomerName]],
        called: Mapping[int, str],
        *,
        any_known: bool,
        apart: Container[str] = frozenset(),
    ) -> None:
        self._of_core, self._called, self._any = of_core, called, any_known
        self._names: dict[str, str] = {}
        self.apart = apart

    def __bool__(self) -> bool:
        """Whether any customer has a record."""
        return self._any

    def customer(self, said: str) -> int | None:
        """The customer of a name, by its begin; None for one that has no record, or where it could be several."""
        if not self._any or not said:
            return None
        core, form = customer_key(said)
        return pick(self._of_core[core], form)

    def has(self, said: str) -> bool:
        """Whether a record says this very name of a customer, its legal form included."""
        core, form = customer_key(said)
        return any(row.form == form for row in (self._of_core[core] if self._any else ()))

    def name(self, said: str) -> str:
        """What the customer of this name is called by; of one that has no record the name itself."""
        if not self._any or not said:
            return said
        if said not in self._names:
            customer = self.customer(said)
            self._names[said] = self._called[customer] if customer is not None else said
        return self._names[said]

    def same(self, one: str, other: str) -> bool:
        """Whether two names are one customer's."""
        return same_customer(self.name(one), self.name(other), self.apart)

    @property
    def apart_names(self) -> frozenset[str]:
        """All of `apart`, looked up."""
        return self.apart.names if isinstance(self.apart, ApartNames) else frozenset()

    def groups(self, names: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Of each name, as customers are called, what all names of its customer share."""
        return customer_groups(names, self.apart)

    def rows(self, rows: Iterable[Sequence[Any]], at: Sequence[int]) -> Iterable[Sequence[Any]]:
        """Rows with customers' names in their columns `at`: each by what it is called by."""
        return map(partial(self._called_in, at), rows) if self._any else rows

    def _called_in(self, at: Sequence[int], row: Sequence[Any]) -> Sequence[Any]:
        for column in at:
            if row[column]:
                row = (*row[:column], self.name(row[column]), *row[column + 1 :])
        return row


NOBODY: Final = CustomerNames({}, {}, any_known=False)


class ApartNames(Container[str]):
    """The names of which two legal forms are known, looked up once somebody has to know: most names have one at most."""

    def __init__(self, spelled: Callable[[], Iterable[str]]) -> None:
        self._spelled = spelled

    def __contains__(self, name: object) -> bool:
        return name in self.names

    @cached_property
    def names(self) -> frozenset[str]:
        """All of them."""
        return apart_names(self._spelled())


def names_from(rows: Iterable[CustomerName], apart: Container[str] = frozenset()) -> CustomerNames:
    """As these rows say it. `apart` as in `CustomerNames`."""
    by_core: defaultdict[str, list[CustomerName]] = defaultdict(list)
    called: dict[int, str] = {}
    for row in rows:
        by_core[row.core].append(row)
        if not row.is_alias:
            called[row.customer] = row.name
    return CustomerNames(by_core, called, any_known=bool(by_core), apart=apart)


def pick(rows: Sequence[CustomerName], form: str) -> int | None:
    """The customer of a name among those that are alike but for their legal form: the one of that form; else the only one that
    states another where the name states none, or none where it does."""
    exact = [row.customer for row in rows if row.form == form]
    if exact:
        return min(exact)
    forms: defaultdict[int, set[str]] = defaultdict(set)
    for row in rows:
        forms[row.customer].add(row.form)
    fitting = [customer for customer, stated in forms.items() if not form or stated == {""}]
    return fitting[0] if len(fitting) == 1 else None
