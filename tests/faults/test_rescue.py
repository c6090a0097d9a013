"""A journal that is damaged, whatever of it: every intact record comes into a new one, and the rest is named.

A sample runs here; `just faults` runs every page and many bits. What is intact is told by the journal as it was.
"""

import errno
import gzip
import json
import os
import random
import shutil
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from io import FileIO
from pathlib import Path

import pytest
from flips import FROM_ROWS, OF_ENTRIES, Said, column, put, run

from nippo_cli.base.ids import NUMBER_BITS, show_id
from nippo_cli.journal.care import rescue

ALL = os.environ.get("NIPPO_FAULTS") == "all"
PAGE = 4096
OWN = 1 << NUMBER_BITS  # ids of the first device are below


def log_of(db: Path) -> Mapping[int, Sequence[object]]:
    """Every record of the journal's first device, column by column."""
    with closing(sqlite3.connect(db)) as cx:
        return {row[0]: row for row in cx.execute("select * from record where id < ?", (OWN,))}


def rescued(journal: Path) -> tuple[Said, Path, Mapping[str, object]]:
    """What a rescue says, and where the new journal is; what it was made from is as it was."""
    new = journal.parent / "rescued"
    shutil.rmtree(new, ignore_errors=True)
    before = {path: path.read_bytes() for path in journal.rglob("*") if path.is_file()}
    said = run(journal, ("doctor", "--rescue", str(new), "--json"))
    assert {path: path.read_bytes() for path in journal.rglob("*") if path.is_file()} == before
    return said, new, json.loads(said.out) if said.out else {}


def check(whole: Path, journal: Path, *, at_most: int, pages: Sequence[tuple[str, ...]] = ()) -> Mapping[str, object]:
    """All that is asked of a rescue."""
    said, new, answer = rescued(journal)
    assert said.code == 0, said
    log, brought = log_of(whole / "journal.db"), log_of(new / "journal.db")
    # Ids, salts, bodies and hashes, byte by byte.
    assert all(log[record] == row for record, row in brought.items())
    missing = sorted(set(log) - set(brought))
    assert len(missing) <= at_most
    runs = [(int(run["first"]), int(run["last"])) for run in answer["lost_ids"]]
    assert [n for first, last in runs for n in range(first, last + 1)] == missing
    doctor = run(new, ("doctor", "--json"))
    assert doctor.code == 0, doctor
    assert (len(json.loads(doctor.out)["notes"]) == 1) == bool(missing)
    for words in pages:
        page = run(new, words)
        assert page.code in (0, 4), (words, page)
        assert "不具合" not in page.err, (words, page)
    assert (new / "schema.yaml").read_text(encoding="utf-8") == (whole / "schema.yaml").read_text(encoding="utf-8")
    return answer


