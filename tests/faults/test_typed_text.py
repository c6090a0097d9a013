"""What was typed and could not be recorded: it is a draft that can be gone on with, or it is given back to be typed again."""

import json
import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from scripted import Scripted
from shell import FIRST, NOW, Answer, Shell

from nippo_cli.base.errors import JournalError, msg
from nippo_cli.cli.add import asking, start
from nippo_cli.journal.log import store
from nippo_cli.journal.log.tables import FORMAT
from nippo_cli.journal.write import writer

SAID = "大事な　話\n「予算」は来期 it's $HOME"
posix = pytest.mark.skipif(os.name == "nt", reason="the editor of these tests is a script with a first line")


def drafts(nippo: Shell) -> list[dict[str, Any]]:
    """The drafts that are left."""
    return nippo.done("draft", "list", "--json").json["drafts"]


def facts(nippo: Shell) -> list[str]:
    """What every entry says, the latest first."""
    return [one["values"].get("facts", "") for one in nippo.done("log", "--json").json["entries"]]


def given_back(answer: Answer) -> list[str]:
    """The command line that was given back, as a shell reads it."""
    typed = answer.err.partition("入力したコマンド:\n")[2]
    return shlex.split(typed)[1:]


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """An editor that runs a piece of Python on `path`, in which its file is; one piece a time, the last ever after."""

    def does(*rounds: str) -> None:
        count = tmp_path / "count"
        count.write_text("", encoding="utf-8")
        script = tmp_path / "editor"
        script.write_text(
            f"#!{sys.executable}\nimport os, pathlib, sys\npath = pathlib.Path(sys.argv[-1])\n"
            f"count = pathlib.Path({str(count)!r})\nn = len(count.read_text())\ncount.write_text('x' * (n + 1))\n"
            f"exec({list(rounds)!r}[min(n, {len(rounds) - 1})])\n",
            encoding="utf-8",
        )
        script.chmod(0o755)
        monkeypatch.setenv("EDITOR", str(script))

    monkeypatch.delenv("VISUAL", raising=False)
    return does


# --- an editor that does not do what editors do

EDITORS = {
    "ends with a failure": "sys.exit(7)",
    "is killed": "os.kill(os.getpid(), 9)",
    "saves nothing": "pass",
    "removes the file": "path.unlink()",
    "empties the file": "path.write_text('')",
    "leaves zeros": "path.write_bytes(bytes(4096))",
    "leaves a folder": "path.unlink(); path.mkdir()",
    "leaves a pipe": "path.unlink(); os.mkfifo(path)",
}


@posix
@pytest.mark.parametrize("does", EDITORS.values(), ids=EDITORS)
def test_what_the_options_said_outlives_the_editor(kept: Shell, editor, does):
    """Whatever it does: the error names a draft, and that is recorded without an editor."""
    editor(does)
    answer = kept("add", "案件", "-m", SAID, "--amount", "120万", "-e")
    assert (answer.code in (1, 3, 130), answer.out) == (True, "")
    assert f"nippo --journal {kept.journal} add --resume" in answer.err
    assert [(d["facts"], d["in_editor"]) for d in drafts(kept)] == [(SAID, False)]
    assert kept.done("draft", "resume", "1", "--activity", "電話", "--json").json["entry"]["values"] == {
        "activity": "call", "facts": SAID, "amount": 1_200_000,
    }  # fmt: skip
    assert drafts(kept) == []


@pytest.mark.parametrize("said", [
    '"unclosed', "'", '""', "\\", "/no/such/editor", str(Path(__file__).parent), __file__, "x" * 100_000, "a\tb",
], ids=range(9))  # fmt: skip
def test_an_absurd_editor_is_named_and_loses_nothing(kept: Shell, monkeypatch, said):
    """It can't be read, or can't be run: what it is, an example of one that will do, and the draft."""
    monkeypatch.setenv("EDITOR", said)
    monkeypatch.delenv("VISUAL", raising=False)
    answer = kept("add", "案件", "-m", SAID, "-e")
    assert (answer.code in (1, 2), answer.out) == (True, "")
    assert "EDITOR=nano" in answer.err
    assert len(answer.err) < 1000
    assert [d["facts"] for d in drafts(kept)] == [SAID]


