"""Lines on one time axis: a band for each stage, contacts under it, promised dates and how they moved.

How to read one: docs/timeline.md
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.base.text import visible, width
from nippo_cli.line.facts import DealSummary
from nippo_cli.render.draw import (
    Block,
    Canvas,
    Glyphs,
    Page,
    Renderer,
    Run,
    Scale,
    Span,
    TextLines,
    Tick,
    breaks,
    calendar_ticks,
    calendar_unit,
    count_ticks,
    scale,
    year_ticks,
)
from nippo_cli.render.draw.glyphs import glyphs
from nippo_cli.render.parts import contacts_on, stay_days, words
from nippo_cli.render.parts.calendar_axis import tick_label
from nippo_cli.render.timeline import lane_words
from nippo_cli.render.timeline.lane import (
    Lane,
    LaneMark,
    band_row,
    child_row,
    closes,
    contact_row,
    ends_on,
    lane,
    promise_row,
)
from nippo_cli.results.deals import DealLine, TimelinePage

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

LEAST_COLUMNS = 40
# Promised dates lengthen the axis by up to half of what happened; one further off stands at the edge, a sixth on.
_AHEAD_PART, _EDGE_PART = 2, 6
_LEAST_AHEAD_DAYS = 31
# From so many lines on the axis is drawn again under them.
_MANY_LINES = 6


class _Chart(NamedTuple):
    """What every row of a page shares."""

    page: TimelinePage
    axis: Scale
    marks: Glyphs
    lanes: Sequence[Lane]


def page(result: TimelinePage, screen: "Screen") -> Page:
    """The lines under each other, as wide as the screen."""
    title = t("timeline.title_aligned" if result.aligned else "timeline.title")
    note = t("show.as_of", day=words.day_name(result.as_of))
    if not result.lines:
        return Page([], title=title, note=note)
    chart = _chart(result, max(screen.columns, LEAST_COLUMNS), glyphs(ascii_only=screen.ascii))
    used: set[LaneMark] = set()
    ruler = _ruler_row(chart)
    rows: list[Run] = [_years_row(chart), ruler] if not result.aligned else [ruler]
    for deal, of in zip(result.lines, chart.lanes, strict=True):
        rows.extend(_deal_rows(chart, deal, of, used))
        rows.append(())
    if len(result.lines) >= _MANY_LINES:
        rows[-1:] = [ruler, ()]
    legend = lane_words.legend(used, chart.marks, chart.axis.columns)
    blocks: list[Block] = [TextLines(rows), TextLines(legend)]
    if screen.pictures:
        blocks = [_picture(chart, used, [*rows, *legend])]
    return Page(blocks, title=title, note=note)


def line_picture(deal: DealLine, columns: int) -> Block:
    """A single line as a small picture, for a page of many that has its marks explained, and its days in words below it.

    Args:
        columns: how wide the letters would be; by it dates far ahead are drawn at the edge.
    """
    from nippo_cli.render.timeline import lane_picture

    chart = _chart(TimelinePage(deal.as_of, deal.schema, [deal], aligned=False), columns, glyphs(ascii_only=False))
    return lane_picture.small(lane_picture.picture(chart.page, chart.lanes, chart.axis, (), ()))


def _picture(chart: _Chart, used: Collection[LaneMark], drawn: Sequence[Run]) -> Block:
    from nippo_cli.render.timeline import lane_picture

    return lane_picture.picture(chart.page, chart.lanes, chart.axis, used, drawn)


def to_json(result: TimelinePage) -> dict[str, object]:
    """The axis, and each line's bands, contacts, promises and holds with their days."""
    ends: tuple[object, object] = (None, None)
    if result.lines:
        ends = first, last = _range(result, [lane(deal, _day_0(result, deal)) for deal in result.lines])
        if not result.aligned:
            ends = (date.fromordinal(first).isoformat(), date.fromordinal(last).isoformat())
    return {
        "as_of": result.as_of.isoformat(),
        "axis": {"aligned": result.aligned, "from": ends[0], "to": ends[1], "unit": "day"},
        "lines": [_line_json(deal) for deal in result.lines],
    }


def _line_json(deal: DealLine) -> dict[str, object]:
    """A line as data: bands, contacts, promises, holds, up-sells."""
    from nippo_cli.render.parts import shapes

    head = deal.line.head
    end = ends_on(head, deal.schema, deal.as_of)
    return {
        "deal": {**shapes.deal(head), "stage": head.stage, "outcome": deal.status.outcome},
        "bands": [
            {
                "stage": stay.stage,
                "from": stay.entered_on.isoformat(),
                "to": (stay.left_on or end).isoformat(),
                "days": stay_days(deal, stay),
                "arrival": stay.arrival,
                "entry": show_id(stay.entry),
            }
            for stay in deal.line.stays
        ],
        "contacts": [on.isoformat() for on in contacts_on(deal.points) if on <= deal.as_of],
        "promises": [
            {"value": p.value, "made_on": p.made_on.isoformat(), "entry": show_id(p.entry), "move": p.move}
            for p in closes(deal.line.promises)
        ],
        "holds": [shapes.hold(h) for h in head.holds],
        "children": [
            {**shapes.deal(c), "from": c.began_on.isoformat(), "to": ends_on(c, deal.schema, deal.as_of).isoformat()}
            for c in deal.children
        ],
    }


def _chart(result: TimelinePage, columns: int, marks: Glyphs) -> _Chart:
    lanes = [lane(deal, _day_0(result, deal)) for deal in result.lines]
    first, last = _range(result, lanes)
    # One column is spare for a line that ends in two short stays, one keeps a terminal from wrapping.
    axis = scale(first, last, columns - 2)
    return _Chart(result, axis, marks, lanes)


