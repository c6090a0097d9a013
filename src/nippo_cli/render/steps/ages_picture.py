"""How long the live deals have been in their stage, against how long those before them stayed there."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.line.steps import StageSteps
from nippo_cli.render.draw import Block, Cell, Column, Picture, Prose, Span, Table
from nippo_cli.render.draw.marks import BarMark, DotMark, LegendEntry, PictureMark, PictureRow
from nippo_cli.render.draw.picture_text import draw_rows
from nippo_cli.render.draw.scales import number_axis
from nippo_cli.render.parts import words
from nippo_cli.render.steps.behind import StepLists
from nippo_cli.results.steps import LiveDealAge, StepsPage

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

# Of fewer stays that ended a stage has no percentiles.
_LEAST = 5


class _StageAges(NamedTuple):
    """A stage with its live deals, the longest there first; `beyond` of them for longer than nine in ten before them stayed."""

    stage: StageSteps
    label: str
    live: Sequence[LiveDealAge]
    name: str
    beyond: int | None


def pictures(result: StepsPage, screen: "Screen", lists: StepLists) -> list[Picture]:
    """A row a stage in which deals stand: bands up to the median, the 75th and the 90th percentile of the stays that ended in the window,
    and a dot a live deal. None where no deal is live."""
    rows = list(_ages(result))
    if not rows:
        return []
    longest = max(one.live[0].days for one in rows)
    compared = [one for one in rows if one.beyond is not None]
    most = max(longest, *(one.stage.p90_days or 0 for one in compared), 1)
    picture = Picture(
        _title(rows), "\n".join(map(_ages_text, rows)),
        number_axis(0, most, words.days_short, least_step=1),
        [mark for at, one in enumerate(rows) for mark in _marks(at, one)],
        [PictureRow(one.label, _note(one)) for one in rows],
        legend=[*(_bands() if compared else ()), *_dots(rows)],
        table=_table(rows, lists),
    )  # fmt: skip
    return [picture._replace(drawn=draw_rows(picture, screen))]


def blocks(result: StepsPage, screen: "Screen", lists: StepLists) -> list[Block]:
    """The picture, whose numbers lead where those of its stages do; where it is drawn in letters, what it shows stands above it."""
    shown: list[Block] = []
    for one in pictures(result, screen, lists):
        shown += [one] if screen.pictures else [Prose(Span(one.title, "strong")), one]
    return shown


def _bands() -> Iterator[LegendEntry]:
    yield LegendEntry(t("show.steps.ages_50"), "third")
    yield LegendEntry(t("show.steps.ages_75"), "pale")
    yield LegendEntry(t("show.steps.ages_90"), "second")


def _dots(rows: Sequence[_StageAges]) -> Iterator[LegendEntry]:
    """What a point stands for; of a deal that a list found in its stage, that it has been there for at least so long."""
    lasting = [one for row in rows for one in row.live]
    if not all(one.at_least for one in lasting):
        yield LegendEntry(t("show.steps.ages_deal"), "ink", "dot")
    if any(one.at_least for one in lasting):
        yield LegendEntry(t("show.steps.ages_least"), "ink", "later")


def _age(of: LiveDealAge) -> str:
    return words.stay_short(of.days, "unknown" if of.at_least else "known")


def _ages(result: StepsPage) -> Iterator[_StageAges]:
    names = {head.id: head.name for head in result.longest}
    by_stage: dict[str, list[LiveDealAge]] = {}
    for one in result.live_deals:
        by_stage.setdefault(one.stage, []).append(one)
    for stage in result.stages:
        if live := by_stage.get(stage.stage):
            known = stage.p90_days is not None and stage.timed >= _LEAST
            beyond = sum(one.days > (stage.p90_days or 0) for one in live) if known else None
            name = f"{show_id(live[0].deal)} {names[live[0].deal]}"
            yield _StageAges(stage, result.schema.stage_label(stage.stage), live, name, beyond)


def _marks(row: int, of: _StageAges) -> Iterator[PictureMark]:
    """The bands, then a dot for each day on which any deal stands; the longest is named where it is beyond all bands."""
    if of.beyond is not None:
        ends = (0.0, *_percentiles(of))
        for hue, start, stop in zip(("third", "pale", "second"), ends, ends[1:], strict=False):
            yield BarMark(row, start, stop, hue, part=(0.2, 0.8))  # type: ignore[arg-type]  # hues as they are
    first = of.live[0]
    for days, at_least in dict.fromkeys((one.days, one.at_least) for one in of.live):
        name = show_id(first.deal) if (days, at_least) == (first.days, first.at_least) and of.beyond else ""
        yield DotMark(days, row + 0.5, "later" if at_least else "dot", label=name)


def _percentiles(of: _StageAges) -> tuple[float, int, int]:
    return of.stage.median_days or 0.0, of.stage.p75_days or 0, of.stage.p90_days or 0


def _note(of: _StageAges) -> str:
    count = words.counted("show.deals.count", len(of.live))
    return count if not of.beyond else t("show.steps.ages_row", count=count, beyond=f"{of.beyond:,}")


def _title(rows: Sequence[_StageAges]) -> str:
    """How many have been there for longer than nine in ten before them; whose is the longest."""
    compared = [one for one in rows if one.beyond is not None]
    compared_deals, beyond = sum(len(one.live) for one in compared), sum(one.beyond or 0 for one in compared)
    if not compared_deals:
        return t("show.steps.ages_few", least=_LEAST)
    said = words.counted("show.steps.ages_title", compared_deals, beyond=f"{beyond:,}")
    if not beyond:
        return said
    longest = max((one for one in compared if one.beyond), key=lambda one: one.live[0].days)
    first = longest.live[0]
    days = words.stay_words(first.days, "unknown" if first.at_least else "known")
    return said + t("show.steps.ages_longest", deal=longest.name, stage=longest.label, days=days)


def _ages_text(of: _StageAges) -> str:
    days = t("show.comma").join(map(_age, of.live[:10]))
    if of.beyond is None:
        return f"{of.label}: {days}"
    p50, p75, p90 = _percentiles(of)
    bands = f"50% {words.number(p50)} 75% {p75:,} 90% {p90:,}"
    return f"{of.label} ({bands}, n={of.stage.timed:,}): {days}"


def _table(rows: Sequence[_StageAges], lists: StepLists) -> Table:
    """The table behind the picture: each stage's lengths, and how many deals stand beyond them."""
    columns = [
        Column("stage", t("show.head.stage"), flex=True),
        Column("n", t("show.steps.head_n"), right=True),
        Column("p50", t("show.steps.head_median"), right=True),
        Column("p75", t("show.steps.head_p75"), right=True),
        Column("p90", t("show.steps.head_p90"), right=True),
        Column("standing", t("show.steps.head_standing"), right=True),
        Column("beyond", t("show.steps.head_beyond"), right=True),
        Column("longest", t("show.steps.head_longest"), flex=True),
    ]
    return Table(columns, [_row(one, lists) for one in rows])


def _row(of: _StageAges, lists: StepLists) -> list[Cell]:
    """A stage's row in it."""
    first, known, stage = of.live[0], of.beyond is not None, of.stage
    beyond = {one.deal for one in of.live if known and one.days > (stage.p90_days or 0)}
    p50, p75, p90 = _percentiles(of)
    return [
        of.label, lists.timed(f"{stage.timed:,}", stage),
        t("show.days_short", n=words.number(p50)) if known else words.NOTHING,
        words.days_short(p75 if known else None), words.days_short(p90 if known else None),
        lists.figure(f"{len(of.live):,}", len(of.live), "standing", stage.stage),
        lists.beyond(f"{of.beyond:,}", stage, beyond) if of.beyond is not None else words.NOTHING,
        f"{of.name}  {_age(first)}",
    ]  # fmt: skip
