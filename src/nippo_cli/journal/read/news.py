"""What others wrote since a member last looked: by the numbers of devices' records, so that only what is new is read."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final, TypedDict

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import record_id
from nippo_cli.base.persons import same_person
from nippo_cli.journal.log import rows

# Newest first: what is beyond the most that is read is the oldest. What came from a file is no news.
NEW_ENTRIES: Final = """
select e.id, e.deal, e.author, e.on_date, e.customer, e.stage from entry e cross join record r on r.id = e.id
where e.id > :after and e.id < :before and e.known_on >= :since and r.batch is null order by e.id desc limit :most
"""
NEW_ANSWERS: Final = """
select id, author, parent from comment
where id > :after and id < :before and known_on >= :since and parent is not null order by id desc limit :most
"""
NEW_READERS: Final = """
select a.author, a.about from acknowledgement a
where a.id > :after and a.id < :before and a.known_on >= :since limit :most
"""
AUTHOR_OF: Final = """
select coalesce((select author from entry where id = :id), (select author from comment where id = :id),
  (select author from day where id = :id))
"""
CONFIRMS: Final = "select 1 from acknowledgement where author = ? limit 1"
_NOT_READ = """
not exists (select 1 from acknowledgement a where a.about = {of}.id and person_key(a.author) = person_key(:me))
"""
UNREAD: Final = f"""
select author, on_date, count(*) from (
  select e.author, e.on_date from entry e indexed by entry_day
    where e.on_date between :first and :last and {_NOT_READ.format(of="e")}
  union all
  select d.author, d.on_date from day d
    where d.on_date between :first and :last and d.off is null and {_NOT_READ.format(of="d")})
group by 1, 2
"""
DEAL_TAGS: Final = "select d.id, d.owner, d.customer from json_each(?) j cross join deal d on d.id = j.value"
MOST_READ: Final = 2000


class Bounds(TypedDict):
    """What is new of one device: its records between two ids, known on a day or later."""

    after: int
    before: int
    since: str


def bounds_of(after: Mapping[int, int], upto: Mapping[int, int], since: Mapping[int, str]) -> Iterator[Bounds]:
    """What is new of each device that wrote anything.

    Args:
        after: each device's last record that was there at the last look.
        upto: each device's last record now.
        since: of each device that was not there then, what became known before is an older diary's, and no news.
    """
    for slot, last in upto.items():
        if last > after.get(slot, 0):
            yield {
                "after": record_id(slot, after.get(slot, 0)), "before": record_id(slot, last + 1),
                "since": "" if slot in after else since[slot],
            }  # fmt: skip


class NewEntry(NamedTuple):
    """An entry that somebody else wrote: its row."""

    id: int
    deal: int | None
    author: str
    on: str
    customer: str | None
    stage: str | None


class NewsReader:
    """What others wrote, for one member on one day. Made by `JournalReader.team_news`."""

    def __init__(self, cx: sqlite3.Connection) -> None:
        self._cx = cx

    def confirms(self, author: str) -> bool:
        """Whether somebody ever said that they had read something."""
        return self._cx.execute(CONFIRMS, (author,)).fetchone() is not None

    def entries(self, me: str, new: Sequence[Bounds], most: int = MOST_READ) -> tuple[list[NewEntry], bool]:
        """The entries that others than `me` wrote, the newest first; and whether a device has more than were read.

        Args:
            most: how many of each device are read (0: all).
        """
        entries: list[NewEntry] = []
        more = False
        for bounds in new:
            written = [
                NewEntry(*row) for row in rows(self._cx, NEW_ENTRIES, {**bounds, "most": most + 1 if most else -1})
            ]
            more |= 0 < most < len(written)
            entries += [one for one in written[: most or None] if not same_person(one.author, me)]
        return sorted(entries, key=lambda one: (one.on, one.id), reverse=True), more

    def answers(self, me: str, new: Sequence[Bounds]) -> list[int]:
        """The comments by which others answered what `me` had said."""
        return [
            record
            for bounds in new
            for record, author, parent in rows(self._cx, NEW_ANSWERS, {**bounds, "most": MOST_READ})
            if not same_person(author, me) and same_person(self._author_of(parent), me)
        ]

    def readers(self, me: str, new: Sequence[Bounds]) -> dict[str, int]:
        """How often who said that they have read something of `me`."""
        readers = Counter[str]()
        for bounds in new:
            for author, about in rows(self._cx, NEW_READERS, {**bounds, "most": MOST_READ}):
                if not same_person(author, me) and same_person(self._author_of(about), me):
                    readers[author] += 1
        return dict(readers)

    def _author_of(self, record: int) -> str:
        return next((author or "" for (author,) in rows(self._cx, AUTHOR_OF, {"id": record})), "")

    def deal_tags(self, deals: Sequence[int]) -> dict[int, tuple[str, str]]:
        """The owner and the customer of each of these deals."""
        tags = rows(self._cx, DEAL_TAGS, (json.dumps(sorted(set(deals))),))
        return {deal: (owner, customer) for deal, owner, customer in tags}

    def unread(self, me: str, first: date, last: date) -> dict[tuple[str, date], int]:
        """By author and day how many entries and remarks of others, of days from `first` to `last`, `me` has not confirmed to
        have read."""
        counts = Counter[tuple[str, date]]()
        for author, on, n in rows(self._cx, UNREAD, {"me": me, "first": first.isoformat(), "last": last.isoformat()}):
            if not same_person(author, me):
                counts[author, date.fromisoformat(on)] += n
        return dict(counts)
