"""契約後フォロー漏れ: customers who bought and hear nothing."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from operator import attrgetter
from types import MappingProxyType
from typing import Literal, TypeAlias

from nippo_cli.base.customers import customer_key, groups_of_keys, last_heard
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.gaps.facts import GapFacts, WonDeal
from nippo_cli.gaps.finding import Findings, no_details
from nippo_cli.line.norm import Norm, Norms
from nippo_cli.line.span import ClosedDays, net_days, on_hold, passes_on
from nippo_cli.schema.schema import Schema

SilenceCase: TypeAlias = Literal["silent", "never_entered"]


class Unheard(NamedTuple):
    """A won deal whose customer has heard nothing for longer than the norm of its after-stage: of the one it is in
    (`silent`), or of the first where it entered none (`never_entered`). `silence_days` run from the later of the last
    contact and the day it came there (the day of the order); `began_on` is the first day beyond the norm."""

    deal: int
    stage: str
    began_on: date
    new: bool
    amount: int | None
    why: SilenceCase
    silence_days: int
    norm: Norm

    @property
    def measure(self) -> int:
        """Its days."""
        return self.silence_days


class UnheardCount(NamedTuple):
    """What was looked at: `won` deals of so many `customers`, of whom `unheard` hear nothing. `heard`: deals whose
    customer was met elsewhere; `before_window`: deals that entered no after-stage and passed its norm before the
    window; `listed`: those of which a list alone tells, and nobody knows who was spoken to since. Money is in the
    currency's smallest unit. `followed` says whether the schema has after-stages at all."""

    followed: bool
    won: int
    customers: int
    unheard: int
    flagged: int
    flagged_amount: int
    new: int
    new_amount: int
    on_hold: int
    heard: int
    before_window: int
    listed: int = 0
    apart: Mapping[str, Sequence[int]] = MappingProxyType({})

    @property
    def share(self) -> float | None:
        """Customers who hear nothing over all who bought; None where none did."""
        return self.unheard / self.customers if self.customers else None


class CareNorms(NamedTuple):
    """The after-stages, and the norm of each for a deal kind."""

    stages: Sequence[str]
    norm_of: Callable[[str, str], Norm]


look = no_details


def find(facts: GapFacts) -> Findings:
    """Every customer that hears nothing. Rule: docs/gaps.md#aftercare"""
    findings, count = aftercare(
        facts.won_deals(), care_norms(facts.schema, facts.norms), facts.last_contacts, facts.rest, as_of=facts.as_of,
        since=facts.since, apart=facts.ledger.apart,
    )  # fmt: skip
    left_out = {
        "on_hold": count.on_hold,
        "heard": count.heard,
        "before_window": count.before_window,
        "listed": count.listed,
    }
    return Findings(findings, count, left_out, apart=count.apart)


def care_norms(schema: Schema, norms: Norms) -> CareNorms:
    """The schema's after-stages. A kind that never stalls has customers to care for like any other: the norm it
    states for a stage, else that of deals without a kind."""

    def norm_of(stage: str, kind: str) -> Norm:
        norm = norms.of(stage, kind)
        if norm is not None:
            return norm
        own = schema.kind_by_key[kind].norms.get(stage)
        if own is not None:
            return Norm(stage, kind, own, "kind", 0)
        anyone = norms.of(stage, "")
        if anyone is None:
            raise LookupError(stage)
        return anyone

    return CareNorms([s.key for s in schema.stages if s.after], lru_cache(maxsize=None)(norm_of))


def aftercare(
    sold: Iterable[WonDeal],
    care: CareNorms,
    heard: Callable[[date], Mapping[str, date]],
    rest: ClosedDays,
    *,
    as_of: date,
    since: date,
    apart: Container[str] = frozenset(),
) -> tuple[list[Unheard], UnheardCount]:
    """Won deals with no contact for longer than the norm of their after-stage, and the count of all looked at.

    Closed days lengthen the norm, held days are taken off. A customer who was met elsewhere within the norm does hear
    from us. A deal that never entered an after-stage is listed only where it passed the norm in the window, so that
    old orders from before anyone followed up are counted and do not drown the rest. Sorted by amount, largest first
    and unknown last, then by days.

    Args:
        heard: the last contact of each customer met on a day or later, by `customers.contact_keys`.
        apart: the names of which two legal forms are known (`same_customer`).

    Rule: docs/gaps.md#aftercare
    """
    if not care.stages:
        return [], _count([], followed=False)
    looked_at = _silences(sold, care, rest, as_of)
    longest = max((one.norm.days for one in looked_at.silent), default=0)
    met = heard(_reaches_back(as_of, longest, rest)) if looked_at.silent else {}

    keys = {name: customer_key(name) for name in looked_at.customers}

    def met_elsewhere(one: _Silent) -> bool:
        on = last_heard(met, keys[one.of.customer], apart) if one.of.customer else None
        return on is not None and on > one.of.heard_on and _within(on, one.norm, rest, as_of)

    unheard = [one for one in looked_at.silent if not met_elsewhere(one)]
    inside = frozenset(care.stages)
    silent = [
        _unheard(one, follows=follows, as_of=as_of, since=since)
        for one in unheard
        if (follows := one.of.stage in inside) or one.began_on >= since
    ]
    group = groups_of_keys(keys, apart)
    # A deal without a customer is a customer of its own.
    whose = {group[one.of.customer] if one.of.customer else one.of.id for one in unheard}
    return _sorted(silent), _count(
        silent, followed=True, won=looked_at.won, customers=len(set(group.values())) + looked_at.nameless,
        unheard=len(whose), on_hold=looked_at.on_hold,
        heard=len(looked_at.silent) - len(unheard), before_window=len(unheard) - len(silent), listed=looked_at.listed,
        apart=_apart(looked_at.silent, unheard, silent),
    )  # fmt: skip


