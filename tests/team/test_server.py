"""A team's diary on a PostgreSQL server, as its members meet it."""

import json
import re
import sqlite3
from contextlib import closing

import psycopg
import pytest
from derived import kept, rebuilt
from shell import Shell, settle

from nippo_cli.journal.log import TEAM


def joined(capsys, inviter: Shell, name: str, *options: str, role: str = "member", folder: str = "") -> Shell:
    """A colleague."""
    code = inviter.done("team", "invite", name, "--role", role, "--json").json["code"]
    shell = Shell(capsys, inviter.journal.parent / (folder or name))
    shell.done("team", "join", code, "--yes", *options)
    return shell


def team_of(shell: Shell) -> str:
    """What the server calls the team."""
    with closing(sqlite3.connect(shell.db)) as cx:
        [(noted,)] = cx.execute("select value from meta where key = ?", (TEAM,)).fetchall()
    return str(json.loads(noted)["address"].rpartition("#")[2])


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


def test_a_server_is_set_up_and_stays_so(capsys, monkeypatch, tmp_path, server):
    """A dry run shows the SQL and leaves nothing; done again, nothing changes; a newer server is left alone. No password and no
    token stands in the SQL."""
    settle(monkeypatch, tmp_path)
    shell = Shell(capsys, tmp_path / "none")
    with psycopg.connect(server.admin("postgres"), autocommit=True) as cx:
        cx.execute("create database hosted")
    admin = server.admin("hosted")
    try:
        dry = shell.done("team", "host", admin, "--dry-run", "--login", "hosted")
        assert "create or replace function nippo.push_1(" in dry.out
        assert re.search("create role hosted login password '…'", dry.out)
        assert (
            "nippo 用に整えられていません"
            in shell("team", "begin", server.found().replace("/nippo#", "/hosted#"), "--yes").err
        )
        done = shell.done("team", "host", admin, "--login", "hosted", "--json").json
        assert (done["before"], done["version"], done["password"]) == (0, 1, True)
        assert re.fullmatch(
            r"postgresql://hosted:[\w-]+@127.0.0.1:\d+/hosted#t[0-9a-f]{12}\.[0-9a-f]{64}", done["begin"]
        )
        again = shell.done("team", "host", admin, "--login", "hosted", "--json").json
        assert (again["before"], again["version"], again["begin"]) == (1, 1, None)
        assert "整え直しました" in shell.done("team", "host", admin, "--login", "hosted").out
        more = shell.done("team", "host", admin, "--login", "hosted", "--new-team").out
        assert "パスワード" in more
        assert re.search(r"(?m)^nippo team begin 'postgresql://hosted@[^']*'$", more)
        with psycopg.connect(admin) as cx:
            assert cx.execute("select count(distinct team) from nippo.device").fetchone() == (2,)
            cx.execute("comment on schema nippo is 'nippo 2'")
        assert "新しい版" in shell("team", "host", admin, "--login", "hosted").err
    finally:
        with psycopg.connect(server.admin("postgres"), autocommit=True) as cx:
            cx.execute("drop database hosted with (force)")
            cx.execute("drop role hosted")
    assert not shell.db.exists()


@pytest.mark.parametrize(
    ("argv", "code", "said"),
    [
        (("folder:x",), 2, "postgresql://管理者@ホスト/データベース"),
        (
            ("postgresql://postgres@127.0.0.1:1/x",),
            1,
            "サーバーのPostgreSQLが応じません\n  元の文面: Connection refused\n",
        ),
        (
            ("postgresql://postgres@none.invalid/x",),
            1,
            "サーバーの名前が見つかりません\n  元の文面: failed to resolve host",
        ),
        (("postgresql://me:secret@[x/y",), 2, "アドレスの書き方が読めません"),
        (("ADMIN", "--login", "a b"), 2, "英小文字"),
        (("ADMIN", "--distributed"), 1, "Citus"),
        # Of no TLS, and not of rights.
        (("ADMIN?sslmode=require",), 1, "?sslmode=disable"),
    ],
)
def test_what_can_not_be_set_up_is_said(capsys, monkeypatch, tmp_path, server, argv, code, said):
    """What was typed, and what is allowed; a server that refuses is a failure, and no bad value."""
    settle(monkeypatch, tmp_path)
    answer = Shell(capsys, tmp_path / "none")("team", "host", *(one.replace("ADMIN", server.admin()) for one in argv))
    assert answer.code == code
    assert said in answer.err
    assert "secret" not in answer.err


