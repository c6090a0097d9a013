"""A deal as it stands on a day: its stay against the norm, its silence, its next step."""

from collections.abc import Iterable
from datetime import date

from nippo_cli.line.facts import DealPlace, DealSummary, Outcome
from nippo_cli.line.norm import Norms
from nippo_cli.line.quiet import is_fizzled, overdue_days, silence_days
from nippo_cli.line.span import ClosedDays, net_days, on_hold
from nippo_cli.results.deal_status import DealStatus
from nippo_cli.schema.schema import Schema


class StatusJudge:
    """Judges heads on one day under one schema."""

    def __init__(self, schema: Schema, norms: Norms, as_of: date) -> None:
        self.schema = schema
        self.norms = norms
        self.as_of = as_of
        self.rest = ClosedDays(schema.closures)
        self.quiet = norms.quiet()

    def statuses(self, heads: Iterable[DealSummary]) -> list[DealStatus]:
        """Each head as it stands."""
        return [self.status(head) for head in heads]

    def status(self, head: DealSummary) -> DealStatus:
        """One head as it stands. A stay in `won` or `lost` has no length, nor has one in a stage that nobody knows."""
        stage = self.schema.stage_by_key.get(head.stage)
        ended = stage is not None and stage.ends is not None
        days = None if ended or not head.stage else net_days(head.holds, head.entered_on, self.as_of)
        norm = None if ended else self.norms.of(head.stage, head.kind)
        limit = norm.days + self.rest.count(head.entered_on, self.as_of, head.holds) if norm else None
        held = next((h for h in head.holds if h.first <= self.as_of <= h.last), None) if head.holds else None
        live = head.fate == "live"
        return DealStatus(
            head=head,
            outcome=self.outcome(head),
            stay_days=days,
            norm=norm,
            limit_days=limit,
            stalled=live and held is None and days is not None and limit is not None and days > limit,
            silence_days=silence_days(head, self.as_of),
            held=held,
            next_overdue_days=self.overdue_days(head) if live else 0,
        )

    def outcome(self, head: DealSummary | DealPlace) -> Outcome:
        """Won, lost, fizzled or open."""
        if head.fate != "live":
            return head.fate
        return "fizzled" if is_fizzled(head, self.quiet.days, self.rest, self.as_of) else "open"

    def overdue_days(self, head: DealSummary) -> int:
        """Days since the last day of the next step, once the grace (in business days) is over too; else 0."""
        if head.next_on is None or on_hold(head.holds, self.as_of):
            return 0
        return overdue_days(head.next_on, self.schema.grace, self.rest, self.as_of)
