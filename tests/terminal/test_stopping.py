"""Each kind of question may be stopped, with Ctrl-C and with Ctrl-D: at once, with the documented code, and nothing is lost."""

import os
import shutil
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
def asked(begun: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
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


@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["Ctrl-C", "Ctrl-D"])
@pytest.mark.parametrize("kind", list(_KINDS))
def test_a_question_can_be_stopped(
    asked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, key: str
) -> None:
    """The journal is as it was. What was typed of an entry is a draft."""
    shutil.copytree(asked, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
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


# What `input` does before it reads takes this program a while, in which no signal is looked at.
_SLOW = """
import sys
def slow(event, _):
    return -1.5 in range(20_000_000) if event == "builtins.input" else None
sys.addaudithook(slow)
from nippo_cli.cli.frame.main import run; run()
"""


def test_who_stops_before_the_question_is_waited_at_is_heard(asked: Path, tmp_path: Path) -> None:
    """Ctrl-C the moment that `[y/N]` stands there."""
    shutil.copytree(asked, tmp_path, dirs_exist_ok=True)
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
