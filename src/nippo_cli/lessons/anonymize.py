"""Names replaced by letters, the same one everywhere, inside texts too.

Rule: docs/lessons.md#story
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Literal, TypeAlias
from unicodedata import normalize

from nippo_cli.base.customers import company
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.persons import TITLES, is_named
from nippo_cli.base.text import normal_form

Who: TypeAlias = Literal["customer", "person", "rep", "deal", "competitor"]

_LEAST = 2
_LONGEST = 12
# Of more companies than this the first two characters are more often a word (東京の, 第一の) than a name.
_FEW = 5
# What follows a name that is not written whole: a title, and behind a company's also what goes on from any name.
_TITLES = "|".join(TITLES)
_AFTER_PERSON = f"(?={_TITLES})"
_ONE_TITLED = f"(?:){_AFTER_PERSON}"
_AFTER_ANY_COMPANY = f"(?={_TITLES}|社|側)"
_AFTER_COMPANY = f"(?={_TITLES}|社|側|の|は|が|を|に|へ|と|も|から|より|まで|、|。)"
# A name of one character is one where a title or its own field's punctuation follows, and no other character precedes.
_AFTER_ONE = rf"(?={_TITLES}|[（(、・,]|\Z)"
# A family name by itself is one where a title follows, or no other character stands on either side.
_BY_ITSELF = "by itself"
_KANJI = re.compile(r"[一-鿿々]{3,5}")
_ALONE = re.compile(r"(?<![一-鿿々])[一-鿿々]{2,5}(?![一-鿿々])")
_ONE = re.compile(r"[一-鿿々]")
_PARTS = re.compile(r"[\s・]+")
# Legal forms where letters are Latin, as they end a folded name.
_FORMS_AT_END = re.compile(
    r"(?:,?\s+(?:inc|incorporated|corp|corporation|co|company|ltd|limited|llc|llp|plc|gmbh|ag|kg|s\.?a|s\.?r\.?l|s\.?p\.?a|b\.?v|n\.?v"
    r"|pty|pte|oy|ab|a/s|k\.?k)\.?)+\Z"
)
_FULL_WIDTH = 0xFEE0


class NamesToHide(NamedTuple):
    """Who may stand in a story, those that it is about first of their kind. A deal's name often begins with a short one
    of its customer's, which is a form of that customer's too. `also` are others whom the diary knows: of them only what
    is hardly anything but a name is replaced."""

    customers: Sequence[str]
    people: Sequence[str]
    reps: Sequence[str]
    deals: Sequence[str]
    competitors: Sequence[str]
    also: Sequence[tuple[Who, str]] = ()


def core(name: str) -> str:
    """A company's name, folded, without its legal form: `東海自動機`, `globex`."""
    folded = normal_form(name)
    return _FORMS_AT_END.sub("", folded) if folded.isascii() else company(name)


def before_titles(text: str) -> frozenset[str]:
    """All that stands right before a title in a folded text, at every length that a name may have."""
    ends = [match.start() for match in re.finditer(_TITLES, text)]
    return frozenset(text[end - size : end] for end in ends for size in range(1, min(end, _LONGEST) + 1))


def isolated_words(text: str) -> frozenset[str]:
    """All in a text that may be a name by itself: a few characters without others on either side."""
    return frozenset(_ALONE.findall(text))


def masker(names: NamesToHide, label: Callable[[Who, str], str]) -> Callable[[str], str]:
    """What replaces every name in a text. A name gets its letter where it first stands; those that the story is about
    get `A`.

    Args:
        label: a letter of a kind in words: `A社`.
    """
    known = _Known(label)
    companies = {core(name) for name in (*names.customers, *names.competitors) if is_named(name)}
    called_by = _short_names(companies, names.deals)
    few = len(companies) <= _FEW
    for who, given in (
        ("deal", names.deals), ("customer", names.customers), ("person", names.people), ("rep", names.reps),
        ("competitor", names.competitors),
    ):  # fmt: skip
        for name in filter(is_named, given):
            known.add(who, name, _forms(who, name, called_by, few=few))  # type: ignore[arg-type]  # a literal of the tuple
    for of, name in names.also:
        if is_named(name):
            known.add(of, name, _sure_forms(of, name))
    for who, given in (("deal", names.deals), ("customer", names.customers), ("rep", names.reps)):
        if given:
            known.letter(who, normal_form(given[0]))  # type: ignore[arg-type]  # likewise
    return known.masked


