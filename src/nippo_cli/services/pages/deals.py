"""Deals: listed, counted, shown, drawn beside each other."""

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeVar

from nippo_cli.base.errors import NotFound, UsageError, msg
from nippo_cli.line.facts import Outcome
from nippo_cli.line.quantile import mean, median
from nippo_cli.line.quiet import is_fizzled, silence_days
from nippo_cli.line.span import ClosedDays
from nippo_cli.results.deals import (
    Asked,
    CustomerPage,
    DealLine,
    DealList,
    DealPage,
    LeadTime,
    PrecedentsPage,
    Summary,
    TimelinePage,
)
from nippo_cli.services.context import (
    Scope,
    StatusJudge,
    Workspace,
    customer_named,
    deal_named,
    only_billed,
    reading,
    tell_of_live_ones,
    within,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nippo_cli.journal.read import JournalReader
    from nippo_cli.line.facts import AsOf, DealHistory, DealPlace, DealRecord, DealSummary, ListedDeal
    from nippo_cli.results.deal_status import DealRow, DealStatus

_Placed = TypeVar("_Placed", "DealPlace", "DealSummary", "ListedDeal")
_OUTCOMES: tuple[Outcome, ...] = ("won", "lost", "fizzled", "open")


def _outcome_meant(said: str) -> str:
    from nippo_cli.services.context import key_meant, shown

    outcome = key_meant("fate", said, _OUTCOMES)
    if outcome is None:
        raise UsageError(msg("desk.no_outcome", said=said, allowed=shown("fate", _OUTCOMES)))
    return outcome


def listed(
    workspace: Workspace,
    *,
    scope: Scope,
    outcome: str | None = None,
    every: bool = False,
    limit: int = 0,
    drawn: bool = False,
) -> DealList:
    """Deals, live ones first: those with most money, then those silent longest. Closed ones too with `every`, or when
    an outcome asks for them.

    Args:
        drawn: the list is to be a table; else all is told of each deal.

    Raises:
        UsageError: there is no such outcome.
    """
    outcome = _outcome_meant(outcome) if outcome is not None else None
    with reading(workspace) as (reader, as_of):
        schema = reader.schema(as_of)
        judge = StatusJudge(schema, reader.norms(as_of), as_of.on)
        live = None if every or outcome in ("won", "lost") else True
        picked = within(reader, as_of, scope)

        def among(read: "Iterable[_Placed]") -> "list[_Placed]":
            of_list = [one for one in read if outcome is None or judge.outcome(one) == outcome]
            return sorted(of_list, key=lambda one: _what_matters(one, as_of.on))

        heads: list[DealSummary] = []
        rows: list[DealRow] = []
        if limit:
            # The others are counted, and no more of them is read.
            places = among(reader.places(as_of, live=live, **picked))
            total = len(places)
            by_id = {head.id: head for head in reader.heads(as_of, ids=[one.id for one in places[:limit]])}
            heads = [by_id[one.id] for one in places[:limit]]
        elif drawn:
            rows = judge.rows(among(reader.listed(as_of, live=live, **picked)))
            total = len(rows)
        else:
            heads = among(reader.heads(as_of, live=live, **picked))
            total = len(heads)
        if not total:
            workspace.notices += filter(None, [only_billed(reader, as_of, scope.customer)])
        asked: Asked = "some" if outcome or scope != Scope() else "all" if every else "live"
        if not total and next(iter(reader.places(as_of)), None) is None:
            asked = "all"
        return DealList(as_of.on, schema, judge.statuses(heads), total, asked, rows)


def _what_matters(of: "DealPlace | DealSummary | ListedDeal", on: date) -> tuple[bool, int, int, int]:
    return (of.fate != "live", -(of.amount or 0), -silence_days(of, on), of.id)


def summary(workspace: Workspace, *, scope: Scope, opens: bool = False) -> Summary:
    """All deals counted by fate, with their money and lead times.

    Args:
        opens: the counts are to open to their deals.
    """
    with reading(workspace) as (reader, as_of):
        schema = reader.schema(as_of)
        norms = reader.norms(as_of)
        counted = reader.outcomes(as_of, quiet_days=norms.quiet().days, **within(reader, as_of, scope))
        won, lost = counted.deals["won"], counted.deals["lost"]
        return Summary(
            as_of=as_of.on,
            currency=schema.currency,
            deals=sum(counted.deals.values()),
            fates={outcome: counted.deals[outcome] for outcome in _OUTCOMES},
            win_rate=won / (won + lost) if won + lost else None,
            lead_time={"won": _lead_time(counted.lead_days["won"]), "lost": _lead_time(counted.lead_days["lost"])},
            amounts={outcome: counted.amounts[outcome] for outcome in _OUTCOMES},
            without_amount=counted.without_amount,
            quiet=norms.quiet(),
            narrowed=scope != Scope(),
            behind=_by_fate(reader, as_of, scope) if opens else {},
        )


def _by_fate(reader: "JournalReader", as_of: "AsOf", scope: Scope) -> "dict[Outcome, list[DealSummary]]":
    """The deals of each fate, those with most money first."""
    quiet, rest = reader.norms(as_of).quiet().days, ClosedDays(reader.schema(as_of).closures)
    fates: dict[Outcome, list[DealSummary]] = {outcome: [] for outcome in _OUTCOMES}
    for head in sorted(reader.heads(as_of, **within(reader, as_of, scope)), key=lambda h: (-(h.amount or 0), h.id)):
        live: Outcome = "fizzled" if is_fizzled(head, quiet, rest, as_of.on) else "open"
        fates[live if head.fate == "live" else head.fate].append(head)
    return fates


def _lead_time(days: Counter[int]) -> LeadTime:
    return LeadTime(days.total(), median(days), mean(days))


def page(workspace: Workspace, said: str) -> DealPage:
    """A deal's whole line, what the gaps find of it, what became of deals like it, and what is dated ahead.

    Raises:
        NotFound, Ambiguous: no deal, or several, answer to the name.
    """
    from nippo_cli.services.gaps import signs_of_deal
    from nippo_cli.services.pages.past_losses import repeated_loss
    from nippo_cli.services.pages.precedents import precedents_of

    with reading(workspace) as (reader, as_of):
        of = page_of(reader, as_of, said)
        tell_of_live_ones(workspace, reader.past(as_of), said, of.line.head.id)
        head = of.line.head
        judge = StatusJudge(of.schema, reader.norms(as_of), as_of.on)
        ahead = reader.log(as_of, since=as_of.on + timedelta(days=1), deal=head.id, count=False).entries
        points = [*of.points, *reversed(ahead)]
        return of._replace(
            points=points,
            comments=[
                *reader.remarks(as_of).on_deal(head.id),
                *reader.remarks(as_of).on_entries([p.id for p in points]),
            ],
            corrections={
                p.id: [v for v in reader.history(p.id)[1:] if not as_of.known or v.known_on <= as_of.on]
                for p in points
                if p.corrected
            },
            signs=signs_of_deal(reader, as_of, head),
            reviews=reader.reviews_of(as_of, head.id),
            precedents=precedents_of(reader, as_of, head, judge),
            revisit=next(iter(reader.revisits(as_of, head.id)), None),
            lesson=repeated_loss(reader, as_of, head),
        )


def timeline(workspace: Workspace, names: list[str], *, aligned: bool = False) -> TimelinePage:
    """Several lines on one axis; each deal's up-sells follow it.

    Raises:
        NotFound, Ambiguous: no deal, or several, answer to a name.
    """
    with reading(workspace) as (reader, as_of):
        drawn = _TimelineReader(reader, as_of)
        lines: dict[int, DealLine] = {}
        for said in names:
            _, history = _history(reader, as_of, said)
            shown = drawn.of(history)
            lines.setdefault(history.head.id, shown)
            tell_of_live_ones(workspace, reader.past(as_of), said, history.head.id)
            for child in shown.children:
                if child.id not in lines:
                    lines[child.id] = drawn.of_deal(child.id)
        return TimelinePage(as_of.on, reader.schema(as_of), list(lines.values()), aligned)


class _TimelineReader:
    """Deals as a timeline draws them, and no more read of each than that."""

    def __init__(self, reader: "JournalReader", as_of: "AsOf") -> None:
        self._reader, self._as_of = reader, as_of
        self._schema = reader.schema(as_of)
        self.judge = StatusJudge(self._schema, reader.norms(as_of), as_of.on)

    def of_deal(self, deal: int) -> DealLine:
        """The line of a deal that is known to have one."""
        line = self._reader.line(self._as_of, deal)
        if line is None:
            raise LookupError(deal)
        return self.of(line[1])

    def of(self, history: "DealHistory") -> DealLine:
        """The line of a deal whose history was read already."""
        deal = history.head.id
        return DealLine(
            as_of=self._as_of.on,
            schema=self._schema,
            status=self.judge.status(history.head),
            line=history,
            points=self._reader.points(self._as_of, deal),
            children=self._reader.children(self._as_of, deal),
        )


def _history(reader: "JournalReader", as_of: "AsOf", said: str) -> "tuple[DealRecord, DealHistory]":
    """The deal that is meant, and its whole line.

    Raises:
        NotFound, Ambiguous: no deal, or several, answer to the name; or it had not begun.
    """
    line = reader.line(as_of, deal_named(reader, as_of, said))
    if line is None:
        raise NotFound(msg("desk.deal_not_yet", said=said, as_of=as_of.on.isoformat()))
    return line


def page_of(reader: "JournalReader", as_of: "AsOf", said: str) -> DealPage:
    """A deal's line and what it belongs to, read with others.

    Raises:
        NotFound, Ambiguous: no deal, or several, answer to the name.
    """
    record, line = _history(reader, as_of, said)
    return _page_of_line(reader, as_of, record, line)


def pages_of(reader: "JournalReader", as_of: "AsOf", deals: "Iterable[int]") -> "list[DealPage]":
    """The same of deals that are known to have a line, in their order."""
    lines = (reader.line(as_of, deal) for deal in deals)
    return [_page_of_line(reader, as_of, *line) for line in lines if line is not None]


def _page_of_line(reader: "JournalReader", as_of: "AsOf", record: "DealRecord", line: "DealHistory") -> DealPage:
    """The page of a deal by its history."""
    schema = reader.schema(as_of)
    judge = StatusJudge(schema, reader.norms(as_of), as_of.on)
    return DealPage(
        as_of=as_of.on,
        schema=schema,
        status=judge.status(line.head),
        record=record,
        line=line,
        points=reader.points(as_of, line.head.id),
        quiet=judge.quiet,
        parent=reader.head(as_of, record.parent) if record.parent is not None else None,
        children=reader.children(as_of, line.head.id),
    )


def customer(workspace: Workspace, said: str, *, limit: int = 0, opens: bool = False) -> CustomerPage:
    """All of a customer's deals and people, and the latest `limit` contacts (0: all).

    Args:
        opens: how often a person was met is to open to the meetings.

    Raises:
        NotFound, Ambiguous: no customer, or several, answer to the name.
    """
    with reading(workspace) as (reader, as_of):
        schema = reader.schema(as_of)
        name = customer_named(reader, as_of, said)
        judge = StatusJudge(schema, reader.norms(as_of), as_of.on)
        heads = sorted(reader.heads(as_of, customer=name), key=lambda head: _what_matters(head, as_of.on))
        deals = judge.statuses(heads)
        contacts = reader.log(as_of, customer=name, limit=limit)
        last_on, is_unknown = _last_contact(reader, as_of, name, deals)
        people, met = reader.people(as_of, name), {}
        if opens:
            from nippo_cli.services.pages.people import meetings_of

            met = meetings_of(reader, as_of, people)
        return CustomerPage(
            as_of=as_of.on,
            schema=schema,
            name=name,
            deals=deals,
            billed=judge.statuses(reader.heads_billed_to(as_of, name)),
            people=people,
            met=met,
            contacts=contacts.entries,
            total_contacts=contacts.total,
            last_contact_on=last_on,
            contact_unknown=is_unknown,
            won_amount=sum(d.head.amount or 0 for d in deals if d.outcome == "won"),
            revisit=next(
                (
                    one
                    for one in reader.revisits(as_of)
                    if one.deal is None and reader.past(as_of).customers.same(one.customer, name)
                ),
                None,
            ),
        )


def _last_contact(
    reader: "JournalReader", as_of: "AsOf", name: str, deals: "Sequence[DealStatus]"
) -> "tuple[date | None, bool]":
    """When the customer was last met, whether a deal was spoken of or not; and whether a list hides that."""
    from nippo_cli.journal.read import contacts_outside

    view = reader.past(as_of)
    outside = (on for whose, on in contacts_outside(view) if view.customers.same(whose, name))
    met = (status.head.last_contact_on for status in deals)
    last_on = max((on for on in (*outside, *met) if on is not None and on <= as_of.on), default=None)
    heads = [status.head for status in deals]
    hidden_until = max((head.heard_on for head in heads if head.silence_at_least and head.heard_on), default=None)
    if hidden_until is not None and (last_on is None or hidden_until > last_on):
        return None, True
    return last_on, last_on is None and not all(head.contacts_known for head in heads)


def precedents(workspace: Workspace, said: str) -> PrecedentsPage:
    """A deal beside the nearest of those that were like it.

    Raises:
        NotFound, Ambiguous: no deal, or several, answer to the name.
    """
    from nippo_cli.services.pages.precedents import finished_like, precedents_of

    with reading(workspace) as (reader, as_of):
        drawn = _TimelineReader(reader, as_of)
        shown = drawn.of(_history(reader, as_of, said)[1])
        head = shown.line.head
        tell_of_live_ones(workspace, reader.past(as_of), said, head.id)
        alike = precedents_of(reader, as_of, head, drawn.judge)
        # What still goes on stands as it does today, and may be like none.
        if alike is None and shown.status.outcome != "open":
            alike = finished_like(reader, as_of, head)
        others = [drawn.of_deal(near.id) for _, near in alike.nearest] if alike else []
        return PrecedentsPage(as_of.on, shown.schema, head, alike, [shown, *others])
