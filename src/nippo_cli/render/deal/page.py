"""`nippo deal show`: a deal's head, then every point of its line in order."""

from typing import TYPE_CHECKING, Any

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t, tn
from nippo_cli.line.ball import ball_split
from nippo_cli.line.facts import DealSummary, lead_days
from nippo_cli.render.deal import points as deal_points
from nippo_cli.render.draw import Block, Cell, FactRows, Glyphs, Heading, Page, Renderer, Run, Span, Tone
from nippo_cli.render.draw.glyphs import glyphs
from nippo_cli.render.parts import (
    ball_days,
    ball_held,
    ball_json,
    ball_label,
    moves,
    revisit_words,
    separator,
    stay_days,
    words,
)
from nippo_cli.results.deals import DealPage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nippo_cli.line.ball import BallSplit
    from nippo_cli.line.facts import Stay
    from nippo_cli.render.draw import Screen
    from nippo_cli.results.deal_status import Sign
    from nippo_cli.results.entries import Version
    from nippo_cli.schema.schema import Role, Schema

_MOST_NAMED = 5

_TONES: dict[str, Tone] = {"won": "good", "lost": "bad", "fizzled": "warn", "open": "strong"}


def page(result: DealPage, screen: "Screen") -> Page:
    """The head as labels and values, what is unknown left out; then the line."""
    marks = glyphs(ascii_only=screen.ascii)
    head = result.line.head
    days = (max(result.as_of, head.last_on) if head.closed_on is None else head.last_on) - head.began_on
    note = separator(marks).join((tn("deal.entries", head.entries), words.contacts(head), words.days(days.days)))
    return Page(
        [
            *head_rows(result, marks),
            *(_picture(result) if screen.pictures else ()),
            Heading(t("deal.line"), note),
            *deal_points.rows(result, marks),
        ],
        title=head.name,
        note=f"#{show_id(head.id)}  {t('show.as_of', day=words.day_name(result.as_of))}",
    )


def head_rows(result: DealPage, marks: Glyphs) -> list[Block]:
    """The head as labels and values."""
    return [FactRows([pair for pair in _pairs(result, marks) if pair[1]])]


def _picture(result: DealPage) -> "Sequence[Block]":
    from nippo_cli.render.deal import promise_picture

    return promise_picture.pictures(result)


def to_json(result: DealPage) -> dict[str, object]:
    """The head's fields, then the stays, promises, entries and what else stands on the line."""
    from nippo_cli.render.deal import precedents
    from nippo_cli.render.parts import lesson_json, remark_lines, shapes

    head = shapes.status(result.status)
    head["entry_count"], head["contact_count"] = head.pop("entries"), head.pop("contacts")
    return {
        "as_of": result.as_of.isoformat(),
        **head,
        "quiet": shapes.quiet(result.quiet),
        "currency": shapes.currency(result.schema.currency),
        "aliases": list(result.record.aliases),
        "signs": list(map(_sign_json, result.signs)),
        "stays": [_stay_json(result, stay) for stay in result.line.stays],
        "promises": [
            {"what": p.what, "value": p.value, "made_on": p.made_on.isoformat(), "entry": show_id(p.entry),
             "move": p.move}
            for p in result.line.promises
        ],
        "entries": [_entry_json(result, i) for i, of in enumerate(result.points) if of.on <= result.as_of],
        "ahead": [_entry_json(result, i) for i, of in enumerate(result.points) if of.on > result.as_of],
        "revisit": shapes.revisit(result.revisit),
        "deadlines": [
            {"field": d.field, "on": shapes.when(d.on), "entry": show_id(d.entry),
             "days": (d.on.last - result.as_of).days}
            for d in result.line.deadlines
        ],
        "ball": ball_json(split_of(result), result.schema),
        "holds": [shapes.hold(h) for h in result.line.head.holds],
        "handovers": deal_points.handovers_json(result),
        "precedents": precedents.figures(result.precedents),
        "lesson": lesson_json(result.lesson),
        "reviews": [shapes.review(review) for review in result.reviews],
        "corrections": [
            _correction_json(entry, version) for entry, versions in result.corrections.items() for version in versions
        ],
        "comments": [remark_lines.comment_json(one) for one in result.comments],
        "children": [{**shapes.deal(c), "stage": c.stage, "began_on": c.began_on.isoformat()} for c in result.children],
    }  # fmt: skip


