"""`nippo add` on a real terminal: every step as a person sees it, and every way in which it may end."""

import json
import os
import re
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pexpect", reason="Windows has no pseudo-terminal")
if os.name == "nt":
    pytest.skip("Windows has no pseudo-terminal", allow_module_level=True)

import io
import shutil
from contextlib import redirect_stderr, redirect_stdout

from emulator import ALT_ENTER, CTRL_C, CTRL_D, CTRL_J, CTRL_O, CTRL_T, DOWN, ENTER, NOW, Terminal

from nippo_cli.cli.frame.main import main


def said(journal: Path, *argv: str) -> Any:
    """What a command answers, as JSON."""
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(io.StringIO()):
        for name, value in {"NIPPO_NOW": NOW, "NIPPO_JOURNAL": str(journal), "NIPPO_LANG": "ja"}.items():
            patch.setenv(name, value)
        patch.setenv("XDG_STATE_HOME", str(journal.parent / "state"))
        assert main([*argv, "--json"]) == 0
    return json.loads(out.getvalue())


def last(journal: Path) -> Any:
    """The entry recorded last."""
    return max(said(journal, "log")["entries"], key=lambda e: int(e["id"]))


def drafts(journal: Path) -> Any:
    """The drafts that wait."""
    return said(journal, "draft", "list")["drafts"]


def steady(screen: str) -> str:
    """A screen without its blank rows; of one that has begun to scroll the last rows, since how far it has scrolled by the
    time that it is looked at depends on when the terminal told where its cursor is."""
    rows = [row for row in screen.split("\n") if row]
    return "\n".join(rows if "Ctrl-C" in rows[0] else rows[-12:])


SIZES = [(24, 80), (40, 120)]
sizes = pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[1]}x{s[0]}")


@sizes
def test_the_flow_in_japanese(journal: Path, size, snapshot):
    """From the first question to the last: a planned contact, a wrong date, hope moved, the review, the deal's line."""
    screens = []
    term = Terminal(journal, "add", size=size)

    def seen(*texts: str) -> None:
        screens.append(steady(term.see_whole(*texts)))

    seen("Enter = 11/23(月)")
    term.type(ENTER)
    seen("予定していた活動", "搬送ロボット    山吹化成", "検査装置の更新  青葉製作所")
    term.type(ENTER)
    seen("約束", "訪問", "13 調査")
    term.type("？", ENTER)
    seen("番号か、名前の一部で選びます")
    term.type("２", ENTER)
    seen("変更点")
    term.type("金額　120万", ENTER)
    seen("120万 → 1,200,000円", "変更点")
    term.type(ENTER, "田中課長から来期に更新と聞いた。好感触。")
    seen("Ctrl-T でこの文を所感へ")
    term.type(CTRL_T)
    seen("所感へ移しました")
    term.type(ENTER, ENTER)
    seen("次の一手:")
    term.type("見積の再提出", ENTER, "そのうち", ENTER)
    seen("「そのうち」")
    term.type("来月10日")
    seen("→ 12/10(木)")
    term.type(ENTER)
    seen("この内容で記録します", "よろしいですか")
    term.type(ENTER)
    assert term.see("記録しました", "nippo undo").ended() == 0
    screens.append(steady(term.shown))
    assert screens == snapshot
    assert last(journal)["values"] == {
        "activity": "call", "facts": "田中課長から来期に更新と聞いた。", "impression": "好感触。", "amount": 1_200_000,
        "next_step": "見積の再提出", "next_on": "2026-12-10",
    }  # fmt: skip
    assert drafts(journal) == []


