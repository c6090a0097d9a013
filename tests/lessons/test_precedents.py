"""Which past deals were like one: amount and silence, by hand."""

from datetime import timedelta

import pytest
from lines import day

from nippo_cli.lessons.finished import Finished, Stood
from nippo_cli.lessons.precedents import alike, band

ON = day("5/1")


def stood(deal: int, amount: int | None, silence: int | None, fate="lost", ended="9/1") -> Stood:
    """A deal that was silent for so long; never met where that is None, 40 days after it began."""
    met = None if silence is None else ON - timedelta(days=silence)
    return Stood(Finished(deal, fate, amount, ON - timedelta(days=40), day(ended)), ON, "quote", amount, met)


@pytest.mark.parametrize(("silence_days", "days"), [(0, 7), (14, 7), (15, 7), (16, 8), (60, 30)])
def test_silences_are_alike_within_half_and_never_less_than_a_week(silence_days, days):
    """Up to 15 days of silence a week is the band, then half of it."""
    assert band(silence_days) == days


def test_amounts_are_alike_within_a_factor_of_two_where_both_are_known():
    """Half as much and twice as much are alike, a yen beyond is not; an unknown amount is compared with nothing."""
    found = alike(
        [stood(1, 50, 10), stood(2, 200, 10), stood(3, 49, 10), stood(4, 201, 10), stood(5, None, 10), stood(6, 0, 10)],
        amount=100, silence_days=10,
    )  # fmt: skip
    assert {one.deal for one in found} == {1, 2, 5, 6}
    assert {one.deal for one in alike([stood(3, 49, 10)], amount=None, silence_days=10)} == {3}


def test_a_silence_at_the_edge_is_alike_and_one_beyond_is_not():
    """Around 20 days the band is 10; one who was never met has been silent since the beginning."""
    found = alike(
        [stood(1, None, 10), stood(2, None, 30), stood(3, None, 9), stood(4, None, 31), stood(5, None, None)],
        amount=None, silence_days=20,
    )  # fmt: skip
    assert {one.deal for one in found} == {1, 2}
    never = alike([stood(5, None, None)], amount=None, silence_days=40)
    assert [one.silence_days for one in never] == [40]


def test_the_nearest_come_first():
    """2 of 7 days and no doubling (0.29); no day and half a doubling (0.5); both (0.79); of equals the later end."""
    found = alike(
        [
            stood(1, 141_421_356, 12), stood(2, 100_000_000, 12), stood(3, 141_421_356, 10),
            stood(4, 100_000_000, 12, ended="10/1"),
        ],
        amount=100_000_000, silence_days=10,
    )  # fmt: skip
    assert [one.deal for one in found] == [4, 2, 3, 1]
    assert [round(one.distance, 2) for one in found] == [0.29, 0.29, 0.5, 0.79]


@pytest.mark.parametrize("amount", [-1, -100, 0, None])
def test_an_amount_that_is_none_to_compare_counts_as_one_doubling(amount):
    """Less than nothing, nothing, or unknown, on either side."""
    assert [one.distance for one in alike([stood(1, amount, 10)], amount=amount, silence_days=10)] == [1.0]
    assert [one.distance for one in alike([stood(1, 100, 10)], amount=amount, silence_days=10)] == [1.0]
