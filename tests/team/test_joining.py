"""A team's diary over a shared folder, as its members meet it: begun, joined, kept in step."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from derived import kept, rebuilt, rows
from members import copied, joined, opened, says
from shell import Shell, settle

from nippo_cli.carriers.carrier import CarrierError
from nippo_cli.carriers.folder import FolderCarrier
from nippo_cli.journal.log.record import digest
from nippo_cli.services.team.settings import read_code


def test_three_members_read_one_diary(capsys, one):
    """Whoever wrote it, with a diary of their own or without; each page is the same for all."""
    two = joined(capsys, one, "鈴木")
    three = joined(capsys, one, "高橋", own="弁")
    one.done("sync")
    two.done("sync")
    two.done("add", "ポンプ", "--activity", "電話", "-m", "電話の話", "--next-step", "見積", "--next-on", "+9d")
    two.done("sync")
    for shell in (one, three):
        shell.done("sync")
    assert says(one) == says(two) == says(three)
    facts = {text for _, text in says(one)["log"]}
    assert facts == {"見積の話", "自分の話", "電話の話"}
    for shell in (one, two, three):
        assert kept(shell.db) == rebuilt(shell.db)
        assert "問題は見つかりませんでした" in shell.done("doctor").out
    names = {row["name"]: row for row in one.done("team", "status", "--json").json["devices"]}
    assert names.keys() >= {"鈴木", "高橋"}
    assert all(row["held"] == row["published"] for row in names.values())


def test_a_diary_is_issued_anew_under_the_same_numbers(capsys, monkeypatch, tmp_path, share):
    """The same instants, days and salts; what its bodies name is named by the new names; the old file is kept."""
    settle(monkeypatch, tmp_path)
    shell = Shell(capsys, tmp_path / "one")
    shell.deal("ポンプ")
    shell.done("deal", "rename", "ポンプ", "大型ポンプ")
    shell.done("redact", "3", "--why", "受付12号", "--yes")
    with closing(sqlite3.connect(shell.db)) as cx:
        before = cx.execute(
            "select id, kind, author, recorded_at, known_on, on_date, salt from record order by id"
        ).fetchall()
    done = shell.done("team", "begin", f"folder:{share}", "--yes", "--json").json
    slot = int(done["params"]["device"], 36) << 40
    with closing(sqlite3.connect(shell.db)) as cx:
        after = cx.execute(
            "select id - ?, kind, author, recorded_at, known_on, on_date, salt from record order by id", (slot,)
        ).fetchall()
        assert after[: len(before)] == before
        device = cx.execute("select id from device").fetchone()[0]
        assert device.startswith("2-")
        for row in cx.execute(
            "select id, kind, author, recorded_at, known_on, on_date, schema, target, batch, source_key, salt, body, hash from record"
        ):
            assert digest(device, (row[0] - slot, *row[1:10]), row[10], row[11]) == row[12]
        assert cx.execute("select json_extract(body, '$.deal') from record where kind = 'entry'").fetchone() == (None,)
    assert Path(done["params"]["aside"]).is_file()
    assert rows(shell.db, "select id - ?, name from deal", slot) == [(2, "大型ポンプ")]
    assert kept(shell.db) == rebuilt(shell.db)


def test_who_begins_a_team_without_a_diary_is_asked_under_which_name(capsys, monkeypatch, tmp_path, nippo, share):
    """No file stays beside a diary that is not there yet; where there is one, that is said."""
    asked: list[str] = []
    monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", True)
    monkeypatch.setattr("nippo_cli.cli.commands.team.yes", lambda ask: asked.append(ask) or False)
    empty = Shell(capsys, tmp_path / "empty")
    empty.done("team", "begin", f"folder:{share}")
    assert asked[0].startswith("佐藤さんの名前で新しい日報帳を作り")
    assert not empty.db.exists()
    nippo.deal("ポンプ", facts="見積の話")
    nippo.done("team", "begin", f"folder:{share}")
    assert "いまのファイルは隣に残ります" in asked[1]
    assert list(share.iterdir()) == []


def test_a_code_is_for_one_machine(capsys, one, tmp_path):
    """Used again, by whomever, it is refused; and so is half of one."""
    code = one.done("team", "invite", "鈴木", "--json").json["code"]
    Shell(capsys, tmp_path / "two").done("team", "join", code)
    for said in (code, code[:-9], "nippo1-", "x"):
        answer = Shell(capsys, tmp_path / "three")("team", "join", said)
        assert answer.code == 2, said
        assert not (tmp_path / "three" / "journal.db").exists()


def test_a_place_that_fails_while_one_joins_is_told_and_the_code_stays_good(capsys, one, monkeypatch, tmp_path):
    """Nothing is there of it then."""
    code = one.done("team", "invite", "鈴木", "--json").json["code"]
    two = Shell(capsys, tmp_path / "two")

    def down(*_args: object) -> None:
        raise CarrierError("connection lost")

    with monkeypatch.context() as patched:
        patched.setattr(FolderCarrier, "fetch", down)
        answer = two("team", "join", code, "--yes")
    assert (answer.code, "connection lost" in answer.err, "不具合" in answer.err) == (1, True, False)
    assert code not in answer.err
    assert not two.db.exists()
    two.done("team", "join", code, "--yes")
    one.done("sync")
    assert says(one) == says(two)


@pytest.mark.parametrize("empty", [(), ("--empty",)])
def test_a_diary_that_the_team_has_is_not_taken_twice(capsys, one, tmp_path, empty):
    """A second machine brings nothing along."""
    two = Shell(capsys, tmp_path / "two")
    two.deal("弁")
    again = copied(two, capsys, "again")
    two.done("team", "join", one.done("team", "invite", "鈴木", "--json").json["code"], "--yes")
    code = one.done("team", "invite", "鈴木", "--json").json["code"]
    again.done("team", "join", code, "--yes", *empty)
    for shell in (one, two, again, one):
        shell.done("sync")
    assert len(one.done("deal", "list", "--json").json["deals"]) == 2
    assert says(one) == says(two) == says(again)
    assert kept(again.db) == rebuilt(again.db)


def test_of_a_diary_that_went_on_apart_the_team_gets_what_it_has_besides(capsys, one, tmp_path):
    """A copy from before the team, continued elsewhere: entries, corrections and erasures of what the team has, a schema of its own."""
    two = Shell(capsys, tmp_path / "two")
    entry = two.deal("弁", facts="弁の話")
    secret = str(two.done("add", "弁", "--activity", "電話", "-m", "極秘の話", "--json").json["entry"]["id"])
    gone = str(two.done("add", "弁", "--activity", "電話", "-m", "先に消す話", "--json").json["entry"]["id"])
    again = copied(two, capsys, "again")
    two.done("redact", gone, "--why", "依頼", "--yes")
    two.done("team", "join", one.done("team", "invite", "鈴木", "--json").json["code"], "--yes")
    in_team = {row["values"].get("facts"): row["id"] for row in two.done("log", "--json").json["entries"]}
    again.done("add", "弁", "--activity", "電話", "-m", "離れた話")
    again.done("edit", entry, "-m", "直した話", "--why", "誤記")
    again.done("redact", secret, "--why", "依頼", "--yes")
    again.schema.write_text(again.schema.read_text("utf-8").replace("失注", "失注など", 1), "utf-8")
    again.deal("栓", facts="栓の話")
    before = again.db.read_bytes()
    answer = again.done("team", "join", one.done("team", "invite", "鈴木", "--json").json["code"], "--yes")
    assert [copy.read_bytes() for copy in again.journal.glob("journal.2*.db")] == [before]
    assert "離れた話" in str(says(again)["log"])
    for shell in (again, one, two, again, one):
        shell.done("sync")
    said = dict(says(one)["log"])
    assert said[in_team["弁の話"]] == "直した話"
    assert sorted(text for text in said.values() if text) == sorted(["見積の話", "直した話", "離れた話", "栓の話"])
    assert says(one) == says(two) == says(again), answer.out
    for shell in (one, two, again):
        assert kept(shell.db) == rebuilt(shell.db)
        assert shell.done("sync", "--json").json["waiting"] == []
        assert "問題は見つかりませんでした" in shell.done("doctor").out
        for text in ("極秘の話", "先に消す話"):
            assert text.encode() not in shell.db.read_bytes()
    assert "失注など" not in one.done("schema", "show").out


def test_an_own_diary_is_not_taken_along_unasked(capsys, one, tmp_path):
    """In a script it is said so."""
    two = Shell(capsys, tmp_path / "two")
    two.deal("弁")
    before = two.db.read_bytes()
    answer = two("team", "join", one.done("team", "invite", "鈴木", "--json").json["code"])
    assert answer.code == 2
    assert "--yes" in answer.err
    assert two.db.read_bytes() == before


# --- when things go wrong


def test_what_is_written_offline_goes_out_later(capsys, one, share):
    """A share that is not there is one quiet line, and no failure."""
    two = joined(capsys, one, "鈴木")
    away = share.rename(share.with_name("away"))
    two.deal("弁")
    answer = two("sync")
    assert answer.code == 0
    assert "いまは届きません" in answer.out
    assert not share.exists()
    assert two.done("team", "status", "--json").json["unreachable"]
    away.rename(share)
    two.done("sync")
    one.done("sync")
    assert len(one.done("deal", "list", "--json").json["deals"]) == 2


def test_a_place_that_is_not_there_is_a_failure(capsys, one, share, tmp_path, nippo):
    """And no bad value, whoever asks; nothing was changed."""
    code = one.done("team", "invite", "鈴木", "--json").json["code"]
    share.rename(share.with_name("away"))
    nippo.deal("弁")
    before = nippo.db.read_bytes()
    for words in (("begin", f"folder:{share}"), ("join", code)):
        answer = nippo("team", *words, "--yes")
        assert (answer.code, str(share) in answer.err) == (1, True), words
    assert one("team", "move", f"folder:{tmp_path / 'nowhere'}").code == 1
    assert nippo.db.read_bytes() == before


def test_what_somebody_removed_from_the_folder_is_put_back(capsys, one, share):
    """By whoever holds it."""
    two = joined(capsys, one, "鈴木")
    before = {file.name for file in share.iterdir()}
    for file in share.iterdir():
        file.unlink()
    two.done("sync")
    assert {file.name for file in share.iterdir()} == before


def test_a_segment_that_is_cut_waits_and_is_told(capsys, one, share):
    """Until the folder service shows all of it; what somebody altered is never taken."""
    two = joined(capsys, one, "鈴木")
    one.deal("弁")
    one.done("sync")
    newest = max(share.iterdir(), key=lambda file: int(file.name.split("-")[2]))
    whole = newest.read_bytes()
    newest.write_bytes(whole[:-20])
    answer = two.done("sync", "--json").json
    assert [(wait["why"], wait["number"]) for wait in answer["waiting"]] == [("unreadable", 6)]
    assert [wait["why"] for wait in two.done("team", "status", "--json").json["waiting"]] == ["unreadable"]
    newest.write_bytes(whole)
    assert two.done("sync", "--json").json["waiting"] == []
    assert two.done("team", "status", "--json").json["waiting"] == []
    assert len(two.done("deal", "list", "--json").json["deals"]) == 2


def test_a_sync_that_is_to_say_more_names_each_device(capsys, one):
    """How many records of which came in and went out; without `-v`, the sums alone."""
    two = joined(capsys, one, "鈴木")
    three = joined(capsys, one, "高橋", own="弁")
    two.deal("盤")
    [own] = [row for row in two.done("team", "status", "--json").json["devices"] if row["own"]]
    [other] = [row for row in three.done("team", "status", "--json").json["devices"] if row["own"]]
    goes, comes = own["held"] - own["published"], other["published"]
    assert (goes > 1, comes > 1) == (True, True)
    assert two.done("--lang", "en", "sync", "-v").out.splitlines() == [
        f"Records that came in: {comes}, that went out: {goes}",
        f"- {comes} from {other['device']}",
        f"- {goes} of {own['device']} went out",
    ]
    assert three.done("sync").out.splitlines() == [f"受け取り {goes}件、送り出し 0件"]


def test_a_laptop_whose_clock_is_in_2031_is_told(capsys, one, monkeypatch):
    """Its records wait; those of all others don't."""
    two = joined(capsys, one, "鈴木")
    with monkeypatch.context() as patched:
        patched.setenv("NIPPO_NOW", "2031-01-06T09:00:00+09:00")
        two.deal("弁")
        two.done("sync")
    waiting = one.done("sync", "--json").json["waiting"]
    assert [(wait["why"], wait["number"]) for wait in waiting] == [("ahead", 2)]
    assert "時計" in one.done("team", "status").out


