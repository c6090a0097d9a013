"""Records that a later nippo may write: of kinds that this one does not know, deeds of a deal that it does not know, keys in a
body that it does not know. They are kept, and passed over by whatever reads."""

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flips import FROM_ROWS, OF_ENTRIES, lived, run

from nippo_cli.journal.write.append import Log
from nippo_cli.journal.write.writer import Writer, writing

KINDS = ("team", "decision", "topic", "carrier", "zz_of_a_later_day")
ALSO = (
    ("show", "3", "--json"), ("show", "3", "--history", "--json"), ("show", "15", "--json"),
    ("log", "--week", "--on", "2026-01-06", "--json"), ("log", "--as-of", "2026-01-31", "--json"),
    ("deal", "show", "ポンプ", "--as-of", "2026-01-25", "--json"), ("gap", "--json"), ("gap", "stalled", "--json"),
    ("gap", "fizzled", "--json"), ("gap", "broken", "--json"), ("gap", "next", "--json"),
    ("gap", "aftercare", "--json"), ("gap", "promises", "--json"), ("gap", "activity", "--json"), ("steps", "--json"),
    ("steps", "--by", "month", "--json"), ("lessons", "cases", "--json"), ("lessons", "contrast", "--json"),
    ("lessons", "confidence", "--json"), ("deal", "list", "--all", "--json"),
    ("deal", "list", "--as-of", "2026-02-01", "--json"), ("deal", "timeline", "ポンプ", "架台", "流量計", "--json"),
    ("customer", "--json"), ("customer", "東亜", "--json"), ("comment", "--json"), ("sales", "list", "--json"),
    ("sales", "match", "--json"), ("target", "list", "--json"), ("search", "ポンプ", "--json"), ("report", "--json"),
    ("prep", "東亜", "--json"), ("log", "--format", "csv"), ("deal", "list", "--format", "csv"), ("sweep", "--json"),
    ("day", "1/6", "--json"),
)  # fmt: skip
PAGES = (*FROM_ROWS, *OF_ENTRIES, *ALSO)
# What is looked at after each change; the whole of it once.
FEW = (
    PAGES
    if os.environ.get("NIPPO_FAULTS") == "all"
    else (("log", "--json"), ("deal", "list", "--all", "--json"), ("gap",), ("steps",))
)


@contextmanager
def unguarded(db: Path) -> Iterator[sqlite3.Connection]:
    """A file open to what nippo refuses, its triggers put back."""
    with closing(sqlite3.connect(db, isolation_level=None)) as cx:
        triggers = cx.execute("select name, sql from sqlite_master where type = 'trigger'").fetchall()
        for name, _ in triggers:
            cx.execute(f"drop trigger {name}")
        yield cx
        for _, sql in triggers:
            cx.execute(sql)


@contextmanager
def later_nippo(journal: Path, on: str) -> Iterator[Writer]:
    """A writer of the journal's device, on a day after what was written that day."""
    with writing(journal / "journal.db", author="鈴木", now=datetime.fromisoformat(f"{on}T13:00:00+00:00")) as writer:
        yield writer


class Plants:
    """What is planted after each command: records of unknown kinds about whatever is there, about each other, and what
    corrects, takes back and erases them."""

    def __init__(self) -> None:
        self.ids: set[int] = set()

    def __call__(self, journal: Path, on: str) -> None:
        """Plant some, each day others."""
        with closing(sqlite3.connect(journal / "journal.db")) as cx:
            there = dict(cx.execute("select kind, max(id) from record group by kind").fetchall())
            deal = cx.execute("select max(id) from record where kind = 'deal' and target is null").fetchone()[0]
        day = date.fromisoformat(on)
        with later_nippo(journal, on) as writer:
            before = writer.last_number
            body = {
                "do": "rename",
                "name": "ポンプ",
                "values": {"facts": "見積"},
                "text": "見積の話",
                "deal": deal,
                "into": deal,
            }
            kinds = [k for kind, k in zip(there, KINDS * 4, strict=False) if kind]
            for kind, target in zip(kinds, there.values(), strict=False):
                writer.append(kind, body, on=day, target=target)
            alone = writer.append(KINDS[day.toordinal() % len(KINDS)], body, on=day - timedelta(days=400))
            writer.append("amend", {"values": {"facts": "x"}, "deal": deal, "why": "y"}, target=alone.id)
            writer.append("retract", {"undo": True, "before": 1}, target=alone.id)
            writer.append("retract", {}, target=alone.id)
            if deal is not None:
                writer.append("deal", {"do": "lend", "name": "架台", "to": "鈴木"}, on=day, target=deal)
                writer.append("amend", {"name": "架台", "why": "y"}, target=writer.last_number)
            writer.append("deal", {"do": "found_by_machine", "name": "架台"}, on=day)
            self.ids |= set(range(before + 1, writer.last_number + 1))


class Planted:
    """A journal with such records, and its copy without them: numbers are missing there, nothing else."""

    def __init__(self, folder: Path) -> None:
        plants = Plants()
        self.with_them = lived(folder / "with", plants)
        self.ids = plants.ids
        self.without = Path(shutil.copytree(self.with_them, folder / "without" / "journal"))
        with unguarded(self.without / "journal.db") as cx:
            cx.execute(
                "delete from record where id in (select value from json_each(?))", (json.dumps(sorted(self.ids)),)
            )


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    """One for all tests."""
    return Planted(tmp_path_factory.mktemp("planted"))


