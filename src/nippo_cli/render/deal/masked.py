"""A page, or its JSON, with every name in it replaced."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from nippo_cli.base.language import t
from nippo_cli.render.draw import (
    Block,
    Cell,
    Details,
    FactRows,
    Heading,
    LetterBlock,
    Page,
    Picture,
    Prose,
    Run,
    Span,
    Table,
    TextLines,
)
from nippo_cli.render.draw.marks import BarMark, DotMark, PictureMark

# `#12`, `#k3-12`: by its number an entry can be looked up.
_NUMBER = re.compile(r"\s?#(?:\w+-)?\d+\b")
_ID = re.compile(r"(?:\w+-)?\d+")


def page(of: Page, mask: Callable[[str], str]) -> Page:
    """The page with every text of it masked, numbers of records left out; it says first what it can't know."""

    def text(said: str) -> str:
        return _NUMBER.sub("", mask(said))

    return of._replace(
        blocks=[Prose(Span(t("story.nameless"), "dim")), *(_block(block, text) for block in of.blocks)],
        title=text(of.title),
        note=text(of.note),
        head=text(of.head),
    )


def plain(answer: Mapping[str, Any], mask: Callable[[str], str]) -> dict[str, Any]:
    """JSON likewise: texts masked, ids null."""
    return {key: _unnumbered(key, value, mask) for key, value in answer.items()}


def _unnumbered(key: str, value: Any, mask: Callable[[str], str]) -> Any:
    """A value without numbers of records."""
    if key in _IDS or (key in _NAMED_BY_ID and isinstance(value, str) and _ID.fullmatch(value)):
        return None
    listed = isinstance(value, list | tuple) and key.endswith(_LISTS_OF_IDS)
    return [] if listed and all(isinstance(one, str) for one in value) else _plain(value, mask)


def _plain(value: Any, mask: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return plain(value, mask)
    if isinstance(value, list | tuple):
        return [_plain(one, mask) for one in value]
    return mask(value) if isinstance(value, str) else value


# What is elsewhere a deal with its name, or a text.
_NAMED_BY_ID = ("deal", "answered")
_IDS = ("id", "entry", "version", "parent", "meeting", "batch", "record")
_LISTS_OF_IDS = ("deals", "entries", "without_amount")


def _block(block: Block, text: Callable[[str], str]) -> Block:
    if isinstance(block, Details):
        inner = [_block(one, text) for one in block.blocks]
        return block._replace(summary=_run(block.summary, text), blocks=inner)
    return _picture(block, text) if isinstance(block, Picture) else _letters(block, text)


def _letters(block: LetterBlock, text: Callable[[str], str]) -> LetterBlock:
    if isinstance(block, Table):
        return block._replace(rows=[[_cell(cell, text) for cell in row] for row in block.rows])
    if isinstance(block, FactRows):
        return FactRows([(label, _run(value, text)) for label, value in block.pairs])
    if isinstance(block, TextLines):
        return TextLines([tuple(_cell(cell, text) for cell in row) for row in block.rows])
    if isinstance(block, Heading):
        return block._replace(text=text(block.text), note=text(block.note))
    return block._replace(text=_run(block.text, text))


def _picture(of: Picture, text: Callable[[str], str]) -> Picture:
    """A picture with its title, its text, its rows, its marks and its numbers masked; axes and legends name nobody."""
    table = of.table
    return of._replace(
        title=text(of.title),
        text=text(of.text),
        rows=[row._replace(label=text(row.label), note=text(row.note)) for row in of.rows],
        marks=[_mark(mark, text) for mark in of.marks],
        table=None if table is None else table._replace(rows=[[_cell(cell, text) for cell in row] for row in table.rows]),
        drawn=[tuple(_cell(cell, text) for cell in row) for row in of.drawn],
    )  # fmt: skip


def _mark(of: PictureMark, text: Callable[[str], str]) -> PictureMark:
    """A mark with what it says masked: its label, and what it says when pointed at, where its kind does."""
    if isinstance(of, BarMark | DotMark):
        return of._replace(label=text(of.label), title=text(of.title))
    return of._replace(label=text(of.label))


def _run(of: Cell | Run, text: Callable[[str], str]) -> Cell | Run:
    if isinstance(of, str | Span):
        return _cell(of, text)
    return tuple(_cell(cell, text) for cell in of)


def _cell(cell: Cell, text: Callable[[str], str]) -> Cell:
    return cell._replace(text=text(cell.text)) if isinstance(cell, Span) else text(cell)
