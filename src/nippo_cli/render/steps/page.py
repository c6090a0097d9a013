"""`nippo steps`: the funnel that people expect, with all that it usually leaves out."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.lessons import LEAST_RATE
from nippo_cli.line.steps import Figure, StageSteps
from nippo_cli.render.draw import Block, Cell, Column, Heading, Page, Prose, Renderer, Run, Span, Table
from nippo_cli.render.parts import left_out, no_deals, shapes, words
from nippo_cli.render.steps import ages_picture, behind
from nippo_cli.render.steps.behind import StepLists
from nippo_cli.results.steps import StepsPage
from nippo_cli.schema.schema import Currency, Schema

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen


def page(result: StepsPage, screen: "Screen") -> Page:
    """What stands where, what became of those that came in, and the same of each group."""
    title, note = t("show.steps.title"), between(result)
    shown = [s for s in result.stages if not _empty(s)]
    if not shown:
        return Page([*_nothing(result), *left_out(result.left_out, result.left_out_behind, result.as_of)], title, note)
    lists = StepLists(result)
    blocks: list[Block] = [Prose(_summary(result, lists))]
    blocks += [Heading(t("show.steps.flow")), _flow(shown, result.schema, lists)]
    blocks += [Heading(t("show.steps.became"), t("show.steps.became_note")), _became(shown, result.schema, lists)]
    ages = ages_picture.blocks(result, screen, lists)
    blocks += [*lists.blocks(), *behind.tables(result)]
    blocks += [Heading(t("show.steps.ages"), t("show.steps.ages_note")), *ages] if ages else []
    for at, (name, stages) in enumerate(result.groups.items(), 1):
        of_group = StepLists(result, brief=True, group=name, at=at)
        table = _compact([s for s in stages if not _empty(s)], result.schema, of_group)
        blocks += [Heading(group_name(result, name)), table, *of_group.blocks()]
    blocks += _listed(result)
    blocks.append(Prose(Span(t("show.steps.rate_rule"), "dim")))
    blocks += [Prose(Span(_fizzled_rule(result), "dim")), Prose(Span(t("show.steps.open_hint"), "dim"))]
    return Page([*blocks, *left_out(result.left_out, result.left_out_behind, result.as_of)], title, note)


def brief(result: StepsPage, screen: "Screen") -> list[Block]:
    """Every stage in one table, how its rate is reckoned, and how long the live deals have been in theirs."""
    shown = [s for s in result.stages if not _empty(s)]
    if not shown:
        return _nothing(result)
    lists = StepLists(result, brief=True)
    summary, table = Prose(_summary(result, lists)), _compact(shown, result.schema, lists)
    ages = ages_picture.blocks(result, screen, lists)
    rule = Prose(Span(t("show.steps.rate_rule"), "dim"))
    return [summary, table, *lists.blocks(), *_listed(result), rule, *ages]


def to_json(result: StepsPage) -> dict[str, object]:
    """Every stage of all deals, then of each group."""
    every = [("", result.stages)] if not result.by else [("", result.stages), *result.groups.items()]
    return {
        "as_of": result.as_of.isoformat(),
        "since": result.window.since.isoformat(),
        "until": result.window.until.isoformat(),
        "currency": shapes.currency(result.schema.currency),
        "quiet": shapes.quiet(result.quiet),
        "by": result.by or None,
        "stages": [
            {"group": name if n else None, **stage_json(stage)}
            for n, (name, stages) in enumerate(every)
            for stage in stages
        ],
        "live_deals": [{"deal": show_id(one.deal), "stage": one.stage, "days": one.days} for one in result.live_deals],
        "left_out": dict(result.left_out),
    }


def stage_json(of: StageSteps) -> dict[str, object]:
    """A stage's figures."""
    interval = of.interval
    return {
        "stage": of.stage,
        "in": of.entered,
        "in_amount": of.entered_amount,
        "begun": of.first,
        "returned": of.returned,
        "deals": of.deals,
        "onward": of.onward,
        "won": of.won,
        "back": of.back,
        "lost": of.lost,
        "fizzled": of.fizzled,
        "still": of.still,
        "conversion": {
            "n": of.decided,
            "rate": shapes.rate(of.conversion),
            "low": shapes.rate(interval.low) if interval else None,
            "high": shapes.rate(interval.high) if interval else None,
        },
        "skipped": of.skipped,
        "listed": of.listed,
        "out": of.left,
        "stay_days": {
            "n": of.timed,
            "median": shapes.mean(of.median_days),
            "p75": of.p75_days,
            "p90": of.p90_days,
        },
        "standing_before": of.live_before,
        "standing": of.live,
        "standing_amount": of.live_amount,
        "standing_without_amount": of.without_amount,
    }


