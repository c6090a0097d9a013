"""The lesson of a loss that a live deal may repeat."""

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nippo_cli.journal.facts import JournalLessonFacts
    from nippo_cli.journal.read import JournalReader
    from nippo_cli.lessons.repeated_loss import PastLoss, RepeatedLoss
    from nippo_cli.line.facts import AsOf, DealSummary
    from nippo_cli.results.entries import EntryView

# So many reviewed losses of the kind are looked at, the latest.
_AMONG = 200


def repeated_loss(reader: "JournalReader", as_of: "AsOf", head: "DealSummary") -> "RepeatedLoss | None":
    """As `PastLosses.repeated_by`, of one deal."""
    return PastLosses(reader, as_of).repeated_by(head)


def competitor_of(view: "EntryView") -> str:
    """The competitors that an entry names, as people read them; empty where it names none."""
    field = view.schema.by_role.get("competitor")
    said = view.values.get(field.key) if field is not None else None
    if field is None or not said:
        return ""
    listed = [str(one) for one in (said if isinstance(said, list) else [said])]
    return ", ".join(view.schema.label(field, one) for one in listed) if field.choices else ", ".join(listed)


class PastLosses:
    """The reviewed losses, each read once at most, and only when a live deal is held against it."""

    def __init__(self, reader: "JournalReader", as_of: "AsOf") -> None:
        self._reader, self._as_of = reader, as_of
        self._reviews = reader.reviews(as_of) if reader.schema(as_of).key("competitor") is not None else {}
        self._read: dict[int, PastLoss | None] = {}

    def repeated_by(self, head: "DealSummary") -> "RepeatedLoss | None":
        """The latest reviewed loss to the same competitor, in the stage and of the kind of a live deal; None of a closed deal,
        of one that names no competitor, and where there is none."""
        if head.fate != "live" or not self._reviews:
            return None
        from nippo_cli.lessons.repeated_loss import RepeatedLoss, rivals_in, same_loss

        named: dict[str, tuple[str, int]] = {}
        entries = self._reader.log(self._as_of, until=self._as_of.on, deal=head.id, count=False).entries
        recorded: dict[int, str] = {}
        for view in reversed(entries):
            recorded[view.id] = view.recorded_at
            for rival, written in rivals_in(competitor_of(view)).items():
                named.setdefault(rival, (written, view.id))
        loss = same_loss(head.stage, head.kind, named, self._of_kind(head.kind)) if named else None
        if loss is None:
            return None
        written, first = next(named[rival] for rival in rivals_in(loss.competitor) if rival in named)
        ids = list(recorded)
        alike = max(ids.index(first), ids.index(head.stay_entry) if head.stay_entry in recorded else 0)
        # What was learned later is told by the next entry.
        told_by = next((entry for entry in ids[alike:] if recorded[entry] >= loss.first_review.recorded_at), None)
        return RepeatedLoss(loss, written, told_by)

    def reviewed_since(self, first: date) -> "list[PastLoss]":
        """The losses of which something was learned for the first time on a day or later."""
        recent = (head for head in self._lost if all(review.known_on >= first for review in self._reviews[head.id]))
        return [loss for head in recent if (loss := self._known(head)) is not None]

    def _of_kind(self, kind: str) -> "Iterator[PastLoss]":
        """The reviewed losses of a kind, the latest first."""
        for head in [one for one in self._lost if one.kind == kind][:_AMONG]:
            if (loss := self._known(head)) is not None:
                yield loss

    def _known(self, head: "DealSummary") -> "PastLoss | None":
        if head.id not in self._read:
            self._read[head.id] = self._loss(head)
        return self._read[head.id]

    @cached_property
    def _lost(self) -> list["DealSummary"]:
        heads = self._reader.heads(self._as_of, ids=sorted(self._reviews))
        lost = [one for one in heads if one.fate == "lost" and one.closed_on is not None]
        return sorted(lost, key=lambda one: (one.closed_on or date.min, one.id), reverse=True)

    @cached_property
    def _facts(self) -> "JournalLessonFacts":
        from nippo_cli.journal.facts import JournalLessonFacts, LessonScope

        return JournalLessonFacts(self._reader, self._as_of, LessonScope(self._as_of.on))

    def _loss(self, head: "DealSummary") -> "PastLoss | None":
        line = self._reader.line(self._as_of, head.id)
        if line is None or head.closed_on is None:
            return None
        from nippo_cli.lessons.repeated_loss import PastLoss

        said = self._facts.lost_one(line[1])
        reviews = self._reviews[head.id]
        return PastLoss(
            head.id, head.name, head.customer, head.amount, head.closed_on, head.kind, said.stage, said.competitor,
            reviews[-1], min(reviews, key=lambda review: review.recorded_at),
        )  # fmt: skip
