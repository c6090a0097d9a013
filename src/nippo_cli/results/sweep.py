"""Deals that somebody should decide about."""

from collections.abc import Sequence
from datetime import date
from typing import Literal, TypeAlias

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.results.deal_status import DealStatus
from nippo_cli.schema.schema import Schema

Why: TypeAlias = Literal["overdue", "stalled", "fizzled"]


class SweepRow(NamedTuple):
    """A deal, and why it is asked about."""

    standing: DealStatus
    why: Sequence[Why]


class SweepList(NamedTuple):
    """`nippo sweep`: those with most reasons first, then those with most money."""

    as_of: date
    agreement: Schema
    rows: Sequence[SweepRow]