def _apart(
    looked_at: Sequence["_Silent"], unheard: Sequence["_Silent"], silent: Sequence[Unheard]
) -> dict[str, list[int]]:
    """The silent deals that are left out: their customer was met elsewhere, or they passed the norm before the window."""
    elsewhere = {one.of.id for one in looked_at}.difference(one.of.id for one in unheard)
    before = {one.of.id for one in unheard}.difference(one.deal for one in silent)
    return {"heard": sorted(elsewhere), "before_window": sorted(before)}


def _unheard(silent: "_Silent", *, follows: bool, as_of: date, since: date) -> Unheard:
    one, norm, began_on = silent
    days = net_days(one.holds, one.heard_on, as_of) if one.holds else (as_of - one.heard_on).days
    why: SilenceCase = "silent" if follows else "never_entered"
    return Unheard(one.id, one.stage, began_on, began_on >= since, one.amount, why, days, norm)


def _sorted(unheard: list[Unheard]) -> list[Unheard]:
    """By amount, unknown last, then days, then deal. Sort after sort, each on one number: there may be a customer of
    every order ever won among them."""
    unheard.sort(key=attrgetter("deal"))
    unheard.sort(key=attrgetter("silence_days"), reverse=True)
    known = [one for one in unheard if one.amount is not None]
    known.sort(key=attrgetter("amount"), reverse=True)
    return known + [one for one in unheard if one.amount is None]


class _Silent(NamedTuple):
    """A won deal silent beyond its norm, and since when it is beyond it."""

    of: WonDeal
    norm: Norm
    began_on: date


class _LookedAt(NamedTuple):
    """All won deals, the spellings of their customers, how many have none, those on hold, those that a list alone tells of, and the
    silent ones."""

    won: int
    customers: set[str]
    nameless: int
    on_hold: int
    listed: int
    silent: list[_Silent]


def _silences(sold: Iterable[WonDeal], care: CareNorms, rest: ClosedDays, as_of: date) -> _LookedAt:
    """What every won deal tells of whom nobody talks to: the silences longer than the norm by customer, and what was
    looked at."""
    inside, first, norm_of = frozenset(care.stages), care.stages[0], care.norm_of
    customers: set[str] = set()
    silences: list[_Silent] = []
    won = held = nameless = listed = 0
    for one in sold:
        _, stage, kind, name, heard_on, _, holds, is_listed = one
        won += 1
        if name:
            customers.add(name)
        else:
            nameless += 1
        if holds and on_hold(holds, as_of):
            held += 1
            continue
        if is_listed:
            listed += 1
            continue
        norm = norm_of(stage if stage in inside else first, kind)
        # The plain difference first: what was heard of lately is never near the norm.
        if (as_of - heard_on).days <= norm.days:
            continue
        began_on = passes_on(heard_on, norm.days, rest, holds) if holds else rest.passes_on(heard_on, norm.days)
        if began_on <= as_of:
            silences.append(_Silent(one, norm, began_on))
    return _LookedAt(won, customers, nameless, held, listed, silences)


def _within(on: date, norm: Norm, rest: ClosedDays, as_of: date) -> bool:
    return (as_of - on).days <= norm.days + rest.count(on, as_of)


def _reaches_back(as_of: date, limit_days: int, rest: ClosedDays) -> date:
    """The first day from which a silence until `as_of` is within the limit, closed days on the way added to it."""
    on = as_of - timedelta(days=limit_days)
    while True:
        moved = as_of - timedelta(days=limit_days + rest.count(on, as_of))
        if moved >= on:
            return on
        on = moved


def _count(
    silent: Sequence[Unheard],
    *,
    followed: bool,
    won: int = 0,
    customers: int = 0,
    unheard: int = 0,
    on_hold: int = 0,
    heard: int = 0,
    before_window: int = 0,
    listed: int = 0,
    apart: Mapping[str, Sequence[int]] = MappingProxyType({}),
) -> UnheardCount:
    """The count that stands beside the findings: `silent` are those shown, the rest counts what was looked at."""
    new = [u for u in silent if u.new]
    return UnheardCount(
        followed=followed,
        won=won,
        customers=customers,
        unheard=unheard,
        flagged=len(silent),
        flagged_amount=sum(u.amount or 0 for u in silent),
        new=len(new),
        new_amount=sum(u.amount or 0 for u in new),
        on_hold=on_hold,
        heard=heard,
        before_window=before_window,
        listed=listed,
        apart=apart,
    )
