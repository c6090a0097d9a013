"""The demo world: believable, the same for the same day and seed, and true to the default schema."""

import csv
import sqlite3
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from nippo_cli.line.checked_entry import check
from nippo_cli.line.span import ClosedDays
from nippo_cli.schema.load import load_schema
from nippo_cli.schema.schema import Schema
from nippo_cli.schema.templates import text_of
from nippo_cli.services.care.demo.events import (
    AmendEvent,
    AssignEvent,
    BeginDeal,
    EntryEvent,
    HoldEvent,
    MatchEvent,
    SaleEvent,
    TargetEvent,
    World,
)
from nippo_cli.services.care.demo.words import goods
from nippo_cli.services.care.demo.workdays import holidays, is_workday
from nippo_cli.services.care.demo.world import world
from nippo_cli.services.care.demo.write_demo import write_demo_journal

TODAY = date(2026, 11, 24)
# A working day, a day in お盆, New Year's Day, a Sunday.
DAYS = [TODAY, date(2026, 8, 13), date(2028, 1, 1), date(2027, 6, 6)]
HOLIDAYS = Path(__file__).parents[3] / "shared" / "data" / "jp_holidays" / "syukujitsu.csv"
STANDING = ("customer", "kind", "amount", "closes", "confidence")


@pytest.fixture(scope="module")
def agreement() -> Schema:
    """The agreement that nippo ships."""
    return load_schema(text_of("default"), "schema.yaml")


@pytest.fixture(scope="module", params=DAYS, ids=str)
def made(request) -> World:
    """The world on each of the days."""
    return world(request.param)


def _entries(of: World) -> list[EntryEvent]:
    return [event for event in of.events if isinstance(event, EntryEvent)]


def test_the_same_day_and_seed_make_the_same_world():
    """Two people who run the demo on one day see the same journal; another seed tells another story."""
    assert world(TODAY) == world(TODAY)
    assert world(TODAY) != world(TODAY, seed=21)


def test_every_entry_keeps_the_default_schema(made, agreement):
    """What the demo holds could have been typed: every value is canonical and nothing required is missing, but in
    the few entries that are marked as incomplete."""
    standing: dict[str | None, dict[str, Any]] = defaultdict(dict)
    unfinished = 0
    for entry in sorted(_entries(made), key=lambda e: (e.on, e.key)):
        raw = {agreement.key(role): value for role, value in entry.values.items()}
        has = standing[entry.deal] if entry.deal else {}
        values, problems = check(raw, agreement, today=entry.known_on, standing=has)
        assert values == raw
        assert bool(problems) == entry.incomplete, (entry, problems)
        unfinished += entry.incomplete
        has |= {key: values[key] for key in STANDING if key in values}
    assert unfinished <= 3


def test_corrections_keep_the_default_schema_and_change_something(made, agreement):
    """A correction says something else than its entry did, in values that the schema takes."""
    entries = {entry.key: entry for entry in _entries(made)}
    amends = [event for event in made.events if isinstance(event, AmendEvent)]
    assert amends
    for amend in amends:
        raw = {agreement.key(role): value for role, value in amend.values.items()}
        values, _ = check(raw, agreement, today=amend.known_on, defaults=False)
        assert values == raw
        assert amend.known_on > entries[amend.key].known_on
        assert any(entries[amend.key].values.get(role) != value for role, value in amend.values.items())


def test_nobody_works_on_days_off_and_nothing_is_ahead_of_today(made, agreement):
    """Weekdays only, none in the schema's closures, none after today, none before the eighteen months."""
    closed = ClosedDays(agreement.closures)
    for entry in _entries(made):
        assert entry.on.weekday() < 5
        assert entry.on not in closed
        assert made.today - timedelta(days=570) <= entry.on <= entry.known_on <= made.today


def test_events_come_in_the_order_in_which_they_became_known(made):
    """The desk can write them down one by one: a deal begins before anything else is said of it."""
    known = [event.known_on for event in made.events]
    assert known == sorted(known)
    begun: set[str] = set()
    keys: set[int] = set()
    for event in made.events:
        if isinstance(event, BeginDeal):
            assert event.parent is None or event.parent in begun
            begun.add(event.deal)
        elif isinstance(event, AmendEvent):
            assert event.key in keys
        else:
            assert getattr(event, "deal", None) in begun | {None}
            keys.add(getattr(event, "key", 0))


def test_a_diary_of_this_size_holds_every_kind_of_thing(made):
    """About seventy deals and 750 entries of five reps; holds, hand-overs, sales, an up-sell, shared visits,
    in-house days and calls on customers outside any deal."""
    entries, kinds = _entries(made), Counter(type(event) for event in made.events)
    assert 65 <= kinds[BeginDeal] <= 80
    assert 650 <= len(entries) <= 900
    assert kinds[HoldEvent] == 2
    assert kinds[AssignEvent] >= 3
    assert kinds[SaleEvent] >= 10
    assert {entry.author for entry in entries} == set(made.reps)
    assert any(event.parent for event in made.events if isinstance(event, BeginDeal))
    assert all(times == 2 for times in Counter(e.meeting for e in entries if e.meeting).values())
    assert sum(e.deal is None and "customer" not in e.values for e in entries) >= 15
    assert sum(e.deal is None and "customer" in e.values for e in entries) >= 15
    assert any("/" in e.values.get("closes", "") for e in entries)


