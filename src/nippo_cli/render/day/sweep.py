"""`nippo sweep`: the deals that somebody should decide about."""

from typing import TYPE_CHECKING

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.render.day.recap import strip
from nippo_cli.render.draw import Block, Cell, Page, Prose, Renderer, Run, Span
from nippo_cli.render.draw.glyphs import glyphs
from nippo_cli.render.parts import shapes, words
from nippo_cli.results.deal_pages import SweepList, SweepRow

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

_INDENT = 2


def page(result: SweepList, screen: "Screen") -> Page:
    """Every deal that would be asked about."""
    title = t("show.sweep.title")
    if not result.rows:
        return Page([Prose(Span(t("show.sweep.none"), "good"))], title)
    blocks: list[Block] = []
    for row in result.rows:
        blocks += [Prose(""), *one(row, result, "", screen).blocks]
    return Page(blocks[1:], title, words.counted("show.count", len(result.rows)))


def to_json(result: SweepList) -> dict[str, object]:
    """The deals as `deal list` gives them, and why each is asked about."""
    return {
        "as_of": result.as_of.isoformat(),
        "currency": shapes.currency(result.schema.currency),
        "deals": [{**shapes.status(row.status), "why": list(row.why)} for row in result.rows],
    }


def one(row: SweepRow, result: SweepList, place: str, screen: "Screen") -> Page:
    """A deal: its name and why it is asked about; then its line in two rows."""
    head = row.status.head
    why = t("show.comma").join(t(f"show.sweep.{reason}") for reason in row.why)
    amount = f"  {words.money(head.amount, result.schema.currency)}" if head.amount is not None else ""
    lead = Span(f"{place}  ", "dim") if place else ""
    named: Run = (
        lead, f"#{show_id(head.id)} ", Span(head.name, "strong"), f"  {head.customer}{amount}", Span(f"  {why}", "warn"),
    )  # fmt: skip
    return Page(
        [
            Prose(named),
            Prose(_line(row, result, screen), indent=_INDENT),
            Prose(_status(row, result), indent=_INDENT),
        ]
    )


def _line(row: SweepRow, result: SweepList, screen: "Screen") -> Run:
    """The steps with the one it stands in, and the stay against the norm."""
    status, schema = row.status, result.schema
    marks = glyphs(ascii_only=screen.ascii)
    steps = [s for s in schema.stages if s.ends != "lost" and not s.after]
    days = f"  {words.held_against(status.stay_days, status.limit_days, status.head.arrival)}"
    room = max(20, screen.columns - _INDENT - len(days) - 8)
    return (*strip(steps, status.head.stage, room, marks), Span(days, "warn" if status.stalled else "plain"))


def _status(row: SweepRow, result: SweepList) -> Run:
    """The silence, what was to come next, what is expected."""
    status, head = row.status, row.status.head
    parts: list[Cell] = [
        Span(
            t("show.sweep.silent", days=words.silence_words(status.silence_days, head)),
            "warn" if "fizzled" in row.why else "plain",
        )
    ]
    if head.next_step or head.next_on:
        on = words.when(head.next_on, result.as_of) if head.next_on else ""
        step = t("show.sweep.next", what=" ".join(part for part in (on, head.next_step) if part))
        late = t("show.prep.late", days=words.days(status.next_overdue_days)) if status.next_overdue_days else ""
        parts.append(Span(f"  {step}{late and ' ' + late}", "warn" if late else "plain"))
    if head.closes is not None:
        parts.append(f"  {t('show.prep.closes', when=words.when(head.closes, result.as_of))}")
    return tuple(parts)


RENDERER = Renderer(SweepList, page=page, to_json=to_json, rows="deals")
