"""`nippo lessons lost`: what lost deals have in common; the reason that was stated apart from what was learned."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from nippo_cli.base.language import t
from nippo_cli.lessons import LEAST_MEDIAN
from nippo_cli.lessons.lost import Crossed, Group
from nippo_cli.render.draw import (
    Block,
    Cell,
    Column,
    Heading,
    Prose,
    Span,
    Table,
)
from nippo_cli.render.lessons.page import (
    LessonRenderer,
    cut,
    nothing,
    number,
    rate_cells,
    rate_columns,
    rate_json,
    rate_words,
)
from nippo_cli.render.parts import shapes, words
from nippo_cli.results.lessons import LessonDeal, LessonPage
from nippo_cli.schema.schema import Schema

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

_BRIEF = 3


def blocks(result: LessonPage, screen: "Screen") -> list[Block]:
    """All groups; the stated reasons first."""
    lesson, schema = result.lesson, result.schema
    if not lesson.whole.n:
        return nothing(result)
    shown: list[Block] = [
        Prose(_summary(result)),
        *_without_amount(result),
        Heading(t("lessons.lost.reasons"), t("lessons.lost.reasons_note", least=LEAST_MEDIAN)),
        _reasons(result, screen),
        Heading(t("lessons.lost.reasons_by_stage")),
        _table(lesson.reasons_by_stage, result, screen, ("reason", "stage")),
        *_causes(result, screen),
    ]
    for title, groups, name in (
        ("stages", lesson.stages, "stage"),
        ("competitors", lesson.competitors, "competitor"),
        ("owners", lesson.owners, "owner"),
        ("customers", lesson.customers, "customer"),
        ("quarters", lesson.quarters, "quarter"),
    ):
        if any(group.key[0] for group in groups):
            shown += [Heading(t(f"lessons.lost.{title}")), _table(groups, result, screen, (name,))]
    if schema.causes:
        shown.append(Prose(t("lessons.lost.question")))
    return shown


def brief(result: LessonPage, _screen: "Screen") -> list[Block]:
    """The summary line, and the commonest reasons."""
    if not result.lesson.whole.n:
        return nothing(result)
    most = result.lesson.reasons[:_BRIEF]
    named = [f"{_label('reason', group.key[0], result.schema)} {group.n:,}" for group in most]
    return [
        Prose(_summary(result)),
        *_without_amount(result),
        Prose(t("lessons.lost.most", reasons=t("show.comma").join(named)), indent=2),
    ]


def figures(result: LessonPage) -> dict[str, object]:
    """Every group by its keys; a key that was not stated is null."""
    lesson = result.lesson
    return {
        "lost": _group_json(lesson.whole, ()),
        "reasons": [_group_json(g, ("reason",)) for g in lesson.reasons],
        "reasons_by_stage": [_group_json(g, ("reason", "stage")) for g in lesson.reasons_by_stage],
        "reason_against_cause": [
            {"reason": c.reason or None, "cause": c.cause or None, "n": c.n, "amount": c.amount} for c in lesson.crossed
        ],
        "differ": rate_json(lesson.differ),
        "stages": [_group_json(g, ("stage",)) for g in lesson.stages],
        "competitors": [_group_json(g, ("competitor",)) for g in lesson.competitors],
        "owners": [_group_json(g, ("owner",)) for g in lesson.owners],
        "customers": [_group_json(g, ("customer",)) for g in lesson.customers],
        "quarters": [_group_json(g, ("quarter",)) for g in lesson.quarters],
    }


def cells(deal: LessonDeal, result: LessonPage) -> tuple[Cell, Cell]:
    """The stated reasons and where it died; the cause, if it was learned."""
    loss, schema = deal.detail, result.schema
    reasons = t("show.comma").join(_label("reason", one, schema) for one in loss.reasons or ("",))
    cause = _label("cause", loss.review.cause, schema) if loss.review else t("lessons.lost.unreviewed")
    stage = _label("stage", loss.stage, schema)
    return t("lessons.lost.reason_in", reason=reasons, stage=stage), Span(cause, "dim")


def detail(deal: LessonDeal) -> dict[str, object]:
    """What the lesson knows of a lost deal."""
    loss = deal.detail
    review = loss.review
    return {
        "lost_in": loss.stage or None,
        "reasons": list(loss.reasons),
        "competitor": loss.competitor or None,
        "cause": (review.cause or None) if review else None,
        "known_by": review.known_by if review else None,
    }


def _summary(result: LessonPage) -> tuple[Cell, ...]:
    whole = result.lesson.whole
    money = f" {words.money(whole.amount, result.schema.currency)}" if whole.amount else ""
    spent = (
        t("lessons.lost.spent", days=number(whole.days), contacts=number(whole.contacts))
        if whole.days is not None
        else ""
    )
    reviewed = t("lessons.lost.reviewed", n=f"{whole.reviewed:,}", of=f"{whole.n:,}")
    return (Span(words.counted("lessons.lost.count", whole.n, amount=money), "strong"), spent, reviewed)


def _without_amount(result: LessonPage) -> list[Block]:
    """How many deals the money is not of."""
    n = result.lesson.whole.without_amount
    return [Prose(Span(words.counted("lessons.lost.without_amount", n), "dim"), indent=2)] if n else []


def _reasons(result: LessonPage, screen: "Screen") -> Table:
    """A row a reason: how often, its part, what was spent, how many were reviewed."""
    whole = result.lesson.whole.n
    columns = [
        Column("reason", t("lessons.head.reason"), flex=True),
        Column("n", t("show.head.count"), right=True),
        Column("share", t("show.head.share_of_deals"), right=True),
        *_spent_columns(),
        Column("reviewed", t("lessons.head.reviewed"), right=True),
    ]
    rows = [
        [_label("reason", g.key[0], result.schema), f"{g.n:,}", words.share_of(g.n, whole), *_spent(g, result),
         f"{g.reviewed:,}"]
        for g in result.lesson.reasons
    ]  # fmt: skip
    return cut(columns, rows, screen)


def _table(groups: Sequence[Group], result: LessonPage, screen: "Screen", names: tuple[str, ...]) -> Table:
    """Groups with their money and what was spent; where it is a matter of people, the rate with its interval."""
    rated = any(group.lost is not None for group in groups)
    columns = [
        *(Column(name, t(f"lessons.head.{name}"), flex=name in ("customer", "competitor")) for name in names),
        Column("n", t("show.head.count"), right=True),
        *_spent_columns(),
        *(rate_columns("lost_rate") if rated else ()),
    ]
    rows: list[list[Cell]] = []
    for group in groups:
        labels: list[Cell] = [_label(n, key, result.schema) for n, key in zip(names, group.key, strict=True)]
        rate = rate_cells(group.lost) if group.lost is not None else []
        rows.append([*labels, f"{group.n:,}", *_spent(group, result), *rate])
    return cut(columns, rows, screen)


def _spent_columns() -> list[Column]:
    return [
        Column("amount", t("show.head.amount"), right=True),
        Column("days", t("lessons.head.days"), right=True),
        Column("contacts", t("lessons.head.contacts"), right=True),
    ]


def _spent(group: Group, result: LessonPage) -> list[Cell]:
    amount = group.amount if group.amount or not group.without_amount else None
    return [words.money(amount, result.schema.currency), number(group.days), number(group.contacts)]


def _causes(result: LessonPage, screen: "Screen") -> list[Block]:
    """The stated reason against the cause, of what was reviewed; how often they differ, where that can be said."""
    lesson, schema = result.lesson, result.schema
    heading = Heading(
        t("lessons.lost.causes"), t("lessons.lost.reviewed", n=f"{lesson.whole.reviewed:,}", of=f"{lesson.whole.n:,}")
    )
    if not lesson.crossed:
        return [
            heading,
            Prose(Span(t("lessons.lost.no_reviews"), "dim"), indent=2),
        ]
    columns = [
        Column("reason", t("lessons.head.reason")),
        Column("cause", t("lessons.head.cause"), flex=True),
        Column("n", t("show.head.count"), right=True),
        Column("amount", t("show.head.amount"), right=True),
    ]
    rows = [_crossed(one, schema) for one in lesson.crossed]
    shown: list[Block] = [heading, cut(columns, rows, screen)]
    if lesson.differ is not None:
        shown.append(Prose((t("lessons.lost.differ"), rate_words(lesson.differ)), indent=2))
    return shown


def _crossed(one: Crossed, schema: Schema) -> list[Cell]:
    return [
        _label("reason", one.reason, schema), _label("cause", one.cause, schema), f"{one.n:,}",
        words.money(one.amount or None, schema.currency),
    ]  # fmt: skip


def _label(name: str, key: str, schema: Schema) -> str:
    """A key as a person reads it; what was not stated says so."""
    if not key:
        return t(f"lessons.unstated_{name}")
    spoken = _LABELS.get(name)
    return spoken(key, schema) if spoken else key


def _reason(key: str, schema: Schema) -> str:
    field = schema.by_role.get("lost_reason")
    return schema.label(field, key) if field else key


def _quarter(key: str, _schema: Schema) -> str:
    year, quarter = key.split("-Q")
    return t("lessons.quarter", year=year, n=quarter)


_LABELS: dict[str, Callable[[str, Schema], str]] = {
    "reason": _reason,
    "cause": words.cause_label,
    "stage": lambda key, schema: schema.stage_label(key),
    "quarter": _quarter,
}


def _group_json(group: Group, names: tuple[str, ...]) -> dict[str, Any]:
    """A group of lost deals as data; its keys by `names`."""
    keys = {name: key or None for name, key in zip(names, group.key, strict=True)}
    rate = {"lost_rate": rate_json(group.lost)} if group.lost is not None else {}
    return {
        **keys,
        "n": group.n,
        "amount": group.amount,
        "without_amount": group.without_amount,
        "median_days": shapes.mean(group.days),
        "median_contacts": shapes.mean(group.contacts),
        "reviewed": group.reviewed,
        **rate,
    }


RENDERER = LessonRenderer(blocks=blocks, brief=brief, figures=figures, cells=cells, detail=detail)
