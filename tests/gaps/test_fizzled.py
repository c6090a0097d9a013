"""うやむや: which silences are too long, since when, and what keeps a deal out of them."""

from datetime import timedelta

from lines import begun, day, line_of, point

from nippo_cli.gaps.fizzled import fizzled
from nippo_cli.line.facts import DealHistory
from nippo_cli.line.norm import Quiet
from nippo_cli.line.span import ClosedDays, Hold
from nippo_cli.schema.schema import Closure

TODAY = day("11/23")
SINCE = TODAY - timedelta(days=90)
NONE = ClosedDays(())
QUIET = Quiet(60, "default", 0)


def ask(*lines: DealHistory, rest: ClosedDays = NONE):
    """The question, with a quiet limit of 60 days."""
    return fizzled([line.head for line in lines], QUIET, rest, as_of=TODAY, since=SINCE)


def met(
    *days: str, holds: tuple[Hold, ...] = (), step_on: str | None = None, deal: int = 1, amount=None
) -> DealHistory:
    """A deal whose customer was met on those days; a next step was agreed at the last."""
    last = len(days)
    points = [
        point(
            n, on, amount=amount, step="電話" if step_on and n == last else None, step_on=step_on if n == last else None
        )
        for n, on in enumerate(days, 1)
    ]
    return line_of(*points, of=begun(holds=holds)._replace(id=deal))


def test_a_silence_as_long_as_the_limit_is_not_fizzled():
    """60 days are within it; the 61st is the first beyond."""
    assert ask(met("9/24"))[0] == []
    (found,), count = ask(met("9/23", amount=5))
    assert (found.silence_days, found.limit_days, found.began_on, found.new) == (61, 60, TODAY, True)
    assert (count.live, count.fizzled, count.fizzled_amount, count.share) == (1, 1, 5, 1.0)


def test_a_step_ahead_keeps_it_alive_and_is_counted():
    """Silent since June, but a visit stands for today; it fizzles the day after, and since that day."""
    found, count = ask(met("6/1", step_on="11/23"))
    assert (found, count.planned) == ([], 1)
    (gone,), count = ask(met("6/1", step_on="11/22"))
    assert (gone.began_on, gone.silence_days, count.planned) == (TODAY, 175, 0)


def test_a_deal_on_hold_is_left_out_and_comes_back_by_itself():
    """On hold until today; the day after, its silence is counted without the held days: 91 of 101 are left."""
    hold = Hold(9, day("11/14"), TODAY, "予算")
    found, count = ask(met("8/14", holds=(hold,)))
    assert (found, count.on_hold) == ([], 1)
    ended = hold._replace(first=day("11/13"), last=day("11/22"))
    (back,), _ = ask(met("8/14", holds=(ended,)))
    assert (back.silence_days, back.began_on) == (91, day("10/14"))


def test_closed_days_lengthen_the_limit():
    """With six days of お盆 in it, a silence of 66 days is not too long."""
    rest = ClosedDays([Closure("休業", "10-01", "10-06")])
    assert ask(met("9/18"), rest=rest)[0] == []
    (found,), _ = ask(met("9/17"), rest=rest)
    assert (found.silence_days, found.began_on) == (67, TODAY)


def test_a_customer_who_was_never_met_is_silent_since_the_deal_began():
    """A card from a trade fair that nobody called."""
    (found,), _ = ask(line_of(point(1, "9/1", contact=False)))
    assert (found.silence_days, found.began_on) == (83, day("11/1"))


def test_most_money_first_and_the_unknown_last():
    """Then by days of silence."""
    found, _ = ask(
        met("9/1", deal=1), met("9/1", deal=2, amount=5), met("9/1", deal=3, amount=9), met("8/1", deal=4, amount=5)
    )
    assert [f.deal for f in found] == [3, 4, 2, 1]


def test_a_step_in_a_span_keeps_it_alive_to_the_end_of_the_span():
    """Silent since June; the visit was to be some day from 1 to 15 November: fizzled since the 16th."""
    line = met("6/1", step_on="2026-11-01/2026-11-15")
    (found,), _ = ask(line)
    assert found.began_on == day("11/16")


def test_an_amount_of_nothing_is_an_amount():
    """One yen before none, none before unknown, however long the silence."""
    found, count = ask(met("7/1", deal=1), met("8/1", deal=2, amount=0), met("9/1", deal=3, amount=1))
    assert [f.deal for f in found] == [3, 2, 1]
    assert (count.fizzled, count.fizzled_amount, count.live, count.live_amount) == (3, 1, 3, 1)


def test_the_share_is_of_the_live_deals():
    """One of four; None of none."""
    count = ask(met("9/1", deal=1), *(met("11/1", deal=deal) for deal in (2, 3, 4)))[1]
    assert (count.fizzled, count.live, count.share) == (1, 4, 0.25)
    assert ask()[1].share is None
