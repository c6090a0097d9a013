"""Absurd numbers, paths, clocks, surroundings, and systems that refuse: each has words and an exit code, none is a fault."""

import errno
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import forked
import pytest
from shell import NOW, Answer, Shell

from nippo_cli.base import places
from nippo_cli.base.text import quoted, whole_number
from nippo_cli.cli.frame import options as session

ALL = os.environ.get("NIPPO_FAULTS") == "all"
ADD = ("add", "案件", "--activity", "電話", "-m", "話した")
CODES = {0, 1, 2, 3, 4, 5, 10, 130}
FAULT = "予期しない不具合"


def in_words(answer: Answer, what: object) -> Answer:
    """An answer that is none of nippo's own faults."""
    assert answer.code in CODES, what
    assert FAULT not in answer.err, (what, answer.err)
    assert "Traceback" not in answer.err
    # What a page says is told on stdout: a row that is rejected, a check of the doctor's.
    assert answer.code in (0, 10, 130) or "エラー: " in answer.err or "error: " in answer.err or answer.out, what
    return answer


def a_third(commands: Sequence[tuple[str, ...]], turn: int) -> Sequence[tuple[str, ...]]:
    """Every third command, beginning with another one each turn: the whole would take minutes."""
    return commands[turn % 3 :: 3]


# --- numbers

NUMBERS = (
    "1" + "0" * 30,
    "9" * 5000,
    "１" * 5000,
    "１２",
    "-1",
    "",
    " ",
    "1e3",
    "٣",
    "²",
    "0x10",
    "1_000",
    "+5",
    "NaN",
)
COUNTED = (
    ("log", "--limit"), ("log", "-n"), ("deal", "list", "--limit"), ("search", "話", "--limit"), ("gap", "--limit"),
    ("gap", "stalled", "--limit"), ("gap", "--min-stay"), ("backup", "--keep"), ("lessons", "lost", "--limit"),
    ("sales", "list", "--limit"), ("draft", "resume"), ("draft", "drop"), ("show",), ("edit",), ("comment",), ("deal", "show"),
    ("deal", "timeline"), ("sales", "match"), ("sales", "retract"), ("add", "--like"), ("log", "--since"), ("log", "--on"),
    ("gap", "--as-of"), ("steps", "--since"), ("deal", "hold", "案件", "--why", "x", "--until"), ("day", "--off", "--until"),
    ("comment", "3", "-m", "x", "--due"), ("day", "-m", "x", "--on"), ("target", "set", "佐藤", "2026-11"),
    ("target", "set", "佐藤"), ("sales", "add", "--customer", "A", "--amount"), (*ADD, "--amount"), (*ADD, "--on"),
    (*ADD, "--next-step", "x", "--next-on"), (*ADD, "--closes"), (*ADD, "--meeting"), (*ADD, "--dry-run", "--people"),
)  # fmt: skip


@pytest.mark.parametrize("turn", range(6 if ALL else 1))
def test_no_number_is_a_fault(kept: Shell, turn):
    """Wherever one is asked for: it is taken, or refused in words. Each command meets two of them or three, or all."""
    for nth, number in enumerate(NUMBERS):
        for command in COUNTED[(turn + nth) % 6 :: 6]:
            in_words(kept(*command, number), (command, number[:40]))


def test_a_number_is_read_as_it_is_meant(kept: Shell):
    """Full width is a number; more than there can be is all that there is; a sign, a point and a line between are none."""
    kept.done(*ADD)
    assert len(kept.done("log", "--limit", "１", "--json").json["entries"]) == 1
    assert len(kept.done("log", "--limit", "9" * 5000, "--json").json["entries"]) == 2
    for said in ("-1", "1e3", "", "1_000"):
        assert kept("log", "--limit", said).code == 2, said
    assert [whole_number(said) for said in ("0", "007", " ３ ", "10" * 50, "x", "-0")] == [0, 7, 3, 10**9, None, None]


# --- paths

