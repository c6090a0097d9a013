"""What a journal's file may hold: the tables, indexes and triggers that nippo makes, and nothing else.

It is told from the file's own list (`sqlite_master`), read before any of it runs. Text is compared, blanks apart: SQLite
keeps each definition as it was given.
"""

import sqlite3
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, Literal, TypeAlias

from nippo_cli.base.errors import JournalError, Message, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.journal.log import indexes, tables

Purpose: TypeAlias = Literal["read", "write", "mend"]
MOST_TOLD: Final = 20
# As texts, which in a damaged file they need not be: SQLite reads other values as if they were, but finds none by them.
_LISTED: Final = """
select cast(type as text) || case typeof(type) when 'text' then '' else '?' end,
  cast(name as text) || case typeof(name) when 'text' then '' else '?' end,
  cast(tbl_name as text) || case typeof(tbl_name) when 'text' then '' else '?' end, cast(sql as text)
from sqlite_master
"""
# What SQLite and sqlite-utils make beside nippo's own: by name, the words that their definitions consist of. Their quotes
# and brackets differ from version to version.
_BESIDE: Final = {
    "search_data": "create table search_data id integer primary key block blob",
    "search_idx": "create table search_idx segid term pgno primary key without rowid",
    "search_docsize": "create table search_docsize id integer primary key sz blob",
    "search_config": "create table search_config k v primary key without rowid",
    "_sqlite_migrations": (
        "create table _sqlite_migrations id integer migration_set name text applied_at primary key not null"
    ),
}
_MIGRATED_ONCE: Final = "idx__sqlite_migrations_migration_set_name"
_MIGRATED_ONCE_WORDS: Final = f"create unique index {_MIGRATED_ONCE} on _sqlite_migrations migration_set name"
# An index of this format as versions before this one made it.
_FORMER: Final = (
    """
    create trigger record_unchanged before update on record
    when new.body is not null or new.salt is not null
      or new.id is not old.id or new.kind is not old.kind or new.author is not old.author
      or new.recorded_at is not old.recorded_at or new.known_on is not old.known_on or new.on_date is not old.on_date
      or new.schema is not old.schema or new.target is not old.target or new.batch is not old.batch
      or new.source_key is not old.source_key or new.hash is not old.hash
    begin select raise(abort, 'a record never changes'); end
    """,
    (
        "create table device (slot integer primary key, id text not null unique, began_at text not null,"
        " last_number integer not null default 0)"
    ),
    "create index deal_sold on deal(fate, id, stage, kind, customer, entered_on, closed_on, last_contact_on, amount,"
    " holds) where fate = 'won'",
)
# What a definition may begin with, and what drops it.
_DROPPED: Final = {
    "table": "table", "virtual table": "table", "index": "index", "unique index": "index", "trigger": "trigger",
    "view": "view",
}  # fmt: skip
# type, name, tbl_name, sql
_Row: TypeAlias = tuple[str, str, str, str | None]
_MARKS: Final = str.maketrans(dict.fromkeys("\"'`[](),", " "))


class Odd(NamedTuple):
    """Something in the file that nippo did not make so, or that it lacks. `type` is SQLite's word, before a table or an
    index `virtual` or `unique` too.

    What is misfiled has another name, type or table in the file's list than in its own definition. SQLite makes it by the
    one and drops it by the other, so that to drop it and make it again leaves a file that no longer opens.
    """

    what: Literal["foreign", "altered", "missing", "misfiled"]
    type: str
    name: str


def oddities(cx: sqlite3.Connection, *, older: bool = False) -> list[Odd]:
    """How a file differs from what nippo makes; nothing but the file's own list is read.

    Args:
        older: the file has a format before this one: what is derived is made anew when it is brought up to date, so any
            table and index of that stands.

    Raises:
        sqlite3.DatabaseError, UnicodeDecodeError: the list can't be read.
    """
    rows = cx.execute(_LISTED).fetchall()
    stored = _stored()
    others = [row for row in rows if row not in stored]
    # As a rule all is as it should be, and that is known without taking any of it apart.
    whole = len(rows) - len(others) == len(stored) and {row[1] for row in others} >= _BESIDE.keys()
    if whole and all(_is_beside(*row) for row in others):
        return []
    return list(_oddities(rows, older=older))


