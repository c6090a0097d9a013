"""見込みと実績: what was promised for each month on the day before it began, and what became of exactly those deals."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal, TypeAlias

from nippo_cli.base.dates import month_number, month_start
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.gaps.aims import Aim, aims
from nippo_cli.gaps.facts import GapFacts
from nippo_cli.gaps.finding import Findings
from nippo_cli.line.facts import DealHistory, DealSummary
from nippo_cli.line.promised import (
    Basis,
    MonthMoney,
    Pile,
    Promised,
    pile_of,
    pile_of_money,
    pile_up,
    won_in,
)
from nippo_cli.line.quiet import is_fizzled
from nippo_cli.line.span import ClosedDays
from nippo_cli.schema.schema import Schema

# Won in the month; won after it, or before it and only written down later; lost, fizzled, open on the day; taken back.
PromiseFate: TypeAlias = Literal["won", "later", "earlier", "lost", "fizzled", "open", "gone"]
BECAME: tuple[PromiseFate, ...] = ("won", "later", "earlier", "lost", "fizzled", "open", "gone")


class MonthOutcome(NamedTuple):
    """A month, or several added up (`month` None): what was promised and what came of it.

    `promised` and `became` count the amounts that were promised. `in_time` are the deals that came in the month: by orders those
    won in it, with the amounts promised, and `won_for` is what they were won for; by sales those that the ledger shows in it, and
    both are what it shows.
    `weighted` takes each amount times the chance that the schema gives its confidence; `unweighted` counts the deals
    that have no such chance, or no amount. `unpromised` came in the month though not promised for it, `ledger` is
    the month's total there, None without one; `on_hold` counts deals that were left out for being on hold.
    """

    month: int | None
    promised: Pile
    weighted: int
    unweighted: int
    became: Mapping[PromiseFate, Pile]
    in_time: Pile
    won_for: int
    unpromised: Pile
    ledger: int | None
    on_hold: int

    @property
    def hit_rate(self) -> float | None:
        """Deals that came in the month over deals promised for it."""
        return _over(len(self.in_time.deals), len(self.promised.deals))

    @property
    def money_rate(self) -> float | None:
        """The same of the money that was promised."""
        return _over(self.in_time.amount, self.promised.amount)


class PromiseCount(NamedTuple):
    """Every full month of the window and all of them together; `aims` where there are targets for them."""

    months: Sequence[MonthOutcome]
    total: MonthOutcome
    aims: Sequence[Aim]
    basis: Basis = "order"


class Missed(NamedTuple):
    """A deal that was promised for months of the window and not won in them, the last of which `promised_amount` and
    `confidence` are of. `began_on` is the day after the first of them."""

    deal: int
    stage: str
    began_on: date
    new: bool
    amount: int | None
    months: tuple[int, ...]
    became: PromiseFate
    promised_amount: int | None
    confidence: str

    @property
    def measure(self) -> int:
        """How many months it was promised for in vain."""
        return len(self.months)


def find(facts: GapFacts) -> Findings:
    """The months, and the deals that were promised for one and not won in it. Rule: docs/gaps.md#promises"""
    months = full_months(facts.since, facts.as_of)
    if not months:
        return Findings((), PromiseCount((), add_up(()), (), facts.basis))
    promised = facts.promised_for(months)
    heads = facts.became({one.deal for of in promised.values() for one in of})
    came = _came(facts, month_start(months[0]))
    judge = PromiseJudge(facts.schema, facts.norms.quiet().days, facts.rest, facts.as_of, facts.basis)
    by_month = facts.ledger.by_month()
    outcomes = [
        judge.outcome(month, promised[month], heads, came, by_month.get(month, 0) if by_month else None)
        for month in months
    ]
    targets = [target for target in facts.ledger.targets() if target.month in promised]
    owners = facts.heads({row.deal for row in came if row.deal is not None}) if targets else {}
    aimed = aims(targets, promised, came, owners) if targets else ()
    count = PromiseCount(outcomes, add_up(outcomes), aimed, facts.basis)
    left_out = {"on_hold": count.total.on_hold, "gone": len(count.total.became["gone"].deals)}
    # A deal counts in each month that it was promised for: these open where each was promised for one.
    held = {heads[one.deal].id for of in promised.values() for one in of if one.on_hold and one.deal in heads}
    broken = missed(outcomes, promised, heads, since=facts.since, as_of=facts.as_of)
    return Findings(broken, count, left_out, apart={"on_hold": sorted(held)})


def _came(facts: GapFacts, since: date) -> Sequence[MonthMoney]:
    """The orders from a day on, or the ledger's sales."""
    if facts.basis == "order":
        return facts.orders(since)
    return [MonthMoney(month_number(sale.on), sale.deal, sale.amount) for sale in facts.ledger.sales(since)]


def look(facts: GapFacts, findings: Sequence[Missed]) -> list[tuple[int, ...]]:
    """The entries that each rests on: those that promised the months, and the one that closed the deal."""
    lines = facts.lines([one.deal for one in findings])
    return [_entries(one, lines[one.deal]) for one in findings]


def full_months(since: date, as_of: date) -> list[int]:
    """The numbers of the calendar months that lie within a window, both its ends included."""
    first = month_number(since) + (since.day > 1)
    return list(range(first, month_number(as_of + timedelta(days=1))))


