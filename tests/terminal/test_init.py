"""`nippo init` and `nippo schema edit` on a real terminal, as a team that has no diary yet meets them."""

import os
from pathlib import Path

import pytest

pytest.importorskip("pexpect", reason="Windows has no pseudo-terminal")
if os.name == "nt":
    pytest.skip("Windows has no pseudo-terminal", allow_module_level=True)

import emulator
from emulator import CTRL_C, ENTER, Terminal

from nippo_cli.schema.load import load_schema
from nippo_cli.schema.templates import text_of

SIX = {
    "ja": (
        "どんな売り方ですか",
        "何を、どんな相手に",
        "どんな段階",
        "日報を書くのは誰",
        "何月に始まりますか",
        "何と呼んでいますか",
    ),
    "en": ("How do you sell", "What do you sell", "What steps", "Who will write", "business year", "these four"),
}
LEFT = {"ja": ("1/6（残り5問）", "6/6（最後の質問）"), "en": ("1/6 (5 left)", "6/6 (the last one)")}


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A journal is begun in silence, and the disk is waited for: on a busy machine some seconds."""
    monkeypatch.setattr(emulator, "_PATIENCE_S", 30)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_enter_all_the_way_is_the_standard(tmp_path: Path, language: str):
    """Six questions, each says how many are left, and the file is the template letter for letter."""
    journal = tmp_path / "journal"
    term = Terminal(journal, "init", "--lang", language, size=(24, 80))
    term.see(LEFT[language][0])
    for question in SIX[language]:
        assert term.see(question)
        if question == SIX[language][-1]:
            term.see(LEFT[language][1])
        term.type(ENTER)
    assert term.ended() == 0
    assert (journal / "schema.yaml").read_text(encoding="utf-8") == text_of("default", language)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_no_word_is_broken_at_the_edge(tmp_path: Path, language: str):
    """Neither in the list of steps that is edited nor in what was answered, nor in what Enter does."""
    term = Terminal(tmp_path / "journal", "init", "--lang", language, size=(24, 80))
    begins = {
        "ja": "売り方: Enter = 生産財メーカーの標準",
        "en": "Trade: Enter = Capital equipment maker: from inquiry to order",
    }[language]
    (row,) = (row for row in term.see(begins).shown.split("\n") if row.startswith(begins))
    assert row.endswith({"ja": "まで）", "en": "follow-up"}[language])
    term.type(ENTER).see(SIX[language][1]).type(ENTER).see(SIX[language][2])
    steps = {"ja": ("段階: 引合、", "内示、"), "en": ("Steps: Inquiry,", "Approval, Verbal yes,")}[language]
    rows = term.see(*steps).shown.split("\n")
    at = next(n for n, row in enumerate(rows) if row.startswith(steps[0]))
    assert rows[at + 1].strip().startswith(steps[1])
    term.type(ENTER).see(SIX[language][3])
    answered = next(n for n, row in enumerate(term.shown.split("\n")) if row.startswith(("✓ 段階", "✓ Steps")))
    assert term.shown.split("\n")[answered + 1].strip().startswith({"ja": "社内決裁、", "en": steps[1]}[language])
    term.type(CTRL_C)
    assert term.ended() == 130


def test_going_back_stopping_and_going_on(tmp_path: Path):
    """`<` is no answer, Ctrl-C keeps what was answered, and the next `nippo init` goes on from there."""
    journal = tmp_path / "journal"
    term = Terminal(journal, "init", size=(24, 80))
    term.see(SIX["ja"][0]).type("5", ENTER)
    term.see("✓ 売り方", "更新・契約", SIX["ja"][1]).type("＜", ENTER)
    term.see(SIX["ja"][0]).type("4", ENTER)
    term.see("ルート営業", SIX["ja"][1]).type("消耗品を町工場へ", ENTER)
    term.see("話が出た、提案、お試し、採用、定着の確認").type("、<", ENTER)
    term.see(SIX["ja"][1]).type(ENTER)
    term.see("話が出た、提案、お試し、採用、定着の確認").type(CTRL_C)
    assert term.ended() == 130
    assert not journal.exists()

    term = Terminal(journal, "init", size=(24, 80))
    term.see("前回の答えの続き", "ルート営業", "消耗品を町工場へ", SIX["ja"][2]).type("、横展開", ENTER)
    term.see(SIX["ja"][3]).type("佐藤", ENTER)
    term.see(SIX["ja"][4]).type("13月", ENTER)
    term.see("1 から 12 まで").type("9", ENTER)
    term.see(SIX["ja"][5]).type("、別の呼び方", ENTER)
    term.see("4つの呼び名").type("\x15", "案件、お得意様、採用、見送り", ENTER)
    assert term.ended() == 0
    schema = load_schema((journal / "schema.yaml").read_text(encoding="utf-8"), "schema.yaml")
    assert [s.label for s in schema.stages if s.after] == ["定着の確認", "横展開"]
    assert (schema.fiscal_year_start, schema.words["customer"]) == (9, "お得意様")
    assert "# 売るもの： 消耗品を町工場へ" in (journal / "schema.yaml").read_text(encoding="utf-8")

    term = Terminal(journal, "schema", "edit", "お試し", size=(24, 80))
    term.see("顧客が何をしたら終わりですか", "使ってみた結果を話してくれた").type(ENTER)
    term.see("何日以内", "30").type("\x7f\x7f", "21", ENTER)
    term.see("必ず書いてもらうもの", "月の見込み額、採用予定").type("、会った人", ENTER)
    assert term.ended() == 0
    schema = load_schema((journal / "schema.yaml").read_text(encoding="utf-8"), "schema.yaml")
    assert schema.stage_by_key["trial"].norm == 21
    asked = {f.label for f in schema.fields if any("trial" in c.stage for c in f.required_when)}
    assert {"会った人", "月の見込み額", "採用予定"} < asked


@pytest.mark.parametrize("argv", [("init",), ("init", "--template", "default")], ids=["questions", "template"])
def test_who_writes_is_offered_as_the_environment_says(tmp_path: Path, argv: tuple[str, ...]):
    """What Enter takes is the name under which entries would be written: NIPPO_AUTHOR before the machine's user."""
    env = {"NIPPO_AUTHOR": "佐藤", "USER": "machine"}
    term = Terminal(tmp_path / "journal", *argv, "--lang", "ja", size=(24, 80), env=env)
    for question in SIX["ja"][:3] if len(argv) == 1 else ():
        term.see(question)
        term.type(ENTER)
    term.see("佐藤")
    assert "machine" not in term.shown
