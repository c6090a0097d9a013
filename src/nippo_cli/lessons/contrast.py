"""How won lines differed from lost and fizzled ones, in what could be known while they still ran.

Rule: docs/lessons.md#contrast
"""

from collections.abc import Mapping, Sequence

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.lessons import AGE_DAYS, LATEST, LEAST_MEDIAN
from nippo_cli.lessons.aged import FIGURES, figures
from nippo_cli.lessons.facts import Behind, LessonFacts, Narrowed
from nippo_cli.lessons.finished import Lived
from nippo_cli.line.ranks import holm
from nippo_cli.line.ranksum import Draws, parted
from nippo_cli.line.span import ClosedDays
from nippo_cli.schema.schema import Schema

# With what chance at most, all figures of a page together, one is called different that is not.
ALPHA = 0.05
# Among many deals chance is ruled out for differences that help nobody: of two deals, one of each side, the won one has
# more in 55 of 100 pairs.
LEAST_EFFECT = 0.1
_SEED = 1956


class Side(NamedTuple):
    """A figure on one side: of how many deals it is known, and its median; None of too few."""

    n: int
    median: float | None


class Contrast(NamedTuple):
    """A figure of won lines against the same of lost and fizzled ones. `effect` is the rank-biserial correlation
    (positive: larger where won), `p` its permutation p and `holm` that corrected for all figures of the page; all None
    with fewer than 10 on a side."""

    key: str
    won: Side
    others: Side
    effect: float | None
    p: float | None
    holm: float | None

    @property
    def differs(self) -> bool:
        """Whether chance is no good explanation, and the difference is worth a word."""
        return self.holm is not None and self.holm <= ALPHA and abs(self.effect or 0.0) >= LEAST_EFFECT


class ContrastLesson(NamedTuple):
    """Figures at an `age` (days since the first contact), those that part the sides most first, those with too little
    data last. `won`, `lost`, `fizzled` count the deals that lived longer than that: the latest `most` of them. `unknown`
    are the figures that apply to none of them."""

    age: int
    won: int
    lost: int
    fizzled: int
    most: int
    contrasts: Sequence[Contrast]
    unknown: Sequence[str] = ()


def learn(facts: LessonFacts) -> ContrastLesson:
    """The lesson of the deals that ended last, at the age that is asked for."""
    return lesson(facts.lived(), facts.age or AGE_DAYS, facts.schema, facts.rest)


def lesson(lived: Sequence[Lived], age: int, schema: Schema, rest: ClosedDays) -> ContrastLesson:
    """Every figure held against the other side's."""
    known = [figures(one, age, schema, rest) for one in lived]
    is_won = [one.fate == "won" for one in lived]
    draws = Draws(len(lived), sum(is_won), _SEED)
    contrasts = [_contrast(key, [of.get(key) for of in known], is_won, draws) for key in FIGURES]
    known_of = [one for one in contrasts if one.won.n or one.others.n]
    sure = [one for one in known_of if one.p is not None]
    corrected = dict(zip([one.key for one in sure], holm([one.p or 0.0 for one in sure]), strict=True))
    known_of = [one._replace(holm=corrected.get(one.key)) for one in known_of]
    return ContrastLesson(
        age=age,
        won=sum(is_won),
        lost=sum(one.fate == "lost" for one in lived),
        fizzled=sum(one.fate == "fizzled" for one in lived),
        most=LATEST,
        contrasts=sorted(known_of, key=lambda one: (one.effect is None, -abs(one.effect or 0.0))),
        unknown=[one.key for one in contrasts if not (one.won.n or one.others.n)] if lived else [],
    )


def behind(facts: LessonFacts, narrowed: Narrowed) -> Sequence[Behind]:
    """The deals of both sides with their figures, those with most money first."""
    age = facts.age or AGE_DAYS
    deals = [one for one in facts.lived() if narrowed.fate in ("", one.fate)]
    deals.sort(key=lambda one: (one.amount is None, -(one.amount or 0), one.deal))
    return [Behind(one.deal, one.amount, Aged(one.fate, figures(one, age, facts.schema, facts.rest))) for one in deals]


class Aged(NamedTuple):
    """What is told of a deal behind the figures: its fate, and each figure that applies."""

    fate: str
    figures: Mapping[str, float]


def _contrast(key: str, values: Sequence[float | None], is_won: Sequence[bool], draws: Draws) -> Contrast:
    won = [value for value, mine in zip(values, is_won, strict=True) if value is not None and mine]
    others = [value for value, mine in zip(values, is_won, strict=True) if value is not None and not mine]
    apart = parted(values, is_won, draws)
    return Contrast(key, _side(won), _side(others), apart.effect if apart else None, apart.p if apart else None, None)


def _side(values: Sequence[float]) -> Side:
    ordered, n = sorted(values), len(values)
    return Side(n, (ordered[(n - 1) // 2] + ordered[n // 2]) / 2 if n >= LEAST_MEDIAN else None)
