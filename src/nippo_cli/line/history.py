"""Points → line. Pure: the same points under the same schema make the same line."""

import json
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter, itemgetter
from typing import TypeAlias

from nippo_cli.base.customers import fuller_name
from nippo_cli.base.dates import When, moved, read_when
from nippo_cli.base.frozen import NamedTuple, maker
from nippo_cli.line.ball import ball_turns
from nippo_cli.line.facts import (
    Deadline,
    DealEvent,
    DealHistory,
    DealRecord,
    DealSummary,
    Fate,
    Promise,
    Statement,
    Stay,
    StayArrival,
)
from nippo_cli.line.span import Hold, net_days
from nippo_cli.schema.schema import Schema, Stage

_stay, _promise = maker(Stay), maker(Promise)
_earlier = attrgetter("earlier")


def build_history(record: DealRecord, points: Sequence[DealEvent], schema: Schema) -> DealHistory:
    """Draw a deal's line from its points, which come ordered by date, recorded time, device and number.

    Raises:
        ValueError: a deal without a point has no line.

    Rule: docs/counting.md
    """
    if not points:
        raise ValueError(record.id)
    stays, closing = stays_of(record.holds, points, schema)
    fate = _fate(closing, schema)
    closed_on = closing.entered_on if closing else None
    promises = promises_of(points)
    contacts = [p for p in points if p.contact]
    heard = next((p for p in reversed(points) if p.contact or p.stands), None)
    begin_known = not points[0].snapshot or _tells_beginning(points[0], schema)
    gaps, back, silence = _silences(record, points, closing, fate)
    return DealHistory(
        head=_head(
            record, points, stays, fate, closed_on, promises, contacts, heard, (back, silence), begin_known=begin_known
        ),
        stays=tuple(stays),
        promises=tuple(promises),
        gaps=gaps if fate == "won" else (),
        deadlines=deadlines_of(points, fate, closing.entry if closing else None),
        balls=ball_turns(points, schema),
    )


def _tells_beginning(listed: DealEvent, schema: Schema) -> bool:
    """Whether what a list says of a deal is its beginning, and not how the deal stands. Where no activity is without a contact, a list
    can't say the one otherwise than the other."""
    return not listed.stage and not (listed.stands and any(not one.contact for one in schema.activities))


def deadlines_of(points: Sequence[DealEvent], fate: Fate, closing: int | None) -> tuple[Deadline, ...]:
    """The deadlines that stand, by field: of each the last that was said. A lost deal has none; an order ends those said
    before it.

    Args:
        closing: the entry that closed the deal; None of a live one.

    Rule: docs/day.md#the-morning
    """
    stated: dict[str, Deadline] = {}
    for point in points:
        if point.id == closing:
            stated.clear()
        if point.deadlines:
            stated |= {key: Deadline(key, read_when(on), point.id) for key, on in json.loads(point.deadlines).items()}
    return tuple(stated[key] for key in sorted(stated)) if fate != "lost" else ()


def stays_of(holds: Sequence[Hold], points: Sequence[DealEvent], schema: Schema) -> tuple[list[Stay], Stay | None]:
    """The stays that points make, at least one, and the one that closed the deal if it is closed."""
    ladder, by_key, renamed = schema.ladder, schema.stage_by_key, schema.renamed_stages
    stays: list[Stay] = []
    closing: Stay | None = None
    # None before the first point; "" while nobody knows in which stage the deal is.
    stage: str | None = None
    entered_on, entry, step = points[0].on, points[0].id, 0
    arrival: StayArrival = "known"
    known: Stage | None = None
    was_listed = False
    for point in points:
        named = point.stage
        if not named:
            if stage is not None:
                continue
            named = "" if point.snapshot else schema.stages[0].key
        named = renamed.get(named, named)
        before, coming = known, by_key.get(named)
        if named != stage:
            again = was_listed and bool(stage)
            came = _arrival(coming, again=again) if point.snapshot else "known"
            if stage is not None:
                # What lay between is not known where a list is the first to say where the deal has come to.
                unsure = not stage or arrival == "unknown" or (came != "known" and not again)
                # Lists see no stay between two of them, nor how long one lasted that they first show on its last day.
                unseen = arrival == "listed" and point.on == entered_on
                timed = not (unsure or unseen) and (before is None or before.ends is None)
                days = net_days(holds, entered_on, point.on) if timed else None
                stays.append(_stay((stage, entered_on, point.on, days, entry, step, arrival)))
                step = ladder.get(named, 0) - ladder.get(stage, 0) if stage and came != "unknown" else 0
            stage, entered_on, entry, arrival, known = named, point.on, point.id, came, coming
            if known is None or not known.after:
                ends = known is not None and known.ends is not None
                closing = Stay(stage, entered_on, None, None, entry, step, arrival) if ends else None
        if point.snapshot and named:
            # How a deal ended is said of its own day, and not of where it stood on that of the list.
            was_listed = coming is None or coming.ends is None
    stays.append(Stay(stage or "", entered_on, None, None, entry, step, arrival))
    return stays, closing


