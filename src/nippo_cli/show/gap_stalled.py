"""`nippo gap stalled`: which deals have stayed longer than their norm, and what they were held against.

A finding is a question to a colleague: the page says what is so, and asks.
"""

from typing import TYPE_CHECKING

from nippo_cli.answers.gap import StalledPage, StalledRow
from nippo_cli.ids import show_id
from nippo_cli.language import t
from nippo_cli.show import norms, shapes, words
from nippo_cli.show.deal_rows import named, narrow, whose
from nippo_cli.show.layout import spans
from nippo_cli.show.page import Block, Cell, Column, Heading, Page, Prose, Run, Span, Table
from nippo_cli.text import width

if TYPE_CHECKING:
    from nippo_cli.show.emit import Screen

ROWS = "findings"
COLUMNS = (
    "kind", "deal.id", "deal.name", "deal.customer", "deal.owner", "stage", "began_on", "new", "amount", "entries",
    "stay_days", "norm_days", "norm.source", "norm.n", "silence_days", "closes", "confidence",
)  # fmt: skip
TOO_MANY = 0.5


def page(result: StalledPage, screen: "Screen") -> Page:
    """A summary line, the findings, the norms they rest on, and what was left out."""
    title = t("show.stalled.title")
    note = t("show.stalled.note", as_of=words.day(result.as_of), since=words.day(result.since, result.as_of))
    if not result.counted.live:
        return Page([*_nothing_live(result), *_left_out(result)], title, note)
    blocks: list[Block] = [Prose(line) for line in _summary(result, screen)]
    if result.rows:
        blocks += [_table(result, screen), Prose(t("show.stalled.question"))]
    elif not result.counted.stalled:
        blocks += [Prose(Span(t("show.stalled.none"), "good"))]
    if (result.counted.share or 0) > TOO_MANY:
        blocks += _too_many(result)
    if result.norms:
        blocks += [Heading(t("show.stalled.norms")), norms.facts(result.norms, result.agreement)]
    return Page([*blocks, *_left_out(result)], title, note)


def to_json(result: StalledPage) -> dict[str, object]:
    """The fixed shape of a gap."""
    count = result.counted
    return {
        "as_of": result.as_of.isoformat(),
        "since": result.since.isoformat(),
        "currency": shapes.currency(result.agreement.currency),
        "norms": [shapes.norm(norm) for norm in result.norms],
        "summary": {
            "live": count.live,
            "live_amount": count.live_amount,
            "stalled": count.stalled,
            "stalled_amount": count.stalled_amount,
            "new": count.new,
            "new_amount": count.new_amount,
            "share": shapes.rate(count.share),
            "on_hold": count.on_hold,
        },
        "total": count.stalled,
        "findings": [_finding(row) for row in result.rows],
        "left_out": dict(result.left_out),
    }


def _finding(row: StalledRow) -> dict[str, object]:
    found, head = row.found, row.head
    entries = [head.stay_entry]
    if head.last_contact is not None and head.last_contact != head.stay_entry:
        entries.append(head.last_contact)
    return {
        "kind": "stalled",
        "deal": shapes.deal(head),
        "stage": found.stage,
        "began_on": found.began_on.isoformat(),
        "new": found.new,
        "amount": found.amount,
        "entries": shapes.ids(entries),
        "stay_days": found.stay_days,
        "norm_days": found.norm.days,
        "norm": {"source": found.norm.source, "n": found.norm.n},
        "silence_days": row.silence_days,
        "closes": shapes.when(head.closes),
        "confidence": head.confidence or None,
    }


def _summary(result: StalledPage, screen: "Screen") -> list[Run]:
    """Deals live, stalled and new, with their money and the share; on two lines where one does not hold them."""
    count, currency = result.counted, result.agreement.currency

    def counted(key: str, n: int, amount: int) -> str:
        return words.counted(key, n, amount=f" {words.money(amount, currency)}" if amount else "")

    live = counted("show.stalled.live", count.live, count.live_amount)
    stuck = counted("show.stalled.stalled", count.stalled, count.stalled_amount)
    first: Run = (f"{live}  ", Span(stuck, "strong"), t("show.stalled.share", share=words.percent(count.share)))
    if not count.stalled:
        return [first]
    new = counted("show.stalled.new", count.new, count.new_amount)
    wide = sum(width(piece.text) for piece in spans((*first, f"  {new}")))
    if screen.terminal and wide > screen.columns:
        return [first, (new,)]
    return [(*first, f"  {new}")]


