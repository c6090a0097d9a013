"""Comments and a day's remarks as rows, on whatever page they stand."""

from collections.abc import Sequence
from datetime import date

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.render.draw import Block, Cell, Prose, Run, Span
from nippo_cli.render.parts import words
from nippo_cli.render.parts.entry_lines import field_words, whom
from nippo_cli.results.entries import Remarked
from nippo_cli.results.remarks import Acknowledgement, Comment, DayNote
from nippo_cli.schema.schema import DayField, day_fields


def thread(comments: Sequence[Comment], near: date, *, indent: int = 0) -> list[Block]:
    """Comments, each followed by the answers to it, these further in."""
    here = {c.id for c in comments}
    rows: list[Block] = []

    def follow(one: Comment, depth: int) -> None:
        rows.append(Prose(line(one, near), indent=indent + 2 * depth, mark=" " * (indent + 2 * depth - 2) + "-"))
        for answer in comments:
            if answer.parent == one.id:
                follow(answer, depth + 1)

    for one in comments:
        if one.parent not in here:
            follow(one, 1)
    return rows


def line(comment: Comment, near: date) -> Run:
    """`部長 11/24(火)  見積はいつ出しますか  （11/27まで・未回答） #45`."""
    return (Span(comment.author, "strong"), f" {words.day_name(comment.on, near)}  ", *_text(comment, near))


def undated_line(comment: Comment, near: date) -> Run:
    """The same where the day stands before the row."""
    return (f"{comment.author}  ", *_text(comment, near))


def _text(comment: Comment, near: date) -> Run:
    parts: list[Cell] = [Span(t("show.decision.lead"), "strong"), comment.text] if comment.decision else [comment.text]
    if state := state_of(comment, near):
        parts.append(Span(f"  {state}", "warn" if comment.open else "dim"))
    parts.append(Span(f"  #{show_id(comment.id)}", "dim"))
    return tuple(parts)


def state_of(comment: Comment, near: date) -> str:
    """By when an answer is asked for, and whether it still is; empty for an answer that asks nothing."""
    if not comment.asks:
        return ""
    if comment.decision:
        return _decision_state(comment, near)
    if comment.done_on is not None:
        return t("show.comment.done")
    if comment.answered is not None:
        return ""
    if comment.due is None:
        return t("show.comment.open")
    late = (near - comment.due).days
    due = words.day_name(comment.due, near)
    return t("show.comment.overdue", due=due, days=words.days(late)) if late > 0 else t("show.comment.due", due=due)


def _decision_state(comment: Comment, near: date) -> str:
    """Who has to carry it out, and by when; or since when that is done."""
    who = t("show.decision.who", who=comment.who) if comment.who else ""
    if comment.done_on is not None:
        return t("show.decision.done", who=who, on=words.day_name(comment.done_on, near))
    if comment.due is None:
        return t("show.decision.open", who=who)
    late = (near - comment.due).days
    due = words.day_name(comment.due, near)
    if late > 0:
        return t("show.decision.overdue", who=who, due=due, days=words.days(late))
    return t("show.decision.due", who=who, due=due)


def came_of(comment: Comment) -> Run:
    """What was said of a decision as it was done, for a page on which the answers to it don't stand."""
    return (f"  {t('show.decision.came_of', text=comment.came_of)}",) if comment.came_of else ()


def about(of: Remarked, near: date) -> Run:
    """What a comment is about: the entry in a row, the deal, or the day and whose it is."""
    comment, entry = of.comment, of.entry
    if of.deal is not None:
        return (f"#{show_id(of.deal.id)} ", Span(words.deal(of.deal), "strong"))
    if entry is None:
        on = words.day_name(comment.day, near) if comment.day else ""
        return (t("show.comment.of_day", day=on, of=comment.of) if comment.of else t("show.comment.of_any", day=on),)
    return (
        f"#{show_id(entry.id)} {words.day_name(entry.on, near)}  ", *whom(entry), f"  {field_words(entry, 'activity')}".rstrip(),
    )  # fmt: skip


def off_words(note: DayNote) -> str:
    """`休み（有給）`; empty for a day of work."""
    if note.off is None:
        return ""
    return t("show.day.off_why", why=note.off) if note.off else t("show.day.off")


def day_texts(note: DayNote) -> list[tuple[DayField, str]]:
    """What a day's fields say, in words, in the order of the schema that they were written under."""
    said = []
    for field in day_fields(note.schema):
        value = next((note.values[key] for key in (field.key, *field.was) if key in note.values), None)
        if value is not None:
            said.append((field, words.value(field.field, value, note.schema, note.on)))
    return said


def readers(of: Sequence[Acknowledgement], near: date, *, indent: int) -> list[Block]:
    """`確認: 部長 11/24(火)`; nothing where nobody says that they have read it."""
    if not of:
        return []
    names = t("show.comma").join(f"{one.author} {words.day_name(one.on, near)}" for one in of)
    return [Prose(Span(t("show.read_by", names=names), "dim"), indent=indent)]


def reader_json(of: Acknowledgement) -> dict[str, object]:
    """Who has read something, and since when that is known."""
    return {"author": of.author, "on": of.on.isoformat()}


def comment_json(of: Comment) -> dict[str, object]:
    """A comment; one of `entry`, `deal` and `day` says what it is about."""
    from nippo_cli.render.parts import shapes

    return {
        "id": show_id(of.id),
        "entry": shapes.maybe_id(of.entry),
        "deal": shapes.maybe_id(of.deal),
        "day": shapes.day(of.day),
        "of": of.of or None,
        "parent": shapes.maybe_id(of.parent),
        "author": of.author,
        "on": of.on.isoformat(),
        "text": of.text,
        "due": shapes.day(of.due),
        "open": of.open,
        "done": of.done_on is not None,
        "done_on": shapes.day(of.done_on),
        "answered": shapes.maybe_id(of.answered),
        "decision": of.decision,
        "who": of.who or None,
        "came_of": of.came_of or None,
    }


def note_json(of: DayNote) -> dict[str, object]:
    """A day's remarks; `off` is null on a day of work."""
    return {
        "id": show_id(of.id),
        "on": of.on.isoformat(),
        "author": of.author,
        "off": of.off,
        "values": dict(of.values),
    }
