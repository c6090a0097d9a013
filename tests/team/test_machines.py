"""Which machine writes as which device: copies, clones, restores, and clocks that stand wrong."""

import shutil
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from derived import kept, rebuilt
from members import cloned, copied, draw_names, joined, own_device, says, state_of
from shell import NOW, Shell

from nippo_cli.base.places import Places
from nippo_cli.carriers.folder import FolderCarrier
from nippo_cli.journal.union.handing_out import opened as opened_journal
from nippo_cli.services.context import Workspace
from nippo_cli.services.team.publishing import publish
from nippo_cli.services.team.settings import read_code
from nippo_cli.services.team.syncing import sync_unwatched


def in_step(*shells: Shell) -> None:
    """They sync until all is everywhere, say the same, and nobody waits."""
    for _ in range(2):
        for shell in shells:
            shell.done("sync")
    first, *others = shells
    for shell in shells:
        assert shell.done("sync", "--json").json["waiting"] == []
        assert kept(shell.db) == rebuilt(shell.db)
        assert "問題は見つかりませんでした" in shell.done("doctor").out
    for other in others:
        assert says(other) == says(first)


def words(shell: Shell) -> list[str]:
    """What entries say."""
    return [text for _, text in says(shell)["log"]]


def add(shell: Shell, text: str) -> None:
    """A call about the pump."""
    shell.done("add", "ポンプ", "--activity", "電話", "-m", text)


def test_a_copied_journal_goes_on_as_another_device(capsys, one):
    """Of the same member, told in a line; nobody gives out a number twice, and no word is lost."""
    two = joined(capsys, one, "鈴木")
    copy = copied(two, capsys, "copy")
    answer = copy("add", "ポンプ", "--activity", "電話", "-m", "複製で書いた話")
    assert answer.err.count("新しい端末") == 1
    assert answer.code == 0
    add(two, "本物で書いた話")
    assert "端末" not in copy("add", "ポンプ", "--activity", "電話", "-m", "もう1つの話").err
    in_step(one, two, copy)
    assert {"複製で書いた話", "本物で書いた話", "もう1つの話"} <= {*words(one)}
    assert own_device(copy) != own_device(two)
    members = [row["name"] for row in one.done("team", "status", "--json").json["devices"]]
    assert members.count("鈴木") == 2


def test_what_is_only_tried_begins_no_device(capsys, one):
    """Nor does reading."""
    copy = copied(one, capsys, "copy")
    before = copy.db.read_bytes()
    answer = copy("add", "ポンプ", "--activity", "電話", "-m", "試し", "--dry-run")
    assert "端末" not in answer.err
    copy.done("log")
    assert copy.db.read_bytes() == before


def test_where_no_note_can_be_kept_no_device_is_begun(capsys, one, monkeypatch):
    """It would be another one with each entry."""
    copy = copied(one, capsys, "copy")
    monkeypatch.setattr(
        "nippo_cli.services.context.machine.replace_file", lambda *_: (_ for _ in ()).throw(OSError(28, "full"))
    )
    for n in range(2):
        add(copy, f"話{n}")
    assert own_device(copy) == own_device(one)


def test_two_people_restore_the_same_backup(capsys, one, tmp_path):
    """Each of them is a device of its own from then on."""
    two = joined(capsys, one, "鈴木")
    add(two, "控えの前の話")
    two.done("sync")
    two.done("backup", "--to", str(tmp_path / "copies"))
    [backup] = (tmp_path / "copies").glob("*.db")
    add(two, "控えの後の話")
    two.done("sync")
    restored = []
    for name in ("three", "four"):
        shell = Shell(capsys, tmp_path / name)
        shell.done("restore", str(backup))
        assert "新しい端末" not in shell("add", "ポンプ", "--activity", "電話", "-m", f"{name}の話").err
        restored.append(shell)
    in_step(one, two, *restored)
    assert len({own_device(shell) for shell in (two, *restored)}) == 3
    assert {"控えの前の話", "控えの後の話", "threeの話", "fourの話"} <= {*words(one)}