@sizes
def test_the_flow_in_english(begun: Path, tmp_path: Path, size, snapshot):
    """A new deal in the English template; back and forth; then another deal of the same meeting."""
    journal = tmp_path / "journal"
    shutil.copytree(begun / "en", journal)
    screens = []
    term = Terminal(journal, "add", size=size, lang="en")

    def seen(*texts: str) -> None:
        screens.append(steady(term.see_whole(*texts)))

    seen("Enter = Mon 23 Nov")
    term.type("yesterday", ENTER)
    seen("yesterday → Sun 22 Nov", "Deal:")
    term.type("Line 3", ENTER)
    seen("start “Line 3” as a new deal")
    term.type(ENTER)
    seen("9 Internal")
    term.type("cal", ENTER)
    seen("Customer:")
    term.type("ACME", ENTER)
    seen("Stage:", "Enter = Inquiry")
    term.type("disc", ENTER)
    seen("Facts:")
    term.type("<", ENTER)
    seen("Stage: disc")
    term.type(ENTER)
    seen("Facts:")
    term.type("Ann Lee said it looks promising", ENTER)
    seen("Next step:")
    term.type("send a quote", ENTER)
    seen("Next step on:")
    term.type("next tuesday", ENTER)
    seen("About to record")
    term.type("amount 1.2m", ENTER)
    seen("$1,200,000.00", "OK:")
    term.type("+", ENTER)
    seen("nippo undo", "same meeting")
    term.type("1", ENTER)
    seen("Deal:", "Line 3  ACME")
    term.type("-", ENTER)
    seen("Facts:")
    term.type(CTRL_C)
    assert term.ended() == 130
    screens.append(steady(term.shown))
    assert screens == snapshot


def test_a_fast_typist_needs_twelve_keys(journal: Path):
    """A complete entry for a known deal: beside the text itself, at most 12 key presses, the number of a choice
    counted."""
    keys = 0
    term = Terminal(journal, "add")

    def press(*parts: str) -> None:
        nonlocal keys
        keys += len(parts)
        term.type(*parts)

    term.see("Enter = 11/23(月)")
    press(ENTER)
    term.see("予定していた活動").type("搬送")
    press(ENTER)
    term.see("13 調査")
    press("1", ENTER)
    term.see("変更点")
    press(ENTER)
    term.see("面談者").type("山田部長")
    press(ENTER)
    term.see("事実:").type("山田部長が仕様を決めた。")
    press(ENTER)
    term.see("所感:").type("急いでいる。")
    press(ENTER)
    term.see("次の一手:").type("見積")
    press(ENTER)
    term.see("次の一手の期日:").type("来週火曜")
    press(ENTER)
    term.see("よろしいですか")
    press(ENTER)
    term.see("記録しました")
    assert keys <= 12
    term.type(ENTER)
    assert term.ended() == 0
    assert set(last(journal)["values"]) == {"activity", "people", "facts", "impression", "next_step", "next_on"}


def test_a_call_takes_six_enters_besides_the_text(journal: Path):
    """A phone call of a planned deal whose next step is put off: the day, the deal, the activity, what stands, the next step, the
    review, no more; nothing is asked of whom nobody met. The text has an Enter of its own. The step was due today: Enter alone
    leaves it as it is, a week later."""
    enters = 0
    begun = next(deal for deal in said(journal, "deal", "list")["deals"] if deal["next_on"] == "2026-11-23")
    term = Terminal(journal, "add")

    def enter(*before: str) -> None:
        nonlocal enters
        enters += 1
        term.type(*before, ENTER)

    term.see("Enter = 11/23(月)")
    enter()
    term.see("予定していた活動")
    enter()
    term.see("調査")
    enter("2")
    term.see("変更点")
    enter()
    term.see("事実:").type("山田部長が仕様を決めた。", ENTER)
    term.see("へ延期", "次の一手:")
    enter()
    term.see("よろしいですか")
    enter()
    assert term.ended() == 0
    assert enters == 6
    values = last(journal)["values"]
    assert set(values) == {"activity", "facts", "next_step", "next_on"}
    assert (values["next_step"], values["next_on"]) == (begun["next_step"], "2026-11-30")


