"""From a result to text: what draws each type of result, and the format that was asked for."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeAlias, TypeVar

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.render.draw.page import Page, Screen, Span, Table
from nippo_cli.render.draw.rows import LazyRows, in_pieces

if TYPE_CHECKING:
    from nippo_cli.base.errors import Message
    from nippo_cli.render.draw.cell_words import CellWords
    from nippo_cli.render.draw.workbook import AmountStyle, Sheet
    from nippo_cli.schema.schema import Schema

Format = Literal["table", "json", "jsonl", "csv", "md", "html", "xlsx", "eml"]
Json: TypeAlias = Mapping[str, Any]
R = TypeVar("R")


class TableWords(NamedTuple):
    """That a table's heads and cells are to be words, as the schema has them; None where there is no schema."""

    schema: "Schema | None" = None


class Renderer(Generic[R]):
    """How results of one type are shown. A page's module declares its own, `RENDERER`, as its last line.

    Args:
        of: the type of the results.
        page: the screen.
        to_json: the fixed JSON.
        rows: which list of that JSON is the rows of CSV and JSON lines; a function where it hangs on what the JSON holds.
            Without one, JSON lines is the whole answer on one line and CSV the page's first table.
        columns: the CSV heads that stand even where no row has them; a function where they hang on the result.
        heads: the words of the columns, of a result that brings its own; its rows have just these columns. Else the catalogue and
            the schema say them.
        money: columns of the lists of that JSON, `months.gap`, which hold money though their name does not say so; a function
            where they hang on the result.
        cells: columns whose keys mean something else than elsewhere (`render/draw/cell_words.py`); a function where they hang on
            the result.
    """

    __slots__ = ("_cells", "_columns", "_heads", "_money", "_rows", "of", "page", "to_json")

    def __init__(
        self,
        of: type[R],
        *,
        page: Callable[[R, Screen], Page],
        to_json: Callable[[R], Json],
        rows: str | Callable[[Json], str] = "",
        columns: Sequence[str] | Callable[[R], Sequence[str]] = (),
        money: Iterable[str] | Callable[[R], Iterable[str]] = (),
        heads: Callable[[R], Mapping[str, str]] | None = None,
        cells: Mapping[str, str] | Callable[[R], Mapping[str, str]] | None = None,
    ) -> None:
        self.of = of
        self.page = page
        self.to_json = to_json
        self._rows = rows
        self._columns = columns
        self._money = money
        self._heads = heads
        self._cells = cells

    def rows(self, answer: Json) -> Iterable[Json] | None:
        """The rows in a result's JSON; None where it is not a list of any."""
        name = self._rows(answer) if callable(self._rows) else self._rows
        return answer.get(name) if name else None

    def columns(self, result: R) -> Sequence[str]:
        """The CSV heads that stand in any case."""
        return self._columns(result) if callable(self._columns) else self._columns

    @property
    def is_table(self) -> bool:
        """Whether each row has just the columns that stand in any case."""
        return self._heads is not None

    def money(self, result: R) -> frozenset[str]:
        """Columns that hold money though their name does not say so."""
        return frozenset(self._money(result) if callable(self._money) else self._money)

    def heads(self, result: R, keys: Sequence[str], words: TableWords | None) -> Sequence[str]:
        """What columns are called: their keys without `words`."""
        if words is None:
            return keys
        from nippo_cli.render.draw.head_words import heads_in_words, labels_of

        own = self._heads(result) if self._heads is not None else None
        return heads_in_words(keys, labels_of(words.schema)) if own is None else [own.get(key, key) for key in keys]

    def cells(self, result: R, words: TableWords | None) -> "CellWords | None":
        """What puts cells into words; None without `words`, and where a result brings its own."""
        if words is None or self._heads is not None:
            return None
        from nippo_cli.render.draw.cell_words import CellWords

        own = self._cells(result) if callable(self._cells) else self._cells
        return CellWords(words.schema, own or {})


