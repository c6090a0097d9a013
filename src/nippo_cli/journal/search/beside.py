"""Finding text beside the entries. Comments, days and reviews are few and short: they are read, not indexed."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from nippo_cli.journal.search.form import form_of
from nippo_cli.journal.search.query import Query
from nippo_cli.line.facts import AsOf
from nippo_cli.results.entries import Beside, Reviewed
from nippo_cli.results.remarks import DayNote

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader


def beside(reader: "JournalReader", query: Query, as_of: AsOf) -> Beside:
    """The comments, days and reviews known on the day that hold every term of a query, newest first.

    Searched are their texts and who wrote them; of a review the name and the customer of its deal, too.
    """
    remarks, there = reader.remarks(as_of), reader.past(as_of)
    comments = [c for c in remarks.every_comment() if _holds(query, (c.text, c.author, c.who))]
    reviewed = [
        Reviewed(review, ref)
        for deal, reviews in reader.reviews(as_of).items()
        if (ref := there.ref(deal)) is not None
        for review in reviews
        if _holds(query, (review.text, review.who, ref.name, ref.customer))
    ]
    return Beside(
        reader.with_subjects(as_of, comments[::-1]),
        [note for note in reversed(remarks.days(date.min, as_of.on)) if _holds(query, _texts_of(note))],
        sorted(reviewed, key=lambda r: (r.review.on, r.review.recorded_at, r.review.id), reverse=True),
    )


def _holds(query: Query, texts: Collection[str]) -> bool:
    """Whether texts hold every term, none of those that must not be there, and nothing is asked of a field."""
    forms = [form_of(texts)]
    terms = query.terms
    return not query.by_field and all(t.is_in(forms) for t in terms) and not any(t.is_in(forms) for t in query.without)


def _texts_of(note: DayNote) -> list[str]:
    return [note.author, note.off or "", *_texts(note.values.values())]


def _texts(values: Collection[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from _texts(value.values())
        elif isinstance(value, list):
            yield from _texts(value)
