"""A calendar (`.ics`): the meetings of one day, recurring ones among them, each at its time in the journal's zone."""

import re
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Any, Final, TypeAlias

from nippo_cli.base.errors import NotFound, msg
from nippo_cli.base.files import TooLarge, read_whole
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.exchange.encoding import scan
from nippo_cli.exchange.source import SourceRefused, refused, unreadable

# An event of the library: what stands in one may be of any of its types.
_CalendarEvent: TypeAlias = Any

_LARGEST_MIB: Final = 64
_NO_PERSON: Final = ("ROOM", "RESOURCE")
_HIDDEN: Final = ("PRIVATE", "CONFIDENTIAL")
_DAY: Final = timedelta(days=1)
_INSTANT: Final = timedelta(microseconds=1)
_BY_DAYS: Final = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
# So much of a title or a name is read, its end marked where there is more: whoever puts more there sends no meeting.
_LONGEST: Final = 500
_LAST_SECOND: Final = time(23, 59, 59)
# Of events that hold what no calendar may.
_BROKEN: Final = (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError)
_FOLDED: Final = re.compile(rb"\r?\n[ \t]")
_BY_CLOCK: Final = ("BYHOUR", "BYMINUTE", "BYSECOND")


class Attendee(NamedTuple):
    """Somebody who was asked to a meeting: by name, else by address; `own` where that is of the calendar's own house."""

    name: str
    own: bool


class CalendarMeeting(NamedTuple):
    """A meeting of a day. `uid` tells it from any other, of any day; `begins` and `ends` are times of the journal's zone, None where it
    lasts all day, or goes on from the day before."""

    uid: str
    title: str
    begins: time | None
    ends: time | None
    attendees: tuple[Attendee, ...]


class DayOfCalendar(NamedTuple):
    """The meetings of a day, the earliest first; and how many were left out: `private`, `cancelled`, `free` (marked as free time),
    `unreadable` (broken, so that nobody knows whether they are on the day)."""

    meetings: tuple[CalendarMeeting, ...]
    left_out: dict[str, int]


def read_day_of_calendar(path: Path, day: date, zone: tzinfo) -> DayOfCalendar:
    """The meetings of a day. Times without a zone are the journal's.

    Raises:
        NotFound: there is no such file. SourceRefused: it is no calendar, or larger than 64 MiB.
    """
    from icalendar import Calendar

    try:
        calendars = Calendar.from_ical(_content(path), multiple=True)
    except FileNotFoundError:
        raise NotFound(msg("exchange.no_file", path=str(path))) from None
    except OSError as error:
        raise unreadable(path, error) from error
    except TooLarge:
        raise
    except _BROKEN as error:
        raise refused("exchange.no_calendar", path) from error
    if not calendars:
        raise refused("exchange.no_calendar", path)
    events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    domain = _own_domain(calendars, events)
    left_out: Counter[str] = Counter()
    meetings = []
    for event, begins, ends in _of_day(events, day, zone, left_out):
        why = _left_out(event)
        if why:
            left_out[why] += 1
            continue
        at = (
            (begins.time(), ends.time())
            if isinstance(begins, datetime) and isinstance(ends, datetime) and begins.date() == day
            else (None, None)
        )
        title = _short(event.get("SUMMARY", ""))
        uid = f"{event.get('UID', title)}:{begins.isoformat()}"
        meetings.append(CalendarMeeting(uid, title, at[0], at[1], _attendees(event, domain)))
    meetings.sort(key=lambda one: (one.begins or time(), one.title))
    return DayOfCalendar(tuple(meetings), dict(left_out))


def _short(said: object) -> str:
    text = str(said)
    return " ".join(text[:_LONGEST].split()) + "…" * (len(text) > _LONGEST)


def _content(path: Path) -> bytes | str:
    """What a calendar says, whichever encoding it is in: lines may be folded within a letter. Its bytes where nobody can tell."""
    content = _FOLDED.sub(b"", read_whole(path, _LARGEST_MIB))
    with suppress(UnicodeDecodeError):
        return content.decode("utf-8-sig")
    with suppress(SourceRefused, UnicodeDecodeError):
        return content.decode(scan(path).encoding)
    return content


