"""The deals behind the figures of `nippo steps`, where figures open: of each figure its own, and those of a stage together."""

from collections.abc import Iterator

from nippo_cli.base.language import t
from nippo_cli.line.facts import DealSummary
from nippo_cli.line.steps import Figure, belongs
from nippo_cli.render.draw import Block, Cell, Details
from nippo_cli.render.parts import DealLists, words
from nippo_cli.render.steps import deals
from nippo_cli.results.steps import StageDeals, StepsPage


class StepLists:
    """Gives the figures of stages their deals.

    Args:
        of: the page of all stages.
        brief: names alone stand in a list.
    """

    def __init__(self, of: StepsPage, *, brief: bool = False) -> None:
        self._of = of
        self._lists = DealLists("step", of.schema.currency, opens=bool(of.behind), brief=brief)

    def figure(self, said: Cell, n: int, figure: Figure, *stages: str) -> Cell:
        """A figure of `n` passages through some stages, which leads to their deals where it opens."""
        names = t("show.dot").join(map(self._of.schema.stage_label, stages[:1]))
        what = t(f"show.steps.figure_{figure}")
        title = t("show.steps.title_deals", stage=names, figure=what) if len(stages) == 1 else what
        return self._lists.figure(said, title, list(self._passed(figure, stages)), n=n)

    def blocks(self) -> list[Block]:
        """The lists of the figures."""
        return self._lists.blocks()

    def _passed(self, figure: Figure, stages: tuple[str, ...]) -> Iterator[DealSummary]:
        since = self._of.window.since
        for stage in stages:
            of = self._of.behind.get(stage)
            yield from (row.head for row in (of.rows if of else ()) if belongs(row.passed, figure, since))


def tables(result: StepsPage) -> list[Block]:
    """A stage's deals with their days, to be opened; nothing where figures don't."""
    return [
        Details(
            _summary(stage, of, result),
            [deals.table_of(of.rows, result.window, result.schema, of.total - len(of.rows), t("show.steps.open_hint"))],
        )
        for stage, of in result.behind.items()
    ]


def _summary(stage: str, of: StageDeals, result: StepsPage) -> str:
    count = words.counted("show.deals.count", of.total)
    return t("show.steps.deals_behind", stage=result.schema.stage_label(stage), deals=count)