def _day_0(result: TimelinePage, deal: DealLine) -> int:
    return deal.line.head.began_on.toordinal() if result.aligned else 0


def _range(result: TimelinePage, lanes: Sequence[Lane]) -> tuple[int, int]:
    """The first and the last day that the lines need of the axis."""
    first, last = min(of.starts[0] for of in lanes), max(of.end for of in lanes)
    for deal in result.lines:
        day_0 = _day_0(result, deal)
        happened = [deal.line.head.last_on, *(ends_on(c, deal.schema, deal.as_of) for c in deal.children)]
        last = max([last, *(on.toordinal() - day_0 for on in happened)])
    near, far = (last + max((last - first) // part, _LEAST_AHEAD_DAYS) for part in (_EDGE_PART, _AHEAD_PART))
    promised = [day if day <= far else near for of in lanes for day in of.promises]
    return first, max([last, *promised])


def _years_row(chart: _Chart) -> Run:
    """The years, and where today is."""
    row = Canvas(chart.axis.columns + 1)
    if calendar_unit(chart.axis)[0] != "year":
        for tick in year_ticks(chart.axis):
            label = t("timeline.year", year=date.fromordinal(tick.day).year)
            if row.blank(tick.column, tick.column + width(label) + 1):
                row.put(tick.column, label, "dim")
    today = chart.page.as_of.toordinal()
    if today <= chart.axis.last:
        column = chart.axis.column(today)
        within_a_year = date.fromordinal(chart.axis.first).year == date.fromordinal(chart.axis.last).year
        label = t("timeline.today", day=words.day(chart.page.as_of, chart.page.as_of if within_a_year else None))
        before = column - width(label)
        row.put(before - 1 if before > 0 else column + 1, f" {label}" if before > 0 else f"{label} ")
        row.put(column, chart.marks.today, "strong")
    return row.run()


def _ruler_row(chart: _Chart) -> Run:
    """The axis with a label behind each tick."""
    axis, marks = chart.axis, chart.marks
    ticks = count_ticks(axis) if chart.page.aligned else calendar_ticks(axis)
    row = Canvas(axis.columns + 1)
    row.put(0, marks.rule * axis.columns, "dim")
    row.put(0, marks.tick, "dim")
    if not chart.page.aligned and ticks and ticks[0].column > 0:
        label = tick_label(Tick(0, axis.first, "day"))
        if width(label) + 1 < ticks[0].column:
            row.put(1, label)
    for tick in ticks:
        label = tick_label(tick)
        row.put(tick.column, marks.tick, "dim")
        if tick.column + 1 + width(label) <= axis.columns:
            row.put(tick.column + 1, label)
    return row.run()


def _deal_rows(chart: _Chart, deal: DealLine, of: Lane, used: set[LaneMark]) -> list[Run]:
    """A line's rows: its title, band, contacts, promises, its numbers where the band can't show them, its children."""
    axis, marks = chart.axis, chart.marks
    labels = lane_words.labels(deal)
    band = band_row(axis, of, labels, marks)
    contacts = contact_row(axis, of, marks)
    promised = promise_row(axis, of, marks)
    for drawn in (band, contacts, promised):
        used |= drawn.used
    drawn_rows = [band.row, contacts.row]
    said = lane_words.promises_in_words(deal, marks)
    spare: list[Run] = []
    if promised.used:
        if not _beside(promised.row, said):
            spare = [(Span(said[start:stop], "dim"),) for start, stop in breaks(said, axis.columns)]
        drawn_rows.append(promised.row)
    for row in drawn_rows:
        _thread(chart, row)
    rows = lane_words.title(deal, marks, axis.columns, aligned=chart.page.aligned)
    rows.extend(row.run() for row in drawn_rows)
    if band.untold:
        rows.extend(lane_words.numbers(deal, labels, marks, axis.columns))
    rows.extend(spare)
    rows.extend(_child_rows(chart, deal, used))
    return rows


def _beside(row: Canvas, text: str) -> bool:
    """Lay a text behind what the row holds, else before it; whether it had room."""
    drawn = row.text()
    used = width(drawn.rstrip())
    size = width(text)
    before = width(drawn) - width(drawn.lstrip())
    if used + 2 + size <= row.columns:
        row.put(used + 2, text, "dim")
    elif size + 2 <= before:
        row.put(before - 2 - size, text, "dim")
    else:
        return False
    return True


def _thread(chart: _Chart, row: Canvas) -> None:
    """Today, as a thread down the page where nothing else stands."""
    today = chart.page.as_of.toordinal()
    if not chart.page.aligned and today <= chart.axis.last:
        row.put_if_blank(chart.axis.column(today), chart.marks.thread, "dim")


def _child_rows(chart: _Chart, deal: DealLine, used: set[LaneMark]) -> list[Run]:
    """The deals begun from this one, but those that have a line of their own on the page."""
    own = {other.line.head.id for other in chart.page.lines}
    day_0 = _day_0(chart.page, deal)
    rows = []
    for child in deal.children:
        if child.id in own:
            continue
        used.add("child")
        begins, ends = child.began_on, ends_on(child, deal.schema, deal.as_of)
        label = _child_label(deal, child, (ends - begins).days)
        row = child_row(chart.axis, begins.toordinal() - day_0, ends.toordinal() - day_0, label, chart.marks)
        _thread(chart, row)
        rows.append(row.run())
    return rows


def _child_label(deal: DealLine, child: DealSummary, days: int) -> str:
    stage = deal.schema.stage_label(child.stage)
    return visible(
        f"#{show_id(child.id)} {words.deal(child, beside=deal.line.head.customer)} {stage} {words.days_short(days)}"
    )


RENDERER = Renderer(TimelinePage, page=page, to_json=to_json, rows="lines")
