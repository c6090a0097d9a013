"""Where a paragraph may be broken: Japanese between characters, Latin between words.

What two blanks set apart stays whole where it can, and so does a command, which is there to be copied. A closing mark never
begins a row and an opening bracket never ends one.
"""

import re
from collections.abc import Iterator

from nippo_cli.base.text import width

_APART = "  "
_SMALL_KANA = "ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
_NEVER_FIRST = frozenset("、。，．・：；？！…ー）」』】〕］｝〉》〟’”々%％),.:;?!]}" + _SMALL_KANA)
_COUNTERS = frozenset("円日件名社個回年月時分")
# What ends an item of a list, and how wide one is that stays whole.
_ENDS_ITEM = frozenset("、。 　")
_SHORT_ITEM = 24
_NEVER_LAST = frozenset("（「『【〔［｛〈《〝‘“([{¥￥$")
# A command that a text names: `nippo deal show 洗浄ライン --json`. A word of the sentence too many is no harm. Compiled when a
# text first names one.
_STOPS = r"\s、。（）「」(),;"
_VALUE = rf"(?:\"[^\"]*\"|'[^']*'|[^{_STOPS}\"'-][^{_STOPS}]*)"
_PART = rf"--?[A-Za-z][\w-]*(?:[ =]{_VALUE})?|\"[^\"]*\"|'[^']*'|#?[a-z]?\d[^{_STOPS}]*|[A-Z|_-]{{2,}}|[一-鿿ァ-ヶ…][^{_STOPS}]*"
_COMMAND = rf"(?<![\w/.-])nippo(?: [a-z][a-z-]*){{0,3}}(?: (?:{_PART}))*"


def breaks(text: str, columns: int, *, first: int = 0) -> list[tuple[int, int]]:
    """The rows of one line of text as (start, end) slices, each at most `columns` wide.

    `first` columns of the first row are taken already. Spaces at a break belong to no row. What is too long for
    a row of its own is broken between characters.
    """
    rows: list[tuple[int, int]] = []
    start = end = 0
    used = first
    for at, stop in _units(text, columns):
        begin = at
        size = width(text[begin:stop].rstrip())
        if used + size > columns and end > start:
            apart = text.rfind(_APART, start + 1, begin)
            stop_here, next_start = (apart, apart + len(_APART)) if apart > start else (end, begin)
            if apart <= start and (item := _item_before(text, start, begin)):
                stop_here = next_start = item
            rows.append((start, _trimmed(text, start, stop_here)))
            start, used = next_start, width(text[next_start:begin])
        while used + size > columns and stop - begin > 1:
            cut = _cut(text, begin, stop, columns - used)
            rows.append((start, cut))
            start = begin = cut
            used, size = 0, width(text[begin:stop].rstrip())
        used += width(text[begin:stop])
        end = stop
    rows.append((start, _trimmed(text, start, len(text))))
    return rows


def _units(text: str, columns: int) -> Iterator[tuple[int, int]]:
    """What is never broken within: a word with the spaces after it, a wide character with its marks, or a command that a row
    holds."""
    whole = _commands(text, columns) if "nippo " in text else frozenset()
    begin = 0
    for i in range(1, len(text)):
        if _may_break(text[i - 1], text[i]) and i not in whole:
            yield begin, i
            begin = i
    if text:
        yield begin, len(text)


def _item_before(text: str, start: int, at: int) -> int:
    """Where the short item of a list begins that would be broken at a place; 0 where that is in none, or the row's first."""
    comma = text.rfind("、", start + 1, at)
    if comma < 0 or _ENDS_ITEM.intersection(text[comma + 1 : at]):
        return 0
    stop = next((i for i in range(at, len(text)) if text[i] in _ENDS_ITEM), len(text))
    return comma + 1 if width(text[comma + 1 : stop]) <= _SHORT_ITEM else 0


def _commands(text: str, columns: int) -> frozenset[int]:
    """The places within commands, of those that are no wider than a row."""
    spans = (match.span() for match in re.finditer(_COMMAND, text))
    return frozenset(i for first, stop in spans if width(text[first:stop]) <= columns for i in range(first + 1, stop))


def _may_break(before: str, after: str) -> bool:
    if after == " " or after in _NEVER_FIRST or before in _NEVER_LAST:
        return False
    if before in "0123456789" and after in _COUNTERS:
        return False
    if before in "年月" and after in "0123456789":
        return False
    if before == " ":
        return True
    return ord(before) > _LATIN or ord(after) > _LATIN


def _trimmed(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] == " ":
        end -= 1
    return end


def _cut(text: str, begin: int, stop: int, columns: int) -> int:
    """Where a unit that is too long is broken: at least one character on."""
    at, used = begin, 0
    while at < stop:
        used += width(text[at])
        if used > columns and at > begin:
            break
        at += 1
    while at - 1 > begin and at < stop and text[at] in _NEVER_FIRST:
        at -= 1
    return at


# Up to here words are parted by spaces; combining marks lie below it too, so they stay with their letter.
_LATIN = 0x036F