def test_a_schema_that_a_colleague_changed_is_not_taken_back(capsys, one):
    """`schema.yaml` follows it: who changes another line, or only saves the file, does so in the team's."""
    two = joined(capsys, one, "鈴木")
    one.schema.write_text(
        one.schema.read_text(encoding="utf-8").replace("label: 訪問", "label: 往訪"), encoding="utf-8"
    )
    one.deal("甲")
    one.done("sync")
    two.done("sync")
    assert two.schema.read_text(encoding="utf-8") == one.schema.read_text(encoding="utf-8")
    os.utime(two.schema, (0, 0))
    two.deal("乙")
    two.schema.write_text(
        two.schema.read_text(encoding="utf-8").replace("label: 見積", "label: 概算"), encoding="utf-8"
    )
    two.deal("丙")
    for shell in (two, one):
        answer = shell.done("sync")
        assert "お知らせ" not in answer.err
    for shell in (one, two):
        text = shell.schema.read_text(encoding="utf-8")
        assert ("label: 往訪" in text, "label: 概算" in text) == (True, True)
        assert "label: 訪問" not in text


def test_a_change_that_was_not_in_force_yet_is_set_aside(capsys, one):
    """Where the team's schema changed meanwhile: it is told where, and the next write takes nothing back."""
    two = joined(capsys, one, "鈴木")
    text = two.schema.read_text(encoding="utf-8")
    two.schema.write_text(text.replace("label: 見積", "label: 概算"), encoding="utf-8")
    # As long as nobody else changes it, it is simply the next to be adopted.
    two.done("sync")
    assert "label: 概算" in two.schema.read_text(encoding="utf-8")
    one.schema.write_text(text.replace("label: 訪問", "label: 往訪"), encoding="utf-8")
    one.deal("甲")
    one.done("sync")
    answer = two.done("sync")
    [aside] = two.journal.glob("schema.*.yaml")
    assert aside.name in answer.err
    assert "label: 概算" in aside.read_text(encoding="utf-8")
    two.deal("乙")
    assert two.schema.read_text(encoding="utf-8") == text.replace("label: 訪問", "label: 往訪")


