"""The time axis and the bands on it, as pure arithmetic."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from nippo_cli.base.text import width
from nippo_cli.render.draw.axis import (
    Scale,
    Tick,
    calendar_ticks,
    calendar_unit,
    count_ticks,
    scale,
    year_ticks,
)
from nippo_cli.render.draw.canvas import Canvas
from nippo_cli.render.timeline.bands import bands, free_run

_DAY_0 = date(2026, 1, 1).toordinal()

scales = st.builds(
    lambda first, length, columns: scale(first, first + length, columns),
    st.integers(_DAY_0 - 3000, _DAY_0 + 3000),
    st.integers(0, 5000),
    st.integers(20, 200),
)


@st.composite
def lines(draw: st.DrawFn) -> tuple[Scale, list[int], int]:
    """An axis, the days on which stays begin, and the last day of the last one."""
    axis = draw(scales)
    inside = st.integers(axis.first, axis.last)
    starts = sorted(draw(st.lists(inside, min_size=1, max_size=40)))
    return axis, starts, draw(st.integers(starts[-1], axis.last))


def _on(column_text: Tick) -> date:
    return date.fromordinal(column_text.day)


@given(scales)
def test_days_keep_their_order_and_every_day_has_a_column(axis: Scale) -> None:
    """A later day never stands left of an earlier one, and none leaves the axis."""
    columns = [axis.column(day) for day in range(axis.first, axis.last + 1)]
    assert columns == sorted(columns)
    assert columns[0] == 0
    assert 0 <= columns[-1] < axis.columns


@given(scales)
def test_a_day_off_the_axis_stands_at_its_edge(axis: Scale) -> None:
    """What lies before or after the axis is drawn at its end."""
    assert axis.column(axis.first - 400) == axis.column(axis.first)
    assert axis.column(axis.last + 400) == axis.column(axis.last)


def test_equal_days_take_equal_columns() -> None:
    """On an axis of one column a day, a stay of 30 days is 30 columns wide."""
    axis = scale(_DAY_0, _DAY_0 + 99, 100)
    assert axis.column(_DAY_0 + 60) - axis.column(_DAY_0 + 30) == 30


def test_one_day_is_stretched_to_two_weeks() -> None:
    """A deal of one day does not fill the screen."""
    axis = scale(_DAY_0, _DAY_0, 70)
    assert (axis.days, axis.column(_DAY_0 + 1)) == (14, 5)


def test_an_axis_that_ends_before_it_begins_is_refused() -> None:
    """Neither that nor an axis without a column can be drawn on."""
    with pytest.raises(ValueError, match="10"):
        scale(10, 9, 80)
    with pytest.raises(ValueError, match="10"):
        scale(10, 20, 0)


@given(scales)
def test_ticks_lie_on_the_axis_and_leave_room_for_their_labels(axis: Scale) -> None:
    """`├12月` takes four columns, `├Apr` as many, `├12 Mar` seven, `├2026年` seven."""
    for ticks in (calendar_ticks(axis), count_ticks(axis)):
        columns = [tick.column for tick in ticks]
        assert all(0 <= c < axis.columns for c in columns)
        need = {"day": 7, "month": 5, "year": 7, "count": 7}
        assert all(b.column - a.column >= need[a.unit] for a, b in pairwise(ticks))


@pytest.mark.parametrize(
    ("days", "unit"), [(60, "week"), (300, "month"), (900, "quarter"), (1500, "half"), (4000, "year")]
)
def test_the_longer_the_axis_the_coarser_its_ticks(days: int, unit: str) -> None:
    """At 78 columns: Mondays, months, quarters, half-years, years; single days where there is room for each."""
    assert calendar_unit(scale(_DAY_0, _DAY_0 + days - 1, 78))[0] == unit
    assert calendar_unit(scale(_DAY_0, _DAY_0, 138))[0] == "day"


def test_ticks_stand_on_mondays_and_on_the_first_of_months() -> None:
    """Weeks begin on Monday; quarters in January, April, July and October."""
    weeks = calendar_ticks(scale(_DAY_0, _DAY_0 + 59, 78))
    assert {_on(t).weekday() for t in weeks} == {0}
    quarters = calendar_ticks(scale(_DAY_0, _DAY_0 + 899, 78))
    assert [_on(t) for t in quarters][:3] == [date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1)]
    assert {_on(t).month for t in quarters} == {1, 4, 7, 10}


def test_years_are_named_where_they_begin() -> None:
    """The first at the left edge, the others on 1 January."""
    axis = scale(date(2025, 11, 5).toordinal(), date(2027, 2, 1).toordinal(), 90)
    assert [_on(t) for t in year_ticks(axis)] == [date(2025, 11, 5), date(2026, 1, 1), date(2027, 1, 1)]


def test_an_aligned_axis_counts_from_day_0() -> None:
    """0, 30, 60… days at 78 columns and 200 days."""
    assert [t.day for t in count_ticks(scale(0, 199, 78))] == [0, 30, 60, 90, 120, 150, 180]


def test_the_last_years_of_the_calendar_can_be_drawn() -> None:
    """A deal in 9999 has no next January."""
    axis = scale(date(9999, 6, 1).toordinal(), date.max.toordinal(), 78)
    assert calendar_ticks(axis)
    assert len(year_ticks(axis)) == 1


@given(lines())
def test_bands_cover_their_line_without_gap_or_overlap(line: tuple[Scale, list[int], int]) -> None:
    """From the column of the first stay to that of the last day, each column belongs to one band."""
    axis, starts, end = line
    found = bands(axis, starts, end)
    assert found[0].start == axis.column(starts[0])
    assert all(a.stop == b.start for a, b in pairwise(found))
    assert all(b.start < b.stop for b in found)
    assert axis.column(end) < found[-1].stop <= axis.columns + 1


@given(lines())
def test_no_stay_vanishes_and_their_order_is_kept(line: tuple[Scale, list[int], int]) -> None:
    """However short, each stay is in exactly one band, in order."""
    axis, starts, end = line
    assert [place for b in bands(axis, starts, end) for place in b.stays] == list(range(len(starts)))


@given(lines())
def test_a_band_is_at_most_a_column_off_its_days(line: tuple[Scale, list[int], int]) -> None:
    """The axis is honest: a short stay before it may take a band's first column, no more."""
    axis, starts, end = line
    for band in bands(axis, starts, end):
        assert 0 <= band.start - axis.column(starts[band.stays[0]]) <= 1


