"""蜃気楼: which promised dates are not to be leaned on, since when, and what was learned before each move."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from lines import AGREEMENT, begun, day, line_of, point, when

from nippo_cli.gaps.facts import Contact
from nippo_cli.gaps.mirage import look, mirages, moves
from nippo_cli.line.facts import DealHistory
from nippo_cli.line.metrics import Metric
from nippo_cli.line.slip import Slips
from nippo_cli.line.span import Hold

TODAY = day("11/23")
SINCE = TODAY - timedelta(days=90)


def ask(*lines: DealHistory, leads: dict[Metric, int] | None = None, slip: int | None = None):
    """The question of lines that were drawn from points."""
    promised = {line.head.id: [p for p in line.promises if p.what == "closes"] for line in lines}
    return mirages(
        [line.head for line in lines],
        lambda deals: {deal: promised[deal] for deal in deals},
        Slips(AGREEMENT._replace(slip=slip), lambda: leads or {}),
        as_of=TODAY,
        since=SINCE,
    )


def promised(*said: tuple[str, str], of=None, kind: str = "new", amount: int | None = None) -> DealHistory:
    """A deal whose expected close was said on those days: (said on, closes)."""
    points = [point(n, on, kind=kind, closes=closes, amount=amount) for n, (on, closes) in enumerate(said, 1)]
    return line_of(*points, of=of)


def test_two_pushes_are_a_mirage_and_one_is_none():
    """Pushed on 1 and on 20 September by ten days each; it stands since the second."""
    assert ask(promised(("8/1", "12/1"), ("9/1", "12/11")))[0] == []
    (found,), count = ask(promised(("8/1", "12/1"), ("9/1", "12/11"), ("9/20", "12/21"), amount=7))
    assert (found.signs, found.began_on, found.new) == (("pushed",), day("9/20"), True)
    assert (found.pushes, found.pulls, found.slip_days, found.past_days) == (2, 0, 20, 0)
    assert (found.first_promise, found.standing_promise) == (when("12/1"), when("12/21"))
    assert (count.dated, count.flagged, count.flagged_amount, count.pushed, count.slipped, count.past) == (
        1,
        1,
        7,
        1,
        0,
        0,
    )


def test_a_slip_beyond_the_limit_is_one():
    """31 days past a limit of 30 in one push; 30 are within it; the schema's limit wins."""
    assert ask(promised(("8/1", "12/1"), ("9/1", "12/31")))[0] == []
    (found,), _ = ask(promised(("8/1", "12/1"), ("8/20", "2027-01-01")))
    assert (found.signs, found.slip_days, found.limit.days, found.limit.source) == (("slipped",), 31, 30, "default")
    assert (found.began_on, found.new) == (day("8/20"), False)
    (strict,), _ = ask(promised(("8/1", "12/1"), ("9/1", "12/31")), slip=29)
    assert strict.limit.source == "schema"


def test_a_slip_stands_from_the_push_that_it_has_stayed_beyond_since():
    """Beyond the limit in May, pulled back within it in June, beyond it again in September: since September."""
    found = promised(("4/1", "11/30"), ("5/1", "2027-01-31"), ("6/1", "12/10"), ("9/5", "2027-01-15"))
    (mirage,), _ = ask(found)
    assert (mirage.pushes, mirage.pulls, mirage.slip_days) == (2, 1, 46)
    assert mirage.signs == ("pushed", "slipped")
    assert mirage.began_on == day("9/5"), "the second push came on the same day"


def test_a_date_that_is_past_is_one_from_the_day_after():
    """Promised for 19 November; on the day itself it is not past yet."""
    assert ask(promised(("8/1", "11/23")))[0] == []
    (found,), _ = ask(promised(("8/1", "11/19")))
    assert (found.signs, found.past_days, found.began_on, found.measure) == (("past",), 4, day("11/20"), 4)


def test_a_date_that_was_past_when_it_was_promised_counts_from_then():
    """Someone wrote on 10 November that it will close on 1 October."""
    (found,), _ = ask(promised(("8/1", "11/30"), ("11/10", "10/1")))
    assert (found.signs, found.began_on) == (("past",), day("11/10"))


def test_the_sign_that_has_stood_longest_tells_since_when():
    """Pushed twice by September, past since October."""
    (found,), _ = ask(promised(("6/1", "9/1"), ("7/1", "9/15"), ("9/10", "10/1")))
    assert (found.signs, found.began_on) == (("pushed", "past"), day("9/10"))


def test_said_more_finely_is_no_move():
    """`12月` made 20 December has not moved, nor has 20 December made `12月`."""
    line = promised(("8/1", "2026-12-01/2026-12-31"), ("9/1", "12/20"), ("10/1", "2026-12-01/2026-12-31"))
    assert ask(line)[0] == []
    assert moves([p for p in line.promises if p.what == "closes"], []) == []


def test_a_hold_does_not_suspend_it():
    """A date that stands is one that people count on, whoever waits."""
    held = begun(holds=(Hold(9, day("11/1"), day("12/20"), "予算"),))
    assert len(ask(promised(("8/1", "11/19"), of=held))[0]) == 1


def test_what_has_no_date_is_counted():
    """Two live deals, one of them dated."""
    found, count = ask(promised(("8/1", "12/1")), line_of(point(1, "8/1")))
    assert (found, count.live, count.dated, count.share) == ([], 2, 1, 0.0)