def _arrival(stage: Stage | None, *, again: bool) -> StayArrival:
    """How a deal came into the stage in which a list says it is. What differs between two lists moved in between, and counts on
    the day of the later, as does an end, whose day lists say.

    Args:
        again: an earlier list said in which stage it was.
    """
    return "listed" if again or (stage is not None and stage.ends is not None) else "unknown"


def _fate(closing: Stay | None, schema: Schema) -> Fate:
    if closing is None:
        return "live"
    return schema.stage_by_key[closing.stage].ends or "live"


def _silences(
    record: DealRecord, points: Sequence[DealEvent], closing: Stay | None, fate: Fate
) -> tuple[tuple[int, ...], int, int]:
    """The days between contact days up to the closing entry, held days taken off; the longest of them that a contact
    ended; and the longest of all, the one before a closed deal's end included.

    A contact that lost the deal ends it and is no return. When anybody was last spoken to before the day of a list is not known.
    """
    # None: unknown contacts before.
    days: list[date | None] = []
    for point in points:
        ends = closing is not None and point.id == closing.entry
        if point.snapshot:
            days.append(None)
        elif point.contact and (not days or days[-1] != point.on) and not (ends and fate == "lost"):
            days.append(point.on)
        if ends:
            break
    holds = record.holds
    gaps = tuple([net_days(holds, a, b) for a, b in pairwise(days) if a is not None and b is not None])
    back = max(gaps, default=0)
    if closing is None:
        return gaps, back, back
    heard_on = days[-1] if days else points[0].on
    return gaps, back, max(back, net_days(holds, heard_on, closing.entered_on)) if heard_on is not None else back


# Something an entry said of the future: the day it was said, the entry, and what.
_Claim: TypeAlias = tuple[date, int, Statement | DealEvent]


def _claims(points: Sequence[DealEvent]) -> list[_Claim]:
    """What was said, in the order in which it was said: a correction stands on the day it was made."""
    if not any(map(_earlier, points)):
        return [(p.on, p.id, p) for p in points]
    claims: list[_Claim] = []
    for point in points:
        for place, said in enumerate(point.earlier):
            claims.append((said.known_on if place else point.on, point.id, said))
        claims.append((point.known_on if point.earlier and point.known_on else point.on, point.id, point))
    claims.sort(key=itemgetter(0))
    return claims


def promises_of(points: Sequence[DealEvent]) -> list[Promise]:
    """The promises that entries make, in order: one each time a close, an amount, a confidence or a next step is said
    anew."""
    promises: list[Promise] = []
    closes: When | None = None
    amount: int | None = None
    confidence = next_step = ""
    for made_on, entry, said in _claims(points):
        if said.closes is not None and said.closes != closes:
            move = moved(closes, said.closes) if closes else None
            promises.append(_promise(("closes", _text(said.closes), made_on, entry, move)))
            closes = said.closes
        if said.amount is not None and said.amount != amount:
            promises.append(_promise(("amount", said.amount, made_on, entry, None)))
            amount = said.amount
        if said.confidence and said.confidence != confidence:
            promises.append(_promise(("confidence", said.confidence, made_on, entry, None)))
            confidence = said.confidence
        if said.next_step or said.next_on:
            step = _step(said)
            if step != next_step:
                promises.append(_promise(("next", step, made_on, entry, None)))
                next_step = step
    return promises


def _step(said: Statement | DealEvent) -> str:
    """A next step as one text: its date, if it has one, and what."""
    if said.next_on is None:
        return said.next_step or ""
    return f"{_text(said.next_on)} {said.next_step}" if said.next_step else _text(said.next_on)


