"""Where a deal stands on a day: what every page says of it, and what is said back after each entry; and what gaps find of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from datetime import date

    from nippo_cli.base.dates import When
    from nippo_cli.line.facts import DealSummary, Outcome, StayArrival
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


class DealRow(NamedTuple):
    """As much of that as a row of a table says."""

    id: int
    name: str
    customer: str
    owner: str
    stage: str
    arrival: StayArrival
    stay_days: int | None
    limit_days: int | None
    stalled: bool
    closes: When | None
    amount: int | None
    outcome: Outcome
    closed_on: date | None
    on_hold: bool


def row_of(status: DealStatus) -> DealRow:
    """A deal as a row of a table says it."""
    head = status.head
    return DealRow(
        id=head.id,
        name=head.name,
        customer=head.customer,
        owner=head.owner,
        stage=head.stage,
        arrival=head.arrival,
        stay_days=status.stay_days,
        limit_days=status.limit_days,
        stalled=status.stalled,
        closes=head.closes,
        amount=head.amount,
        outcome=status.outcome,
        closed_on=head.closed_on,
        on_hold=status.held is not None,
    )


class Sign(NamedTuple):
    """A gap's finding (`gaps.finding.Finding`) about a deal."""

    kind: str
    finding: Any
