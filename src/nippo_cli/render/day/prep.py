"""`nippo prep`: one page before a visit."""

from typing import TYPE_CHECKING

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.render.deal import person_json, status_words
from nippo_cli.render.draw import Block, Cell, Heading, Page, Prose, Renderer, Run, Span
from nippo_cli.render.parts import deal_rows, entry_lines, remark_lines, shapes, words
from nippo_cli.results.deal_pages import Lost, PrepPage
from nippo_cli.results.deal_status import DealStatus, row_of
from nippo_cli.results.deals import Person

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

_MOST_PEOPLE = 8
_MOST_DECIDED = 5


def page(result: PrepPage, screen: "Screen") -> Page:
    """What the other side waits for first: open comments, promises; then deals, people, last words, what was lost."""
    blocks: list[Block] = []
    if result.comments:
        blocks += [Heading(t("show.comment.heading")), *remark_lines.thread(result.comments, result.as_of)]
    blocks += _decided(result)
    steps = [one for one in result.live if _has_step(one)]
    blocks += _section("ours", [_step(one, result) for one in steps if one.head.id not in result.waiting])
    blocks += _section("waiting", [_step(one, result) for one in steps if one.head.id in result.waiting])
    blocks += _section("theirs", [_theirs(one, result) for one in result.live if one.head.closes or one.head.accepts])
    if result.live:
        count = words.counted("show.deals.count", len(result.live))
        table = deal_rows.table([*map(row_of, result.live)], result.schema, result.as_of, screen, customer=False)
        blocks += [Heading(t("show.prep.live"), count), table]
    if result.people:
        people = [_person(person, result) for person in result.people[:_MOST_PEOPLE]]
        rest = len(result.people) - len(people)
        more = [Prose(Span(words.counted("show.more", rest), "dim"), indent=2)] if rest else []
        blocks += [Heading(t("show.prep.people")), *(Prose(p, indent=2, mark="-") for p in people), *more]
    if result.last_words:
        indent = entry_lines.indent_of(result.last_words)
        blocks.append(Heading(t("show.prep.words")))
        for view in result.last_words:
            blocks += entry_lines.blocks(view, indent=indent, near=result.as_of, with_day=True, customer=False)[:2]
    blocks += _section("lost", [_lost(one, result) for one in result.lost])
    blocks += _section("won", [_won(one, result) for one in result.won])
    if not blocks:
        blocks = [Prose(t("show.prep.nothing"))]
    return Page(
        blocks, t("show.prep.title", customer=result.customer), t("show.as_of", day=words.day_name(result.as_of))
    )


def to_json(result: PrepPage) -> dict[str, object]:
    """The page as data; a live deal's `next_step` is our promise, unless its `waiting` says that the customer has to move."""
    return {
        "as_of": result.as_of.isoformat(),
        "customer": result.customer,
        "currency": shapes.currency(result.schema.currency),
        "comments": [remark_lines.comment_json(one) for one in result.comments],
        "decided": [
            {**remark_lines.comment_json(one), "deal": show_id(deal)}
            for deal, of in result.decided.items()
            for one in of
        ],
        "live": [
            {
                **shapes.status(one),
                "accepts": shapes.when(one.head.accepts),
                "waiting": one.head.id in result.waiting,
            }
            for one in result.live
        ],
        "norms": [shapes.norm(norm) for norm in result.norms],
        "people": [person_json(person) for person in result.people],
        "total_contacts": result.total_contacts,
        "last_words": [shapes.entry(view) for view in result.last_words],
        "lost": [_lost_json(one) for one in result.lost],
        "won": [shapes.status(one) for one in result.won],
    }


def _decided(result: PrepPage) -> list[Block]:
    """What was decided of live deals and is done, and what came of it, the latest first; those beyond `_MOST_DECIDED` are counted."""
    names = {one.head.id: one.head.name for one in result.live}
    every = [(one, deal) for deal, of in result.decided.items() for one in of]
    every.sort(key=lambda of: of[0].done_on or result.as_of, reverse=True)
    rows: list[Run] = [
        (*remark_lines.line(one, result.as_of), Span(f" {names[deal]}", "dim"), *remark_lines.came_of(one))
        for one, deal in every[:_MOST_DECIDED]
    ]
    if (rest := len(every) - len(rows)) > 0:
        rows.append((Span(words.counted("show.more", rest), "dim"),))
    return _section("decided", rows)


