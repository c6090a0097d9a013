"""Of fewer than ten deals no page shows a rate: what was counted stands there."""

import re

import pytest
from shell import NOW, Shell

CALL = ("--activity", "電話", "-m", "話した")
# 90 % and 95 % stand in heads and beside a prediction: they are no rates of deals.
RATE = re.compile(r"\b(?!9[05]%)[\d.]+%")


@pytest.fixture
def few(nippo: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Four deals first met in June: one quoted, of which nothing has been heard since; one that went on in November; one order,
    handed over and silent since; one lost."""
    for day, name, said in (
        ("2026-06-01", "放置", ()),
        ("2026-06-01", "進行", ()),
        ("2026-06-01", "受注分", ()),
        ("2026-06-01", "失注分", ()),
        ("2026-06-20", "受注分", ("--stage", "受注", "--amount", "100万")),
        ("2026-06-20", "失注分", ("--stage", "失注", "--lost-reason", "価格")),
        (
            "2026-11-20",
            "進行",
            (
                "--stage",
                "提案",
                "--closes",
                "2027-01",
                "--confidence",
                "B",
                "--next-step",
                "訪問",
                "--next-on",
                "2026-12-01",
            ),
        ),
    ):
        monkeypatch.setenv("NIPPO_NOW", f"{day}T18:00:00+09:00")
        if said:
            nippo.done("add", name, *CALL, *said)
        else:
            nippo.deal(name, "--customer", f"{name}の客")
    monkeypatch.setenv("NIPPO_NOW", NOW)
    return nippo


@pytest.mark.parametrize(
    ("page", "counted"),
    [
        (("gap", "stalled"), "1/2"),
        (("gap", "fizzled"), "1/2"),
        (("gap", "next"), "1/2"),
        (("gap", "aftercare"), "1/1"),
        (("gap", "activity"), "1/4"),
        (("steps", "--since", "2026-01-01"), "2/3"),
        (("deal", "list", "--all", "--summary"), "1/4"),
        (("lessons", "fates"), "1/4"),
        (("lessons", "lost", "--since", "1y"), "1/1"),
        (("lessons", "words", "--since", "1y"), ""),
    ],
    ids=lambda said: " ".join(said[:2]) if isinstance(said, tuple) else "",
)
def test_no_page_shows_a_rate_of_few_deals(few: Shell, page: tuple[str, ...], counted: str):
    """Of four deals: no percent, but how many of how many."""
    shown = few.done(*page).out
    assert counted in shown
    assert RATE.findall(shown) == []


def test_a_rank_of_few_deals_has_what_was_counted_and_one_of_none_says_so(few: Shell, monkeypatch: pytest.MonkeyPatch):
    """One deal said to be B, and won: beside the chance that B stands for."""
    monkeypatch.setenv("NIPPO_NOW", "2026-11-22T18:00:00+09:00")
    few.done("add", "進行", *CALL, "--stage", "受注", "--amount", "100万")
    monkeypatch.setenv("NIPPO_NOW", NOW)
    ranks = {
        row.split()[0]: row.split()[1:4]
        for row in few.done("lessons", "confidence").out.split("\n")
        if row[:2] in ("A ", "B ")
    }
    assert ranks == {"A": ["80%", "データ不足", "0"], "B": ["50%", "1/1", "1"]}


def test_json_has_the_rate_and_its_n(few: Shell):
    """One live deal of two."""
    summary = few.done("gap", "stalled", "--json").json["summary"]
    assert (summary["stalled"], summary["live"], summary["share"]) == (1, 2, 0.5)
