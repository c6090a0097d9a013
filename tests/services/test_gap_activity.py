"""A diary in which calls show in orders two months later, and meetings at the office in nothing."""

from datetime import date
from pathlib import Path
from random import Random

import pytest
from diary import Diary

from nippo_cli.base.dates.calendar import month_number, month_start
from nippo_cli.gaps.activity import ActivityCount, find
from nippo_cli.journal.read.reader import reading
from nippo_cli.line.facts import AsOf
from nippo_cli.services.context.scope import GapQuery, Scope
from nippo_cli.services.gaps.kind import gap_facts

MONTHS = 28
FIRST = date(2024, 6, 1)
BEGINS = month_number(FIRST)
TODAY = month_start(BEGINS + MONTHS)


def simulated(folder: Path, seed: int, *, planted: bool) -> Path:
    """Twenty-eight months of calls, office work and orders, written by one hand."""
    random = Random(seed)
    calls = [random.randint(0, 9) for _ in range(MONTHS)]
    diary = Diary(folder / "j", first=FIRST)
    with diary.write() as writer:
        for n in range(MONTHS):
            on = month_start(BEGINS + n).replace(day=10)
            for activity, times in (("call", calls[n]), ("inhouse", random.randint(0, 9))):
                for _ in range(times):
                    writer.add_entry(on, {"activity": activity}, known_on=on)
            orders = calls[n - 2] if planted and n >= 2 else random.randint(0, 9)
            for i in range(orders):
                deal = writer.begin_deal(f"案件{n}-{i}")
                writer.add_entry(on, {"stage": "won", "amount": random.randint(1, 9)}, deal=deal, known_on=on)
    return diary.path


def asked(path: Path, as_of: date = TODAY, scope: Scope = Scope()) -> ActivityCount:  # noqa: B008  # frozen
    """What the gap finds on a day, as known then."""
    with reading(path) as reader:
        counted = find(gap_facts(reader, AsOf(as_of, known=True), GapQuery(scope=scope))).counted
        assert isinstance(counted, ActivityCount)
        return counted


def test_a_planted_effect_is_found_in_the_journal(tmp_path):
    """Calls go with orders two months later; office work and what was not planted go with nothing."""
    found = asked(simulated(tmp_path, 1, planted=True))
    assert {(pair.key, pair.moves.lag) for pair in found.signs if pair.result == "orders"} == {("call", 2)}
    assert {pair.key for pair in found.tests if pair.what == "did" and pair.state == "none"} == {"inhouse"}


@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_found_where_nothing_was_planted(tmp_path, seed):
    """The same diary with orders of their own."""
    assert asked(simulated(tmp_path, seed, planted=False)).signs == []


def test_a_past_day_has_the_months_of_then(tmp_path):
    """Half-way there are eleven months to hold against each other: too little, as it would have been said then."""
    found = asked(simulated(tmp_path, 1, planted=True), month_start(BEGINS + 12))
    assert {(pair.state, pair.months) for pair in found.tests} == {("short", 11)}
    assert found.upto == BEGINS + 11
