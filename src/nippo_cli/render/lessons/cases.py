"""`nippo lessons cases`: the shelf of finished deals of which something was learned."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.lessons.cases import CasesLesson
from nippo_cli.lessons.facts import Case
from nippo_cli.render.draw import Block, Cell, FactRows, Prose, Span
from nippo_cli.render.lessons.page import LessonRenderer, nothing
from nippo_cli.render.parts import shapes, words
from nippo_cli.results.lessons import LessonDeal, LessonPage
from nippo_cli.schema.schema import Schema

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

_BRIEF = 3
_MOST_NAMED = 4
_INDENT = 8


def blocks(result: LessonPage, screen: "Screen") -> list[Block]:
    """How many by cause, stage and competitor; then each case in three rows."""
    lesson: CasesLesson = result.lesson
    if not lesson.cases:
        return _none(result)
    shown = lesson.cases[: screen.limit or None] if screen.terminal else lesson.cases
    sections: list[Block] = [Prose(_summary(lesson)), _groups(lesson, result.schema)]
    for case in shown:
        sections += _case(case, result)
    if len(shown) < len(lesson.cases):
        more = words.counted("show.more", len(lesson.cases) - len(shown))
        sections.append(Prose(Span(f"{more}  {t('show.more_hint')}", "dim")))
    hints = [Prose(Span(t(f"lessons.cases.{hint}_hint"), "dim")) for hint in ("read", "search")]
    return [*sections, Prose(""), *hints]


def brief(result: LessonPage, _screen: "Screen") -> list[Block]:
    """The cases that ended last."""
    lesson: CasesLesson = result.lesson
    if not lesson.cases:
        return _none(result)
    shown: list[Block] = [Prose(_summary(lesson))]
    for case in lesson.cases[:_BRIEF]:
        shown += _case(case, result)[:2]
    return shown


def figures(result: LessonPage) -> dict[str, object]:
    """Every case, and the counts; a key that was not stated is null."""
    lesson: CasesLesson = result.lesson
    return {
        "text": lesson.text or None,
        "unreviewed": lesson.unreviewed,
        "causes": [{"cause": key or None, "n": n} for key, n in lesson.causes],
        "stages": [{"stage": key or None, "n": n} for key, n in lesson.stages],
        "competitors": [{"competitor": key or None, "n": n} for key, n in lesson.competitors],
        "cases": [case_json(case) for case in lesson.cases],
    }


def case_json(case: Case) -> dict[str, object]:
    """A case as data."""
    return {
        "deal": {"id": show_id(case.deal), "name": case.name, "customer": case.customer, "owner": case.owner},
        "outcome": case.fate,
        "amount": case.amount,
        "ended_on": case.ended_on.isoformat(),
        "stage": case.stage or None,
        "reasons": list(case.reasons),
        "competitor": case.competitor or None,
        "review": shapes.review(case.review),
    }


def cells(deal: LessonDeal, result: LessonPage) -> tuple[Cell, Cell]:
    """The cause, and where it ended."""
    return _cause(deal.detail, result.schema), Span(_where(deal.detail, result.schema), "dim")


def detail(deal: LessonDeal) -> dict[str, object]:
    """What is learned of it."""
    answer = case_json(deal.detail)
    return {key: answer[key] for key in ("outcome", "reasons", "competitor", "review")}


def in_one_line(case: Case, schema: Schema) -> str:
    """A case for a page that tells one: whose, how it ended, and why."""
    whose = t("show.dot").join(part for part in (case.name, words.money(case.amount, schema.currency)) if part)
    return t("lessons.cases.one_line", deal=whose, where=_where(case, schema), cause=_cause(case, schema))


def _none(result: LessonPage) -> list[Block]:
    lesson: CasesLesson = result.lesson
    if lesson.text:
        return [Prose(t("lessons.cases.not_found", text=lesson.text))]
    if lesson.unreviewed:
        return [Prose(words.counted("lessons.cases.none_yet", lesson.unreviewed))]
    return nothing(result)


def _summary(lesson: CasesLesson) -> tuple[Cell, ...]:
    count = Span(words.counted("lessons.cases.count", len(lesson.cases)), "strong")
    if lesson.text or not lesson.unreviewed:
        return (count,)
    return (count, words.counted("lessons.cases.unreviewed", lesson.unreviewed))


def _groups(lesson: CasesLesson, schema: Schema) -> FactRows:
    """The commonest of each in a row, and how many have another or none: they add up to all cases."""

    def row(name: str, groups: Sequence[tuple[str, int]], label: Callable[[str], str]) -> str:
        stated = [(label(key), n) for key, n in groups if key]
        if not stated:
            return ""
        parts = stated[:_MOST_NAMED]
        rest = [(t("lessons.cases.rest"), sum(n for _, n in stated[_MOST_NAMED:]))]
        unstated = [(t(f"lessons.unstated_{name}"), n) for key, n in groups if not key]
        return t("show.dot").join(f"{said} {n:,}" for said, n in (*parts, *rest, *unstated) if n)

    def cause(key: str) -> str:
        return words.cause_label(key, schema)

    pairs = [
        (t("lessons.head.cause"), row("cause", lesson.causes, cause)),
        (t("lessons.head.stage"), row("stage", lesson.stages, schema.stage_label)),
        (t("lessons.head.competitor"), row("competitor", lesson.competitors, str)),
    ]
    return FactRows([pair for pair in pairs if pair[1]])


def _case(case: Case, result: LessonPage) -> list[Block]:
    """Which deal; when and where it ended, what it was worth, the cause against the stated reason; what was learned."""
    schema = result.schema
    whose = t("show.dot").join(part for part in (case.customer, case.owner) if part)
    ended = [words.day(case.ended_on, result.as_of), _where(case, schema)]
    ended += [words.money(case.amount, schema.currency)] if case.amount is not None else []
    return [
        Prose((Span(case.name, "strong"), f"  {whose}"), indent=_INDENT, mark=show_id(case.deal)),
        Prose(
            ("  ".join(ended), "  ", Span(_cause(case, schema), "strong"), Span(_stated(case, schema), "dim")),
            indent=_INDENT,
        ),
        Prose(Span(case.review.text, "dim"), indent=_INDENT),
    ]


def _cause(case: Case, schema: Schema) -> str:
    return words.cause_label(case.review.cause, schema) if case.review.cause else t("lessons.unstated_cause")


def _stated(case: Case, schema: Schema) -> str:
    field = schema.by_role.get("lost_reason")
    if not case.reasons:
        return ""
    labels = [schema.label(field, one) if field else one for one in case.reasons]
    return t("lessons.cases.stated", reasons=t("show.comma").join(labels))


def _where(case: Case, schema: Schema) -> str:
    outcome = t(f"show.outcome.{case.fate}")
    return t("lessons.cases.where", outcome=outcome, stage=schema.stage_label(case.stage)) if case.stage else outcome


RENDERER = LessonRenderer(blocks=blocks, brief=brief, figures=figures, cells=cells, detail=detail)