def _foreign(rows: list[_Row]) -> Iterator[Odd]:
    for type_, name, _, text in rows:
        yield Odd("foreign", _kind(text) if text else type_, name)


def _oddities(rows: list[_Row], *, older: bool) -> Iterator[Odd]:
    """What differs between rows of `sqlite_master` and nippo's own definitions: foreign, altered, then missing."""
    own, present = _own(), set[str]()
    for row in rows:
        type_, name, table, text = row
        if text is not None and (misfiled := _misfiled(type_, name, table, text)):
            present.add(misfiled.name)
            yield misfiled
        elif _is_beside(*row) or (older and _is_derived(type_, name, table)):
            present.add(name)
        elif text is None or name not in own:
            yield from _foreign([row])
        else:
            present.add(name)
            if _plain(text) not in own[name]:
                yield Odd("altered", _kind(text), name)
    for name in (*own, *_BESIDE):
        if name not in present and not (
            older and (name not in _log() or name in _added() or name.startswith("search"))
        ):
            yield Odd("missing", _kind(own[name][0]) if name in own else "table", name)


def expect(cx: sqlite3.Connection, path: Path, to: Purpose, *, older: bool = False) -> None:
    """Refuse a file that can't be used as it is, before anything in it runs.

    Args:
        to: what it is to be used for. What is read must come from nippo's own tables by nippo's own indexes. What is written
            must meet no trigger, view or condition of anybody else's, and every trigger of nippo's own; a table or an index
            that somebody put beside them does no harm. What is mended must have the log's own tables.
        older: as for `oddities`.

    Raises:
        JournalError: it holds what nippo did not make, or lacks what it made.
    """
    odd = [o for o in oddities(cx, older=older) if _hinders(o, to)]
    if odd:
        beyond = any(is_of_log(o) for o in odd)
        raise JournalError(
            msg("structure.odd", path=str(path), what=[message_of(o) for o in odd[:MOST_TOLD]]),
            hint=msg("structure.odd.beyond") if beyond else msg("structure.odd.hint"),
        )


def _hinders(odd: Odd, to: Purpose) -> bool:
    if to == "mend":
        return is_of_log(odd)
    if odd.what == "misfiled":
        return to == "write" or is_table(odd.name)
    if is_table(odd.name):
        return True
    if odd.type in ("table", "index"):
        return odd.what != "foreign"
    return to == "write"


def message_of(odd: Odd) -> Message:
    """An oddity in words."""
    return msg(f"structure.{odd.what}", kind=msg(f"structure.{odd.type.replace(' ', '_')}"), name=odd.name)


def is_table(name: str) -> bool:
    """Whether it is the name of a table that nippo reads."""
    own = _own()
    return name in _BESIDE or (name in own and _kind(own[name][0]).endswith("table"))


def mend(cx: sqlite3.Connection, *, older: bool = False) -> None:
    """Drop what nippo did not make and make what is missing, in the caller's transaction. What is derived is then to be
    derived anew; tables of the log are left as they are.

    Args:
        older: as for `oddities`.
    """
    for odd in oddities(cx, older=older):
        if odd.what != "missing" and not is_of_log(odd):
            name = odd.name.replace('"', '""')
            cx.execute(f'drop {_DROPPED[odd.type]} if exists "{name}"')
    missing = {odd.name for odd in oddities(cx, older=older) if odd.what == "missing"}
    for statement in (*tables.LOG, *tables.DERIVED):
        if _name(statement) in missing:
            cx.execute(statement)


def is_of_log(odd: Odd) -> bool:
    """Whether it is a table of the log, or one that such a table needs, which nothing could make anew; or misfiled, which
    can't be dropped."""
    return odd.what == "misfiled" or odd.name in (*_log_tables(), "_sqlite_migrations")


