"""The lesson of a loss that a live deal may repeat."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nippo_cli.lessons.repeated_loss import PastLoss, RepeatedLoss, rivals_in, same_loss

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader
    from nippo_cli.line.facts import AsOf, DealSummary
    from nippo_cli.results.entries import EntryView

# So many reviewed losses of the kind are looked at, the latest.
_AMONG = 200


def repeated_loss(reader: "JournalReader", as_of: "AsOf", head: "DealSummary") -> RepeatedLoss | None:
    """The latest reviewed loss to the same competitor, in the stage and of the kind of a live deal; None of a closed deal, of
    one that names no competitor, and where there is none."""
    if head.fate != "live" or reader.schema(as_of).key("competitor") is None:
        return None
    reviews = reader.reviews(as_of)
    if not reviews:
        return None
    named: dict[str, tuple[str, int]] = {}
    order: dict[int, int] = {}
    entries = reader.log(as_of, until=as_of.on, deal=head.id, count=False).entries
    for place, view in enumerate(reversed(entries)):
        order[view.id] = place
        for rival, written in rivals_in(competitor_of(view)).items():
            named.setdefault(rival, (written, view.id))
    loss = same_loss(head.stage, head.kind, named, _losses(reader, as_of, head)) if named else None
    if loss is None:
        return None
    written, first = next(named[rival] for rival in rivals_in(loss.competitor) if rival in named)
    return RepeatedLoss(loss, written, max(first, head.stay_entry, key=lambda entry: order.get(entry, 0)))


def competitor_of(view: "EntryView") -> str:
    """The competitors that an entry names, as people read them; empty where it names none."""
    field = view.schema.by_role.get("competitor")
    said = view.values.get(field.key) if field is not None else None
    if field is None or not said:
        return ""
    listed = [str(one) for one in (said if isinstance(said, list) else [said])]
    return ", ".join(view.schema.label(field, one) for one in listed) if field.choices else ", ".join(listed)


def _losses(reader: "JournalReader", as_of: "AsOf", head: "DealSummary") -> Iterator[PastLoss]:
    """The reviewed losses of the kind, the latest first; what each was lost to is read one by one."""
    from nippo_cli.journal.facts import JournalLessonFacts, LessonScope

    reviews = reader.reviews(as_of)
    facts = JournalLessonFacts(reader, as_of, LessonScope(as_of.on))
    lost = [
        one for one in reader.heads(as_of, ids=sorted(reviews))
        if one.fate == "lost" and one.kind == head.kind and one.id != head.id and one.closed_on is not None
    ]  # fmt: skip
    lost.sort(key=lambda one: (one.closed_on, one.id), reverse=True)
    for one in lost[:_AMONG]:
        line = reader.line(as_of, one.id)
        if line is None or one.closed_on is None:
            continue
        said = facts.lost_one(line[1])
        yield PastLoss(
            one.id, one.name, one.customer, one.amount, one.closed_on, one.kind, said.stage, said.competitor,
            reviews[one.id][-1],
        )  # fmt: skip
