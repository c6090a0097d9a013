"""`nippo lessons lost`: what lost deals have in common; the reason that was stated apart from what was learned."""

from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

from nippo_cli.base.language import t
from nippo_cli.base.persons import person_key
from nippo_cli.base.text import normal_form
from nippo_cli.lessons import LEAST_MEDIAN
from nippo_cli.lessons.facts import LostDeal
from nippo_cli.lessons.lost import Crossed, Group, quarter
from nippo_cli.render.draw import (
    Block,
    Cell,
    Column,
    Heading,
    Prose,
    Run,
    Span,
    Table,
)
from nippo_cli.render.lessons.deal_lists import LessonLists
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
from nippo_cli.render.parts import sentence, shapes, words
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
    lists = LessonLists(result)
    shown: list[Block] = [
        Prose(_summary(result, lists)),
        *_without_amount(result, lists),
        Heading(t("lessons.lost.reasons"), t("lessons.lost.reasons_note", least=LEAST_MEDIAN)),
        _reasons(result, lists, screen),
        Heading(t("lessons.lost.reasons_by_stage")),
        _table(lesson.reasons_by_stage, result, lists, screen, ("reason", "stage")),
        *_causes(result, lists, screen),
    ]
    for title, groups, name in (
        ("stages", lesson.stages, "stage"),
        ("competitors", lesson.competitors, "competitor"),
        ("owners", lesson.owners, "owner"),
        ("customers", lesson.customers, "customer"),
        ("quarters", lesson.quarters, "quarter"),
    ):
        if any(group.key[0] for group in groups):
            shown += [Heading(t(f"lessons.lost.{title}")), _table(groups, result, lists, screen, (name,))]
    if schema.causes:
        shown.append(Prose(t("lessons.lost.question")))
    return [*shown, *lists.blocks()]


