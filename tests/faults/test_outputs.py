"""What `-o` and other files that a person names may write over, and what becomes of a file when writing fails."""

import io
import os
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import forked
import pytest
from shell import FIRST, Answer, Shell, settle

from nippo_cli.base import files
from nippo_cli.base.language import t
from nippo_cli.cli.completion.command_table import COMMANDS, SHARED
from nippo_cli.cli.frame.main import main

MAP = "source: crm\nkey: id\non: day\ndeal: deal\nfields: {customer: customer, activity: activity, facts: said}\n"
ROWS = "id,day,deal,customer,activity,said\n1,2026-11-20,研磨機,赤城工業,電話,話した\n"
# Commands that are asked for `-o`, and what else each can't do without.
ANSWERING = [path for path, (*_, shared) in COMMANDS.items() if any("-o" in flags for flags, *_ in SHARED[shared])]
VALUES = {
    "deal": "案件",
    "customer or deal": "案件",
    "entry": "3",
    "customer": "青葉製作所",
    "owner": "佐藤",
    "text": "話",
    "date": "今日",
}
FURTHER = {"sales add": ("--amount", "1000", "--customer", "赤城工業"), "team leave": ("--to", "鈴木", "--yes")}
NEVER = ("output.journal", "output.schema", "output.needed", "output.imported", "output.draft")
WAYS = ("the path", "symlink", "hard link")


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rep's folder with one of each of the files that nippo must not lose."""
    folder = tmp_path_factory.mktemp("furnished")
    with pytest.MonkeyPatch.context() as monkeypatch, redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        settle(monkeypatch, folder)
        for name, text in {"crm.csv": ROWS, "map.yaml": MAP}.items():
            (folder / name).write_text(text, encoding="utf-8")
        for journal in ("journal", "other"):
            assert main(["--journal", journal, "add", "案件", *FIRST, "-m", "話を聞いた"]) == 0
        assert main(["--journal", "journal", "import", "crm.csv", "--map", "map.yaml"]) == 0
        assert main(["--journal", "journal", "backup", "--to", "backups"]) == 0
        assert main(["--journal", "journal", "add", "案件", "--activity", "散歩", "-m", "書きかけ"]) == 3
        shutil.copy("other/journal.db", "archive")
        (folder / "other" / "journal.db-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(504))
    return folder


@pytest.fixture
def here(
    furnished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Shell]:
    """The rep's folder, and nippo on its journal."""
    shutil.copytree(furnished, tmp_path, dirs_exist_ok=True)
    settle(monkeypatch, tmp_path)
    return Shell(capsys, tmp_path / "journal")


def protected(folder: Path) -> dict[str, Path]:
    """The files that nothing is written over."""
    (draft,) = folder.glob("state/**/drafts/*.json")
    (copy,) = (folder / "backups").glob("*.db")
    return {
        "the journal": folder / "journal" / "journal.db",
        "the schema": folder / "journal" / "schema.yaml",
        "another journal": folder / "other" / "journal.db",
        "another schema": folder / "other" / "schema.yaml",
        "a rollback journal": folder / "other" / "journal.db-journal",
        "a journal of any name": folder / "archive",
        "the backup": copy,
        "the backup's schema": copy.with_suffix(".schema.yaml"),
        "an import's source": folder / "crm.csv",
        "the map": folder / "map.yaml",
        "the draft": draft,
    }


def typed(path: str) -> list[str]:
    """A command as it may be typed, with all that it needs."""
    _, arguments, options, _ = COMMANDS[path]
    words = path.split()
    for name, kind, _, _, needed in arguments:
        if needed:
            words.append({"file": "crm.csv", "folder": "out"}.get(name) or VALUES[kind])
    return [
        *words,
        *(("--map", "map.yaml") if ("--map",) in [flags for flags, *_ in options] else ()),
        *FURTHER.get(path, ()),
    ]


@pytest.mark.parametrize("path", ANSWERING, ids=lambda path: path or "nippo")
def test_no_command_writes_over_what_nippo_needs(here: Shell, tmp_path: Path, path):
    """Of any name, through a link of either sort, forced to: refused before any work is done."""
    needed = protected(tmp_path)
    before = {name: file.read_bytes() for name, file in needed.items()}
    for number, (name, file) in enumerate(needed.items()):
        for way in WAYS:
            # Renamed onto another name, a file leaves the map as it is; and by that name nobody knows it for one.
            if (name, way) == ("the map", "hard link"):
                continue
            said = linked(file, way, tmp_path / f"{number}.txt")
            answer = here(*typed(path), "-o", said, "--force")
            told = [f"{t('cli.error')}: {t(key, path=said)}" for key in NEVER]
            assert (answer.code, answer.out, answer.err.splitlines()[0] in told) == (2, "", True), (name, way, answer)
    assert {name: file.read_bytes() for name, file in needed.items()} == before


def linked(file: Path, way: str, link: Path) -> str:
    """The file by its path, or by a link to it."""
    link.unlink(missing_ok=True)
    if way == "symlink":
        link.symlink_to(file)
    elif way == "hard link":
        link.hardlink_to(file)
    return str(file if way == "the path" else link)


READING = [
    (path, flags[-1] if flags else "")
    for path in ANSWERING
    for flags, kind, metavar in [
        *(((), kind, name.upper()) for name, kind, *_ in COMMANDS[path][1]),
        *((flags, kind, metavar) for flags, kind, _, metavar in COMMANDS[path][2]),
    ]
    if (kind == "file" or "FILE" in metavar) and metavar not in ("FOLDER", "DIR")
]


@pytest.mark.parametrize(("path", "flag"), READING, ids=" ".join)
def test_no_command_writes_over_what_it_reads(here: Shell, tmp_path: Path, path, flag):
    """A source, a map, a template, a report: though its ending be that of the answer."""
    read = tmp_path / "read.txt"
    read.write_text("x", encoding="utf-8")
    argv = [word if word != "crm.csv" or flag else "read.txt" for word in typed(path)]
    argv = [*path.split(), "read.txt"] if not flag and "read.txt" not in argv else argv
    answer = here(*argv, *((flag, "read.txt") if flag else ()), "-o", "./read.txt", "--force")
    assert (answer.code, answer.err.splitlines()[0]) == (
        2,
        f"{t('cli.error')}: {t('output.needed', path='./read.txt')}",
    )
    assert read.read_bytes() == b"x"


@pytest.mark.parametrize(
    "said",
    ["journal/journal.db-journal", "journal/journal.db-wal", "journal/JOURNAL.DB", "new/journal.db", "new/schema.yaml",
     "new/Schema.YAML", "new/x.schema.yaml", "archive-journal", "journal/journal.db."],
)  # fmt: skip
def test_nothing_is_made_that_would_pass_for_a_part_of_a_journal(here: Shell, tmp_path: Path, said):
    """There or not, in any case of letters."""
    (tmp_path / "new").mkdir()
    before = names(tmp_path)
    for force in ((), ("--force",)):
        assert here("log", "-o", said, *force).code == 2
        assert names(tmp_path) == before


def names(folder: Path) -> list[str]:
    """Every file below a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


FORMATS = {"table": "txt", "json": "json", "jsonl": "jsonl", "csv": "csv", "md": "md"}


@pytest.mark.parametrize("fmt", FORMATS)
def test_a_file_of_another_kind_is_replaced_by_force_alone(here: Shell, tmp_path: Path, fmt):
    """One of the same kind, and an empty one, without."""
    wanted = here.done("log", "--format", fmt).out
    for ending in ("", *(f".{one}" for one in FORMATS.values()), ".docx", ".yml"):
        file = tmp_path / f"notes{ending}"
        file.write_bytes(b"")
        here.done("log", "--format", fmt, "-o", file.name)
        file.write_bytes(b"mine")
        answer = here("log", "--format", fmt, "-o", file.name)
        same = ending == f".{FORMATS[fmt]}"
        assert (answer.code, file.read_bytes() == b"mine") == ((0, False) if same else (2, True))
        if not same:
            assert "--force" in answer.err or ending == ".yml"
            assert here("log", "--format", fmt, "-o", file.name, "--force").code == (2 if ending == ".yml" else 0)
        assert (file.read_text(encoding="utf-8-sig") == wanted) is (ending != ".yml")
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".part")] == []


ODD = (
    "none/x.txt",
    "journal",
    "folder/",
    "crm.csv/x.txt",
    "a\0b.txt",
    "a\ud800.txt",
    "長" * 90,
    "loop",
    " ",
    "/dev/full/x",
)


@pytest.mark.skipif(os.name == "nt", reason="other names are odd there")
@pytest.mark.parametrize(
    "command", [("log",), ("add", "案件", "--activity", "電話", "-m", "話した")], ids=lambda c: c[0]
)
@pytest.mark.parametrize("said", ODD, ids=ascii)
def test_what_can_never_be_written_is_told_before_the_work(here: Shell, tmp_path: Path, said, command):
    """Two lines, no fault of nippo's, nothing made and nothing recorded."""
    (tmp_path / "loop").symlink_to("loop")
    before, record = names(tmp_path), here.db.read_bytes()
    for force in ((), ("--force",)):
        answer = here(*command, "-o", said, *force)
        assert (answer.code, answer.out, len(answer.err.splitlines())) == (2, "", 2), answer.err
        assert "Error" not in answer.err
    assert (names(tmp_path), here.db.read_bytes()) == (before, record)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permissions of this sort")
@pytest.mark.parametrize("mask", [0o000, 0o022, 0o277])
def test_a_new_output_is_its_owners_alone_and_a_replaced_one_keeps_its_permissions(here: Shell, tmp_path: Path, mask):
    """Under any umask; the other name of what was replaced keeps what it had."""
    old = os.umask(mask)
    try:
        here.done("log", "-o", "new.txt")
        here.done("export", "out")
        here.done("schema", "new", "mine.yaml")
        (tmp_path / "new.txt").chmod(0o664)
        (tmp_path / "twin.txt").hardlink_to(tmp_path / "new.txt")
        before = (tmp_path / "twin.txt").read_bytes()
        here.done("log", "-n", "1", "-o", "new.txt")
    finally:
        os.umask(old)
    modes = {
        path: (tmp_path / path).stat().st_mode & 0o777 for path in ("new.txt", "out", "out/entries.csv", "mine.yaml")
    }
    assert modes == {"new.txt": 0o664, "out": 0o700, "out/entries.csv": 0o600, "mine.yaml": 0o600}
    assert (tmp_path / "twin.txt").read_bytes() == before != (tmp_path / "new.txt").read_bytes()


def test_a_link_stays_one_and_what_it_leads_to_is_written(here: Shell, tmp_path: Path):
    """In the folder where that lies, though nothing is there yet."""
    (tmp_path / "share").mkdir()
    link = tmp_path / "report.txt"
    link.symlink_to("share/today.txt")
    for _ in range(2):
        here.done("log", "-o", "report.txt")
        assert link.is_symlink()
        assert names(tmp_path / "share") == ["today.txt"]
    assert link.read_text(encoding="utf-8") == here.done("log").out


def test_a_name_may_be_as_long_as_the_system_takes(here: Shell, tmp_path: Path):
    """Though a file that grows needs more beside it."""
    name = "長" * 83 + ".txt"
    for _ in range(2):
        here.done("log", "-o", name)
    assert (tmp_path / name).read_text(encoding="utf-8") == here.done("log").out


def test_what_another_program_wrote_meanwhile_stays(here: Shell, tmp_path: Path, monkeypatch):
    """The entry is recorded by then, and that is said."""
    from nippo_cli.render.draw import emit

    draw_in_pieces = emit.draw_in_pieces

    def slow(*args: object, **options: object) -> Iterator[str]:
        (tmp_path / "out.txt").write_bytes(b"theirs")
        return draw_in_pieces(*args, **options)

    monkeypatch.setattr(emit, "draw_in_pieces", slow)
    answer = here("add", "案件", "--activity", "電話", "-m", "話した", "-o", "out.txt", "--force")
    assert (answer.code, "log" in answer.err) == (1, True)
    assert (tmp_path / "out.txt").read_bytes() == b"theirs"
    monkeypatch.undo()


@pytest.mark.parametrize("broken", ["sync", "replace"])
def test_a_disk_that_fails_leaves_the_old_file_and_the_record(here: Shell, tmp_path: Path, monkeypatch, broken):
    """Whoever typed the entry is told that it stands, so that nobody types it twice."""
    (tmp_path / "out.txt").write_bytes(b"old")
    before = here.done("log", "--json").json["total"]

    def fails(*_: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as failing:
        failing.setattr(*{"sync": (files, "sync_file", fails), "replace": (Path, "replace", fails)}[broken])
        answer = here("add", "案件", "--activity", "電話", "-m", "話した", "-o", "out.txt")
    assert (answer.code, answer.err.count("\n"), "log" in answer.err) == (1, 2, True)
    assert "ディスクが読み書きに失敗しました" in answer.err
    assert (tmp_path / "out.txt").read_bytes() == b"old"
    assert here.done("log", "--json").json["total"] == before + 1
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".part")] == []