PATHS = (
    "", " ", "a\0b", "x" * 300, "x/" * 2000 + "y", "/dev/null/x", "journal/journal.db/x", "\udce3\udc81", "loop", "loop/x",
    "~nobody-here/x", ".", "/", "nosuch/nosuch", "a\nb",
)  # fmt: skip
IN_THE_JOURNALS_PLACE = (("log",), (*ADD, "--dry-run"), ADD, ("path",), ("doctor",), ("schema", "show"), ("backup",), (),
                         ("edit", "3", "-m", "y"), ("day", "-m", "x"), ("draft", "list"), ("gap",), ("schema", "restore"))  # fmt: skip
NAMED = (
    ("schema", "check"), ("schema", "new"), ("init", "--template"), ("restore",), ("backup", "--to"), ("export",),
    ("import", "--map", "m.yaml"), ("import", "f.csv", "--map"), ("sales", "import", "f.csv", "--map"), ("target", "import"),
    ("target", "import", "f.csv", "--map"), ("add", "--from-file"),
)  # fmt: skip


@pytest.fixture
def lost(kept: Shell, tmp_path: Path) -> Shell:
    """A folder with a link that leads to itself."""
    if os.name != "nt":
        (tmp_path / "loop").symlink_to("loop")
    return kept


@pytest.mark.parametrize("path", PATHS, ids=range(len(PATHS)))
def test_no_path_is_a_fault(lost: Shell, tmp_path: Path, path):
    """As the journal, as the schema, and wherever else a file or a folder is named."""
    turn = PATHS.index(path)
    for command in a_third(IN_THE_JOURNALS_PLACE, turn):
        in_words(lost.bare("--journal", path, *command), command)
        in_words(lost("--schema", path, *command), command)
    for command in a_third(NAMED, turn):
        in_words(lost(*command, path), command)
    assert lost.done("log", "--json").json["total"] >= 1


def test_a_folder_of_a_hundred_new_folders_is_not_made(lost: Shell, tmp_path: Path):
    """A path gone wrong; a few are made."""
    assert lost("backup", "--to", "a/" * 500 + "b").code in (1, 2)
    assert not (tmp_path / "a").exists()
    lost.done("backup", "--to", "b/c/d")


# --- texts

TEXTS = (
    "\udce3",
    "a\0b",
    "x" * 100_000,
    "あ" * 30_000,
    "",
    "\x1b[31m",
    "\u202e",
    "9" * 5000,
    "-",
    "--",
    "=",
    "\n" * 1000,
)
SAID = (
    (*ADD[:-1],), ("add",), ("add", "--customer"), ("add", "案件", "--by"), ("edit", "3", "-m"), ("edit", "3", "--why"), ("search",),
    ("day", "-m"), ("comment", "3", "-m"), ("comment",), ("deal", "rename", "案件"), ("deal", "show"), ("deal", "merge", "案件"),
    ("deal", "assign", "案件"), ("customer",), ("prep",), ("log", "--by"), ("log", "--customer"), ("log", "--deal"), ("gap",),
    ("gap", "--owner"), ("log", "--activity"), ("deal", "hold", "案件", "--until", "+7d", "--why"), ("deal", "review", "案件", "-m"),
    ("sales", "add", "--amount", "1", "--customer"), ("sales", "add", "--amount", "1", "--customer", "A", "--note"),
    ("target", "set"), ("--lang",), ("--color",), ("--format",), ("--box",), ("init", "--time-zone"), ("init", "--author"),
    ("lessons",), ("steps", "--by"), ("steps", "--deals"), ("import", "x", "--map", "y", "--encoding"), (),
)  # fmt: skip


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_no_text_is_a_fault(kept: Shell, text):
    """Halves of characters, controls, a novel: taken, or refused in words."""
    for command in a_third(SAID, TEXTS.index(text)):
        in_words(kept(*command, text), command)


