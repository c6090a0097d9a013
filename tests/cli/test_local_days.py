"""A day is one of the journal's time zone, from five in the morning to five, wherever the command runs."""

import pytest
from shell import FIRST, Shell


@pytest.mark.parametrize(("zone", "now", "today"), [
    ("Asia/Tokyo", "2026-11-23T23:59:59+09:00", "2026-11-23"),
    ("Asia/Tokyo", "2026-11-24T00:00:00+09:00", "2026-11-23"),
    ("Asia/Tokyo", "2026-11-24T04:59:59+09:00", "2026-11-23"),
    ("Asia/Tokyo", "2026-11-24T05:00:00+09:00", "2026-11-24"),
    ("Asia/Tokyo", "2026-11-23T20:00:00+00:00", "2026-11-24"),
    ("America/New_York", "2026-11-24T00:30:00+09:00", "2026-11-23"),
    ("Pacific/Auckland", "2026-11-24T01:00:00+09:00", "2026-11-24"),
    # The night on which New York's clocks go back: 01:30 comes twice, five o'clock once.
    ("America/New_York", "2026-11-01T05:30:00+00:00", "2026-10-31"),
    ("America/New_York", "2026-11-01T09:59:59+00:00", "2026-10-31"),
    ("America/New_York", "2026-11-01T10:00:00+00:00", "2026-11-01"),
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
    """An entry of two minutes before five in the morning is one day old two minutes after it."""
    monkeypatch.setenv("NIPPO_NOW", "2026-11-24T04:58:00+09:00")
    nippo.done("add", "案件", *FIRST, "-m", "x")
    monkeypatch.setenv("NIPPO_NOW", "2026-11-24T05:02:00+09:00")
    found = nippo.done("deal", "show", "案件", "--json").json
    assert (found["stay_days"], found["silence_days"], found["next_on"]) == (1, 1, "2026-11-30")


def test_half_past_midnight_is_one_day_in_every_way_of_typing(nippo: Shell, monkeypatch):
    """One line, a file, standard input, `day`, `今日` and `昨日`; what nobody named is said, what was named is not."""
    nippo.done("add", "案件", *FIRST, "-m", "夜")
    monkeypatch.setenv("NIPPO_NOW", "2026-11-24T00:30:00+09:00")
    file = nippo.journal / "report.yaml"
    file.write_text("{deal: 案件, activity: 社内, facts: x}", encoding="utf-8")
    for way in (
        ("add", "案件", "--activity", "社内", "-m", "x"),
        ("add", "--from-file", str(file)),
        ("day", "-m", "所感"),
    ):
        assert "朝5時までは 2026-11-23 として書きます" in nippo.done(*way).err
    quiet = nippo.done("add", "案件", "--activity", "社内", "-m", "x", "--on", "今日", "--json")
    assert (quiet.json["entry"]["on"], quiet.err) == ("2026-11-23", "")
    earlier = nippo.done("add", "案件", "--activity", "社内", "-m", "x", "--on", "昨日", "--json")
    assert earlier.json["entry"]["on"] == "2026-11-22"
    days = {entry["on"] for entry in nippo.done("log", "--on", "today", "--limit", "0", "--json").json["entries"]}
    assert days == {"2026-11-23"}


def test_a_zone_that_is_none_is_refused(nippo: Shell):
    """`init` fixes it for the journal's life, so it is checked: exit 2, and no journal."""
    answer = nippo("init", "--template", "minimal", "--time-zone", "Asia/Edo")
    assert answer.code == 2
    assert "Asia/Edo" in answer.err
    assert not nippo.journal.exists()
