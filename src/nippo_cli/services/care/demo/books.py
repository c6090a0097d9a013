"""What accounting makes of the team's orders, and what the team was to sell: a ledger that no diary agrees with wholly."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from nippo_cli.base.dates import add_months
from nippo_cli.services.care.demo.events import MatchEvent, SaleEvent, TargetEvent
from nippo_cli.services.care.demo.telling import WrittenDeal
from nippo_cli.services.care.demo.words import Cast
from nippo_cli.services.care.demo.workdays import on_to_work

# An order won so many days ago without a sale is past its time, and still in the usual window.
_FORGOTTEN = range(65, 91)
# Rows without a deal that nobody has put to one yet.
_STILL_OPEN = 2
# In per cent of what the diary says.
_WITH_OPTIONS = 108
# Yen a month, one rep after the other; the last month of a fiscal half takes half as much again.
_TARGETS = (2_500_000, 2_000_000, 1_800_000, 2_200_000, 1_500_000)
_HALVES_BEGIN = (4, 10)
_MONTHS_OF_A_HALF = 6


def booked(
    sales: Sequence[SaleEvent], told: Sequence[WrittenDeal], people: Cast, today: date
) -> Iterator[SaleEvent | MatchEvent]:
    """The ledger as accounting keeps it.

    Small orders are entered under a shorter company name and without a deal; most were put to theirs by the head of sales.
    One was never invoiced, and one machine was, for more than the diary says.
    """
    plots = {each.plot.name: each.plot for each in told}
    newest = sorted((s for s in sales if s.deal), key=lambda sale: (sale.on, sale.reference), reverse=True)
    small = [s for s in newest if plots[s.deal or ""].goods.kind != "new"]
    whole = [s for s in newest if s not in small and s.reference[-1].isdigit()]
    forgotten = next((s for s in small if (today - plots[s.deal or ""].until).days in _FORGOTTEN), None)
    unnamed = [s for s in small if s is not forgotten]
    for sale in sales:
        if sale is forgotten:
            continue
        if sale in unnamed:
            yield replace(sale, customer=sale.customer.replace("株式会社", "㈱"), deal=None)
            matched_on = on_to_work(sale.known_on + timedelta(days=4))
            if sale not in unnamed[:_STILL_OPEN] and matched_on <= today:
                yield MatchEvent(matched_on, people.head, sale.reference, sale.deal or "")
        elif whole and sale is whole[0]:
            amount = sale.amount * _WITH_OPTIONS // 100 // 10_000 * 10_000
            yield replace(sale, amount=amount, note="検収（追加仕様を含む）")
        else:
            yield sale


def targets(people: Cast, first: date, left_on: date, today: date) -> Iterator[TargetEvent]:
    """What each rep is to sell in each month, told at the start of each fiscal half; of the leaver while there."""
    month = first.replace(day=1)
    told_on = first
    while month <= add_months(today.replace(day=1), _MONTHS_OF_A_HALF - 1):
        if month.month in _HALVES_BEGIN and month > first:
            told_on = on_to_work(month)
        if told_on > today:
            return
        ends_half = add_months(month, 1).month in _HALVES_BEGIN
        for rep, amount in zip(people.reps, _TARGETS, strict=False):
            if rep != people.leaver or month < left_on:
                yield TargetEvent(told_on, people.head, rep, f"{month:%Y-%m}", amount * 3 // 2 if ends_half else amount)
        month = add_months(month, 1)
