"""Fates by days since the first contact, one area on the other: what share was won, was lost, went quiet, still goes on."""

from collections.abc import Mapping, Sequence

from nippo_cli.base.language import t
from nippo_cli.lessons.fates import ENDS, MARKS, FatesLesson, Mark
from nippo_cli.line.incidence import IncidenceStep
from nippo_cli.render.draw import Picture, Run
from nippo_cli.render.draw.marks import AreaMark, AxisTick, Hue, LineMark, PictureAxis, PicturePoint
from nippo_cli.render.parts import words

_HUES: Mapping[str, Hue] = {"won": "first", "lost": "second", "fizzled": "third"}


def picture(lesson: FatesLesson, last_day: int, drawn: Sequence[Run]) -> Picture:
    """The areas up to a day, each named with its share on that day. Days' numbers stand in the table beside it.

    Args:
        drawn: the same in letters.
    """
    steps = [step for step in lesson.steps if step.day <= last_day]
    reached: Mapping[str, float] = steps[-1].reached if steps else dict.fromkeys(ENDS, 0.0)
    marks: list[AreaMark] = []
    below = [(x, 0.0) for x, _ in _stairs(steps, (), last_day)]
    for at, end in enumerate(ENDS, start=1):
        upper = _stairs(steps, ENDS[:at], last_day)
        marks.append(AreaMark(upper, below, _HUES[end], _named(t(f"show.outcome.{end}"), reached[end])))
        below = upper
    rest = max(0.0, 1 - sum(reached.values()))
    marks.append(AreaMark([(x, 1.0) for x, _ in below], below, "blank", _named(t("lessons.head.going_on"), rest)))
    bands = _band(steps, last_day)
    days = [AxisTick(day, words.days_short(day)) for day in (0, *MARKS) if day <= last_day]
    if days[-1].at != last_day:
        days.append(AxisTick(last_day, words.days_short(last_day)))
    shares = [AxisTick(n / 4, f"{n * 25}%") for n in range(5)]
    return Picture(
        _title(reached, rest, last_day), "\n".join(_mark_text(mark) for mark in lesson.marks if mark.reached),
        PictureAxis(0, last_day, days), [*marks, *bands], y=PictureAxis(0, 1, shares), drawn=drawn,
    )  # fmt: skip


def _stairs(steps: Sequence[IncidenceStep], ends: Sequence[str], last_day: int) -> list[PicturePoint]:
    """The share that has come to any of some ends, day by day: it leaps on the day of a step."""
    points: list[PicturePoint] = [(0.0, 0.0)]
    for step in steps:
        points += [(step.day, points[-1][1]), (step.day, sum(step.reached[end] for end in ends))]
    return [*points, (last_day, points[-1][1])]


def _band(steps: Sequence[IncidenceStep], last_day: int) -> list[LineMark]:
    """Between which shares the orders lie with 95 %; named on the last day."""
    known = [(step.day, step.bounds["won"]) for step in steps if "won" in step.bounds]
    if not known:
        return []
    low, high = ([(day, bounds[at]) for day, bounds in known] for at in (0, 1))
    label = t("lessons.fates.band", low=words.percent(low[-1][1]), high=words.percent(high[-1][1]))
    lines = [[*_leaps(points), (last_day, points[-1][1])] for points in (low, high)]
    # A light line beneath, so that it is read on dark and on light areas.
    return [
        *(LineMark(line, "halo") for line in lines), LineMark(lines[0], dashed=True),
        LineMark(lines[1], dashed=True, label=label),
    ]  # fmt: skip


def _leaps(points: Sequence[PicturePoint]) -> list[PicturePoint]:
    """Each value until the day of the next."""
    shown = [points[0]]
    for day, value in points[1:]:
        shown += [(day, shown[-1][1]), (day, value)]
    return shown


def _named(end: str, share: float) -> str:
    return t("lessons.fates.end", end=end, share=words.percent(share))


def _title(reached: Mapping[str, float], rest: float, day: int) -> str:
    shares = {end: words.percent(reached[end]) for end in ENDS}
    return t("lessons.fates.picture", day=words.days_short(day), rest=words.percent(rest), **shares)


def _mark_text(mark: Mark) -> str:
    shares = dict(mark.reached or {})
    return _title(shares, max(0.0, 1 - sum(shares.values())), mark.day)
