"""`nippo steps`: the steps of the sale, counted stage by stage."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.persons import one_spelling, person_key, same_person
from nippo_cli.journal.read import Quietness
from nippo_cli.line.facts import AsOf
from nippo_cli.line.months import by_month, month_ends
from nippo_cli.line.quiet import is_fizzled
from nippo_cli.line.span import ClosedDays, held_days
from nippo_cli.line.steps import (
    FIGURES,
    Figure,
    Passage,
    PassageSum,
    Skip,
    StageSteps,
    Window,
    belongs,
    counted,
    passages,
)
from nippo_cli.line.trail import upto
from nippo_cli.results.entries import NOTHING_LEFT_OUT, LeftOutBehind
from nippo_cli.results.steps import (
    NOTHING_BEHIND,
    LiveDealAge,
    StageDeals,
    StepsDeals,
    StepsMonths,
    StepsPage,
    StepsRow,
)
from nippo_cli.services.context import (
    GapQuery,
    Scope,
    Workspace,
    begins,
    choice_named,
    ends,
    entries_left_out,
    key_meant,
    reading,
    shown,
    stage_named,
    within,
)
from nippo_cli.services.gaps import gap_facts

if TYPE_CHECKING:
    from nippo_cli.gaps.facts import LiveStay
    from nippo_cli.journal.read import JournalReader, PassageReader
    from nippo_cli.line.facts import DealSummary
    from nippo_cli.line.trail import Trail
    from nippo_cli.schema.schema import Schema

DEFAULT_SINCE = "1y"
_T = TypeVar("_T")
GROUPS = ("owner", "kind", "source")
MONTHS = 13
# Of more stays than this the figures are not opened: all of them would have to be gone through.
_MOST_TO_OPEN = 5000


class StepsAsked(NamedTuple):
    """A window and the deals in it, as typed; None is all. `kind` and `source` are a key or a label."""

    since: str = DEFAULT_SINCE
    until: str | None = None
    owner: str | None = None
    customer: str | None = None
    kind: str | None = None
    source: str | None = None

    @property
    def filtered(self) -> bool:
        """Whether some deals are left aside."""
        return any((self.owner, self.customer, self.kind, self.source))


def page(workspace: Workspace, asked: StepsAsked, *, by: str = "", opens: int = 0) -> StepsPage:
    """Every stage in the window; with `by`, each owner's, kind's or source's too.

    Args:
        opens: the figures are to open to so many deals of a stage.

    Raises:
        UsageError: the window ends before it begins, or after the day asked about; there is nothing of the name.
        NotFound, Ambiguous: no owner or customer, or several, answer to the name.
    """
    with reading(workspace) as (reader, as_of):
        return steps_of(reader, as_of, asked, by=by, opens=opens)


def steps_of(reader: "JournalReader", as_of: AsOf, asked: StepsAsked, *, by: str = "", opens: int = 0) -> StepsPage:
    """The same, read with others.

    Raises: as `page`.
    """
    view = _View(reader, as_of, asked, by_owner=by == "owner")
    groups, sums = view.grouped(by)
    every = chain.from_iterable(groups.values()), chain.from_iterable(sums.values())
    names = sorted(groups.keys() | sums.keys()) if by else ()
    stages = view.counted(*every)
    live = view.live_deals()
    few = sum(stage.entered + (stage.live_before or 0) for stage in stages) <= _MOST_TO_OPEN
    behind = _behind(view, opens, by) if opens and few else {}
    return StepsPage(
        as_of=as_of.on,
        window=view.window,
        schema=view.schema,
        quiet=view.quiet,
        stages=stages,
        by=by,
        groups={name: view.counted(groups.get(name, ()), sums.get(name, ())) for name in names},
        left_out=view.left_out(live),
        filtered=asked.filtered,
        live_deals=live,
        longest=view.longest(live),
        left_out_behind=LeftOutBehind(entries_left_out(reader, view.day)) if opens else NOTHING_LEFT_OUT,
        behind=behind.get(None, NOTHING_BEHIND),
        behind_groups={name: behind.get(view.group_key(name, by), NOTHING_BEHIND) for name in names},
    )


def _behind(view: "_View", most: int, by: str) -> dict[str | None, dict[str, StageDeals]]:
    """The deals of each stage's figures: of all (None), and of each group."""
    passed: defaultdict[str | None, list[Passage | Skip]] = defaultdict(list)
    for trail in view.trails():
        for one in view.passages(trail):
            passed[None].append(one)
            if by:
                passed[view.group_of(trail, one, by)].append(one)
    return {group: _by_stage(view, of_group, most) for group, of_group in passed.items()}


