"""The deals that ended last, as it was known on a day, and what was known of them at an age."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import takewhile
from operator import itemgetter
from typing import Any, Final

from nippo_cli.base.persons import person_key
from nippo_cli.journal.asof import AsOfView
from nippo_cli.journal.derive import points_of, read_holds
from nippo_cli.journal.log import POINT_COLUMNS, rows, values_in
from nippo_cli.journal.read.picked import LessonFilter, PickedReader, Quietness
from nippo_cli.lessons.finished import Finished, Lived, Stood
from nippo_cli.line.facts import DealEvent, DealSummary, Outcome
from nippo_cli.line.span import Hold, passes_on
from nippo_cli.schema.schema import Field
from nippo_cli.schema.types import type_of

_FIRST = "coalesce(first_contact_on, began_on)"
_SILENT = "coalesce(last_contact_on, began_on)"
# Deals that ended last; what stands in braces is their condition. They ended more than :age days after their first
# contact, which the day of a fizzled one is looked at for once it is known; none of which a list alone tells, and not since when.
CLOSED_LATELY: Final = f"""
select id, fate, amount, {_FIRST}, closed_on from deal
where fate = :fate and closed_on is not null and closed_on <= :on and begin_known
and julianday(closed_on) - julianday({_FIRST}) > :age and {{where}}
order by closed_on desc, id desc limit :most
"""
SILENT_LATELY: Final = f"""
select id, amount, {_FIRST}, {_SILENT} from deal
where fate = 'live' and {_SILENT} <= :silent_since and holds is null and begin_known
and (stage <> '' or last_contact_on is not null) and (next_on is null or substr(next_on, -10) < :on) and {{where}}
order by {_SILENT} desc, id desc limit :most
"""
AMOUNTS: Final = """
select amount, count(*) from deal where fate <> 'live' and amount is not null and {where} group by 1
"""
# Below, `:cuts` is a JSON object of days by deals.
_CUTS = "(select cast(key as integer) as deal, value as day from json_each(:cuts)) c"
# The entries of some deals up to a day each, with what tells whom they met, where that may be anybody; the deal comes last.
POINTS_UPTO: Final = f"""
select {POINT_COLUMNS}, r.schema, case when instr(r.body, '"name":') then r.body end, e.deal
from {_CUTS} cross join entry e on e.deal = c.deal and e.on_date <= c.day
cross join record r on r.id = e.id
order by e.deal, e.on_date, e.recorded_at, e.id
"""
HOLDS_OF: Final = """
select d.id, d.holds from json_each(?) j cross join deal d on d.id = j.value where d.holds is not null
"""
# Where deals stood at the end of a day each, from their stays; and what was last said of their amount by then.
STOOD: Final = f"""
select c.deal,
  (select s.stage from stay s where s.deal = c.deal and s.entered_on <= c.day order by s.seq desc limit 1)
from {_CUTS}
"""
WORTH: Final = f"""
select c.deal,
  (select p.value from promise p where p.deal = c.deal and p.what = 'amount' and p.made_on <= c.day
   order by p.seq desc limit 1),
  (select case when e.snapshot then '' else e.on_date end from entry e where e.deal = c.deal and e.on_date <= c.day and e.contact
   order by e.on_date desc, e.recorded_at desc, e.id desc limit 1),
  exists (select 1 from stay s indexed by stay_listed where s.deal = c.deal and s.arrival <> 'known' and s.entered_on <= c.day)
