"""What recurs: a deal's name at several customers, an owner in several spellings."""

import pytest
from shell import Shell

WON = ("--stage", "受注", "--amount", "100万")


@pytest.fixture
def recurring(nippo: Shell) -> Shell:
    """保守更新 at two customers, each live, quiet and pushed; owners 佐藤 花子 and 佐藤花子."""
    for customer, by in (("甲製作所", "佐藤 花子"), ("乙工業", "佐藤花子")):
        said = ("--customer", customer, "--by", by, "--activity", "電話")
        nippo.done("add", "保守更新", "--new-deal", *said, "--on", "2026-01-10", "--closes", "2026-03-31", "-m", "相談")
        nippo.done("add", "保守更新", *said, "--on", "2026-02-10", "--closes", "2026-06-30", "-m", "来期へ")
    return nippo


def test_sentences_about_deals_of_one_name_say_whose_each_is(recurring: Shell):
    """Which quiet ones spoke last, and where dates moved to."""
    for kind in ("fizzled", "mirage"):
        out = recurring.done("gap", kind, "--lang", "ja").out
        for customer in ("甲製作所", "乙工業"):
            assert f"{customer} 保守更新" in out, (kind, out)


def test_an_entry_that_names_no_customer_shows_whose_deal_it_is_in(recurring: Shell):
    """Of two deals of one name; where the entry names the customer it stands in its own row."""
    recurring.done("add", "#2", "--activity", "電話", "--on", "2026-03-01", "-m", "確認")
    number = recurring.done("log", "--json").json["entries"][0]["id"]
    assert "保守更新（甲製作所）" in recurring.done("show", number, "--lang", "ja").out
    first = recurring.done("log", "--json").json["entries"][-1]["id"]
    assert "保守更新（" not in recurring.done("show", first, "--lang", "ja").out


def test_an_owner_in_two_spellings_has_one_line(recurring: Shell):
    """Where deals are parted by owner: steps, gaps, what ranks meant, what was lost."""
    steps = recurring.done("steps", "--since", "2026-01-01", "--by", "owner", "--json").json
    assert {row["group"] for row in steps["stages"]} == {None, "佐藤 花子"}
    whole = recurring.done("gap", "--by", "owner", "--since", "2026-01-01", "--json").json
    assert [(part["owner"], part["live"]) for part in whole["parts"]] == [("佐藤 花子", 2)]
    recurring.done(
        "add",
        "#2",
        "--by",
        "佐藤 花子",
        "--activity",
        "電話",
        "--stage",
        "失注",
        "--lost-reason",
        "価格",
        "-m",
        "他社に",
    )
    lost = recurring.done("lessons", "lost", "--since", "2026-01-01", "--json").json
    assert [group["owner"] for group in lost["owners"]] == ["佐藤 花子"]
