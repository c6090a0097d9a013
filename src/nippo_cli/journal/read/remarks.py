"""Comments, the remarks of days, and reviews as they were known on a day."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from nippo_cli.base.persons import same_person
from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.log import rows
from nippo_cli.line.facts import Review
from nippo_cli.results.remarks import Comment, DayNote

# The columns of the table, then what orders them: when each was recorded.
_COMMENTS = "select c.*, r.recorded_at from {source} cross join record r on r.id = c.id"
COMMENTS: Final = _COMMENTS.format(source="comment c") + " where c.known_on <= ?"
COMMENT: Final = _COMMENTS.format(source="comment c") + " where c.id = ?"
COMMENTS_ON_ENTRIES: Final = _COMMENTS.format(source="json_each(?) j cross join comment c on c.entry = j.value")
COMMENTS_ON_DAYS: Final = _COMMENTS.format(source="comment c") + " where c.day >= ? and c.day <= ?"
COMMENTS_WAITING: Final = (
    _COMMENTS.format(source="comment c indexed by comment_open")
    + " where c.asks and c.done_on is null and (c.decision or c.answered is null)"
)
# On one deal; those on deals merged into others are looked at one by one.
COMMENTS_ON_DEAL: Final = (
    _COMMENTS.format(source="comment c indexed by comment_deal")
    + " where c.deal is not null and (c.deal = ? or c.deal in (select deal from gone where into_deal is not null))"
)
COMMENTS_ON_DEALS: Final = (
    _COMMENTS.format(source="comment c indexed by comment_deal")
    + " where c.deal is not null and c.known_on >= ? and c.known_on <= ?"
)
DECISIONS: Final = _COMMENTS.format(source="comment c indexed by comment_decision") + " where c.decision"
# The answers that were written with the word that a decision is done: by the same command, so that its record is the next.
CAME_OF: Final = """
select a.parent, a.id, a.text from json_each(?) j cross join comment a indexed by comment_parent on a.parent = j.value
cross join record d on d.id = a.id + 1 and d.target = a.parent and d.kind = 'amend' and instr(d.body, '"done":true') > 0
order by a.id
"""
# Of these comments, the answers that were written so: they tell, and ask nothing.
TELLING: Final = """
select a.id from json_each(?) j cross join comment a on a.id = j.value
cross join record d on d.id = a.id + 1 and d.target = a.parent and d.kind = 'amend' and instr(d.body, '"done":true') > 0
"""
DAYS: Final = """
select d.*, r.recorded_at from day d cross join record r on r.id = d.id
where d.on_date >= ? and d.on_date <= ? and d.known_on <= ?
"""


OWN_DEALS: Final = """
select e.id, coalesce(e.own_deal, e.deal) from json_each(?) j cross join entry e on e.id = j.value
where e.deal is not null and e.known_on <= ?
"""


class RemarkReader:
    """The remarks known on a day. What was corrected, answered or taken back since is derived again from the log."""

    def __init__(self, there: AsOfView) -> None:
        self._there = there
        self._cx = there.cx

    def every_comment(self) -> list[Comment]:
        """All comments, oldest first."""
        comments = self._known() if self._there.as_of.known else self._read(COMMENTS, self._there.known)
        return sorted(comments, key=lambda c: c.on)

    def on_entries(self, entries: Collection[int]) -> list[Comment]:
        """Comments on these entries, the answers to them among them, oldest first."""
        if self._there.as_of.known:
            wanted = set(entries)
            comments = [c for c in self._known() if c.entry in wanted]
        else:
            comments = self._read(COMMENTS_ON_ENTRIES, json.dumps(sorted(entries)))
        return sorted(comments, key=lambda c: c.on)

    def on_days(self, since: date, until: date) -> list[Comment]:
        """Comments on days from `since` to `until`, both included, oldest first."""
        if self._there.as_of.known:
            comments = [c for c in self._known() if c.day is not None and since <= c.day <= until]
        else:
            comments = self._read(COMMENTS_ON_DAYS, since.isoformat(), until.isoformat())
        return sorted(comments, key=lambda c: c.on)

    def on_deal(self, deal: int) -> list[Comment]:
        """Comments on a deal itself and on those merged into it, oldest first; those on its entries are not among them."""
        comments = self._known() if self._there.as_of.known else self._read(COMMENTS_ON_DEAL, deal)
        return sorted(
            (c for c in comments if c.deal is not None and self._there.root(c.deal) == deal), key=lambda c: c.on
        )

    def on_deals(self, since: date, until: date) -> list[Comment]:
        """Comments on deals themselves, written from `since` to `until`, both included, oldest first."""
        if self._there.as_of.known:
            comments = [c for c in self._known() if c.deal is not None and since <= c.on <= until]
        else:
            comments = self._read(COMMENTS_ON_DEALS, since.isoformat(), until.isoformat())
        return sorted(comments, key=lambda c: c.on)

    def decisions(self, since: date | None = None) -> dict[int, list[Comment]]:
        """The decisions that stand on the day, by the deal that they are about through merges, those due first, then the
        oldest: what is open, and what was done on `since` or later. A decision on an entry is about its deal; one of an
        entry that was taken back, or of no deal, is not among them.

        Args:
            since: None: what is open alone.
        """
        past = self._there.as_of.known
        known = [c for c in self._known() if c.decision] if past else self._read(DECISIONS)
        shown = [c for c in known if c.open or (since is not None and c.done_on is not None and c.done_on >= since)]
        deals = deals_of_entries(self._there, {c.entry for c in shown if c.entry is not None})
        by_deal: defaultdict[int, list[Comment]] = defaultdict(list)
        for one in sorted(shown, key=lambda c: (c.due or date.max, c.on)):
            deal = self._there.root(one.deal) if one.deal is not None else deals.get(one.entry or 0)
            if deal is not None:
                by_deal[deal].append(one)
        return dict(by_deal)

    def waiting(self) -> list[Comment]:
        """Comments that wait for an answer, and decisions that wait to be carried out: those due first, then the oldest."""
        past = self._there.as_of.known
        comments = self._known() if past else self._read(COMMENTS_WAITING)
        return sorted((c for c in comments if c.open), key=lambda c: (c.due or date.max, c.on))

    def comment(self, record: int) -> Comment | None:
        """One comment; None where there is none."""
        if self._there.as_of.known:
            return next((c for c in self._known() if c.id == record), None)
        return next(iter(self._read(COMMENT, record)), None)

    def days(self, since: date, until: date, author: str | None = None) -> list[DayNote]:
        """What was said of the days from `since` to `until`, both included, by day and author, oldest first; of one
        author in any spelling."""
        there, first, last = self._there, since.isoformat(), until.isoformat()
        stored = rows(self._cx, DAYS, (first, last, there.known))
        known = [row for row in stored if row[0] not in there.late.remarks]
        known += [row for row in self._late("day") if first <= row[1] <= last]
        notes = [self._note(row) for row in sorted(known, key=_place) if author is None or same_person(row[2], author)]
        return sorted(notes, key=lambda n: (n.on, n.author))

    def _note(self, row: tuple[Any, ...]) -> DayNote:
        record, on, author, _, schema_id, off, values, _ = row
        schema = self._there.migrator.of(schema_id)
        return DayNote(record, date.fromisoformat(on), author, json.loads(values), off, schema)

    def _read(self, statement: str, *values: object) -> list[Comment]:
        """Comments in the order of the log."""
        return self._with_ends([_comment(row) for row in sorted(rows(self._cx, statement, values), key=_place)])

    def _known(self) -> list[Comment]:
        """Every comment known on the day, each with the answer that was known, in the order of the log."""
        there = self._there
        stored = [row for row in rows(self._cx, COMMENTS, (there.known,)) if row[0] not in there.late.remarks]
        stored += self._late("comment")
        comments = [_comment(row) for row in sorted(stored, key=_place)]
        answers: dict[int | None, int] = {}
        for one in comments:
            answers.setdefault(one.parent, one.id)
        texts = {one.id: one.text for one in comments}
        return self._with_ends([one._replace(answered=answers.get(one.id)) for one in comments], texts)

    def _with_ends(self, comments: list[Comment], known: Mapping[int, str] | None = None) -> list[Comment]:
        """The same, decisions that were carried out with what was said of it then, which asks nothing.

        Args:
            known: what each comment that is known on the day said; None: as they stand.
        """
        if asking := [one.id for one in comments if one.parent is not None and one.open and not one.decision]:
            telling = {answer for (answer,) in rows(self._cx, TELLING, (json.dumps(asking),))}
            comments = [one._replace(asks=False) if one.id in telling else one for one in comments]
        done = [one.id for one in comments if one.decision and one.done_on is not None]
        if not done:
            return comments
        said = {
            decision: text if known is None else known.get(answer, "")
            for decision, answer, text in rows(self._cx, CAME_OF, (json.dumps(done),))
        }
        return [one._replace(came_of=said[one.id]) if one.id in said else one for one in comments]

    def _late(self, kind: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a kind that were corrected or taken back since, as they were on the day, with when they were recorded."""
        if not self._there.late.remarks:
            return
        from nippo_cli.journal.derive import comment_row, day_row

        for record in sorted(self._there.late.remarks):
            records = self._there.records(record)
            if records and records[0].id == record and records[0].kind == kind:
                row = day_row(records) if kind == "day" else comment_row(self._cx, records)
                if row is not None:
                    yield (*row, records[0].recorded_at)


