"""Records that came, however many: a part of them in memory."""

from datetime import datetime
from pathlib import Path

import pytest
from members import joined, says, state_of
from replicas import Replica, derived, team
from shell import NOW

from nippo_cli.base.ids import slot_named
from nippo_cli.base.places import Places
from nippo_cli.journal.union import spool
from nippo_cli.journal.union.spool import Spool, SpoolFile
from nippo_cli.services.context import Workspace
from nippo_cli.services.team.syncing import sync_unwatched


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "IN_MEMORY", 5)
    monkeypatch.setattr(spool, "_A_CHUNK", 3)


@pytest.mark.parametrize("n", [0, 1, 5, 6, 7, 11])
@pytest.mark.parametrize("at_once", [1, 4, 20])
def test_what_was_put_in_comes_out_in_its_order(tmp_path: Path, n: int, at_once: int):
    """One by one, by place from either end, and a part of a part."""
    one, _ = team(tmp_path, 2)
    for deal in range(5):
        one.deal(f"案件{deal}", stage="lead")
    records = [*one.hand_out(Replica(tmp_path / "other", 5))[0].records][:n]
    spooled = Spool(SpoolFile(tmp_path))
    for first in range(0, n, at_once):
        spooled.extend(records[first : first + at_once])
    assert len(spooled) == n
    assert [*spooled] == records
    assert [spooled[at] for at in range(-n, n)] == records * 2
    assert [*spooled[2:9][1:4]] == records[2:9][1:4]
    assert len(spooled[4:2]) == 0
    with pytest.raises(IndexError):
        spooled[n]


def test_a_log_that_is_too_long_for_the_memory_is_taken_as_any(tmp_path: Path):
    """A command longer than all that is held at once, and commands that end within what is read at once."""
    one, two, three = team(tmp_path, 3)
    for deal in range(3):
        one.deal(f"案件{deal}", stage="lead")
    with one.write() as writer:
        for n in range(20):
            deal = writer.begin_deal(f"一度に{n}")
            writer.add_entry(one.today, {"stage": "visit"}, deal=deal)
    one.deal("後", stage="lead")
    arrivals = []
    for arrival in one.hand_out(two):
        spooled = Spool(SpoolFile(tmp_path))
        spooled.extend(arrival.records)
        assert len(spooled._last) <= 5
        arrivals.append(arrival._replace(records=spooled))
    assert not two.take(arrivals).waits
    three.take_from(one)
    assert two.log() == three.log() == one.log()
    assert derived(two) == derived(three)
    # Of one that is cut, all before it.
    late = Replica(tmp_path / "late", 3)
    [whole] = [arrival for arrival in one.hand_out(late) if arrival.slot == slot_named("aa")]
    spooled = Spool(SpoolFile(tmp_path))
    spooled.extend(whole.records[:30])
    taken = late.take([whole._replace(records=spooled, whole_to=7)])
    assert [(wait.number, wait.why) for wait in taken.waits] == [(8, "half")]
    assert taken.records == {slot_named("aa"): 7}


def test_whoever_joins_holds_few_records_at_once(capsys, one, monkeypatch):
    """What is too much for the memory lies in a file meanwhile; nothing of it stays."""
    for n in range(8):
        one.deal(f"案件{n}", facts=f"話{n}")
    one.done("sync")
    opened: list[Path] = []
    usual = SpoolFile._opened
    monkeypatch.setattr(SpoolFile, "_opened", lambda self: opened.append(self._folder) or usual(self))
    two = joined(capsys, one, "鈴木")
    assert opened == [two.journal]
    assert says(two) == says(one)
    assert not [file for file in two.journal.iterdir() if file.name not in ("journal.db", "schema.yaml")]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full")
def test_a_disk_that_is_full_while_much_comes_is_a_line_and_loses_nothing(capsys, one, monkeypatch):
    """What was written here stays, what is to come comes with the next sync; the reason stands in words where the morning page
    points to."""
    two = joined(capsys, one, "鈴木")
    for n in range(8):
        one.deal(f"案件{n}", facts=f"話{n}")
    one.done("sync")
    with pytest.MonkeyPatch.context() as patched:
        # On this device of the system's every write finds the disk full.
        patched.setattr(SpoolFile, "_opened", lambda _self: Path("/dev/full").open("w+b"))  # noqa: SIM115  its finder closes it
        answer = two("sync")
        assert (answer.code, "ディスクの空きが足りず" in answer.err) == (5, True)
        sync_unwatched(
            Workspace(Places(journal_db=two.db, schema=two.schema, state=state_of(two)), datetime.fromisoformat(NOW))
        )
        assert "前回の同期ができませんでした。理由: nippo team status" in two.done().err
        assert "前回の同期ができませんでした: ディスクの空きが足りず" in two.done("team", "status").out
        two.done("add", "ポンプ", "--activity", "電話", "-m", "その間の話")
        assert [text for _, text in says(two)["log"]] == ["その間の話", "見積の話"]
    for shell in (two, one):
        shell.done("sync")
    assert says(two) == says(one)
