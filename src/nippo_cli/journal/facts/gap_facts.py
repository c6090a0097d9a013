"""What a gap may ask for (`gaps.facts.GapFacts`), answered by SQL: of one journal on one day, of the deals that are asked
about. Several gaps ask for the same, so that some answers are kept."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Final

from nippo_cli.base.dates import month_number, month_of_iso, month_start
from nippo_cli.base.frozen import NamedTuple, maker
from nippo_cli.base.persons import same_person
from nippo_cli.journal.derive import read_holds
from nippo_cli.journal.read import Days, DealFilter, LineReader
from nippo_cli.line.facts import AsOf, DealSummary, Promise
from nippo_cli.line.norm import Norms
from nippo_cli.line.span import ClosedDays
from nippo_cli.schema.schema import Schema

if TYPE_CHECKING:
    from nippo_cli.base.progress import Progress
    from nippo_cli.gaps.facts import LiveStay, WonDeal
    from nippo_cli.journal.facts.gap_calls import GapCalls
    from nippo_cli.journal.facts.gap_ledger import GapLedger
    from nippo_cli.journal.facts.promised import PromisedBy
    from nippo_cli.journal.read import Counts, JournalReader
    from nippo_cli.line.metrics import Metric, MetricKind
    from nippo_cli.line.promised import Basis, MonthMoney, Promised

LIVE_STAYS: Final = """
select id, stage, kind, entered_on, amount, holds, arrival from deal where fate = 'live' and {where}
"""
WON: Final = """
select id, stage, kind, customer, max(entered_on, coalesce(last_contact_on, '')), amount, holds from deal where {where}
"""
# Deals of which nobody was spoken to since a list alone told of them. Few, so that they are read by themselves.
LISTED: Final = """
select s.deal from stay s indexed by stay_listed join deal o on o.id = s.deal
where s.arrival <> 'known' and s.left_on is null and coalesce(o.last_contact_on, '') <= o.entered_on
"""
# Of more deals than this no tally is opened: all of them would have to be gone through.
_MOST_TO_OPEN = 5000
# Steps forward of deals of which something happened lately, by the stage; of those in `:stale` none.
FORWARD: Final = """
select s.stage, count(*) from stay s
where s.deal in (select id from deal where last_event_on >= :since and {where})
and s.deal not in (select value from json_each(:stale))
and s.step > 0 and s.entered_on >= :since and s.entered_on <= :on group by s.stage
"""

# Orders, and no more of their deals; and deals that have no line of their own.
ORDERS: Final = "select id, closed_on, amount from deal where {where}"
ORDERED: Final = """
select substr(closed_on, 1, 7), coalesce(sum(amount), 0) from deal
where {where} and id not in (select value from json_each(:stale)) group by 1
"""
WITHOUT_LINE: Final = "select deal from gone"

_ALL = DealFilter()


class GapScope(NamedTuple):
    """What a gap is asked: a window's first day; which deals, by owner, customer and stage; the shortest stay in days; the
    stage to look at closely. `filtered`: some deals are left aside; `basis`: what months are filled with."""

    since: date
    deals: DealFilter = _ALL
    min_stay: int = 0
    stage: str | None = None
    filtered: bool = False
    basis: "Basis" = "order"


class JournalGapFacts(LineReader):
    """The facts of one journal on one day, of the deals that are asked about."""

    def __init__(self, reader: "JournalReader", day: AsOf, scope: GapScope) -> None:
        super().__init__(reader.past(day))
        self.reader = reader
        self.day = day
        self.as_of = day.on
        self.scope = scope
        self.since, self._asked, self.min_stay, self.stage, self.filtered, self.basis = scope
        self._counters: dict[MetricKind, Mapping[Metric, int]] = {}
        # Heads and closes that were read, and since when all of a fate were: several kinds ask for the same ones.
        self._heads: dict[int, DealSummary] = {}
        self._closes: dict[int, Sequence[Promise]] = {}
        self._closed: dict[str, tuple[date | None, Sequence[DealSummary]]] = {}

    @cached_property
    def schema(self) -> Schema:
        """The schema in force."""
        return self.reader.schema(self.day)

    @cached_property
    def norms(self) -> Norms:
        """The norms of the day."""
        return self.reader.norms(self.day)

    @cached_property
    def rest(self) -> ClosedDays:
        """The closed days."""
        return ClosedDays(self.schema.closures)

    @cached_property
    def left_out(self) -> Mapping[str, int]:
        """What no question about the diary counts: entries incomplete or ahead, rows that imports rejected."""
        return self.reader.left_out(self.day)

    @cached_property
    def ledger(self) -> "GapLedger":
        """The real ledger, as far as it belongs to the deals that are asked about."""
        from nippo_cli.journal.facts.gap_ledger import GapLedger

        return GapLedger(self.view, self._asked, lambda: self._deals)

    @cached_property
    def calls(self) -> "GapCalls":
        """Who is to be called again."""
        from nippo_cli.journal.facts.gap_calls import GapCalls

        return GapCalls(self, self.view, self._asked)

    # --- deals as they stand

    def live_stays(self) -> "Iterable[LiveStay | DealSummary]":
        """The stays of live deals: as heads, where those were read already."""
        return self._live.values() if "_live" in self.__dict__ else self._read_live_stays()

    def _read_live_stays(self) -> "Iterator[LiveStay]":
        """The stay of every live deal, and no more of it than `gap stalled` needs."""
        from nippo_cli.gaps.facts import LiveStay

        stale, day = self.view.stale, Days()
        where, params = self._asked.where(self.view.spellings)
        for deal, at, kind, entered, amount, holds, arrival in self.view.cx.execute(
            LIVE_STAYS.format(where=where), params
        ):
            if deal not in stale:
                yield LiveStay(deal, at, kind, day[entered], amount, read_holds(holds) if holds else (), arrival)
        for line in self.view.rebuilt():
            head = line.head
            if head.fate == "live" and self._asked.matches(head, self.view.customers.same):
                yield LiveStay(head.id, head.stage, head.kind, head.entered_on, head.amount, head.holds, head.arrival)

    @cached_property
    def _live(self) -> dict[int, DealSummary]:
        live = {head.id: head for head in sorted(self._read_heads(live=True), key=lambda head: head.id)}
        self._heads |= live
        return live

    def live(self) -> Sequence[DealSummary]:
        """Every live deal."""
        return list(self._live.values())

    def live_of_all(self) -> Sequence[DealSummary]:
        """Every live deal, whichever are asked about."""
        return self.live() if self._asked == _ALL else list(self.reader.heads(self.day, live=True))

    def closed(self, fate: str, since: date | None = None) -> Sequence[DealSummary]:
        """Deals won or lost, closed on `since` or later."""
        read_since, heads = self._closed.get(fate, (date.max, ()))
        if read_since is not None and (since is None or since < read_since):
            heads = sorted(self._read_heads(fate=fate, closed_since=since), key=lambda head: head.id)
            self._closed[fate] = since, heads
            self._heads |= {head.id: head for head in heads}
            return heads
        if since is None or since == read_since:
            return heads
        return [head for head in heads if head.closed_on is not None and head.closed_on >= since]

    def orders(self, since: date) -> "Sequence[MonthMoney]":
        """The orders from a day on, each in its month, and no more of their deals; by the deals' ids."""
        from nippo_cli.line.promised import MonthMoney, ordered_money

        view, won, money = self.view, self._asked._replace(fate="won", closed_since=since), maker(MonthMoney)
        where, params = won.where(view.spellings)
        rows = [
            money((month_of_iso(on), deal, amount))
            for deal, on, amount in view.cx.execute(ORDERS.format(where=where), params)
            if deal not in view.stale
        ]
        rows += ordered_money(line.head for line in view.rebuilt() if won.matches(line.head, view.customers.same))
        return sorted(rows, key=lambda row: row.deal or 0)

    def ordered(self, since: date) -> Mapping[int, int]:
        """What was ordered in each month from a day on, by its number: one sum a month, not read deal by deal."""
        view, won, ordered = self.view, self._asked._replace(fate="won", closed_since=since), Counter[int]()
        where, params = won.where(view.spellings)
        bound = {**params, "stale": json.dumps(sorted(view.stale))}
        for month, amount in view.cx.execute(ORDERED.format(where=where), bound):
            ordered[month_of_iso(month)] += amount
        for line in view.rebuilt():
            if won.matches(line.head, view.customers.same) and line.head.closed_on is not None:
                ordered[month_number(line.head.closed_on)] += line.head.amount or 0
        return ordered

    def won_months(self, deals: Collection[int], first: int) -> Mapping[int, int]:
        """The month that each of these deals was won in, through merges, whosever and whichever they are by now; of those that were
        won in a first month or later."""
        from nippo_cli.line.promised import won_in

        view, asked = self.view, set(deals)
        where, params = DealFilter(fate="won", closed_since=month_start(first)).where(view.spellings)
        months = {
            deal: month_of_iso(on)
            for deal, on, _ in view.cx.execute(ORDERS.format(where=where), params)
            if deal in asked and deal not in view.stale
        }
        for line in view.rebuilt():
            month = won_in(line.head)
            if line.head.id in asked and month is not None and month >= first:
                months[line.head.id] = month
        merged = asked.intersection(deal for (deal,) in self.view.cx.execute(WITHOUT_LINE))
        for deal, head in self.became(merged).items():
            month = won_in(head)
            if month is not None and month >= first:
                months[deal] = month
        return months

    def heads(self, deals: Collection[int]) -> Mapping[int, DealSummary]:
        """The deals of these ids."""
        missing = [deal for deal in deals if deal not in self._heads]
        if missing:
            self._heads |= {head.id: head for head in self.reader.heads(self.day, ids=missing)}
        return {deal: self._heads[deal] for deal in deals if deal in self._heads}

    def closes(self, deals: Collection[int]) -> "Mapping[int, Sequence[Promise]]":
        """The expected closes that were promised of these deals."""
        missing = [deal for deal in deals if deal not in self._closes]
        self._closes |= dict.fromkeys(missing, ())
        self._closes |= super().closes(missing) if missing else {}
        return {deal: closes for deal in deals if (closes := self._closes[deal])}

    def became(self, deals: Collection[int]) -> Mapping[int, DealSummary]:
        """What each deal is today, through merges."""
        heads = dict(self.heads(deals))
        for deal in set(deals) - heads.keys():
            head = self.reader.head(self.day, deal)
            if head is not None:
                heads[deal] = head
        return heads

    def won_deals(self) -> "Iterable[WonDeal]":
        """Every won deal, and no more of it than after-care asks for: those read as they are, then those built again."""
        from nippo_cli.gaps.facts import WonDeal, won_deal_of

        make = maker(WonDeal)
        stale, day, won = self.view.stale, Days(), self._asked._replace(fate="won")
        where, params = won.where(self.view.spellings)
        listed = {deal for (deal,) in self.view.cx.execute(LISTED)}
        for deal, stage, kind, customer, heard_on, amount, holds in self.view.cx.execute(
            WON.format(where=where), params
        ):
            if deal not in stale:
                held = read_holds(holds) if holds else ()
                yield make((deal, stage, kind, customer, day[heard_on], amount, held, deal in listed))
        for line in self.view.rebuilt():
            if won.matches(line.head, self.view.customers.same):
                yield won_deal_of(line.head)

    @cached_property
    def _deals(self) -> frozenset[int]:
        """The ids of all deals that are asked about."""
        return frozenset(head.id for head in self._read_heads())

    def _read_heads(
        self, *, live: bool | None = None, fate: str | None = None, closed_since: date | None = None
    ) -> Iterator[DealSummary]:
        asked = self._asked
        return self.reader.heads(
            self.day, live=live, owner=asked.owner, customer=asked.customer, stage=asked.stage, fate=fate,
            closed_since=closed_since,
        )  # fmt: skip

    # --- what all lines add up to

    def counters(self, what: "MetricKind") -> "Mapping[Metric, int]":
        """What lines add up to; where only some deals are asked about, what those do."""
        if what not in self._counters:
            everything = self._asked == _ALL
            self._counters[what] = self._counts.counters(what) if everything else self._counters_of_some(what)
        return self._counters[what]

    def counters_of_all(self, what: "MetricKind") -> "Mapping[Metric, int]":
        """What all lines add up to, whichever deals are asked about."""
        return self.counters(what) if self._asked == _ALL else self._counts.counters(what)

    @property
    def _counts(self) -> "Counts":
        return self.reader.counts(self.day)

    def _counters_of_some(self, what: "MetricKind") -> "Mapping[Metric, int]":
        if what == "did":
            from nippo_cli.journal.read import activity_counts_in

            return activity_counts_in(self.view, self._deals)
        return {metric: n for metric, n in self._metrics_of_some.items() if metric.what == what}

    @cached_property
    def _metrics_of_some(self) -> "Mapping[Metric, int]":
        from nippo_cli.line.metrics import metrics_of

        counted: Counter[Metric] = Counter()
        for line in self.lines(self._deals).values():
            counted.update(metrics_of(line))
        return counted

    def cohort_deals(self, since: str) -> "Mapping[tuple[str, str], Sequence[tuple[int, int]]] | None":
        """The deals behind the tally of `cohort` from a month on (`2026-03`), by their month and the stage that they reached: each with
        how many months it took. None where there are too many to be gone through."""
        from nippo_cli.line.metrics import of_stays

        if len(self._deals) > _MOST_TO_OPEN:
            return None
        reached: defaultdict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        for deal, line in self.lines(self._deals).items():
            for metric in of_stays(line.head, line.stays):
                if metric.what == "cohort" and metric.kind >= since:
                    reached[metric.kind, metric.stage].append((metric.days, deal))
        return reached

    # --- what happened

    def forward(self) -> Mapping[str, int]:
        """How often each stage was entered by a step forward within the window; a loss is none."""
        view, since = self.view, self.since
        lost = {stage.key for stage in self.schema.stages if stage.ends == "lost"}
        where, params = self._asked.where(self.view.spellings)
        bound = {**params, "since": since.isoformat(), "on": view.day, "stale": json.dumps(sorted(view.stale))}
        counted = Counter(dict(view.cx.execute(FORWARD.format(where=where), bound).fetchall()))
        for line in view.rebuilt():
            if self._asked.matches(line.head, self.view.customers.same):
                counted.update(s.stage for s in line.stays if s.step > 0 and since <= s.entered_on <= self.as_of)
        return {stage: n for stage, n in counted.items() if stage not in lost}

    def last_contacts(self, since: date) -> Mapping[str, date]:
        """The last contact of each customer who was met on `since` or later, by `customers.by_contact_keys`."""
        from nippo_cli.journal.facts.last_contacts import last_contacts

        return last_contacts(self, since)

    def promised_for(
        self, months: Sequence[int], progress: "Progress | None" = None
    ) -> "Mapping[int, Sequence[Promised]]":
        """What was promised for each month; of an owner or a stage, by whose and which the deal was then."""
        from nippo_cli.journal.facts.promised import promised_for

        asked = self._asked

        def matches(one: "PromisedBy") -> bool:
            return (
                (asked.owner is None or same_person(one.promise.owner, asked.owner))
                and (asked.stage is None or one.stage == asked.stage)
                and (asked.customer is None or self.view.customers.same(one.customer, asked.customer))
            )

        return promised_for(self.view.cx, months, None if asked == _ALL else matches, progress)
