"""Who leaves, who is taken out, and where the team goes from there."""

import sqlite3
from contextlib import closing

import pytest
from cryptography.exceptions import InvalidTag
from derived import kept, rebuilt
from members import joined, opened, own_device, says
from shell import Answer, Shell

from nippo_cli.carriers.carrier import CarrierError
from nippo_cli.carriers.folder import FolderCarrier
from nippo_cli.journal.check.doctor import examine
from nippo_cli.journal.union import taking
from nippo_cli.render import draw
from nippo_cli.services.team import coming_back
from nippo_cli.services.team.settings import read_code


def owners(shell: Shell) -> dict[str, str]:
    """Whose each live deal is."""
    return {deal["name"]: deal["owner"] for deal in shell.done("deal", "list", "--json").json["deals"]}


def test_who_leaves_hands_all_live_deals_over(capsys, one, monkeypatch):
    """As records that all read; what is finished stays theirs; the diary stays, and syncs no more."""
    monkeypatch.setenv("NIPPO_AUTHOR", "鈴木")
    two = joined(capsys, one, "鈴木", own="弁")
    two.deal("済んだ件")
    two.done("add", "済んだ件", "--stage", "失注", "--activity", "電話", "-m", "断られた", "--lost-reason", "price")
    monkeypatch.setenv("NIPPO_AUTHOR", "佐藤")
    done = two.done("team", "leave", "--to", "佐藤", "--yes", "--json").json
    assert (done["deals"], done["name"], done["to"]) == (1, "鈴木", "佐藤")
    [customer] = done["handover"]["customers"]
    assert "弁" in str(customer)
    one.done("sync")
    assert owners(one) == {"ポンプ": "佐藤", "弁": "佐藤"}
    assert one.done("deal", "show", "済んだ件", "--json").json["owner"] == "鈴木"
    [left] = [row for row in one.done("team", "status", "--json").json["devices"] if row["name"] == "鈴木"]
    assert left["left"]
    assert "離脱" in one.done("team", "status").out
    assert two("sync").code == 4
    two.done("add", "弁", "--activity", "電話", "-m", "自分だけの話")
    one.done("sync")
    assert "自分だけの話" not in [text for _, text in says(one)["log"]]


def test_deals_go_to_a_colleague_alone(capsys, one, share):
    """Not to nobody, not to oneself, and not where nobody would hear of it."""
    two = joined(capsys, one, "鈴木")
    for name in ("鈴木", "山田"):
        answer = two("team", "leave", "--to", name, "--yes")
        assert answer.code == 2
        assert "佐藤" in answer.err
    refused = two("team", "leave", "--to", "佐藤")
    assert (refused.code, "--yes" in refused.err) == (2, True)
    # Who is none is refused before anything is asked.
    assert "山田" in two("team", "leave", "--to", "山田").err
    share.rename(share.with_name("away"))
    assert two("team", "leave", "--to", "佐藤", "--yes").code == 1
    assert two.done("team", "status", "--json").json["address"]


@pytest.fixture
def on_terminal(monkeypatch):
    """What a person looks at is a look; a pipe's is none."""
    monkeypatch.setattr(
        "nippo_cli.cli.frame.context.CliContext.screen", draw.Screen(columns=80, terminal=True, limit=20)
    )


def looks(shell: Shell, monkeypatch, day: int, *options: str) -> Answer:
    """A member's morning page of a day of November."""
    monkeypatch.setenv("NIPPO_NOW", f"2026-11-{day}T08:30:00+09:00")
    return shell.done(*options)


@pytest.fixture
def team(capsys, one, monkeypatch) -> tuple[Shell, ...]:
    """佐藤 leads; 鈴木 has 弁 and 継手; 高橋 and 田中. Each writes under the name that they joined with, and has looked on Tuesday."""
    monkeypatch.delenv("NIPPO_AUTHOR")
    two, three, four = (joined(capsys, one, name) for name in ("鈴木", "高橋", "田中"))
    two.deal("弁")
    two.deal("継手")
    two.done("sync")
    for shell in (one, two, three, four):
        shell.done("sync")
        looks(shell, monkeypatch, 24)
    return one, two, three, four


