"""The page for the meeting says what the pages say that it is made of; as a file every number of a deal leads to its line."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from shell import Shell

MONDAY = "2026-11-30T09:00:00+09:00"
CALL = ("--activity", "電話", "-m", "話した")


class _Links(HTMLParser):
    """The anchors of a page, what its links lead to, and what its details are called."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.hrefs: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an id or a link."""
        of = dict(attrs)
        if "id" in of:
            self.ids.append(of["id"] or "")
        if tag == "a":
            self.hrefs.append(of.get("href") or "")


@pytest.fixture
def monday(nippo: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A team in the week before a Monday: a deal with a decision, one that moved on after a long wait, one won, one without an amount,
    one to be called again."""
    monkeypatch.setenv("NIPPO_NOW", "2026-09-01T18:00:00+09:00")
    live = ("--amount", "1000万", "--closes", "2026-12", "--confidence", "B")
    for name, more in (("甲", live), ("乙", live), ("丙", ())):
        nippo.deal(name, *more, "--customer", f"{name}社")
    nippo.done("target", "set", "佐藤", "2026-12", "2000万")
    monkeypatch.setenv("NIPPO_NOW", "2026-11-24T18:00:00+09:00")
    nippo.done("comment", "甲", "--decision", "-m", "部長が同行する", "--who", "西村", "--due", "2026-11-27")
    monkeypatch.setenv("NIPPO_NOW", "2026-11-26T18:00:00+09:00")
    nippo.done("add", "甲", *CALL, "--next-step", "稟議の資料", "--next-on", "2026-12-07")
    nippo.done(
        "add", "乙", *CALL, "--stage", "提案", "--next-step", "見積", "--next-on", "2026-12-02", "--closes", "2027-01"
    )
    monkeypatch.setenv("NIPPO_NOW", MONDAY)
    return nippo


def answer(nippo: Shell, *argv: str) -> Any:
    """A command's JSON."""
    return nippo.done(*argv, "--json").json


def test_no_figure_is_another_pages(monday: Shell):
    """What the report has of the landing, the gaps, the steps and each deal is what these pages say, to the last key."""
    report = answer(monday, "report", "--limit", "0")
    assert report["landing"] == answer(monday, "landing")
    assert report["gaps"] == answer(monday, "gap")
    assert report["steps"] == answer(monday, "steps")
    for deal in report["deals"]:
        own = answer(monday, "deal", "show", deal["id"])
        beside = {"precedents", "revisit", "reviews", "corrections", "comments", "lesson", "ahead"}
        assert {key: deal[key] for key in deal.keys() - beside} == {key: own[key] for key in own.keys() - beside}


def test_what_was_decided_and_what_became_of_it(monday: Shell):
    """The decision with whose it is, that it is overdue, the contact since, the next step; once it is done, that it is done; a week
    later it is on the page no more."""
    assert [(one["text"], one["who"]) for one in answer(monday, "report")["decided"]] == [("部長が同行する", "西村")]
    shown = monday.done("report").out
    assert "部長が同行する" in shown
    assert "3日超過" in shown
    assert "その後 11/26 電話" in shown
    assert "次の一手 12/7 稟議の資料" in shown
    decision = answer(monday, "report")["decided"][0]["id"]
    monday.done("comment", decision, "--done")
    assert "実行済み" in monday.done("report").out
    assert answer(monday, "report", "--as-of", "2026-12-08")["decided"] == []


def test_a_deal_that_moved_on_after_the_longest_wait_comes_first(monday: Shell):
    """乙 began in the hearing on 1 September and was in the proposal on 26 November: 86 days."""
    assert [(one["deal"]["name"], one["stage"], one["after_days"]) for one in answer(monday, "report")["forward"]] == [
        ("乙", "proposal", 86)
    ]


def test_only_some_deals_are_asked_about(monday: Shell):
    """`--customer`: every part is of that customer's deals."""
    report = answer(monday, "report", "--customer", "甲社")
    assert {deal["name"] for deal in report["deals"]} == {"甲"}
    assert report["forward"] == []
    assert len(report["decided"]) == 1
    assert answer(monday, "report", "--customer", "乙社")["decided"] == []


def test_the_day_of_the_last_meeting_is_before_the_day(monday: Shell):
    """It can't be the day itself."""
    assert monday("report", "--since", "2026-11-30").code == 2


def test_every_link_leads_somewhere_on_the_page(monday: Shell, tmp_path: Path):
    """Each deal that is named has a section; no anchor twice, no link into nothing; a figure of a month leads to its deals."""
    out = tmp_path / "x.html"
    monday.done("report", "-o", str(out))
    text = out.read_text(encoding="utf-8")
    page = _Links(text)
    assert len(page.ids) == len(set(page.ids))
    assert {href for href in page.hrefs if href[1:] not in page.ids or href[0] != "#"} == set()
    named = {f"deal-{deal['id']}" for deal in answer(monday, "report")["deals"]}
    assert {anchor for anchor in page.ids if anchor.startswith("deal-")} == named
    assert {f"#deal-{talk['deal']['id']}" for talk in answer(monday, "report")["talk"]} <= set(page.hrefs)
    assert "#month-2026-12" in page.hrefs
    assert "社外秘　2026-11-30　journal" in text
    assert re.search(r"<details id=\"deal-\d+\" open>", text) is None
    monday.done("report", "-o", str(out), "--unfold")
    assert len(re.findall(r"<details id=\"deal-\d+\" open>", out.read_text(encoding="utf-8"))) == len(named)


def test_a_landing_as_a_page_opens_its_months(monday: Shell, tmp_path: Path):
    """Beneath the figures are lists of the deals of each month, those that JSON names."""
    out = tmp_path / "x.html"
    monday.done("landing", "-o", str(out))
    text = out.read_text(encoding="utf-8")
    december = text[text.index('id="month-2026-12"') :].partition("</details>")[0]
    of_json = [deal for rank in answer(monday, "landing")["months"][1]["by_rank"] for deal in rank["deals"]]
    assert of_json
    assert all(f">{deal}<" in december for deal in of_json)


def test_an_empty_journal_has_a_report(nippo: Shell, tmp_path: Path):
    """Nothing is there, and each part says so."""
    nippo.done("init")
    shown = nippo.done("report").out
    assert "①" in shown
    assert "決定の記録はありません" in shown
    nippo.done("report", "-o", str(tmp_path / "x.html"))
    assert json.loads(nippo.done("report", "--json").out)["deals"] == []