@pytest.mark.parametrize(("more_here", "more_there"), [(1, 1), (1, 2), (2, 1)])
def test_a_clone_that_syncs_later_issues_anew_what_it_wrote(capsys, one, more_here, more_there):
    """What was published first stands; the clone's own is there under another name, corrections and all; the file as it was is kept."""
    two = joined(capsys, one, "鈴木")
    one.done("sync")
    clone = cloned(two, capsys, "clone")
    for n in range(more_here):
        add(two, f"本物の話{n}")
    for n in range(more_there):
        add(clone, f"複製の話{n}")
    entry = clone.done("log", "--json").json["entries"][0]["id"]
    clone.done("edit", entry, "-m", "直した複製の話", "--why", "誤記")
    two.done("sync")
    answer = clone.done("sync")
    assert "複製された端末" in answer.err
    assert len([*clone.journal.glob("journal.2*.db")]) == 1
    in_step(one, two, clone)
    said = words(one)
    assert said.count("直した複製の話") == 1
    assert [text in said for text in ("本物の話0", "複製の話0")] == [True, more_there > 1]
    assert own_device(clone) != own_device(two)
    # Once is enough.
    add(clone, "後の話")
    assert "複製された端末" not in clone.done("sync").err


def test_what_a_sync_that_nobody_watches_did_to_ones_records_is_told_next(capsys, one):
    """With the morning page, once: it has given them other ids, and kept the file as it was."""
    two = joined(capsys, one, "鈴木")
    clone = cloned(two, capsys, "clone")
    add(two, "本物の話")
    add(clone, "複製の話")
    two.done("sync")
    sync_unwatched(
        Workspace(Places(journal_db=clone.db, schema=clone.schema, state=state_of(clone)), datetime.fromisoformat(NOW))
    )
    clone.done("sync")
    [aside] = clone.journal.glob("journal.2*.db")
    said = clone().err
    assert said.count("複製された端末") == 1
    assert aside.name in said
    assert "複製された端末" not in clone().err


def test_a_machine_set_back_to_yesterdays_image_goes_on(capsys, one, tmp_path):
    """What it had published since comes back from the others; what it wrote since is issued anew."""
    two = joined(capsys, one, "鈴木")
    image = cloned(two, capsys, "image")
    add(two, "昨日の話")
    two.done("sync")
    add(image, "戻した後の話")
    image.done("sync")
    in_step(one, image)
    assert {"昨日の話", "戻した後の話"} <= {*words(one)}
    quiet = cloned(two, capsys, "quiet")
    quiet.done("sync")
    add(quiet, "何も書かずに同期した後の話")
    in_step(one, image, quiet)


def test_a_clone_that_published_meanwhile_stops_nobody_else(capsys, one, share):
    """Between a look into the folder and the writing: that device waits, all others go out."""
    two = joined(capsys, one, "鈴木")
    key = read_code(one.done("team", "invite", "田中", "--json").json["code"]).key
    for file in share.iterdir():
        file.unlink()
    clone = cloned(two, capsys, "clone")
    two.deal("甲")
    clone.deal("乙")
    carrier = FolderCarrier(share, key)
    heads = carrier.heads()
    two.done("sync")
    own = own_device(two)
    for file in share.iterdir():
        if not file.name.startswith(f"{own}-"):
            file.unlink()
    out = publish(carrier, heads, clone.db, opened_journal)
    assert [(wait.device, wait.why) for wait in out.waits] == [(own, "fork")]
    assert [device != own for device, _ in out.records] == [True]


