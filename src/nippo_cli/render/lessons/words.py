"""`nippo lessons words`: one's own words against what came of them; for one's own eyes."""

from typing import TYPE_CHECKING

from nippo_cli.base.language import t
from nippo_cli.lessons.words import LATE_DAYS, HopefulEntries, WordsLesson
from nippo_cli.render.draw import (
    Block,
    Cell,
    FactRows,
    Heading,
    Prose,
    Run,
    Span,
)
from nippo_cli.render.lessons.deal_lists import LessonLists
from nippo_cli.render.lessons.page import LessonRenderer, nothing, rate_json, rate_words
from nippo_cli.render.parts import shapes, words
from nippo_cli.results.lessons import LessonDeal, LessonPage

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

_MOST_NAMED = 3


def blocks(result: LessonPage, _screen: "Screen") -> list[Block]:
    """Whose page it is, then each question with its count."""
    lesson: WordsLesson = result.lesson
    lists = LessonLists(result)
    if not lesson.entries:
        return [Prose(t("lessons.words.whose", author=lesson.author)), *nothing(result)]
    return [
        Prose(words.counted("lessons.words.of", lesson.entries, author=lesson.author)),
        Prose(Span(t("lessons.words.yours"), "dim")),
        Heading(t("lessons.words.steps"), words.counted("lessons.words.steps_due", lesson.steps.due)),
        _steps(lesson, lists),
        Heading(t("lessons.words.written"), words.counted("lessons.words.of_entries", lesson.written.n)),
        _written(lesson, lists),
        Heading(t("lessons.words.text")),
        FactRows([
            (t("lessons.words.copied"), _signed(_times(lesson.copied), "copied", lists)),
            (
                t("lessons.words.raised"),
                _signed(t("lessons.words.of_raises", n=f"{lesson.raised:,}", of=f"{lesson.raises:,}"), "raised", lists),
            ),
        ]),
        Heading(t("lessons.words.hope"), words.counted("lessons.words.of_entries", lesson.hope.entries)),
        *_hope(lesson, lists),
        Prose(""),
        Prose(t("lessons.words.question")),
        *lists.blocks(),
    ]  # fmt: skip


def brief(result: LessonPage, screen: "Screen") -> list[Block]:
    """It stands on no page beside others."""
    return blocks(result, screen)


def figures(result: LessonPage) -> dict[str, object]:
    """Every count."""
    lesson: WordsLesson = result.lesson
    steps, written, hope = lesson.steps, lesson.written, lesson.hope
    return {
        "author": lesson.author,
        "entries": lesson.entries,
        "next_steps": {
            "due": steps.due, "on_time": steps.on_time, "late": steps.late,
            "median_days_late": shapes.mean(steps.late_days), "never": steps.never, "not_due": steps.open,
        },
        "written": {
            "n": written.n, "same_day": written.same_day, "next_day": written.next_day,
            "within_a_week": written.within_week, "later": written.later, "median_days": shapes.mean(written.days),
        },
        "copied": lesson.copied,
        "confidence_raised": {"n": lesson.raises, "without_contact": lesson.raised},
        "hope": {
            "entries": hope.entries, "without_next_step": hope.without_step,
            "words": [{"word": word, "n": n} for word, n in hope.said],
            "fates": {fate: hope.fates.get(fate, 0) for fate in ("won", "lost", "fizzled", "open")},
            "won_with_it": rate_json(hope.with_it), "won_without": rate_json(hope.without),
        },
    }  # fmt: skip


def cells(deal: LessonDeal, _result: LessonPage) -> tuple[Cell, Cell]:
    """The signs, each with how often it stands there."""
    shown = [
        t("lessons.words.sign_times", sign=t(f"lessons.words.sign_{sign}"), n=n) for sign, n in deal.detail.items()
    ]
    return t("show.dot").join(shown[:2]), Span(t("show.dot").join(shown[2:]), "dim")


def detail(deal: LessonDeal) -> dict[str, object]:
    """How often each sign stands in the deal."""
    return {"signs": dict(deal.detail)}


def _steps(lesson: WordsLesson, lists: LessonLists) -> FactRows:
    """What became of the next steps that an author promised, a line each."""
    steps = lesson.steps
    late: Run = (_signed(_share(steps.late, steps.due), "late", lists),)
    if steps.late_days is not None:
        late = (*late, Span(t("lessons.words.median_late", days=words.number(steps.late_days)), "dim"))
    return FactRows([
        (t("lessons.words.on_time"), _share(steps.on_time, steps.due)),
        (t("lessons.words.late"), late),
        (t("lessons.words.never"), _signed(_share(steps.never, steps.due), "never", lists)),
        (t("lessons.words.not_due"), _times(steps.open)),
    ])  # fmt: skip


def _written(lesson: WordsLesson, lists: LessonLists) -> FactRows:
    written = lesson.written
    return FactRows([
        (t("lessons.words.same_day"), _share(written.same_day, written.n)),
        (t("lessons.words.next_day"), _share(written.next_day, written.n)),
        (
            t("lessons.words.within_week", days=LATE_DAYS),
            _signed(_share(written.within_week, written.n), "written", lists),
        ),
        (t("lessons.words.later"), _signed(_share(written.later, written.n), "written", lists)),
    ])  # fmt: skip


def _hope(lesson: WordsLesson, lists: LessonLists) -> list[Block]:
    """Hopeful words: which, what was missing beside them, and what became of those deals."""
    hope: HopefulEntries = lesson.hope
    if not lesson.stated:
        return [Prose(Span(t("lessons.words.no_hopeful"), "dim"))]
    said = t("show.comma").join(
        t("lessons.words.word_times", word=word, n=f"{n:,}") for word, n in hope.said[:_MOST_NAMED]
    )
    fates = [t("precedents.fate", fate=t(f"show.outcome.{fate}"), n=f"{hope.fates[fate]:,}")
             for fate in ("won", "lost", "fizzled", "open") if hope.fates.get(fate)]  # fmt: skip
    pairs: list[tuple[str, Cell | Run]] = [
        (t("lessons.words.said"), _signed(said, "hope", lists)),
        (t("lessons.words.without_step"), _times(hope.without_step) if hope.entries else ""),
        (t("lessons.words.became"), t("show.dot").join(fates)),
        (t("lessons.words.won_with"), rate_words(hope.with_it) if hope.entries else ""),
        (t("lessons.words.won_without"), rate_words(hope.without)),
    ]
    return [FactRows([pair for pair in pairs if pair[1]])]


def _signed(said: str, sign: str, lists: LessonLists) -> Cell:
    """How often a sign stands in what was written, which leads to the deals that have it."""
    deals = list(lists.grouped("signs", lambda one: [(name,) for name in one.detail]).get((sign,), ()))
    return lists.of_group(said, t(f"lessons.words.sign_{sign}"), len(deals), deals)


def _share(n: int, of: int) -> str:
    return t("lessons.words.share", n=f"{n:,}", share=words.share_of(n, of)) if of else _times(n)


def _times(n: int) -> str:
    return t("lessons.words.times", n=f"{n:,}")


RENDERER = LessonRenderer(blocks=blocks, brief=brief, figures=figures, cells=cells, detail=detail)
