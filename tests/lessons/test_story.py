"""The first sign of a finished deal, by hand."""

from lines import AGREEMENT, begun, day, line_of, point, when

from nippo_cli.lessons.story import FirstSign, Limits, first_signs
from nippo_cli.line.span import ClosedDays, Hold
from nippo_cli.line.step_outcomes import StepPoint, steps
from nippo_cli.schema.schema import Closure

NONE = ClosedDays(())
BON = ClosedDays([Closure("お盆", "08-11", "08-16")])


def signs(*points, ended: str, norm: int | None = 30, quiet: int = 60, rest: ClosedDays = NONE, of=None):
    """Kind, day and days before the end of each sign."""
    line = line_of(*points, of=of)
    told = [StepPoint(p.id, p.on, p.next_on, p.contact) for p in points]
    became = steps(told, AGREEMENT.grace, rest, day(ended))
    met = [p.on for p in points if p.contact]
    limits = Limits(lambda _: norm, quiet, rest)
    return first_signs(line, met, became, AGREEMENT, limits, day(ended), [p.on for p in points if p.snapshot])


def test_the_first_push():
    """Lost on 1 October; the date moved on 1 July and again in August: 92 days before."""
    found = signs(
        point(1, "6/20", "lead", closes="7/31"), point(2, "7/1", closes="8/31"), point(3, "8/1", closes="9/30"),
        point(4, "8/20"), point(5, "10/1", "lost"), ended="10/1", norm=None,
    )  # fmt: skip
    assert found == [FirstSign("pushed", day("7/1"), 92)]


def test_a_step_that_was_late_and_one_that_was_never_kept():
    """Due on Friday 3 July with one business day of grace: overdue from Tuesday 7 July. The one due at the end is none."""
    found = signs(
        point(1, "6/29", "lead", step="電話", step_on="7/3"), point(2, "7/10", step="訪問", step_on="8/3"),
        point(3, "8/3", "lost"), ended="8/3", norm=None,
    )  # fmt: skip
    assert found == [FirstSign("overdue", day("7/7"), 27)]


def test_a_step_back_and_a_reopened_deal():
    """From the quote to the visit is back; out of `lost` is not."""
    back = signs(point(1, "6/1", "quote"), point(2, "6/11", "visit"), point(3, "6/21", "lost"), ended="6/21", norm=None)
    assert back == [FirstSign("back", day("6/11"), 10)]
    reopened = signs(
        point(1, "6/1", "quote"), point(2, "6/11", "lost"), point(3, "6/21", "visit"), point(4, "7/1", "won"),
        ended="7/1", norm=None,
    )  # fmt: skip
    assert reopened == []


def test_the_day_on_which_a_stay_passed_its_norm():
    """From 1 June with a norm of 30 days: on 2 July; a hold of ten days moves it to 12 July. Behind the order nothing
    stalls."""
    points = (point(1, "6/1", "lead"), point(2, "7/20", "won"), point(3, "7/21", "delivery"), point(4, "9/30"))
    assert signs(*points, ended="7/20") == [FirstSign("stalled", day("7/2"), 18)]
    held = begun(holds=(Hold(9, day("6/11"), day("6/20"), "予算待ち"),))
    assert signs(*points, ended="7/20", of=held) == [FirstSign("stalled", day("7/12"), 8)]


def test_the_first_silence_beyond_the_limit():
    """Not met from 1 June to 20 August: beyond 60 days on 1 August. Closed days lengthen the limit: in a silence that
    begins on 20 June it is passed on 26 August."""
    lost = point(3, "9/30", "lost")
    found = signs(point(1, "6/1", "lead"), point(2, "8/20"), lost, ended="9/30", norm=None)
    assert found == [FirstSign("silent", day("8/1"), 60)]
    shut = signs(point(1, "6/20", "lead"), point(2, "8/28"), lost, ended="9/30", norm=None, rest=BON)
    assert shut == [FirstSign("silent", day("8/26"), 35)]


def test_the_silence_in_which_a_deal_fizzled_is_its_end():
    """It is not told as a sign of itself; an earlier one is."""
    assert signs(point(1, "6/1", "lead"), ended="8/1", norm=None) == []


def test_a_deal_without_signs_has_none():
    """Won within its norms, every step kept."""
    assert signs(point(1, "6/1", "lead", step="訪問", step_on="6/8"), point(2, "6/8", "won"), ended="6/8") == []


def test_signs_come_in_the_order_of_their_days():
    """One of each kind, the earliest first."""
    found = signs(
        point(1, "6/1", "lead", closes="7/31", step="電話", step_on="6/5"), point(2, "8/20", closes="12/31"),
        point(3, "9/30", "lost"), ended="9/30",
    )  # fmt: skip
    assert [sign.kind for sign in found] == ["overdue", "stalled", "silent", "pushed"]
    assert when("6/5") is not None


def test_a_stage_without_a_norm_stalls_nobody_and_stops_nothing():
    """A lead may last; the quote from 1 July on passes its 30 days on 1 August."""
    line = line_of(point(1, "1/1", "lead"), point(2, "7/1", "quote"), point(3, "8/20", "lost"))
    limits = Limits({"quote": 30}.get, 60, NONE)
    assert first_signs(line, [], [], AGREEMENT, limits, day("8/20")) == [FirstSign("stalled", day("8/1"), 19)]


def test_what_lay_before_a_list_is_no_sign():
    """Met in lead on 5 January, in quote on a list of 1 June, lost on the 11th: that it stood still, or nobody called, is not known. Of an
    entry that a person wrote, both are."""
    met, found, lost = point(1, "1/5", "lead"), point(2, "6/1", "quote"), point(3, "6/11", "lost")
    assert {sign.kind for sign in signs(met, found, lost, ended="6/11")} == {"stalled", "silent"}
    assert signs(met, found._replace(snapshot=True), lost, ended="6/11") == []


def test_a_stay_that_a_list_found_stalls_from_there_on():
    """In quote on a list of 1 March and for 80 days more: beyond thirty days for certain."""
    found = point(1, "3/1", "quote")._replace(snapshot=True)
    assert [sign.kind for sign in signs(found, point(2, "5/20", "lost"), ended="5/20", quiet=90)] == ["stalled"]
