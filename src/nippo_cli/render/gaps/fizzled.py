"""`nippo gap fizzled`: of which deals nothing has been heard for too long, what was said last, and how many ever came
back from such a silence."""

from typing import TYPE_CHECKING

from nippo_cli.base.language import t
from nippo_cli.base.text import cut
from nippo_cli.line.returns import Returned
from nippo_cli.render.draw import Block, Cell, FactRows, Heading, Run, Span
from nippo_cli.render.gaps import table
from nippo_cli.render.gaps.page import GapRenderer
from nippo_cli.render.gaps.table import Narrow, Wide
from nippo_cli.render.parts import shapes, words
from nippo_cli.results.gap import GapPage, GapRow

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

_COLUMNS = (
    "silence_days", "silence_at_least", "limit_days", "last_contact_on", "last_words", "next_step", "next_on", "closes", "came_back.days",
    "came_back.n", "came_back.of",
)  # fmt: skip
_WORDS_COLUMNS = 60


def blocks(result: GapPage, screen: "Screen") -> list[Block]:
    """The counts, the findings, the last words of each, and the limit they were held against."""
    if not result.counted.live:
        return table.nothing_live(result)
    quiet = result.counted.quiet
    limit = t("show.norm", days=words.days(quiet.days), source=words.norm_source(quiet))
    return [
        *brief(result, screen),
        *table.question(result, "show.fizzled.question", none="show.fizzled.none"),
        *(_last_words(result, screen) if result.rows else []),
        Heading(t("show.gap.norms")),
        FactRows([(t("show.fizzled.limit"), limit)]),
    ]


def brief(result: GapPage, screen: "Screen") -> list[Block]:
    """The counts and the findings."""
    count = result.counted
    lines = table.counts_above(
        result,
        screen,
        ("show.stalled.live", count.live, count.live_amount),
        ("show.fizzled.found", count.fizzled, count.fizzled_amount),
        ("show.gap_live.new", count.new, count.new_amount),
    )
    return [*lines, *table.findings(result, screen, _WIDE, _NARROW)]


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
    one, head, detail = row.finding, row.head, row.detail
    return {
        "silence_days": one.silence_days,
        "silence_at_least": head.silence_at_least,
        "limit_days": one.limit_days,
        "last_contact_on": shapes.day(head.last_contact_on),
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


def _silence(row: GapRow, _result: GapPage) -> Cell:
    return words.silence_against(row.finding.silence_days, row.finding.limit_days, row.head)


def _back(row: GapRow, _result: GapPage) -> Cell:
    """`41件中3件`: of the deals that were once silent for as long, those that were met again."""
    returned = row.detail.returned
    return t("show.fizzled.back", n=f"{returned.came_back:,}", of=f"{returned.of:,}")


_WIDE = (
    *table.DEAL,
    table.STAGE,
    Wide("silence", "show.fizzled.head_silence", _silence, right=True),
    table.LAST_CONTACT,
    table.BEYOND_SINCE,
    table.NEW,
    Wide("back", "show.fizzled.head_back", _back, right=True),
    table.CLOSES,
    table.AMOUNT,
)
_NARROW = (
    table.WHICH_AND_WHOSE,
    table.STAGE_SINCE,
    Narrow(
        "silence", ("show.fizzled.head_silence", "show.gap_live.head_last"), _silence, table.last_contact, right=True
    ),
    Narrow("amount", ("show.head.amount", "show.head.closes"), table.amount, table.closes, right=True),
)


def _last_words(result: GapPage, screen: "Screen") -> list[Block]:
    """Each finding's last sign of life, what was to come next, and how many came back from such a silence."""
    pairs = [
        (name, _words(row, result, screen))
        for name, row in zip(table.named_briefly(result.rows, screen), result.rows, strict=True)
    ]
    return [Heading(t("show.fizzled.last_words")), FactRows(pairs)]


def _words(row: GapRow, result: GapPage, screen: "Screen") -> Run:
    """What was heard last, what was to come next, and how many came back from such a silence."""
    head, last, as_of = row.head, row.detail.last, result.as_of
    said: list[Cell] = [t("show.fizzled.not_since" if head.silence_at_least else "show.fizzled.never_met")]
    if last is not None:
        facts = _first_words(last.facts)
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
    return (*said, "  ", Span(_came_back(row.detail.returned), "strong"))


def _first_words(facts: str) -> str:
    """The first sentence of what was written, on one line."""
    line = facts.strip().partition("\n")[0]
    sentence, stop, _ = line.partition("。")
    return f"{sentence}{stop}"


def _came_back(of: Returned) -> str:
    """Of deals that had been silent for as long, how many were ever met again."""
    if not of.of:
        return t("show.fizzled.no_record")
    return t("show.fizzled.came_back", n=f"{of.came_back:,}", of=f"{of.of:,}", days=words.days_short(of.days))


RENDERER = GapRenderer(
    blocks=blocks,
    brief=brief,
    ask="show.fizzled.ask",
    summary=summary,
    figures=figures,
    finding=finding,
    columns=_COLUMNS,
    entries=entries,
)
