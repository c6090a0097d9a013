"""The doctor finds every damage, mends what is derived, and touches nothing when it only looks."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from diary import Diary, make_hot, snapshot
from story import told

from nippo_cli.base.errors import JournalError
from nippo_cli.journal.care import mending
from nippo_cli.journal.check import doctor
from nippo_cli.journal.write.opening import create

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def lived(diary: Diary) -> Diary:
    """A journal with a bit of everything."""
    deal, entry = diary.deal("ポンプ", stage="lead", customer="東亜", facts="見積を送付", amount=5, closes="2026-03-31")
    other, _ = diary.deal("弁", stage="visit")
    diary.today += timedelta(days=3)
    diary.add(deal, stage="won", people=[{"name": "山田"}])
    with diary.write() as writer:
        writer.amend(entry, {"values": {"facts": "見本"}}, why="誤記")
        writer.hold(other, diary.today, diary.today, "工事")
        sale = writer.add_sale(diary.today, "東亜", 5, deal=deal)
        writer.match(sale, other)
        writer.set_target("佐藤", "2026-02", 500)
    return diary


def damaged(path: Path, *statements: str) -> dict[str, list[str]]:
    """What is found once the file was changed behind nippo's back: message keys by check."""
    cx = sqlite3.connect(path, isolation_level=None)
    cx.execute("drop trigger if exists record_unchanged")
    cx.execute("drop trigger if exists record_kept")
    for statement in statements:
        cx.execute(statement)
    cx.close()
    return findings(path)


def findings(path: Path) -> dict[str, list[str]]:
    """Message keys by check, of those that found something."""
    return {c.name: [m.key for m in c.problems] for c in doctor.examine(path).checks if c.problems}


def test_a_sound_journal_is_sound_and_left_as_it_was(lived: Diary) -> None:
    """Everything is looked at, nothing found, no byte changed."""
    before = snapshot(lived.path.parent)
    told_so: list[tuple[str, int, int]] = []
    health = doctor.examine(lived.path, lambda check, done, of: told_so.append((check, done, of)))
    assert health.sound
    assert {c.name for c in health.checks} >= {
        f"doctor.{name}"
        for name in (
            "file", "relations", "hashes", "erased", "numbering", "entry", "deal", "deal_name", "stay", "promise",
            "hold", "sale", "match", "target", "review", "tally", "search",
        )
    }  # fmt: skip
    assert told_so[-1] == ("doctor.hashes", 11, 11)
    assert snapshot(lived.path.parent) == before


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("update record set body = replace(body, '東亜', '北斗') where id = 3", "doctor.hashes"),
        ("update record set author = '鈴木' where id = 3", "doctor.hashes"),
        ("update record set body = null, salt = null where id = 7", "doctor.erased"),
        ("delete from record where id = 7", "doctor.numbering"),
        ("update device set last_number = 99", "doctor.numbering"),
        ("update record set target = 999 where kind = 'amend'", "doctor.relations"),
        ("update entry set amount = 6 where id = 3", "doctor.entry"),
        ("delete from deal where id = 4", "doctor.deal"),
        ("update deal_name set name = 'x' where deal = 2", "doctor.deal_name"),
        ("update stay set days = 1 where days = 3", "doctor.stay"),
        ("delete from promise", "doctor.promise"),
        ("update hold set why = ''", "doctor.hold"),
        ("update sale set amount = 0", "doctor.sale"),
        ("update match set says = 'no'", "doctor.match"),
        ("delete from target", "doctor.target"),
        ("update tally set n = n + 1", "doctor.tally"),
        ("insert into search(rowid, characters) values (3, '偽物')", "doctor.search"),
        ("insert into search(search) values ('delete-all')", "doctor.search"),
    ],
)
def test_each_damage_is_found(lived: Diary, statement: str, check: str) -> None:
    """What is derived can be made anew; what the log lost can't, and is still said afterwards."""
    assert check in damaged(lived.path, statement)
    if check in ("doctor.hashes", "doctor.erased", "doctor.numbering", "doctor.relations"):
        assert check in {c.name for c in doctor.examine(lived.path).checks if c.problems}
    else:
        health = mending.rebuild(lived.path, now=NOW)
        assert health.rebuilt
        assert health.sound
        assert len(list((lived.path.parent / "backups").glob("journal-*.db"))) == 1


def test_broken_pages_are_said(lived: Diary) -> None:
    """A file that SQLite itself finds damaged is not looked at further."""
    cx = lived.open()
    root = cx.execute("select rootpage from sqlite_master where name = 'entry_day'").fetchone()[0]
    size = cx.execute("pragma page_size").fetchone()[0]
    cx.close()
    with lived.path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\0" * 100)
    assert "doctor.file" in findings(lived.path)


def test_an_erasure_is_accounted_for(lived: Diary) -> None:
    """A body that is gone with an erasure beside it is in order; one that came back is not."""
    with lived.write() as writer:
        writer.redact(3, "本人の求め")
    health = doctor.examine(lived.path)
    assert health.sound
    assert next(c for c in health.checks if c.name == "doctor.erased").looked_at == 2
    found = damaged(lived.path, "update record set body = '{}', salt = x'00' where id = 3")
    assert found["doctor.erased"] == ["doctor.erased.still_there"]


def test_a_rebuild_recovers_a_write_that_was_cut_short(lived: Diary) -> None:
    """The hot journal is rolled back, as a reader may not do."""
    make_hot(lived.path)
    with pytest.raises(JournalError):
        doctor.examine(lived.path)
    assert mending.rebuild(lived.path, now=NOW).sound
    assert not lived.path.with_name(lived.path.name + "-journal").exists()


def test_what_is_kept_equals_what_is_rebuilt(tmp_path: Path) -> None:
    """Corrections, moves, merges, retractions: step by step and from the log it is the same."""
    steps = [
        ("begin", {"stage": "lead", "facts": "見積", "amount": 1}, 0), ("begin", {"stage": "visit"}, 0),
        ("begin", {"stage": "quote", "customer": "東亜"}, 3), ("add", 0, {"stage": "won"}, 0), ("day", 2),
        ("amend", 0, {"values": {"amount": 2, "facts": "値引"}}), ("move", 3, 1, 1), ("merge", 2, 1), ("day", 1),
        ("hold", 1, 0, 3), ("assign", 1, 0), ("rename", 1), ("retract", 1), ("undo",), ("late_import", 0, {}, 5, False),
        ("undo",), ("undo",), ("amend", 0, {"values": {"facts": None}}), ("undo",),
    ]  # fmt: skip
    diary = told(steps, str(tmp_path))
    assert findings(diary.path) == {}


def test_a_journal_that_never_adopted_a_schema_is_sound(tmp_path):
    """Its first import was killed, say: nothing is in it, and nothing is wrong with it."""
    path = tmp_path / "journal.db"
    create(path, time_zone="Asia/Tokyo", now="2026-01-05T00:00:00.000Z")
    assert doctor.examine(path).sound


def test_a_page_that_the_disk_did_not_give_once_is_no_damage(diary: Diary, monkeypatch) -> None:
    """The search calls it one; a second look tells."""
    diary.deal("ポンプ", facts="訪問")
    first = iter([sqlite3.DatabaseError("database disk image is malformed")])
    real = doctor.integrity_faults

    def once(cx: sqlite3.Connection, most: int) -> list[str]:
        if error := next(first, None):
            raise error
        return real(cx, most)

    monkeypatch.setattr(doctor, "integrity_faults", once)
    assert doctor.examine(diary.path).sound
