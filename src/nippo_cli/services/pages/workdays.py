"""Which days people work. Saturdays, Sundays and the schema's closures are none; in Japan, its holidays neither."""

from datetime import date, timedelta

from nippo_cli.line.span import ClosedDays
from nippo_cli.schema.schema import Schema

_SATURDAY = 5
# No run of days off is longer.
_MOST_AHEAD = 60


class WorkDays:
    """The working days of a schema. The holidays are looked up only for a day that nothing else settles."""

    def __init__(self, schema: Schema) -> None:
        self._rest = ClosedDays(schema.closures)
        self._japan = schema.language == "ja" or schema.currency.code == "JPY"

    def maybe(self, on: date) -> bool:
        """Whether a day is one of work, holidays not looked up."""
        return on.weekday() < _SATURDAY and on not in self._rest

    def works(self, on: date) -> bool:
        """Whether a day is one of work."""
        return self.maybe(on) and not (self._japan and is_holiday(on))

    def after(self, on: date) -> date:
        """The next day of work."""
        return self._next(on, 1)

    def before(self, on: date) -> date:
        """The last day of work before."""
        return self._next(on, -1)

    def _next(self, on: date, step: int) -> date:
        for days in range(1, _MOST_AHEAD):
            day = on + timedelta(days=step * days)
            if self.works(day):
                return day
        return on + timedelta(days=step)


def is_holiday(on: date) -> bool:
    """Whether Japan has a holiday on a day."""
    import jpholiday

    return bool(jpholiday.is_holiday(on))
