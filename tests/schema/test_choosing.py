"""A choice by its number, its label or key, or any part of either."""

import pytest

from nippo_cli.schema.schema import Choice
from nippo_cli.schema.types import ValueRefused, chosen, number_of
from nippo_cli.schema.types.choosing import several_chosen

OFFERED = (
    Choice("visit", "訪問"), Choice("web", "Web会議"), Choice("demo", "デモ"), Choice("demo2", "デモ再訪", was=("again",)),
    Choice("quote", "見積提出"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("1", "visit"), ("５", "quote"), (" 2 ", "web"), ("訪問", "visit"), ("ＷＥＢ", "web"), ("会議", "web"),
        ("デモ", "demo"), ("ﾃﾞﾓ再", "demo2"), ("again", "demo2"), ("積", "quote"), ("見", "quote"), ("quo", "quote"),
    ],
)  # fmt: skip
def test_what_is_meant_is_found(said, key):
    """Full-width digits and half-width kana too; a whole name goes before a part of another."""
    assert chosen(OFFERED, said) == key


@pytest.mark.parametrize(
    ("said", "needs"),
    [
        ("6", "flow.needs.choice"), ("0", "flow.needs.choice"), ("散歩", "flow.needs.choice"), ("", "flow.needs.choice"),
        ("訪", None), ("問", "flow.needs.one_of"), ("見積もり提出", "flow.needs.choice_near"),
    ],
)  # fmt: skip
def test_what_is_not_meant_is_told(said, needs):
    """A number beyond the list, a part of several, a slip near one."""
    if needs is None:
        assert chosen(OFFERED, said) == "visit"
        return
    offered = (*OFFERED, Choice("question", "質問")) if said == "問" else OFFERED
    with pytest.raises(ValueRefused) as refused:
        chosen(offered, said)
    assert refused.value.needs.key == needs


def test_a_label_that_is_a_number_goes_before_a_place():
    """Ranks may be called 2 and 1."""
    assert chosen((Choice("b", "2"), Choice("a", "1")), "1") == "a"


def test_several_are_parted_by_commas_or_blanks():
    """Each counts once, in the order said."""
    assert several_chosen(OFFERED, "1、Web, 1") == ["visit", "web"]
    assert several_chosen(OFFERED, "1 3") == ["visit", "demo"]
    with pytest.raises(ValueRefused):
        several_chosen(OFFERED, "1、散歩")


@pytest.mark.parametrize(("said", "number"), [("１２", 12), ("3.", 3), ("x", None), ("1000", None), ("", None)])
def test_a_number_of_a_row(said, number):
    """Rows go to 999."""
    assert number_of(said) == number