def _place(row: tuple[Any, ...]) -> tuple[str, int]:
    # Of a damaged record the instant may be anything.
    return (str(row[-1]), row[0])


def _comment(row: tuple[Any, ...]) -> Comment:
    record, entry, deal, day, of, parent, author, known_on, text, due, done_on, asks, answered, decision, who, _ = row
    return Comment(
        record, entry, deal, date.fromisoformat(day) if day else None, of, parent, author, date.fromisoformat(known_on), text,
        date.fromisoformat(due) if due else None, date.fromisoformat(done_on) if done_on else None, bool(asks), answered,
        bool(decision), who,
    )  # fmt: skip


def deals_of_entries(there: AsOfView, entries: Collection[int]) -> dict[int, int]:
    """The deal of each of these entries, as known on the day and through merges; those of none are left out."""
    deals: dict[int, int] = {}
    plain = sorted(entry for entry in entries if not there.moved_later(entry))
    deals.update(rows(there.cx, OWN_DEALS, (json.dumps(plain), there.known)))
    for entry in entries:
        if there.moved_later(entry) and (versions := there.versions(entry)) and versions[-1].deal is not None:
            deals[entry] = versions[-1].deal
    known = {entry: there.root(own) for entry, own in deals.items()}
    return {entry: deal for entry, deal in known.items() if deal is not None}


