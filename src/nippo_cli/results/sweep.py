"""Deals that somebody should decide about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

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
