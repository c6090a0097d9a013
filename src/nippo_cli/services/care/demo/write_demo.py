"""Writing the demo world into a journal, as if the team had kept it for eighteen months."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nippo_cli.schema.schema import main_field
from nippo_cli.services.care.demo.events import (
    AmendEvent,
    AssignEvent,
    BeginDeal,
    CommentEvent,
    DayEvent,
    EntryEvent,
    Event,
    HoldEvent,
    MatchEvent,
    ReviewEvent,
    SaleEvent,
    TargetEvent,
    Values,
    World,
)
from nippo_cli.services.care.demo.world import world

if TYPE_CHECKING:
    from nippo_cli.journal.write import Writer
    from nippo_cli.schema.schema import Schema

TIME_ZONE = "Asia/Tokyo"
# Diaries are written in the evening; 18:00 in Japan.
_EVENING = time(9, 0, tzinfo=UTC)
_STEP = timedelta(minutes=3)


def write_demo_journal(path: Path, today: date, now: datetime) -> World:
    """Make a journal at `path` (its `journal.db`) with `schema.yaml` beside it, and write the demo world into it.

    Args:
        path: where no journal is yet; its folder is made.
        today: the world's last day, in Japan.
        now: the instant, with a time zone; no record is dated after it.

    Raises:
        JournalError: the journal can't be made or written.
    """
    import hashlib

    from nippo_cli.journal.write import create, writing
    from nippo_cli.schema.load import load_schema
    from nippo_cli.schema.templates import text_of
    from nippo_cli.services.context import SEEN, stamp

    made = world(today)
    text = text_of("default")
    agreement = load_schema(text, "schema.yaml")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    schema = path.with_name("schema.yaml")
    schema.write_text(text, encoding="utf-8", newline="\n")
    create(path, time_zone=TIME_ZONE, now=_stamp(_evening(made.events[0].known_on, now)))
    first = made.events[0]
    with writing(path, author=first.author, now=_evening(first.known_on, now), today=first.known_on) as writer:
        writer.adopt(text, agreement, hashlib.sha256(schema.read_bytes()).hexdigest())
        writer.set_meta(SEEN, stamp(schema))
        _Scribe(writer, agreement, now).write(made)
    return made


class _Scribe:
    """Writes events one by one, each under its own author, day and evening hour."""

    def __init__(self, writer: "Writer", agreement: "Schema", now: datetime) -> None:
        self._writer = writer
        self._now = now
        self._keys = {role: field.key for role, field in agreement.by_role.items()}
        self._remarks = main_field(agreement).key
        self._comments: dict[str, int] = {}
        self._deals: dict[str, int] = {}
        self._entries: dict[int, int] = {}
        self._meetings: dict[str, int] = {}
        self._sales: dict[str, int] = {}
        self._beginning = False

    def write(self, made: World) -> None:
        """All events, in their order. A deal and its first entry are one command, and so share their instant."""
        at, day = self._now, None
        for event in made.events:
            evening = _evening(event.known_on, self._now)
            if event.known_on != day:
                at, day = max(evening, at + _STEP if day else evening), event.known_on
            elif not self._beginning:
                at += _STEP
            self._writer.author, self._writer.today, self._writer.recorded_at = event.author, event.known_on, _stamp(at)
            self._beginning = isinstance(event, BeginDeal)
            self._one(event)

    def _one(self, event: Event) -> None:
        writer = self._writer
        match event:
            case BeginDeal():
                parent = self._deals[event.parent] if event.parent else None
                self._deals[event.deal] = writer.begin_deal(event.deal, parent=parent)
            case EntryEvent():
                self._entry(event)
            case AmendEvent():
                body = {"values": self._by_key(event.values)}
                writer.amend(self._entries[event.key], body, why=event.why)
            case AssignEvent():
                writer.assign(self._deals[event.deal], event.owner)
            case HoldEvent():
                writer.hold(self._deals[event.deal], event.first, event.last, event.why)
            case SaleEvent():
                deal = self._deals[event.deal] if event.deal else None
                self._sales[event.reference] = writer.add_sale(
                    event.on, event.customer, event.amount, deal=deal, reference=event.reference, note=event.note
                )
            case MatchEvent():
                writer.match(self._sales[event.reference], self._deals[event.deal])
            case TargetEvent():
                writer.set_target(event.owner, event.month, event.amount)
            case ReviewEvent() | CommentEvent() | DayEvent():
                self._said(event)

    def _said(self, event: ReviewEvent | CommentEvent | DayEvent) -> None:
        """What is said beside the entries."""
        writer = self._writer
        match event:
            case ReviewEvent():
                deal = self._deals[event.deal]
                writer.review(deal, cause=event.cause, text=event.text, known_by=event.known_by, on=None)
            case DayEvent():
                writer.add_day(event.on, values={self._remarks: event.remarks}, author=event.author)
            case CommentEvent():
                about = self._comments[event.answers] if event.answers else self._entries[event.entry or 0]
                self._comments[event.key] = writer.add_comment(about, event.text, due=event.due)

    def _entry(self, event: EntryEvent) -> None:
        shared = self._meetings.get(event.meeting) if event.meeting else None
        entry = self._writer.add_entry(
            event.on,
            self._by_key(event.values),
            deal=self._deals[event.deal] if event.deal else None,
            meeting=shared,
            incomplete=event.incomplete,
        )
        self._entries[event.key] = entry
        if event.meeting and shared is None:
            self._meetings[event.meeting] = entry

    def _by_key(self, values: Values) -> Mapping[str, Any]:
        return {key: value for role, value in values.items() if (key := self._keys.get(role))}


def _evening(on: date, now: datetime) -> datetime:
    """The hour at which a day's diary is written, or a while ago where that is still to come."""
    return min(datetime.combine(on, _EVENING), now.astimezone(UTC) - timedelta(hours=2))


def _stamp(at: datetime) -> str:
    at = at.astimezone(UTC)
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"
