"""`nippo report`: page one; as a file also what stands behind it, and the line of every deal that is named."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.base.persons import one_spelling
from nippo_cli.render.deal import page as deal_page, points as deal_points
from nippo_cli.render.draw import (
    Block,
    Cell,
    Details,
    Heading,
    Page,
    Prose,
    Renderer,
    Run,
    Screen,
    Span,
    Table,
)
from nippo_cli.render.draw.glyphs import glyphs
from nippo_cli.render.draw.page_room import MOST_BYTES, bytes_of as bytes_on_page
from nippo_cli.render.gaps import table, whole as gap_whole
from nippo_cli.render.monday import front
from nippo_cli.render.monday.answer import to_json
from nippo_cli.render.monday.nameless import name_hider
from nippo_cli.render.parts import words
from nippo_cli.render.steps import page as steps_page
from nippo_cli.render.timeline import timeline
from nippo_cli.results.deals import DealLine
from nippo_cli.results.monday import MondayReport

if TYPE_CHECKING:
    from nippo_cli.results.deals import DealPage

# So many rows has a table of findings at most: a dozen of them, with the lists behind their counts, stay below 2 MB.
_MOST_ROWS = 150
_B = TypeVar("_B", bound=Block)
# What the head and the line of a deal take, and of each of its entries all but its words; what a character may take in the end.
_OF_DEAL, _OF_ENTRY, _OF_CHARACTER = 7_000, 500, 6
# So many bytes have the lines of deals in any case.
_LEAST_OF_DEALS = 200_000
# A timeline as wide as a sheet of paper reads well.
_COLUMNS = 72


class ReportPart(NamedTuple):
    """A part of the report under its own name, which is also that of its file; `deals` are those whose lines it draws."""

    name: str
    title: str
    blocks: Sequence[Block]
    deals: Sequence[int] = ()


def page(result: MondayReport, screen: Screen) -> Page:
    """Page one; where it can be opened, all parts one behind the other."""
    title, note = titles(result)
    hide = name_hider(result)
    if not screen.opens:
        hint = Prose(Span(t("report.file_hint"), "dim"))
        return hide(Page([*front.blocks(result, screen), Prose(""), hint], title, note))
    before = list(parts(result, screen))
    taken = sum(bytes_on_page(block) for part in before for block in part.blocks)
    some = _that_fit(result, max(MOST_BYTES - taken, _LEAST_OF_DEALS))
    links = {show_id(page.line.head.id): f"#{anchor_of(page)}" for page in some}
    return hide(Page(list(_all(result, screen, before, some)), title, note, links, dense=True, fitted=True))


def _that_fit(result: MondayReport, room: int) -> "list[DealPage]":
    """The deals for whose lines there is room: those of page one, then the live ones with most money first."""
    some = set[int]()
    pages = result.pages
    for head in result.by_weight(page.line.head for page in result.deals):
        room -= bytes_of(pages[head.id])
        if room < 0:
            break
        some.add(head.id)
    return [page for page in result.deals if page.line.head.id in some]


def bytes_of(page: "DealPage") -> int:
    """How much the section of a deal takes at most, about."""
    words = sum(len(str(value)) for entry in page.points for value in entry.values.values())
    return _OF_DEAL + _OF_ENTRY * len(page.points) + _OF_CHARACTER * words


def _all(
    result: MondayReport, screen: Screen, before: Sequence[ReportPart], some: "Sequence[DealPage]"
) -> Iterator[Block]:
    more = result.deals_total - len(some)
    said = words.counted("report.more_deals_of_file", more) if more else ""
    first, *others = (*before, *deal_parts(result, screen, some, said))
    yield _menu([(part.title, f"#{part.name}") for part in others])
    yield from first.blocks
    for part in others:
        yield Heading(part.title, anchor=part.name, part=True)
        yield from part.blocks


def parts(result: MondayReport, screen: Screen) -> Iterator[ReportPart]:
    """Page one, then what stands behind it, but for the deals (`deal_parts`)."""
    yield ReportPart("monday", t("report.part_monday"), front.blocks(result, screen))
    findings = gap_whole.findings(result.whole, screen, talk=False)
    yield ReportPart("gaps", t("report.part_gaps"), [_without_customers(block) for block in findings])
    steps = [Prose(Span(steps_page.between(result.steps), "dim")), *steps_page.brief(result.steps, screen)]
    yield ReportPart("steps", t("report.part_steps"), steps)


def _without_customers(block: Block) -> Block:
    """A table without the column of customers: each deal in it leads to its line, which begins with whose it is. Of a longer one than a
    file can hold the rest is counted, behind a figure too."""
    if isinstance(block, Details):
        return block._replace(blocks=[_shortened(one) for one in block.blocks])
    if not isinstance(block, Table):
        return block
    left = [at for at, column in enumerate(block.columns) if column.key != "customer"]
    short = _shortened(block)
    return short._replace(
        columns=[block.columns[at] for at in left], rows=[[row[at] for at in left] for row in short.rows]
    )


def _shortened(block: _B) -> _B:
    if not isinstance(block, Table) or len(block.rows) <= _MOST_ROWS:
        return block
    more = block.more + len(block.rows) - _MOST_ROWS
    return block._replace(rows=list(islice(block.rows, _MOST_ROWS)), more=more, more_hint="")


def _menu(entries: Sequence[tuple[str, str]]) -> Block:
    """The parts, each to be gone to."""
    cells: list[Cell] = []
    for title, link in entries:
        cells += [Span(title, link=link), t("show.dot")]
    return Prose(tuple(cells[:-1]), menu=True)


def deal_parts(
    result: MondayReport, screen: Screen, some: "Sequence[DealPage]", said: str = ""
) -> Iterator[ReportPart]:
    """Each deal that is named, under its owner with how many theirs are and what the live ones come to: one line, its head, its time
    line and its entries, to be opened.

    Args:
        some: the deals that are drawn.
        said: that there are others, and where these are.
    """
    blocks: list[Block] = [Prose(Span(t("report.how_to_read"), "dim"))]
    drawn = {page.line.head.id for page in some}
    for owner, pages in _by_owner(result.deals):
        shown = [page for page in pages if page.line.head.id in drawn]
        if not shown:
            continue
        live = [page.line.head.amount or 0 for page in pages if page.line.head.fate == "live"]
        count = words.counted("show.deals.count", len(pages))
        of_live = table.counts_line("show.stalled.live", len(live), sum(live), result.schema.currency)
        blocks.append(Heading(owner or t("landing.nobody"), f"{count}  {of_live}"))
        blocks += [_deal(page, result, screen) for page in shown]
    if said:
        blocks.append(Prose(Span(said, "dim")))
    yield ReportPart("deals", t("report.part_deals"), blocks)


def _by_owner(pages: "Sequence[DealPage]") -> "list[tuple[str, list[DealPage]]]":
    spelled = one_spelling(page.line.head.owner for page in pages)
    owners: dict[str, list[DealPage]] = {}
    for page in pages:
        owners.setdefault(spelled[page.line.head.owner], []).append(page)
    return list(owners.items())


def _deal(page: "DealPage", result: MondayReport, screen: Screen) -> Block:
    head, schema = page.line.head, result.schema
    marks = glyphs(ascii_only=screen.ascii)
    amount = words.money(head.amount, schema.currency) if head.amount is not None else ""
    beside = "  ".join(part for part in (head.customer, words.stage(schema, head.stage), amount) if part)
    summary: Run = (Span(f"{show_id(head.id)} {head.name}", "strong"), f"  {beside}")
    line = DealLine(page.as_of, schema, page.status, page.line, page.points, page.children)
    drawn = timeline.line_picture(line, _COLUMNS)
    blocks: list[Block] = [*deal_page.head_rows(page, marks), drawn, *deal_points.rows(page, marks)]
    return Details(summary, blocks, anchor_of(page), open=result.unfolded, listed=True)


def titles(result: MondayReport) -> tuple[str, str]:
    """The title, and what is beside it: whose deals, and since when."""
    whose = t("show.dot").join(part for part in (result.owner, result.customer) if part)
    note = t("report.note", since=words.day_name(result.since, result.as_of))
    return t("report.title", day=words.day_name(result.as_of)), "  ".join(part for part in (whose, note) if part)


def anchor_of(page: "DealPage") -> str:
    """Where a deal's line is drawn."""
    return f"deal-{show_id(page.line.head.id)}"


RENDERER = Renderer(MondayReport, page=page, to_json=to_json, rows="deals")
