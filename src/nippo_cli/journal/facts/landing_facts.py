"""What a landing may ask for (`landing.facts.LandingFacts`), answered by SQL: of one journal on one day, of the deals that
are asked about."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

from nippo_cli.base.dates import month_number, month_of_iso, read_when
from nippo_cli.base.frozen import maker
from nippo_cli.gaps.facts import Sale
from nippo_cli.journal.derive import read_holds
from nippo_cli.journal.facts.gap_facts import JournalGapFacts
from nippo_cli.journal.read import Days
from nippo_cli.landing.facts import Backlog, Declaration, Revenue
from nippo_cli.line.facts import DealAt, DealSummary
from nippo_cli.line.promised import Promised, Target

if TYPE_CHECKING:
    from nippo_cli.base.progress import Progress
    from nippo_cli.line.metrics import Metric

# Won deals older than this that nobody invoiced are a question of `gap unlinked`, not of the months to come.
_BACKLOG: Final = timedelta(days=365)
# Where amounts and confidences were promised, the latest last.
PROMISED_IN: Final = """
select deal, what, entry from promise
where deal in (select value from json_each(?)) and what in ('amount', 'confidence') order by deal, seq
"""
# Where the money of live deals stands, from an index alone where all of them are asked about: by their heads it takes ten times as long.
PLACED_LIVE: Final = """
select id, stage, began_on, last_contact_on, amount, closes, accepts, confidence, next_on, holds from deal where fate = 'live' and {where}
"""
FIRST_DAY: Final = "select min(on_date) from entry where deal is not null and on_date <= ? and known_on <= ?"

_deal_at = maker(DealAt)


class JournalLandingFacts(JournalGapFacts):
    """The facts of one journal on one day, of the deals that are asked about."""

    @property
    def quiet_days(self) -> int:
        """The quiet limit of the day."""
        return self.norms.quiet().days

    def placed_live(self) -> Sequence[DealAt | DealSummary]:
        """Every live deal, and as much of it as says where its money stands; by their ids."""
        return self.live() if "_live" in self.__dict__ else self._placed_live

    @cached_property
    def _placed_live(self) -> "Sequence[DealAt | DealSummary]":
        """The live deals in question, those of stored rows by their place, those built anew by their summary."""
        live, day = self._asked._replace(live=True), Days()
        where, params = self._asked.where(self.view.spellings)
        placed: list[DealAt | DealSummary] = [
            _deal_at((
                deal, stage, "live", day[began], None, day[met] if met else None, amount, read_when(closes) if closes else None,
                read_when(accepts) if accepts else None, confidence, read_when(next_on) if next_on else None,
                read_holds(holds) if holds else (),
            ))
            for deal, stage, began, met, amount, closes, accepts, confidence, next_on, holds in self.view.cx.execute(
                PLACED_LIVE.format(where=where), params
            )
            if deal not in self.view.stale
        ]  # fmt: skip
        placed += (line.head for line in self.view.rebuilt() if live.matches(line.head, self.view.customers.same))
        return sorted(placed, key=lambda head: head.id)

    def placed_won(self, since: date) -> Sequence[DealAt | DealSummary]:
        """The deals won on `since` or later."""
        return self.closed("won", since)

    def targets(self) -> Sequence[Target]:
        """The targets that stand, whosever they are."""
        return self.reader.ledger(self.day).targets()

    def declarations(self) -> Sequence[Declaration]:
        """All declarations, oldest first."""
        return self.reader.ledger(self.day).declarations()

    def ranks_closed(self) -> "Mapping[Metric, int]":
        """The rank that each closed deal had some while before its end (`rank` of `line.metrics`), whosever; of all deals."""
        return self._counts.ranks()

    @cached_property
    def has_sales(self) -> bool:
        """Whether there is a ledger at all."""
        return self.reader.ledger(self.day).has_sales()

    def advances(self, since: date) -> Sequence[Sale]:
        """Advances dated from a day on."""
        return self.ledger.advances(since) if self.has_sales else ()

    def revenue(self, since: date) -> Sequence[Revenue]:
        """The ledger's rows dated from a day on, oldest first."""
        if not self.has_sales:
            return ()
        rows = sorted((*self.ledger.sales(since), *self.ledger.advances(since)), key=lambda row: (row.on, row.id))
        return [Revenue(month_number(r.on), r.amount, r.deal, r.customer, r.kind == "advance") for r in rows]

    def backlog(self) -> Sequence[Backlog] | None:
        """Won deals of the last year that are not yet invoiced in full."""
        if not self.has_sales:
            return None
        from nippo_cli.gaps.held_orders import Books, HeldOrder
        from nippo_cli.gaps.matching import order_of, tax_rates

        won = [head for head in self.closed("won", self.as_of - _BACKLOG) if head.amount]
        ids = [head.id for head in won]
        invoiced = self.ledger.sales_of(ids)
        books = Books((), invoiced, advances_of=self.ledger.advances_of(ids), rates=tax_rates(self.schema.ledger))
        left: list[Backlog] = []
        for head in won:
            remaining = (head.amount or 0) - sum(sale.amount for sale in invoiced.get(head.id, ()))
            if remaining > 0 and not HeldOrder.of(order_of(head), books).agrees:
                accepts = head.accepts
                month = month_number(accepts.last) if accepts is not None else None
                left.append(Backlog(head.id, remaining, month, accepts.last if accepts is not None else None))
        return left

    def fizzled_then(
        self, promised: Mapping[int, Sequence[Promised]], progress: "Progress | None" = None
    ) -> Mapping[int, Collection[int]]:
        """The fizzled among the deals promised for each month, on the day before it began and as known then; the quiet limit
        is the one that the deals won before that month teach."""
        from nippo_cli.journal.facts.eves import fizzled_on_eves, quiet_before

        quiet = quiet_before(self.counters_of_all("won_gap"), promised.keys())
        return fizzled_on_eves(self.view.cx, promised, quiet, progress)

    def promise_entries(self, deals: Collection[int]) -> Mapping[tuple[int, str], int]:
        """The entry that said what stands of each deal's amount and confidence, by the deal and which of them (`amount`, `confidence`)."""
        said = {
            (deal, what): entry
            for deal, what, entry in self.view.cx.execute(PROMISED_IN, (json.dumps(sorted(deals)),))
            if not self.view.is_stale(deal)
        }
        for deal, line in self.lines([deal for deal in deals if self.view.is_stale(deal)]).items():
            said |= {(deal, promise.what): promise.entry for promise in line.promises}
        return said

    def first_month(self) -> int | None:
        """The month of the diary's first entry of a deal, by its number; None of an empty one."""
        (on,) = self.view.cx.execute(FIRST_DAY, (self.view.day, self.view.known)).fetchone()
        return month_of_iso(on) if on is not None else None
