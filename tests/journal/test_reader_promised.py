"""What was promised for a month on the day before it began: against every deal folded again for that day alone."""

import re
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from diary import AGREEMENT, Diary
from hypothesis import example, given, strategies as st
from story import Story, step, stories

from nippo_cli.base.dates.calendar import month_number, month_start
from nippo_cli.journal.asof.view import AsOfView
from nippo_cli.journal.facts.gap_facts import GapScope
from nippo_cli.journal.facts.landing_facts import JournalLandingFacts
from nippo_cli.journal.facts.promised import promised_for
from nippo_cli.journal.read.deal_filter import DealFilter
from nippo_cli.journal.read.reader import JournalReader, reading
from nippo_cli.line.facts import AsOf
from nippo_cli.line.promised import Promised
from nippo_cli.line.span import on_hold
from nippo_cli.schema.schema import Stage

# A few days before the month that most stories promise.
FIRST = date(2026, 2, 22)
MARCH = month_number(date(2026, 3, 1))
STORIES = stories()
IN_MARCH = {"closes": "2026-03-01/2026-03-31", "amount": 2, "stage": "quote"}
# Promised in time and written down late, after the month had begun; held then, and only later said so.
LATE = [("begin", IN_MARCH, 0), ("day", 6), ("day", 6), ("begin", IN_MARCH, 9)]
HELD = [("begin", IN_MARCH, 0), ("begin", IN_MARCH, 0), ("hold", 0, 0, 8), ("day", 6), ("day", 6), ("hold", 1, 9, 8)]


def promised(reader: JournalReader, months: list[int]) -> dict[int, list[Promised]]:
    """What was promised for the months; the last contact of those that tell it left out, once it is held against the folded line's."""
    found = promised_for(reader.cx, months, lambda _: True)
    for month, those in found.items():
        there = AsOfView(reader.cx, AsOf(month_start(month) - timedelta(days=1), known=True))
        heads = {one.deal: there.head(one.deal) for one in those if one.heard_on is not None}
        assert {one.deal: one.heard_on for one in those if one.heard_on is not None} == {
            deal: head.heard_on or head.began_on for deal, head in heads.items() if head is not None
        }
    return {month: [one._replace(heard_on=None) for one in those] for month, those in found.items()}


def rebuilt(reader: JournalReader, month: int) -> list[Promised]:
    """The live deals of the eve whose promised close, or its last day, lies in the month."""
    eve = month_start(month) - timedelta(days=1)
    there = AsOfView(reader.cx, AsOf(eve, known=True))
    deals = [
        d for (d,) in reader.cx.execute("select id from record where kind = 'deal' and target is null order by id")
    ]
    heads = [head for deal in deals if (head := there.head(deal)) is not None and head.id == deal]
    return [
        Promised(h.id, h.amount, h.confidence, h.owner, on_hold(h.holds, eve))
        for h in heads
        if h.fate == "live" and h.closes is not None and month_number(h.closes.last) == month
    ]


# Under the one and under the other a line has another shape: a stage more, and one renamed.
CALLED = AGREEMENT._replace(
    name="called",
    stages=(
        AGREEMENT.stages[0],
        Stage("call", "電話"),
        *(s._replace(key="offer", was=("quote",)) if s.key == "quote" else s for s in AGREEMENT.stages[1:]),
    ),
)
PROMISING = st.fixed_dictionaries(
    {"closes": st.sampled_from(("2026-03-01/2026-03-31", "2026-04-10", "2026-05-02")), "amount": st.integers(1, 3)}
)
CHANGING = st.builds(
    lambda story, place: [*story[:place], ("adopt",), *story[place:]],
    stories(
        st.one_of(
            step,
            step,
            st.tuples(st.just("adopt")),
            st.tuples(st.just("begin"), PROMISING, st.integers(-2, 8)),
            st.tuples(st.just("day"), st.integers(3, 15)),
        ),
        most=29,
    ),
    st.integers(2, 29),
)


class Changing(Story):
    """A story in which the agreement changes to and fro."""

    def adopt(self) -> None:
        """The other agreement."""
        self.n += 1
        with self.diary.write() as writer:
            before = writer.schema
            after = AGREEMENT if before is not None and before.name == CALLED.name else CALLED
            writer.adopt(f"name: {self.n}", after, f"{self.n:064d}")


@given(CHANGING)
def test_a_promise_is_judged_by_the_agreement_of_the_eve(steps: list[tuple[Any, ...]]) -> None:
    """Where lines had another shape then, all of that eve are folded again, and none of the others for it."""
    with tempfile.TemporaryDirectory() as folder:
        story = Changing(Diary(Path(folder) / "j", first=FIRST))
        for what, *said in steps:
            story.tell(what, *said)
        months = [MARCH, MARCH + 1, MARCH + 2]
        with reading(story.diary.path) as reader:
            assert promised(reader, months) == {month: rebuilt(reader, month) for month in months}


