"""What is shown to whom: what was said in fields whose `visible` is `self` or `lead` is taken out of every answer to others.

A courtesy, no secrecy: every journal of a team holds every record. Rule: docs/schema.md#fields
"""

from nippo_cli.base.persons import same_person
from nippo_cli.results.conflicts import Conflict
from nippo_cli.results.drafts import Preview
from nippo_cli.results.entries import EntryView, Version
from nippo_cli.results.remarks import DayNote
from nippo_cli.results.withheld import Withheld
from nippo_cli.schema.schema import DayField, Field, Schema


class ForOthers(Withheld):
    """Takes out of results what others wrote for themselves, or for who leads the team.

    Args:
        schema: the agreement in force.
        me: who looks.
        leads: whether they lead the team.
    """

    def __init__(self, schema: Schema, me: str, *, leads: bool) -> None:
        self._me = me
        self._leads = leads
        super().__init__(schema)

    def of_entry(self, entry: EntryView) -> EntryView:
        """An entry as it is shown to who looks: their own whole."""
        return entry if same_person(entry.author, self._me) else super().of_entry(entry)

    def is_shown_of(self, entry: EntryView, key: str) -> bool:
        """Whether who looks is shown what stands in a field of an entry; its day and its deal everybody is."""
        field = entry.schema.by_key.get(key)
        return field is None or same_person(entry.author, self._me) or self.is_shown(field)

    def of_day(self, note: DayNote) -> DayNote:
        """A day's report, likewise."""
        return note if same_person(note.author, self._me) else super().of_day(note)

    def _may_be_shown(self, conflict: Conflict) -> bool:  # noqa: ARG002  as the base's
        # Whose entry it is decides, and was asked when they were looked for.
        return True

    def _is_shown(self, field: Field | DayField) -> bool:
        return field.visible != "self" and (field.visible != "lead" or self._leads)

    def _of_version(self, version: Version) -> Version:
        return version if same_person(version.author, self._me) else super()._of_version(version)

    def _of_preview(self, preview: Preview) -> Preview:
        # One's own draft.
        return preview
