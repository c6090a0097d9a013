"""How wide a text is. No browser is asked: it is reckoned with what the widest of the usual fonts would take, so that no label touches
another or leaves the frame.
"""

from nippo_cli.base.text import width

FONT, SMALL, TINY = 13.0, 11.0, 9.5
# By how much bold letters are wider.
BOLD = 1.12


def text_width(text: str, size: float = FONT) -> float:
    """How wide a text is at most, whichever of the usual fonts draws it."""
    return sum(map(_em, text)) * size


def fitted(text: str, room: float, size: float = FONT) -> str:
    """The text within a room, `…` at its end if any is lost; nothing where not even two letters fit."""
    if text_width(text, size) <= room:
        return text
    taken, left = 0, room - text_width("…", size)
    for letter in text:
        left -= _em(letter) * size
        if left < 0:
            break
        taken += 1
    shown = text[:taken].rstrip()
    return f"{shown}…" if len(shown) > 1 else ""


def _em(letter: str) -> float:
    if letter.isascii():
        return 0.42 if letter in _NARROW else 1.0 if letter in _WIDE else 0.76 if letter.isupper() else 0.64
    if letter >= _EMOJI:
        return 1.4
    columns = width(letter)
    return 1.02 if columns > 1 else 0.8 * columns if letter not in _SYMBOLS else 1.02


_NARROW, _WIDE = frozenset(" !'(),./:;I[]fijlrt|"), frozenset("%@MWmw")
_EMOJI = "\U0001f000"
# Narrow on a terminal, but as wide as a kanji in a Japanese font.
_SYMBOLS = frozenset("…→←↑↓±×÷℃№①②③④⑤⑥⑦⑧⑨⑩■□▲△▼▽◆◇○◎●★☆―‥“”‘’§¶")