# The same days come again and again: looking one up beats writing it out.
_text = lru_cache(maxsize=8192)(When.__str__)


class _CurrentValues(NamedTuple):
    """What stands of all that the points said, each time the latest that is not empty. `same_since`: the day from which
    customer, kind, source, who is billed and the site are the same; `next_point` said the next step that no contact followed."""

    customer: str
    kind: str
    source: str
    amount: int | None
    confidence: str
    accepts: When | None
    evidence: int
    billed_to: str
    site: str
    next_point: DealEvent | None
    same_since: date


def _stands(record: DealRecord, points: Sequence[DealEvent]) -> _CurrentValues:
    """What the entries leave as current: customer, kind, amount, confidence, next step, and since when it is the same
    deal."""
    customer, kind, source, billed_to, site = before = "", "", "", "", ""
    amount, confidence = None, ""
    accepts: When | None = None
    evidence = 0
    same_since = max(points[0].on, record.told_on or points[0].on)
    next_point: DealEvent | None = None
    for point in points:
        whose = point.customer
        if whose and customer and whose != customer:
            whose = fuller_name(customer, whose)
        billed = fuller_name(billed_to, point.billed_to) if point.billed_to else billed_to
        named = (whose or customer, point.kind or kind, point.source or source, billed, point.site or site)
        if named != before:
            customer, kind, source, billed_to, site = before = named
            same_since = max(same_since, point.on)
        accepts = point.accepts or accepts
        evidence |= point.evidence
        confidence = point.confidence or confidence
        if point.amount is not None:
            amount = point.amount
        if point.next_step or point.next_on:
            next_point = point
        elif point.contact:
            next_point = None
    return _CurrentValues(
        customer, kind, source, amount, confidence, accepts, evidence, billed_to, site, next_point, same_since
    )


def _head(
    record: DealRecord,
    points: Sequence[DealEvent],
    stays: Sequence[Stay],
    fate: Fate,
    closed_on: date | None,
    promises: Sequence[Promise],
    contacts: Sequence[DealEvent],
    heard: DealEvent | None,
    silences: tuple[int, int],
    *,
    begin_known: bool,
) -> DealSummary:
    """The summary of a deal from its events and from what was built of them."""
    now = _stands(record, points)
    next_point = now.next_point
    closes = [p for p in promises if p.what == "closes"]
    first, latest = (read_when(str(closes[0].value)), read_when(str(closes[-1].value))) if closes else (None, None)
    stay = stays[-1]
    return DealSummary(
        id=record.id,
        name=record.name,
        customer=now.customer,
        kind=now.kind,
        owner=record.handovers[-1].owner if record.handovers else points[0].author,
        parent=record.parent,
        stage=stay.stage,
        entered_on=stay.entered_on,
        stay_entry=stay.entry,
        fate=fate,
        began_on=points[0].on,
        closed_on=closed_on,
        last_on=points[-1].on,
        heard_on=heard.on if heard else None,
        last_contact=heard.id if heard and heard.contact else None,
        entries=len(points),
        contacts=len(contacts),
        amount=now.amount,
        closes=latest,
        first_closes=first,
        closes_entry=closes[-1].entry if closes else None,
        pushes=sum((p.move or 0) > 0 for p in closes),
        pulls=sum((p.move or 0) < 0 for p in closes),
        slip_days=moved(first, latest) if first and latest else 0,
        confidence=now.confidence,
        next_step=next_point.next_step or "" if next_point else "",
        next_on=next_point.next_on if next_point else None,
        next_entry=next_point.id if next_point else None,
        holds=record.holds,
        first_contact_on=_first_contact_on(points, contacts),
        longest_back=silences[0],
        longest_silence=silences[1],
        accepts=now.accepts,
        source=now.source,
        evidence=now.evidence,
        steady_since=None if any(map(_earlier, points)) else now.same_since,
        visited=frozenset([s.stage for s in stays if s.stage]),
        went_back=any(s.step < 0 for s in stays),
        billed_to=now.billed_to,
        site=now.site,
        arrival=stay.arrival,
        begin_known=begin_known,
    )


def _first_contact_on(points: Sequence[DealEvent], contacts: Sequence[DealEvent]) -> date | None:
    """The day of a deal's first contact; None where a list stands before it: contacts before that are in no diary."""
    if not contacts or any(p.snapshot for p in points[: points.index(contacts[0]) + 1]):
        return None
    return contacts[0].on