def _of_day(
    events: Sequence[_CalendarEvent], day: date, zone: tzinfo, left_out: Counter[str]
) -> Iterator[tuple[_CalendarEvent, date, date]]:
    """The events that begin on a day, or last over it, with when they begin and end: times of the zone, or days. Those that can't be
    read are counted."""
    moved = set()
    for event in events:
        with suppress(*_BROKEN):
            moved.add((str(event.get("UID", "")), _moment(event["RECURRENCE-ID"].dt, zone)))
    for event in events:
        if "DTSTART" not in event:
            continue
        try:
            there = list(_at(event, day, zone, moved))
        except _BROKEN:
            if _may_be_on(event, day, zone):
                left_out[_left_out(event) or "unreadable"] += 1
            continue
        for first, last in there:
            yield event, first, last


def _at(
    event: _CalendarEvent, day: date, zone: tzinfo, moved: Container[tuple[str, str]]
) -> Iterator[tuple[date, date]]:
    """When an event begins and ends that is on a day, each time that it is."""
    is_one = "RECURRENCE-ID" in event and bool(_moment(event["RECURRENCE-ID"].dt, zone))
    length = _length(event, zone)
    for begins in _occurrences(event, day, length):
        # What was moved may be named by its day alone.
        names = {_moment(begins, zone), _bare(begins).date().isoformat()}
        if not is_one and any((str(event.get("UID", "")), name) in moved for name in names):
            continue
        first, last = _in_zone(begins, zone), _in_zone(begins + length, zone)
        if _falls_on(first, last, day):
            yield first, last


def _may_be_on(event: _CalendarEvent, day: date, zone: tzinfo) -> bool:
    """Whether a broken event may be on a day: where it begins then, or earlier and comes again, or where nobody can tell."""
    with suppress(*_BROKEN):
        begins = _bare(_in_zone(event["DTSTART"].dt, zone)).date()
        return begins == day or (begins < day and ("RRULE" in event or "RDATE" in event))
    return True


def _occurrences(event: _CalendarEvent, day: date, length: timedelta) -> Iterator[date]:
    """When an event begins, as its own zone says it, near a day."""
    start = event["DTSTART"].dt
    rules = [] if "RECURRENCE-ID" in event else _list(event.get("RRULE"))
    more = [] if "RECURRENCE-ID" in event else _dates(event.get("RDATE"))
    if not rules and not more:
        yield start
        return
    from dateutil.rrule import rruleset, rrulestr

    zone = start.tzinfo if isinstance(start, datetime) else None
    rule_set: Any = rruleset()
    # Reckoned as clocks on the wall show it: nine stays nine when summer time begins.
    bare = _bare(start)
    rule_set.rdate(bare)
    last = datetime.combine(day, time()) + 3 * _DAY
    for rule in rules:
        # What comes by the hour is no meeting, and would be counted from its first day on.
        if str(_list(rule.get("FREQ"))[0]).upper() in _BY_DAYS:
            rule_set.rrule(rrulestr(_bare_rule(rule, zone, last), dtstart=bare))
    for one in more:
        rule_set.rdate(_bare(_like(one, zone)))
    off = _dates(event.get("EXDATE"))
    for one in off:
        rule_set.exdate(_bare(_like(one, zone)))
    days_off = {one for one in off if not isinstance(one, datetime)}
    first = datetime.combine(day, time()) - length - 2 * _DAY
    for at in rule_set.xafter(first, inc=True):
        if at > last:
            return
        if at.date() in days_off:
            continue
        yield at.replace(tzinfo=zone) if isinstance(start, datetime) else at.date()


def _bare_rule(rule: Any, zone: tzinfo | None, last: datetime) -> str:
    """A rule whose end is a time of its event's zone, as its beginning is, and no later than `last`."""
    bare = {part: said for part, said in rule.items() if part not in _BY_CLOCK}
    # A day is meant to its end.
    until = [
        _bare(_like(one, zone)) if isinstance(one, datetime) else datetime.combine(one, _LAST_SECOND)
        for one in _list(bare.get("UNTIL"))
    ]
    if "COUNT" not in bare:
        bare["UNTIL"] = [min([*until, last])]
    return ";".join(f"{part}={','.join(map(_rule_text, _list(said)))}" for part, said in bare.items())


