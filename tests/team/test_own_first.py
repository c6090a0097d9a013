"""Whose deals the morning page has first."""

import pytest
from members import joined
from shell import Shell


def add(shell: Shell, name: str, next_on: str, *options: str) -> None:
    """A deal with a step that is due."""
    shell.deal(name, "--next-step", f"{name}の件で電話", "--next-on", next_on, *options)


@pytest.fixture
def team(capsys, monkeypatch, one) -> dict[str, Shell]:
    """佐藤 leads; 鈴木 has a deal that is due today, 高橋 three that were due before."""
    shells = {"佐藤": one, "鈴木": joined(capsys, one, "鈴木"), "高橋": joined(capsys, one, "高橋")}
    monkeypatch.setenv("NIPPO_AUTHOR", "鈴木")
    add(shells["鈴木"], "弁", "2026-11-23", "--customer", "雲雀工業")
    monkeypatch.setenv("NIPPO_AUTHOR", "高橋")
    for name, day in (("軸受", "2026-11-16"), ("歯車", "2026-11-17"), ("減速機", "2026-11-18")):
        add(shells["高橋"], name, day, "--customer", "北辰精機")
    for _ in range(2):
        for shell in shells.values():
            shell.done("sync")
    return shells


def due(shell: Shell, *words: str) -> list[str]:
    """The deals that are due, in the page's order."""
    return [one["name"] for one in shell.done(*words, "--json").json["due"]]


def test_a_members_page_has_their_own_deals_first(team, monkeypatch):
    """Then everybody's, soonest first; of few rows theirs are shown, and the others counted. Nothing is hidden."""
    monkeypatch.setenv("NIPPO_AUTHOR", "鈴木")
    assert due(team["鈴木"]) == ["弁", "軸受", "歯車", "減速機"]
    short = team["鈴木"].done("--limit", "1").out
    assert ("弁の件で電話" in short, "の件で電話" in short.replace("弁の件で電話", "")) == (True, False)
    page = team["鈴木"].done().out
    assert page.index("弁の件で電話") < page.index("減速機の件で電話")


def test_what_a_member_follows_comes_with_their_own(team, monkeypatch):
    """A deal, or all deals of a customer."""
    monkeypatch.setenv("NIPPO_AUTHOR", "鈴木")
    team["鈴木"].done("follow", "歯車")
    assert due(team["鈴木"]) == ["歯車", "弁", "軸受", "減速機"]
    team["鈴木"].done("follow", "北辰精機")
    assert due(team["鈴木"]) == ["軸受", "歯車", "減速機", "弁"]


def test_a_lead_sees_all_by_their_days(team, monkeypatch):
    """And of one owner where that is asked for."""
    monkeypatch.setenv("NIPPO_AUTHOR", "佐藤")
    assert due(team["佐藤"]) == ["軸受", "歯車", "減速機", "弁"]
    assert due(team["佐藤"], "--owner", "鈴木") == ["弁"]


def test_entries_to_complete_are_asked_of_who_wrote_them(team, monkeypatch):
    """Of a lead all; a colleague can't know what lacks."""
    monkeypatch.setenv("NIPPO_AUTHOR", "高橋")
    team["高橋"].done("add", "軸受", "--later", "-m", "途中")
    for name in ("高橋", "鈴木", "佐藤"):
        team[name].done("sync")
    for name, n in (("高橋", 1), ("鈴木", 0), ("佐藤", 1)):
        monkeypatch.setenv("NIPPO_AUTHOR", name)
        assert team[name].done("--json").json["incomplete_total"] == n


def test_what_colleagues_wrote_today_is_no_report_of_ones_own(capsys, team, monkeypatch):
    """A member's page says of their own reports whether today's is there; what lies in the diary is shown all the same."""
    new = joined(capsys, team["佐藤"], "田中")
    monkeypatch.setenv("NIPPO_AUTHOR", "田中")
    assert new.done("--json").json["last_entry_on"] == "2026-11-23"
    assert new.done("--json").json["reported_on"] is None
    page = new.done().out
    assert ("進行中 5件" in page, "今日の活動は記入済み" in page) == (True, False)
    new.done("add", "弁", "--later", "-m", "同行した")
    assert new.done("--json").json["reported_on"] == "2026-11-23"
    assert "今日の活動は記入済み" in new.done().out


def test_a_page_of_a_team_says_whose_each_deal_is(capsys, monkeypatch, one):
    """Also where all that is due is a colleague's: a reader would take it for their own."""
    two = joined(capsys, one, "鈴木")
    monkeypatch.setenv("NIPPO_AUTHOR", "鈴木")
    add(two, "弁", "2026-11-23")
    for shell in (two, one):
        shell.done("sync")
    monkeypatch.setenv("NIPPO_AUTHOR", "佐藤")
    [row] = [line for line in one.done().out.splitlines() if "弁の件で電話" in line]
    assert "鈴木" in row
    assert "鈴木" not in one.done("--owner", "鈴木").out.partition("弁の件で電話")[2].partition("\n")[0]