def test_bytes_that_are_no_text_are_named(kept: Shell):
    """As a terminal that speaks no UTF-8 sends them."""
    answer = kept("comment", "3", "-m", "abc\udce3\udc81def")
    assert answer.code == 2
    assert "abc⟨U+DCE3⟩⟨U+DC81⟩def" in answer.err
    assert "UTF-8" in answer.err


# --- clocks


@pytest.mark.parametrize("now", [
    "0001-01-01T00:00:00+09:00", "0001-01-01T00:00:00-12:00", "9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59+00:00",
    "1969-12-31T23:59:59+00:00", "9000-01-01T00:00:00+00:00", "9999-12-31", "x", "9" * 5000, "2026-11-23T18:00:00",
], ids=range(10))  # fmt: skip
def test_a_clock_that_no_diary_is_of_is_named(kept: Shell, monkeypatch, now):
    """Before 1970, after 8999, and what is no time: exit 2, and what to set."""
    monkeypatch.setenv("NIPPO_NOW", now)
    for command in (("log",), ADD, (), ("gap",), ("backup",), ("init",)):
        answer = in_words(kept(*command), command)
        assert answer.code == 2
        assert "NIPPO_NOW" in answer.err


@pytest.mark.parametrize("now", ["1970-01-01T00:00:00+00:00", "8999-12-31T23:59:59+00:00"])
def test_at_the_edges_all_works(kept: Shell, monkeypatch, now):
    """The first and the last day of those years, with windows that reach beyond."""
    monkeypatch.setenv("NIPPO_NOW", now)
    kept.done(*ADD)
    for command in ((), ("log",), ("gap",), ("steps",), ("steps", "--by", "month"), ("lessons",), ("deal", "show", "案件"),
                    ("log", "--month"), ("gap", "--since", "90d"), ("prep", "青葉製作所"), ("deal", "timeline", "案件")):  # fmt: skip
        in_words(kept(*command), command)


@pytest.mark.parametrize("year", ["0001-01-01", "1000-01-01", "8999-12-31", "9999-12-31"])
def test_days_at_the_calendars_ends_break_no_page(kept: Shell, year):
    """As of them, since them, and entries and promises dated so."""
    asked = (
        (), ("log",), ("gap",), ("steps",), ("steps", "--by", "month"), ("lessons",), ("deal", "show", "案件"), ("day",),
        ("deal", "timeline", "案件"), ("log", "--week"), ("prep", "青葉製作所"), ("deal", "list", "--summary"), ("sweep", "--list"),
    )  # fmt: skip
    for command in asked:
        if command != ("day",):
            in_words(kept("--as-of", year, *command) if command == () else kept(*command, "--as-of", year), command)
    for command in (
        ("gap", "--since"),
        ("steps", "--since"),
        ("log", "--since"),
        ("log", "--until"),
        ("log", "--on"),
        ("day",),
    ):
        in_words(kept(*command, year), command)
    for more in (("--on", year), ("--closes", year), ("--next-step", "x", "--next-on", year)):
        in_words(kept(*ADD, *more), more)
    in_words(kept("deal", "hold", "案件", "--until", year, "--why", "x"), "hold")
    for command in asked:
        in_words(kept(*command), command)


def test_a_day_that_stands_for_none_rejects_its_row(kept: Shell, tmp_path: Path):
    """What other programs write where there is no date: told, in the column that holds it, whether it has a format or not."""
    fields = (
        "{customer: c, activity: {constant: 電話}, facts: {constant: 話した}, next_step: {constant: x}, next_on: n}"
    )
    rows = "d,c,n\n2026-11-20,A,2026-12-01\n2026-11-20,B,0001-01-01\n9999-12-31,C,2026-12-01\n2026-11-20,D,9999-12-31\n"
    (tmp_path / "rows.csv").write_text(rows, encoding="utf-8")
    for on in ("d", '{column: d, format: "%Y-%m-%d"}'):
        text = f"source: s\non: {on}\nfields: {fields}\n"
        (tmp_path / "map.yaml").write_text(text, encoding="utf-8")
        found = kept("import", "rows.csv", "--map", "map.yaml", "--json").json
        assert (found["taken"], found["rejected"]) == (1, 3)
    assert "1000 年から" in in_words(kept("import", "rows.csv", "--map", "map.yaml"), "import").out