def test_who_left_and_whose_their_deals_are_now_is_said_once(on_terminal, team, monkeypatch):
    """To who got them with the way to the handover, to a lead and to the others whose they are; on the next day no more."""
    one, two, three, four = team
    two.done("team", "leave", "--to", "高橋", "--yes")
    for shell in (one, three, four):
        shell.done("sync")
    got = looks(three, monkeypatch, 25).out
    assert "鈴木さんがチームを離れました。2件の案件があなたに移りました" in got
    assert "引継書: nippo prep --handover --owner '鈴木'" in " ".join(got.split())
    for shell in (one, four):
        assert "鈴木さんがチームを離れました。2件の案件が高橋さんに移りました" in looks(shell, monkeypatch, 25).out
    [handed] = looks(three, monkeypatch, 25, "--json").json["team"]["handed"]
    assert (handed["from"], handed["to"], handed["left"]) == ("鈴木", "高橋", True)
    assert sorted(deal["name"] for deal in handed["deals"]) == ["弁", "継手"]
    assert "鈴木 left the team: 2 deals are yours now" in looks(three, monkeypatch, 25, "--lang", "en").out
    assert "離れました" not in looks(three, monkeypatch, 26).out


def test_who_left_is_not_told_of_it(on_terminal, team, monkeypatch):
    """The page of their own diary has no news of themselves, with two deals handed over or without any."""
    for shell, name in ((team[1], "鈴木"), (team[3], "田中")):
        shell.done("team", "leave", "--to", "高橋", "--yes")
        assert f"{name}さんがチームを離れました" not in looks(shell, monkeypatch, 25).out


def test_who_left_is_one_person_however_their_deals_spell_the_name(on_terminal, team, monkeypatch):
    """A blank in the name of one deal's owner, as of an entry that came from elsewhere, makes no second row."""
    _, two, three, _ = team
    monkeypatch.setenv("NIPPO_AUTHOR", "鈴 木")
    two.deal("配管")
    monkeypatch.delenv("NIPPO_AUTHOR")
    two.done("team", "leave", "--to", "高橋", "--yes")
    three.done("sync")
    [handed] = looks(three, monkeypatch, 25, "--json").json["team"]["handed"]
    assert (handed["from"], handed["left"], len(handed["deals"])) == ("鈴木", True, 3)


def test_a_deal_that_a_lead_gives_to_another_is_told_to_both(capsys, on_terminal, team, monkeypatch):
    """Who has it now and who had it, with its name; not to a colleague whom it is nothing to. A lost machine that is taken out is no
    leaving; what is taken back is no news."""
    one, two, three, four = team
    lost = Shell(capsys, one.journal.parent / "lost")
    lost.done("team", "join", one.done("team", "invite", "鈴木", "--json").json["code"])
    deal = one.done("deal", "show", "弁", "--json").json["id"]
    one.done("deal", "assign", "弁", "高橋")
    one.done("deal", "assign", "継手", "高橋")
    one.done("undo")
    one.done("team", "revoke", own_device(lost))
    for shell in team:
        shell.done("sync")
    said = {shell.journal.name: looks(shell, monkeypatch, 25).out for shell in (one, two, three, four)}
    assert f"鈴木さんの案件 1件があなたに移りました（弁 #{deal}）" in said["高橋"]
    assert f"あなたの案件 1件が高橋さんに移りました（弁 #{deal}）" in said["鈴木"]
    assert not any("移りました" in said[name] for name in ("one", "田中"))
    assert not any("離れました" in page for page in said.values())


def test_what_who_left_handed_over_is_a_page_afterwards(capsys, one, monkeypatch):
    """Without a day that is typed: the live deals that were theirs, with who has each now; what they handed to one alone by `--to`."""
    monkeypatch.setenv("NIPPO_AUTHOR", "鈴木")
    two = joined(capsys, one, "鈴木", own="弁")
    two.deal("継手")
    two.done("deal", "assign", "継手", "田中")
    monkeypatch.delenv("NIPPO_AUTHOR")
    left = two.done("team", "leave", "--to", "佐藤", "--yes", "--json").json
    [row] = left["handover"]["customers"][0]["live"]
    assert (row["name"], row["owner"]) == ("弁", "佐藤")
    one.done("sync")
    found = one.done("prep", "--handover", "--owner", "鈴木", "--json").json
    rows = [(deal["name"], deal["owner"]) for of in found["customers"] for deal in of["live"]]
    assert sorted(rows) == [("弁", "佐藤"), ("継手", "田中")]
    assert (found["owner"], found["to"]) == ("鈴木", None)
    assert "引継書　鈴木 → 佐藤" in one.done("prep", "--handover", "--owner", "鈴木", "--to", "佐藤").out
    to_one = one.done("prep", "--handover", "--owner", "鈴木", "--to", "佐藤", "--json").json
    assert [deal["name"] for of in to_one["customers"] for deal in of["live"]] == ["弁"]
    assert one("prep", "--handover", "--owner", "山田").code == 4
    assert "佐藤  11/23(月)に鈴木から" in one.done("deal", "show", "弁").out
    assert "鈴木 → 佐藤" in one.done("deal", "show", "弁").out
    [handover] = one.done("deal", "show", "弁", "--json").json["handovers"]
    assert (handover["from"], handover["owner"], handover["on"]) == ("鈴木", "佐藤", "2026-11-23")