# Result type → the module below `render/` that draws it, and the name of its renderer where that is not `RENDERER`.
RENDERERS = {
    "CommentList": "day.comments",
    "CustomerList": "deal.customer_list",
    "CustomerPage": "deal.customer",
    "ComparePage": "gaps.compare",
    "ConflictPage": "day.conflicts",
    "Copied": "day.care:COPIED",
    "DealList": "deal.deal_list",
    "DealPage": "deal.page",
    "Done": "day.done",
    "DraftList": "day.draft_list",
    "EntryPage": "day.entry",
    "FollowList": "day.follows",
    "EntryTable": "day.entry_table",
    "FormCheck": "day.forms:CHECK",
    "FormFilled": "day.forms:FILLED",
    "GapPage": "gaps.page",
    "HandoverPage": "day.handover",
    "Health": "day.care:HEALTH",
    "HostedServer": "day.team_server",
    "Invitation": "day.team:INVITATION",
    "ImportPlan": "ledger.import_plan",
    "MeetingsPage": "day.meetings",
    "ImportReport": "ledger.imported",
    "LandingPage": "landing.page",
    "LessonPage": "lessons.page",
    "LessonsPage": "lessons.page:ALL",
    "LogPage": "day.log",
    "NewsLog": "day.news_log",
    "MailSent": "day.mail",
    "MarkList": "day.forms:MARKS",
    "MatchPage": "ledger.match",
    "MondayReport": "monday.page",
    "PathPage": "day.care:PATHS",
    "PrepPage": "day.prep",
    "NearList": "deal.near_customers",
    "NearPeopleList": "deal.people:NEAR",
    "PeoplePage": "deal.people",
    "PrecedentsPage": "deal.precedents",
    "Recap": "day.recap",
    "Redaction": "day.redaction",
    "ReportPage": "day.report",
    "Rescued": "day.rescued",
    "SalesPage": "ledger.sales",
    "SchemaCheck": "day.schemas:CHECK",
    "SchemaPage": "day.schemas",
    "StepsDeals": "steps.deals",
    "StepsMonths": "steps.months",
    "StepsPage": "steps.page",
    "StoryPage": "deal.story",
    "Summary": "deal.summary",
    "SyncReport": "day.team:SYNC",
    "SettledPage": "day.conflicts:SETTLED",
    "SweepList": "day.sweep",
    "TargetPage": "ledger.targets",
    "TeamDay": "day.team_day",
    "TeamLeave": "day.team:LEFT",
    "TeamMove": "day.team:MOVED",
    "TeamPage": "day.team:TEAM",
    "TidyPage": "day.tidy",
    "TimelinePage": "timeline.timeline",
    "TodayPage": "day.today",
    "WholePage": "gaps.whole",
}


def draw(result: object, *, fmt: str, screen: Screen) -> str:
    """The result in the format asked for, ready for stdout or a file.

    Raises:
        KeyError: no renderer knows the result.
    """
    return "".join(draw_in_pieces(result, fmt=fmt, screen=screen))


def draw_in_pieces(
    result: object, *, fmt: str, screen: Screen, words: TableWords | None = None, head: str = "", between: str = ","
) -> Iterator[str]:
    """The same piece by piece, each drawn when it is asked for: rows of a long result are made, written and forgotten.

    Args:
        words: where the heads and the cells of CSV are to be words; None for the fixed keys.
        head: what stands above the title of a page that is handed on.
        between: what stands between the cells of CSV.

    Raises:
        KeyError: no renderer knows the result.
    """
    return in_pieces(_texts(result, fmt, screen, words, head, between))


def draw_workbook(
    result: object, *, words: TableWords | None, money: "AmountStyle", tell: "Callable[[Message], None]"
) -> Iterator[bytes]:
    """The result as an Excel workbook, piece by piece: the rows that its CSV has, and a sheet for each other list of its JSON.

    Args:
        words: as `draw_in_pieces` has them.
        money: how amounts are shown.
        tell: called with what a sheet can't hold.

    Raises:
        KeyError: no renderer knows the result.
    """
    from nippo_cli.render.draw import workbook

    renderer = renderer_of(result)
    return workbook.write(
        _sheets(renderer, result, words), money._replace(columns=money.columns | renderer.money(result)), tell
    )


