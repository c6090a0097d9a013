"""Days, dates, money and rates as people of each language write them."""

from datetime import date

import pytest

from nippo_cli.base import language
from nippo_cli.base.dates.when import When, read_when
from nippo_cli.line.norm import Norm, Quiet
from nippo_cli.render.draw.emit import Screen, draw
from nippo_cli.render.parts import words
from nippo_cli.schema.schema import Currency

NEAR = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "ja", "en"),
    [
        ("2026-09-14", "9/14", "14 Sep"),
        ("2025-09-14", "2025/9/14", "14 Sep 2025"),
        ("2026-12-01/2026-12-31", "12月", "Dec"),
        ("2027-02-01/2027-02-28", "2027年2月", "Feb 2027"),
        ("2027-01-01/2027-03-31", "2027年1月〜3月", "Jan – Mar 2027"),
        ("2026-10-01/2027-03-31", "2026年10月〜2027年3月", "Oct 2026 – Mar 2027"),
        ("2026-12-07/2026-12-11", "2026/12/7〜12/11", "7 Dec – 11 Dec 2026"),
    ],
)
def test_a_promised_date_is_as_coarse_as_it_was_said(text, ja, en, tongue):
    """A day, a month, a span; the year only where it is another, and once."""
    assert words.when(read_when(text), NEAR) == {"ja": ja, "en": en}[tongue]


def test_no_date_is_a_dash(japanese):
    """What is unknown is marked, not blank."""
    assert words.when(None) == words.days_short(None) == words.money(None, Currency()) == words.NOTHING


def test_a_day_with_its_weekday(tongue):
    """23 November 2026 is a Monday."""
    assert words.day_name(NEAR, NEAR) == {"ja": "11/23(月)", "en": "Mon 23 Nov"}[tongue]
    assert words.day_name(NEAR) == {"ja": "2026/11/23(月)", "en": "Mon 23 Nov 2026"}[tongue]


def test_the_language_is_asked_each_time(japanese):
    """A day that was said in one language is said anew in another."""
    assert words.when(When.day(NEAR), NEAR) == "11/23"
    language.bind("en")
    assert words.when(When.day(NEAR), NEAR) == "23 Nov"


def test_a_rate_shows_its_n(tongue):
    """4,238 won of 6,711; of nothing there is no rate."""
    assert words.percent(4238 / 6711, 6711) == {"ja": "63.2%（n=6,711）", "en": "63.2% (n=6,711)"}[tongue]
    assert "%" not in words.percent(None, 0)


@pytest.mark.parametrize("source", ["kind", "schema", "won_kind", "won", "kaplan_meier", "default"])
def test_every_source_of_a_norm_has_its_words(source, tongue):
    """A norm says where it comes from, and n where anything was counted."""
    said = words.norm_source(Norm("quote", "new", 30, source, 34))
    assert "show." not in said
    assert ("n=34" in said) == (source not in ("kind", "schema"))


@pytest.mark.parametrize("source", ["schema", "won", "default"])
def test_every_source_of_the_quiet_limit_has_its_words(source, tongue):
    """The quiet limit likewise."""
    assert "show." not in words.norm_source(Quiet(60, source, 25))


def test_a_team_reads_its_own_words(japanese, answer):
    """Where the schema calls a deal 物件, so does every page."""
    language.bind("ja", {"deal": "物件"})
    text = draw(answer("deal_list_empty"), fmt="table", screen=Screen())
    assert "物件一覧" in text
    assert "案件" not in text
