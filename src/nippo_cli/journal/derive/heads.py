"""A deal's line as rows, and back."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from sys import intern
from typing import TYPE_CHECKING, Any, Final

from nippo_cli.base.dates import When, month_number, read_when
from nippo_cli.base.frozen import maker
from nippo_cli.base.text import normal_form, search_form
from nippo_cli.journal.log import (
    HEAD_COLUMNS,
    DealRecordState,
    Reach,
)
from nippo_cli.line.facts import BallTurn, Deadline, DealHistory, DealSummary, Promise, Stay
from nippo_cli.line.span import Hold

if TYPE_CHECKING:
    from nippo_cli.line.metrics import Metric

DEAL: Final = f"select {HEAD_COLUMNS}, gaps from deal where id = ?"
STAYS: Final = "select stage, entered_on, left_on, days, entry, step, arrival from stay where deal = ? order by seq"
PROMISES: Final = "select what, value, made_on, entry, move from promise where deal = ? order by seq"
BALLS: Final = "select holder, since, entry from ball where deal = ? order by seq"
DEADLINES: Final = "select field, value, entry from deadline where deal = ? order by field"
ADD_TALLY: Final = (
    "insert into tally values (?,?,?,?,?,?) on conflict (what, stage, kind, won, days) do update set n = n + excluded.n"
)
DROP_EMPTY_TALLY: Final = (
    "delete from tally where what = ? and stage = ? and kind = ? and won = ? and days = ? and n = 0"
)


_head = maker(DealSummary)


def head_from_row(row: Sequence[Any]) -> DealSummary:
    """A head from a row of `HEAD_COLUMNS`."""
    (
        deal, name, customer, kind, owner, parent, stage, entered_on, stay_entry, fate, began_on, closed_on, last_on,
        heard_on, last_contact, entries, contacts, amount, closes, first_closes, closes_entry, pushes, pulls,
        slip_days, confidence, next_step, next_on, next_entry, holds, first_contact_on, longest_back, longest_silence,
        accepts, source, evidence, steady_since, visited, went_back, billed_to, site, arrival,
        begin_known,
    ) = row  # fmt: skip
    day, when = _days, read_when
    return _head((
        deal, name, intern(customer), intern(kind), intern(owner), parent, intern(stage), day[entered_on], stay_entry,
        intern(fate), day[began_on], day[closed_on] if closed_on else None, day[last_on],
        day[heard_on] if heard_on else None, last_contact, entries, contacts, amount,
        when(closes) if closes else None, when(first_closes) if first_closes else None, closes_entry, pushes, pulls,
        slip_days, intern(confidence), intern(next_step), when(next_on) if next_on else None, next_entry,
        read_holds(holds) if holds else (), day[first_contact_on] if first_contact_on else None, longest_back,
        longest_silence, when(accepts) if accepts else None, intern(source), evidence,
        day[steady_since] if steady_since else None, _stages[visited], went_back != 0, intern(billed_to),
        intern(site), intern(arrival), begin_known != 0,
    ))  # fmt: skip


class _Days(dict[str, date]):
    """Each day parsed once, and held once: a hundred thousand deals share some hundreds."""

    def __missing__(self, said: str) -> date:
        self[said] = day = date.fromisoformat(said)
        return day


class _Stages(dict[str, frozenset[str]]):
    """Each list of stages parsed once: of many deals there are few."""

    def __missing__(self, listed: str) -> frozenset[str]:
        self[listed] = stages = frozenset(listed.split())
        return stages


_stages, _days = _Stages(), _Days()


@lru_cache(maxsize=8192)
def _listed(stages: frozenset[str]) -> str:
    return " ".join(sorted(stages))


def read_holds(text: str | None) -> tuple[Hold, ...]:
    """A deal's holds from its row."""
    if not text:
        return ()
    day = date.fromisoformat
    return tuple(Hold(id_, day(first), day(last), why, author) for id_, first, last, why, author in json.loads(text))


# The same days come again and again: by the million, looking one up beats writing it out.
iso = lru_cache(maxsize=8192)(date.isoformat)


def deal_row(line: DealHistory, reach: Reach) -> tuple[object, ...]:
    """The `deal` row of a line."""
    h = line.head
    return (
        h.id, h.name, h.customer, h.kind, h.owner, h.parent, h.stage, iso(h.entered_on), h.stay_entry, h.fate,
        iso(h.began_on), _day(h.closed_on), iso(h.last_on), _day(h.heard_on), h.last_contact,
        h.entries, h.contacts, h.amount, _when(h.closes), _when(h.first_closes), h.closes_entry, h.pushes, h.pulls,
        h.slip_days, h.confidence, h.next_step, _when(h.next_on), h.next_entry,
        _holds(h.holds) if h.holds else None, _day(h.first_contact_on), h.longest_back, h.longest_silence,
        _when(h.accepts), h.source, h.evidence, _day(h.steady_since), _listed(h.visited), h.went_back,
        h.billed_to, h.site, h.arrival, h.begin_known,
        " ".join(map(str, line.gaps)), reach.known_on, reach.event_on,
        f"{_one_line(h.name)}\n{_one_line(h.customer)}",
    )  # fmt: skip