def brief(result: LessonPage, _screen: "Screen") -> list[Block]:
    """The summary line, and the commonest reasons."""
    if not result.lesson.whole.n:
        return nothing(result)
    lists, named = LessonLists(result), list[Cell]()
    for group in result.lesson.reasons[:_BRIEF]:
        label = _label("reason", group.key[0], result.schema)
        named += [t("show.comma"), _opening(f"{label} {group.n:,}", group, ("reason",), result, lists)]
    most = t("lessons.lost.most", reasons="")
    return [
        Prose(_summary(result, lists)),
        *_without_amount(result, lists),
        Prose((most, *named[1:]), indent=2),
        *lists.blocks(),
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


def _opening(
    said: Cell, group: Group, names: tuple[str, ...], result: LessonPage, lists: LessonLists, *, reviewed: bool = False
) -> Cell:
    """A figure of a group, which leads to its deals; or to those of them that were reviewed."""
    labels = [_label(name, key, result.schema) for name, key in zip(names, group.key, strict=True)]
    title = "  ".join(labels) or t("show.outcome.lost")
    if reviewed:
        title, n = t("lessons.lost.reviewed_of", title=title), group.reviewed
    else:
        n = group.n

    def keys_of(one: LessonDeal) -> Iterable[tuple[str, ...]]:
        return product(*(_keys(one.detail, name, result.schema) for name in names))

    deals = lists.grouped(" ".join(names), keys_of).get(tuple(map(_key, names, group.key)), ())
    return lists.of_group(said, title, n, [one for one in deals if one.detail.review is not None or not reviewed])


def _keys(loss: LostDeal, name: str, schema: Schema) -> Sequence[str]:
    """Under which keys a lost deal counts."""
    match name:
        case "reason":
            return loss.reasons or ("",)
        case "quarter":
            return (quarter(loss.closed_on, schema.fiscal_year_start),)
        case "cause":
            return (loss.review.cause,) if loss.review is not None else ()
        case _:
            return (_key(name, getattr(loss, name)),)


def _key(name: str, said: str) -> str:
    """What is said as it is matched by: persons and companies may be spelled in several ways."""
    return person_key(said) if name == "owner" else normal_form(said) if name == "competitor" else said


def _of_rate(group: Group, name: str, result: LessonPage, lists: LessonLists) -> Cell:
    """The n of a loss rate, which leads to what was lost and to the orders beside it."""
    n, key, schema = group.lost.n if group.lost is not None else 0, _key(name, group.key[0]), result.schema

    def is_lost(one: LessonDeal) -> bool:
        return key in _keys(one.detail, name, schema)

    def is_order(one: LessonDeal) -> bool:
        head = one.head
        if name == "owner":
            return person_key(head.owner) == key
        return head.closed_on is not None and quarter(head.closed_on, schema.fiscal_year_start) == key

    title = t("lessons.lost.with_orders", title=_label(name, group.key[0], schema))
    return lists.figure(f"{n:,}", title, n, is_lost, is_order)


def _summary(result: LessonPage, lists: LessonLists) -> Run:
    whole = result.lesson.whole
    money = f" {words.money(whole.amount, result.schema.currency)}" if whole.amount else ""
    spent = (
        t("lessons.lost.spent", days=number(whole.days), contacts=number(whole.contacts))
        if whole.days is not None
        else ""
    )
    count = words.counted("lessons.lost.count", whole.n, amount=money)
    return (_opening(Span(count, "strong"), whole, (), result, lists), spent, *_reviewed(result, lists))


def _reviewed(result: LessonPage, lists: LessonLists) -> Run:
    whole = result.lesson.whole
    n = _opening(f"{whole.reviewed:,}", whole, (), result, lists, reviewed=True)
    return sentence("lessons.lost.reviewed", n=n, of=f"{whole.n:,}")


def _without_amount(result: LessonPage, lists: LessonLists) -> list[Block]:
    """How many deals the money is not of."""
    n = result.lesson.whole.without_amount
    if not n:
        return []
    said = Span(words.counted("lessons.lost.without_amount", n), "dim")
    return [
        Prose(lists.figure(said, t("lessons.fates.without_amount"), n, lambda one: one.head.amount is None), indent=2)
    ]


def _reasons(result: LessonPage, lists: LessonLists, screen: "Screen") -> Table:
    """A row a reason: how often, its part, what was spent, how many were reviewed."""
    whole = result.lesson.whole.n
    columns = [
        Column("reason", t("lessons.head.reason"), flex=True),
        Column("n", t("show.head.count"), right=True),
        Column("share", t("show.head.share_of_deals"), right=True),
        *_spent_columns(),
        Column("reviewed", t("lessons.head.reviewed"), right=True),
    ]
    rows: list[list[Cell]] = []
    for group in result.lesson.reasons:
        amount, *spent = _spent(group, result)
        count, money = (_opening(said, group, ("reason",), result, lists) for said in (f"{group.n:,}", amount))
        reviewed = _opening(f"{group.reviewed:,}", group, ("reason",), result, lists, reviewed=True)
        label = _label("reason", group.key[0], result.schema)
        rows.append([label, count, words.share_of(group.n, whole), money, *spent, reviewed])
    return cut(columns, rows, screen)


def _table(
    groups: Sequence[Group], result: LessonPage, lists: LessonLists, screen: "Screen", names: tuple[str, ...]
) -> Table:
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
        rate = rate_cells(group.lost, _of_rate(group, names[0], result, lists)) if group.lost is not None else []
        amount, *spent = _spent(group, result)
        count, money = (_opening(said, group, names, result, lists) for said in (f"{group.n:,}", amount))
        rows.append([*labels, count, money, *spent, *rate])
    return cut(columns, rows, screen)


def _spent_columns() -> list[Column]:
    return [
        Column("amount", t("show.head.amount"), right=True),
        Column("days", t("lessons.head.days"), right=True),
        Column("contacts", t("lessons.head.contacts"), right=True),
    ]


def _spent(group: Group, result: LessonPage) -> list[str]:
    amount = group.amount if group.amount or not group.without_amount else None
    return [words.money(amount, result.schema.currency), number(group.days), number(group.contacts)]


def _causes(result: LessonPage, lists: LessonLists, screen: "Screen") -> list[Block]:
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
    rows = [_crossed(one, schema, lists) for one in lesson.crossed]
    shown: list[Block] = [heading, cut(columns, rows, screen)]
    if lesson.differ is not None:
        shown.append(Prose((t("lessons.lost.differ"), *rate_words(lesson.differ)), indent=2))
    return shown


def _crossed(one: Crossed, schema: Schema, lists: LessonLists) -> list[Cell]:
    labels = [_label("reason", one.reason, schema), _label("cause", one.cause, schema)]

    def keys_of(of: LessonDeal) -> Iterable[tuple[str, ...]]:
        return product(_keys(of.detail, "reason", schema), _keys(of.detail, "cause", schema))

    deals = lists.grouped("reason cause", keys_of).get((one.reason, one.cause), ())
    figures = (
        lists.of_group(said, "  ".join(labels), one.n, deals)
        for said in (f"{one.n:,}", words.money(one.amount or None, schema.currency))
    )
    return [*labels, *figures]


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
