"""The journal read: heads, lines, norms, the log. A reader never writes, and sees one moment throughout."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from nippo_cli.base.text import normal_form
from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.derive import head_from_row
from nippo_cli.journal.log import (
    HEADS,
    POINTS,
    any_met,
    connect_ro,
    forget_met,
    meta,
    retracted,
    time_zone,
    tree,
    usable,
)
from nippo_cli.journal.read.deal_filter import DealFilter
from nippo_cli.journal.read.deal_queries import DealQueries
from nippo_cli.journal.read.log import Logged, LogReader, Wanted
from nippo_cli.journal.read.statements import GONE
from nippo_cli.line.facts import AsOf, DealHistory, DealRecord, DealSummary

if TYPE_CHECKING:
    from nippo_cli.base.errors import Message
    from nippo_cli.journal.read.finished import FinishedReader
    from nippo_cli.journal.read.lessons import LessonReader
    from nippo_cli.journal.read.people import NamedPeople
    from nippo_cli.journal.read.remarks import RemarkReader
    from nippo_cli.line.review import Review
    from nippo_cli.results.deals import Person
    from nippo_cli.results.entries import EntryView, Version

LAST_AGREEMENT: Final = "select id, sha256, recorded_at from agreement order by recorded_at desc, id desc limit 1"
IMPORTED_FILES: Final = """
select json_extract(body, '$.sha256') from record indexed by record_imports where kind = 'batch' and json_valid(body)
"""
LAST_AGREEMENT_TEXT: Final = (
    "select json_extract(r.body, '$.text') from agreement a join record r on r.id = a.id"
    " order by a.recorded_at desc, a.id desc limit 1"
)
CUSTOMERS_OF: Final = "select customer from entry where deal = ? and customer <> '' order by on_date, recorded_at, id"
CHILDREN: Final = "select id from deal where parent = ? order by id"
OWNERS: Final = "select distinct owner from deal"
# Whether any deal was closed, or has been silent since a day: nothing else can have ended.
ANY_FINISHED: Final = """
select exists (select 1 from deal where closed_on is not null)
  or exists (select 1 from deal where fate = 'live' and coalesce(last_contact_on, began_on) <= ?)