@lru_cache(maxsize=8192)
def _one_line(text: str) -> str:
    """A name as a search looks for it: its search form, blanks in it single."""
    return " ".join(search_form(text).split())


def stay_rows(line: DealHistory) -> Iterable[tuple[object, ...]]:
    """The `stay` rows of a line."""
    deal = line.head.id
    return [
        (
            deal,
            seq,
            s.stage,
            iso(s.entered_on),
            _day(s.left_on),
            s.days,
            s.entry,
            s.step,
            s.arrival,
        )
        for seq, s in enumerate(line.stays)
    ]


def promise_rows(line: DealHistory) -> Iterable[tuple[object, ...]]:
    """The `promise` rows of a line."""
    deal = line.head.id
    return [(deal, seq, p.what, p.value, iso(p.made_on), p.entry, p.move) for seq, p in enumerate(line.promises)]


def deadline_rows(line: DealHistory) -> Iterable[tuple[object, ...]]:
    """The `deadline` rows of a line."""
    return [(line.head.id, d.field, _when(d.on), d.entry) for d in line.deadlines]


def ball_rows(line: DealHistory) -> Iterable[tuple[object, ...]]:
    """The `ball` rows of a line."""
    return [(line.head.id, seq, turn.holder, iso(turn.since), turn.entry) for seq, turn in enumerate(line.balls)]


def name_rows(state: DealRecordState, *, has_line: bool) -> list[tuple[object, ...]]:
    """The rows of what a deal answers to."""
    if state.into is not None or not (state.alive or has_line):
        return []
    names = [(state.record.name, 0), *((name, 1) for name in state.record.aliases)]
    return [(normal_form(name), state.record.id, alias, name) for name, alias in names if name]


def stored_line(cx: sqlite3.Connection, deal: int) -> DealHistory | None:
    """A deal's whole line as it is stored; None where it has none."""
    row = cx.execute(DEAL, (deal,)).fetchone()
    if row is None:
        return None
    day = date.fromisoformat
    stays = cx.execute(STAYS, (deal,))
    promises = cx.execute(PROMISES, (deal,))
    return DealHistory(
        head_from_row(row[:-1]),
        tuple(Stay(s, day(a), day(b) if b else None, *rest) for s, a, b, *rest in stays),
        tuple(Promise(what, value, day(on), entry, move) for what, value, on, entry, move in promises),
        tuple(map(int, row[-1].split())),
        tuple(Deadline(field, read_when(value), entry) for field, value, entry in cx.execute(DEADLINES, (deal,))),
        tuple(BallTurn(holder, day(since), entry) for holder, since, entry in cx.execute(BALLS, (deal,))),
    )


def add_to_counters(cx: sqlite3.Connection, counted: "Counter[Metric]") -> None:
    """Add a difference of tallies to the stored one."""
    rows = [(*metrics_of, n) for metrics_of, n in counted.items() if n]
    if rows:
        cx.executemany(ADD_TALLY, rows)
        if any(n < 0 for *_, n in rows):
            cx.executemany(DROP_EMPTY_TALLY, [row[:-1] for row in rows if row[-1] < 0])


def _day(on: date | None) -> str | None:
    return iso(on) if on is not None else None


def _when(when: When | None) -> str | None:
    if when is None:
        return None
    return iso(when.first) if when.first == when.last else str(when)


def _holds(holds: Sequence[Hold]) -> str:
    return json.dumps(
        [[h.id, h.first.isoformat(), h.last.isoformat(), h.why, h.author] for h in holds],
        ensure_ascii=False, separators=(",", ":"),
    )  # fmt: skip


DID_OF: Final = "select activity, on_date from entry where id = ? and meeting is null"


def count_activities(activity: str | None, on: date) -> "Metric":
    """What an entry adds to the tally. One that shares another's meeting adds nothing."""
    from nippo_cli.line.metrics import Metric

    return Metric("did", activity or "", "", False, month_number(on))


def activities_by_row(cx: sqlite3.Connection, entry: int) -> "Counter[Metric]":
    """What an entry's row, as it stands now, has added."""
    return Counter(count_activities(activity, date.fromisoformat(on)) for activity, on in cx.execute(DID_OF, (entry,)))


def recount(cx: sqlite3.Connection, before: "Counter[Metric]", entry: int) -> None:
    """Put the difference into the tally that a new row makes."""
    after = activities_by_row(cx, entry)
    if after != before:
        after.subtract(before)
        add_to_counters(cx, after)
