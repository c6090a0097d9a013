"""What became of deals like one: in a line beside the deal, and side by side as timelines."""

from typing import TYPE_CHECKING

from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.render.draw import Block, Page, Prose, Renderer, Span
from nippo_cli.render.parts import shapes, words
from nippo_cli.results.deals import Precedents, PrecedentsPage

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

_MOST_NAMED = 20


def page(result: PrecedentsPage, screen: "Screen") -> Page:
    """The count, the rule behind it, and the lines under each other, each from its own first day."""
    from nippo_cli.lessons.precedents import FACTOR, band
    from nippo_cli.render.timeline import timeline
    from nippo_cli.results.deals import TimelinePage

    near = result.precedents
    title = t("precedents.title", name=words.deal(result.deal))
    note = t("show.as_of", day=words.day_name(result.as_of))
    if near is None:
        return Page([Prose(t("precedents.none"))], title, note)
    drawn = timeline.page(TimelinePage(result.as_of, result.schema, result.lines, aligned=True), screen)
    stage = result.schema.stage_label(near.stage)
    rule = t(
        "precedents.rule" if near.amount else "precedents.rule_any_amount",
        age=words.days(near.age_days), stage=stage, factor=FACTOR,
        low=words.days_short(max(0, near.silence_days - band(near.silence_days))),
        high=words.days_short(near.silence_days + band(near.silence_days)), n=f"{near.looked_at:,}",
    )  # fmt: skip
    above: list[Block] = [Prose(Span(counts(near), "strong")), Prose(Span(rule, "dim")), Prose("")]
    return Page([*above, *drawn.blocks, *_others(near)], title, note)


def to_json(result: PrecedentsPage) -> dict[str, object]:
    """The count by fate and the nearest, with the deal itself."""
    answer = figures(result.precedents) or {"n": 0, "fates": {"won": 0, "lost": 0, "fizzled": 0}, "nearest": []}
    return {
        "as_of": result.as_of.isoformat(),
        "deal": shapes.deal(result.deal),
        "currency": shapes.currency(result.schema.currency),
        **answer,
        "deals": [
            {"id": show_id(one.deal), "outcome": one.fate, "ended_on": one.ended_on.isoformat()}
            for one in (result.precedents.alike if result.precedents else ())
        ],
    }


def figures(of: Precedents | None) -> dict[str, object] | None:
    """Precedents as they stand in the JSON of a deal; null where there are none."""
    if of is None:
        return None
    return {
        "age_days": of.age_days,
        "stage": of.stage,
        "amount": of.amount,
        "silence_days": of.silence_days,
        "n": of.n,
        "fates": dict(of.fates),
        "looked_at": of.looked_at,
        "latest": of.most,
        "nearest": [
            {**shapes.deal(head), "outcome": one.fate, "ended_on": one.ended_on.isoformat(), "amount_then": one.amount,
             "silence_days_then": one.silence_days}
            for one, head in of.nearest
        ],
    }  # fmt: skip


def counts(of: Precedents) -> str:
    """`12件: 受注 5・失注 4・うやむや 3`."""
    parts = [t("precedents.fate", fate=t(f"show.outcome.{fate}"), n=f"{n:,}") for fate, n in of.fates.items() if n]
    return words.counted("precedents.counts", of.n, fates=t("show.dot").join(parts))


def nearest(of: Precedents) -> str:
    """The nearest by name and fate, to be opened."""
    named = [f"#{show_id(head.id)} {words.deal(head)} {t(f'show.outcome.{one.fate}')}" for one, head in of.nearest]
    return t("precedents.nearest", deals=t("show.comma").join(named))


def _others(of: Precedents) -> list[Block]:
    """Those that are not drawn, by number, so that each of them opens too."""
    others = of.alike[len(of.nearest) :]
    if not others:
        return []
    named = [f"#{show_id(one.deal)} {t(f'show.outcome.{one.fate}')}" for one in others[:_MOST_NAMED]]
    more = f" {words.counted('show.more', len(others) - _MOST_NAMED)}" if len(others) > _MOST_NAMED else ""
    return [Prose(""), Prose(t("precedents.others", deals=t("show.comma").join(named) + more))]


def in_one_line(of: Precedents) -> str:
    """One line behind an entry: the count, and the nearest one."""
    one, head = of.nearest[0]
    near = f"#{show_id(head.id)} {words.deal(head)} {t(f'show.outcome.{one.fate}')}"
    return t("precedents.told", counts=counts(of), near=near)


RENDERER = Renderer(PrecedentsPage, page=page, to_json=to_json, rows="nearest")
