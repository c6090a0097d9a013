"""What makes a diary a diary: corrections, one visit for two deals, a stage passed over, entries still to be done."""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from nippo_cli.base.dates import When
from nippo_cli.services.care.demo.cases import in_words, month_of, said_when
from nippo_cli.services.care.demo.events import AmendEvent, EntryEvent, Values
from nippo_cli.services.care.demo.telling import WrittenDeal
from nippo_cli.services.care.demo.words import Bag
from nippo_cli.services.care.demo.workdays import back_to_work, on_to_work

_SHARED, _UNFINISHED = 3, 3
# What is said each time a date is moved on paper: so many days before it passes, to the end of the month so many days on.
_ON_PAPER = ("on_paper", "on_paper_again")
_BEFORE_IT_PASSES, _MOVED_BY = 5, 45
# The default schema says that a new deal must not skip it.
_PASSED_OVER = "hearing"


def corrections(entries: Sequence[EntryEvent], dice: random.Random, today: date) -> Iterator[AmendEvent]:
    """Corrections: a title, a delayed date, a slipped digit."""
    quoted = [e for e in entries if e.deal and "amount" in e.values and (today - e.on).days > 12]
    for event in dice.sample(quoted, min(5, len(quoted))):
        known_on = on_to_work(event.known_on + timedelta(days=1))
        yield AmendEvent(
            known_on, event.author, event.key, {"facts": _exactly(event)}, "税抜の金額であることを書き足す"
        )
    named = [e for e in entries if e.deal and e.values.get("closes", "").count("-") == 2 and (today - e.on).days > 30]
    for event in dice.sample(named, min(4, len(named))):
        known_on = on_to_work(event.known_on + timedelta(days=dice.randint(4, 11)))
        later = back_to_work(date.fromisoformat(event.values["closes"]) + timedelta(days=dice.randint(14, 31)))
        yield AmendEvent(known_on, event.author, event.key, {"closes": later.isoformat()}, "電話で時期を聞き直した")


def moved_on_paper(
    told: Sequence[WrittenDeal], events: Iterable[EntryEvent | AmendEvent], bag: Bag, keys: Iterator[int], today: date
) -> Iterator[EntryEvent]:
    """A deal that went silent: each time before its date is past, in time for the month's meeting, the date is moved and
    the customer not asked. The second time nobody has even spoken with them since the first. Of the deals that were
    pushed before, it is the one of which this happened last."""
    corrected = {event.key for event in events if isinstance(event, AmendEvent)}
    of: defaultdict[str, list[EntryEvent]] = defaultdict(list)
    for event in events:
        if isinstance(event, EntryEvent) and event.deal:
            of[event.deal].append(event)
    found: list[tuple[date, WrittenDeal, list[tuple[date, When]]]] = []
    for each in told:
        promised = [event for event in of[each.plot.name] if "closes" in event.values]
        if each.plot.ending == "fizzled" and len(promised) > 1 and not corrected & {event.key for event in promised}:
            moves = _moves(max(event.values["closes"][-10:] for event in promised))
            if max(event.on for event in of[each.plot.name]) < moves[0][0] and moves[-1][0] < today:
                found.append((moves[-1][0], each, moves))
    for _, each, moves in sorted(found, key=lambda one: (one[0], one[1].plot.name))[-1:]:
        name = each.plot.name
        author = max(of[name], key=lambda event: (event.on, event.key)).author
        for pool, (on, later) in zip(_ON_PAPER, moves, strict=True):
            reason, facts = bag.draw("other", pool)
            said = facts.format_map({**each.case.slots(on), "when": said_when(later, on)})
            values: Values = {"activity": "internal", "facts": said, "closes": str(later), "push_reason": reason}
            yield EntryEvent(next(keys), on, author, on, name, values)


def _moves(stood: str) -> list[tuple[date, When]]:
    """The days on which a standing date is moved on paper, and where to."""
    found = []
    on = date.fromisoformat(stood)
    for _ in _ON_PAPER:
        moved_on = back_to_work(on - timedelta(days=_BEFORE_IT_PASSES))
        on = back_to_work(month_of(on + timedelta(days=_MOVED_BY)).last)
        found.append((moved_on, When.day(on)))
    return found


def _exactly(event: EntryEvent) -> str:
    return f"{event.values['facts']}（金額{in_words(event.values['amount'])}は税抜）"


def shared_visits(
    told: Sequence[WrittenDeal], entries: Sequence[EntryEvent], bag: Bag, keys: Iterator[int]
) -> Iterator[EntryEvent]:
    """Visits that touched two deals of one customer: the visit again, as a shared one, and an entry for the other."""
    made = 0
    pairs = ((a, b) for a in told for b in told if a is not b and a.plot.customer is b.plot.customer)
    for one, other in pairs:
        visit = _visit(one, other, entries) if made < _SHARED else None
        if visit is None:
            continue
        made += 1
        facts = bag.draw("other", "together").format_map({**other.case.slots(visit.on), "goods": one.plot.goods.name})
        values: Values = {"activity": "visit", "facts": facts, "people": visit.values["people"]}
        shared = replace(visit, meeting=f"visit {made}")
        yield shared
        yield replace(shared, key=next(keys), deal=other.plot.name, values=values)


def _visit(one: WrittenDeal, other: WrittenDeal, entries: Sequence[EntryEvent]) -> EntryEvent | None:
    """A visit for the one on a day on which the other was alive."""
    begun, ended = other.written[0].beat.on, other.written[-1].beat.on
    for event in entries:
        if event.deal == one.plot.name and event.values["activity"] == "visit" and begun < event.on < ended:
            return event
    return None


def passed_over(told: Sequence[WrittenDeal], entries: Sequence[EntryEvent]) -> Iterator[EntryEvent]:
    """The entries of a live deal, of those with a quote the one that left its hearing last; none of them says that there
    was a hearing."""
    found: list[tuple[date, str]] = []
    for each in told:
        stays = each.plot.stays
        quoted = any(stay.stage == "quote" for stay in stays)
        if each.plot.ending == "open" and each.plot.goods.kind == "new" and quoted and each.parent is None:
            found += [(b.on, each.plot.name) for a, b in pairwise(stays) if a.stage == _PASSED_OVER]
    name = max(found)[1] if found else None
    for event in entries:
        if event.deal == name and event.values.get("stage") == _PASSED_OVER:
            yield replace(event, values={role: value for role, value in event.values.items() if role != "stage"})


def unfinished(
    entries: Sequence[EntryEvent], stars: Sequence[str], dice: random.Random, today: date
) -> Iterator[EntryEvent]:
    """A few of the latest entries, cut down to what was put in on the train."""
    late = [
        e
        for e in entries
        if e.deal
        and e.deal not in stars
        and "customer" not in e.values
        and 0 <= (today - e.on).days <= 9
        and "people" in e.values
        and "stage" not in e.values
    ]
    for event in dice.sample(late, min(_UNFINISHED, len(late))):
        kept = {role: value for role, value in event.values.items() if role == "facts"}
        facts = str(kept["facts"]).split("。")[0] + "。移動中のため残りは後で記入。"
        yield replace(event, values={"facts": facts}, incomplete=True)
