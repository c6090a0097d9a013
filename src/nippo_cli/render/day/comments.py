"""`nippo comment` alone: the comments that wait for an answer, and the decisions that wait to be carried out."""

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
        rows.append(Prose(tuple(_dim(remark_lines.about(one, as_of))), indent=4))
    rows.append(Prose(Span(_hint(waiting), "dim")))
    return rows


def _hint(waiting: "Sequence[Remarked]") -> str:
    """How to answer the first comment; where there are decisions alone, how to say what became of the first."""
    answered = next((one.comment for one in waiting if not one.comment.decision), None)
    if answered is not None:
        return t("show.comment.hint", id=show_id(answered.id))
    return t("show.decision.hint", id=show_id(waiting[0].comment.id))


def _dim(run: "Sequence[object]") -> list[Span]:
    return [Span(cell.text if isinstance(cell, Span) else str(cell), "dim") for cell in run]


RENDERER = Renderer(CommentList, page=page, to_json=to_json, rows="comments")
