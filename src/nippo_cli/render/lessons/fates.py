"""`nippo lessons fates`: what became of all deals ever begun, and how soon."""

from typing import TYPE_CHECKING

from nippo_cli.base.language import t
from nippo_cli.lessons import LEAST_RATE
from nippo_cli.lessons.fates import ENDS, MARKS, FatesLesson, Lead, Mark, followed_days
from nippo_cli.line.span import ClosedDays
from nippo_cli.render.draw import (
    Block,
    Cell,
    Column,
    FactRows,
    Heading,
    Prose,
    Run,
    Span,
    Table,
    TextLines,
)
from nippo_cli.render.lessons.deal_lists import Among, LessonLists
from nippo_cli.render.lessons.page import LessonRenderer, no_loss, nothing, rate_json, rate_words
from nippo_cli.render.parts import incidence, sentence, shapes, words
from nippo_cli.results.lessons import LessonDeal, LessonPage

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

_WIDEST = 78


def blocks(result: LessonPage, screen: "Screen") -> list[Block]:
    """Fates, rates, lead times, then the curve with its numbers."""
    lesson: FatesLesson = result.lesson
    if not lesson.deals:
        return nothing(result)
    quiet, lists = result.quiet, LessonLists(result)
    rule = t("show.summary.fizzled_rule", days=words.days(quiet.days), source=words.norm_source(quiet))
    return [
        _slices(result, lists),
        _rates(lesson, lists),
        *_caution(lesson),
        Prose(Span(rule, "dim")),
        Heading(t("lessons.fates.when"), t("lessons.fates.when_note")),
        *_curve(result, screen, lists),
        *lists.blocks(),
    ]


def brief(result: LessonPage, _screen: "Screen") -> list[Block]:
    """The fates and the rates."""
    if not result.lesson.deals:
        return nothing(result)
    lists = LessonLists(result)
    return [_slices(result, lists), _rates(result.lesson, lists), *lists.blocks(), *_caution(result.lesson)]


def figures(result: LessonPage) -> dict[str, object]:
    """Slices, rates, lead times, and every step of the curve."""
    lesson: FatesLesson = result.lesson
    return {
        "begun": lesson.deals,
        "fates": {
            one.fate: {
                "n": one.of_all.hits,
                "share": shapes.rate(one.of_all.share),
                "amount": one.amount,
                "without_amount": one.without_amount,
            }
            for one in lesson.slices
        },
        "win_rate": rate_json(lesson.win_rate),
        "win_rate_with_fizzled": rate_json(lesson.honest),
        "lead_time_days": {
            fate: {"n": lead.n, "median": shapes.mean(lead.median), "mean": shapes.mean(lead.mean)}
            for fate, lead in lesson.lead.items()
        },
        "quiet": shapes.quiet(result.quiet),
        "incidence": {
            "at": [_mark_json(mark) for mark in lesson.marks],
            "steps": [
                {
                    "day": step.day,
                    "at_risk": step.at_risk,
                    **{end: round(share, 6) for end, share in step.reached.items()},
                    "bounds": {
                        end: {"low": round(of.low, 6), "high": round(of.high, 6)} for end, of in step.bounds.items()
                    },
                }
                for step in lesson.steps
            ],
        },
    }


def cells(deal: LessonDeal, result: LessonPage) -> tuple[Cell, Cell]:
    """The fate, and the stage where the deal stands."""
    return t(f"show.outcome.{deal.detail}"), Span(words.stage(result.schema, deal.head.stage), "dim")


def detail(deal: LessonDeal) -> dict[str, object]:
    """The fate."""
    return {"outcome": deal.detail}


def _slices(result: LessonPage, lists: LessonLists) -> Table:
    """A row a fate with its part and its money, and all deals below."""
    lesson, currency = result.lesson, result.schema.currency
    rows: list[list[Cell]] = []
    for one in lesson.slices:
        fate, n = t(f"show.outcome.{one.fate}"), one.of_all.hits
        money = words.money(_known(one.amount, n, one.without_amount), currency)
        count, amount = (lists.figure(said, fate, n, _of(one.fate)) for said in (f"{n:,}", money))
        rows.append([fate, count, words.share_of(n, one.of_all.n), amount])
    without = sum(one.without_amount for one in lesson.slices)
    total = words.money(_known(sum(one.amount for one in lesson.slices), lesson.deals, without), currency)
    every = t("show.summary.all")
    count, amount = (lists.figure(Span(said, "dim"), every, lesson.deals) for said in (f"{lesson.deals:,}", total))
    rows.append([Span(every, "dim"), count, "", amount])
    return Table(
        [
            Column("outcome", t("show.head.outcome")),
            Column("deals", t("show.head.count"), right=True),
            Column("share", t("show.head.share_of_deals"), right=True),
            Column("amount", t("show.head.amount"), right=True),
        ],
        rows,
    )


