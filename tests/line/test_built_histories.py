"""Points → line, each rule of counting by a case small enough to count by hand."""

import pytest
from lines import AGREEMENT, begun, day, line_of, point, when

from nippo_cli.line.facts import Handover, Statement, lead_days
from nippo_cli.line.history import build_history
from nippo_cli.line.span import Hold


def stays(*points):
    """Each stay of the line: stage, the day of the month it began on, its days."""
    return [(s.stage, s.entered_on.day, s.days) for s in line_of(*points).stays]


def test_a_stay_is_an_unbroken_run_of_one_stage():
    """Entries in the same stage make one stay; it ends on the next stay's first date."""
    assert stays(point(1, "1/1", "lead"), point(2, "1/4", "lead"), point(3, "1/9", "visit")) == [
        ("lead", 1, 8),
        ("visit", 9, None),
    ]


def test_an_entry_without_a_stage_stays_where_the_deal_is():
    """A deal's first entry without a stage stands in the schema's first one."""
    assert stays(point(1, "1/1"), point(2, "1/3", "visit"), point(3, "1/6")) == [("lead", 1, 2), ("visit", 3, None)]


def test_a_stage_entered_again_is_another_stay_and_a_step_back():
    """Lead → quote → visit: two steps on, one back."""
    line = line_of(point(1, "1/1", "lead"), point(2, "1/2", "quote"), point(3, "1/5", "visit"))
    assert [s.step for s in line.stays] == [0, 2, -1]


def test_two_moves_on_one_day_are_both_real():
    """A deal may be met and won on one day; the stays between have length 0."""
    assert stays(point(1, "1/1", "lead"), point(2, "1/1", "quote"), point(3, "1/1", "won")) == [
        ("lead", 1, 0),
        ("quote", 1, 0),
        ("won", 1, None),
    ]


def test_won_and_lost_have_no_length_but_an_after_stage_does():
    """The stay in `won` ends at the delivery without a length; the delivery has one."""
    assert stays(
        point(1, "1/1", "lead"), point(2, "1/5", "won"), point(3, "1/9", "delivery"), point(4, "1/20", "follow")
    ) == [("lead", 1, 4), ("won", 5, None), ("delivery", 9, 11), ("follow", 20, None)]


def test_fate_is_that_of_the_last_closing_entry():
    """Lost, then won after all."""
    head = line_of(
        point(1, "1/1", "lead"), point(2, "2/1", "lost"), point(3, "3/1", "quote"), point(4, "3/9", "won")
    ).head
    assert (head.fate, head.closed_on, lead_days(head)) == ("won", day("3/9"), 67)


def test_a_later_entry_before_closing_reopens_the_deal():
    """A lost deal that gets a quote is live again."""
    head = line_of(point(1, "1/1"), point(2, "2/1", "lost"), point(3, "3/1", "quote")).head
    assert (head.fate, head.closed_on) == ("live", None)


def test_an_after_stage_does_not_reopen():
    """A won deal in delivery stays won, on the day it was won."""
    head = line_of(point(1, "1/1"), point(2, "2/1", "won"), point(3, "3/1", "delivery"), point(4, "3/2")).head
    assert (head.fate, head.closed_on, head.stage) == ("won", day("2/1"), "delivery")


def test_a_second_entry_in_won_does_not_move_the_day_it_was_won():
    """Lead time runs to the entry that closed the deal, the first of its stay."""
    head = line_of(point(1, "1/1"), point(2, "2/1", "won"), point(3, "2/20", "won")).head
    assert head.closed_on == day("2/1")


def test_owner_is_the_first_author_until_a_hand_over():
    """Whom it was last assigned to, else its first entry's author."""
    points = (point(1, "1/1", author="佐藤"), point(2, "1/2", author="鈴木"))
    assert line_of(*points).head.owner == "佐藤"
    handed = begun(handovers=(Handover(9, day("1/3"), "高橋"), Handover(10, day("1/4"), "田中")))
    assert line_of(*points, of=handed).head.owner == "田中"


def test_customer_kind_and_amount_are_the_latest_that_are_not_empty():
    """An entry that does not name the customer keeps the one before."""
    head = line_of(
        point(1, "1/1", customer="A社", kind="new", amount=100),
        point(2, "1/2", customer="B社", amount=0),
        point(3, "1/3"),
    ).head
    assert (head.customer, head.kind, head.amount) == ("B社", "new", 0)


def test_only_contacts_count_as_contact():
    """An in-house entry is a point of the line, never a contact."""
    head = line_of(point(1, "1/1"), point(2, "1/9", contact=False)).head
    assert (head.entries, head.contacts, head.last_contact_on, head.last_on) == (2, 1, day("1/1"), day("1/9"))


