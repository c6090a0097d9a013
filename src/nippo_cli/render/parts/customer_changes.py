"""Deals whose customer a write changed: a row each, for whatever answers to the write."""

from collections.abc import Sequence

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.render.draw import Block, Glyphs, Prose, Span
from nippo_cli.render.parts import words
from nippo_cli.results.recap import CustomerChange

MOST = 10
_INDENT = 2


def blocks(changes: Sequence[CustomerChange], marks: Glyphs, *, own: int | None = None) -> list[Block]:
    """`customer A社 → B社`; the deal stands before it where it is not the one that the answer is about, `own`."""
    rows: list[Block] = [Prose(Span(_row(one, marks, own), "strong"), indent=_INDENT) for one in changes[:MOST]]
    if len(changes) > MOST:
        rows.append(Prose(Span(words.counted("show.more", len(changes) - MOST), "dim"), indent=_INDENT))
    return rows


def _row(one: CustomerChange, marks: Glyphs, own: int | None) -> str:
    changed = t("recap.customer", before=one.before, arrow=marks.moved, after=one.after or t("recap.customer.none"))
    if one.deal in (own, None):
        return changed
    return t("recap.customer.of", deal=one.name, id=show_id(one.deal or 0), changed=changed)


def to_json(changes: Sequence[CustomerChange]) -> list[dict[str, object]]:
    """The deals with both customers; `after` is null where a deal has none any more, `deal` where it is the entry that
    moved."""
    return [
        {
            "deal": {"id": show_id(one.deal), "name": one.name} if one.deal is not None else None,
            "before": one.before,
            "after": one.after or None,
        }
        for one in changes
    ]