def pages_of(db: Path) -> list[int]:
    """The pages of a file that hold records or what leads to them; all of them, if there is time."""
    if ALL:
        return list(range(1, db.stat().st_size // PAGE + 1))
    with closing(sqlite3.connect(db)) as cx:
        root = cx.execute("select rootpage from sqlite_master where name = 'record'").fetchone()[0]
    return [1, root, root + 1]


def test_a_sound_journal_comes_whole(whole: Path, journal: Path):
    """Every record, and every page as it was."""
    answer = check(whole, journal, at_most=0)
    assert (answer["records"], answer["lost"], answer["written"]) == (52, 0, 0)
    # Where nothing was lost, nobody is asked to write it again.
    page = run(journal, ("doctor", "--rescue", str(journal.parent / "another"))).out
    assert "書き直して" not in page
    assert "nippo restore" in page
    for words in (*FROM_ROWS, *OF_ENTRIES):
        if words not in ((), ("schema", "show")):  # they name the folder
            assert run(journal.parent / "rescued", words).out == run(whole, words).out, words


def test_a_lost_page_takes_only_what_was_on_it(whole: Path, journal: Path):
    """The file's first page with its list of tables, the page that leads to the records, one of records. No page of the
    screen fails afterwards, and a rescue of the rescued journal brings the same."""
    content = (whole / "journal.db").read_bytes()
    for page in pages_of(whole / "journal.db"):
        damaged = bytearray(content)
        damaged[(page - 1) * PAGE : page * PAGE] = bytes(PAGE)
        (journal / "journal.db").write_bytes(damaged)
        check(
            whole,
            journal,
            at_most=25,
            pages=(*FROM_ROWS, *OF_ENTRIES) if ALL else (("log",), ("deal", "list", "--all"), ("gap",)),
        )


@pytest.mark.parametrize("gives_what_is_before", [False, True])
def test_sectors_that_the_disk_does_not_give_take_only_what_was_on_them(
    whole: Path, journal: Path, monkeypatch, gives_what_is_before: bool
):
    """A page that leads to the records, and one of derived rows: read as empty, for what is mapped and not given would end the
    process. A system refuses the whole read, or only one that begins there."""
    with closing(sqlite3.connect(journal / "journal.db")) as cx:
        roots = [
            cx.execute("select rootpage from sqlite_master where name = ?", (name,)).fetchone()[0]
            for name in ("record", "entry")
        ]
    bad = [(root - 1) * PAGE for root in roots]

    class Broken(FileIO):
        def read(self, size: int = -1) -> bytes:
            met = [at for at in bad if self.tell() < at + 512 and at < self.tell() + size]
            if not met or (gives_what_is_before and self.tell() < min(met)):
                return super().read(min(met) - self.tell() if met else size)
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    opened = Path.open
    monkeypatch.setattr(
        Path,
        "open",
        lambda path, mode="r", buffering=-1, **more: (
            Broken(path) if not buffering and path.parent == journal else opened(path, mode, buffering, **more)
        ),
    )
    empty_there = bytearray((journal / "journal.db").read_bytes())
    for at in bad:
        empty_there[at : at + 512] = bytes(512)
    with rescue._readable(journal / "journal.db") as given:
        assert given.read_bytes() == empty_there
    assert check(whole, journal, at_most=25)["lost"] <= 25


@pytest.mark.parametrize("seed", range(300) if ALL else (1, 2, 3))
def test_a_flipped_bit_takes_one_record_at_most(whole: Path, journal: Path, seed: int):
    """Anywhere in the file."""
    dice, damaged = random.Random(seed), bytearray((whole / "journal.db").read_bytes())
    damaged[dice.randrange(len(damaged))] ^= 1 << dice.randrange(8)
    (journal / "journal.db").write_bytes(damaged)
    check(whole, journal, at_most=1)


def test_without_its_header_nothing_is_lost(whole: Path, journal: Path):
    """A hundred bytes, the length of a page among them."""
    damaged = bytearray((whole / "journal.db").read_bytes())
    damaged[:100] = bytes(100)
    (journal / "journal.db").write_bytes(damaged)
    assert run(journal, ("log",)).code == 5
    check(whole, journal, at_most=0)


def test_a_file_that_was_cut_short(whole: Path, journal: Path):
    """What was written before comes; of a file that ends before any record nothing is made."""
    content = (whole / "journal.db").read_bytes()
    with closing(sqlite3.connect(whole / "journal.db")) as cx:
        last = max(content.find(row[0]) for row in cx.execute("select hash from record where id = 30"))
    (journal / "journal.db").write_bytes(content[: last + 200])
    answer = check(whole, journal, at_most=45)
    assert answer["lost"]
    (journal / "journal.db").write_bytes(content[:PAGE])
    said, new, _ = rescued(journal)
    assert (said.code, new.exists(), "1件も見つかりません" in said.err) == (5, False, True)


DROPPED: Mapping[str, Sequence[str]] = {
    "a derived table": ("drop table entry",),
    "a trigger": ("drop trigger record_kept",),
    "a column": ("alter table record add column mood text",),
    "the settings": ("delete from meta",),
    "the head table": ("drop table head", "drop table loss"),
}


@pytest.mark.parametrize("what", DROPPED)
def test_what_was_dropped_or_altered_is_whole_again(whole: Path, journal: Path, what: str):
    """Tables, triggers and settings; the records are all there."""
    with closing(sqlite3.connect(journal / "journal.db", isolation_level=None)) as cx:
        for statement in DROPPED[what]:
            cx.execute(statement)
    assert run(journal, ("doctor",)).code == 5
    check(whole, journal, at_most=0)


def test_the_dropped_log_is_found_where_it_was(whole: Path, journal: Path):
    """SQLite leaves the pages of a dropped table as they are, unless it is told to wipe them."""
    with closing(sqlite3.connect(journal / "journal.db", isolation_level=None)) as cx:
        cx.execute("pragma secure_delete = off")
        cx.execute("drop table record")
    assert run(journal, ("doctor",)).code == 5
    # A page of the list of free pages has lost its first bytes, and its records their place in it; not themselves.
    check(whole, journal, at_most=0)


def test_a_lost_device_is_told_by_a_copy(whole: Path, journal: Path):
    """Every hash rests on its random id, which a backup has too. Without any, nothing can be proven, and that is said."""
    with closing(sqlite3.connect(journal / "journal.db", isolation_level=None)) as cx:
        cx.execute("pragma secure_delete = on")
        cx.execute("delete from device")
    said, _, _ = rescued(journal)
    assert said.code == 5
    (journal / "backups").mkdir()
    shutil.copyfile(whole / "journal.db", journal / "backups" / "journal-20260301-120000.db")
    check(whole, journal, at_most=0)


def test_a_damaged_record_is_listed_with_what_is_left_of_it(whole: Path, journal: Path):
    """Its own damaged text, and what was derived of it; the rest is there, and backups can be made again."""
    db = journal / "journal.db"
    assert "見積を出した" in column(db, 20, "body").decode()
    put(db, 20, body=column(db, 20, "body").replace("見積を出した".encode(), "見積を消した".encode()))
    assert run(journal, ("backup",)).code == 5
    answer = check(whole, journal, at_most=1)
    (lost,) = answer["records_lost"]
    assert (lost["id"], lost["kind"], lost["derived"]["amount"], "見積を消した" in lost["text"]) == (
        "20",
        "entry",
        1500000,
        True,
    )
    assert lost["record"] == "#20（活動、ポンプ、2026-01-23）"
    shown = run(journal, ("doctor", "--rescue", str(journal.parent / "shown")))
    assert "#20（活動、ポンプ、2026-01-23）" in shown.out
    assert run(journal.parent / "rescued", ("backup",)).code == 0


def test_a_deal_whose_begin_is_lost_keeps_its_name_and_its_line(whole: Path, journal: Path):
    """And goes on: entries, a new name, a hold; what is derived then is what a rebuild makes."""
    put(journal / "journal.db", 2, body=b"{")
    answer = check(whole, journal, at_most=1, pages=(*FROM_ROWS, *OF_ENTRIES))
    new = journal.parent / "rescued"
    assert answer["written"] == 1
    before, after = (json.loads(run(one, ("deal", "show", "ポンプ", "--json")).out) for one in (whole, new))
    assert [e["id"] for e in after["entries"]] == [e["id"] for e in before["entries"]]
    assert (after["id"], after["name"], after["stays"]) == (before["id"], "ポンプ", before["stays"])
    for words in (
        ("add", "ポンプ", "--activity", "電話", "-m", "続き", "--later"),
        ("deal", "rename", "ポンプ", "大型ポンプ"),
        ("deal", "hold", "大型ポンプ", "--until", "4/30", "--why", "検討"),
        ("deal", "assign", "大型ポンプ", "鈴木"),
        ("undo",),
        ("deal", "merge", "治具", "大型ポンプ"),
    ):
        said = run(new, words)
        assert said.code == 0, (words, said)
        assert run(new, ("doctor",)).code == 0, words
    # Known since it began: a page of a day in the past has it, too.
    past = ("deal", "list", "--as-of", "2026-01-25", "--json")
    assert [d["id"] for d in json.loads(run(new, past).out)["deals"]] == [
        d["id"] for d in json.loads(run(whole, past).out)["deals"]
    ]


def test_what_was_erased_stays_erased(whole: Path, journal: Path):
    """Though its erasure is lost, or a page that was freed still has it."""
    with closing(sqlite3.connect(whole / "journal.db")) as cx:
        ((erased, erasure),) = cx.execute("select target, id from record where kind = 'redact'").fetchall()
    put(journal / "journal.db", erasure, body=b"{")
    answer = check(whole, journal, at_most=1)
    assert (answer["erased"], answer["written"]) == (1, 1)
    assert log_of(journal.parent / "rescued" / "journal.db")[erased][11] is None


@pytest.mark.parametrize("number", range(1, 10) if ALL else (1, 8))
def test_a_journal_of_an_older_format_is_rescued(tmp_path: Path, number: int):
    """Into one of today's: the records are the same."""
    sample = Path(__file__).parents[1] / "journal" / "formats" / f"{number}.db.gz"
    journal = tmp_path / "journal"
    journal.mkdir()
    (journal / "journal.db").write_bytes(gzip.decompress(sample.read_bytes()))
    said, new, answer = rescued(journal)
    assert (said.code, answer["lost"]) == (0, 0), said
    with closing(sqlite3.connect(journal / "journal.db")) as cx:
        before = cx.execute("select * from record order by id").fetchall()
    with closing(sqlite3.connect(new / "journal.db")) as cx:
        assert [row for row in cx.execute("select * from record order by id") if row in before] == before
    assert run(new, ("doctor",)).code == 0


REFUSED: Mapping[str, Callable[[Path], object]] = {
    "a folder with something in it": lambda new: (new.mkdir(), (new / "notes.txt").write_text("x", encoding="utf-8")),
    "a file": lambda new: new.write_text("x", encoding="utf-8"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_nothing_is_written_over(journal: Path, what: str):
    """A new place is a place where nothing is."""
    new = journal.parent / "taken"
    REFUSED[what](new)
    before = {path: path.read_bytes() for path in new.parent.rglob("*") if path.is_file()}
    said = run(journal, ("doctor", "--rescue", str(new)))
    assert (said.code, str(new) in said.err) == (2, True), said
    assert {path: path.read_bytes() for path in new.parent.rglob("*") if path.is_file()} == before
    assert run(journal, ("doctor", "--rescue", str(new), "--rebuild")).code == 2


def test_a_rescue_that_is_interrupted_leaves_nothing(journal: Path, monkeypatch: pytest.MonkeyPatch):
    """In the middle of the file, by Ctrl-C."""
    calls = iter(range(20))

    def interrupted(*_: object) -> bool:
        if next(calls) == 10:
            raise KeyboardInterrupt
        return True

    monkeypatch.setattr("nippo_cli.journal.care.carving.is_sound", interrupted)
    said = run(journal, ("doctor", "--rescue", str(journal.parent / "new")))
    assert (said.code, (journal.parent / "new").exists(), "不具合" in said.err) == (130, False, False), said


def test_what_is_left_of_a_record_draws_nothing_on_the_terminal(journal: Path):
    """Its bytes are shown as marks."""
    put(journal / "journal.db", 20, body=b'{"a":"\x1b[31m\x07\xff"')
    said = run(journal, ("doctor", "--rescue", str(journal.parent / "new")))
    assert said.code == 0, said
    assert "\x1b" not in said.out
    assert "\x07" not in said.out


def test_a_dry_run_leaves_nothing(journal: Path):
    """It goes through all of it, and says what would be brought."""
    said = run(journal, ("doctor", "--rescue", str(journal.parent / "new"), "--dry-run", "--json"))
    assert (said.code, json.loads(said.out)["records"], (journal.parent / "new").exists()) == (0, 52, False)


def test_a_rescued_journal_takes_the_place_of_the_old_one(whole: Path, journal: Path):
    """By a restore; its backups are sound, and keep what is known to be lost."""
    put(journal / "journal.db", 25, body=b"{")
    check(whole, journal, at_most=1)
    assert run(journal, ("restore", str(journal.parent / "rescued" / "journal.db"))).code == 0
    assert run(journal, ("backup",)).code == 0
    assert "#25" in run(journal, ("doctor",)).out
    assert show_id(25) not in {
        e["id"] for e in json.loads(run(journal, ("log", "--json", "--limit", "0")).out)["entries"]
    }