def test_colleagues_who_hold_the_branch_that_does_not_stand_let_it_go(capsys, one, share, tmp_path):
    """A service showed them a clone's records first, and the machine's own later: the words of both are there for all in the end."""
    two = joined(capsys, one, "鈴木")
    in_step(one, two)
    clone = cloned(one, capsys, "clone")
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(share, elsewhere)
    for shell in (clone, two):
        move_share(shell, share, elsewhere)
    add(clone, "複製の話")
    for shell in (clone, two):
        shell.done("sync")
    assert "複製の話" in words(two)
    for text in ("元の話", "元の続き"):
        add(one, text)
    one.done("sync")
    for source, target in ((share, elsewhere), (elsewhere, share)):
        for file in source.glob("*.seg"):
            shutil.copyfile(file, target / file.name)
    device = own_device(one)
    answer = two.done("sync")
    assert f"端末 {device} は複製されており" in answer.err
    assert "複製の話" not in words(two)
    assert {"元の話", "元の続き"} < set(words(two))
    assert any("複製の話".encode() in file.read_bytes() for file in two.journal.glob("journal.2*.db"))
    clone.done("sync")
    for file in elsewhere.glob("*.seg"):
        shutil.copyfile(file, share / file.name)
    for shell in (clone, two):
        move_share(shell, elsewhere, share)
    in_step(one, clone, two)
    assert sorted(words(two)) == sorted({"見積の話", "複製の話", "元の話", "元の続き"})


def move_share(shell: Shell, old: Path, new: Path) -> None:
    """Let a machine have the team's folder elsewhere."""
    with closing(sqlite3.connect(shell.db)) as cx:
        cx.execute("update meta set value = replace(value, ?, ?) where key = 'team'", (str(old), str(new)))
        cx.commit()


def test_what_a_colleague_answered_already_is_not_issued_anew(capsys, one, share):
    """Its record names the old number and can't be changed: the device waits, and is told; it comes back empty, or not at all."""
    two = joined(capsys, one, "鈴木")
    clone = cloned(two, capsys, "clone")
    add(clone, "複製の話")
    clone.done("sync")
    one.done("sync")
    entry = one.done("log", "--json").json["entries"][0]["id"]
    one.done("comment", entry, "-m", "どうでしたか")
    one.done("sync")
    clone.done("sync")
    for file in share.glob(f"{own_device(two)}-*"):
        if file.name.split("-")[2] != "1":
            file.unlink()
    add(two, "本物の話")
    two.done("sync")
    for _ in range(2):
        assert [wait["why"] for wait in clone.done("sync", "--json").json["waiting"]] == ["fork"]
    clone.done("team", "leave", "--alone", "--yes")
    code, before = one.done("team", "invite", "鈴木", "--json").json["code"], says(clone)
    refused = clone("team", "join", code, "--yes")
    assert (refused.code, "仲間の記録がもうそれについて" in refused.err, "--empty" in refused.err) == (2, True, True)
    assert says(clone) == before
    clone.done("team", "join", code, "--empty", "--yes")
    assert clone.done("sync", "--json").json["waiting"] == []


# --- clocks


def test_a_laptop_whose_clock_was_in_2031_dates_its_records_anew(capsys, one, monkeypatch):
    """Once it is right: they are everywhere then, of today; the old ones wait for nothing any more."""
    two = joined(capsys, one, "鈴木")
    add(two, "前の話")
    two.done("sync")
    one.done("add", "ポンプ", "--activity", "電話", "-m", "同僚の話")
    one.done("sync")
    two.done("sync")
    with monkeypatch.context() as patched:
        patched.setenv("NIPPO_NOW", "2031-01-06T08:00:00+09:00")
        two.done("add", "ポンプ", "--activity", "電話", "-m", "未来の話")
        entry = two.done("log", "--json").json["entries"][0]["id"]
        two.done("edit", entry, "-m", "直した未来の話", "--why", "誤記")
        two.done("sync")
    assert [wait["why"] for wait in one.done("sync", "--json").json["waiting"]] == ["ahead"]
    assert "時計" in one.done("team", "status").out
    # Who joins now is not held back until 2031.
    three = joined(capsys, one, "高橋")
    assert [text for text in words(three) if "未来" in text] == []
    answer = two.done("sync")
    assert "2031-01-06" in answer.err
    in_step(one, two)
    [dated] = [
        row for row in one.done("log", "--json").json["entries"] if row["values"].get("facts") == "直した未来の話"
    ]
    assert dated["on"] == "2026-11-23"
    assert "時計" not in two.done("sync").err
    assert one.done("team", "status", "--json").json["waiting"] == []
    four = joined(capsys, one, "田中")
    in_step(one, two, three, four)
    # What nobody is to take any more counts as nothing that is still to come.
    for row in one.done("team", "status", "--json").json["devices"]:
        assert row["held"] == row["published"]
    # Nor gets it twice, once the day has come on which it was dated.
    monkeypatch.setenv("NIPPO_NOW", "2031-02-03T09:00:00+09:00")
    five = joined(capsys, one, "伊藤")
    in_step(one, two, three, four, five)
    assert words(five).count("直した未来の話") == 1


