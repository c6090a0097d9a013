"""Many deals of one name are found by their customers: the answer is that of a look at each."""

from collections.abc import Collection
from dataclasses import dataclass

import pytest
from hypothesis import given, strategies as st

from nippo_cli.line import namesakes
from nippo_cli.line.namesakes import MANY, Namesakes, SeveralDeals, meant

# Spellings of few customers, so that many rows mean the same one.
SPELLINGS = st.sampled_from(
    ["", "青葉", "株式会社青葉", "有限会社青葉", "(株)青葉", "山吹", "山吹 御中", "株式会社山吹", "紺屋", "白河"]
)


@dataclass(eq=False)
class Deal:
    """A deal of a name."""

    customer: str
    once_of: Collection[str] = ()
    is_alias: bool = False


DEALS = st.lists(st.builds(Deal, SPELLINGS, st.sets(SPELLINGS, max_size=2), st.booleans()), max_size=8)


def answer(deals: list[Deal], customer: str, *, changes: bool, apart: frozenset[str]) -> Deal | str | None:
    """Which deal a row means, or that it could be several."""
    try:
        return meant(deals, customer, changes=changes, apart=apart)
    except SeveralDeals:
        return "several"


@given(DEALS, SPELLINGS, st.booleans(), st.sampled_from([frozenset[str](), frozenset({"青葉"})]), st.data())
def test_many_answer_as_each_by_itself(deals, customer, changes, apart, data):
    """Also once nobody's deals, and those met by an alias, became a customer's."""
    many = Namesakes(deals)
    assert answer(many, customer, changes=changes, apart=apart) is answer(deals, customer, changes=changes, apart=apart)
    for deal in deals:
        if not deal.customer or deal.is_alias:
            deal.customer = data.draw(SPELLINGS)
    assert answer(many, customer, changes=changes, apart=apart) is answer(deals, customer, changes=changes, apart=apart)


@given(DEALS, SPELLINGS, st.data())
def test_those_that_became_anothers_are_found_once_that_is_told(deals, customer, data):
    """A row of an import may give a deal another customer."""
    many = Namesakes(deals)
    for deal in deals:
        deal.customer = data.draw(SPELLINGS)
    many.moved()
    assert answer(many, customer, changes=False, apart=frozenset()) is answer(
        deals, customer, changes=False, apart=frozenset()
    )


@pytest.mark.parametrize("held", [MANY, 10 * MANY])
def test_a_customer_is_compared_with_its_own_alone(monkeypatch, held: int):
    """However many others have a deal of the name."""
    compared: list[str] = []
    same = namesakes.same_customer
    monkeypatch.setattr(namesakes, "same_customer", lambda one, *of: compared.append(one) or same(one, *of))
    deals = Namesakes(Deal(f"客先{n}製作所") for n in range(held))
    assert meant(deals, "株式会社客先7製作所", changes=True) is deals[7]
    assert meant(deals, "客先X製作所", changes=True) is None
    assert compared == ["客先7製作所"]
