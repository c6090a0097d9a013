"""The journal's format, one step at a time. The only module that loads sqlite-utils."""

import filecmp
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from nippo_cli.base.errors import JournalError, msg
from nippo_cli.base.files import growing, publish
from nippo_cli.journal.log import (
    ANY_RECORD,
    indexes,
    tables,
)


@contextmanager
def _without_modules(*modules: str) -> Iterator[None]:
    """Have modules count as not installed, unless they are loaded already."""
    absent = [name for name in modules if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in absent:
            sys.modules.pop(name, None)


# Where they are installed, sqlite-utils loads both for the types of their values: 100 MB and half a second for what no journal holds.
with _without_modules("pandas", "numpy"):
    from sqlite_utils import Database, Migrations

journal = Migrations("nippo")
# Devices in the order in which they began.
ORDINALS: Final = """
update device set ordinal =
  (select count(*) from device d where (d.began_at, d.slot) < (device.began_at, device.slot))
"""


SNAPSHOT: Final = "select 1 from entry where snapshot limit 1"


@journal()
def m001_journal(db: Database) -> None:
    """The log and the search index."""
    for statement in tables.LOG:
        db.conn.execute(statement)
    db.conn.execute(tables.SEARCH_IN_MEMORY)
    db.conn.execute(f"pragma application_id = {tables.APPLICATION_ID}")


@journal()
def m002_evidence(db: Database) -> None:
    """What is derived: entries with their evidence, lead source and acceptance; deals with their silences."""
    remake(db.conn)


@journal()
def m003_ledger(db: Database) -> None:
    """What is derived: sales with the day they were known and where they belong; matches; targets."""
    remake(db.conn)


@journal()
def m004_steady(db: Database) -> None:
    """What is derived: since when a deal's stays and promises tell the rest of it; entries told late."""
    remake(db.conn)


@journal()
def m005_remarks(db: Database) -> None:
    """What is derived: comments and the remarks of days."""
    remake(db.conn)


@journal()
def m006_reviews(db: Database) -> None:
    """What is derived: reviews; the ranks of closed deals in the tally; which deals of a kind ended last."""
    remake(db.conn)


@journal()
def m007_visited(db: Database) -> None:
    """What is derived: which stages a deal was in; which deals were promised for a month."""
    remake(db.conn)


@journal()
def m008_order(db: Database) -> None:
    """The log's index by the time of recording. A later step derives all of it anew, in the tables of its own; with it the
    corrections that a clock set back had dated too early."""
    db.conn.execute("drop index if exists entry_day")
    db.conn.execute(indexes.ENTRY_INDEXES["entry_day"])


@journal()
def m009_look_alikes(db: Database) -> None:
    """The search index by every character's place, under the normal form in which what looks the same is the same; what
    is derived, by that form. Devices have an ordinal, and an erased body may leave its digest behind."""
    from nippo_cli.journal.search import rebuild_index

    if "ordinal" not in db["device"].columns_dict:
        db.conn.execute("alter table device add column ordinal integer not null default 0")
        db.conn.execute(ORDINALS)
    db.conn.execute("drop trigger record_unchanged")
    db.conn.execute(next(statement for statement in tables.LOG if "trigger record_unchanged" in statement))
    db.conn.execute("drop table search")
    db.conn.execute(tables.SEARCH_TABLE)
    db.conn.execute(tables.SEARCH_IN_MEMORY)
    remake(db.conn)
    rebuild_index(db.conn)


@journal()
def m010_names(db: Database) -> None:
    """What is derived: deals whose names are unique within a customer only. Running heads, and what a rescue lost."""
    remake(db.conn)


@journal()
def m011_team(db: Database) -> None:
    """What is derived: what a team shares besides its reports; and where its members are."""
    for index in (indexes.MEMBER_INDEX, indexes.AMEND_INDEX):
        db.conn.execute(index.replace("create index ", "create index if not exists ", 1))
    remake(db.conn)


@journal()
def m012_lists(db: Database) -> None:
    """The log's index of what was said of a deal after it began. What is derived of deals that a list tells of: it is no
    contact of theirs; without such a deal nothing differs."""
    from nippo_cli.journal.derive.rebuild import rebuild

    db.conn.execute(indexes.STATED_INDEX.replace("create index ", "create index if not exists ", 1))
    if db.conn.execute(SNAPSHOT).fetchone():
        rebuild(db.conn)


def remake(cx: sqlite3.Connection) -> None:
    """Bring what is derived to today's tables: thrown away and derived from the log, unless it has their shape already.

    So a change to a derived table is a change to `tables` and a step that calls this.
    """
    from nippo_cli.journal.derive.rebuild import rebuild

    # Today's rebuild looks into them, whichever step it runs in; a file made anew has them from its first.
    for statement in tables.BESIDE_LOG:
        cx.execute(statement.replace("create table ", "create table if not exists ", 1))
    present = {_plain(statement) for (statement,) in cx.execute("select sql from sqlite_master where sql is not null")}
    if {_plain(statement) for statement in tables.DERIVED} <= present:
        return
    for table in tables.PROJECTIONS:
        cx.execute(f"drop table if exists {table}")
    for statement in tables.DERIVED:
        cx.execute(statement)
    # An empty log has no schema yet under which anything could be derived.
    if cx.execute(ANY_RECORD).fetchone():
        rebuild(cx)


def _plain(statement: str) -> str:
    """A definition, whatever its blanks and case."""
    return " ".join(statement.split()).lower()


def apply(cx: sqlite3.Connection, *, stop_before: str | None = None) -> None:
    """Every step that the file lacks, in one transaction.

    The transaction is begun here: sqlite-utils' own is a plain BEGIN, which a second writer makes fail at once, while
    inside ours it works with savepoints.
    """
    db = Database(cx, execute_plugins=False)
    cx.execute("begin immediate")
    try:
        journal.apply(db, stop_before=stop_before)
        cx.execute(f"pragma user_version = {len(journal.applied(db))}")
        cx.execute("commit")
    except BaseException:
        if cx.in_transaction:
            cx.execute("rollback")
        raise


def upgrade(cx: sqlite3.Connection, path: Path) -> None:
    """Bring an older file up to date, a checked copy beside it before each step.

    Raises:
        JournalError: the copy can't be made, or is not sound; the journal is then as it was.
    """
    db = Database(cx, execute_plugins=False)
    while pending := journal.pending(db):
        _copy(cx, path, before=pending[0].name)
        apply(cx, stop_before=pending[1].name if len(pending) > 1 else None)


def _copy(cx: sqlite3.Connection, path: Path, *, before: str) -> Path:
    """A checked copy beside the journal, named after the step; one that an upgrade which was cut off has made is taken."""
    wanted = path.with_name(f"{path.stem}.before-{before}{path.suffix}")
    with growing(wanted) as draft:
        with closing(sqlite3.connect(draft, isolation_level=None)) as copy:
            # It is synced as a whole before it gets its name.
            copy.execute("pragma synchronous = off")
            cx.backup(copy)
            verdict = copy.execute("pragma integrity_check").fetchone()[0]
        if verdict != "ok":
            raise JournalError(
                msg("journal.copy_unsound", path=str(path), why=str(verdict)),
                hint=msg("journal.damaged.hint"),
            )
        target, n = wanted, 1
        while target.exists():
            if filecmp.cmp(draft, target, shallow=False):
                return target
            n += 1
            target = wanted.with_name(f"{wanted.stem}-{n}{wanted.suffix}")
        publish(draft, target)
    return target