@pytest.mark.parametrize("now", ["2015-01-01T00:00:00+09:00", "2026-11-24T20:00:00+09:00"])
def test_a_clock_that_is_behind_dates_nothing_anew(capsys, one, monkeypatch, now):
    """A battery that died: everybody's records are ahead of it then. Nor one that was a day ahead: that passes."""
    two = joined(capsys, one, "鈴木")
    add(two, "前の話")
    two.done("sync")
    one.done("sync")
    before = says(two)
    with monkeypatch.context() as patched:
        patched.setenv("NIPPO_NOW", now)
        add(two, "後の話")
        two.done("sync")
    two.done("sync")
    assert own_device(two) == own_device(two)
    assert len(says(two)["log"]) == len(before["log"]) + 1
    assert [*two.journal.glob("journal.2*.db")] == []


def test_a_clock_set_back_in_a_quiet_team_doubles_nothing(capsys, one, monkeypatch):
    """Nobody else wrote for a year, and a colleague has what was written since: set back by months, the clock only seems right."""
    two = joined(capsys, one, "鈴木")
    one.done("sync")
    monkeypatch.setenv("NIPPO_NOW", "2027-09-06T09:00:00+09:00")
    add(two, "秋の話")
    two.done("sync")
    one.done("sync")
    with monkeypatch.context() as patched:
        patched.setenv("NIPPO_NOW", "2027-03-01T09:00:00+09:00")
        two.done("sync")
    monkeypatch.setenv("NIPPO_NOW", "2027-09-07T09:00:00+09:00")
    two.done("sync")
    one.done("sync")
    assert [facts for _, facts in says(one)["log"]].count("秋の話") == 1
    in_step(one, two)


def test_the_state_folder_holds_what_binds_it(one):
    """And the journal's own file does not: whoever copies that has no part of it."""
    note = (state_of(one) / "device").read_text(encoding="utf-8")
    assert note.startswith("2-")
    assert not Path(one.journal / "device").exists()


def restored(capsys, backup: Path, to: Path) -> Shell:
    """A machine that goes on from a backup."""
    shell = Shell(capsys, to)
    shell.done("restore", str(backup))
    return shell


@pytest.fixture
def backup(one, tmp_path) -> Path:
    """A copy of the lead's diary."""
    one.done("sync")
    one.done("backup", "--to", str(tmp_path / "copies"))
    [copy] = (tmp_path / "copies").glob("*.db")
    return copy


def test_of_two_machines_that_draw_one_name_the_later_one_takes_another(capsys, one, backup, tmp_path, monkeypatch):
    """What is published under the name stands; what the other wrote is there for all under its new name."""
    draw_names(monkeypatch, "x9x9", "x9x9")
    early, late = (restored(capsys, backup, tmp_path / name) for name in ("early", "late"))
    add(early, "早い端末の話")
    add(late, "遅い端末の話")
    early.done("sync")
    answer = late.done("sync")
    assert "端末名 x9x9 がチームの別の端末と重なった" in answer.err
    assert [*late.journal.glob("journal.2*.db")] != []
    in_step(one, early, late)
    assert sorted(words(one)) == sorted(["見積の話", "早い端末の話", "遅い端末の話"])
    assert own_device(early) == "x9x9"
    assert "重なった" not in late.done("sync").err


