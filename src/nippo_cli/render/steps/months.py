"""`nippo steps --by month`: each stage at the ends of the last months, as it was known then."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from nippo_cli.base.language import t
from nippo_cli.line.months import MonthCell as StageMonth, MonthEnd
from nippo_cli.render.draw import Block, Cell, Column, Heading, Page, Prose, Renderer, Span, Table
from nippo_cli.render.parts import left_out, no_deals, shapes, words
from nippo_cli.render.steps.behind import MonthLists
from nippo_cli.results.steps import StepsMonths

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen


# How many months before the last one each column of standing deals looks.
_BACK = (12, 6, 3)


def page(result: StepsMonths, screen: "Screen") -> Page:
    """Standing deals with their trend, what came and went in each month, and the months in full."""
    title, note = t("show.steps.title_months"), t("show.steps.months_note")
    stages = _stages(result)
    if not stages:
        nothing = no_deals(filtered=True) if result.filtered else [Prose(t("show.steps.months_empty"))]
        return Page([*nothing, *left_out(result.left_out, result.left_out_behind, result.as_of)], title, note)
    lists = MonthLists(result)
    blocks: list[Block] = [
        Heading(t("show.steps.standing")),
        _in_stages(result, stages, screen, lists),
        *(_picture(result, stages, lists) if screen.pictures else ()),
        Heading(t("show.steps.moves"), t("show.steps.moves_note", month=_month(result.months[-1]))),
        _moves(result, stages, screen, lists),
        Heading(t("show.steps.months")),
        _months(result, lists),
        Prose(Span(t("show.steps.trend_rule"), "dim")),
        *lists.blocks(),
    ]
    return Page([*blocks, *left_out(result.left_out, result.left_out_behind, result.as_of)], title, note)


def _picture(result: StepsMonths, stages: Sequence[str], lists: MonthLists) -> Sequence[Block]:
    from nippo_cli.render.steps import month_picture

    return month_picture.pictures(result, stages, lists)


def to_json(result: StepsMonths) -> dict[str, object]:
    """The months with their totals, then each stage of each month in which anything was."""
    stages = _stages(result)
    return {
        "as_of": result.as_of.isoformat(),
        "currency": shapes.currency(result.schema.currency),
        "months": [{"on": m.on.isoformat(), "live": m.live, "amount": m.amount} for m in result.months],
        "stages": [
            {
                "on": month.on.isoformat(), "stage": stage, "standing": cell.live, "amount": cell.amount,
                "in": cell.entered, "out": cell.left, "won": cell.won,
            }
            for month in result.months
            for stage in stages
            if any(cell := month.of(stage))
        ],
        "left_out": dict(result.left_out),
    }  # fmt: skip


def _stages(result: StepsMonths) -> list[str]:
    """The stages in which anything ever was."""
    there = {key for month in result.months for key in month.stages}
    known = [s.key for s in result.schema.stages]
    return [*(key for key in known if key in there), *sorted(there - set(known))]


def _in_stages(result: StepsMonths, stages: Sequence[str], screen: "Screen", lists: MonthLists) -> Table:
    """How many deals stood in each stage at the month-ends, as a trend and in figures."""
    months, currency = result.months, result.schema.currency
    picked = [*(months[-1 - back] for back in _BACK), months[-1]]
    heads = [*(t(f"show.steps.back_{back}") for back in _BACK), _month(months[-1])]
    columns = [
        Column("stage", t("show.head.stage"), flex=True),
        Column("trend", t("show.steps.head_trend")),
        *(Column(month.on.isoformat(), head, right=True) for month, head in zip(picked, heads, strict=True)),
        Column("amount", t("show.head.amount"), right=True),
    ]
    rows: list[list[Cell]] = []
    for stage in stages:
        cells = [month.of(stage) for month in months]
        if any(cell.live for cell in cells):
            rows.append([
                words.stage(result.schema, stage),
                spark([cell.live for cell in cells], ascii_only=screen.ascii),
                *(lists.figure(f"{month.of(stage).live:,}", month, "live", stage) for month in picked),
                words.money(cells[-1].amount or None, currency),
            ])  # fmt: skip
    live = [month.live for month in months]
    rows.append([
        Span(t("show.steps.all"), "strong"),
        spark(live, ascii_only=screen.ascii),
        *(lists.figure(f"{month.live:,}", month, "live", *stages) for month in picked),
        words.money(months[-1].amount or None, currency),
    ])  # fmt: skip
    return Table(columns, rows)


def _moves(result: StepsMonths, stages: Sequence[str], screen: "Screen", lists: MonthLists) -> Table:
    """How many entered, left and were won each month, as trends and last figures."""
    figures: Sequence[tuple[str, Callable[[StageMonth], int]]] = (
        ("entered", lambda cell: cell.entered),
        ("left", lambda cell: cell.left),
        ("won", lambda cell: cell.won),
    )
    columns = [Column("stage", t("show.head.stage"), flex=True)]
    for name in ("in", "out", "won"):
        columns += [
            Column(f"{name}_trend", t(f"show.steps.head_{name}")),
            Column(name, "", right=True),
        ]
    rows: list[list[Cell]] = []
    for stage in stages:
        cells = [month.of(stage) for month in result.months]
        row: list[Cell] = [words.stage(result.schema, stage)]
        for name, figure in figures:
            every = [figure(cell) for cell in cells]
            last = lists.figure(f"{every[-1]:,}", result.months[-1], name, stage)
            row += [spark(every, ascii_only=screen.ascii) if any(every) else "", last]
        rows.append(row)
    return Table(columns, rows)


def _months(result: StepsMonths, lists: MonthLists) -> Table:
    """Every month in figures: live deals with their money, begun, won and lost."""
    ends = {s.key: s.ends for s in result.schema.stages if s.ends}
    columns = [
        Column("month", t("show.steps.head_month")),
        Column("live", t("show.steps.head_standing"), right=True),
        Column("amount", t("show.head.amount"), right=True),
        Column("won", t("show.steps.ended_won"), right=True),
        Column("lost", t("show.steps.ended_lost"), right=True),
    ]
    rows: list[list[Cell]] = []
    stages, ended = _stages(result), {how: [key for key, end in ends.items() if end == how] for how in _ENDS}
    for month in result.months:
        came = {how: sum(month.of(key).entered for key in keys) for how, keys in ended.items()}
        rows.append([
            words.day(month.on),
            lists.figure(f"{month.live:,}", month, "live", *stages),
            lists.figure(words.money(month.amount or None, result.schema.currency), month, "live", *stages),
            *(lists.figure(f"{came[how]:,}", month, "entered", *keys) for how, keys in ended.items()),
        ])  # fmt: skip
    return Table(columns, rows)


_ENDS = ("won", "lost")


def _month(of: MonthEnd) -> str:
    return words.month(of.on.month)


RENDERER = Renderer(StepsMonths, page=page, to_json=to_json, rows="stages")


_DRAWN = "▁▂▃▄▅▆▇█"
_ASCII = "_.:-=+*#"


def spark(figures: Sequence[int], *, ascii_only: bool = False) -> str:
    """A mark for each figure, from nothing to the largest; one that is not zero is never drawn as nothing."""
    marks = _ASCII if ascii_only else _DRAWN
    most, steps = max(figures, default=0), len(marks) - 1
    # Rounded up: a stage with one deal in it is not an empty one.
    return "".join(marks[-(-max(n, 0) * steps // most) if most else 0] for n in figures)
