"""Cohorts as heat maps: how far each month's deals came, and how soon."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nippo_cli.base.dates import month_name, month_start
from nippo_cli.base.language import t
from nippo_cli.gaps.activity import AGES, Cohort, TriangleCell
from nippo_cli.render.draw import Block, Cell, Picture, TextLines
from nippo_cli.render.gaps.cohorts import share_number
from nippo_cli.render.parts import MOST_LISTED, DealLists, words
from nippo_cli.render.parts.heat_map import HeatCell, HeatRow, heat_map
from nippo_cli.results.gap import GapPage

if TYPE_CHECKING:
    from nippo_cli.schema.schema import Schema


class CohortLists:
    """Gives the numbers of cohorts their deals.

    Args:
        of: the page.
    """

    def __init__(self, of: GapPage) -> None:
        self._schema = of.schema
        self._cohorts = of.behind.cohorts if of.behind is not None else {}
        self._known = of.behind.piled if of.behind is not None else {}
        self._lists = DealLists(of.kind, of.schema.currency, opens=bool(self._cohorts), brief=True)

    def figure(self, said: str, n: int, cohort: Cohort, stage: str, within: int) -> Cell:
        """That `n` deals of a cohort reached a stage (empty: all of it) within so many months, which leads to them where it opens."""
        reached = self._cohorts.get((month_name(cohort.month), stage), ())
        heads = [self._known[deal] for months, deal in sorted(reached) if months <= within and deal in self._known]
        met = words.year_month(month_start(cohort.month))
        title = t("activity.met_in", month=met)
        if stage:
            title = t("activity.reached_within", met=title, stage=self.label(stage), n=within)
        return self._lists.figure(said, title, heads[:MOST_LISTED], n=n)

    def label(self, stage: str) -> str:
        """What a stage is called."""
        return self._schema.stage_label(stage)

    def blocks(self) -> list[Block]:
        """The lists of the numbers."""
        return self._lists.blocks()


def how_far(shown: Sequence[Cohort], schema: "Schema", drawn: TextLines, lists: CohortLists) -> Picture:
    """A row a stage, a column a cohort: the share that reached it. `drawn` is the same in letters."""
    upto = shown[-1].month
    rows = [
        HeatRow(stage.label, [_cell(c.reached[stage.key], c, stage.key, upto - c.month, lists) for c in shown])
        for stage in schema.stages
    ]
    months = [words.month(month_start(cohort.month).month) for cohort in shown]
    marked = sum(bool(cell.mark) for row in rows for cell in row.cells)
    outside = words.counted("activity.marked", marked) if marked else ""
    title = _title(t("activity.how_far"), t("activity.how_far_note"), outside)
    return heat_map(title, rows, months, label=t("show.head.stage"), drawn=drawn.rows)


def by_age(shown: Sequence[Cohort], stage: str, drawn: TextLines, lists: CohortLists) -> Picture:
    """A row a cohort, a column a month of its age: the share that had reached a stage."""
    rows = [
        HeatRow(
            words.year_month(month_start(cohort.month)),
            [_cell(cell, cohort, stage, age, lists) for age, cell in enumerate(cohort.by_age)],
            lists.figure(f"{cohort.size}", cohort.size, cohort, "", 0),
        )
        for cohort in shown
    ]
    marked = sum(bool(cell.mark) for row in rows for cell in row.cells)
    outside = words.counted("activity.marked_ages", marked) if marked else ""
    title = _title(t("activity.by_age", stage=lists.label(stage)), t("activity.by_age_note"), outside)
    ages = [str(n) for n in range(AGES + 1)]
    return heat_map(title, rows, ages, label=t("activity.first_met"), note=t("activity.n"), drawn=drawn.rows)


def _title(heading: str, unit: str, marked: str) -> str:
    return t("activity.picture", heading=heading, unit=unit, marked=marked).strip()


def _cell(of: TriangleCell, cohort: Cohort, stage: str, within: int, lists: CohortLists) -> HeatCell:
    hits, n = of.share
    if not n:
        return HeatCell(0, "")
    said = share_number(of)
    return HeatCell(hits / n, lists.figure(said, hits, cohort, stage, within) if hits else said, of.mark)
