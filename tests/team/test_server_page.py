"""docs/team-server.md is true: what it has an administrator type is typed, on a server of one's own."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from servers import Server
from shell import Shell, settle

PAGE = Path(__file__).parents[2] / "docs" / "team-server.md"
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ADMIN = "postgresql://postgres@db.example.co.jp/nippo"
FENCES = _FENCE.findall(PAGE.read_text(encoding="utf-8"))
LINES = [line for tag, text in FENCES if not tag for line in text.splitlines()]


def test_a_server_is_set_up_as_the_page_says(capsys, monkeypatch, tmp_path, server: Server):
    """The command that it shows as printed is printed, with what differs from server to server."""
    settle(monkeypatch, tmp_path)
    shell = Shell(capsys, tmp_path / "lead")
    host = [shlex.split(line)[1:] for line in LINES if line.startswith("nippo team host")]
    assert len(host) == 2
    for argv in host:
        assert ADMIN in argv
        out = shell.done(*(server.admin() if one == ADMIN else one for one in argv), *["--new-team"]).out
    printed = next(line for line in out.splitlines() if line.startswith("nippo team begin"))
    [shown] = [line for line in LINES if line.startswith("nippo team begin")]
    general = re.escape(shown).replace("PASSWORD", ".*").replace(":.*@", "(:.*)?@").replace("TEAM", "t[0-9a-f]{12}")
    general = general.replace("TOKEN", "[0-9a-f]{64}").replace(
        re.escape("db.example.co.jp"), rf"127\.0\.0\.1:{server.port}"
    )
    assert re.fullmatch(general, printed)


@pytest.mark.parametrize(
    "statement", [one for tag, text in FENCES if tag == "sql" for one in re.findall(r"[^;]+;", text)]
)
def test_the_statements_of_the_page_run(server: Server, statement: str):
    """As its administrator types them."""
    server.found()
    with psycopg.connect(server.admin()) as cx:
        cx.execute(statement)


def test_a_dump_as_the_page_says_holds_the_team(server: Server, tmp_path: Path):
    """Of the schema alone, by the program that comes with the server."""
    [line] = [line for line in LINES if line.startswith("pg_dump")]
    program, *argv = shlex.split(line.replace(ADMIN, server.admin()).replace("nippo.sql", str(tmp_path / "nippo.sql")))
    server.found()
    subprocess.run([server.programs / (program + (".exe" if sys.platform == "win32" else "")), *argv], check=True)
    dump = (tmp_path / "nippo.sql").read_text(encoding="utf-8")
    assert "COPY nippo.record" in dump
    assert "CREATE FUNCTION nippo.push_1(" in dump
