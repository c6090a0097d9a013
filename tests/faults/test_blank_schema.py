"""A `schema.yaml` that a crash, a full disk or a folder service left without a word in it, or that can't be read: no edit."""

import errno
import os
import shlex
from pathlib import Path

import pytest
from shell import FIRST, Shell

from nippo_cli.base import files
from nippo_cli.schema.templates import text_of
from nippo_cli.services.context import active_schema as agreed

ADD = ("add", "案件", "--activity", "電話", "-m", "話した")
READS = (("log",), ("deal", "show", "案件"), ("gap",), ("schema", "show"), ("draft", "list"), ())
BLANK = {"empty": b"", "blanks": b" \r\n\n", "zeros": bytes(4096), "a mark": b"\xef\xbb\xbf"}


def command_of(notice: str) -> list[str]:
    """The command that a notice ends in, without nippo itself."""
    return shlex.split(notice.strip().rpartition("nippo ")[2])


@pytest.mark.parametrize("content", BLANK.values(), ids=BLANK)
def test_a_blank_schema_blocks_neither_reads_nor_writes(kept: Shell, content):
    """All goes on under the one adopted last, with one notice; the notice's command brings the file back."""
    before = kept.schema.read_bytes()
    adopted = kept.done("schema", "show", "--json").json["adopted_at"]
    kept.schema.write_bytes(content)
    for read in READS:
        told = kept.done(*read).err
        assert told.count(str(kept.schema)) == (read != ("draft", "list")), read
    told = kept.done(*ADD).err
    assert told.count(str(kept.schema)) == 1
    assert "空です" in told
    assert kept("add", "案件", "--activity", "散歩", "-m", "x").code == 3
    assert kept.schema.read_bytes() == content
    kept.bare(*command_of(told))
    assert kept.schema.read_bytes() == before
    shown = kept.done("schema", "show", "--json")
    assert (shown.json["adopted_at"], shown.json["differs"], shown.err) == (adopted, False, "")
    assert kept.done(*ADD).err == ""


@pytest.mark.parametrize("number", [errno.EIO, errno.EACCES], ids=["a broken disk", "no permission"])
@pytest.mark.parametrize("first", ["journal", "entry"])
def test_a_schema_that_nobody_can_look_for_is_not_taken_for_none(nippo: Shell, monkeypatch, number, first):
    """The first journal begins under what the team agreed to, or not at all: the default is not adopted in its place."""
    nippo.schema.parent.mkdir(mode=0o700)
    own = text_of("default", "ja").replace("- key: hearing\n", "- key: heard\n")
    nippo.schema.write_text(own, encoding="utf-8")
    looked_at = os.lstat

    def nobody_knows(path: object, *more: object, **options: object) -> os.stat_result:
        if str(path) == str(nippo.schema):
            raise OSError(number, os.strerror(number), str(path))
        return looked_at(path, *more, **options)

    with monkeypatch.context() as patched:
        patched.setattr(os, "lstat", nobody_knows)
        patched.setattr(Path, "lstat", nobody_knows)
        refused = nippo("init") if first == "journal" else nippo(*ADD[:2], *FIRST, "-m", "初めて")
    assert refused.code in (1, 5), refused
    assert not nippo.db.exists()
    assert nippo.schema.read_text(encoding="utf-8") == own


@pytest.mark.parametrize(
    "reason", [PermissionError(13, "Permission denied"), OSError(5, "Input/output error")], ids=str
)
def test_a_schema_that_cant_be_read_is_no_edit_either(kept: Shell, monkeypatch, reason):
    """No permission, a bad sector: the adopted one stays in force, and the notice says so."""
    kept.schema.write_text("nippo: 1\n", encoding="utf-8")

    def unreadable(*_: object) -> bytes:
        raise reason

    monkeypatch.setattr(agreed, "read_whole", unreadable)
    for command in (("log",), ADD):
        told = kept.done(*command).err
        assert told.count(str(kept.schema)) == 1
        assert "読めません" in told


@pytest.mark.parametrize("name", ["option", "environment"])
def test_a_blank_schema_elsewhere_names_itself(kept: Shell, tmp_path: Path, monkeypatch, name):
    """`--schema` and `NIPPO_SCHEMA`: the command of the notice finds the same file."""
    elsewhere = tmp_path / "team folder" / "our.yaml"
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(b"")
    how = ("--schema", str(elsewhere)) if name == "option" else ()
    if not how:
        monkeypatch.setenv("NIPPO_SCHEMA", str(elsewhere))
    told = kept.done(*how, *ADD).err
    assert kept.bare(*command_of(told)).code == 0
    assert elsewhere.read_text(encoding="utf-8") == text_of("default")


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_stays_one(kept: Shell, tmp_path: Path):
    """A team's file that the journal's own leads to is written where it is."""
    shared = tmp_path / "shared.yaml"
    shared.write_bytes(b"")
    kept.schema.unlink()
    kept.schema.symlink_to(shared)
    kept.done("schema", "restore")
    assert kept.schema.is_symlink()
    assert shared.read_text(encoding="utf-8") == text_of("default")


@pytest.mark.parametrize("content", BLANK.values(), ids=BLANK)
@pytest.mark.parametrize(
    "begin", [("add", "案件", *FIRST, "-m", "話した"), ("init",), ("init", "--template", "parts")], ids=len
)
def test_a_first_journal_beside_a_blank_schema_is_begun_all_the_same(nippo: Shell, begin, content):
    """As a crash of the first command leaves it: the file is the default's, or the template's, from then on."""
    nippo.journal.mkdir()
    nippo.schema.write_bytes(content)
    nippo.done(*begin)
    wanted = text_of("parts" if "parts" in begin else "default")
    assert nippo.schema.read_bytes().decode() == wanted
    assert nippo.done("schema", "show", "--json").json["differs"] is False


