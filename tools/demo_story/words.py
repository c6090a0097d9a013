"""The story's text: diary sentences in both languages, kept as TOML beside this file, dealt out without repeating."""

import random
import tomllib
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from demo_story.bilingual import beside
from nippo_cli.base.frozen import NamedTuple


class Customer(NamedTuple):
    """A company. `short` is what the team calls it; one meets who uses the machine, who decides and who buys, each
    a surname and a title."""

    name: str
    short: str
    sector: str
    site: str
    user: tuple[str, str]
    decider: tuple[str, str]
    buyer: tuple[str, str]


class Goods(NamedTuple):
    """A product. `price` is in units of 10,000 yen for one; `units` is how many are sold at once, from and to."""

    name: str
    kind: str
    sectors: tuple[str, ...]
    price: tuple[int, int]
    units: tuple[int, int]
    pains: tuple[str, ...]
    specs: tuple[str, ...]
    good: tuple[str, ...]
    bad: tuple[str, ...]
    fears: tuple[str, ...]
    effect: str
    trouble: str


class Cast(NamedTuple):
    """The team and those whom it deals with. `leaver` is the rep who moves on and hands over."""

    reps: tuple[str, ...]
    leaver: str
    head: str
    engineers: tuple[str, ...]
    rivals: tuple[str, ...]
    customers: tuple[Customer, ...]


@lru_cache(maxsize=8)
def _read(name: str) -> dict[str, Any]:
    here = Path(__file__).parent
    ja, en = (tomllib.loads((here / f"{name}{end}").read_text(encoding="utf-8")) for end in (".toml", ".en.toml"))
    texts: dict[str, Any] = beside(ja, en)
    return texts


def cast() -> Cast:
    """Everybody."""
    stored = _read("cast")
    customers = tuple(
        Customer(name, short, sector, site, (user, user_is), (decider, decider_is), (buyer, buyer_is))
        for name, short, sector, site, user, user_is, decider, decider_is, buyer, buyer_is in stored["customers"]
    )
    return Cast(
        reps=tuple(stored["reps"]),
        leaver=stored["leaver"],
        head=stored["head"],
        engineers=tuple(stored["engineers"]),
        rivals=tuple(stored["rivals"]),
        customers=customers,
    )


def goods() -> tuple[Goods, ...]:
    """Everything on sale."""
    stored: list[dict[str, Any]] = [
        {key: tuple(value) if isinstance(value, list) else value for key, value in each.items()}
        for each in _read("goods")["goods"]
    ]
    return tuple(Goods(**each) for each in stored)


def pool(area: str, name: str) -> Sequence[Any]:
    """The sentences of one area of `facts.toml`: texts, or (activity, text) pairs."""
    sentences: Sequence[Any] = _read("facts")[area][name]
    return sentences


def afterwards(reason: str) -> dict[str, Any]:
    """What is said of a deal lost for a reason: the customer's words, the rep's view, what was learned later."""
    texts: dict[str, Any] = _read("afterwards")[reason]
    return texts


class Bag:
    """Deals out each pool's sentences in a shuffled order, all of them before any comes again."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._left: dict[tuple[str, str], list[Any]] = {}

    def draw(self, area: str, name: str, fits: Callable[[Any], bool] = lambda _: True) -> Any:
        """The next sentence of a pool that fits; the next one whatever it is, where none does."""
        left = self._left.setdefault((area, name), [])
        for refilled in (False, True):
            if refilled or not left:
                fresh = list(pool(area, name))
                self._rng.shuffle(fresh)
                left[:0] = fresh
            for place in range(len(left) - 1, -1, -1):
                if fits(left[place]):
                    return left.pop(place)
        return left.pop()
