"""Every table and every field of the file's header: whatever is changed there is found, named and mended, or does no harm.

A sample runs here; `just faults` runs every bit of the header and every page's end.
"""

import json
import os
import random
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest
from diary import bulk
from flips import Said, run
from one_entry import EntryDraft

from nippo_cli.base.language import t
from nippo_cli.journal.check.comparing import _words
from nippo_cli.journal.log.store import begin_device
from nippo_cli.journal.log.tables import PROJECTIONS, SEARCH_TABLE, SEARCH_TABLES
from nippo_cli.journal.write.writer import writing

ALL = os.environ.get("NIPPO_FAULTS") == "all"
PAGE = 4096
PAGES = (("log",), ("deal", "list", "--all"), ("gap",), ("search", "見積"), ("show", "3"))
# The fields of the header, by their first byte and their length (https://www.sqlite.org/fileformat2.html#the_database_header).
HEADER = {
    "the signature": (0, 16), "the length of a page": (16, 2), "how it is written": (18, 1), "how it is read": (19, 1),
    "reserved bytes": (20, 1), "payload fractions": (21, 3), "the change counter": (24, 4), "how many pages": (28, 4),
    "the first free page": (32, 4), "how many free pages": (36, 4), "the schema's cookie": (40, 4), "the schema's format": (44, 4),
    "the cache": (48, 4), "vacuum's largest root": (52, 4), "the encoding": (56, 4), "nippo's format": (60, 4),
    "incremental vacuum": (64, 4), "nippo's mark": (68, 4), "what is reserved": (72, 20), "valid for": (92, 4), "the version": (96, 4),
}  # fmt: skip
DOCUMENTED = {0, 1, 2, 3, 4, 5, 10}


def change(db: Path, *statements: str) -> None:
    """Change a file behind nippo's back, its triggers put back."""
    with closing(sqlite3.connect(db, isolation_level=None)) as cx:
        triggers = cx.execute("select name, sql from sqlite_master where type = 'trigger'").fetchall()
        for statement in (
            *(f"drop trigger {name}" for name, _ in triggers),
            *statements,
            *(sql for _, sql in triggers),
        ):
            cx.execute(statement)


def asked(journal: Path, *words: str) -> Said:
    """What a command says; never that nippo has a fault, and a reader leaves the file as it is."""
    before = (journal / "journal.db").read_bytes()
    said = run(journal, words)
    assert said.code in DOCUMENTED, (words, said)
    assert "不具合" not in said.err, (words, said)
    assert (journal / "journal.db").read_bytes() == before, words
    return said


@cache
def said_of(whole: Path) -> dict[tuple[str, ...], str]:
    """What two pages say of a journal that nothing is wrong with."""
    return {words: run(whole, words).out for words in PAGES[:2]}


def checks(journal: Path) -> dict[str, int]:
    """What the doctor finds, check by check."""
    answer = json.loads(asked(journal, "doctor", "--json").out)
    return {check["name"]: len(check["found"]) for check in answer["checks"] if check["found"]}


def rows_of(db: Path, table: str) -> list[tuple[object, ...]]:
    """All of a table."""
    with closing(sqlite3.connect(db)) as cx:
        return cx.execute(f"select * from {table}").fetchall()


def imported_twice(db: Path) -> None:
    """One row of a file, imported by two devices."""
    on = date(2026, 11, 20)
    for _ in range(2):
        now = datetime(2026, 11, 29, 3, tzinfo=UTC)
        with writing(db, author="高橋", now=now) as writer:
            batch = writer.begin_batch()
            bulk(writer, [EntryDraft(on, on, "高橋", "弁", {"facts": "紹介"}, "crm:1")], batch=batch)
            writer.end_batch(batch, {"rows": 1, "sha256": "0" * 64})
        with writing(db, author="高橋", now=now) as writer:
            writer.retract(batch)
            begin_device(writer.cx, "2026-11-29T03:00:00.000Z")


@pytest.mark.parametrize(
    "table", [*PROJECTIONS, *SEARCH_TABLES] if ALL else ["entry", "deal", "search_idx", "search_data"]
)
def test_a_lost_page_of_what_is_derived_is_told_as_such_and_made_anew(whole: Path, journal: Path, table: str):
    """Not as damage of the log, whose records all stand; a search that meets it in the index names the index."""
    db = journal / "journal.db"
    with closing(sqlite3.connect(db)) as cx:
        root = cx.execute("select rootpage from sqlite_master where name = ?", (table,)).fetchone()[0]
    damaged = bytearray(db.read_bytes())
    damaged[(root - 1) * PAGE : root * PAGE] = bytes(PAGE)
    db.write_bytes(damaged)
    answer = json.loads(asked(journal, "doctor", "--json").out)
    assert [found["key"] for check in answer["checks"] for found in check["found"]] == ["doctor.file.derived"]
    looked_at = {check["name"]: check["looked_at"] for check in answer["checks"]}
    assert looked_at["hashes"] + looked_at["erased"] == 52
    if table in ("search_idx", "search_data"):
        search = asked(journal, "search", "見積")
        assert (search.code, t("journal.index_damaged").partition(":")[0] in search.err) == (5, True), search
    assert run(journal, ("doctor", "--rebuild")).code == 0
    assert checks(journal) == {}
    for words in PAGES:
        assert asked(journal, *words).out == run(whole, words).out, words


