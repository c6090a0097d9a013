"""What a shell offers while a command is typed: names and ids, read without any of what a page needs."""

import json
import os
import sqlite3
from collections.abc import Iterator
from operator import attrgetter
from typing import Any, Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.text import normal_form, search_form
from nippo_cli.journal.log import tables
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
# Customers whose name, or a deal's name, holds some letters: of so many deals, as their index lists them (-1: of all).
CUSTOMERS_NEAR: Final = """
select distinct customer from deal where customer <> '' and id in (
  select id from (select id, search_text from deal indexed by deal_search_text limit ?) where instr(search_text, ?) > 0)
"""
# Customers whose name holds some letters, whatever else it holds.
CUSTOMERS_HOLDING: Final = """
select distinct customer from deal where customer <> '' and id in (
  select id from deal indexed by deal_search_text
  where instr(substr(search_text, instr(search_text, char(10))), ?) > 0 limit ?)
"""
# Names of customers from one on, and below another: one step of the index for each.
_NAMES_FROM: Final = """
with recursive found(name) as (
  select min({column}) from entry where {column} >= :first and {column} < :last
  union all
  select (select min({column}) from entry where {column} > found.name and {column} < :last)
  from found where found.name is not null limit :most)
select name from found where name is not null
"""
CUSTOMERS_FROM: Final = tuple(_NAMES_FROM.format(column=column) for column in ("customer", "billed_to"))
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
# As most customers are written, before the name or behind it.
_FORMS: Final = ("株式会社", "㈱", "（株）", "(株)", "有限会社", "㈲", "（有）", "(有)", "合同会社")
# So many customers, or deals, are looked through at once; the deals of all only where nothing else is found.
_LOOKED_THROUGH, _ALL = 1000, -1
# So many deals tell of the customers that hold some letters.
_DEALS_HOLDING = 5000
_LAST = "\U0010ffff"


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
        too, and where there is none, those of whose customer's name it is a part, then those of any spelling of the customer. Live
        ones come first. Of nothing typed the ones talked of last."""
        folded, looked_at = normal_form(typed), limit * _LOOKED_AT
        if not folded:
            rows = self._rows(LATEST_DEALS, looked_at)
        else:
            rows = self._rows(DEALS_FROM, folded, folded + _LAST, looked_at)
            rows += self._of_customer(typed, looked_at, _LOOKED_THROUGH)
            if all(ended for *_, ended in rows):
                rows += self._rows(DEALS_WITH, folded, looked_at)
            if not rows:
                rows = self._rows(DEALS_NEAR, search_form(typed), looked_at)
            if not rows:
                rows = self._of_customer(typed, looked_at, _ALL) or self._near(bare_name(typed), looked_at)
        offered = sorted((OfferedDeal(*row) for row in dict.fromkeys(rows)), key=attrgetter("ended"))[:limit]
        if not offered:
            return []
        shared = {name for (name,) in self._rows(SHARED_NAMES, json.dumps([normal_form(d.name) for d in offered]))}
        return [deal._replace(is_shared=1) if normal_form(deal.name) in shared else deal for deal in offered]

    def _near(self, letters: str, limit: int) -> list[Any]:
        return self._rows(DEALS_NEAR, search_form(letters), limit) if letters else []

    def _of_customer(self, typed: str, limit: int, most: int) -> list[Any]:
        """Deals of the customer of a name: as it is written, else with a legal form, in any spelling that `most` deals have, and by any
        other name."""
        if rows := self._rows(DEALS_AT, typed.strip(), limit):
            return rows
        from nippo_cli.base.customers import company

        core = company(typed)
        # Most customers are written otherwise, and SQLite sees that without making a name of each; one that is written with blanks
        # between its letters holds the first of them together.
        spelled: list[str] = []
        for letters in dict.fromkeys((core, core[:_BEGINNING])):
            if not spelled and letters:
                near = self._rows(CUSTOMERS_NEAR, most, search_form(letters))
                spelled = [name for (name,) in near if company(name) == core]
        bare = typed.strip()
        formed = (name for form in _FORMS for name in (form + bare, bare + form))
        names = dict.fromkeys((*spelled, *formed, *(name for (name,) in self._rows(CALLED, core))))
        return [row for name in names for row in self._rows(DEALS_AT, name, limit)]

    def customers(self, typed: str, limit: int) -> list[str]:
        """Spellings of customers and of whoever is billed, and every name that records give one: those that begin as typed, behind a
        usual legal form or without one, and where these are few the first of all others. So a thousand names are all there. Where none
        begins so, those of deals that hold it, in any spelling."""
        bare = typed.strip()
        begins = (
            [self._customers_from(form + bare, form + bare + _LAST, limit) for form in ("", *_FORMS)] if bare else []
        )
        names = dict.fromkeys(name for few in begins for name in few)
        if len(names) < limit:
            if bare and not names:
                held = self._rows(CUSTOMERS_HOLDING, search_form(bare), _DEALS_HOLDING)
                names |= dict.fromkeys(name for (name,) in held)
            names |= dict.fromkeys(self._customers_from("", _LAST, _LOOKED_THROUGH))
        return list(dict.fromkeys((*sorted(names), *(name for (name,) in self._rows(CUSTOMER_NAMES)))))

    def _customers_from(self, first: str, last: str, most: int) -> list[str]:
        bounds = {"first": first, "last": last, "most": most}
        return [name for statement in CUSTOMERS_FROM for (name,) in self._rows_bound(statement, bounds)]

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
        return self._rows_bound(statement, values)

    def _rows_bound(self, statement: str, values: "tuple[object, ...] | dict[str, object]") -> list[Any]:
        try:
            if self._cx is None:
                self._cx = sqlite3.connect(f"file:{_quoted(self._path)}?mode=ro", uri=True, timeout=_WAIT)
                # As `log.store.connect` has it: nothing that a file brings along runs, and a newer format is not read.
                self._cx.execute("pragma trusted_schema = off")
                self._newer = self._cx.execute("pragma user_version").fetchone()[0] > tables.FORMAT
            return [] if self._newer else self._cx.execute(statement, values).fetchall()
        except sqlite3.Error:
            return []


def bare_name(typed: str) -> str:
    """A customer's name as it is matched, without its legal form, where one was typed; else nothing."""
    from nippo_cli.base.customers import company

    core = company(typed)
    return core if core != normal_form(typed) else ""


def _quoted(path: str) -> str:
    """A path as a URI has it: `/` and plain letters as they are, all else by its bytes."""
    slashed = path.replace(os.sep, "/")
    lead = "" if slashed.startswith("/") else "/"
    return lead + "".join(chr(b) if chr(b) in _PLAIN else f"%{b:02X}" for b in os.fsencode(slashed))


# Nobody waits at TAB for a writer.
_WAIT = 0.2
_PLAIN = frozenset("/abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
