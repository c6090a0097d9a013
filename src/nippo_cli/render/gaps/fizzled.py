"""`nippo gap fizzled`: of which deals nothing has been heard for too long, what was said last, and how many ever came
back from such a silence."""

from typing import TYPE_CHECKING

from nippo_cli.base.language import t
from nippo_cli.base.text import cut
from nippo_cli.gaps.fizzled import Fizzled
from nippo_cli.line.facts import DealSummary
from nippo_cli.line.returns import Returned
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
)
from nippo_cli.render.gaps.page import mark_new, nothing_live
from nippo_cli.render.parts import (
    counts,
    counts_line,
    deal_cells,
    deal_columns,
    deal_table,
    heads,
    named,
    named_briefly,
    shapes,
    share,
    stands_since,
    whose,
    words,
)
from nippo_cli.results.gap import GapPage, GapRow
from nippo_cli.schema.schema import Schema

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

COLUMNS = (
    "silence_days", "limit_days", "last_contact_on", "last_words", "next_step", "next_on", "closes", "came_back.days",
    "came_back.n", "came_back.of",
)  # fmt: skip
_WORDS_COLUMNS = 60


def blocks(result: GapPage, screen: "Screen") -> list[Block]:
    """The counts, the findings, the last words of each, and the limit they were held against."""
    count = result.counted
    if not count.live:
        return nothing_live(result)
    found = brief(result, screen)
    if result.rows:
        found += [Prose(t("show.fizzled.question")), *_last_words(result, screen)]
    elif not count.fizzled:
        found.append(Prose(Span(t("show.fizzled.none"), "good")))
    limit = t("show.norm", days=words.days(result.counted.quiet.days), source=words.norm_source(result.counted.quiet))
    return [*found, Heading(t("show.gap.norms")), FactRows([(t("show.fizzled.limit"), limit)])]


def brief(result: GapPage, screen: "Screen") -> list[Block]:
    """The counts and the findings."""
    lines = _summary(result, screen)
    return [*lines, _table(result, screen)] if result.rows else lines


def summary(result: GapPage) -> dict[str, object]:
    """Deals live, fizzled and new, with their money."""
    count = result.counted
    return {
        "live": count.live,
        "live_amount": count.live_amount,
        "fizzled": count.fizzled,
        "fizzled_amount": count.fizzled_amount,
        "share": shapes.rate(count.share),
        "new": count.new,
        "new_amount": count.new_amount,
    }


def figures(result: GapPage) -> dict[str, object]:
    """The quiet limit with its evidence."""
    return {"quiet": shapes.quiet(result.counted.quiet)}


def entries(row: GapRow) -> list[int]:
    """The last contact; where there was none, where the deal stands."""
    return [row.head.stay_entry if row.head.last_contact is None else row.head.last_contact]


def finding(row: GapRow, _result: GapPage) -> dict[str, object]:
    """The silence, the last sign of life, what was promised then, and how many came back."""
    found, head, detail = row.found, row.head, row.detail
    return {
        "silence_days": found.silence_days,
        "limit_days": found.limit_days,
        "last_contact_on": head.last_contact_on.isoformat() if head.last_contact_on else None,
        "last_words": detail.last.facts if detail.last is not None else None,
        "next_step": head.next_step or None,
        "next_on": shapes.when(head.next_on),
        "closes": shapes.when(head.closes),
        "came_back": {
            "days": detail.returned.days,
            "n": detail.returned.came_back,
            "of": detail.returned.of,
        },
    }


def sign(found: Fizzled, _head: DealSummary, _agreement: Schema) -> str:
    """`未接触142日/60日`."""
    return t("show.stalled.silence", days=words.held_against(found.silence_days, found.limit_days))


def ask() -> str:
    """What to ask about such a deal."""
    return t("show.fizzled.ask")


def _summary(result: GapPage, screen: "Screen") -> list[Block]:
    count, currency = result.counted, result.agreement.currency
    live = counts_line("show.stalled.live", count.live, count.live_amount, currency)
    said = counts_line("show.fizzled.found", count.fizzled, count.fizzled_amount, currency)
    new = counts_line("show.gap_live.new", count.new, count.new_amount, currency) if count.fizzled else ""
    return counts((f"{live}  ", Span(said, "strong"), share(count.share)), new, screen)


