"""What rests on records beyond entries and deals: the agreement, the device, the clock, imports, what is taken back or erased.
Damage to one of them stops nothing."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from derived import kept, rows
from diary import AGREEMENT, Diary, bulk
from flips import column, lived, put, run, say
from one_entry import EntryDraft

from nippo_cli.base.errors import JournalError, UsageError
from nippo_cli.journal.care.restore import restore
from nippo_cli.journal.check import doctor
from nippo_cli.journal.read.reader import reading
from nippo_cli.journal.search.query import read_query
from nippo_cli.journal.search.search import search
from nippo_cli.journal.write import migrations
from nippo_cli.line.facts import AsOf


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The journal that all start from."""
    return lived(tmp_path_factory.mktemp("lived"))


@pytest.fixture
def journal(made: Path, tmp_path: Path) -> Path:
    """Its copy."""
    return Path(shutil.copytree(made, tmp_path / "journal"))


# --- the agreement


@pytest.mark.parametrize("half", ["agreement", "text"])
def test_a_damaged_schema_is_read_from_its_other_half(journal: Path, half: str):
    """Its body holds what was written and what was read of it."""
    db = journal / "journal.db"
    body, before = column(db, 1, "body"), say(journal, "deal", "list", "--all").out
    place = body.index("初回訪問".encode(), 0 if half == "agreement" else body.index(b'"text":'))
    for damaged in (body[:place] + b"\xff" + body[place + 1 :], body[: place - 1] + b"," + body[place:]):
        put(db, 1, body=damaged)
        for words in (("deal", "list", "--all"), ("log",), ("gap",)):
            assert "#1（日報フォーマット" in say(journal, *words).err
        assert say(journal, "deal", "list", "--all").out == before
        say(journal, "add", "ポンプ", "--activity", "電話", "-m", "その後", "--later", "--dry-run")


def test_a_schema_damaged_in_both_halves_is_read_from_its_file(journal: Path):
    """While that is what was adopted; and where nothing else tells, as it is. Without it, nothing can be told."""
    before, file = say(journal, "log").out, journal / "schema.yaml"
    put(journal / "journal.db", 1, body=b"x")
    assert say(journal, "log").out == before
    with closing(sqlite3.connect(journal / "journal.db", isolation_level=None)) as cx:
        cx.execute("update agreement set sha256 = '0'")
    assert say(journal, "log").out == before
    file.unlink()
    told = run(journal, ("log",))
    assert (told.code, "schema.yaml" in told.err) == (5, True)
    assert "#1（日報フォーマット" in run(journal, ("doctor",)).out


def test_a_damaged_schema_without_another_half_is_read_by_its_neighbour(diary: Diary):
    """What was adopted before or after is nearest to it; where nothing is, the error says what to do."""
    deal, entry = diary.deal("ポンプ", stage="visit", facts="見積")
    with diary.write() as writer:
        schema = writer.adopt("name: two", AGREEMENT._replace(name="two"), "1" * 64)
    put(diary.path, schema, body=b"x")
    with reading(diary.path) as reader:
        assert reader.schema(AsOf(diary.today)).name == "test"
    diary.add(deal, stage="quote")
    put(diary.path, 1, body=b"x")
    with reading(diary.path) as reader, pytest.raises(JournalError) as caught:
        reader.entry(AsOf(diary.today), entry)
    assert caught.value.message.key == "journal.no_agreement"
    assert [m.key for c in doctor.examine(diary.path).checks if c.name == "doctor.hashes" for m in c.problems]


@pytest.mark.parametrize(
    ("said", "flipped"), [(b'"type":"date"', b'"type":"datd"'), (b'"ends":"won"', b'"ends":"wom"')]
)
def test_a_damaged_schema_that_no_schema_could_be_is_not_read(diary: Diary, said: bytes, flipped: bytes):
    """It still parses; nothing is read by it, and `doctor` names the record."""
    _, entry = diary.deal("ポンプ", stage="visit", facts="見積", valid="2026-03-31")
    body = column(diary.path, 1, "body")
    assert said in body
    put(diary.path, 1, body=body.replace(said, flipped, 1))
    assert [m.key for c in doctor.examine(diary.path).checks if c.name == "doctor.hashes" for m in c.problems]
    with reading(diary.path) as reader, pytest.raises(JournalError) as caught:
        reader.entry(AsOf(diary.today), entry)
    assert caught.value.message.key == "journal.no_agreement"


# --- what else rests on records


