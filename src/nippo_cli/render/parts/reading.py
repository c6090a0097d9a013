"""What an entry says in a role, by the agreement that it was written under."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from nippo_cli.line.facts import Stay
from nippo_cli.results.entries import EntryView
from nippo_cli.schema.schema import Role

if TYPE_CHECKING:
    from nippo_cli.results.deals import DealLine, DealPage


def said_in_role(entry: EntryView, role: Role) -> Any:
    """The entry's canonical value of the field bound to a role; None where there is no such field or value."""
    key = entry.agreement.key(role)
    return entry.values.get(key) if key else None


def is_contact(entry: EntryView) -> bool:
    """Whether it counts as a contact with the customer: its activity says so, or it names none."""
    activity = said_in_role(entry, "activity")
    if entry.erased:
        return False
    if not activity:
        return True
    agreement = entry.agreement
    found = agreement.activity_by_key.get(agreement.renamed_activities.get(activity, activity))
    return found is None or found.contact


def activity_label(entry: EntryView) -> str:
    """The activity in the words of the entry's agreement; empty where it names none."""
    activity = said_in_role(entry, "activity")
    field = entry.agreement.by_role.get("activity")
    return entry.agreement.label(field, activity) if field and activity else ""


def contacts_on(points: Sequence[EntryView]) -> list[date]:
    """The days of the contacts, in order; entries of one meeting are one contact."""
    met: dict[int, date] = {}
    for entry in points:
        if is_contact(entry):
            met.setdefault(entry.meeting or entry.id, entry.on)
    return sorted(met.values())


def stay_days(deal: "DealLine | DealPage", stay: Stay) -> int | None:
    """A stay's length, the lasting one's up to the day that is asked about; None for `won` and `lost`."""
    return deal.standing.stay_days if stay is deal.line.stays[-1] else stay.days
