"""The end of the whole page: the kinds without a section, so that none is missing without a word."""

from collections.abc import Sequence

from nippo_cli.base.language import t
from nippo_cli.gaps import KINDS
from nippo_cli.render.draw import Block, Heading, Prose, Span
from nippo_cli.render.gaps import page as gap
from nippo_cli.results.gap import GapPage


def rest(kinds: Sequence[GapPage], *, live: bool) -> list[Block]:
    """Which kinds found nothing, in one row; then what is missing for the others, and when they will be useful."""
    # What puts live money at risk is asked of live deals: where there are none, the page has said so already.
    asked = [kind for kind in kinds if live or not KINDS[kind.kind].risk]
    missing = {kind.kind: said for kind in asked if (said := gap.lacking(kind))}
    clear = [_title(kind.kind) for kind in asked if kind.kind not in missing]
    blocks: list[Block] = []
    if clear:
        said = t("show.gap.rest_row", title=t("show.gap.rest_clear"), said=t("show.dot").join(clear))
        blocks.append(Prose(Span(said, "good")))
    # Of a part of the deals it is said by `nippo gap KIND`: more of them may be there.
    if missing and not any(kind.filtered for kind in kinds):
        blocks.append(Heading(t("show.gap.rest")))
        blocks += [
            Prose(t("show.gap.rest_row", title=_title(kind), said=said), indent=2, mark="-")
            for kind, said in missing.items()
        ]
    return blocks


def _title(kind: str) -> str:
    return t(f"show.gap.title_{kind}")