class PromiseJudge(NamedTuple):
    """Tells what became of promised deals by a day."""

    schema: Schema
    quiet_days: int
    rest: ClosedDays
    as_of: date
    basis: Basis = "order"

    def outcome(
        self, month: int, promised: Sequence[Promised], heads: Mapping[int, DealSummary], came: Iterable[MonthMoney],
        ledger: int | None,
    ) -> MonthOutcome:  # fmt: skip
        """What a month's promises came to.

        Args:
            promised: the live deals that were promised for it.
            heads: what each promised deal is on the day, through merges; one that was taken back is not there.
            came: what came in the month, and in others.
        """
        asked = [one for one in promised if not one.on_hold]
        worth: defaultdict[PromiseFate, list[tuple[int, int | None]]] = defaultdict(list)
        for one in asked:
            worth[self.became(month, heads.get(one.deal))].append((one.deal, one.amount))
        chances = [self._chance(one) for one in asked]
        known = {one.deal for one in asked} | {heads[one.deal].id for one in asked if one.deal in heads}
        became = {name: pile_of(worth[name]) for name in BECAME}
        of_month = [row for row in came if row.month == month]
        others = [row for row in of_month if row.deal not in known]
        if self.basis == "order":
            in_time = became["won"]
            won_for = sum({heads[deal].id: heads[deal].amount or 0 for deal in in_time.deals}.values())
        else:
            sold = Counter[int | None]()
            for row in of_month:
                sold[row.deal] += row.amount or 0
            hit = [one.deal for one in asked if one.deal in heads and heads[one.deal].id in sold]
            won_for = sum(row.amount or 0 for row in of_month if row.deal in known)
            # Of deals that are one by now the first has all of it.
            in_time = Pile(tuple(hit), won_for, amounts=tuple(sold.pop(heads[deal].id, 0) for deal in hit))
        return MonthOutcome(
            month=month,
            promised=pile_of((one.deal, one.amount) for one in asked),
            weighted=round(sum(chance for chance in chances if chance is not None)),
            unweighted=sum(chance is None for chance in chances),
            became=became,
            in_time=in_time,
            won_for=won_for,
            unpromised=pile_of_money(others),
            ledger=ledger,
            on_hold=sum(one.on_hold for one in promised),
        )

    def became(self, month: int, head: DealSummary | None) -> PromiseFate:
        """What became of a deal that was promised for a month."""
        if head is None:
            return "gone"
        if head.fate == "won":
            in_month = won_in(head)
            return "won" if in_month == month else "later" if in_month is not None and in_month > month else "earlier"
        if head.fate == "lost":
            return "lost"
        return "fizzled" if is_fizzled(head, self.quiet_days, self.rest, self.as_of) else "open"

    def _chance(self, one: Promised) -> float | None:
        """An amount times its chance; None where either is unknown."""
        key = self.schema.renamed_ranks.get(one.confidence, one.confidence)
        chance = next((rank.chance for rank in self.schema.ranks if rank.key == key), None)
        return None if chance is None or one.amount is None else one.amount * chance


def add_up(months: Sequence[MonthOutcome]) -> MonthOutcome:
    """Months together: a deal that was promised for two counts in both."""
    ledgers = [month.ledger for month in months if month.ledger is not None]
    return MonthOutcome(
        month=None,
        promised=pile_up(month.promised for month in months),
        weighted=sum(month.weighted for month in months),
        unweighted=sum(month.unweighted for month in months),
        became={became: pile_up(month.became[became] for month in months) for became in BECAME},
        in_time=pile_up(month.in_time for month in months),
        won_for=sum(month.won_for for month in months),
        unpromised=pile_up(month.unpromised for month in months),
        ledger=sum(ledgers) if ledgers else None,
        on_hold=sum(month.on_hold for month in months),
    )


def missed(
    months: Sequence[MonthOutcome],
    promised: Mapping[int, Sequence[Promised]],
    heads: Mapping[int, DealSummary],
    *,
    since: date,
    as_of: date,
) -> list[Missed]:
    """Deals promised for a month and not won in it, each once; most money first, unknown money last, then those promised
    in vain most often. On a month's last day its `began_on` is that day."""
    misses: dict[int, Missed] = {}
    for outcome in months:
        month = outcome.month or 0
        by_deal = {one.deal: one for one in promised[month]}
        for became, pile in outcome.became.items():
            for deal in pile.deals if became not in ("won", "gone") else ():
                head, said = heads[deal], by_deal[deal]
                before = misses.get(head.id)
                began_on = before.began_on if before else min(month_start(month + 1), as_of)
                misses[head.id] = Missed(
                    deal=head.id,
                    stage=head.stage,
                    began_on=began_on,
                    new=began_on >= since,
                    amount=head.amount,
                    months=tuple(dict.fromkeys((*(before.months if before else ()), month))),
                    became=became,
                    promised_amount=said.amount,
                    confidence=said.confidence,
                )
    return sorted(misses.values(), key=lambda m: (m.amount is None, -(m.amount or 0), -m.measure, m.deal))


def _entries(miss: Missed, line: DealHistory) -> tuple[int, ...]:
    closes = [promise for promise in line.promises if promise.what == "closes"]
    entries: list[int] = []
    for month in miss.months:
        start = month_start(month)
        entries += [promise.entry for promise in closes if promise.made_on < start][-1:]
    if line.head.closed_on is not None:
        entries.append(line.head.stay_entry)
    return tuple(dict.fromkeys(entries))


def _over(part: int, whole: int) -> float | None:
    return part / whole if whole else None