def _sign_json(sign: "Sign") -> dict[str, object]:
    finding = sign.finding
    return {"kind": sign.kind, "began_on": finding.began_on.isoformat(), "new": finding.new, "measure": finding.measure}


def _stay_json(result: DealPage, stay: "Stay") -> dict[str, object]:
    return {
        "stage": stay.stage,
        "entered_on": stay.entered_on.isoformat(),
        "left_on": stay.left_on.isoformat() if stay.left_on is not None else None,
        "days": stay_days(result, stay),
        "entry": show_id(stay.entry),
        "step": stay.step,
        "arrival": stay.arrival,
    }


def _correction_json(entry: int, version: "Version") -> dict[str, object]:
    return {
        "entry": show_id(entry),
        "record": show_id(version.record),
        "what": version.what,
        "known_on": version.known_on.isoformat(),
        "author": version.author,
        "why": version.why or None,
    }


def _entry_json(result: DealPage, place: int) -> dict[str, Any]:
    """The entry at a place of the line, and the days since the one before it."""
    from nippo_cli.render.parts import shapes

    entry = result.points[place]
    answer = {k: v for k, v in shapes.entry(entry).items() if k != "deal"}
    before = result.points[place - 1].on if place else None
    values = answer.pop("values")
    return {
        **answer,
        "days_since": (entry.on - before).days if before else None,
        "activity": entry.values.get(entry.schema.key("activity") or ""),
        "stage": entry.values.get(entry.schema.key("stage") or ""),
        "values": values,
    }


def _pairs(result: DealPage, marks: Glyphs) -> list[tuple[str, Cell | Run]]:
    """Labels and values above the line; the empty ones are not shown."""
    head = result.line.head
    schema = result.schema
    return [
        (t("deal.head.customer"), head.customer),
        (_label(schema, "billed_to"), head.billed_to),
        (_label(schema, "site"), head.site),
        (t("deal.head.deal_kind"), schema.kind_label(head.kind)),
        (t("deal.head.owner"), deal_points.owner_words(result)),
        (t("deal.outcome"), _outcome(result)),
        (t("deal.head.stage"), _stage(result)),
        (t("deal.head.stay"), _stay(result, marks)),
        (t("deal.head.signs"), _signs(result)),
        (t("deal.head.hold"), _held(result)),
        (t("deal.head.amount"), "" if head.amount is None else words.money(head.amount, schema.currency)),
        (t("deal.closes"), _closes(result, marks)),
        (t("deal.head.confidence"), _confidence(result)),
        (t("deal.head.silence"), _silence(result)),
        (t("deal.head.next_step"), _next(result)),
        (ball_label(schema), _ball(result)),
        (t("deal.head.deadlines"), _deadlines(result)),
        (t("deal.head.revisit"), revisit_words(result.revisit, result.as_of)),
        (t("deal.head.lesson"), _lesson(result)),
        (t("deal.head.precedents"), _precedents(result)),
        (t("deal.parent"), _related(result.parent, result, marks) if result.parent else ""),
        *((t("deal.child"), _related(child, result, marks)) for child in result.children),
        (t("deal.aliases"), t("show.comma").join(a for a in result.record.aliases if a != head.name)),
        (t("deal.incomplete"), _incomplete(result)),
    ]


def _label(schema: "Schema", role: "Role") -> str:
    """What the agreement calls the field of a role; "" where it has none."""
    field = schema.by_role.get(role)
    return field.label if field is not None else ""


