"""A deal's promised closes as a staircase: on which day which close was promised, and how far each move went."""

from collections.abc import Sequence

from nippo_cli.base.dates import When, read_when
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.language import t
from nippo_cli.line.facts import Promise
from nippo_cli.render.draw import Column, Picture, Table
from nippo_cli.render.draw.marks import DotMark, LineMark, PictureMark, PicturePoint
from nippo_cli.render.parts import words
from nippo_cli.render.parts.calendar_axis import day_axis
from nippo_cli.results.deals import DealPage

_UPRIGHT = 40


class _PromisedClose(NamedTuple):
    """A promise: the ordinal of the day on which it was made, the day promised, and how far that moved."""

    made_on: int
    promise: Promise
    closes: When


def pictures(result: DealPage) -> list[Picture]:
    """The picture, where a close was promised and moved."""
    said = [
        _PromisedClose(p.made_on.toordinal(), p, read_when(str(p.value)))
        for p in result.line.promises
        if p.what == "closes"
    ]
    if len(said) < 2:
        return []
    ends = max(said[-1].made_on, (result.line.head.closed_on or result.as_of).toordinal())
    closes = [one.closes.last.toordinal() for one in said]
    steps: list[PicturePoint] = [(said[0].made_on, closes[0])]
    for one, close in zip(said[1:], closes[1:], strict=True):
        steps += [(one.made_on, steps[-1][1]), (one.made_on, close)]
    steps.append((ends, closes[-1]))
    across, upright = day_axis(said[0].made_on, ends), day_axis(min(closes), max(closes), columns=_UPRIGHT)
    marks: list[PictureMark] = [
        *_line_of_the_day(max(across.low, upright.low), min(ends, upright.high)),
        LineMark(steps, "first"),
    ]
    marks += [
        DotMark(
            one.made_on, close, "open" if n == 0 else "diamond", "ink", words.when(one.closes, result.as_of), _move(one)
        )
        for n, (one, close) in enumerate(zip(said, closes, strict=True))
    ]
    return [
        Picture(
            _title(result, said), "\n".join(f"{words.day(one.promise.made_on)}: {_close(one)} {_move(one)}".rstrip() for one in said),
            across._replace(high=max(ends, across.low + 1), label=t("deal.promises_made")), marks,
            y=upright._replace(label=t("deal.closes")), table=_table(said),
        )
    ]  # fmt: skip


def _line_of_the_day(first: float, last: float) -> list[PictureMark]:
    """Where the promised day would be the day itself: what stands on it has come due."""
    return (
        [LineMark([(first, first), (last, last)], "quiet", dashed=True, label=t("deal.promises_due"))]
        if first < last
        else []
    )


def _title(result: DealPage, said: Sequence[_PromisedClose]) -> str:
    head = result.line.head
    moved = sum(bool(one.promise.move) for one in said[1:])
    first, last = (words.when(said[at].closes, result.as_of) for at in (0, -1))
    return words.counted("deal.promises_title", moved, first=first, last=last, days=f"{head.slip_days or 0:+,}")


def _close(one: _PromisedClose) -> str:
    return words.when(one.closes)


def _move(one: _PromisedClose) -> str:
    return t("deal.promises_moved", days=f"{one.promise.move:+,}") if one.promise.move else ""


def _table(said: Sequence[_PromisedClose]) -> Table:
    columns = [
        Column("made_on", t("deal.promises_made")), Column("closes", t("deal.closes")),
        Column("move", t("deal.promises_move"), right=True),
    ]  # fmt: skip
    return Table(columns, [[words.day(one.promise.made_on), _close(one), _move(one)] for one in said])
