"""Names replaced by letters, the same one everywhere, inside texts too.

Rule: docs/lessons.md#story
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Literal, TypeAlias
from unicodedata import normalize

from nippo_cli.frozen import NamedTuple
from nippo_cli.text import company, fold

Who: TypeAlias = Literal["customer", "person", "rep", "deal", "competitor"]

_LEAST = 2
# What follows a name that is not written whole: a title, and behind a company's also what goes on from any name.
_TITLES = "さん|様|氏|くん|君|部長|課長|係長|社長|専務|常務|主任|次長|工場長|所長|室長|取締役|先生"
_AFTER_PERSON = f"(?={_TITLES})"
_AFTER_COMPANY = f"(?={_TITLES}|社|側|の|は|が|を|に|へ|と|も|から|より|まで|、|。)"
_KANJI = re.compile(r"[一-鿿々]{3,5}")
_FULL_WIDTH = 0xFEE0


class Names(NamedTuple):
    """Who may stand in a story, those that it is about first of their kind. A deal's name often begins with a short one
    of its customer's, which is a form of that customer's too."""

    customers: Sequence[str]
    people: Sequence[str]
    reps: Sequence[str]
    deals: Sequence[str]
    competitors: Sequence[str]


def masker(names: Names, label: Callable[[Who, str], str]) -> Callable[[str], str]:
    """What replaces every name in a text. A name gets its letter where it first stands; those that the story is about
    get `A`.

    Args:
        label: a letter of a kind in words: `A社`.
    """
    known = _Known(label)
    for who, given in (
        ("deal", names.deals), ("customer", names.customers), ("person", names.people), ("rep", names.reps),
        ("competitor", names.competitors),
    ):  # fmt: skip
        for name in given:
            known.add(who, name, _forms(who, name, names.deals))  # type: ignore[arg-type]  # a literal of the tuple
    for who, given in (("deal", names.deals), ("customer", names.customers), ("rep", names.reps)):
        if given:
            known.letter(who, fold(given[0]))  # type: ignore[arg-type]  # likewise
    return known.masked


class _Known:
    """The names by every form in which they may stand, and the letters given so far."""

    def __init__(self, label: Callable[[Who, str], str]) -> None:
        self._label = label
        self._of: dict[str, tuple[Who, str]] = {}
        self._written: dict[str, str] = {}
        self._letters: dict[tuple[Who, str], str] = {}
        self._given: dict[Who, int] = {}
        self._called: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def add(self, who: Who, name: str, forms: Iterable[tuple[str, bool]]) -> None:
        """A name with its forms; of each, whether it is one only before what can follow a name."""
        for form, before_title in forms:
            key = _key(form)
            if len(key) >= _LEAST and key not in self._of:
                self._of[key] = (who, fold(name))
                self._written[key] = form
                if before_title:
                    self._called.add(key)

    def letter(self, who: Who, name: str) -> str:
        """The label of a name."""
        if (who, name) not in self._letters:
            n = self._given[who] = self._given.get(who, 0) + 1
            self._letters[who, name] = self._label(who, _letters(n))
        return self._letters[who, name]

    def masked(self, text: str) -> str:
        """The text without the names."""
        if not self._of:
            return text
        if self._pattern is None:
            # The longest first: a deal's name may hold its customer's.
            keys = sorted(self._of, key=lambda key: (-len(key), key))
            self._pattern = re.compile("|".join(map(self._matching, keys)), re.IGNORECASE)
        return self._pattern.sub(self._replaced, text)

    def _matching(self, key: str) -> str:
        form = self._written[key]
        # As it was written, in half-width kana for one; or in any width.
        pattern = f"(?:{re.escape(form)}|{''.join(map(_either, fold(form)))})"
        if key in self._called:
            return pattern + (_AFTER_PERSON if self._of[key][0] in ("person", "rep") else _AFTER_COMPANY)
        # A Latin name is no part of a longer word.
        return rf"(?<![A-Za-z]){pattern}(?![A-Za-z])" if key.isascii() else pattern

    def _replaced(self, found: re.Match[str]) -> str:
        of = self._of.get(_key(found[0]))
        return self.letter(*of) if of is not None else found[0]


def _forms(who: Who, name: str, deals: Sequence[str]) -> Iterable[tuple[str, bool]]:
    """How a name is written: whole; a company's without its legal form, or short as its deals have it; a person's family
    name by itself; the beginning of a name
    before a title."""
    yield name, False
    if who in ("customer", "competitor"):
        core = company(name)
        yield core, False
        for deal in deals:
            short = _common(core, fold(deal))
            if len(short) >= _LEAST and short != core:
                yield short, False
        # 東海さん, 東海の, of 東海自動機.
        for size in range(len(core) - 1, _LEAST - 1, -1):
            yield core[:size], True
    elif who in ("person", "rep"):
        for part in normalize("NFKC", name).split()[:1]:
            yield part, False
        if _KANJI.fullmatch(name):
            yield name[:2], True


def _key(form: str) -> str:
    return "".join(fold(form).split())


def _common(name: str, other: str) -> str:
    n = next((i for i, (a, b) in enumerate(zip(name, other, strict=False)) if a != b), min(len(name), len(other)))
    return name[:n].strip()


def _either(char: str) -> str:
    """A character of a folded name as it may stand in a text: in half and full width, blanks of any kind or none."""
    if char.isspace():
        return r"\s*"
    if "!" <= char <= "~":
        return f"[{re.escape(char)}{re.escape(chr(ord(char) + _FULL_WIDTH))}]"
    return re.escape(char)


def _letters(n: int) -> str:
    """1 → A, 26 → Z, 27 → AA."""
    found = ""
    while n:
        n, place = divmod(n - 1, 26)
        found = chr(ord("A") + place) + found
    return found