def test_a_third_of_the_closed_deals_is_won_and_prices_are_a_machine_makers(made):
    """Won over won and lost lies near 30 %; a quote lies between a box of spares and a line of machines."""
    closing = Counter(e.values["stage"] for e in _entries(made) if e.values.get("stage") in ("won", "lost"))
    assert 0.25 <= closing["won"] / closing.total() <= 0.40
    amounts = [e.values["amount"] for e in _entries(made) if "amount" in e.values]
    assert min(amounts) >= 250_000
    assert max(amounts) <= 80_000_000


def test_one_live_deal_passes_over_a_stage_that_it_must_not_skip(made, agreement):
    """Its line goes on to a quote and never says that there was a hearing; `nippo gap broken` has something to show."""
    moves: dict[str, list[str]] = defaultdict(list)
    kinds: dict[str, str] = {}
    for entry in sorted(_entries(made), key=lambda e: (e.on, e.key)):
        if entry.deal and "stage" in entry.values:
            moves[entry.deal].append(entry.values["stage"])
        if entry.deal and "kind" in entry.values:
            kinds[entry.deal] = entry.values["kind"]
    musts = {s.key for s in agreement.stages if s.must or s.must_when}
    skipped = [
        (deal, musts - set(stages))
        for deal, stages in moves.items()
        if kinds[deal] == "new" and "quote" in stages and not {"lost", "won"} & set(stages) and musts - set(stages)
    ]
    assert [missing for _, missing in skipped] == [{"hearing"}]


def test_one_live_deal_has_its_date_moved_without_a_contact(made, agreement):
    """In house, after its last contact and before the date that stood is past; the page of mirages then tells a push of
    which nothing new was known."""
    contact = {activity.key: activity.contact for activity in agreement.activities}
    by_deal: dict[str, list[EntryEvent]] = defaultdict(list)
    for entry in sorted(_entries(made), key=lambda e: (e.on, e.key)):
        if entry.deal:
            by_deal[entry.deal].append(entry)
    found = []
    for entries in by_deal.values():
        if {entry.values.get("stage") for entry in entries} & {"won", "lost"}:
            continue
        promised, met = None, False
        for entry in entries:
            met = met or contact.get(entry.values.get("activity"), True)
            closes = entry.values.get("closes")
            if closes and promised and not met and closes > promised:
                found.append((entries[-1], entry, promised))
            if closes:
                promised, met = closes, False
    ((last, entry, before),) = found
    assert last is entry
    assert entry.on.isoformat() < before
    assert entry.values["activity"] == "internal"


def test_no_sentence_is_left_unfilled_and_few_are_said_twice(made):
    """A diary that looks generated is no demo: no brace is left, and nearly every fact is its own."""
    facts = [entry.values["facts"] for entry in _entries(made)]
    assert not [fact for fact in facts if "{" in fact or "}" in fact]
    assert len(set(facts)) > 0.9 * len(facts)


def test_every_product_is_told_with_what_it_needs():
    """Each product has something to say in each part of a story."""
    for each in goods():
        assert all((each.pains, each.specs, each.good, each.bad, each.fears, each.effect, each.trouble)), each.name


@pytest.mark.skipif(not HOLIDAYS.exists(), reason="the list of the Cabinet Office is not here")
def test_holidays_are_those_of_the_cabinet_office():
    """2025 to 2027, substitutes and bridges included, against the published list."""
    rows = csv.reader(HOLIDAYS.read_text(encoding="cp932").splitlines()[1:])
    published = {date(*map(int, row[0].split("/"))) for row in rows}
    for year in (2025, 2026, 2027):
        assert holidays(year) == {day for day in published if day.year == year}


def test_new_years_day_is_no_workday():
    """Nobody visits a customer on 1 January, nor on the last days of the year."""
    assert not is_workday(date(2026, 1, 1))
    assert not is_workday(date(2026, 12, 30))
    assert is_workday(date(2026, 12, 24))


def test_furnish_writes_the_whole_world(tmp_path):
    """Every event is one record, each known on its own day, none recorded after now."""
    now = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
    path = tmp_path / "demo" / "journal.db"
    made = write_demo_journal(path, TODAY, now)
    with sqlite3.connect(path) as cx:
        kinds = dict(cx.execute("select kind, count(*) from record group by kind"))
        known_first, known_last, recorded = cx.execute(
            "select min(known_on), max(known_on), max(recorded_at) from record"
        ).fetchone()
        names = {name for (name,) in cx.execute("select name from deal")}
    cx.close()
    counts = Counter(type(event) for event in made.events)
    assert kinds["entry"] == counts[EntryEvent]
    assert kinds["deal"] == counts[BeginDeal] + counts[AssignEvent]
    assert kinds["amend"] == counts[AmendEvent]
    assert kinds["hold"] == counts[HoldEvent]
    assert kinds["sale"] == counts[SaleEvent]
    assert kinds["match"] == counts[MatchEvent]
    assert kinds["target"] == counts[TargetEvent]
    assert known_first == made.events[0].known_on.isoformat()
    assert known_last <= TODAY.isoformat()
    assert recorded <= "2026-11-24T03:00:00.000Z"
    assert set(made.showcase) <= names
    assert (path.parent / "schema.yaml").read_text(encoding="utf-8") == text_of("default")
