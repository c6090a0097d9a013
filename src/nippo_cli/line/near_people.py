"""People of one customer whose names are so near that they may be one: offered to a person, never joined. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal, TypeAlias

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.persons import TITLES, person_key
from nippo_cli.base.text import normal_form, search_form
from nippo_cli.line.near_customers import is_a_letter_off

# Why: a title stands where the other has a name; other letters that are read the same; one letter off; a part of the other.
WhyNearPeople: TypeAlias = Literal["title", "letters", "letter", "inside"]

_ORDER: Sequence[WhyNearPeople] = ("letters", "title", "inside", "letter")
# Behind a title: リーダー, マネージャー.
_ENDINGS: Final = tuple(
    sorted((normal_form(f"{title}{end}") for title in TITLES for end in ("", "ー")), key=len, reverse=True)
)
_SHORTEST_INSIDE, _SHORTEST_LETTER = 2, 3
# Latin names are many that differ in one letter: Ishida and Nishida, Kato and Sato, Ono and Ohno.
_SHORTEST_LATIN_LETTER = 8
_NO_LETTER = re.compile(r"[\W_]+")
_MOST_SHARING = 200


class NearPeople(NamedTuple):
    """Two people of a customer who may be one, by their names as written; `one` is the one that says less."""

    customer: str
    one: str
    other: str
    why: WhyNearPeople


def near_people(people: Iterable[tuple[str, str]]) -> list[NearPeople]:
    """All pairs of people of one customer whose names are near each other, the likeliest first.

    `山本課長` is near to `山本剛`, `山本` to either; `斉藤` to `齊藤`; `山本剛志` to `山本剛士`.

    Args:
        people: names with the customer of each; spellings of one name are no pair.

    Rule: docs/customers.md#people
    """
    by_customer: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for name, customer in people:
        by_customer[customer].setdefault(person_key(name), name)
    pairs = [pair for customer, names in by_customer.items() for pair in _pairs(customer, names)]
    return sorted(pairs, key=lambda pair: (_ORDER.index(pair.why), pair.customer, pair.one, pair.other))


def _pairs(customer: str, names: dict[str, str]) -> Iterator[NearPeople]:
    by_part: defaultdict[str, list[str]] = defaultdict(list)
    for key in names:
        for part in _parts(key):
            by_part[part].append(key)
    together = (sharing for sharing in by_part.values() if 1 < len(sharing) <= _MOST_SHARING)
    candidates = {(a, b) for sharing in together for at, a in enumerate(sharing) for b in sharing[at + 1 :]}
    for one, other in {tuple(sorted(pair, key=lambda key: (_says(key), key))) for pair in candidates}:
        why = _why(one, other, names[other])
        if why is not None:
            yield NearPeople(customer, names[one], names[other], why)


def _says(key: str) -> int:
    """How much a name says: a title is no part of it."""
    return len(without_title(key))


def without_title(key: str) -> str:
    """A name as it is matched, less the longest title behind it; one that is nothing else stays whole.

    What is left has two letters if a shorter title leaves them: `山本部長` is `山本`, and no 本部長.
    """
    names = [key.removesuffix(ending) for ending in _ENDINGS if key.endswith(ending) and key != ending]
    return next((name for name in names if len(name) >= _SHORTEST_INSIDE), names[0] if names else key)


def _parts(key: str) -> set[str]:
    """What a name shares with any that is near to it."""
    stem = without_title(key)
    less = {stem[:at] + stem[at + 1 :] for at in range(len(stem))} if len(stem) >= _SHORTEST_LETTER else set()
    return {search_form(stem), *(stem[:size] for size in range(1, len(stem) + 1)), *less, *_ends(stem)}


def _ends(stem: str) -> Iterator[str]:
    """A Latin name is called by its end, too: `Smith`, `J. Smith`."""
    if stem.isascii():
        yield from (stem[at:] for at in range(len(stem) - _SHORTEST_INSIDE + 1))


def _why(one: str, other: str, written: str) -> WhyNearPeople | None:
    """Why two names are near, the one that says less first; None where they aren't. `written`: the other as it was written."""
    stem, long = without_title(one), without_title(other)
    if search_form(stem) == search_form(long):
        return "title" if stem == long else "letters"
    if _is_part_of(stem, long, written):
        if stem != one:
            return "title"
        return "inside" if len(stem) >= _SHORTEST_INSIDE else None
    return "letter" if _may_be_slip(stem, long) and is_a_letter_off(stem, long) else None


def _is_part_of(stem: str, long: str, written: str) -> bool:
    """Whether a name begins with another, or, where they are Latin, is called by its first or its last words: Smith is not
    Smithson, nor Ishida Nishida."""
    if not stem.isascii():
        return long.startswith(stem)
    words = [word for word in _NO_LETTER.split(normal_form(written)) if word]
    ends = {part for at in range(1, len(words)) for part in ("".join(words[:at]), "".join(words[at:]))}
    letters = _NO_LETTER.sub("", stem)
    return letters in ends or letters in map(without_title, ends)


def _may_be_slip(stem: str, long: str) -> bool:
    """Whether a letter more, less or other may be a slip: not in names that are short for their script."""
    if not (stem.isascii() and long.isascii()):
        return len(stem) >= _SHORTEST_LETTER
    return len(stem) >= _SHORTEST_LATIN_LETTER and stem[0] == long[0]