@pytest.mark.parametrize(("typed", "on"), [("来週火曜", "2026-12-01"), ("12月", "2026-12-01/2026-12-31")])
def test_a_next_step_is_put_off_by_a_day_alone(journal: Path, typed: str, on: str):
    """One Enter: the step stays as it is, its day is the one typed. A call is over with its review; `+` there goes on to the next
    report."""
    before = next(deal for deal in said(journal, "deal", "list")["deals"] if deal["next_on"] == "2026-11-23")
    term = Terminal(journal, "add", before["id"], "--activity", "電話")
    term.see("Enter = 11/23(月)").type(ENTER)
    term.see("変更点").type(ENTER)
    term.see("事実:").type("山田部長が仕様を決めた。", ENTER)
    term.see("次の一手:").type(typed)
    term.see(f"→ {before['next_step']}").type(ENTER)
    term.see("よろしいですか").type("+", ENTER)
    term.see("続けますか").type(ENTER)
    assert term.ended() == 0
    values = last(journal)["values"]
    assert (values["next_step"], values["next_on"]) == (before["next_step"], on)


def test_bare_edit_asks_field_by_field(journal: Path):
    """What the entry says stands in each question; Enter keeps it, and what is typed otherwise is corrected. Left by Ctrl-C it
    corrects nothing, and shows the command that would have."""
    number = last(journal)["id"]
    before = last(journal)["values"]
    term = Terminal(journal, "edit", str(number))
    term.see("Enter そのまま", "日付:").type(ENTER)
    term.see("案件:").type(ENTER)
    term.see("活動:").type(ENTER)
    term.see("変更点").type(ENTER)
    for label in ("事実:", "次の一手:", "次の一手の期日:"):
        term.see(label)
        if label == "次の一手:":
            term.type("を急ぐ")
        term.type(ENTER)
    term.see("よろしいですか").type(ENTER)
    assert term.ended() == 0
    assert last(journal)["values"] == before | {"next_step": before["next_step"] + "を急ぐ"}
    on = last(journal)["on"]
    term = Terminal(journal, "edit", str(number))
    term.see("日付:").type("11/19", ENTER)
    term.see("案件:").type(CTRL_C)
    assert term.ended() == 130
    assert f"edit {number} --on 2026-11-19" in term.shown.replace("\n", "")
    assert last(journal)["on"] == on != "2026-11-19"
    assert drafts(journal) == []


def test_names_are_chosen_from_what_is_offered(journal: Path):
    """A part of the customer's name in half-width kana narrows the list; an arrow and Enter take the deal."""
    term = Terminal(journal, "add", "--on", "11/20")
    term.see("検査装置の更新", "搬送ロボット").type("ﾛﾎﾞｯﾄ")
    term.gone("検査装置の更新  青葉製作所").see("山吹化成").type(DOWN, ENTER)
    assert "搬送ロボット（山吹化成）" in term.see("前回").shown
    term.type(CTRL_C)
    assert term.ended() == 130


def test_a_paste_is_text_and_nothing_else(journal: Path):
    """Line ends are blanks in a field of one line and line ends in a text; tabs are blanks; no escape code is obeyed,
    and no pasted line end answers a question."""
    term = Terminal(journal, "add", "検査装置の更新", "--activity", "電話", "--on", "11/20")
    term.see("変更点").type(ENTER).see("事実:")
    term.paste("一行目\r\n二\t行目\x1b[2J\x1b]0;題\x07\n三行目").see("三行目").type(
        CTRL_J, "四行目", ALT_ENTER, "五", ENTER
    )
    term.see("次の一手:").paste("見積を\n出す\x1b[31m").see("見積を 出す").type(ENTER)
    term.see("期日:").type(CTRL_C)
    assert term.ended() == 130
    (draft,) = drafts(journal)
    report = json.loads(Path(draft["path"]).read_text(encoding="utf-8"))["reports"][0]
    assert report["facts"] == "一行目\n二 行目[2J]0;題\n三行目\n四行目\n五"
    assert report["next_step"] == "見積を 出す[31m"


def test_the_window_may_change_its_size(journal: Path):
    """In the middle of a long text that wraps: it is drawn again, and nothing is lost."""
    text = "長い文章を書いています。" * 12
    term = Terminal(journal, "add", "検査装置の更新", "--activity", "電話", "--on", "11/20", size=(40, 120))
    term.see("変更点").type(ENTER).see("事実:").type(text).see("書いています。")
    for rows, columns in ((24, 60), (10, 44), (50, 160), (24, 80)):
        term.resize(rows, columns).type("！").see("！")
    term.type(ENTER).see("次の一手:").type(CTRL_C)
    assert term.ended() == 130
    assert drafts(journal)[0]["facts"] == text + "！！！！"


