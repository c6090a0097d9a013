"""From what a rep types to the pages of mirage, fizzled, next and aftercare, and back as they were on a past day."""

import json

import pytest
from shell import Shell

SCHEMA = """\
nippo: 1
name: 四つの問い
language: ja
quiet: 60
stages:
  - {key: lead, label: 引合い}
  - {key: quote, label: 見積}
  - {key: won, label: 受注, ends: won}
  - {key: lost, label: 失注, ends: lost}
  - {key: follow, label: フォロー, after: true, norm: 60}
fields:
  - {key: deal, label: 案件, type: deal, role: deal}
  - {key: customer, label: 顧客, type: customer, role: customer}
  - {key: stage, label: フェーズ, type: choice, role: stage}
  - {key: facts, label: 事実, type: text, role: facts, required: true}
  - {key: amount, label: 金額, type: money, role: amount}
  - {key: closes, label: 受注予定日, type: date, role: closes, coarse: true}
  - {key: next_step, label: 次の一手, type: text, role: next_step}
  - {key: next_on, label: 次の一手の期日, type: date, role: next_on}
  - {key: push_reason, label: 延期の理由, type: choice, role: push_reason, choices: [{key: budget, label: 次の予算}]}
"""
# 切断機: pushed twice. 検査機: silent since July. 洗浄機: due on 13 November. 溶接機: won in May, followed up until June.
# 研磨機: won in June by a customer who was met about 切断機 in November.
STORY = (
    ("切断機", "2026-09-01", {"stage": "引合い", "customer": "青葉", "amount": 900, "closes": "2026-11-30"}),
    ("切断機", "2026-10-05", {"closes": "2026-12-25", "push_reason": "次の予算"}),
    ("切断機", "2026-11-20", {"closes": "2027-01-29", "next_step": "訪問", "next_on": "2026-12-01"}),
    ("検査機", "2026-07-01", {"stage": "引合い", "customer": "若葉", "amount": 700, "facts": "来期に考えるとのこと。"}),
    (
        "洗浄機",
        "2026-11-02",
        {"stage": "見積", "customer": "双葉", "amount": 500, "next_step": "電話", "next_on": "2026-11-13"},
    ),
    ("溶接機", "2026-05-01", {"stage": "受注", "customer": "一葉", "amount": 300}),
    ("溶接機", "2026-06-01", {"stage": "フォロー"}),
    ("研磨機", "2026-06-01", {"stage": "受注", "customer": "青葉", "amount": 100}),
    ("研磨機", "2026-06-02", {"stage": "フォロー"}),
)


@pytest.fixture
def told(nippo: Shell, tmp_path) -> Shell:
    """Five deals, written down one entry after the other."""
    schema = tmp_path / "team.yaml"
    schema.write_text(SCHEMA, encoding="utf-8")
    nippo.done("init", "--template", str(schema))
    begun: set[str] = set()
    reports = []
    for name, on, values in STORY:
        reports.append({"deal": name, "on": on, "facts": "話した", "new_deal": name not in begun} | values)
        begun.add(name)
    (tmp_path / "reports.json").write_text(json.dumps(reports), encoding="utf-8")
    nippo.done("add", "--from-file", str(tmp_path / "reports.json"))
    return nippo


def found(of: Shell, kind: str, *argv: str) -> dict[str, dict]:
    """What a kind finds, by the deal's name."""
    return {one["deal"]["name"]: one for one in of.done("gap", kind, "--json", *argv).json["findings"]}


def test_a_date_that_was_pushed_twice(told: Shell):
    """First by 25 days with a reason, then by 35; the record of what was promised is on the page."""
    mirage = found(told, "mirage")["切断機"]
    assert (mirage["signs"], mirage["began_on"], mirage["new"]) == (["pushed", "slipped"], "2026-11-20", True)
    assert (mirage["first_promise"], mirage["standing_promise"]) == ("2026-11-30", "2027-01-29")
    assert (mirage["pushes"], mirage["pulls"], mirage["slip_days"]) == (2, 0, 60)
    assert [(m["days"], m["information"], m["reason"]) for m in mirage["moves"]] == [
        (25, "contact", "budget"), (35, "contact", None),
    ]  # fmt: skip
    assert [told.done("show", entry, "--json").json["on"] for entry in mirage["entries"]] == [
        "2026-09-01", "2026-10-05", "2026-11-20",
    ]  # fmt: skip
    assert "（接触あり、次の予算）" in told.done("gap", "mirage").out
    assert found(told, "mirage", "--owner", "佐藤") == found(told, "mirage")


