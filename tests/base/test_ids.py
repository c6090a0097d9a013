"""Ids: one integer inside the file, a short name outside."""

import pytest
from hypothesis import given, strategies as st

from nippo_cli.base.ids import (
    device_name,
    number_of,
    read_id,
    record_id,
    show_id,
    slot_named,
    slot_of,
)

SLOTS = st.one_of(
    st.just(0), st.integers(360, 36 * 36 - 1), st.integers(12960, 36**3 - 1), st.integers(466560, 36**4 - 1)
)
NUMBERS = st.integers(1, 10**12 - 1)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("123", "123"),
        ("#123", "123"),
        (" k3-7 ", "k3-7"),
        ("K3-7", "k3-7"),
        ("#a0-1", "a0-1"),
        ("１２", "12"),
        ("TKY1-9", "tky1-9"),
        ("abc-1", "abc-1"),
    ],
)
def test_an_id_is_read_as_it_is_shown(said, shown):
    """`#`, blanks, case and full width are forgiven."""
    assert show_id(read_id(said)) == shown


@pytest.mark.parametrize(
    "said", ["", "0", "-1", "3k-7", "k-7", "k3-0", "k3-", "tokyo-1", "1.5", "9999999999999", "deal"]
)
def test_what_is_no_id_is_none(said):
    """A name that looks like none is left for the names."""
    assert read_id(said) is None


@given(SLOTS, NUMBERS)
def test_a_record_keeps_its_device_and_number(slot, number):
    """Whatever the device, its slot and number come back, and so does the name."""
    record = record_id(slot, number)
    assert (slot_of(record), number_of(record)) == (slot, number)
    assert slot_named(device_name(slot)) == slot
    assert read_id(show_id(record)) == record


@given(NUMBERS, NUMBERS)
def test_records_of_a_device_sort_by_number(one, other):
    """The integer keys of one device are in the order of its numbers."""
    assert (record_id(725, one) < record_id(725, other)) == (one < other)
