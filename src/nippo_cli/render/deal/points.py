"""The points of a line as rows: entries, and among them corrections, holds, hand-overs and deals begun from it."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.base.persons import same_person
from nippo_cli.base.text import pad, visible, width
from nippo_cli.line.facts import Promise, Review, Stay
from nippo_cli.line.span import Hold
from nippo_cli.render.draw import Block, Cell, Glyphs, Prose, Run, Span
from nippo_cli.render.parts import (
    MadeBy,
    PromiseMade,
    activity_label,
    field_words,
    made_by,
    promised_words,
    separator,
    words,
)
from nippo_cli.results.deals import DealPage
from nippo_cli.results.entries import EntryView, Version
from nippo_cli.schema.schema import Role

if TYPE_CHECKING:
    from nippo_cli.results.remarks import Comment

# Told by the head, the row's own head, or as a promise; whatever else an entry says stands under its facts.
_ELSEWHERE: tuple[Role, ...] = (
    "activity", "stage", "facts", "impression", "amount", "closes", "confidence", "next_step", "next_on", "customer",
    "deal", "kind",
)  # fmt: skip
_MARGIN = 2
# A longer text is not quoted twice in a row; `nippo show ID --history` has both.
_MOST_QUOTED = 24
_ENTRY, _AFTER_ENTRIES = 0, 1


class _Event(NamedTuple):
    """What stands on the line on a day; `rank` puts a day's entries first."""

    on: date
    rank: int
    what: EntryView | Run


class _Look(NamedTuple):
    """What every row of a page shares. The widths are those of the columns before an entry's words."""

    page: DealPage
    marks: Glyphs
    made: MadeBy
    day: int
    gap: int
    activity: int

    @property
    def indent(self) -> int:
        """Where an entry's words begin."""
        return self.day + self.gap + 2 * _MARGIN


def rows(page: DealPage, marks: Glyphs) -> list[Block]:
    """Every point in order, each year under its number."""
    made = made_by(page.line.promises)
    events = sorted(_events(page, marks, made), key=lambda e: (e.on, e.rank))
    look = _look(page, marks, made, events)
    moves = {stay.entry: place for place, stay in enumerate(page.line.stays)}
    blocks: list[Block] = []
    year, before, author = 0, None, page.line.head.owner
    for event in events:
        if event.on.year != year:
            year = event.on.year
            blocks.append(Prose(Span(t("timeline.year", year=year), "dim")))
        if isinstance(event.what, EntryView):
            entry = event.what
            blocks.append(_entry_head(look, entry, before, moves.get(entry.id), named=entry.author != author))
            blocks.extend(Prose(text, indent=look.indent) for text in _entry_words(look, entry))
            before, author = entry.on, entry.author
        else:
            lead = pad(words.day_name(event.on, event.on), look.indent)
            blocks.append(Prose(event.what, indent=look.indent, mark=lead.rstrip()))
    return blocks


def owner_words(page: DealPage) -> Cell | Run:
    """Whose the deal is; where somebody handed it over, who and when."""
    owner, handovers = page.line.head.owner, page.record.handovers
    if not handovers or same_person(page.givers[-1], owner):
        return owner
    day = words.day_name(handovers[-1].on, page.as_of)
    return (owner, Span(t("deal.handed_by", giver=page.givers[-1], day=day), "dim"))


def handovers_json(page: DealPage) -> list[dict[str, object]]:
    """Every handover, from whom to whom."""
    return [
        {"id": show_id(one.id), "on": one.on.isoformat(), "from": giver, "owner": one.owner}
        for giver, one in zip(page.givers, page.record.handovers, strict=True)
    ]


def hold_words(hold: Hold, near: date) -> Run:
    """From when to when, and why."""
    span = t("show.span", first=words.day(hold.first, near), last=words.day(hold.last, near))
    return (span, f"  {hold.why}") if hold.why else (span,)


def _look(page: DealPage, marks: Glyphs, made: MadeBy, events: Sequence[_Event]) -> _Look:
    gaps = [(b.on - a.on).days for a, b in zip(page.points, page.points[1:], strict=False)]
    return _Look(
        page,
        marks,
        made,
        day=max(width(words.day_name(e.on, e.on)) for e in events),
        gap=max((width(_since(days)) for days in gaps), default=0),
        activity=max(width(visible(activity_label(p))) for p in page.points),
    )


