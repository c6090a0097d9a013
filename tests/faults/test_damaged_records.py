"""What a person meets who has a damaged record: it is named wherever it is met, shown as far as it is left, and can be taken
back and written anew; nothing else is lost by it."""

import base64
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from derived import kept, rows
from diary import AGREEMENT, Diary, rows_of
from flips import Said, column, lived, put, run

from nippo_cli.errors import JournalError, UsageError
from nippo_cli.journal import doctor, migrations
from nippo_cli.journal.reader import reading
from nippo_cli.journal.restore import restore
from nippo_cli.journal.search import search
from nippo_cli.line.draft import EntryDraft
from nippo_cli.line.facts import AsOf

TEXT = "現場でポンプの振動を見た"
FIRST = 3  # the first entry of the deal ポンプ, which was corrected once


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The journal that all start from."""
    return lived(tmp_path_factory.mktemp("lived"))


@pytest.fixture
def journal(made: Path, tmp_path: Path) -> Path:
    """Its copy."""
    return Path(shutil.copytree(made, tmp_path / "journal"))


def ids(journal: Path, kind: str) -> list[int]:
    """The records of a kind."""
    return [
        record for (record,) in rows(journal / "journal.db", "select id from record where kind = ? order by id", kind)
    ]


def say(journal: Path, *words: str) -> Said:
    """A command that is answered."""
    said = run(journal, words)
    assert said.code == 0, said
    return said


DAMAGE = {
    "no UTF-8": lambda body: body.replace("見積".encode(), b"\xe8\xa6\x8b\xe7\x8d\xff"),
    "no JSON": lambda body: body.replace(b'"values":', b'"values";'),
    "another key": lambda body: body.replace(b'"values":', b'"valuez":'),
    "another number": lambda body: body.replace(b"1500000", b"1500001"),
    "another type": lambda body: body.replace(b'"values":{', b'"values":[{') + b"]",
    "another deal": lambda body: body.replace(b'"deal":2', b'"deal":3'),
    "nothing": lambda body: b"",
}


@pytest.mark.parametrize("how", DAMAGE)
def test_a_damaged_entry_keeps_its_place_and_shows_what_is_left(journal: Path, how: str):
    """Date, deal, stage, amount and promise are in its row still; its text is shown as it is, and not taken for more."""
    (entry,) = (
        e for (e,) in rows(journal / "journal.db", "select id from entry where stage = 'quote' and amount = 1500000")
    )
    before = column(journal / "journal.db", entry, "body")
    after = DAMAGE[how](before)
    assert after != before
    put(journal / "journal.db", entry, body=after)
    notice = f"#{entry}（活動、ポンプ、2026-01-23）が壊れています"
    for words in (("log",), ("deal", "show", "ポンプ"), ("search", "佐藤"), ("customer", "東亜")):
        said = say(journal, *words)
        assert notice in said.err, words
    assert "（壊れています: nippo doctor）" in say(journal, "log").out
    shown = say(journal, "show", str(entry))
    assert "1,500,000" in shown.out
    assert "壊れたまま" in shown.out
    if how != "nothing":
        assert "返事を聞く" in shown.out.split("壊れたまま")[1]
    found = json.loads(say(journal, "show", str(entry), "--json").out)
    assert (found["damaged"], found["values"]["amount"], "facts" in found["values"]) == (True, 1500000, False)
    assert "damaged" not in json.loads(say(journal, "show", str(FIRST), "--json").out)


def test_a_damaged_entry_is_taken_back_and_written_anew(journal: Path):
    """To correct it is refused, since what a correction leaves as it is can't be read; the hint says what to do."""
    (entry,) = (e for (e,) in rows(journal / "journal.db", "select id from entry where stage = 'approval'"))
    put(journal / "journal.db", entry, body=b"{")
    refused = run(journal, ("edit", str(entry), "-m", "書き直し"))
    assert refused.code == 2
    assert f"nippo edit {entry} --retract" in refused.err
    say(journal, "edit", str(entry), "--retract")
    assert rows(journal / "journal.db", "select id from entry where id = ?", entry) == []
    assert rows(journal / "journal.db", "select stage from deal where name = 'ポンプ'") == [("quote",)]
    say(
        journal,
        "add",
        "ポンプ",
        "--on",
        "3/2",
        "--activity",
        "電話",
        "--stage",
        "社内決裁",
        "-m",
        "稟議が上がった",
        "--later",
    )
    assert rows(journal / "journal.db", "select stage from deal where name = 'ポンプ'") == [("approval",)]
    log = say(journal, "log")
    assert (log.err, "壊れて" in log.out) == ("", False)
    # What was taken back is still not what was written.
    assert f"#{entry}" in run(journal, ("doctor",)).out