def test_a_journal_that_was_restored_goes_on_under_its_name(capsys, one, tmp_path):
    """It is another device from then on: the team reads whose, and with which role."""
    one.done("backup", "--to", str(tmp_path / "copies"))
    [copy] = (tmp_path / "copies").glob("*.db")
    one.done("restore", str(copy))
    for _ in range(2):
        one.done("sync")
    devices = one.done("team", "status", "--json").json["devices"]
    assert len(devices) == 2
    assert len({row["name"] for row in devices}) == 1
    assert [row["role"] for row in devices] == ["lead", "lead"]
    assert [row["held"] for row in devices if row["own"]] == [1]


def test_a_team_whose_folder_can_not_be_written_is_told(capsys, monkeypatch, tmp_path, share):
    """What was begun is begun; that nobody can join yet is not kept quiet."""
    settle(monkeypatch, tmp_path)
    shell = Shell(capsys, tmp_path / "one")
    shell.deal("ポンプ")

    def refuse(*_args: object, **_options: object) -> None:
        raise CarrierError("満杯です")

    with monkeypatch.context() as patched:
        patched.setattr(FolderCarrier, "append", refuse)
        answer = shell.done("team", "begin", f"folder:{share}", "--yes")
    assert "満杯です" in answer.err
    assert shell.done("sync", "--json").json["published"]