def test_a_damaged_device_takes_no_record_with_it(journal: Path):
    """Every hash rests on its random id. Where that differs in one letter its records prove it, and a rebuild mends it."""
    with closing(sqlite3.connect(journal / "journal.db", isolation_level=None)) as cx:
        (device,) = cx.execute("select id from device").fetchone()
        for other in (("0" if device[4] != "0" else "1"), "\x13"):
            cx.execute("update device set id = ?", (device[:4] + other + device[5:],))
            assert say(journal, "log").err == ""
            found = run(journal, ("doctor",))
            assert (found.code, "識別子" in found.out) == (5, True)
            say(journal, "doctor", "--rebuild")
            assert cx.execute("select id from device").fetchone() == (device,)


def test_a_damaged_instant_moves_no_clock(diary: Diary):
    """The next record is dated by the sound ones."""
    deal, entry = diary.deal("ポンプ", stage="visit")
    put(diary.path, entry, recorded_at="9026-01-05T12:00:00.000Z")
    later = diary.add(deal, stage="quote")
    assert rows(diary.path, "select substr(recorded_at, 1, 10) from record where id = ?", later) == [("2026-01-05",)]


def test_a_row_whose_record_is_damaged_is_known(diary: Diary):
    """An import of the same file does not bring it a second time."""

    def bring() -> tuple[int, int]:
        with diary.write() as writer:
            number = writer.begin_batch()
            draft = EntryDraft(diary.today, diary.today, "佐藤", "ポンプ", {"stage": "visit"}, "crm:1")
            done = bulk(writer, [draft], batch=number)
            writer.end_batch(number, {"rows": 1})
        return done.taken, done.known

    assert bring() == (1, 0)
    (entry,) = (e for (e,) in rows(diary.path, "select id from record where source_key is not null"))
    put(diary.path, int(str(entry)), body=b"\xff")
    assert bring() == (0, 1)


def test_the_last_command_is_not_undone_blindly(diary: Diary):
    """If it is damaged, the one before it is not taken back in its stead."""
    deal, _ = diary.deal("ポンプ", stage="visit")
    entry = diary.add(deal, stage="quote")
    put(diary.path, entry, kind="fntry")
    with pytest.raises(UsageError) as caught, diary.write() as writer:
        writer.undo()
    assert caught.value.message.key == "journal.undo_damaged"
    assert rows(diary.path, "select stage from deal") == [("quote",)]


def test_a_damaged_record_is_erased_on_request(diary: Diary):
    """Its body, that of its corrections, and what the search knew of it; the deal's line keeps its shape."""
    deal, entry = diary.deal("ポンプ", stage="visit", customer="東亜", facts="秘密の話", amount=5)
    with diary.write() as writer:
        amend = writer.amend(entry, {"values": {"facts": "秘密の続き"}}, why="誤記")
    put(
        diary.path,
        entry,
        author="佑藤",
        body=column(diary.path, entry, "body").replace("秘密".encode(), b"\xe7\xa7\xffxyz"),
    )
    with diary.write() as writer:
        writer.redact(entry, "本人の求め")
    assert "続き".encode() not in diary.path.read_bytes()
    assert rows(diary.path, "select body from record where id in (?, ?)", entry, amend) == [(None,), (None,)]
    assert rows(diary.path, "select stage, amount from deal where id = ?", deal) == [("visit", 5)]
    with reading(diary.path) as reader:
        assert search(reader, read_query("秘密"), AsOf(diary.today))[1] == 0


def test_what_can_be_derived_of_nothing_is_counted(diary: Diary):
    """An older journal is brought up to date although an entry of it is damaged: no line has it, and the page says so."""
    deal, _ = diary.deal("ポンプ", stage="visit")
    entry = diary.add(deal, stage="quote")
    put(diary.path, entry, body=b"{}}")
    with closing(diary.open()) as cx:
        cx.execute("drop table entry")
        cx.execute("begin")
        migrations.remake(cx)
        cx.execute("commit")
    assert rows(diary.path, "select stage from deal") == [("visit",)]
    with reading(diary.path) as reader:
        assert reader.left_out(AsOf(diary.today))["damaged"] == 1
    assert [row[0] for row in kept(diary.path)["entry"]] == [entry - 1]
    told = run(diary.path.parent, ("show", str(entry)))
    assert (told.code, f"#{entry}（活動" in told.err) == (4, True)


def test_a_journal_with_a_damaged_record_is_restored(journal: Path, tmp_path: Path):
    """From a copy that was made before."""
    copy = tmp_path / "copy.db"
    shutil.copyfile(journal / "journal.db", copy)
    put(journal / "journal.db", 3, body=b"{")
    assert run(journal, ("doctor",)).code == 5
    restore(journal / "journal.db", copy, now=Diary(tmp_path / "clock").now)
    assert run(journal, ("doctor",)).code == 0
