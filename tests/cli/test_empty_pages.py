"""What a page says where there is nothing on it yet, or something is missing: what to do about it, and nothing untrue."""

import pytest
from shell import Shell


@pytest.fixture
def empty(nippo: Shell) -> Shell:
    """A journal that was begun, without an entry."""
    nippo.done("init")
    return nippo


def test_a_team_that_has_its_schema_is_not_told_to_choose_one(empty: Shell):
    """Without a journal all three ways are named; with one, `nippo init` would be refused."""
    assert "nippo init" not in empty.done().out
    assert "nippo add" in empty.done().out
    assert "nippo init" in empty.bare("--journal", "elsewhere").out


@pytest.mark.parametrize("which", [("--all",), ("--summary",)], ids=lambda which: which[0])
def test_a_list_of_no_deals_says_how_to_begin_one(empty: Shell, which):
    """Nothing was asked of them, so nothing fails to match."""
    out = empty.done("deal", "list", *which).out
    assert "nippo add" in out
    assert "条件" not in out
    assert "--all" not in out


def test_a_list_of_a_diary_without_a_deal_says_how_to_begin_one(empty: Shell):
    """There is none that has ended either, so no option shows one."""
    out = empty.done("deal", "list").out
    assert "nippo add" in out
    assert "--all" not in out


def test_no_live_deals_is_not_no_deals(empty: Shell):
    """Those that have ended are one option away."""
    empty.deal("終わった案件", "--stage", "失注", "--lost-reason", "価格")
    out = empty.done("deal", "list").out
    assert "--all" in out
    assert "条件" not in out
    assert "条件" in empty.done("deal", "list", "--fate", "won").out


def test_an_incomplete_entry_says_what_it_lacks(kept: Shell):
    """The fields by their labels and as the command to type; in JSON by their keys."""
    entry = kept.done("add", "案件", "--later", "--activity", "訪問", "--json").json["entry"]["id"]
    shown = kept.done("show", entry)
    assert "面談者" in shown.out
    assert f"nippo edit {entry} --people … --facts …" in shown.out
    assert kept.done("show", entry, "--json").json["missing"] == ["people", "facts"]
    assert kept.done("show", "3", "--json").json["missing"] == []
    answer = kept("edit", entry)
    assert answer.code == 2
    assert "面談者" in answer.err


def test_a_customers_contacts_are_as_many_as_asked_for(kept: Shell):
    """Ten unless `--limit` says otherwise, 0 for all, as the page itself says."""
    for n in range(12):
        kept.done("add", "案件", "--activity", "電話", "-m", f"その{n}。")
    assert "その0。" not in kept.done("customer", "青葉").out
    assert "その0。" in kept.done("customer", "青葉", "--limit", "0").out
    assert "その10。" not in kept.done("customer", "青葉", "--limit", "1").out


def test_a_past_day_knows_nothing_of_later_entries(kept: Shell, monkeypatch: pytest.MonkeyPatch):
    """Neither the entry that was recorded since, nor its corrections, whatever day they tell of."""
    monkeypatch.setenv("NIPPO_NOW", "2026-11-25T18:00:00+09:00")
    kept.done("edit", "3", "-m", "ちがう話だった")
    later = kept.done("add", "案件", "--activity", "電話", "-m", "x", "--on", "2026-11-20", "--json").json["entry"][
        "id"
    ]
    past = ("--as-of", "2026-11-24", "--history", "--json")
    assert [v["what"] for v in kept.done("show", "3", *past).json["history"]] == ["entry"]
    assert [v["what"] for v in kept.done("show", "3", "--history", "--json").json["history"]] == ["entry", "amend"]
    assert kept("show", later, *past).code == 4
    assert kept.done("show", later).code == 0