@example(LATE)
@example(HELD)
@given(STORIES)
def test_a_promise_is_what_was_known_on_the_eve(steps: list[tuple[Any, ...]]) -> None:
    """After corrections, late entries, merges, hand-overs, holds and taking back."""
    with tempfile.TemporaryDirectory() as folder:
        story = Story(Diary(Path(folder) / "j", first=FIRST))
        for what, *said in steps:
            story.tell(what, *said)
        with reading(story.diary.path) as reader:
            assert promised(reader, [MARCH, MARCH + 1]) == {
                month: rebuilt(reader, month) for month in (MARCH, MARCH + 1)
            }


def test_what_was_written_on_the_first_is_no_promise_of_the_eve(tmp_path: Path) -> None:
    """28 February counts; 1 March comes too late, whatever day the entry is dated."""
    diary = Diary(tmp_path / "j", first=date(2026, 2, 28))
    kept, _ = diary.deal("ポンプ", **IN_MARCH)
    diary.today = date(2026, 3, 1)
    diary.deal("弁", **IN_MARCH)
    diary.deal("管", on=date(2026, 2, 28), **IN_MARCH)
    with reading(diary.path) as reader:
        assert [one.deal for one in promised_for(reader.cx, [MARCH], lambda _: True)[MARCH]] == [kept]


def test_what_stood_on_the_eve_is_read_without_the_lines(tmp_path: Path) -> None:
    """Of deals that tell of it by themselves no stay and no promise is looked up."""
    diary = Diary(tmp_path / "j", first=FIRST)
    deals = [diary.deal(name, **IN_MARCH)[0] for name in ("ポンプ", "弁")]
    diary.today = date(2026, 3, 9)
    diary.add(deals[0], stage="won")
    said: list[str] = []
    with reading(diary.path) as reader:
        reader.cx.set_trace_callback(said.append)
        assert [one.deal for one in promised_for(reader.cx, [MARCH], lambda _: True)[MARCH]] == deals
        reader.cx.set_trace_callback(None)
    # Those that must be built again are asked for in any case: of none.
    assert [one for one in said if re.search(r"\b(promise|stay|entry e)\b", one) and "('[]')" not in one] == []


def test_only_the_deals_asked_about_as_they_stood_then(tmp_path: Path) -> None:
    """An owner's promise is the owner's of then, though the deal was handed over since."""
    diary = Diary(tmp_path / "j", first=FIRST)
    deal, _ = diary.deal("ポンプ", **IN_MARCH)
    diary.today = date(2026, 3, 9)
    with diary.write() as writer:
        writer.assign(deal, "鈴木", on=diary.today)
    with reading(diary.path) as reader:
        found = {
            who: promised_for(reader.cx, [MARCH], lambda one, who=who: one.promise.owner == who)
            for who in ("佐藤", "鈴木")
        }
    assert [one.deal for one in found["佐藤"][MARCH]] == [deal]
    assert found["鈴木"][MARCH] == []
    assert found["佐藤"][MARCH][0].owner == "佐藤"


def test_what_was_won_of_a_promise_is_so_whosever_it_is_by_now(tmp_path: Path) -> None:
    """Promised by Sato in the quote stage, handed to Suzuki, won in March: of Sato's promises, and of those quoted, one was won."""
    diary = Diary(tmp_path / "j", first=FIRST)
    deal, _ = diary.deal("ポンプ", **IN_MARCH)
    diary.today = date(2026, 3, 9)
    with diary.write() as writer:
        writer.assign(deal, "鈴木", on=diary.today)
    diary.add(deal, stage="won")
    with reading(diary.path) as reader:
        for asked in (DealFilter(owner="佐藤"), DealFilter(stage="quote")):
            facts = JournalLandingFacts(reader, AsOf(diary.today), GapScope(FIRST, asked))
            assert facts.won_months([deal], MARCH) == {deal: MARCH}
            assert facts.won_months([deal], MARCH + 1) == {}


def test_only_those_in_a_stage_of_then(tmp_path: Path) -> None:
    """Of two deals promised for March one was quoted on its eve and has moved on since; the other is quoted only since."""
    diary = Diary(tmp_path / "j", first=FIRST)
    quoted, _ = diary.deal("ポンプ", **IN_MARCH)
    led, _ = diary.deal("弁", closes="2026-03-10", stage="lead")
    diary.today = date(2026, 3, 9)
    diary.add(quoted, stage="won")
    diary.add(led, stage="quote")
    with reading(diary.path) as reader:
        found = {
            stage: [one.deal for one in promised_for(reader.cx, [MARCH], lambda o, s=stage: o.stage == s)[MARCH]]
            for stage in ("quote", "lead")
        }
    assert found == {"quote": [quoted], "lead": [led]}
