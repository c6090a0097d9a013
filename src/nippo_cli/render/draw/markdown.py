"""A page as Markdown to paste into a chat, a wiki or a mail: GitHub's tables, stored text escaped."""

import re
from collections.abc import Iterator

from nippo_cli.base.language import tn
from nippo_cli.render.draw.layout import safe, spans
from nippo_cli.render.draw.page import (
    Cell,
    FactRows,
    Heading,
    LetterBlock,
    Page,
    Prose,
    Run,
    Table,
    TextLines,
    in_letters,
)

_SPECIAL = re.compile(r"[\\`*_\[\]<>|~]")
_ENTITY = re.compile(r"&(?=#?\w+;)")
# What would begin a heading, a list, a quote, a rule or an underlined heading at the start of a line.
_LEADING = re.compile(r"^(\s*)(#(?=#*(?:\s|$))|[+-](?=\s|$)|-(?=-+\s*$)|=(?==*\s*$)|\d+[.)](?=\s|$))")


def write(page: Page) -> Iterator[str]:
    """The page as Markdown in pieces, one newline at its end. Drawn lines become a code block."""
    written = in_list = False
    if page.title:
        yield _titled("#", page.title, page.note)
        written = True
    for block in in_letters(page.blocks, tables=True):
        lines = _block(block, below_item=in_list)
        # A table's rows pass by; any other block is small.
        first = next(lines) if isinstance(block, Table) else "\n".join(lines)
        if not first:
            continue
        # One list goes on without a blank line; so does what hangs below its items.
        goes_on = isinstance(block, Prose) and _listed(first) and in_list
        if written:
            yield "\n" if goes_on else "\n\n"
        in_list = in_list if goes_on else _listed(first)
        written = True
        yield first
        yield from (f"\n{line}" for line in lines)
    if written:
        yield "\n"


def escape(text: str) -> str:
    """Text that reads as itself in Markdown; its line ends are hard ones."""
    shown = _ENTITY.sub("&amp;", _SPECIAL.sub(r"\\\g<0>", safe(text, multiline=True)))
    return "\\\n".join(_LEADING.sub(_leading, line) for line in shown.split("\n"))


def _leading(match: re.Match[str]) -> str:
    blank, mark = match[1], match[2]
    return f"{blank}{mark[:-1]}\\{mark[-1]}"


def _block(block: LetterBlock, *, below_item: bool) -> Iterator[str]:
    """A block's lines; `below_item` says that a list's item stands before it."""
    if isinstance(block, Table):
        yield from _table(block)
    elif isinstance(block, FactRows):
        for label, value in block.pairs:
            yield f"- **{escape(label)}**: {_run(value, '  ')}"
    elif isinstance(block, TextLines):
        rows = ["".join(piece.text for piece in spans(row)) for row in block.rows]
        fence = "`" * max(3, 1 + max((len(run) for row in rows for run in re.findall("`+", row)), default=0))
        yield fence
        yield from (safe(row).rstrip() for row in rows)
        yield fence
    elif isinstance(block, Heading):
        yield _titled("##", block.text, block.note)
    else:
        yield from _prose(block, below_item=below_item)


def _titled(level: str, text: str, note: str) -> str:
    return f"{level} {escape(text)}" + (f"  {escape(note)}" if note else "")


def _prose(prose: Prose, *, below_item: bool) -> Iterator[str]:
    """A paragraph as lines of Markdown: a bullet where it has a mark, below the item before it where it stands further in."""
    nested = prose.indent > 0 and below_item
    text = _run(prose.text, "  " if prose.mark else "    " if nested else "")
    if prose.mark and text:
        bullet = prose.mark.lstrip()
        # A bullet that stands further in hangs below the item before it, and so do its further lines.
        deep = "  " if bullet != prose.mark and below_item else ""
        text = text.replace("\n", f"\n{deep}")
        yield f"{deep}- {text}" if bullet in _BULLETS else f"- {escape(prose.mark)} {text}"
    elif text:
        yield f"  - {text}" if nested else text


_BULLETS = ("-", "・", "•")


def _listed(text: str) -> bool:
    return text.startswith(("- ", "  - "))


def _run(of: Cell | Run, indent: str) -> str:
    """Pieces one by one, what is strong in bold; further lines are indented to stay in their item."""
    shown = []
    for piece in spans(of):
        text = escape(piece.text)
        bare = text.strip()
        if piece.tone == "strong" and bare and "\n" not in bare:
            text = text.replace(bare, f"**{bare}**", 1)
        shown.append(text)
    return "".join(shown).replace("\n", "\n" + indent).rstrip()


def _table(table: Table) -> Iterator[str]:
    yield _row([escape(c.head) for c in table.columns])
    yield _row(["---:" if c.right else "---" for c in table.columns])
    for cells in table.rows:
        yield _row([escape(safe(spans(cell)[0].text)) for cell in cells])
    if table.more:
        more = escape(tn("show.more", table.more, n=f"{table.more:,}"))
        yield ""
        yield f"{more}  {escape(table.more_hint)}" if table.more_hint else more


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