def _table(result: GapPage, screen: "Screen") -> Table:
    return deal_table(result, screen, (_columns, _one), (_two_columns, _two))


def _columns() -> list[Column]:
    return [
        *deal_columns(),
        Column("stage", t("show.head.stage")),
        Column("silence", t("show.fizzled.head_silence"), right=True),
        Column("last", t("show.gap_live.head_last"), right=True),
        Column("since", t("show.head.since"), right=True),
        Column("new", t("show.head.new")),
        Column("back", t("show.fizzled.head_back"), right=True),
        Column("closes", t("show.head.closes"), right=True),
        Column("amount", t("show.head.amount"), right=True),
    ]


def _one(row: GapRow, result: GapPage) -> list[Cell]:
    found, head, as_of = row.found, row.head, result.as_of
    return [
        *deal_cells(head),
        result.agreement.stage_label(found.stage),
        words.held_against(found.silence_days, found.limit_days),
        words.day(head.last_contact_on, as_of) if head.last_contact_on else words.NOTHING,
        words.day(found.began_on, as_of),
        mark_new(new=found.new),
        f"{row.detail.returned.came_back:,}/{row.detail.returned.of:,}",
        words.when(head.closes, as_of),
        words.money(found.amount, result.agreement.currency),
    ]


def _two_columns() -> list[Column]:
    return [
        Column("deal", heads(t("show.head.deal"), t("show.head.owner")), flex=True),
        Column("stage", heads(t("show.head.stage"), t("show.gap_live.head_since"))),
        Column("silence", heads(t("show.fizzled.head_silence"), t("show.gap_live.head_last")), right=True),
        Column("amount", heads(t("show.head.amount"), t("show.head.closes")), right=True),
    ]


def _two(row: GapRow, result: GapPage) -> list[list[Cell]]:
    found, head, as_of = row.found, row.head, result.as_of
    return [
        [
            named(head),
            result.agreement.stage_label(found.stage),
            words.held_against(found.silence_days, found.limit_days),
            words.money(found.amount, result.agreement.currency),
        ],
        [
            whose(head.owner, head.customer),
            stands_since(found, as_of),
            Span(words.day(head.last_contact_on, as_of) if head.last_contact_on else words.NOTHING, "dim"),
            Span(words.when(head.closes, as_of), "dim"),
        ],
    ]


def _last_words(result: GapPage, screen: "Screen") -> list[Block]:
    """Each finding's last sign of life, what was to come next, and how many came back from such a silence."""
    pairs = [(named_briefly(row.head, screen), _words(row, result, screen)) for row in result.rows]
    return [Heading(t("show.fizzled.last_words")), FactRows(pairs)]


def _words(row: GapRow, result: GapPage, screen: "Screen") -> Run:
    head, last, as_of = row.head, row.detail.last, result.as_of
    said: list[Cell] = [t("show.fizzled.never_met")]
    if last is not None:
        facts = first_words(last.facts)
        said = [
            t(
                "show.fizzled.said",
                day=words.day(last.on, as_of),
                facts=cut(facts, _WORDS_COLUMNS) if screen.terminal else facts,
            )
        ]
    if head.next_step or head.next_on is not None:
        step = head.next_step or t("word.next_step")
        due = t("show.fizzled.step_on", step=step, day=words.when(head.next_on, as_of)) if head.next_on else step
        said.append(Span(t("show.fizzled.then", step=due), "dim"))
    return (*said, "  ", Span(came_back(row.detail.returned), "strong"))


def first_words(facts: str) -> str:
    """The first sentence of what was written, on one line."""
    line = facts.strip().partition("\n")[0]
    sentence, stop, _ = line.partition("。")
    return f"{sentence}{stop}"


def came_back(of: Returned) -> str:
    """Of deals that had been silent for as long, how many were ever met again."""
    if not of.of:
        return t("show.fizzled.no_record")
    return t("show.fizzled.came_back", n=f"{of.came_back:,}", of=f"{of.of:,}", days=words.days_short(of.days))