ENDS = {
    "Ctrl-C": (130, True), "Ctrl-D": (130, False), "closed terminal": (129, True), "SIGTERM": (143, True),
    "kill -9": (137, False),
}  # fmt: skip


@pytest.mark.parametrize("way", ENDS)
def test_whatever_ends_it_what_was_typed_is_there(journal: Path, way):
    """All but the field that is being typed, and that too where the process is told; then it goes on from there."""
    code, all_of_it = ENDS[way]
    term = Terminal(journal, "add", "検査装置の更新", "--activity", "電話")
    term.see("Enter = 11/23(月)").type("昨日", ENTER).see("変更点").type(ENTER).see("事実:")
    term.type("大事な話", ENTER).see("次の一手:")
    if way == "Ctrl-D":
        term.type(CTRL_D)
    else:
        term.type("書きかけ").see("書きかけ")
    if way == "Ctrl-C":
        term.type(CTRL_C)
    elif way == "closed terminal":
        term.child.kill(signal.SIGHUP)
    elif way == "SIGTERM":
        term.child.kill(signal.SIGTERM)
    elif way == "kill -9":
        term.child.kill(signal.SIGKILL)
    assert term.ended() == code
    if way != "kill -9":
        assert "nippo add --resume" in term.shown
    again = Terminal(journal, "add")
    again.see("書きかけの日報があります", "大事な話").type(ENTER).see("11/22(日)", "大事な話", "次の一手:")
    assert ("書きかけ" in again.see("Ctrl-O").shown.rpartition("次の一手:")[2]) is all_of_it
    again.type(ENTER)
    if all_of_it:
        again.see("期日:").type(ENTER)
    again.see("よろしいですか").type(ENTER)
    assert again.ended() == 0
    # Enter alone leaves the step that stands, with its day.
    step = {"next_step": "書きかけ"} if all_of_it else {"next_step": "見積の提出", "next_on": "2026-11-23"}
    values = {"activity": "call", "facts": "大事な話"} | step
    assert last(journal)["values"] == values
    assert last(journal)["on"] == "2026-11-22"
    assert drafts(journal) == []


def test_a_terminal_that_is_gone_is_no_loss(journal: Path):
    """The window is closed: the other end of the terminal is there no more."""
    term = Terminal(journal, "add", "検査装置の更新", "--activity", "電話", "--on", "11/20")
    term.see("変更点").type(ENTER).see("事実:").type("大事な話").see("大事な話")
    pid = term.child.pid
    term.child.close(force=False)
    _wait_for_the_end_of(pid)
    (draft,) = drafts(journal)
    assert draft["facts"] == "大事な話"


def _wait_for_the_end_of(pid: int) -> None:
    while True:
        try:
            os.waitpid(pid, 0)
        except ChildProcessError:
            return


def test_a_name_is_understood_where_the_locale_knows_no_utf8(journal: Path):
    """The keyboard sends UTF-8 all the same; what the terminal can't show is in English around question marks."""
    env = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "NIPPO_LANG": ""}
    term = Terminal(journal, "deal", "show", "検査装置の更新", env=env)
    assert term.ended() == 0
    assert "History so far" in term.shown


def test_two_terminals_do_not_have_one_draft(journal: Path):
    """What one is writing the other is not offered, may not resume and may not drop; it is recorded once."""
    first = Terminal(journal, "add", "検査装置の更新", "--activity", "電話", "--on", "11/20")
    first.see("変更点").type(ENTER).see("事実:").type("大事な話", ENTER).see("次の一手:")
    for argv in (["draft", "resume", "1"], ["draft", "drop", "1"]):
        other = Terminal(journal, *argv)
        assert other.ended() == 2
        assert "別の端末で開いています" in other.shown
    other = Terminal(journal, "add")
    assert "書きかけ" not in other.see("日付:").shown
    other.type(CTRL_C)
    assert other.ended() == 130
    first.type("-", ENTER).see("よろしいですか").type(ENTER)
    assert first.ended() == 0
    assert [e["values"]["facts"] for e in said(journal, "log")["entries"]].count("大事な話") == 1
    assert drafts(journal) == []