def test_an_erasure_reaches_the_folder(capsys, one, share):
    """Decrypted and searched: no segment holds it, nor any journal."""
    two = joined(capsys, one, "鈴木")
    key = read_code(one.done("team", "invite", "田中", "--json").json["code"]).key
    entry = one.done("log", "--json").json["entries"][0]["id"]
    assert "見積の話" in opened(share, key)
    two.done("edit", entry, "-m", "極秘の話", "--why", "極秘の訂正")
    two.done("sync")
    one.done("sync")
    one.done("redact", entry, "--why", "受付12号", "--yes")
    assert one.done("sync", "--json").json["erased"] == 2
    two.done("sync")
    for text in (opened(share, key), two.db.read_bytes().decode(errors="replace")):
        assert "見積の話" not in text
        assert "極秘" not in text
    assert one.done("sync", "--json").json["erased"] == 0


MAP = """\
source: sheet
key: 番号
on: 日
deal: 案件
author: {constant: 佐藤}
fields: {customer: 会社, activity: 活動, facts: 内容}
"""


def imports(shell: Shell, file: Path, *rows: str) -> None:
    """A sheet of one's own, by the map that all of them have."""
    file.write_text("\n".join(("番号,日,案件,会社,活動,内容", *rows, "")), encoding="utf-8")
    file.with_name("map.yaml").write_text(MAP, encoding="utf-8")
    shell.done("import", str(file), "--map", str(file.with_name("map.yaml")))


