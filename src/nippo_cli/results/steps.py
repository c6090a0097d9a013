"""The steps of the sale, counted."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.results.entries import NOTHING_LEFT_OUT, LeftOutBehind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from nippo_cli.line.facts import DealSummary
    from nippo_cli.line.months import MonthEnd
    from nippo_cli.line.norm import Quiet
    from nippo_cli.line.steps import Figure, Passage, Skip, StageSteps, Window
    from nippo_cli.schema.schema import Schema


NOTHING_BEHIND: Mapping[str, StageDeals] = MappingProxyType({})


class LiveDealAge(NamedTuple):
    """A live deal by its id, its stage, and how many days it has been there at the window's end, held days taken off; of one that a list
    found there, `at_least`."""

    deal: int
    stage: str
    days: int
    at_least: bool = False


class StageDeals(NamedTuple):
    """The deals that a stage's figures count: its passages and skips in the window, the first of `total`."""

    rows: Sequence[StepsRow]
    total: int


class StepsPage(NamedTuple):
    """`nippo steps`: every stage in the window. `as_of` is the day by which all was known; `by` names what the `groups`
    are (`owner`, `kind`, `source`), which add up to `stages`; both are empty where nobody asked.

    `live_deals` are the live ones, the longest in their stage first, and `longest` the head of the first of each stage; `behind` the deals
    of each stage's figures, and `behind_groups` those of each group's, where these are to open, and not too many to be gone through.
    """

    as_of: date
    window: Window
    schema: Schema
    quiet: Quiet
    stages: Sequence[StageSteps]
    by: str
    groups: Mapping[str, Sequence[StageSteps]]
    left_out: Mapping[str, int]
    filtered: bool
    live_deals: Sequence[LiveDealAge] = ()
    longest: Sequence[DealSummary] = ()
    behind: Mapping[str, StageDeals] = NOTHING_BEHIND
    behind_groups: Mapping[str, Mapping[str, StageDeals]] = MappingProxyType({})
    left_out_behind: LeftOutBehind = NOTHING_LEFT_OUT


class StepsMonths(NamedTuple):
    """`nippo steps --by month`: every stage at the ends of months, each as it was known then. `heads` are the deals behind the figures, the
    last begun of each, where these are to open."""

    as_of: date
    schema: Schema
    months: Sequence[MonthEnd]
    left_out: Mapping[str, int]
    filtered: bool
    heads: Mapping[int, DealSummary] = MappingProxyType({})
    left_out_behind: LeftOutBehind = NOTHING_LEFT_OUT


class StepsRow(NamedTuple):
    """A deal that a figure counts: its passage through the stage, or that it skipped it."""

    head: DealSummary
    passed: Passage | Skip


class StepsDeals(NamedTuple):
    """`nippo steps --deals STAGE:FIGURE`: the deals behind a figure, the first of `total`."""

    as_of: date
    window: Window
    schema: Schema
    stage: str
    figure: Figure
    rows: Sequence[StepsRow]
    total: int
    left_out: Mapping[str, int]
