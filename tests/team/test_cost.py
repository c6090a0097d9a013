"""What a sync costs: how often it asks the folder, how much it walks through, what it holds at once."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from members import joined
from replicas import team

from nippo_cli.base.ids import slot_named
from nippo_cli.journal.log.running_heads import running_heads
from nippo_cli.journal.union import handing_out


@pytest.fixture
def asked(monkeypatch, share) -> Iterator[list[str]]:
    """Each time that a file of the folder, or the folder, is asked for; a share answers in 30 ms."""
    calls: list[str] = []
    for name in ("iterdir", "read_bytes", "open", "stat", "exists", "replace", "unlink"):
        usual = getattr(Path, name)

        def count(self, *args, _usual=usual, _name=name, **options):
            if share in (self, self.parent):
                calls.append(_name)
            return _usual(self, *args, **options)

        monkeypatch.setattr(Path, name, count)
    return calls


def test_a_sync_with_nothing_new_asks_a_folder_of_6000_files_a_few_times(capsys, one, share, asked):
    """One look, and one file that is looked into: under 0.3 s where each takes 30 ms."""
    two = joined(capsys, one, "鈴木")
    one.done("sync")
    two.done("sync")
    # Many small ones that others put together by now, and a service still shows.
    name, id8 = next(file for file in share.glob("*-1-*") if "-1-1-" not in file.name).name.split("-")[:2]
    for n in range(6000):
        (share / f"{name}-{id8}-1-1-{n:08x}-0.seg").touch()
    asked.clear()
    answer = two.done("sync", "--json").json
    assert answer["waiting"] == answer["published"] == answer["taken"] == []
    assert "iterdir" in asked
    assert len(asked) <= 5, asked


def test_heads_are_walked_through_from_where_they_were_noted(tmp_path, monkeypatch):
    """They are the same; and a log of a million records is not hashed through with each sync."""
    one, _ = team(tmp_path, 2)
    for n in range(6):
        one.deal(f"案件{n}", stage="lead")
    monkeypatch.setattr(handing_out, "NOTED_AFTER", 5)
    with closing(sqlite3.connect(one.path)) as cx:
        slot = slot_named("aa")
        (device,) = cx.execute("select id from device").fetchone()
        noted = handing_out.unnoted_heads(cx)
        assert [(at, number) for at, number, _ in noted] == [(slot, 13)]
        cx.executemany("insert into head values (?, ?, ?)", noted)
        cx.commit()
        assert handing_out.unnoted_heads(cx) == []
    one.deal("後", stage="lead")
    with closing(sqlite3.connect(one.path)) as cx:
        rows: list[str] = []
        cx.set_trace_callback(rows.append)
        from_noted = running_heads(cx, slot, device, [13, 15], from_noted=True)
        assert from_noted == running_heads(cx, slot, device, [13, 15])
        first = next(int(line.split("id > ")[1].split()[0]) for line in rows if "id >" in line)
        assert first == (slot << 40) + 13
