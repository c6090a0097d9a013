"""`nippo landing`: where months will land, what moved since last week, what decides it, and how often that was right."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from nippo_cli.base.dates import month_number, month_start, read_day
from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.persons import same_person
from nippo_cli.gaps.facts import EntryText
from nippo_cli.journal.facts import EarlierLandingFacts, GapScope, JournalLandingFacts
from nippo_cli.journal.read import DealFilter
from nippo_cli.landing.bridge import Bridge, BridgeChange, bridge, stands
from nippo_cli.landing.cells import LiveCells
from nippo_cli.landing.deciding import what_decides
from nippo_cli.landing.eves import YEAR, EveShares, eve_shares, past_months
from nippo_cli.landing.facts import Declaration
from nippo_cli.landing.horizon import LandingSpan, months_of
from nippo_cli.landing.parts import LandingBy, LandingPart, parted, whole_part
from nippo_cli.landing.record import LandingRecord, landing_record, recorded_months
from nippo_cli.landing.shares import LEAST, RankRecord
from nippo_cli.landing.table import Landing, LandingTable
from nippo_cli.line.ball import ball_split
from nippo_cli.line.facts import AsOf, DealSummary
from nippo_cli.line.promised import Basis, Pile, Target
from nippo_cli.line.quiet import silence_days
from nippo_cli.line.targets import MonthTarget, target_of_kind, target_of_owner, team_target
from nippo_cli.results.entries import LeftOutBehind
from nippo_cli.results.landing import BridgeReason, Decider, LandingGroup, LandingPage, YearNeed
from nippo_cli.services.context import Scope, Workspace, entries_left_out, reading, within
from nippo_cli.services.gaps import signs_of_deal

if TYPE_CHECKING:
    from nippo_cli.base.progress import Progress
    from nippo_cli.journal.read import JournalReader
    from nippo_cli.line.promised import Promised

_DECIDERS = 5
_WEEK = timedelta(days=7)
_NO_TARGET = MonthTarget(None, "")
# Changes that a promise made, and of what.
_BY_PROMISE: dict[BridgeChange, str] = {"filled": "amount", "amount": "amount", "rank": "confidence"}


class LandingQuery(NamedTuple):
    """What is asked. `compare` is the day of the bridge as typed: None is the last Monday before the day. `unit` says how
    many yen, dollars… an amount on screen counts. `opens`: the figures are to open to the deals behind them."""

    span: LandingSpan = "next"
    basis: Basis = "order"
    by: LandingBy | None = None
    scope: Scope = Scope()
    compare: str | None = None
    unit: int = 1
    opens: bool = False


def landing(workspace: Workspace, asked: LandingQuery, progress: "Progress | None" = None) -> LandingPage:
    """The landing of the day; `progress` is told of each past month's end that is read.

    Raises:
        UsageError: the day of the bridge can't be read, or is not before the day that is asked about.
        NotFound, Ambiguous: no owner or customer, or several, answer to the name.
    """
    with reading(workspace) as (reader, as_of):
        return landing_of(reader, as_of, asked, progress)


def landing_of(
    reader: "JournalReader", as_of: AsOf, asked: LandingQuery, progress: "Progress | None" = None
) -> LandingPage:
    """The same, read with others.

    Raises: as `landing`.
    """
    page = _Page(reader, as_of, asked).page(progress)
    return page._replace(left_out_behind=LeftOutBehind(entries_left_out(reader, as_of))) if asked.opens else page


class _Page:
    """One answer, put together."""

    def __init__(self, reader: "JournalReader", as_of: AsOf, asked: LandingQuery) -> None:
        self.reader, self.day, self.asked = reader, as_of, asked
        self.schema = reader.schema(as_of)
        self.months = months_of(asked.span, as_of.on, self.schema.fiscal_year_start)
        self.filter = DealFilter(**within(reader, as_of, asked.scope))
        self.facts = self._facts(as_of, self.filter)
        # What a rank meant, and how often that was right, is the team's, never one person's.
        self.team = self._facts(as_of, DealFilter()) if self.facts.filtered else self.facts
        self.record = RankRecord(self.team.ranks_closed(), self.schema)
        self.part = whole_part(self.facts, self.months, asked.basis)
        self.cells = LiveCells(self.facts, self.part.live, self.record, asked.basis)

    def _facts(self, day: AsOf, deals: DealFilter) -> JournalLandingFacts:
        return JournalLandingFacts(self.reader, day, GapScope(day.on, deals, filtered=deals != DealFilter()))

    def page(self, progress: "Progress | None") -> LandingPage:
        facts, asked = self.facts, self.asked
        now, first = month_number(self.day.on), self._first_month()
        recorded = recorded_months(now, first if first is not None else now)
        promised = self.team.promised_for(sorted({*recorded, *past_months(now, YEAR)}), progress)
        # What was promised on a month's eve was promised of orders, and says nothing of sales.
        by_orders = asked.basis == "order"
        eves = eve_shares(self.team, promised, self.record) if by_orders else EveShares.unknown()
        said, targets = facts.declarations(), facts.targets()
        frame = Landing(facts, self.months, self.record, eves, asked.basis)
        table = frame.table(self.part, lambda month: self._target(targets, month), self._declared(said), self.cells)
        deciding = what_decides(table, {head.id: head for head in self.part.live}, asked.span, self.day.on)
        crossed = self._bridge()
        moved = facts.became({part.deal for part in crossed.parts if part.deal is not None})
        return LandingPage(
            as_of=self.day.on,
            schema=self.schema,
            span=asked.span,
            basis=asked.basis,
            unit=asked.unit,
            table=table,
            won_in_month=eves.all if by_orders else None,
            by=asked.by,
            groups=self._groups(frame, targets, said),
            bridge=crossed,
            heads={**moved, **(self._behind(_of_months(table)) if asked.opens else {})},
            outside=self._behind(_of_none(table)) if asked.opens else {},
            month=deciding.month,
            deciders=self._looked_at([head.id for head in deciding.deals[:_DECIDERS]]),
            deciders_total=len(deciding.deals),
            closing=deciding.closing,
            record=self._record_of({m: promised[m] for m in recorded}, first or now, progress),
            need=self._need(targets, eves),
            backlog=facts.backlog(),
            advances=self._advances(),
            declarations=[one for one in self._declared(said) if one.month in self.months],
            filtered=facts.filtered,
            left_out=facts.left_out,
            reasons=self._reasons(crossed, moved),
        )

    def _advances(self) -> int:
        """What was paid in the months before goods were there."""
        rows = self.facts.advances(month_start(self.months[0]))
        return sum(row.amount for row in rows if month_number(row.on) in self.months)

    def _record_of(
        self, promised: Mapping[int, Sequence["Promised"]], first: int, progress: "Progress | None"
    ) -> LandingRecord | None:
        """What months promised and what came of them; of a part of the diary nobody asks that."""
        if self.facts.filtered:
            return None
        return landing_record(self.facts, promised, self.record, first, self.asked.basis, progress)

    def _first_month(self) -> int | None:
        """From when on it is known what came: from the diary's first entry, or by sales from the ledger's first row."""
        if self.asked.basis == "order":
            return self.team.first_month()
        return min((row.month for row in self.team.revenue(date.min) if not row.advance), default=None)

    def _target(self, targets: Sequence[Target], month: int) -> MonthTarget:
        """The target of whoever is asked about."""
        if self.filter.owner is not None and self.filter.customer is None:
            return target_of_owner(targets, month, self.filter.owner)
        return _NO_TARGET if self.facts.filtered else team_target(targets, month)

    def _declared(self, said: Sequence[Declaration]) -> Sequence[Declaration]:
        """The declarations of whoever is asked about."""
        owner = self.filter.owner
        if owner is not None and self.filter.customer is None:
            return [one for one in said if not one.team and same_person(one.owner, owner)]
        return [] if self.facts.filtered else said

    def _groups(self, frame: Landing, targets: Sequence[Target], said: Sequence[Declaration]) -> Sequence[LandingGroup]:
        """Each owner's, kind's or customer's part."""
        by = self.asked.by
        if by is None:
            return []
        parts: dict[str, LandingPart] = dict(
            parted(self.facts, self.part, by, self.reader.past(self.day).customers.apart)
        )
        if not self.facts.filtered:
            # Whoever has a target or declared something is there, with nothing to show for it too.
            aimed = [
                t.owner if by == "owner" else t.kind if by == "kind" else "" for t in targets if t.month in self.months
            ]
            spoke = [d.owner for d in said if by == "owner" and d.month in self.months]
            for name in (*aimed, *spoke):
                if name and not any(same_person(name, known) for known in parts):
                    parts[name] = LandingPart(())
        groups = [LandingGroup(name, self._group(frame, part, name, targets, said)) for name, part in parts.items()]
        # Customers and kinds by their money; people are not put in order by it.
        return groups if by == "owner" else sorted(groups, key=lambda group: -group.table.total.by_record)

    def _group(
        self, frame: Landing, part: LandingPart, name: str, targets: Sequence[Target], said: Sequence[Declaration]
    ) -> LandingTable:
        by = self.asked.by
        # A target of an owner's, or of a kind's, is of all their deals: nothing is held against a part of them.
        whole = self.filter.customer is None and (by == "owner" or not self.facts.filtered)

        def target_of(month: int) -> MonthTarget:
            if whole and by == "owner":
                return target_of_owner(targets, month, name)
            return target_of_kind(targets, month, name) if whole and by == "kind" else _NO_TARGET

        own = [one for one in said if whole and by == "owner" and not one.team and same_person(one.owner, name)]
        return frame.table(part, target_of, own)

    def _looked_at(self, deals: Sequence[int]) -> list[Decider]:
        """The deals with what is to be asked about each, and whose the days since it began were."""
        turns, heads = self.facts.balls(deals), self.facts.heads(deals)
        return [
            Decider(
                head,
                signs_of_deal(self.reader, self.day, head),
                ball_split(turns[head.id], head.holds, head.began_on, self.day.on),
            )
            for head in map(heads.__getitem__, deals)
        ]

    def _bridge(self) -> Bridge:
        """From the day that is compared with to the day that is asked about."""
        earlier = EarlierLandingFacts(self.facts, self._compared())
        after = stands(self.facts, self.months, self.record, self.asked.basis, self.cells)
        before = stands(earlier, self.months, self.record, self.asked.basis)
        return bridge(earlier, self.facts, self.months, before, after)

    def _compared(self) -> AsOf:
        on, said = self.day.on, self.asked.compare
        if said is None:
            return AsOf(on - timedelta(days=on.weekday() or _WEEK.days), known=True)
        day = read_day(said, today=on, lean="past")
        if day >= on:
            raise UsageError(msg("landing.compare_ahead", said=said, as_of=on.isoformat()))
        return AsOf(day, known=True)

    def _behind(self, piles: Iterable[Pile]) -> Mapping[int, DealSummary]:
        """The deals of some piles, as they are today."""
        deals = {deal for pile in piles for deal in pile.deals}
        live = {head.id: head for head in self.facts.live() if head.id in deals}
        return {**live, **self.facts.became(deals - live.keys())}

    def _reasons(
        self, crossed: Bridge, heads: Mapping[int, DealSummary]
    ) -> Mapping[tuple[BridgeChange, int], BridgeReason]:
        """Why each deal moved the bridge, where anything says so."""
        parts = [(part, heads[part.deal]) for part in crossed.parts if part.deal is not None and part.deal in heads]
        # What was merged into another goes by its own number: nothing of the other's is its reason.
        parts = [(part, head) for part, head in parts if head.id == part.deal]
        promised = self.facts.promise_entries({head.id for part, head in parts if part.change in _BY_PROMISE})
        entries = {
            (part.change, head.id): promised.get((head.id, _BY_PROMISE[part.change]))
            if part.change in _BY_PROMISE
            else _entry_of(part.change, head)
            for part, head in parts
        }
        texts = self.facts.entry_texts([entry for entry in entries.values() if entry is not None])
        reasons: dict[tuple[BridgeChange, int], BridgeReason] = {}
        for part, head in parts:
            entry = entries[part.change, head.id]
            reason = _reason_of(part.change, head, texts.get(entry) if entry is not None else None, self.day.on)
            if reason.key:
                reasons[part.change, head.id] = reason
        return reasons

    def _need(self, targets: Sequence[Target], eves: EveShares) -> YearNeed | None:
        """What must still be sold in the fiscal half (of a whole year where that is shown), and the live money that is promised for its
        months: neither gone quiet nor on hold."""
        span: LandingSpan = "fiscal_year" if self.asked.span == "fiscal_year" else "half"
        months = months_of(span, self.day.on, self.schema.fiscal_year_start)
        aims = {month: self._target(targets, month).amount for month in months}
        known = [amount for amount in aims.values() if amount is not None]
        if not known:
            return None
        frame = Landing(self.facts, months, self.record, eves, self.asked.basis)
        rows = frame.table(
            whole_part(self.facts, months, self.asked.basis), lambda _: _NO_TARGET, (), self.cells
        ).months
        lead = self.team.counters_of_all("lead")
        won, ended = sum(n for one, n in lead.items() if one.won), sum(lead.values())
        return YearNeed(
            target=sum(known),
            months=len(known),
            done=sum(
                one.done.amount + one.backlog.amount
                for one in rows
                if one.month is not None and aims[one.month] is not None
            ),
            live=sum(cell.pile.amount for one in rows for cell in one.by_rank),
            won=won,
            ended=ended,
            share=won / ended if ended >= LEAST else None,
        )


