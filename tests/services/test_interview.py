"""Which question comes next, what an answer makes of the report, and how one goes back."""

from datetime import date

import pytest

from nippo_cli.journal.read.unclear_names import NamedDeal
from nippo_cli.line.checked_entry import check
from nippo_cli.schema.load import load_schema
from nippo_cli.schema.schema import Schema
from nippo_cli.schema.templates import text_of
from nippo_cli.schema.types import ValueRefused
from nippo_cli.services.context.report import Report
from nippo_cli.services.writing.entry_so_far import EntryAnswers, Known
from nippo_cli.services.writing.interview import (
    DEAL,
    HELD,
    ON,
    REST,
    REVIEW,
    WHOSE,
    Interview,
)

# A Monday.
DAY = date(2026, 11, 23)
DEAL_IN_PROPOSAL = Known(
    "検査装置",
    {
        "customer": "青葉製作所",
        "kind": "new",
        "amount": 1_200_000,
        "closes": "2027-03-01/2027-03-31",
        "confidence": "C",
    },
    "proposal",
)


@pytest.fixture(scope="module")
def schema() -> Schema:
    """The agreement that nippo ships."""
    return load_schema(text_of("default"), "schema.yaml")


@pytest.fixture
def fresh(schema) -> Interview:
    """Nothing is said yet."""
    return Interview(schema, EntryAnswers(), DAY)


def walked(interview: Interview, answers: dict[str, str], *, known: Known | None = None) -> tuple[Interview, list[str]]:
    """Every question up to the review, answered or passed over; and which they were."""
    asked = []
    while (step := interview.next()) != REVIEW:
        asked.append(step)
        if step == ON:
            interview = interview.with_day(DAY)
        elif step == DEAL:
            interview = interview.with_deal("2" if known else None, known)
        elif step == REST:
            interview = interview.moved_past(REST)
        elif answers.get(step):
            interview = interview.answered(step, answers[step])
        elif step in interview.required:
            interview = interview.left_for_later(step)
        else:
            interview = interview.answered(step, "")
    return interview, asked


def test_a_deal_that_is_known_is_asked_for_what_is_new(fresh):
    """No customer, no amount, no stage: they stand. The people only where the activity meets people."""
    said = {"activity": "訪問", "people": "田中", "facts": "話した", "next_step": "見積", "next_on": "来月10日"}
    done, asked = walked(fresh, said, known=DEAL_IN_PROPOSAL)
    assert asked == [ON, DEAL, "activity", REST, "people", "facts", "impression", "next_step", "next_on"]
    assert done.report == Report(
        {"activity": "visit", "people": "田中", "facts": "話した", "next_step": "見積", "next_on": "2026-12-10"},
        "2", "2026-11-23",
    )  # fmt: skip
    _, asked = walked(fresh, said | {"activity": "電話", "next_step": ""}, known=DEAL_IN_PROPOSAL)
    assert asked == [ON, DEAL, "activity", REST, "facts", "next_step"]


def test_a_new_stage_asks_for_what_it_requires(fresh):
    """Into 内示 a deal must say when it is accepted; what it has already stands."""
    at_rest = fresh.with_day(DAY).with_deal("2", DEAL_IN_PROPOSAL).answered("activity", "電話")
    assert at_rest.next() == REST
    moved = at_rest.answered("stage", "内示").moved_past(REST)
    assert {"accepts", "next_step", "next_on"} <= set(moved.steps())
    assert {"amount", "closes", "confidence"} & set(moved.steps()) == set()
    without = Known("検査装置", {"customer": "青葉製作所", "kind": "new"}, "proposal")
    bare = fresh.with_day(DAY).with_deal("2", without).answered("activity", "電話").answered("stage", "内示")
    assert {"amount", "closes", "confidence", "accepts"} <= set(bare.steps())


def test_a_deal_that_is_lost_is_asked_why(fresh):
    """The reason given, the customer's words and one's own view; no next step."""
    lost = fresh.with_day(DAY).with_deal("2", DEAL_IN_PROPOSAL).answered("activity", "電話").answered("stage", "失注")
    assert [s for s in lost.steps() if s in ("lost_reason", "customer_words", "own_view", "next_step")] == [
        "lost_reason", "customer_words", "own_view",
    ]  # fmt: skip


