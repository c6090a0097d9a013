"""Another copy of the journal beside it, and a journal that is no longer where it was."""

import os
import shutil
from pathlib import Path

import pytest
from shell import FIRST, Shell

from nippo_cli.journal.care.beside import conflicted_copies

DROPBOX = "journal (PC2's conflicted copy 2026-11-23).db"


def said(nippo: Shell, facts: str) -> None:
    """One more entry."""
    nippo.done("add", "A機", "--activity", "社内", "-m", facts)


@pytest.fixture
def other(nippo: Shell):
    """Two machines that wrote to one journal at once: the other's file lies beside it, by its name of choice."""
    nippo.done("add", "A機", *FIRST, "-m", "共通")
    before = nippo.db.read_bytes()
    said(nippo, "PC2は一")
    said(nippo, "PC2は二")
    theirs = nippo.db.read_bytes()
    nippo.db.write_bytes(before)
    said(nippo, "PC1")
    path = nippo.journal / DROPBOX
    path.write_bytes(theirs)
    return path


@pytest.mark.parametrize("name", [
    DROPBOX, "journal (conflicted copy 2026-11-23 180000).db", "journal-PC2.db", "journal (1).db", "journal - コピー.db",
    "journal.sync-conflict-20261123-180000-ABCDEFG.db", "journal_conf(1).db", "journal 2.DB",
])  # fmt: skip
def test_a_copy_is_known_by_its_name(tmp_path, name):
    """As Dropbox, Nextcloud, OneDrive, Google Drive, Explorer, Syncthing, Box and iCloud name them."""
    (tmp_path / name).touch()
    assert [copy.name for copy in conflicted_copies(tmp_path / "journal.db")] == [name]


@pytest.mark.parametrize("name", [
    "journal.db", "journal.db-journal", "journal.20261123-180000.db", "journal-20261123-180000.db", "journal2.db",
    "journal-20261123-180000-2.damaged.db", "journal.before-m008_name.db", "journals.db", "schema.yaml", "journal-x.csv",
])  # fmt: skip
def test_what_nippo_made_itself_and_other_files_are_none(tmp_path, name):
    """Backups, what a restore or an upgrade set aside, and files of other names."""
    (tmp_path / name).touch()
    assert conflicted_copies(tmp_path / "journal.db") == []


def test_a_journal_of_ones_own_naming_has_neighbours(tmp_path):
    """`team-2025.db` beside `team.db` may be last year's; what says that it is a copy is one."""
    for name in ("team-2025.db", "team (1).db", "team.sync-conflict-20261123-1-A.db"):
        (tmp_path / name).touch()
    found = [copy.name for copy in conflicted_copies(tmp_path / "team.db")]
    assert found == ["team (1).db", "team.sync-conflict-20261123-1-A.db"]


def test_doctor_counts_what_only_the_copy_has(nippo: Shell, other):
    """Two records, both entries, though one bears the number of an entry of here; the journal itself is sound."""
    notes = {note["key"]: note["message"] for note in nippo.done("doctor", "--json").json["notes"]}
    assert DROPBOX in notes["doctor.copy.more"]
    assert "2件（うち日報2件）" in notes["doctor.copy.more"]
    shutil.copy(nippo.db, other)
    assert [note["key"] for note in nippo.done("doctor", "--json").json["notes"]] == ["doctor.copy.same"]
    other.write_bytes(b"half a file")
    assert [note["key"] for note in nippo.done("doctor", "--json").json["notes"]] == ["doctor.copy.unreadable"]


def test_the_morning_page_names_it_and_opens_nothing(nippo: Shell, other, monkeypatch):
    """By a listing of the folder alone: the file need not be a journal."""
    other.write_bytes(b"")
    assert nippo.done("--json").json["copies"] == [DROPBOX]
    assert "nippo doctor" in nippo.done().out
    other.unlink()
    assert nippo.done("--json").json["copies"] == []