def test_pushes_and_pulls_of_the_expected_close():
    """3/31 → 4/30 → 4/30 (said again) → 4/20: one push, one pull, 20 days slipped."""
    line = line_of(
        point(1, "1/1", closes="3/31"),
        point(2, "1/5", closes="4/30"),
        point(3, "1/9", closes="4/30"),
        point(4, "1/12", closes="4/20"),
    )
    assert [(p.value, p.move) for p in line.promises] == [
        ("2026-03-31", None),
        ("2026-04-30", 30),
        ("2026-04-20", -10),
    ]
    head = line.head
    assert (head.first_closes, head.closes, head.pushes, head.pulls, head.slip_days) == (
        when("3/31"), when("4/20"), 1, 1, 20,
    )  # fmt: skip


def test_a_coarse_date_made_finer_is_no_push():
    """`3月`, then 3/20, then `3月` again: the same promise, said more or less finely."""
    march = "2026-03-01/2026-03-31"
    head = line_of(point(1, "1/1", closes=march), point(2, "1/2", closes="3/20"), point(3, "1/3", closes=march)).head
    assert (head.pushes, head.pulls, head.slip_days) == (0, 0, 0)


def test_from_one_month_to_the_next_is_a_push_to_its_end():
    """`3月` → `4月`: late only after its end, so the ends are compared: 30 days."""
    head = line_of(
        point(1, "1/1", closes="2026-03-01/2026-03-31"), point(2, "1/2", closes="2026-04-01/2026-04-30")
    ).head
    assert (head.pushes, head.slip_days) == (1, 30)


def test_a_correction_on_a_later_day_is_a_new_promise():
    """The 3/31 written on 1/1 and corrected on 2/1 stays as a promise of 1/1; the new one is of 2/1."""
    before = Statement(day("1/1"), None, when("3/31"), None, None, None)
    line = line_of(point(1, "1/1", closes="4/30", known_on="2/1", earlier=(before,)), point(2, "1/15"))
    assert [(p.value, p.made_on, p.move) for p in line.promises] == [
        ("2026-03-31", day("1/1"), None),
        ("2026-04-30", day("2/1"), 30),
    ]


def test_a_second_correction_is_a_promise_of_its_own_day():
    """3/31 said on 1/1, 4/30 from 2/1 on, 5/31 from 3/1 on; an entry of 2/15 said 6/30 in between."""
    first = Statement(day("1/1"), 100, when("3/31"), "B", "電話", None)
    second = Statement(day("2/1"), 200, when("4/30"), "A", "訪問", when("2/10"))
    corrected = point(
        1, "1/1", closes="5/31", amount=300, confidence="C", step="再訪問", known_on="3/1", earlier=(first, second)
    )
    line = line_of(corrected, point(2, "2/15", closes="6/30"))
    assert [(p.what, p.value, p.made_on, p.entry, p.move) for p in line.promises] == [
        ("closes", "2026-03-31", day("1/1"), 1, None), ("amount", 100, day("1/1"), 1, None),
        ("confidence", "B", day("1/1"), 1, None), ("next", "電話", day("1/1"), 1, None),
        ("closes", "2026-04-30", day("2/1"), 1, 30), ("amount", 200, day("2/1"), 1, None),
        ("confidence", "A", day("2/1"), 1, None), ("next", "2026-02-10 訪問", day("2/1"), 1, None),
        ("closes", "2026-06-30", day("2/15"), 2, 61),
        ("closes", "2026-05-31", day("3/1"), 1, -30), ("amount", 300, day("3/1"), 1, None),
        ("confidence", "C", day("3/1"), 1, None), ("next", "再訪問", day("3/1"), 1, None),
    ]  # fmt: skip


def test_the_first_word_of_an_entry_counts_from_its_own_day_whenever_it_was_written():
    """A visit of 1/1, written down on 1/9 and corrected on 2/1: its first promise is of 1/1, not of 1/9."""
    written = Statement(day("1/9"), 100, None, None, None, None)
    line = line_of(point(1, "1/1", amount=200, known_on="2/1", earlier=(written,)))
    assert [(p.value, p.made_on) for p in line.promises] == [(100, day("1/1")), (200, day("2/1"))]


def test_a_next_step_stands_until_a_later_contact_or_another():
    """An in-house entry leaves it standing; a contact without a next step ends it."""
    first = point(1, "1/1", step="見積提出", step_on="1/10")
    assert line_of(first, point(2, "1/5", contact=False)).head.next_step == "見積提出"
    assert line_of(first, point(2, "1/5")).head.next_on is None
    other = line_of(first, point(2, "1/5", step="再訪問", step_on="1/20")).head
    assert (other.next_step, other.next_on, other.next_entry) == ("再訪問", when("1/20"), 2)


