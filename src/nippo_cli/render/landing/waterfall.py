"""The bridge as a waterfall: the earlier sum, each change from where the one before it ended, the sum of today."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.language import t
from nippo_cli.landing.bridge import Bridge
from nippo_cli.render.draw import Picture
from nippo_cli.render.draw.marks import BarMark, LineMark, PictureMark, PictureRow, RuleMark
from nippo_cli.render.draw.scales import number_axis
from nippo_cli.render.landing import beneath
from nippo_cli.render.parts import AmountUnit, words
from nippo_cli.results.landing import LandingPage

# Of more changes than this each kind is one bar.
_MOST = 16


class _Step(NamedTuple):
    """A bar: its deal, or its kind of change; what was done stands in its words, and in the table below."""

    label: str
    amount: int
    change: str = ""


def pictures(result: LandingPage, unit: AmountUnit) -> list[Picture]:
    """The picture; none where nothing moved the sum. Its numbers are those of the table that stands below it."""
    crossed = result.bridge
    if crossed is None:
        return []
    steps = _steps(crossed, result)
    sums = (crossed.before, crossed.after, *(step.amount for step in steps))
    # Of less than half a unit there is nothing to be seen.
    if not steps or all(unit.show(amount) == unit.show(0) for amount in sums):
        return []
    day = words.day(crossed.since, result.as_of)
    rows = [
        PictureRow(t("landing.before", day=day), unit.show(crossed.before), strong=True),
        *(PictureRow(step.label, unit.show(step.amount, signed=True)) for step in steps),
        PictureRow(t("landing.after"), unit.show(crossed.after), strong=True),
    ]
    levels = [crossed.before]
    for step in steps:
        levels.append(levels[-1] + step.amount)
    axis = number_axis(min(0, *levels), max(0, *levels), unit.show, label=unit.name, least_step=unit.size)
    title = t("show.dot").join(filter(None, (_title(crossed, day, unit), beneath.finding_of(crossed, result))))
    marks = list(_marks(levels, crossed.after))
    changes = ["", *(step.change for step in steps), ""]
    said = (f"{change} {row.label} {row.note}".strip() for change, row in zip(changes, rows, strict=True))
    return [Picture(title, t("show.comma").join(said), axis, marks, rows)]


def _title(crossed: Bridge, day: str, unit: AmountUnit) -> str:
    after = unit.show(crossed.after)
    if crossed.before == crossed.after:
        return t("landing.bridge_same", day=day, after=after, unit=unit.name)
    difference = unit.show(crossed.after - crossed.before, signed=True)
    return t(
        "landing.bridge_from_to",
        day=day, before=unit.show(crossed.before), after=after, difference=difference, unit=unit.name,
    )  # fmt: skip


def _steps(crossed: Bridge, result: LandingPage) -> Sequence[_Step]:
    """A step a deal; of very many, one a kind of change."""
    moving = [part for part in crossed.parts if part.amount]
    if len(moving) <= _MOST:
        return [_Step(beneath.deal_of(part, result), part.amount, beneath.change_of(part)) for part in moving]
    return [
        _Step(f"{t(f'landing.change_{one.change}')} {words.counted('landing.deals', one.parts)}", one.amount)
        for one in crossed.by_change()
    ]


def _marks(levels: Sequence[int], after: int) -> Iterator[PictureMark]:
    """The bars, and from each to the next a line: `levels` is the sum before the first change and after each."""
    yield BarMark(0, 0, levels[0], "total")
    for row, (was, now) in enumerate(pairwise(levels), start=1):
        yield BarMark(row, was, now, "first" if now >= was else "second")
    yield BarMark(len(levels), 0, after, "total")
    for row, level in enumerate(levels):
        yield LineMark([(level, row + 0.15), (level, row + 1.85)], "quiet")
    yield RuleMark(0)
