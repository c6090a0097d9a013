"""One deal's line as days on an axis, and the rows that draw it: its band, its contacts, its promised dates."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Literal, TypeAlias

from nippo_cli.base.dates import read_when
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.text import width
from nippo_cli.line.facts import DealSummary, Promise
from nippo_cli.render.draw import Canvas, Glyphs, Scale, Tone
from nippo_cli.render.parts import contacts_on, is_contact
from nippo_cli.render.timeline.bands import Band, bands, free_run
from nippo_cli.results.deals import DealLine
from nippo_cli.schema.schema import Schema

LaneMark: TypeAlias = Literal[
    "won", "lost", "short", "held", "contact", "several", "other", "first", "moved", "standing", "beyond", "child"
]

_LEAST_LABEL = 2
_MOST_COUNTED = 9
# What a shortened label had better not end with.
_LOOSE_ENDS = " ・･-/（(「"


class Lane(NamedTuple):
    """A line's days as its axis counts them, oldest first. `ends` says how each stay ended the deal, if it did."""

    starts: tuple[int, ...]
    ends: tuple[Literal["won", "lost"] | None, ...]
    end: int
    contacts: tuple[int, ...]
    others: tuple[int, ...]
    promises: tuple[int, ...]
    holds: tuple[tuple[int, int], ...]
    stalled: bool


class Label(NamedTuple):
    """A stay's stage and its length in words; the length is empty where it has none."""

    stage: str
    days: str

    def within(self, columns: int) -> str:
        """What of it fits: both, the name, or the name's beginning; at worst nothing."""
        for text in (f" {self.stage} {self.days} ", f"{self.stage} {self.days}", f" {self.stage} ", self.stage):
            if width(text) <= columns:
                return text
        return _beginning(self.stage, columns)


class Drawn(NamedTuple):
    """A row, the kinds of marks it uses, and the places of the stays whose length it does not show."""

    row: Canvas
    used: frozenset[LaneMark]
    untold: tuple[int, ...] = ()


def lane(deal: DealLine, day_0: int) -> Lane:
    """A deal's lane. Its days count from `day_0`: 0 on a calendar axis, the line's first day on an aligned one."""
    stages = deal.schema.stage_by_key
    # What is dated ahead has not happened yet.
    points = [p for p in deal.points if p.on <= deal.as_of]
    return Lane(
        starts=tuple(s.entered_on.toordinal() - day_0 for s in deal.line.stays),
        ends=tuple(stages[s.stage].ends if s.stage in stages else None for s in deal.line.stays),
        end=ends_on(deal.line.head, deal.schema, deal.as_of).toordinal() - day_0,
        contacts=tuple(on.toordinal() - day_0 for on in contacts_on(points)),
        others=tuple(e.on.toordinal() - day_0 for e in points if not is_contact(e)),
        promises=tuple(read_when(str(p.value)).last.toordinal() - day_0 for p in closes(deal.line.promises)),
        holds=tuple((h.first.toordinal() - day_0, h.last.toordinal() - day_0) for h in deal.line.head.holds),
        stalled=deal.status.stalled,
    )


def closes(promises: Sequence[Promise]) -> list[Promise]:
    """The expected closes among the promises, oldest first."""
    return [p for p in promises if p.what == "closes"]


def ends_on(head: DealSummary, schema: Schema, as_of: date) -> date:
    """Where a line ends: with the entry that closed the deal, else on the day that is asked about."""
    stage = schema.stage_by_key.get(head.stage)
    return head.entered_on if stage is not None and stage.ends else max(as_of, head.entered_on)


def band_row(axis: Scale, of: Lane, labels: Sequence[Label], marks: Glyphs) -> Drawn:
    """The stays as bands, each with its label inside as far as it fits; held days are hatched."""
    row = Canvas(axis.columns + 1)
    held = _held(axis, of)
    used: set[LaneMark] = set()
    untold: list[int] = []
    place = 0
    for band in bands(axis, of.starts, of.end):
        ended = [e for e in (of.ends[i] for i in band.stays) if e]
        if ended:
            used.add(ended[-1])
            won = ended[-1] == "won"
            row.put(band.start, marks.won if won else marks.lost, "good" if won else "bad")
            row.put(band.start + 1, marks.ended * (band.stop - band.start - 1), "dim")
            untold.extend(i for i in band.stays if not of.ends[i])
        elif band.short:
            used.add("short")
            row.put(band.start, marks.short if len(band.stays) == 1 else marks.knot)
            untold.extend(band.stays)
        else:
            tone: Tone = "warn" if of.stalled and band.stays[0] == len(of.starts) - 1 else "plain"
            measured = _draw_band(
                row, band, labels[band.stays[0]], _Paint(marks.fills[place % 2], tone, marks.held, held)
            )
            untold.extend(() if measured else band.stays)
            place += 1
    if marks.held in row.text() and held:
        used.add("held")
    return Drawn(row, frozenset(used), tuple(untold))