def test_a_first_entry_that_is_refused_leaves_no_schema(nippo: Shell):
    """Neither a blank one nor one of its own making."""
    nippo.journal.mkdir()
    nippo.schema.write_bytes(b"")
    assert nippo("add", "--activity", "散歩", "-m", "x").code == 3
    assert list(nippo.journal.iterdir()) == []


def test_init_begun_once_more_goes_on(nippo: Shell):
    """Killed between the schema and the journal: the same command once more; another template is refused."""
    nippo.journal.mkdir()
    nippo.schema.write_text(text_of("parts"), encoding="utf-8", newline="\n")
    assert nippo("init", "--template", "route").code == 2
    nippo.done("init", "--template", "parts")


def test_a_new_schema_takes_the_place_of_a_blank_one_alone(nippo: Shell, tmp_path: Path):
    """One that says anything is never overwritten."""
    (tmp_path / "schema.yaml").write_bytes(b"")
    nippo.done("schema", "new", "--template", "parts")
    assert (tmp_path / "schema.yaml").read_text(encoding="utf-8") == text_of("parts")
    assert nippo("schema", "new", "--template", "route").code == 2
    assert (tmp_path / "schema.yaml").read_text(encoding="utf-8") == text_of("parts")


WRITING = (
    ("init",), ("init", "--template", "parts"), ("schema", "new", "x.yaml", "--template", "parts"),
    ("schema", "restore"), ("add", "案件", *FIRST, "-m", "x"),
)  # fmt: skip


@pytest.mark.parametrize("argv", WRITING, ids=len)
def test_a_schema_is_written_whole_or_not_at_all(kept: Shell, nippo: Shell, tmp_path: Path, monkeypatch, argv):
    """Whatever ends before it is on the disk: what was there is as it was."""
    if argv[-1] != "restore":
        nippo = Shell(kept._capsys, tmp_path / "fresh")
    else:
        nippo.schema.write_bytes(b"")
    before = nippo.schema.read_bytes() if nippo.schema.exists() else None

    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "sync_file", no_room)
    answer = nippo(*argv)
    assert answer.code in (1, 2, 5)
    assert "No space left" in answer.err or "空き" in answer.err
    assert (nippo.schema.read_bytes() if nippo.schema.exists() else None) == before
    assert not (tmp_path / "x.yaml").exists()
    assert not list(tmp_path.rglob("*.part"))


def test_a_broken_schema_keeps_the_entry_as_a_draft(kept: Shell, monkeypatch):
    """By options, in the editor, by questions: exit 2, file and line, and all that was typed. Mended, it is recorded."""
    good = kept.schema.read_text(encoding="utf-8")
    kept.schema.write_text("nippo: 1\nname: [a\n", encoding="utf-8")
    monkeypatch.setenv("EDITOR", "true")
    for more in ((), ("-e",)):
        answer = kept(*ADD, *more)
        assert (answer.code, answer.out) == (2, "")
        assert "schema.yaml:2" in answer.err
        # The same text again is the same draft.
        assert "add --resume" in answer.err
    monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", True)
    monkeypatch.setattr("nippo_cli.cli.add.start.can_converse", lambda: True)
    assert "add --resume" in kept("add", "案件", "-m", "話した").err
    monkeypatch.undo()
    kept.schema.write_text(good, encoding="utf-8")


def test_a_first_entry_beside_a_broken_schema_is_given_back(nippo: Shell):
    """There is no agreement by which its options could be read: the command line is the last resort."""
    nippo.journal.mkdir()
    nippo.schema.write_text("nippo: 1\nname: [a\n", encoding="utf-8")
    argv = ("add", "案件", *FIRST, "-m", "大事な話")
    answer = nippo(*argv)
    assert answer.code == 2
    typed = shlex.split(answer.err.partition("入力したコマンド:\n")[2])[1:]
    assert typed == ["--journal", str(nippo.journal), *argv]
    nippo.schema.unlink()
    assert nippo.bare(*typed).code == 0


# --- schema restore


def test_restore_sets_another_file_aside(kept: Shell):
    """A file with words in it is kept under the time; the one adopted last is back, and the answer says both."""
    good = kept.schema.read_bytes()
    for n in range(2):
        kept.schema.write_text(f"broken {n}", encoding="utf-8")
        kept.done("schema", "restore", "--dry-run")
        assert kept.schema.read_text(encoding="utf-8") == f"broken {n}"
        answer = kept.done("schema", "restore", "--json").json
        assert (answer["what"], kept.schema.read_bytes()) == ("schema_restored_aside", good)
        assert Path(answer["params"]["aside"]).read_text(encoding="utf-8") == f"broken {n}"
    assert len(list(kept.journal.glob("schema.2026112*.yaml"))) == 2


def test_restore_where_there_is_nothing_to_restore(kept: Shell, nippo: Shell, tmp_path: Path):
    """The same file stays as it is; one that is gone comes back; without a journal there is none to come from."""
    assert kept("schema", "restore").code == 2
    kept.schema.unlink()
    kept.done("schema", "restore")
    assert kept.schema.read_text(encoding="utf-8") == text_of("default")
    assert nippo.bare("--journal", str(tmp_path / "none"), "schema", "restore").code == 4
    kept.schema.unlink()
    kept.schema.mkdir()
    assert kept("schema", "restore").code == 2
