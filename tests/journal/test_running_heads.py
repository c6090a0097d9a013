"""Running heads: what a backup notes of each device, and what is told by it afterwards."""

import json
import shutil
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest
from diary import Diary
from flips import put, run

from nippo_cli.journal.log.running_heads import running_heads

TODAY = "2026-03-20"


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """A journal with six records, and a backup of it with five."""
    folder = tmp_path / "journal"
    for words in (
        ("init", "--author", "佐藤"),
        ("add", "ポンプ", "--new-deal", "--customer", "東亜", "--activity", "電話", "-m", "一", "--later"),
        ("add", "ポンプ", "--activity", "電話", "-m", "二", "--later"),
        ("add", "ポンプ", "--activity", "電話", "-m", "三", "--later"),
        ("backup",),
        ("add", "ポンプ", "--activity", "電話", "-m", "四", "--later"),
    ):
        said = run(folder, words)
        assert said.code == 0, (words, said)
    return folder


def backup_of(journal: Path) -> Path:
    """Its one backup."""
    (copy,) = (journal / "backups").glob("*.db")
    return copy


def changed(db: Path, *statements: str) -> None:
    """Change a file behind nippo's back, its triggers put back."""
    with closing(sqlite3.connect(db, isolation_level=None)) as cx:
        triggers = cx.execute("select name, sql from sqlite_master where type = 'trigger'").fetchall()
        for name, _ in triggers:
            cx.execute(f"drop trigger {name}")
        for statement in (*statements, *(sql for _, sql in triggers)):
            cx.execute(statement)


def doctor(journal: Path) -> tuple[int, dict[str, object], list[str]]:
    """Its exit code, what the check of heads says, and the keys of the notes."""
    said = run(journal, ("doctor", "--json"))
    answer = json.loads(said.out)
    (check,) = (one for one in answer["checks"] if one["name"] == "heads")
    return (
        said.code,
        {"n": check["looked_at"], "keys": [one["key"] for one in check["found"]]},
        [n["key"] for n in answer["notes"]],
    )


def test_a_head_is_made_by_hand_as_nippo_makes_it(journal: Path):
    """head(0) = SHA-256(device's id), head(n) = SHA-256(head(n - 1), hash(n)); a backup notes the last one."""
    with closing(sqlite3.connect(backup_of(journal))) as cx:
        ((slot, device, last),) = cx.execute("select slot, id, last_number from device").fetchall()
        hashes = [row[0] for row in cx.execute("select hash from record order by id")]
        noted = cx.execute("select slot, number, head from head").fetchall()
    head, by_hand = sha256(device.encode("utf-8")).digest(), {}
    for number, digest in enumerate(hashes, 1):
        head = sha256(head + digest).digest()
        by_hand[number] = head
    assert (len(hashes), last) == (5, 5)
    assert noted == [(slot, 5, by_hand[5])]
    with closing(sqlite3.connect(journal / "journal.db")) as cx:
        assert running_heads(cx, slot, device, [1, 3, 5]) == {n: by_hand[n] for n in (1, 3, 5)}
        assert cx.execute("select count(*) from head").fetchone() == (0,)


def test_a_journal_that_went_on_is_sound(journal: Path):
    """It holds what its backup holds, and more; an erased record keeps its hash."""
    assert doctor(journal) == (0, {"n": 1, "keys": []}, [])
    assert run(journal, ("edit", "4", "--erase", "--why", "本人の求め")).code == 0
    assert doctor(journal) == (0, {"n": 1, "keys": []}, [])


def test_a_journal_that_holds_less_than_its_backup_says_so(journal: Path, tmp_path: Path):
    """An older copy was put in its place: by hand, or by a program that syncs files."""
    older = tmp_path / "older.db"
    shutil.copyfile(backup_of(journal), older)
    (journal / "backups" / backup_of(journal).name).unlink()
    assert run(journal, ("backup",)).code == 0
    shutil.copyfile(older, journal / "journal.db")
    code, check, notes = doctor(journal)
    assert (code, check["keys"], notes) == (0, [], ["doctor.heads.less"])
    assert "#6" in run(journal, ("doctor",)).out
    # And so it is said where a backup is restored while a newer one is there.
    said = run(journal, ("restore", str(older), "--json"))
    assert (said.code, [note["key"] for note in json.loads(said.out)["notes"]]) == (0, ["doctor.heads.less"])


def test_another_log_under_the_same_numbers_is_told(journal: Path):
    """Every record verifies, and yet it is not what was there: only the running head tells."""
    other = journal.parent / "twin"
    shutil.copytree(journal, other)
    shutil.copyfile(backup_of(journal), other / "journal.db")
    assert run(other, ("add", "ポンプ", "--activity", "電話", "-m", "別の話", "--later")).code == 0
    (backup_of(other)).unlink()
    assert run(other, ("backup",)).code == 0
    shutil.copyfile(backup_of(other), journal / "backups" / "journal-20260321-120000.db")
    code, check, _ = doctor(journal)
    assert (code, check["keys"]) == (5, ["doctor.heads.another"])


def test_a_restored_backup_is_held_against_its_own_heads(journal: Path):
    """A log that was rewritten since, hashes and all, or that lost its end."""
    assert run(journal, ("restore", str(backup_of(journal)))).code == 0
    assert doctor(journal) == (0, {"n": 2, "keys": []}, [])
    db, kept = journal / "journal.db", journal.parent / "kept.db"
    shutil.copyfile(db, kept)
    changed(
        db,
        "delete from record where id = 5",
        "update device set last_number = 4 where slot = 0",
        "delete from entry where id = 5",
    )
    said = run(journal, ("doctor", "--json"))
    assert "doctor.heads.ends" in said.out
    shutil.copyfile(kept, db)
    put(db, 5, hash=bytes(32))
    said = run(journal, ("doctor", "--json"))
    assert "doctor.heads.other" in said.out


def test_a_hash_that_a_flipped_bit_made_a_text_ends_the_heads(journal: Path):
    """One bit of a row's header makes a text of a blob: damage of that record, which the doctor names."""
    backup_of(journal)
    put(journal / "journal.db", 4, hash="x" * 32)
    said = run(journal, ("doctor", "--json"))
    assert (said.code, said.err) == (5, "")
    with closing(sqlite3.connect(journal / "journal.db")) as cx:
        ((slot, device, _),) = cx.execute("select slot, id, last_number from device").fetchall()
        assert set(running_heads(cx, slot, device, [3, 4, 5])) == {3}


def test_a_head_stops_before_a_missing_number(diary: Diary):
    """What a rescue lost leaves the heads before it."""
    deal, _ = diary.deal("ポンプ", stage="visit")
    diary.add(deal, stage="quote")
    changed(diary.path, "delete from record where id = 3")
    with closing(sqlite3.connect(diary.path)) as cx:
        ((slot, device, _),) = cx.execute("select slot, id, last_number from device").fetchall()
        assert set(running_heads(cx, slot, device, [1, 2, 3, 4])) == {1, 2}
