"""The stages of a file in the order in which its deals go through them."""

from datetime import date

import pytest

from nippo_cli.exchange.stage_order import stages_of_file


def run(*days: tuple[int, str]) -> list[tuple[date, str]]:
    """A deal's stages by the days of November."""
    return [(date(2026, 11, day), stage) for day, stage in days]


def test_days_say_the_order_whatever_comes_first_in_the_file():
    """Most deals are believed: one that went back changes nothing."""
    runs = [
        run((1, "a"), (2, "b"), (3, "c")),
        run((4, "c"), (1, "a")),
        run((1, "b"), (2, "a"), (3, "b")),
        run((1, "a"), (5, "b")),
    ]
    assert stages_of_file(["c", "b", "a"], runs).steps == ("a", "b", "c")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["3.見積", "1.訪問", "2.提案"], ("1.訪問", "2.提案", "3.見積")),
        (["③見積", "①訪問", "②提案"], ("①訪問", "②提案", "③見積")),
        (["フェーズ2", "フェーズ1"], ("フェーズ1", "フェーズ2")),
        (["見積提出", "初回訪問", "提案"], ("初回訪問", "提案", "見積提出")),
        (["謎", "提案", "初回訪問"], ("謎", "提案", "初回訪問")),
    ],
)
def test_without_days_numbers_say_it_then_what_words_usually_mean_then_the_file(
    names: list[str], expected: tuple[str, ...]
):
    """One word that nobody knows leaves them as they come."""
    assert stages_of_file(names, []).steps == expected


def test_what_ends_a_deal_is_no_step():
    """By the words that are known for it."""
    found = stages_of_file(["提案", "成約", "見送り"], [])
    assert (found.steps, found.won, found.lost) == (("提案",), "成約", "見送り")
