"""`nippo lessons confidence`: what ranks meant in the end, and how far expected close dates ran."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from nippo_cli.base.dates import month_number
from nippo_cli.base.language import t
from nippo_cli.base.persons import same_person
from nippo_cli.lessons import LEAST_RATE
from nippo_cli.lessons.confidence import ConfidenceLesson, RankMeant, RunOn, Scored, half
from nippo_cli.render.draw import (
    Block,
    Cell,
    Column,
    Heading,
    Prose,
    Span,
    Table,
)
from nippo_cli.render.lessons.deal_lists import Among, LessonLists
from nippo_cli.render.lessons.page import (
    LessonRenderer,
    cut,
    no_loss,
    nothing,
    number,
    rate_cells,
    rate_columns,
    rate_json,
)
from nippo_cli.render.parts import sentence, shapes, words
from nippo_cli.results.lessons import LessonDeal, LessonPage

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen
    from nippo_cli.schema.schema import Schema


def blocks(result: LessonPage, screen: "Screen") -> list[Block]:
    """Ranks, the score and its trend, one's own, and dates."""
    lesson: ConfidenceLesson = result.lesson
    shown, lists = list[Block](), LessonLists(result)
    if any(rank.honest.n or rank.open for rank in lesson.ranks):
        shown += [_ranks(result, lists, screen), Prose(Span(t("lessons.confidence.rule"), "dim"))]
        shown += _without(lesson, lists)
        shown += _caution(lesson)
        shown += [*_scores(result, lists, screen), *lists.blocks()]
    if lesson.runs:
        shown += [Heading(t("lessons.confidence.runs"), t("lessons.confidence.runs_note")), _runs(result, screen)]
        shown.append(Prose(Span(t("lessons.confidence.runs_rule"), "dim")))
    return shown or nothing(result)


def brief(result: LessonPage, screen: "Screen") -> list[Block]:
    """The ranks alone."""
    lesson: ConfidenceLesson = result.lesson
    if not any(rank.honest.n for rank in lesson.ranks):
        return nothing(result)
    lists = LessonLists(result)
    return [_ranks(result, lists, screen), *lists.blocks(), *_caution(lesson)]


def figures(result: LessonPage) -> dict[str, object]:
    """Ranks, scores and runs. `n` of a run counts promised dates, not deals."""
    lesson: ConfidenceLesson = result.lesson
    return {
        "ranks": [
            {"rank": r.rank, "in_schema": r.known, "stated": r.chance, "won": rate_json(r.won),
             "won_with_fizzled": rate_json(r.honest), "open": r.open, "off": r.off or None}
            for r in lesson.ranks
        ],
        "without_rank": lesson.without_rank,
        "live_without_rank": dict(lesson.live_without_rank),
        "score": _score_json(lesson.whole) if lesson.whole else None,
        "halves": [{"half": s.key, **_score_json(s)} for s in lesson.halves],
        "owners": [{"owner": s.key, **_score_json(s)} for s in lesson.owners],
        "close_dates": [
            {"stage": r.stage, "n": r.n, "median_days": shapes.mean(r.median), "p80_days": r.p80} for r in lesson.runs
        ],
    }  # fmt: skip


def cells(deal: LessonDeal, result: LessonPage) -> tuple[Cell, Cell]:
    """The rank that counted, and the fate."""
    rank = next((r.label for r in result.schema.ranks if r.key == deal.detail), deal.detail)
    return rank, Span(t(f"show.outcome.{deal.head.fate}"), "good" if deal.head.fate == "won" else "dim")


def detail(deal: LessonDeal) -> dict[str, object]:
    """The rank that counted, and the fate."""
    return {"rank": deal.detail, "outcome": deal.head.fate}


def _ranks(result: LessonPage, lists: LessonLists, screen: "Screen") -> Table:
    """The table of ranks: what was stated, what became of the deals, and how far that is off."""
    labels = {rank.key: rank.label for rank in result.schema.ranks}
    columns = [
        Column("rank", t("lessons.head.rank")),
        Column("stated", t("lessons.head.stated"), right=True),
        *rate_columns("won_rate"),
        Column("with_fizzled", t("lessons.head.with_fizzled"), right=True),
        Column("open", t("lessons.head.open"), right=True),
        Column("off", ""),
    ]
    rows = [_rank(one, labels.get(one.rank, one.rank), lists) for one in result.lesson.ranks]
    return cut(columns, rows, screen)


def _rank(one: RankMeant, label: str, lists: LessonLists) -> list[Cell]:
    """A rank's row: what it was stated to mean, and how many of its deals were won."""
    ended = lists.figure(
        f"{one.won.n:,}", f"{label}  {t('lessons.head.won_rate')}", one.won.n, lambda of: of.detail == one.rank
    )
    going_on = lists.figure(
        f"{one.open:,}", f"{label}  {t('lessons.head.open')}", one.open, _none,
        lambda of: of.detail == "open" and of.head.confidence == one.rank,
    )  # fmt: skip
    stated = words.NOTHING if one.chance is None else f"{one.chance:.0%}"
    honest = words.percent(one.honest.share) if one.honest.n >= LEAST_RATE else ""
    mark: Cell = Span(t(f"lessons.confidence.{one.off}"), "warn") if one.off else ""
    return [
        label if one.known else t("lessons.confidence.unknown", rank=label), stated, *rate_cells(one.won, ended), honest,
        going_on, mark,
    ]  # fmt: skip


