"""An instant as clock and calendar show it in a time zone."""

from datetime import UTC, date, datetime, timedelta, timezone

# Zones without summer time need no database to be looked into: its start-up cost is paid by every command.
_FIXED = {"Asia/Tokyo": timezone(timedelta(hours=9)), **dict.fromkeys(("UTC", "Etc/UTC"), timezone(timedelta(0)))}

# The hour at which a day begins.
DAY_BEGINS = timedelta(hours=5)


def instant_text(at: datetime) -> str:
    """An aware instant as the log writes it: in UTC, cut to milliseconds (`2026-11-23T09:00:00.000Z`)."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def is_zone(name: object) -> bool:
    """Whether there is such a time zone."""
    if name in _FIXED:
        return True
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(str(name))
    except (LookupError, ValueError, OSError):
        return False
    return bool(name)


def local_time(at: datetime, time_zone: str) -> datetime:
    """An aware instant in a zone. `Asia/Tokyo` has had no summer time since 1951.

    Raises:
        zoneinfo.ZoneInfoNotFoundError: there is no such zone.
    """
    fixed = _FIXED.get(time_zone)
    if fixed is not None:
        return at.astimezone(fixed)
    from zoneinfo import ZoneInfo

    return at.astimezone(ZoneInfo(time_zone))


def local_day(at: datetime, time_zone: str) -> date:
    """The day that people in the zone are in at an aware instant: that of the calendar, before five in the morning the
    one before, for an evening's report is written after midnight too.

    Raises: as `local_time`.
    """
    return (local_time(at, time_zone) - DAY_BEGINS).date()


def is_after_midnight(at: datetime, time_zone: str) -> bool:
    """Whether an aware instant counts as the day before that of the calendar.

    Raises: as `local_time`.
    """
    return local_day(at, time_zone) != local_time(at, time_zone).date()
