"""The deals that an import begins, and those of a name, as its rows meet them."""

import json
import sqlite3
from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator
from itertools import chain
from typing import Final

from nippo_cli.base.customers import fuller_name, same_customer
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.line.namesakes import MANY, Namesakes

NAMESAKES: Final = """
select n.deal, coalesce(d.customer, ''), min(n.is_alias) from deal_name n left join deal d on d.id = n.deal
where n.folded = ? group by n.deal
"""
BEGIN_RECORD: Final = "select body, known_on, source_key from record where id = ?"


class OfName:
    """A deal of a name, as rows meet it: whose it is by now, by whichever of its names it was met, and whether this one is an alias.

    Args:
        whose: the customer of each deal that was met, which all of its names share.
        ask: tells whose a deal ever was, a look through the whole log; None for one that the import begins.
    """

    __slots__ = ("_ask", "_whose", "id", "is_alias")

    def __init__(
        self,
        whose: dict[int, str],
        deal: int,
        customer: str,
        is_alias: int = 0,
        *,
        ask: Callable[[int], Collection[str]] | None = None,
    ) -> None:
        self._whose = whose
        self._ask = ask
        self.id = deal
        self.is_alias = bool(is_alias)
        whose.setdefault(deal, customer)

    @property
    def once_of(self) -> Collection[str]:
        """Whose it ever was."""
        return self._ask(self.id) if self._ask is not None else ()

    @property
    def customer(self) -> str:
        """Whose it is by now."""
        return self._whose[self.id]

    @customer.setter
    def customer(self, customer: str) -> None:
        self._whose[self.id] = customer


class DealsOfNames(dict[str, list[OfName]]):
    """All deals of each name that rows asked for, by its normal form.

    Args:
        once_of: tells whose a deal ever was.
        none_before: the journal had none before the import.
    """

    def __init__(self, cx: sqlite3.Connection, once_of: Callable[[int], Collection[str]], *, none_before: bool) -> None:
        super().__init__()
        self._cx = cx
        self._once_of = once_of
        self._none_before = none_before
        # The customer of each deal that was met.
        self.whose: dict[int, str] = {}
        self._crowds: list[Namesakes[OfName]] = []

    def __missing__(self, normal: str) -> list[OfName]:
        """Those of the journal."""
        self[normal] = []
        for row in () if self._none_before else self._cx.execute(NAMESAKES, (normal,)):
            self._append(normal, OfName(self.whose, *row, ask=self._once_of))
        return self[normal]

    def add(self, normal: str, deal: int, customer: str) -> OfName:
        """One that the import begins."""
        added = OfName(self.whose, deal, customer)
        self._append(normal, added)
        return added

    def _append(self, normal: str, deal: OfName) -> None:
        deals = self[normal]
        deals.append(deal)
        if len(deals) == MANY:
            crowd = self[normal] = Namesakes(deals)
            self._crowds.append(crowd)

    def give(self, deal: OfName, whose: str) -> None:
        """Let a deal be a customer's from now on, who may be another than before."""
        before, deal.customer = deal.customer, fuller_name(deal.customer, whose)
        if before and not same_customer(before, deal.customer):
            for crowd in self._crowds:
                crowd.moved()

    def clear(self) -> None:
        """Forget all of them."""
        super().clear()
        self.whose.clear()
        self._crowds.clear()


class DealToBegin(NamedTuple):
    """A deal that the import begins: its name, the day on which it was known when it was begun, and how its source knows it; of one
    that has such a key, whose it was then."""

    name: str
    known_on: str
    key: str | None = None
    customer: str = ""


class NewDeals(dict[int, DealToBegin]):
    """Those that are held, by their ids; of those left to the log eight bytes each are."""

    def __init__(self, cx: sqlite3.Connection) -> None:
        super().__init__()
        self._cx = cx
        # In their order: each is younger than those before it.
        self._left_to_log = array("q")

    @property
    def count(self) -> int:
        """How many there are, held or not."""
        return len(self) + len(self._left_to_log)

    def ids(self) -> Iterator[int]:
        """All of them."""
        return chain(self._left_to_log, self)

    def leave_to_log(self, deal: int) -> None:
        """Hold a deal no longer."""
        del self[deal]
        self._left_to_log.append(deal)

    def ever(self, deal: int) -> bool:
        """Whether the import begins a deal."""
        if deal in self:
            return True
        at = bisect_left(self._left_to_log, deal)
        return at < len(self._left_to_log) and self._left_to_log[at] == deal

    def of(self, deal: int) -> DealToBegin:
        """What is known of one; where it is left to the log, what its record says."""
        if deal in self:
            return self[deal]
        body, known_on, key = self._cx.execute(BEGIN_RECORD, (deal,)).fetchone()
        return DealToBegin(json.loads(body)["name"], known_on, key)