def _none(_of: LessonDeal) -> bool:
    return False


def _caution(lesson: ConfidenceLesson) -> list[Block]:
    won = sum(rank.won.hits for rank in lesson.ranks)
    ended = sum(rank.won.n for rank in lesson.ranks)
    return no_loss(won, ended - won, sum(rank.honest.n for rank in lesson.ranks) - ended)


def _without(lesson: ConfidenceLesson, lists: LessonLists) -> list[Block]:
    """The deals that never stated a rank: those that are closed, and those that go on or went silent."""
    live = lesson.live_without_rank
    fizzled, going_on = live.get("fizzled", 0), live.get("open", 0)
    n = lesson.without_rank + fizzled + going_on
    if not n:
        return []
    parts = {"closed": lesson.without_rank, "fizzled": fizzled, "open": going_on}
    figures = {
        part: lists.figure(f"{n:,}", t(f"lessons.confidence.without_{part}"), n, _none, _never_ranked(part))
        for part, n in parts.items()
    }
    return [Prose(sentence("lessons.confidence.without", "dim", n, **figures))]


def _never_ranked(part: str) -> Among:
    fates = ("won", "lost") if part == "closed" else (part,)
    return lambda one: one.detail in fates and not (part != "closed" and one.head.confidence)


def _scores(result: LessonPage, lists: LessonLists, screen: "Screen") -> list[Block]:
    """How good the stated chances were, of all, by half-year and by owner."""
    lesson: ConfidenceLesson = result.lesson
    whole, chances = lesson.whole, {rank.key: rank.chance for rank in result.schema.ranks}
    if whole is None:
        return [Prose(Span(t("lessons.confidence.no_chance"), "dim"))]
    shown: list[Block] = [Heading(t("lessons.confidence.score"), t("lessons.confidence.score_note"))]
    if whole.won.n < LEAST_RATE:
        return [*shown, Prose(Span(t("lessons.too_few_of", n=f"{whole.won.n:,}"), "dim"))]
    title = t("lessons.confidence.score")
    n = lists.figure(f"{whole.won.n:,}", title, whole.won.n, lambda one: chances.get(one.detail) is not None)
    said = sentence("lessons.confidence.score_is", score=_score(whole.brier), plain=_score(whole.plain), n=n)
    shown += [Prose(said), _scored(lesson.halves, "half", result, lists, screen)]
    if lesson.owners:
        shown += [Heading(t("lessons.confidence.owners")), _scored(lesson.owners, "owner", result, lists, screen)]
    return shown


def _scored(groups: Sequence[Scored], name: str, result: LessonPage, lists: LessonLists, screen: "Screen") -> Table:
    """A row a group: the mean chance stated, what was won, the Brier score."""
    chances, start = {rank.key: rank.chance for rank in result.schema.ranks}, result.schema.fiscal_year_start

    def belongs(key: str, one: LessonDeal) -> bool:
        if chances.get(one.detail) is None or one.head.closed_on is None:
            return False
        is_of_owner = name == "owner" and same_person(one.head.owner, key)
        return is_of_owner or (name == "half" and half(month_number(one.head.closed_on), start) == key)

    columns = [
        Column(name, t(f"lessons.head.{name}")),
        Column("stated", t("lessons.head.stated_mean"), right=True),
        *rate_columns("won_rate"),
        Column("brier", t("lessons.head.brier"), right=True),
    ]
    rows = []
    for one in groups:
        few = one.won.n < LEAST_RATE
        label = _half(one.key) if name == "half" else one.key
        n = lists.figure(f"{one.won.n:,}", label, one.won.n, partial(belongs, one.key))
        rows.append([label, f"{one.stated:.0%}", *rate_cells(one.won, n), "" if few else _score(one.brier)])
    return cut(columns, rows, screen)


def _runs(result: LessonPage, screen: "Screen") -> Table:
    columns = [
        Column("stage", t("lessons.head.promised_in")),
        Column("n", t("lessons.head.n"), right=True),
        Column("median", t("lessons.head.median"), right=True),
        Column("p80", t("lessons.head.p80"), right=True),
    ]
    return cut(columns, [_run(one, result.schema) for one in result.lesson.runs], screen)


def _run(one: RunOn, schema: "Schema") -> list[Cell]:
    label = schema.stage_label(one.stage)
    if one.median is None:
        return [label, f"{one.n:,}", Span(t("lessons.too_few"), "dim"), ""]
    return [label, f"{one.n:,}", t("show.days_short", n=number(one.median)), words.days_short(one.p80)]


def _half(key: str) -> str:
    year, half = key.split("-H")
    return t(f"lessons.half_{half}", year=year)


def _score(of: float) -> str:
    return f"{of:.3f}"


def _score_json(of: Scored) -> dict[str, object]:
    return {
        "won": rate_json(of.won),
        "stated": shapes.rate(of.stated),
        "brier": shapes.rate(of.brier) if of.won.n >= LEAST_RATE else None,
        "brier_of_the_share": shapes.rate(of.plain) if of.won.n >= LEAST_RATE else None,
    }


RENDERER = LessonRenderer(blocks=blocks, brief=brief, figures=figures, cells=cells, detail=detail)
