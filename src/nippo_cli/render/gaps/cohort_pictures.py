"""Cohorts as heat maps: how far each month's deals came, and how soon."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nippo_cli.base.dates import month_start
from nippo_cli.base.language import t
from nippo_cli.gaps.activity import AGES, Cohort, TriangleCell
from nippo_cli.render.draw import Picture, TextLines
from nippo_cli.render.gaps.cohorts import share_number
from nippo_cli.render.parts import words
from nippo_cli.render.parts.heat_map import HeatCell, HeatRow, heat_map

if TYPE_CHECKING:
    from nippo_cli.schema.schema import Schema


def how_far(shown: Sequence[Cohort], schema: "Schema", drawn: TextLines) -> Picture:
    """A row a stage, a column a cohort: the share that reached it. `drawn` is the same in letters."""
    rows = [HeatRow(stage.label, [_cell(cohort.reached[stage.key]) for cohort in shown]) for stage in schema.stages]
    months = [words.month(month_start(cohort.month).month) for cohort in shown]
    marked = sum(bool(cell.mark) for row in rows for cell in row.cells)
    outside = words.counted("activity.marked", marked) if marked else ""
    title = _title(t("activity.how_far"), t("activity.how_far_note"), outside)
    return heat_map(title, rows, months, label=t("show.head.stage"), drawn=drawn.rows)


def by_age(shown: Sequence[Cohort], stage: str, drawn: TextLines) -> Picture:
    """A row a cohort, a column a month of its age: the share that had reached a stage, by what that is called."""
    rows = [
        HeatRow(words.year_month(month_start(cohort.month)), [*map(_cell, cohort.by_age)], f"{cohort.size}")
        for cohort in shown
    ]
    marked = sum(bool(cell.mark) for row in rows for cell in row.cells)
    outside = words.counted("activity.marked_ages", marked) if marked else ""
    title = _title(t("activity.by_age", stage=stage), t("activity.by_age_note"), outside)
    ages = [str(n) for n in range(AGES + 1)]
    return heat_map(title, rows, ages, label=t("activity.first_met"), note=t("activity.n"), drawn=drawn.rows)


def _title(heading: str, unit: str, marked: str) -> str:
    return t("activity.picture", heading=heading, unit=unit, marked=marked).strip()


def _cell(of: TriangleCell) -> HeatCell:
    hits, n = of.share
    return HeatCell(hits / n, share_number(of), of.mark) if n else HeatCell(0, "")