def between(result: StepsPage) -> str:
    """The window, and the day by which all was known where that is another."""
    shown = words.between(*result.window)
    if result.as_of == result.window.until:
        return shown
    return t("show.steps.known", window=shown, as_of=words.day(result.as_of))


def group_name(result: StepsPage, name: str) -> str:
    """A group's name: an owner as written, a kind or a lead source by its label."""
    if not name:
        return t("show.steps.unnamed")
    field = result.schema.by_role.get("kind" if result.by == "kind" else "source")
    return name if result.by == "owner" or field is None else result.schema.label(field, name)


def _summary(result: StepsPage, lists: StepLists) -> Run:
    """Deals live with their money, won and lost in the window."""
    currency = result.schema.currency
    by_end = {s.key: s.ends for s in result.schema.stages if s.ends}

    def ended(how: str, *, money: bool) -> Cell:
        picked = [s for s in result.stages if by_end.get(s.stage) == how]
        n, amount = sum(s.entered for s in picked), sum(s.entered_amount for s in picked)
        said = _counted(f"show.steps.{how}", n, amount if money else 0, currency)
        return lists.figure(said, n, "in", *(s.stage for s in picked))

    live = sum(s.live or 0 for s in result.stages)
    unknown = sum(s.without_amount for s in result.stages)
    said = _counted("show.steps.live", live, sum(s.live_amount for s in result.stages), currency)
    return (
        lists.figure(Span(said, "strong"), live, "standing", *(s.stage for s in result.stages)),
        words.counted("show.steps.without_amount", unknown) if unknown else "",
        "  ", ended("won", money=True), "  ", ended("lost", money=False),
    )  # fmt: skip


def _counted(key: str, n: int, money: int, currency: Currency) -> str:
    return words.counted(key, n, amount=f" {words.money(money, currency)}" if money else "")


def _flow(stages: Sequence[StageSteps], schema: Schema, lists: StepLists) -> Table:
    """A row a stage: in, out, standing with its money, days."""
    columns = [
        Column("stage", t("show.head.stage"), flex=True),
        Column("in", t("show.steps.head_in"), right=True),
        Column("out", t("show.steps.head_out"), right=True),
        Column("standing", t("show.steps.head_standing"), right=True),
        Column("standing_amount", t("show.head.amount"), right=True),
        Column("median", t("show.steps.head_median"), right=True),
        Column("p90", t("show.steps.head_p90"), right=True),
        Column("n", t("show.steps.head_n"), right=True),
    ]
    rows: list[list[Cell]] = [
        [
            schema.stage_label(s.stage),
            _opening(s.entered, "in", s, lists),
            _opening(s.left, "out", s, lists),
            *_live(s, schema, lists),
            words.NOTHING if s.median_days is None else t("show.days_short", n=words.number(s.median_days)),
            words.days_short(s.p90_days),
            _timed(s, lists),
        ]
        for s in stages
    ]
    return Table(columns, rows)


def _live(of: StageSteps, schema: Schema, lists: StepLists) -> list[Cell]:
    """How many deals are there, and their money."""
    if of.live is None:
        return [words.NOTHING, words.NOTHING]
    amount = words.money(of.live_amount or None, schema.currency)
    return [
        _opening(of.live, "standing", of, lists),
        lists.figure(amount, of.live, "standing", of.stage) if of.live_amount else amount,
    ]


def _timed(of: StageSteps, lists: StepLists) -> Cell:
    """Of how many stays the days are: of those that ended."""
    if not of.timed:
        return words.NOTHING
    return _opening(of.timed, "out", of, lists) if of.timed == of.left else lists.timed(f"{of.timed:,}", of)