class _Paint(NamedTuple):
    """What a band is drawn with: its fill, and the hatch over the columns on hold."""

    fill: str
    tone: Tone
    hatch: str
    held: Sequence[tuple[int, int]]


def _draw_band(row: Canvas, band: Band, label: Label, paint: _Paint) -> bool:
    """Fill a band, hatch what is held, and lay the label beside the hatch; whether it shows the length."""
    row.put(band.start, paint.fill * (band.stop - band.start), paint.tone)
    for start, stop in paint.held:
        inside = range(max(start, band.start), min(stop, band.stop))
        row.put(inside.start, paint.hatch * len(inside), "dim")
    # The first column keeps its fill, so that the edge between two bands is always seen.
    start, stop = free_run(band.start + 1, band.stop, paint.held)
    text = label.within(stop - start)
    row.put(start, text, "strong" if paint.tone == "plain" else paint.tone)
    return bool(label.days) and label.days in text


def _held(axis: Scale, of: Lane) -> list[tuple[int, int]]:
    """The columns of the holds up to the line's end, as (first, after last)."""
    return [
        (axis.column(first), axis.column(min(last, of.end)) + 1)
        for first, last in of.holds
        if last >= axis.first and first <= of.end
    ]


def contact_row(axis: Scale, of: Lane, marks: Glyphs) -> Drawn:
    """A mark where the customer was met, a digit where that happened more than once, a small one for the rest."""
    row = Canvas(axis.columns + 1)
    used: set[LaneMark] = set()
    for column, times in Counter(axis.column(day) for day in of.contacts).items():
        used.add("contact" if times == 1 else "several")
        row.put(column, marks.contact if times == 1 else str(times) if times <= _MOST_COUNTED else marks.many)
    for day in of.others:
        if row.blank(axis.column(day), axis.column(day) + 1):
            used.add("other")
            row.put(axis.column(day), marks.other, "dim")
    return Drawn(row, frozenset(used))


def promise_row(axis: Scale, of: Lane, marks: Glyphs) -> Drawn:
    """The first promised close, an arrow head for each move, and the standing one."""
    row = Canvas(axis.columns + 1)
    if not of.promises:
        return Drawn(row, frozenset())
    used: set[LaneMark] = {"standing"}
    columns = [axis.column(day) for day in of.promises]
    row.put(min(columns), marks.dash * (max(columns) - min(columns)), "dim")
    for before, after, column in zip(of.promises, of.promises[1:], columns[1:], strict=False):
        later = after >= before
        used.add("moved")
        # The last head stands beside the standing date, not under it.
        spot = column if after is not of.promises[-1] else column - 1 if later else column + 1
        if not row.blank(spot, spot + 1) or marks.dash not in (" ", row.text()[spot : spot + 1]):
            row.put(spot, marks.push if later else marks.pull, "warn" if later else "plain")
    if len(columns) > 1:
        used.add("first")
        row.put(columns[0], marks.first)
    off = of.promises[-1] > axis.last
    if off:
        used.add("beyond")
    row.put(columns[-1], marks.beyond if off else marks.promised, "strong")
    return Drawn(row, frozenset(used))


def child_row(axis: Scale, begins: int, ends: int, label: str, marks: Glyphs) -> Canvas:
    """A deal that began from this one: a thin band with its name inside, else beside it."""
    row = Canvas(axis.columns + 1)
    start, stop = axis.column(begins), axis.column(ends) + 1
    row.put(start, marks.child + marks.dash * (stop - start - 1))
    room = width(label)
    if room + 1 < stop - start:
        row.put(start + 2, f" {label} " if room + 3 < stop - start else label)
    elif stop + 1 + room <= row.columns:
        row.put(stop + 1, label)
    elif room < start:
        row.put(start - room - 1, label)
    else:
        row.put(start + 1, label)
    return row


def _beginning(text: str, columns: int) -> str:
    if columns < _LEAST_LABEL:
        return ""
    taken = ""
    for mark in text:
        if width(taken + mark) > columns:
            break
        taken += mark
    return taken.rstrip(_LOOSE_ENDS) or taken