def test_a_damaged_correction_leaves_the_entry_as_it_was_derived(journal: Path):
    """Its row has the correction in it; its text is the last that can be read, marked."""
    db = journal / "journal.db"
    amend = next(
        a for a in ids(journal, "amend") if rows(db, "select target from record where id = ?", a) == [(FIRST,)]
    )
    before = rows(db, "select * from entry where id = ?", FIRST)
    put(db, amend, body=column(db, amend, "body")[:-3])
    shown = say(journal, "show", str(FIRST), "--history")
    assert "不調を見た" in shown.out
    assert TEXT in shown.out.split("壊れたまま")[1]
    assert "破損" in shown.out
    assert run(journal, ("edit", str(FIRST), "-m", "x")).code == 2
    say(journal, "add", "ポンプ", "--activity", "電話", "-m", "その後", "--later")
    assert run(journal, ("doctor", "--rebuild")).code == 5
    assert rows(db, "select * from entry where id = ?", FIRST) == before


def test_damaged_entries_are_not_exported_as_whole_ones(journal: Path, tmp_path: Path):
    """The log has each as it is, byte by byte; the entries to be read back leave it out, and stderr says so."""
    entry = ids(journal, "entry")[0]
    put(journal / "journal.db", entry, body=b'{"values":\xff')
    said = say(journal, "export", str(tmp_path / "out"))
    assert "1件" in said.err
    with (tmp_path / "out" / "log.jsonl").open(encoding="utf-8") as file:
        marked = [record for line in file if "damaged" in (record := json.loads(line))]
    assert [(record["number"], record["damaged"]) for record in marked] == [(entry, True)]
    assert base64.b64decode(marked[0]["raw"]["body"]) == b'{"values":\xff'
    assert bytes.fromhex(marked[0]["raw"]["hash"]) == column(journal / "journal.db", entry, "hash")
    with (tmp_path / "out" / "entries.csv").open(encoding="utf-8-sig") as file:
        assert not any(line.startswith(f"{entry},") for line in file)


# --- deals


@pytest.mark.parametrize("do", ["begin", "rename", "assign", "merge"])
def test_a_deal_keeps_what_a_damaged_record_said_of_it(journal: Path, do: str):
    """Its name, its owner, what it is merged into: through the next entry, and through a rebuild."""
    db = journal / "journal.db"

    def known() -> object:
        return (
            rows(db, "select id, name, owner, fate, stage, entries from deal order by id"),
            rows(db, "select deal, into_deal from gone"),
        )

    before = known()
    for (record,) in rows(db, "select id from record where kind = 'deal' and instr(body, ?) > 0", f'"do":"{do}"'):
        put(db, int(str(record)), body=b"[]")
    assert known() == before
    for name in ("ポンプ", "流量計", "架台", "弁", "治具"):
        say(journal, "deal", "show", name)
        say(journal, "deal", "show", name, "--as-of", "2026-03-10")
        say(journal, "deal", "hold", name, "--until", "3/31", "--why", "待ち")
    assert known() == before
    assert run(journal, ("doctor", "--rebuild")).code == 5
    assert known() == before
    say(journal, "deal", "rename", "流量計", "流量計B")
    assert rows(db, "select name from deal where name like '流量計%'") == [("流量計B",)]


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
        assert reader.agreement(AsOf(diary.today)).name == "test"
    diary.add(deal, stage="quote")
    put(diary.path, 1, body=b"x")
    with reading(diary.path) as reader, pytest.raises(JournalError) as caught:
        reader.entry(AsOf(diary.today), entry)
    assert caught.value.message.key == "journal.no_agreement"
    assert [m.key for c in doctor.examine(diary.path).checks if c.name == "doctor.hashes" for m in c.found]


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
            done = writer.bulk(rows_of(writer, [draft]), batch=number)
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
        assert search(reader, "秘密", AsOf(diary.today))[1] == 0


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
    put(journal / "journal.db", FIRST, body=b"{")
    assert run(journal, ("doctor",)).code == 5
    restore(journal / "journal.db", copy, now=Diary(tmp_path / "clock").now)
    assert run(journal, ("doctor",)).code == 0
