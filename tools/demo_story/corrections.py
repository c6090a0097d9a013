"""What makes a diary a diary: corrections, one visit for two deals, a stage passed over, entries still to be done."""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from demo_story.bilingual import Text, english
from demo_story.deal_cast import in_words
from demo_story.deals import WrittenDeal
from demo_story.events import APART, AmendEvent, EntryEvent, Promise, Values
from demo_story.weekdays import weekday_after, weekday_before
from demo_story.words import Bag

_SHARED, _UNFINISHED = 3, 3
# Days ago: cut down early enough to be there on the Monday of the story's last week.
_UNFINISHED_AGO = range(4, 14)
_BEFORE_TAX = Text("（金額{amount}は税抜）", " (The amount of {amount} is before tax.)")
# What is said each time a date is moved on paper, so many days before the day meant and to so many days after it: the date
# moves before it passes, whichever month's end it becomes.
_ON_PAPER = ("on_paper", "on_paper_again")
_BEFORE_IT_PASSES, _MOVED_BY = 24, 45
# The default schema says that a new deal must not skip it.
_PASSED_OVER = "hearing"


def corrections(entries: Sequence[EntryEvent], dice: random.Random, today: date) -> Iterator[AmendEvent]:
    """Corrections: what an amount includes, a date that was asked for again."""
    quoted = [
        e for e in entries if e.deal and "amount" in e.values and (today - e.on).days > 12 and not _says_closes(e)
    ]
    for event in dice.sample(quoted, min(5, len(quoted))):
        known_on = weekday_after(event.known_on + timedelta(days=1))
        amount = {"amount": in_words(event.values["amount"])}
        facts = event.values["facts"] + _BEFORE_TAX.format_map(amount)
        yield AmendEvent(
            known_on=known_on, author=event.author, key=event.key, values={"facts": facts},
            why=Text("税抜の金額であることを書き足す", "added that the amount is before tax"),
        )  # fmt: skip
    named = [e for e in entries if e.deal and _month_end(e) and (today - e.on).days > 30 and not _says_closes(e)]
    for event in dice.sample(named, min(4, len(named))):
        known_on = weekday_after(event.known_on + timedelta(days=dice.randint(4, 11)))
        later = near_of(event) + timedelta(days=dice.randint(APART, 45))
        yield AmendEvent(
            known_on=known_on, author=event.author, key=event.key,
            values={"closes": str(Promise("month-end", later))}, why=Text("電話で時期を聞き直した", "asked again by telephone when"),
        )  # fmt: skip


def moved_on_paper(
    deals: Sequence[WrittenDeal], events: Iterable[EntryEvent | AmendEvent], bag: Bag, keys: Iterator[int], today: date
) -> Iterator[EntryEvent]:
    """A deal that went silent: each time before its date is past, in time for the month's meeting, the date is moved and
    the customer not asked. The second time nobody has even spoken with them since the first. Of the deals that were
    pushed before, it is the one of which this happened last."""
    corrected = {event.key for event in events if isinstance(event, AmendEvent)}
    entries: defaultdict[str, list[EntryEvent]] = defaultdict(list)
    for event in events:
        if isinstance(event, EntryEvent) and event.deal:
            entries[event.deal].append(event)
    silent: list[tuple[date, WrittenDeal, list[tuple[date, Promise]]]] = []
    for deal in deals:
        name = deal.scenario.name
        promised = [event for event in entries[name] if "closes" in event.values]
        if (
            deal.scenario.ending == "fizzled"
            and len(promised) > 1
            and not corrected & {event.key for event in promised}
        ):
            moves = _moves(max(near_of(event) for event in promised))
            if max(event.on for event in entries[name]) < moves[0][0] and moves[-1][0] < today - timedelta(days=7):
                silent.append((moves[-1][0], deal, moves))
    for _, deal, moves in sorted(silent, key=lambda one: (one[0], one[1].scenario.name))[-1:]:
        name = deal.scenario.name
        author = max(entries[name], key=lambda event: (event.on, event.key)).author
        for pool, (on, later) in zip(_ON_PAPER, moves, strict=True):
            reason, sentence = bag.draw("other", pool)
            values: Values = {
                "activity": "internal", "facts": sentence.format_map(deal.case.slots()), "closes": str(later),
                "push_reason": reason,
            }  # fmt: skip
            yield EntryEvent(known_on=on, author=author, key=next(keys), on=on, deal=name, values=values)


