"""What a shell offers while a command is typed: names and ids, read without any of what a page needs."""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any, Final

from nippo_cli.journal.log import tables
from nippo_cli.journal.read.statements import CUSTOMERS

LAST_AGREEMENT: Final = """
select r.body from agreement a join record r on r.id = a.id order by a.recorded_at desc, a.id desc limit 1
"""
LATEST_DEALS: Final = """
select d.id, d.name, d.customer from (
  select deal from entry where deal is not null order by on_date desc, recorded_at desc, id desc limit ?) e
join deal d on d.id = e.deal
"""
_DEALS: Final = """
select d.id, d.name, d.customer from (select distinct deal from deal_name where {which} order by folded limit ?) n
join deal d on d.id = n.deal
"""
DEALS_FROM: Final = _DEALS.format(which="folded >= ? and folded < ?")
DEALS_WITH: Final = _DEALS.format(which="instr(folded, ?) > 0")
# Of the latest deals: who owns none of those is hardly asked for, and nobody waits at TAB for a scan.
OWNERS: Final = "select distinct owner from (select owner from deal order by id desc limit 5000) order by owner"
LATEST_ENTRIES: Final = """
select e.id, e.on_date, coalesce(e.customer, d.customer, ''), coalesce(d.name, '')
from entry e left join deal d on d.id = e.deal order by e.on_date desc, e.recorded_at desc, e.id desc limit ?
"""


class NameOffers:
    """The names of one journal, as of now. Whatever can't be read offers nothing: TAB tells no errors.

    Args:
        path: the journal's file, absolute; a text, since to load pathlib takes as long as to find the names.
    """

    def __init__(self, path: str) -> None:
        self._path = path

    def schema(self) -> dict[str, Any]:
        """The schema last adopted, as plain JSON; empty where there is none."""
        rows = self._rows(LAST_AGREEMENT)
        try:
            return dict(json.loads(rows[0][0])["agreement"]) if rows else {}
        except (LookupError, TypeError, ValueError):
            # Damaged: what it once said is left to commands that look for it.
            return {}

    def deals(self, folded: str, limit: int) -> list[tuple[int, str, str]]:
        """Deals, their names and their customers: those whose name begins with what was typed, else holds it; of nothing typed the
        ones talked of last."""
        if not folded:
            return list(dict.fromkeys(self._rows(LATEST_DEALS, limit * 8)))[:limit]
        rows = self._rows(DEALS_FROM, folded, folded + "\U0010ffff", limit)
        return rows or self._rows(DEALS_WITH, folded, limit)

    def customers(self) -> list[str]:
        """Every spelling of every customer."""
        return [name for (name,) in self._rows(CUSTOMERS)]

    def owners(self) -> list[str]:
        """The owners of the latest deals."""
        return [name for (name,) in self._rows(OWNERS)]

    def entries(self, limit: int) -> Iterator[tuple[int, str, str, str]]:
        """The latest entries: id, day, customer and deal."""
        yield from self._rows(LATEST_ENTRIES, limit)

    def _rows(self, statement: str, *values: object) -> list[Any]:
        try:
            with closing(sqlite3.connect(f"file:{_quoted(self._path)}?mode=ro", uri=True, timeout=_WAIT)) as cx:
                # As `log.store.connect` has it: nothing that a file brings along runs, and a newer format is not read.
                cx.execute("pragma trusted_schema = off")
                if cx.execute("pragma user_version").fetchone()[0] > tables.FORMAT:
                    return []
                return cx.execute(statement, values).fetchall()
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