def test_the_copy_is_read_as_doctor_says(nippo: Shell, other):
    """Its log, by the very command, without a change to it."""
    before = other.read_bytes()
    entries = nippo.bare("--journal", str(other), "log", "--json").json["entries"]
    assert sorted(entry["values"]["facts"] for entry in entries) == ["PC2は一", "PC2は二", "共通"]
    assert other.read_bytes() == before


def test_a_vanished_journal_is_not_one_that_never_was(nippo: Shell):
    """Every command says so, and none begins an empty one in its place but `init`."""
    never = nippo("log")
    assert (never.code, "なくなっています" in never.err) == (4, False)
    nippo.done("add", "A機", *FIRST, "-m", "x")
    shutil.rmtree(nippo.journal)
    for argv in (("log",), ("add", "B機", *FIRST, "-m", "y"), ("undo",), (), ("gap",)):
        answer = nippo(*argv)
        assert answer.code != 0, argv
        assert "なくなっています" in answer.err, argv
        assert not nippo.db.exists()
    nippo.done("init", "--template", "default")
    nippo.done("add", "B機", *FIRST, "-m", "y")


def test_a_vanished_folder_of_this_place_is_no_journal_that_never_was(
    nippo: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`.nippo` of the current folder was written to and is gone: no entry goes to an empty journal at home instead. A folder where
    there never was one is as before."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    project, other = tmp_path / "p", tmp_path / "o"
    for folder in (project / "sub", other):
        folder.mkdir(parents=True)
    monkeypatch.chdir(project)
    nippo.bare("init", "--here")
    assert nippo.bare("add", "--activity", "社内", "-m", "x").code == 0
    (project / ".nippo").rename(tmp_path / "away")
    for folder in (project, project / "sub"):
        monkeypatch.chdir(folder)
        for argv in (("log",), ("add", "--activity", "社内", "-m", "y")):
            answer = nippo.bare(*argv)
            assert (answer.code, "なくなっています" in answer.err) == (4, True), (folder, argv, answer)
    monkeypatch.chdir(other)
    assert "なくなっています" not in nippo.bare("log").err


SCHEMA_COPY = "schema (PC2's conflicted copy 2026-11-23).yaml"


def test_a_copy_of_the_schema_is_told_as_one_of_the_journal_is(nippo: Shell):
    """The morning page names it, the doctor counts the lines that only it has; a file that does not say that it is a copy is none."""
    nippo.done("add", "A機", *FIRST, "-m", "x")
    schema, copy = nippo.journal / "schema.yaml", nippo.journal / SCHEMA_COPY
    (nippo.journal / "schema-2025.yaml").write_text("x", encoding="utf-8")
    copy.write_bytes(schema.read_bytes())
    assert nippo.done("--json").json["copies"] == [SCHEMA_COPY]
    assert [note["key"] for note in nippo.done("doctor", "--json").json["notes"]] == ["doctor.schema_copy.same"]
    copy.write_bytes(schema.read_bytes().replace(b"\n", b"\r\n") + "# 二行\r\n# だけ\r\n".encode())
    (note,) = nippo.done("doctor", "--json").json["notes"]
    assert (note["key"], SCHEMA_COPY in note["message"], "2行" in note["message"]) == (
        "doctor.schema_copy.more",
        True,
        True,
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_that_looks_like_a_copy_is_not_waited_for(nippo: Shell):
    """Nor is one under the name of what a restore set aside."""
    nippo.done("add", "A機", *FIRST, "-m", "x")
    for name in (SCHEMA_COPY, DROPBOX, "journal.20261123-180000.db"):
        os.mkfifo(nippo.journal / name)
    notes = [note["key"] for note in nippo.done("doctor", "--json").json["notes"]]
    assert notes == ["doctor.copy.unreadable", "doctor.schema_copy.unreadable"]
    assert nippo("show", "999").code == 4
