"""`nippo lessons KIND`: what every lesson's page has in common, and the page of all lessons. The rest is in the kind's own
module, `render/lessons/<kind>.py`."""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.language import t
from nippo_cli.lessons import LEAST_RATE
from nippo_cli.lessons.facts import Narrowed
from nippo_cli.line.facts import lead_days
from nippo_cli.line.rate import Rate
from nippo_cli.render.draw import (
    Block,
    Cell,
    Column,
    Details,
    FactRows,
    Heading,
    LazyGroups,
    LazyRows,
    Page,
    Prose,
    Renderer,
    Run,
    Span,
    Table,
    Tone,
)
from nippo_cli.render.parts import left_out, named, sentence, shapes, whose, words
from nippo_cli.results.lessons import LessonDeal, LessonPage, LessonsPage

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

# The lists of a lesson that are its rows: the deals behind it where they were asked for.
_ROWS = ("deals", "cases", "contrasts")
# Rows of a table that stands among others.
_IN_A_SECTION = 10
# So many deals has the table of all that stand behind the figures, and where it is.
_IN_ONE_TABLE = 200
_BEHIND = "deals"


class LessonRenderer(NamedTuple):
    """How a kind of lesson is shown. The kind's module declares it, `RENDERER`, as its last line.

    blocks: what stands between the title and what was left out.
    brief: the same in a few lines, for the page of all lessons.
    figures: the lesson as JSON.
    cells: what a deal behind the figures shows beside its name: in its first row, in its second.
    detail: the same as JSON.
    """

    blocks: "Callable[[LessonPage, Screen], list[Block]]"
    brief: "Callable[[LessonPage, Screen], list[Block]]"
    figures: Callable[[LessonPage], Mapping[str, object]]
    cells: Callable[[LessonDeal, LessonPage], tuple[Cell, Cell]]
    detail: Callable[[LessonDeal], Mapping[str, object]]


def renderer_of(kind: str) -> LessonRenderer:
    """What draws a kind; its module is loaded now."""
    renderer: LessonRenderer = import_module(f"nippo_cli.render.lessons.{kind}").RENDERER
    return renderer


def page(result: LessonPage, screen: "Screen") -> Page:
    """The lesson's own blocks under its title, or the deals behind it; and what was left out."""
    is_list = result.deals is not None and not result.opens
    blocks = _deals(result, result.deals or ()) if is_list else _lesson(result, screen)
    missing = left_out(result.left_out, result.left_out_behind, result.as_of)
    # A table is followed by a blank line as it is.
    missing = missing[1:] if missing and isinstance(blocks[-1], Table) else missing
    return Page([*blocks, *missing], title(result.kind), note(result))


def title(kind: str) -> str:
    """A kind's name."""
    return t(f"lessons.title_{kind}")


def note(result: LessonPage) -> str:
    """The days that a lesson is of."""
    if result.since is not None:
        return words.between(result.since, result.as_of)
    return t("show.as_of", day=words.day(result.as_of))


def to_json(result: LessonPage) -> dict[str, object]:
    """The fixed shape of a lesson: its figures, and the deals where they were asked for."""
    deals = (
        {"total": result.total, "deals": LazyRows(lambda one: _deal(one, result), result.deals)}
        if result.deals is not None
        else {}
    )
    return {
        "kind": result.kind,
        "as_of": result.as_of.isoformat(),
        "since": shapes.day(result.since),
        "currency": shapes.currency(result.schema.currency),
        "least_n": LEAST_RATE,
        **renderer_of(result.kind).figures(result),
        **deals,
        "left_out": dict(result.left_out),
    }


def all_lessons(result: LessonsPage, screen: "Screen") -> Page:
    """`nippo lessons`: a section for each lesson in short, and the command that gives it in full."""
    blocks: list[Block] = []
    for one in result.pages:
        command = f"nippo lessons {one.kind}"
        # Which days a lesson is of, where it is not of all that ever was.
        days = "" if one.since is None else f"{words.between(one.since, one.as_of)}  "
        heading = Heading(title(one.kind), f"{days}{command}")
        blocks += [heading, *renderer_of(one.kind).brief(one, screen)]
    hint = Prose(Span(t("lessons.see_kind"), "dim"))
    return Page([*blocks, hint], t("lessons.title"), t("show.as_of", day=words.day(result.as_of)))


def all_to_json(result: LessonsPage) -> dict[str, object]:
    """Every lesson in full, by its kind."""
    return {
        "as_of": result.as_of.isoformat(),
        "lessons": {one.kind: to_json(one) for one in result.pages},
    }


def rows_key(answer: Mapping[str, object]) -> str:
    """Which list is the rows of CSV and JSON lines; of a lesson that has none the first table is."""
    return next((key for key in _ROWS if key in answer), "")


def rate_json(of: Rate | None) -> dict[str, object] | None:
    """A rate with its n and its Wilson interval; of too few without either."""
    if of is None:
        return None
    enough = of.interval if of.n >= LEAST_RATE else None
    return {
        "hits": of.hits,
        "n": of.n,
        "rate": shapes.rate(of.share) if enough else None,
        "low": shapes.rate(enough.low) if enough else None,
        "high": shapes.rate(enough.high) if enough else None,
    }


