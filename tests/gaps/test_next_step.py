"""次の一手なし: nothing dated is planned, or its date has passed and nothing came of it."""

from datetime import timedelta

from lines import begun, day, line_of, point

from nippo_cli.gaps.next import without_next
from nippo_cli.line.facts import DealHistory
from nippo_cli.line.span import ClosedDays, Hold

TODAY = day("11/23")
SINCE = TODAY - timedelta(days=90)
NONE = ClosedDays(())


def ask(*lines: DealHistory, grace: int = 1):
    """The question, on a Monday, with one business day of grace."""
    return without_next([line.head for line in lines], grace, NONE, as_of=TODAY, since=SINCE)


def stepped(
    on: str, step_on: str | None, *, step: str | None = "訪問", holds=(), deal: int = 1, amount=None
) -> DealHistory:
    """A deal that was last met on a day, with what was agreed then."""
    return line_of(point(1, on, step=step, step_on=step_on, amount=amount), of=begun(holds=holds)._replace(id=deal))


def test_a_contact_that_left_nothing_dated():
    """`先方からの連絡待ち` is a step without a date: none, since the day it was left so."""
    (found,), count = ask(stepped("11/9", None))
    assert (found.why, found.overdue_days, found.began_on, found.new, found.measure) == (
        "none",
        0,
        day("11/9"),
        True,
        14,
    )
    assert (count.live, count.none, count.overdue) == (1, 1, 0)


def test_a_contact_ends_the_step_before_it():
    """The visit of 20 November was agreed on the 9th; what follows it was never written."""
    (found,), _ = ask(line_of(point(1, "11/9", step="訪問", step_on="11/20"), point(2, "11/20")))
    assert (found.why, found.began_on) == ("none", day("11/20"))


def test_what_is_done_in_house_ends_no_step():
    """A drawing made for the visit of the 30th is no contact: the visit still stands."""
    assert ask(line_of(point(1, "11/9", step="訪問", step_on="11/30"), point(2, "11/20", contact=False)))[0] == []


def test_overdue_once_the_grace_is_over():
    """Due on Thursday 19 November, grace until Friday: four days overdue on Monday, since Saturday."""
    (found,), count = ask(stepped("11/9", "11/19"))
    assert (found.why, found.overdue_days, found.began_on) == ("overdue", 4, day("11/21"))
    assert (count.none, count.overdue) == (0, 1)


def test_a_deal_on_hold_is_left_out_and_comes_back_by_itself():
    """On hold until today; the day after, its date is as late as it is."""
    hold = Hold(9, day("11/1"), TODAY, "工場停止")
    found, count = ask(stepped("10/9", "10/19", holds=(hold,)))
    assert (found, count.on_hold) == ([], 1)
    (back,), _ = ask(stepped("10/9", "10/19", holds=(hold._replace(last=day("11/22")),)))
    assert (back.overdue_days, back.new) == (35, True)


def test_most_money_first_and_the_unknown_last():
    """Then by days."""
    found, _ = ask(
        stepped("11/9", None, deal=1), stepped("11/9", None, deal=2, amount=5), stepped("11/9", None, deal=3, amount=9),
        stepped("11/2", None, deal=4, amount=5),
    )  # fmt: skip
    assert [f.deal for f in found] == [3, 4, 2, 1]