"""


@contextmanager
def reading(path: Path, *, patience_ms: int | None = None) -> Iterator["JournalReader"]:
    """A journal, read-only, as it stands when the block begins; no file is made or changed.

    Args:
        patience_ms: how long to wait for somebody who writes, if not as long as any.

    Raises:
        NoJournal: there is none.
        JournalError: it can't be read: damaged, newer, or with a write to be recovered first.
    """
    with closing(connect_ro(path, patience_ms)) as cx, usable(path):
        cx.execute("begin")
        forget_met()
        yield JournalReader(cx)


class JournalReader(DealQueries):
    """Answers from one journal. What is asked of a day is told by its `AsOf`."""

    def __init__(self, cx: sqlite3.Connection) -> None:
        super().__init__(cx)
        self._log: LogReader | None = None

    # --- the journal itself

    def meta(self, key: str) -> str:
        """A fact of the journal; empty where it has none."""
        return meta(self.cx, key)

    @property
    def time_zone(self) -> str:
        """The IANA time zone that days are counted in.

        Raises:
            JournalError: its name is damaged, and nothing tells which it was.
        """
        return time_zone(self.cx)

    def adopted(self) -> tuple[str, str]:
        """The SHA-256 of the `schema.yaml` last adopted and when that was; both empty before any."""
        row = self.cx.execute(LAST_AGREEMENT).fetchone()
        return (row[1], row[2]) if row else ("", "")

    def imported_files(self) -> frozenset[str]:
        """The SHA-256 of every file that an import brought in, taken back or not."""
        return frozenset(sha256 for (sha256,) in self.cx.execute(IMPORTED_FILES) if sha256)

    def adopted_text(self) -> str:
        """The text of the `schema.yaml` last adopted; empty before any."""
        row = self.cx.execute(LAST_AGREEMENT_TEXT).fetchone()
        return row[0] if row else ""

    def damage_notices(self) -> "list[Message]":
        """What was met of the log since this was last asked that is damaged, in words for a notice."""
        if not any_met():
            return []
        from nippo_cli.journal.log import notices

        return notices(self.cx)

    # --- deals

    def heads(
        self,
        as_of: AsOf,
        *,
        ids: Collection[int] | None = None,
        live: bool | None = None,
        owner: str | None = None,
        customer: str | None = None,
        stage: str | None = None,
        fate: str | None = None,
        closed_since: date | None = None,
    ) -> Iterator[DealSummary]:
        """Heads of deals on the day, those read as they are by id, then those folded again.

        Args:
            live: whether neither won nor lost; None for either.
            customer: any spelling that folds to the same.
            fate: `won`, `lost` or `live`.
            closed_since: the first day on which they may have been closed.
        """
        there, picked = self.past(as_of), DealFilter(live, owner, customer, stage, fate, closed_since)
        where, params = picked.where(self._spelled)
        wanted = None if ids is None else set(ids)
        if wanted is not None:
            where += " and id in (select value from json_each(:ids))"
            params["ids"] = json.dumps(sorted(wanted))
        stale = there.unsettled if wanted is None else {deal for deal in wanted if there.is_unsettled(deal)}
        for row in self._rows(where, params, few=live is True or closed_since is not None):
            if row[0] not in stale:
                yield head_from_row(row)
        if wanted is None:
            there.fold_again()
        for deal in sorted(stale):
            found = there.line(deal)
            if found is not None and picked.matches(found[1].head):
                yield found[1].head

    def _rows(self, where: str, params: Mapping[str, Any], *, few: bool) -> Iterable[Sequence[Any]]:
        """Rows of heads by id. `few`: found by another index than that of ids, and sorted here for less than SQLite takes
        for so many columns."""
        if few:
            return sorted(self.cx.execute(f"{HEADS} where {where}", params), key=itemgetter(0))
        return self.cx.execute(f"{HEADS} where {where} order by id", params)

    def head(self, as_of: AsOf, deal: int) -> DealSummary | None:
        """One deal's head; a merged deal's is the other's. None where it had no line."""
        there = self.past(as_of)
        root = there.root(deal)
        return there.head(root) if root is not None else None

    def line(self, as_of: AsOf, deal: int) -> tuple[DealRecord, DealHistory] | None:
        """A deal and its whole line; None where it had none."""
        there = self.past(as_of)
        root = there.root(deal)
        return there.line(root) if root is not None else None

    def points(self, as_of: AsOf, deal: int) -> "list[EntryView]":
        """A deal's entries in the order of its line, up to the day."""
        there = self.past(as_of)
        root = there.root(deal)
        if root is None:
            return []
        if there.is_unsettled(root):
            ids = [p.row[0] for p in there.placed(root) if p.row[1] <= there.day]
        else:
            ids = [row[0] for row in self.cx.execute(POINTS, (root,))]
        return list(self._entries(there).views.of(ids))

    def children(self, as_of: AsOf, deal: int) -> list[DealSummary]:
        """The deals begun from one (up-sells) that have a line, by id."""
        there = self.past(as_of)
        ids = {d for (d,) in self.cx.execute(CHILDREN, (deal,))}
        # A deal without a line today may have had one then.
        gone = (d for (d,) in self.cx.execute(GONE)) if there.as_of.known else ()
        ids.update(d for d in gone if (state := there.state(d)) is not None and state.begun.parent == deal)
        found = (there.head(d) for d in sorted(ids))
        return [head for head in found if head is not None and head.parent == deal]

    def reviews(self, as_of: AsOf) -> "dict[int, list[Review]]":
        """What was learned of finished deals, as known on the day: by the deal, oldest first."""
        from nippo_cli.journal.read.reviews import reviews

        return reviews(self.past(as_of))

    def reviews_of(self, as_of: AsOf, deal: int) -> "list[Review]":
        """What was learned of one deal and of those merged into it, oldest first."""
        from nippo_cli.journal.read.reviews import reviews_of

        return reviews_of(self.past(as_of), deal)

    def lessons(self, as_of: AsOf) -> "LessonReader":
        """What lessons ask of finished deals."""
        from nippo_cli.journal.read.lessons import LessonReader

        return LessonReader(self.past(as_of), self._spelled)

    def finished(self, as_of: AsOf) -> "FinishedReader":
        """The deals that ended last, and what was known of them at an age."""
        from nippo_cli.journal.read.finished import FinishedReader

        return FinishedReader(self.past(as_of), self._spelled)

    def any_finished(self, as_of: AsOf, quiet_days: int) -> bool:
        """Whether there may be deals that were won, lost or fizzled out: what is asked before more is read of them."""
        there = self.past(as_of)
        # Days before the year 1 can't be written; nothing is silent for so long.
        silent_since = date.fromordinal(max(1, as_of.on.toordinal() - quiet_days)).isoformat()
        return bool(there.unsettled) or bool(self.cx.execute(ANY_FINISHED, (silent_since,)).fetchone()[0])

    # --- entries

    def left_out(self, as_of: AsOf) -> dict[str, int]:
        """What no line counts, by reason: `incomplete` entries (counted as far as they go), those dated in the
        `future`, rows `rejected` by imports; `damaged` records, only if there are any."""
        there = self.past(as_of)
        return self._counts(there).left_out(self._entries(there).views)

    def log(
        self,
        as_of: AsOf,
        *,
        since: date | None = None,
        until: date | None = None,
        author: str | None = None,
        customer: str | None = None,
        deal: int | None = None,
        activity: str | None = None,
        incomplete: bool = False,
        limit: int = 0,
        count: bool = True,
    ) -> Logged:
        """Entries known on the day, newest first, those dated after it among them; `limit` of them (0: all)."""
        there = self.past(as_of)
        root = there.root(deal) if deal is not None else None
        if deal is not None and root is None:
            return Logged([], 0, 0, 0)
        wanted = Wanted(since, until, author, customer, root, activity, incomplete)
        return self._entries(there).log(wanted, limit, count=count)

    def entries(self, as_of: AsOf, wanted: Wanted | None = None) -> "Iterator[EntryView]":
        """The whole log one by one, newest first."""
        return self._entries(self.past(as_of)).entries(wanted or Wanted())

    def views(self, as_of: AsOf, entries: Iterable[int]) -> "Iterator[EntryView]":
        """The entries of these ids, in this order, as known on the day."""
        return self._entries(self.past(as_of)).views.of(entries)

    def entry(self, as_of: AsOf, entry: int) -> "EntryView | None":
        """One entry in the version of the day; one that was taken back as it was last. None where there is none."""
        there = self.past(as_of)
        views = self._entries(there).views
        from nippo_cli.journal.read.views import as_last_said

        found = next(views.of([entry]), None)
        return found if found is not None else as_last_said(self.cx, views, there, entry)

    def history(self, entry: int) -> "list[Version]":
        """All records of an entry, oldest first."""
        from nippo_cli.journal.read.views import history

        return history(self.past(AsOf(date.max)), entry)

    def is_retracted(self, record: int) -> bool:
        """Whether a record, or the import that brought it, stands taken back."""
        there = self.past(AsOf(date.max))
        records = tree(self.cx, record)
        return bool(records) and (record in retracted(records) or records[0].batch in there.batches)

    # --- remarks

    def remarks(self, as_of: AsOf) -> "RemarkReader":
        """Comments, and what was said of days."""
        from nippo_cli.journal.read.remarks import RemarkReader

        return RemarkReader(self.past(as_of))

    # --- people

    def customers(self, as_of: AsOf) -> list[str]:
        """Every spelling of every customer in entries dated up to the day and known on it."""
        from nippo_cli.journal.read.names import customers

        return list(customers(self.cx, as_of))

    def customers_of(self, deal: int) -> list[str]:
        """A deal's customers as its entries say them one after another, each once as long as it stays."""
        said = (row[0] for row in self.cx.execute(CUSTOMERS_OF, (deal,)))
        return [next(of_one) for _, of_one in groupby(said, normal_form)]

    def owners(self, as_of: AsOf) -> list[str]:
        """Every deal's owner."""
        if self.past(as_of).unsettled:
            return sorted({head.owner for head in self.heads(as_of)})
        return sorted(owner for (owner,) in self.cx.execute(OWNERS))

    def people(self, as_of: AsOf, customer: str) -> "list[Person]":
        """Who was met at a customer, the latest met first, as last written."""
        from nippo_cli.journal.read.people import met

        there = self.past(as_of)
        return met(v for v in self._entries(there).entries(Wanted(until=as_of.on, customer=customer)))

    def named(self, as_of: AsOf) -> "NamedPeople":
        """Whom any field of any entry names."""
        from nippo_cli.journal.read.people import named

        return named(self.cx, self.agreement(as_of))

    # --- within

    def _entries(self, there: AsOfView) -> LogReader:
        if self._log is None or self._log.there is not there:
            self._log = LogReader(there, spelled=self._spelled, deals_of=lambda c: self._deals_of(there.as_of, c))
        return self._log

    def _deals_of(self, as_of: AsOf, customer: str) -> list[int]:
        return [head.id for head in self.heads(as_of, customer=customer)]
