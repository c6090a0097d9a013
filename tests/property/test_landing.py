"""The landing holds every live yen in exactly one cell, and its bridge closes to the yen: on journals of any history."""

import tempfile
from collections import Counter
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from diary import AGREEMENT, Diary
from hypothesis import given, settings, strategies as st
from story import Story, step, stories

from nippo_cli.base.dates.calendar import month_name, month_number, month_start
from nippo_cli.base.errors import NippoError
from nippo_cli.journal.facts.earlier import EarlierLandingFacts
from nippo_cli.journal.facts.gap_facts import GapScope
from nippo_cli.journal.facts.landing_facts import JournalLandingFacts
from nippo_cli.journal.read.reader import JournalReader, reading
from nippo_cli.landing.bridge import bridge, stands
from nippo_cli.landing.cells import LiveCells
from nippo_cli.landing.eves import EveRecord, EveShares
from nippo_cli.landing.parts import parted, whole_part
from nippo_cli.landing.shares import RankRecord
from nippo_cli.landing.table import Landing, LandingTable
from nippo_cli.line.facts import AsOf
from nippo_cli.line.promised import Basis, ordered_money, won_in
from nippo_cli.line.targets import MonthTarget
from nippo_cli.schema.schema import Field, Rank
from nippo_cli.services.context.deal_status import StatusJudge
from nippo_cli.services.pages.today import month_line

FIRST = date(2026, 2, 22)
RANKED = AGREEMENT._replace(
    name="ranked",
    ranks=(Rank("A", "A", chance=0.8), Rank("B", "B", chance=0.5)),
    quiet=9,
    fields=(*AGREEMENT.fields, Field("accepts", "検収予定日", "date", "accepts", coarse=True)),
)
CLOSES = st.sampled_from(
    ("2026-02-27", "2026-03-01/2026-03-31", "2026-03-10", "2026-04-10", "2026-04-01/2026-09-30", "2026-11-05")
)
promised = st.fixed_dictionaries(
    {"closes": CLOSES},
    optional={"amount": st.integers(1, 9) | st.none(), "accepts": CLOSES, "confidence": st.sampled_from(("A", "B"))},
)
BACK = st.integers(-3, 12)
STEPS = stories(
    st.one_of(
        step,
        step,
        st.tuples(st.just("begin"), promised, BACK),
        st.tuples(st.just("add"), st.integers(0, 5), promised, BACK),
        st.tuples(st.just("day"), st.integers(3, 20)),
    ),
    most=30,
)


# Rows of the ledger: of a deal or of none, an advance or not, some days ago.
SALES = st.lists(
    st.tuples(st.integers(0, 5) | st.none(), st.integers(1, 9), st.booleans(), st.integers(-2, 20)), max_size=6
)


def with_sales(story: Story, sales: list[tuple[int | None, int, bool, int]]) -> None:
    """The same journal with a ledger, written at its last day."""
    for number, amount, advance, back in sales:
        with suppress(NippoError, IndexError):
            deal = story.deal(number) if number is not None else None
            with story.diary.write() as writer:
                kind = "advance" if advance else "sale"
                writer.add_sale(
                    story.on(back),
                    "東亜",
                    amount,
                    deal=deal,
                    kind=kind,
                    known_on=story.on(max(back, 0)),
                )


def story_of(steps: list[tuple[Any, ...]], folder: str) -> Story:
    """The journal after all steps."""
    story = Story(Diary(Path(folder) / "j", RANKED, first=FIRST))
    for what, *said in steps:
        story.tell(what, *said)
    return story


def facts_of(reader: JournalReader, day: AsOf) -> JournalLandingFacts:
    """The facts of all deals on a day."""
    return JournalLandingFacts(reader, day, GapScope(day.on))


def months_of(day: AsOf) -> range:
    """The day's month and two more."""
    now = month_number(day.on)
    return range(now, now + 3)


def table_of(facts: JournalLandingFacts, months: range, basis: Basis = "order") -> LandingTable:
    """The table of all deals; no target, nothing declared."""
    record = RankRecord(facts.counters_of_all("rank"), facts.schema)
    frame = Landing(facts, months, record, EveShares(EveRecord(0, 0, 0, 0), {}), basis)
    return frame.table(whole_part(facts, months, basis), lambda _: MonthTarget(None, ""), ())


def live_of(table: LandingTable) -> tuple[int, Counter[int]]:
    """All live money of a table's cells, and how often each deal stands in one."""
    piles = [pile for one in table.months for pile in (*(c.pile for c in one.by_rank), one.on_hold, one.fizzled)]
    piles += [pile for one in table.outside for pile in (one.live, one.on_hold, one.fizzled)]
    return sum(pile.amount for pile in piles), Counter(deal for pile in piles for deal in pile.deals)


@given(STEPS, st.sampled_from(("order", "sale")), st.integers(0, 40))
@settings(max_examples=12)
def test_every_live_yen_stands_in_exactly_one_cell(steps, basis, back):
    """The cells add up to the live deals of `deal list --summary`, today and on any past day, on either basis."""
    with tempfile.TemporaryDirectory() as folder:
        story = story_of(steps, folder)
        with reading(story.diary.path) as reader:
            for day in (AsOf(story.diary.today), AsOf(story.diary.today - timedelta(days=back), known=True)):
                facts = facts_of(reader, day)
                amount, times = live_of(table_of(facts, months_of(day), basis))
                outcomes = reader.outcomes(day, quiet_days=reader.norms(day).quiet().days)
                assert amount == outcomes.amounts["open"] + outcomes.amounts["fizzled"]
                assert times.total() == outcomes.deals["open"] + outcomes.deals["fizzled"]
                assert set(times.values()) <= {1}


# Live deals by the month of the last day of their expected close, by SQL and nothing of the landing's.
BY_MONTH = """
select d.id, substr(d.closes, -10, 7), coalesce(d.confidence, ''), coalesce(d.amount, 0) from deal d
where d.fate = 'live' and d.closes is not null and substr(d.closes, -10) >= :on
and not (julianday(:on) - julianday(coalesce(d.last_contact_on, d.began_on)) > :quiet
         and (d.next_on is null or substr(d.next_on, -10) < :on))
and d.holds is null and not exists (select 1 from entry e where e.deal = d.id and e.on_date > :on)
"""


@given(STEPS)
@settings(max_examples=12)
def test_the_cells_of_a_month_are_those_that_sql_counts(steps):
    """Month by month and rank by rank, of the deals that never were on hold and of which nothing is dated ahead."""
    with tempfile.TemporaryDirectory() as folder:
        story = story_of(steps, folder)
        on = story.diary.today
        with reading(story.diary.path) as reader:
            facts = facts_of(reader, AsOf(on))
            table = table_of(facts, months_of(AsOf(on)))
            quiet = reader.norms(AsOf(on)).quiet().days
            rows = reader.cx.execute(BY_MONTH, {"on": on.isoformat(), "quiet": quiet}).fetchall()
        counted = {deal for deal, *_ in rows}
        shown = {
            deal: (month_name(one.month), cell.rank)
            for one in table.months
            for cell in one.by_rank
            for deal in cell.pile.deals
            if one.month and deal in counted
        }
        names = {month_name(month) for month in months_of(AsOf(on))}
        assert shown == {deal: (month, rank) for deal, month, rank, _ in rows if month in names}


@given(STEPS, st.integers(1, 40))
@settings(max_examples=30)
def test_an_earlier_days_deals_are_those_of_its_own_page(steps, back):
    """Told from stored rows: the same deals in the same cells, the same orders, quiet limit and stands as that day's own facts have."""
    with tempfile.TemporaryDirectory() as folder:
        story = story_of(steps, folder)
        with reading(story.diary.path) as reader:
            day = AsOf(story.diary.today)
            past = AsOf(day.on - timedelta(days=back), known=True)
            later, own = facts_of(reader, day), facts_of(reader, past)
            earlier = EarlierLandingFacts(later, past)
            record = RankRecord(later.counters_of_all("rank"), later.schema)
            assert earlier.quiet_days == own.quiet_days
            cells, of_own = (LiveCells(facts, facts.placed_live(), record, "order").deals for facts in (earlier, own))
            by_rows, by_facts = (
                {place: [(head.id, head.amount) for head in heads] for place, heads in placed.items()}
                for placed in (cells, of_own)
            )
            assert by_rows == by_facts
            first = date(2026, 1, 1)
            won, of_own_won = ([(h.id, h.amount, h.closed_on) for h in f.placed_won(first)] for f in (earlier, own))
            assert won == of_own_won
            orders = list(ordered_money(later.closed("won", first)))
            assert later.orders(first) == orders
            assert later.ordered(first) == {
                month: sum(row.amount or 0 for row in orders if row.month == month)
                for month in {r.month for r in orders}
            }
            heads = later.became({deal for pair in (won, *by_rows.values()) for deal, *_ in pair})
            months = {deal: month for deal, head in heads.items() if (month := won_in(head)) is not None}
            for month in map(month_number, (date(2025, 1, 1), date(2026, 2, 1))):
                assert later.won_months(heads, month) == {d: m for d, m in months.items() if m >= month}