def _sheets(renderer: Renderer[R], result: R, words: TableWords | None) -> "Iterator[Sheet]":
    """An answer's sheets of a workbook: its rows, or its lists, each under heads in words."""
    from nippo_cli.base.language import t
    from nippo_cli.render.draw.csv_text import flat
    from nippo_cli.render.draw.head_words import sheet_name
    from nippo_cli.render.draw.workbook import Sheet, lists_in

    answer = renderer.to_json(result)
    rows = renderer.rows(answer)
    cells = renderer.cells(result, words)

    def sheet(name: str, some: Iterable[Json], columns: Sequence[str] = ()) -> "Sheet":
        heads, lines = flat(some, columns, of_columns=renderer.is_table and some is rows, cells=cells)
        return Sheet(
            name,
            name if words is None else sheet_name(name),
            heads,
            renderer.heads(result, heads, words),
            lines,
        )

    if rows is not None:
        name = next(key for key, value in answer.items() if value is rows)
        yield sheet(name, rows, renderer.columns(result))
    else:
        facts = sheet(
            "summary", [{key: value for key, value in answer.items() if not isinstance(value, list | LazyRows)}]
        )
        yield facts._replace(
            keys=("fact", "value"),
            heads=("fact", "value") if words is None else (t("sheet.fact"), t("sheet.value")),
            rows=zip(facts.heads, next(iter(facts.rows)), strict=True),
            facts=facts.keys,
        )
    for name, some in lists_in(answer):
        if some is not rows:
            yield sheet(name, some)


def _texts(
    result: object, fmt: str, screen: Screen, words: TableWords | None, head: str, between: str
) -> Iterable[str]:
    """An answer's text, piece by piece, in a format."""
    renderer = renderer_of(result)
    if fmt == "json":
        from nippo_cli.render.draw import json_text

        return json_text.write(renderer.to_json(result))
    if fmt == "jsonl":
        from nippo_cli.render.draw import json_text

        answer = renderer.to_json(result)
        rows = renderer.rows(answer)
        return json_text.write_lines([answer] if rows is None else rows)
    if fmt == "csv":
        return _csv(renderer, result, words, between)
    if fmt == "md":
        from nippo_cli.render.draw import markdown

        return markdown.write(renderer.page(result, Screen(pictures=True)))
    if fmt in ("html", "mail"):
        from nippo_cli.render.draw import html

        flat = fmt == "mail"
        drawn = renderer.page(result, Screen(opens=not flat, pictures=not flat))
        return html.write(drawn._replace(head=head), flat=flat)
    return _screen(renderer.page(result, screen), screen)


def title_of(result: object) -> str:
    """What the page of a result is called; empty where it has no title.

    Raises:
        KeyError: no renderer knows the result.
    """
    return renderer_of(result).page(result, Screen()).title


def draw_page(page: Page, screen: Screen) -> str:
    """A page as a table screen: on a terminal or coloured through Rich, else plain."""
    return "".join(_screen(page, screen))


def _screen(page: Page, screen: Screen) -> Iterable[str]:
    if screen.terminal or screen.color:
        from nippo_cli.render.draw import terminal

        return terminal.write(page, screen)
    from nippo_cli.render.draw.layout import plain_text

    return plain_text(page)


def renderer_of(result: R) -> Renderer[R]:
    """What draws a result. Its module is loaded now: no page is loaded for another's sake.

    Raises:
        KeyError: no renderer knows the result.
    """
    module, _, name = RENDERERS[type(result).__name__].partition(":")
    renderer: Renderer[R] = getattr(import_module(f"nippo_cli.render.{module}"), name or "RENDERER")
    return renderer


def _csv(renderer: Renderer[R], result: R, words: TableWords | None, between: str) -> Iterator[str]:
    """The rows of a result's JSON under their heads; of one without rows the page's first table; else its JSON as a row."""
    from nippo_cli.render.draw import csv_text

    answer = renderer.to_json(result)
    rows = renderer.rows(answer)
    if rows is None:
        for block in renderer.page(result, Screen()).blocks:
            if isinstance(block, Table):
                cells = ([c.text if isinstance(c, Span) else c for c in row] for row in block.rows)
                return csv_text.write([c.key if words is None else c.head for c in block.columns], cells, between)
    columns = renderer.columns(result) if rows is not None else ()
    heads, lines = csv_text.flat(
        [answer] if rows is None else rows, columns, of_columns=renderer.is_table, cells=renderer.cells(result, words)
    )
    return csv_text.write(renderer.heads(result, heads, words), lines, between)
