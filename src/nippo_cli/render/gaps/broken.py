"""`nippo gap broken`: stages passed over, moves back that were not agreed on, evidence that was never recorded."""

from typing import TYPE_CHECKING

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.render.draw import Block, Cell, Column, Prose, Span, Table
from nippo_cli.render.gaps import table
from nippo_cli.render.gaps.page import GapRenderer
from nippo_cli.render.gaps.signs import broken_words
from nippo_cli.render.gaps.table import Wide
from nippo_cli.render.parts import named, narrow, whose, words
from nippo_cli.results.gap import GapPage, GapRow

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

_COLUMNS = ("skipped", "returned", "unrecorded", "signs")
_KINDS = ("skipped", "returned", "unrecorded")


def blocks(result: GapPage, screen: "Screen") -> list[Block]:
    """A summary line and the findings; of a schema that states nothing, what to write into it."""
    count = result.counted
    if not any(count.stated):
        return _nothing_stated()
    if not count.live and not count.closed:
        return table.nothing_live(result)
    return [
        *_summary(result),
        *([_table(result, screen)] if result.rows else []),
        *table.question(result, "show.broken.question", none="show.broken.none"),
    ]


def brief(result: GapPage, screen: "Screen") -> list[Block]:
    """The same on the whole page; of a schema that states nothing, that alone."""
    if any(result.counted.stated):
        return blocks(result, screen)
    return [Prose(Span(t("show.broken.nothing_brief"), "dim"))]


def lacking(result: GapPage) -> str:
    """The schema states nothing that could be broken."""
    return "" if any(result.counted.stated) else t("show.broken.nothing_brief")


def summary(result: GapPage) -> dict[str, object]:
    """Deals looked at and broken, and how many signs of each kind."""
    count = result.counted
    return {
        "live": count.live,
        "closed": count.closed,
        "broken": count.broken,
        "broken_amount": count.broken_amount,
        "new": count.new,
        "signs": {kind: count.signs.get(kind, 0) for kind in _KINDS},
        "agreed": count.stated._asdict(),
    }


def entries(row: GapRow) -> list[int]:
    """The entries that the signs rest on."""
    return list(row.finding.entries)


def finding(row: GapRow, _result: GapPage) -> dict[str, object]:
    """How many of each kind, and each sign with its day and entry."""
    signs = row.finding.signs
    return {
        **{kind: sum(sign.what == kind for sign in signs) for kind in _KINDS},
        "signs": [
            {
                "what": sign.what, "stage": sign.stage, "to": sign.to, "on": sign.on.isoformat(),
                "entry": show_id(sign.entry),
            }
            for sign in signs
        ],
    }  # fmt: skip


def _summary(result: GapPage) -> list[Block]:
    count, lists = result.counted, table.GapLists(result)
    looked = lists.ended_too(words.counted("show.broken.looked_at", count.live + count.closed))
    matches = table.counts_line("show.broken.found", count.broken, count.broken_amount, result.schema.currency)
    kinds = [words.counted(f"show.broken.n_{kind}", n) for kind in _KINDS if (n := count.signs.get(kind, 0))]
    said = (looked, "  ", lists.matching(Span(matches, "strong")), f"  {t('show.dot').join(kinds)}" if kinds else "")
    return [Prose(said), *lists.blocks()]


def _table(result: GapPage, screen: "Screen") -> Table:
    """A row a sign; the deal stands in each, so that every row says whose it is. In a narrow one it stands beside them."""
    more, hint = result.total - len(result.rows), t("show.more_hint")
    if narrow(screen):
        return Table(_narrow_columns(), [line for row in result.rows for line in _narrow(row, result)], more, hint)
    signs = [row._replace(detail=one) for row in result.rows for one in row.finding.signs]
    return Table(table.heads(_WIDE), [table.cells(row, result, _WIDE) for row in signs], more, hint)


_WIDE = (
    *table.DEAL,
    table.STAGE,
    Wide("sign", "show.broken.head", lambda row, result: broken_words(row.detail, result.schema), flex=True),
    Wide("on", "show.broken.head_on", lambda row, result: words.day(row.detail.on, result.as_of), right=True),
    Wide("new", "show.head.new", lambda row, result: table.new_mark(new=row.detail.on >= result.since)),
    Wide("entry", "show.broken.head_entry", lambda row, _: show_id(row.detail.entry), right=True),
    table.AMOUNT,
)


def _narrow_columns() -> list[Column]:
    return [
        Column("deal", words.pair("show.head.deal", "show.head.owner"), flex=True),
        Column("sign", t("show.broken.head"), flex=True),
        Column("on", t("show.broken.head_on"), right=True),
        Column("amount", t("show.head.amount"), right=True),
    ]


def _narrow(row: GapRow, result: GapPage) -> list[list[Cell]]:
    """At least two rows a deal: its name and whose it is on the left, a sign a row beside them."""
    signs, head = row.finding.signs, row.head
    left: list[Cell] = [named(head), whose(head.owner, head.customer)]
    rows: list[list[Cell]] = []
    for n in range(max(len(left), len(signs))):
        said: list[Cell] = ["", ""]
        if n < len(signs):
            one = signs[n]
            day = words.day(one.on, result.as_of)
            said = [broken_words(one, result.schema), Span(day, "warn") if one.on >= result.since else day]
        rows.append([left[n] if n < len(left) else "", *said, table.amount(row, result) if n == 0 else ""])
    return rows


def _nothing_stated() -> list[Block]:
    return [
        Prose(t("show.broken.nothing_agreed")),
        Prose(t("show.broken.write_must"), indent=2, mark="-"),
        Prose(t("show.broken.write_return"), indent=2, mark="-"),
        Prose(t("show.broken.write_evidence"), indent=2, mark="-"),
    ]


RENDERER = GapRenderer(
    blocks=blocks,
    brief=brief,
    ask="show.broken.ask",
    lacking=lacking,
    summary=summary,
    finding=finding,
    columns=_COLUMNS,
    entries=entries,
)
