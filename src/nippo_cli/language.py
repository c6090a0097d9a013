"""The languages that nippo speaks: catalogue keys and their parameters become words here, and nowhere else.

Catalogues are gettext's: `locale/<language>/<area>.po`, merged at build time into `locale/<language>.mo`. A msgid is a
key (`gap.stalled.title`); a msgstr is a `str.format` text whose `{n}` is a parameter and whose `{@deal}` is a word that
a schema may rename (`words: {deal: 物件}`). `{@deals}` is its plural, `{@Deal}` begins with a capital.

Parameters are put in once and never read as format texts themselves. A parameter that is a `Message` is said too;
a list or a tuple is said one by one, with the language's comma between.
"""

import os
from collections.abc import Mapping
from functools import lru_cache
from gettext import GNUTranslations
from pathlib import Path

from nippo_cli.errors import Message, UsageError, msg

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
    found = said.strip().lower().replace("-", "_").partition(".")[0].partition("_")[0]
    if found not in LANGUAGES:
        bind(of_locale(env))
        raise UsageError(msg("language.unknown", said=said, allowed=", ".join(LANGUAGES)))
    return found


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
    return _fill(_catalogue(_Speech.language).gettext(key), params)


def tn(key: str, n: int, /, **params: object) -> str:
    """The words of a key for `n` things; `n` is also a parameter unless it is given."""
    catalogue = _catalogue(_Speech.language)
    text = catalogue.ngettext(key, key, n)
    # A message of one form is not found by its number.
    return _fill(catalogue.gettext(key) if text == key else text, {"n": n, **params})


def say(message: Message) -> str:
    """A message in words. One with a whole number `n` takes the form for that number."""
    n = message.params.get("n")
    if isinstance(n, int) and not isinstance(n, bool):
        return tn(message.key, n, **{name: value for name, value in message.params.items() if name != "n"})
    return t(message.key, **message.params)


class _Params(dict[str, object]):
    """The parameters of one text, and the words that it names with `@`."""

    def __missing__(self, name: str) -> str:
        return _word(name[1:]) if name.startswith("@") else "{" + name + "}"


def _fill(text: str, params: Mapping[str, object]) -> str:
    if "{" not in text:
        return text
    return text.format_map(_Params({name: _said(value) for name, value in params.items()}))


def _said(value: object) -> object:
    if isinstance(value, Message):
        return say(value)
    if type(value) in (list, tuple):
        return t("language.comma").join(str(_said(part)) for part in value)  # type: ignore[attr-defined]
    return value


def _word(name: str) -> str:
    """A word by its name: the schema's, else the catalogue's."""
    if name[:1].isupper():
        found = _word(name[0].lower() + name[1:])
        return found[:1].upper() + found[1:]
    own = _Speech.words.get(name)
    if own:
        return own
    of_language = _catalogue(_Speech.language).gettext(f"word.{name}")
    single = _IRREGULAR.get(name) or name.removesuffix("s")
    renamed = _Speech.words.get(single) if single != name else None
    if not renamed:
        return of_language
    # A renamed word has no plural of its own unless `words:` gives one; Japanese needs none.
    return renamed if _Speech.language == "ja" else renamed + "s"


@lru_cache(maxsize=len(LANGUAGES))
def _catalogue(lang: str) -> GNUTranslations:
    path = Path(__file__).parent / "locale" / f"{lang}.mo"
    try:
        with path.open("rb") as file:
            return GNUTranslations(file)
    except FileNotFoundError as error:
        raise RuntimeError(f"{path} is missing; `python hatch_build.py` makes it") from error


def _windows_locale() -> str:
    import locale

    # Python sets this category from the system when it starts: `Japanese_Japan.932`.
    return locale.setlocale(locale.LC_CTYPE)