def test_a_promise_that_is_pushed_is_asked_why(fresh):
    """Later only: what is pulled, or only said more finely, needs no reason."""
    base = fresh.with_day(DAY).with_deal("2", DEAL_IN_PROPOSAL)
    assert "push_reason" in base.answered("closes", "2027年5月").steps()
    assert "push_reason" not in base.answered("closes", "2027-03-20").steps()
    assert "push_reason" not in base.answered("closes", "2027年1月").steps()


def test_a_report_without_a_deal_is_as_easy(fresh):
    """In-house: no customer, no stage, no next step."""
    done, asked = walked(fresh, {"activity": "社内", "facts": "打合せ"})
    assert asked == [ON, DEAL, "activity", "customer", "facts"]
    assert done.report == Report({"activity": "internal", "facts": "打合せ"}, None, "2026-11-23")


def test_a_field_that_becomes_required_is_asked_after_all(fresh):
    """Without a deal the customer may be left empty, until the activity is a visit."""
    interview = fresh.with_day(DAY).with_deal(None, None).answered("customer", "").answered("activity", "訪問")
    assert interview.next() == "customer"


def test_what_is_left_for_later_is_waited_for(fresh):
    """It is not asked again, and the report says so; answered after all, it does not."""
    done, asked = walked(fresh, {"activity": "電話"}, known=DEAL_IN_PROPOSAL)
    assert asked.count("facts") == 1
    assert done.report.later
    assert done.answers.waiting == ("facts",)
    assert not done.answered("facts", "話した").report.later


def test_going_back_keeps_everything(fresh):
    """The question before is open again with its answer in it; every other answer stands."""
    done, _ = walked(fresh, {"activity": "電話", "facts": "話した", "next_step": "見積"}, known=DEAL_IN_PROPOSAL)
    step, seen = REVIEW, []
    while (before := done.before(step)) is not None:
        done = done.back_to(before)
        assert done.next() == before
        seen.append(before)
        step = before
    assert seen[::-1] == [ON, DEAL, "activity", REST, "facts", "next_step", "next_on"]
    assert done.shown("facts") == "話した"
    assert done.shown("activity") == "電話"
    assert dict(done.raw) == {"activity": "call", "facts": "話した", "next_step": "見積"}


def test_going_back_passes_over_what_was_changed_in_the_line_of_what_stands(fresh):
    """An amount that the deal had, and one that it had not, belong to that line; what the schema requires is asked again."""
    without = Known("検査装置", {"customer": "青葉製作所", "kind": "new"}, "proposal")
    for known in (DEAL_IN_PROPOSAL, without):
        at_rest = fresh.with_day(DAY).with_deal("2", known).answered("activity", "電話")
        done = at_rest.answered("amount", "990万").moved_past(REST).answered("facts", "話した")
        assert done.next() == "next_step"
        assert done.before("next_step") == "facts"
    required = fresh.with_day(DAY).with_deal("2", without).answered("activity", "電話").answered("stage", "内示")
    asked = required.moved_past(REST).answered("facts", "話した").answered("impression", "").answered("amount", "990万")
    assert asked.back_to("amount").next() == "amount"


def test_a_wrong_answer_changes_nothing(fresh):
    """The field refuses it; the report is as it was."""
    base = fresh.with_day(DAY).with_deal("2", DEAL_IN_PROPOSAL)
    for key, said in (("next_on", "そのうち"), ("activity", "散歩"), ("amount", "約100万"), ("amount", "-1")):
        with pytest.raises(ValueRefused):
            base.answered(key, said)
    assert base.raw == {}


def test_a_date_means_the_same_whenever_it_is_read(fresh):
    """`来月10日` is kept as the day that it was understood as, and is shown as it was typed."""
    done = fresh.with_day(DAY).answered("next_on", "来月10日").answered("amount", "120万")
    assert (done.raw["next_on"], done.raw["amount"]) == ("2026-12-10", "1200000")
    assert done.shown("next_on") == "来月10日"
    assert done.with_day(date(2026, 10, 1)).values["next_on"] == "2026-12-10"


