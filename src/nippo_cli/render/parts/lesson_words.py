"""A loss that a live deal may repeat, in a row and as data."""

from typing import TYPE_CHECKING

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.render.parts import shapes, words
from nippo_cli.schema.schema import Schema

if TYPE_CHECKING:
    from nippo_cli.lessons.repeated_loss import RepeatedLoss


def lesson_row(lesson: "RepeatedLoss", schema: Schema, *, amount: str = "") -> str:
    """`350万円をナガラ機工に失注（見積、浅間計装 #12）: 決裁者に会えていなかった・部長を知らなかった`.

    Args:
        amount: of a row behind the deal's own number and name, what it was worth in words.
    """
    loss = lesson.loss
    what = words.money(loss.amount, schema.currency) if loss.amount is not None else loss.name
    customer = loss.customer or loss.name
    why = words.cause_label(loss.review.cause, schema) if loss.review.cause else ""
    return t(
        "lessons.repeated.row" if lesson.rival else "lessons.repeated.row_unnamed",
        what=amount or what,
        rival=lesson.rival,
        stage=schema.stage_label(loss.stage),
        why=t("show.dot").join(part for part in (why, loss.review.text) if part),
        customer=customer if amount else f"{customer} #{show_id(loss.deal)}",
    )


def lesson_json(lesson: "RepeatedLoss | None") -> dict[str, object] | None:
    """The loss, to whom, why, and the entry that tells of it; None where its review is newer than all of them."""
    if lesson is None:
        return None
    loss = lesson.loss
    return {
        "deal": {"id": show_id(loss.deal), "name": loss.name, "customer": loss.customer},
        "amount": loss.amount,
        "closed_on": loss.closed_on.isoformat(),
        "stage": loss.stage,
        "competitor": lesson.rival or None,
        "review": shapes.review(loss.review),
        "entry": show_id(lesson.entry) if lesson.entry is not None else None,
    }
