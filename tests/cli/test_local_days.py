"""A day is a calendar day in the journal's time zone, wherever and whenever the command runs."""

import pytest
from shell import FIRST, Shell


@pytest.mark.parametrize(("zone", "now", "today"), [
    ("Asia/Tokyo", "2026-11-23T23:59:59+09:00", "2026-11-23"),
    ("Asia/Tokyo", "2026-11-24T00:00:00+09:00", "2026-11-24"),
    ("Asia/Tokyo", "2026-11-23T15:00:00+00:00", "2026-11-24"),
    ("America/New_York", "2026-11-24T00:30:00+09:00", "2026-11-23"),
    ("Pacific/Auckland", "2026-11-23T20:00:00+09:00", "2026-11-24"),
    # The night on which New York's clocks go back: 01:30 comes twice.
    ("America/New_York", "2026-11-01T05:30:00+00:00", "2026-11-01"),
    ("America/New_York", "2026-11-01T03:59:59+00:00", "2026-10-31"),
])  # fmt: skip
def test_today_is_the_journals_own(nippo: Shell, monkeypatch, zone, now, today):
    """Where the machine's clock shows another day, an entry is still dated as the journal's people would date it."""
    nippo.done("init", "--template", "default", "--time-zone", zone)
    monkeypatch.setenv("NIPPO_NOW", now)
    found = nippo.done("add", "--activity", "社内", "-m", "打合せ", "--json").json
    assert found["entry"]["on"] == found["entry"]["known_on"] == found["as_of"] == today
    assert nippo.done("log", "--json").json["as_of"] == today
    assert nippo.done("--json").json["as_of"] == today
    nippo.done("add", "--activity", "社内", "-m", "x", "--on", "昨日")
    assert len({e["on"] for e in nippo.done("log", "--json").json["entries"]}) == 2


def test_days_are_differences_of_dates(nippo: Shell, monkeypatch):
    """An entry of two minutes before midnight is one day old two minutes after it."""
    monkeypatch.setenv("NIPPO_NOW", "2026-11-23T23:58:00+09:00")
    nippo.done("add", "案件", *FIRST, "-m", "x")
    monkeypatch.setenv("NIPPO_NOW", "2026-11-24T00:02:00+09:00")
    found = nippo.done("deal", "show", "案件", "--json").json
    assert (found["stay_days"], found["silence_days"], found["next_on"]) == (1, 1, "2026-11-30")


def test_a_zone_that_is_none_is_refused(nippo: Shell):
    """`init` fixes it for the journal's life, so it is checked: exit 2, and no journal."""
    answer = nippo("init", "--template", "minimal", "--time-zone", "Asia/Edo")
    assert answer.code == 2
    assert "Asia/Edo" in answer.err
    assert not nippo.journal.exists()