def _outcome(result: DealPage) -> Cell | Run:
    head, status = result.line.head, result.status
    key = "deal.fizzled" if status.outcome == "fizzled" else f"show.outcome.{status.outcome}"
    word = Span(t(key), _TONES[status.outcome])
    lead = lead_days(head)
    if lead is None or head.closed_on is None:
        return word
    return (word, t("deal.closed", day=words.day_name(head.closed_on, result.as_of), days=words.days(lead)))


_SINCE = {"known": "deal.since", "listed": "deal.since_list", "unknown": "deal.by"}


def _stage(result: DealPage) -> Run:
    """Where it stands, and since when; of a list alone, by which day it was there."""
    head = result.line.head
    label = Span(words.stage(result.schema, head.stage), "strong")
    if not head.stage:
        return (label,)
    return (
        label,
        t(_SINCE[head.arrival if head.fate == "live" else "known"], day=words.day_name(head.entered_on, result.as_of)),
    )


def _stay(result: DealPage, marks: Glyphs) -> Cell | Run:
    """How long against the norm, and where the norm comes from."""
    status = result.status
    if status.stay_days is None or not status.head.stage:
        return ""
    stay = words.stay_words(status.stay_days, status.head.arrival)
    if status.norm is None:
        return stay
    limit = status.norm.days if status.limit_days is None else status.limit_days
    norm = words.limit(status.norm.days, limit)
    source = words.norm_source(status.norm)
    if status.stalled:
        beyond = words.stay_words(status.stay_days - limit, status.head.arrival)
        over = t("deal.stalled", sign=marks.sign, norm=norm, days=beyond)
        return (stay, Span(over, "warn"), Span(t("deal.source", source=source), "dim"))
    return (stay, t("deal.norm", norm=norm), Span(t("deal.source", source=source), "dim"))


def _signs(result: DealPage) -> Cell | Run:
    """What the gaps find of it, in a few words each."""
    if not result.signs:
        return ""
    from nippo_cli.render.gaps.signs import sign_words

    shown = [sign_words(sign, result.line.head, result.schema) for sign in result.signs]
    return Span(t("show.dot").join(shown), "warn")


def _held(result: DealPage) -> Cell | Run:
    held = result.status.held
    if held is None:
        return ""
    return deal_points.hold_words(held, result.as_of)


def _closes(result: DealPage, marks: Glyphs) -> Cell | Run:
    """The expected close, from where it first stood, and how far it is past."""
    head = result.line.head
    if head.closes is None:
        return ""
    shown = words.when(head.closes, result.as_of)
    parts: list[Cell] = [Span(shown, "strong")]
    if head.first_closes is not None and (head.pushes or head.pulls):
        first = words.when(head.first_closes, result.as_of)
        tone: Tone = "warn" if head.pushes else "plain"
        parts = [f"{first} {marks.moved} ", Span(shown, "strong"), Span("  " + moves(head), tone)]
    late = (result.as_of - head.closes.last).days
    if head.fate == "live" and late > 0:
        parts.append(Span(t("deal.closes_passed", days=words.days(late)), "warn"))
    return tuple(parts)


def _confidence(result: DealPage) -> Cell | Run:
    rank = next((r for r in result.schema.ranks if result.line.head.confidence in (r.key, *r.was)), None)
    if rank is None:
        return result.line.head.confidence
    return (rank.label, Span(f"  {rank.meaning}", "dim")) if rank.meaning else rank.label