@cache
def _stored() -> frozenset[_Row]:
    """What nippo makes, as SQLite keeps it: the first words in capitals, the rest as it was given."""
    definitions = []
    for statement in (*tables.LOG, *tables.DERIVED):
        text, given = statement.strip(), _name(statement)
        at = text.index(given)
        definitions.append((*_listed_as(text), text[:at].upper() + text[at:]))
    return frozenset(definitions)


def _listed_as(text: str) -> tuple[str, str, str]:
    """By which type, name and table SQLite lists a definition: an index and a trigger under the table behind the word `on`."""
    words = text.translate(_MARKS).split()
    type_ = _kind(text).rpartition(" ")[2]
    name = words[len(_kind(text).split()) + 1]
    table = words[[word.lower() for word in words].index("on") + 1] if type_ in ("index", "trigger") else name
    return type_, name, table


def _misfiled(type_: str, name: str, table: str, text: str) -> Odd | None:
    """One of nippo's own that the file lists otherwise than its definition says, if it is; by the name that nippo knows."""
    own = (*_own(), *_BESIDE, _MIGRATED_ONCE)
    try:
        listed = _listed_as(text)
    except (IndexError, ValueError):
        listed = ("", "", "")
    known = next((one for one in (name, listed[1]) if one in own), None)
    return Odd("misfiled", _kind(text), known) if known and listed != (type_, name, table) else None


@cache
def _own() -> dict[str, tuple[str, ...]]:
    """What nippo makes: by name, the definition in plain form, and those that stand for it in files of before."""
    definitions: dict[str, tuple[str, ...]] = {_name(s): (_plain(s),) for s in (*tables.LOG, *tables.DERIVED)}
    for statement in _FORMER:
        definitions[_name(statement)] += (_plain(statement),)
    return definitions


@cache
def _log() -> frozenset[str]:
    return frozenset((*map(_name, tables.LOG), *_BESIDE))


@cache
def _added() -> frozenset[str]:
    """Tables and indexes that files of older formats lack."""
    return frozenset(map(_name, (*tables.BESIDE_LOG, indexes.MEMBER_INDEX, indexes.AMEND_INDEX, indexes.STATED_INDEX)))


@cache
def _log_tables() -> frozenset[str]:
    return frozenset(_name(s) for s in tables.LOG if _kind(s) == "table" and s not in tables.BESIDE_LOG)


def _is_derived(type_: str, name: str, table: str) -> bool:
    """Whether it is made from the log, and so made anew when an older file is brought up to date."""
    return type_ in ("table", "index") and (name if type_ == "table" else table) in (*tables.PROJECTIONS, "search")


# A file is opened again and again in a process, and is told apart anew each time: this alone was a third of that.
@lru_cache(maxsize=64)
def _is_beside(type_: str, name: str, table: str, text: str | None) -> bool:
    """Whether it is what SQLite or sqlite-utils make, and listed as such."""
    if text is None:
        # What a `unique` or a `primary key` needs; it has no definition, and belongs to its table's.
        return type_ == "index" and name.startswith(f"sqlite_autoindex_{table}_")
    words = _MIGRATED_ONCE_WORDS if name == _MIGRATED_ONCE else _BESIDE.get(name)
    if words is None or _misfiled(type_, name, table, text):
        return False
    return set(text.lower().translate(_MARKS).split()) <= set(words.split())


def _plain(text: str) -> str:
    """A definition, whatever its blanks; SQLite writes the first words of each in capitals."""
    words = text.split()
    verbs = len(_kind(text).split()) + 1
    return " ".join([*map(str.lower, words[:verbs]), *words[verbs:]])


def _kind(text: str) -> str:
    """`table`, `virtual table`, `index`, `unique index`, `trigger` or `view`: SQLite makes nothing else that lasts."""
    words = text.lower().split(maxsplit=3)
    return " ".join(words[1:3]) if words[1] in ("virtual", "unique") else words[1]


def _name(statement: str) -> str:
    """The name of one of nippo's own definitions."""
    word = statement.split(maxsplit=4)[len(_kind(statement).split()) + 1]
    return word.partition("(")[0]
