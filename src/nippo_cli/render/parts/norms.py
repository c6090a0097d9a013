"""What a page stands on: the norms that deals were held against, each with its source and n, and the deals that it does not count."""

from collections.abc import Mapping, Sequence
from datetime import date

from nippo_cli.base.language import t
from nippo_cli.line.norm import Norm
from nippo_cli.render.draw import Block, Cell, FactRows, Prose, Span
from nippo_cli.render.parts import words
from nippo_cli.results.entries import NOTHING_LEFT_OUT, LeftOutBehind
from nippo_cli.schema.schema import Schema


def facts(norms: Sequence[Norm], schema: Schema) -> FactRows:
    """Stage by stage; the kinds are named only where a stage's norm depends on them."""
    groups: dict[str, dict[tuple[int, str, int], list[Norm]]] = {}
    for norm in norms:
        groups.setdefault(norm.stage, {}).setdefault((norm.days, norm.source, norm.n), []).append(norm)
    pairs = []
    for stage, same in groups.items():
        for alike in same.values():
            label = schema.stage_label(stage)
            if len(same) > 1:
                kinds = t("show.comma").join(kind_label(n.kind, schema) for n in alike)
                label = t("show.norm_of_kind", stage=label, kinds=kinds)
            in_words = t("show.norm", days=words.days(alike[0].days), source=words.norm_source(alike[0]))
            pairs.append((label, in_words))
    return FactRows(pairs)


def kind_label(kind: str, schema: Schema) -> str:
    """A deal kind's label; words for a deal that has none."""
    if not kind:
        return t("show.no_kind")
    return schema.kind_label(kind)


def no_deals(*, filtered: bool) -> list[Block]:
    """What is said where no deal was asked about."""
    if filtered:
        return [Prose(t("show.gap.none_match"))]
    return [Prose(t("show.gap.no_deals")), Prose(t("show.gap.no_deals_hint"), indent=2)]


def left_out(
    counts: Mapping[str, int], behind: LeftOutBehind = NOTHING_LEFT_OUT, near: date | None = None
) -> list[Block]:
    """What the counts do not hold, reason by reason; nothing leaves silently.

    Args:
        behind: the entries and deals that they lead to, where figures open.
        near: the day of the page, where they do.
    """
    reasons = {reason: words.counted(f"show.left_out.{reason}", n) for reason, n in counts.items() if n}
    if not reasons:
        return []
    said = t("show.left_out", reasons=t("show.comma").join(reasons.values()))
    if near is None or not (behind.entries or behind.deals):
        return [Prose(""), Prose(Span(said, "dim"))]
    from nippo_cli.render.parts.deal_lists import DealLists

    lists = DealLists("left-out", None, opens=True, counts=False)
    pieces: list[Cell] = []
    for reason, text in reasons.items():
        before, _, said = said.partition(text)
        figure = Span(text, "dim")
        shown = lists.entries(figure, text, behind.entries.get(reason, ()), n=counts[reason], near=near)
        if shown == figure:
            shown = lists.figure(figure, text, behind.deals.get(reason, ()), n=counts[reason])
        pieces += [Span(before, "dim"), shown]
    return [Prose(""), Prose((*pieces, Span(said, "dim"))), *lists.blocks()]