class _Known:
    """The names by every form in which they may stand, and the letters given so far."""

    def __init__(self, label: Callable[[Who, str], str]) -> None:
        self._label = label
        self._of: dict[str, tuple[Who, str]] = {}
        self._written: dict[str, str] = {}
        self._letters: dict[tuple[Who, str], str] = {}
        self._given: dict[Who, int] = {}
        self._after: dict[str, str] = {}
        self._pattern: re.Pattern[str] | None = None

    def add(self, who: Who, name: str, forms: Iterable[tuple[str, str]]) -> None:
        """A name with its forms; of each, what has to follow for it to be one (a pattern; empty: nothing has to)."""
        for form, after in forms:
            key = _key(form)
            if (len(key) >= _LEAST or after in (_AFTER_ONE, _ONE_TITLED)) and key not in self._of:
                self._of[key] = (who, normal_form(name))
                self._written[key] = form
                self._after[key] = after

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
        pattern = f"(?:{re.escape(form)}|{''.join(map(_either, normal_form(form)))})"
        after = self._after[key]
        if after in (_AFTER_ONE, _ONE_TITLED):
            return f"(?<![一-鿿々]){pattern}{after}"
        if after == _BY_ITSELF:
            return f"(?:{pattern}{_AFTER_PERSON}|(?<![一-鿿々]){pattern}(?![一-鿿々]))"
        # A Latin name is no part of a longer word.
        return rf"(?<![A-Za-z]){pattern}{after}(?![A-Za-z])" if key.isascii() else pattern + after

    def _replaced(self, match: re.Match[str]) -> str:
        of = self._of.get(_key(match[0]))
        return self.letter(*of) if of is not None else match[0]


def _forms(
    who: Who, name: str, called_by: Mapping[str, Collection[str]], *, few: bool = True
) -> Iterable[tuple[str, str]]:
    """How a name is written: whole; a company's without its legal form, or short as its deals have it; a person's family
    name by itself; the beginning of a name before a title.

    Args:
        called_by: short names of companies (`_short_names`).
        few: so few companies are named that two characters of one before any particle are no other word.
    """
    yield name, _AFTER_ONE if who in ("person", "rep") and _ONE.fullmatch(name) else ""
    if who in ("customer", "competitor"):
        short = core(name)
        yield short, ""
        yield from ((called, "") for called in called_by.get(short, ()))
        if short.isascii():
            # Globex Corp, of Globex Corp.; Globex, of Globex Industrial Systems.
            yield name.rstrip("."), ""
            yield from ((word, "") for word in short.split()[:1] if len(word) > _LEAST)
            return
        # 東海さん, 東海の, of 東海自動機.
        for size in range(len(short) - 1, _LEAST - 1, -1):
            yield short[:size], _AFTER_COMPANY if few or size > _LEAST else _AFTER_ANY_COMPANY
    elif who in ("person", "rep"):
        parts = [part for part in _PARTS.split(normalize("NFKC", name)) if part]
        # 山田 太郎 is called by the first of its parts, John Smith by either, 技術・久保 by the last.
        if len(parts) > 1:
            whole = [part for part in parts if len(part.strip(".")) >= _LEAST]
            called = whole if name.isascii() else parts[-1:] if "・" in name else parts[:1]
            yield from ((part, _BY_ITSELF if "・" in name else "") for part in called)
        if _KANJI.fullmatch(name):
            # 佐藤, of 佐藤健; 朝比奈, of 朝比奈六郎; 林, of 林健太, but not 本 of 本田誠, for a 本部長 is no person.
            yield from ((name[:size], _BY_ITSELF) for size in range(_LEAST, min(len(name), 4)))
            if not any(title.startswith(name[0]) for title in TITLES):
                yield name[0], _ONE_TITLED


def _sure_forms(who: Who, name: str) -> Iterable[tuple[str, str]]:
    """A name of which no text here is about: whole, where it is long enough to be nothing else; before a title."""
    if who in ("customer", "competitor"):
        short = core(name)
        yield from ((name, ""), (short, ""))
        if not short.isascii():
            yield from ((short[:size], _AFTER_PERSON) for size in range(len(short) - 1, _LEAST - 1, -1))
        return
    for form, after in _forms(who, name, {}):
        yield form, after or ("" if len(_key(form)) > _LEAST else _BY_ITSELF)


def _key(form: str) -> str:
    return "".join(normal_form(form).split())


def _short_names(companies: Iterable[str], deals: Iterable[str]) -> Mapping[str, Collection[str]]:
    """What deals call each company (`core`): what both begin with, where no other company has more of it in common with the deal. In
    Latin letters it is whole words of the deal, longer than `to`."""
    alike: dict[str, set[str]] = {}
    for company_name in companies:
        alike.setdefault(company_name[:_LEAST], set()).add(company_name)
    called_by: dict[str, set[str]] = {}
    for deal in map(normal_form, deals):
        commons = {name: _common(name, deal) for name in alike.get(deal[:_LEAST], ())}
        longest = max(map(len, commons.values()), default=0)
        for name, common in commons.items():
            word = not common.isascii() or (len(common) > _LEAST and not deal[len(common) : len(common) + 1].isalnum())
            if _LEAST <= len(common) == longest and common != name and word:
                called_by.setdefault(name, set()).add(common)
    return called_by


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
    letters = ""
    while n:
        n, place = divmod(n - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters
