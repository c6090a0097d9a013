"""What lessons ask of a journal, held against every deal looked at one by one."""

import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from diary import AGREEMENT, FIRST, Diary
from hypothesis import Phase, given, settings, strategies as st
from story import stories, told

from nippo_cli.base.customers import same_customer
from nippo_cli.journal.facts.ended import LessonScope
from nippo_cli.journal.facts.lesson_facts import JournalLessonFacts
from nippo_cli.journal.read.picked import LessonFilter, Quietness
from nippo_cli.journal.read.reader import JournalReader, reading
from nippo_cli.lessons.fates import followed_days
from nippo_cli.line.facts import AsOf
from nippo_cli.line.metrics import rank_before
from nippo_cli.line.quiet import is_fizzled
from nippo_cli.line.span import ClosedDays, passes_on
from nippo_cli.schema.schema import Choice, Closure, Field

QUIET = Quietness(5, ClosedDays((Closure("休", "01-10", "01-12"),)))
PICKED = [
    LessonFilter(),
    LessonFilter(owner="佐藤"),
    LessonFilter(customer="東亜"),
    LessonFilter(kind="new"),
    LessonFilter(reached="quote"),
]
# What fails is told as it is: making it small takes longer than reading it.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
SINCE = FIRST - timedelta(days=30)


def by_hand(reader: JournalReader, as_of: AsOf, picked: LessonFilter) -> dict[str, Any]:
    """The same answers from whole lines."""
    lines = [
        line
        for line in reader.line_reader(as_of).lines([h.id for h in reader.heads(as_of)]).values()
        if picked.matches(line, same_customer)
    ]
    ended: defaultdict[str, Counter[int]] = defaultdict(Counter)
    money: Counter[str] = Counter()
    lead: dict[str, Counter[int]] = {"won": Counter(), "lost": Counter()}
    ranks: Counter[tuple[str, str, str]] = Counter()
    lost, won, closed = [], 0, {}
    for line in lines:
        head = line.head
        fate, end = head.fate, head.closed_on
        if end is None:
            fizzled = is_fizzled(head, QUIET.days, QUIET.rest, as_of.on)
            fate = "fizzled" if fizzled else "open"
            since = head.heard_on or head.began_on
            end = passes_on(since, QUIET.days, QUIET.rest, head.holds) if fizzled else as_of.on
            ranks[head.confidence, head.owner, fate] += 1
        else:
            if head.begin_known:
                lead[fate][(end - head.began_on).days] += 1
            if rank := rank_before(line.promises, end):
                closed[head.id] = rank
        # Of a deal of which a list alone tells nobody knows when it began.
        if head.begin_known:
            ended[fate][max(0, (end - (head.first_contact_on or head.began_on)).days)] += 1
        money[fate] += head.amount or 0
        if fate == "lost" and end >= SINCE:
            place = max(i for i, stay in enumerate(line.stays) if stay.stage == "lost")
            if picked.reached not in (None, line.stays[place - 1].stage if place else ""):
                continue
            lost.append(
                (
                    head.id,
                    head.contacts if all(stay.arrival == "known" for stay in line.stays) else None,
                    head.amount,
                    line.stays[place - 1].stage if place else "",
                    (end - head.began_on).days if head.begin_known else None,
                )
            )
        won += fate == "won" and end >= SINCE
    return {
        "ended": {fate: days for fate, days in ended.items() if days},
        "money": +money,
        "lead": lead,
        "ranks": ranks,
        "lost": sorted(lost),
        "won": won,
        "closed": closed,
    }


def lesson_facts(reader: JournalReader, as_of: AsOf, picked: LessonFilter) -> JournalLessonFacts:
    """The facts of some deals, under the quiet limit of these tests."""
    facts = JournalLessonFacts(reader, as_of, LessonScope(SINCE, picked))
    facts.quietness = QUIET
    return facts


def asked(reader: JournalReader, as_of: AsOf, picked: LessonFilter) -> dict[str, Any]:
    """The reader's answers, in the same shape."""
    lessons = lesson_facts(reader, as_of, picked)
    ended = lessons.ended()
    found = list(lessons.matching())
    return {
        "ended": {fate: days.days for fate, days in ended.items() if days.days},
        "money": {fate: days.amount for fate, days in ended.items() if days.amount},
        "lead": lessons.lead_days(),
        "ranks": {(r.rank, r.owner, r.fate): r.n for r in lessons.ranks()},
        "lost": sorted((o.deal, o.contacts, o.amount, o.stage, o.lead_days) for o in lessons.lost()),
        "won": sum(one.n for one in lessons.won()),
        "closed": dict(lessons.ranks_of_closed([deal for deal, fate, _ in found if fate != "live"])),
    }


@settings(phases=PHASES)
@given(stories(), st.integers(0, 20))
def test_counted_by_sql_is_counted_one_by_one(steps: list[tuple[Any, ...]], back: int) -> None:
    """For every filter, today and as known on a past day."""
    with tempfile.TemporaryDirectory() as folder:
        diary = told(steps, folder)
        with reading(diary.path) as reader:
            for day in (AsOf(diary.today), AsOf(diary.today - timedelta(days=back), known=True)):
                for picked in PICKED:
                    assert asked(reader, day, picked) == by_hand(reader, day, picked), (day, picked)


@settings(phases=PHASES)
@given(stories())
def test_the_deals_behind_still_followed_are_those_that_are_counted(steps: list[tuple[Any, ...]]) -> None:
    """How long each deal was followed, by its head, adds up to what the curve is drawn from."""
    with tempfile.TemporaryDirectory() as folder:
        diary = told(steps, folder)
        with reading(diary.path) as reader:
            day = AsOf(diary.today)
            facts = lesson_facts(reader, day, LessonFilter())
            followed: defaultdict[str, Counter[int]] = defaultdict(Counter)
            for head in reader.heads(day):
                fizzled = is_fizzled(head, QUIET.days, QUIET.rest, day.on)
                fate = head.fate if head.fate != "live" else "fizzled" if fizzled else "open"
                if (days := followed_days(head, fate, QUIET.days, QUIET.rest, day.on)) is not None:
                    followed[fate][days] += 1
            assert followed == {fate: +ended.days for fate, ended in facts.ended().items() if +ended.days}


def test_a_list_between_a_contact_and_today_does_not_make_a_deal_fizzle_earlier(tmp_path):
    """Met on the first day, on a list a month later: it was followed until its silence since the list was too long."""
    diary = Diary(tmp_path / "j")
    deal, _ = diary.deal("搬送", stage="quote")
    diary.today += timedelta(days=30)
    with diary.write() as writer:
        writer.add_entry(diary.today, {"stage": "quote"}, deal=deal, snapshot=True)
    diary.today += timedelta(days=QUIET.days + 40)
    with reading(diary.path) as reader:
        (head,) = reader.heads(AsOf(diary.today))
        days = followed_days(head, "fizzled", QUIET.days, QUIET.rest, diary.today)
        assert days == 30 + QUIET.days + 1
        assert dict(lesson_facts(reader, AsOf(diary.today), LessonFilter()).ended()["fizzled"].days) == {days: 1}


def everything(reader: JournalReader, as_of: AsOf) -> dict[str, Any]:
    """All that a page of lessons could print."""
    lessons = lesson_facts(reader, as_of, LessonFilter())
    return {
        **asked(reader, as_of, LessonFilter()),
        "whole": sorted(lessons.lost()),
        "amounts": reader.finished(as_of).amounts(),
        "rank": lessons.counters("rank"),
    }


@settings(phases=PHASES)
@given(stories())
def test_a_past_days_lessons_are_printed_again_as_they_were(steps: list[tuple[Any, ...]]) -> None:
    """What is printed on a day is what `--as-of` prints later, reviews and stated reasons among it."""
    printed: dict[date, dict[str, Any]] = {}

    def note(diary: Diary) -> None:
        with reading(diary.path) as reader:
            printed[diary.today] = everything(reader, AsOf(diary.today))

    with tempfile.TemporaryDirectory() as folder:
        diary = told([s for s in steps if s[0] != "late_import"], folder, note)
        with reading(diary.path) as reader:
            for day, found in printed.items():
                assert everything(reader, AsOf(day, known=True)) == found, day


REASONS = Field("why", "失注理由", "choice", "lost_reason", choices=(Choice("price", "価格"), Choice("rival", "競合")))
TELLING = AGREEMENT._replace(
    name="telling", fields=(*AGREEMENT.fields, REASONS, Field("rivals", "競合", "text", "competitor"))
)


def reasons(diary: Diary, as_of: AsOf | None = None) -> list[tuple[tuple[str, ...], str]]:
    """What the lost deals say."""
    with reading(diary.path) as reader:
        found = lesson_facts(reader, as_of or AsOf(diary.today), LessonFilter()).lost()
        return [(one.reasons, one.competitor) for one in found]


def test_the_reason_is_the_closing_entrys_and_the_rival_the_last_one_named(tmp_path):
    """A rival named at the quote is still known when the deal is lost."""
    diary = Diary(tmp_path / "j", TELLING)
    deal, _ = diary.deal("搬送", stage="lead", rivals="A社")
    diary.add(deal, stage="quote", rivals="B社")
    diary.add(deal, stage="lost", why="price")
    assert reasons(diary) == [(("price",), "B社")]
    diary.add(deal, why="rival")
    assert reasons(diary) == [(("price",), "B社")], "what the closing entry says comes first"


def test_a_reason_told_later_or_corrected_counts_as_known(tmp_path):
    """The closing entry says nothing; a later one does, and is corrected the day after."""
    diary = Diary(tmp_path / "j", TELLING)
    deal, _ = diary.deal("搬送", stage="lost")
    entry = diary.add(deal, why="price")
    first = diary.today
    diary.today += timedelta(days=1)
    with diary.write() as writer:
        writer.amend(entry, {"values": {"why": "rival"}}, why="聞き違い")
    assert reasons(diary) == [(("rival",), "")]
    assert reasons(diary, AsOf(first, known=True)) == [(("price",), "")]


def test_what_lost_deals_say_is_read_without_a_body_of_the_log(tmp_path):
    """One deal says why at its end, one in another entry, one in a correction: all of it stands in rows."""
    diary = Diary(tmp_path / "j", TELLING)
    diary.deal("搬送", stage="lost", why="price", rivals="A社")
    spoken, _ = diary.deal("検査", stage="lead", rivals="B社")
    diary.add(spoken, stage="lost", why="rival")
    _, mended = diary.deal("包装", stage="lost")
    with diary.write() as writer:
        writer.amend(mended, {"values": {"why": "rival"}}, why="聞き違い")
    asked = list[str]()
    with reading(diary.path) as reader:
        facts = lesson_facts(reader, AsOf(diary.today), LessonFilter())
        assert facts.schema.name == "telling"
        reader.cx.set_trace_callback(asked.append)
        said = [(one.reasons, one.competitor) for one in facts.lost()]
        reader.cx.set_trace_callback(None)
    assert said == [(("price",), "A社"), (("rival",), "B社"), (("rival",), "")]
    assert not [one for one in asked if "body" in one]


def statements(diary: Diary, asking: Callable[[JournalLessonFacts], object]) -> list[str]:
    """What is asked of the journal for a question of today."""
    asked = list[str]()
    with reading(diary.path) as reader:
        facts = lesson_facts(reader, AsOf(diary.today), LessonFilter())
        assert facts.schema
        reader.cx.set_trace_callback(asked.append)
        asking(facts)
        reader.cx.set_trace_callback(None)
    return asked


def test_other_entries_of_a_lost_deal_are_read_only_where_they_say_why(tmp_path):
    """What all closing entries say comes with their deals: nothing else is asked until another entry says something."""
    diary = Diary(tmp_path / "j", TELLING)
    diary.deal("搬送", stage="lost", why="price")
    spoken, _ = diary.deal("検査", stage="lead")
    diary.add(spoken, stage="lost", why="rival")
    elsewhere = "join entry e indexed by entry_why_lost on e.deal = j.value"
    assert not [one for one in statements(diary, JournalLessonFacts.lost) if elsewhere in one]
    diary.add(spoken, rivals="B社")
    assert [one for one in statements(diary, JournalLessonFacts.lost) if elsewhere in one]
    assert sorted(reasons(diary)) == [(("price",), ""), (("rival",), "B社")]


def test_how_long_all_closed_deals_took_is_sorted_for_none(tmp_path):
    """It is in the tally; deals are gone through for those whose first contact was not their first entry."""
    diary = Diary(tmp_path / "j")
    met, _ = diary.deal("搬送", stage="lead")
    unmet, _ = diary.deal("検査", stage="lead", activity="inhouse")
    diary.today += timedelta(days=3)
    diary.add(unmet)
    diary.today += timedelta(days=4)
    for deal in (met, unmet):
        diary.add(deal, stage="won")
    asked = statements(diary, lambda facts: (facts.ended(), facts.lead_days()))
    assert not [one for one in asked if "began_on) as integer)" in one and "first_contact_on <> began_on" not in one]
    with reading(diary.path) as reader:
        facts = lesson_facts(reader, AsOf(diary.today), LessonFilter())
        assert +facts.ended()["won"].days == {7: 1, 4: 1}
        assert facts.lead_days()["won"] == {7: 2}


@pytest.mark.parametrize("later", [0, 1])
def test_a_deal_of_a_list_that_says_no_beginning_is_in_no_curve(tmp_path, later):
    """Won, live and fizzled ones of which a list is the first to tell count as deals, and not as won, or silent, after so many days."""
    diary = Diary(tmp_path / "j")
    deals = [diary.deal(name, stage="won")[0] for name in ("書いた", "一覧", "一覧の今", "一覧の昔")]
    with diary.write() as writer:
        for entry, deal in writer.cx.execute("select id, deal from entry where deal <> ?", deals[:1]).fetchall():
            stage = "won" if deal == deals[1] else "quote"
            writer.amend(entry, {"snapshot": True, "values": {"stage": stage}}, why="一覧より")
    diary.today += timedelta(days=QUIET.days + 20)
    diary.add(deals[2])
    as_of = AsOf(diary.today, known=True)
    diary.today += timedelta(days=1)
    for deal in deals if later else ():
        diary.add(deal, facts="後日", activity="inhouse")
    with reading(diary.path) as reader:
        ended = lesson_facts(reader, as_of, LessonFilter()).ended()
        assert {fate: (one.n, dict(one.days)) for fate, one in ended.items()} == {
            "won": (2, {0: 1}), "open": (1, {}), "fizzled": (1, {}), "lost": (0, {})
        }  # fmt: skip


@pytest.mark.parametrize("later", [0, 1])
def test_contacts_of_a_deal_that_a_list_told_of_are_in_no_median(tmp_path, later):
    """In quote on a list, lost a week after that by the diary, which has one contact of who knows how many; the other has all of its
    two. Read from rows, and built again for the day on which that was known."""
    diary = Diary(tmp_path / "j")
    listed, _ = diary.deal("検査", stage="lead")
    with diary.write() as writer:
        writer.add_entry(diary.today, {"stage": "quote"}, deal=listed, snapshot=True)
    written, _ = diary.deal("包装", stage="lead")
    diary.today += timedelta(days=7)
    for deal in (listed, written):
        diary.add(deal, stage="lost")
    as_of = AsOf(diary.today, known=True)
    for deal in (listed, written)[: 2 * later]:
        diary.today += timedelta(days=1)
        diary.add(deal, facts="後日")
    with reading(diary.path) as reader:
        lost = lesson_facts(reader, as_of, LessonFilter()).lost()
        assert {one.deal: one.contacts for one in lost} == {listed: None, written: 2}


def test_a_renamed_field_and_choice_are_carried_on(tmp_path):
    """Written under an older schema, read in today's words."""
    diary = Diary(tmp_path / "j", TELLING)
    diary.deal("搬送", stage="lost", why="price", rivals="A社")
    renamed = REASONS._replace(key="reason", was=("why",), choices=(Choice("cost", "価格", ("price",)),))
    fields = tuple(renamed if f.key == "why" else f for f in TELLING.fields)
    diary.today += timedelta(days=1)
    with diary.write() as writer:
        writer.adopt("later", TELLING._replace(fields=fields), "1" * 64)
    assert reasons(diary) == [(("cost",), "A社")]
