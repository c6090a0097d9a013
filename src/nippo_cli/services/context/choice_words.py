"""The fixed words of the command line: each by its key, which scripts use, or by the word that the screen shows."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.language import t
from nippo_cli.base.text import normal_form

if TYPE_CHECKING:
    from nippo_cli.line.promised import Basis

_BETWEEN = "|"
# Where the pages have their own words for the same: what stands there may be typed as it is read.
_ON_PAGES = {
    "gap": "show.gap.title_",
    "lesson": "lessons.title_",
    "fate": "word.",
    "known": "deal.known_",
    "sign": "lessons.words.sign_",
    "figure": "show.steps.head_",
}


def words_of(vocabulary: str, key: str) -> list[str]:
    """What a key of a vocabulary (`gap`, `fate` …) may be typed as in the user's language; what errors and TAB say comes
    first. Of a page's title with brackets either part will do."""
    words = [word.strip() for word in t(f"choice.{vocabulary}.{key}").split(_BETWEEN)]
    if vocabulary in _ON_PAGES:
        title = t(_ON_PAGES[vocabulary] + key)
        words += [title, *(part.strip(")） ") for part in title.replace("(", "（").split("（"))]
    return words


def shown(vocabulary: str, keys: Iterable[str]) -> tuple[str, ...]:
    """What errors say of each key."""
    return tuple(words_of(vocabulary, key)[0] for key in keys)


def key_meant(vocabulary: str, said: str, keys: Iterable[str]) -> str | None:
    """The key that is meant by it or by one of its words, whatever the width and case; None where none is. A key goes before
    another one's word."""
    wanted, every = normal_form(said), list(keys)
    for names in (lambda key: [key], lambda key: words_of(vocabulary, key)):
        for key in every:
            if wanted in map(normal_form, names(key)):
                return key
    return None


def basis_meant(said: str) -> "Basis":
    """What months are to be filled with, as typed with `--basis`: orders or sales.

    Raises:
        UsageError: it is neither.
    """
    from nippo_cli.line.promised import BASES

    basis = key_meant("basis", said, BASES)
    if basis is None:
        raise UsageError(msg("cli.bad_choice", option="--basis", said=said, allowed=shown("basis", BASES)))
    return cast("Basis", basis)