@given(STEPS, SALES, st.sampled_from(("order", "sale")), st.integers(1, 30))
@settings(max_examples=16)
def test_the_bridge_closes(steps, sales, basis, back):
    """Its parts add up to the difference of both days' tables, each of its own day, on either basis."""
    with tempfile.TemporaryDirectory() as folder:
        story = story_of(steps, folder)
        with_sales(story, sales)
        with reading(story.diary.path) as reader:
            day = AsOf(story.diary.today)
            past = AsOf(day.on - timedelta(days=back), known=True)
            months = months_of(day)
            later = facts_of(reader, day)
            earlier = EarlierLandingFacts(later, past)
            record = RankRecord(later.counters_of_all("rank"), later.schema)
            after = stands(later, months, record, basis)
            before = stands(earlier, months, record, basis)
            crossed = bridge(earlier, later, months, before, after)
            assert crossed.before + sum(part.amount for part in crossed.parts) == crossed.after
            for facts, amount in ((later, crossed.after), (facts_of(reader, past), crossed.before)):
                table = table_of(facts, months, basis)
                of_months = [
                    pile
                    for one in table.months
                    for pile in (one.done, one.backlog, *(c.pile for c in one.by_rank), one.on_hold, one.fizzled)
                ]
                assert sum(pile.amount for pile in of_months) == amount


@given(STEPS)
@settings(max_examples=12)
def test_the_mornings_line_is_the_landings(steps):
    """This month's orders and its firm line, read from heads alone, are those of the whole page."""
    with tempfile.TemporaryDirectory() as folder:
        story = story_of(steps, folder)
        day = AsOf(story.diary.today)
        with reading(story.diary.path) as reader:
            (month, *_) = table_of(facts_of(reader, day), months_of(day)).months
            judge = StatusJudge(reader.schema(day), reader.norms(day), day.on)
            line = month_line(reader, day, judge)
            shown = (line.ordered, line.firm) if line is not None else (0, 0)
            assert shown == (month.done.amount, month.firm)


@given(STEPS)
@settings(max_examples=16)
def test_the_record_sets_apart_what_the_eves_own_page_did(steps):
    """Of the deals promised for a month those that had gone quiet on its eve are those of that day's table, as known then."""
    with tempfile.TemporaryDirectory() as folder:
        story = story_of(steps, folder)
        with reading(story.diary.path) as reader:
            day = AsOf(story.diary.today)
            months = range(month_number(FIRST) + 1, month_number(day.on) + 1)
            facts = facts_of(reader, day)
            promised = facts.promised_for(months)
            fizzled = facts.fizzled_then(promised)
            for month in months:
                eve = AsOf(month_start(month) - timedelta(days=1), known=True)
                table = table_of(facts_of(reader, eve), range(month - 1, month + 2))
                (then,) = [one for one in table.months if one.month == month]
                live = {deal for cell in then.by_rank for deal in cell.pile.deals}
                said = {one.deal for one in promised[month] if not one.on_hold}
                assert (said - fizzled[month], said & fizzled[month]) == (live, set(then.fizzled.deals))


@given(STEPS, st.sampled_from(("owner", "kind", "customer")))
@settings(max_examples=8)
def test_parts_are_the_whole(steps, by):
    """Each deal is in one owner's, kind's or customer's part."""
    with tempfile.TemporaryDirectory() as folder:
        story = story_of(steps, folder)
        with reading(story.diary.path) as reader:
            facts = facts_of(reader, AsOf(story.diary.today))
            months = months_of(facts.day)
            whole = whole_part(facts, months, "order")
            parts = parted(facts, whole, by).values()
            assert sorted(h.id for part in parts for h in part.live) == sorted(h.id for h in whole.live)
            assert sorted(h.id for part in parts for h in part.won) == sorted(h.id for h in whole.won)


def test_a_deal_of_which_nobody_knows_where_it_stands_has_fizzled_on_no_page(tmp_path):
    """A list names no stage, and says of it in-house work alone: it is open in the landing, as in `deal list --summary`, today, on the
    eve of today, and of its day as known later."""
    diary = Diary(tmp_path / "j", RANKED, first=FIRST)
    with diary.write() as writer:
        deal = writer.begin_deal("一覧")
        writer.add_entry(diary.today, {"amount": 3, "activity": "inhouse"}, deal=deal, snapshot=True)
    diary.today += timedelta(days=60)
    eve = AsOf(diary.today - timedelta(days=1), known=True)
    for _ in range(2):
        with reading(diary.path) as reader:
            for day in (AsOf(diary.today), eve):
                (undated,) = table_of(facts_of(reader, day), months_of(day)).outside
                assert (undated.live.deals, undated.fizzled.deals) == ((deal,), ())
                assert dict(reader.outcomes(day, quiet_days=9).deals) == {"open": 1}
        diary.add(deal, facts="後日", activity="inhouse")