# --- surroundings


def alone(*argv: str, cwd: Path | None = None, before: Any = None, drop: tuple[str, ...] = (), **env: str) -> Answer:
    """A command as a process of its own; one begun anew where Python looks at a setting before nippo does."""
    code = "import sys; from nippo_cli.cli.frame.main import run; run()"
    found = {k: v for k, v in os.environ.items() if k not in drop} | env
    anew = before or any(not name.lstrip("_").startswith(("NIPPO_", "XDG_")) for name in env)
    begin = partial(subprocess.run, preexec_fn=before) if anew else forked.run
    done = begin(
        [sys.executable, "-c", code, *argv], capture_output=True, text=True, encoding="utf-8", errors="replace", check=False,
        timeout=60, env=found, cwd=cwd, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return Answer(done.returncode, done.stdout, done.stderr)


SURROUNDINGS = (
    {"COLUMNS": "0", "TERM": "nosuch"}, {"COLUMNS": "1" + "0" * 9, "TERM": ""}, {"COLUMNS": "9" * 5000, "LINES": "²", "LANG": "x" * 3000},
    {"COLUMNS": "-1", "LC_ALL": "C"}, {"TZ": "garbage", "EDITOR": "'"}, {"TZ": ":/nosuch", "PAGER": "'"}, {"TZ": "../../etc/passwd"},
    {"TZ": "x" * 5000}, {"TZ": ""}, {"NIPPO_AUTHOR": "x" * 100_000}, {"NIPPO_JOURNAL": "x" * 5000}, {"NIPPO_SCHEMA": "x" * 5000},
    {"XDG_STATE_HOME": "/dev/null"}, {"XDG_STATE_HOME": "x" * 5000},
)  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="these settings are POSIX's")
@pytest.mark.parametrize("env", SURROUNDINGS, ids="+".join)
def test_no_setting_is_a_fault(kept: Shell, monkeypatch, env):
    """Taken for what it may mean, or named; the entry is recorded, or a draft, or given back."""
    in_words(alone("--journal", "fresh", "add", "案件", "-m", "話した", **env), env)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    for command in (
        ("log",),
        (*ADD, "-m", "大事な話"),
        ("add", "--help"),
        ("path",),
        ("backup",),
        ("draft", "list"),
        (),
    ):
        answer = in_words(kept(*command), (env, command))
        said = answer.code == 0 or "add --resume" in answer.err or "大事な話" in answer.err
        assert said or command[0] != "add"


@pytest.mark.parametrize("columns", ["1000000000", "9" * 5000, "0", "-5"], ids=len)
def test_a_screen_is_no_wider_than_screens_are(monkeypatch, columns):
    """Its lines are filled with blanks: a width that no screen has would fill the memory."""
    monkeypatch.setenv("COLUMNS", columns)
    assert 40 <= session._columns() <= 1000


@pytest.mark.skipif(os.name == "nt", reason="a current folder can't be removed on Windows")
def test_a_folder_that_is_gone_is_named(kept: Shell, tmp_path: Path):
    """The shell stands in a folder that was removed: exit 1, what to do, and the words are given back."""
    gone = tmp_path / "gone"
    gone.mkdir()
    for command in (("log",), (*ADD, "-m", "大事な話")):
        gone.mkdir(exist_ok=True)
        answer = in_words(alone(*command, cwd=gone, before=gone.rmdir), command)
        assert answer.code == 1
        assert "cd" in answer.err
        assert ("大事な話" in answer.err) == (command[0] == "add")


def test_without_a_home_there_is_no_place(kept: Shell, monkeypatch):
    """No HOME and no such user: what to set."""

    def nowhere(*_: object) -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "NIPPO_JOURNAL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(places.Path, "home", nowhere)
    monkeypatch.setattr(places.sys, "platform", "linux")
    answer = in_words(kept.bare("log"), "log")
    assert answer.code == 2
    assert "HOME" in answer.err


