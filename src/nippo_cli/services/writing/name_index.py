"""Names that are offered while one is typed: filtered by any part of them, whatever its width, case or kana, with
the blanks in a name or without them.

Pure. Names are kept in long texts, a row each, so that looking through a hundred thousand of them is a search of the
string library, and stops as soon as there are enough.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.text import normal_form, unspaced

# Hiragana to katakana: は and ハ are typed for one another.
_KANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_CHUNK = 4096


class NameOffer(NamedTuple):
    """A name to choose: what it is, what stands beside it, the deal's id (0 for what has none), and whether it is won or lost."""

    name: str
    beside: str = ""
    deal: int = 0
    ended: bool = False


class _Chunk(NamedTuple):
    """Rows in one text: the place of the first among all, the text, and where each row begins in it."""

    first: int
    text: str
    starts: list[int]


class NameIndex:
    """Offers in the order in which they are shown. One thread may add some while another looks for others."""

    def __init__(self, offers: Iterable[tuple[NameOffer, str]] = ()) -> None:
        """Args:
        offers: each with more words that it is found by.
        """
        self._offers: list[NameOffer] = []
        # Replaced as one, so that a look never meets half a change.
        self._rows: tuple[tuple[_Chunk, ...], list[str]] = ((), [])
        for offer, more in offers:
            self.add(offer, more)

    def __len__(self) -> int:
        return len(self._offers)

    def add(self, offer: NameOffer, more: str = "") -> None:
        """One more, behind the others."""
        self._offers.append(offer)
        chunks, rows = self._rows
        name = alike(offer.name)
        bare = unspaced(name)
        words = f"{name} {bare if bare != name else ''} {alike(f'{offer.beside} {more}')}"
        rows.append(" ".join(words.splitlines()))
        if len(rows) == _CHUNK:
            self._rows = ((*chunks, _chunk(len(chunks) * _CHUNK, rows)), [])

    def find(self, typed: str, limit: int) -> list[NameOffer]:
        """The first `limit` offers that hold every word typed; of nothing typed, the first of all."""
        words = alike(typed).split()
        if not words:
            return self._offers[:limit]
        return [self._offers[at] for at in islice(self._matching(words), limit)]

    def _matching(self, words: Sequence[str]) -> Iterator[int]:
        # The longest word is most likely the rarest.
        word, *others = sorted(words, key=len, reverse=True)
        chunks, rows = self._rows
        for chunk in chunks:
            yield from _in_chunk(chunk, word, others)
        first = len(chunks) * _CHUNK
        for at, row in enumerate(rows[:]):
            if word in row and all(other in row for other in others):
                yield first + at


def _chunk(first: int, rows: Sequence[str]) -> _Chunk:
    starts, at = [], 0
    for row in rows:
        starts.append(at)
        at += len(row) + 1
    return _Chunk(first, "\n".join(rows) + "\n", [*starts, at])


def _in_chunk(chunk: _Chunk, word: str, others: Sequence[str]) -> Iterator[int]:
    text, starts = chunk.text, chunk.starts
    at = text.find(word)
    while at >= 0:
        row = bisect_right(starts, at) - 1
        begins, ends = starts[row], starts[row + 1]
        if all(text.find(other, begins, ends) >= 0 for other in others):
            yield chunk.first + row
        at = text.find(word, ends)


def alike(text: str) -> str:
    """A copy to match by: `text.fold`, and hiragana as katakana."""
    return normal_form(text).translate(_KANA)
