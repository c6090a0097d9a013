"""What comes of deals, live or won, that is no step: whose deadline falls on a day."""

from datetime import date, timedelta
from typing import Final, TypeAlias

from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.derive import iso
from nippo_cli.journal.read.picked import LessonFilter, PickedReader

# `{where}` leaves out the deals that are built again.
DEADLINES_WITHIN: Final = """
select substr(n.value, -10), n.deal, n.field, n.value
from deadline n indexed by deadline_day cross join deal on deal.id = n.deal
where substr(n.value, -10) between :first and :last and {where}
"""

# Whether anybody is to be called again: on a day that was said, by what a lost deal plans, or after a hold.
MAY_CALL: Final = """
select 1 where exists (select 1 from revisit)
or exists (select 1 from deal indexed by deal_lost_next where fate = 'lost' and next_on is not null
and substr(next_on, -10) >= :first)
or exists (select 1 from hold where last >= :eve and last < :last)
"""

# The last day of a deadline, the deal, the field's key, the day or days as they are written.
DatedDeadline: TypeAlias = tuple[str, int, str, str]


class ReminderReader(PickedReader):
    """Answers about one day, of all owners or of one. Made by `JournalReader.reminders`."""

    def __init__(self, view: AsOfView, owner: str | None) -> None:
        super().__init__(view)
        self._picked = LessonFilter(owner=owner)

    def deadlines_within(self, first: date, last: date) -> list[DatedDeadline]:
        """The deadlines that stand whose last day lies within, both ends included, the soonest first."""
        bound = {"first": iso(first), "last": iso(last)}
        dated: list[DatedDeadline] = list(self._rows(DEADLINES_WITHIN, self._picked, bound))
        for line in self._lines(self._picked):
            dated += [
                (iso(one.on.last), line.head.id, one.field, str(one.on))
                for one in line.deadlines
                if first <= one.on.last <= last
            ]
        return sorted(dated)

    def may_call(self, first: date, last: date) -> bool:
        """Whether anybody may have to be called again from `first` to `last`; that nobody has is certain."""
        built_again = bool(self._view.stale)
        bound = {"first": iso(first), "eve": iso(first - timedelta(days=1)), "last": iso(last)}
        return built_again or self._cx.execute(MAY_CALL, bound).fetchone() is not None