def _table(result: StalledPage, screen: "Screen") -> Table:
    more, hint = result.counted.stalled - len(result.rows), t("show.more_hint")
    if narrow(screen):
        rows = [row for one in result.rows for row in _two(one, result)]
        return Table(_two_columns(), rows, more, hint)
    new = Span(t("show.stalled.mark_new"), "warn")
    return Table(_columns(), [_one(row, result, new) for row in result.rows], more, hint)


def _columns() -> list[Column]:
    return [
        Column("id", t("show.head.id"), right=True),
        Column("deal", t("show.head.deal"), flex=True),
        Column("customer", t("show.head.customer"), flex=True),
        Column("owner", t("show.head.owner")),
        Column("stage", t("show.head.stage")),
        Column("days", t("show.head.days_norm"), right=True),
        Column("since", t("show.head.since"), right=True),
        Column("new", t("show.head.new")),
        Column("silence", t("show.head.silence"), right=True),
        Column("closes", t("show.head.closes"), right=True),
        Column("amount", t("show.head.amount"), right=True),
    ]


def _one(row: StalledRow, result: StalledPage, new: Span) -> list[Cell]:
    found, head, as_of = row.found, row.head, result.as_of
    return [
        show_id(head.id),
        head.name,
        head.customer,
        head.owner,
        result.agreement.stage_label(found.stage),
        words.held_against(found.stay_days, found.norm.days),
        words.day(found.began_on, as_of),
        new if found.new else "",
        words.days_short(row.silence_days),
        words.when(head.closes, as_of),
        words.money(found.amount, result.agreement.currency),
    ]


def _two_columns() -> list[Column]:
    return [
        Column("deal", _pair("deal", "owner"), flex=True),
        Column("stage", _pair("stage", "since")),
        Column("days", _pair("days", "silence"), right=True),
        Column("amount", _pair("amount", "closes"), right=True),
    ]


def _pair(first: str, second: str) -> str:
    return t("show.head.pair", first=t(f"show.head.{first}"), second=t(f"show.head.{second}"))


def _two(row: StalledRow, result: StalledPage) -> list[list[Cell]]:
    """Two rows a deal: what is asked about, then what it rests on."""
    found, head = row.found, row.head
    since = t("show.stalled.since", day=words.day(found.began_on, result.as_of))
    return [
        [
            named(head),
            result.agreement.stage_label(found.stage),
            words.held_against(found.stay_days, found.norm.days),
            words.money(found.amount, result.agreement.currency),
        ],
        [
            whose(head.owner, head.customer),
            Span(t("show.stalled.since_new", since=since), "warn") if found.new else Span(since, "dim"),
            Span(t("show.stalled.silence", days=words.days_short(row.silence_days)), "dim"),
            Span(words.when(head.closes, result.as_of), "dim"),
        ],
    ]


def _too_many(result: StalledPage) -> list[Block]:
    """Above half, the norm or the list itself is stale: what to type for either."""
    agreement = result.agreement
    lost = next((s.key for s in agreement.stages if s.ends == "lost"), None)
    blocks: list[Block] = [
        Prose(""),
        Prose(Span(t("show.stalled.too_many", share=words.percent(result.counted.share)), "strong")),
        Prose(t("show.stalled.too_many_norm"), indent=2, mark="-"),
    ]
    if result.rows and lost is not None:
        option = (agreement.key("stage") or "stage").replace("_", "-")
        command = f"nippo add {show_id(result.rows[0].head.id)} --{option} {lost}"
        blocks.append(Prose(t("show.stalled.too_many_list", command=command), indent=2, mark="-"))
    return blocks


def _nothing_live(result: StalledPage) -> list[Block]:
    if result.filtered:
        return [Prose(t("show.stalled.none_match"))]
    return [Prose(t("show.stalled.no_deals")), Prose(t("show.stalled.no_deals_hint"), indent=2)]


def _left_out(result: StalledPage) -> list[Block]:
    """What the counts do not hold, reason by reason; nothing leaves silently."""
    counted = [words.counted(f"show.left_out.{reason}", n) for reason, n in result.left_out.items() if n]
    if not counted:
        return []
    return [Prose(""), Prose(Span(t("show.left_out", reasons=t("show.comma").join(counted)), "dim"))]
