"""`nippo gap promises`: what was promised for each month, and what became of exactly those deals.

Two tables of months, counts over money; targets where there are any; then the deals that were promised and not won.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from nippo_cli.base.dates import month_name, month_start
from nippo_cli.base.language import t
from nippo_cli.gaps.promises import (
    BECAME,
    Aim,
    Became,
    Missed,
    MonthOutcome,
    Pile,
)
from nippo_cli.line.facts import DealSummary
from nippo_cli.render.draw import (
    Block,
    Cell,
    Column,
    Heading,
    Prose,
    Span,
    Table,
)
from nippo_cli.render.parts import named, narrow, shapes, whose, words
from nippo_cli.results.gap import GapPage, GapRow
from nippo_cli.schema.schema import Schema

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

COLUMNS = ("months", "became", "promised_amount", "confidence", "closes")
# What was taken back is counted with what is left out.
_ON_SCREEN: tuple[Became, ...] = ("later", "earlier", "lost", "fizzled", "open")


def note(result: GapPage) -> str:
    """The window; only its full months count."""
    return t("promises.note", as_of=words.day(result.as_of), since=words.day(result.since, result.as_of))


def blocks(result: GapPage, screen: "Screen") -> list[Block]:
    """The months, the targets, and the deals that were promised and not won."""
    count = result.counted
    if not count.months:
        return [Prose(t("promises.no_month")), Prose(t("promises.no_month_hint"), indent=2)]
    if not (count.total.promised.deals or count.total.unpromised.deals or count.aims):
        return [Prose(t("promises.none_match" if result.filtered else "promises.none"))]
    months = [*count.months, *([count.total] if len(count.months) > 1 else [])]
    found: list[Block] = [
        _kept(months, result, screen),
        Heading(t("promises.became"), t("promises.became_note")),
        _became(months, result),
    ]
    if count.total.unweighted:
        found.append(Prose(Span(words.counted("promises.unweighted", count.total.unweighted), "dim")))
    if count.aims:
        found += [Heading(t("promises.aims"), t("promises.aims_note")), _aims(count.aims, result)]
    if result.rows:
        found += [Heading(words.counted("promises.missed", result.total)), _missed(result, screen), Prose(ask())]
    return found


def brief(result: GapPage, screen: "Screen") -> list[Block]:
    """The months, and the deals that were promised and not won."""
    count = result.counted
    if not count.months:
        return []
    found: list[Block] = [_kept([*count.months, *([count.total] if len(count.months) > 1 else [])], result, screen)]
    if result.rows:
        found += [Prose(words.counted("promises.missed", result.total)), _missed(result, screen)]
    return found


def lacking(result: GapPage) -> str:
    """No full month, or nothing promised for one."""
    count = result.counted
    if not count.months:
        return t("promises.no_month")
    return "" if count.total.promised.deals or count.total.unpromised.deals or count.aims else t("promises.none")


def summary(result: GapPage) -> dict[str, object]:
    """All months together."""
    return _month_json(result.counted.total)


def figures(result: GapPage) -> dict[str, object]:
    """Each month with the deals behind its numbers, and the targets."""
    return {
        "months": [_month_json(kept) for kept in result.counted.months],
        "targets": [_aim_json(aim) for aim in result.counted.aims],
    }


def entries(row: GapRow) -> list[int]:
    """Those that promised the months, and the one that closed the deal."""
    return list(row.detail or ())


def finding(row: GapRow, _result: GapPage) -> dict[str, object]:
    """The months, what became of it, and what had been promised."""
    found: Missed = row.found
    return {
        "months": [month_name(month) for month in found.months],
        "became": found.became,
        "promised_amount": found.promised_amount,
        "confidence": found.confidence or None,
        "closes": shapes.when(row.head.closes),
    }


def sign(found: Missed, _head: DealSummary, _agreement: Schema) -> str:
    """The months that it was promised for in vain."""
    return t("promises.sign", months=_months(found, month_start(found.months[-1])))


def ask() -> str:
    """What to ask of a deal that was promised and not won."""
    return t("promises.question")


# --- months


def _kept(months: Sequence[MonthOutcome], result: GapPage, screen: "Screen") -> Table:
    """What was promised, what of it was won, what was won beside it."""
    columns = [
        Column("month", t("promises.month")),
        Column("promised", t("promises.promised"), right=True),
        Column("won", t("promises.kept"), right=True),
        Column("rate", t("promises.rate"), right=True),
        Column("unpromised", t("promises.unpromised"), right=True),
    ]
    currency = result.agreement.currency
    rows: list[list[Cell]] = []
    for kept in months:
        piles = (kept.promised, kept.became["won"], kept.unpromised)
        (promised, won, beside), money = map(_counted, piles), [words.money(p.amount, currency) for p in piles]
        rates = _rate(kept.hit_rate), _rate(kept.money_rate)
        if narrow(screen):
            rows.append([_label(kept), promised, won, rates[0], beside])
            rows.append(["", *(Span(text, "dim") for text in (money[0], money[1], rates[1], money[2]))])
        else:
            first, second, third = (f"{n} {amount}" for n, amount in zip((promised, won, beside), money, strict=True))
            rows.append([_label(kept), first, second, t("show.head.pair", first=rates[0], second=rates[1]), third])
    return Table(columns, rows)


def _became(months: Sequence[MonthOutcome], result: GapPage) -> Table:
    """What became of the rest, by counts; what was expected by confidence, and what the ledger shows."""
    currency = result.agreement.currency
    ledger = any(kept.ledger is not None for kept in months)
    others = [name for name in _ON_SCREEN if name != "earlier" or any(k.became[name].deals for k in months)]
    columns = [
        Column("month", t("promises.month")),
        *(Column(name, t(f"promises.became_{name}"), right=True) for name in others),
        Column("weighted", t("promises.weighted"), right=True),
        *([Column("ledger", t("promises.ledger"), right=True)] if ledger else []),
    ]
    rows: list[list[Cell]] = [
        [
            _label(kept),
            *(f"{len(kept.became[name].deals):,}" for name in others),
            words.money(kept.weighted, currency),
            *([words.money(kept.ledger, currency)] if ledger else []),
        ]
        for kept in months
    ]
    return Table(columns, rows)


def _aims(aims: Sequence[Aim], result: GapPage) -> Table:
    """目標・受注・見込・差, a month's owners under everyone's."""
    currency = result.agreement.currency
    columns = [
        Column("owner", t("promises.owner"), flex=True),
        Column("target", t("promises.target"), right=True),
        Column("ordered", t("promises.ordered"), right=True),
        Column("promised", t("promises.promised"), right=True),
        Column("difference", t("promises.difference"), right=True),
    ]
    rows: list[list[Cell]] = []
    for aim in aims:
        short = aim.difference is not None and aim.difference < 0
        difference = words.money(aim.difference, currency)
        label: Cell = t("promises.indented", owner=aim.owner) if aim.owner else Span(_month(aim.month), "strong")
        rows.append(
            [label, words.money(aim.target, currency), words.money(aim.ordered, currency),
             words.money(aim.promised, currency), Span(difference, "warn") if short else difference]
        )  # fmt: skip
    return Table(columns, rows)


def _label(kept: MonthOutcome) -> Cell:
    return Span(t("promises.total"), "strong") if kept.month is None else _month(kept.month)


def _month(number: int) -> str:
    return words.year_month(month_start(number))


def _rate(rate: float | None) -> str:
    return words.NOTHING if rate is None else words.percent(rate)


def _counted(pile: Pile) -> str:
    return words.counted("promises.deals", len(pile.deals))


# --- deals


def _missed(result: GapPage, screen: "Screen") -> Table:
    more, hint = result.total - len(result.rows), t("show.more_hint")
    if narrow(screen):
        rows = [cells for row in result.rows for cells in _two(row, result)]
        columns = [
            Column("deal", words.pair("deal", "owner"), flex=True),
            Column("months", t("promises.months_closes")),
            Column("became", t("promises.now_stage")),
            Column("amount", t("promises.amounts"), right=True),
        ]
        return Table(columns, rows, more, hint)
    columns = [
        Column("id", t("show.head.id"), right=True),
        Column("deal", t("show.head.deal"), flex=True),
        Column("customer", t("show.head.customer"), flex=True),
        Column("owner", t("show.head.owner")),
        Column("months", t("promises.for_months")),
        Column("became", t("promises.now")),
        Column("stage", t("show.head.stage")),
        Column("confidence", t("promises.confidence")),
        Column("promised_amount", t("promises.promised"), right=True),
        Column("closes", t("show.head.closes"), right=True),
        Column("amount", t("show.head.amount"), right=True),
    ]
    return Table(columns, [_one(row, result) for row in result.rows], more, hint)


def _one(row: GapRow, result: GapPage) -> list[Cell]:
    found, head, agreement = row.found, row.head, result.agreement
    return [
        str(shapes.deal(head)["id"]),
        head.name,
        head.customer,
        head.owner,
        _months(found, result.as_of),
        t(f"promises.became_{found.became}"),
        agreement.stage_label(found.stage),
        _rank(found, agreement),
        words.money(found.promised_amount, agreement.currency),
        words.when(head.closes, result.as_of),
        words.money(found.amount, agreement.currency),
    ]


def _two(row: GapRow, result: GapPage) -> list[list[Cell]]:
    """Two rows a deal: what was promised and what it is; then whose, where it stands and for when it is promised."""
    found, head, agreement = row.found, row.head, result.agreement
    return [
        [
            named(head),
            _months(found, result.as_of),
            t(f"promises.became_{found.became}"),
            words.money(found.amount, agreement.currency),
        ],
        [
            whose(head.owner, head.customer),
            Span(words.when(head.closes, result.as_of), "dim") if head.fate == "live" else "",
            # Of a lost deal the row above says it.
            Span(agreement.stage_label(found.stage), "dim") if head.fate != "lost" else "",
            Span(words.money(found.promised_amount, agreement.currency), "dim"),
        ],
    ]


def _months(found: Missed, as_of: date) -> str:
    starts = [month_start(month) for month in found.months]
    if len({on.year for on in starts} | {as_of.year}) == 1:
        return t("show.comma").join(words.month(on.month) for on in starts)
    return t("show.comma").join(words.year_month(on) for on in starts)


def _rank(found: Missed, agreement: Schema) -> str:
    key = agreement.renamed_ranks.get(found.confidence, found.confidence)
    return next((rank.label for rank in agreement.ranks if rank.key == key), key)


# --- JSON


def _month_json(kept: MonthOutcome) -> dict[str, object]:
    return {
        **({"month": month_name(kept.month)} if kept.month is not None else {}),
        "promised": _pile_json(kept.promised),
        "weighted_amount": kept.weighted,
        "unweighted": kept.unweighted,
        "became": {name: _pile_json(kept.became[name]) for name in BECAME},
        "won_amount": kept.won_for,
        "hit_rate": shapes.rate(kept.hit_rate),
        "money_rate": shapes.rate(kept.money_rate),
        "unpromised": _pile_json(kept.unpromised),
        "sales": kept.ledger,
        "on_hold": kept.on_hold,
    }


def _pile_json(pile: Pile) -> dict[str, object]:
    return {
        "n": len(pile.deals),
        "amount": pile.amount,
        "without_amount": pile.without_amount,
        "deals": shapes.ids(pile.deals),
    }


def _aim_json(aim: Aim) -> dict[str, object]:
    return {
        "month": month_name(aim.month),
        "owner": aim.owner or None,
        "target": aim.target,
        "ordered": aim.ordered,
        "promised": aim.promised,
        "difference": aim.difference,
    }
