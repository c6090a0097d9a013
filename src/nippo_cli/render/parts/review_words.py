"""A review on the line of its deal: the cause, how it is known, what there is to tell."""

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.line.facts import Review
from nippo_cli.render.draw import Cell, Run, Span
from nippo_cli.render.parts.words import cause_label
from nippo_cli.results.deals import DealPage
from nippo_cli.schema.schema import Schema


def review_words(review: Review, page: DealPage, *, stands: bool) -> Run:
    """`振り返り  価格と予算の開き（顧客に聞いた・佐藤）  見積が…`; one that a later one replaced says so."""
    parts: list[Cell] = [Span(t("deal.review_row"), "strong"), "  "]
    if review.cause:
        parts.append(cause_label(review.cause, page.agreement))
    parts.append(Span(t("deal.review_by", known=t(f"deal.known_{review.known_by}"), who=review.who), "dim"))
    if not stands:
        parts.append(Span(t("deal.review_replaced"), "dim"))
    return (*parts, f"  {review.text}  ", Span(f"#{show_id(review.id)}", "dim"))


def cause_option(agreement: Schema) -> str:
    """The part of a command to type that chooses the cause; nothing where the agreement lists none."""
    return t("lessons.review.cause") if agreement.causes else ""


def review_json(review: Review) -> dict[str, object]:
    """A review as data; the last of a deal is the one that counts."""
    return {
        "id": show_id(review.id),
        "on": review.on.isoformat(),
        "known_on": review.known_on.isoformat(),
        "by": review.who,
        "cause": review.cause or None,
        "known_by": review.known_by,
        "text": review.text,
    }
