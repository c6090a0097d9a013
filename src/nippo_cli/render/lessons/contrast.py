"""`nippo lessons contrast`: how won lines differed from the others while both still ran."""

from typing import TYPE_CHECKING

from nippo_cli.base.language import t
from nippo_cli.lessons import LEAST_MEDIAN
from nippo_cli.lessons.contrast import Contrast, ContrastLesson, Side
from nippo_cli.line.ranksum import LARGE_A_SIDE, LEAST_A_SIDE
from nippo_cli.render.draw import (
    Block,
    Cell,
    Column,
    Heading,
    Prose,
    Run,
    Span,
    Tone,
)
from nippo_cli.render.lessons.deal_lists import Among, LessonLists
from nippo_cli.render.lessons.page import LessonRenderer, cut, nothing
from nippo_cli.render.parts import sentence, words
from nippo_cli.results.lessons import LessonDeal, LessonPage

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

_DECIMALS = 4
# A share is told in percent, what counts days in days.
_SHARES = ("steps_kept",)
_DAYS = ("second_contact_days", "longest_silence", "demo_to_quote_days")
# Figures that need something of the schema or of the entries.
_NEEDS = ("people", "demo_to_quote_days", "steps_kept", "fields_empty")
_MOST_SHOWN = 3
# A smaller one would be rounded to nothing.
_LEAST_P = 0.0005


def blocks(result: LessonPage, screen: "Screen") -> list[Block]:
    """What differs in words, the table, and how it was reckoned."""
    lesson: ContrastLesson = result.lesson
    if not lesson.won + lesson.lost + lesson.fizzled:
        return nothing(result)
    lists = LessonLists(result)
    return [
        Prose(_compared(lesson, lists)),
        *_clear(lesson),
        Heading(t("lessons.contrast.table", age=words.days(lesson.age)), t("lessons.contrast.table_note")),
        cut(_columns(), [_row(one, lists) for one in lesson.contrasts], screen),
        *lists.blocks(),
        Prose(Span(t("lessons.contrast.rule", least=LEAST_A_SIDE, large=LARGE_A_SIDE, median=LEAST_MEDIAN), "dim")),
        *_unknown(lesson),
        *_sampled(lesson),
        Prose(t("lessons.contrast.question")),
    ]


def brief(result: LessonPage, _screen: "Screen") -> list[Block]:
    """What differs in words alone."""
    lesson: ContrastLesson = result.lesson
    if not lesson.won + lesson.lost + lesson.fizzled:
        return nothing(result)
    lists = LessonLists(result)
    return [Prose(_compared(lesson, lists)), *lists.blocks(), *_clear(lesson)]


def figures(result: LessonPage) -> dict[str, object]:
    """Every figure with both sides; what too few deals tell of is null."""
    lesson: ContrastLesson = result.lesson
    return {
        "age_days": lesson.age,
        "compared": {"won": lesson.won, "lost": lesson.lost, "fizzled": lesson.fizzled},
        "latest": lesson.most,
        "contrasts": [
            {
                "figure": one.key,
                "won": _side_json(one.won),
                "lost_and_fizzled": _side_json(one.others),
                "rank_biserial": _rounded(one.effect),
                "p": _chance(one.p),
                "p_holm": _chance(one.holm),
                "differs": one.differs,
            }
            for one in lesson.contrasts
        ],
        "not_looked_at": list(lesson.unknown),
    }


def cells(deal: LessonDeal, _result: LessonPage) -> tuple[Cell, Cell]:
    """The fate, and the figures that tell most of a deal in a few words; nothing of one of which a list alone tells."""
    known, fate = deal.detail.figures, t(f"show.outcome.{deal.detail.fate}")
    if not known:
        return fate, Span(words.NOTHING, "dim")
    shown = t(
        "lessons.contrast.in_short",
        contacts=words.number(known["contacts_a_month"]), silence=words.days_short(int(known["longest_silence"])),
    )  # fmt: skip
    return fate, Span(shown, "dim")


def detail(deal: LessonDeal) -> dict[str, object]:
    """The fate and every figure."""
    known = {key: round(value, _DECIMALS) for key, value in deal.detail.figures.items()}
    return {"outcome": deal.detail.fate, "figures": known}


def _compared(lesson: ContrastLesson, lists: LessonLists) -> Run:
    figures = {
        fate: lists.figure(f"{n:,}", t(f"show.outcome.{fate}"), n, _of(fate))
        for fate, n in (("won", lesson.won), ("lost", lesson.lost), ("fizzled", lesson.fizzled))
    }
    return sentence("lessons.contrast.compared", age=words.days(lesson.age), **figures)


