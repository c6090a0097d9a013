"""Who leaves a team on a server, is taken out of it, or goes along to another one."""

import pytest
from members import add, cloned, copied, in_step, joined, own_device
from shell import Shell

from nippo_cli.carriers.carrier import Unavailable
from nippo_cli.carriers.postgres import PostgresCarrier


def test_whoever_is_taken_out_is_not_taken_in_any_more(capsys, lead):
    """The server knows the machine no more; what it wrote before stays. A machine that was replaced is not its member's leaving."""
    two, old = joined(capsys, lead, "鈴木"), Shell(capsys, lead.journal.parent / "old")
    old.done("team", "join", lead.done("team", "invite", "鈴木", "--json").json["code"])
    add(two, "前の話")
    in_step(lead, two)
    said = lead.done("team", "revoke", own_device(old)).out
    assert "鈴木さんはほかの端末で続けます" in said
    assert "folder:" not in said
    said = lead.done("team", "revoke", "鈴木").out
    assert "ほかの端末" not in said
    assert "サーバーはこの端末に" in said
    assert "folder:" not in said
    add(two, "後の話")
    assert "受け付けません" in two.done("sync").out
    assert in_step(lead) == {"見積の話", "前の話"}


def test_a_team_moves_to_another_server_and_back_to_a_folder(capsys, lead, server, tmp_path):
    """All of it, by codes for the machines that are of the team still; what is written there goes on."""
    two = joined(capsys, lead, "鈴木")
    add(two, "前の話")
    in_step(lead, two)
    (tmp_path / "share").mkdir()
    for n, address in enumerate((server.found(), f"folder:{tmp_path / 'share'}", server.found())):
        moved = lead.done("team", "move", address, "--json").json
        [code] = [one["code"] for one in moved["codes"]]
        two.done("team", "join", code, "--yes")
        add(two, f"話{n}")
        assert f"話{n}" in in_step(lead, two)


def test_a_copy_made_after_a_move_goes_on(capsys, lead, server):
    """Each journal knows of which device its token is."""
    two = joined(capsys, lead, "鈴木")
    in_step(lead, two)
    [code] = [one["code"] for one in lead.done("team", "move", server.found(), "--json").json["codes"]]
    two.done("team", "join", code, "--yes")
    in_step(lead, two)
    copies = [copied(two, capsys, "copy"), copied(lead, capsys, "other")]
    for shell in (two, lead, *copies):
        add(shell, f"{shell.journal.name}の話")
    assert in_step(lead, two, *copies) >= {"copyの話", "otherの話", "鈴木の話", "leadの話"}


def test_whoever_leaves_gives_the_tokens_back(capsys, lead, server):
    """Nobody reads on by a copy of the journal or of the code."""
    two = joined(capsys, lead, "鈴木")
    add(two, "前の話")
    in_step(lead, two)
    copy = cloned(two, capsys, "copy")
    two.done("team", "leave", "--to", "佐藤", "--yes")
    assert "受け付けません" in copy.done("sync").out
    assert in_step(lead) == {"見積の話", "前の話"}


def test_whoever_is_taken_out_while_the_server_is_down_is_taken_out_once_it_is_up(capsys, lead, server):
    """By the same words: nobody is named as gone whose machine may still read and write."""
    two = joined(capsys, lead, "鈴木")
    in_step(lead, two)
    server.stop()
    try:
        answer = lead("team", "revoke", "鈴木")
        assert (answer.code, "サーバーのPostgreSQLが応じません" in answer.err) == (1, True)
    finally:
        server.start()
    lead.done("team", "revoke", "鈴木")
    assert "受け付けません" in two.done("sync").out


