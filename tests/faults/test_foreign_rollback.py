"""A rollback journal beside the journal that is not its own, or that nothing needs any more, is never played into it."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

import pytest
from diary import make_hot, snapshot
from shell import FIRST, NOW, Shell

from nippo_cli.cli.frame.main import main
from nippo_cli.journal.check import doctor
from nippo_cli.journal.write import rollback

ADD = ("add", "案件", "--activity", "電話", "-m")
# Writes more than SQLite keeps in memory, and stops before it commits.
HALF = """
import sqlite3, sys, time
cx = sqlite3.connect(sys.argv[1], isolation_level=None)
cx.execute("pragma cache_size = 1")
cx.execute("begin immediate")
for n in range(300):
    cx.execute("insert into meta values (?, ?)", (f"k{n}", "x" * 900))
print("half", flush=True)
time.sleep(float(sys.argv[2]))
cx.execute("rollback")
"""


@pytest.fixture
def nippo(tmp_path: Path, monkeypatch, capsys) -> Shell:
    """A journal with a deal and an entry."""
    monkeypatch.setenv("NIPPO_NOW", NOW)
    # Its words are the Japanese template's; the screens are read in English.
    monkeypatch.setenv("NIPPO_LANG", "ja")
    shell = Shell(capsys, tmp_path / "journal")
    shell.deal("案件", facts="一日目")
    monkeypatch.setenv("NIPPO_LANG", "en")
    return shell


def beside(db: Path) -> Path:
    """The rollback journal of a file."""
    return db.with_name(db.name + "-journal")


def copied(db: Path, to: str) -> Path:
    """The journal's file alone in another folder."""
    folder = db.parent.parent / to
    folder.mkdir()
    return Path(shutil.copy(db, folder))


def facts(nippo: Shell) -> list[str]:
    """What the entries say; the journal is sound."""
    assert [(check.name, check.problems) for check in doctor.examine(nippo.db).checks if check.problems] == []
    return sorted(entry["values"]["facts"] for entry in nippo.done("log", "--json").json["entries"])


def left_by_a_copy(nippo: Shell) -> None:
    """A copy of the journal was written to and the writer killed; this one went on."""
    copy = copied(nippo.db, "copy")
    nippo.done(*ADD, "二日目")
    make_hot(copy)
    shutil.move(beside(copy), beside(nippo.db))


def left_by_a_copy_long_ago(nippo: Shell) -> None:
    """The same, some entries later."""
    copy = copied(nippo.db, "copy")
    for day in ("二日目", "三日目", "四日目"):
        nippo.done(*ADD, day)
    make_hot(copy)
    shutil.move(beside(copy), beside(nippo.db))


def left_by_what_was_replaced(nippo: Shell) -> None:
    """Somebody copied an older file over the journal while a write was cut off."""
    older = copied(nippo.db, "older")
    for day in ("二日目", "三日目"):
        nippo.done(*ADD, day)
    make_hot(nippo.db)
    shutil.copy(older, nippo.db)


def left_by_another_journal(nippo: Shell) -> None:
    """Somebody else's diary."""
    other = Path(mkdtemp(dir=nippo.journal.parent))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NIPPO_LANG", "ja")
        assert main(["--journal", str(other), "add", "他社", *FIRST, "-m", "他人の話"]) == 0
    make_hot(other / "journal.db")
    shutil.move(beside(other / "journal.db"), beside(nippo.db))


LEFT = [left_by_a_copy, left_by_a_copy_long_ago, left_by_what_was_replaced, left_by_another_journal]


@pytest.mark.parametrize("how", ["doctor", "add"])
@pytest.mark.parametrize("left", LEFT)
def test_one_that_is_not_this_journals_is_set_aside(nippo: Shell, left: Callable[[Shell], None], how):
    """Every entry stays, the strange file too, and the person is told where."""
    left(nippo)
    with closing(sqlite3.connect(f"file:{nippo.db}?immutable=1", uri=True)) as cx:
        (records,) = cx.execute("select count(*) from record").fetchone()
    strange = beside(nippo.db).read_bytes()
    done = nippo.done(*(("doctor", "--rebuild") if how == "doctor" else (*ADD, "きょう")))
    aside = nippo.db.with_name("journal.db-journal.set-aside")
    assert aside.read_bytes() == strange
    assert str(aside) in done.err
    with closing(sqlite3.connect(nippo.db)) as cx:
        assert cx.execute("select count(*) from record").fetchone() == (records + (how == "add"),)
    assert "一日目" in facts(nippo)
    assert not beside(nippo.db).exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows lets not everybody make links")
