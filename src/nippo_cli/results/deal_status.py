"""Where a deal stands on a day: what every page says of it, and what is said back after each entry; and what gaps find of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from nippo_cli.line.facts import DealSummary, Outcome
    from nippo_cli.line.norm import Norm
    from nippo_cli.line.span import Hold


class DealStatus(NamedTuple):
    """A head as it stands on a day. `stay_days` and `silence_days` have held days taken off; `stay_days` is None in
    `won` and `lost`, and where nobody knows the stage; `limit_days` is the norm with the closed days inside the stay;
    `next_overdue_days` counts from the next step's last day and is 0 within the grace."""

    head: DealSummary
    outcome: Outcome
    stay_days: int | None
    norm: Norm | None
    limit_days: int | None
    stalled: bool
    silence_days: int
    held: Hold | None
    next_overdue_days: int


class Sign(NamedTuple):
    """A gap's finding (`gaps.finding.Finding`) about a deal."""

    kind: str
    finding: Any
