"""早めの連絡: pushes that were told in time, and why."""

from collections.abc import Collection, Mapping
from datetime import date
from types import SimpleNamespace
from typing import Any

from nippo_cli.gaps.early_notices import early_notices
from nippo_cli.line.facts import Promise

SINCE, AS_OF = date(2026, 9, 1), date(2026, 11, 30)


def closes(*made: tuple[str, str]) -> list[Promise]:
    """Promised closes of a deal: the day it was said on, and the day or days that it was said for; the n-th entry's id is n."""
    return [
        Promise("closes", value, date.fromisoformat(on), entry, None if entry == 1 else 30)
        for entry, (on, value) in enumerate(made, 1)
    ]


def told(promised: list[Promise], reason: str | None = "customer") -> int:
    """How many early notices are among them, each entry giving this reason."""

    def texts(entries: Collection[int]) -> Mapping[int, Any]:
        return {entry: SimpleNamespace(push_reason=reason) for entry in entries}

    return len(early_notices({7: promised}, texts, since=SINCE, as_of=AS_OF))


def test_a_notice_names_its_deal_its_entry_and_its_day():
    """The latest first."""

    def texts(entries: Collection[int]) -> Mapping[int, Any]:
        return {entry: SimpleNamespace(push_reason="budget") for entry in entries}

    promised = closes(("2026-08-01", "2026-12-20"), ("2026-10-01", "2027-01-20"), ("2026-11-02", "2027-03-20"))
    found = early_notices({7: promised}, texts, since=SINCE, as_of=AS_OF)
    assert found == [(7, 3, date(2026, 11, 2)), (7, 2, date(2026, 10, 1))]


def test_fourteen_days_before_is_early_and_thirteen_are_not():
    """Said on 1 October for a close on 15 October, and on the 14th."""
    assert told(closes(("2026-08-01", "2026-10-15"), ("2026-10-01", "2026-11-15"))) == 1
    assert told(closes(("2026-08-01", "2026-10-14"), ("2026-10-01", "2026-11-15"))) == 0


def test_of_a_month_the_first_day_counts():
    """Said on 25 November for December, which begins in six days."""
    assert told(closes(("2026-08-01", "2026-12-01/2026-12-31"), ("2026-11-25", "2027-01-31"))) == 0
    assert told(closes(("2026-08-01", "2026-12-01/2026-12-31"), ("2026-11-10", "2027-01-31"))) == 1


def test_without_a_reason_or_outside_the_window_it_is_none():
    """Nor is a pull."""
    early = (("2026-08-01", "2026-12-20"), ("2026-10-01", "2027-01-20"))
    assert told(closes(*early), reason=None) == 0
    assert told(closes(("2026-06-01", "2026-12-20"), ("2026-08-31", "2027-01-20"))) == 0
    first, second = closes(*early)
    assert told([first, second._replace(move=-30)]) == 0