def test_leaving_and_taking_out_are_tried_first(capsys, one, share):
    """Nothing is written or published by it, here or there; what it would do is shown."""
    two = joined(capsys, one, "鈴木", own="弁")
    two.done("deal", "assign", "弁", "鈴木")
    two.done("sync")
    one.done("sync")
    before = sorted(share.iterdir()), says(two), two.done("team", "status", "--json").json["mark"]
    done = two.done("team", "leave", "--to", "佐藤", "--dry-run", "--json").json
    assert (done["deals"], done["to"], done["dry_run"]) == (1, "佐藤", True)
    assert done["handover"]["customers"][0]["live"][0]["owner"] == "鈴木"
    assert "お試し" in two.done("team", "leave", "--to", "佐藤", "--dry-run").out
    assert two("team", "leave", "--to", "山田", "--dry-run").code == 2
    alone = two.done("team", "leave", "--alone", "--dry-run", "--json").json
    assert (alone["dry_run"], alone["to"]) == (True, None)
    out = one.done("team", "revoke", "鈴木", "--dry-run", "--json").json
    assert out["dry_run"] is True
    assert out["params"] == {"name": "鈴木", "devices": [own_device(two)], "deals": 1}
    assert one("team", "revoke", "山田", "--dry-run").code == 4
    assert (sorted(share.iterdir()), says(two), two.done("team", "status", "--json").json["mark"]) == before
    assert two.done("sync", "--json").json["unreachable"] is None


def test_who_leaves_is_asked_with_whom_and_how_many(one, team, monkeypatch):
    """By the colleague's name and the number of deals; nothing is done at a no, and of none at all that is said."""
    _, two, _, four = team
    asked: list[str] = []
    monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", True)
    monkeypatch.setattr("nippo_cli.cli.commands.team.yes", lambda ask: asked.append(ask) or False)
    assert "山田" in two("team", "leave", "--to", "山田").err
    assert asked == []
    before = says(two)
    assert "何もしていません" in two.done("team", "leave", "--to", "高橋").err
    assert [ask.split("。")[0] for ask in asked] == ["進行中の案件 2件を高橋さんに引き継ぎ、チームを離れます"]
    two.done("--lang", "en", "team", "leave", "--to", "高橋")
    assert asked[1].startswith("Your 2 live deals go to 高橋")
    assert (says(two), two.done("sync", "--json").json["published"]) == (before, [])
    four.done("team", "leave", "--to", "高橋")
    assert asked[2].startswith("引き継ぐ案件はありません")
    assert "引き継ぐ案件はありませんでした" in four.done("team", "leave", "--to", "高橋", "--yes").out


