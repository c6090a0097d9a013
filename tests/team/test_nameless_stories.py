"""What a team learns from is about the deal: whose it was is told where they choose."""

import pytest
from shell import Shell

REVIEW = ("--cause", "決裁者に会えていなかった", "--known", "asked", "-m", "専務を知らなかった")


@pytest.fixture
def lost(one: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """西村 lost a deal of the team, which 大野 reviewed; the entry speaks of 西村さん. The founder, 佐藤, looks."""
    monkeypatch.setenv("NIPPO_AUTHOR", "西村")
    one.done(
        "add",
        "搬送",
        "--new-deal",
        "--customer",
        "浅間計装",
        "--activity",
        "電話",
        "-m",
        "西村さんが対応した",
        "--later",
    )
    one.done("add", "搬送", "--stage", "失注", "--activity", "電話", "-m", "価格で断られた", "--later")
    monkeypatch.setenv("NIPPO_AUTHOR", "大野")
    one.done("deal", "review", "搬送", *REVIEW)
    monkeypatch.delenv("NIPPO_AUTHOR")
    return one


def test_a_teams_cases_are_told_without_names(lost: Shell):
    """On the page, of the deals behind it, in the data; `--names` tells them, and so does one's own case."""
    for page in (
        ("lessons", "cases"),
        ("lessons", "cases", "--deals"),
        ("lessons", "cases", "--json"),
        ("gap", "--json"),
    ):
        answer = lost.done(*page).out
        assert "専務を知らなかった" in answer or "搬送" in answer, page
    for page in (("lessons", "cases"), ("lessons", "cases", "--deals"), ("lessons", "cases", "--json")):
        assert "西村" not in lost.done(*page).out
        assert "大野" not in lost.done(*page).out
    assert "西村" in lost.done("lessons", "cases", "--names").out


def test_a_story_has_letters_for_the_reps(lost: Shell):
    """In its texts, too; the customer's name stays."""
    said = lost.done("deal", "story", "搬送").out
    assert "西村" not in said
    assert "大野" not in said
    assert "浅間計装" in said
    assert "西村" in lost.done("deal", "story", "搬送", "--names").out


def test_a_journal_of_no_team_names_them(nippo: Shell, monkeypatch: pytest.MonkeyPatch):
    """As ever."""
    monkeypatch.setenv("NIPPO_AUTHOR", "西村")
    nippo.done("add", "搬送", "--new-deal", "--customer", "浅間計装", "--activity", "電話", "-m", "話した", "--later")
    nippo.done("add", "搬送", "--stage", "失注", "--activity", "電話", "-m", "断られた", "--later")
    nippo.done("deal", "review", "搬送", *REVIEW)
    assert "西村" in nippo.done("lessons", "cases").out
    assert "西村" in nippo.done("deal", "story", "搬送").out
