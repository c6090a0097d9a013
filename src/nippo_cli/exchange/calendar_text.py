"""Days that somebody has promised, as a calendar (iCalendar, RFC 5545) that every program of calendars takes in."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from nippo_cli.base.frozen import NamedTuple


class CalendarDay(NamedTuple):
    """An event that lasts a day and takes no time of it. `uid` stays the same while it is about the same: a calendar that is taken in
    again moves the event, and makes no second one."""

    uid: str
    on: date
    title: str
    text: str


def write(days: Iterable[CalendarDay], *, name: str, now: datetime) -> str:
    """The calendar, by the days' order.

    Args:
        name: what programs call it.
        now: when it was written (aware).
    """
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//nippo//nippo export//")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for day in days:
        event = Event()
        event.add("uid", day.uid)
        event.add("dtstamp", now)
        event.add("dtstart", day.on)
        event.add("dtend", day.on + timedelta(days=1))
        event.add("summary", day.title)
        event.add("description", day.text)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return str(calendar.to_ical(), "utf-8")
