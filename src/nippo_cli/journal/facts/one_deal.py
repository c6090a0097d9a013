"""The facts of one deal, for the signs on its own page."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from nippo_cli.journal.facts.gap_facts import GapScope, JournalGapFacts
from nippo_cli.line.facts import AsOf, DealSummary

if TYPE_CHECKING:
    from nippo_cli.gaps.facts import LiveStay, WonDeal
    from nippo_cli.journal.facts.gap_ledger import DealLedger
    from nippo_cli.journal.read import JournalReader


class DealGapFacts(JournalGapFacts):
    """The facts of one deal, held against what the whole journal has learned."""

    def __init__(self, reader: "JournalReader", day: AsOf, since: date, head: DealSummary) -> None:
        super().__init__(reader, day, GapScope(since))
        self._head = head

    @cached_property
    def ledger(self) -> "DealLedger":
        """What the real ledger holds of the deal."""
        from nippo_cli.journal.facts.gap_ledger import DealLedger

        return DealLedger(self.view, self._head)

    @cached_property
    def _live(self) -> dict[int, DealSummary]:
        return {self._head.id: self._head} if self._head.fate == "live" else {}

    def live_stays(self) -> "Iterable[LiveStay | DealSummary]":
        """Its stay, if it is live."""
        return self._live.values()

    def closed(self, fate: str, since: date | None = None) -> Sequence[DealSummary]:
        """The deal, if it was closed so."""
        closed_on = self._head.closed_on
        is_it = self._head.fate == fate and closed_on is not None and (since is None or closed_on >= since)
        return [self._head] if is_it else []

    def live_of_all(self) -> Sequence[DealSummary]:
        """Every live deal, this one or not."""
        return list(self.reader.heads(self.day, live=True))

    def won_deals(self) -> "Iterable[WonDeal]":
        """The deal, if it was won."""
        if self._head.fate == "won":
            from nippo_cli.gaps.facts import won_deal_of

            yield won_deal_of(self._head)

    def forward(self) -> Mapping[str, int]:
        """Nothing: what went well is told of all deals."""
        return {}