def test_a_lost_laptop_and_a_new_one_under_the_old_name(capsys, one):
    """The lost one is out of use, its member is not gone: the new one has all that had been synced, and writes for the same
    person. Once that person is taken out, both have left."""
    lost = joined(capsys, one, "鈴木")
    lost.done("add", "ポンプ", "--activity", "電話", "-m", "失くす前の話")
    lost.done("sync")
    lost_name = own_device(lost)
    done = one.done("team", "revoke", lost_name, "--json").json
    assert done["params"] == {"name": "鈴木", "devices": [lost_name], "deals": 0}
    new = Shell(capsys, one.journal.parent / "new")
    in_all = sum(row["held"] for row in one.done("team", "status", "--json").json["devices"])
    done = new.done("team", "join", one.done("team", "invite", "鈴木", "--json").json["code"], "--json").json
    # A member's begin, the entry and a schema's follow-up are the lost machine's.
    assert done["what"] == "team_joined_empty_too"
    assert done["params"]["elsewhere"] + done["params"]["others"] == in_all
    one.done("sync")
    rows = {row["device"]: row for row in one.done("team", "status", "--json").json["devices"]}
    assert sorted((row["name"], row["left"]) for row in rows.values()) == [
        ("佐藤", False), ("鈴木", False), ("鈴木", True)
    ]  # fmt: skip
    assert (rows[lost_name]["left"], rows[lost_name]["retired"]) == (True, True)
    page = {line.split()[0]: line for line in one.done("team", "status").out.splitlines() if "鈴木" in line}
    assert "使用終了" in page.pop(lost_name)
    assert "メンバー" in page[own_device(new)]
    assert rows[lost_name]["held"] == done["params"]["elsewhere"]
    assert "失くす前の話" in [text for _, text in says(new)["log"]]
    one.done("team", "revoke", "鈴木")
    rows = [row for row in one.done("team", "status", "--json").json["devices"] if row["name"] == "鈴木"]
    assert [(row["left"], row["retired"]) for row in rows] == [(True, False)] * 2
    assert one.done("team", "status").out.count("離脱") == 2


def test_whose_live_deals_remain_is_said_of_who_is_taken_out(capsys, team):
    """With the command that hands them on, tried first or not; not of a machine whose member goes on, nor once they are handed on."""
    one = team[0]
    second = Shell(capsys, one.journal.parent / "second")
    second.done("team", "join", one.done("team", "invite", "鈴木", "--json").json["code"])
    second.done("sync")
    assert "まだ鈴木さんの担当" not in one.done("team", "revoke", own_device(second)).out
    told = "進行中の案件 2件は、まだ鈴木さんの担当です。引き継ぐには: nippo deal assign '鈴木' 引き継ぐ人 --all"
    assert told in one.done("team", "revoke", "鈴木", "--dry-run").out
    assert told in one.done("team", "revoke", "鈴木").out
    english = one.done("--lang", "en", "team", "revoke", "鈴木").out
    assert "2 live deals are still 鈴木's. To hand them on: nippo deal assign '鈴木' NAME --all" in english
    assert one.done("team", "revoke", "鈴木", "--json").json["params"]["deals"] == 2
    one.done("deal", "assign", "鈴木", "高橋", "--all")
    assert "担当です" not in one.done("team", "revoke", "鈴木").out


def test_only_a_lead_takes_others_out(capsys, one):
    """Anybody may take out a machine of their own, and goes on with another; nobody the one that they sit at."""
    two = joined(capsys, one, "鈴木")
    second = Shell(capsys, one.journal.parent / "second")
    second.done("team", "join", one.done("team", "invite", "鈴木", "--json").json["code"])
    two.done("sync")
    assert "リーダー" in two("team", "revoke", "佐藤").err
    assert two("team", "revoke", own_device(two)).code == 2
    assert two("team", "revoke", "山田").code == 4
    said = two.done("team", "revoke", own_device(second)).out
    assert f"鈴木さんの端末 {own_device(second)} をチームから外しました。鈴木さんはほかの端末で続けます" in said
    assert "この人が" not in said
    assert "鈴木 goes on with another" in two.done("--lang", "en", "team", "revoke", own_device(second)).out
    one.done("sync")
    assert "この人が" in one.done("team", "revoke", "鈴木", "--dry-run").out
    assert "リーダー" in two("team", "move", "folder:/tmp/nowhere").err
    assert "リーダー" in two("team", "invite", "山田", "--role", "lead").err
    two.done("team", "invite", "山田")


def test_the_team_moves_to_another_folder_and_key(capsys, one, share, tmp_path):
    """Who is still of it goes on by a code, with all that was written on the way; who is not reads nothing any more."""
    two, out = joined(capsys, one, "鈴木"), joined(capsys, one, "高橋")
    old_key = read_code(one.done("team", "invite", "田中", "--json").json["code"]).key
    one.done("team", "revoke", "高橋")
    new = tmp_path / "new"
    new.mkdir()
    codes = one.done("team", "move", f"folder:{new}", "--json").json["codes"]
    assert [(code["name"], code["device"]) for code in codes] == [("鈴木", own_device(two))]
    two.done("add", "ポンプ", "--activity", "電話", "-m", "移る途中の話")
    two.done("sync")
    answer = two.done("team", "join", codes[0]["code"])
    assert str(new) in answer.out
    one.deal("移った後の案件")
    for shell in (one, two, one):
        shell.done("sync")
    assert says(one) == says(two)
    assert "移る途中の話" in [text for _, text in says(one)["log"]]
    assert kept(two.db) == rebuilt(two.db)
    new_key = read_code(codes[0]["code"]).key
    assert old_key != new_key
    assert "移った後の案件" in opened(new, new_key)
    with pytest.raises(InvalidTag):
        opened(new, old_key)
    out.done("sync")
    assert "移った後の案件" not in out.done("deal", "list").out
    # Another's code, or the own one again, moves nobody elsewhere.
    assert out("team", "join", codes[0]["code"]).code == 2
    two.done("team", "join", codes[0]["code"])