def test_held_days_are_taken_off_a_stay():
    """20 days in the stage, of which 1/5–1/9 (five days, both ends in) on hold."""
    held = begun(holds=(Hold(7, day("1/5"), day("1/9"), "予算待ち"),))
    line = line_of(point(1, "1/1", "lead"), point(2, "1/21", "visit"), of=held)
    assert line.stays[0].days == 15


def test_gaps_between_contact_days_up_to_the_closing_entry():
    """Two contacts on one day are one day; the contact after closing is not counted, nor is in-house work."""
    line = line_of(
        point(1, "1/1"), point(2, "1/4"), point(3, "1/4"), point(4, "1/8", contact=False), point(5, "1/14", "won"),
        point(6, "2/1"),
    )  # fmt: skip
    assert line.gaps == (3, 10)
    assert line_of(point(1, "1/1"), point(2, "1/4")).gaps == ()


def test_a_stage_that_was_renamed_folds_under_its_new_key():
    """`was` maps what old entries say."""
    renamed = (AGREEMENT.stages[0]._replace(was=("inquiry",)), *AGREEMENT.stages[1:])
    schema = AGREEMENT._replace(stages=renamed)
    line = line_of(point(1, "1/1", "inquiry"), point(2, "1/5", "lead"), schema=schema)
    assert [s.stage for s in line.stays] == ["lead"]


def test_a_stage_the_schema_no_longer_knows_is_kept_as_it_is():
    """Nothing is dropped: the stay stands under its own name."""
    assert stays(point(1, "1/1", "trial"), point(2, "1/3", "quote")) == [("trial", 1, 2), ("quote", 3, None)]


def test_a_deal_without_a_point_has_no_line():
    """It is refused, not drawn empty."""
    with pytest.raises(ValueError, match="1"):
        build_history(begun(), (), AGREEMENT)


def test_acceptance_and_source_are_the_latest_that_are_not_empty():
    """Promised for May, then for June; an entry that says neither keeps both."""
    head = line_of(
        point(1, "1/1")._replace(accepts=when("5/31"), source="fair"),
        point(2, "1/2")._replace(accepts=when("6/30")), point(3, "1/3"),
    ).head  # fmt: skip
    assert (head.accepts, head.source) == (when("6/30"), "fair")


def test_what_was_never_promised_has_neither_moved_nor_a_date():
    """No expected close: no first one, none that stands, no entry of it, no days of slip."""
    head = line_of(point(1, "1/1"), point(2, "1/9", amount=5)).head
    assert (head.closes, head.first_closes, head.closes_entry, head.slip_days, head.pushes, head.pulls) == (
        None, None, None, 0, 0, 0,
    )  # fmt: skip


def test_evidence_adds_up_over_the_entries():
    """Each entry's fields are bits; what one filled in stays filled in."""
    assert line_of(point(1, "1/1")._replace(evidence=1), point(2, "1/2")._replace(evidence=6)).head.evidence == 7


def test_a_head_knows_its_first_and_last_days():
    """First entry in-house, contacts on 1/3 and 1/8, a note on 1/9."""
    head = line_of(
        point(1, "1/1", contact=False), point(2, "1/3"), point(3, "1/8"), point(4, "1/9", contact=False),
    ).head  # fmt: skip
    assert (head.began_on, head.first_contact_on, head.last_contact_on, head.last_contact, head.last_on) == (
        day("1/1"), day("1/3"), day("1/8"), 3, day("1/9"),
    )  # fmt: skip
    assert (head.longest_back, head.longest_silence) == (5, 5)


def test_a_stage_that_the_schema_does_not_know_stands_at_the_foot_of_the_ladder():
    """From it to the quote two steps on, back to it two steps back."""
    line = line_of(
        point(1, "1/1", "trial"), point(2, "1/3", "quote"), point(3, "1/5", "trial"), point(4, "1/6", "lead")
    )
    assert [s.step for s in line.stays] == [0, 2, -2, 0]
    assert line.head.went_back


def test_since_when_customer_kind_and_source_are_the_same():
    """Since the first entry, or the day of the deal's own last record; since the entry that changed one of them; never
    known of a deal that was corrected."""
    same = (point(1, "1/1", customer="A社", kind="new"), point(2, "1/9", customer="A社"), point(3, "2/1"))
    assert line_of(*same).head.steady_since == day("1/1")
    assert line_of(*same, of=begun()._replace(told_on=day("1/20"))).head.steady_since == day("1/20")
    assert line_of(*same, of=begun()._replace(told_on=day("2025-12-20"))).head.steady_since == day("1/1")
    for changed in ({"customer": "B社"}, {"kind": "parts"}, {"source": "fair"}):
        assert line_of(*same, point(4, "2/9")._replace(**changed), point(5, "3/1")).head.steady_since == day("2/9")
    said = Statement(day("1/1"), 5, None, None, None, None)
    assert line_of(point(1, "1/1", amount=6, known_on="2/1", earlier=(said,))).head.steady_since is None
