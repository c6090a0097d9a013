"""`nippo log` and `nippo search`: entries under the day they happened on."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby, takewhile
from typing import TYPE_CHECKING

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.render.draw import MOST_ENTRIES, Block, Heading, LazyRows, Page, Prose, Renderer, Run, Span
from nippo_cli.render.parts import entry_lines, remark_lines, shapes, words
from nippo_cli.results.entries import Beside, EntryView, LogPage, Remarked
from nippo_cli.results.remarks import DayNote

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

COLUMNS = (
    "id", "version", "on", "recorded_at", "known_on", "author", "deal.id", "deal.name", "deal.customer", "deal.owner",
    "customer_name", "meeting", "incomplete", "snapshot", "corrected", "erased", "batch",
)  # fmt: skip


def page(result: LogPage, screen: "Screen") -> Page:
    """Day by day in the order given; what is dated after `as_of` stands apart, below."""
    title, note = _title(result), _note(result)
    if not result.entries and not result.beside_total:
        return Page(_nothing(result), title, note)
    return Page(blocks(result, screen), title, note)


def to_json(result: LogPage) -> dict[str, object]:
    """The entries, and how many match; null where there are more and nobody counted them."""
    return {
        "as_of": result.as_of.isoformat(),
        "since": shapes.day(result.since),
        "until": shapes.day(result.until),
        **({"searched": result.searched} if result.searched else {}),
        "total": None if result.more else result.total,
        **({"total_is_exact": result.total_is_exact} if result.searched else {}),
        "more": result.more or _left(result) > 0,
        "incomplete": result.incomplete,
        "ahead": result.ahead,
        "entries": LazyRows(shapes.entry, result.entries),
        **(_beside_json(result.beside) if result.beside is not None else {}),
    }


def blocks(result: LogPage, screen: "Screen") -> Iterator[Block]:
    """Entries as they are read, those dated ahead once more for the end."""
    near, indent = result.as_of, entry_lines.indent_of(result.entries)
    past = (view for view in result.entries if view.on <= near)
    if result.likeliest:
        for view in past:
            yield from entry_lines.blocks(view, indent=indent, near=near, with_day=True)
    else:
        yield from _days(past, near, indent)
    if ahead := sum(1 for _ in _ahead(result)):
        yield Heading(t("show.log.ahead"), words.counted("show.entries", ahead))
        for view in _ahead(result):
            yield from entry_lines.blocks(view, indent=indent, near=near, with_day=True)
    if result.beside is not None:
        yield from _beside(result.beside, near)
    # How to see those that are not here.
    hint = t("html.all_entries", most=f"{MOST_ENTRIES:,}") if screen.opens else t("show.more_hint")
    yield from _foot(result, hint)


def _ahead(result: LogPage) -> Iterator[EntryView]:
    """The entries dated after the day; newest first they are the first of all."""
    if result.likeliest:
        return (view for view in result.entries if view.on > result.as_of)
    return takewhile(lambda view: view.on > result.as_of, result.entries)


def _days(entries: Iterable[EntryView], as_of: date, indent: int) -> Iterator[Block]:
    for on, views in groupby(entries, key=lambda view: view.on):
        same = list(views)
        yield Heading(words.day_name(on, as_of), words.counted("show.entries", len(same)))
        for view in same:
            yield from entry_lines.blocks(view, indent=indent, near=as_of)


def _title(result: LogPage) -> str:
    return t("show.log.found", text=result.searched) if result.searched else t("show.log.title")


def _note(result: LogPage) -> str:
    key = "show.log.latest" if result.more else "show.entries" if result.total_is_exact else "show.log.at_least"
    count = words.counted(key, result.total)
    if result.since is None and result.until is None:
        return count
    until = result.until or result.as_of
    if result.since is None:
        return f"{t('show.log.until', day=words.day(until))}  {count}"
    return f"{words.between(result.since, until)}  {count}"


def _foot(result: LogPage, hint: str) -> list[Block]:
    notes = []
    if result.more:
        notes.append(f"{t('show.log.more')}  {hint}")
    elif left := _left(result):
        key = "show.more" if result.total_is_exact else "show.log.more_at_least"
        notes.append(f"{words.counted(key, left)}  {hint}")
    if result.incomplete:
        notes.append(words.counted("show.log.incomplete", result.incomplete))
    return [Prose(""), *(Prose(Span(note, "dim")) for note in notes)] if notes else []


def _left(result: LogPage) -> int:
    """How many of what was counted are not here."""
    here = len(result.entries) + (result.beside.n if result.beside is not None else 0)
    return result.total + result.beside_total - here


def _nothing(result: LogPage) -> list[Block]:
    if result.workday_before is not None and not result.is_first:
        return [Prose(t("show.log.rest", on=result.workday_before.isoformat()))]
    if (result.searched or result.narrowed) and not result.is_first:
        return [Prose(t("show.log.none_match"))]
    return [Prose(t("show.log.none")), Prose(t("show.log.none_hint"), indent=2)]


def _beside(others: Beside, near: date) -> list[Block]:
    """What a search finds beside the entries: comments with what they are about, then days, then reviews; a heading each."""
    rows: list[Block] = []
    if others.comments:
        rows.append(Heading(t("show.comment.heading"), words.counted("show.count", len(others.comments))))
    rows += comments(others.comments, near)
    if others.days:
        rows.append(Heading(t("search.days"), words.counted("show.count", len(others.days))))
    rows += [Prose(_day_note(note, near), indent=2, mark="-") for note in others.days]
    if others.reviews:
        rows.append(Heading(t("search.reviews"), words.counted("show.count", len(others.reviews))))
    for review, deal in others.reviews:
        whom = f"{words.day_name(review.on, near)}  {review.who}  #{show_id(deal.id)} "
        rows.append(Prose((whom, Span(words.deal(deal), "strong"), f"  {review.text}"), indent=2, mark="-"))
    return rows


def comments(of: Sequence[Remarked], near: date) -> list[Block]:
    """Comments, each with what it is about."""
    rows: list[Block] = []
    for one in of:
        rows.append(Prose(remark_lines.line(one.comment, near), indent=2, mark="-"))
        about = remark_lines.about(one, near)
        rows.append(Prose(tuple(Span(c.text if isinstance(c, Span) else str(c), "dim") for c in about), indent=4))
    return rows


def _beside_json(others: Beside) -> dict[str, object]:
    """What a search finds beside the entries, as data."""
    return {
        "comments": [remark_lines.comment_json(one.comment) for one in others.comments],
        "days": [remark_lines.note_json(note) for note in others.days],
        "reviews": [{**shapes.review(one.review), "deal": shapes.deal(one.deal)} for one in others.reviews],
    }


def _day_note(note: DayNote, near: date) -> Run:
    said = [t("show.labelled", label=field.label, value=text) for field, text in remark_lines.day_texts(note)]
    parts = [part for part in (remark_lines.off_words(note), *said) if part]
    return (Span(note.author, "strong"), f" {words.day_name(note.on, near)}  {'  '.join(parts)}")


RENDERER = Renderer(LogPage, page=page, to_json=to_json, rows="entries", columns=COLUMNS)
