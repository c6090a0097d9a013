"""`nippo comment` alone: the comments that wait for an answer."""

from typing import TYPE_CHECKING

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.render.draw import Block, Page, Prose, Renderer, Span
from nippo_cli.render.parts import remark_lines, words
from nippo_cli.results.entries import CommentList, Remarked

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from nippo_cli.render.draw import Screen


def page(result: CommentList, _screen: "Screen") -> Page:
    """Each under what it is about, and how to answer the first."""
    title = t("show.comment.title")
    if not result.waiting:
        return Page([Prose(Span(t("show.comment.none"), "good"))], title)
    count = words.counted("show.count", len(result.waiting))
    return Page(blocks(result.waiting, result.as_of), title, count)


def to_json(result: CommentList) -> dict[str, object]:
    """The comments that wait."""
    return {
        "as_of": result.as_of.isoformat(),
        "comments": [remark_lines.comment_json(one.comment) for one in result.waiting],
    }


def blocks(waiting: "Sequence[Remarked]", as_of: "date") -> list[Block]:
    """Two rows a comment: what it says, what it is about; then how to answer."""
    rows: list[Block] = []
    for one in waiting:
        rows.append(Prose(remark_lines.line(one.comment, as_of), indent=2, mark="-"))
        rows.append(Prose(tuple(_dim(remark_lines.about(one.comment, one.entry, as_of))), indent=4))
    rows.append(Prose(Span(t("show.comment.hint", id=show_id(waiting[0].comment.id)), "dim")))
    return rows


def _dim(run: "Sequence[object]") -> list[Span]:
    return [Span(cell.text if isinstance(cell, Span) else str(cell), "dim") for cell in run]


RENDERER = Renderer(CommentList, page=page, to_json=to_json, rows="comments")
