"""`nippo deal list --summary`: what became of all deals."""

from typing import TYPE_CHECKING

from nippo_cli.base.language import t
from nippo_cli.lessons import LEAST_RATE
from nippo_cli.line.facts import Outcome
from nippo_cli.render.deal import deal_list
from nippo_cli.render.draw import Block, Cell, Column, FactRows, Page, Prose, Renderer, Run, Span, Table
from nippo_cli.render.parts import DealLists, sentence, shapes, words
from nippo_cli.results.deals import LeadTime, Summary

if TYPE_CHECKING:
    from nippo_cli.line.facts import DealSummary
    from nippo_cli.render.draw import Screen

FATES: tuple[Outcome, ...] = ("won", "lost", "fizzled", "open")
BAR = 20


def page(result: Summary, screen: "Screen") -> Page:
    """Four fates that add up, the win rate, the lead times, the money."""
    title, note = t("show.summary.title"), t("show.as_of", day=words.day(result.as_of))
    if not result.deals:
        return Page([Prose(t("show.deals.none"))] if result.narrowed else deal_list.none("all"), title, note)
    lists = DealLists("fate", result.currency, opens=bool(result.behind))
    blocks: list[Block] = [
        _fates(result, lists, screen),
        _rates(result, lists),
        Prose(""),
        Prose(Span(_rule(result), "dim")),
    ]
    if result.without_amount:
        said = Span(words.counted("show.summary.without_amount", result.without_amount), "dim")
        without = [head for head in _behind(result, *FATES) if head.amount is None]
        blocks.append(Prose(lists.figure(said, t("lessons.fates.without_amount"), without)))
    return Page([*blocks, *lists.blocks()], title, note)


def to_json(result: Summary) -> dict[str, object]:
    """The fixed shape: fates, win rate, lead times in days, amounts in the smallest unit."""
    return {
        "as_of": result.as_of.isoformat(),
        "currency": shapes.currency(result.currency),
        "deals": result.deals,
        "fates": {fate: result.fates.get(fate, 0) for fate in FATES},
        "win_rate": shapes.rate(result.win_rate),
        "win_rate_n": _decided(result),
        "lead_time_days": {fate: _lead(lead) for fate, lead in result.lead_time.items()},
        "amounts": {fate: result.amounts.get(fate, 0) for fate in FATES},
        "without_amount": result.without_amount,
        "quiet": shapes.quiet(result.quiet),
    }


def _behind(result: Summary, *fates: Outcome) -> "list[DealSummary]":
    return [head for fate in fates for head in result.behind.get(fate, ())]


def _fates(result: Summary, lists: DealLists, screen: "Screen") -> Table:
    """A row a fate with its part of all deals, and all deals below."""
    rows = [_fate(result, fate, lists, screen) for fate in FATES]
    every, said = _behind(result, *FATES), t("show.summary.all")
    total: list[Cell] = [
        Span(said, "dim"),
        lists.figure(Span(f"{result.deals:,}", "dim"), said, every),
        Span(words.share_of(result.deals, result.deals), "dim"),
        "",
        lists.figure(Span(words.money(sum(result.amounts.values()), result.currency), "dim"), said, every),
    ]
    return Table(
        [
            Column("outcome", t("show.head.outcome")),
            Column("deals", t("show.head.count"), right=True),
            Column("share", t("show.head.share_of_deals"), right=True),
            Column("bar", ""),
            Column("amount", t("show.head.amount"), right=True),
        ],
        [*rows, total],
    )


def _fate(result: Summary, fate: Outcome, lists: DealLists, screen: "Screen") -> list[Cell]:
    """An outcome's row: its name, how many deals, their share, the share as a bar, their money."""
    n = result.fates.get(fate, 0)
    share = n / result.deals
    bar = ("#" if screen.ascii else "█") * max(round(share * BAR), 1 if n else 0)
    said, deals = t(f"show.outcome.{fate}"), _behind(result, fate)
    return [
        said,
        lists.figure(f"{n:,}", said, deals),
        words.share_of(n, result.deals),
        Span(bar, "good" if fate == "won" else "dim"),
        lists.figure(words.money(result.amounts.get(fate, 0), result.currency), said, deals),
    ]


def _rates(result: Summary, lists: DealLists) -> FactRows:
    said = t("show.summary.win_rate")
    rate = lists.figure(Span(_win_rate(result), "strong"), said, _behind(result, "won", "lost"))
    pairs: list[tuple[str, Cell | Run]] = [(said, rate)]
    for fate, lead in result.lead_time.items():
        n = lists.figure(f"{lead.n:,}", t(f"show.outcome.{fate}"), _behind(result, fate))
        pairs.append((t(f"show.summary.lead_{fate}"), _lead_in_words(lead, n)))
    return FactRows(pairs)


def _win_rate(result: Summary) -> str:
    """Won over won and lost; of few deals what was counted, for no rate of them is a number."""
    n = _decided(result)
    if 0 < n < LEAST_RATE:
        return t("show.summary.win_few", won=result.fates.get("won", 0), of=n, least=LEAST_RATE)
    return words.percent(result.win_rate, n)


def _lead_in_words(of: LeadTime, n: Cell) -> Cell | Run:
    if of.median is None or of.mean is None:
        return t("show.summary.no_lead")
    return sentence("show.summary.lead", median=words.number(of.median), mean=words.number(of.mean), n=n)


def _rule(result: Summary) -> str:
    return t("show.summary.fizzled_rule", days=words.days(result.quiet.days), source=words.norm_source(result.quiet))


def _decided(result: Summary) -> int:
    return result.fates.get("won", 0) + result.fates.get("lost", 0)


def _lead(of: LeadTime) -> dict[str, object]:
    return {"n": of.n, "median": shapes.mean(of.median), "mean": shapes.mean(of.mean)}


RENDERER = Renderer(Summary, page=page, to_json=to_json)
