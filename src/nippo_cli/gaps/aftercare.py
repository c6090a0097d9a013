"""契約後フォロー漏れ: customers who bought and hear nothing."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from operator import attrgetter
from types import MappingProxyType
from typing import Literal, TypeAlias

from nippo_cli.base.customers import customer_keys, groups_of_keys, last_heard
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.lazy_list import LazyItems
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
    won: int = 0
    customers: int = 0
    unheard: int = 0
    flagged: int = 0
    flagged_amount: int = 0
    new: int = 0
    new_amount: int = 0
    on_hold: int = 0
    heard: int = 0
    before_window: int = 0
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
# Of more silent deals than this those that are left out are only counted.
_MOST_TO_OPEN = 5000


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
) -> tuple[Sequence[Unheard], UnheardCount]:
    """Won deals with no contact for longer than the norm of their after-stage, and the count of all looked at.

    Closed days lengthen the norm, held days are taken off. A customer who was met elsewhere within the norm does hear
    from us. A deal that never entered an after-stage is listed only where it passed the norm in the window, so that
    old orders from before anyone followed up are counted and do not drown the rest. Sorted by amount, largest first
    and unknown last, then by days.

    Args:
        heard: the last contact of each customer met on a day or later, by `customers.by_contact_keys`.
        apart: the names of which two legal forms are known (`same_customer`).

    Rule: docs/gaps.md#aftercare
    """
    if not care.stages:
        return (), UnheardCount(followed=False)
    limits = _Limits(care, rest, as_of, since)
    looked_at = _silences(sold, limits)
    keys = customer_keys(looked_at.customers)
    unheard = _not_met(looked_at.silent, keys, heard, limits, apart)
    shown, new = _shown(unheard, limits)
    group = groups_of_keys(keys, apart)
    # A deal without a customer is a customer of its own.
    whose = {group[one.customer] if one.customer else one.id for one in unheard}
    count = UnheardCount(
        followed=True, won=looked_at.won, customers=len(set(group.values())) + looked_at.nameless, unheard=len(whose),
        flagged=len(shown), flagged_amount=_money(shown), new=len(new), new_amount=_money(new),
        on_hold=len(looked_at.on_hold), heard=len(looked_at.silent) - len(unheard),
        before_window=len(unheard) - len(shown), listed=len(looked_at.listed),
        apart={"on_hold": looked_at.on_hold, "listed": looked_at.listed, **_apart(looked_at.silent, unheard, shown)},
    )  # fmt: skip
    return LazyItems(_sorted(shown, limits), limits.finding), count


def _shown(unheard: Sequence[WonDeal], limits: "_Limits") -> tuple[list[WonDeal], list[WonDeal]]:
    """Those that are listed, and the ones among them that began in the window."""
    shown, new = list[WonDeal](), list[WonDeal]()
    for one in unheard:
        limit = limits[one.stage, one.kind]
        began = limits.is_new(one) if one.holds else one.heard_on >= limit.first_new
        if began:
            new.append(one)
        if began or limit.follows:
            shown.append(one)
    return shown, new


def _apart(
    silent: Sequence[WonDeal], unheard: Sequence[WonDeal], shown: Sequence[WonDeal]
) -> Mapping[str, Sequence[int]]:
    """The silent deals that are left out: their customer was met elsewhere, or they passed the norm before the window. None where there
    are too many to be gone through."""
    if len(silent) > _MOST_TO_OPEN:
        return {}
    ids, unheard_ids = {one.id for one in silent}, {one.id for one in unheard}
    before = unheard_ids.difference(one.id for one in shown)
    return {"heard": sorted(ids - unheard_ids), "before_window": sorted(before)}


class _Limit(NamedTuple):
    """How long the customers of a kind may hear nothing in a stage: whoever did on `first_within` or later does; the silences that
    began in the window are those of whoever did on `first_new` or later. `follows`: the norm is that of the stage; else of the first
    after-stage."""

    norm: Norm
    follows: bool
    first_within: date
    first_new: date


class _Limits(dict[tuple[str, str], _Limit]):
    """The limit of each stage and kind, reckoned once: orders share them by the ten thousand."""

    def __init__(self, care: CareNorms, rest: ClosedDays, as_of: date, since: date) -> None:
        super().__init__()
        self._care, self._rest, self.as_of, self._since = care, rest, as_of, since

    def __missing__(self, of: tuple[str, str]) -> _Limit:
        stage, kind = of
        follows = stage in self._care.stages
        norm = self._care.norm_of(stage if follows else self._care.stages[0], kind)
        within, new = (first_within(on, norm.days, self._rest) for on in (self.as_of, self._since - _DAY))
        limit = self[of] = _Limit(norm, follows, within, new)
        return limit

    def is_silent(self, one: WonDeal) -> bool:
        """Whether a silence with holds has lasted too long."""
        return self._began_on(one) <= self.as_of

    def is_new(self, one: WonDeal) -> bool:
        """Whether a silence with holds began in the window."""
        return self._began_on(one) >= self._since

    def silence_days(self, one: WonDeal) -> int:
        """How long a silence has lasted."""
        return net_days(one.holds, one.heard_on, self.as_of)

    def finding(self, one: WonDeal) -> Unheard:
        """A silent deal as a finding."""
        norm, follows, *_ = self[one.stage, one.kind]
        why: SilenceCase = "silent" if follows else "never_entered"
        began_on, days = self._began_on(one), self.silence_days(one)
        return Unheard(one.id, one.stage, began_on, began_on >= self._since, one.amount, why, days, norm)

    def _began_on(self, one: WonDeal) -> date:
        return passes_on(one.heard_on, self[one.stage, one.kind].norm.days, self._rest, one.holds)


def _not_met(
    silent: Sequence[WonDeal],
    keys: Mapping[str, tuple[str, str]],
    heard: Callable[[date], Mapping[str, date]],
    limits: _Limits,
    apart: Container[str],
) -> Sequence[WonDeal]:
    """Those of the silent deals whose customer was not met elsewhere within the norm either; `keys` as `customer_keys`."""
    if not silent:
        return silent
    met = heard(min(limits[of].first_within for of in {(one.stage, one.kind) for one in silent}))
    # Few of all who ever bought were met of late: nothing is looked up of the others.
    last = {name: on for name, key in keys.items() if key[0] in met and (on := last_heard(met, key, apart)) is not None}

    def is_met(one: WonDeal) -> bool:
        on = last[one.customer]
        return on > one.heard_on and on >= limits[one.stage, one.kind].first_within

    return [one for one in silent if one.customer not in last or not is_met(one)]


def _sorted(shown: list[WonDeal], limits: _Limits) -> list[WonDeal]:
    """By amount, unknown last, then days, then deal. Sort after sort, each on one value: there may be a customer of
    every order ever won among them."""
    shown.sort(key=attrgetter("id"))
    if any(one.holds for one in shown):
        shown.sort(key=limits.silence_days, reverse=True)
    else:
        # Without a hold the day of the last contact says the same.
        shown.sort(key=attrgetter("heard_on"))
    known = [one for one in shown if one.amount is not None]
    known.sort(key=attrgetter("amount"), reverse=True)
    return known + [one for one in shown if one.amount is None]


class _LookedAt(NamedTuple):
    """All won deals, the spellings of their customers, how many have none, those on hold, those that a list alone tells of, and the
    silent ones."""

    won: int
    customers: set[str]
    nameless: int
    on_hold: list[int]
    listed: list[int]
    silent: list[WonDeal]


def _silences(sold: Iterable[WonDeal], limits: _Limits) -> _LookedAt:
    """What every won deal tells of whom nobody talks to: the silences longer than the norm, and what was looked at."""
    customers: set[str] = set()
    silences: list[WonDeal] = []
    held: list[int] = []
    listed: list[int] = []
    won = nameless = 0
    for one in sold:
        deal, stage, kind, customer, heard_on, _, holds, is_listed = one
        won += 1
        if customer:
            customers.add(customer)
        else:
            nameless += 1
        if holds and on_hold(holds, limits.as_of):
            held.append(deal)
        elif is_listed:
            listed.append(deal)
        elif limits.is_silent(one) if holds else heard_on < limits[stage, kind].first_within:
            silences.append(one)
    return _LookedAt(won, customers, nameless, held, listed, silences)


def first_within(as_of: date, limit_days: int, rest: ClosedDays) -> date:
    """The first day from which a silence until `as_of` is within a limit, closed days on the way added to it."""
    on = as_of - timedelta(days=limit_days)
    while (moved := as_of - timedelta(days=limit_days + rest.count(on, as_of))) < on:
        on = moved
    # What lasts from a closed day on lasts no longer than what does from the day before.
    while on in rest:
        on -= _DAY
    return on


_DAY = timedelta(days=1)


def _money(deals: Iterable[WonDeal]) -> int:
    return sum(one.amount or 0 for one in deals)