def _by_stage(view: "_View", of_group: "Iterable[Passage | Skip]", most: int) -> dict[str, StageDeals]:
    """Passages by their stage, by what became of them there."""
    passed: defaultdict[str, list[Passage | Skip]] = defaultdict(list)
    for one in of_group:
        passed[one.stage].append(one)
    for several in passed.values():
        several.sort(key=lambda one: (_became(one), one.amount is None, -(one.amount or 0), one.deal, one.entry))
    some = {stage: several[:most] for stage, several in passed.items()}
    heads = {
        head.id: head for head in view.reader.heads(view.day, ids={o.deal for part in some.values() for o in part})
    }
    order = sorted(some, key=lambda stage: view.schema.ladder.get(stage, len(view.schema.stages)))
    return {
        stage: StageDeals([StepsRow(heads[one.deal], one) for one in some[stage]], len(passed[stage]))
        for stage in order
    }


def _became(one: Passage | Skip) -> int:
    return FIGURES.index("skipped" if isinstance(one, Skip) else one.became)


def months(workspace: Workspace, asked: StepsAsked, *, opens: int = 0) -> StepsMonths:
    """Every stage at the last 13 ends of months, each as it was known then.

    Args:
        opens: the figures are to open to so many deals each.

    Raises:
        As `page`.
    """
    with reading(workspace) as (reader, as_of):
        picked = _Picked(reader, as_of, asked)
        until = ends(as_of, asked.until).on
        days = month_ends(until, MONTHS)
        then = [AsOf(day, known=True) for day in days]
        passed = reader.trails(then, _day_before(days[0].replace(day=1)))
        counted_months = by_month(filter(picked.owned, passed), days, reader.agreements(then), named=opens > 0)
        named = {deal for month in counted_months for deals in month.deals.values() for deal in sorted(deals)[-opens:]}
        return StepsMonths(
            as_of=as_of.on,
            schema=reader.schema(as_of),
            months=counted_months,
            heads={head.id: head for head in reader.heads(as_of, ids=sorted(named))} if opens else {},
            left_out={reason: n for reason, n in reader.left_out(as_of).items() if n},
            filtered=asked.filtered,
            left_out_behind=LeftOutBehind(entries_left_out(reader, as_of)) if opens else NOTHING_LEFT_OUT,
        )


def deals(workspace: Workspace, asked: StepsAsked, said: str, *, limit: int = 0) -> StepsDeals:
    """The deals behind a figure, `STAGE` or `STAGE:FIGURE`; `limit` of them (0: all).

    Raises:
        UsageError: there is no such stage or figure; and as `page`.
    """
    with reading(workspace) as (reader, as_of):
        view = _View(reader, as_of, asked)
        stage, figure = _figure(view.schema, said)
        passed = [
            one
            for trail in view.trails()
            for one in view.passages(trail)
            if one.stage == stage and belongs(one, figure, view.window.since)
        ]
        # Most money first, as every list of deals.
        passed.sort(key=lambda one: (one.amount is None, -(one.amount or 0), one.deal, one.entry))
        shown = passed[:limit] if limit else passed
        heads = {head.id: head for head in reader.heads(view.day, ids={one.deal for one in shown})}
        rows = [StepsRow(heads[one.deal], one) for one in shown]
        return StepsDeals(as_of.on, view.window, view.schema, stage, figure, rows, len(passed), view.left_out())