# The columns of the table, then when each was recorded.
REVIEWS: Final = """
select v.*, r.recorded_at from review v cross join record r on r.id = v.id where v.known_on <= ? and v.on_date <= ?
"""
# Of one deal; those of deals merged into others are looked at one by one.
REVIEWS_OF: Final = f"{REVIEWS} and (v.deal = ? or v.deal in (select deal from gone where into_deal is not null))"


def reviews(there: AsOfView) -> dict[int, list[Review]]:
    """All reviews by the deal that they are about through merges, oldest first. What was corrected or taken back since
    the day is derived again from the log."""
    return _by_root(there, _rows(there, REVIEWS))


def reviews_of(there: AsOfView, deal: int) -> list[Review]:
    """The reviews of one deal and of those merged into it, oldest first."""
    return _by_root(there, _rows(there, REVIEWS_OF, deal)).get(deal, [])


def _by_root(there: AsOfView, review_rows: Iterable[tuple[Any, ...]]) -> dict[int, list[Review]]:
    by_deal: defaultdict[int, list[Review]] = defaultdict(list)
    for row in sorted(review_rows, key=lambda row: (row[2], str(row[-1]), row[0])):
        root = there.root(row[1])
        if root is not None:
            by_deal[root].append(_review(row))
    return dict(by_deal)


def _rows(there: AsOfView, statement: str, *deal: int) -> Iterator[tuple[Any, ...]]:
    """Rows of reviews known on the day, those that a later record touched derived from the log."""
    late = there.late.reviews
    for row in rows(there.cx, statement, (there.known, there.day, *deal)):
        if row[0] not in late:
            yield row
    if not late:
        return
    from nippo_cli.journal.derive import review_row

    for record in sorted(late):
        records = there.records(record)
        known = review_row(records) if records and records[0].id == record else None
        if known is not None and known[2] <= there.day:
            yield (*known, records[0].recorded_at)


def _review(row: tuple[Any, ...]) -> Review:
    record, deal, on, known_on, *said = row
    return Review(record, deal, date.fromisoformat(on), date.fromisoformat(known_on), *said)
