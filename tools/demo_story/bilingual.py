"""A text of the story in two languages: Japanese by all that looks at it, its English carried along.

So the story is made once. What its words decide, their order and their number, is decided by the Japanese ones, and the English
diary has the same events, days, figures and numbers.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Self, SupportsIndex


class Text(str):
    """A Japanese text with its English beside it."""

    __slots__ = ("en",)
    en: str

    def __new__(cls, ja: str, en: str) -> Self:
        """The Japanese text, `en` behind it."""
        text = super().__new__(cls, ja)
        text.en = en
        return text

    def __add__(self, other: str) -> "Text":
        return Text(str(self) + str(other), self.en + str(english(other)))

    def format_map(self, slots: Mapping[str, Any], /) -> "Text":  # type: ignore[override]
        """Both texts with their slots filled, each in its own language."""
        plain = {name: str(value) if isinstance(value, Text) else value for name, value in slots.items()}
        return Text(str(self).format_map(plain), self.en.format_map({n: english(value) for n, value in slots.items()}))

    def replace(self, old: str, new: str, count: SupportsIndex = -1, /) -> "Text":
        """The Japanese changed alone; what that is in English says `Text` anew."""
        return Text(str(self).replace(old, new, count), self.en)


def english(value: Any) -> Any:
    """A value in English, all that it holds too."""
    if isinstance(value, Text):
        return value.en
    if isinstance(value, Mapping):
        return {key: english(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [english(held) for held in value]
    return value


def beside(ja: Any, en: Any) -> Any:
    """What a Japanese file holds, each of its texts with that in the same place of the English one. A list of which the
    English one says the last part alone has only that in words.

    Raises:
        ValueError: one lacks what the other has.
    """
    if isinstance(ja, str):
        return ja if ja == en else Text(ja, str(en))
    if isinstance(ja, Mapping):
        # What the English file leaves out is no word: a price, a sector.
        return {key: beside(held, en[key]) if key in en else held for key, held in ja.items()}
    if isinstance(ja, Sequence):
        if isinstance(en, str):
            return [*ja[:-1], beside(ja[-1], en)]
        return [beside(one, other) for one, other in zip(ja, en, strict=True)]
    return ja
