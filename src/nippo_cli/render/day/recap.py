"""What comes back after a write: what was recorded, where the deal's line stands, what comes next."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t, tn
from nippo_cli.base.text import visible, width
from nippo_cli.render.day import done
from nippo_cli.render.draw import Block, Cell, Glyphs, Page, Prose, Renderer, Run, Span
from nippo_cli.render.draw.glyphs import glyphs
from nippo_cli.render.parts import activity_label, value_in_role, words
from nippo_cli.results.deal_status import DealStatus
from nippo_cli.results.recap import Recap
from nippo_cli.schema.schema import Stage

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

_INDENT = 2


def page(result: Recap, screen: "Screen") -> Page:
    """Two or three rows, one more for a customer that has no room in the first, and one for each customer that changed; one row for
    an entry that belongs to no deal."""
    marks = glyphs(ascii_only=screen.ascii)
    status = result.status
    if status is None:
        alone = Prose((*_recorded(result, marks), *_undo(result)))
        return Page([alone, *done.customer_rows(result.customers, marks)])
    sign = _sign(result, status, marks)
    ahead = (*_next(result, status, brief=bool(sign)), *sign)
    beside = 0 if ahead else _width(_undo(result))
    line = _line(result, status, marks, screen.columns - beside)
    blocks = _first_rows(result, status.head.customer, marks, screen.columns)
    blocks += done.customer_rows(result.customers, marks, own=status.head.id)
    if result.other_customer:
        blocks.append(Prose(Span(_apart(result), "strong"), indent=_INDENT))
    if ahead:
        blocks.append(Prose(line, indent=_INDENT))
    blocks.append(Prose((*(ahead or line), *_undo(result)), indent=_INDENT))
    if result.lesson is not None:
        from nippo_cli.render.parts import lesson_row

        blocks.append(Prose(Span(lesson_row(result.lesson, result.schema), "warn"), indent=_INDENT))
    elif result.precedents is not None:
        from nippo_cli.render.deal import precedents

        blocks.append(Prose(Span(precedents.in_one_line(result.precedents), "dim"), indent=_INDENT))
    return Page(blocks)


def to_json(result: Recap) -> dict[str, object]:
    """The entry, its deal as it now stands, and what the rows say."""
    from nippo_cli.render.deal import precedents
    from nippo_cli.render.parts import lesson_json, shapes

    return {
        "as_of": result.as_of.isoformat(),
        "dry_run": result.dry_run,
        "corrected": result.corrected,
        "entry": shapes.entry(result.entry),
        "deal": shapes.status(result.status) if result.status else None,
        "new_deal": result.new_deal,
        "moved_from": result.moved_from,
        "next_stage": result.next_stage,
        "sign": result.sign,
        "missing": list(result.missing),
        "precedents": precedents.figures(result.precedents),
        "lesson": lesson_json(result.lesson),
        "customers": done.customers_json(result.customers),
        "other_customer": result.other_customer or None,
    }


def _first_rows(result: Recap, customer: str, marks: Glyphs, columns: int) -> list[Block]:
    """What was written and whose deal that is: where there is little room without the activity, or with the customer in a row of
    its own."""
    ways = ((True, True), (True, False), (False, True), (False, False))
    runs = [(_recorded(result, marks, customer=whose, activity=did), whose) for whose, did in ways]
    recorded, whose = next((way for way in runs if _width(way[0]) <= columns), runs[-1])
    return [Prose(recorded), *([] if whose or not customer else [Prose(customer, indent=_INDENT)])]


def _recorded(result: Recap, marks: Glyphs, *, customer: bool = True, activity: bool = True) -> Run:
    """What was written, or would be, with or without the deal's customer and the activity."""
    entry = result.entry
    if result.dry_run:
        parts: list[Cell] = [Span(t("recap.dry_run"), "strong")]
    else:
        done = t("recap.corrected" if result.corrected else "recap.recorded", id=show_id(entry.id))
        parts = [Span(f"{marks.done} {done}", "good")]
    did = activity_label(entry) if activity else ""
    parts.append("  " + " ".join(p for p in (words.day_name(entry.on, result.as_of), did) if p))
    head = result.status.head if result.status else None
    whom = head.customer if head else value_in_role(entry, "customer") or ""
    if head:
        parts.extend(("  ", Span(head.name, "strong")))
        parts.append(t("recap.of_customer", customer=whom) if whom and customer else "")
        if result.new_deal:
            parts.append(Span("  " + t("recap.new_deal", id=show_id(head.id)), "good"))
    elif whom:
        parts.append(f"  {whom}")
    return tuple(parts)


def _apart(result: Recap) -> str:
    """That the deal keeps its customer, though this entry says another."""
    return t("recap.customer.apart", said=value_in_role(result.entry, "customer") or "", customer=result.other_customer)


