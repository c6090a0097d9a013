"""The ledger: its rows, what may belong together, targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Container, Sequence
    from datetime import date

    from nippo_cli.gaps.facts import Sale, SaleKind
    from nippo_cli.gaps.matching import Proposal
    from nippo_cli.gaps.near_sales import NearSale
    from nippo_cli.line.facts import DealSummary
    from nippo_cli.line.promised import Target
    from nippo_cli.schema.schema import Schema


class SaleRow(NamedTuple):
    """A row of the ledger, and the deal that it belongs to, if any."""

    sale: Sale
    deal: DealSummary | None


class SalesPage(NamedTuple):
    """`nippo sales list`: rows of a kind dated in the window, newest first; `total` and `amount` are of all that match,
    `advances` and `advanced` of the advances that do, which are no revenue. `apart` as in `same_customer`."""

    as_of: date
    since: date
    until: date
    schema: Schema
    rows: Sequence[SaleRow]
    total: int
    amount: int
    kind: SaleKind = "sale"
    advances: int = 0
    advanced: int = 0
    apart: Container[str] = frozenset()


class ProposalRow(NamedTuple):
    """What may belong together, and the deal."""

    proposal: Proposal
    deal: DealSummary


class NearRow(NamedTuple):
    """A sale that is near an order by its customer's name, and the deal."""

    near: NearSale
    deal: DealSummary


class MatchPage(NamedTuple):
    """`nippo sales match`: the first of `total` proposals for sales dated in the window; `near` are the first of `total_near`
    sales whose customer's name is only near an order's."""

    as_of: date
    since: date
    schema: Schema
    rows: Sequence[ProposalRow]
    total: int
    near: Sequence[NearRow] = ()
    total_near: int = 0


class TargetPage(NamedTuple):
    """`nippo target list`: the targets that stand, by month and owner."""

    as_of: date
    schema: Schema
    targets: Sequence[Target]