def rate_cells(of: Rate, n: Cell = "") -> list[Cell]:
    """A rate, its interval and its n, in three cells; of few what was counted, without an interval; of none, that there is none.

    Args:
        n: its n where that leads somewhere.
    """
    interval, n = of.interval, n or f"{of.n:,}"
    if interval is None:
        return ["", Span(t("lessons.too_few"), "dim"), n]
    if of.n < LEAST_RATE:
        return [words.share_of(of.hits, of.n), "", n]
    return [words.percent(of.share), Span(between(interval.low, interval.high), "dim"), n]


def rate_words(of: Rate, n: Cell = "", tone: Tone = "plain") -> Run:
    """A rate with its interval and n in one line; of few what was counted.

    Args:
        n: its n where that leads somewhere.
    """
    interval, n = of.interval, n or f"{of.n:,}"
    if interval is None:
        return sentence("lessons.too_few_of", tone, n=n)
    if of.n < LEAST_RATE:
        few = Span(words.share_of(of.hits, of.n), tone)
        return (few._replace(link=n.link) if isinstance(n, Span) else few,)
    share = words.percent(of.share)
    return sentence("lessons.rate", tone, share=share, interval=between(interval.low, interval.high), n=n)


def between(low: float, high: float) -> str:
    """`62.0–64.3%`."""
    return t("lessons.interval", low=f"{low * 100:.1f}", high=f"{high * 100:.1f}")


def no_loss(won: int, lost: int, fizzled: int) -> list[Block]:
    """A caution where a diary tells of orders and of deals that went silent, and never of a loss."""
    return [Prose(Span(t("lessons.no_loss"), "warn"))] if won and fizzled and not lost else []


def rate_columns(key: str) -> list[Column]:
    """The heads of `rate_cells`; `key` names the rate."""
    return [
        Column(key, t(f"lessons.head.{key}"), right=True),
        Column(f"{key}_interval", t("lessons.head.interval"), right=True),
        Column(f"{key}_n", t("lessons.head.n"), right=True),
    ]


def cut(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], screen: "Screen") -> Table:
    """A table among others: on a terminal its first rows, and how many more there are."""
    most = min(screen.limit or len(rows), _IN_A_SECTION) if screen.terminal else screen.limit or len(rows)
    return Table(columns, rows[:most], max(0, len(rows) - most), t("show.more_hint"))


def nothing(result: LessonPage) -> list[Block]:
    """What is said where there is nothing to learn from."""
    asked = result.filtered or result.narrowed != Narrowed()
    if not asked and result.kind == "fates":
        return [Prose(t("lessons.none_fates")), Prose(t("show.gap.no_deals_hint"), indent=2)]
    return [Prose(t("lessons.none_match" if asked else f"lessons.none_{result.kind}"))]


def number(of: float | None) -> str:
    """A median; a dash where too few were counted."""
    return words.NOTHING if of is None else words.number(of)


def _lesson(result: LessonPage, screen: "Screen") -> list[Block]:
    blocks = renderer_of(result.kind).blocks(result, screen)
    if not any(isinstance(block, Table | FactRows) for block in blocks):
        # Without a figure there is nothing that a list of deals could open.
        return blocks
    if result.opens and result.deals:
        count = words.counted("show.deals.count", result.total)
        title = t("show.gap.deals_behind", title=t("lessons.deals_behind"), deals=count)
        blocks = [*blocks, Details(title, _deals(result, result.deals[:_IN_ONE_TABLE])[1:], _BEHIND)]
    hint = Prose(Span(t("lessons.open_hint", kind=result.kind), "dim"))
    return [*blocks, hint] if isinstance(blocks[-1], Table) else [*blocks, Prose(""), hint]


def _deals(result: LessonPage, deals: Sequence[LessonDeal]) -> list[Block]:
    """The deals behind a lesson, two rows each."""
    if not deals:
        return nothing(result)
    renderer = renderer_of(result.kind)
    columns = [
        Column("deal", words.pair("show.head.deal", "show.head.owner"), flex=True),
        Column("detail", t(f"lessons.deals_{result.kind}")),
        Column("days", words.pair("lessons.head.days", "lessons.head.contacts"), right=True),
        Column("amount", words.pair("show.head.amount", "lessons.head.ended"), right=True),
    ]

    def two(one: LessonDeal) -> Sequence[Sequence[Cell]]:
        head, (first, second) = one.head, renderer.cells(one, result)
        ended = words.day(head.closed_on, result.as_of) if head.closed_on else ""
        amount = words.money(head.amount, result.schema.currency)
        return (
            (named(head), first, words.days_short(lead_days(head)), amount),
            (whose(head.owner, head.customer), second, Span(words.contacts_short(head), "dim"), Span(ended, "dim")),
        )

    rows = LazyGroups(two, deals, 2 * len(deals))
    heading = Heading(t("lessons.deals_behind"), words.counted("show.deals.count", result.total))
    return [heading, Table(columns, rows, result.total - len(deals), t("show.more_hint"))]


def _deal(one: LessonDeal, result: LessonPage) -> dict[str, object]:
    """A deal behind a lesson as data."""
    head = one.head
    return {
        **shapes.deal(head),
        "amount": head.amount,
        "stage": head.stage,
        "began_on": head.began_on.isoformat(),
        "closed_on": shapes.day(head.closed_on),
        "lead_days": lead_days(head),
        "contacts": head.contacts if head.contacts_known else None,
        **renderer_of(result.kind).detail(one),
    }


RENDERER = Renderer(LessonPage, page=page, to_json=to_json, rows=rows_key, cells={"kind": "choice.lesson."})
ALL = Renderer(LessonsPage, page=all_lessons, to_json=all_to_json)