def test_another_customer_than_the_deals_is_asked_about(fresh):
    """Neither does it overrule the deal's, nor is it dropped, until it is said whose talk it was."""
    typed = fresh.with_day(DAY).answered("customer", "別の会社")
    asked = typed.with_deal("2", DEAL_IN_PROPOSAL)
    assert (asked.next(), asked.other_customer, asked.raw["customer"]) == (WHOSE, "青葉製作所", "別の会社")
    changing = asked.changing_customer()
    assert (WHOSE not in changing.steps(), changing.report.change_customer) == (True, True)
    assert WHOSE not in asked.answered("customer", "").steps()
    assert not changing.answered("customer", "三つめ").report.change_customer
    assert not changing.with_deal("3", DEAL_IN_PROPOSAL._replace(name="別")).report.change_customer
    same = fresh.with_day(DAY).answered("customer", " 青葉製作所 ").with_deal("2", DEAL_IN_PROPOSAL)
    assert "customer" not in same.raw


def test_a_name_that_its_customer_has_is_asked_about(fresh):
    """Once it is known whose the new deal is: another customer's deal of that name is none of its business."""
    held = Known("提案中", stage="inquiry", new=True, held=(NamedDeal(2, "提案中", "青葉製作所"),))
    asked = fresh.with_day(DAY).with_deal("提案中", held)
    assert HELD not in asked.steps()
    assert HELD not in asked.answered("customer", "別の会社").steps()
    own = asked.answered("customer", "青葉製作所")
    assert (own.next(), own.before(HELD)) == (HELD, DEAL)
    assert HELD not in own.with_deal("2", DEAL_IN_PROPOSAL).steps()


def test_a_name_that_is_a_deals_id_is_asked_about_at_once(fresh):
    """Typed again, it would mean that deal, whosever it is."""
    held = Known("2", stage="inquiry", new=True, held=(NamedDeal(2, "提案中", "青葉製作所"),))
    assert fresh.with_day(DAY).with_deal("2", held).next() == HELD


def test_nobodys_name_is_taken_for_who_names_no_customer(fresh):
    """Known once the question for the customer is behind."""
    held = Known("提案中", stage="inquiry", new=True, held=(NamedDeal(2, "提案中", ""),))
    asked = fresh.with_day(DAY).with_deal("提案中", held)
    assert HELD not in asked.steps()
    assert asked.left_for_later("customer").next() == HELD
    assert HELD not in asked.answered("customer", "別の会社").steps()


def test_another_deal_takes_its_own_customer(fresh):
    """A customer that was typed is a new deal's; another deal has other things that stand."""
    typed = fresh.with_day(DAY).answered("customer", "別の会社")
    new = typed.with_deal("新規", Known("新規", stage="inquiry", new=True))
    assert new.raw["customer"] == "別の会社"
    assert new.report.new_deal
    assert {"stage"} <= set(new.steps())
    rested = fresh.with_deal("2", DEAL_IN_PROPOSAL).moved_past(REST)
    assert REST in rested.with_deal("3", DEAL_IN_PROPOSAL._replace(name="別")).steps()
    assert REST not in rested.with_deal("3", DEAL_IN_PROPOSAL._replace(name="別")).answers.passed


def test_a_finished_report_passes_the_check(fresh, schema):
    """What the interview lets through is what `add` takes: no problem is left."""
    said = {"customer": "青葉", "kind": "新規", "source": "展", "activity": "訪", "stage": "引合", "people": "田中",
            "facts": "x", "next_step": "y", "next_on": "+7d"}  # fmt: skip
    done, asked = walked(fresh, said, known=Known("新案件", stage="inquiry", new=True))
    assert {"kind", "source", "stage"} <= set(asked)
    assert check(done.report.raw, schema, today=DAY, current=done.deal_values)[1] == []


def test_whose_move_it_is_is_asked_with_a_new_step_where_the_activity_does_not_say(fresh):
    """An activity that leaves the ball to somebody asks nothing more; one that leaves it to nobody asks after the step's day, but
    not where the step is the old one put off."""
    said = {"activity": "訪問", "people": "田中", "facts": "話した", "next_step": "見積", "next_on": "来月10日"}
    open_ended = fresh.schema._replace(activities=tuple(a._replace(ball="") for a in fresh.schema.activities))
    asking = type(fresh)(open_ended, fresh.answers, fresh.on, fresh.known)
    assert "ball" not in walked(fresh, said, known=DEAL_IN_PROPOSAL)[1]
    assert walked(asking, said, known=DEAL_IN_PROPOSAL)[1][-1] == "ball"
    put_off = DEAL_IN_PROPOSAL._replace(next_step="見積")
    assert "ball" not in walked(asking, said, known=put_off)[1]