def test_a_place_that_is_taken_is_none_to_move_to(capsys, one, share):
    """The team stays where it is."""
    answer = one("team", "move", f"folder:{share}")
    assert answer.code == 2
    assert one.done("sync", "--json").json["unreachable"] is None


def test_a_reader_reads_alone(capsys, one):
    """What is written is refused, in words, and nothing of it goes out; syncing goes on."""
    two = joined(capsys, one, "田中", "--empty")
    code = one.done("team", "invite", "社長", "--role", "reader", "--json").json["code"]
    reader = Shell(capsys, one.journal.parent / "reader")
    reader.done("team", "join", code)
    before = says(reader)
    for words in (
        ("add", "ポンプ", "--activity", "電話", "-m", "話"),
        ("comment", "3", "-m", "話"),
        ("deal", "rename", "ポンプ", "弁"),
    ):
        answer = reader(*words)
        assert answer.code in (2, 4), words
    assert "読むだけ" in reader("add", "ポンプ", "--activity", "電話", "-m", "話").err
    assert reader("team", "invite", "山田").code == 2
    two.done("add", "ポンプ", "--activity", "電話", "-m", "皆の話")
    two.done("sync")
    reader.done("sync")
    assert len(says(reader)["log"]) == len(before["log"]) + 1


def test_who_joins_reads_what_the_diary_is_for(capsys, one):
    """The team's own sentence."""
    text = one.schema.read_text(encoding="utf-8")
    sentence = "次の一手を一緒に考えるための日報で、査定には使いません"
    one.schema.write_text(text.replace("\nstages:", f"\nteam:\n  purpose: {sentence}\n\nstages:", 1), encoding="utf-8")
    one.deal("弁")
    one.done("sync")
    two = Shell(capsys, one.journal.parent / "two")
    assert sentence in two.done("team", "join", one.done("team", "invite", "鈴木", "--json").json["code"]).err


def test_a_move_to_a_folder_that_breaks_off_goes_on_under_its_key(capsys, one, tmp_path, monkeypatch):
    """What is there already counts; a folder that holds another team's records is none to go on in."""
    two = joined(capsys, one, "鈴木")
    one.done("sync")
    new, ask, left = tmp_path / "new", FolderCarrier.append, [1]
    new.mkdir()

    def once(carrier: FolderCarrier, *args: object, **options: object) -> None:
        if not left[0]:
            raise CarrierError("no answer")
        left[0] -= 1
        ask(carrier, *args, **options)

    with monkeypatch.context() as patched:
        patched.setattr(FolderCarrier, "append", once)
        assert one("team", "move", f"folder:{new}").code == 1
    assert list(new.iterdir()) != []
    [code] = one.done("team", "move", f"folder:{new}", "--json").json["codes"]
    two.done("team", "join", code["code"])
    one.deal("移った後の案件")
    for shell in (one, two):
        shell.done("sync")
    assert says(one) == says(two)
    assert "ポンプ" in opened(new, read_code(code["code"]).key)


def test_a_folder_that_is_no_more_is_left_alone(capsys, one, share):
    """The diary is one's own again with all that it holds; one of two ways to leave has to be said."""
    two = joined(capsys, one, "鈴木")
    share.rename(share.with_name("away"))
    before = says(two)
    for words in ((), ("--alone", "--to", "佐藤")):
        assert two("team", "leave", "--yes", *words).code == 2
    done = two.done("team", "leave", "--alone", "--yes", "--json").json
    assert (done["name"], done["to"], done["deals"], done["handover"]) == ("鈴木", None, 0, None)
    with closing(sqlite3.connect(two.db)) as cx:
        assert cx.execute("select count(*) from record").fetchone() == (done["held"],)
    assert says(two) == before
    assert two("sync").code == 4