def test_the_sheets_of_two_reps_have_each_a_row_1(capsys, one, tmp_path):
    """Both are there, for both of them, and the log is sound."""
    imports(
        one,
        tmp_path / "one.csv",
        "1,2026-11-02,甲機,甲社,電話,甲社の話",
        "2,2026-11-03,甲機,甲社,電話,甲社の二の話",
    )
    two = Shell(capsys, tmp_path / "two")
    imports(two, tmp_path / "two.csv", "1,2026-11-02,乙機,乙社,電話,乙社の話")
    two.done("team", "join", one.done("team", "invite", "鈴木", "--json").json["code"], "--yes")
    one.done("sync")
    two.done("sync")
    assert says(one) == says(two)
    assert {text for _, text in says(one)["log"]} >= {"甲社の話", "甲社の二の話", "乙社の話"}
    for shell in (one, two):
        assert kept(shell.db) == rebuilt(shell.db)
        assert "問題は見つかりませんでした" in shell.done("doctor").out


def test_a_row_that_is_erased_goes_wherever_it_was_imported(capsys, one, share, tmp_path):
    """Also where that was not known yet when it was erased: from both journals, and from the folder."""
    two = joined(capsys, one, "鈴木")
    key = read_code(one.done("team", "invite", "田中", "--json").json["code"]).key
    for shell in (one, two):
        imports(shell, tmp_path / "sheet.csv", "1,2026-11-02,甲機,甲社,電話,極秘の話")
    [entry] = [entry for entry, text in says(one)["log"] if text == "極秘の話"]
    one.done("redact", entry, "--why", "受付12号", "--yes")
    for shell in (two, one, two, one):
        shell.done("sync")
    for text in (opened(share, key), *(shell.db.read_bytes().decode(errors="replace") for shell in (one, two))):
        assert "極秘" not in text
    assert says(one) == says(two)
    for shell in (one, two):
        assert kept(shell.db) == rebuilt(shell.db)
        assert "問題は見つかりませんでした" in shell.done("doctor").out
        assert shell.done("sync", "--json").json["published"] == []


