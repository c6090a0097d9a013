"""Customers whose names are so near that they may be one: offered to a person, never joined. Pure."""

import re
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Literal, TypeAlias

from nippo_cli.base.customer_names import CustomerNames
from nippo_cli.base.customers import apart_names, customer_groups, customer_key, customer_keys
from nippo_cli.base.errors import Message, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.text import normal_form, search_form

# Why: the same but for the legal form; but for forms of letters and marks between them; but for a branch or a plant; one letter
# off; one inside the other.
WhyNear: TypeAlias = Literal["form", "letters", "branch", "letter", "inside"]

# What a part of a company is called, behind its name or behind a place.
_BRANCHES = ("支店", "工場", "営業所", "事業所", "支社", "本社", "出張所", "研究所", "センター", "事業部")
# Shorter names are inside of many, and one letter off from many.
_SHORTEST_INSIDE, _SHORTEST_LETTER = 2, 3


class NearCustomers(NamedTuple):
    """Two customers that may be one, by their names as written; `one` is the one that says less. `one_as`, `other_as`: the other
    name of it that is near ("" where that is what it is called by)."""

    one: str
    other: str
    why: WhyNear
    one_as: str = ""
    other_as: str = ""

    @property
    def merged(self) -> tuple[str, str]:
        """Which goes into which, if they are one: a plant, or a name that only holds the other, into the company; a name without
        its legal form into the one that states it."""
        return (self.other, self.one) if self.why in ("branch", "inside") else (self.one, self.other)


def near_pairs(names: Iterable[str]) -> list[NearCustomers]:
    """All pairs of names that are near each other: those that differ in the form first, then in letters' forms and marks, by
    branch, by letter, by what holds the other; each by its names.

    Every name is looked for only where it can be: a name that holds another has all its pairs of characters, the rarest
    among them; one that is a letter off is the same as it once each has lost a character at most.

    Rule: docs/customers.md#names-that-are-near
    """
    named = _Names(names)
    pairs = {pair[:2]: pair for pair in named.pairs()}
    return sorted(pairs.values(), key=lambda pair: (nearness(pair.why), pair.one, pair.other))


def near_customers(said: str, names: Iterable[str], apart: Container[str] = frozenset()) -> list[NearCustomers]:
    """The names that one is near to, the nearest kind first; `said` is `one` of each pair. None that is the same customer.
    `apart` as in `same_customer`, where more is known than these names."""
    every = list(names)
    near, own, here = [], customer_key(said), apart_names((said, *every))
    bare = own[0]
    apart = here if bare not in apart else frozenset((bare,))
    for name in every:
        why = _why(own, customer_key(name), said, name, apart)
        if why is not None:
            near.append(NearCustomers(said, name, why))
    return sorted(near, key=lambda pair: (nearness(pair.why), len(pair.other), pair.other))


def names_answering(
    called: Collection[str], recorded: Iterable[Sequence[str]], but: Container[str] = frozenset()
) -> list[str]:
    """What customers are called by, and the other names that they answer to: a former one, an alias, one that was merged in.

    Args:
        recorded: all names of each customer of whom records tell.
        but: names that are left out.
    """
    others = (name for names in recorded if any(name in called for name in names) for name in names)
    return [name for name in dict.fromkeys((*called, *others)) if name not in but]


def as_called(pairs: Iterable[NearCustomers], names: CustomerNames) -> list[NearCustomers]:
    """Pairs of names that customers answer to, each with what they are called by, and no two customers twice: the nearest kind
    first, and what they are called by before another name. None of one customer."""
    near: dict[frozenset[str], NearCustomers] = {}
    for pair in sorted(
        (_pair_called(names, pair) for pair in pairs),
        key=lambda pair: (nearness(pair.why), pair.one_as + pair.other_as > ""),
    ):
        if pair.one != pair.other:
            near.setdefault(frozenset(pair[:2]), pair)
    return list(near.values())


def name_as(name: str, other: str) -> str | Message:
    """What a customer is called by, with the other name of it that is near, where there is one."""
    return msg("customers.name_as", name=name, other=other) if other else name