# A command with no room on the disk for more than so many bytes of a file.
CRAMPED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
from nippo_cli.cli.frame.main import main
sys.exit(main(sys.argv[2:]))
"""


def cramped(here: Shell, room: int, *argv: str, env: Sequence[tuple[str, str]] = ()) -> Answer:
    """A command on a disk that is full once a file has so many bytes."""
    done = forked.run(
        [sys.executable, "-c", CRAMPED, str(room), "--journal", str(here.journal), *argv],
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=60, env=os.environ | dict(env),
    )  # fmt: skip
    return Answer(done.returncode, done.stdout, done.stderr)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no RLIMIT_FSIZE")
def test_a_full_disk_leaves_the_old_file(here: Shell, tmp_path: Path):
    """Of a page, of each file of an export, of a schema: whole or not at all."""
    here.done("export", "out")
    (tmp_path / "out.json").write_bytes(b"{}")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    for argv in (
        ("log", "--json", "-o", "out.json"),
        ("log", "-o", "new.txt"),
        ("export", "out"),
        ("schema", "new", "s.yaml"),
    ):
        answer = cramped(here, 100, *argv)
        assert (answer.code in (1, 2), answer.out, answer.err.count("\n")) == (True, "", 2), answer
        assert "Error" not in answer.err
        # The hint says what became of what was there.
        assert "そのまま" in answer.err
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.skipif(os.name == "nt", reason="Windows has no RLIMIT_FSIZE")
def test_a_disk_that_fills_up_in_the_middle_of_the_log_is_told_in_words(here: Shell):
    """Of what is being read then nothing is said."""
    answer = cramped(here, 2000, "export", "out")
    assert (answer.code, answer.out, answer.err.count("\n")) == (2, "", 2), answer.err


@pytest.mark.skipif(os.name == "nt", reason="Windows has no RLIMIT_FSIZE")
def test_a_full_disk_takes_an_import_back_with_its_rejects(here: Shell, tmp_path: Path):
    """No half of a file of rejects is left."""
    long = "".join(f"{n},?,研磨機,赤城工業,電話,{'長' * 3000}\n" for n in range(100))
    (tmp_path / "bad.csv").write_text(ROWS + long, encoding="utf-8")
    room = here.db.stat().st_size * 2
    assert len(long.encode()) > room
    before = names(tmp_path), here.db.read_bytes()
    answer = cramped(here, room, "import", "bad.csv", "--map", "map.yaml", "--on-error", "skip")
    assert (answer.code, answer.err.count("\n")) == (2, 2), answer.err
    assert (names(tmp_path), here.db.read_bytes()) == before


@pytest.mark.skipif(os.name == "nt", reason="other shells are there")
@pytest.mark.parametrize(("shell", "rc"), [("bash", ".bashrc"), ("zsh", ".zshrc")])
def test_completion_is_put_into_a_shells_own_file_whole_or_not_at_all(here: Shell, tmp_path: Path, shell, rc):
    """Its bytes, of whatever encoding, its permissions and the link that it is stay; a second time adds nothing."""
    (tmp_path / "dotfiles").mkdir()
    real = tmp_path / "dotfiles" / "rc"
    real.write_bytes(b"alias n=nippo # \x93\xfa\x95\xf1")
    real.chmod(0o640)
    (tmp_path / rc).symlink_to(real)
    env = {"HOME": str(tmp_path), "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}.items()
    answer = cramped(here, 20, "--install-completion", shell, env=tuple(env))
    assert (answer.code, "Error" in answer.err) == (2, False), answer
    assert real.read_bytes() == b"alias n=nippo # \x93\xfa\x95\xf1"
    for _ in range(2):
        assert cramped(here, 1_000_000, "--install-completion", shell, env=tuple(env)).code == 0
        before, after = real.read_bytes().split(b"\n", 1)
        assert before == b"alias n=nippo # \x93\xfa\x95\xf1"
        assert after.count(b"\n") == {"bash": 1, "zsh": 2}[shell]
    assert (real.stat().st_mode & 0o777, (tmp_path / rc).is_symlink()) == (0o640, True)


@pytest.mark.skipif(os.name == "nt", reason="devices have other names there")
@pytest.mark.parametrize(("line", "code", "out"), [
    ("log -o /dev/null", 0, ""), ("log -o /dev/full", 1, ""), ("log -o /dev/stdout", 0, "LOG"), ("log -o /dev/stdout | cat", 0, "LOG"),
    ("log -o /dev/stderr 2>&1 >/dev/null | head -n -1", 0, "LOG"), ("log -o pipe", 2, ""), ("log -o pipe --force", 2, ""),
    ("undo -o pipe", 2, ""),
    ("log -o socket", 2, ""), ("export pipe", 2, ""), ("backup --to pipe", 2, ""), ("schema new pipe", 2, ""),
    ("log -o /dev/stdout >> kept.txt; cat kept.txt", 0, "keptLOG"), ("log -o kept.docx; cat kept.docx", 0, "kept"),
])  # fmt: skip
def test_a_device_is_written_as_it_stands_and_a_pipe_is_not_opened(here: Shell, tmp_path: Path, line, code, out):
    """A pipe that nobody reads would be waited for, for ever."""
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as waiting:
        waiting.bind("socket")
    for name in ("kept.txt", "kept.docx"):
        (tmp_path / name).write_text("kept", encoding="utf-8")
    nippo = f"{shlex.quote(sys.executable)} -c 'from nippo_cli.cli.frame.main import run; run()' --journal journal"
    done = subprocess.run(
        ["sh", "-c", f"{nippo} {line}"], capture_output=True, encoding="utf-8", check=False, timeout=60
    )
    assert done.returncode == code, done.stderr
    assert done.stdout == out.replace("LOG", here.done("log").out)
    assert "Error" not in done.stderr


@pytest.mark.parametrize("said", ["crm.csv", "crm.csv/x", "長" * 90, "/dev/null", "a\0b"], ids=ascii)
@pytest.mark.parametrize(
    "command", [("export",), ("backup", "--to"), ("demo", "--keep"), ("schema", "new")], ids=" ".join
)
def test_a_folder_that_is_none_is_told(here: Shell, tmp_path: Path, command, said):
    """In two lines, and what is there stays."""
    before = names(tmp_path)
    answer = here(*command, said)
    assert (answer.code, answer.out, answer.err.count("\n")) == (2, "", 2), answer.err
    assert "Error" not in answer.err
    assert names(tmp_path) == before
    assert (tmp_path / "crm.csv").read_text(encoding="utf-8") == ROWS


def test_an_export_goes_by_the_same_rules(here: Shell, tmp_path: Path):
    """Not among drafts, not over what was imported; an earlier export is replaced."""
    (draft,) = tmp_path.glob("state/**/drafts")
    assert here("export", str(draft), "--force").code == 2
    here.done("export", "out")
    here.done("export", "out")
    here.done("import", "out/entries.csv", "--map", "out/import.yaml")
    exported = (tmp_path / "out" / "entries.csv").read_text(encoding="utf-8-sig").replace("\n3,", "\n900,")
    (tmp_path / "out" / "entries.csv").write_text(exported, encoding="utf-8-sig")
    here.done("import", "out/entries.csv", "--map", "out/import.yaml")
    before = {path: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert here("export", "out", "--force").code == 2
    assert {path: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_what_a_killed_command_left_beside_an_output_is_cleared(here: Shell, tmp_path: Path):
    """By the next that writes there; what has another program's name stays."""
    left = "import os, sys; from pathlib import Path; from nippo_cli.base.files import growing\n"
    left += "with growing(Path(sys.argv[1])): os._exit(9)"
    subprocess.run([sys.executable, "-c", left, str(tmp_path / "out.txt")], check=False)
    (tmp_path / "x.db.new-1").write_bytes(b"theirs")
    assert len([p for p in tmp_path.iterdir() if p.name.endswith(".part")]) == 1
    here.done("log", "-o", "out.txt")
    assert [p for p in tmp_path.iterdir() if p.name.endswith(".part")] == []
    assert (tmp_path / "x.db.new-1").read_bytes() == b"theirs"


def test_nobody_is_asked_for_a_schema_that_can_not_be_put_there(here: Shell, monkeypatch):
    """What is there, and a journal's own name, are told before the first question."""
    monkeypatch.setattr("nippo_cli.cli.commands.schema_files.ask_schema", lambda *_, **__: pytest.fail("asked"))
    for said in ("map.yaml", "crm.csv/x.yaml", "journal/journal.db-journal"):
        assert here("schema", "new", said).code == 2


@pytest.mark.parametrize(
    "asked", [("--format", "(5)"), ("--format", "csv", "--json"), ("--color", "x"), ("--box", "x")], ids="+".join
)
@pytest.mark.parametrize(
    "command",
    [("undo",), ("add", "案件", "--activity", "電話", "-m", "x"), ("edit", "3", "-m", "x"), ("day", "-m", "x")],
    ids=lambda c: c[0],
)
def test_what_can_not_be_drawn_is_refused_before_anything_is_written(kept: Shell, command, asked):
    """A refusal means that nothing was done: exit 2, and the log is as it was."""
    before = kept.done("log", "--json").out, kept.db.read_bytes()
    assert kept(*command, *asked).code == 2
    assert (kept.done("log", "--json").out, kept.db.read_bytes()) == before
