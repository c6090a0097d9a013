"""What customers are called, looked up in what is derived of their records."""

import sqlite3
from collections.abc import Container, Iterable, Iterator
from itertools import chain
from typing import Final

from nippo_cli.base.customer_names import ApartNames, CustomerName, CustomerNames
from nippo_cli.journal.log.statements import CUSTOMERS

NAME_COLUMNS: Final = "core, form, said_of, name, customer, is_alias"
NAMES_OF_CORE: Final = f"select {NAME_COLUMNS} from customer_name where core = ?"
CALLED: Final = "select name from customer_name where customer = ? and not is_alias"
EVERY_NAME: Final = f"select {NAME_COLUMNS} from customer_name"
SOLD: Final = "select distinct customer from sale where known_on <= ?"
NAMED: Final = "select distinct name from customer_name"
ANY_NAME: Final = "select 1 from customer_name limit 1"
BEGINS: Final = "select distinct said_of from customer_name order by said_of"


class _OfCore(dict[str, list[CustomerName]]):
    """The stored names by their core, each read once."""

    def __init__(self, cx: sqlite3.Connection) -> None:
        super().__init__()
        self._cx = cx

    def __missing__(self, core: str) -> list[CustomerName]:
        self[core] = names = [CustomerName(*row) for row in self._cx.execute(NAMES_OF_CORE, (core,))]
        return names


class _Called(dict[int, str]):
    """What customers are called by, each read once."""

    def __init__(self, cx: sqlite3.Connection) -> None:
        super().__init__()
        self._cx = cx

    def __missing__(self, customer: int) -> str:
        self[customer] = name = str(self._cx.execute(CALLED, (customer,)).fetchone()[0])
        return name


def stored_names(cx: sqlite3.Connection, apart: Container[str] | None = None) -> CustomerNames:
    """As everything that is in the log says it; a look-up each. `apart` is what `CustomerNames` has under that name, where not
    all spellings count."""
    if apart is None:
        apart = ApartNames(lambda: every_spelling(cx))
    if not cx.execute(ANY_NAME).fetchone():
        return CustomerNames({}, {}, any_known=False, apart=apart)
    return CustomerNames(_OfCore(cx), _Called(cx), any_known=True, apart=apart)


def every_spelling(cx: sqlite3.Connection) -> Iterator[str]:
    """Every name of a customer in entries, in records of customers and in the ledger."""
    return chain(_first_column(cx, CUSTOMERS), other_spellings(cx))


def other_spellings(
    cx: sqlite3.Connection, known: str = "9999-12-31", rows: Iterable[CustomerName] | None = None
) -> Iterator[str]:
    """Every name of a customer in records of customers, or in those given, and in the ledger as it was known on a day."""
    yield from _first_column(cx, NAMED) if rows is None else (row.name for row in rows)
    yield from _first_column(cx, SOLD, known)


def _first_column(cx: sqlite3.Connection, statement: str, *bound: str) -> Iterator[str]:
    return (name for (name,) in cx.execute(statement, bound))


def begins_of_customers(cx: sqlite3.Connection) -> list[int]:
    """The begin of every customer that has one."""
    return [begin for (begin,) in cx.execute(BEGINS)]


def every_name(cx: sqlite3.Connection) -> list[CustomerName]:
    """All that are stored."""
    return [CustomerName(*row) for row in cx.execute(EVERY_NAME)]
