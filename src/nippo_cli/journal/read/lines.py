"""Many lines at once, no more of each than is asked for: those that stand as they are in one statement, the others built
again."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

from nippo_cli.base.frozen import maker
from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.derive import head_from_row
from nippo_cli.journal.log import HEAD_COLUMNS
from nippo_cli.journal.read.statements import FROM_LISTED
from nippo_cli.line.facts import BallTurn, DealHistory, Promise, Stay

if TYPE_CHECKING:
    from nippo_cli.gaps.facts import Contact, EntryText
    from nippo_cli.schema.schema import Role

DEALS_OF: Final = (
    f"select d.id, {', '.join(f'd.{name}' for name in HEAD_COLUMNS.split(', '))}, d.gaps"
    f" {FROM_LISTED} deal d on d.id = j.value"
)
# In the order of the deals that are asked for, which is ascending, and of each line.
STAYS: Final = """
select s.deal, s.stage, s.entered_on, s.left_on, s.days, s.entry, s.step, s.arrival
from stay s where s.deal in (select value from json_each(?)) order by s.deal, s.seq
"""
PROMISES_OF: Final = f"""
select p.deal, p.what, p.value, p.made_on, p.entry, p.move {FROM_LISTED} promise p on p.deal = j.value
order by p.deal, p.seq
"""
CLOSES_OF: Final = f"""
select p.deal, p.what, p.value, p.made_on, p.entry, p.move {FROM_LISTED} promise p on p.deal = j.value
where p.what = 'closes' order by p.deal, p.seq
"""
BALLS_OF: Final = f"""
select b.deal, b.holder, b.since, b.entry {FROM_LISTED} ball b on b.deal = j.value order by b.deal, b.seq
"""
CONTACTS_OF: Final = f"""
select e.deal, e.on_date, e.id, e.meeting {FROM_LISTED} entry e on e.deal = j.value where e.contact and not e.snapshot
order by e.deal, e.on_date, e.recorded_at, e.id
"""

# What of an entry is asked for by its role.
_SAID: Final[tuple["Role", ...]] = ("facts", "push_reason", "activity", "lost_reason")

_stay = maker(Stay)
_day = lru_cache(maxsize=8192)(date.fromisoformat)


class Days(dict[str, date]):
    """Each ISO text parsed once."""

    def __missing__(self, text: str) -> date:
        self[text] = day = date.fromisoformat(text)
        return day


class LineReader:
    """The lines of many deals as they were known on a day."""

    def __init__(self, view: AsOfView) -> None:
        self.view = view

    def lines(self, deals: Collection[int]) -> dict[int, DealHistory]:
        """The whole lines of deals, by id; a deal that has none is left out."""
        stored = [d for d in deals if not self.view.is_stale(d)]
        lines = stored_lines(self.view.cx, stored) if stored else {}
        for deal in set(deals) - set(stored):
            line = self.view.line(deal)
            if line is not None:
                lines[deal] = line[1]
        return lines

    def stays(self, deals: Collection[int]) -> dict[int, list[Stay]]:
        """The stays of each deal in order; none of a deal that has no line."""
        stored = [deal for deal in deals if not self.view.is_stale(deal)]
        stays = stays_of(self.view.cx, json.dumps(stored))
        for deal in set(deals) - stays.keys():
            line = self.view.line(deal)
            stays[deal] = list(line[1].stays) if line is not None else []
        return stays

    def balls(self, deals: Collection[int]) -> dict[int, list[BallTurn]]:
        """Who had to move next in each deal, one turn after the other; none of a deal of which nothing says."""
        stored = [deal for deal in deals if not self.view.is_stale(deal)]
        turns: dict[int, list[BallTurn]] = {deal: [] for deal in deals}
        for deal, holder, since, entry in self.view.cx.execute(BALLS_OF, (json.dumps(sorted(stored)),)):
            turns[deal].append(BallTurn(holder, _day(since), entry))
        for deal in set(deals) - set(stored):
            line = self.view.line(deal)
            turns[deal] = list(line[1].balls) if line is not None else []
        return turns

    def contacts(self, deals: Collection[int]) -> "dict[int, list[Contact]]":
        """The contacts of deals, oldest first; entries of one meeting are one contact, on the day of the first of them."""
        from nippo_cli.gaps.facts import Contact

        stored = [d for d in deals if not self.view.is_stale(d)]
        contacts: dict[int, list[Contact]] = {deal: [] for deal in deals}
        met: set[tuple[int, int]] = set()
        for deal, on, entry, meeting in self.view.cx.execute(CONTACTS_OF, (json.dumps(sorted(stored)),)):
            # An entry without a meeting may be the one that others name as theirs.
            shared = (deal, meeting or entry)
            if shared not in met:
                met.add(shared)
                contacts[deal].append(Contact(_day(on), entry))
        again = set(deals) - set(stored)
        for deal, points in self.view.points_again(again).items() if again else ():
            contacts[deal] = [Contact(p.on, p.id) for p in points if p.contact]
        return contacts

    def closes(self, deals: Collection[int]) -> Mapping[int, Sequence[Promise]]:
        """The expected closes that were promised of deals, by id, oldest first; a deal that has none is left out."""
        stored = [d for d in deals if not self.view.is_stale(d)]
        closes = dict(promises_by_deal(self.view.cx, json.dumps(sorted(stored)), CLOSES_OF))
        for deal in set(deals) - set(stored):
            line = self.view.line(deal)
            promises = [p for p in line[1].promises if p.what == "closes"] if line is not None else []
            if promises:
                closes[deal] = promises
        return closes

    def entry_texts(self, entries: Collection[int]) -> "dict[int, EntryText]":
        """What entries told in the version of the day; choices in the words of the schema in force."""
        from nippo_cli.gaps.facts import EntryText
        from nippo_cli.journal.read.views import Views

        texts, today = {}, self._today
        # A few schemas of thousands of entries.
        fields: dict[int, list[str]] = {}
        for entry in Views(self.view).contents(sorted(set(entries))):
            keys = fields.get(id(entry.schema))
            if keys is None:
                keys = fields[id(entry.schema)] = [entry.schema.key(role) or "" for role in _SAID]
            facts, push_reason, activity, lost = map(entry.values.get, keys)
            reasons = lost if isinstance(lost, list | tuple) else (lost,) if lost else ()
            texts[entry.id] = EntryText(
                entry.id,
                entry.on,
                str(facts or ""),
                today("push_reason", push_reason) if push_reason else None,
                today("activity", activity) if activity else "",
                tuple(today("lost_reason", one) for one in reasons),
            )
        return texts

    def entry_facts(
        self, entries: Collection[int], may_matter: Callable[[str], bool] = lambda _body: True
    ) -> Iterator[tuple[int, date, str]]:
        """The facts that entries told, each with its id and its day: `entry_texts` and no more of it. Those without any are left out.

        Args:
            may_matter: as in `Views.contents`.
        """
        from nippo_cli.journal.read.views import Views

        for entry in Views(self.view).contents(sorted(set(entries)), may_matter):
            facts = entry.values.get(entry.schema.key("facts") or "")
            if facts:
                yield entry.id, entry.on, str(facts)

    def _today(self, role: "Role", key: object) -> str:
        """The choice in force of one that may have been renamed since it was written."""
        return self._renamed[role].get(key, key) if isinstance(key, str) else str(key)

    @cached_property
    def _renamed(self) -> "Mapping[Role, Mapping[str, str]]":
        """Of each role the keys that its choices once had, each with that of today."""
        schema = self.view.schema
        renamed: dict[Role, dict[str, str]] = {}
        for role in _SAID:
            field, of_role = schema.by_role.get(role), renamed.setdefault(role, {})
            for choice in schema.choices(field) if field is not None else ():
                for was in choice.was:
                    of_role.setdefault(was, choice.key)
        return renamed


def stored_lines(cx: sqlite3.Connection, deals: Collection[int]) -> dict[int, DealHistory]:
    """The lines of deals as they are stored, by id."""
    listed = json.dumps(sorted(deals))
    stays, promises = stays_of(cx, listed), promises_by_deal(cx, listed)
    return {
        deal: DealHistory(
            head_from_row(head), tuple(stays.get(deal, ())), tuple(promises[deal]), tuple(map(int, gaps.split()))
        )
        for deal, *head, gaps in cx.execute(DEALS_OF, (listed,))
    }


def stays_of(cx: sqlite3.Connection, listed: str) -> dict[int, list[Stay]]:
    """The stays that are stored of deals, whose ids come as JSON; a deal without any is left out."""
    stays: dict[int, list[Stay]] = {}
    days, before = Days(), None
    own: list[Stay] = []
    for deal, stage, entered, left, *rest in cx.execute(STAYS, (listed,)):
        if deal != before:
            own = stays[deal] = []
            before = deal
        own.append(_stay((stage, days[entered], days[left] if left else None, *rest)))
    return stays


def promises_by_deal(
    cx: sqlite3.Connection, listed: str, statement: str = PROMISES_OF
) -> defaultdict[int, list[Promise]]:
    """The stored promises of deals, whose ids come as JSON; all, or those that a statement picks."""
    promises: defaultdict[int, list[Promise]] = defaultdict(list)
    for deal, what, value, made_on, entry, move in cx.execute(statement, (listed,)):
        promises[deal].append(Promise(what, value, _day(made_on), entry, move))
    return promises
