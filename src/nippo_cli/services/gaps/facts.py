"""What a gap may ask for, of a journal: `gaps.facts.Facts` as the reader answers it, each answer kept."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from nippo_cli.base.dates import month_number
from nippo_cli.base.text import company, normal_form
from nippo_cli.gaps.facts import (
    Contact,
    EntryText,
    LiveStay,
    Match,
    Order,
    Promised,
    Sale,
    Target,
    WonDeal,
    won_deal_of,
)
from nippo_cli.line.facts import AsOf, DealHistory, DealSummary, Promise, Stay
from nippo_cli.line.norm import Norms
from nippo_cli.line.span import ClosedDays
from nippo_cli.schema.schema import Schema
from nippo_cli.services.context import GapQuery, Scope, begins, within

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader, Ledger
    from nippo_cli.line.metrics import Metric, What
    from nippo_cli.line.trail import StandingAt


class JournalFacts:
    """The facts of one journal on one day, of the deals that were asked about."""

    def __init__(self, reader: "JournalReader", day: AsOf, asked: GapQuery, stage: str | None = None) -> None:
        self.reader = reader
        self.day = day
        self.asked = asked
        self.as_of = day.on
        self.since: date = begins(asked.since, day.on)
        self.min_stay = asked.min_stay
        self.stage = stage
        self.filtered = asked.scope != Scope() or asked.min_stay > 0
        self._within = within(reader, day, asked.scope)
        self._tallies: dict[What, Mapping[Metric, int]] = {}
        # Heads that were read, and since when all of a fate were: several kinds ask for the same ones.
        self._read: dict[int, DealSummary] = {}
        self._closed: dict[str, tuple[date | None, Sequence[DealSummary]]] = {}

    @cached_property
    def agreement(self) -> Schema:
        """The agreement in force."""
        return self.reader.agreement(self.day)

    @cached_property
    def norms(self) -> Norms:
        """The norms of the day."""
        return self.reader.norms(self.day)

    @cached_property
    def rest(self) -> ClosedDays:
        """The closed days."""
        return ClosedDays(self.agreement.closures)

    @cached_property
    def diary_left_out(self) -> Mapping[str, int]:
        """What no question about the diary counts: entries incomplete or ahead, rows that imports rejected."""
        return self.reader.left_out(self.day)

    @cached_property
    def _live(self) -> dict[int, DealSummary]:
        found = {head.id: head for head in self.reader.heads(self.day, live=True, **self._within)}
        self._read |= found
        return found

    def live_stays(self) -> Iterable[LiveStay | DealSummary]:
        """The stays of live deals: as heads, where those were read already."""
        return self._live.values() if "_live" in self.__dict__ else self.reader.live_stays(self.day, **self._within)

    def live(self) -> Sequence[DealSummary]:
        """Every live deal."""
        return list(self._live.values())

    def closed(self, fate: str, since: date | None = None) -> Sequence[DealSummary]:
        """Deals won or lost, closed on `since` or later."""
        kept_since, kept = self._closed.get(fate, (date.max, ()))
        if kept_since is not None and (since is None or since < kept_since):
            kept = list(self.reader.heads(self.day, fate=fate, closed_since=since, **self._within))
            self._closed[fate] = since, kept
            self._read |= {head.id: head for head in kept}
            return kept
        if since is None or since == kept_since:
            return kept
        return [head for head in kept if head.closed_on is not None and head.closed_on >= since]

    def heads(self, deals: Collection[int]) -> Mapping[int, DealSummary]:
        """The deals of these ids."""
        missing = [deal for deal in deals if deal not in self._read]
        if missing:
            self._read |= {head.id: head for head in self.reader.heads(self.day, ids=missing)}
        return {deal: self._read[deal] for deal in deals if deal in self._read}

    def lines(self, deals: Collection[int]) -> Mapping[int, DealHistory]:
        """The whole lines of these deals."""
        return self.reader.lines(self.day, deals)

    def stays(self, deals: Collection[int]) -> Mapping[int, Sequence[Stay]]:
        """The stays of these deals."""
        return self.reader.stays(self.day, deals)

    def contacts(self, deals: Collection[int]) -> Mapping[int, Sequence[Contact]]:
        """The contacts of these deals."""
        return self.reader.contacts(self.day, deals)

    def forward(self) -> Mapping[str, int]:
        """How often each stage was entered by a step forward within the window."""
        return self.reader.forward(self.day, self.since, **self._within)

    def tally(self, what: "What") -> "Mapping[Metric, int]":
        """What lines add up to; where only some deals are asked about, what those do."""
        if what not in self._tallies:
            self._tallies[what] = (
                self._of_some(what) if self.asked.scope != Scope() else self.reader.tally(self.day, what)
            )
        return self._tallies[what]

    def history(self, what: "What") -> "Mapping[Metric, int]":
        """What all lines add up to, whichever deals are asked about."""
        if self.asked.scope == Scope():
            return self.tally(what)
        return self.reader.tally(self.day, what)

    def live_of_all(self) -> Sequence[DealSummary]:
        """Every live deal, whichever are asked about."""
        return self.live() if self.asked.scope == Scope() else list(self.reader.heads(self.day, live=True))

    def closes(self, deals: Collection[int]) -> Mapping[int, Sequence[Promise]]:
        """The expected closes that were promised of these deals."""
        return self.reader.closes(self.day, deals)

    def told(self, entries: Collection[int]) -> Mapping[int, EntryText]:
        """What these entries told, in the words of the agreement in force."""
        return self.reader.told(self.day, entries)

    def sold(self) -> Iterable[WonDeal]:
        """Every won deal."""
        return self.reader.sold(self.day, **self._within)

    def heard(self, since: date) -> Mapping[str, date]:
        """The last contact of each customer who was met on `since` or later."""
        return self.reader.heard(self.day, since)

    def _of_some(self, what: "What") -> "Mapping[Metric, int]":
        if what == "did":
            return self.reader.did_in(self.day, self._scoped_deals)
        return {s: n for s, n in self._scoped_seen.items() if s.what == what}

    @cached_property
    def _scoped_seen(self) -> "Mapping[Metric, int]":
        from nippo_cli.line.metrics import metrics_of

        counted: Counter[Metric] = Counter()
        for line in self.reader.lines(self.day, self._scoped_deals).values():
            counted.update(metrics_of(line))
        return counted

    def promised_for(self, months: Sequence[int]) -> Mapping[int, Sequence[Promised]]:
        """What was promised for each month; of an owner or a stage, by whose and which the deal was then."""
        owner, customer, stage = self._within["owner"], self._within["customer"], self._within["stage"]
        whose = normal_form(customer) if customer is not None else None

        def asked(stood: "StandingAt") -> bool:
            return (
                (owner is None or stood.owner == owner)
                and (stage is None or stood.stage == stage)
                and (whose is None or normal_form(stood.customer) == whose)
            )

        return self.reader.promised_for(months, asked)

    def became(self, deals: Collection[int]) -> Mapping[int, DealSummary]:
        """What each deal is today, through merges."""
        found = dict(self.heads(deals))
        for deal in set(deals) - found.keys():
            head = self.reader.head(self.day, deal)
            if head is not None:
                found[deal] = head
        return found

    # --- the ledger

    @cached_property
    def ledger(self) -> "Ledger":
        """The ledger of the day."""
        return self.reader.ledger(self.day)

    def sales(self, since: date | None = None) -> Sequence[Sale]:
        """The ledger's rows from a day on."""
        return self._picked(self.ledger.sales(since))

    def unowned(self, since: date) -> int:
        """Sales of no deal that are left aside: nobody can tell whose they are, or at which stage."""
        if self._by_customer:
            return 0
        loose = (s for s in self.ledger.sales(since) if s.deal is None)
        return sum(self._whose is None or company(s.customer) == self._whose for s in loose)

    def sales_of(self, deals: Collection[int]) -> Mapping[int, Sequence[Sale]]:
        """All sales of these deals."""
        return self.ledger.sales_of(deals)

    def matches(self) -> Sequence[Match]:
        """What people said of sales and deals."""
        return self.ledger.matches()

    def uninvoiced(self, since: date, before: date) -> tuple[Sequence[Order], int]:
        """Won deals closed before a day that no sale belongs to."""
        return self.reader.uninvoiced(self.day, since, before, **self._within)

    def targets(self) -> Sequence[Target]:
        """The targets that stand; of the owner who is asked about."""
        owner = self._within["owner"]
        return [t for t in self.ledger.targets() if owner is None or normal_form(t.owner) == normal_form(owner)]

    def ledger_by_month(self) -> Mapping[int, int]:
        """The ledger's total of each month."""
        if self.asked.scope == Scope():
            return self.ledger.by_month()
        total: Counter[int] = Counter()
        for sale in self.sales():
            total[month_number(sale.on)] += sale.amount
        return total

    def linked_by_cohort(self) -> Mapping[tuple[str, int], int]:
        """What the ledger shows of deals begun in a month."""
        return self.ledger.by_cohort(None if self.asked.scope == Scope() else self._scoped_deals)

    def _picked(self, sales: Sequence[Sale]) -> Sequence[Sale]:
        """The sales of the deals that are asked about; of those without a deal, a customer's own."""
        if self.asked.scope == Scope():
            return sales
        return [
            s
            for s in sales
            if (
                s.deal in self._scoped_deals
                if s.deal is not None
                else self._by_customer and company(s.customer) == self._whose
            )
        ]

    @property
    def _by_customer(self) -> bool:
        """Whether nothing but a customer is asked about, if anything."""
        return self.asked.scope._replace(customer=None) == Scope()

    @cached_property
    def _whose(self) -> str | None:
        customer = self._within["customer"]
        return company(customer) if customer is not None else None

    @cached_property
    def _scoped_deals(self) -> frozenset[int]:
        return frozenset(head.id for head in self.reader.heads(self.day, **self._within))


