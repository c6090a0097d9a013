"""Hashes of a million rows in the memory of a few: eight bytes each in a table, where a set of integers takes sixty-four."""

from array import array
from collections.abc import Collection
from typing import Final

_FIRST_BITS: Final = 12
_WORD: Final = (1 << 64) - 1


class RowHashes:
    """Hashes of 64 bits that were met, in an open table that is never more than half full."""

    def __init__(self) -> None:
        self._bits = _FIRST_BITS
        self._slots = array("Q", bytes(8 << self._bits))
        self._count = 0

    def add(self, hashed: int) -> bool:
        """Note a hash; False where it was met before."""
        word = hashed & _WORD or 1
        mask, slots = (1 << self._bits) - 1, self._slots
        at = word & mask
        while slots[at]:
            if slots[at] == word:
                return False
            at = (at + 1) & mask
        slots[at] = word
        self._count += 1
        if self._count * 2 > mask:
            self._grow()
        return True

    def add_all(self, hashes: Collection[int]) -> bool:
        """Note hashes that differ from one another; False, and none is noted, where any was met before."""
        while (self._count + len(hashes)) * 2 > 1 << self._bits:
            self._grow()
        mask, slots, placed = (1 << self._bits) - 1, self._slots, list[int]()
        for hashed in hashes:
            word = hashed & _WORD or 1
            at = word & mask
            while met := slots[at]:
                if met == word:
                    for one in placed:
                        slots[one] = 0
                    return False
                at = (at + 1) & mask
            slots[at] = word
            placed.append(at)
        self._count += len(placed)
        return True

    def _grow(self) -> None:
        words, self._bits = self._slots, self._bits + 1
        slots, mask = array("Q", bytes(8 << self._bits)), (1 << self._bits) - 1
        for word in filter(None, words):
            at = word & mask
            while slots[at]:
                at = (at + 1) & mask
            slots[at] = word
        self._slots = slots