def test_it_is_found_through_a_link(nippo: Shell, tmp_path: Path):
    """SQLite keeps it beside the file, whatever the file is called by."""
    left_by_another_journal(nippo)
    (tmp_path / "link.db").symlink_to(nippo.db)
    assert nippo.bare("--journal", str(tmp_path / "link.db"), *ADD, "きょう").code == 0
    assert nippo.db.with_name("journal.db-journal.set-aside").exists()
    assert facts(nippo) == ["きょう", "一日目"]


@pytest.mark.skipif(os.name == "nt", reason="Windows lets not everybody make links")
def test_the_copy_before_a_rebuild_has_it_through_a_link_too(nippo: Shell, tmp_path: Path):
    """Without it the copy would be the half of a write."""
    make_hot(nippo.db)
    folder = tmp_path / "linked"
    folder.mkdir()
    (folder / "journal.db").symlink_to(nippo.db)
    assert nippo.bare("--journal", str(folder), "doctor", "--rebuild").code == 0
    (kept,) = (folder / "backups").glob("*.unchecked.db")
    assert beside(kept).stat().st_size > 0
    with closing(sqlite3.connect(kept)) as cx:
        assert cx.execute("pragma integrity_check").fetchone() == ("ok",)
        assert cx.execute("select count(*) from meta where key like 'k%'").fetchone() == (0,)
    assert doctor.examine(kept).sound


def test_a_second_one_has_a_name_of_its_own(nippo: Shell):
    """The first one that was set aside stays."""
    for _ in range(2):
        left_by_another_journal(nippo)
        nippo.done(*ADD, "次の話")
    assert {p.name for p in nippo.journal.glob("*set-aside*")} == {
        "journal.db-journal.set-aside", "journal.db-journal.set-aside-2",
    }  # fmt: skip


def test_it_is_told_though_the_entry_is_refused(nippo: Shell):
    """It happens once, and the answer that it would have stood beside never comes."""
    left_by_another_journal(nippo)
    refused = nippo("add", "案件", "-m", "活動がない")
    assert refused.code == 3
    assert "journal.db-journal.set-aside" in refused.err


def test_one_that_comes_back_after_its_write_was_acknowledged_takes_nothing_away(nippo: Shell):
    """As after a power cut, where the disk had not heard that it was removed."""
    before = nippo.db.read_bytes()
    nippo.done(*ADD, "二日目")
    beside(nippo.db).write_bytes(rollback_of(before, nippo.db.read_bytes()))
    told = nippo.done(*ADD, "三日目")
    assert facts(nippo) == ["一日目", "三日目", "二日目"]
    assert "stays recorded" in told.err
    assert sorted(p.name for p in nippo.journal.iterdir()) == ["journal.db", "schema.yaml"]


