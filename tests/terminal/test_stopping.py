"""Each kind of question may be stopped, with Ctrl-C and with Ctrl-D: at once, with the documented code, and nothing is lost."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from emulator import NOW, Terminal

pexpect = pytest.importorskip("pexpect", reason="Windows has no pseudo-terminal")

_DEALS = "No,お客様名,件名,営業担当,進捗,引合日\n1,青葉製作所,搬送ロボット,佐藤,提案,2026/4/8\n"
_EVENT = (
    "BEGIN:VEVENT",
    "UID:1",
    "DTSTART:20261123T010000Z",
    "DTEND:20261123T020000Z",
    "SUMMARY:青葉製作所 打合せ",
    "END:VEVENT",
)
_PLAIN = {"TERM": "dumb"}
# The command, what its question ends with, and how the terminal is set.
_KINDS: dict[str, tuple[tuple[str, ...], str, dict[str, str]]] = {
    "a field": (("add",), "日付", {}),
    "a field of an entry": (("edit", "3"), "日付", {}),
    "a field on a plain terminal": (("add", "検査装置の更新", "--activity", "電話"), "事実:", _PLAIN),
    "whether a deal is new": (("add", "別の件", "--activity", "電話", "-m", "話した"), "[y/N]", _PLAIN),
    "whether an amount is meant": (("edit", "3", "--amount", "1億"), "[y/N]", {}),
    "whether to erase": (("redact", "--person", "田中課長", "--why", "受付1号"), "[y/N]", {}),
    "the beginning": (("--journal", "new", "init"), "売り方:", {}),
    "the beginning on a plain terminal": (("--journal", "new", "init"), "1/6", _PLAIN),
    "a step of the schema": (("schema", "edit", "提案"), "1/3", {}),
    "whether to import": (("import", "deals.csv"), "n でやめる", {"NO_PAGER": "1"}),
    "which events": (("import", "day.ics"), "Enter でなし", {}),
    "a review": (("deal", "review", "搬送ロボット"), "原因", {}),
    "a key": (("sweep",), "q やめる", {}),
}
_WHOLE = {"a key": 0}


@pytest.fixture(scope="module")
def made(begun: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A journal whose entry 3 names an amount and stands still, a deal that was lost, and two files to import."""
    folder = tmp_path_factory.mktemp("asked")
    shutil.copytree(begun / "ja", folder / "journal")
    lost = (
        "add",
        "搬送ロボット",
        "--activity",
        "電話",
        "--stage",
        "失注",
        "--lost-reason",
        "価格",
        "-m",
        "他社に決まった",
    )
    for argv in (("edit", "3", "--amount", "100万", "--on", "2026-09-01"), lost):
        assert Terminal(folder / "journal", *argv).ended() == 0
    (folder / "deals.csv").write_text(_DEALS, encoding="utf-8")
    day = ("BEGIN:VCALENDAR", "VERSION:2.0", *_EVENT, "END:VCALENDAR", "")
    (folder / "day.ics").write_text("\r\n".join(day), encoding="utf-8", newline="")
    return folder