@pytest.mark.parametrize("table", PROJECTIONS)
def test_a_row_that_is_missing_from_a_derived_table_is_found_and_made_anew(journal: Path, table: str):
    """Named by its table; and so is a row too many, or one that says something else."""
    db = journal / "journal.db"
    if table == "deadline":
        # A kind of field that the default agreement lacks.
        with (journal / "schema.yaml").open("a", encoding="utf-8") as file:
            file.write("  - {key: valid_until, label: 見積の期限, type: date, role: deadline}\n")
        assert (
            run(
                journal,
                ("add", "ポンプ", "--activity", "電話", "-m", "期限を伝えた", "--valid-until", "3/31", "--later"),
            ).code
            == 0
        )
    if table == "twin":
        imported_twice(db)
    if table in ("follow", "acknowledgement"):
        argv = {"follow": ("follow", "ポンプ"), "acknowledgement": ("comment", "3", "--seen", "--by", "部長")}[table]
        assert run(journal, argv).code == 0
    kept = rows_of(db, table)
    assert kept, f"this journal has no row of {table}"
    with closing(sqlite3.connect(db)) as cx:
        (name, kind) = cx.execute(
            f"select name, type from pragma_table_info('{table}') order by cid desc limit 1"
        ).fetchone()
    other = f"update {table} set {name} = {'7777' if kind.lower() == 'integer' else repr('7777')}"
    for statement in (f"delete from {table}", other):
        change(db, statement)
        assert checks(journal).keys() & {table, "agreement", "structure"}, statement
        assert run(journal, ("doctor", "--rebuild")).code == 0, statement
        assert sorted(map(str, rows_of(db, table))) == sorted(map(str, kept)), statement


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("delete from search_data where id > 10", "search"),
        ("delete from meta where key = 'time_zone'", "settings"),
        ("delete from meta where key = 'device'", "settings"),
        ("insert into head select slot, 3, zeroblob(32) from device", "heads"),
        ("insert into head select slot, 999, zeroblob(32) from device", "heads"),
        ("insert into loss values (3, 5)", "numbering"),
        ("update device set last_number = last_number + 1", "numbering"),
        ("update device set id = '2-00000000000000000000000000000000'", "hashes"),
        ("delete from device", "numbering"),
        ("delete from record where id = 30", "numbering"),
        ("update record set id = id + 100000 where id = 30", "numbering"),
        ("drop table head", "structure"),
        ("drop table loss", "structure"),
        ("drop table _sqlite_migrations", "structure"),
        ("pragma user_version = 3", "structure"),
    ],
)
def test_what_is_changed_beside_derived_tables_is_found(journal: Path, statement: str, check: str):
    """The search, the settings, the devices, the notes of heads and losses, the log's numbers, what SQLite keeps."""
    change(journal / "journal.db", statement)
    if statement.startswith("pragma"):
        assert asked(journal, "log").code == 5
        return
    assert checks(journal).get(check, 0) > 0
    for words in PAGES:
        asked(journal, *words)


def test_a_search_that_finds_too_little_is_no_sound_index():
    """All of the index is there, and what leads into it is not: SQLite's own check finds nothing wrong."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as cx:
        cx.execute(SEARCH_TABLE)
        rows = ((n, " ".join(f"w{n * m % 997}" for m in range(40))) for n in range(1, 3001))
        cx.executemany("insert into search(rowid, characters) values (?, ?)", rows)
        assert len(_words(cx) or ()) == 997
        cx.execute("delete from search_idx")
        cx.execute("insert into search(search) values ('integrity-check')")
        assert _words(cx) is None


@pytest.mark.parametrize("field", HEADER)
def test_a_bit_of_the_header_is_found_or_does_no_harm(whole: Path, journal: Path, field: str):
    """No page says anything else than before, and a rescue brings every record."""
    start, length = HEADER[field]
    bits = [(start + n // 8, n % 8) for n in range(length * 8)]
    content = (whole / "journal.db").read_bytes()
    said = said_of(whole)
    for at, bit in bits if ALL else random.Random(field).sample(bits, 1):
        damaged = bytearray(content)
        damaged[at] ^= 1 << bit
        (journal / "journal.db").write_bytes(damaged)
        for words, before in said.items():
            answer = asked(journal, *words)
            assert answer.code == 5 or answer.out == before, (field, at, bit, words)
        asked(journal, "doctor")
        shutil.rmtree(journal.parent / "new", ignore_errors=True)
        rescued = json.loads(asked(journal, "doctor", "--rescue", str(journal.parent / "new"), "--json").out)
        assert (rescued["records"], rescued["lost"]) == (52, 0), (field, at, bit)


def test_a_file_that_ends_too_early_is_told(whole: Path, journal: Path):
    """At the end of a page and within one: no page of it is shown as if it were whole."""
    content = (whole / "journal.db").read_bytes()
    cuts = range(PAGE, len(content), PAGE) if ALL else random.Random(1).sample(range(PAGE, len(content), PAGE), 2)
    for cut in [end for page in cuts for end in (page, page + 1000)] + [0, 50, len(content) - 1]:
        (journal / "journal.db").write_bytes(content[:cut])
        assert asked(journal, "doctor").code == 5, cut
        for words in PAGES[:2]:
            asked(journal, *words)