@pytest.mark.skipif(os.name == "nt", reason="Windows hands no numbers down")
@pytest.mark.parametrize("closed", [(0,), (1,), (0, 2), (0, 1, 2)], ids=str)
def test_closed_streams_are_no_fault_and_no_file_takes_their_place(kept: Shell, closed):
    """`>&-`, a service: what is to be written is written, and nothing of it into what happened to be opened first."""

    def close() -> None:
        for number in closed:
            os.close(number)

    before = kept.done("log", "--json").json["total"]
    assert alone("--journal", "journal", *ADD, before=close).code == 0
    for command in (("log",), ("add", "--from-file", "-"), ("sweep",)):
        answer = alone("--journal", "journal", *command, before=close)
        assert answer.code in CODES
        assert FAULT not in answer.err
    found = kept.done("log", "--json").json
    assert found["total"] == before + 1
    assert kept.done("doctor").code == 0
    editing = alone(
        "--journal", "journal", "add", "案件", "-m", "話", "-e", before=close, EDITOR="sh -c 'echo zzqq; exit 1'"
    )
    assert editing.code == 1
    assert all(b"zzqq" not in path.read_bytes() for path in Path().rglob("*") if path.is_file())


# --- systems that refuse

REASONS = (
    errno.EACCES,
    errno.ENOSPC,
    errno.EROFS,
    errno.EIO,
    errno.ENAMETOOLONG,
    errno.ELOOP,
    errno.ENOTDIR,
    errno.EMFILE,
)
CALLS = ("stat", "lstat", "rename", "replace", "link", "mkdir", "open", "unlink", "fsync", "scandir", "listdir")
REFUSED = (
    ("--journal", "fresh", "add", "新案件", "--new-deal", "-m", "大事な話"), (*ADD, "-m", "大事な話"), ("log",), ("draft", "list"),
    ("schema", "restore"), ("schema", "new", "x.yaml", "--template", "parts"), ("--journal", "fresh", "init"), ("backup",),
    ("export", "out"), ("edit", "3", "-m", "大事な話"), ("add", "--from-file", "r.yaml"), ("import", "f.csv", "--map", "m.yaml"), (),
)  # fmt: skip


