"""Deals: listed, counted, shown, drawn beside each other, renamed, merged, assigned, held."""

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING

from nippo_cli.answers.deals import CustomerPage, DealList, DealPage, LeadTime, Standing, Summary, TimelinePage
from nippo_cli.answers.recap import Done
from nippo_cli.dates import read_day, read_promise
from nippo_cli.desk.desk import Desk, reading, writing
from nippo_cli.desk.gap import Scope, within
from nippo_cli.desk.names import customer_named
from nippo_cli.desk.record import find, head_of, in_force
from nippo_cli.desk.standing import Judge
from nippo_cli.errors import NotFound, UsageError, msg
from nippo_cli.ids import show_id
from nippo_cli.line.quantile import mean, median

if TYPE_CHECKING:
    from nippo_cli.journal.reader import Reader
    from nippo_cli.line.facts import AsOf

_CONTACTS_SHOWN = 10
_OUTCOMES = ("won", "lost", "fizzled", "open")


def listed(desk: Desk, *, scope: Scope, outcome: str | None = None, every: bool = False, limit: int = 0) -> DealList:
    """Deals, live ones first: those with most money, then those silent longest. Closed ones too with `every`, or when
    an outcome asks for them.

    Raises:
        UsageError: there is no such outcome.
    """
    if outcome is not None and outcome not in _OUTCOMES:
        raise UsageError(msg("desk.no_outcome", said=outcome, allowed=", ".join(_OUTCOMES)))
    with reading(desk) as (reader, as_of):
        agreement = reader.agreement(as_of)
        judge = Judge(agreement, reader.norms(as_of), as_of.on)
        live = None if every or outcome in ("won", "lost") else True
        found = judge.standings(reader.heads(as_of, live=live, **within(reader, as_of, scope)))
        if outcome is not None:
            found = [s for s in found if s.outcome == outcome]
        found.sort(key=_what_matters)
        return DealList(as_of.on, agreement, found[:limit] if limit else found, len(found))


def _what_matters(standing: Standing) -> tuple[bool, int, int, int]:
    head = standing.head
    return (head.fate != "live", -(head.amount or 0), -standing.silence_days, head.id)


def summary(desk: Desk, *, scope: Scope) -> Summary:
    """All deals counted by fate, with their money and lead times."""
    with reading(desk) as (reader, as_of):
        agreement = reader.agreement(as_of)
        norms = reader.norms(as_of)
        counted = reader.outcomes(as_of, quiet_days=norms.quiet().days, **within(reader, as_of, scope))
        won, lost = counted.deals["won"], counted.deals["lost"]
        return Summary(
            as_of=as_of.on,
            currency=agreement.currency,
            deals=sum(counted.deals.values()),
            fates={outcome: counted.deals[outcome] for outcome in _OUTCOMES},
            win_rate=won / (won + lost) if won + lost else None,
            lead_time={"won": _lead_time(counted.lead_days["won"]), "lost": _lead_time(counted.lead_days["lost"])},
            amounts={outcome: counted.amounts[outcome] for outcome in _OUTCOMES},
            without_amount=counted.without_amount,
            quiet=norms.quiet(),
        )


def _lead_time(days: Counter[int]) -> LeadTime:
    return LeadTime(days.total(), median(days), mean(days))


def page(desk: Desk, said: str) -> DealPage:
    """A deal's whole line.

    Raises:
        NotFound, Ambiguous: no deal, or several, answer to the name.
    """
    with reading(desk) as (reader, as_of):
        return _page(reader, as_of, said)


def timeline(desk: Desk, names: list[str], *, aligned: bool = False, family: bool = True) -> TimelinePage:
    """Several lines on one axis; with `family`, each deal's up-sells follow it.

    Raises:
        NotFound, Ambiguous: no deal, or several, answer to a name.
    """
    with reading(desk) as (reader, as_of):
        pages: list[DealPage] = []
        for name in names:
            shown = _page(reader, as_of, name)
            pages.append(shown)
            if family:
                pages += [_page(reader, as_of, show_id(child.id)) for child in shown.children]
        once = list({p.begun.id: p for p in pages}.values())
        return TimelinePage(as_of.on, reader.agreement(as_of), once, aligned)


def _page(reader: "Reader", as_of: "AsOf", said: str) -> DealPage:
    from nippo_cli.journal.names import find_deal

    deal = find_deal(reader.cx, said, script=False, as_of=as_of)
    found = reader.line(as_of, deal)
    if found is None:
        raise NotFound(msg("desk.deal_not_yet", said=said, as_of=as_of.on.isoformat()))
    begun, line = found
    agreement = reader.agreement(as_of)
    norms = reader.norms(as_of)
    judge = Judge(agreement, norms, as_of.on)
    points = reader.points(as_of, deal)
    return DealPage(
        as_of=as_of.on,
        agreement=agreement,
        standing=judge.standing(line.head),
        begun=begun,
        line=line,
        points=points,
        quiet=judge.quiet,
        parent=reader.head(as_of, begun.parent) if begun.parent is not None else None,
        children=reader.children(as_of, deal),
        corrections={
            p.id: [v for v in reader.history(p.id)[1:] if not as_of.known or v.known_on <= as_of.on]
            for p in points
            if p.corrected
        },
    )


