"""A journal that is not where it was: told, and never begun anew without being asked."""

import os
from pathlib import Path

import pytest
from shell import FIRST, Shell, files

from nippo_cli.cli.frame.context import CliContext
from nippo_cli.cli.frame.main import main

ADD = ("add", "新案件", *FIRST, "-m", "話した")


@pytest.fixture(params=["set aside", "backup", "both"])
def gone(kept: Shell, request) -> tuple[Shell, str]:
    """A journal that was lost, and what is left of it that should be brought back."""
    left = kept.journal / "journal.20261101-000000.db"
    if request.param != "set aside":
        kept.done("backup")
        left = next((kept.journal / "backups").glob("journal-*.db"))
    if request.param != "backup":
        left = kept.db.rename(kept.journal / "journal.20261101-000000.db")
    else:
        kept.db.unlink()
    return kept, str(left)


@pytest.mark.parametrize("command", [
    ADD, (*ADD, "--dry-run"), ("log",), (), ("undo",), ("doctor",), ("backup",), ("day", "-m", "x"),
    ("target", "set", "佐藤", "2026-11", "100万"),
], ids=" ".join)  # fmt: skip
def test_every_command_says_what_lies_there_and_begins_nothing(gone: tuple[Shell, str], command):
    """Nothing but what was typed is written, as a draft; the command that is named brings the journal back."""
    nippo, left = gone
    before = files(nippo.journal)
    answer = nippo(*command)
    assert (answer.code, answer.out) == (4, "")
    assert f"nippo --journal {nippo.journal} restore {left}" in answer.err.splitlines()
    assert files(nippo.journal) == before
    nippo.done("restore", left)
    assert nippo.done("log", "--json").json["total"] == 1


def test_what_was_typed_is_kept(gone: tuple[Shell, str]):
    """Once the journal is back it is recorded."""
    nippo, left = gone
    assert nippo(*ADD).err.endswith("add --resume\n")
    drafts = nippo.done("draft", "list", "--json").json["drafts"]
    assert len(drafts) == 1
    nippo.done("restore", left)
    nippo.done("draft", "resume", str(drafts[0]["number"]))
    assert nippo.done("log", "--json").json["total"] == 2


def test_an_empty_journal_is_begun_where_it_is_asked_for(gone: tuple[Shell, str]):
    """`nippo init` says so in so many words; what lies there stays."""
    nippo, left = gone
    nippo.done("init")
    nippo.done(*ADD)
    assert nippo.done("log", "--json").json["total"] == 1
    assert main(["--journal", left, "log"]) == 0


def test_other_files_are_no_journal_of_before(nippo: Shell):
    """Only what nippo itself names as a copy of this journal."""
    (nippo.journal / "backups").mkdir(parents=True)
    for name in (
        "journal.old.db",
        "other.20261101-000000.db",
        "journal.20261101-000000.yaml",
        "backups/x-20261101-000000.db",
    ):
        (nippo.journal / name).write_bytes(b"x")
    nippo.done(*ADD)


@pytest.mark.parametrize("command", [("add",), ("add", "-e"), ("add", "新案件")], ids=" ".join)
def test_a_person_is_told_before_anything_is_asked(gone: tuple[Shell, str], monkeypatch, command):
    """Neither a question nor the editor comes first: what would be typed could not be recorded."""
    nippo, left = gone
    monkeypatch.setattr(CliContext, "interactive", True)
    monkeypatch.setenv("EDITOR", "false")
    answer = nippo(*command)
    assert (answer.code, answer.out) == (4, "")
    assert answer.err.splitlines()[-1] == f"nippo --journal {nippo.journal} restore {left}"


@pytest.mark.skipif(os.name == "nt", reason="Windows lets not everybody make links")
@pytest.mark.parametrize("command", [ADD, (*ADD, "--dry-run"), ("log",), (), ("undo",), ("init",)], ids=" ".join)
def test_a_link_that_leads_nowhere_is_told_and_nothing_is_begun(nippo: Shell, tmp_path: Path, command):
    """Its drive is not there; once it is, all goes on as before."""
    drive = tmp_path / "drive"
    nippo.done(*ADD)
    nippo.db.rename(tmp_path / "journal.db")
    nippo.db.symlink_to(drive / "journal.db")
    before = files(nippo.journal)
    answer = nippo(*command)
    assert (answer.code, answer.out) == (4, "")
    assert str(drive / "journal.db") in answer.err
    assert files(nippo.journal) == before
    drive.mkdir()
    (tmp_path / "journal.db").rename(drive / "journal.db")
    assert nippo.done("log", "--json").json["total"] == 1


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_journal_of_no_bytes_is_called_so(kept: Shell, lang):
    """As a power cut may leave one on some disks: a backup brings it back, and what was typed is kept."""
    kept.done("backup")
    left = next((kept.journal / "backups").glob("journal-*.db"))
    kept.db.write_bytes(b"")
    for command in (ADD, ("log",), ("doctor",), ("backup",)):
        answer = kept(*command, "--lang", lang)
        assert (answer.code, answer.out) == (5, "")
        assert str(left.parent) in answer.err
        assert "restore" in answer.err
        assert ("add --resume" in answer.err) == (command == ADD)
    assert kept.db.read_bytes() == b""
    kept.done("restore", str(left))
    assert kept.done("log", "--json").json["total"] == 1
