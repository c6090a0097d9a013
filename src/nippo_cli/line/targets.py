"""Targets: the team's beside its owners' and kinds', compared and never added."""

from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.persons import same_person
from nippo_cli.line.promised import Target

# Whose targets a sum is made of: the team's own, its owners', its kinds'; empty where there is none.
Whose: TypeAlias = Literal["team", "owners", "kinds", ""]


class MonthTarget(NamedTuple):
    """What was to be sold in a month, by whose targets; `amount` None where there is none. `owners` is what the owners'
    add up to, where the team has one of its own beside them."""

    amount: int | None
    whose: Whose
    owners: int | None = None


def team_target(targets: Iterable[Target], month: int) -> MonthTarget:
    """The team's own target of a month; else what its owners' add up to; else what its kinds' do."""
    of_month = [target for target in targets if target.month == month]
    team = [target.amount for target in of_month if not target.owner and not target.kind]
    owners = [target.amount for target in of_month if target.owner and not target.kind]
    kinds = [target.amount for target in of_month if target.kind and not target.owner]
    if team:
        return MonthTarget(team[-1], "team", sum(owners) if owners else None)
    if owners:
        return MonthTarget(sum(owners), "owners")
    return MonthTarget(sum(kinds), "kinds") if kinds else MonthTarget(None, "")


def target_of_owner(targets: Iterable[Target], month: int, owner: str) -> MonthTarget:
    """An owner's target of a month."""
    own = [t.amount for t in targets if t.month == month and not t.kind and same_person(t.owner, owner) and t.owner]
    return MonthTarget(own[-1], "owners") if own else MonthTarget(None, "")


def target_of_kind(targets: Iterable[Target], month: int, kind: str) -> MonthTarget:
    """A kind's target of a month."""
    own = [t.amount for t in targets if t.month == month and not t.owner and t.kind == kind]
    return MonthTarget(own[-1], "kinds") if own else MonthTarget(None, "")


def add_targets(targets: Sequence[MonthTarget]) -> MonthTarget:
    """Those of several months together; None where no month has one."""
    known = [target for target in targets if target.amount is not None]
    if not known:
        return MonthTarget(None, "")
    whose = {target.whose for target in known}
    owners = [target.owners for target in known if target.owners is not None]
    return MonthTarget(
        sum(target.amount or 0 for target in known),
        known[0].whose if len(whose) == 1 else "",
        sum(owners) if owners else None,
    )