@pytest.mark.parametrize("writes", [True, False])
def test_who_left_comes_back_with_the_diary_that_went_on(capsys, one, writes):
    """What was written on one's own is there for all, as the new device's; what the team has already is there once."""
    two = joined(capsys, one, "鈴木")
    two.done("add", "ポンプ", "--activity", "電話", "-m", "チームでの話")
    two.done("sync")
    two.done("team", "leave", "--alone", "--yes")
    if writes:
        two.done("add", "ポンプ", "--activity", "電話", "-m", "1人での話")
        entry = next(
            one["id"] for one in two.done("log", "--json").json["entries"] if one["values"]["facts"] == "1人での話"
        )
        two.done("edit", entry, "-m", "1人で直した話", "--why", "誤記")
    one.done("add", "ポンプ", "--activity", "電話", "-m", "その間の話")
    code = one.done("team", "invite", "鈴木", "--json").json["code"]
    answer = two.done("team", "join", code, "--yes")
    assert "チームに戻りました" in answer.out
    assert ("離れていた間に書いたログ 2件" in answer.out) == writes
    for shell in (one, two, one):
        assert shell.done("sync", "--json").json["waiting"] == []
    assert says(one) == says(two)
    said = [text for _, text in says(one)["log"]]
    own = ["1人で直した話"] if writes else []
    assert sorted(said) == sorted(["見積の話", "チームでの話", "その間の話", *own])
    assert kept(two.db) == rebuilt(two.db)
    assert own_device(two) == read_code(code).device
    assert "問題は見つかりませんでした" in two.done("doctor").out


def test_a_schema_that_was_changed_on_ones_own_is_never_the_teams(capsys, one):
    """Whoever comes back reads what they wrote under it; in force is the team's, in `schema.yaml` too, and one's own stays beside it."""
    two = joined(capsys, one, "鈴木")
    two.done("team", "leave", "--alone", "--yes")
    text = two.schema.read_text(encoding="utf-8")
    for label in ("往訪", "来訪"):
        two.schema.write_text(text.replace("label: 訪問", f"label: {label}"), encoding="utf-8")
        if label == "往訪":
            two.done("add", "ポンプ", "--activity", "電話", "-m", "1人での話")
    code = one.done("team", "invite", "鈴木", "--json").json["code"]
    answer = two.done("team", "join", code, "--yes")
    [aside] = two.journal.glob("schema.*.yaml")
    assert "label: 来訪" in aside.read_text(encoding="utf-8")
    assert aside.name in answer.err
    for shell in (one, two, one):
        shell.done("sync")
        assert shell.schema.read_text(encoding="utf-8") == text
        assert kept(shell.db) == rebuilt(shell.db)
    two.done("add", "ポンプ", "--activity", "電話", "-m", "戻ってからの話")
    in_force = "select count(*), max(place) from agreement where place is not null"
    for shell in (two, one):
        shell.done("sync")
        assert shell.schema.read_text(encoding="utf-8") == text
        with closing(sqlite3.connect(shell.db)) as cx:
            assert cx.execute(in_force).fetchone() == (2, 2)
    assert says(one) == says(two)


def test_a_way_back_that_broke_off_goes_on_with_the_same_code(capsys, one, monkeypatch):
    """Killed once the records are the new device's: the role, and whose it is, are said with the second try."""
    two = joined(capsys, one, "鈴木")
    two.done("team", "leave", "--alone", "--yes")
    two.done("add", "ポンプ", "--activity", "電話", "-m", "1人での話")
    code = one.done("team", "invite", "鈴木", "--role", "lead", "--json").json["code"]
    with monkeypatch.context() as patched:
        patched.setattr(coming_back, "claim_device", fail)
        assert two("team", "join", code, "--yes").code != 0
    assert "チームに戻りました" in two.done("team", "join", code, "--yes").out
    for shell in (one, two):
        shell.done("sync")
    assert says(one) == says(two)
    assert [text for _, text in says(one)["log"]] == ["1人での話", "見積の話"]
    devices = two.done("team", "status", "--json").json["devices"]
    assert [(row["name"], row["role"]) for row in devices if row["device"] == own_device(two)] == [("鈴木", "lead")]
    two.done("team", "invite", "田中", "--role", "lead")


def fail(*_: object) -> None:
    """The power is gone."""
    raise OSError


