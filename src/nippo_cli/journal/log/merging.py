"""Where merges lead, whoever wrote them: two devices may each merge the other's deal away, unaware of each other."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from nippo_cli.base.frozen import NamedTuple


class Merge(NamedTuple):
    """A merge that stands. Its first two parts are its place in the order of the log, by which merges take effect."""

    recorded_at: str
    id: int
    deal: int
    into: int


# The merges of a deal that stand.
MergesOf: TypeAlias = Callable[[int], Sequence[Merge]]


class Merged(NamedTuple):
    """The deal that each deal is merged into, by the deal; and the merges without effect, since they would close a
    circle."""

    into: dict[int, int]
    idle: list[Merge]


def effective(merges: Iterable[Merge]) -> Merged:
    """What merges make of deals: of several of one deal the last counts."""
    found = Merged({}, [])
    for merge in sorted(merges):
        at = merge.into
        while at != merge.deal and at in found.into:
            at = found.into[at]
        if at == merge.deal:
            found.idle.append(merge)
        else:
            found.into[merge.deal] = merge.into
    return found


def reached(deal: int, merges_of: MergesOf) -> Merged:
    """What the merges of a deal, and of those that it may lead to, make of these deals."""
    family: dict[int, Sequence[Merge]] = {}
    ahead = [deal]
    while ahead:
        one = ahead.pop()
        if one not in family:
            family[one] = merges_of(one)
            ahead += [merge.into for merge in family[one]]
    return effective(merge for merges in family.values() for merge in merges)