def test_a_deal_that_went_silent(told: Shell):
    """Last met on 1 July, 145 days ago; nobody else was silent for as long."""
    fizzled = found(told, "fizzled")
    assert list(fizzled) == ["検査機"]
    assert (fizzled["検査機"]["silence_days"], fizzled["検査機"]["limit_days"]) == (145, 60)
    assert fizzled["検査機"]["last_words"] == "来期に考えるとのこと。"
    assert fizzled["検査機"]["came_back"] == {"days": 145, "n": 0, "of": 0}
    assert told.done("deal", "list", "--summary", "--json").json["fates"]["fizzled"] == 1


def test_deals_without_a_next_step(told: Shell):
    """One never had a date, one's was ten days ago; the visit of 1 December is still to come."""
    steps = found(told, "next")
    assert {name: (one["why"], one["overdue_days"]) for name, one in steps.items()} == {
        "検査機": ("none", 0), "洗浄機": ("overdue", 10),
    }  # fmt: skip


def test_who_bought_and_hears_nothing(told: Shell):
    """一葉 was last met on 1 June; 青葉 bought, too, and was met about another deal."""
    page = told.done("gap", "aftercare", "--json").json
    assert [one["deal"]["customer"] for one in page["findings"]] == ["一葉"]
    assert (page["summary"]["customers"], page["summary"]["unheard_customers"]) == (2, 1)
    assert page["left_out"]["heard"] == 1
    told.done("add", "--customer", "一葉", "-m", "展示会で会った", "--on", "2026-11-20")
    assert found(told, "aftercare") == {}


def test_a_hold_keeps_all_but_the_date_quiet(told: Shell):
    """On hold until the end of the month: counted under each table. The date that stands is asked about all the same."""
    for name in ("切断機", "検査機", "洗浄機"):
        told.done("deal", "hold", name, "--until", "2026-11-30", "--why", "設備の入替え")
    assert found(told, "fizzled") == {}
    assert found(told, "next") == {}
    assert list(found(told, "mirage")) == ["切断機"]
    assert told.done("gap", "next", "--json").json["left_out"]["on_hold"] == 3


def test_a_past_day_is_printed_as_it_was_known(told: Shell):
    """What was written today is not known of last month; each page of then is empty."""
    for kind in ("mirage", "fizzled", "next", "aftercare"):
        assert found(told, kind, "--as-of", "2026-10-31") == {}


def test_one_owner_is_held_against_what_the_whole_team_learned(told: Shell):
    """Who asks for one owner gets the same limits and the same record, whoever sold what."""
    whole, own = (told.done("gap", "mirage", "--json", *scope).json for scope in ((), ("--owner", "佐藤")))
    assert whole["limits"] == own["limits"]
    assert whole["findings"] == own["findings"]


@pytest.mark.parametrize("kind", ["mirage", "fizzled", "next", "aftercare"])
@pytest.mark.parametrize("fmt", ["table", "md", "csv", "jsonl"])
def test_every_format_of_every_page(told: Shell, kind, fmt):
    """Each names the deal that it is about."""
    named = {"mirage": "切断機", "fizzled": "検査機", "next": "洗浄機", "aftercare": "溶接機"}[kind]
    assert named in told.done("gap", kind, "--format", fmt).out


@pytest.mark.parametrize("kind", ["mirage", "fizzled", "next", "aftercare"])
def test_a_journal_of_one_deal_says_what_is_missing(kept: Shell, kind):
    """No page fails where there is next to nothing to look at."""
    assert kept.done("gap", kind).out
    assert kept.done("gap", kind, "--json").json["total"] == 0