def _pair_called(names: CustomerNames, pair: NearCustomers) -> NearCustomers:
    one, other = names.name(pair.one), names.name(pair.other)
    one_as, other_as = (said if said != called else "" for said, called in ((pair.one, one), (pair.other, other)))
    return NearCustomers(one, other, pair.why, one_as, other_as)


def nearness(why: WhyNear) -> int:
    """The place of a reason among them, the nearest first."""
    return _ORDER.index(why)


def near_between(
    said: Iterable[str], names: Iterable[str], apart: Container[str] = frozenset()
) -> dict[str, list[NearCustomers]]:
    """Of each that is said the names that it is near to, as `near_customers`; none of what is near to nothing.

    What the two share is looked up, so that only those are compared that can be near.
    """
    ours, theirs = {name: customer_key(name) for name in said}, {name: customer_key(name) for name in names}
    by_part: defaultdict[str, list[str]] = defaultdict(list)
    for name, (bare, _) in theirs.items():
        for part in {bare, _letters_alone(bare), _without_branch(name), *_with_one_less(bare)}:
            by_part[part].append(name)
    candidates: defaultdict[str, set[str]] = defaultdict(set)
    for name, (bare, _) in ours.items():
        for part in {bare, _letters_alone(bare), _without_branch(name), *_with_one_less(bare)}:
            candidates[name].update(by_part.get(part, ()))
    for short, long in _holding(ours, theirs):
        candidates[short].add(long)
    for short, long in _holding(theirs, ours):
        candidates[long].add(short)
    near_of = {name: near_customers(name, others, apart) for name, others in candidates.items()}
    return {name: near for name, near in near_of.items() if near}


def spelled_alike(names: Iterable[str]) -> list[tuple[str, ...]]:
    """The spellings of each customer that is written in several: `㈱青葉` and `株式会社青葉` are one. By their first spelling.

    Rule: docs/look-alikes.md#customers
    """
    spellings: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for name, group in customer_groups(_of_shared_cores(list(names))).items():
        spellings[group].append(name)
    return sorted(tuple(sorted(several)) for several in spellings.values() if len(several) > 1)


def _of_shared_cores(names: Sequence[str]) -> list[str]:
    """Those of names of which another is the same but for its legal form. Of very many most stand alone: a number is held of each."""
    hashes: list[int] = []
    for first in range(0, len(names), _KEYED_AT_ONCE):
        some = names[first : first + _KEYED_AT_ONCE]
        keys = customer_keys(some)
        hashes += [hash(keys[name][0]) for name in some]
    shared = {one for one, next_one in pairwise(sorted(hashes)) if one == next_one}
    return [name for name, hashed in zip(names, hashes, strict=True) if hashed in shared]


def alike_notice(groups: Sequence[Sequence[str]]) -> Message | None:
    """That spellings count as one customer, the first few of them with the count; None of none."""
    if not groups:
        return None
    shown = [" = ".join(group[:_SPELLINGS_SHOWN]) for group in groups[:_GROUPS_SHOWN]]
    return msg("customers.alike", n=len(groups), shown=shown)


_SPELLINGS_SHOWN, _GROUPS_SHOWN = 3, 3
_KEYED_AT_ONCE = 10_000
_ORDER: Sequence[WhyNear] = ("form", "letters", "branch", "letter", "inside")
# Marks that one writes and another leaves out: エヌ・ティ・ティ, サーバー, サーバ, サ－バ－.
_MARKS = re.compile(r"[\W_ー]+")


def _why(
    one: tuple[str, str], other: tuple[str, str], name: str, other_name: str, apart: Container[str]
) -> WhyNear | None:
    """Why two keys are near; None where they aren't, or are one customer's. `apart` as in `same_customer`."""
    (bare, form), (core, other_form) = one, other
    if bare == core:
        return "form" if form != other_form and ((form and other_form) or bare in apart) else None
    if len(_letters_alone(bare)) >= _SHORTEST_INSIDE and _letters_alone(bare) == _letters_alone(core):
        return "letters"
    if min(len(bare), len(core)) >= _SHORTEST_INSIDE and _without_branch(name) == _without_branch(other_name):
        return "branch"
    if min(len(bare), len(core)) >= _SHORTEST_LETTER and is_a_letter_off(bare, core):
        return "letter"
    short, long = sorted((bare, core), key=len)
    return "inside" if len(short) >= _SHORTEST_INSIDE and short in long else None


