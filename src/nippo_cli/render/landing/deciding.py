"""The deals that decide, each with its next step and its question; and who declared what."""

from itertools import groupby
from typing import TYPE_CHECKING

from nippo_cli.base.dates import month_start
from nippo_cli.base.ids import show_id
from nippo_cli.base.language import t
from nippo_cli.render.draw import Block, Heading, Prose, Span
from nippo_cli.render.gaps import page as gap
from nippo_cli.render.parts import AmountUnit, ball_days, ball_held, ball_label, words
from nippo_cli.results.landing import LandingPage

if TYPE_CHECKING:
    from nippo_cli.landing.deciding import GapClosing
    from nippo_cli.landing.facts import Declaration
    from nippo_cli.line.ball import BallSplit
    from nippo_cli.line.facts import DealSummary

_INDENT = 8


def deciders(result: LandingPage, unit: AmountUnit) -> list[Block]:
    """The deals that decide the nearest month, or the period that was asked for: what they are worth, their next step, and the
    question; first how many of them would have to be won to reach the target."""
    if not result.deciders:
        return []
    of = t(f"landing.this_{result.span}") if result.month is None else words.month(month_start(result.month).month)
    count = words.counted("landing.deals", result.deciders_total)
    blocks: list[Block] = [Heading(t("landing.deciding", of=of), count)]
    if result.closing is not None:
        blocks.append(Prose(Span(_closing(result.closing, result, unit), "strong")))
    for one in result.deciders:
        head = one.head
        rank = result.schema.rank_label(head.confidence) if head.confidence else t("landing.no_rank")
        whose = t("show.dot").join(part for part in (head.customer, head.owner) if part)
        amount = t("landing.unknown")
        if head.amount is not None:
            amount = t("landing.amount_unit", amount=unit.show(head.amount), unit=unit.name)
        named = (Span(head.name, "strong"), f"  {whose}  {rank}  {amount}")
        blocks.append(Prose(named, indent=_INDENT, mark=show_id(head.id)))
        blocks.append(Prose(_next(head, result), indent=_INDENT))
        if one.ball is not None:
            blocks.append(Prose(_ball(one.ball, result), indent=_INDENT))
        if one.signs:
            blocks.append(Prose(Span(t(gap.renderer_of(one.signs[0].kind).ask), "dim"), indent=_INDENT))
    return blocks


def _closing(closing: "GapClosing", result: LandingPage, unit: AmountUnit) -> str:
    """What it takes to reach the target."""
    gap_amount = unit.show(closing.gap, signed=True)
    if closing.wins is None:
        return t("landing.closing_short", gap=gap_amount, short=unit.show(closing.short))
    if closing.wins == 1:
        return t("landing.closing_one", gap=gap_amount, id=show_id(result.deciders[0].head.id))
    return t("landing.closing_wins", gap=gap_amount, n=closing.wins)


def _next(head: "DealSummary", result: LandingPage) -> str:
    if not head.next_step and head.next_on is None:
        return t("landing.no_next")
    return t("landing.next", when=words.when(head.next_on, result.as_of), step=head.next_step)


def _ball(split: "BallSplit", result: LandingPage) -> str:
    """Who has to move next, and whose the days since the deal began were."""
    schema = result.schema
    held = ball_held(split, schema, result.as_of)
    return t("landing.ball", ball=ball_label(schema), held=held, days=ball_days(split, schema)).rstrip()


def declarations(result: LandingPage, unit: AmountUnit) -> list[Block]:
    """Who said what of these months: a line for each month and each day on which it was said."""
    if not result.declarations:
        return []
    said = sorted(result.declarations, key=lambda one: (one.month, one.known_on, one.team))
    lines = [
        t(
            "landing.declared_line",
            month=words.month(month_start(month).month),
            day=words.day(day, result.as_of),
            said=t("show.comma").join(_declared(one, unit) for one in same_day),
        )
        for (month, day), same_day in groupby(said, key=lambda one: (one.month, one.known_on))
    ]
    return [Heading(t("landing.declarations"), unit.name), *(Prose(line, indent=2) for line in lines)]


def _declared(one: "Declaration", unit: AmountUnit) -> str:
    who = one.owner or t("landing.for_team")
    note = t("landing.declared_note", note=one.note) if one.note else ""
    return t("landing.declared_amount", who=who, amount=unit.show(one.amount), note=note)
