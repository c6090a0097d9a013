"""`nippo deal list`."""

from typing import TYPE_CHECKING

from nippo_cli.base.language import t
from nippo_cli.render.draw import Block, LazyRows, Page, Prose, Renderer
from nippo_cli.render.parts import deal_rows, shapes, words
from nippo_cli.results.deal_status import row_of
from nippo_cli.results.deals import Asked, DealList

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

COLUMNS = (
    "id", "name", "customer", "owner", "kind", "parent", "stage", "outcome", "began_on", "entered_on", "closed_on",
    "lead_days", "arrival", "begin_known", "stay_days", "norm.days", "norm.source", "norm.n", "limit_days", "stalled", "on_hold.first",
    "on_hold.last", "on_hold.why", "last_contact_on", "silence_days", "silence_at_least", "amount", "closes",
)  # fmt: skip


def page(result: DealList, screen: "Screen") -> Page:
    """A row a deal; how many there are beside the title."""
    title = t("show.deals.title")
    note = t("show.deals.note", count=words.counted("show.deals.count", result.total), as_of=words.day(result.as_of))
    rows = result.rows or [*map(row_of, result.deals)]
    if not rows:
        return Page(none(result.asked), title)
    more = result.total - len(rows)
    return Page([deal_rows.table(rows, result.schema, result.as_of, screen, more=more)], title=title, note=note)


def none(asked: Asked) -> list[Block]:
    """That there are no such deals; where there are none at all, how to begin one."""
    if asked == "all":
        return [Prose(t("show.deals.none_yet")), Prose(t("show.gap.no_deals_hint"), indent=2)]
    hint = Prose(t("show.deals.none_hint"))
    return [Prose(t("show.deals.none_live")), hint] if asked == "live" else [Prose(t("show.deals.none")), hint]


def to_json(result: DealList) -> dict[str, object]:
    """The deals as they stand, and how many match."""
    return {
        "as_of": result.as_of.isoformat(),
        "currency": shapes.currency(result.schema.currency),
        "total": result.total,
        "deals": LazyRows(shapes.status, result.deals),
    }


RENDERER = Renderer(DealList, page=page, to_json=to_json, rows="deals", columns=COLUMNS)