def test_a_file_with_erased_words_that_comes_back_is_removed_again(capsys, one, share):
    """A laptop that was away brings it along, or a folder service: the next sync of anybody's sees to it, once."""
    two = joined(capsys, one, "鈴木")
    key = read_code(one.done("team", "invite", "田中", "--json").json["code"]).key
    before = {file.name: file.read_bytes() for file in share.iterdir()}
    entry = one.done("log", "--json").json["entries"][0]["id"]
    one.done("redact", entry, "--why", "受付12号", "--yes")
    one.done("sync")
    two.done("sync")
    for name, content in before.items():
        (share / name).write_bytes(content)
    assert "見積の話" in opened(share, key)
    two.done("sync")
    assert "見積の話" not in opened(share, key)
    assert two.done("sync", "--json").json["erased"] == 0


def test_words_that_can_not_be_removed_yet_are_removed_with_the_next_sync(capsys, monkeypatch, one, share):
    """Another program holds their file open: it is said, and the next sync tries again, also where it publishes nothing."""
    joined(capsys, one, "鈴木")
    key = read_code(one.done("team", "invite", "田中", "--json").json["code"]).key
    held_open, unlink = set(share.iterdir()), Path.unlink

    def reluctant(file: Path, **options: bool) -> None:
        if file in held_open:
            raise PermissionError(13, "in use")
        unlink(file, **options)

    entry = one.done("log", "--json").json["entries"][0]["id"]
    one.done("redact", entry, "--why", "受付12号", "--yes")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", reluctant)
        patched.setattr("nippo_cli.carriers.folder._TRIES", 1)
        said = one.done("sync", "--json").json
        assert (said["erased"], said["unerased"]) == (0, 1)
        assert "1件が、置き場所ではまだ消せていません" in one.done("sync").out
    assert "見積の話" in opened(share, key)
    said = one.done("sync", "--json").json
    assert (said["published"], said["erased"], said["unerased"]) == ([], 1, 0)
    assert "見積の話" not in opened(share, key)


def test_a_diary_of_no_team_says_how_to_begin(nippo):
    """Whatever is asked of its team."""
    nippo.deal("ポンプ")
    for words in (("sync",), ("team", "status"), ("team", "invite", "鈴木")):
        answer = nippo(*words)
        assert answer.code == 4
        assert "team begin" in answer.err


def test_a_bare_number_means_ones_own_diary(capsys, one):
    """As it was typed before; pages print the device's name. Another's record is named in full."""
    two = joined(capsys, one, "鈴木", own="弁")
    of_one = one.done("show", "3", "--json").json["id"]
    of_two = two.done("show", "3", "--json").json["id"]
    assert of_one.endswith("-3")
    assert of_two.endswith("-3")
    assert of_one != of_two
    assert two.done("show", of_one, "--json").json["id"] == of_one
    two.done("edit", "3", "-m", "直した話", "--why", "誤記")
    two.done("comment", "3", "-m", "どうでしたか")
    two.done("redact", "3", "--why", "受付12号", "--yes")
    assert two("undo", "3").code in (2, 4)
    assert not two.done("show", "3", "--json").json["values"].get("facts")


def test_a_diary_under_another_name_says_so(capsys, monkeypatch, one):
    """Its entries and deals stay that name's; under one's own nothing is said."""
    two = Shell(capsys, one.journal.parent / "two")
    monkeypatch.setenv("NIPPO_AUTHOR", "t.suzuki")
    two.deal("弁")
    code = one.done("team", "invite", "鈴木", "--json").json["code"]
    said = two.done("team", "join", code, "--yes").err
    assert "「t.suzuki」の名前で" in said
    assert "deal assign t.suzuki '鈴木' --all" in said
    assert [deal["owner"] for deal in two.done("deal", "list", "--json").json["deals"] if deal["name"] == "弁"] == [
        "t.suzuki"
    ]
    monkeypatch.setenv("NIPPO_AUTHOR", "鈴木")
    three = Shell(capsys, one.journal.parent / "three")
    three.deal("管")
    code = one.done("team", "invite", "鈴木", "--json").json["code"]
    assert "の名前で" not in three.done("team", "join", code, "--yes").err
