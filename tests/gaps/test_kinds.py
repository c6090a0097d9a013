"""Which gaps there are, and of which deals each says something."""

import pytest

from nippo_cli.gaps import KINDS


@pytest.mark.parametrize(("fate", "sold", "kinds"), [
    ("live", False, {"stalled", "mirage", "fizzled", "broken", "next"}),
    ("live", True, {"stalled", "mirage", "fizzled", "broken", "next", "unlinked"}),
    ("won", True, {"broken", "aftercare", "unlinked"}), ("lost", False, {"broken"}), ("lost", True, {"broken", "unlinked"}),
])  # fmt: skip
def test_what_may_be_found_of_a_deal(fate, sold, kinds):
    """By its fate, and whether it is won or in the ledger; promises and activity speak of no single deal."""
    assert {name for name, kind in KINDS.items() if kind.finds_of(fate, sold=sold)} == kinds


def test_the_gravest_risk_goes_first():
    """Fizzled, stalled, a mirage, no next step, a broken line; only activity asks about a stage."""
    risks = sorted((kind.risk, name) for name, kind in KINDS.items() if kind.risk)
    assert risks == [(1, "fizzled"), (2, "stalled"), (3, "mirage"), (4, "next"), (5, "broken")]
    assert [name for name, kind in KINDS.items() if kind.asks_stage] == ["activity"]
