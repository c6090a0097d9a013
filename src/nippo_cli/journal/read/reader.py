"""The journal read: heads, lines, norms, the log. A reader never writes, and sees one moment throughout."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nippo_cli.base.customers import fuller_name
from nippo_cli.base.ids import take_bare_numbers_for
from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.log import (
    BATCH_SHA256,
    CUSTOMERS,
    POINTS,
    any_met,
    bare_slot,
    connect_ro,
    forget_met,
    meta,
    retracted,
    time_zone,
    tree,
    usable,
)
from nippo_cli.journal.read.deals import DealReader
from nippo_cli.journal.read.log import Logged, LogReader, Wanted
from nippo_cli.journal.read.statements import SITES
from nippo_cli.line.facts import AsOf

if TYPE_CHECKING:
    from nippo_cli.base.errors import Message
    from nippo_cli.journal.read.conflicts import ConflictReader
    from nippo_cli.journal.read.due import DueReader
    from nippo_cli.journal.read.finished import FinishedReader
    from nippo_cli.journal.read.ledger import Ledger
    from nippo_cli.journal.read.lines import LineReader
    from nippo_cli.journal.read.log import LongLog, ReadLater
    from nippo_cli.journal.read.members import DeviceMember
    from nippo_cli.journal.read.news import NewsReader
    from nippo_cli.journal.read.people import NamedPeople
    from nippo_cli.journal.read.people_met import Met
    from nippo_cli.journal.read.remarks import RemarkReader
    from nippo_cli.journal.read.reminders import ReminderReader
    from nippo_cli.line.facts import DealSummary, Review, Revisit
    from nippo_cli.results.deals import Person
    from nippo_cli.results.entries import EntryView, Remarked, Version
    from nippo_cli.results.remarks import Acknowledgement, Comment, Follow

LAST_AGREEMENT: Final = "select id, sha256, recorded_at from agreement order by place desc limit 1"
IMPORTED_FILES: Final = f"""
select {BATCH_SHA256} from record r indexed by record_imports where r.kind = 'batch'
"""
LAST_AGREEMENT_TEXT: Final = (
    "select json_extract(r.body, '$.text') from agreement a join record r on r.id = a.id order by a.place desc limit 1"
)
NAMES_CUSTOMER: Final = "select 1 from entry where customer = ? limit 1"
CUSTOMERS_OF: Final = "select customer from entry where deal = ? and customer <> '' order by on_date, recorded_at, id"


@contextmanager
def reading(path: Path) -> Iterator["JournalReader"]:
    """A journal, read-only, as it stands when the block begins; no file is made or changed.

    Raises:
        NoJournal: there is none.
        JournalError: it can't be read: damaged, newer, or with a write to be recovered first.
    """
    with closing(connect_ro(path)) as cx, usable(path):
        cx.execute("begin")
        forget_met()
        take_bare_numbers_for(bare_slot(cx))
        yield JournalReader(cx)


class JournalReader(DealReader):
    """Answers from one journal. What is asked of a day is told by its `AsOf`."""

    def __init__(self, cx: sqlite3.Connection) -> None:
        super().__init__(cx)
        self._log: LogReader | None = None

    # --- the journal itself

    def meta(self, key: str) -> str:
        """A fact of the journal; empty where it has none."""
        return meta(self.cx, key)

    def device_members(self) -> "list[DeviceMember]":
        """Whose each device of a team is."""
        from nippo_cli.journal.read.members import device_members

        return list(device_members(self.cx))

    def left_devices(self) -> set[int]:
        """The slots of a team's devices that left, or were taken out."""
        from nippo_cli.journal.read.members import left_devices

        return left_devices(self.cx)

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

    def points(self, as_of: AsOf, deal: int) -> "list[EntryView]":
        """A deal's entries in the order of its line, up to the day."""
        view = self.past(as_of)
        root = view.root(deal)
        if root is None:
            return []
        if view.is_stale(root):
            ids = [p.row[0] for p in view.placed(root) if p.row[1] <= view.day]
        else:
            ids = [row[0] for row in self.cx.execute(POINTS, (root,))]
        return list(self._entries(view).views.of(ids))

    def reviews(self, as_of: AsOf) -> "dict[int, list[Review]]":
        """What was learned of finished deals, as known on the day: by the deal, oldest first."""
        from nippo_cli.journal.read.remarks import reviews

        return reviews(self.past(as_of))

    def reviews_of(self, as_of: AsOf, deal: int) -> "list[Review]":
        """What was learned of one deal and of those merged into it, oldest first."""
        from nippo_cli.journal.read.remarks import reviews_of

        return reviews_of(self.past(as_of), deal)

    def reviewed_since(self, deal: int, entry: int) -> bool:
        """Whether anything was reviewed after a deal's other entries were recorded, `entry` left out."""
        from nippo_cli.journal.read.newest_review import reviewed_since

        return reviewed_since(self.cx, deal, entry)

    def finished(self, as_of: AsOf) -> "FinishedReader":
        """The deals that ended last, and what was known of them at an age."""
        from nippo_cli.journal.read.finished import FinishedReader

        return FinishedReader(self.past(as_of))

    def due(self, as_of: AsOf, owner: str | None = None) -> "DueReader":
        """What falls due of live deals, of all owners or of one."""
        from nippo_cli.journal.read.due import DueReader

        return DueReader(self.past(as_of), owner)

    def revisits(self, as_of: AsOf, deal: int | None = None) -> "list[Revisit]":
        """The days on which deals and customers are to be called again; of all, or of one deal."""
        from nippo_cli.journal.read.revisit_days import revisits

        return revisits(self.past(as_of), deal)

    def reminders(self, as_of: AsOf, owner: str | None = None) -> "ReminderReader":
        """What comes that is no step."""
        from nippo_cli.journal.read.reminders import ReminderReader

        return ReminderReader(self.past(as_of), owner)

    # --- entries

    def left_out(self, as_of: AsOf) -> dict[str, int]:
        """What no line counts, by reason: `incomplete` entries (counted as far as they go), those dated in the
        `future`, rows `rejected` by imports; `damaged` records, only if there are any."""
        view = self.past(as_of)
        return self.counts(as_of).left_out(self._entries(view).views)

    def entries_ahead(self, as_of: AsOf, most: int) -> "list[EntryView]":
        """The entries dated after the day, the nearest first."""
        view = self.past(as_of)
        return self.counts(as_of).entries_ahead(self._entries(view).views, most)

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
        deals: frozenset[int] | None = None,
        ids: frozenset[int] | None = None,
        limit: int = 0,
        count: bool = True,
    ) -> Logged:
        """Entries known on the day, newest first, those dated after it among them; `limit` of them (0: all)."""
        view = self.past(as_of)
        root = view.root(deal) if deal is not None else None
        if deal is not None and root is None:
            return Logged([], 0, 0, 0)
        wanted = Wanted(since, until, author, customer, root, activity, incomplete, deals, ids)
        return self._entries(view).log(wanted, limit, count=count)

    def long_log(
        self, as_of: AsOf, wanted: Wanted, limit: int, later: "ReadLater", *, count: bool = True
    ) -> "LongLog | None":
        """As `log`, where so many are wanted and there that they are read later; None where they are fewer.

        Args:
            later: reads the entries of such ids.
        """
        view = self.past(as_of)
        root = view.root(wanted.deal) if wanted.deal is not None else None
        if wanted.deal is not None and root is None:
            return None
        return self._entries(view).long_log(wanted._replace(deal=root), limit, later, count=count)

    def entries(self, as_of: AsOf, wanted: Wanted | None = None) -> "Iterator[EntryView]":
        """The whole log one by one, newest first."""
        return self._entries(self.past(as_of)).entries(wanted or Wanted())

    def views(self, as_of: AsOf, entries: Iterable[int]) -> "Iterator[EntryView]":
        """The entries of these ids, in this order, as known on the day."""
        return self._entries(self.past(as_of)).views.of(entries)

    def views_of_long_list(self, as_of: AsOf, entries: Iterable[int], last: Mapping[int, int]) -> "Iterator[EntryView]":
        """The same of a long list, a few at a time, and the journal let go before they are given.

        Args:
            last: what `last_records` said when the list was made.
        """
        return self._entries(self.past(as_of)).views.of_long_list(entries, last)

    def last_records(self) -> dict[int, int]:
        """The number of each device's last record, by slot."""
        from nippo_cli.journal.read.views import last_records

        return last_records(self.cx)

    def entry(self, as_of: AsOf, entry: int) -> "EntryView | None":
        """One entry in the version of the day; one that was taken back as it was last. None where there is none."""
        view = self.past(as_of)
        views = self._entries(view).views
        from nippo_cli.journal.read.views import last_version

        view_of_day = next(views.of([entry]), None)
        return view_of_day if view_of_day is not None else last_version(self.cx, views, view, entry)

    def history(self, entry: int) -> "list[Version]":
        """All records of an entry, oldest first."""
        from nippo_cli.journal.read.views import history

        return history(self.past(AsOf(date.max)), entry)

    def is_retracted(self, record: int) -> bool:
        """Whether a record, or the import that brought it, stands taken back."""
        view = self.past(AsOf(date.max))
        records = tree(self.cx, record)
        return bool(records) and (record in retracted(records) or records[0].batch in view.batches)

    # --- remarks

    def remarks(self, as_of: AsOf) -> "RemarkReader":
        """Comments, and what was said of days."""
        from nippo_cli.journal.read.remarks import RemarkReader

        return RemarkReader(self.past(as_of))

    def team_news(self, as_of: AsOf) -> "NewsReader":
        """What others wrote."""
        from nippo_cli.journal.read.news import NewsReader

        return NewsReader(self.past(as_of).cx)

    def conflicts(self, as_of: AsOf) -> "ConflictReader":
        """What members wrote without knowing of each other."""
        from nippo_cli.journal.read.conflicts import ConflictReader

        return ConflictReader(self.past(as_of))

    def several_authors(self) -> bool:
        """Whether more than one person wrote entries."""
        from nippo_cli.journal.read.authors import several_authors

        return several_authors(self.cx)

    def authors(self) -> list[str]:
        """Everybody who wrote entries that stand today, each in the first of their spellings."""
        from nippo_cli.journal.read.authors import authors

        return authors(self.cx)

    def writers(self) -> list[str]:
        """Everybody who wrote entries, days' remarks or comments that stand today, each in one spelling."""
        from nippo_cli.journal.read.authors import writers

        return writers(self.cx)

    def readers_of(self, as_of: AsOf, records: "Collection[int]") -> "dict[int, list[Acknowledgement]]":
        """Who says that they have read each of these entries, comments and days' remarks."""
        from nippo_cli.journal.read.follows import readers_of

        return readers_of(self.past(as_of), records)

    def follows_of(self, as_of: AsOf, author: str) -> "list[Follow]":
        """What a member follows."""
        from nippo_cli.journal.read.follows import follows_of

        return follows_of(self.past(as_of), author)

    def decisions(self, as_of: AsOf, since: date | None = None) -> "dict[int, list[Comment]]":
        """The decisions that stand on the day, by deal, those due first: what is open, and what was done since a day."""
        return self.remarks(as_of).decisions(since)

    def with_subjects(self, as_of: AsOf, comments: "Sequence[Comment]") -> "list[Remarked]":
        """Comments in the order given, each with the entry or the deal that it is about. What was said of one that was taken
        back went with it."""
        from nippo_cli.results.entries import Remarked

        there = self.past(as_of)
        entries = {v.id: v for v in self.views(as_of, [c.entry for c in comments if c.entry is not None])}
        deals = {c.deal or 0: there.ref(c.deal) for c in comments if c.deal is not None}
        of = [Remarked(c, entries.get(c.entry or 0), deals.get(c.deal or 0)) for c in comments]
        return [one for one in of if one.comment.day is not None or one.entry is not None or one.deal is not None]

    # --- many lines, and the ledger

    def line_reader(self, as_of: AsOf) -> "LineReader":
        """What many lines hold, no more of each than is asked for."""
        from nippo_cli.journal.read.lines import LineReader

        return LineReader(self.past(as_of))

    def ledger(self, as_of: AsOf) -> "Ledger":
        """The real ledger on the day."""
        from nippo_cli.journal.read.ledger import Ledger

        return Ledger(self.past(as_of))

    # --- people

    def customers(self, as_of: AsOf) -> list[str]:
        """Every spelling of every customer in entries dated up to the day and known on it."""
        from nippo_cli.journal.read.customers import customers

        return list(customers(self.past(as_of)))

    def billed(self, as_of: AsOf) -> list[str]:
        """Every name that is billed for a deal in entries dated up to the day and known on it."""
        from nippo_cli.journal.read.customers import billed

        return billed(self.past(as_of))

    def sites(self, as_of: AsOf) -> list[str]:
        """Every deal's site, each once."""
        if self.past(as_of).stale:
            return sorted({head.site for head in self.heads(as_of)} - {""})
        return [site for (site,) in self.cx.execute(SITES)]

    def heads_billed_to(self, as_of: AsOf, customer: str) -> "list[DealSummary]":
        """The deals that are billed to a customer and are another's, by id."""
        from nippo_cli.journal.read.customers import billed_deals

        view = self.past(as_of)
        heads = self.heads(as_of, ids=billed_deals(view, customer), billed_to=customer)
        return sorted((h for h in heads if not view.customers.same(h.customer, customer)), key=lambda head: head.id)

    def knows_customer(self, name: str) -> bool:
        """Whether an entry names a customer in this very spelling; a seek."""
        return self.cx.execute(NAMES_CUSTOMER, (name,)).fetchone() is not None

    def spelled_customers(self) -> list[str]:
        """Every spelling of every customer that the log has, on whatever day."""
        return [name for (name,) in self.cx.execute(CUSTOMERS)]

    def customers_of(self, deal: int) -> list[str]:
        """A deal's customers as its entries say them one after another, each once as long as it stays."""
        names = self.past(AsOf(date.max)).customers
        shown: list[str] = []
        for (said,) in self.cx.execute(CUSTOMERS_OF, (deal,)):
            name = names.name(said)
            if shown and names.same(shown[-1], name):
                shown[-1] = fuller_name(shown[-1], name)
            else:
                shown.append(name)
        return shown

    def people(self, as_of: AsOf, customer: str) -> "list[Person]":
        """Who was met at a customer, or is there now and was met elsewhere: those who are there first, the latest met first."""
        from nippo_cli.journal.read.people_at import people_at

        view = self.past(as_of)
        return people_at(view, self._entries(view), customer)

    def everybody(self, as_of: AsOf) -> "Sequence[Person]":
        """Who was met anywhere, the latest met first. It reads every entry that names somebody."""
        return self.latest_met(as_of).people

    def latest_met(self, as_of: AsOf, most: int | None = None) -> "Met":
        """The same: `most` of them, and how many there are."""
        from nippo_cli.journal.read.people_at import everybody

        view = self.past(as_of)
        return everybody(view, self._entries(view), most)

    def named(self, as_of: AsOf) -> "NamedPeople":
        """Whom any field of any entry names, or a record of a person."""
        from nippo_cli.journal.read.people import named

        by_field = named(self.cx, self.schema(as_of))
        recorded = {name for person in self.past(as_of).people.recorded for name in person.names}
        successors = {place.successor for person in self.past(as_of).people.recorded for place in person.places}
        return by_field._replace(people=by_field.people | recorded | (successors - {""}))

    # --- within

    def _entries(self, view: AsOfView) -> LogReader:
        if self._log is None or self._log.there is not view:
            self._log = LogReader(view, deals_of=lambda c: self._deals_of(view.as_of, c))
        return self._log

    def _deals_of(self, as_of: AsOf, customer: str) -> list[int]:
        return [head.id for head in self.heads(as_of, customer=customer)]
