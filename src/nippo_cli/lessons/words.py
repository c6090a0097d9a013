"""Deeds against words, of one's own entries: next steps, entries written late, copied texts, confidence, hope.

Rule: docs/lessons.md#words
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, TypeAlias, get_args

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.lessons.facts import Behind, EntryWords, LessonFacts, Narrowed, OwnEntries
from nippo_cli.line.facts import DealEvent, Outcome
from nippo_cli.line.quantile import median
from nippo_cli.line.rate import Rate
from nippo_cli.line.span import ClosedDays
from nippo_cli.line.step_outcomes import StepOutcome, StepPoint, steps
from nippo_cli.schema.schema import Schema

HopeSign: TypeAlias = Literal["late", "never", "written", "copied", "raised", "hope"]
SIGNS: tuple[HopeSign, ...] = get_args(HopeSign)
# Written down so many days after, an entry counts as late: yesterday's visit may be written today.
LATE_DAYS = 2
# Shorter facts are alike by chance.
LEAST_TEXT = 8
_WEEK = 7


class StepCounts(NamedTuple):
    """Dated next steps that were due: how many were kept in time, late (by how many days, the median), or never; those
    not due yet stand apart."""

    due: int
    on_time: int
    late: int
    late_days: float | None
    never: int
    open: int


class WritingDelay(NamedTuple):
    """How long after the event entries were written: `n` by days (0, 1, 2 to 6, 7 and more), and the median. Imported ones
    do not count: nobody knows when they were written."""

    n: int
    same_day: int
    next_day: int
    within_week: int
    later: int
    days: float | None


class HopefulEntries(NamedTuple):
    """Entries in which a hopeful word stands: how many of them leave no next step, and which words. `with_it` and
    `without` are the deals that have ended: won, of all that did."""

    entries: int
    without_step: int
    said: Sequence[tuple[str, int]]
    with_it: Rate
    without: Rate
    fates: Mapping[Outcome, int]


class WordsLesson(NamedTuple):
    """One's own page. `stated` is whether the schema lists any hopeful words."""

    author: str
    entries: int
    steps: StepCounts
    written: WritingDelay
    copied: int
    raised: int
    raises: int
    hope: HopefulEntries
    stated: bool


def learn(facts: LessonFacts) -> WordsLesson:
    """The lesson of the entries that whoever asks wrote in the window."""
    return lesson(facts.mine(), facts.schema, facts.rest)


def lesson(mine: OwnEntries, schema: Schema, rest: ClosedDays) -> WordsLesson:
    """Words and what came of them."""
    raises = list(_raises(mine, schema))
    return WordsLesson(
        author=mine.author,
        entries=len(mine.wrote),
        steps=_steps(list(_became(mine, schema, rest))),
        written=_written(mine),
        copied=len(list(_copied(mine))),
        raised=sum(not met for _, met in raises),
        raises=len(raises),
        hope=_hope(mine),
        stated=bool(schema.hopeful),
    )


def behind(facts: LessonFacts, narrowed: Narrowed) -> Sequence[Behind]:
    """The deals with how often each sign stands in them, those with most signs first."""
    mine = facts.mine()
    by_deal: defaultdict[int, Counter[HopeSign]] = defaultdict(Counter)
    for deal, sign in _signs(mine, facts.schema, facts.rest):
        by_deal[deal][sign] += 1
    shown = [(deal, signs) for deal, signs in by_deal.items() if not narrowed.sign or signs[narrowed.sign]]  # type: ignore[index]  # what is no sign counts 0
    shown.sort(key=lambda one: (-(one[1][narrowed.sign] if narrowed.sign else one[1].total()), one[0]))  # type: ignore[index]  # likewise
    return [Behind(deal, None, {sign: signs[sign] for sign in SIGNS if signs[sign]}) for deal, signs in shown]


def _signs(mine: OwnEntries, schema: Schema, rest: ClosedDays) -> Iterator[tuple[int, HopeSign]]:
    """Each deal that an author wrote of, beside a sign in what was written: a next step that was `late`, say."""
    for deal, outcome in _became(mine, schema, rest):
        if outcome.became == "late":
            yield deal, "late"
        elif outcome.became == "never":
            yield deal, "never"
    for one in mine.wrote:
        if one.deal is not None:
            yield from ((one.deal, sign) for sign in _of_entry(one))
    yield from ((deal, "copied") for deal in _copied(mine))
    yield from ((deal, "raised") for deal, met in _raises(mine, schema) if not met)


