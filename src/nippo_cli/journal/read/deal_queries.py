"""The part of reading that questions about many deals ask for: no more of each line than they need, and what all of them
add up to."""

import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.derive import read_holds
from nippo_cli.journal.read.base import Days, Looking
from nippo_cli.journal.read.deal_filter import DealFilter
from nippo_cli.line.facts import AsOf, DealHistory, Promise, Stay

if TYPE_CHECKING:
    from nippo_cli.gaps.facts import (
        Contact,
        EntryText,
        LiveStay,
        Order,
        Promised,
        WonDeal,
    )
    from nippo_cli.journal.read.counts import Counts, Outcomes
    from nippo_cli.journal.read.ledger import Ledger
    from nippo_cli.line.metrics import Metric, What
    from nippo_cli.line.norm import Norms
    from nippo_cli.line.trail import Said, StandingAt, Trail
    from nippo_cli.schema.schema import Schema

LIVE_STAYS: Final = "select id, stage, kind, entered_on, amount, holds from deal where fate = 'live'"
# Whether a row of the ledger names a deal, or may name one that was merged into it.
NAMED_BY_SALES: Final = """
select exists(select 1 from sale where link = :deal) or exists(select 1 from gone where into_deal = :deal)
"""


class DealQueries(Looking):
    """Many deals at once."""

    def __init__(self, cx: sqlite3.Connection) -> None:
        super().__init__(cx)
        self._counted: Counts | None = None

    def live_stays(
        self, as_of: AsOf, *, owner: str | None = None, customer: str | None = None, stage: str | None = None
    ) -> "Iterator[LiveStay]":
        """The stay of every live deal, and no more of it than `gap stalled` needs."""
        from nippo_cli.gaps.facts import LiveStay

        there, picked = self.past(as_of), DealFilter(True, owner, customer, stage)
        stale = there.unsettled
        where, params = picked._replace(live=None).where(self._spelled)
        day = Days()
        for deal, at, kind, entered_on, amount, holds in self.cx.execute(f"{LIVE_STAYS} and {where}", params):
            if deal not in stale:
                yield LiveStay(deal, at, kind, day[entered_on], amount, read_holds(holds) if holds else ())
        for line in there.folded():
            head = line.head
            if picked.matches(head):
                yield LiveStay(head.id, head.stage, head.kind, head.entered_on, head.amount, head.holds)

    def lines(self, as_of: AsOf, deals: Collection[int]) -> dict[int, DealHistory]:
        """The whole lines of deals, by id; a deal that has none is left out."""
        from nippo_cli.journal.read.lines import lines

        return lines(self.past(as_of), deals)

    def stays(self, as_of: AsOf, deals: Collection[int]) -> dict[int, list[Stay]]:
        """The stays of deals, by id, in order."""
        from nippo_cli.journal.read.stays import stays

        return stays(self.past(as_of), deals)

    def contacts(self, as_of: AsOf, deals: Collection[int]) -> "dict[int, list[Contact]]":
        """The contacts of deals, oldest first; entries of one meeting are one."""
        from nippo_cli.journal.read.lines import contacts

        return contacts(self.past(as_of), deals)

    def closes(self, as_of: AsOf, deals: Collection[int]) -> "dict[int, list[Promise]]":
        """The expected closes that were promised of deals, oldest first."""
        from nippo_cli.journal.read.live import closes

        return closes(self.past(as_of), deals)

    def told(self, as_of: AsOf, entries: Collection[int]) -> "dict[int, EntryText]":
        """What entries told; those not known on the day are left out."""
        from nippo_cli.journal.read.live import entry_texts

        return entry_texts(self.past(as_of), entries)

    def sold(
        self, as_of: AsOf, *, owner: str | None = None, customer: str | None = None, stage: str | None = None
    ) -> "Iterator[WonDeal]":
        """Every won deal, and no more of it than after-care asks for."""
        from nippo_cli.journal.read.live import won_deals

        return won_deals(self.past(as_of), DealFilter(None, owner, customer, stage, "won"), self._spelled)

    def heard(self, as_of: AsOf, since: date) -> dict[str, date]:
        """The last contact of each customer who was met from a day on, by the folded name."""
        from nippo_cli.journal.read.live import last_contacts

        return last_contacts(self.past(as_of), since)

    def standing_at(self, as_of: AsOf) -> "Iterator[StandingAt]":
        """Every live deal as it stood at the end of the day: far cheaper than its head on a day long past."""
        from nippo_cli.journal.read.snapshot_at import deals_at

        return deals_at(AsOfView(self.cx, as_of))

    def trails(self, days: Sequence[AsOf], since: date) -> "Iterator[Trail]":
        """What deals tell of days, each as it was known then (`reader_cut.trails`), the amounts alone of what was promised.

        Args:
            days: oldest first.
            since: the last day of which nothing need be told, unless a deal still lived.
        """
        from nippo_cli.journal.read.snapshot_at import trails

        return trails([AsOfView(self.cx, day) for day in days], since, amounts_only=True)

    def handed(self, as_of: AsOf) -> "dict[int, Said[str]]":
        """Of each deal that was ever handed over: its owners, each with the day since which the deal is theirs."""
        from nippo_cli.journal.read.owners import handed

        return handed(self.past(as_of))

    def agreements(self, days: Sequence[AsOf]) -> "list[Schema]":
        """The agreement in force on each day."""
        return [AsOfView(self.cx, day).agreement for day in days]

    def promised_for(self, months: Sequence[int], asked: "Callable[[StandingAt], bool]") -> "dict[int, list[Promised]]":
        """What was promised for each of these months (ascending) on the day before it began, as it was known then."""
        from nippo_cli.journal.read.promised import promised_for

        return promised_for(self.cx, months, asked)

    def ledger(self, as_of: AsOf) -> "Ledger":
        """The real ledger on the day."""
        from nippo_cli.journal.read.ledger import Ledger

        return Ledger(self.past(as_of))

    def may_be_sold(self, as_of: AsOf, deal: int) -> bool:
        """Whether the ledger may name a deal: False only where it surely does not. A look-up."""
        return as_of.known or self.cx.execute(NAMED_BY_SALES, {"deal": deal}).fetchone()[0] == 1

    def uninvoiced(
        self,
        as_of: AsOf,
        since: date,
        before: date,
        *,
        owner: str | None = None,
        customer: str | None = None,
        stage: str | None = None,
    ) -> "tuple[list[Order], int]":
        """Won deals closed before a day that no sale belongs to: those closed since another, or with an acceptance
        promised for then or later; and how many there are besides."""
        return self.ledger(as_of).uninvoiced(since, before, DealFilter(None, owner, customer, stage), self._spelled)

    def forward(
        self,
        as_of: AsOf,
        since: date,
        *,
        owner: str | None = None,
        customer: str | None = None,
        stage: str | None = None,
    ) -> dict[str, int]:
        """How often each stage was entered by a step forward from a day on, up to the day; a loss is none."""
        from nippo_cli.journal.read.moves import forward

        picked = DealFilter(None, owner, customer, stage)
        return forward(self.past(as_of), since, picked, self._spelled)

    def did_in(self, as_of: AsOf, deals: Collection[int]) -> "Mapping[Metric, int]":
        """What the entries of some deals add up to, by activity and month."""
        from nippo_cli.journal.read.activity import activity_counts_in

        return activity_counts_in(self.past(as_of), deals)

    # --- counts

    def tally(self, as_of: AsOf, what: "What") -> "Mapping[Metric, int]":
        """What all lines of the day add up to of one kind; `did` what all entries do."""
        if what == "did":
            from nippo_cli.journal.read.activity import activity_counts

            return activity_counts(self.past(as_of))
        return self._counts(self.past(as_of)).tally(what)

    def norms(self, as_of: AsOf) -> "Norms":
        """The norms of the day. Tallies are read for the stages that are asked about, and only where the agreement
        states no norm."""
        from nippo_cli.line.norm import Norms

        counts = self._counts(self.past(as_of))
        return Norms(self.agreement(as_of), counts.counted, counts.censored)

    def outcomes(
        self,
        as_of: AsOf,
        *,
        quiet_days: int,
        owner: str | None = None,
        customer: str | None = None,
        stage: str | None = None,
    ) -> "Outcomes":
        """Deals counted by outcome, with money and lead times; `quiet_days` is the quiet limit."""
        from nippo_cli.line.span import ClosedDays

        there, picked = self.past(as_of), DealFilter(None, owner, customer, stage)
        where, params = picked.where(self._spelled)
        again = (line.head for line in there.folded() if picked.matches(line.head))
        return self._counts(there).outcomes(where, params, again, quiet_days, ClosedDays(there.agreement.closures))

    def _counts(self, there: AsOfView) -> "Counts":
        """The counts of a day, one object for all that are asked: deals that are folded again are folded once."""
        from nippo_cli.journal.read.counts import Counts

        if self._counted is None or self._counted.there is not there:
            self._counted = Counts(there)
        return self._counted