def _by_person(groups: "Mapping[str, list[_T]]") -> "dict[str, list[_T]]":
    """The same with one group a person: an owner may be spelled in several ways."""
    shown, joined = one_spelling(groups), dict[str, list[_T]]()
    for name, group in groups.items():
        joined.setdefault(shown[name], []).extend(group)
    return joined


def _day_before(day: date) -> date:
    return max(day, date.min + timedelta(days=1)) - timedelta(days=1)


def _figure(schema: "Schema", said: str) -> tuple[str, Figure]:
    name, colon, wanted = said.replace("\uff1a", ":").rpartition(":")
    if not colon:
        name, wanted = said, "in"
    meant = key_meant("figure", wanted, FIGURES)
    figure = next((f for f in FIGURES if f == meant), None)
    if figure is None:
        raise UsageError(msg("desk.no_figure", said=wanted, allowed=shown("figure", FIGURES)))
    return stage_named(schema, name), figure


class _Picked:
    """Which deals are asked about, by what they tell of themselves."""

    def __init__(self, reader: "JournalReader", as_of: AsOf, asked: StepsAsked) -> None:
        self.asked = asked
        schema = reader.schema(as_of)
        names = within(reader, as_of, Scope(asked.owner, asked.customer))
        self.owner = names["owner"]
        self._customer = names["customer"]
        self._same = reader.past(as_of).customers.same
        self._kind = choice_named(schema, "kind", asked.kind) if asked.kind else None
        self._source = choice_named(schema, "source", asked.source) if asked.source else None
        self.columns = {"customer": names["customer"], "kind": self._kind, "source": self._source}

    def __call__(self, trail: "Trail") -> bool:
        """Whether a trail is one of them, whoever its owner is."""
        return self.is_of(trail.kind, trail.source) and (
            self._customer is None or self._same(trail.customer, self._customer)
        )

    def is_of(self, kind: str, source: str) -> bool:
        """Whether what is of a kind and comes from a source is asked about."""
        return (self._kind is None or kind == self._kind) and (self._source is None or source == self._source)

    def owned(self, trail: "Trail") -> bool:
        """Whether a trail is one of them, and its owner's."""
        return (self.owner is None or same_person(trail.owner, self.owner)) and self(trail)


