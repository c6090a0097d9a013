"""目標・受注・見込・差: what owners were to sell in a month, what they sold, and what had been promised."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.persons import person_key
from nippo_cli.line.facts import DealSummary
from nippo_cli.line.promised import MonthMoney, Promised, Target
from nippo_cli.line.targets import team_target


class Aim(NamedTuple):
    """目標・受注・見込・差: an owner's month, or everyone's (`owner` empty). `target` None where there is none; `came` is what was
    ordered, or by sales what the ledger shows. `difference` is what came beyond the target, below zero where it fell short."""

    month: int
    owner: str
    target: int | None
    came: int
    promised: int

    @property
    def difference(self) -> int | None:
        """What came less the target."""
        return None if self.target is None else self.came - self.target


def aims(
    targets: Sequence[Target],
    promised: Mapping[int, Collection[Promised]],
    came: Iterable[MonthMoney],
    heads: Mapping[int, DealSummary],
) -> list[Aim]:
    """By month, everyone's and then each owner's: the target (everyone's: the team's own, else what its owners' add up to), what
    came and what had been promised.

    A promise is its owner's of then; what came, that of the owner of its deal. What the ledger has of no deal is in everyone's row
    alone. Spellings of a name are one. Months without a target are left out.

    Args:
        heads: the deals of what came.
    """
    names: dict[str, str] = {}
    aimed: defaultdict[tuple[int, str], int] = defaultdict(int)
    sold: defaultdict[tuple[int, str], int] = defaultdict(int)
    hoped: defaultdict[tuple[int, str], int] = defaultdict(int)
    for target in targets:
        if target.kind or not target.owner:
            # The team's own stands in everyone's row; a kind's is held against a kind.
            continue
        aimed[target.month, names.setdefault(person_key(target.owner), target.owner)] += target.amount
    months = {target.month for target in targets if not target.kind}
    of_nobody: defaultdict[int, int] = defaultdict(int)
    for row in came:
        head = heads.get(row.deal) if row.deal is not None else None
        if row.month in months and head is not None:
            sold[row.month, names.setdefault(person_key(head.owner), head.owner)] += row.amount or 0
        elif row.month in months:
            of_nobody[row.month] += row.amount or 0
    for month in months:
        for one in promised.get(month, ()):
            if not one.on_hold:
                hoped[month, names.setdefault(person_key(one.owner), one.owner)] += one.amount or 0
    rows: list[Aim] = []
    for month in sorted(months):
        owners = sorted({owner for of in (aimed, sold, hoped) for m, owner in of if m == month})
        each = [
            Aim(month, owner, aimed.get((month, owner)), sold[month, owner], hoped[month, owner]) for owner in owners
        ]
        came_to = sum(aim.came for aim in each) + of_nobody[month]
        everyone = Aim(month, "", team_target(targets, month).amount, came_to, sum(aim.promised for aim in each))
        rows += [everyone, *each]
    return rows
