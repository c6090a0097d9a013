"""`nippo gap --compare`: what came, what went, what got worse and what better between two days."""

from collections import Counter
from typing import TYPE_CHECKING

from nippo_cli.base.language import t
from nippo_cli.render.draw import Block, Cell, Column, Heading, Page, Prose, Renderer, Span, Table, Tone
from nippo_cli.render.gaps.page import title
from nippo_cli.render.parts import named, narrow, shapes, words
from nippo_cli.results.gap import Change, ComparePage

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

COLUMNS = ("kind", "what", "deal.id", "deal.name", "deal.customer", "deal.owner", "amount", "before", "after", "became")
WHATS = ("gone", "new", "worse", "better", "same")
# What is still there as it was needs no row of its own.
_LISTED = ("gone", "new", "better", "worse")
_TONES: dict[str, Tone] = {"gone": "good", "better": "good", "new": "warn", "worse": "plain", "same": "dim"}


def page(result: ComparePage, screen: "Screen") -> Page:
    """A count of each kind's changes, then the deals behind them."""
    note = t("show.compare.note", earlier=words.day(result.earlier), as_of=words.day(result.as_of))
    if not result.changes:
        return Page([Prose(t("show.compare.none"))], t("show.compare.title"), note)
    blocks: list[Block] = [_counts(result)]
    for kind in result.kinds:
        changes = [c for c in result.changes if c.kind == kind and c.what in _LISTED]
        if changes:
            changes.sort(key=lambda c: _LISTED.index(c.what))
            blocks += [Heading(title(kind)), _table(changes, result, screen)]
    return Page(blocks, t("show.compare.title"), note)


def to_json(result: ComparePage) -> dict[str, object]:
    """Every change; `before` and `after` are what the kind measures, in days or a count."""
    return {
        "earlier": result.earlier.isoformat(),
        "as_of": result.as_of.isoformat(),
        "currency": shapes.currency(result.schema.currency),
        "counts": {kind: _counted(result, kind) for kind in result.kinds},
        "changes": [
            {
                "kind": c.kind,
                "what": c.what,
                "deal": shapes.deal(c.head),
                "amount": c.head.amount,
                "before": c.before,
                "after": c.after,
                "became": c.became,
            }
            for c in result.changes
        ],
    }


def _counted(result: ComparePage, kind: str) -> dict[str, int]:
    counted = Counter(c.what for c in result.changes if c.kind == kind)
    return {what: counted[what] for what in WHATS}


def _counts(result: ComparePage) -> Table:
    rows: list[list[Cell]] = []
    for kind in result.kinds:
        counted = _counted(result, kind)
        if any(counted.values()):
            rows.append([title(kind), *(f"{counted[what]:,}" for what in WHATS)])
    heads = [Column(what, t(f"show.compare.{what}"), right=True) for what in WHATS]
    return Table([Column("kind", ""), *heads], rows)


def _table(changes: list[Change], result: ComparePage, screen: "Screen") -> Table:
    """The changes of one kind, a row each."""
    shown = changes[: screen.limit] if screen.limit else changes
    columns = [
        Column("what", ""),
        Column("deal", t("show.head.deal"), flex=True),
        *([] if narrow(screen) else [Column("customer", t("show.head.customer"), flex=True)]),
        Column("owner", t("show.head.owner")),
        Column("measure", t("show.compare.measure"), right=True),
        Column("amount", t("show.head.amount"), right=True),
        Column("became", t("show.head.outcome")),
    ]
    rows = [_row(change, result, screen) for change in shown]
    return Table(columns, rows, len(changes) - len(shown), t("show.more_hint"))


def _row(change: Change, result: ComparePage, screen: "Screen") -> list[Cell]:
    """What changed, whose deal it is, and the measure on both days."""
    head = change.head
    measures = ["–" if n is None else f"{n:,}" for n in (change.before, change.after)]
    return [
        Span(t(f"show.compare.{change.what}"), _TONES[change.what]),
        named(head),
        *([] if narrow(screen) else [head.customer]),
        head.owner,
        f"{measures[0]} {t('show.compare.to')} {measures[1]}",
        words.money(head.amount, result.schema.currency),
        t(f"show.outcome.{change.became}"),
    ]


RENDERER = Renderer(
    ComparePage,
    page=page,
    to_json=to_json,
    rows="changes",
    columns=COLUMNS,
    cells={"kind": "choice.gap.", "what": "show.compare."},
)
