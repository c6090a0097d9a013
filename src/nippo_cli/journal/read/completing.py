"""What a shell offers while a command is typed: names and ids, read without any of what a page needs."""

import json
import os
import sqlite3
from collections.abc import Iterator
from operator import attrgetter
from typing import Any, Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.text import normal_form, search_form
from nippo_cli.journal.log import EVERY_CUSTOMER, tables
from nippo_cli.journal.read.statements import SHARED_NAMES, SITES

LAST_AGREEMENT: Final = """
select r.body from agreement a join record r on r.id = a.id order by a.place desc limit 1
"""
_SHOWN: Final = "d.id, d.name, d.customer, d.fate <> 'live'"
LATEST_DEALS: Final = f"""
select {_SHOWN} from (
  select deal from entry where deal is not null order by on_date desc, recorded_at desc, id desc limit ?) e
join deal d on d.id = e.deal
"""
_DEALS: Final = """
select {shown} from (select distinct deal from deal_name where {which} order by folded limit ?) n
join deal d on d.id = n.deal
"""
DEALS_FROM: Final = _DEALS.format(shown=_SHOWN, which="folded >= ? and folded < ?")
DEALS_WITH: Final = _DEALS.format(shown=_SHOWN, which="instr(folded, ?) > 0")
DEALS_AT: Final = f"select {_SHOWN} from deal d where customer = ? order by last_on desc limit ?"
# The name or the customer holds it. Its index holds all that is looked through.
DEALS_NEAR: Final = f"""
select {_SHOWN} from (select id from deal indexed by deal_search_text where instr(search_text, ?) > 0 limit ?) n
join deal d on d.id = n.id
"""
# Customers whose name, or a deal's name, holds some letters: of so many deals at most.
CUSTOMERS_NEAR: Final = """
select distinct customer from deal where customer <> '' and id in (
  select id from deal indexed by deal_search_text where instr(search_text, ?) > 0 limit 5000)
"""
# What customers are called of whom a record gives a name, by that name as it is matched.
CALLED: Final = """
select distinct c.name from customer_name n join customer_name c on c.customer = n.customer where n.core = ? and not c.is_alias
"""
CUSTOMER_NAMES: Final = "select name from customer_name order by core, form, said_of"
# Of the latest deals: who owns none of those is hardly asked for, and nobody waits at TAB for a scan.
OWNERS: Final = "select distinct owner from (select owner from deal order by id desc limit 5000) order by owner"
LATEST_ENTRIES: Final = """
select e.id, e.on_date, coalesce(e.customer, d.customer, ''), coalesce(d.name, '')
from entry e left join deal d on d.id = e.deal order by e.on_date desc, e.recorded_at desc, e.id desc limit ?
"""
_LOOKED_AT, _BEGINNING = 8, 2


class OfferedDeal(NamedTuple):
    """A deal that is offered, and whether others answer to its name, too."""

    id: int
    name: str
    customer: str
    ended: int
    is_shared: int = 0


class NameOffers:
    """The names of one journal, as of now. Whatever can't be read offers nothing: TAB tells no errors.

    Args:
        path: the journal's file, absolute; a text, since to load pathlib takes as long as to find the names.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        # One connection answers all that is asked; between two statements it holds no lock.
        self._cx: sqlite3.Connection | None = None
        # Until the file has said otherwise.
        self._newer = True

    def __del__(self) -> None:
        """Close the file."""
        if self._cx is not None:
            self._cx.close()

    def schema(self) -> dict[str, Any]:
        """The schema last adopted, as plain JSON; empty where there is none."""
        rows = self._rows(LAST_AGREEMENT)
        try:
            return dict(json.loads(rows[0][0])["agreement"]) if rows else {}
        except (LookupError, TypeError, ValueError):
            # Damaged: what it once said is left to commands that look for it.
            return {}

    def deals(self, typed: str, limit: int) -> list[OfferedDeal]:
        """Deals whose name begins with what was typed, or whose customer is; where none of them is live, those whose name holds it,
        too, and where there is none, those of whose customer's name it is a part. Live ones come first. Of nothing typed the ones
        talked of last."""
        folded, looked_at = normal_form(typed), limit * _LOOKED_AT
        if not folded:
            rows = self._rows(LATEST_DEALS, looked_at)
        else:
            rows = self._rows(DEALS_FROM, folded, folded + "\U0010ffff", looked_at)
            rows += self._of_customer(typed, looked_at)
            if all(ended for *_, ended in rows):
                rows += self._rows(DEALS_WITH, folded, looked_at)
            if not rows:
                rows = self._rows(DEALS_NEAR, search_form(typed), looked_at)
        offered = sorted((OfferedDeal(*row) for row in dict.fromkeys(rows)), key=attrgetter("ended"))[:limit]
        if not offered:
            return []
        shared = {name for (name,) in self._rows(SHARED_NAMES, json.dumps([normal_form(d.name) for d in offered]))}
        return [deal._replace(is_shared=1) if normal_form(deal.name) in shared else deal for deal in offered]

    def _of_customer(self, typed: str, limit: int) -> list[Any]:
        """Deals of the customer of a name: as it is written, else in any spelling and by any other name."""
        if rows := self._rows(DEALS_AT, typed.strip(), limit):
            return rows
        from nippo_cli.base.customers import company

        core = company(typed)
        # Most customers are written otherwise, and SQLite sees that without making a name of each; one that is written with blanks
        # between its letters holds the first of them together.
        spelled: list[str] = []
        for letters in (core, core[:_BEGINNING]):
            if not spelled and letters:
                near = self._rows(CUSTOMERS_NEAR, search_form(letters))
                spelled = [name for (name,) in near if company(name) == core]
        names = dict.fromkeys((*spelled, *(name for (name,) in self._rows(CALLED, core))))
        return [row for name in names for row in self._rows(DEALS_AT, name, limit)]

    def customers(self) -> list[str]:
        """Every spelling of every customer, of whoever is billed, and every name that records give one."""
        return list(dict.fromkeys(name for (name,) in (*self._rows(EVERY_CUSTOMER), *self._rows(CUSTOMER_NAMES))))

    def sites(self) -> list[str]:
        """Every plant that a deal is for."""
        return [name for (name,) in self._rows(SITES)]

    def owners(self) -> list[str]:
        """The owners of the latest deals."""
        return [name for (name,) in self._rows(OWNERS)]

    def entries(self, limit: int) -> Iterator[tuple[int, str, str, str]]:
        """The latest entries: id, day, customer and deal."""
        yield from self._rows(LATEST_ENTRIES, limit)

    def _rows(self, statement: str, *values: object) -> list[Any]:
        try:
            if self._cx is None:
                self._cx = sqlite3.connect(f"file:{_quoted(self._path)}?mode=ro", uri=True, timeout=_WAIT)
                # As `log.store.connect` has it: nothing that a file brings along runs, and a newer format is not read.
                self._cx.execute("pragma trusted_schema = off")
                self._newer = self._cx.execute("pragma user_version").fetchone()[0] > tables.FORMAT
            return [] if self._newer else self._cx.execute(statement, values).fetchall()
        except sqlite3.Error:
            return []


def _quoted(path: str) -> str:
    """A path as a URI has it: `/` and plain letters as they are, all else by its bytes."""
    slashed = path.replace(os.sep, "/")
    lead = "" if slashed.startswith("/") else "/"
    return lead + "".join(chr(b) if chr(b) in _PLAIN else f"%{b:02X}" for b in os.fsencode(slashed))


# Nobody waits at TAB for a writer.
_WAIT = 0.2
_PLAIN = frozenset("/abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
