"""The log of entries, newest first, and what it is filtered by."""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any, Final, TypeAlias

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.persons import same_person
from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.read.views import Views, place_of
from nippo_cli.results.entries import EntryList, EntryView

LOG: Final = (
    "select id, on_date, recorded_at from entry {index} {where} order by on_date desc, recorded_at desc, id desc"
)
# Few are incomplete, and lie in their order in an index of their own: left to choose, SQLite goes through all.
_OF_INCOMPLETE = "indexed by entry_incomplete"
COUNT_ALL: Final = """
select (select count(*) from entry), (select count(*) from entry where incomplete),
  (select count(*) from entry where on_date > :on)
"""
COUNT_INCOMPLETE: Final = f"""
select count(*), count(*), coalesce(sum(on_date > :on), 0) from entry {_OF_INCOMPLETE} where incomplete
"""
# The same of all but for the first: two short index ranges, however long the log.
COUNT_MARKED: Final = """
select (select count(*) from entry where incomplete), (select count(*) from entry where on_date > :on)
"""
COUNT: Final = """
select count(*), coalesce(sum(incomplete), 0), coalesce(sum(on_date > :on), 0) from entry {where}
"""


class Wanted(NamedTuple):
    """Which entries; None is all. `deal` is an id, `deals` are several; a customer is whoever's name folds to the same; `ids` are
    entries of today's view."""

    since: date | None = None
    until: date | None = None
    author: str | None = None
    customer: str | None = None
    deal: int | None = None
    activity: str | None = None
    incomplete: bool = False
    deals: frozenset[int] | None = None
    ids: frozenset[int] | None = None


# Reads the entries of a long list when they are gone through.
ReadLater: TypeAlias = Callable[[Sequence[int]], Iterator[EntryView]]
# A list of no more entries is held.
HELD_AT_MOST = 2_000


class Logged(NamedTuple):
    """Entries and the count of all that match; `incomplete` ones and those dated `ahead` of the day are among them.
    `more`: there are others, and nobody counted them: `total` is then how many were read."""

    entries: list[EntryView]
    total: int
    incomplete: int
    ahead: int
    more: bool = False


class LongLog(NamedTuple):
    """The same of entries that are read later."""

    entries: EntryList
    total: int
    incomplete: int
    ahead: int
    more: bool = False