def test_most_money_first_and_the_unknown_last():
    """Then by how far the date went."""
    lines = [
        promised(("8/1", f"11/{last}"), amount=amount, of=begun()._replace(id=deal))
        for deal, last, amount in ((1, 19, None), (2, 19, 5), (3, 19, 9), (4, 9, 5))
    ]
    assert [m.deal for m in ask(*lines)[0]] == [3, 4, 2, 1]


@pytest.mark.parametrize(
    ("contacts", "told"),
    [
        pytest.param([("9/1", 1)], "date_only", id="only the contact that told the date before"),
        pytest.param([("9/1", 1), ("9/12", 8)], "contact", id="met in between"),
        pytest.param([("9/1", 1), ("9/20", 2)], "contact", id="the pushing entry itself"),
        pytest.param([("9/1", 1), ("9/21", 9)], "date_only", id="met the day after"),
    ],
)
def test_a_push_says_whether_anything_was_learned(contacts, told):
    """Promised on 1 September, pushed on 20 September by entry 2."""
    line = promised(("9/1", "12/1"), ("9/20", "12/31"))
    closes = [p for p in line.promises if p.what == "closes"]
    (move,) = moves(closes, [Contact(day(on), entry) for on, entry in contacts])
    assert (move.before, move.after, move.days, move.made_on, move.entry) == (
        when("12/1"), when("12/31"), 30, day("9/20"), 2,
    )  # fmt: skip
    assert move.information == told


def test_two_dates_on_one_day_need_a_contact_of_their_own():
    """Said in the morning's visit and pushed in the afternoon: told by a second visit, or a second thought."""
    closes = [p for p in promised(("9/1", "12/1"), ("9/1", "12/31")).promises if p.what == "closes"]
    (visited,) = moves(closes, [Contact(day("9/1"), 1), Contact(day("9/1"), 2)])
    (thought,) = moves(closes, [Contact(day("9/1"), 1)])
    assert (visited.information, thought.information) == ("contact", "date_only")


def test_a_correction_is_no_contact_of_the_day_it_was_made():
    """The visit of 1 September was corrected on 20 September: nobody was met."""
    closes = [p for p in promised(("9/1", "12/1"), ("9/20", "12/31")).promises if p.what == "closes"]
    (move,) = moves([closes[0], closes[1]._replace(entry=1)], [Contact(day("9/1"), 1)])
    assert move.information == "date_only"


def test_what_began_on_the_first_day_of_the_window_is_new():
    """The second push of 25 August, 90 days ago, is in the window; one of the 24th is not."""
    for on, new in (("8/25", True), ("8/24", False)):
        (found,), count = ask(promised(("8/1", "12/1"), ("8/10", "12/2"), (on, "12/3")))
        assert (found.began_on, found.new, count.new) == (day(on), new, int(new))


def test_a_span_is_past_the_day_after_its_last():
    """`11月上旬`, on 23 November: past by 13 days, since the 11th. A push of one day is a push."""
    (found,), _ = ask(promised(("8/1", "2026-11-01/2026-11-10")))
    assert (found.signs, found.past_days, found.began_on, found.measure) == (("past",), 13, day("11/11"), 13)
    (pushed,), _ = ask(promised(("8/1", "12/1"), ("9/1", "12/2"), ("9/2", "12/3")))
    assert (pushed.signs, pushed.began_on, pushed.slip_days) == (("pushed",), day("9/2"), 2)


def test_an_amount_of_nothing_is_an_amount():
    """One yen before none, none before unknown."""
    said = (("8/1", "11/1"),)
    lines = [
        promised(*said, amount=amount, of=begun()._replace(id=deal)) for deal, amount in ((1, None), (2, 0), (3, 1))
    ]
    found, count = ask(*lines)
    assert ([one.deal for one in found], count.flagged_amount, count.dated_amount, count.share) == (
        [3, 2, 1],
        1,
        1,
        1.0,
    )


def test_two_promises_on_one_day_are_two_only_if_each_was_told():
    """The second by a contact of its own: informed; by an earlier contact's entry, or with a later contact that day, not."""
    first, second = line_of(point(1, "9/1", closes="10/1"), point(2, "9/1", closes="11/1")).promises
    for entry, told in ((1, "date_only"), (2, "contact"), (3, "date_only")):
        (move,) = moves([first, second], [Contact(day("9/1"), entry)])
        assert (move.information, move.days, move.entry) == (told, 31, 2)


def test_what_is_shown_beside_a_mirage():
    """Each move with the reason that its entry gives, and the entry of the first promise."""
    line = promised(("8/1", "12/1"), ("9/1", "12/11"), ("9/20", "12/21"))
    closes = [p for p in line.promises if p.what == "closes"]
    (found,), _ = ask(line)
    facts = SimpleNamespace(
        closes=lambda _: {1: closes}, contacts=lambda _: {1: [Contact(day("9/1"), 2)]}, counters_of_all=lambda _: {},
        entry_texts=lambda _: {3: SimpleNamespace(push_reason="budget")},
    )  # fmt: skip
    (detail,) = look(facts, [found])
    assert (detail.first_entry, detail.record) == (1, None)
    assert [(m.entry, m.days, m.information, m.reason) for m in detail.moves] == [
        (2, 10, "contact", None), (3, 10, "date_only", "budget"),
    ]  # fmt: skip
