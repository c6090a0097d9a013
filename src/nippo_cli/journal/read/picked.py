"""What every question about finished deals stands on: which deals it is about, and when a silence ended one."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.derive import head_from_row
from nippo_cli.journal.log import HEADS, rows
from nippo_cli.journal.read.deal_filter import DealFilter
from nippo_cli.line.facts import DealHistory, DealSummary, Outcome
from nippo_cli.line.quiet import is_fizzled
from nippo_cli.line.span import ClosedDays, passes_on

REACHED: Final = "exists (select 1 from stay s where s.deal = deal.id and s.stage = :reached)"


class LessonFilter(NamedTuple):
    """Deals; None is all. `reached` is a stage that they ever stood in."""

    owner: str | None = None
    customer: str | None = None
    kind: str | None = None
    reached: str | None = None

    def where(self, spelled: Callable[[str], Iterable[str]]) -> tuple[str, dict[str, Any]]:
        """The condition on rows of `deal`, and what is bound in it."""
        clause, params = DealFilter(owner=self.owner, customer=self.customer).where(spelled)
        if self.kind is not None:
            clause += " and kind = :kind"
            params["kind"] = self.kind
        if self.reached is not None:
            clause += f" and {REACHED}"
            params["reached"] = self.reached
        return clause, params

    def matches(self, line: DealHistory, same: Callable[[str, str], bool]) -> bool:
        """Whether a line is one of them. `same` says whether two names are one customer's."""
        return (
            DealFilter(owner=self.owner, customer=self.customer).matches(line.head, same)
            and self.kind in (None, line.head.kind)
            and (self.reached is None or any(stay.stage == self.reached for stay in line.stays))
        )


class Quietness(NamedTuple):
    """How long a silence may last, and the closed days that lengthen it."""

    days: int
    rest: ClosedDays

    def passes_on(self, head: DealSummary) -> date:
        """The day on which a head's silence passes the limit."""
        return passes_on(head.heard_on or head.began_on, self.days, self.rest, head.holds)

    def silent_since(self, on: date) -> date:
        """The latest last contact that makes a deal fizzled on a day; holds and next steps apart."""
        since = on.fromordinal(max(1, on.toordinal() - self.days - 1))
        while since > date.min and (on - since).days <= self.days + self.rest.count(since, on):
            since -= timedelta(days=1)
        return since


class PickedReader:
    """The deals of one day that match, those that stand as they are and those that are built again."""

    def __init__(self, view: AsOfView) -> None:
        self._view = view
        self._cx = view.cx

    def _rows(
        self,
        statement: str,
        picked: LessonFilter,
        bound: Mapping[str, object] | None = None,
        *,
        lenient: bool = False,
    ) -> Iterator[tuple[Any, ...]]:
        """The rows of deals that match and stand as they are; `lenient` where the bodies of records are among them."""
        where, params = picked.where(self._view.spellings)
        if self._view.stale:
            where += " and id not in (select value from json_each(:stale))"
            params["stale"] = json.dumps(sorted(self._view.stale))
        asked, values = statement.format(where=where), {**params, **(bound or {})}
        return rows(self._cx, asked, values) if lenient else self._cx.execute(asked, values)

    def _lines(self, picked: LessonFilter) -> Iterator[DealHistory]:
        """The lines that match of the deals that are built again."""
        return (line for line in self._view.rebuilt() if picked.matches(line, self._view.customers.same))

    def _held(self, picked: LessonFilter) -> Iterator[DealSummary]:
        """Live deals that stand as they are and ever were on hold: each is looked at by itself."""
        statement = f"{HEADS} where fate = 'live' and holds is not null and {{where}}"
        return (head_from_row(row) for row in self._rows(statement, picked))

    def _silence(self, quiet: Quietness) -> dict[str, object]:
        on = self._view.as_of.on
        return {"silent_since": quiet.silent_since(on).isoformat(), "on": on.isoformat()}

    def _fate(self, head: DealSummary, quiet: Quietness) -> Outcome:
        if head.fate != "live":
            return head.fate
        return "fizzled" if is_fizzled(head, quiet.days, quiet.rest, self._view.as_of.on) else "open"
