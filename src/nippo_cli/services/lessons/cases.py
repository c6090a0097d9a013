"""The cases that a journal holds: finished deals of which something was learned."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING

from nippo_cli.lessons.facts import Case, LostDeal
from nippo_cli.lessons.finished import Fate
from nippo_cli.line.quiet import is_fizzled
from nippo_cli.line.span import ClosedDays, passes_on

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader
    from nippo_cli.line.facts import AsOf, DealSummary
    from nippo_cli.line.norm import Quiet


def cases(
    reader: "JournalReader",
    day: "AsOf",
    since: date,
    lost: Sequence[LostDeal],
    quiet: "Quiet",
    wanted: Collection[int] | None = None,
) -> tuple[list[Case], int]:
    """The deals that ended on `since` or later and were reviewed; and how many of the lost ones were not.

    Args:
        lost: the deals lost since, with what they state.
        wanted: the deals that are asked about; None is all.
    """
    learned = {deal: known[-1] for deal, known in reader.reviews(day).items() if wanted is None or deal in wanted}
    told = {one.deal: one for one in lost}
    rest = ClosedDays(reader.agreement(day).closures)
    found = []
    for head in reader.heads(day, ids=learned) if learned else ():
        ended = _ended(head, quiet.days, rest, day.on)
        if ended is None or ended[1] < since:
            continue
        fate, on = ended
        one = told.get(head.id)
        found.append(
            Case(
                head.id, head.name, head.customer, head.owner, fate, head.amount, on,
                one.stage if one else head.stage if fate == "fizzled" else "", learned[head.id],
                one.reasons if one else (), one.competitor if one else "",
            )
        )  # fmt: skip
    return found, sum(one.deal not in learned for one in lost)


def _ended(head: "DealSummary", quiet_days: int, rest: ClosedDays, on: date) -> tuple[Fate, date] | None:
    """A deal's fate and the day of it; None of one that still goes on, or was reopened."""
    if head.fate != "live":
        return (head.fate, head.closed_on) if head.closed_on is not None else None
    if not is_fizzled(head, quiet_days, rest, on):
        return None
    return "fizzled", passes_on(head.last_contact_on or head.began_on, quiet_days, rest, head.holds)
