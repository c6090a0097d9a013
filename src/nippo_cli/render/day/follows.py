"""`nippo follow` alone: what one follows."""

from typing import TYPE_CHECKING

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.render.draw import Page, Prose, Renderer, Run, Span
from nippo_cli.render.parts import shapes, words
from nippo_cli.results.news import FollowList, FollowRow

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen


def page(result: FollowList, _screen: "Screen") -> Page:
    """A row each: the deal and where it stands, or the customer."""
    title = t("show.follow.title")
    if not result.rows:
        return Page([Prose(t("show.follow.none")), Prose(Span(t("show.follow.hint"), "dim"))], title)
    rows = [Prose(_row(one, result), indent=2, mark="-") for one in result.rows]
    return Page([*rows, Prose(Span(t("show.follow.stop_hint"), "dim"))], title, words.counted("show.count", len(rows)))


def to_json(result: FollowList) -> dict[str, object]:
    """One of `deal` and `customer` says what it is."""
    return {
        "as_of": result.as_of.isoformat(),
        "author": result.author,
        "follows": [
            {
                "since": one.of.on.isoformat(),
                "deal": {**shapes.deal(one.deal), "stage": one.deal.stage} if one.deal is not None else None,
                "customer": one.customer or None,
            }
            for one in result.rows
        ],
    }


def _row(one: FollowRow, result: FollowList) -> Run:
    since = Span(f"  {t('show.follow.since', day=words.day(one.of.on, result.as_of))}", "dim")
    if one.deal is None:
        return (Span(one.customer, "strong"), since)
    stage = result.schema.stage_label(one.deal.stage)
    return (f"#{show_id(one.deal.id)} ", Span(words.deal(one.deal), "strong"), f"  {stage}", since)


RENDERER = Renderer(FollowList, page=page, to_json=to_json, rows="follows")