def near_of(event: EntryEvent) -> date:
    """The day near which the close lies that an entry names as a month or its end."""
    return date.fromisoformat(event.values["closes"].split()[1]) + timedelta(days=15)


def _moves(near: date) -> list[tuple[date, Promise]]:
    """The days on which a date is moved on paper, and where to."""
    moves = []
    for _ in _ON_PAPER:
        moved_on = weekday_before(near - timedelta(days=_BEFORE_IT_PASSES))
        near += timedelta(days=_MOVED_BY)
        moves.append((moved_on, Promise("month-end", near)))
    return moves


def _month_end(event: EntryEvent) -> bool:
    return str(event.values.get("closes", "")).startswith("month-end")


def _says_closes(event: EntryEvent) -> bool:
    return "{closes}" in event.values["facts"]


def shared_visits(
    deals: Sequence[WrittenDeal], entries: Sequence[EntryEvent], bag: Bag, keys: Iterator[int]
) -> Iterator[EntryEvent]:
    """Visits that touched two deals of one customer: the visit again, as a shared one, and an entry for the other."""
    made = 0
    pairs = ((a, b) for a in deals for b in deals if a is not b and a.scenario.customer is b.scenario.customer)
    for one, other in pairs:
        visit = _visit(one, other, entries) if made < _SHARED else None
        if visit is None:
            continue
        made += 1
        facts = bag.draw("other", "together").format_map({**other.case.slots(), "goods": one.scenario.goods.name})
        values: Values = {"activity": "visit", "facts": facts, "people": visit.values["people"]}
        shared = replace(visit, meeting=f"visit {made}")
        yield shared
        yield replace(shared, key=next(keys), deal=other.scenario.name, values=values)


def _visit(one: WrittenDeal, other: WrittenDeal, entries: Sequence[EntryEvent]) -> EntryEvent | None:
    """A visit for the one on a day on which the other was alive."""
    first, last = other.written[0].scheduled.on, other.written[-1].scheduled.on
    for event in entries:
        if event.deal == one.scenario.name and event.values["activity"] == "visit" and first < event.on < last:
            return event
    return None


def passed_over(deals: Sequence[WrittenDeal], entries: Sequence[EntryEvent]) -> Iterator[EntryEvent]:
    """The entries of a live deal, of those with a quote the one that left its hearing last; none of them says that there
    was a hearing."""
    left: list[tuple[date, str]] = []
    for deal in deals:
        stays = deal.scenario.stays
        quoted = any(stay.stage == "quote" for stay in stays)
        if deal.scenario.ending == "open" and deal.scenario.goods.kind == "new" and quoted and deal.parent is None:
            left += [(b.on, deal.scenario.name) for a, b in pairwise(stays) if a.stage == _PASSED_OVER]
    name = max(left)[1] if left else None
    for event in entries:
        if event.deal == name and event.values.get("stage") == _PASSED_OVER:
            yield replace(event, values={key: value for key, value in event.values.items() if key != "stage"})


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
        and (today - e.on).days in _UNFINISHED_AGO
        and "people" in e.values
        and "stage" not in e.values
    ]
    for event in dice.sample(late, min(_UNFINISHED, len(late))):
        said = event.values["facts"]
        first = Text(str(said).split("。")[0], english(said).split(". ")[0].removesuffix("."))
        facts = first + Text("。移動中のため残りは後で記入。", ". On the train, the rest later.")
        yield replace(event, values={"facts": facts}, incomplete=True)
