"""掘り起こし: who is to be called again: on the day that was agreed, after a hold, next year as was said, when what was sold is due to
be replaced; and which old quotes came alive."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal, TypeAlias, get_args

from nippo_cli.base.customers import customer_key, last_heard
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.gaps.facts import CallFacts, GapFacts
from nippo_cli.gaps.finding import Findings, no_details
from nippo_cli.line.facts import DealSummary

CallWhy: TypeAlias = Literal["agreed", "promised", "held", "replace", "alive"]
WHYS: tuple[CallWhy, ...] = get_args(CallWhy)
# Whoever calls some days early has called.
EARLY_DAYS = 7
# Nobody calls on account of what was due longer ago; it is counted.
_YEAR = 365
_AHEAD_DAYS = 365


class Call(NamedTuple):
    """A call that falls due: of a deal, or of a customer alone (`deal` None). `text` is why, as it was written; `entry` the
    entry that says so, if one does."""

    deal: int | None
    customer: str
    due_on: date
    why: CallWhy
    text: str = ""
    entry: int | None = None


class CallAgain(NamedTuple):
    """Somebody to be called again. `began_on` is the day of it; `measure` the days since, or until then. An old quote that came
    `alive` was met again on that day. `name` is the deal's."""

    deal: int | None
    customer: str
    stage: str
    began_on: date
    new: bool
    amount: int | None
    why: CallWhy
    measure: int
    text: str = ""
    entry: int | None = None
    name: str = ""


class CallCount(NamedTuple):
    """What was looked at: who is due to be called, by why, with their money, and what of that money is of quotes that came alive, which
    need no call; how many of all fell due in the window; how many were called (`heard`), and how many were due more than a year
    ago."""

    due: int
    amount: int
    alive_amount: int
    new: int
    by_why: Mapping[CallWhy, int]
    heard: int
    long_ago: int


look = no_details


def find(facts: GapFacts) -> Findings:
    """Everybody who is to be called again, and nobody has been in touch with. Rule: docs/gaps.md#revisit"""
    as_of = facts.as_of
    first, last = as_of - timedelta(days=_YEAR), as_of + timedelta(days=_AHEAD_DAYS)
    calls = [
        *due_calls(facts.calls, first, last),
        *_put_off(facts, first, last),
        *after_holds(facts.live(), last),
    ]
    open_calls, called, before = _not_made([call for call in calls if call.due_on <= as_of], facts)
    heard, long_ago = len(called), len(before)
    again = _again(first_reasons([*open_calls, *_alive(facts)]), facts)
    count = CallCount(
        due=len(again),
        amount=sum(one.amount or 0 for one in again),
        alive_amount=sum(one.amount or 0 for one in again if one.why == "alive"),
        new=sum(one.new for one in again),
        by_why=Counter(one.why for one in again),
        heard=heard,
        long_ago=long_ago,
    )
    ahead = sorted(first_reasons(call for call in calls if call.due_on > as_of), key=lambda call: call.due_on)
    left_out = {"called": heard, "long_ago": long_ago}
    apart = {"called": _deals(called), "long_ago": _deals(before)}
    return Findings(again, count, left_out, _again(ahead, facts, sort=False), apart=apart)


def due_calls(calls: CallFacts, first: date, last: date) -> list[Call]:
    """The calls that fall due from one day to another: what was agreed on, what a lost deal's entry plans, what is to be
    replaced."""
    stated = [
        Call(one.deal, one.customer, one.on, "agreed", one.why) for one in calls.revisits() if first <= one.on <= last
    ]
    planned = [Call(one.deal, "", one.on, "promised", one.text, one.entry) for one in calls.planned(first, last)]
    worn = [Call(one.deal, "", one.on, "replace") for one in calls.worn_out(first, last)]
    return [*stated, *planned, *worn]


def unmade(
    calls: Sequence[Call], heads: Mapping[int, DealSummary], heard: Mapping[str, date], apart: Container[str]
) -> list[Call]:
    """Those of the calls that nobody has made: nobody was in touch with the customer on the day or later, or within the week
    before it.

    Args:
        heard: the last contact with each customer, by `customers.by_contact_keys`.
        apart: the names of which two legal forms are known (`same_customer`).
    """
    return [call for call in calls if not _made(call, heads, heard, apart)]


def _made(call: Call, heads: Mapping[int, DealSummary], heard: Mapping[str, date], apart: Container[str]) -> bool:
    head = heads.get(call.deal) if call.deal is not None else None
    customer = call.customer or (head.customer if head is not None else "")
    days = (
        last_heard(heard, customer_key(customer), apart) if customer else None,
        head.last_contact_on if head is not None else None,
    )
    return max(filter(None, days), default=date.min) >= call.due_on - timedelta(days=EARLY_DAYS)