def test_what_a_team_left_behind_in_the_diary_goes_with_it(capsys, one):
    """The next team asks for no place of the one before."""
    with closing(sqlite3.connect(one.db)) as cx:
        cx.execute("insert or replace into meta values ('team_moving', 'x'), ('team_waiting', '[]')")
        cx.commit()
    one.done("team", "leave", "--alone", "--yes")
    with closing(sqlite3.connect(one.db)) as cx:
        notes = dict(cx.execute("select key, value from meta where key like 'team%'"))
    assert {*notes.values()} == {""}


@pytest.fixture
def half_taken(capsys, one, share, tmp_path, monkeypatch) -> Shell:
    """A member whose machine was switched off while a colleague's import was put in deal by deal, and who commented on an entry of it
    that came before others of lower numbers."""
    two = joined(capsys, one, "鈴木")
    rows = [f"2026-11-{1 + n % 20:02d},案件{n % 10},青葉製作所,電話,ヒアリング,話{n}" for n in range(200)]
    file = tmp_path / "crm.csv"
    file.write_text("\n".join(["日付,案件,顧客,活動,フェーズ,事実", *rows]), encoding="utf-8")
    one.done("import", str(file), "--yes")
    one.done("sync")
    commit, done = taking._Transactions.end, []

    def end(self) -> None:
        if len(done) == 5:
            raise KeyboardInterrupt
        done.append(commit(self))

    with monkeypatch.context() as patched:
        patched.setattr(taking, "MOST", 20)
        patched.setattr(taking._Transactions, "end", end)
        assert two("sync").code == 130
    entries = two.done("log", "--json", "--limit", "0").json["entries"]
    with closing(sqlite3.connect(two.db)) as cx:
        [last] = cx.execute("select max(last_number) from device").fetchone()
    early = [entry["id"] for entry in entries if int(entry["id"].split("-")[1]) > last]
    assert 0 < len(early) < len(entries) < 200
    two.done("comment", early[0], "-m", "なるほど")
    return two


def held_of(shell: Shell) -> tuple[int, int, list[tuple[str, str]]]:
    """How many records and entries there are, and what comments say of what."""
    facts = {
        entry["id"]: entry["values"]["facts"] for entry in shell.done("log", "--json", "--limit", "0").json["entries"]
    }
    with closing(sqlite3.connect(shell.db)) as cx:
        [n] = cx.execute("select count(*) from record where kind <> 'member' and kind <> 'schema'").fetchone()
    comments = shell.done("comment", "--json").json["comments"]
    return n, len(facts), [(facts[one["entry"]], one["text"]) for one in comments]


def test_what_came_in_part_goes_along_when_one_leaves_alone(half_taken, tmp_path):
    """It is counted, a check says that some lacks, and another team gets all that one has, under numbers without a gap."""
    two = half_taken
    before = held_of(two)
    held = two.done("team", "leave", "--alone", "--yes", "--json").json["held"]
    with closing(sqlite3.connect(two.db)) as cx:
        assert cx.execute("select count(*) from record").fetchone() == (held,)
    checked = two.done("doctor").out
    assert "途中で終わった同期" in checked
    assert "nippo sync" not in checked
    other = tmp_path / "other"
    other.mkdir()
    two.done("team", "begin", f"folder:{other}", "--yes")
    assert held_of(two) == before
    assert kept(two.db) == rebuilt(two.db)
    health = examine(two.db)
    assert (health.sound, health.notes) == (True, [])


def test_who_left_alone_in_the_middle_of_a_sync_comes_back(half_taken, one):
    """The rest comes then, and the comment is on what it was on."""
    two = half_taken
    comments = held_of(two)[2]
    two.done("team", "leave", "--alone", "--yes")
    code = one.done("team", "invite", "鈴木", "--json").json["code"]
    two.done("team", "join", code, "--yes")
    two.done("sync")
    one.done("sync")
    assert held_of(two)[2] == comments
    assert says(one) == says(two)
    assert examine(two.db).sound


def test_a_log_without_what_came_early_says_so(half_taken, tmp_path):
    """It is told on the side; after the next sync nothing is left out."""
    answer = half_taken.done("export", "--log", "-o", str(tmp_path / "log.jsonl"))
    assert "書き出していません" in answer.err
    half_taken.done("sync")
    again = half_taken.done("export", "--log", "-o", str(tmp_path / "log2.jsonl"))
    assert "書き出していません" not in again.err
