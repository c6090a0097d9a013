"""What must not be found: the closed week, the visit that is written tomorrow, the half-year that is not over, the deal
that comes once a year, the promise by mouth, and the hold that ended."""

from datetime import date, timedelta

from lines import AGREEMENT, begun, day, line_of, point

from nippo_cli.gaps.aftercare import aftercare, care_norms
from nippo_cli.gaps.facts import LiveStay, WonDeal
from nippo_cli.gaps.fizzled import fizzled
from nippo_cli.gaps.mirage import mirages
from nippo_cli.gaps.next import without_next
from nippo_cli.gaps.stalled import stalled
from nippo_cli.line.facts import DealHistory
from nippo_cli.line.metrics import Metric
from nippo_cli.line.norm import Norms, Quiet
from nippo_cli.line.slip import Slips
from nippo_cli.line.span import ClosedDays, Hold
from nippo_cli.schema.schema import Closure, Kind, Stage

NONE = ClosedDays(())
BON = ClosedDays([Closure("お盆", "08-11", "08-16")])


def steps(line: DealHistory, as_of: str, rest: ClosedDays = NONE, *, grace: int = 1):
    """Who has no next step."""
    return without_next([line.head], grace, rest, as_of=day(as_of), since=day("1/1"))[0]


def silent(line: DealHistory, as_of: str, rest: ClosedDays = NONE, quiet: int = 60):
    """Who fizzled."""
    return fizzled([line.head], Quiet(quiet, "schema", 0), rest, as_of=day(as_of), since=day("1/1"))[0]


def moved(line: DealHistory, as_of: str, leads: dict[Metric, int] | None = None):
    """Whose date runs away."""
    closes = [p for p in line.promises if p.what == "closes"]
    slips = Slips(AGREEMENT, lambda: leads or {})
    return mirages([line.head], lambda _: {line.head.id: closes}, slips, as_of=day(as_of), since=day("1/1"))[0]


def test_bon_makes_nobody_late():
    """Due on Monday 10 August, the plant closed from Tuesday to Sunday: not overdue on Monday 17, overdue on Tuesday.
    A silence that was within the limit before the closed days is so after them."""
    visit = line_of(point(1, "7/20", step="訪問", step_on="8/10"))
    assert steps(visit, "8/17", BON) == []
    assert [f.overdue_days for f in steps(visit, "8/18", BON)] == [8]
    met = line_of(point(1, "6/15"))
    assert silent(met, "8/10", quiet=56) == []
    assert silent(met, "8/16", BON, quiet=56) == []
    assert len(silent(met, "8/17", BON, quiet=56)) == 1


def test_yesterdays_visit_may_still_be_written_today():
    """Due on Tuesday; all of Wednesday is left to write it down. Friday's may be written on Monday."""
    assert steps(line_of(point(1, "11/2", step="訪問", step_on="11/17")), "11/18") == []
    assert steps(line_of(point(1, "11/2", step="訪問", step_on="11/20")), "11/23") == []


def test_the_half_year_is_not_over_before_its_last_day():
    """`上期` of the year from April is late on 1 October, as a close and, past the grace, as a step."""
    half = "2026-04-01/2026-09-30"
    line = line_of(point(1, "5/1", closes=half, step="発注待ち", step_on=half))
    assert (moved(line, "9/30"), steps(line, "9/30"), silent(line, "9/30")) == ([], [], [])
    assert [m.signs for m in moved(line, "10/1")] == [("past",)]
    assert steps(line, "10/1") == []
    assert [f.overdue_days for f in steps(line, "10/2")] == [2]


def test_what_comes_once_a_year_has_time():
    """A renewal never stalls, waits for its date a year ahead without fizzling, and slips by a fifth of its own year."""
    renewal = Kind("renewal", "更新", stalls=False)
    norms = Norms(AGREEMENT._replace(kinds=(renewal,)), {}, {})
    stay = LiveStay(1, "lead", "renewal", day("2025-12-01"), None, ())
    assert stalled([stay], norms, NONE, as_of=day("11/23"), since=day("1/1"))[0] == []
    line = line_of(
        point(1, "2025-12-01", kind="renewal", closes="2026-12-01"),
        point(2, "2026-01-10", closes="2027-02-05", step="更新の案内", step_on="12/1"),
    )
    assert (silent(line, "11/23"), steps(line, "11/23")) == ([], [])
    yearly = {Metric("lead", "", "renewal", True, 365): 10}
    assert moved(line, "11/23", yearly) == [], "66 days of 73"
    assert len(moved(line, "11/23")) == 1, "of 30, were nothing known of renewals"


def test_a_promise_by_mouth_and_a_long_acceptance_have_norms_of_their_own():
    """内示 may wait for 45 days where the agreement says so, 検収 for 120: neither is held against 30 days."""
    stages = (
        Stage("lead", "引合い"), Stage("verbal", "内示", norm=45), Stage("won", "受注", ends="won"),
        Stage("delivery", "納入・検収", norm=120, after=True),
    )  # fmt: skip
    schema = AGREEMENT._replace(stages=stages)
    norms, today = Norms(schema, {}, {}), day("11/23")
    waiting = [
        LiveStay(n, stage, "new", today - timedelta(days=40), None, ()) for n, stage in ((1, "verbal"), (2, "lead"))
    ]
    found, _ = stalled(waiting, norms, NONE, as_of=today, since=day("1/1"))
    assert [s.deal for s in found] == [2]
    accepted = WonDeal(3, "delivery", "new", "青葉", day("7/26"), None, ())
    assert (today - accepted.heard_on).days == 120
    assert not aftercare([accepted], care_norms(schema, norms), lambda _: {}, NONE, as_of=today, since=day("1/1"))[0]


def test_a_hold_suspends_and_ends_by_itself():
    """On hold in October: nothing is asked of it then; the day after, what stood before stands again, less those days."""
    hold = Hold(9, day("10/1"), day("10/31"), "設備の入替え")
    line = line_of(point(1, "8/1", step="訪問", step_on="8/20"), of=begun(holds=(hold,)))
    for on in ("10/1", "10/31"):
        assert (silent(line, on), steps(line, on)) == ([], [])
    assert [f.silence_days for f in silent(line, "11/1")] == [(date(2026, 11, 1) - date(2026, 8, 1)).days - 31]
    assert [f.overdue_days for f in steps(line, "11/1")] == [73]
