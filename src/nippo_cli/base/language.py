"""The languages that nippo speaks: catalogue keys and their parameters become words here, and nowhere else.

Catalogues are gettext's: `locale/<language>/<area>.po`, merged at build time into `locale/<language>.mo`. A msgid is a
key (`gap.stalled.title`); a msgstr is a `str.format` text whose `{n}` is a parameter and whose `{@deal}` is a word that
a schema may rename (`words: {deal: 物件}`). `{@deals}` is its plural, `{@Deal}` begins with a capital.

Parameters are put in once and never read as format texts themselves. A parameter that is a `Message` is said too;
a list or a tuple is said one by one, with the language's comma between.
"""

import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from struct import unpack_from

from nippo_cli.base.errors import Message, UsageError, msg

LANGUAGES = ("ja", "en")

# What a schema's `words:` may rename. Each has a key `word.<name>`, and `word.<name>s` for its plural, in words.po.
RENAMABLE = (
    "schema", "entry", "meeting", "deal", "deal_kind", "stage", "stay", "promise", "push", "pull", "confidence",
    "silence", "hold", "norm", "gap", "finding", "sale", "target", "review", "comment", "record", "customer", "owner",
    "amount", "next_step", "won", "lost", "fizzled", "open",
)  # fmt: skip
_IRREGULAR = {"entries": "entry", "stays": "stay", "pushes": "push", "losts": "lost"}


class _Speech:
    """What is bound: the language and the words that the schema renames."""

    language = "en"
    words: Mapping[str, str] = {}


def bind(lang: str, words: Mapping[str, str] | None = None) -> None:
    """Speak `lang` (one of `LANGUAGES`; English for any other) from now on, with a schema's own `words`."""
    _Speech.language = lang if lang in LANGUAGES else "en"
    _Speech.words = dict(words or {})


def current() -> str:
    """The language spoken: `ja` or `en`."""
    return _Speech.language


def asked_for(option: str | None, env: Mapping[str, str]) -> str:
    """The language that `--lang`, else `NIPPO_LANG`, asks for; empty where neither does.

    Raises:
        UsageError: it is none that nippo speaks.
    """
    said = option if option is not None else env.get("NIPPO_LANG", "")
    if not said and option is None:
        return ""
    # `ja_JP.UTF-8` and `ja-JP` are what an environment calls `ja`.
    language = said.strip().lower().replace("-", "_").partition(".")[0].partition("_")[0]
    if language not in LANGUAGES:
        bind(of_locale(env))
        raise UsageError(msg("language.unknown", said=said, allowed=", ".join(LANGUAGES)))
    return language


def of_locale(env: Mapping[str, str]) -> str:
    """The language of the environment: `ja` for a Japanese locale, `en` for any other or none.

    The variables are read as text: asking the C library fails where the locale is not installed.
    """
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if env.get(name):
            return "ja" if env[name].lower().startswith("ja") else "en"
    return "ja" if os.name == "nt" and _windows_locale().lower().startswith("ja") else "en"


def t(key: str, /, **params: object) -> str:
    """The words of a key. A key that the catalogue lacks, and a parameter that is missing, stand for themselves."""
    if key.startswith("word."):
        return _word(key.removeprefix("word."))
    return _fill(_forms(key)[0], params)


def in_every_language(key: str) -> frozenset[str]:
    """The words of a key that nothing is filled in to, as each language has them."""
    return frozenset(_catalogue(language).forms(key)[0] for language in LANGUAGES)


def tn(key: str, n: int, /, **params: object) -> str:
    """The words of a key for `n` things; `n` is also a parameter unless it is given."""
    forms = _forms(key)
    # English has a form for one and one for all else; Japanese has one.
    return _fill(forms[0] if n == 1 else forms[-1], {"n": n, **params})


def say(message: Message) -> str:
    """A message in words. One with a whole number `n` takes the form for that number."""
    n = message.params.get("n")
    if isinstance(n, int) and not isinstance(n, bool):
        return tn(message.key, n, **{name: value for name, value in message.params.items() if name != "n"})
    return t(message.key, **message.params)