def is_a_letter_off(one: str, other: str) -> bool:
    """Whether one letter is another, too many, or missing."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    same = next((at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return short[same + (len(short) == len(long)) :] == long[same + 1 :]


@lru_cache(maxsize=65536)
def _letters_alone(bare: str) -> str:
    """A name as it is searched for, less all marks: 齋藤鐵工所 and 斎藤鉄工所 have one, エヌ・ティ・ティ and エヌティティ, too."""
    return _MARKS.sub("", search_form(bare))


@lru_cache(maxsize=65536)
def _without_branch(name: str) -> str:
    """A name as it is matched, less the branch or plant behind it: with the place before that where a blank parts it."""
    bare = normal_form(name)
    head, _, last = bare.rpartition(" ")
    if head and last.endswith(_BRANCHES):
        bare = head
    core = customer_key(bare)[0]
    for branch in _BRANCHES:
        if core.endswith(branch) and len(core) - len(branch) >= _SHORTEST_INSIDE:
            return core.removesuffix(branch)
    return core


class _Names:
    """Names by what near ones share."""

    def __init__(self, names: Iterable[str]) -> None:
        self._keys = {name: customer_key(name) for name in dict.fromkeys(names)}
        # One name of each customer: spellings that are the same are no pair.
        self._of_key: dict[tuple[str, str], str] = {}
        for name in sorted(self._keys):
            self._of_key.setdefault(self._keys[name], name)
        forms: defaultdict[str, set[str]] = defaultdict(set)
        for bare, form in self._of_key:
            forms[bare].add(form)
        self._apart = apart_names(self._of_key.values())
        # A name without a form is that of the only one that states one.
        self._names = [
            name
            for (bare, form), name in self._of_key.items()
            if form or len(forms[bare] - {""}) != 1
        ]  # fmt: skip

    def pairs(self) -> Iterator[NearCustomers]:
        """Those that are near; some of them twice."""
        for one, other in {tuple(sorted(pair)) for pair in self._candidates() if pair[0] != pair[1]}:
            why = _why(self._keys[one], self._keys[other], one, other, self._apart)
            if why is not None:
                short, long = sorted((one, other), key=lambda name: (len(self._keys[name][0]), name))
                yield NearCustomers(short, long, why)

    def _candidates(self) -> Iterator[tuple[str, str]]:
        yield from _sharing((self._keys[name][0], name) for name in self._names)
        yield from _sharing((_letters_alone(self._keys[name][0]), name) for name in self._names)
        yield from _sharing((_without_branch(name), name) for name in self._names)
        yield from _sharing((less, name) for name in self._names for less in _with_one_less(self._keys[name][0]))
        yield from _holding(keys := {name: self._keys[name] for name in self._names}, keys)


def _holding(short: Mapping[str, tuple[str, str]], long: Mapping[str, tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Names, each with one that holds it, by their keys: looked for under the rarest of its pairs of characters."""
    by_pair: defaultdict[str, list[str]] = defaultdict(list)
    for name, (bare, _) in long.items():
        for pair in _character_pairs(bare):
            by_pair[pair].append(name)
    for name, (bare, _) in short.items():
        pairs = _character_pairs(bare)
        if pairs:
            rarest = min(pairs, key=lambda pair: len(by_pair.get(pair, ())))
            yield from ((name, other) for other in by_pair.get(rarest, ()) if bare in long[other][0])


def _character_pairs(bare: str) -> set[str]:
    return {a + b for a, b in pairwise(bare)}


def _with_one_less(bare: str) -> set[str]:
    """A name, and what it is without any one of its characters."""
    if len(bare) < _SHORTEST_LETTER:
        return set()
    return {bare, *(bare[:at] + bare[at + 1 :] for at in range(len(bare)))}


def _sharing(keyed: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Pairs of names that share a key; of a key that very many share, none: it tells nothing."""
    by_key: defaultdict[str, list[str]] = defaultdict(list)
    for key, name in keyed:
        by_key[key].append(name)
    for sharing in by_key.values():
        if 1 < len(sharing) <= _MOST_SHARING:
            yield from ((one, other) for at, one in enumerate(sharing) for other in sharing[at + 1 :])


_MOST_SHARING = 200