@pytest.fixture(autouse=True)
def _asked(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has a copy of it, and works there."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["Ctrl-C", "Ctrl-D"])
@pytest.mark.parametrize("kind", list(_KINDS))
def test_a_question_can_be_stopped(tmp_path: Path, kind: str, key: str) -> None:
    """The journal is as it was. What was typed of an entry is a draft."""
    argv, question, env = _KINDS[kind]
    before = (tmp_path / "journal" / "journal.db").read_bytes()
    terminal = Terminal(tmp_path / "journal", *argv, env=env).see(question)
    if kind == "a step of the schema":
        # What stands there first is to be changed; Ctrl-D deletes of it.
        terminal.type("\x15", "\x0b")
    terminal.type(key)
    assert terminal.ended() == _WHOLE.get(kind, 130), terminal.shown
    assert (tmp_path / "journal" / "journal.db").read_bytes() == before
    assert not (tmp_path / "new").exists()
    typed = "電話" in argv
    assert ("add --resume" in terminal.shown) is typed
    assert "Traceback" not in terminal.raw


@pytest.mark.parametrize("kind", list(_KINDS))
def test_who_presses_ctrl_c_twice_stops_once(tmp_path: Path, kind: str) -> None:
    """Two at once, as an impatient hand does: the same end as of one."""
    argv, question, env = _KINDS[kind]
    before = (tmp_path / "journal" / "journal.db").read_bytes()
    terminal = Terminal(tmp_path / "journal", *argv, env=env).see(question)
    terminal.type("\x03", "\x03")
    assert terminal.ended() == _WHOLE.get(kind, 130), terminal.shown
    assert (tmp_path / "journal" / "journal.db").read_bytes() == before
    assert ("add --resume" in terminal.shown) is ("電話" in argv)
    assert "Traceback" not in terminal.raw


@pytest.mark.parametrize(
    ("kind", "answer", "says"),
    [
        ("whether to import", "n\r", "取り込みませんでした。何も書いていません。"),
        ("which events", "\r", "どの予定も下書きにしませんでした。"),
        ("whether to erase", "n\r", "何も消しませんでした。"),
        ("a key", "q", "何も書いていません。残り 1"),
    ],
)
def test_who_says_no_hears_that_nothing_was_done(tmp_path: Path, kind: str, answer: str, says: str) -> None:
    """And no `nippo undo` is offered, which would take back what was written before."""
    argv, question, env = _KINDS[kind]
    before = (tmp_path / "journal" / "journal.db").read_bytes()
    terminal = Terminal(tmp_path / "journal", *argv, env=env).see(question).type(answer)
    assert terminal.ended() == 0, terminal.shown
    last = terminal.shown.splitlines()[-1]
    assert (says in last, "nippo undo" in last) == (True, False), terminal.shown
    assert (tmp_path / "journal" / "journal.db").read_bytes() == before


# Of each kind, where nobody can be asked: the exit code, and what is to be done instead.
_UNASKED = {
    "a field": (3, "--from-file"),
    "a field of an entry": (2, "nippo edit --help"),
    "a field on a plain terminal": (3, "nippo add --resume"),
    "whether a deal is new": (4, "--new-deal"),
    "whether an amount is meant": (0, "nippo undo"),
    "whether to erase": (2, "--yes"),
    "the beginning": (0, "最初の1件は nippo add"),
    "the beginning on a plain terminal": (0, "最初の1件は nippo add"),
    "a step of the schema": (2, "--norm"),
    "whether to import": (2, "--yes"),
    "which events": (2, "--yes"),
    "a review": (2, "-m で書いてください"),
    "a key": (2, "nippo sweep --list"),
}


@pytest.mark.parametrize("stdin", ["</dev/null", "<&-"])
@pytest.mark.parametrize("kind", list(_UNASKED))
def test_where_nobody_can_be_asked_it_says_what_to_type_instead(tmp_path: Path, kind: str, stdin: str) -> None:
    """In a script, from cron: no question waits, nothing is taken for an answer."""
    argv, _, env = _KINDS[kind]
    settings = {
        "NIPPO_JOURNAL": str(tmp_path / "journal"), "NIPPO_NOW": NOW, "NIPPO_LANG": "ja", "XDG_STATE_HOME": str(tmp_path / "state"),
    }  # fmt: skip
    script = f'"$0" -c "from nippo_cli.cli.frame.main import run; run()" "$@" {stdin}'
    done = subprocess.run(
        ["sh", "-c", script, sys.executable, *argv], env=os.environ | settings | env, cwd=tmp_path, check=False, capture_output=True,
        text=True, encoding="utf-8",
    )  # fmt: skip
    code, says = _UNASKED[kind]
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
    assert says in done.stderr + done.stdout, done.stderr


# This program is stopped once more the moment that it is about to say how it ended.
_AGAIN = """
import os, signal
from nippo_cli.cli.frame import context, failure, main
def stopped_again(say):
    def saying(*said):
        os.kill(os.getpid(), signal.SIGINT)
        return say(*said)
    return saying
failure.explain = stopped_again(failure.explain)
context.CliContext.notice = stopped_again(context.CliContext.notice)
main.run()
"""
# The command; each question with what is typed there, the last one stopped; and what says how to go on, or what became of it.
_ENDS: dict[str, tuple[tuple[str, ...], tuple[tuple[str, str], ...], str]] = {
    "a report": (
        ("add", "検査装置の更新", "--activity", "電話"),
        (("日付: Enter", "\r"), ("変更点", "\r"), ("事実", "価格の話")),
        "nippo add --resume",
    ),
    "a correction": (("edit", "3"), (("日付", "昨日\r"), ("案件", "")), "nippo edit 3 --on 2026-11-22"),
    "a review": (("deal", "review", "搬送ロボット"), (("原因", "1\r"), ("わかったこと", "")), "nippo deal review"),
    "the beginning": (("--journal", "new", "init"), (("売り方:", "\r"), ("2/6", "")), "答えを残してあります"),
    "the sweep": (("sweep",), (("q やめる", ""),), "残り"),
}


@pytest.mark.parametrize("kind", list(_ENDS))
def test_a_second_ctrl_c_cuts_nothing_off(tmp_path: Path, kind: str) -> None:
    """Ctrl-C while a question is open, and again while nippo says how to go on with what was typed."""
    argv, course, says = _ENDS[kind]
    terminal = Terminal(tmp_path / "journal", *argv, program=_AGAIN)
    for question, typed in course:
        terminal.see(question).type(typed)
    if typed:
        terminal.see(typed)
    terminal.type("\x03")
    assert terminal.ended() == (0 if kind == "the sweep" else 130), terminal.shown
    assert says in terminal.shown, terminal.shown


# What `input` does before it reads takes this program a while, in which no signal is looked at.
_SLOW = """
import sys
def slow(event, _):
    return -1.5 in range(20_000_000) if event == "builtins.input" else None
sys.addaudithook(slow)
from nippo_cli.cli.frame.main import run; run()
"""


def test_who_stops_before_the_question_is_waited_at_is_heard(tmp_path: Path) -> None:
    """Ctrl-C the moment that `[y/N]` stands there."""
    env = os.environ | {
        "NIPPO_JOURNAL": str(tmp_path / "journal"), "NIPPO_NOW": NOW, "NIPPO_LANG": "ja", "LC_ALL": "C.UTF-8", "TERM": "xterm",
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }  # fmt: skip
    argv = ["-c", _SLOW, "redact", "--person", "田中課長", "--why", "受付1号"]
    child = pexpect.spawn(sys.executable, argv, env=env, encoding="utf-8", timeout=20, dimensions=(50, 80))
    child.delaybeforesend = None
    child.expect_exact("[y/N]")
    child.send("\x03")
    assert "途中で止めました" in child.read()
    assert child.wait() == 130
