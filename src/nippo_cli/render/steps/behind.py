"""The deals behind the figures of `nippo steps`, where figures open: those of a stage together, by what became of them there."""

from collections.abc import Mapping
from itertools import groupby

from nippo_cli.base.language import t
from nippo_cli.line.steps import Skip
from nippo_cli.render.draw import Block, Cell, Details, FactRows, Prose, Run, Span
from nippo_cli.render.parts import named, words
from nippo_cli.render.steps import deals
from nippo_cli.results.steps import StageDeals, StepsPage, StepsRow


def links(result: StepsPage) -> Mapping[str, str]:
    """Where the figures of each stage lead."""
    return {stage: f"#{anchor}" for stage, anchor in _anchors(result).items()}


def tables(result: StepsPage) -> list[Block]:
    """A stage's deals with their days, to be opened; nothing where figures don't."""
    return [
        Details(
            _summary(stage, of, result),
            [deals.table_of(of.rows, result.window, result.schema, of.total - len(of.rows), t("show.steps.open_hint"))],
            _anchors(result)[stage],
        )
        for stage, of in result.behind.items()
    ]


def names(result: StepsPage) -> list[Block]:
    """The same in a line each: what became of them, and of whom."""
    return [
        Details(_summary(stage, of, result), _named(of), _anchors(result)[stage]) for stage, of in result.behind.items()
    ]


def _named(of: StageDeals) -> list[Block]:
    pairs: list[tuple[str, Cell | Run]] = []
    for became, some in groupby(of.rows, key=_became):
        said = [named(row.head) for row in some]
        pairs.append((f"{t(f'show.steps.figure_{became}')} {len(said):,}", t("show.comma").join(said)))
    more = of.total - len(of.rows)
    rest = [Prose(Span(words.counted("show.more", more), "dim"))] if more else []
    return [FactRows(pairs), *rest]


def _became(row: StepsRow) -> str:
    return "skipped" if isinstance(row.passed, Skip) else row.passed.became


def _summary(stage: str, of: StageDeals, result: StepsPage) -> str:
    count = words.counted("show.deals.count", of.total)
    return t("show.steps.deals_behind", stage=result.schema.stage_label(stage), deals=count)


def _anchors(result: StepsPage) -> dict[str, str]:
    # A stage may be called anything: its place names it.
    return {one.stage: f"stage-{n}" for n, one in enumerate(result.stages, start=1) if one.stage in result.behind}
