"""失注の教訓: a live deal that is where another was lost to the same rival, and of which something was learned.

Rule: docs/lessons.md#the-same-loss-again
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from nippo_cli.base.customers import customer_key
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.persons import is_named
from nippo_cli.line.facts import Review

_PARTING: Final = re.compile(r"[、,，;；/／\n]")


class PastLoss(NamedTuple):
    """A lost deal of which something was learned: the stage before its loss, the competitor as its entries say it, the
    review that counts, and the first one that was written."""

    deal: int
    name: str
    customer: str
    amount: int | None
    closed_on: date
    kind: str
    stage: str
    competitor: str
    review: Review
    first_review: Review


class RepeatedLoss(NamedTuple):
    """A loss that a live deal may repeat. `rival` is how the live deal names the competitor, `entry` the one that tells of it:
    by it the deal entered the stage or first named the rival, or it is the first one written since the loss was reviewed.
    None where the review is newer than all of them."""

    loss: PastLoss
    rival: str
    entry: int | None


def rivals_in(said: str) -> dict[str, str]:
    """The competitors that a text names, as written, by what they are matched by: any spelling of a company is one (`㈱`
    apart); `なし` and `不明` are nobody."""
    parts = (part.strip() for part in _PARTING.split(said))
    return {customer_key(part)[0]: part for part in parts if part and is_named(part)}


def same_loss(stage: str, kind: str, rivals: Iterable[str], losses: Iterable[PastLoss]) -> PastLoss | None:
    """The first of the losses that is of the same stage, kind and competitor; None where there is none.

    Args:
        rivals: as `rivals_in` matches them.
        losses: the latest first.
    """
    asked = set(rivals)
    return next(
        (
            loss
            for loss in losses
            if loss.stage == stage and loss.kind == kind and not asked.isdisjoint(rivals_in(loss.competitor))
        ),
        None,
    )
