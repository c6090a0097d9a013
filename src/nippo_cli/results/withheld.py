"""What stays out of files that are handed on: what was said in fields whose `in_files` is false.

Rule: docs/report.md#what-stays-out
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from operator import is_
from typing import Any, Final, TypeVar, cast

from nippo_cli.lessons.cases import CasesLesson
from nippo_cli.lessons.facts import Case, LostDeal
from nippo_cli.lessons.lost import LostLesson
from nippo_cli.lessons.repeated_loss import PastLoss, RepeatedLoss
from nippo_cli.line.facts import DealSummary
from nippo_cli.results.conflicts import Conflict, ConflictPage, Settled
from nippo_cli.results.deal_pages import StoryPage
from nippo_cli.results.drafts import Preview
from nippo_cli.results.entries import EntryList, EntryView, Version
from nippo_cli.results.remarks import DayNote
from nippo_cli.schema.schema import DayField, Field, Schema, day_fields

R = TypeVar("R")

# What a version may have changed beside fields.
_NO_FIELDS: Final = frozenset({"on", "deal", "author", "incomplete", "snapshot"})
# What most of a result is made of, and holds nothing of the kind. Live deals stand behind the figures of each kind of gap again.
_PLAIN: Final = frozenset({int, str, bool, float, date, type(None), Schema, DealSummary})
# What stands for a damaged record's text, of which nobody knows what of it is whose.
_UNREADABLE: Final = "…"


class Withheld:
    """Takes it out of results, whatever they are: entries and days lose those values wherever they stand, lessons and stories the
    names and words that they have from them. Figures stay as they are.

    Args:
        schema: the agreement in force. A field that it no longer has is judged by that under which it was written.
        shown: the keys of fields that are asked for all the same.
    """

    def __init__(self, schema: Schema, shown: Collection[str] = ()) -> None:
        self._shown = frozenset(shown)
        self._of_entries = self._judged(schema.fields)
        self._of_days = self._judged(day_fields(schema))
        out = {field.role for field in schema.fields if not self._is_shown(field)}
        self._roles = {role for role in ("competitor", "own_view", "customer_words") if role in out}
        self._takers: dict[type, Callable[[Any], Any]] = {
            EntryView: self.of_entry,
            EntryList: self._of_list,
            DayNote: self.of_day,
            Version: self._of_version,
            Preview: self._of_preview,
            StoryPage: self._of_story,
            ConflictPage: self._of_conflicts,
            Settled: self._of_settled,
        }
        if "competitor" in self._roles:
            self._takers |= {
                Case: _without_competitor, LostDeal: _without_competitor, PastLoss: _without_competitor,
                LostLesson: _without_competitors, CasesLesson: _without_competitors, RepeatedLoss: _without_rival,
            }  # fmt: skip

    def of(self, result: R) -> R:
        """The result without it; the same one where it holds nothing of the kind."""
        return cast("R", self._of(result))

    def of_entry(self, entry: EntryView) -> EntryView:
        """An entry without it."""
        left = self._left(entry.values, self._of_entries, {field.key: field for field in entry.schema.fields})
        return entry._replace(values=left, remains=_UNREADABLE if entry.remains else "")

    def of_day(self, note: DayNote) -> DayNote:
        """A day's report without it."""
        written = {field.key: field for field in day_fields(note.schema)}
        return note._replace(values=self._left(note.values, self._of_days, written))

    def is_shown(self, field: Field) -> bool:
        """Whether a field of an entry may be in a file."""
        return self._of_entries.get(field.key, self._is_shown(field))

    def _of_conflicts(self, page: ConflictPage) -> ConflictPage:
        """What was said in other fields."""
        return page._replace(conflicts=[one for one in page.conflicts if self._may_be_shown(one)])

    def _of_settled(self, settled: Settled) -> Settled:
        """That it was settled, and how; not what was said."""
        if self._may_be_shown(settled.conflict):
            return settled
        sides = [side._replace(value=None) for side in settled.conflict.sides]
        return settled._replace(value=None, conflict=settled.conflict._replace(sides=sides, both=None))

    def _may_be_shown(self, conflict: Conflict) -> bool:
        """Whether a conflict is about what may be in a file; an entry's day and its deal are."""
        field = conflict.entry.schema.by_key.get(conflict.field) if conflict.entry is not None else None
        return field is None or self.is_shown(field)

    def is_day_shown(self, field: DayField) -> bool:
        """Whether a field of a day may be."""
        return self._of_days.get(field.key, self._is_shown(field))

    def _is_shown(self, field: Field | DayField) -> bool:
        return field.is_in_files or field.key in self._shown

    def _judged(self, fields: Sequence[Field] | Sequence[DayField]) -> dict[str, bool]:
        """Of each key, former ones too, whether its field may be in a file."""
        return {key: self._is_shown(field) for field in fields for key in (*field.was, field.key)}

    def _left(
        self,
        values: Mapping[str, Any],
        judged: Mapping[str, bool],
        written: Mapping[str, Field] | Mapping[str, DayField],
    ) -> dict[str, Any]:
        return {
            key: value
            for key, value in values.items()
            if (judged[key] if key in judged else key in written and self._is_shown(written[key]))
        }

    def _of(self, value: Any) -> Any:
        """A value without what is withheld, whatever it is made of; the same one where it holds nothing of the kind."""
        taker = self._takers.get(type(value))
        if taker is not None:
            return taker(value)
        if isinstance(value, Schema | str):
            return value
        if isinstance(value, tuple):
            return self._of_tuple(value)
        if isinstance(value, list):
            parts = self._parts(value)
            return value if all(map(is_, parts, value)) else parts
        if isinstance(value, Mapping):
            left = dict(zip(value, self._parts(value.values()), strict=True))
            return value if all(map(is_, left.values(), value.values())) else left
        return value

    def _of_tuple(self, value: tuple[Any, ...]) -> Any:
        parts = self._parts(value)
        if all(map(is_, parts, value)):
            return value
        make = getattr(type(value), "_make", tuple)
        return make(parts)

    def _parts(self, values: Iterable[Any]) -> list[Any]:
        return [one if type(one) in _PLAIN else self._of(one) for one in values]

    def _of_list(self, entries: EntryList) -> EntryList:
        def read(ids: Sequence[int]) -> Iterator[EntryView]:
            return map(self.of_entry, entries.of(ids))

        return EntryList(entries.ids, read)

    def _of_version(self, version: Version) -> Version:
        changed = {
            key: values for key, values in version.changed.items() if key in _NO_FIELDS or self._of_entries.get(key)
        }
        return version._replace(changed=changed)

    def _of_preview(self, preview: Preview) -> Preview:
        return preview._replace(said=[pair for pair in preview.said if self.is_shown(pair[0])])

    def _of_story(self, story: StoryPage) -> StoryPage:
        left = self._of_tuple(story)
        return cast("StoryPage", left._replace(**dict.fromkeys(self._roles, "")))


def _without_competitor(of: Any) -> Any:
    return of._replace(competitor="")


def _without_competitors(lesson: Any) -> Any:
    """The lesson by other groups; of cases the names within them too."""
    cases = {"cases": [_without_competitor(case) for case in lesson.cases]} if isinstance(lesson, CasesLesson) else {}
    return lesson._replace(competitors=(), **cases)


def _without_rival(lesson: RepeatedLoss) -> RepeatedLoss:
    return lesson._replace(loss=_without_competitor(lesson.loss), rival="")