def _became(stages: Sequence[StageSteps], schema: Schema, lists: StepLists) -> Table:
    """A row a stage: what became of the deals that entered it, and the conversion."""
    columns = [
        Column("stage", t("show.head.stage"), flex=True),
        Column("in", t("show.steps.head_in"), right=True),
        Column("onward", t("show.steps.head_onward"), right=True),
        Column("back", t("show.steps.head_back"), right=True),
        Column("lost", t("show.steps.head_lost"), right=True),
        Column("fizzled", t("show.steps.head_fizzled"), right=True),
        Column("still", t("show.steps.head_still"), right=True),
        Column("conversion", t("show.steps.head_conversion"), right=True),
        Column("interval", t("show.steps.head_interval"), right=True),
        Column("skipped", t("show.steps.head_skipped"), right=True),
    ]
    ended = {s.key for s in schema.stages if s.ends}
    rows: list[list[Cell]] = [
        [
            schema.stage_label(s.stage),
            _opening(s.entered, "in", s, lists),
            _or_dot(s.onward, "onward", s, lists),
            _or_dot(s.back, "back", s, lists),
            _or_dot(s.lost, "lost", s, lists),
            _or_dot(s.fizzled, "fizzled", s, lists)._replace(tone="warn" if s.fizzled else "plain"),
            _or_dot(s.still, "still", s, lists),
            # What comes after an end is no step of the sale: no rate is made of it.
            words.NOTHING if s.stage in ended else conversion(s),
            "" if s.stage in ended else interval_words(s),
            _or_dot(s.skipped, "skipped", s, lists),
        ]
        for s in stages
    ]
    return Table(columns, rows)


def _compact(stages: Sequence[StageSteps], schema: Schema, lists: StepLists) -> Table:
    """Both in one table for a narrow screen, without what became of them."""
    columns = [
        Column("stage", t("show.head.stage"), flex=True),
        Column("in", t("show.steps.head_in"), right=True),
        Column("conversion", t("show.steps.head_conversion"), right=True),
        Column("interval", t("show.steps.head_interval"), right=True),
        Column("standing", t("show.steps.head_standing"), right=True),
        Column("standing_amount", t("show.head.amount"), right=True),
        Column("median", t("show.steps.head_median"), right=True),
    ]
    ended = {s.key for s in schema.stages if s.ends}
    rows: list[list[Cell]] = [
        [
            schema.stage_label(s.stage),
            _opening(s.entered, "in", s, lists),
            words.NOTHING if s.stage in ended else conversion(s),
            "" if s.stage in ended else interval_words(s),
            *_live(s, schema, lists),
            words.NOTHING
            if s.median_days is None
            else t("show.steps.median_of", days=words.number(s.median_days), n=f"{s.timed:,}"),
        ]
        for s in stages
    ]
    return Table(columns, rows)


def conversion(of: StageSteps) -> str:
    """A rate with what it is a rate of; of few deals what was counted, `1/6`."""
    if of.conversion is None:
        return words.NOTHING
    if of.decided < LEAST_RATE:
        return f"{of.onward:,}/{of.decided:,}"
    return t("show.steps.rate", rate=f"{of.conversion:.0%}", n=f"{of.decided:,}")


def interval_words(of: StageSteps) -> str:
    """The interval of the rate in whole percent; nothing of no rate."""
    picked = of.interval if of.decided >= LEAST_RATE else None
    return f"{100 * picked.low:.0f}–{picked.high:.0%}" if picked else ""


def _or_dot(n: int, figure: Figure, of: StageSteps, lists: StepLists) -> Span:
    return _opening(n, figure, of, lists) if n else Span("·")


def _opening(n: int, figure: Figure, of: StageSteps, lists: StepLists) -> Span:
    """A figure that leads to the deals that it counts."""
    said = lists.figure(f"{n:,}", n, figure, of.stage) if n else f"{n:,}"
    return said if isinstance(said, Span) else Span(said)


def _nothing(result: StepsPage) -> list[Block]:
    """What is said where no stage has anything: there may be live deals all the same."""
    if not result.live_deals:
        return no_deals(filtered=result.filtered)
    return [Prose(t("show.steps.stage_unknown")), Prose(t("show.steps.stage_unknown_hint"), indent=2)]


def _empty(of: StageSteps) -> bool:
    return not (of.entered or of.left or of.live or of.skipped or of.live_before or of.listed)


def _listed(result: StepsPage) -> list[Block]:
    """How many stays of the window a list is the first to tell of, so that they are in no figure of what came in."""
    listed = sum(stage.listed for stage in result.stages)
    return [Prose(Span(words.counted("show.steps.listed", listed), "dim"))] if listed else []


def _fizzled_rule(result: StepsPage) -> str:
    quiet = result.quiet
    return t("show.summary.fizzled_rule", days=words.days(quiet.days), source=words.norm_source(quiet))


RENDERER = Renderer(
    StepsPage, page=page, to_json=to_json, rows="stages", cells=lambda result: {"group": f"@{result.by}"}
)
