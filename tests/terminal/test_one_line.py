"""Commands of one line on a terminal: what they lack or what may be a slip is asked for; labels are options."""

import os
from pathlib import Path

import pytest

pytest.importorskip("pexpect", reason="Windows has no pseudo-terminal")
if os.name == "nt":
    pytest.skip("Windows has no pseudo-terminal", allow_module_level=True)

from emulator import CTRL_C, ENTER, Terminal
from test_flow import last, said


@pytest.fixture
def lost(journal: Path) -> Path:
    """検査装置の更新 is lost to the price."""
    said(
        journal,
        "add",
        "検査装置の更新",
        "--activity",
        "電話",
        "--stage",
        "失注",
        "--lost-reason",
        "価格",
        "-m",
        "断られた",
    )
    return journal


def reviews(journal: Path) -> list[dict[str, object]]:
    """What was learned of the deal, without whose it is and when."""
    known = said(journal, "deal", "show", "検査装置の更新")["reviews"]
    return [{key: one[key] for key in ("cause", "text", "known_by")} for one in known]


def test_a_review_is_asked_for_question_by_question(lost: Path):
    """The deal, its causes by number, what was learned, how it is known; an answer that is none is asked again."""
    term = Terminal(lost, "deal", "review", "検査装置")
    term.see("検査装置の更新  青葉製作所  失注", "1 決裁者に会えていなかった", "本当の原因:").type("天気", ENTER)
    term.see("本当の原因に「天気」はありません").type("3", ENTER)
    term.see("わかったこと:").type(ENTER).see("わかったことは必須です").type("効果の数字を出していなかった", ENTER)
    term.see("1 顧客に聞いた", "どうしてわかったか:").type("本人に確認", ENTER)
    assert term.see("振り返り").ended() == 0
    assert reviews(lost) == [{"cause": "value_unseen", "text": "効果の数字を出していなかった", "known_by": "asked"}]


def test_only_what_is_missing_is_asked_for(lost: Path):
    """In English too; what the command says is asked no more."""
    term = Terminal(
        lost, "deal", "review", "検査装置", "--cause", "対応・回答の遅れ", "-m", "Two weeks late", lang="en"
    )
    term.see("How you know it:")
    assert "Real cause" not in term.shown
    assert "What was learned" not in term.shown
    term.type("3", ENTER)
    assert term.ended() == 0
    assert reviews(lost) == [{"cause": "late", "text": "Two weeks late", "known_by": "guess"}]


def test_who_stops_is_given_the_command(lost: Path):
    """With what was answered by then; nothing is recorded."""
    term = Terminal(lost, "deal", "review", "検査装置", size=(24, 120))
    term.see("本当の原因:").type("遅れ", ENTER).see("わかったこと:").type(CTRL_C)
    assert term.ended() == 130
    assert "nippo deal review '検査装置' --cause '対応・回答の遅れ'" in term.shown
    assert reviews(lost) == []


def test_of_a_deal_that_goes_on_nothing_is_asked(journal: Path):
    """Before anything is typed."""
    term = Terminal(journal, "deal", "review", "検査装置")
    assert term.ended() == 2
    assert "まだ進行中です" in term.shown
    assert "本当の原因" not in term.shown


def test_a_hundredfold_amount_of_one_line_is_asked_about(journal: Path):
    """Before it is written, by `edit` (`add` asks among its questions); a no leaves the entry as it is, a yes writes it and says
    no more of it."""
    said(journal, "add", "検査装置の更新", "--activity", "電話", "-m", "話", "--amount", "120万")
    entry = str(last(journal)["id"])
    term = Terminal(journal, "edit", entry, "--amount", "12000万")
    term.see("1,200,000円 → 120,000,000円", "[y/N]").type(ENTER)
    assert term.see("訂正していません").ended() == 130
    assert last(journal)["values"]["amount"] == 1_200_000
    term = Terminal(journal, "edit", entry, "--amount", "12000万")
    term.see("[y/N]").type("y", ENTER)
    assert term.see("訂正しました").ended() == 0
    assert "nippo undo で取り消せます" not in term.shown
    assert last(journal)["values"]["amount"] == 120_000_000


def test_a_report_that_is_whole_is_asked_about_its_hundredfold_amount_alone(journal: Path):
    """No day, nothing that stands: a no leads to the questions, a yes records it."""
    said(journal, "add", "検査装置の更新", "--activity", "電話", "-m", "話", "--amount", "120万")
    entry = last(journal)["id"]
    argv = ("add", "検査装置の更新", "--activity", "電話", "-m", "話した", "--amount", "12000万",
            "--next-step", "見積", "--next-on", "木曜")  # fmt: skip
    term = Terminal(journal, *argv)
    term.see("1,200,000円 → 120,000,000円", "[y/N]").type("n", ENTER)
    term.see("Enter = 11/23(月)").type(CTRL_C)
    assert term.ended() == 130
    assert last(journal)["id"] == entry
    said(journal, "draft", "drop", "--all")
    term = Terminal(journal, *argv)
    term.see("[y/N]").type("y", ENTER)
    assert term.see("記録しました").ended() == 0
    assert last(journal)["values"]["amount"] == 120_000_000
    assert "nippo undo で取り消せます" not in term.shown


def test_a_label_is_an_option_where_its_key_is(journal: Path):
    """Of `add`, `edit` and `day`, as the incomplete entries' hint teaches (`--項目 値`)."""
    said(
        journal,
        "add",
        "検査装置の更新",
        "--活動",
        "電話",
        "--事実",
        "話した",
        "--次の一手",
        "見積",
        "--次の一手の期日",
        "木曜",
    )
    entry = last(journal)
    assert entry["values"] == {"activity": "call", "facts": "話した", "next_step": "見積", "next_on": "2026-11-26"}
    said(journal, "edit", entry["id"], "--所感", "急いでいる")
    assert last(journal)["values"]["impression"] == "急いでいる"
    assert said(journal, "day", "--明日の予定", "午前は社内")