@given(lines())
def test_only_short_stays_share_a_band(line: tuple[Scale, list[int], int]) -> None:
    """A band of several stays says that they are short."""
    axis, starts, end = line
    assert all(b.short or len(b.stays) == 1 for b in bands(axis, starts, end))


@given(st.integers(0, 50), st.integers(1, 40), st.lists(st.tuples(st.integers(-5, 95), st.integers(0, 20))))
def test_a_label_keeps_off_what_is_taken(start: int, size: int, spans: list[tuple[int, int]]) -> None:
    """The run lies inside the band and touches no taken column, unless all are taken."""
    taken = [(a, a + n) for a, n in spans]
    columns = {c for a, b in taken for c in range(a, b)}
    first, after = free_run(start, start + size, taken)
    assert start <= first < after <= start + size
    if not set(range(start, start + size)) <= columns:
        assert not columns & set(range(first, after))
        free = "".join("x" if c in columns else " " for c in range(start, start + size))
        assert after - first == max(map(len, free.split("x")))


_TEXTS = st.text(st.sampled_from("ab提案▓●─・ｶ"), max_size=12)


@given(st.integers(1, 40), st.lists(st.tuples(st.integers(-4, 44), _TEXTS), max_size=8))
def test_a_canvas_keeps_its_width_whatever_is_put_on_it(columns: int, texts: list[tuple[int, str]]) -> None:
    """Full-width characters drawn over each other leave a row of the same display width."""
    row = Canvas(columns)
    for column, text in texts:
        row.put(column, text)
    assert width(row.text()) == columns
    drawn = "".join(part if isinstance(part, str) else part.text for part in row.run())
    assert drawn.rstrip() == row.text().rstrip()


def test_half_a_full_width_character_becomes_a_blank() -> None:
    """Neither half is left standing without the other."""
    row = Canvas(6)
    row.put(0, "提案書")
    row.put(1, "x")
    assert row.text() == " x案書"
    row.put(3, "y")
    assert row.text() == " x y書"


def test_what_reaches_over_the_edge_is_left_out() -> None:
    """A full-width character needs both its columns."""
    row = Canvas(3)
    row.put(2, "案")
    row.put(-1, "提a")
    assert row.text() == " a "