def test_an_administrator_need_not_be_almighty(capsys, monkeypatch, tmp_path, server):
    """Managed services give a role that may make roles and databases, and no more."""
    settle(monkeypatch, tmp_path)
    with psycopg.connect(server.admin("postgres"), autocommit=True) as cx:
        cx.execute("create role managing login createrole password 'x'")
        cx.execute("create database managed owner managing")
        # The roles of another database of this server are not this administrator's.
        owner = cx.execute("select exists (select from pg_roles where rolname = 'nippo_owner')").fetchone()[0]
        if owner:
            cx.execute("grant nippo_owner to managing with admin option")
    try:
        shell = Shell(capsys, tmp_path / "lead")
        address = server.admin("managed").replace("postgres@", "managing:x@")
        begin = shell.done("team", "host", address, "--login", "managed", "--json").json["begin"]
        shell.done("team", "begin", begin, "--yes")
        assert "新しいものはありません" in shell.done("sync").out
    finally:
        with psycopg.connect(server.admin("postgres"), autocommit=True) as cx:
            cx.execute("drop database managed with (force)")
            cx.execute("drop role managed")
            cx.execute("drop owned by managing cascade")
            cx.execute("drop role managing")


def test_an_address_begins_one_team(capsys, lead, tmp_path, server):
    """Not without its end, and not again."""
    other = Shell(capsys, tmp_path / "other")
    other.deal("弁")
    for address in (server.found().partition("#")[0], server.found().partition(".")[0]):
        assert "欠けています" in other("team", "begin", address, "--yes").err
    address = server.found()
    other.done("team", "begin", address, "--yes")
    third = Shell(capsys, tmp_path / "third")
    third.deal("盤")
    answer = third("team", "begin", address, "--yes")
    assert answer.code == 2
    assert "すでにチームの記録があります" in answer.err
    assert address.rpartition("#")[2] not in answer.err


def test_secrets_are_on_no_page(capsys, lead):
    """The login's password and the token lie in the journal's file, and in a code."""
    secret = re.compile(r"[0-9a-f]{64}|nippo:[^@]+@")
    for argv in (("team", "status"), ("sync", "-v"), ("team", "status", "--json"), ("sync", "--json")):
        answer = lead.done(*argv)
        assert not secret.search(answer.out + answer.err), argv


def test_a_member_invites_no_colleague(capsys, lead):
    """But a second machine of their own."""
    member = joined(capsys, lead, "鈴木")
    answer = member("team", "invite", "高橋")
    assert (answer.code, "リーダーだけ" in answer.err) == (2, True)
    second = joined(capsys, member, "鈴木", "--empty", folder="second")
    assert len(says(second)["log"]) == 1


def test_a_reader_joins_empty_and_reads(capsys, lead, tmp_path):
    """What a reader wrote before stays out; what they follow goes out."""
    code = lead.done("team", "invite", "社長", "--role", "reader", "--json").json["code"]
    reader = Shell(capsys, tmp_path / "reader")
    reader.deal("弁")
    answer = reader("team", "join", code, "--yes")
    assert (answer.code, "--empty" in answer.err) == (2, True)
    reader.done("team", "join", code, "--yes", "--empty")
    assert says(reader) == says(lead)
    words = ("add", "ポンプ", "--activity", "電話", "-m", "書けない話", "--next-step", "見積", "--next-on", "+9d")
    assert "読むだけ" in reader(*words).err
    # Of a client that does not hold to it the server takes nothing either.
    with closing(sqlite3.connect(reader.db)) as cx:
        cx.execute("delete from meta where key = 'team_role'")
        cx.commit()
    reader.done(*words)
    assert "役割では書けない" in reader.done("sync").out
    lead.done("sync")
    assert len(says(lead)["log"]) == 1