@pytest.mark.parametrize("fails", ["append", "revoke"])
def test_a_server_that_fails_while_one_leaves_is_left_by_the_same_words(capsys, lead, monkeypatch, fails):
    """The handover is shown all the same, and nobody reads on by a copy once it has gone through."""
    two = joined(capsys, lead, "鈴木")
    monkeypatch.setenv("NIPPO_AUTHOR", "鈴木")
    two.deal("弁")
    monkeypatch.setenv("NIPPO_AUTHOR", "佐藤")
    in_step(lead, two)
    copy = cloned(two, capsys, "copy")

    def down(*_args: object, **_options: object) -> None:
        raise Unavailable("team.server.down", "no answer")

    with monkeypatch.context() as patched:
        patched.setattr(PostgresCarrier, fails, down)
        answer = two.done("team", "leave", "--to", "佐藤", "--yes")
    assert "弁" in answer.out
    assert "離れました" not in answer.out
    assert "nippo team leave --to 佐藤" in answer.err
    two.done("team", "leave", "--to", "佐藤", "--yes")
    assert "受け付けません" in copy.done("sync").out
    lead.done("sync")
    assert {deal["owner"] for deal in lead.done("deal", "list", "--json").json["deals"]} == {"佐藤"}
    assert two("sync").code == 4


def test_a_team_whose_codes_can_not_be_made_stays_where_it_is(capsys, lead, server, monkeypatch):
    """Moved without codes it would leave its members behind."""
    two = joined(capsys, lead, "鈴木")
    in_step(lead, two)

    def down(*_args: object) -> bytes:
        raise Unavailable("team.server.down", "no answer")

    with monkeypatch.context() as patched:
        patched.setattr(PostgresCarrier, "invite", down)
        assert lead("team", "move", server.found()).code == 1
    add(two, "まだここの話")
    assert "まだここの話" in in_step(lead, two)


def test_whoever_was_taken_out_has_a_diary_of_their_own_again(capsys, lead):
    """With all that it holds: they are told that nothing is handed over, and nobody hears of it."""
    two = joined(capsys, lead, "鈴木")
    in_step(lead, two)
    lead.done("team", "revoke", "鈴木")
    add(two, "後の話")
    answer = two("team", "leave", "--to", "佐藤", "--yes")
    assert answer.code == 1
    assert "team leave --alone" in answer.err
    done = two.done("team", "leave", "--alone", "--yes")
    assert "引き継いでいません" in done.out
    assert two("sync").code == 4
    assert two.done("log", "--json").json["entries"][0]["values"]["facts"] == "後の話"
    add(two, "自分だけの話")
    assert "自分だけの話" not in in_step(lead)


def test_a_machine_that_was_taken_out_brings_along_what_it_had_not_handed_on(capsys, lead):
    """By the two commands that it is told where it types a new code."""
    two = joined(capsys, lead, "鈴木")
    in_step(lead, two)
    lead.done("team", "revoke", "鈴木")
    add(two, "外された後の話")
    assert "外された後の話" not in in_step(lead)
    code = lead.done("team", "invite", "鈴木", "--json").json["code"]
    refused = two("team", "join", code, "--yes")
    assert refused.code == 2
    assert refused.err.index("team leave --alone") < refused.err.index("team join")
    two.done("team", "leave", "--alone", "--yes")
    two.done("team", "join", code, "--yes")
    assert "外された後の話" in in_step(two, lead)


@pytest.mark.parametrize(("fails", "answers"), [("append", 1), ("begin", 0), ("invite", 1)])
def test_a_move_to_a_server_that_breaks_off_goes_on_by_the_same_words(
    capsys, lead, server, monkeypatch, fails, answers
):
    """Whatever of it was done: the team is moved once, and each member has one code."""
    two, three = joined(capsys, lead, "鈴木"), joined(capsys, lead, "高橋")
    in_step(lead, two, three)
    ask, left = getattr(PostgresCarrier, fails), [answers]

    def once(carrier: PostgresCarrier, *args: object, **options: object) -> object:
        if not left[0]:
            # It was done, and the answer was lost on the way.
            ask(carrier, *args, **options)
            raise Unavailable("team.server.down", "no answer")
        left[0] -= 1
        return ask(carrier, *args, **options)

    place = server.found()
    with monkeypatch.context() as patched:
        patched.setattr(PostgresCarrier, fails, once)
        assert lead("team", "move", place).code == 1
    add(two, "途中の話")
    in_step(lead, two, three)
    codes = lead.done("team", "move", place, "--json").json["codes"]
    for shell, name in ((two, "鈴木"), (three, "高橋")):
        [code] = [one["code"] for one in codes if one["name"] == name]
        shell.done("team", "join", code, "--yes")
        add(shell, f"{name}の移った話")
    assert in_step(lead, two, three) >= {"途中の話", "鈴木の移った話", "高橋の移った話"}
    assert lead("team", "move", place).code == 2
