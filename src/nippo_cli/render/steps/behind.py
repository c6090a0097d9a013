"""The deals behind the figures of `nippo steps`, where figures open: of each figure its own, and those of a stage together."""

from collections.abc import Collection, Iterator, Sequence

from nippo_cli.base.language import t
from nippo_cli.line.facts import DealSummary
from nippo_cli.line.months import MonthEnd
from nippo_cli.line.steps import Figure, Passage, Skip, StageSteps, belongs
from nippo_cli.render.draw import Block, Cell, Details
from nippo_cli.render.parts import MOST_LISTED, DealLists, words
from nippo_cli.render.steps import deals
from nippo_cli.results.steps import StageDeals, StepsMonths, StepsPage, StepsRow


class StepLists:
    """Gives the figures of stages their deals.

    Args:
        of: the page of all stages.
        brief: names alone stand in a list.
        group: the figures are those of this group, the n-th (`at`) of the page.
    """

    def __init__(self, of: StepsPage, *, brief: bool = False, group: str | None = None, at: int = 0) -> None:
        self._of = of
        self._behind = of.behind if group is None else of.behind_groups.get(group, {})
        page = "step" if group is None else f"step-{at}"
        self._lists = DealLists(page, of.schema.currency, opens=bool(of.behind), brief=brief)

    def figure(self, said: Cell, n: int, figure: Figure, *stages: str) -> Cell:
        """A figure of `n` passages through some stages, which leads to their deals where it opens."""
        names = t("show.dot").join(map(self._of.schema.stage_label, stages[:1]))
        what = t(f"show.steps.figure_{figure}")
        title = t("show.steps.title_deals", stage=names, figure=what) if len(stages) == 1 else what
        return self._lists.figure(said, title, list(self._passed(figure, stages)), n=n)

    def timed(self, said: Cell, of: StageSteps) -> Cell:
        """The number of stays of which a stage's days are made, which leads to their deals."""
        passed = [row.head for row in self._rows(of.stage) if _is_timed(row.passed)]
        title = t("show.steps.title_deals", stage=self._of.schema.stage_label(of.stage), figure=t("show.steps.timed"))
        return self._lists.figure(said, title, passed, n=of.timed)

    def beyond(self, said: Cell, of: StageSteps, deals: Collection[int]) -> Cell:
        """The number of live deals that are in a stage for longer than nine in ten before them stayed, which leads to them."""
        lasting = [row.head for row in self._rows(of.stage) if row.head.id in deals and _is_live(row.passed)]
        beyond = t("show.steps.head_beyond")
        title = t("show.steps.title_deals", stage=self._of.schema.stage_label(of.stage), figure=beyond)
        return self._lists.figure(said, title, lasting, n=len(deals))

    def blocks(self) -> list[Block]:
        """The lists of the figures."""
        return self._lists.blocks()

    def _rows(self, stage: str) -> Sequence[StepsRow]:
        of = self._behind.get(stage)
        return of.rows if of else ()

    def _passed(self, figure: Figure, stages: tuple[str, ...]) -> Iterator[DealSummary]:
        since = self._of.window.since
        for stage in stages:
            yield from (row.head for row in self._rows(stage) if belongs(row.passed, figure, since))


def _is_timed(passed: Passage | Skip) -> bool:
    return isinstance(passed, Passage) and passed.left_on is not None and passed.days is not None


def _is_live(passed: Passage | Skip) -> bool:
    return isinstance(passed, Passage) and passed.live


class MonthLists:
    """Gives the figures of months' ends their deals.

    Args:
        of: the page of the months.
    """

    def __init__(self, of: StepsMonths) -> None:
        self._of = of
        self._lists = DealLists("month-end", of.schema.currency, opens=bool(of.heads), brief=True)

    def figure(self, said: Cell, month: MonthEnd, figure: str, *stages: str) -> Cell:
        """A figure of some stages of a month, which leads to their deals where it opens."""
        deals = [deal for stage in stages for deal in month.deals.get((stage, figure), ())]
        known = [self._of.heads[deal] for deal in sorted(deals, reverse=True) if deal in self._of.heads]
        return self._lists.figure(said, self._title(month, figure, stages), known[:MOST_LISTED], n=len(deals))

    def blocks(self) -> list[Block]:
        """The lists of the figures."""
        return self._lists.blocks()

    def _title(self, month: MonthEnd, figure: str, stages: Sequence[str]) -> str:
        on = words.year_month(month.on)
        stage = words.stage(self._of.schema, stages[0]) if len(stages) == 1 else t("show.steps.all")
        return t("show.steps.title_deals", stage=f"{on} {stage}", figure=t(f"show.steps.month_{figure}"))


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
