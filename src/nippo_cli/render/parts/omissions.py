"""What a page says of the deals that it does not count, or has none of."""

from collections.abc import Mapping

from nippo_cli.base.language import t
from nippo_cli.render.draw import Block, Prose, Span
from nippo_cli.render.parts import words


def no_deals(*, filtered: bool) -> list[Block]:
    """What is said where no deal was asked about."""
    if filtered:
        return [Prose(t("show.gap.none_match"))]
    return [Prose(t("show.gap.no_deals")), Prose(t("show.gap.no_deals_hint"), indent=2)]


def left_out(counts: Mapping[str, int]) -> list[Block]:
    """What the counts do not hold, reason by reason; nothing leaves silently."""
    reasons = [words.counted(f"show.left_out.{reason}", n) for reason, n in counts.items() if n]
    if not reasons:
        return []
    return [Prose(""), Prose(Span(t("show.left_out", reasons=t("show.comma").join(reasons)), "dim"))]