def _clear(lesson: ContrastLesson) -> list[Block]:
    """The figures that chance is no good explanation for, in words; or that there is none."""
    clear = [one for one in lesson.contrasts if one.differs]
    if not clear:
        enough = any(one.effect is not None for one in lesson.contrasts)
        return [Prose(t("lessons.contrast.none" if enough else "lessons.contrast.too_few"), indent=2)]
    return [Prose(Span(_in_words(one), "strong"), indent=2) for one in clear[:_MOST_SHOWN]]


def _in_words(one: Contrast) -> str:
    key = "lessons.contrast.more" if (one.effect or 0) > 0 else "lessons.contrast.less"
    said = t(key, figure=_name(one.key))
    if one.won.median == one.others.median:
        return said
    return said + t("lessons.contrast.against", won=_value(one.key, one.won), others=_value(one.key, one.others))


def _unknown(lesson: ContrastLesson) -> list[Block]:
    """The figures that are left out, each with what it would need."""
    if not lesson.unknown:
        return []
    figures = t("show.dot").join(_name(key) + _needs(key) for key in lesson.unknown)
    return [Prose(Span(t("lessons.contrast.unknown", figures=figures), "dim"))]


def _needs(key: str) -> str:
    return t(f"lessons.needs.{key}") if key in _NEEDS else ""


def _sampled(lesson: ContrastLesson) -> list[Block]:
    if lesson.won + lesson.lost + lesson.fizzled < lesson.most:
        return []
    return [Prose(Span(t("lessons.contrast.latest", n=f"{lesson.most:,}"), "dim"))]


def _columns() -> list[Column]:
    """The columns of the figures: of won deals, of the others, and how far they differ."""
    return [
        Column("figure", t("lessons.head.figure"), flex=True),
        Column("won", t("lessons.head.won"), right=True),
        Column("won_n", t("lessons.head.n"), right=True),
        Column("others", t("lessons.head.not_won"), right=True),
        Column("others_n", t("lessons.head.n"), right=True),
        Column("effect", t("lessons.head.effect"), right=True),
        Column("p", "p", right=True),
        Column("holm", "Holm", right=True),
    ]


def _row(one: Contrast, lists: LessonLists) -> list[Cell]:
    won, others = (_known_of(one, side, lists) for side in (one.won, one.others))
    sides: list[Cell] = [_name(one.key), _value(one.key, one.won), won, _value(one.key, one.others), others]
    if one.effect is None:
        return [*sides, Span(t("lessons.too_few"), "dim"), "", ""]
    tone: Tone = "strong" if one.differs else "plain"
    return [*sides, Span(f"{one.effect:+.2f}", tone), _p(one.p), Span(_p(one.holm), tone)]


def _of(fate: str) -> Among:
    return lambda one: bool(one.detail.fate == fate)


def _known_of(of: Contrast, side: Side, lists: LessonLists) -> Cell:
    """Of how many deals of a side a figure is known."""
    is_won = side is of.won
    title = t("show.outcome.won") if is_won else t("lessons.head.not_won")
    return lists.figure(
        f"{side.n:,}", f"{title}  {_name(of.key)}", side.n,
        lambda one: (one.detail.fate == "won") is is_won and of.key in one.detail.figures,
    )  # fmt: skip


def _name(key: str) -> str:
    return t(f"lessons.figure.{key}")


def _value(key: str, side: Side) -> str:
    """A median with its unit."""
    if side.median is None:
        return words.NOTHING
    if key in _SHARES:
        return f"{side.median:.0%}"
    return t("show.days_short", n=words.number(side.median)) if key in _DAYS else words.number(side.median)


def _p(of: float | None) -> str:
    if of is None:
        return words.NOTHING
    return "<0.001" if of < _LEAST_P else f"{of:.3f}"


def _side_json(side: Side) -> dict[str, object]:
    return {"n": side.n, "median": _rounded(side.median)}


def _chance(of: float | None) -> float | None:
    """A p as data: one that would be rounded to nothing with its first two digits."""
    return float(f"{of:.2g}") if of is not None and of < _LEAST_P else _rounded(of)


def _rounded(of: float | None) -> float | None:
    return None if of is None else round(of, _DECIMALS)


RENDERER = LessonRenderer(blocks=blocks, brief=brief, figures=figures, cells=cells, detail=detail)
