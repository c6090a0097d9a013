"""Names that are offered while one is typed: filtered by any part of them, whatever its width, case or kana.

Pure. What was found for a text is kept while it grows, so that each key filters only what the one before left.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from nippo_cli.text import fold

# Hiragana to katakana: は and ハ are typed for one another.
_KANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}


class Offer(NamedTuple):
    """A name to choose: what it is, what stands beside it, and the deal's id (0 for what has none)."""

    name: str
    beside: str = ""
    deal: int = 0


class NameIndex:
    """Offers in the order in which they are shown. They may be added while others are looked through."""

    def __init__(self, offers: Iterable[tuple[Offer, str]] = ()) -> None:
        """Args:
        offers: each with more words that it is found by.
        """
        self._offers: list[Offer] = []
        self._folded: list[str] = []
        self._kept: tuple[str, int, list[int]] = ("", 0, [])
        for offer, more in offers:
            self.add(offer, more)

    def __len__(self) -> int:
        return len(self._offers)

    def add(self, offer: Offer, more: str = "") -> None:
        """One more, behind the others."""
        self._offers.append(offer)
        self._folded.append(alike(f"{offer.name} {offer.beside} {more}"))

    def find(self, typed: str, limit: int) -> list[Offer]:
        """The first `limit` offers that hold every word typed; of nothing typed, the first of all."""
        words = alike(typed).split()
        count = len(self._folded)
        if not words:
            return self._offers[:limit]
        found = self._matching(words, count)
        return [self._offers[at] for at in found[:limit]]

    def _matching(self, words: Sequence[str], count: int) -> list[int]:
        text = " ".join(words)
        before, counted, kept = self._kept
        # A text that has grown is looked for among what the shorter one found, and among what was added since.
        grown = bool(before) and text.startswith(before)
        places: Iterable[int] = (*kept, *range(counted, count)) if grown else range(count)
        folded = self._folded
        if len(words) == 1:
            word = words[0]
            found = [at for at in places if word in folded[at]]
        else:
            found = [at for at in places if all(word in folded[at] for word in words)]
        self._kept = (text, count, found)
        return found


def alike(text: str) -> str:
    """A copy to match by: `text.fold`, and hiragana as katakana."""
    return fold(text).translate(_KANA)
