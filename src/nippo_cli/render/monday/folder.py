"""The report as files of a folder: a file a part, the deals in as many as it takes, and the index of all days."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.render.draw import Block, Cell, Column, Page, Prose, Screen, Span, Table
from nippo_cli.render.monday import page as monday
from nippo_cli.render.monday.nameless import name_hider
from nippo_cli.render.parts import words
from nippo_cli.results.monday import MondayReport

if TYPE_CHECKING:
    from nippo_cli.results.deals import DealPage

INDEX: Final = "index.html"
FRONT: Final = "monday.html"
_DEALS: Final = "deals{}.html"
# A file of deals ends before it is expected to hold more than so many bytes.
_MOST_BYTES: Final = 1_500_000


class ReportFile(NamedTuple):
    """A file of the folder: its name, and the page in it."""

    name: str
    page: Page


def files(result: MondayReport) -> Iterator[ReportFile]:
    """The files of the day. A link leads to another file where what it leads to is there."""
    screen = Screen(opens=True, pictures=True)
    chunks = list(_chunks(result.deals))
    names = [_DEALS.format(f"-{n}" if n > 1 else "") for n in range(1, len(chunks) + 1)]
    links = {
        show_id(page.line.head.id): f"{name}#{monday.anchor_of(page)}"
        for name, chunk in zip(names, chunks, strict=True)
        for page in chunk
    }
    parts = list(monday.parts(result, screen))
    for part in parts:
        for block in part.blocks:
            if anchor := getattr(block, "anchor", ""):
                links[f"#{anchor}"] = f"{part.name}.html#{anchor}"
    menu = [(part.title, f"{part.name}.html") for part in parts]
    menu += [(_deals_title(n, len(chunks)), name) for n, name in enumerate(names, start=1)]
    hide, (title, note) = name_hider(result), monday.titles(result)

    def page_of(called: str, blocks: Sequence[Block]) -> Page:
        beside = "  ".join(part for part in (called, note) if part)
        return hide(Page([_menu(menu, called), *blocks], title, beside, links, dense=True, fitted=True))

    for part in parts:
        yield ReportFile(f"{part.name}.html", page_of(part.title, part.blocks))
    for n, (name, chunk) in enumerate(zip(names, chunks, strict=True), start=1):
        more = result.deals_total - len(result.deals) if n == len(chunks) else 0
        said = words.counted("report.more_deals", more) if more else ""
        blocks = [block for part in monday.deal_parts(result, screen, chunk, said) for block in part.blocks]
        yield ReportFile(name, page_of(_deals_title(n, len(chunks)), blocks))


def is_of_deals(name: str) -> bool:
    """Whether a file is called as one of those of a day's deals is."""
    return re.fullmatch(_DEALS.format(r"(-\d+)?"), name) is not None


def index(days: Sequence[str]) -> Page:
    """The index of a folder: the pages of all days that are kept there, the last first."""
    rows: list[list[Cell]] = [[Span(day, link=f"{_quoted(day)}/{FRONT}")] for day in sorted(days, reverse=True)]
    return Page([Table([Column("day", t("report.index_day"))], rows)], t("report.index"))


def _menu(menu: Iterable[tuple[str, str]], here: str) -> Block:
    """The way to the other files; where one is stands without a link."""
    cells: list[Cell] = [Span(t("report.index"), link=f"../{INDEX}")]
    for title, name in menu:
        cells += [t("show.dot"), Span(title, "strong") if title == here else Span(title, link=name)]
    return Prose(tuple(cells), menu=True)


def _deals_title(n: int, of: int) -> str:
    title = t("report.part_deals")
    return title if of == 1 else f"{title} {n}/{of}"


def _chunks(pages: "Sequence[DealPage]") -> "Iterator[list[DealPage]]":
    """The deals, as many together as a file takes; none where there are none."""
    chunk: list[DealPage] = []
    size = 0
    for page in pages:
        own = monday.bytes_of(page)
        if chunk and size + own > _MOST_BYTES:
            yield chunk
            chunk, size = [], 0
        chunk.append(page)
        size += own
    if chunk:
        yield chunk


def _quoted(name: str) -> str:
    from urllib.parse import quote

    return quote(name)