def _since(days: int) -> str:
    return t("deal.days_later", n=days)


def _events(page: DealPage, marks: Glyphs, made: MadeBy) -> Iterator[_Event]:
    """The entries, and what is told between them: holds, handovers, up-sells, comments, reviews."""
    for entry in page.points:
        yield _Event(entry.on, _ENTRY, entry)
    for hold in page.line.head.holds:
        yield _Event(
            hold.first, _AFTER_ENTRIES, (Span(t("deal.hold_row"), "strong"), "  ", *hold_words(hold, hold.first))
        )
    for giver, handover in zip(page.givers, page.record.handovers, strict=True):
        lead = Span(t("deal.handover_row"), "strong")
        yield _Event(handover.on, _AFTER_ENTRIES, (lead, f"  {giver} {marks.moved} {handover.owner}"))
    for child in page.children:
        yield _Event(
            child.began_on,
            _AFTER_ENTRIES,
            (
                Span(t("deal.child_row"), "strong"),
                f"  #{show_id(child.id)} {words.deal(child, beside=page.line.head.customer)}",
            ),
        )
    for comment in page.comments:
        about = comment.parent or comment.entry
        lead = Span(t("deal.comment_row", id=show_id(about)) if about else t("deal.own_comment_row"), "strong")
        yield _Event(comment.on, _AFTER_ENTRIES, (lead, "  ", *_comment_text(comment, page.as_of)))
    for place, review in enumerate(page.reviews, 1):
        yield _Event(review.on, _AFTER_ENTRIES, _review(review, page, stands=place == len(page.reviews)))
    yield from _corrections(page, marks, made)


def _comment_text(comment: "Comment", as_of: date) -> Run:
    # Most deals have none.
    from nippo_cli.render.parts import remark_lines

    return remark_lines.undated_line(comment, as_of)


def _corrections(page: DealPage, marks: Glyphs, made: MadeBy) -> Iterator[_Event]:
    """Each correction on the day it was made: what it changed, what it promised anew, and why."""
    of = {p.id: p for p in page.points}
    late = {key: promises for key, promises in made.items() if key[0] in of and key[1] != of[key[0]].on}
    stated: set[tuple[int, date]] = set()
    for entry, versions in page.corrections.items():
        for version in versions:
            if entry not in of:
                continue
            key = (entry, version.known_on)
            promised = () if key in stated else late.get(key, ())
            stated.add(key)
            yield _Event(version.known_on, _AFTER_ENTRIES, _correction(page, of[entry], version, promised, marks))
    for key in sorted(set(late) - stated):
        lead = Span(t("deal.version.amend", id=show_id(key[0])), "strong")
        yield _Event(key[1], _AFTER_ENTRIES, (lead, "  ", *promised_words(page, late[key], marks)))


def _correction(
    page: DealPage, entry: EntryView, version: Version, promised: Sequence[PromiseMade], marks: Glyphs
) -> Run:
    """A correction: which values it changed, which promises, and why."""
    parts: list[Cell] = [Span(t(f"deal.version.{version.what}", id=show_id(entry.id)), "strong")]
    skipped = {entry.schema.key(role) for made in promised for role in _roles(made.promise)}
    changes = [
        t("deal.rewritten", label=label)
        if max(len(old), len(new)) > _MOST_QUOTED
        else t("deal.changed", label=label, old=old, arrow=marks.moved, new=new)
        for label, old, new in _changes(entry, version, skipped)
    ]
    if changes:
        parts.append("  " + separator(marks).join(changes))
    if promised:
        parts.extend(("  ", *promised_words(page, promised, marks)))
    if version.why:
        parts.append(Span(t("deal.why", why=version.why), "dim"))
    return tuple(parts)


def _roles(promise: Promise) -> tuple[Role, ...]:
    return ("next_step", "next_on") if promise.what == "next" else (promise.what,)


def _changes(entry: EntryView, version: Version, skipped: set[str | None]) -> Iterator[tuple[str, str, str]]:
    """Each change of a version in words: its label, what was there, what is there; what `skipped` names is left out."""
    names = {
        "on": "deal.changed_on",
        "deal": "word.deal",
        "author": "deal.changed_author",
        "snapshot": "deal.changed_snapshot",
    }
    for key, (old, new) in version.changed.items():
        field = entry.schema.by_key.get(key)
        if key in skipped:
            continue
        if field is None:
            yield t(names[key]) if key in names else key, _plain(old), _plain(new)
        else:
            yield field.label, words.value(field, old, entry.schema), words.value(field, new, entry.schema)


