"""Hashes that were met, held against a set of them."""

from hypothesis import given, strategies as st

from nippo_cli.exchange.row_hashes import RowHashes

HASHES = st.one_of(st.integers(-4, 4), st.integers(-(2**63), 2**63 - 1))


@given(st.lists(st.one_of(HASHES, st.sets(HASHES))))
def test_it_knows_what_was_met_as_a_set_does(hashes: list[int | set[int]]):
    """One by one, or several at once, which are noted all or none. Zero and one are one hash here, as two rows in sixty million
    million million are; nothing else is."""
    table, met = RowHashes(), set[int]()
    for one in hashes:
        if isinstance(one, int):
            assert table.add(one) == ((one or 1) not in met)
            met.add(one or 1)
            continue
        words = {word or 1 for word in one}
        is_new = len(words) == len(one) and not words & met
        assert table.add_all(one) == is_new
        met |= words if is_new else set()


def test_a_table_that_grew_has_lost_nothing():
    """Twenty thousand, from one that holds two thousand; those in a row end up side by side."""
    for at_once in (False, True):
        table = RowHashes()
        assert table.add_all(range(2, 20_000)) if at_once else all(table.add(one) for one in range(2, 20_000))
        assert not any(map(table.add, range(2, 20_000)))
        assert not any(table.add_all([one, 20_000]) for one in range(2, 20_000))
        assert table.add(20_000)
