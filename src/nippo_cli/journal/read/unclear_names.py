"""What is said where a name is no deal's, or several deals': the deals that it may mean."""

from collections.abc import Sequence

from nippo_cli.base.errors import Ambiguous, Message, NotFound, Place, Problem, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import read_id, show_id

MOST_CANDIDATES = 10


class NamedDeal(NamedTuple):
    """A deal as a choice among several: its id, name and customer, and whether it is won or lost."""

    id: int
    name: str
    customer: str
    ended: bool = False


class AmbiguousDeal(Ambiguous):
    """Several deals answer to a name. `candidates` are the first of them, live ones before ended ones."""

    def __init__(self, said: str, candidates: Sequence[NamedDeal], n: int, *, not_of: str = "") -> None:
        """`not_of`: the customer that was said, where none of them is its, and a deal of it could begin."""
        key = "names.deal.of_others.hint" if not_of else "names.deal.ambiguous.hint"
        super().__init__(
            msg("names.deal.ambiguous", said=said, n=n),
            hint=msg(key, id=show_id(candidates[0].id), customer=not_of),
            problems=[_candidate(c) for c in candidates],
        )
        self.candidates = tuple(candidates)
        self.n = n


class UnknownDeal(NotFound):
    """No deal answers to a name. `candidates` are those most like it; `instead`, what it is the name of; `number`,
    the id that it is, where nothing has it."""

    def __init__(
        self,
        said: str,
        candidates: Sequence[NamedDeal],
        *,
        script: bool,
        begins: bool = False,
        instead: Message | None = None,
    ) -> None:
        kind = "script." if script and begins else ""
        near = msg(f"names.deal.near.{kind}hint", names=[c.name for c in candidates])
        far = msg(f"names.deal.unknown.{kind or ('whole.' if script else '')}hint", said=said)
        super().__init__(
            msg("names.deal.unknown", said=said),
            hint=instead or (near if candidates else far),
            problems=[_candidate(c) for c in candidates],
        )
        self.candidates = tuple(candidates)
        self.number = read_id(said) if instead is None else None


def _candidate(named: NamedDeal) -> Problem:
    key = f"names.deal.candidate{'.nobody' * (not named.customer)}{'.ended' * named.ended}"
    needs: Message = msg(key, id=show_id(named.id), name=named.name, customer=named.customer)
    return Problem(Place("deal"), named.name, needs)
