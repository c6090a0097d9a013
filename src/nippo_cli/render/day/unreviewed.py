"""Lost deals that nobody has reviewed, as the morning page reminds of them."""

from typing import TYPE_CHECKING

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.render.draw import Block, Heading, Prose, Span
from nippo_cli.render.parts import shapes, words
from nippo_cli.results.entries import Unreviewed

if TYPE_CHECKING:
    from nippo_cli.results.today import TodayPage


def blocks(losses: Unreviewed, result: "TodayPage") -> list[Block]:
    """The deals with most money, and what to type; how large is large."""
    currency = result.schema.currency
    rows: list[Block] = []
    for head in losses.deals:
        parts = [head.name, head.customer, words.money(head.amount, currency)]
        lost = words.day(head.closed_on, result.as_of) if head.closed_on else ""
        said = t("show.dot").join(part for part in parts if part)
        rows.append(
            Prose((said, Span(t("lessons.review.lost_on", day=lost), "dim")), indent=8, mark=f"  {show_id(head.id)}")
        )
    over = t(f"lessons.review.over_{losses.source}", amount=words.money(losses.over, currency), n=f"{losses.n:,}")
    return [
        Heading(t("lessons.review.title"), words.counted("show.count", losses.total)),
        *rows,
        Prose(
            Span(
                t(
                    "lessons.review.hint",
                    id=show_id((result.unreviewed or losses).deals[0].id),
                    over=over,
                ),
                "dim",
            )
        ),
    ]


def to_json(losses: Unreviewed | None) -> dict[str, object] | None:
    """The lost deals without a review as data; null where there are none."""
    if losses is None:
        return None
    return {
        "total": losses.total,
        "over": losses.over,
        "source": losses.source,
        "n": losses.n,
        "deals": [
            {
                **shapes.deal(head),
                "amount": head.amount,
                "closed_on": shapes.day(head.closed_on),
            }
            for head in losses.deals
        ],
    }