def customer(desk: Desk, said: str) -> CustomerPage:
    """All of a customer's deals, people and contacts.

    Raises:
        NotFound, Ambiguous: no customer, or several, answer to the name.
    """
    with reading(desk) as (reader, as_of):
        agreement = reader.agreement(as_of)
        name = customer_named(reader, as_of, said)
        judge = Judge(agreement, reader.norms(as_of), as_of.on)
        deals = sorted(judge.standings(reader.heads(as_of, customer=name)), key=_what_matters)
        contacts = reader.log(as_of, customer=name, limit=_CONTACTS_SHOWN)
        return CustomerPage(
            as_of=as_of.on,
            agreement=agreement,
            name=name,
            deals=deals,
            people=reader.people(as_of, name),
            contacts=contacts.entries,
            total_contacts=contacts.total,
            last_contact_on=max((d.head.last_contact_on for d in deals if d.head.last_contact_on), default=None),
            won_amount=sum(d.head.amount or 0 for d in deals if d.outcome == "won"),
        )


def rename(desk: Desk, said: str, name: str) -> Done:
    """Give a deal another name; the old one stays an alias.

    Raises:
        NotFound, Ambiguous: as `page`. UsageError: the name is empty or another deal's.
    """
    if not name.strip():
        raise UsageError(msg("desk.empty_name"))
    with writing(desk) as writer:
        deal = find(desk, writer, said)
        record = writer.rename(deal, name.strip())
    return Done("done.renamed", {"id": show_id(deal), "name": name.strip()}, [record], desk.dry_run)


def merge(desk: Desk, said: str, into: str) -> Done:
    """Make one deal of two: the first one's entries and names become the second's.

    Raises:
        NotFound, Ambiguous: as `page`. UsageError: both are the same deal.
    """
    with writing(desk) as writer:
        deal, other = find(desk, writer, said), find(desk, writer, into)
        if deal == other:
            raise UsageError(msg("desk.merge_itself", said=said))
        record = writer.merge(deal, other)
    return Done("done.merged", {"id": show_id(deal), "into": show_id(other)}, [record], desk.dry_run)


def assign(desk: Desk, said: str, owner: str, *, on: str | None = None) -> Done:
    """Hand a deal to an owner, from a day on (today).

    Raises:
        NotFound, Ambiguous: as `page`. UsageError: no owner is named.
    """
    if not owner.strip():
        raise UsageError(msg("desk.empty_name"))
    with writing(desk) as writer:
        deal = find(desk, writer, said)
        day = read_day(on, today=writer.today, lean="past") if on else writer.today
        record = writer.assign(deal, owner.strip(), on=day)
    return Done("done.assigned", {"id": show_id(deal), "owner": owner.strip()}, [record], desk.dry_run)


def hold(desk: Desk, said: str, *, until: str, why: str, since: str | None = None) -> Done:
    """Put a deal on hold, from a day (today) to `until`, both included.

    Raises:
        NotFound, Ambiguous: as `page`. UsageError: the reason is empty, or it ends before it begins.
    """
    if not why.strip():
        raise UsageError(msg("desk.hold_why"))
    with writing(desk) as writer:
        deal = find(desk, writer, said)
        agreement = in_force(writer)
        first = read_day(since, today=writer.today, lean="past") if since else writer.today
        last = read_promise(until, today=writer.today, fiscal_year_start=agreement.fiscal_year_start).last
        if last < first:
            raise UsageError(msg("desk.hold_backwards", first=first.isoformat(), last=last.isoformat()))
        record = writer.hold(deal, first, last, why.strip())
    return Done(
        "done.held", {"id": show_id(deal), "first": _iso(first), "last": _iso(last)}, [record], desk.dry_run
    )


def release(desk: Desk, said: str) -> Done:
    """End a deal's hold: today is its first day without.

    Raises:
        NotFound: the deal is not on hold.
    """
    with writing(desk) as writer:
        deal = find(desk, writer, said)
        head = head_of(writer, deal)
        held = next((h for h in head.holds if h.first <= writer.today <= h.last), None) if head else None
        if held is None:
            raise NotFound(msg("desk.not_held", said=said))
        if held.first == writer.today:
            record = writer.retract(held.id)
        else:
            record = writer.amend(held.id, {"last": _iso(writer.today - timedelta(days=1))}, why="")
    return Done("done.released", {"id": show_id(deal)}, [record], desk.dry_run)


def _iso(on: date) -> str:
    return on.isoformat()
