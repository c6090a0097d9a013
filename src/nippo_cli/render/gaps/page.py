"""`nippo gap KIND`: what every gap's page has in common. The rest is in the kind's own module, `gap_<kind>`:

blocks(result, screen) -> list[Block]    what stands between the title and what was left out
brief(result, screen) -> list[Block]     optional: the same, shorter, as a section of the whole page
summary(result) -> dict                  the count of what was looked at, as JSON
finding(row, result) -> dict             what a finding says beside what all say, as JSON
entries(row) -> list[int]                the entries that it rests on
COLUMNS = ("stay_days", …)               the CSV heads of `finding`
figures(result) -> dict                  optional: more of the JSON, beside the findings
lacking(result) -> str                   optional: what is missing for the question to be asked, and when it will be useful;
                                         empty where nothing is
sign(found, head, agreement) -> str      the finding in a few words, among a deal's other signs
ask() -> str                             the question that it puts to a colleague
note(result) -> str                      optional: what stands beside the title, where a window plays another part
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from nippo_cli.base.language import t
from nippo_cli.render.draw import Block, Page, Renderer, Span, Table
from nippo_cli.render.parts import left_out, no_deals, shapes, words
from nippo_cli.results.gap import GapPage, GapRow

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

_COLUMNS = (
    "kind", "deal.id", "deal.name", "deal.customer", "deal.owner", "stage", "began_on", "new", "amount", "entries",
)  # fmt: skip


def page(result: GapPage, screen: "Screen") -> Page:
    """The kind's own blocks under its title, and what was left out."""
    module = module_of(result.kind)
    blocks: list[Block] = module.blocks(result, screen)
    note = module.note(result) if hasattr(module, "note") else _note(result)
    rest = left_out(result.left_out)
    # A table is followed by a blank row of its own.
    return Page(
        [*blocks, *(rest[1:] if blocks and isinstance(blocks[-1], Table) else rest)],
        t(f"show.gap.title_{result.kind}"),
        note,
    )


def to_json(result: GapPage) -> dict[str, object]:
    """The fixed shape of a gap."""
    return {
        "as_of": result.as_of.isoformat(),
        "since": result.since.isoformat(),
        "currency": shapes.currency(result.agreement.currency),
        "norms": [shapes.norm(norm) for norm in result.norms],
        **counted(result),
        "total": result.total,
        "findings": [finding(row, result) for row in result.rows],
        "left_out": dict(result.left_out),
    }


def counted(result: GapPage) -> dict[str, object]:
    """The count of what was looked at, and the kind's figures."""
    module = module_of(result.kind)
    return {"summary": module.summary(result), **(module.figures(result) if hasattr(module, "figures") else {})}


def columns(result: GapPage) -> tuple[str, ...]:
    """The CSV heads."""
    return (*_COLUMNS, *module_of(result.kind).COLUMNS)


def finding(row: GapRow, result: GapPage) -> dict[str, object]:
    """A finding as data."""
    found, module = row.found, module_of(result.kind)
    return {
        "kind": result.kind,
        "deal": shapes.deal(row.about) if row.about is not None else None,
        "stage": found.stage or None,
        "began_on": found.began_on.isoformat(),
        "new": found.new,
        "amount": found.amount,
        "entries": shapes.ids(module.entries(row)),
        **module.finding(row, result),
    }


def module_of(kind: str) -> Any:
    """The module that draws a kind."""
    return import_module(f"nippo_cli.render.gaps.{kind}")


def nothing_live(result: GapPage) -> list[Block]:
    """What is said where no live deal was asked about."""
    return no_deals(filtered=result.filtered)


def lacking(result: GapPage) -> str:
    """What is missing for a kind's question to be asked; empty where nothing is."""
    module = module_of(result.kind)
    return str(module.lacking(result)) if hasattr(module, "lacking") else ""


def mark_new(*, new: bool) -> Span | str:
    """The mark of what began in the window; nothing for the rest."""
    return Span(t("show.gap.new"), "warn") if new else ""


def _note(result: GapPage) -> str:
    return t("show.gap.note", as_of=words.day(result.as_of), since=words.day(result.since, result.as_of))


RENDERER = Renderer(GapPage, page=page, to_json=to_json, rows="findings", columns=columns)
