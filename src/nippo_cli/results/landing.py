"""`nippo landing`: where months will land."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.results.entries import NOTHING_LEFT_OUT, LeftOutBehind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from nippo_cli.landing.bridge import Bridge, BridgeChange
    from nippo_cli.landing.deciding import GapClosing
    from nippo_cli.landing.eves import EveRecord
    from nippo_cli.landing.facts import Backlog, Declaration
    from nippo_cli.landing.horizon import LandingSpan
    from nippo_cli.landing.parts import LandingBy
    from nippo_cli.landing.record import LandingRecord
    from nippo_cli.landing.table import LandingTable
    from nippo_cli.line.ball import BallSplit
    from nippo_cli.line.facts import DealSummary
    from nippo_cli.line.promised import Basis
    from nippo_cli.results.deal_status import Sign
    from nippo_cli.schema.schema import Schema


class LandingGroup(NamedTuple):
    """An owner's, a kind's or a customer's part of the landing, under its name."""

    name: str
    table: LandingTable


class Decider(NamedTuple):
    """A live deal that decides a month, what the gaps ask about it, the gravest first, and who has to move next (None where nothing
    says so)."""

    head: DealSummary
    signs: Sequence[Sign]
    ball: BallSplit | None = None


class BridgeReason(NamedTuple):
    """Why a deal moved the bridge: the `key` of a choice of the field of that `role`: why a date was put off or a deal lost, else what
    was done when it was said, or how a new deal came in; or, of one that has gone quiet (`silence`), the days since the last contact."""

    role: Literal["push_reason", "lost_reason", "activity", "source", "silence"]
    key: str


class YearNeed(NamedTuple):
    """What must still be sold in a fiscal year: its target (of so many `months` that have one), what is done of
    it, and the live money to do it with, at the
    share of deals that this team wins (`won` of `ended`; None of fewer than ten)."""

    target: int
    done: int
    months: int
    live: int
    won: int
    ended: int
    share: float | None

    @property
    def remaining(self) -> int:
        """What is lacking; 0 where the target is reached."""
        return max(0, self.target - self.done)

    @property
    def pipeline(self) -> int | None:
        """How much live money that takes at the share; None where nothing is known of it."""
        return round(self.remaining / self.share) if self.share else None


class LandingPage(NamedTuple):
    """The landing of a day. `heads` names the deals that the bridge speaks of and, where figures open to their deals, those of the
    months, `outside` then those that stand in none of the months or name no amount; `groups` are there where it is parted `by`
    something; `month` is None where all the months together are what the `deciders` decide; `record` is None where only some deals
    are asked about; `reasons` are those of the bridge's parts, by change and deal; `backlog` is None without a ledger, `won_in_month`
    by sales, of which promises say nothing."""

    as_of: date
    schema: Schema
    span: LandingSpan
    basis: Basis
    unit: int
    table: LandingTable
    won_in_month: EveRecord | None
    by: LandingBy | None
    groups: Sequence[LandingGroup]
    bridge: Bridge | None
    heads: Mapping[int, DealSummary]
    month: int | None
    deciders: Sequence[Decider]
    deciders_total: int
    closing: GapClosing | None
    record: LandingRecord | None
    need: YearNeed | None
    backlog: Sequence[Backlog] | None
    advances: int
    declarations: Sequence[Declaration]
    filtered: bool
    left_out: Mapping[str, int]
    reasons: Mapping[tuple[BridgeChange, int], BridgeReason]
    outside: Mapping[int, DealSummary]
    left_out_behind: LeftOutBehind = NOTHING_LEFT_OUT
