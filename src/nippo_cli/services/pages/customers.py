"""All customers, one row each."""

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from nippo_cli.base.customers import customer_key
from nippo_cli.base.dates import read_since
from nippo_cli.base.persons import same_person
from nippo_cli.results.customers import CustomerList, CustomerRow, NearList
from nippo_cli.services.context import Workspace, owner_named, reading

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader
    from nippo_cli.line.facts import AsOf
    from nippo_cli.line.near_customers import NearCustomers


def listed(
    workspace: Workspace, *, silent: str | None = None, owner: str | None = None, limit: int = 0
) -> CustomerList:
    """Every customer that the diary names: those with a live deal or an order first, silent longest first.

    Args:
        silent: how long nobody was in touch at least, or since which day (`1y`, `2026-01-31`).
        owner: of whom a deal of theirs is.

    Raises:
        UnreadableDate: `silent` is no span and no day. NotFound, Ambiguous: no owner, or several, answer to the name.
    """
    with reading(workspace) as (reader, as_of):
        since = (
            read_since(silent, today=as_of.on, fiscal_year_start=reader.schema(as_of).fiscal_year_start)
            if silent
            else None
        )
        whose = owner_named(reader, as_of, owner) if owner else None
        # Each goes as its row is made: of many thousands, either alone is large.
        gathered = _gathered(reader, as_of)
        rows = [
            one.row(as_of.on)
            for one in (gathered.pop() for _ in range(len(gathered)))
            if (whose is None or any(same_person(whose, owner) for owner in one.owners))
            and (since is None or (on := one.silent_since) is None or on <= since)
        ]
        rows.sort(key=_what_matters)
        return CustomerList(
            as_of.on, reader.schema(as_of).currency, rows[:limit] if limit else rows, len(rows),
            (as_of.on - since).days if since is not None else None,
        )  # fmt: skip


def near(workspace: Workspace, *, limit: int = 0) -> NearList:
    """The customers whose names are so near that they may be one, `limit` pairs of them (0: all)."""
    with reading(workspace) as (reader, as_of):
        pairs = near_in(reader, as_of)
        return NearList(as_of.on, pairs[:limit] if limit else pairs, len(pairs))


def near_in(reader: "JournalReader", as_of: "AsOf") -> "list[NearCustomers]":
    """All pairs of customers that may be one, by whichever of their names."""
    from nippo_cli.line.near_customers import as_called, names_answering, near_pairs

    past = reader.past(as_of)
    called = dict.fromkeys(map(past.customers.name, reader.customers(as_of)))
    return as_called(near_pairs(names_answering(called, past.names_of_customers())), past.customers)


def _what_matters(row: CustomerRow) -> tuple[bool, bool, int, str]:
    """Whoever buys or may buy; of these whom nobody ever met, then the longest silence."""
    return (not (row.live or row.won), row.silence_days is not None, -(row.silence_days or 0), row.name)


_FATES = ("live", "won", "lost")


class _Gathered:
    """What there is of one customer, put together deal by deal."""

    __slots__ = ("_amounts", "_counts", "_owner", "heard_on", "is_listed", "listed_on", "names", "owners", "revenue")

    def __init__(self) -> None:
        self.names: dict[str, date] = {}
        # Most have one owner.
        self.owners: tuple[str, ...] = ()
        self.heard_on: date | None = None
        self.is_listed = False
        self.listed_on: date | None = None
        self.revenue = 0
        self._counts, self._amounts = [0, 0, 0], [0, 0, 0]
        self._owner = (date.min, "")

    def called(self, name: str, on: date) -> None:
        """It was called so on a day."""
        self.names[name] = max(on, self.names.get(name, date.min))

    def heard(self, on: date | None) -> None:
        """Somebody was in touch on a day."""
        if on is not None and (self.heard_on is None or on > self.heard_on):
            self.heard_on = on

    def listed(self, on: date | None) -> None:
        """A list tells of a deal of theirs; of one that was live on a day, when it hides since when nobody was in touch."""
        self.is_listed = True
        if on is not None and (self.listed_on is None or on > self.listed_on):
            self.listed_on = on

    def deal(self, fate: str, amount: int | None, owner: str, on: date) -> None:
        """A deal of theirs, with the day of its last entry."""
        at = _FATES.index(fate)
        self._counts[at] += 1
        self._amounts[at] += amount or 0
        if owner not in self.owners:
            self.owners += (owner,)
        self._owner = max(self._owner, (on, owner))

    @property
    def silent_since(self) -> date | None:
        """The last contact, or a later list that hides it; None where there was neither."""
        return max(filter(None, (self.heard_on, self.listed_on)), default=None)

    def row(self, as_of: date) -> CustomerRow:
        """All of it."""
        name = next(iter(self.names))
        if len(self.names) > 1:
            name = max(self.names, key=lambda n: (customer_key(n)[1] != "", self.names[n], n))
        (live, won, _), (live_amount, won_amount, _) = self._counts, self._amounts
        since = self.silent_since
        unknown = self.is_listed and (self.heard_on is None or since != self.heard_on)
        silence = (as_of - since).days if since is not None else None
        return CustomerRow(
            name, live, live_amount, won, won_amount, self.revenue, None if unknown else self.heard_on, silence, self._owner[1], unknown,
        )  # fmt: skip


def _gathered(reader: "JournalReader", as_of: "AsOf") -> list[_Gathered]:
    """Customers under one name each, with their deals, sales and contacts outside deals."""
    from nippo_cli.journal.read import contacts_outside, customers_deals

    view = reader.past(as_of)
    deals, outside = list(customers_deals(view)), list(contacts_outside(view))
    sales = reader.ledger(as_of).sales()
    names = {deal.customer for deal in deals}.union((name for name, _ in outside), (sale.customer for sale in sales))
    group = view.customers.groups(names)
    customers: defaultdict[tuple[str, str], _Gathered] = defaultdict(_Gathered)
    of_deal = {}
    for deal in deals:
        one = of_deal[deal.id] = customers[group[deal.customer]]
        one.called(deal.customer, deal.last_on)
        one.heard(deal.last_contact_on)
        if deal.is_listed:
            one.listed(deal.listed_on)
        one.deal(deal.fate, deal.amount, deal.owner, deal.last_on)
    for name, on in outside:
        customers[group[name]].called(name, on)
        customers[group[name]].heard(on)
    for sale in sales:
        own = of_deal.get(sale.deal) if sale.deal is not None else None
        # Of whom the ledger alone knows nobody has a deal or a contact to be listed with.
        if own is None and group[sale.customer] in customers:
            own = customers[group[sale.customer]]
        if own is not None:
            own.revenue += sale.amount
    return list(customers.values())
