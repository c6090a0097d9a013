"""A team's commands on a journal that an older nippo left: what writes brings it up to date, what only reads leaves it alone."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from members import joined
from shell import Shell
from sqlite_utils import Migrations

from nippo_cli.journal.log import tables
from nippo_cli.journal.write import migrations


@pytest.fixture
def upgraded(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Upgrades nippo to one with another format."""

    def upgrade() -> None:
        steps = Migrations("nippo")
        for name in sorted(name for name in vars(migrations) if re.match(r"m\d{3}_", name)):
            steps()(getattr(migrations, name))

        @steps()
        def m999_another(db: object) -> None: ...

        monkeypatch.setattr(migrations, "journal", steps)
        monkeypatch.setattr(tables, "FORMAT", tables.FORMAT + 1)

    return upgrade


def format_of(journal: Path) -> int:
    """The format that the file says it has."""
    with closing(sqlite3.connect(journal)) as cx:
        [(file_format,)] = cx.execute("pragma user_version")
    return file_format


@pytest.mark.parametrize(
    "argv",
    [
        ("sync",),
        ("team", "invite", "高橋"),
        ("team", "revoke", "鈴木"),
        ("team", "leave", "--alone", "--yes"),
    ],
)
def test_what_writes_brings_an_older_journal_up_to_date(capsys, one: Shell, upgraded, argv: tuple[str, ...]):
    """A checked copy of it is kept beside."""
    joined(capsys, one, "鈴木")
    before = one.db.read_bytes()
    upgraded()
    one.done(*argv)
    [copy] = one.journal.glob("journal.before-m999*.db")
    assert format_of(copy) == tables.FORMAT - 1
    assert format_of(one.db) == tables.FORMAT
    with closing(sqlite3.connect(copy)) as cx, closing(sqlite3.connect(":memory:")) as was:
        was.deserialize(before)
        log = "select * from record order by id"
        assert cx.execute(log).fetchall() == was.execute(log).fetchall()


def test_records_come_and_go_with_the_sync_that_brings_it_up_to_date(capsys, one: Shell, upgraded):
    """The words of both are with both."""
    two = joined(capsys, one, "鈴木")
    two.deal("弁", facts="鈴木の話")
    upgraded()
    two.done("sync")
    one.done("sync")
    assert "鈴木の話" in one.done("log").out


def test_who_settles_at_a_terminal_brings_it_up_to_date(monkeypatch, one: Shell, upgraded):
    """`team settle` writes what is answered; its list is a look as any."""
    upgraded()
    assert one("team", "settle", "--list").code == 5
    monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", True)
    one.done("team", "settle")
    assert format_of(one.db) == tables.FORMAT


def test_a_look_at_the_team_leaves_an_older_journal_alone(one: Shell, upgraded):
    """As every look does; it names the command that may change it."""
    before = one.db.read_bytes()
    upgraded()
    said = one("team", "status")
    assert said.code == 5
    assert "doctor --rebuild" in said.err
    assert one.db.read_bytes() == before
