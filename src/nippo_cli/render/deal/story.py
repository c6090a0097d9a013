"""`nippo deal story`: one finished deal as a page for the team, in Markdown where nothing else is asked for."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from nippo_cli.base.language import t
from nippo_cli.lessons.anonymize import NamesToHide, Who, masker
from nippo_cli.lessons.story import FirstSign
from nippo_cli.line.facts import Review, lead_days
from nippo_cli.render.deal import masked, page as deal, points as deal_points, precedents
from nippo_cli.render.draw import (
    Block,
    Cell,
    Column,
    FactRows,
    Glyphs,
    Heading,
    Page,
    Prose,
    Renderer,
    Run,
    Span,
    Table,
)
from nippo_cli.render.draw.glyphs import glyphs
from nippo_cli.render.parts import moves, words
from nippo_cli.results.deal_pages import StoryPage

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen


def page(result: StoryPage, screen: "Screen") -> Page:
    """What it was and why it ended; the first sign; the line; what was promised and what came; deals like it."""
    marks = glyphs(ascii_only=screen.ascii)
    head = result.of.line.head
    blocks: list[Block] = [
        FactRows([pair for pair in _pairs(result) if pair[1]]),
        *_first(result),
        Heading(t("story.line")),
        *deal_points.rows(result.of, marks),
        Heading(t("story.promised")),
        _promised(result, marks),
        *_like(result),
        Prose(""),
        Prose(t("story.question")),
    ]
    note = t("story.note", first=words.day(head.began_on), last=words.day(result.ended_on), outcome=_outcome(result))
    drawn = Page(blocks, head.name, note)
    return masked.page(drawn, mask_of(result.names)) if result.names is not None else drawn


def to_json(result: StoryPage) -> dict[str, object]:
    """The deal as `deal show` has it, with the signs, steps and precedents of its story."""
    head = result.of.line.head
    answer: dict[str, object] = {
        **deal.to_json(result.of),
        "ended_on": result.ended_on.isoformat(),
        "signs": [
            {"kind": sign.kind, "on": sign.on.isoformat(), "days_before": sign.days_before} for sign in result.signs
        ],
        "first_amount": _first_amount(result),
        "lead_days": lead_days(head),
        "next_steps": {became: result.steps[became] for became in ("on_time", "late", "never", "open")},
        "reasons": list(result.reasons),
        "competitor": result.competitor or None,
        "customer_words": result.customer_words or None,
        "own_view": result.own_view or None,
        "precedents": precedents.figures(result.precedents),
    }
    return masked.plain(answer, mask_of(result.names)) if result.names is not None else answer


def sign_words(sign: FirstSign, outcome: str) -> str:
    """`後ろ倒しが始まったのは失注の93日前`, `…うやむやになる53日前`."""
    end = t(f"story.end_{outcome}")
    return t(f"story.sign_{sign.kind}", end=end, days=words.days(sign.days_before))


def _pairs(result: StoryPage) -> list[tuple[str, Cell | Run]]:
    """Labels and values above the story; the empty ones are not shown."""
    of, schema = result.of, result.of.schema
    head = of.line.head
    field = schema.by_role.get("lost_reason")
    reasons = [schema.label(field, one) if field else one for one in result.reasons]
    lost = of.status.outcome == "lost"
    return [
        (t("deal.head.customer"), head.customer),
        (t("deal.head.deal_kind"), schema.kind_label(head.kind)),
        (t("deal.head.owner"), head.owner),
        (t("story.ended"), _ended(result)),
        (t("deal.head.amount"), "" if head.amount is None else words.money(head.amount, schema.currency)),
        (t("story.spent"), _spent(result)),
        (t("story.competitor"), result.competitor),
        (t("story.stated"), t("show.comma").join(reasons) if lost else ""),
        (t("story.customer_words"), result.customer_words if lost else ""),
        (t("story.own_view"), result.own_view if lost else ""),
        (t("story.cause"), _cause(of.reviews[-1], result) if of.reviews else _unreviewed(result)),
    ]


def _outcome(result: StoryPage) -> str:
    return t(f"show.outcome.{result.of.status.outcome}")


def _ended(result: StoryPage) -> Run:
    stays = result.of.line.stays
    last = stays[-2] if result.of.status.outcome == "lost" and len(stays) > 1 else stays[-1]
    stage = "" if result.of.status.outcome == "won" else result.of.schema.stage_label(last.stage)
    where = t("story.in_stage", stage=stage) if stage else ""
    return (Span(_outcome(result), "strong"), f"  {words.day_name(result.ended_on)}{where}")


def _spent(result: StoryPage) -> str:
    head = result.of.line.head
    days = (result.ended_on - (head.first_contact_on or head.began_on)).days
    if not head.contacts_known:
        return t("story.days_and_unknown", days=words.days(days), contacts=words.contacts(head))
    return words.counted("story.days_and_contacts", head.contacts, days=words.days(days))


def _cause(review: Review, result: StoryPage) -> Run:
    """The cause that was learned last, how it is known, and what there is to tell."""
    label = words.cause_label(review.cause, result.of.schema) if review.cause else ""
    by = t("deal.review_by", known=t(f"deal.known_{review.known_by}"), who=review.who)
    return (Span(label, "strong"), Span(by, "dim"), f"  {review.text}")


def _unreviewed(result: StoryPage) -> Cell:
    return Span(t("story.unreviewed"), "dim") if result.of.status.outcome != "won" else ""


def _first(result: StoryPage) -> list[Block]:
    """The first sign in words, then the others."""
    outcome = result.of.status.outcome
    if not result.signs:
        return [Heading(t("story.first")), Prose(t("story.no_sign"))]
    first, *others = [f"{sign_words(s, outcome)}{t('story.on', day=words.day(s.on))}" for s in result.signs]
    return [
        Heading(t("story.first")),
        Prose(Span(first, "strong")),
        *(Prose(one, indent=2, mark="-") for one in others),
    ]


def _promised(result: StoryPage, marks: Glyphs) -> Table:
    """What was promised first and last, and what came."""
    head, currency = result.of.line.head, result.of.schema.currency
    won = result.of.status.outcome == "won"
    came = words.day(result.ended_on) if won else t("story.never_came")
    moved = f"{words.when(head.closes)}"
    if head.pushes or head.pulls:
        moved += f" {marks.moved} {moves(head)}"
    rows: list[list[Cell]] = []
    if head.closes is not None:
        rows.append([t("deal.closes"), words.when(head.first_closes), moved, came])
    if head.amount is not None:
        rows.append([
            t("deal.head.amount"), words.money(_first_amount(result), currency), words.money(head.amount, currency),
            words.money(head.amount, currency) if won else t("story.no_order"),
        ])  # fmt: skip
    due = sum(result.steps[became] for became in ("on_time", "late", "never"))
    outcomes = t(
        "story.steps_kept",
        on_time=result.steps["on_time"], late=result.steps["late"], never=result.steps["never"],
    )  # fmt: skip
    rows.append([t("deal.head.next_step"), t("story.steps_due", n=due), "", outcomes if due else words.NOTHING])
    return Table(
        [
            Column("what", ""),
            Column("first", t("story.head_first")),
            Column("last", t("story.head_last")),
            Column("came", t("story.head_came")),
        ],
        rows,
    )


def _first_amount(result: StoryPage) -> int | None:
    return next((int(p.value) for p in result.of.line.promises if p.what == "amount"), None)


def _like(result: StoryPage) -> list[Block]:
    near = result.precedents
    if near is None:
        return []
    return [
        Heading(t("story.like"), t("story.like_note", age=words.days(near.age_days))),
        Prose((Span(precedents.counts(near), "strong"), f"  {precedents.nearest(near)}")),
    ]


def mask_of(names: NamesToHide) -> Callable[[str], str]:
    """What replaces the names in a text: by `A社`, `担当A`."""

    def label(who: Who, letter: str) -> str:
        return t(f"story.mask_{who}", letter=letter)

    return masker(names, label)


RENDERER = Renderer(StoryPage, page=page, to_json=to_json, rows="signs", cells={"kind": "cell.sign."})
