"""A report that names nobody: letters for names, and no number by which a deal could be looked up."""

import re
from collections.abc import Callable

from nippo_cli.base.ids import show_id
from nippo_cli.render.deal import masked
from nippo_cli.render.deal.story import mask_of
from nippo_cli.render.draw import Block, Details, Page, Prose, Table
from nippo_cli.results.monday import MondayReport

# Columns that hold nothing but numbers of records.
_NUMBERS = frozenset({"id", "entry", "proposal"})


def name_hider(result: MondayReport) -> Callable[[Page], Page]:
    """What takes the names that the report is to hide out of a page; of several pages a name has one letter. Where it hides none, a
    page stays as it is."""
    if result.names is None:
        return lambda page: page
    heads = [deal.line.head for deal in result.deals]
    numbers = {show_id(head.id) for head in heads}
    before_names = [f"{re.escape(show_id(head.id))} (?={re.escape(head.name)})" for head in heads]
    crossed = result.landing.bridge
    # A deal that was taken back, or merged into another, goes by its number alone.
    alone = {part.deal for part in crossed.parts if part.change == "withdrawn"} if crossed is not None else set()
    by_themselves = [rf"#{re.escape(show_id(deal))}(?!\d)" for deal in sorted(filter(None, alone))]
    numbered = re.compile("|".join([*before_names, *by_themselves]) or "(?!)")
    mask = mask_of(result.names)

    def without_names(page: Page) -> Page:
        blocks = [_unnumbered(block, numbers) for block in page.blocks]
        return masked.page(page._replace(blocks=blocks, links={}), lambda text: mask(numbered.sub("", text)))

    return without_names


def _unnumbered(block: Block, numbers: set[str]) -> Block:
    """A block without the numbers of deals where they stand alone."""
    if isinstance(block, Prose):
        return block._replace(mark="") if block.mark in numbers else block
    if isinstance(block, Table):
        left = [at for at, column in enumerate(block.columns) if column.key not in _NUMBERS]
        return block._replace(
            columns=[block.columns[at] for at in left], rows=[[row[at] for at in left] for row in block.rows]
        )
    if isinstance(block, Details):
        is_deal = block.anchor.startswith("deal-")
        inner = [_unnumbered(one, numbers) for one in block.blocks]
        return block._replace(blocks=inner, anchor="" if is_deal else block.anchor)
    return block