def _of_entry(one: EntryWords) -> Iterator[HopeSign]:
    if one.days_after is not None and one.days_after >= LATE_DAYS:
        yield "written"
    if one.hopeful:
        yield "hope"


def _became(mine: OwnEntries, schema: Schema, rest: ClosedDays) -> Iterator[tuple[int, StepOutcome]]:
    """What became of each dated step of one's own, by its deal."""
    own = {one.entry for one in mine.wrote}
    for deal, points in mine.points.items():
        step_points = [StepPoint(point.id, point.on, point.next_on, point.contact) for point in points]
        ended_on = mine.ended.get(deal, mine.as_of)
        # A deal's end ends its steps: what was not due by then never will be.
        upto = [one for one in step_points if one.on <= ended_on]
        for one, outcome in steps(upto, schema.grace, rest, ended_on):
            if one.entry in own:
                yield deal, outcome


def _steps(outcomes: Sequence[tuple[int, StepOutcome]]) -> StepCounts:
    became = Counter(outcome.became for _, outcome in outcomes)
    return StepCounts(
        due=became["on_time"] + became["late"] + became["never"],
        on_time=became["on_time"],
        late=became["late"],
        late_days=median(Counter(outcome.days for _, outcome in outcomes if outcome.became == "late")),
        never=became["never"],
        open=became["open"],
    )


def _written(mine: OwnEntries) -> WritingDelay:
    days = Counter(max(0, one.days_after) for one in mine.wrote if one.days_after is not None)
    same, following, n = days[0], days[1], days.total()
    within = sum(times for after, times in days.items() if LATE_DAYS <= after < _WEEK)
    return WritingDelay(n, same, following, within, n - same - following - within, median(days))


def _copied(mine: OwnEntries) -> Iterator[int]:
    """The deal of each entry whose facts are word for word those of the entry before it."""
    text = {one.entry: one.text for one in mine.wrote}
    for deal, points in mine.points.items():
        before = ""
        for point in points:
            now = text.get(point.id, "")
            if now and now == before and len(now) >= LEAST_TEXT:
                yield deal
            before = now


def _raises(mine: OwnEntries, schema: Schema) -> Iterator[tuple[int, bool]]:
    """The deal of each rise of the confidence by oneself, and whether the customer was met since it was last stated."""
    own = {one.entry for one in mine.wrote}
    # The schema lists ranks from the best down.
    place = {rank.key: -n for n, rank in enumerate(schema.ranks)}
    for deal, points in mine.points.items():
        for point, met, risen in _risen(points, place):
            if risen and point.id in own:
                yield deal, met


def _risen(points: Sequence[DealEvent], place: Mapping[str, int]) -> Iterator[tuple[DealEvent, bool, bool]]:
    current, met = "", True
    for point in points:
        met = met or point.contact
        rank = point.confidence
        if rank and rank in place:
            yield point, met, current in place and place[rank] > place[current]
            current, met = rank, False


def _hope(mine: OwnEntries) -> HopefulEntries:
    """The entries with hopeful words: how many leave no next step, which words they use, and how their deals ended
    beside the others."""
    hopeful = [one for one in mine.wrote if one.hopeful]
    deals = {one.deal for one in hopeful if one.deal is not None}
    others = {one.deal for one in mine.wrote if one.deal is not None} - deals
    said = Counter(word for one in hopeful for word in one.hopeful)
    return HopefulEntries(
        entries=len(hopeful),
        without_step=sum(not one.next for one in hopeful),
        said=sorted(said.items(), key=lambda one: (-one[1], one[0])),
        with_it=_won(deals, mine.fates),
        without=_won(others, mine.fates),
        fates=Counter(mine.fates[deal] for deal in deals if deal in mine.fates),
    )


def _won(deals: set[int], fates: Mapping[int, Outcome]) -> Rate:
    ended = [fates[deal] for deal in deals if fates.get(deal, "open") != "open"]
    return Rate(sum(fate == "won" for fate in ended), len(ended))