def test_an_erasure_reaches_the_server_and_everybody(capsys, lead, server):
    """Its administrator, who can read every row, does not find the words any more."""
    member = joined(capsys, lead, "鈴木")
    lead.done("redact", "3", "--why", "受付12号", "--yes")
    lead.done("sync")
    with psycopg.connect(server.admin()) as cx:
        lines = cx.execute("select line from nippo.record where team = %s", (team_of(lead),)).fetchall()
    assert len(lines) == 7
    assert not any("見積の話" in line for (line,) in lines)
    member.done("sync")
    assert b"\xe8\xa6\x8b\xe7\xa9\x8d\xe3\x81\xae\xe8\xa9\xb1" not in member.db.read_bytes()
    assert says(member) == says(lead)


def test_a_server_restored_from_last_nights_backup_is_given_what_it_lost(capsys, lead, server):
    """By each device its own; and what nobody of theirs gives back, by a lead. Nobody's diary loses anything."""
    member = joined(capsys, lead, "鈴木")
    team = team_of(lead)
    with psycopg.connect(server.admin()) as cx:
        before = {
            name: cx.execute(f"select * from nippo.{name} where team = %s", (team,)).fetchall()
            for name in ("device", "record")
        }
    for shell, words in ((lead, "夜の話"), (member, "朝の話")):
        shell.done("add", "ポンプ", "--activity", "電話", "-m", words, "--next-step", "見積", "--next-on", "+9d")
        shell.done("sync")
    lead.done("sync")
    with psycopg.connect(server.admin()) as cx:
        for name, rows in before.items():
            cx.execute(f"delete from nippo.{name} where team = %s", (team,))
            for row in rows:
                cx.execute(f"insert into nippo.{name} values ({', '.join(['%s'] * len(row))})", row)
    third = joined(capsys, lead, "高橋")
    assert {text for _, text in says(third)["log"]} == {"見積の話"}
    member.done("sync")
    lead.done("sync")
    third.done("sync")
    assert says(third) == says(lead)
    assert {text for _, text in says(third)["log"]} == {"見積の話", "夜の話", "朝の話"}


def test_words_for_what_happens_to_a_server(capsys, lead, server):
    """Down, and a token that was taken away: a line, no failure, and what was written goes out later."""
    member = joined(capsys, lead, "鈴木")
    server.stop()
    try:
        member.done("add", "ポンプ", "--activity", "電話", "-m", "留守の話", "--next-step", "見積", "--next-on", "+9d")
        answer = member.done("sync")
        for page in (answer, member.done("team", "status")):
            line, to_do, own = page.out[page.out.index("いまは届きません") :].splitlines()[:3]
            assert "PostgreSQLが応じません。書いたものは手元にあり" in line
            assert to_do.startswith("  サーバーの管理者に、")
            assert own == "  元の文面: Connection refused"
        why = json.loads(member.done("sync", "--json").out)["unreachable"]
        assert why.splitlines()[::2] == ["サーバーのPostgreSQLが応じません", "元の文面: Connection refused"]
        refused = lead("team", "revoke", "鈴木").err
        assert "PostgreSQLが応じません）、誰も外していません\n  サーバーの管理者に" in refused
        assert "\n  元の文面: Connection refused\n" in refused
        assert "\n  Ask the server's administrator" in member.done("--lang", "en", "sync").out
        assert "hint: ask the server's administrator" in lead("--lang", "en", "team", "invite", "田中").err
    finally:
        server.start()
    assert "送り出し" in member.done("sync").out
    with psycopg.connect(server.admin()) as cx:
        cx.execute("update nippo.device set token_sha256 = null where member = '鈴木' and team = %s", (team_of(lead),))
    assert "参加コード" in member.done("sync").out


def test_a_restored_diary_goes_on_as_another_device(capsys, lead, tmp_path):
    """The server gives it a token of its own by that of before; what it writes reaches everybody."""
    member = joined(capsys, lead, "鈴木")
    member.done("backup", "--to", str(tmp_path / "copies"))
    [copy] = (tmp_path / "copies").glob("*.db")
    member.done("restore", str(copy))
    member.done("add", "ポンプ", "--activity", "電話", "-m", "戻した後の話", "--next-step", "見積", "--next-on", "+9d")
    for _ in range(2):
        assert not member.done("sync", "--json").json["unreachable"]
    lead.done("sync")
    assert says(lead) == says(member)
    assert "戻した後の話" in {text for _, text in says(lead)["log"]}
    names = [row["name"] for row in lead.done("team", "status", "--json").json["devices"]]
    assert sorted(names) == ["佐藤", "鈴木", "鈴木"]
