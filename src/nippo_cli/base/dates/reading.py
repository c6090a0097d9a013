"""Dates as people type them, in Japanese and English. Strict: what is not in docs/dates.md is refused, never guessed.

`today` is always passed in. An ISO date is read here; the rules for the rest are loaded when one is met.
"""

from datetime import date

from nippo_cli.base.dates.calendar import Lean, UnreadableDate, add_months, in_years, last_of_month
from nippo_cli.base.dates.when import When
from nippo_cli.base.errors import msg

__all__ = ["Lean", "UnreadableDate", "add_months", "last_of_month", "read_day", "read_promise", "read_since"]


def read_day(text: str, *, today: date, lean: Lean) -> date:
    """One day. `9/1` is the latest one up to today where `lean` is past, the next from today where it is future.

    Raises:
        Unreadable: the text is no day, or one that is not in the calendar.
    """
    if iso := _iso(text):
        return iso
    from nippo_cli.base.dates.day_rules import AHEAD, DAYS
    from nippo_cli.base.dates.rules import DateContext, read

    needs = msg("date.needs.past" if lean == "past" else "date.needs.future")
    return read(text, DAYS if lean == "past" else (*DAYS, *AHEAD), DateContext(today, lean), needs).first


def read_promise(text: str, *, today: date, fiscal_year_start: int) -> When:
    """A day, or a span that people promise by: `3月`, `来月`, `上期`, `第3四半期`, `年度内`. One without a year is the
    next that is not over. Quarters and halves count from the month `fiscal_year_start` (1–12).

    Raises:
        Unreadable: the text is neither.
    """
    if iso := _iso(text):
        return When.day(iso)
    from nippo_cli.base.dates.day_rules import AHEAD, DAYS
    from nippo_cli.base.dates.rules import DateContext, read
    from nippo_cli.base.dates.span_rules import SPANS

    asked = DateContext(today, "future", fiscal_year_start)
    return read(text, (*DAYS, *AHEAD, *SPANS), asked, msg("date.needs.promise"))


def read_since(text: str, *, today: date, fiscal_year_start: int) -> date:
    """Where a window begins: so long ago (`90d`, `2w`, `3m`, `1y`), a day up to today, or the first day of a span that has
    begun (`今月`, `今年度`, `2026-10`).

    A month ago is the same day of the month before, or its last where it has none. Quarters and halves count from the
    month `fiscal_year_start` (1–12).

    Raises:
        Unreadable: the text is neither, or a day after `today`.
    """
    day = _iso(text)
    if day is None:
        from nippo_cli.base.dates.day_rules import AGO, DAYS
        from nippo_cli.base.dates.rules import DateContext, read
        from nippo_cli.base.dates.span_rules import BEGINNINGS

        asked = DateContext(today, "past", fiscal_year_start)
        day = read(text, (*AGO, *DAYS, *BEGINNINGS), asked, msg("date.needs.since")).first
    if day > today:
        raise UnreadableDate(text, msg("date.not_past", date=day, today=today))
    return day


def _iso(text: str) -> date | None:
    if len(text) == 10 and text[4] == text[7] == "-" and text.isascii():
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return None
        # One that is not reckoned with is refused by the rules.
        return day if in_years(day) else None
    return None
