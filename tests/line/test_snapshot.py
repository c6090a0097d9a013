"""What a list says of deals on its day is no history: nothing of the past is made up, and what follows counts as ever."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given, settings, strategies as st
from lines import AGREEMENT, day, line_of, point

from nippo_cli.base.dates import When
from nippo_cli.gaps.aftercare import CareNorms, aftercare
from nippo_cli.gaps.broken import signs_of
from nippo_cli.gaps.facts import won_deal_of
from nippo_cli.lessons.aged import figures
from nippo_cli.lessons.finished import Lived
from nippo_cli.line.ball import ball_turns
from nippo_cli.line.facts import DealEvent, DealHistory, Stay, lead_days
from nippo_cli.line.metrics import Metric, metrics_of
from nippo_cli.line.months import by_month, month_ends
from nippo_cli.line.norm import Norm, Norms
from nippo_cli.line.quiet import is_fizzled, silence_days
from nippo_cli.line.span import ClosedDays
from nippo_cli.line.steps import Passage, Window, counted, passages, passed_over
from nippo_cli.line.trail import stage_at, trail_of
from nippo_cli.schema.parts import Activity

LADDER = ("lead", "visit", "quote")
YEAR = Window(day("1/1"), day("12/31"))


def listed(number: int, on: str, stage: str | None = None, *, contact: bool = False) -> DealEvent:
    """What a list says on a day; without a stage, that the deal began on it."""
    return point(number, on, stage, contact=False)._replace(snapshot=True, stands=contact)


def stays(line: DealHistory):
    """Each stay: stage, its first day, its length, how many stages it moved, how it came there."""
    return [(s.stage, f"{s.entered_on:%-m/%-d}", s.days, s.step, s.arrival) for s in line.stays]


def test_a_live_deal_of_a_list_has_neither_moved_nor_stayed_before_it():
    """Begun on 9 May, in quote on the list of 27 November: in which stage it was for 202 days nobody knows."""
    line = line_of(listed(1, "5/9"), listed(2, "11/27", "quote", contact=True))
    assert stays(line) == [("", "5/9", None, 0, "unknown"), ("quote", "11/27", None, 0, "unknown")]
    assert (line.head.visited, line.head.began_on, line.head.begin_known) == ({"quote"}, day("5/9"), True)
    assert [stage_at(line.stays, AGREEMENT, day(on)) for on in ("5/8", "8/1", "11/27")] == [None, "", "quote"]
    assert metrics_of(line) == Counter()


def test_what_follows_the_list_counts_but_for_the_stay_that_it_found():
    """In visit on 1 March, quoted on 11 March, won on 31 March: twenty days in quote, and no length in visit."""
    line = line_of(listed(1, "1/5"), listed(2, "3/1", "visit"), point(3, "3/11", "quote"), point(4, "3/31", "won"))
    assert stays(line)[1:] == [
        ("visit", "3/1", None, 0, "unknown"), ("quote", "3/11", 20, 1, "known"), ("won", "3/31", None, 1, "known")
    ]  # fmt: skip
    assert {m.stage: m.days for m in metrics_of(line) if m.what == "stay"} == {"quote": 20}
    assert lead_days(line.head) == 85


def test_a_list_without_the_day_a_deal_began_gives_it_no_lead_time():
    """First in the list of 1 March, won on the 31st: for at least thirty days, and nobody knows how many more."""
    line = line_of(listed(1, "3/1", "quote"), point(2, "3/31", "won"))
    assert (line.head.begin_known, lead_days(line.head)) == (False, None)
    assert not [m for m in metrics_of(line) if m.what in ("lead", "cohort")]


def test_a_deal_that_ended_was_lost_out_of_the_stage_it_stood_in():
    """Lost on 20 August out of visit; how long it had been there is not known, that it took 224 days is."""
    line = line_of(listed(1, "1/8"), listed(2, "8/20", "visit"), listed(3, "8/20", "lost"))
    assert stays(line)[1:] == [("visit", "8/20", None, 0, "unknown"), ("lost", "8/20", None, 3, "listed")]
    assert (line.head.fate, line.head.closed_on, lead_days(line.head)) == ("lost", day("8/20"), 224)


def test_what_differs_between_two_lists_moved_and_counts_on_the_later_day():
    """In visit on 1 March, in quote a week later, in visit again after ten days: a step on and one back, ten days in quote."""
    line = line_of(listed(1, "1/5"), listed(2, "3/1", "visit"), listed(3, "3/8", "quote"), listed(4, "3/18", "visit"))
    assert stays(line)[2:] == [("quote", "3/8", 10, 1, "listed"), ("visit", "3/18", None, -1, "listed")]


def test_a_stay_that_a_list_first_shows_on_its_last_day_has_no_length():
    """Quoted between two lists and won on 10 March: that it was in quote for no day at all is not known."""
    line = line_of(listed(1, "3/1", "visit"), listed(2, "3/10", "quote"), listed(3, "3/10", "won"))
    assert [s.days for s in line.stays] == [None, None, None]


def test_a_deal_won_on_its_day_and_delivered_by_that_of_the_list_was_delivered_nobody_knows_when():
    """One list says both; that it is no earlier list, and shows no move, its own day of the order does not hide."""
    line = line_of(listed(1, "1/1"), listed(2, "1/5", "won"), listed(3, "3/1", "delivery"), point(4, "3/9", "follow"))
    assert stays(line)[1:3] == [("won", "1/5", None, 0, "listed"), ("delivery", "3/1", None, 0, "unknown")]


def test_a_list_after_a_diary_says_nothing_of_when_it_moved():
    """Written down in lead in January, in quote on a list of November: no stay of 300 days in lead, no move in November."""
    line = line_of(point(1, "1/31", "lead"), listed(2, "11/27", "quote"))
    assert stays(line) == [("lead", "1/31", None, 0, "known"), ("quote", "11/27", None, 0, "unknown")]


def test_a_list_that_says_what_the_diary_says_changes_nothing():
    """In quote since 1 March by the diary; the list of 1 April says quote as well."""
    line = line_of(point(1, "3/1", "quote"), listed(2, "4/1", "quote"), point(3, "4/11", "won"))
    assert stays(line) == [("quote", "3/1", 41, 0, "known"), ("won", "4/11", None, 1, "known")]


def test_steps_count_what_a_list_found_apart():
    """Three live ones found in quote, one of them won in December; none came in, and the books balance."""
    found = [
        line_of(listed(1, "5/9"), listed(2, "11/20", "quote"), *([point(3, "12/5", "won")] if n == 0 else []))
        for n in range(3)
    ]
    steps = [one for line in found for one in passages(trail_of(line, ()), AGREEMENT, YEAR, ())]
    figures = {of.stage: of for of in counted(steps, AGREEMENT, YEAR)}
    quote, won = figures["quote"], figures["won"]
    assert (quote.listed, quote.entered, quote.left, quote.live, quote.timed, quote.decided) == (3, 0, 1, 2, 0, 0)
    assert (won.entered, figures["lead"].entered, sum(of.skipped for of in figures.values())) == (1, 0, 0)
    assert all(of.live in (None, (of.live_before or 0) + of.entered + of.listed - of.left) for of in figures.values())
    assert "" not in figures


@pytest.mark.parametrize(("written", "found", "became"), [("lead", "quote", "onward"), ("quote", "lead", "back")])
def test_where_a_list_finds_a_deal_says_which_way_it_went(written, found, became):
    """Written down in one stage in January, in another on a list of November: not when, but whether it is further on."""
    line = line_of(point(1, "1/31", written), listed(2, "11/27", found))
    first, then = (one for one in passages(trail_of(line, ()), AGREEMENT, YEAR, ()) if isinstance(one, Passage))
    assert (first.became, first.days, then.came) == (became, None, "listed")


def test_a_deal_that_a_list_first_shows_as_won_is_in_no_cohort():
    """Won on 15 May, says a list, and not when anybody first met it: an order of May, and nothing of how soon it came."""
    line = line_of(listed(1, "5/15", "won"), point(2, "5/20", "delivery"))
    assert {m.what for m in metrics_of(line)} == {"order", "enter", "silent"}


def test_an_order_out_of_a_stage_that_nobody_knows_is_an_order():
    """Of a won row that says when it began and ended, and no stage."""
    line = line_of(listed(1, "1/20"), listed(2, "5/15", "won"))
    one = [p for p in passages(trail_of(line, ()), AGREEMENT, YEAR, ()) if isinstance(p, Passage)]
    assert [(p.stage, p.came, p.became) for p in one] == [("won", "onward", "still")]
    assert {m.what for m in metrics_of(line)} >= {"order", "lead"}


def test_month_ends_have_it_in_no_known_stage_and_then_where_the_list_found_it():
    """Begun in March, in quote on a list of May, won in June: it came into quote in no month."""
    ends = month_ends(day("6/30"), 4)
    line = line_of(listed(1, "3/10"), listed(2, "5/8", "quote"), point(3, "6/20", "won"))
    months = by_month([trail_of(line, range(4))], ends, [AGREEMENT] * 4)
    assert [(m.of("").live, m.of("quote").live, m.of("quote").entered, m.of("quote").won) for m in months] == [
        (1, 0, 0, 0), (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 0, 1)
    ]  # fmt: skip
    ordered = line_of(listed(1, "3/10"), listed(2, "5/8", "won"))
    assert [m.of("").won for m in by_month([trail_of(ordered, range(4))], ends, [AGREEMENT] * 4)] == [0, 0, 1, 0]


def test_before_the_list_nobody_knows_whether_it_was_silent():
    """Begun a year ago, and nothing else is known: no fizzled one. Of an entry that a person wrote, it is one."""
    begun_only, written = line_of(listed(1, "1/5")).head, line_of(point(1, "1/5", contact=False)).head
    assert [is_fizzled(head, 60, ClosedDays(()), day("12/30")) for head in (begun_only, written)] == [False, True]


def test_no_lesson_is_drawn_from_what_was_done_for_a_deal_of_a_list():
    """Contacts, silences and pushes of its first 60 days are in no diary."""
    told = (point(1, "1/5", "lead"), point(2, "1/20", "quote"))
    lived = Lived(1, "won", None, day("1/5"), day("3/6"), told)
    assert figures(lived, 60, AGREEMENT, ClosedDays(())) != {}
    assert figures(lived._replace(points=(listed(1, "1/5"), *told[1:])), 60, AGREEMENT, ClosedDays(())) == {}


def test_nothing_is_broken_that_a_list_did_not_see():
    """A must-stage that a list alone passes over is none that was skipped."""
    must = AGREEMENT._replace(stages=tuple(s._replace(must=s.key == "visit") for s in AGREEMENT.stages))
    points = [listed(1, "1/5"), listed(2, "3/1", "quote"), point(3, "4/1", "won")]
    line = line_of(*points, schema=must)
    assert signs_of(line.head, line.stays, must) == []
    told = line_of(*(p._replace(snapshot=False, stage=p.stage or "lead") for p in points), schema=must)
    assert [sign.stage for sign in signs_of(told.head, told.stays, must)] == ["visit"]


def test_a_list_hands_the_ball_to_nobody():
    """An in-house activity leaves the ball to us; that a row of a list is called one says nothing of who has it."""
    schema = AGREEMENT._replace(
        activities=(Activity("call", "電話", ball="us"),), fields=(AGREEMENT.fields[0]._replace(key="b", role="ball"),)
    )
    assert ball_turns([listed(1, "1/5")], schema) == ()
    assert [turn.holder for turn in ball_turns([point(1, "1/5")], schema)] == ["us"]


def test_a_silence_that_a_list_lies_in_is_no_silence():
    """Listed on 1 March, met on 1 May and the 11th, won on the 21st: ten days twice, and none of sixty."""
    line = line_of(
        listed(1, "1/1"), listed(2, "3/1", "quote", contact=True), point(3, "5/1"), point(4, "5/11"), point(5, "5/21", "won")
    )  # fmt: skip
    assert (line.gaps, line.head.longest_back, line.head.longest_silence) == ((10, 10), 10, 10)
    assert (line.head.first_contact_on, line.head.contacts, line.head.contacts_known) == (None, 3, False)


def test_a_list_is_no_contact_and_hides_when_the_last_one_was():
    """Met on 1 March, listed on 1 May: silent for at least nine days on the 10th, met nobody knows when. Once met again it is known."""
    listed_last = line_of(point(1, "3/1", "lead"), listed(2, "5/1", "quote", contact=True)).head
    assert (listed_last.heard_on, listed_last.last_contact, listed_last.last_contact_on) == (day("5/1"), None, None)
    assert (listed_last.silence_at_least, silence_days(listed_last, day("5/10")), listed_last.contacts) == (True, 9, 1)
    assert is_fizzled(listed_last, 60, ClosedDays(()), day("7/1"))
    met = line_of(point(1, "3/1", "lead"), listed(2, "5/1", "quote", contact=True), point(3, "5/6")).head
    assert (met.last_contact_on, met.silence_at_least, met.contacts, met.contacts_known) == (
        day("5/6"),
        False,
        2,
        False,
    )


@pytest.mark.parametrize("contacts", [0, 1])
def test_of_a_deal_that_no_list_tells_of_all_contacts_are_known(contacts):
    """Met on 1 March, or noted down in the office and not met yet."""
    head = line_of(point(1, "3/1", "lead", contact=bool(contacts)), point(2, "3/5", "visit", contact=False)).head
    assert (head.contacts, head.contacts_known) == (contacts, True)


def test_a_list_leaves_the_next_step_that_stands():
    """Agreed on 1 March for the 20th: a list of 1 April that says nothing of it met nobody, so it is overdue still."""
    step = point(1, "3/1", "lead")._replace(next_step="電話", next_on=When.day(day("3/20")))
    assert line_of(step, listed(2, "4/1", "quote", contact=True)).head.next_step == "電話"
    assert line_of(step, point(2, "4/1", "quote")).head.next_step == ""


@pytest.mark.parametrize("said", ["won", "delivery"])
def test_after_care_asks_nothing_of_an_order_that_a_list_tells_of(said):
    """Whether anybody was in touch since is in no diary; once somebody was, the silence counts from then."""
    found = won_deal_of(line_of(listed(1, "1/1"), listed(2, "1/5", said)).head)
    assert found.is_listed
    assert not won_deal_of(line_of(listed(1, "1/1"), listed(2, "1/5", said), point(3, "2/1")).head).is_listed
    care = CareNorms(["delivery"], lambda stage, kind: Norm(stage, kind, 30, "schema", 0))
    findings, count = aftercare([found], care, lambda _: {}, ClosedDays(()), as_of=day("3/1"), since=day("1/1"))
    assert (len(findings), count.listed, count.unheard) == (0, 1, 0)


@pytest.mark.parametrize("fates", [("won",) * 12, ("lost",) * 12])
def test_norms_learn_from_histories_and_not_from_lists(fates):
    """Twelve deals that were two days in each stage: by their histories the norm of lead is two days; by a list of the same deals,
    a year later, nothing is known."""
    whole = [
        line_of(point(1, "1/1", "lead"), point(2, "1/3", "visit"), point(3, "1/5", "quote"), point(4, "1/7", fate))
        for fate in fates
    ]
    cut = [line_of(listed(1, "1/1"), listed(2, "1/7", "quote"), listed(3, "1/7", fate)) for fate in fates]

    def norm(lines):
        total = Counter[Metric]()
        for line in lines:
            total.update(metrics_of(line))
        return Norms(AGREEMENT, total, {}).of("lead", "new")

    assert (norm(whole).days, norm(whole).n) == (2, 12)
    assert (norm(cut).source, norm(cut).n) == ("default", 0)


# --- any history cut to what a list of one of its days would say

MOVES = st.lists(
    st.tuples(st.integers(0, 20), st.sampled_from([None, *LADDER, "won", "lost", "delivery"]), st.booleans()),
    min_size=1, max_size=9,
)  # fmt: skip
FIRST = date(2026, 1, 5)


def history_of(moves) -> list[DealEvent]:
    """Points, some days apart each."""
    points, on = [], FIRST
    for number, (later, stage, contact) in enumerate(moves, 1):
        on += timedelta(days=later)
        points.append(point(number, on.isoformat(), stage, contact=contact))
    return points


def cut_to_list(points: list[DealEvent], on: date) -> list[DealEvent]:
    """The same deal as a list of that day has it, and what is written afterwards: when it began and where it stands; of one that
    ended, where it stood before and how it ended."""
    line = line_of(*(p for p in points if p.on <= on))
    seen = [listed(1001, points[0].on.isoformat())]
    ended: Stay | None = None
    if line.head.closed_on is not None:
        place = max(n for n, s in enumerate(line.stays) if s.stage in ("won", "lost"))
        ended = line.stays[place]
        if place and line.stays[place - 1].stage not in ("won", "lost"):
            seen.append(listed(1002, ended.entered_on.isoformat(), line.stays[place - 1].stage))
        seen.append(listed(ended.entry, ended.entered_on.isoformat(), ended.stage))
    if ended is None or line.head.stage != ended.stage:
        seen.append(listed(1003, on.isoformat(), line.head.stage, contact=True))
    return seen + [p for p in points if p.on > on]


@given(MOVES, st.integers(0, 120))
@settings(max_examples=100)
def test_a_history_cut_to_a_list_says_nothing_that_it_did_not(moves, day_of_list):
    """No move on a day, no stay of a length, no stage passed over and no figure of the tally but those of the whole history."""
    points = history_of(moves)
    on = points[0].on + timedelta(days=day_of_list)
    whole = line_of(*points)
    cut = line_of(*cut_to_list(points, on))
    moved = {(s.stage, s.entered_on, s.step > 0) for s in whole.stays}
    for stay in cut.stays[1:]:
        if stay.arrival == "known" and stay.step:
            assert (stay.stage, stay.entered_on, stay.step > 0) in moved
    timed = {(s.stage, s.entered_on, s.left_on, s.days) for s in whole.stays}
    assert {(s.stage, s.entered_on, s.left_on, s.days) for s in cut.stays if s.days is not None} <= timed
    skips = {stage for n, _ in enumerate(whole.stays[1:]) for stage in passed_over(whole.stays, n, AGREEMENT)}
    assert {stage for n, _ in enumerate(cut.stays[1:]) for stage in passed_over(cut.stays, n, AGREEMENT)} <= skips
    counted_once = ("stay", "gap", "lead", "order", "cohort")
    ours, theirs = metrics_of(cut), metrics_of(whole)
    assert all(n <= theirs[m] for m, n in ours.items() if m.what in counted_once)
    assert (cut.head.fate, cut.head.closed_on) == (whole.head.fate, whole.head.closed_on)
    assert cut.head.longest_back <= whole.head.longest_back
    assert cut.head.longest_silence <= whole.head.longest_silence


@given(MOVES, st.integers(0, 120), st.integers(0, 150))
def test_a_past_day_of_a_listed_deal_is_what_was_known_of_it_then(moves, day_of_list, later):
    """The stage on a day, cut from the whole line, is that of the line built of what had happened by then."""
    history = history_of(moves)
    points = cut_to_list(history, history[0].on + timedelta(days=day_of_list))
    points.sort(key=lambda p: p.on)
    on = points[0].on + timedelta(days=later)
    then = line_of(*(p for p in points if p.on <= on))
    stage = stage_at(line_of(*points).stays, AGREEMENT, on)
    assert stage == (then.head.stage if then.head.fate == "live" else None)
