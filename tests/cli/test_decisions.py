"""What a meeting decided of a deal: noted on the spot, with who and by when; open until it is carried out."""

import pytest
from shell import Shell

SALES_MEETING = (
    "comment",
    "案件",
    "--decision",
    "-m",
    "値引は5%まで",
    "--who",
    "西村",
    "--due",
    "11/27",
    "--by",
    "部長",
)


@pytest.fixture
def decided(kept: Shell) -> Shell:
    """A deal of 佐藤's, and what the board decided of it on Monday, 2026-11-23; the decision is record 4."""
    kept.done(*SALES_MEETING)
    return kept


def test_a_decision_stands_on_the_deal_with_who_and_by_when(decided: Shell):
    """On the deal's page, in the list, on the morning page, before a visit and on the day's report."""
    for page in (
        ("deal", "show", "案件"),
        ("comment",),
        (),
        ("prep", "青葉製作所"),
        ("log", "--on", "today", "--format", "md"),
    ):
        said = decided.done(*page).out
        assert "決定: 値引は5%まで" in said.replace("**", ""), page
        assert "西村・11/27(金)まで" in said, page
    (of,) = decided.done("deal", "show", "案件", "--json").json["comments"]
    assert {key: of[key] for key in ("deal", "entry", "who", "due", "decision", "open", "done_on")} == {
        "deal": "2", "entry": None, "who": "西村", "due": "2026-11-27", "decision": True, "open": True, "done_on": None,
    }  # fmt: skip


def test_an_answer_does_not_close_a_decision_and_what_became_of_it_does(decided: Shell):
    """`--done -m` keeps the words as an answer; the day that it was done is kept."""
    decided.done("comment", "4", "-m", "先方に伝えます")
    assert [c["id"] for c in decided.done("comment", "--json").json["comments"] if c["decision"]] == ["4"]
    decided.done("comment", "4", "--done", "-m", "3%で合意")
    shown = decided.done("deal", "show", "案件").out
    assert "西村・11/23(月) 実行済み" in shown
    assert "3%で合意" in shown
    for page in (("report",), ("prep", "青葉製作所"), ("prep", "--handover")):
        assert "結果: 3%で合意" in decided.done(*page).out, page
    assert "What came of it: 3%で合意" in decided.done("--lang", "en", "prep", "案件").out
    [done] = decided.done("prep", "案件", "--json").json["decided"]
    assert (done["deal"], done["came_of"]) == ("2", "3%で合意")
    assert decided.done("report", "--json").json["decided"][0]["came_of"] == "3%で合意"
    of = next(c for c in decided.done("deal", "show", "案件", "--json").json["comments"] if c["id"] == "4")
    assert (of["open"], of["done"], of["done_on"]) == (False, True, "2026-11-23")
    assert decided("comment", "4", "--done").code == 2
    decided.done("undo")
    assert "西村・11/27(金)まで" in decided.done("deal", "show", "案件").out


def test_what_came_of_a_decision_asks_nothing_whoever_carried_it_out(decided: Shell):
    """The deal is 佐藤's and the decision 西村's: what 西村 tells waits for no answer, on no page and on no day since."""
    decided.done("comment", "4", "--done", "-m", "3%で合意", "--by", "西村")
    for asked in ((), ("--as-of", "2026-11-23")):
        assert decided.done("comment", *asked, "--json").json["comments"] == [], asked
    assert "3%で合意" not in decided.done().out
    assert "未回答" not in decided.done("deal", "show", "案件").out
    decided.done("undo")
    decided.done("comment", "4", "-m", "3%でもよいですか", "--by", "西村")
    assert len(decided.done("comment", "--json").json["comments"]) == 2


def test_a_decision_that_is_late_says_for_how_long(decided: Shell, monkeypatch):
    """Nobody carried it out by Friday; on Monday it is three days late."""
    monkeypatch.setenv("NIPPO_NOW", "2026-11-30T09:00:00+09:00")
    assert "西村・11/27(金)まで・3日超過" in decided.done("comment").out
    assert "西村, was due Fri 27 Nov, 3 days ago" in decided.done("--lang", "en", "comment").out


def test_whose_decision_it_is_without_a_name(kept: Shell):
    """The owner of the deal, also where it is noted at one of its entries; `--correct --who` hands it on."""
    kept.done("comment", "3", "--decision", "-m", "見積を出す", "--by", "部長")
    assert "佐藤・未実行" in kept.done("comment").out
    kept.done("comment", "4", "--correct", "--who", "西村")
    assert "西村・未実行" in kept.done("comment").out


def test_who_alone_is_refused(decided: Shell):
    """Only a decision is carried out by somebody."""
    assert decided("comment", "3", "-m", "x", "--who", "西村").code == 2
    decided.done("comment", "3", "-m", "x", "--by", "部長")
    assert decided("comment", "5", "--correct", "--who", "西村").code == 2


def test_a_question_about_the_deal_itself(kept: Shell):
    """It waits for the owner, whose answer asks nothing in its turn."""
    kept.done("comment", "案件", "-m", "競合は?", "--by", "部長")
    assert kept.done("comment", "--json").json["comments"][0]["of"] == "佐藤"
    kept.done("comment", "4", "-m", "いません")
    assert kept.done("comment", "--json").json["comments"] == []
    assert "競合は?" in kept.done("search", "競合").out


def test_the_morning_of_who_has_to_carry_it_out(decided: Shell):
    """`--owner 西村` has it, though the deal is another's; a third person has not."""
    for name, owner in (("別件", "西村"), ("三件", "大野")):
        decided.deal(name)
        decided.done("deal", "assign", name, owner)
    assert "決定: 値引は5%まで" in decided.done("--owner", "西村").out
    assert "決定: 値引は5%まで" not in decided.done("--owner", "大野").out


def test_what_came_of_a_decision_is_what_was_said_as_it_was_done(decided: Shell, monkeypatch):
    """Neither an answer before nor one after it; as it stands now; on a page of a past day as it was known."""
    decided.done("comment", "4", "-m", "先方に伝えます")
    monkeypatch.setenv("NIPPO_NOW", "2026-11-24T18:00:00+09:00")
    decided.done("comment", "4", "--done", "-m", "3%で合意")
    decided.done("comment", "4", "-m", "お疲れさまでした", "--by", "部長")

    def came_of(*options: str) -> list[str]:
        return [one["came_of"] for one in decided.done("prep", "案件", "--json", *options).json["decided"]]

    assert came_of() == ["3%で合意"]
    answer = next(
        one["id"]
        for one in decided.done("deal", "show", "案件", "--json").json["comments"]
        if one["text"] == "3%で合意"
    )
    monkeypatch.setenv("NIPPO_NOW", "2026-11-25T18:00:00+09:00")
    decided.done("comment", answer, "--correct", "-m", "2.5%で合意")
    assert (came_of(), came_of("--as-of", "2026-11-24"), came_of("--as-of", "2026-11-23")) == (
        ["2.5%で合意"], ["3%で合意"], []
    )  # fmt: skip
    decided.done("comment", answer, "--retract")
    assert came_of() == [None]