class _View:
    """A window as it is known on the day asked about."""

    def __init__(self, reader: "JournalReader", as_of: AsOf, asked: StepsAsked, *, by_owner: bool = False) -> None:
        self.reader = reader
        self.day = ends(as_of, asked.until)
        self.window = Window(begins(reader, self.day, asked.since), self.day.on)
        self.schema = reader.schema(self.day)
        self.quiet = reader.norms(self.day).quiet()
        self._picked = _Picked(reader, self.day, asked)
        self._handed = reader.handed(self.day) if by_owner or self._picked.owner else {}
        self._fizzled: set[int] = set()

    def trails(self, apart: "PassageReader | None" = None) -> "list[Trail]":
        """The trails of the deals that are asked about; of those `apart` alone from what is added up."""
        before = _day_before(self.window.since)
        trails = list(filter(self._picked, self.reader.trails([self.day], before, apart)))
        rest = ClosedDays(self.schema.closures)
        self._fizzled = {
            head.id
            for head in self.reader.heads(self.day, ids={trail.deal for trail in trails})
            if is_fizzled(head, self.quiet.days, rest, self.day.on)
        }
        return trails

    def passages(self, trail: "Trail") -> Iterable[Passage | Skip]:
        passed = passages(trail, self.schema, self.window, self._fizzled)
        owner = self._picked.owner
        return passed if owner is None else (one for one in passed if same_person(self.owner(trail, one), owner))

    def live_deals(self) -> list[LiveDealAge]:
        """The live deals with the days in their stage, the longest first."""
        until = self.window.until
        no_step = {stage.key for stage in self.schema.stages if stage.ends or stage.after}
        live = [
            LiveDealAge(
                one.id,
                one.stage,
                (until - one.entered_on).days - held_days(one.holds, one.entered_on, until),
                one.arrival == "unknown",
            )
            for one in self._live_stays()
            if one.stage not in no_step
        ]
        return sorted(live, key=lambda one: (-one.days, one.deal))

    def _live_stays(self) -> "Iterable[LiveStay | DealSummary]":
        """Those of the deals that are asked about; their heads are read only where they are asked for by what no stay tells."""
        asked = self._picked.asked
        scope = Scope(asked.owner, asked.customer)
        if not asked.source:
            stays = gap_facts(self.reader, self.day, GapQuery(scope=scope)).live_stays()
            return [stay for stay in stays if self._picked.is_of(stay.kind, "")]
        heads = self.reader.heads(self.day, live=True, **within(self.reader, self.day, scope))
        return [head for head in heads if self._picked.is_of(head.kind, head.source)]

    def longest(self, live: Iterable[LiveDealAge]) -> "list[DealSummary]":
        """The heads of the deals that have been longest in each stage."""
        first: dict[str, int] = {}
        for one in live:
            first.setdefault(one.stage, one.deal)
        return list(self.reader.heads(self.day, ids=[*first.values()])) if first else []

    def counted(self, passed: Iterable[Passage | Skip], sums: Iterable[PassageSum]) -> list[StageSteps]:
        """The figures of every stage."""
        return counted(passed, self.schema, self.window, sums)

    def grouped(self, by: str) -> tuple[dict[str, list[Passage | Skip]], dict[str, list[PassageSum]]]:
        """The passages of each owner, kind or source (empty: of all), those looked at one by one and those added up."""
        picked, since = self._picked, self.window.since
        sums: defaultdict[str, list[PassageSum]] = defaultdict(list)
        others = self.reader.passages(self.day, since, self._handed, owner=picked.owner, **picked.columns)
        quiet = Quietness(self.quiet.days, ClosedDays(self.schema.closures))
        for name, several in others.sums(_day_before(since), quiet, by):
            sums[name].append(several)
        passed: defaultdict[str, list[Passage | Skip]] = defaultdict(list)
        for trail in self.trails(others):
            if by == "owner":
                for one in self.passages(trail):
                    passed[self.owner(trail, one)].append(one)
            else:
                passed[getattr(trail, by) if by else ""] += self.passages(trail)
        return (_by_person(passed), _by_person(sums)) if by == "owner" else (passed, sums)

    def group_of(self, trail: "Trail", one: Passage | Skip, by: str) -> str:
        """The key of the group that a passage belongs to."""
        return self.group_key(self.owner(trail, one) if by == "owner" else getattr(trail, by), by)

    def group_key(self, name: str, by: str) -> str:
        """What all spellings of a group's name share."""
        return person_key(name) if by == "owner" else name

    def owner(self, trail: "Trail", one: Passage | Skip) -> str:
        """Whose a passage is: a stay that ended before a hand-over, or on its day, is the predecessor's."""
        owners = self._handed.get(trail.deal)
        if owners is None:
            return trail.owner
        ended = one.on if isinstance(one, Skip) else one.left_on
        return upto(owners, _day_before(ended) if ended else self.window.until) or trail.owner

    def left_out(self, live: Iterable[LiveDealAge] = ()) -> dict[str, int]:
        """What the figures do not hold; of the `live` deals those that no stage counts."""
        reasons = {**self.reader.left_out(self.day), "stage_unknown": sum(not one.stage for one in live)}
        return {reason: n for reason, n in reasons.items() if n}