def _plain(value: object) -> str:
    return t("show.yes" if value else "show.no") if isinstance(value, bool) else str(value or words.NOTHING)


def _entry_head(look: _Look, entry: EntryView, before: date | None, stay: int | None, *, named: bool) -> Prose:
    """Day, days since the last, activity, the move of stage, then what is to be known of the entry."""
    gap = _since((entry.on - before).days) if before else ""
    activity = visible(activity_label(entry))
    lead = pad(words.day_name(entry.on, entry.on), look.day + _MARGIN) + pad(gap, look.gap, right=True)
    parts: list[Cell] = [pad(activity, look.activity + _MARGIN)]
    if stay is not None and look.page.line.stays[stay].stage:
        parts.extend((*_move(look, stay), "  "))
    if entry.incomplete:
        parts.append(Span(t("word.incomplete") + "  ", "warn"))
    if entry.on > look.page.as_of:
        parts.append(Span(t("deal.ahead") + "  ", "dim"))
    if entry.snapshot:
        parts.append(Span(t("show.entry.snapshot") + "  ", "dim"))
    if entry.corrected:
        parts.append(Span(t("deal.corrected") + "  ", "dim"))
    tail = f"#{show_id(entry.id)}" + (f" {entry.author}" if named else "")
    parts.append(Span(tail, "dim"))
    return Prose(tuple(parts), indent=look.indent, mark=lead.rstrip())


def _move(look: _Look, place: int) -> Run:
    """`▶ 提案（デモ 28日）`: the stage entered, and how long the one before it lasted."""
    page, marks = look.page, look.marks
    stay = page.line.stays[place]
    label = page.schema.stage_label(stay.stage)
    known = page.schema.stage_by_key.get(stay.stage)
    ends = known.ends if known else None
    if ends:
        shown = Span(f"{marks.won if ends == 'won' else marks.lost} {label}", "good" if ends == "won" else "bad")
    elif stay.step < 0:
        shown = Span(t("deal.back", mark=marks.back, stage=label), "warn")
    else:
        shown = Span(f"{marks.stage} {label}", "strong")
    if not place:
        return (shown,)
    return (shown, *_left(page, page.line.stays[place - 1]))


def _left(page: DealPage, stay: Stay) -> Run:
    if stay.days is None:
        return ()
    text = t("deal.left", stage=page.schema.stage_label(stay.stage), days=words.days_short(stay.days))
    return (Span(text, "dim"),)


def _entry_words(look: _Look, entry: EntryView) -> Iterator[Run]:
    """The facts; the impression apart from them; what was promised; whatever else the entry says."""
    if entry.erased:
        yield (Span(t("show.entry.erased"), "dim"),)
        return
    if entry.damaged:
        yield (Span(t("show.entry.damaged"), "bad"),)
    if facts := field_words(entry, "facts"):
        yield (facts,)
    if impression := field_words(entry, "impression"):
        label = entry.schema.by_role["impression"].label
        yield (Span(t("show.labelled", label=label, value=impression), "dim"),)
    if promised := look.made.get((entry.id, entry.on)):
        yield promised_words(look.page, promised, look.marks)
    stated = {entry.schema.key(role) for role in _ELSEWHERE}
    rest = [
        t("show.labelled", label=f.label, value=words.value(f, entry.values[f.key], entry.schema, entry.on))
        for f in entry.schema.fields
        if f.key in entry.values and f.key not in stated
    ]
    if rest:
        yield (Span(separator(look.marks).join(rest), "dim"),)


def _review(review: Review, page: DealPage, *, stands: bool) -> Run:
    """`振り返り  価格と予算の開き（顧客に聞いた・佐藤）  見積が…`; one that a later one replaced says so."""
    parts: list[Cell] = [Span(t("deal.review_row"), "strong"), "  "]
    if review.cause:
        parts.append(words.cause_label(review.cause, page.schema))
    parts.append(Span(t("deal.review_by", known=t(f"deal.known_{review.known_by}"), who=review.who), "dim"))
    if not stands:
        parts.append(Span(t("deal.review_replaced"), "dim"))
    return (*parts, f"  {review.text}  ", Span(f"#{show_id(review.id)}", "dim"))
