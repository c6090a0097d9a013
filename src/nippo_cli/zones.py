"""The calendar day of an instant in a time zone."""

from datetime import date, datetime, timedelta, timezone

# Zones without summer time need no database to be looked into: its start-up cost is paid by every command.
_FIXED = {"Asia/Tokyo": timezone(timedelta(hours=9)), "UTC": timezone(timedelta(0))}


def local_day(now: datetime, time_zone: str) -> date:
    """The day that a calendar in the zone shows at an aware instant. `Asia/Tokyo` has had no summer time since 1951.

    Raises:
        zoneinfo.ZoneInfoNotFoundError: there is no such zone.
    """
    fixed = _FIXED.get(time_zone)
    if fixed is not None:
        return now.astimezone(fixed).date()
    from zoneinfo import ZoneInfo

    return now.astimezone(ZoneInfo(time_zone)).date()
