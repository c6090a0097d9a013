"""An instant as clock and calendar show it in a time zone."""

from datetime import date, datetime, timedelta, timezone

# Zones without summer time need no database to be looked into: its start-up cost is paid by every command.
_FIXED = {"Asia/Tokyo": timezone(timedelta(hours=9)), **dict.fromkeys(("UTC", "Etc/UTC"), timezone(timedelta(0)))}


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
    """The day that a calendar in the zone shows at an aware instant.

    Raises: as `local_time`.
    """
    return local_time(at, time_zone).date()
