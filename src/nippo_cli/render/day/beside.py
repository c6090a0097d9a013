"""What a search finds beside the entries, in rows."""

from datetime import date

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.render.draw import Block, Heading, Prose, Run, Span
from nippo_cli.render.parts import remark_lines, review_json, shapes, words
from nippo_cli.results.entries import Beside
from nippo_cli.results.remarks import DayNote


def blocks(found: Beside, near: date) -> list[Block]:
    """Comments with what they are about, then days, then reviews; a heading each."""
    rows: list[Block] = []
    if found.comments:
        rows.append(Heading(t("show.comment.heading"), words.counted("show.count", len(found.comments))))
    for one in found.comments:
        rows.append(Prose(remark_lines.line(one.comment, near), indent=2, mark="-"))
        about = remark_lines.about(one.comment, one.entry, near)
        rows.append(Prose(tuple(Span(c.text if isinstance(c, Span) else str(c), "dim") for c in about), indent=4))
    if found.days:
        rows.append(Heading(t("search.days"), words.counted("show.count", len(found.days))))
    rows += [Prose(_day(note, near), indent=2, mark="-") for note in found.days]
    if found.reviews:
        rows.append(Heading(t("search.reviews"), words.counted("show.count", len(found.reviews))))
    for review, deal in found.reviews:
        whom = f"{words.day_name(review.on, near)}  {review.who}  #{show_id(deal.id)} "
        rows.append(Prose((whom, Span(deal.name, "strong"), f"  {review.text}"), indent=2, mark="-"))
    return rows


def to_json(found: Beside) -> dict[str, object]:
    """The same as data."""
    return {
        "comments": [remark_lines.comment_json(one.comment) for one in found.comments],
        "days": [remark_lines.note_json(note) for note in found.days],
        "reviews": [{**review_json(one.review), "deal": shapes.deal(one.deal)} for one in found.reviews],
    }


def _day(note: DayNote, near: date) -> Run:
    said = [t("show.labelled", label=field.label, value=text) for field, text in remark_lines.said_of(note)]
    parts = [part for part in (remark_lines.off_words(note), *said) if part]
    return (Span(note.author, "strong"), f" {words.day_name(note.on, near)}  {'  '.join(parts)}")
