"""Won lines against the others at a fixed age: each figure by hand, a planted difference found, none invented."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from types import SimpleNamespace

import pytest
import scipy
from lines import day, point

from nippo_cli.lessons.aged import figures
from nippo_cli.lessons.contrast import ALPHA, behind, lesson
from nippo_cli.lessons.facts import Narrowed
from nippo_cli.lessons.finished import Lived
from nippo_cli.line.facts import DealEvent
from nippo_cli.line.span import ClosedDays, Hold
from nippo_cli.schema.schema import Activity, Field, Schema, Stage

NONE = ClosedDays(())
AGREEMENT = Schema(
    name="test",
    language="ja",
    stages=(
        Stage("lead", "引合い", evidence=("source",)),
        Stage("visit", "訪問", evidence=("people", "source")),
        Stage("demo", "デモ"),
        Stage("quote", "見積", evidence=("amount",)),
        Stage("won", "受注", ends="won", evidence=("accepts",)),
        Stage("lost", "失注", ends="lost"),
    ),
    activities=(Activity("call", "電話"), Activity("inhouse", "社内", contact=False)),
    fields=(
        Field("stage", "フェーズ", "choice", "stage"),
        Field("people", "面談者", "people", "people"),
        Field("source", "経路", "text", "source"),
        Field("amount", "金額", "money", "amount"),
        Field("accepts", "検収", "date", "accepts"),
    ),
)


def lived(
    *points: DealEvent,
    fate="lost",
    age: int = 60,
    holds: tuple[Hold, ...] = (),
    people: dict[int, set[str]] | None = None,
) -> Lived:
    """A finished deal whose first contact was on 1 March, as far as the age."""
    first = day("3/1")
    met = {entry: frozenset(names) for entry, names in (people or {}).items()}
    return Lived(1, fate, None, first, first + timedelta(days=age), points, holds, met)


def known(*points: DealEvent, age: int = 60, **more) -> dict[str, float]:
    """Its figures."""
    return figures(lived(*points, age=age, **more), age, AGREEMENT, NONE)


def test_contacts_are_counted_up_to_the_age():
    """Three contacts and a day in the office: the second after 9 days, 1.5 a month, 31 days the longest silence, from
    10 March to 10 April."""
    found = known(
        point(1, "3/1", "lead"), point(2, "3/5", contact=False), point(3, "3/10"), point(4, "4/10", "visit"), age=60
    )
    assert found["second_contact_days"] == 9
    assert found["contacts_a_month"] == pytest.approx(1.5)
    assert found["longest_silence"] == 31


def test_the_time_up_to_the_age_is_a_silence_too():
    """Met once and never again by day 60: silent for all of it, the second contact counted as not before then."""
    found = known(point(1, "3/1", "lead"))
    assert (found["longest_silence"], found["second_contact_days"]) == (60, 60)


def test_a_hold_is_no_silence():
    """Ten days on hold are taken off."""
    held = Hold(9, day("3/11"), day("3/20"), "予算待ち")
    assert known(point(1, "3/1", "lead"), holds=(held,))["longest_silence"] == 50


def test_people_are_counted_once_each():
    """Two names over two visits, one of them met twice."""
    found = known(point(1, "3/1", "lead"), point(2, "3/5"), people={1: {"山田"}, 2: {"山田", "佐々木"}})
    assert found["people"] == 2


def test_from_demo_to_quote():
    """From the first day in the one to the first in the other; left out where either was not reached by then."""
    demo, quote = point(2, "3/8", "demo"), point(3, "3/29", "quote")
    assert known(point(1, "3/1", "lead"), demo, quote)["demo_to_quote_days"] == 21
    assert "demo_to_quote_days" not in known(point(1, "3/1", "lead"), demo)


def test_pushes_before_the_age_alone():
    """March to April is a push; the one that a correction made after the age is not known yet."""
    found = known(point(1, "3/1", "lead", closes="3/31"), point(2, "3/20", closes="4/30"))
    assert found["pushes"] == 1
    from nippo_cli.line.facts import Statement

    said = Statement(day("3/20"), None, point(0, "3/1", closes="4/30").closes, None, None, None)
    corrected = point(2, "3/20", closes="6/30", known_on="6/1", earlier=(said,))
    assert known(point(1, "3/1", "lead", closes="3/31"), corrected)["pushes"] == 1


def test_steps_kept_of_those_due():
    """One kept in time, one late, one not due at the age: half."""
    found = known(
        point(1, "3/2", "lead", step="電話", step_on="3/6"), point(2, "3/6", step="訪問", step_on="3/13"),
        point(3, "3/24", step="見積", step_on="6/1"),
    )  # fmt: skip
    assert found["steps_kept"] == 0.5
    assert "steps_kept" not in known(point(1, "3/1", "lead"))


def test_stages_passed_over():
    """From the lead straight to the quote: visit and demo were skipped; going to `lost` skips nothing."""
    assert known(point(1, "3/1", "lead"), point(2, "3/9", "quote"))["skipped"] == 2
    assert known(point(1, "3/1", "lead"), point(2, "3/9", "lost"))["skipped"] == 0


def test_fields_that_the_stages_ask_for_and_nobody_filled():
    """In lead and visit, source and people are asked for; the source was told."""
    told = point(2, "3/9", "visit")._replace(evidence=AGREEMENT.evidence_bits["source"])
    assert known(point(1, "3/1", "lead"), told)["fields_empty"] == 1
    plain = Schema(name="test", language="ja", stages=(Stage("lead", "引合い"),), fields=())
    assert "fields_empty" not in figures(lived(point(1, "3/1", "lead")), 60, plain, NONE)
    assert "people" not in figures(lived(point(1, "3/1", "lead")), 60, plain, NONE)


def deal(draw: Random, number: int, fate: str, gap: Callable[[Random, str], int]) -> Lived:
    """A deal met again and again, each time after so many days."""
    first = date(2026, 1, 5)
    points, on = [], first
    while (on - first).days <= 60:
        stage = "lead" if not points else draw.choice([None, None, "visit", "demo", "quote"])
        closes = f"2026-0{draw.randint(5, 9)}-15" if draw.random() < 0.3 else None
        points.append(point(len(points) + 1, on.isoformat(), stage, closes=closes))
        on += timedelta(days=gap(draw, fate))
    return Lived(number, fate, None, first, first + timedelta(days=60), points)  # type: ignore[arg-type]  # a fate


def deals(seed: int, gap: Callable[[Random, str], int], n: int = 60) -> list[Lived]:
    """As many won as not, of which some fizzled."""
    draw = Random(seed)
    fates = ["won"] * (n // 2) + ["lost"] * (n // 3) + ["fizzled"] * (n // 6)
    return [deal(draw, number, fate, gap) for number, fate in enumerate(fates, 1)]


def alike(draw: Random, _fate: str) -> int:
    """Days to the next contact, the same for all."""
    return draw.randint(2, 20)


def oftener_where_won(draw: Random, fate: str) -> int:
    """Days to the next contact, fewer of them where the deal will be won."""
    return draw.randint(2, 12) if fate == "won" else draw.randint(6, 25)


def test_a_planted_difference_is_found_and_leads_the_table():
    """Won deals were met about twice as often: that is what stands first, with its sign."""
    found = lesson(deals(1, oftener_where_won), 60, AGREEMENT, NONE)
    assert (found.won, found.lost, found.fizzled) == (30, 20, 10)
    by_key = {one.key: one for one in found.contrasts}
    assert found.contrasts[0].key in ("contacts_a_month", "longest_silence")
    assert by_key["contacts_a_month"].differs
    assert (by_key["contacts_a_month"].effect or 0) > 0.5
    assert (by_key["longest_silence"].effect or 0) < -0.5
    assert by_key["people"].effect == 0
    effects = [abs(one.effect) for one in found.contrasts if one.effect is not None]
    assert effects == sorted(effects, reverse=True), "what makes no difference stands last"


def test_where_nothing_was_planted_false_alarms_keep_to_their_share():
    """Of 200 pages without any difference at most 5 % tell of one: no more than the binomial 99.9 % point allows."""
    alarms = sum(
        any(one.differs for one in lesson(deals(seed, alike, 36), 60, AGREEMENT, NONE).contrasts) for seed in range(200)
    )
    assert alarms <= scipy.stats.binom.ppf(0.999, 200, ALPHA)


def test_ten_a_side_or_no_number():
    """Nine won deals: medians and counts are told, no difference is."""
    found = lesson(deals(1, alike, 18), 60, AGREEMENT, NONE)
    assert {(one.effect, one.p, one.holm) for one in found.contrasts} == {(None, None, None)}
    assert found.contrasts[0].won.n == 9


def test_a_longer_life_changes_nothing():
    """What a deal did after the age is not looked at: two that were alike until then have the same figures."""
    short = known(point(1, "3/1", "lead"), point(2, "3/20"))
    assert short == known(point(1, "3/1", "lead"), point(2, "3/20"), fate="won")


def test_a_demo_by_another_key_counts_where_it_once_was_one():
    """A stage or an activity that was renamed keeps its days; where the keys are others the page says so."""
    stages = tuple(s._replace(key="trial", was=("demo",)) if s.key == "demo" else s for s in AGREEMENT.stages)
    renamed = AGREEMENT._replace(stages=stages)
    told = lived(point(1, "3/1", "lead"), point(2, "3/10", "trial"), point(3, "3/31", "quote"))
    assert figures(told, 60, renamed, NONE)["demo_to_quote_days"] == 21
    other = renamed._replace(stages=tuple(s._replace(was=()) for s in stages))
    found = lesson([told], 60, other, NONE)
    assert "demo_to_quote_days" in found.unknown
    assert "demo_to_quote_days" not in {one.key for one in found.contrasts}
    assert lesson([], 60, other, NONE).unknown == []


def test_a_median_of_two_deals_is_none():
    """It would tell of those two alone; their number is told."""
    found = lesson(deals(1, alike, 6)[:5], 60, AGREEMENT, NONE)
    assert found.contrasts[0].won == (3, found.contrasts[0].won.median)
    assert found.contrasts[0].won.median is not None
    assert found.contrasts[0].others == (2, None)


def test_a_figure_known_of_one_side_alone_is_known():
    """Only the won deal had a demo and a quote: its days are told, of the others none."""
    won = lived(point(1, "3/1", "lead"), point(2, "3/10", "demo"), point(3, "3/31", "quote"), fate="won")
    found = lesson([won, lived(point(1, "3/1", "lead"))], 60, AGREEMENT, NONE)
    assert "demo_to_quote_days" not in found.unknown
    (told,) = [one for one in found.contrasts if one.key == "demo_to_quote_days"]
    assert (told.won.n, told.others.n, told.effect) == (1, 0, None)


def test_the_deals_behind_are_those_with_most_money_first():
    """Unknown last; narrowed to one fate."""
    deals = [
        lived(point(1, "3/1", "lead"))._replace(deal=number, amount=amount, fate=fate)
        for number, amount, fate in ((1, None, "won"), (2, 0, "lost"), (3, 9, "won"), (4, 1, "fizzled"))
    ]
    facts = SimpleNamespace(age=None, lived=lambda: deals, schema=AGREEMENT, rest=NONE)

    def of(**by) -> list[int]:
        return [one.deal for one in behind(facts, Narrowed(**by))]

    assert (of(), of(fate="won")) == ([3, 4, 2, 1], [3, 1])


def test_a_single_stage_passed_over_is_one():
    """From the lead to the demo the visit is passed over; from it to the quote nothing is."""
    assert known(point(1, "3/1", "lead"), point(2, "3/9", "demo"))["skipped"] == 1
    assert known(point(1, "3/1", "lead"), point(2, "3/9", "visit"))["skipped"] == 0
    assert known(point(1, "3/1", "lead"), point(2, "3/9", "lost"))["skipped"] == 0