@posix
def test_the_editor_of_a_draft_may_fail_as_often_as_it_likes(kept: Shell, editor):
    """What it saved once is there after it has emptied, removed and broken the file."""
    editor("path.write_text(path.read_text().replace('事実: |\\n', '事実: |\\n長い話\\n')); sys.exit(1)")
    assert kept("add", "案件", "-e").code == 1
    for does in (*(e for e in EDITORS.values() if "mkdir" not in e), "path.write_text('[')"):
        editor(does)
        answer = kept("draft", "resume", "1", "-e")
        assert answer.code in (1, 3, 130), does
        assert "add --resume" in answer.err
        if does.endswith("'[')"):
            break
        assert [d["facts"] for d in drafts(kept)] == ["長い話"], does
    assert kept("draft", "resume", "1", "-m", "別の話").code == 2
    assert [d["in_editor"] for d in drafts(kept)] == [True]


GOOD = "text = path.read_text().replace('活動:', '活動: 電話').replace('事実: |\\n', '事実: |\\n髙田課長の話。\\n')"


@posix
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932", "utf-16"])
def test_an_editor_may_write_another_encoding(kept: Shell, editor, encoding):
    """As editors on Windows do: it is read as what it is."""
    editor(f"{GOOD}; path.write_text(text.replace('\\n', '\\r\\n'), encoding={encoding!r}, newline='')")
    kept.done("add", "案件", "-e")
    assert facts(kept)[0] == "髙田課長の話。"


@posix
def test_what_is_in_no_encoding_that_can_be_told_is_not_touched(kept: Shell, editor):
    """It opens again with the line that can't be read, its bytes as the editor wrote them."""
    good = GOOD.replace("髙", "高")
    editor(
        f"{good}; path.write_bytes(text.encode('euc_jp', 'replace'))",
        "content = path.read_bytes(); own = [l for l in content.split(b'\\n') if not l.startswith(b'#!')]\n"
        "assert len(own) < len(content.split(b'\\n')), 'the problem is told'\n"
        "path.write_text(b'\\n'.join(own).decode('euc_jp'))",
    )
    kept.done("add", "案件", "-e")
    assert facts(kept)[0] == "高田課長の話。"


@posix
def test_ctrl_c_in_the_editor_is_the_editors(kept: Shell, editor):
    """The terminal sends it to both; an editor that goes on is waited for, and what it saves is recorded."""
    editor(f"import signal; os.kill(os.getppid(), signal.SIGINT); {GOOD}; path.write_text(text)")
    argv = ["--journal", str(kept.journal), "add", "案件", "-e"]
    code = f"import sys; from nippo_cli.cli.frame.main import main; sys.exit(main({argv!r}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert facts(kept)[0] == "髙田課長の話。"


@posix
def test_what_an_editor_of_one_field_saved_before_it_failed_stands_in_the_question(kept: Shell, editor, monkeypatch):
    """Ctrl-O: the reason is told, and the longer text is there."""
    editor("path.write_text('もっと大事な話\\n'); sys.exit(3)")
    terminal = Scripted("", "案件", "電話", "", "^O大事な話", "", "", "", "", "")
    monkeypatch.setattr(asking, "PromptTerminal", lambda **_: terminal)
    monkeypatch.setattr(start, "can_converse", lambda: True)
    monkeypatch.setattr("nippo_cli.cli.add.resuming.can_converse", lambda: True)
    monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", True)
    assert kept("add").code == 0
    asked = [q for q in terminal.questions if q.label == "事実"][-1]
    assert (asked.default, "終了コード 3" in asked.trouble) == ("もっと大事な話", True)
    assert facts(kept)[0] == "もっと大事な話"


# --- a journal that can't be written


