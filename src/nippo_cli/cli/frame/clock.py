"""The clock: read here alone."""

import os
from datetime import UTC, datetime

from nippo_cli.base.errors import ExitCode, NippoError, msg

_FIRST_YEAR, _LAST_YEAR = 1970, 8999


class BadClock(NippoError):
    """The clock, or what stands in for it, shows no time that a diary can be of."""

    exit_code = ExitCode.USAGE


def now() -> datetime:
    """The time, UTC; `NIPPO_NOW` (ISO 8601, with its offset) stands in for it in tests and recorded demonstrations.

    Raises:
        BadClock: `NIPPO_NOW` is no such time, or a clock shows a year that no diary is of.
    """
    said = os.environ.get("NIPPO_NOW")
    try:
        time = datetime.fromisoformat(said) if said else datetime.now(UTC)
    except (ValueError, OverflowError, OSError) as error:
        wrong = msg("cli.bad_now", said=said) if said else msg("cli.bad_clock", said=str(error))
        raise BadClock(wrong, hint=msg("cli.bad_clock_hint")) from None
    if time.tzinfo is None:
        raise BadClock(msg("cli.bad_now", said=said), hint=msg("cli.bad_clock_hint"))
    # Near the calendar's ends a window of days, or another time zone, would fall out of it.
    if not _FIRST_YEAR <= time.year <= _LAST_YEAR:
        raise BadClock(msg("cli.bad_clock", said=time.date().isoformat()), hint=msg("cli.bad_clock_hint"))
    return time.astimezone(UTC)
