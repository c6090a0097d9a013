"""目標・受注・見込・差: what owners were to sell in a month, what they sold, and what had been promised."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.text import normal_form
from nippo_cli.line.facts import DealSummary
from nippo_cli.line.promised import Promised, Target, won_in
from nippo_cli.line.targets import team_target


class Aim(NamedTuple):
    """目標・受注・見込・差: an owner's month, or everyone's (`owner` empty). `target` None where there is none.
    `difference` is what was ordered beyond it, below zero where it fell short."""

    month: int
    owner: str
    target: int | None
    ordered: int
    promised: int

    @property
    def difference(self) -> int | None:
        """Orders less target."""
        return None if self.target is None else self.ordered - self.target


def aims(
    targets: Sequence[Target], promised: Mapping[int, Collection[Promised]], ordered: Iterable[DealSummary]
) -> list[Aim]:
    """By month, everyone's and then each owner's: the target (everyone's: the team's own, else what its owners' add up to), what
    was ordered and what had been promised.

    A promise is its owner's of then, an order its deal's owner's. Names are one where they fold to the same. Months
    without a target are left out.
    """
    names: dict[str, str] = {}
    aimed: defaultdict[tuple[int, str], int] = defaultdict(int)
    sold: defaultdict[tuple[int, str], int] = defaultdict(int)
    hoped: defaultdict[tuple[int, str], int] = defaultdict(int)
    for target in targets:
        if target.kind or not target.owner:
            # The team's own stands in everyone's row; a kind's is held against a kind.
            continue
        aimed[target.month, names.setdefault(normal_form(target.owner), target.owner)] += target.amount
    months = {target.month for target in targets if not target.kind}
    for head in ordered:
        month = won_in(head)
        if month in months and month is not None:
            sold[month, names.setdefault(normal_form(head.owner), head.owner)] += head.amount or 0
    for month in months:
        for one in promised.get(month, ()):
            if not one.on_hold:
                hoped[month, names.setdefault(normal_form(one.owner), one.owner)] += one.amount or 0
    rows: list[Aim] = []
    for month in sorted(months):
        owners = sorted({owner for of in (aimed, sold, hoped) for m, owner in of if m == month})
        each = [
            Aim(month, owner, aimed.get((month, owner)), sold[month, owner], hoped[month, owner]) for owner in owners
        ]
        everyone = Aim(
            month,
            "",
            team_target(targets, month).amount,
            sum(aim.ordered for aim in each),
            sum(aim.promised for aim in each),
        )
        rows += [everyone, *each]
    return rows
