"""What is derived from a journal's log, against the same made anew in a copy that is thrown away."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Final

from nippo_cli.base.errors import JournalError, msg
from nippo_cli.base.progress import Progress
from nippo_cli.journal.log import DAMAGE, blames_disk, structure, tables
from nippo_cli.results.care import Check

if TYPE_CHECKING:
    from nippo_cli.base.worker import Worker
    from nippo_cli.journal.search import IndexAnew

TOKENS: Final = """
select term, count(*), sum((doc % 1000003 * 7 + doc % 10007) * ("offset" % 10007 + 1)) from temp.tokens group by term
"""

# Of each token how many rows hold it: as the index lists them, and as a search finds them. That finds its way by a table of its
# own (`search_idx`), which SQLite's own check passes over.
TERMS_TABLE: Final = "create virtual table temp.terms using fts5vocab(main, search, row)"
COUNT_TERMS: Final = "select count(*) from temp.terms"
TERMS: Final = """select '"' || replace(term, '"', '""') || '"', doc from temp.terms"""
HITS: Final = "select count(*) from search where search match cast(? as text)"


RECORDS_HELD: Final = "select coalesce(sum(last_number), 0) from device"
_WORTH_RECORDS = 20_000
_CACHE_KIB: Final = 16 * 1024
# How many steps of SQLite's machine lie between two looks at how far a rebuild is.
_TICK: Final = 2_000_000


def make_anew(cx: sqlite3.Connection, *, is_sound: bool = False, tell: Callable[[int], None] | None = None) -> None:
    """Make every derived table and the search index from the log, in the caller's transaction; in two processes where there are many
    records.

    Args:
        is_sound: every record was sealed, or held against its hash, in this very transaction.
        tell: told how many entries are through.
    """
    from nippo_cli.journal.derive.rebuild import Helpers, rebuild
    from nippo_cli.journal.search import texts_of_states

    cx.execute(f"pragma cache_size = -{_CACHE_KIB}")
    search = _index_anew(cx)
    with _second_process(cx) as second:
        rebuild(cx, Helpers(second, search, texts_of_states, tell), is_sound=is_sound)
    search.end()


@contextmanager
def _second_process(cx: sqlite3.Connection) -> "Iterator[Worker | None]":
    """A process that helps a rebuild, where that takes longer than to begin one."""
    if cx.execute(RECORDS_HELD).fetchone()[0] < _WORTH_RECORDS:
        yield None
        return
    from nippo_cli.base.worker import working_beside
    from nippo_cli.journal.derive import derive_in_worker
    from nippo_cli.journal.search import texts_of_states

    with working_beside(derive_in_worker, texts_of_states) as second:
        yield second


def _index_anew(cx: sqlite3.Connection) -> "IndexAnew":
    """The search index, emptied; one that is damaged is replaced."""
    from nippo_cli.journal.search import IndexAnew

    try:
        return IndexAnew(cx)
    except _DAMAGE as error:
        # A full disk may have ended the transaction: what is written from here on would be committed as it is.
        if blames_disk(error) or not cx.in_transaction:
            raise
        _empty_index(cx)
        return IndexAnew(cx)


# A length that was damaged makes SQLite ask for more memory than there is.
_DAMAGE = (*DAMAGE, MemoryError)


def _empty_index(cx: sqlite3.Connection) -> None:
    """Put what an empty index consists of in place of one that SQLite can't open, and so can't drop either."""
    cx.execute(tables.SEARCH_TABLE.replace("table search", "table temp.empty", 1))
    for part in tables.SEARCH_PARTS:
        cx.execute(f"delete from main.search_{part}")
        cx.execute(f"insert into main.search_{part} select * from temp.empty_{part}")
    cx.execute("drop table temp.empty")


def compare(cx: sqlite3.Connection, progress: Progress) -> Iterator[Check]:
    """Each derived table and the search index, as they are and as a rebuild makes them. The log must be sound.

    Raises:
        JournalError: the copy can't be made or written.
    """
    from nippo_cli.journal.derive.rebuild import rebuild as derive
    from nippo_cli.journal.search import rebuild_index

    words = _words(cx)
    with _copied(cx) as copy:
        copy.execute("begin")
        structure.mend(copy)
        for table in tables.PROJECTIONS:
            copy.execute(f"create temp table was_{table} as select * from main.{table}")
        indexed = _indexed(copy)
        with _reporting(copy, progress):
            derive(copy)
        for table in tables.PROJECTIONS:
            yield _same(copy, table)
        if words is None or indexed is None:
            yield Check("doctor.search", 0, [msg("doctor.search.unreadable")])
            return
        with _reporting(copy, progress):
            rebuild_index(copy, indexed)
        copy.execute("commit")
        lost = len(words ^ (_words(copy) or set()))
    yield Check("doctor.search", len(words), [msg("doctor.differs", n=lost)] if lost else [])


def count_derived(cx: sqlite3.Connection) -> Iterator[Check]:
    """How many rows each derived table has, and how many tokens the search index, all just made anew from the log: to derive
    them once more would say no more."""
    for table in tables.PROJECTIONS:
        yield Check(f"doctor.{table}", cx.execute(f"select count(*) from {table}").fetchone()[0], [])
    # The file is opened to be read; what lists the tokens is temporary, and forbidden by this all the same.
    cx.execute("pragma query_only = off")
    cx.execute(TERMS_TABLE)
    yield Check("doctor.search", cx.execute(COUNT_TERMS).fetchone()[0], [])


def _indexed(copy: sqlite3.Connection) -> dict[int, int] | None:
    """Of each device, by slot, up to which number the index is filled; None where the file doesn't say."""
    from nippo_cli.journal.search import marks

    try:
        return {slot: mark for slot, mark, _ in marks(copy)}
    except ValueError:
        return None


