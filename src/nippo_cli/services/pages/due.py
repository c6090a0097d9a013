"""What falls due of live deals on a day and in the week after it: all of it counted, and no more of it read than is shown."""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from nippo_cli.line.span import passes_on
from nippo_cli.results.deal_status import DealStatus
from nippo_cli.results.today import DueStep, FallsDue

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader
    from nippo_cli.line.facts import AsOf
    from nippo_cli.services.context import StatusJudge

_SOON_DAYS = 7
_DAY = timedelta(days=1)


class DueJudge:
    """Tells of a day what falls due, section by section: of deals that stand as they are by their dates alone, of the others,
    held or built again, one by one.

    Args:
        judge: judges heads on the day.
        owner: whose deals alone; None is everybody's.
        first: the deals that come before all others; None is any.
    """

    def __init__(
        self, reader: "JournalReader", as_of: "AsOf", judge: "StatusJudge", owner: str | None = None,
        first: Container[int] | None = None,
    ) -> None:  # fmt: skip
        self._reader, self._day, self._on = reader, as_of, as_of.on
        self._judge, self._first = judge, first
        self._deals = reader.due(as_of, owner)
        self._apart = judge.statuses(self._deals.apart())
        self._places = list(self._deals.places())
        # The norm of every live stay is named, whatever falls due.
        for stage, kind, _, _ in self._places:
            self._norm_days(stage, kind)
        self.live = len(self._apart) + sum(plain for *_, plain in self._places)

    def all_of(self, limit: int) -> FallsDue:
        """Every section, soonest first, behind the deals that come before all others: `limit` deals of each (0: all), and how many
        more there are. Of steps that are due the latest are read: what was to be done today comes before what nobody did for years."""
        due = {
            "due": [*self._steps(), *_among(self._apart, self._step_of)],
            "soon": [*self._stays(), *_among(self._apart, self._stay_of)],
            "quiet": [*self._silences(), *_among(self._apart, self._silence_of)],
            "closing": [*self._closes(), *_among(self._apart, self._close_of)],
            "holds": list(_among(self._apart, self._hold_of)),
        }
        shown = {name: sorted(deals, key=self._soonest_first) for name, deals in due.items()}
        if limit:
            shown = {name: deals[:limit] for name, deals in shown.items()}
            shown["due"] = sorted(sorted(due["due"], key=self._latest_first)[:limit], key=self._soonest_first)
        known = {status.head.id: status for status in self._apart}
        missing = {deal for deals in shown.values() for _, deal in deals} - known.keys()
        if missing:
            known |= {head.id: self._judge.status(head) for head in self._reader.heads(self._day, ids=missing)}
        steps = {
            name: [DueStep(known[deal], days, is_first=self._is_first(deal)) for days, deal in deals]
            for name, deals in shown.items()
        }
        return FallsDue(**steps, more={name: len(deals) - len(shown[name]) for name, deals in due.items()})

    def _is_first(self, deal: int) -> bool:
        return self._first is None or deal in self._first

    def _soonest_first(self, dated: tuple[int, int]) -> tuple[bool, int, int]:
        return not self._is_first(dated[1]), *dated

    def _latest_first(self, dated: tuple[int, int]) -> tuple[bool, int, int]:
        days, deal = dated
        return not self._is_first(deal), -days, deal

    # --- steps whose last day is today or has passed; one written today is not overdue yet but due

    def _steps(self) -> Iterator[tuple[int, int]]:
        return self._until(self._deals.steps_upto(self._on))

    def _step_of(self, status: DealStatus) -> int | None:
        on = status.head.next_on
        return (on.last - self._on).days if status.held is None and on is not None and on.last <= self._on else None

    # --- stays within their norm today that will be beyond it in a week

    def _stays(self) -> Iterator[tuple[int, int]]:
        for stage, kind, *_ in self._places:
            norm_days = self._norm_days(stage, kind)
            if norm_days is None:
                continue
            days = self._days_left(norm_days)
            if days:
                for entered_on, deal in self._deals.stays_within(stage, kind, min(days), max(days)):
                    began = date.fromisoformat(entered_on)
                    if self._is_late(days[began], (self._on - began).days):
                        yield days[began], deal

    def _norm_days(self, stage: str, kind: str) -> int | None:
        """The norm of a stage for a kind; None where stays in it have no length, or the kind does not stall."""
        known = self._judge.schema.stage_by_key.get(stage)
        norm = None if known is not None and known.ends else self._judge.norms.of(stage, kind)
        return norm.days if norm is not None else None

    def _days_left(self, norm_days: int) -> dict[date, int]:
        """By the day on which a stay began, in how many days it passes a norm: of those that do so within a week."""
        closed = self._closed_ahead()
        days: dict[date, int] = {}
        # What began earlier has as many days left, or fewer: from the norm's length back while any is left, then on.
        for step, began in ((-_DAY, self._before(norm_days)), (_DAY, self._before(norm_days - 1))):
            on = began
            while date.min < on <= self._on:
                left = norm_days + self._judge.rest.count(on, self._on) - (self._on - on).days
                if left < 0 or (step > timedelta(0) and left + closed >= _SOON_DAYS):
                    break
                if left + closed < _SOON_DAYS:
                    days[on] = left + 1 + closed
                on += step
        return days

    def _stay_of(self, status: DealStatus) -> int | None:
        if status.stalled or status.held or status.stay_days is None or status.limit_days is None:
            return None
        left, closed = status.limit_days - status.stay_days, self._closed_ahead()
        soon = left + 1 + closed
        return soon if left + closed < _SOON_DAYS and self._is_late(soon, status.stay_days) else None

    def _is_late(self, days_left: int, stayed_days: int) -> bool:
        """Whether no more of a stay is left than has passed: of an inquiry of today, whose norm is a week, nobody is reminded."""
        return days_left <= stayed_days + 1

    def _closed_ahead(self) -> int:
        return self._judge.rest.count(self._on, self._on + timedelta(days=_SOON_DAYS))

    # --- deals silent for longer than the quiet limit within a week, unless a step lies ahead then

    def _silences(self) -> Iterator[tuple[int, int]]:
        quiet = self._judge.quiet.days
        last = self._before(quiet + 1 - _SOON_DAYS)
        first = self._before(quiet + 1)
        # Closed days move the limit on, and the first day back.
        while first > date.min and self._passes_in(first) > 0:
            first -= _DAY
        for silent, next_on, deal in self._deals.silent_within(first, last, (kind for _, kind, *_ in self._places)):
            days = self._passes_in(date.fromisoformat(silent))
            if 0 < days <= _SOON_DAYS and next_on < (self._on + timedelta(days=days)).isoformat():
                yield days, deal

    def _passes_in(self, silent: date) -> int:
        return (self._judge.rest.passes_on(silent, self._judge.quiet.days) - self._on).days

    def _silence_of(self, status: DealStatus) -> int | None:
        head, judge = status.head, self._judge
        if status.outcome == "fizzled" or status.held is not None:
            return None
        passes = passes_on(head.heard_on or head.began_on, judge.quiet.days, judge.rest, head.holds)
        days = (passes - self._on).days
        return days if 0 < days <= _SOON_DAYS and (head.next_on is None or head.next_on.last < passes) else None

    # --- deals whose expected close, or the end of it where it is a span, falls within a week

    def _closes(self) -> Iterator[tuple[int, int]]:
        return self._until(self._deals.closes_within(self._on, self._on + timedelta(days=_SOON_DAYS - 1)))

    def _close_of(self, status: DealStatus) -> int | None:
        days = (status.head.closes.last - self._on).days if status.head.closes is not None else -1
        return days if 0 <= days < _SOON_DAYS else None

    # --- deals whose hold ends within a week

    def _hold_of(self, status: DealStatus) -> int | None:
        days = (status.held.last - self._on).days if status.held is not None else _SOON_DAYS
        return days if days < _SOON_DAYS else None

    # --- within

    def _until(self, dated: Iterable[tuple[str, int]]) -> Iterator[tuple[int, int]]:
        return (((date.fromisoformat(on) - self._on).days, deal) for on, deal in dated)

    def _before(self, days: int) -> date:
        """So many days before; no day is before the first that can be written."""
        return date.fromordinal(min(max(1, self._on.toordinal() - days), date.max.toordinal()))


def _among(statuses: Sequence[DealStatus], days_of: Callable[[DealStatus], int | None]) -> Iterator[tuple[int, int]]:
    """The days until each of the deals that fall due, and the deal."""
    for status in statuses:
        days = days_of(status)
        if days is not None:
            yield days, status.head.id