def _silence(result: DealPage) -> Cell | Run:
    """How long nothing was heard of a live deal, and the limit."""
    head, status = result.line.head, result.status
    if head.fate != "live":
        return ""
    fizzled = status.outcome == "fizzled"
    key = (
        "deal.last_contact" if head.last_contact_on else "deal.contact_unknown" if head.heard_on else "deal.no_contact"
    )
    text = t(
        key,
        day=words.day_name(head.heard_on or head.began_on, result.as_of),
        limit=words.days(result.quiet.days),
    )
    # Where the limit comes from matters once it is passed.
    text += t("deal.source", source=words.norm_source(result.quiet)) if fizzled else ""
    return (Span(words.silence_words(status.silence_days, head), "warn" if fizzled else "plain"), Span(text, "dim"))


def _next(result: DealPage) -> Cell | Run:
    """The next step, and how far its day is past or ahead."""
    head = result.line.head
    if not head.next_step and head.next_on is None:
        return Span(t("deal.no_next"), "dim") if head.fate == "live" else ""
    shown = "  ".join(p for p in (words.when(head.next_on, result.as_of) if head.next_on else "", head.next_step) if p)
    overdue = result.status.next_overdue_days
    if overdue > 0:
        return (shown, Span(t("deal.overdue", days=words.days(overdue)), "warn"))
    if head.next_on is not None and head.next_on.exact and head.next_on.first >= result.as_of:
        left = (head.next_on.first - result.as_of).days
        return (shown, Span(t("deal.due_in", days=words.days(left)) if left else t("deal.due_today"), "dim"))
    return shown


def split_of(result: DealPage) -> "BallSplit | None":
    """Who has to move next, and whose the days since the deal began were; of a lost deal until its end."""
    head = result.line.head
    upto = head.closed_on if head.fate == "lost" and head.closed_on is not None else result.as_of
    return ball_split(result.line.balls, head.holds, head.began_on, upto)


def _ball(result: DealPage) -> Cell | Run:
    """Who has to move next where it goes on, and whose the days until now were."""
    split = split_of(result)
    if split is None:
        return ""
    days = Span(ball_days(split, result.schema), "dim")
    return days if result.line.head.fate == "lost" else (ball_held(split, result.schema, result.as_of), "  ", days)


def _deadlines(result: DealPage) -> Run:
    """Until when something of it holds, and what has passed."""
    cells: list[Cell] = []
    for one in result.line.deadlines:
        said = f"{result.schema.field_label(one.field)} {words.when(one.on, result.as_of)}"
        left = (one.on.last - result.as_of).days
        cells.append(said if not cells else t("show.dot") + said)
        if left < 0:
            cells.append(Span(t("deal.closes_passed", days=words.days(-left)), "warn"))
        else:
            cells.append(Span(t("deal.due_in", days=words.days(left)) if left else t("deal.due_today"), "dim"))
    return tuple(cells)


def _lesson(result: DealPage) -> Cell | Run:
    if result.lesson is None:
        return ""
    from nippo_cli.render.parts import lesson_row

    return Span(lesson_row(result.lesson, result.schema), "warn")


def _precedents(result: DealPage) -> Cell | Run:
    """What became of deals like this one, and the nearest of them to be opened."""
    if result.precedents is None:
        return ""
    from nippo_cli.render.deal import precedents

    near = Span("  " + precedents.nearest(result.precedents), "dim")
    return (precedents.counts(result.precedents), near)


def _related(of: DealSummary, result: DealPage, marks: Glyphs) -> Run:
    stage = result.schema.stage_label(of.stage)
    return (
        f"#{show_id(of.id)} {words.deal(of, beside=result.line.head.customer)}",
        Span(separator(marks) + stage, "dim"),
    )


def _incomplete(result: DealPage) -> Cell:
    waiting = [show_id(p.id) for p in result.points if p.incomplete]
    if not waiting:
        return ""
    more = tn("show.more", len(waiting) - _MOST_NAMED) if len(waiting) > _MOST_NAMED else ""
    return Span(t("show.comma").join(f"#{i}" for i in waiting[:_MOST_NAMED]) + f" {more}".rstrip(), "warn")


RENDERER = Renderer(DealPage, page=page, to_json=to_json, rows="entries")