def _put_off(facts: GapFacts, first: date, last: date) -> Iterable[Call]:
    """Lost deals whose last words put something off to a day between two."""
    put_off = facts.calls.next_year()
    return [Call(one.deal, "", one.on, "promised", one.text, one.entry) for one in put_off if first <= one.on <= last]


def after_holds(live: Iterable[DealSummary], on: date) -> Iterable[Call]:
    """Live deals whose last hold ends before the day."""
    for head in live:
        if head.holds:
            last = max(head.holds, key=lambda hold: hold.last)
            if last.last < on:
                yield Call(head.id, "", last.last + timedelta(days=1), "held", last.why)


def first_reasons(calls: Iterable[Call]) -> list[Call]:
    """Of several calls for one deal, or for one customer, the one with the first of the reasons."""
    of_each: dict[int | str, Call] = {}
    for call in sorted(calls, key=lambda call: WHYS.index(call.why)):
        of_each.setdefault(_who(call), call)
    return list(of_each.values())


def _who(call: Call) -> int | str:
    return call.deal if call.deal is not None else call.customer


def _deals(whom: Iterable[int | str]) -> list[int]:
    return sorted(one for one in whom if isinstance(one, int))


def _not_made(calls: Sequence[Call], facts: GapFacts) -> tuple[list[Call], set[int | str], set[int | str]]:
    """The calls that are due and nobody has made; the deals and customers that have been called, and those that were to be
    called too long ago. Whoever is to be called still is in neither."""
    first = facts.as_of - timedelta(days=_YEAR)
    recent = [call for call in calls if call.due_on >= first]
    everybody, of_late = set(map(_who, calls)), set(map(_who, recent))
    if not recent:
        return [], set(), everybody
    heads = facts.heads([call.deal for call in recent if call.deal is not None])
    heard = facts.last_contacts(min(call.due_on for call in recent) - timedelta(days=EARLY_DAYS))
    open_calls = unmade(recent, heads, heard, facts.ledger.apart)
    return open_calls, of_late - set(map(_who, open_calls)), everybody - of_late


def _alive(facts: GapFacts) -> Iterable[Call]:
    """Quotes that came alive in the window: of a lost deal that was met again, of one that is open again, of one that was met
    after a silence beyond the quiet limit."""
    for lost in facts.calls.met_again():
        yield Call(lost.deal, "", lost.on, "alive")
    ends = {stage.key for stage in facts.schema.stages if stage.ends == "lost"}
    live = [head for head in facts.live() if head.amount is not None]
    reopened = {head.id for head in live if not ends.isdisjoint(head.visited)}
    opened = _reopened(facts, reopened, ends)
    yield from (Call(deal, "", on, "alive") for deal, on in opened.items())
    quiet = facts.norms.quiet().days
    woken = {
        head.id: head
        for head in live
        if head.id not in opened
        and head.longest_back > quiet
        and head.last_contact_on is not None
        and head.last_contact_on >= facts.since
    }
    for deal, contacts in facts.contacts(woken).items() if woken else ():
        days = [contact.on for contact in contacts]
        for before, after in pairwise(days):
            silent = (after - before).days
            if after >= facts.since and silent > quiet + facts.rest.count(before, after, woken[deal].holds):
                yield Call(deal, "", after, "alive")
                break


def _reopened(facts: GapFacts, deals: set[int], ends: set[str]) -> dict[int, date]:
    """The day in the window on which each of the deals left the stage in which it was lost."""
    opened = {}
    for deal, stays in facts.stays(deals).items() if deals else ():
        days = [stay.left_on for stay in stays if stay.stage in ends and stay.left_on is not None]
        if days and max(days) >= facts.since:
            opened[deal] = max(days)
    return opened


def _again(calls: Sequence[Call], facts: GapFacts, *, sort: bool = True) -> list[CallAgain]:
    """The calls as findings: by why, then those with most money, then the latest."""
    heads = facts.heads([call.deal for call in calls if call.deal is not None])
    again = []
    for call in calls:
        head = heads.get(call.deal) if call.deal is not None else None
        again.append(
            CallAgain(
                call.deal if head is not None else None,
                call.customer or (head.customer if head is not None else ""),
                head.stage if head is not None else "",
                call.due_on,
                facts.since <= call.due_on <= facts.as_of,
                head.amount if head is not None else None,
                call.why,
                abs((facts.as_of - call.due_on).days),
                call.text,
                call.entry,
                head.name if head is not None else "",
            )
        )
    if sort:
        again.sort(key=lambda one: (WHYS.index(one.why), -(one.amount or 0), one.measure, one.customer, one.deal or 0))
    return again
