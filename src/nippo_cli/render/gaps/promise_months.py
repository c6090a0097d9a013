"""The months of `nippo gap promises`: what was promised for each, what became of it, and the targets; as tables and JSON."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nippo_cli.base.dates import month_name, month_start
from nippo_cli.base.language import t
from nippo_cli.gaps.aims import Aim
from nippo_cli.gaps.promises import BECAME, MonthOutcome, PromiseFate
from nippo_cli.lessons import LEAST_RATE
from nippo_cli.line.promised import Basis, Pile
from nippo_cli.render.draw import Cell, Column, Span, Table
from nippo_cli.render.gaps.table import GapLists
from nippo_cli.render.parts import narrow, shapes, words

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen
    from nippo_cli.schema.schema import Currency

# What was taken back is counted with what is left out.
_ON_SCREEN: tuple[PromiseFate, ...] = ("later", "earlier", "lost", "fizzled", "open")


def in_time_of_promised(
    months: Sequence[MonthOutcome], basis: Basis, currency: "Currency", lists: GapLists, screen: "Screen"
) -> Table:
    """What was promised, what of it came in its month, what came beside it."""
    columns = [
        Column("month", t("promises.month")),
        Column("promised", t("promises.promised"), right=True),
        Column("won", t(f"promises.kept_{basis}"), right=True),
        Column("rate", t(f"promises.rate_{'narrow_' if narrow(screen) else ''}{basis}"), right=True),
        Column("unpromised", t(f"promises.unpromised_{basis}"), right=True),
    ]
    rows: list[list[Cell]] = []
    for one in months:
        piles = (one.promised, one.in_time, one.unpromised)
        (promised, won, beside), money = map(_counted, piles), [words.money(p.amount, currency) for p in piles]
        rates = _rates(one)
        if narrow(screen):
            rows.append([_label(one), promised, won, rates[0], beside])
            rows.append(["", *(Span(text, "dim") for text in (money[0], money[1], rates[1], money[2]))])
        else:
            first, second, third = (
                lists.piled(f"{n} {amount}", f"{_named(one)}  {columns[at].head}", pile)
                for at, n, amount, pile in zip((1, 2, 4), (promised, won, beside), money, piles, strict=True)
            )
            rows.append([_label(one), first, second, t("show.head.pair", first=rates[0], second=rates[1]), third])
    return Table(columns, rows)


def became(months: Sequence[MonthOutcome], basis: Basis, currency: "Currency", lists: GapLists) -> Table:
    """What became of the rest, by counts (by sales, of which the table above says nothing, of those won in time too); what was expected
    by confidence, and what the ledger shows."""
    ledger = any(one.ledger is not None for one in months)
    names = _ON_SCREEN if basis == "order" else ("won", *_ON_SCREEN)
    others = [name for name in names if name != "earlier" or any(k.became[name].deals for k in months)]
    columns = [
        Column("month", t("promises.month")),
        *(Column(name, t(f"promises.became_{name}"), right=True) for name in others),
        Column("weighted", t("promises.weighted"), right=True),
        *([Column("ledger", t("promises.ledger"), right=True)] if ledger else []),
    ]
    rows: list[list[Cell]] = [
        [
            _label(one),
            *(_became(one, name, lists) for name in others),
            words.money(one.weighted, currency),
            *([words.money(one.ledger, currency)] if ledger else []),
        ]
        for one in months
    ]
    return Table(columns, rows, stacks=True)


def _became(one: MonthOutcome, name: PromiseFate, lists: GapLists) -> Cell:
    pile = one.became[name]
    return lists.piled(f"{len(pile.deals):,}", f"{_named(one)}  {t(f'promises.became_{name}')}", pile)


def aims(of: Sequence[Aim], basis: Basis, currency: "Currency") -> Table:
    """目標・受注・見込・差 (by sales 目標・売上・見込・差), a month's owners under everyone's."""
    columns = [
        Column("owner", t("promises.owner"), flex=True),
        Column("target", t("promises.target"), right=True),
        Column("came", t(f"promises.came_{basis}"), right=True),
        Column("promised", t("promises.promised"), right=True),
        Column("difference", t("promises.difference"), right=True),
    ]
    rows: list[list[Cell]] = []
    for aim in of:
        short = aim.difference is not None and aim.difference < 0
        difference = words.money(aim.difference, currency)
        label: Cell = t("promises.indented", owner=aim.owner) if aim.owner else Span(_month(aim.month), "strong")
        rows.append(
            [label, words.money(aim.target, currency), words.money(aim.came, currency),
             words.money(aim.promised, currency), Span(difference, "warn") if short else difference]
        )  # fmt: skip
    return Table(columns, rows)


def _label(one: MonthOutcome) -> Cell:
    return Span(_named(one), "strong") if one.month is None else _named(one)


def _named(one: MonthOutcome) -> str:
    return t("promises.total") if one.month is None else _month(one.month)


def _month(number: int) -> str:
    return words.year_month(month_start(number))


def _rates(one: MonthOutcome) -> tuple[str, str]:
    """How many of the deals and how much of the money came in their month. Of few deals no rate is a number: what was
    counted stands there."""
    n, won = len(one.promised.deals), len(one.in_time.deals)
    if n < LEAST_RATE:
        return (f"{won:,}/{n:,}" if n else words.NOTHING), words.NOTHING
    return words.percent(one.hit_rate), words.NOTHING if one.money_rate is None else words.percent(one.money_rate)


def _counted(pile: Pile) -> str:
    return words.counted("promises.deals", len(pile.deals))


def month_json(one: MonthOutcome) -> dict[str, object]:
    """A month, or all together, with the deals behind each number."""
    return {
        **({"month": month_name(one.month)} if one.month is not None else {}),
        "promised": _pile_json(one.promised),
        "weighted_amount": one.weighted,
        "unweighted": one.unweighted,
        "became": {name: _pile_json(one.became[name]) for name in BECAME},
        "in_time": _pile_json(one.in_time),
        "won_amount": one.won_for,
        "hit_rate": shapes.rate(one.hit_rate),
        "money_rate": shapes.rate(one.money_rate),
        "unpromised": _pile_json(one.unpromised),
        "sales": one.ledger,
        "on_hold": one.on_hold,
    }


def _pile_json(pile: Pile) -> dict[str, object]:
    return {
        "n": len(pile.deals),
        "amount": pile.amount,
        "without_amount": pile.without_amount,
        "deals": shapes.ids(pile.deals),
    }


def aim_json(aim: Aim) -> dict[str, object]:
    """A month's target, of everyone or of one owner, against what was ordered (by sales: what the ledger shows) and promised."""
    return {
        "month": month_name(aim.month),
        "owner": aim.owner or None,
        "target": aim.target,
        "ordered": aim.came,
        "promised": aim.promised,
        "difference": aim.difference,
    }
