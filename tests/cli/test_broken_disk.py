"""A disk that is broken or full is told as that wherever SQLite met it, and is no fault of nippo's."""

import sqlite3

import pytest
from shell import Shell

from nippo_cli.base.language import t
from nippo_cli.cli.frame import failure
from nippo_cli.services.care import care


@pytest.mark.parametrize(("code", "said"), [
    (sqlite3.SQLITE_IOERR, "journal.io"), (sqlite3.SQLITE_IOERR_UNLOCK, "journal.io"), (sqlite3.SQLITE_FULL, "journal.full"),
])  # fmt: skip
def test_it_is_told_as_such(nippo: Shell, monkeypatch, code, said):
    """With exit code 5 and what to do."""
    nippo.deal("案件")

    def break_off(*_: object) -> None:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = code
        raise error

    monkeypatch.setattr(care, "_spelled_alike", break_off)
    answer = nippo("doctor")
    assert answer.code == 5
    # What is full, or why it failed, is the machine's to say.
    assert t(said, path="\0", why="").partition("\0")[0] in answer.err
    assert t("cli.fault").partition("（")[0] not in answer.err
    assert t("cli.hint") in answer.err


def test_anything_else_is_a_fault(nippo: Shell, monkeypatch):
    """A statement that SQLite does not know is nippo's own mistake."""
    nippo.deal("案件")

    def break_off(*_: object) -> None:
        sqlite3.connect(":memory:").execute("selec 1")

    monkeypatch.setattr(care, "_spelled_alike", break_off)
    assert t("cli.fault").partition("（")[0] in nippo("doctor").err


def test_of_a_large_journal_the_fault_is_said_at_once_and_the_doctor_named(nippo: Shell, monkeypatch):
    """To look through a million entries would keep whoever asked waiting for minutes; a small one is looked through."""
    nippo.deal("案件")
    looked: list[object] = []
    monkeypatch.setattr(care, "damage_of", looked.append)

    def break_off(*_: object) -> None:
        raise KeyError("part")

    monkeypatch.setattr(care, "_spelled_alike", break_off)
    may_be = t("cli.fault_large").partition("nippo")[0]
    assert may_be not in nippo("doctor").err
    monkeypatch.setattr(failure, "_SOON_LOOKED_THROUGH", nippo.db.stat().st_size - 1)
    large = nippo("doctor")
    assert len(looked) == 1
    assert large.code == 1
    assert t("cli.fault", what="KeyError", said="'part'") in large.err
    assert may_be in large.err
