"""Which corrections of an entry contradict one another."""

import pytest

from nippo_cli.line.corrections import Amendment, any_unseen, contradictions, unseen_by_others

SATO, SUZUKI, TAKA = 1, 2, 3
NAMES = {SATO: "佐藤", SUZUKI: "鈴木", TAKA: "高橋"}


def by(slot: int, record: int, upon: list[int] | None, **changes: object) -> Amendment:
    """A correction by a device."""
    return Amendment(record, slot, NAMES[slot], "2026-11-23", upon, changes)


@pytest.mark.parametrize(
    ("corrections", "left"),
    [
        # Neither had seen the other.
        ([by(SATO, 10, [], amount=1), by(SUZUKI, 20, [], amount=2)], {"amount": [10, 20]}),
        # The second one knew the first.
        ([by(SATO, 10, [], amount=1), by(SUZUKI, 20, [10], amount=2)], {}),
        # Both say the same, or something else.
        ([by(SATO, 10, [], amount=2), by(SUZUKI, 20, [], amount=2)], {}),
        ([by(SATO, 10, [], amount=1), by(SUZUKI, 20, [], rank="A")], {}),
        # One who knew both has settled it; one who corrected another field has not.
        ([by(SATO, 10, [], amount=1), by(SUZUKI, 20, [], amount=2), by(TAKA, 30, [10, 20], amount=1)], {}),
        ([by(SATO, 10, [], amount=1), by(SUZUKI, 20, [], amount=2), by(TAKA, 30, [10, 20], rank="A")], {"amount": [10, 20]}),
        # Who had seen the last of a device had seen all of it.
        ([by(SATO, 10, [], amount=1), by(SATO, 11, [], rank="B"), by(SUZUKI, 20, [11], amount=2)], {}),
        # One goes on after their own; the other had seen the first of it only.
        ([by(SATO, 10, [], amount=1), by(SUZUKI, 20, [10], amount=2), by(SATO, 12, [], amount=3)], {"amount": [20, 12]}),
        # Three, and none knew of another.
        ([by(SATO, 10, [], a=1), by(SUZUKI, 20, [], a=2), by(TAKA, 30, [], a=3)], {"a": [10, 20, 30]}),
        # Taken back: it says nothing any more.
        ([by(SATO, 10, []), by(SUZUKI, 20, [], amount=2)], {}),
        # A value and none are two things to say.
        ([by(SATO, 10, [], amount=None), by(SUZUKI, 20, [], amount=2)], {"amount": [10, 20]}),
        # A record of before says nothing of what was known: it is taken to have known all before it.
        ([by(SATO, 10, None, amount=1), by(SUZUKI, 20, None, amount=2)], {}),
    ],
)  # fmt: skip
def test_those_contradict_that_did_not_know_of_each_other(corrections, left):
    """Of each field the last ones, in the order of the log."""
    assert {key: [one.record for one in of] for key, of in contradictions(corrections).items()} == left
    assert any_unseen(corrections) or not left


def test_one_person_contradicts_nobody():
    """Two machines of one person are no two opinions."""
    two = by(SATO, 10, [], amount=1)._replace(slot=9)
    assert contradictions([two, by(SATO, 11, [], amount=2)]) == {}


@pytest.mark.parametrize(
    ("corrections", "named"),
    [
        ([], []),
        ([by(TAKA, 30, [])], []),
        ([by(SATO, 10, []), by(SATO, 11, [])], [11]),
        ([by(SATO, 10, []), by(SUZUKI, 20, [10])], [20]),
        ([by(SATO, 10, []), by(SUZUKI, 20, [])], [10, 20]),
        ([by(SATO, 10, []), by(TAKA, 30, [10]), by(SUZUKI, 20, [])], [20]),
    ],
)
def test_a_correction_names_those_it_knows_of_and_no_other_does(corrections, named):
    """Of other devices: its own before it are known by their numbers."""
    assert unseen_by_others(corrections, TAKA) == named


def test_those_who_know_of_each_other_leave_nothing_unseen():
    """However often; two machines of one person are no two members."""
    assert not any_unseen(
        [by(SATO, 10, [], a=1), by(SUZUKI, 20, [10], a=2), by(SATO, 11, [20], a=3), by(TAKA, 30, [11], a=4)]
    )
    assert not any_unseen([by(SATO, 10, [], a=1), by(SATO, 11, [], a=2)._replace(slot=9)])
    assert any_unseen([by(SATO, 10, [], a=1), by(SUZUKI, 20, [10], a=2), by(TAKA, 30, [10], a=4)])
