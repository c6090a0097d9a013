"""A team's diary on a PostgreSQL server, as its members meet it."""

import pytest
from derived import kept, rebuilt
from servers import Server
from shell import Shell, settle


@pytest.fixture
def lead(capsys, monkeypatch, tmp_path, server: Server) -> Shell:
    """The founder: a diary with a deal, which is the team's."""
    settle(monkeypatch, tmp_path)
    shell = Shell(capsys, tmp_path / "lead")
    shell.deal("ポンプ", facts="見積の話")
    shell.done("team", "begin", server.found(), "--yes")
    return shell


def joined(capsys, inviter: Shell, name: str, *options: str, role: str = "member") -> Shell:
    """A colleague."""
    code = inviter.done("team", "invite", name, "--role", role, "--json").json["code"]
    shell = Shell(capsys, inviter.journal.parent / f"{name}-{role}")
    shell.done("team", "join", code, "--yes", *options)
    return shell


def says(shell: Shell) -> dict[str, object]:
    """What a member reads."""
    log = shell.done("log", "--json").json
    return {
        "log": [(entry["id"], entry["values"].get("facts", "")) for entry in log["entries"]],
        "deals": shell.done("deal", "list", "--json").out,
        "gap": shell.done("gap", "--json").out,
    }


def test_three_members_read_one_diary(capsys, lead):
    """Begun by the address that the administrator got, joined by codes; each page is the same for all."""
    two = joined(capsys, lead, "鈴木")
    three = joined(capsys, lead, "高橋")
    for shell in (lead, two):
        shell.done("sync")
    two.done("add", "ポンプ", "--activity", "電話", "-m", "電話の話", "--next-step", "見積", "--next-on", "+9d")
    two.done("sync")
    for shell in (lead, three):
        shell.done("sync")
    assert says(lead) == says(two) == says(three)
    assert {text for _, text in says(lead)["log"]} == {"見積の話", "電話の話"}
    for shell in (lead, two, three):
        assert kept(shell.db) == rebuilt(shell.db)
    status = three.done("team", "status", "--json").json
    assert all(row["held"] == row["published"] for row in status["devices"])
    assert status["address"] == f"postgresql://nippo@127.0.0.1:{status['address'].rpartition(':')[2]}"
    assert "#" not in status["address"]