def locked(nippo: Shell, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Another program has it, and does not give it back."""
    monkeypatch.setattr(store, "WAIT_MS", 50)
    holder = sqlite3.connect(nippo.db, isolation_level=None)
    holder.execute("begin exclusive")
    return holder.close


def damaged(nippo: Shell, _: object) -> Any:
    """Its pages hold something else."""
    return overwritten(nippo, b"SQLite format 3\0" + b"\xff" * 8000)


def other(nippo: Shell, _: object) -> Any:
    """It is no journal at all."""
    return overwritten(nippo, b"hello")


def newer(nippo: Shell, _: object) -> Any:
    """A later nippo wrote it."""
    before = nippo.db.read_bytes()
    with closing(sqlite3.connect(nippo.db, isolation_level=None)) as cx:
        cx.execute(f"pragma user_version = {FORMAT + 1}")
    return lambda: nippo.db.write_bytes(before)


def folder(nippo: Shell, _: object) -> Any:
    """A folder has its name."""
    before = nippo.db.read_bytes()
    nippo.db.unlink()
    nippo.db.mkdir()
    return lambda: (nippo.db.rmdir(), nippo.db.write_bytes(before))


def full(nippo: Shell, monkeypatch: pytest.MonkeyPatch) -> Any:
    """There is no room for another page."""
    begin = writer.connect_to_write

    def cramped(*args: Any, **options: Any) -> sqlite3.Connection:
        cx = begin(*args, **options)
        cx.execute("pragma max_page_count = 1")
        return cx

    monkeypatch.setattr(writer, "connect_to_write", cramped)
    return lambda: monkeypatch.setattr(writer, "connect_to_write", begin)


def overwritten(nippo: Shell, content: bytes) -> Any:
    """The journal's file with another content, and how to have it back."""
    before = nippo.db.read_bytes()
    nippo.db.write_bytes(content)
    return lambda: nippo.db.write_bytes(before)


KINDS = {"locked": locked, "damaged": damaged, "other": other, "newer": newer, "folder": folder, "full": full}
# More than there is room for in the pages that are there.
LONG = SAID + "長い話" * 600


@pytest.fixture(params=KINDS.values(), ids=KINDS)
def broken(request: pytest.FixtureRequest, kept: Shell, monkeypatch: pytest.MonkeyPatch):
    """`kept`, once `break_it` is called unusable in one of the ways that there are; what that returns mends it."""
    return lambda: request.param(kept, monkeypatch)


ADDING = (
    ("add", "案件", "--activity", "電話", "-m", LONG),
    ("add", "案件", "-m", LONG, "--like", "3"),
    ("add", "--from-file", "-"),
)


def test_an_entry_for_a_journal_that_cant_be_written_is_a_draft(kept: Shell, broken, monkeypatch):
    """Locked, damaged, not a journal, newer, a folder, full: exit 5, and the draft is recorded once it can be."""
    report = json.dumps({"deal": "案件", "activity": "電話", "facts": LONG})
    monkeypatch.setattr("sys.stdin", Piped(report))
    mend = broken()
    answers = [kept(*argv) for argv in ADDING]
    mend()
    for answer in answers:
        assert (answer.code, answer.out) == (5, ""), answer.err
        # The same text again is the same draft.
        assert "add --resume" in answer.err
    kept.done("draft", "resume", "1", "--activity", "電話")
    assert facts(kept) == [LONG, "話を聞いた"]


class Piped:
    """Standard input that holds a text."""

    def __init__(self, text: str) -> None:
        import io

        self.buffer = io.BytesIO(text.encode())

    @staticmethod
    def isatty() -> bool:
        """Nobody types."""
        return False


@posix
def test_the_editor_is_not_opened_in_vain(kept: Shell, broken, editor):
    """What the options said is a draft, and so is what was written in the editor before the journal broke."""
    editor(f"{GOOD}; path.write_text(text.replace('髙田', {LONG.partition(chr(10))[2]!r}))")
    mend = broken()
    answer = kept("add", "案件", "-m", LONG, "-e")
    mend()
    assert answer.code in (2, 5), answer.err
    assert "add --resume" in answer.err
    assert LONG.partition("\n")[2] in (kept.done("draft", "list", "--json").out.replace("\\n", "\n"))


OTHERS = (
    ("edit", "3", "-m", LONG),
    ("comment", "3", "-m", LONG),
    ("comment", "昨日", "-m", LONG),
    ("day", "-m", LONG),
    ("deal", "hold", "案件", "--until", "+7d", "--why", LONG),
    ("sales", "add", "--amount", "1", "--customer", "青葉製作所", "--note", LONG),
)


def test_other_words_for_such_a_journal_are_given_back(kept: Shell, broken):
    """The command as it was typed, so that it can be pasted: it does what it was to do once the journal is well."""
    mend = broken()
    answers = [kept(*argv) for argv in OTHERS]
    mend()
    for argv, answer in zip(OTHERS, answers, strict=True):
        assert (answer.code, answer.out) == (5, ""), answer.err
        assert given_back(answer) == ["--journal", str(kept.journal), *argv]
        again = kept.bare(*given_back(answer))
        assert again.code == 0, again.err


@pytest.mark.parametrize("argv", [("log",), ("undo",), ("deal", "rename", "案件", "別"), ("backup",)], ids=" ".join)
def test_where_nothing_was_written_nothing_is_given_back(kept: Shell, argv):
    """A read, and commands without words."""
    mend = other(kept, None)
    answer = kept(*argv)
    mend()
    assert "入力した" not in answer.err


def test_what_no_field_takes_is_given_back_too(kept: Shell):
    """A correction that breaks the schema is no draft: exit 3, and the command as it was typed."""
    answer = kept("edit", "3", "-m", SAID, "--activity", "散歩")
    assert answer.code == 3
    assert given_back(answer)[-4:] == ["-m", SAID, "--activity", "散歩"]


def test_a_terminals_own_controls_are_spelled_out(kept: Shell):
    """What is given back can steer no terminal, and is still what was typed."""
    mend = other(kept, None)
    answer = kept("comment", "3", "-m", "a\x1b[31m\tb'\\c\u202e")
    mend()
    line = answer.err.splitlines()[-1]
    assert line.isprintable()
    if os.name != "nt" and shutil.which("bash"):
        shown = subprocess.run(
            ["bash", "-c", f"printf %s {line.partition(' -m ')[2]}"], capture_output=True, check=True
        )
        assert shown.stdout.decode() == "a\x1b[31m\tb'\\c\u202e"


# --- a disk without room

FULL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
from nippo_cli.cli.frame.main import main
sys.exit(main(sys.argv[1:]))
"""


def on_a_full_disk(*argv: str, said: str = "") -> Answer:
    """A command that can put nothing on any disk."""
    done = subprocess.run(
        [sys.executable, "-c", FULL, *argv], input=said, capture_output=True, text=True, encoding="utf-8", check=False,
        timeout=60,
    )  # fmt: skip
    return Answer(done.returncode, done.stdout, done.stderr)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no RLIMIT_FSIZE")
def test_a_first_entry_on_a_full_disk_is_given_back(nippo: Shell, tmp_path: Path):
    """Neither the journal nor the draft can be made: all that was typed stands on stderr, as `--from-file` takes it."""
    argv = ["--journal", str(nippo.journal), "add", "新しい案件", *FIRST, "-m", SAID]
    answer = on_a_full_disk(*argv)
    assert (answer.code, answer.out) == (5, "")
    assert "空き" in answer.err
    assert not nippo.journal.exists() or not list(nippo.journal.iterdir())
    (tmp_path / "typed.json").write_text(answer.err.partition("入力した内容:\n")[2], encoding="utf-8")
    nippo.done("add", "--from-file", "typed.json")
    assert facts(nippo) == [SAID]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no RLIMIT_FSIZE")
def test_all_that_takes_words_gives_them_back_on_a_full_disk(kept: Shell, tmp_path: Path):
    """An entry, one in the editor, a file on standard input that can't be read, a comment."""
    journal = ("--journal", str(kept.journal))
    for more in ((), ("-e",)):
        answer = on_a_full_disk(*journal, "add", "案件", "--activity", "電話", "-m", SAID, *more)
        (tmp_path / "typed.json").write_text(answer.err.partition("入力した内容:\n")[2], encoding="utf-8")
        kept.done("add", "--from-file", "typed.json")
    assert facts(kept) == [SAID, SAID, "話を聞いた"]
    broken = f"deal: [案件\nfacts: {SAID}"
    assert broken in on_a_full_disk(*journal, "add", "--from-file", "-", said=broken).err
    assert given_back(on_a_full_disk(*journal, "comment", "3", "-m", SAID))[-1] == SAID


def test_a_first_entry_that_finds_no_place_is_a_draft(nippo: Shell, tmp_path: Path):
    """Where the journal's folder should be is a file: exit 5, the draft is in the state folder, nothing is left half made."""
    (tmp_path / "file").write_text("x", encoding="utf-8")
    answer = nippo.bare("--journal", "file/journal", "add", "案件", "-m", SAID)
    assert (answer.code, answer.out) == (5, "")
    assert "add --resume" in answer.err
    found = json.loads(next(tmp_path.glob("state/nippo/journals/*/drafts/1.json")).read_text(encoding="utf-8"))
    assert found["reports"][0]["facts"] == SAID


# --- standard input, and the questions


def test_a_piped_report_that_cant_be_read_is_a_draft(kept: Shell, monkeypatch, tmp_path: Path):
    """Broken YAML, bytes that are no UTF-8: the text itself is kept, byte by byte."""
    for content in (b"deal: [x\nfacts: \xe8\xa9\xb1", b"\xff\xfe\x83 facts"):
        piped = Piped("")
        piped.buffer.write(content)
        piped.buffer.seek(0)
        monkeypatch.setattr("sys.stdin", piped)
        answer = kept("add", "--from-file", "-")
        assert answer.code in (2, 3)
        assert "add --resume" in answer.err
    kept_texts = {path.read_bytes() for path in tmp_path.glob("state/nippo/journals/*/drafts/*.yaml")}
    assert kept_texts == {b"deal: [x\nfacts: \xe8\xa9\xb1", b"\xff\xfe\x83 facts"}
    assert len(drafts(kept)) == 2


def test_ctrl_c_keeps_what_was_typed_on_standard_input(kept: Shell, monkeypatch):
    """A report written by hand into `--from-file -`, stopped before its end."""

    class Stopped(Piped):
        def read1(self, _size: int) -> bytes:
            if text := self.buffer.read():
                return text
            raise KeyboardInterrupt

    piped = Stopped(f"deal: 案件\nfacts: |\n  {SAID.splitlines()[0]}\n")
    monkeypatch.setattr("sys.stdin", type("Stdin", (), {"buffer": piped, "isatty": lambda _: False})())
    answer = kept("add", "--from-file", "-")
    assert answer.code == 130
    assert [d["facts"] for d in drafts(kept)] == [SAID.splitlines()[0]]


@pytest.fixture
def talk(kept: Shell, monkeypatch: pytest.MonkeyPatch):
    """`nippo …` where a person answers."""

    def run(*argv: str, answers: tuple[str, ...]) -> Answer:
        terminal = Scripted(*answers)
        monkeypatch.setattr(asking, "PromptTerminal", lambda **_: terminal)
        monkeypatch.setattr(start, "can_converse", lambda: True)
        monkeypatch.setattr("nippo_cli.cli.add.resuming.can_converse", lambda: True)
        monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", True)
        return kept(*argv)

    return run


def test_answers_that_no_draft_takes_are_given_back(talk, kept: Shell, monkeypatch):
    """Ctrl-C while the state folder is full: all answers, the open one too."""

    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("nippo_cli.base.files.make_folder", no_room)
    answer = talk("add", answers=("", "案件", "電話", "", "大事な話", "^C よい感じ"))
    assert answer.code == 130
    typed = json.loads(answer.err.partition("入力した内容:\n")[2])
    assert typed == {
        "deal": "2",
        "on": "2026-11-23",
        "activity": "call",
        "facts": "大事な話",
        "next_step": "よい感じ",
    }


def test_a_journal_that_breaks_under_the_questions_loses_no_answer(talk, kept: Shell):
    """The report is a draft by then; the error says so."""
    answer = talk("add", "案件", "--on", "2026-11-20", "-m", SAID, answers=("^C",))
    assert answer.code == 130
    assert [d["facts"] for d in drafts(kept)] == [SAID]
    mend = other(kept, None)
    answer = talk("add", "案件", "-m", "別の話", answers=())
    mend()
    assert answer.code == 5
    assert [d["facts"] for d in drafts(kept)] == ["別の話", SAID]


def test_a_recorded_report_is_no_draft_again(talk, kept: Shell, monkeypatch):
    """The terminal is closed at the question whether another follows: what is on disk is not kept once more."""
    terminal = Scripted("", "案件", "電話", "", "大事な話", "", "", "", "")
    held: list[Any] = []
    monkeypatch.setattr(asking, "PromptTerminal", lambda **_: terminal)
    monkeypatch.setattr(start, "can_converse", lambda: True)
    monkeypatch.setattr("nippo_cli.cli.add.resuming.can_converse", lambda: True)
    monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", True)
    monkeypatch.setattr(start, "_following", lambda talking: held.append(talking) or talking.keep_all())
    assert kept("add").code == 0
    assert held
    assert drafts(kept) == []


def test_a_fault_of_nippos_own_keeps_the_entry(kept: Shell, monkeypatch):
    """The fault is named, and the draft too."""
    monkeypatch.setattr("nippo_cli.services.writing.record.recap", lambda *_: 1 // 0)
    answer = kept("add", "案件", "--activity", "電話", "-m", SAID)
    assert answer.code == 1
    assert "ZeroDivisionError" in answer.err
    assert "add --resume" in answer.err
    assert [d["facts"] for d in drafts(kept)] == [SAID]
    assert facts(kept) == ["話を聞いた"]


def test_who_stops_waiting_for_a_locked_journal_keeps_the_entry(kept: Shell, monkeypatch):
    """Ctrl-C while another program has it."""

    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(writer, "connect_to_write", stopped)
    answer = kept("add", "案件", "--activity", "電話", "-m", SAID)
    assert answer.code == 130
    assert "add --resume" in answer.err
    comment = kept("comment", "3", "-m", SAID)
    assert (comment.code, given_back(comment)[-1]) == (130, SAID)
    assert [d["facts"] for d in drafts(kept)] == [SAID]


def test_the_answers_of_a_sweep_are_kept_or_given_back(kept: Shell, monkeypatch):
    """While another program has the journal: a next step is a draft, a hold stands there as a command; the sweep goes on."""
    monkeypatch.setenv("NIPPO_NOW", "2027-03-01T18:00:00+09:00")
    monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", True)
    keys, lines = iter("ghq"), iter(("見積を出す", "+7d", "+30d", "予算待ち it's"))
    monkeypatch.setattr("nippo_cli.cli.commands.sweep.one_key", lambda: next(keys))
    monkeypatch.setattr("builtins.input", lambda: next(lines))
    monkeypatch.setattr(writer, "connect_to_write", refused)
    answer = kept("sweep")
    assert answer.code == 0
    assert "add --resume" in answer.err
    assert [d["facts"] for d in drafts(kept)] != []
    line = next(line for line in answer.err.splitlines() if line.startswith("nippo ") and " hold " in line)
    hold = ["deal", "hold", "2", "--until", "+30d", "--why", "予算待ち it's"]
    assert shlex.split(line)[1:] == ["--journal", str(kept.journal), *hold]


def refused(*_: object, **__: object) -> sqlite3.Connection:
    """A journal that another program has."""
    raise JournalError(msg("journal.locked", path="x", why="y"), hint=msg("journal.locked.hint"))


def test_a_schema_made_of_answers_is_given_back(nippo: Shell, monkeypatch, tmp_path: Path):
    """`nippo init` asks a dozen questions; what they made stands on stderr where it can't be written."""
    (tmp_path / "file").write_text("x", encoding="utf-8")
    monkeypatch.setattr("nippo_cli.cli.frame.context.CliContext.interactive", True)
    monkeypatch.setattr("builtins.input", lambda: "")
    answer = nippo.bare("--journal", "file/journal", "init")
    assert answer.code == 2
    text = answer.err.partition("入力した内容:\n")[2]
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    assert nippo("schema", "check", "mine.yaml").code == 0


def test_a_clock_gone_wrong_gives_the_words_back(kept: Shell, monkeypatch):
    """Before 1970 no diary is written; the command line is there to be used once the clock is right."""
    monkeypatch.setenv("NIPPO_NOW", "1969-12-31T12:00:00+00:00")
    answer = kept("add", "案件", "--activity", "電話", "-m", SAID)
    monkeypatch.setenv("NIPPO_NOW", NOW)
    assert answer.code == 2
    assert given_back(answer)[-1] == SAID
    assert kept.bare(*given_back(answer)).code == 0


def test_what_is_in_the_way_of_tidying_up_hides_no_fault(nippo: Shell, monkeypatch):
    """The first entry fails, and so does the removal of the journal that was made for it: the first is told."""

    def full(_: object) -> None:
        raise OSError(28, "No space left on device", str(nippo.db))

    def damaged(_: object) -> bool:
        raise JournalError(msg("journal.damaged", path="", why=""))

    monkeypatch.setattr(writer.Writer, "finish", full)
    monkeypatch.setattr("nippo_cli.journal.write.forget_empty", damaged, raising=False)
    answer = nippo("add", "案件", *FIRST, "-m", SAID)
    assert answer.code == 5
    assert "空き" in answer.err.splitlines()[0]


def test_a_draft_that_can_not_be_read_is_not_recorded_unmarked(kept: Shell, monkeypatch):
    """Nobody could tell later that it is recorded already: it would be recorded twice."""
    assert kept("add", "案件", "-m", SAID).code == 3
    read = Path.read_bytes

    def broken(path: Path) -> bytes:
        if path.name == "1.json":
            raise OSError(5, "Input/output error", str(path))
        return read(path)

    with monkeypatch.context() as at_once:
        at_once.setattr(Path, "read_bytes", broken)
        assert kept("draft", "resume", "1", "--activity", "電話").code == 1
    assert SAID not in facts(kept)
    kept.done("draft", "resume", "1", "--activity", "電話")
    assert facts(kept).count(SAID) == 1