def _section(what: str, rows: list[Run]) -> list[Block]:
    if not rows:
        return []
    return [Heading(t(f"show.prep.{what}")), *(Prose(row, indent=2, mark="-") for row in rows)]


def _has_step(one: DealStatus) -> bool:
    return bool(one.head.next_step) or one.head.next_on is not None


def _step(one: DealStatus, result: PrepPage) -> Run:
    """By when, what, of which deal; how late it is."""
    head = one.head
    parts: list[Cell] = []
    if head.next_on is not None:
        parts.append(f"{words.when(head.next_on, result.as_of)}  ")
    parts += [head.next_step or t("show.report.step"), Span(f"  {head.name} #{show_id(head.id)}", "dim")]
    if one.next_overdue_days:
        parts.append(Span(f"  {t('show.prep.late', days=words.days(one.next_overdue_days))}", "warn"))
    return tuple(parts)


def _theirs(one: DealStatus, result: PrepPage) -> Run:
    """When they were to decide, and how often that moved; when they were to accept."""
    head, near = one.head, result.as_of
    parts: list[Cell] = []
    if head.closes is not None:
        parts.append(t("show.prep.closes", when=words.when(head.closes, near)))
        if head.pushes:
            first = words.when(head.first_closes, near)
            parts.append(Span(words.counted("show.prep.pushed", head.pushes, first=first), "warn"))
        late = (near - head.closes.last).days
        if late > 0:
            parts.append(Span(f"  {t('show.prep.late', days=words.days(late))}", "warn"))
    if head.accepts is not None:
        lead = "  " if parts else ""
        parts.append(lead + t("show.prep.accepts", when=words.when(head.accepts, near)))
    parts.append(Span(f"  {head.name} #{show_id(head.id)}", "dim"))
    return tuple(parts)


def _person(person: Person, result: PrepPage) -> Run:
    shown = words.person({"name": person.name, "title": person.title, "decides": person.decides})
    met = t("show.prep.met", day=words.day(person.last_met_on, result.as_of), n=person.entries)
    status = status_words(person, result.as_of)
    return (Span(shown, "strong"), Span(f"  {met}", "dim"), *([Span(f"  {status}", "warn")] if status else []))


def _lost(one: Lost, result: PrepPage) -> Run:
    """When, what it was worth, the reason given, and the customer's words."""
    head = one.status.head
    parts: list[Cell] = [f"{words.day(head.closed_on or head.last_on, result.as_of)}  {head.name}"]
    if head.amount is not None:
        parts.append(f"  {words.money(head.amount, result.schema.currency)}")
    reason = entry_lines.field_words(one.entry, "lost_reason") if one.entry is not None else ""
    parts.append(f"  {t('show.labelled', label=t('show.report.reason'), value=reason or t('show.prep.untold'))}")
    words_said = entry_lines.field_words(one.entry, "customer_words") if one.entry is not None else ""
    if words_said:
        parts.append(Span(f"  {t('show.prep.quote', text=words_said)}", "dim"))
    parts.append(Span(f"  #{show_id(head.id)}", "dim"))
    return tuple(parts)


def _won(one: DealStatus, result: PrepPage) -> Run:
    head = one.head
    amount = f"  {words.money(head.amount, result.schema.currency)}" if head.amount is not None else ""
    stage = words.stage(result.schema, head.stage)
    day = words.day(head.closed_on or head.last_on, result.as_of)
    return (f"{day}  {head.name}{amount}  {stage}", Span(f"  #{show_id(head.id)}", "dim"))


def _lost_json(one: Lost) -> dict[str, object]:
    entry = one.entry
    reasons = {
        name: entry.values.get(entry.schema.key(name) or "") if entry is not None else None
        for name in ("lost_reason", "customer_words")
    }
    return {**shapes.status(one.status), **reasons}


RENDERER = Renderer(PrepPage, page=page, to_json=to_json)