def spoken(said: str | Message) -> str:
    """A text as it is, a message in words."""
    return say(said) if isinstance(said, Message) else said


class _Params(dict[str, object]):
    """The parameters of one text, and the words that it names with `@`."""

    def __missing__(self, name: str) -> str:
        return _word(name[1:]) if name.startswith("@") else "{" + name + "}"


def _fill(text: str, params: Mapping[str, object]) -> str:
    if "{" not in text:
        return text
    return text.format_map(_Params({n: v if type(v) is str else _in_words(v) for n, v in params.items()}))


def _in_words(value: object) -> object:
    if isinstance(value, Message):
        return say(value)
    if type(value) in (list, tuple):
        return t("language.comma").join(str(_in_words(part)) for part in value)  # type: ignore[attr-defined]
    return value


def _word(name: str) -> str:
    """A word by its name: the schema's, else the catalogue's."""
    if name[:1].isupper():
        word = _word(name[0].lower() + name[1:])
        return word[:1].upper() + word[1:]
    own = _Speech.words.get(name)
    if own:
        return own
    of_language = _forms(f"word.{name}")[0]
    single = _IRREGULAR.get(name) or name.removesuffix("s")
    renamed = _Speech.words.get(single) if single != name else None
    if not renamed:
        return of_language
    # A renamed word has no plural of its own unless `words:` gives one; Japanese needs none, on whichever screen.
    return renamed if _Speech.language == "ja" or not renamed.isascii() else _plural(renamed)


def _plural(word: str) -> str:
    """An English noun's regular plural: opportunity, opportunities; match, matches."""
    if word[-1:].lower() == "y" and word[-2:-1].lower() not in ("", *"aeiou"):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.lower().endswith(("s", "x", "z", "ch", "sh")) else f"{word}s"


def _forms(key: str) -> tuple[str, ...]:
    """A key's text in the language spoken, or its forms by number; a key that the catalogue lacks is its own."""
    return _catalogue(_Speech.language).forms(key)


class _Catalogue:
    """A compiled catalogue in gettext's format, looked up in place.

    Its keys are sorted, so a look-up is a binary search; reading all of them into a dictionary, as the standard
    library does, costs every start more than the whole of a short command's words.
    """

    def __init__(self, content: bytes) -> None:
        self._content = content
        count, keys, texts = unpack_from("<3I", content, 8)
        self._count = count
        # Where each key and each text lies: its length, then its place.
        self._keys = unpack_from(f"<{2 * count}I", content, keys)
        self._texts = unpack_from(f"<{2 * count}I", content, texts)
        self._looked_up: dict[str, tuple[str, ...]] = {}

    def forms(self, key: str) -> tuple[str, ...]:
        """The forms of a key; itself where there are none."""
        if key not in self._looked_up:
            self._looked_up[key] = self._find(key.encode()) or (key,)
        return self._looked_up[key]

    def _find(self, key: bytes) -> tuple[str, ...] | None:
        low, high = 0, self._count
        while low < high:
            middle = (low + high) // 2
            # A key with forms is written twice, for one and for many, with a NUL between.
            middle_key = self._string(self._keys, middle).partition(b"\0")[0]
            if middle_key == key:
                return tuple(self._string(self._texts, middle).decode().split("\0"))
            low, high = (middle + 1, high) if middle_key < key else (low, middle)
        return None

    def _string(self, table: Sequence[int], place: int) -> bytes:
        length, at = table[2 * place], table[2 * place + 1]
        return self._content[at : at + length]


@lru_cache(maxsize=len(LANGUAGES))
def _catalogue(lang: str) -> _Catalogue:
    # By text: the shell's completion speaks too, and pathlib would cost it as much as all the rest.
    path = os.path.join(os.path.dirname(os.path.dirname(__file__)), "locale", f"{lang}.mo")  # noqa: PTH118, PTH120
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            return _Catalogue(file.read())
    except FileNotFoundError as error:
        raise RuntimeError(f"{path} is missing; `python hatch_build.py` makes it") from error


def _windows_locale() -> str:
    import locale

    # Python sets this category from the system when it starts: `Japanese_Japan.932`.
    return locale.setlocale(locale.LC_CTYPE)
