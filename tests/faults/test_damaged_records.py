"""What a person meets who has a damaged record: it is named wherever it is met, shown as far as it is left, and can be taken
back and written anew; nothing else is lost by it."""

import base64
import json
import shutil
from pathlib import Path

import pytest
from derived import rows
from flips import column, lived, put, run, say

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
    assert f"edit {entry} --retract" in refused.err
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