@pytest.fixture
def refusing(kept: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """Makes one call of the system refuse below the test's own folder: what is elsewhere, Python's own files say, can be
    reached."""
    for name, text in {
        "r.yaml": "deal: 案件\nactivity: 電話\nfacts: 話した\n",
        "f.csv": "a\n1\n",
        "m.yaml": "source: s\non: a\n",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    kept.done("add", "案件", "-m", "下書き", "--activity", "電話")

    def refuse(call: str, code: int) -> pytest.MonkeyPatch:
        asked = getattr(os, call)

        def no(path: Any = ".", *args: Any, **options: Any) -> Any:
            inside = isinstance(path, int) or str(tmp_path) in str(Path(os.fsdecode(path)).absolute())
            if inside:
                raise OSError(code, os.strerror(code), None if isinstance(path, int) else os.fsdecode(path))
            return asked(path, *args, **options)

        patch = pytest.MonkeyPatch()
        patch.setattr(os, call, no)
        return patch

    return refuse


@pytest.mark.parametrize("call", CALLS)
def test_a_system_that_refuses_has_words(kept: Shell, refusing, call):
    """Every call that touches files, refused for a reason in turn: words, an exit code, and nothing typed is lost."""
    for place, command in enumerate(REFUSED):
        code = REASONS[(place + CALLS.index(call)) % len(REASONS)]
        patch = refusing(call, code)
        try:
            answer = kept.bare(*command) if "--journal" in command else kept(*command)
        finally:
            patch.undo()
        in_words(answer, (call, errno.errorcode[code], command))
        if "大事な話" in command and answer.code:
            assert "大事な話" in answer.err or "add --resume" in answer.err, (call, command, answer.err)


# --- what is given back


@pytest.mark.skipif(os.name == "nt", reason="POSIX's quoting")
@pytest.mark.parametrize(
    "said", ["a b", "it's", '"q" $HOME `x` \\', "二行\n目", "\t\x1b[0m\x7f", "\udce3\udc81", "", "-x", "!", "\u202e"]
)
def test_a_shell_reads_back_what_was_typed(said):
    """Byte by byte, and no character of it steers a terminal on the way."""
    shown = quoted(said)
    assert shown.replace("\n", "").isprintable()
    read = subprocess.run(["bash", "-c", f"printf %s {shown}"], capture_output=True, check=True).stdout
    assert read == os.fsencode(said)


def test_the_time_of_these_tests_is_the_evening():
    """The clock of the rooms above is set; one that is not would hide what they try."""
    assert NOW.startswith("2026-11-23")


# Of each of nippo's own variables, the word that the answer names it by where it refuses; "" where any bytes will do: they name a
# file or a program, or are read by the shells' scripts alone. What is off is told where a sync is due, in a team.
OWN_SETTINGS = (
    ("NIPPO_AUTHOR", "NIPPO_AUTHOR"), ("NIPPO_MAIL_FROM", "NIPPO_MAIL_FROM"), ("NIPPO_NOW", "NIPPO_NOW"), ("NIPPO_BOX", "NIPPO_BOX"),
    ("NIPPO_LANG", "ja, en"), ("NIPPO_JOURNAL", ""), ("NIPPO_SCHEMA", ""), ("NIPPO_PAGER", ""), ("NIPPO_SYNC", ""),
    ("_NIPPO_TEXT", ""), ("_NIPPO_WORDS", ""), ("_NIPPO_QUOTE", ""), ("_NIPPO_TYPE", ""),
)  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="variables are no bytes on Windows")
@pytest.mark.parametrize(("name", "named"), OWN_SETTINGS, ids=lambda one: one or "any")
def test_a_setting_of_bytes_that_are_no_text_is_refused_by_its_name(kept: Shell, tmp_path: Path, name: str, named: str):
    """佐藤 in Shift_JIS: written is nothing, or what was meant; no letter of it is replaced by another."""
    before = len(kept.done("log", "--json").json["entries"])
    journal = () if name == "NIPPO_JOURNAL" else ("--journal", str(kept.journal))
    for argv in ((*ADD, "-m", "大事な話"), ("report", "-o", str(tmp_path / "r.eml"), "--force")):
        # In a folder of its own: a journal may be called so.
        answer = in_words(
            alone(*journal, *argv, cwd=tmp_path, **{name: "佐藤".encode("cp932").decode("utf-8", "surrogateescape")}),
            name,
        )
        if named and not (name == "NIPPO_MAIL_FROM" and argv[0] == "add"):
            assert answer.code in (1, 2)
            assert named in answer.err
            assert argv[0] != "add" or "大事な話" in answer.err or "--help" in answer.err
        assert "�" not in answer.out + answer.err
    entries = kept.done("log", "--json").json["entries"]
    assert {one["author"] for one in entries[before:]} <= {"佐藤"}
    assert (
        len(entries) == before
        or name in ("NIPPO_MAIL_FROM", "NIPPO_SCHEMA", "NIPPO_PAGER", "NIPPO_SYNC")
        or name.startswith("_")
    )


def test_every_variable_of_nippos_own_is_tried():
    """That the source reads."""
    source = Path(sys.modules["nippo_cli"].__file__ or "").parent
    read = {
        name
        for path in source.rglob("*.py")
        for name in re.findall(r"\b_?NIPPO_[A-Z_]*[A-Z]", path.read_text(encoding="utf-8"))
    }
    # Typer answers itself where it is asked to complete for no shell that there is.
    assert read == {name for name, _ in OWN_SETTINGS} | {"_NIPPO_COMPLETE"}