class LogReader:
    """The entries known on a day.

    Args:
        deals_of: the deals of a customer.
    """

    def __init__(
        self,
        there: AsOfView,
        *,
        deals_of: Callable[[str], Sequence[int]],
    ) -> None:
        self.there = there
        self._cx = there.cx
        self._deals_of = deals_of
        self.views = Views(there)

    def log(self, wanted: Wanted, limit: int, *, count: bool = True) -> Logged:
        """Entries, newest first: `limit` of them (0: all), and how many there are.

        Without `count` only those read are counted, so that nothing but them is looked at; of the whole log also the
        incomplete ones and those ahead, which an index tells.
        """
        entries = list(self.entries(wanted, limit + 1 if limit else 0))
        more = bool(limit) and len(entries) > limit
        entries = entries[: limit or None]
        if count and more:
            return Logged(entries, *self._count(wanted))
        incomplete, ahead = self._marked(entries, more=more and wanted == Wanted())
        return Logged(entries, len(entries), incomplete, ahead, more)

    def long_log(self, wanted: Wanted, limit: int, later: ReadLater, *, count: bool = True) -> LongLog | None:
        """The same where so many are wanted and there that they are not held; None where they are fewer.

        Args:
            later: reads the entries of such ids.
        """
        from array import array

        if 0 < limit <= HELD_AT_MOST:
            return None
        ids = array("q", islice(self._ids(wanted), limit + 1 if limit else None))
        if len(ids) <= HELD_AT_MOST:
            return None
        more = bool(limit) and len(ids) > limit
        shown = ids[:-1] if more else ids
        entries = EntryList(shown, later)
        if count or not more:
            return LongLog(entries, *self._count(wanted))
        incomplete, ahead = self._marked(EntryList(shown, self.views.of), more=wanted == Wanted())
        return LongLog(entries, len(shown), incomplete, ahead, more)

    def _marked(self, entries: Collection[EntryView] | EntryList, *, more: bool) -> tuple[int, int]:
        """How many are incomplete, and how many ahead: of those found, or if there are more of the whole log."""
        there = self.there
        if more and not there.as_of.known:
            return self._cx.execute(COUNT_MARKED, {"on": there.day}).fetchone()  # type: ignore[no-any-return]
        return sum(v.incomplete for v in entries), sum(v.on > there.as_of.on for v in entries)

    def entries(self, wanted: Wanted, limit: int = 0) -> Iterator[EntryView]:
        """The same one by one, so that a long log need not be held."""
        return self.views.of(islice(self._ids(wanted), limit or None))

    def _ids(self, wanted: Wanted) -> Iterator[int]:
        """Their ids, newest first."""
        clauses, params = self._where(wanted)
        late = self._late(wanted)
        plain = self._plain(clauses, params, _OF_INCOMPLETE if wanted.incomplete else "")
        if not late:
            return (entry for *_, entry in plain)
        from heapq import merge

        return (entry for *_, entry in merge(plain, map(place_of, late), reverse=True))

    def _plain(self, clauses: str, params: dict[str, Any], index: str) -> Iterator[tuple[str, str, int]]:
        moved = self.there.late.entries
        for entry, on, recorded_at in self._cx.execute(LOG.format(index=index, where=clauses), params):
            if entry not in moved:
                yield on, recorded_at, entry

    def _late(self, wanted: Wanted) -> list[EntryView]:
        """Entries corrected or taken back since, as they were, that match; newest first."""
        if not self.there.late.entries:
            return []
        matches = self._matcher(wanted)
        entries = [v for v in self.views.of(self.there.late.entries) if matches(v)]
        return sorted(entries, key=place_of, reverse=True)

    def _count(self, wanted: Wanted) -> tuple[int, int, int]:
        """How many entries match, how many of them are incomplete, and how many lie ahead."""
        if wanted == Wanted() and not self.there.as_of.known:
            return self._cx.execute(COUNT_ALL, {"on": self.there.day}).fetchone()  # type: ignore[no-any-return]
        if wanted == Wanted(incomplete=True) and not self.there.as_of.known:
            return self._cx.execute(COUNT_INCOMPLETE, {"on": self.there.day}).fetchone()  # type: ignore[no-any-return]
        clauses, params = self._where(wanted)
        moved = self.there.late.entries
        if moved:
            params["moved"] = json.dumps(sorted(moved))
            clauses += " and id not in (select value from json_each(:moved))"
        total, incomplete, ahead = self._cx.execute(
            COUNT.format(where=clauses), params | {"on": self.there.day}
        ).fetchone()
        late, day = self._late(wanted), self.there.as_of.on
        return total + len(late), incomplete + sum(v.incomplete for v in late), ahead + sum(v.on > day for v in late)

    def _where(self, wanted: Wanted) -> tuple[str, dict[str, Any]]:
        """The condition on rows of `entry`, and what is bound in it."""
        clauses, params = ["true"], dict[str, Any]()
        if self.there.as_of.known:
            clauses.append("known_on <= :known")
            params["known"] = self.there.known
        if wanted.since:
            clauses.append("on_date >= :since")
            params["since"] = wanted.since.isoformat()
        if wanted.until:
            clauses.append("on_date <= :until")
            params["until"] = wanted.until.isoformat()
        if wanted.activity is not None:
            clauses.append("activity = :activity")
            params["activity"] = wanted.activity
        if wanted.author is not None:
            from nippo_cli.journal.read.authors import spelled_authors

            spelled = spelled_authors(self._cx, wanted.author) or [wanted.author]
            # One spelling lies in its order in an index.
            clauses.append("author = :author" if len(spelled) == 1 else _BY)
            params["author"] = spelled[0] if len(spelled) == 1 else json.dumps(spelled, ensure_ascii=False)
        if wanted.incomplete:
            clauses.append("incomplete")
        if wanted.ids is not None:
            clauses.append("id in (select value from json_each(:ids))")
            params["ids"] = json.dumps(sorted(wanted.ids))
        self._where_deals(wanted, clauses, params)
        return "where " + " and ".join(clauses), params

    def _where_deals(self, wanted: Wanted, clauses: list[str], params: dict[str, Any]) -> None:
        """The part of it that is about deals and their customer."""
        if wanted.deal is not None:
            self._in_deal(wanted.deal, clauses, params)
        if wanted.customer is not None:
            clauses.append(_OF_CUSTOMER)
            params["spelled"] = json.dumps(list(self.there.spellings(wanted.customer)), ensure_ascii=False)
            params["deals"], params["placed"] = map(json.dumps, self._entries_in(self._deals_of(wanted.customer)))
        if wanted.deals is not None:
            clauses.append(_IN_DEALS)
            params["in_deals"], params["placed_there"] = map(json.dumps, self._entries_in(wanted.deals))

    def _in_deal(self, deal: int, clauses: list[str], params: dict[str, Any]) -> None:
        if self.there.is_stale(deal):
            clauses.append("id in (select value from json_each(:placed_in))")
            params["placed_in"] = json.dumps([p.row[0] for p in self.there.placed(deal)])
        else:
            clauses.append("deal = :deal")
            params["deal"] = deal

    def _entries_in(self, deals: Collection[int]) -> tuple[list[int], list[int]]:
        """The deals of these that are read as they are, and the entries of the others."""
        plain = [d for d in deals if not self.there.is_stale(d)]
        placed = [p.row[0] for d in deals if self.there.is_stale(d) for p in self.there.placed(d)]
        return plain, placed

    def _matcher(self, wanted: Wanted) -> Callable[[EntryView], bool]:
        """The same condition as a test for entries that were corrected since."""
        deals = set(self._deals_of(wanted.customer)) if wanted.customer is not None else set()

        def matches(view: EntryView) -> bool:
            if wanted.deal is not None and (view.deal is None or view.deal.id != wanted.deal):
                return False
            if wanted.deals is not None and (view.deal is None or view.deal.id not in wanted.deals):
                return False
            if wanted.customer is not None and not (
                (view.deal is not None and view.deal.id in deals)
                or self.there.customers.same(customer_of(view), wanted.customer)
            ):
                return False
            return (
                (wanted.since is None or view.on >= wanted.since)
                and (wanted.until is None or view.on <= wanted.until)
                and (wanted.author is None or same_person(view.author, wanted.author))
                and (wanted.activity is None or texts_in(view, "activity") == wanted.activity)
                and (not wanted.incomplete or view.incomplete)
            )

        return matches


_BY = "author in (select value from json_each(:author))"
_OF_CUSTOMER = """id in (
  select id from entry where customer in (select value from json_each(:spelled))
  union select id from entry where deal in (select value from json_each(:deals))
  union select value from json_each(:placed))"""
_IN_DEALS = """id in (
  select id from entry where deal in (select value from json_each(:in_deals))
  union select value from json_each(:placed_there))"""


def texts_in(view: EntryView, role: Any) -> Any:
    """What an entry says in the field bound to a role, if it has one."""
    key = view.schema.key(role)
    return view.values.get(key) if key else None


def customer_of(view: EntryView) -> str:
    """The customer that an entry itself names; empty if none."""
    return texts_in(view, "customer") or ""
