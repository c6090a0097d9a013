"""Since when a finding stands, against asking again on every day before: the line drawn from what was there by then."""

from datetime import date, timedelta

from hypothesis import example, given, strategies as st
from lines import AGREEMENT, line_of, point

from nippo_cli.gaps.fizzled import fizzled
from nippo_cli.gaps.mirage import Mirage, mirages
from nippo_cli.gaps.next import without_next
from nippo_cli.line.facts import DealEvent
from nippo_cli.line.norm import Quiet
from nippo_cli.line.slip import Slips
from nippo_cli.line.span import ClosedDays
from nippo_cli.schema.schema import Closure

FIRST = date(2026, 1, 5)
REST = ClosedDays([Closure("連休", "01-20", "01-24"), Closure("休業", "02-27", "03-03")])
SLIPS = Slips(AGREEMENT._replace(slip=9), dict)

# So many days after the entry before; a promised close and a next step so many days from the first entry, or none.
entries = st.lists(
    st.tuples(st.integers(0, 25), st.none() | st.integers(10, 80), st.none() | st.integers(5, 80)),
    min_size=1,
    max_size=6,
)


def drawn(told: list[tuple[int, int | None, int | None]]) -> list[DealEvent]:
    """Points of a live deal, each a contact."""
    on, points = FIRST, []
    for number, (later, closes, step) in enumerate(told, 1):
        on += timedelta(days=later)
        points.append(
            point(
                number,
                on.isoformat(),
                closes=_iso(closes),
                step="訪問" if step is not None else None,
                step_on=_iso(step),
            )
        )
    return points


def _iso(days: int | None) -> str | None:
    return None if days is None else (FIRST + timedelta(days=days)).isoformat()


def every_day(points: list[DealEvent], later: int) -> list[date]:
    """The days from the first entry to so many after the last."""
    first = points[0].on
    return [first + timedelta(days=n) for n in range((points[-1].on - first).days + later + 1)]


def by(points: list[DealEvent], on: date):
    """The line as it stood at the end of a day."""
    return line_of(*(p for p in points if p.on <= on))


def mirage_on(points: list[DealEvent], on: date) -> Mirage | None:
    """What is found on a day."""
    line = by(points, on)
    closes = [p for p in line.promises if p.what == "closes"]
    found, _ = mirages([line.head], lambda _: {line.head.id: closes}, SLIPS, as_of=on, since=FIRST)
    return found[0] if found else None


def run_began(days: list[date], holds: list[bool]) -> date:
    """The first day of the run of days, up to the last, on which something holds."""
    began = days[-1]
    for day, there in zip(reversed(days), reversed(holds), strict=True):
        if not there:
            break
        began = day
    return began


@given(entries, st.integers(0, 40))
@example([(0, 10, None), (0, 20, None), (1, 10, None), (0, 20, None)], 0)
def test_a_mirage_began_on_the_day_its_longest_standing_sign_did(told, later: int):
    """Sign by sign: the first of the days without a break on which it was found; the earliest of those that stand."""
    points = drawn(told)
    days = every_day(points, later)
    daily = [mirage_on(points, day) for day in days]
    last = daily[-1]
    if last is not None:
        runs = [run_began(days, [m is not None and sign in m.signs for m in daily]) for sign in last.signs]
        assert last.began_on == min(runs)


@given(entries, st.integers(0, 60), st.integers(5, 20))
def test_a_deal_fizzled_on_the_first_day_it_was_found_so(told, later: int, quiet: int):
    """Day by day, closed days in it or not."""
    points = drawn(told)
    days = every_day(points, later)
    daily = [
        fizzled([by(points, day).head], Quiet(quiet, "schema", 0), REST, as_of=day, since=FIRST)[0] for day in days
    ]
    if daily[-1]:
        assert daily[-1][0].began_on == run_began(days, [bool(found) for found in daily])


@given(entries, st.integers(0, 60), st.integers(0, 3))
def test_a_step_is_overdue_since_the_first_day_it_was_found_so(told, later: int, grace: int):
    """Day by day, over week-ends and closed days."""
    points = drawn(told)
    days = every_day(points, later)
    daily = [without_next([by(points, day).head], grace, REST, as_of=day, since=FIRST)[0] for day in days]
    if daily[-1] and daily[-1][0].why == "overdue":
        run = run_began(days, [bool(found) and found[0].why == "overdue" for found in daily])
        # The step is that of the last contact, however late the one before it was.
        assert daily[-1][0].began_on == max(run, points[-1].on)