def _entry_of(change: BridgeChange, head: DealSummary) -> int | None:
    """The entry that made a change of a deal."""
    if change in ("moved_in", "moved_out", "moved"):
        return head.closes_entry
    if change in ("won", "lost", "reopened"):
        return head.stay_entry
    return head.last_contact if change == "revived" else None


def _reason_of(change: BridgeChange, head: DealSummary, text: EntryText | None, on: date) -> BridgeReason:
    """Why; an empty key where nothing says so."""
    if change == "new":
        return BridgeReason("source", head.source)
    if change == "fizzled":
        return BridgeReason("silence", str(silence_days(head, on)))
    if text is None:
        return BridgeReason("activity", "")
    if change in ("moved_in", "moved_out", "moved") and text.push_reason:
        return BridgeReason("push_reason", text.push_reason)
    if change == "lost" and text.lost_reasons:
        return BridgeReason("lost_reason", text.lost_reasons[0])
    return BridgeReason("activity", text.activity)


def _of_months(table: LandingTable) -> Iterator[Pile]:
    """All that stands in the months."""
    for one in table.months:
        yield from (one.done, one.backlog, one.on_hold, one.fizzled)
        yield from (cell.pile for cell in one.by_rank)


def _of_none(table: LandingTable) -> Iterator[Pile]:
    """What stands in none of the months, and what names no amount."""
    for one in table.outside:
        yield from (one.live, one.on_hold, one.fizzled)
    yield table.without_amount