def test_a_name_that_is_drawn_twice_before_anything_is_written_is_changed_unseen(
    capsys, one, backup, tmp_path, monkeypatch
):
    """There is nothing to tell."""
    draw_names(monkeypatch, "x9x9", "x9x9")
    early, late = (restored(capsys, backup, tmp_path / name) for name in ("early", "late"))
    add(early, "早い端末の話")
    early.done("sync")
    assert "重なった" not in late.done("sync").err
    add(late, "遅い端末の話")
    in_step(one, early, late)
    assert own_device(late) != own_device(early) == "x9x9"


def published_unseen(capsys, two: Shell, share: Path, backup: Path, monkeypatch) -> tuple[Shell, Shell]:
    """Two machines of one name, x9x9, that published in places that did not know of each other, and now do; a colleague saw the later
    one's."""
    folder, elsewhere = share.parent, share.parent / "elsewhere"
    first = restored(capsys, backup, folder / "first")
    monkeypatch.setenv("NIPPO_NOW", (datetime.fromisoformat(NOW) + timedelta(minutes=5)).isoformat())
    second = restored(capsys, backup, folder / "second")
    shutil.copytree(share, elsewhere)
    for shell in (second, two):
        move_share(shell, share, elsewhere)
    add(first, "先の端末の話")
    add(second, "後の端末の話")
    for shell in (first, second, two):
        shell.done("sync")
    for source, target in ((share, elsewhere), (elsewhere, share)):
        for file in source.glob("*.seg"):
            shutil.copyfile(file, target / file.name)
    for shell in (second, two):
        move_share(shell, elsewhere, share)
    return first, second


def test_of_two_machines_that_published_under_one_name_that_which_began_first_keeps_it(
    capsys, one, share, backup, tmp_path, monkeypatch
):
    """A service showed neither what the other published, and a colleague the later one first: in the end all is there for all, and
    nothing lies in the folder under a name that is another's."""
    two = joined(capsys, one, "鈴木")
    draw_names(monkeypatch, "x9x9", "x9x9")
    first, second = published_unseen(capsys, two, share, backup, monkeypatch)
    assert "後の端末の話" in words(two)
    answer = two.done("sync")
    assert "端末名 x9x9 の端末が2台あり" in answer.err
    assert "先の端末の話" in words(two)
    assert any("後の端末の話".encode() in file.read_bytes() for file in two.journal.glob("journal.2*.db"))
    in_step(first, second, one, two)
    assert sorted(words(two)) == sorted(["見積の話", "先の端末の話", "後の端末の話"])
    assert own_device(first) == "x9x9"
    assert len({file.name[:13] for file in share.glob("x9x9-*.seg")}) == 1


def test_whoever_comes_back_brings_what_lies_there_under_a_name_that_is_anothers(
    capsys, one, share, backup, monkeypatch
):
    """Nobody takes it from there."""
    two = joined(capsys, one, "鈴木")
    draw_names(monkeypatch, "x9x9", "x9x9")
    first, second = published_unseen(capsys, two, share, backup, monkeypatch)
    second.done("team", "leave", "--alone", "--yes")
    add(second, "離れていた間の話")
    code = one.done("team", "invite", "佐藤", "--json").json["code"]
    second.done("team", "join", code, "--yes")
    in_step(one, two, first, second)
    assert sorted(words(one)) == sorted(["見積の話", "先の端末の話", "後の端末の話", "離れていた間の話"])
    assert len({file.name[:13] for file in share.glob("x9x9-*.seg")}) == 1