def _rule_text(said: object) -> str:
    return said.strftime("%Y%m%dT%H%M%S") if isinstance(said, datetime) else str(said)


def _like(at: date, zone: tzinfo | None) -> date:
    return at.astimezone(zone) if isinstance(at, datetime) and at.tzinfo is not None and zone is not None else at


def _bare(at: date) -> datetime:
    return at.replace(tzinfo=None) if isinstance(at, datetime) else datetime.combine(at, time())


def _dates(said: Any) -> list[date]:
    return [one.dt for part in _list(said) for one in part.dts if not isinstance(one.dt, tuple)]


def _list(said: Any) -> list[Any]:
    return [] if said is None else said if isinstance(said, list) else [said]


def _length(event: _CalendarEvent, zone: tzinfo) -> timedelta:
    """How long an event lasts. An end that is only a day says nothing of one that begins at a time, nor the other way round."""
    start = event["DTSTART"].dt
    lasts: timedelta = timedelta() if isinstance(start, datetime) else _DAY
    if "DTEND" in event:
        end = event["DTEND"].dt
        if isinstance(start, datetime) and isinstance(end, datetime) and (start.tzinfo is None) != (end.tzinfo is None):
            start, end = _in_zone(start, zone), _in_zone(end, zone)
        if isinstance(start, datetime) == isinstance(end, datetime):
            lasts = end - start
    elif "DURATION" in event:
        lasts = event["DURATION"].dt
    return max(lasts, timedelta())


def _in_zone(at: date, zone: tzinfo) -> date:
    if not isinstance(at, datetime):
        return at
    return at.replace(tzinfo=zone) if at.tzinfo is None else at.astimezone(zone)


def _moment(at: date, zone: tzinfo) -> str:
    """An instant to compare by, whichever zone it is said in."""
    placed = _in_zone(at, zone)
    return placed.astimezone(zone).isoformat() if isinstance(placed, datetime) else placed.isoformat()


def _falls_on(first: date, last: date, day: date) -> bool:
    if isinstance(first, datetime) and isinstance(last, datetime):
        return first.date() <= day <= max(first, last - _INSTANT).date()
    # The day on which an event of whole days ends is the first without it.
    return first <= day < max(last, first + _DAY)


def _left_out(event: _CalendarEvent) -> str:
    if str(event.get("CLASS", "")).upper() in _HIDDEN:
        return "private"
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return "cancelled"
    return "free" if str(event.get("TRANSP", "")).upper() == "TRANSPARENT" else ""


def _attendees(event: _CalendarEvent, domain: str) -> tuple[Attendee, ...]:
    """Who was asked, the organizer first; rooms are nobody."""
    people: dict[str, Attendee] = {}
    for said in (*_list(event.get("ORGANIZER")), *_list(event.get("ATTENDEE"))):
        params = getattr(said, "params", {})
        if str(params.get("CUTYPE", "")).upper() in _NO_PERSON or str(params.get("PARTSTAT", "")).upper() == "DECLINED":
            continue
        address = str(said).partition(":")[2].strip() if ":" in str(said) else str(said).strip()
        name = _short(params.get("CN", "")).strip('"')
        name = name if name and "@" not in name else address
        if name:
            people.setdefault(address.casefold() or name, Attendee(name, _domain(address) == domain != ""))
    return tuple(people.values())


def _own_domain(calendars: Sequence[Any], events: Sequence[_CalendarEvent]) -> str:
    """Whose calendar it is, by the house of its address: what the calendar is called, else who organizes most."""
    for calendar in calendars:
        named = str(calendar.get("X-WR-CALNAME", ""))
        if "@" in named:
            return _domain(named)
    organizers = Counter(_domain(str(event["ORGANIZER"])) for event in events if "ORGANIZER" in event)
    return organizers.most_common(1)[0][0] if organizers else ""


def _domain(address: str) -> str:
    return address.rpartition("@")[2].casefold().strip() if "@" in address else ""
