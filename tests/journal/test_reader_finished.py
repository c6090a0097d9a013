"""The deals that ended last, held against every line of the journal, one by one."""

import tempfile
from contextlib import closing
from datetime import date, timedelta
from typing import Any

import pytest
from diary import Diary
from hypothesis import Phase, given, settings, strategies as st
from story import stories, told

from nippo_cli.base.customers import same_customer
from nippo_cli.journal.read.finished import STOOD, WORTH
from nippo_cli.journal.read.picked import LessonFilter, Quietness
from nippo_cli.journal.read.reader import JournalReader, reading
from nippo_cli.lessons.finished import Finished
from nippo_cli.line.facts import AsOf
from nippo_cli.line.quiet import is_fizzled
from nippo_cli.line.span import ClosedDays, passes_on

QUIET = Quietness(5, ClosedDays(()))
MOST = 4
PICKED = (LessonFilter(), LessonFilter(kind="new"), LessonFilter(owner="鈴木"), LessonFilter(reached="visit"))


def by_hand(reader: JournalReader, as_of: AsOf, picked: LessonFilter, age: int) -> list[Finished]:
    """The same from every head."""
    found = []
    for head in reader.heads(as_of):
        line = reader.line(as_of, head.id)
        if line is None or not picked.matches(line[1], same_customer):
            continue
        first = head.first_contact_on or head.began_on
        if not head.begin_known:
            continue
        if head.closed_on is not None:
            found.append(Finished(head.id, head.fate, head.amount, first, head.closed_on))  # type: ignore[arg-type]  # closed
        elif is_fizzled(head, QUIET.days, QUIET.rest, as_of.on):
            end = passes_on(head.heard_on or head.began_on, QUIET.days, QUIET.rest, head.holds)
            found.append(Finished(head.id, "fizzled", head.amount, first, end))
    old = [one for one in found if (one.ended_on - one.first_on).days > age]
    return sorted(old, key=lambda one: (one.ended_on, one.deal), reverse=True)[:MOST]


def known_by_hand(reader: JournalReader, as_of: AsOf, deal: int, cut: date) -> tuple[list[int], set[str]]:
    """The entries of a deal up to a day, and who was met in them."""
    views = [view for view in reader.points(as_of, deal) if view.on <= cut]
    met = {one["name"] for view in views for one in view.values.get("people", ())}
    return [view.id for view in views], met


def stood_by_hand(
    reader: JournalReader, as_of: AsOf, one: Finished, age: int
) -> tuple[str, int | None, date | None] | None:
    """Where a deal stood so many days after its first contact, from its line; None where a list hides when it was heard of last."""
    cut = one.first_on + timedelta(days=age)
    found = reader.line(as_of, one.deal)
    assert found is not None
    stage = [stay.stage for stay in found[1].stays if stay.entered_on <= cut]
    said = [p.value for p in found[1].promises if p.what == "amount" and p.made_on <= cut]
    views = [
        view for view in reader.points(as_of, one.deal) if view.on <= cut and view.values.get("activity") != "inhouse"
    ]
    if any(s.arrival != "known" and s.entered_on <= cut for s in found[1].stays) or (views and views[-1].snapshot):
        return None
    met = [c.on for c in reader.line_reader(as_of).contacts([one.deal])[one.deal] if c.on <= cut]
    return stage[-1] if stage else "", int(said[-1]) if said else None, max(met, default=None)


@settings(phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink))
@given(
    stories(),
    st.integers(0, 20),
    st.integers(0, 6),
)
def test_the_latest_are_those_that_every_line_shows(steps: list[tuple[Any, ...]], back: int, age: int) -> None:
    """For every filter and age, today and as known on a past day: which deals, what was known of them, where they stood."""
    with tempfile.TemporaryDirectory() as folder:
        diary = told(steps, folder)
        with reading(diary.path) as reader:
            for day in (AsOf(diary.today), AsOf(diary.today - timedelta(days=back), known=True)):
                finished = reader.finished(day)
                for picked in PICKED:
                    expected = by_hand(reader, day, picked, age)
                    assert finished.latest(picked, QUIET, MOST, age=age) == expected, (day, picked)
                    for one in finished.lived(picked, QUIET, MOST, age):
                        entries, met = known_by_hand(reader, day, one.deal, one.cut_on)
                        assert [point.id for point in one.points] == entries
                        assert set().union(*one.people.values()) == met
                every = by_hand(reader, day, LessonFilter(), 0)
                for stage in ("lead", "visit", "quote"):
                    found = {s.of.deal: (s.stage, s.amount, s.last_contact_on) for s in finished.stood(every, 2, stage)}
                    by_line = {one.deal: stood_by_hand(reader, day, one, 2) for one in every}
                    assert found == {deal: then for deal, then in by_line.items() if then and then[0] == stage}


@pytest.mark.parametrize("later", [False, True])
def test_a_deal_of_which_nobody_knows_when_it_began_is_of_no_age(tmp_path, later):
    """Won 30 days after a list was the first to tell of it: that it lived longer than ten days after its first contact, and was then
    where the list found it, nobody knows. Of one that the diary tells of it is known; read from rows, and built again for the day."""
    diary = Diary(tmp_path / "j")
    with diary.write() as writer:
        listed, written = (writer.begin_deal(name, customer="東亜") for name in ("一覧", "日報"))
        for deal in (listed, written):
            writer.add_entry(diary.today, {"stage": "quote"}, deal=deal, snapshot=deal == listed)
    diary.today += timedelta(days=30)
    for deal in (listed, written):
        diary.add(deal, stage="won")
    as_of = AsOf(diary.today, known=True)
    diary.today += timedelta(days=1)
    for deal in (listed, written) if later else ():
        diary.add(deal, facts="後日")
    with reading(diary.path) as reader:
        assert [one.deal for one in reader.finished(as_of).latest(LessonFilter(), QUIET, MOST, age=10)] == [written]


@pytest.mark.parametrize("statement", [STOOD, WORTH])
def test_what_tells_where_deals_stood_goes_through_no_other_deals(tmp_path, statement):
    """Of a list of 60,000 deals a look through all of them for each takes ten seconds."""
    diary = Diary(tmp_path / "j")
    diary.deal("搬送", stage="lead")
    with closing(diary.open()) as cx:
        steps = [step for *_, step in cx.execute(f"explain query plan {statement}", {"cuts": '{"2": "2026-01-05"}'})]
    assert len([step for step in steps if step.startswith("SEARCH")]) >= 1
    assert [step for step in steps if step.startswith("SCAN") and "json_each" not in step] == []