def _line(result: Recap, status: DealStatus, marks: Glyphs, columns: int) -> Run:
    """The move if there was one, the steps with the one it stands in, and the days against the norm."""
    schema, head = result.schema, status.head
    tail = _days(status)
    lead: Run = ()
    if result.moved_from is not None:
        forward = schema.ladder.get(head.stage, 0) > schema.ladder.get(result.moved_from, 0)
        key = "recap.moved" if forward and head.fate != "lost" else "recap.turned"
        text = t(
            key,
            stage=words.stage(schema, head.stage), before=words.stage(schema, result.moved_from), arrow=marks.moved,
        )  # fmt: skip
        here = schema.stage_by_key.get(head.stage)
        mark = marks.won if here and here.ends == "won" else marks.stage if forward else marks.back
        lead = (Span(f"{mark} {text}  ", "good" if forward else "plain"),)
        if head.fate == "lost":
            return (Span(f"{marks.lost} {text}"),)
    room = columns - _INDENT - _width((*lead, *tail)) - 1
    return (*lead, *strip(_steps(result, status), head.stage, room, marks), *tail)


def _width(run: Run) -> int:
    return sum(width(visible(cell if isinstance(cell, str) else cell.text)) for cell in run)


def _steps(result: Recap, status: DealStatus) -> list[Stage]:
    """The steps before and with `won`; after it, `won` and what follows."""
    stages = [s for s in result.schema.stages if s.ends != "lost"]
    if status.head.fate == "won":
        return [s for s in stages if s.ends == "won" or s.after]
    if status.head.fate == "lost":
        return [s for s in result.schema.stages if s.key == status.head.stage]
    return [s for s in stages if not s.after]


def strip(steps: Sequence[Stage], stage: str, columns: int, marks: Glyphs) -> Run:
    """`… ▸ 初回訪問 ▸ [提案] ▸ 見積 ▸ …`: as many steps around the present one as there is room for, the next first."""
    labels = [visible(s.label) for s in steps]
    now = next((i for i, s in enumerate(steps) if s.key == stage), None)
    if now is None:
        return (Span(f"[{stage}]", "strong"),)
    first = last = now
    while True:
        wider = [(first, last + 1)] if last + 1 < len(steps) else []
        wider += [(first - 1, last)] if first else []
        fits = [w for w in wider if _strip_width(labels, *w, marks) <= columns]
        if not fits:
            break
        # Two steps ahead are worth more than one behind.
        first, last = fits[-1] if last - now > 1 else fits[0]
    more = marks.more
    then = f" {marks.then} "
    before = (f"{more}{then}" if first else "") + "".join(label + then for label in labels[first:now])
    after = "".join(then + label for label in labels[now + 1 : last + 1])
    after += f"{then}{more}" if last + 1 < len(steps) else ""
    return (before, Span(f"[{labels[now]}]", "strong"), Span(after, "dim"))


def _strip_width(labels: Sequence[str], first: int, last: int, marks: Glyphs) -> int:
    between = width(marks.then) + 2
    shown = sum(width(label) + between for label in labels[first : last + 1]) + len("[]") - between
    ends = (first > 0) + (last + 1 < len(labels))
    return shown + ends * (width(marks.more) + between)


def _days(status: DealStatus) -> Run:
    if status.stay_days is None:
        return ()
    length = words.stay_words(status.stay_days, status.head.arrival)
    if status.norm is None:
        return ("  " + length,)
    return ("  " + t("recap.against", days=length, norm=words.limit(status.norm.days, status.limit_days)),)


def _next(result: Recap, status: DealStatus, *, brief: bool) -> Run:
    """The next step that was promised; else the next stage, and, unless `brief`, what the customer does before it."""
    head, schema = status.head, result.schema
    if head.fate == "lost":
        return ()
    if head.next_step or head.next_on is not None:
        parts = (words.when(head.next_on, result.as_of) if head.next_on else "", head.next_step)
        return (t("recap.next", what=" ".join(p for p in parts if p)),)
    if result.next_stage is None:
        return ()
    here = schema.stage_by_key.get(head.stage)
    what = schema.stage_label(result.next_stage)
    # What ends the deal has happened by then.
    if here is not None and here.done_when and not here.ends and not brief:
        return (t("recap.next_when", what=what, done=here.done_when),)
    return (t("recap.next", what=what),)


def _sign(result: Recap, status: DealStatus, marks: Glyphs) -> Run:
    """At most one thing to mind; what the entry still lacks comes first, since it can be mended now."""
    head = status.head
    if result.missing:
        by_key = result.schema.by_key
        labels = t("show.comma").join(by_key[k].label if k in by_key else k for k in result.missing)
        text = t("recap.missing", fields=labels)
    elif result.sign == "stalled" and status.norm is not None and status.stay_days is not None:
        over = status.stay_days - (status.limit_days or status.norm.days)
        text = t("recap.stalled", days=words.stay_words(over, head.arrival))
    elif result.sign == "overdue":
        text = t("recap.overdue", days=words.days(status.next_overdue_days))
    elif result.sign == "pushed" and head.pushes:
        text = tn("recap.pushed", head.pushes, closes=words.when(head.closes, result.as_of))
    elif result.sign == "fizzled":
        text = t("recap.fizzled", days=words.silence_words(status.silence_days, head))
    else:
        return ()
    return (Span(f"  {marks.sign} {text}", "warn"),)


def _undo(result: Recap) -> Run:
    return () if result.dry_run else (Span("  " + t("recap.undo"), "dim"),)


RENDERER = Renderer(Recap, page=page, to_json=to_json)
