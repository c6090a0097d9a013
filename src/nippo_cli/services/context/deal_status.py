"""A deal as it stands on a day: its stay against the norm, its silence, its next step."""

from collections.abc import Iterable
from datetime import date

from nippo_cli.base.frozen import maker
from nippo_cli.line.facts import DealPlace, DealSummary, ListedDeal, Outcome
from nippo_cli.line.norm import Norm, Norms
from nippo_cli.line.quiet import is_fizzled, overdue_days, silence_days
from nippo_cli.line.span import ClosedDays, net_days, on_hold
from nippo_cli.results.deal_status import DealRow, DealStatus
from nippo_cli.schema.schema import Schema

_row = maker(DealRow)


class StatusJudge:
    """Judges heads on one day under one schema."""

    def __init__(self, schema: Schema, norms: Norms, as_of: date) -> None:
        self.schema = schema
        self.norms = norms
        self.as_of = as_of
        self.rest = ClosedDays(schema.closures)
        self.quiet = norms.quiet()
        self._stays: dict[tuple[str, str, date], tuple[int | None, Norm | None, int | None]] = {}

    def statuses(self, heads: Iterable[DealSummary]) -> list[DealStatus]:
        """Each head as it stands."""
        return [self.status(head) for head in heads]

    def status(self, head: DealSummary) -> DealStatus:
        """One head as it stands. A stay in `won` or `lost` has no length, nor has one in a stage that nobody knows."""
        days, norm, limit = self._stay(head)
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

    def rows(self, deals: Iterable[ListedDeal]) -> list[DealRow]:
        """As much of that as a table says."""
        return [self._row(of) for of in deals]

    def _row(self, of: ListedDeal) -> DealRow:
        days, _, limit = self._stay(of)
        held = bool(of.holds) and on_hold(of.holds, self.as_of)
        late = of.fate == "live" and not held and days is not None and limit is not None and days > limit
        return _row((
            of.id, of.name, of.customer, of.owner, of.stage, of.arrival, days, limit, late, of.closes, of.amount,
            self.outcome(of), of.closed_on, held,
        ))  # fmt: skip

    def _stay(self, of: DealSummary | ListedDeal) -> tuple[int | None, Norm | None, int | None]:
        """The days of a deal's stay, its norm, and that with the closed days inside the stay."""
        # Deals share their stages and days: of those without holds each is reckoned once.
        key = (of.stage, of.kind, of.entered_on)
        reckoned = None if of.holds else self._stays.get(key)
        if reckoned is not None:
            return reckoned
        stage = self.schema.stage_by_key.get(of.stage)
        ended = stage is not None and stage.ends is not None
        days = None if ended or not of.stage else net_days(of.holds, of.entered_on, self.as_of)
        norm = None if ended else self.norms.of(of.stage, of.kind)
        limit = norm.days + self.rest.count(of.entered_on, self.as_of, of.holds) if norm else None
        if not of.holds:
            self._stays[key] = (days, norm, limit)
        return days, norm, limit

    def outcome(self, head: DealSummary | DealPlace | ListedDeal) -> Outcome:
        """Won, lost, fizzled or open."""
        if head.fate != "live":
            return head.fate
        return "fizzled" if is_fizzled(head, self.quiet.days, self.rest, self.as_of) else "open"

    def overdue_days(self, head: DealSummary) -> int:
        """Days since the last day of the next step, once the grace (in business days) is over too; else 0."""
        if head.next_on is None or on_hold(head.holds, self.as_of):
            return 0
        return overdue_days(head.next_on, self.schema.grace, self.rest, self.as_of)
