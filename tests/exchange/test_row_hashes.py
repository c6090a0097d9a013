"""Hashes that were met, held against a set of them."""

from hypothesis import given, strategies as st

from nippo_cli.exchange.row_hashes import RowHashes


@given(st.lists(st.one_of(st.integers(-4, 4), st.integers(-(2**63), 2**63 - 1))))
def test_it_knows_what_was_met_as_a_set_does(hashes: list[int]):
    """Zero and one are one hash here, as two rows in sixty million million million are; nothing else is."""
    table, met = RowHashes(), set[int]()
    for one in hashes:
        word = one or 1
        assert table.holds(one) == (word in met)
        assert table.add(one) == (word not in met)
        met.add(word)


def test_a_table_that_grew_has_lost_nothing():
    """Twenty thousand, from one that holds two thousand; those in a row end up side by side."""
    table = RowHashes()
    assert all(table.add(one) for one in range(2, 20_000))
    assert all(table.holds(one) for one in range(2, 20_000))
    assert not any(map(table.add, range(2, 20_000)))
    assert not table.holds(20_000)