class DealFacts(JournalFacts):
    """The facts of one deal, held against what the whole journal has learned."""

    def __init__(self, reader: "JournalReader", day: AsOf, head: DealSummary) -> None:
        super().__init__(reader, day, GapQuery())
        self._head = head

    @cached_property
    def _live(self) -> dict[int, DealSummary]:
        return {self._head.id: self._head} if self._head.fate == "live" else {}

    def live_stays(self) -> Iterable[LiveStay | DealSummary]:
        """Its stay, if it is live."""
        return self._live.values()

    def closed(self, fate: str, since: date | None = None) -> Sequence[DealSummary]:
        """The deal, if it was closed so."""
        closed_on = self._head.closed_on
        there = self._head.fate == fate and closed_on is not None and (since is None or closed_on >= since)
        return [self._head] if there else []

    def live_of_all(self) -> Sequence[DealSummary]:
        """Every live deal, this one or not."""
        return list(self.reader.heads(self.day, live=True))

    def sold(self) -> Iterable[WonDeal]:
        """The deal, if it was won."""
        if self._head.fate == "won":
            yield won_deal_of(self._head)

    def forward(self) -> Mapping[str, int]:
        """Nothing: what went well is told of all deals."""
        return {}

    def sales(self, since: date | None = None) -> Sequence[Sale]:
        """Its sales from a day on."""
        own = self.sales_of([self._head.id]).get(self._head.id, ())
        return [sale for sale in own if since is None or sale.on >= since]

    def unowned(self, since: date) -> int:  # noqa: ARG002  the signature is the protocol's
        """None: only what belongs to it is asked for."""
        return 0

    def uninvoiced(self, since: date, before: date) -> tuple[Sequence[Order], int]:
        """The deal, if it was won before a day and no sale belongs to it."""
        head = self._head
        if head.fate != "won" or head.closed_on is None or head.closed_on >= before or self.sales_of([head.id]):
            return [], 0
        from nippo_cli.gaps.matching import order_of

        order = order_of(head)
        counted_from = max(order.won_on, head.accepts.last) if head.accepts is not None else order.won_on
        return ([order], 0) if counted_from >= since else ([], 1)