def _caution(lesson: FatesLesson) -> list[Block]:
    n = {one.fate: one.of_all.hits for one in lesson.slices}
    return no_loss(n["won"], n["lost"], n["fizzled"])


def _known(amount: int, deals: int, without: int) -> int | None:
    """The money of some deals; None where no one of them states an amount, for that is not nothing."""
    return None if deals and deals == without else amount


def _of(*fates: str) -> Among:
    return lambda one: one.detail in fates


def _rates(lesson: FatesLesson, lists: LessonLists) -> FactRows:
    """The rates of won deals, without the fizzled and with them, the lead times, and how many deals have no amount."""
    ended, with_fizzled = t("lessons.fates.win_rate"), t("lessons.fates.honest")
    n = lists.figure(f"{lesson.win_rate.n:,}", ended, lesson.win_rate.n, _of("won", "lost"))
    honest = lists.figure(f"{lesson.honest.n:,}", with_fizzled, lesson.honest.n, _of(*ENDS))
    pairs: list[tuple[str, Cell | Run]] = [
        (ended, rate_words(lesson.win_rate, n)),
        (with_fizzled, rate_words(lesson.honest, honest, "strong")),
    ]
    pairs += [(t(f"show.summary.lead_{fate}"), _lead(fate, lead, lists)) for fate, lead in lesson.lead.items()]
    unknown = sum(one.without_amount for one in lesson.slices)
    if unknown:
        title, said = t("lessons.fates.without_amount"), words.counted("show.deals.count", unknown)
        pairs.append((title, lists.figure(said, title, unknown, lambda one: one.head.amount is None)))
    return FactRows(pairs)


def _lead(fate: str, of: Lead, lists: LessonLists) -> Cell | Run:
    if of.median is None or of.mean is None:
        return t("show.summary.no_lead")
    n = lists.figure(f"{of.n:,}", t(f"show.outcome.{fate}"), of.n, _of(fate))
    return sentence("show.summary.lead", median=words.number(of.median), mean=words.number(of.mean), n=n)


def _curve(result: LessonPage, screen: "Screen", lists: LessonLists) -> list[Block]:
    """The numbers at each mark, then the drawing, as far as enough deals are followed."""
    lesson: FatesLesson = result.lesson
    followed = [step.day for step in lesson.steps if step.at_risk >= LEAST_RATE]
    if not followed:
        return [Prose(Span(t("lessons.too_few_of", n=f"{lesson.deals:,}"), "dim"))]
    ends = [
        Column("day", t("lessons.head.after"), right=True),
        *(Column(end, t(f"lessons.head.{end}"), right=True) for end in ("won", "lost", "fizzled")),
        Column("going_on", t("lessons.head.going_on"), right=True),
        Column("at_risk", t("lessons.head.at_risk"), right=True),
    ]
    wide = min(screen.columns, _WIDEST)
    last = min(followed[-1], MARKS[-1])
    drawn = incidence.chart(lesson.steps, last, MARKS, wide, ascii_only=screen.ascii)
    return [
        Table(ends, [_mark(mark, result, lists) for mark in lesson.marks]),
        Prose(""),
        _picture(lesson, last, drawn) if screen.pictures else drawn,
    ]


def _picture(lesson: FatesLesson, last: int, drawn: TextLines) -> Block:
    from nippo_cli.render.lessons import fates_picture

    return fates_picture.picture(lesson, last, drawn.rows)


def _mark(mark: Mark, result: LessonPage, lists: LessonLists) -> list[Cell]:
    day, rest = words.days_short(mark.day), ClosedDays(result.schema.closures)

    def still(one: LessonDeal) -> bool:
        days = followed_days(one.head, one.detail, result.quiet.days, rest, result.as_of)
        return days is not None and days >= mark.day

    title = t("show.steps.title_deals", stage=t("lessons.head.at_risk"), figure=day)
    at_risk = lists.figure(f"{mark.at_risk:,}", title, mark.at_risk, still)
    if mark.reached is None:
        return [day, Span(t("lessons.too_few"), "dim"), "", "", "", at_risk]
    shares: list[Cell] = [words.percent(share) for share in mark.reached.values()]
    return [day, *shares, words.percent(max(0.0, 1 - sum(mark.reached.values()))), at_risk]


def _mark_json(mark: Mark) -> dict[str, object]:
    shares = mark.reached or dict.fromkeys(("won", "lost", "fizzled"))
    return {"day": mark.day, "at_risk": mark.at_risk, **{end: shapes.rate(share) for end, share in shares.items()}}


RENDERER = LessonRenderer(blocks=blocks, brief=brief, figures=figures, cells=cells, detail=detail)