@contextmanager
def _reporting(copy: sqlite3.Connection, progress: Progress) -> Iterator[None]:
    """Tell how far a rebuild is, by the rows that it has removed and made anew; as many of either, most likely."""
    before = copy.total_changes
    rows = sum(copy.execute(f"select count(*) from temp.was_{table}").fetchone()[0] for table in tables.PROJECTIONS)

    def tick() -> None:
        progress("doctor.derived", min(max(copy.total_changes - before - rows, 0), rows), rows)

    copy.set_progress_handler(tick, _TICK)
    try:
        yield
    finally:
        copy.set_progress_handler(None, 0)


def _same(copy: sqlite3.Connection, table: str) -> Check:
    rows = copy.execute(f"select count(*) from main.{table}").fetchone()[0]
    missing, extra = (
        copy.execute(f"select count(*) from (select * from {a} except select * from {b})").fetchone()[0]
        for a, b in ((f"main.{table}", f"temp.was_{table}"), (f"temp.was_{table}", f"main.{table}"))
    )
    differences = [msg("doctor.differs.rows", missing=missing, extra=extra)] if missing or extra else []
    return Check(f"doctor.{table}", rows, differences)


def _words(cx: sqlite3.Connection) -> set[tuple[str, int, int]] | None:
    """Of each token in the index, how often it stands there, and a sum over where; None where it can't be read, or a search
    does not find what is in it."""
    # In a copy of its own: a damaged index fails whatever else is done by the connection that read it.
    with _copied(cx) as copy:
        copy.text_factory = bytes
        try:
            copy.execute("create virtual table temp.tokens using fts5vocab(main, search, instance)")
            copy.execute(TERMS_TABLE)
            if any(copy.execute(HITS, (quoted,)).fetchone() != (n,) for quoted, n in copy.execute(TERMS).fetchall()):
                return None
            return set(copy.execute(TOKENS))
        except _DAMAGE as error:
            if blames_disk(error):
                raise
            return None


@contextmanager
def _copied(cx: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """The journal's snapshot as a file without a name: it is gone with the process, however that ends. No power cut matters
    to it."""
    with closing(sqlite3.connect("", isolation_level=None)) as copy:
        try:
            cx.backup(copy)
            copy.execute("pragma trusted_schema = off")
            copy.execute("pragma synchronous = off")
            copy.execute("pragma journal_mode = memory")
            yield copy
        except DAMAGE as error:
            raise JournalError(msg("doctor.no_copy", why=str(error))) from error