@pytest.fixture
def journal(planted: Planted, tmp_path: Path) -> Path:
    """A copy with them, to be written to."""
    return Path(shutil.copytree(planted.with_them, tmp_path / "journal"))


def same(one: Path, other: Path, pages: Sequence[tuple[str, ...]] = FEW) -> None:
    """These pages of both say the same, but for where they are."""
    for words in pages:
        a, b = run(one, words), run(other, words)
        assert "不具合" not in a.err, (words, a)
        assert (a.code, a.out.replace(str(one), str(other))) == (b.code, b.out), words


def test_every_page_is_as_without_them(planted: Planted):
    """Also where what is derived was made anew."""
    assert len(planted.ids) > 300
    same(planted.with_them, planted.without, PAGES)


def test_the_doctor_counts_them(journal: Path, planted: Planted):
    """The journal is sound, its tables are what a rebuild makes, and each kind is named."""
    said = run(journal, ("doctor", "--json"))
    answer = json.loads(said.out)
    assert said.code == 0, [c for c in answer["checks"] if c["found"]]
    with closing(sqlite3.connect(journal / "journal.db")) as cx:
        unknown = cx.execute(f"select count(*) from record where kind in {KINDS}").fetchone()[0]
    assert [f"{unknown}件" in note["message"] and "carrier" in note["message"] for note in answer["notes"]] == [True]
    assert run(journal, ("doctor", "--rebuild")).code == 0
    same(journal, planted.without)


def test_they_go_along_with_every_copy(journal: Path, tmp_path: Path, planted: Planted):
    """A backup, a restore, an export, a rescue."""
    with closing(sqlite3.connect(journal / "journal.db")) as cx:
        log = cx.execute("select * from record order by id").fetchall()
    assert run(journal, ("backup", "--to", str(tmp_path / "copies"))).code == 0
    (copy,) = (tmp_path / "copies").glob("*.db")
    assert run(journal, ("restore", str(copy))).code == 0
    with closing(sqlite3.connect(journal / "journal.db")) as cx:
        assert cx.execute("select * from record order by id").fetchall() == log
    assert run(journal, ("export", str(tmp_path / "out"))).code == 0
    lines = [json.loads(line) for line in (tmp_path / "out" / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {line["number"] for line in lines if line["kind"] in KINDS} == {row[0] for row in log if row[1] in KINDS}
    assert run(journal, ("doctor", "--rescue", str(tmp_path / "new"))).code == 0
    with closing(sqlite3.connect(tmp_path / "new" / "journal.db")) as cx:
        assert cx.execute("select * from record order by id").fetchall() == log
    same(tmp_path / "new", planted.without)


@pytest.mark.parametrize(
    "what", [("--retract",), ("--erase", "--why", "本人の求め"), ("-m", "直した話", "--why", "誤記")]
)
def test_what_is_done_to_one_does_no_harm(journal: Path, planted: Planted, what: tuple[str, ...]):
    """Taking back, erasing and correcting: done, or refused with words."""
    with closing(sqlite3.connect(journal / "journal.db")) as cx:
        record, kept = cx.execute(
            f"select id, id from record where kind in {KINDS} and target is null order by id limit 1 offset 3"
        ).fetchone()
    said = run(journal, ("edit", str(record), *what))
    assert said.code in (0, 2, 4), said
    assert "不具合" not in said.err, said
    assert run(journal, ("doctor",)).code == 0
    assert run(journal, ("show", str(kept))).code in (0, 4)
    same(journal, planted.without)


def test_a_command_that_holds_one_is_undone(journal: Path, planted: Planted):
    """All of it; a page shows what it showed before."""
    with later_nippo(journal, "2026-03-10") as writer:
        ((deal,),) = writer.cx.execute("select id from deal where name = 'ポンプ'").fetchall()
        writer.append("follow", {"deal": deal}, target=deal)
        entry = writer.add_entry(date(2026, 3, 10), {"activity": "call", "facts": "後の話"}, deal=deal)
        writer.append("carrier", {"amount": 5}, on=date(2026, 3, 10))
    assert "後の話" in run(journal, ("log",)).out
    said = run(journal, ("undo",))
    assert said.code == 0, said
    assert run(journal, ("show", str(entry))).code == 4 or "取り消" in run(journal, ("show", str(entry))).out
    assert run(journal, ("doctor",)).code == 0
    same(journal, planted.without)


def test_keys_that_nobody_knows_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """In the body of every record that a command writes."""
    plain = lived(tmp_path / "plain")
    append = Log.append

    def with_more(self: Log, kind: str, body: Mapping[str, object], **header: Any) -> object:
        return append(self, kind, {**body, "zz_later": {"deal": 5, "do": "x"}, "weather": "雨"}, **header)

    monkeypatch.setattr(Log, "append", with_more)
    more = lived(tmp_path / "more")
    with closing(sqlite3.connect(more / "journal.db")) as cx:
        assert cx.execute("select count(*) from record where instr(body, 'zz_later')").fetchone()[0] > 35
    assert run(more, ("doctor",)).code == 0
    same(more, plain)