from {_CUTS}
"""


# Where a point's version stands.
_VERSION: Final = POINT_COLUMNS.split(", ").index("e.version")
_day = lru_cache(maxsize=8192)(date.fromisoformat)


class FinishedReader(PickedReader):
    """Answers about the deals that ended last. Made by `Reader.finished`."""

    def __init__(self, view: AsOfView) -> None:
        super().__init__(view)
        self._people_fields: dict[int, list[Field]] = {}

    def latest(self, picked: LessonFilter, quiet: Quietness, most: int, *, age: int = 0) -> list[Finished]:
        """The deals that ended last, the latest first: `most` of those that lived longer than `age` days."""
        ended = self._closed(picked, most, age)
        # Those that fizzled come by the day on which they did: before so many closed ones, none is asked for.
        first = ended[-1].ended_on if len(ended) == most else date.min
        ended += takewhile(lambda one: one.ended_on >= first, self._fizzled(picked, quiet, most, age))
        for head in (*self._held(picked), *(line.head for line in self._lines(picked))):
            fate = self._fate(head, quiet)
            if fate != "open" and head.begin_known:
                ended.append(_finished(head, quiet))
        old = [one for one in ended if (one.ended_on - one.first_on).days > age]
        old.sort(key=lambda one: (one.ended_on, one.deal), reverse=True)
        return old[:most]

    def lived(self, picked: LessonFilter, quiet: Quietness, most: int, age: int) -> list[Lived]:
        """The same with all that was known of each at the age."""
        ended = self.latest(picked, quiet, most, age=age)
        cuts = {one.deal: one.first_on + timedelta(days=age) for one in ended}
        points, people = self._points(cuts)
        holds = self._holds(cuts)
        return [
            Lived(one.deal, one.fate, one.amount, one.first_on, cuts[one.deal], points[one.deal], holds[one.deal],
                  people[one.deal])
            for one in ended if points[one.deal]
        ]  # fmt: skip

    def stood(self, ended: Sequence[Finished], age: int, stage: str) -> list[Stood]:
        """Those of the deals that stood in a stage when they were so old, and had been silent for a time that no list hides."""
        view = self._view
        cuts = {one.deal: (one, one.first_on + timedelta(days=age)) for one in ended}
        at = {deal: cut for deal, (_, cut) in cuts.items()}
        again = {deal for deal in at if view.is_stale(deal)}
        stored = {deal: cut for deal, cut in at.items() if deal not in again}
        stages = dict(self._cx.execute(STOOD, {"cuts": _cuts(stored)}))
        same = {deal: cut for deal, cut in stored.items() if stages[deal] == stage}
        stood = [
            Stood(*cuts[deal], stage, amount, _day(on) if on else None)
            for deal, amount, on, listed in self._cx.execute(WORTH, {"cuts": _cuts(same)})
            if on != "" and not listed
        ]
        return stood + [one for deal in sorted(again) if (one := self._stood_then(*cuts[deal])) and one.stage == stage]

    def points(self, deals: Iterable[int]) -> Mapping[int, Sequence[DealEvent]]:
        """All points of deals up to the day, in the order of their lines."""
        return self._points(dict.fromkeys(deals, self._view.as_of.on), people=False)[0]

    def amounts(self) -> Counter[int]:
        """The amounts of all closed deals, how often each."""
        counted: Counter[int] = Counter(dict(self._rows(AMOUNTS, LessonFilter())))
        for line in self._lines(LessonFilter()):
            if line.head.fate != "live" and line.head.amount is not None:
                counted[line.head.amount] += 1
        return counted

    # --- within

    def _closed(self, picked: LessonFilter, most: int, age: int) -> list[Finished]:
        """Those won and those lost, each by the index of their ends, so that no other is looked at."""
        bound = {"on": self._view.day, "age": age, "most": most}
        closed = [row for fate in ("won", "lost") for row in self._rows(CLOSED_LATELY, picked, bound | {"fate": fate})]
        closed.sort(key=itemgetter(4, 0), reverse=True)
        return [Finished(deal, fate, amount, _day(first), _day(on)) for deal, fate, amount, first, on in closed[:most]]

    def _fizzled(self, picked: LessonFilter, quiet: Quietness, most: int, age: int) -> Iterator[Finished]:
        # The day on which a silence passed the limit is later the later it began, but for the age.
        bound = self._silence(quiet) | {"most": most if not age else -1}
        on, passed = self._view.as_of.on, dict[str, date]()
        for deal, amount, first, silent in self._rows(SILENT_LATELY, picked, bound):
            if silent not in passed:
                passed[silent] = passes_on(_day(silent), quiet.days, quiet.rest, ())
            if passed[silent] <= on:
                yield Finished(deal, "fizzled", amount, _day(first), passed[silent])

    def _points(
        self, cuts: dict[int, date], *, people: bool = True
    ) -> tuple[defaultdict[int, list[DealEvent]], defaultdict[int, dict[int, frozenset[str]]]]:
        """All that was known of deals up to a day each: their events, and by entry the people that it names (none where
        not asked for)."""
        view = self._view
        points: defaultdict[int, list[DealEvent]] = defaultdict(list)
        met: defaultdict[int, dict[int, frozenset[str]]] = defaultdict(dict)
        stored = {deal: cut for deal, cut in cuts.items() if not view.is_stale(deal)}
        own: defaultdict[int, list[Sequence[Any]]] = defaultdict(list)
        for row in rows(self._cx, POINTS_UPTO, {"cuts": _cuts(stored)}):
            schema, body, deal = row[-3:]
            own[deal].append(row)
            if people and row[_VERSION] != row[0]:
                met[deal][row[0]] = self._met(row[0], deal)
            elif people and body is not None:
                met[deal][row[0]] = self._people(values_in(body), self._people_in(schema), deal)
        for deal, own_rows in own.items():
            points[deal] = points_of(own_rows, view.earlier)
        for deal in cuts.keys() - stored.keys():
            points[deal] = [point for point in view.points(deal) if point.on <= cuts[deal]]
            if people:
                met[deal] = {point.id: self._met(point.id, deal) for point in points[deal]}
        return points, met

    def _met(self, entry: int, deal: int) -> frozenset[str]:
        """The people that an entry names in the version of the day."""
        versions = self._view.versions(entry)
        if not versions:
            return frozenset()
        return self._people(versions[-1].values, self._people_in(versions[-1].schema), deal)

    def _people(self, values: Mapping[str, Any], fields: Sequence[Field], deal: int) -> frozenset[str]:
        """Those that an entry says were met, each by the one name that all of theirs share at the deal's customer."""
        names = _names(values, fields)
        if not names or not self._view.people:
            return names
        head = self._view.head(deal)
        customer = head.customer if head is not None else ""
        return frozenset(person_key(self._view.people.name(name, customer)) for name in names)

    def _people_in(self, schema: int) -> Sequence[Field]:
        """The fields in which entries of a schema say whom they met; one's own companions are in others."""
        known = self._people_fields.get(schema)
        if known is None:
            fields = self._view.migrator.of(schema).fields
            known = [one for one in fields if one.role != "companions" and type_of(one).names_people]
            self._people_fields[schema] = known
        return known

    def _holds(self, deals: Iterable[int]) -> defaultdict[int, tuple[Hold, ...]]:
        by_deal: defaultdict[int, tuple[Hold, ...]] = defaultdict(tuple)
        asked = [deal for deal in deals if not self._view.is_stale(deal)]
        for deal, holds in self._cx.execute(HOLDS_OF, (json.dumps(asked),)):
            by_deal[deal] = read_holds(holds)
        for deal in set(deals) - set(asked):
            line = self._view.line(deal)
            by_deal[deal] = line[1].head.holds if line else ()
        return by_deal

    def _stood_then(self, of: Finished, cut: date) -> Stood | None:
        """The same of a deal that is built again."""
        from nippo_cli.line.trail import stage_at

        known = self._view.line(of.deal)
        if known is None:
            return None
        line = known[1]
        said = [p.value for p in line.promises if p.what == "amount" and p.made_on <= cut]
        points = [point for point in self._view.points(of.deal) if point.on <= cut]
        heard = next((point for point in reversed(points) if point.contact or point.stands), None)
        if (heard and heard.stands) or any(s.arrival != "known" and s.entered_on <= cut for s in line.stays):
            return None
        stage = stage_at(line.stays, self._view.schema, cut) or ""
        return Stood(of, cut, stage, int(said[-1]) if said else None, heard.on if heard else None)


def _finished(head: DealSummary, quiet: Quietness) -> Finished:
    ended_on = head.closed_on or quiet.passes_on(head)
    fate: Outcome = "fizzled" if head.fate == "live" else head.fate
    return Finished(head.id, fate, head.amount, head.first_contact_on or head.began_on, ended_on)


def _cuts(cuts: dict[int, date]) -> str:
    return json.dumps({deal: cut.isoformat() for deal, cut in cuts.items()})


def _names(values: Mapping[str, Any], fields: Sequence[Field]) -> frozenset[str]:
    """The names of those that an entry says were met, as they are matched."""
    names: set[str] = set()
    for field in fields:
        if value := values.get(field.key):
            people = type_of(field).people(value)
            names.update(person_key(one["name"]) for one in people if isinstance(one, dict) and "name" in one)
    return frozenset(names)
