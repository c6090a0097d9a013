"""`nippo gap KIND`: what every gap's page has in common. The rest is in the kind's own module, `render/gaps/<kind>.py`."""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.language import t
from nippo_cli.line.facts import DealSummary
from nippo_cli.render.draw import Block, Page, Renderer, Table
from nippo_cli.render.parts import left_out, shapes, words
from nippo_cli.results.entries import NOTHING_LEFT_OUT
from nippo_cli.results.gap import GapPage, GapRow
from nippo_cli.schema.schema import Schema

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

_COLUMNS = (
    "kind", "deal.id", "deal.name", "deal.customer", "deal.owner", "stage", "began_on", "new", "amount", "entries",
)  # fmt: skip


def window(result: GapPage) -> str:
    """As of which day, and since when what is found is new."""
    return t("show.gap.note", as_of=words.day(result.as_of), since=words.day(result.since, result.as_of))


def _no_data(*_: object) -> Mapping[str, object]:
    return {}


def _no_entries(_row: GapRow) -> Sequence[int]:
    return ()


def _has_rows(result: GapPage) -> bool:
    return bool(result.rows)


def _no_words(*_: object) -> str:
    return ""


class GapRenderer(NamedTuple):
    """How a kind of gap is shown. The kind's module declares it, `RENDERER`, as its last line.

    blocks: what stands between the title and what was left out.
    summary: the count of what was looked at, as JSON.
    ask: the key of what one finding asks a colleague; `asks` whether any of the page does.
    brief: the blocks, shorter, as a section of the whole page; where it is None they stand there as they are.
    note: what stands beside the title.
    sign: a finding in a few words, among a deal's other signs; of most kinds these stand in `render/gaps/signs.py`.
    lacking: what is missing for the kind to be asked, and when it will be useful; empty where nothing is.
    finding: what a finding says beside what all say, as JSON; `columns` are its CSV heads.
    entries: the entries that a finding rests on.
    figures: more of the JSON, beside the findings.
    """

    blocks: "Callable[[GapPage, Screen], list[Block]]"
    summary: Callable[[GapPage], Mapping[str, object]]
    ask: str
    brief: "Callable[[GapPage, Screen], list[Block]] | None" = None
    note: Callable[[GapPage], str] = window
    asks: Callable[[GapPage], bool] = _has_rows
    # Of a kind's own type of finding.
    sign: Callable[[Any, DealSummary, Schema], str] = _no_words
    lacking: Callable[[GapPage], str] = _no_words
    finding: Callable[[GapRow, GapPage], Mapping[str, object]] = _no_data
    entries: Callable[[GapRow], Sequence[int]] = _no_entries
    columns: Sequence[str] = ()
    figures: Callable[[GapPage], Mapping[str, object]] = _no_data


def renderer_of(kind: str) -> GapRenderer:
    """What draws a kind; its module is loaded now."""
    renderer: GapRenderer = import_module(f"nippo_cli.render.gaps.{kind}").RENDERER
    return renderer


def page(result: GapPage, screen: "Screen") -> Page:
    """The kind's own blocks under its title, and what was left out."""
    renderer = renderer_of(result.kind)
    blocks = renderer.blocks(result, screen)
    apart = result.behind.left_out if result.behind is not None else NOTHING_LEFT_OUT
    rest = left_out(result.left_out, apart, result.as_of)
    # A table is followed by a blank row of its own.
    return Page(
        [*blocks, *(rest[1:] if blocks and isinstance(blocks[-1], Table) else rest)],
        title(result.kind),
        renderer.note(result),
    )


def title(kind: str) -> str:
    """A kind's name."""
    return t(f"show.gap.title_{kind}")


def to_json(result: GapPage) -> dict[str, object]:
    """The fixed shape of a gap."""
    return {
        "as_of": result.as_of.isoformat(),
        "since": result.since.isoformat(),
        "currency": shapes.currency(result.schema.currency),
        "norms": [shapes.norm(norm) for norm in result.norms],
        **counted(result),
        "total": result.total,
        "findings": [finding(row, result) for row in result.rows],
        "left_out": dict(result.left_out),
    }


def counted(result: GapPage) -> dict[str, object]:
    """The count of what was looked at, and the kind's figures."""
    renderer = renderer_of(result.kind)
    return {"summary": renderer.summary(result), **renderer.figures(result)}


def columns(result: GapPage) -> tuple[str, ...]:
    """The CSV heads."""
    return (*_COLUMNS, *renderer_of(result.kind).columns)


def finding(row: GapRow, result: GapPage) -> dict[str, object]:
    """A finding as data."""
    renderer = renderer_of(result.kind)
    return {
        "kind": result.kind,
        "deal": shapes.deal(row.about) if row.about is not None else None,
        "stage": row.finding.stage or None,
        "began_on": row.finding.began_on.isoformat(),
        "new": row.finding.new,
        "amount": row.finding.amount,
        "entries": shapes.ids(renderer.entries(row)),
        **renderer.finding(row, result),
    }


RENDERER = Renderer(
    GapPage,
    page=page,
    to_json=to_json,
    rows="findings",
    columns=columns,
    money=("months.sales", "targets.promised", "cohorts.sales"),
    cells={"kind": "choice.gap."},
)