def rollback_of(before: bytes, after: bytes, page: int = 4096) -> bytes:
    """The rollback journal of a write that made one file of another: https://www.sqlite.org/fileformat.html#rollbackjournal"""
    changed = [n for n in range(len(before) // page) if before[n * page :][:page] != after[n * page :][:page]]
    nonce = 7
    numbers = (len(changed), nonce, len(before) // page, 512, page)
    text = bytes.fromhex("d9d505f920a163d7") + b"".join(n.to_bytes(4, "big") for n in numbers)
    text = text.ljust(512, b"\0")
    for n in changed:
        content = before[n * page :][:page]
        check = (nonce + sum(content[i] for i in range(page - 200, 0, -200))) % 2**32
        text += (n + 1).to_bytes(4, "big") + content + check.to_bytes(4, "big")
    return text


@pytest.mark.parametrize("how", ["doctor", "add"])
def test_one_of_a_write_that_was_cut_off_is_rolled_back(nippo: Shell, how):
    """Nothing of it stays, and nothing is left beside the journal."""
    make_hot(nippo.db)
    done = nippo.done(*(("doctor", "--rebuild") if how == "doctor" else (*ADD, "きょう")))
    assert "set-aside" not in done.err
    with closing(sqlite3.connect(nippo.db)) as cx:
        assert cx.execute("select count(*) from meta where key like 'k%'").fetchone() == (0,)
    assert facts(nippo) == (["一日目"] if how == "doctor" else ["きょう", "一日目"])
    assert {p.name for p in nippo.journal.iterdir()} - {"backups"} == {"journal.db", "schema.yaml"}


@pytest.mark.parametrize("left", LEFT)
def test_a_reader_leaves_it_alone_and_says_what_to_do(nippo: Shell, left: Callable[[Shell], None]):
    """The command that it names does it."""
    left(nippo)
    before = snapshot(nippo.journal)
    refused = nippo("log")
    assert (refused.code, snapshot(nippo.journal)) == (5, before)
    assert "doctor --rebuild" in refused.err
    nippo.done("doctor", "--rebuild")
    assert "一日目" in facts(nippo)


def test_a_write_that_was_cut_off_in_a_journal_with_other_damage_is_rolled_back_with_a_raw_copy_kept(nippo: Shell):
    """Nobody can be sure then."""
    with closing(sqlite3.connect(nippo.db)) as cx:
        (trigger,) = cx.execute("select sql from sqlite_master where name = 'record_unchanged'").fetchone()
        cx.execute("drop trigger record_unchanged")
        cx.execute("update record set salt = x'00' where id = 3")
        cx.execute(trigger)
        cx.commit()
    make_hot(nippo.db)
    raw = {
        p.name.replace("journal.db", "journal.db.before-rollback", 1): p.read_bytes()
        for p in nippo.journal.glob("*.db*")
    }
    done = nippo.done(*ADD, "きょう")
    assert "journal.db.before-rollback" in done.err
    assert {p.name: p.read_bytes() for p in nippo.journal.glob("*before-rollback*")} == raw
    assert [c.name for c in doctor.examine(nippo.db).checks if c.problems] == ["doctor.hashes", "doctor.search"]


def files(folder: Path) -> dict[Path, bytes]:
    """Each file below a folder."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_nothing_is_touched_where_neither_file_is_of_use(nippo: Shell):
    """A journal with broken pages beside another one's rollback journal: a backup is what helps."""
    left_by_another_journal(nippo)
    content = bytearray(nippo.db.read_bytes())
    content[4096 * 2 : 4096 * 9] = b"\xaa" * 4096 * 7
    nippo.db.write_bytes(content)
    before = files(nippo.journal)
    for command in (("doctor", "--rebuild"), (*ADD, "きょう")):
        refused = nippo(*command)
        there = {path: content for path, content in files(nippo.journal).items() if "backups" not in path.parts}
        assert (refused.code, there) == (5, before)
        assert "restore" in refused.err
    assert "きょう" in nippo.done("draft", "list").out


def test_another_programs_files_are_not_touched(nippo: Shell, tmp_path: Path):
    """Whoever names a database of something else by mistake."""
    folder = tmp_path / "other"
    folder.mkdir()
    with closing(sqlite3.connect(folder / "notes.db", isolation_level=None)) as cx:
        cx.execute("create table meta (key text, value text)")
    untouched = (folder / "notes.db").read_bytes()
    make_hot(folder / "notes.db")
    for _ in range(2):
        before = snapshot(folder)
        refused = nippo.bare("--journal", str(folder / "notes.db"), *ADD, "きょう")
        assert (refused.code, snapshot(folder)) == (5, before)
        assert "not a nippo journal" in refused.err
        # Once more, by a write that was cut off before it changed anything.
        (folder / "notes.db").write_bytes(untouched)
        beside(folder / "notes.db").write_bytes(rollback_of(untouched, untouched))


def test_a_writer_at_work_is_waited_for(nippo: Shell):
    """What it replaces lies there as after a kill; it is its own."""
    at_work = subprocess.Popen(
        [sys.executable, "-c", HALF, str(nippo.db), "0.7"], stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    assert at_work.stdout is not None
    at_work.stdout.readline()
    assert beside(nippo.db).read_bytes()[:1] != b"\0"
    began = time.monotonic()
    done = nippo.done(*ADD, "きょう")
    assert time.monotonic() - began > 0.3
    assert at_work.wait(timeout=10) == 0
    at_work.stdout.close()
    assert "set-aside" not in done.err
    assert facts(nippo) == ["きょう", "一日目"]


def test_where_no_copy_can_be_made_nothing_is_touched(nippo: Shell, monkeypatch):
    """A full disk: it says what to do."""
    left_by_another_journal(nippo)
    before = snapshot(nippo.journal)

    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(rollback.shutil, "copyfileobj", full)
    refused = nippo(*ADD, "きょう")
    assert (refused.code, snapshot(nippo.journal)) == (5, before)
    assert "make room" in refused.err


def failing(after: int, code: int, real: Callable[..., object]) -> Callable[..., object]:
    """A call that went well so often, and that SQLite answers with an error from then on."""
    sound = iter(range(after))

    def call(*args: object) -> object:
        if next(sound, None) is not None:
            return real(*args)
        error = sqlite3.OperationalError("no answer")
        error.sqlite_errorcode = code
        raise error

    return call


@pytest.mark.parametrize("code", [sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_FULL])
@pytest.mark.parametrize(
    ("where", "after"), [("format_of", 0), ("format_of", 1), ("integrity_faults", 0), ("integrity_faults", 1)]
)
@pytest.mark.parametrize("make", [make_hot, left_by_another_journal])
def test_a_disk_that_fails_while_the_copies_are_looked_at_tells_nothing_of_either(
    nippo: Shell, monkeypatch, make, where, after, code
):
    """What is needed is not set aside for it, nor anything else changed; the next command does what there is to do."""
    make(nippo.db if make is make_hot else nippo)
    before = snapshot(nippo.journal)
    with monkeypatch.context() as patch:
        patch.setattr(rollback, where, failing(after, code, getattr(rollback, where)))
        assert (nippo(*ADD, "きょう").code, snapshot(nippo.journal)) == (5, before)
    assert ("set-aside" in nippo.done(*ADD, "あす").err) == (make is not make_hot)
    assert facts(nippo) == ["あす", "一日目"]


@pytest.mark.parametrize(
    "said",
    ["Tree 9 page 7: unable to get the page. error code=266\nPage 8 is never used", "Freelist: failed to get page 12"],
)
def test_a_page_that_the_disk_does_not_give_is_no_damage(nippo: Shell, monkeypatch, said):
    """SQLite lists it among what is wrong with the file."""
    make_hot(nippo.db)
    before = snapshot(nippo.journal)
    real = rollback.integrity_faults

    class Told(NamedTuple):
        """A connection whose pages can't all be read."""

        execute: Callable[[str], list[tuple[str]]] = lambda _: [(said,)]

    with monkeypatch.context() as patch:
        patch.setattr(rollback, "integrity_faults", lambda _, most: real(Told(), most))
        assert (nippo(*ADD, "きょう").code, snapshot(nippo.journal)) == (5, before)
    assert "set-aside" not in nippo.done(*ADD, "あす").err


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_the_copy_before_a_rebuild_has_the_rollback_journal_behind_a_link(nippo: Shell):
    """The write that was cut off lies beside the file itself; without it the copy would be half of one."""
    real = nippo.db.rename(nippo.db.parent.parent / "real.db")
    nippo.db.symlink_to(real)
    make_hot(real)
    was = beside(real).read_bytes()
    nippo.done("doctor", "--rebuild")
    (kept,) = (nippo.journal / "backups").glob("*.unchecked.db")
    assert beside(kept).read_bytes() == was
    assert facts(nippo) == ["一日目"]


def test_a_journals_id_of_which_only_the_row_is_there_tells_of_no_other_journal(nippo: Shell, monkeypatch):
    """Of the page of the settings only some sectors got to the disk: its value reads as nothing, and what is played is needed."""
    make_hot(nippo.db)
    sound = nippo.journal / "sound.db"
    sound.write_bytes(nippo.db.read_bytes())
    with closing(sqlite3.connect(sound)) as cx:
        after = rollback._log(cx)
        monkeypatch.setattr(rollback, "META", "select null where ? = 'journal_id'")
        before = rollback._log(cx)
    assert (before.journal_id, len(after.journal_id)) == ("", 32)
    broken = before._replace(broken=(frozenset({"malformed"}), frozenset(), frozenset()))
    assert rollback._fate(broken, after) == "needed"


def test_that_of_a_write_that_begins_meanwhile_is_left_to_its_writer(nippo: Shell, monkeypatch: pytest.MonkeyPatch):
    """There was none at the first look, so nothing was locked: what is there at the next is another's, who is at work."""
    db = nippo.journal / "journal.db"
    writer = subprocess.Popen(
        [sys.executable, "-c", HALF, str(db), "60"], stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    try:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "half\n"
        looks = iter([False])
        hot = rollback._is_hot
        monkeypatch.setattr(rollback, "_is_hot", lambda path: next(looks, None) is None and hot(path))
        with rollback._alone(db, beside(db), 1000) as file:
            assert file is None
    finally:
        writer.kill()
        writer.communicate()