def test_a_schema_with_a_fault_is_told_before_a_word_is_typed(journal: Path):
    """Not when all is written: the write would have refused it."""
    schema = journal / "schema.yaml"
    schema.write_text(schema.read_text(encoding="utf-8").replace("\nstages:", "\nstagez:"), encoding="utf-8")
    for argv in ([], ["-e"]):
        term = Terminal(journal, "add", *argv, env={"EDITOR": "false"})
        assert term.ended() == 2
        assert "stagez" in term.shown
        assert "日付:" not in term.shown


def test_an_editor_on_one_field(journal: Path, tmp_path: Path):
    """Ctrl-O hands the text over and takes it back; an editor that fails leaves it as it was, and says so."""
    script = tmp_path / "editor"
    script.write_text(
        f"#!{sys.executable}\nimport sys, pathlib\np = pathlib.Path(sys.argv[1])\nt = p.read_text(encoding='utf-8')\n"
        "p.write_text(t + '続き\\n', encoding='utf-8')\nsys.exit('失敗' in t)\n", encoding="utf-8",
    )  # fmt: skip
    script.chmod(0o755)
    term = Terminal(
        journal, "add", "検査装置の更新", "--activity", "電話", "--on", "11/20", env={"VISUAL": str(script)}
    )
    term.see("変更点").type(ENTER).see("事実:").type("始め", CTRL_O).see("始め続き").type("失敗", CTRL_O)
    assert "始め続き失敗" in term.see("終了コード 1").shown
    term.type(CTRL_C)
    assert term.ended() == 130


def test_a_terminal_without_utf8_is_readable(journal: Path):
    """Latin-1: English, and the fields by their keys. EUC-JP: Japanese as ever. Neither crashes."""
    term = Terminal(journal, "add", encoding="latin-1")
    term.see("Mon 23 Nov").type(ENTER).see("deal").type("-", ENTER)
    shown = term.see("activity:").shown
    assert "12 internal" in shown
    term.type("internal", ENTER).see("customer:").type(ENTER).see("facts:").type("caf\xe9", ENTER).see("OK:")
    term.type(ENTER)
    assert term.ended() == 0
    assert last(journal)["values"] == {"activity": "internal", "facts": "café"}
    term = Terminal(journal, "add", encoding="euc_jp")
    term.see("日付:").type(ENTER).see("案件:").type("-", ENTER).see("活動:").type("社内", ENTER)
    term.see("顧客:").type(ENTER).see("事実:").type("会議", ENTER).see("よろしいですか").type(ENTER)
    assert term.ended() == 0
    assert last(journal)["values"]["facts"] == "会議"


def test_no_colour_where_none_is_wanted(journal: Path):
    """NO_COLOR: no colour is set anywhere; all that is said stands in words."""
    term = Terminal(journal, "add", env={"NO_COLOR": "1"})
    term.see("Enter = 11/23(月)").type(ENTER).see("予定していた活動").type(ENTER).see("約束").type(CTRL_C)
    assert term.ended() == 130
    assert not re.findall(r"\x1b\[[0-9;]*(?:3[0-8]|4[0-8]|9[0-7])[0-9;]*m", term.raw)


def test_a_piped_answer_is_data_alone(journal: Path):
    """Questions go to the terminal, the answer into the pipe."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.json"
        term = Terminal(
            journal, "add", "検査装置の更新", "--activity", "電話", "--on", "11/20", "-o", str(out), "--json"
        )
        term.see("変更点").type(ENTER).see("事実:").type("話", ENTER).see("次の一手:").type("-", ENTER)
        term.see("よろしいですか").type(ENTER)
        assert term.ended() == 0
        assert json.loads(out.read_text(encoding="utf-8"))["entry"]["values"]["facts"] == "話"
