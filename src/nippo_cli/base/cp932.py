"""Text in CP932, as older Japanese programs read it; what that lacks becomes `〓`, and is counted."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final
from unicodedata import normalize

GETA: Final = "〓"
# One character under two numbers: Unicode's own, and the one that CP932 has for it.
_SAME: Final = str.maketrans("〜−—‖¥¢£¬‾", "～－―∥￥￠￡￢￣")
# A letter and the marks above it: together they may be one that there is. Letters by themselves stay as they are: NFC writes
# another for some that CP932 has.
_MARKED: Final = re.compile("[^\u0300-\u036f\u3099\u309a][\u0300-\u036f\u3099\u309a]+")


def encoded(pieces: Iterable[str], lacking: Counter[str]) -> Iterator[bytes]:
    """Texts as CP932, piece by piece; `lacking` counts the characters that became `〓`."""
    for piece in pieces:
        text = piece.translate(_SAME)
        if not text.isascii():
            composed = _MARKED.sub(lambda match: normalize("NFC", match[0]), text)
            text = "".join(char if has(char) else _replaced(char, lacking) for char in composed)
        yield text.encode("cp932")


@cache
def has(char: str) -> bool:
    """Whether CP932 has a character, and gives it back."""
    try:
        return char.encode("cp932").decode("cp932") == char
    except UnicodeError:
        return False


def _replaced(char: str, lacking: Counter[str]) -> str:
    lacking[char] += 1
    return GETA
