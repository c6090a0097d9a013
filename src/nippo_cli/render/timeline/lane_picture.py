"""Lines on one time axis as a picture: what the rows of letters show, each day where it is."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import get_args

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.render.draw import Column, Picture, Run, Scale, Table
from nippo_cli.render.draw.glyphs import DRAWN
from nippo_cli.render.draw.marks import (
    BarMark,
    DotMark,
    DotShape,
    Hue,
    LegendEntry,
    LineMark,
    PictureMark,
    PictureRow,
    RuleMark,
)
from nippo_cli.render.parts import stay_days, words
from nippo_cli.render.parts.calendar_axis import day_axis
from nippo_cli.render.timeline import lane_words
from nippo_cli.render.timeline.lane import Lane, LaneMark, ends_on
from nippo_cli.results.deals import DealLine, TimelinePage

_BAND, _CONTACTS, _PROMISES = (0.04, 0.44), 0.62, 0.86
_SHAPES: Mapping[LaneMark, tuple[DotShape, Hue]] = {
    "won": ("star", "first"), "lost": ("cross", "ink"), "contact": ("dot", "ink"), "other": ("small", "quiet"), "first": ("open", "ink"),
    "moved": ("later", "ink"), "standing": ("diamond", "ink"),
}  # fmt: skip


def picture(
    result: TimelinePage, lanes: Sequence[Lane], axis: Scale, used: Collection[LaneMark], drawn: Sequence[Run]
) -> Picture:
    """Each line with its band, its contacts and its promised dates, the deals begun from it beneath.

    Args:
        axis: the days that the letters span.
        used: the marks that they use.
        drawn: the same in letters.
    """
    rows: list[PictureRow] = []
    marks: list[PictureMark] = []
    if not result.aligned and axis.first <= result.as_of.toordinal() <= axis.last:
        marks.append(RuleMark(result.as_of.toordinal(), t("timeline.today", day=words.day(result.as_of, result.as_of))))
    own = {deal.line.head.id for deal in result.lines}
    for deal, of in zip(result.lines, lanes, strict=True):
        marks += [*_lane(len(rows), deal, of), *_promises(len(rows) + _PROMISES, deal, of.promises, axis)]
        rows.append(PictureRow(_name(deal), lane_words.status_of(deal, DRAWN)[0], strong=True, height=3))
        day_0 = deal.line.head.began_on.toordinal() if result.aligned else 0
        for child in deal.children:
            if child.id not in own:
                ends = ends_on(child, deal.schema, deal.as_of).toordinal() - day_0
                marks.append(BarMark(len(rows), child.began_on.toordinal() - day_0, ends, "third", part=(0.3, 0.7)))
                rows.append(PictureRow(f"└ #{show_id(child.id)} {words.deal(child, beside=deal.line.head.customer)}"))
    days = day_axis(axis.first, axis.last, aligned=result.aligned)
    return Picture(
        _title(result), "\n".join(_lane_text(deal) for deal in result.lines), days, marks, rows,
        legend=list(_legend(used)), table=_table(result.lines), drawn=drawn, stacked=True,
    )  # fmt: skip


def small(of: Picture) -> Picture:
    """A picture of one line without what its title says too."""
    first, *others = of.rows
    return of._replace(rows=[first._replace(label="", note=""), *others], table=None, stacked=bool(others), small=True)


def _name(deal: DealLine) -> str:
    head = deal.line.head
    whose = t("show.dot").join(part for part in (head.customer, head.owner) if part)
    return f"#{show_id(head.id)} {head.name}  {whose}".rstrip()


def _lane(row: int, deal: DealLine, of: Lane) -> Iterator[PictureMark]:
    """The stays as bands, what is held hatched over them; contacts."""
    labels = lane_words.labels(deal)
    for at, (start, stop) in enumerate(pairwise((*of.starts, of.end))):
        last = at == len(of.starts) - 1
        label = f"{labels[at].stage} {labels[at].days}".rstrip()
        if ended := of.ends[at]:
            shape: DotShape = "star" if ended == "won" else "cross"
            yield DotMark(start, row + sum(_BAND) / 2, shape, "first" if ended == "won" else "ink", title=label)
        else:
            hue: Hue = "warn" if of.stalled and last else "third" if at % 2 else "pale"
            yield BarMark(row, start, stop, hue, label, label, _BAND, short=labels[at].stage)
    for first, after in of.holds:
        if after >= of.starts[0] and first <= of.end:
            yield BarMark(
                row, max(first, of.starts[0]), min(after, of.end), "held", title=t("timeline.legend_held"), part=_BAND
            )
    for days, shape, hue in ((of.others, "small", "quiet"), (of.contacts, "dot", "ink")):
        yield from (DotMark(day, row + _CONTACTS, shape, hue) for day in dict.fromkeys(days))


def _promises(y: float, deal: DealLine, days: Sequence[int], axis: Scale) -> Iterator[PictureMark]:
    """From the first promised day to the standing one, a head for each move between; one beyond the axis is named."""
    if not days:
        return
    yield LineMark([(min(days), y), (max(days), y)], "quiet", dashed=True)
    for before, after in pairwise(days[:-1]):
        yield DotMark(after, y, "later" if after >= before else "earlier")
    if len(days) > 1:
        yield DotMark(days[0], y, "open")
    beyond = days[-1] > axis.last
    yield DotMark(
        days[-1],
        y,
        "diamond",
        label=f"{DRAWN.beyond} {words.when(deal.line.head.closes, deal.as_of)}" if beyond else "",
    )


def _legend(used: Collection[LaneMark]) -> Iterator[LegendEntry]:
    for mark in get_args(LaneMark):
        if mark in used and mark in _SHAPES:
            shape, hue = _SHAPES[mark]
            yield LegendEntry(t(f"timeline.legend_{mark}"), hue, shape)
        elif mark in used and mark == "held":
            yield LegendEntry(t("timeline.legend_held"), "held")


def _title(result: TimelinePage) -> str:
    if len(result.lines) == 1:
        deal = result.lines[0]
        said = (f"#{show_id(deal.line.head.id)} {deal.line.head.name}", lane_words.status_of(deal, DRAWN)[0],
                lane_words.promises_in_words(deal, DRAWN))  # fmt: skip
        return "  ".join(filter(None, said))
    stalled = sum(deal.status.stalled for deal in result.lines)
    return words.counted("timeline.picture", len(result.lines), stalled=words.counted("landing.deals", stalled))


def _lane_text(deal: DealLine) -> str:
    """A line in words: its stays one after the other, and its promises."""
    stays = [f"{label.stage} {label.days}".rstrip() for label in lane_words.labels(deal)]
    return "  ".join(filter(None, (f"{_name(deal)}: {' ▸ '.join(stays)}", lane_words.promises_in_words(deal, DRAWN))))


def _table(lines: Sequence[DealLine]) -> Table:
    """Every stay with its days."""
    columns = [
        Column("deal", t("show.head.deal")), Column("stage", t("show.head.stage")), Column("from", t("show.steps.head_on")),
        Column("to", t("show.steps.head_left_on")), Column("days", t("timeline.head_days"), right=True),
    ]  # fmt: skip
    rows = [
        [
            f"#{show_id(deal.line.head.id)} {deal.line.head.name}", words.stage(deal.schema, stay.stage), words.day(stay.entered_on),
            words.day(stay.left_on) if stay.left_on else "", words.stay_short(stay_days(deal, stay), stay.arrival),
        ]
        for deal in lines for stay in deal.line.stays
    ]  # fmt: skip
    return Table(columns, rows)
