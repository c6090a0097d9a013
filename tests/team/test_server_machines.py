"""On a server each device has a token: how copies, clones, restores and wrong clocks go on there."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from members import add, cloned, copied, draw_names, in_step, joined, own_device, says
from shell import Shell


@pytest.mark.parametrize("copy", [copied, cloned])
def test_a_copy_of_a_machine_goes_on_as_another_device(capsys, lead, copy):
    """By the token that both have it gets one of its own; no word is lost, whoever syncs first."""
    two = joined(capsys, lead, "鈴木")
    lead.done("sync")
    other = copy(two, capsys, "other")
    add(two, "本物で書いた話")
    add(other, "複製で書いた話")
    add(other, "もう1つの話")
    assert in_step(lead, two, other) == {"見積の話", "本物で書いた話", "複製で書いた話", "もう1つの話"}
    assert own_device(two) != own_device(other)


def test_two_people_restore_the_same_backup(capsys, lead, tmp_path):
    """Each of them is a device of its own from then on."""
    two = joined(capsys, lead, "鈴木")
    two.done("backup", "--to", str(tmp_path / "copies"))
    [backup] = (tmp_path / "copies").glob("*.db")
    restored = [Shell(capsys, tmp_path / name) for name in ("three", "four")]
    for shell in restored:
        shell.done("restore", str(backup))
        add(shell, f"{shell.journal.name}の話")
    assert in_step(lead, two, *restored) == {"見積の話", "threeの話", "fourの話"}
    assert len({own_device(shell) for shell in (two, *restored)}) == 3


def test_a_clock_that_is_years_ahead_is_refused_and_goes_on_once_it_is_right(
    capsys, lead, tmp_path, monkeypatch, server
):
    """By the server's clock: what was written before is there, the rest is told; later it is dated anew."""
    now = datetime.now(UTC)
    monkeypatch.setenv("NIPPO_NOW", now.isoformat(timespec="seconds"))
    one = Shell(capsys, tmp_path / "one")
    one.deal("弁", facts="前の話")
    try:
        one.done("team", "begin", server.found(ahead="1 day"), "--yes")
        two = joined(capsys, one, "鈴木")
        two.done("add", "弁", "--activity", "電話", "-m", "今の話")
        with monkeypatch.context() as patched:
            patched.setenv("NIPPO_NOW", (now + timedelta(days=1500)).isoformat(timespec="seconds"))
            two.done("add", "弁", "--activity", "電話", "-m", "未来の話")
            assert [wait["why"] for wait in two.done("sync", "--json").json["waiting"]] == ["ahead"]
        one.done("sync")
        assert {text for _, text in says(one)["log"]} == {"前の話", "今の話"}
        assert in_step(two, one) == {"前の話", "今の話", "未来の話"}
    finally:
        server.found()


@pytest.mark.parametrize("published", [True, False])
def test_a_name_that_the_server_knows_another_device_by_is_changed(capsys, lead, tmp_path, monkeypatch, published):
    """Two restored machines drew one name; or somebody is invited under it, who has written nothing yet."""
    lead.done("sync")
    lead.done("backup", "--to", str(tmp_path / "copies"))
    [backup] = (tmp_path / "copies").glob("*.db")
    draw_names(monkeypatch, "x9x9", "x9x9")
    one, other = (Shell(capsys, tmp_path / name) for name in ("one", "other"))
    if published:
        one.done("restore", str(backup))
        add(one, "先の端末の話")
        one.done("sync")
    else:
        code = lead.done("team", "invite", "鈴木", "--json").json["code"]
    other.done("restore", str(backup))
    add(other, "後の端末の話")
    assert "端末名 x9x9 がチームの別の端末と重なった" in other.done("sync").err
    if not published:
        one.done("team", "join", code, "--yes")
        add(one, "先の端末の話")
    assert in_step(lead, one, other) == {"見積の話", "先の端末の話", "後の端末の話"}
    assert own_device(one) == "x9x9"


def test_what_was_published_stays_where_a_machine_lost_its_token(capsys, lead, tmp_path):
    """It is an image of yesterday's, of which the server has the records already: what is new goes there under another name, the rest is
    there once."""
    lead.done("sync")
    lead.done("backup", "--to", str(tmp_path / "copies"))
    [backup] = (tmp_path / "copies").glob("*.db")
    one = Shell(capsys, tmp_path / "one")
    one.done("restore", str(backup))
    with closing(sqlite3.connect(one.db)) as cx:
        (note,) = cx.execute("select value from meta where key = 'team'").fetchone()
    add(one, "昨日の話")
    one.done("sync")
    before = own_device(one)
    with closing(sqlite3.connect(one.db)) as cx:
        cx.execute("update meta set value = ? where key = 'team'", (note,))
        cx.commit()
    assert in_step(one, lead) == {"見積の話", "昨日の話"}
    add(one, "今日の話")
    one.done("sync")
    in_step(lead, one)
    assert [text for _, text in says(lead)["log"]] == ["今日の話", "昨日の話", "見積の話"]
    assert own_device(one) != before
