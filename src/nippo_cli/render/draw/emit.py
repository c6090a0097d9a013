"""From an answer to text: the registry of renderers, and the format that was asked for.

A renderer is a module of this room with

    page(result, screen) -> Page            the screen
    to_json(result) -> dict                 the fixed JSON
    ROWS = "findings"                       optional: which list of that JSON is the rows of CSV and JSON lines, or
    rows_key(found) -> str                  the same where it hangs on what that JSON holds
    COLUMNS = ("deal.id", …)                optional: the CSV heads that stand even where no row has them, or
    columns(result) -> tuple                the same where they hang on the result

Without `ROWS`, JSON lines is the whole answer on one line and CSV the page's first table.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from nippo_cli.render.draw.page import Screen

if TYPE_CHECKING:
    from nippo_cli.render.draw.page import Page

Format = Literal["table", "json", "jsonl", "csv", "md"]


# Result type → module of this room.
RENDERERS = {
    "CommentList": "day.comments",
    "CustomerPage": "deal.customer",
    "ComparePage": "gaps.compare",
    "Copied": "day.care",
    "DealList": "deal.deal_list",
    "DealPage": "deal.page",
    "Done": "day.done",
    "DraftList": "day.draft_list",
    "EntryPage": "day.entry",
    "GapPage": "gaps.page",
    "Health": "day.care",
    "ImportReport": "ledger.imported",
    "LessonPage": "lessons.page",
    "LessonsPage": "lessons.whole",
    "LogPage": "day.log",
    "MatchPage": "ledger.match",
    "PathPage": "day.care",
    "PrepPage": "day.prep",
    "PrecedentsPage": "deal.precedents",
    "Recap": "day.recap",
    "ReportPage": "day.report",
    "SalesPage": "ledger.sales",
    "SchemaCheck": "day.schemas",
    "SchemaPage": "day.schemas",
    "StepsDeals": "steps.deals",
    "StepsMonths": "steps.months",
    "StepsPage": "steps.page",
    "StoryPage": "deal.story",
    "Summary": "deal.summary",
    "SweepList": "day.sweep",
    "TargetPage": "ledger.targets",
    "TimelinePage": "timeline.timeline",
    "TodayPage": "day.today",
    "WholePage": "gaps.whole",
}


def draw(result: object, *, fmt: str, screen: Screen) -> str:
    """The answer in the format asked for, ready for stdout or a file.

    Raises:
        KeyError: no renderer knows the result.
    """
    renderer = renderer_of(result)
    if fmt == "json":
        from nippo_cli.render.draw import json_text

        return json_text.write(renderer.to_json(result))
    if fmt == "jsonl":
        from nippo_cli.render.draw import json_text

        found = renderer.to_json(result)
        rows = _rows(renderer, found)
        return json_text.write_lines([found] if rows is None else rows)
    if fmt == "csv":
        return _csv(renderer, result)
    if fmt == "md":
        from nippo_cli.render.draw import markdown

        return markdown.write(renderer.page(result, Screen()))
    return draw_page(renderer.page(result, screen), screen)


def draw_page(page: "Page", screen: Screen) -> str:
    """A page as a table screen: on a terminal or coloured through Rich, else plain."""
    if screen.terminal or screen.color:
        from nippo_cli.render.draw import terminal

        return terminal.write(page, screen)
    from nippo_cli.render.draw import plain

    return plain.write(page)


def renderer_of(result: object) -> Any:
    """The module that draws a result; a class's own comes before its bases'."""
    for kind in type(result).__mro__:
        if kind.__name__ in RENDERERS:
            return import_module(f"nippo_cli.render.{RENDERERS[kind.__name__]}")
    raise KeyError(type(result).__name__)


def _rows(renderer: Any, found: Any) -> list[dict[str, object]] | None:
    name = renderer.rows_key(found) if hasattr(renderer, "rows_key") else getattr(renderer, "ROWS", None)
    return found.get(name) if name else None


def _csv(renderer: Any, result: object) -> str:
    from nippo_cli.render.draw import csv_text
    from nippo_cli.render.draw.page import Span, Table

    found = renderer.to_json(result)
    rows = _rows(renderer, found)
    if rows is not None:
        heads = renderer.columns(result) if hasattr(renderer, "columns") else getattr(renderer, "COLUMNS", ())
        return csv_text.write(*csv_text.flat(rows, heads))
    page: Page = renderer.page(result, Screen())
    for block in page.blocks:
        if isinstance(block, Table):
            cells = [[c.text if isinstance(c, Span) else c for c in row] for row in block.rows]
            return csv_text.write([c.key for c in block.columns], cells)
    return csv_text.write(*csv_text.flat([found]))
