"""Sound files spoilt: parts flipped, cut, doubled, nested, enlarged, or replaced by what other programs left behind."""

from collections.abc import Callable, Sequence
from random import Random
from typing import TypeAlias

# What stood in files that stopped a program somewhere.
ODD = (
    "", " ", "\0", "\x1a", "\x1b[31m", "\u202e", "\ufeff", "\u200b", "\u3000", "\u00a0", "：", "，", "－", '"', '""', "'", "\\",
    "\\ud83d", "\ud83d", "\udce3\udc81", "\ufffe", "\U0010ffff", "\u2028", "\r", "\n", "\r\n", "\t", "=1+1", '="0012"', "#N/A",
    "#REF!", "#VALUE!", "#DIV/0!", "####", "@SUM(A1)", "-", "--", "---", "...", "&a", "*a", "<<", "!!python/object:os.system", "%",
    "{", "}", "[", "]", ":", ": ", "- ", "? ", "| ", "> ", "~", "null", "true", "no", "NaN", "Infinity", "-0", "1e999", "9" * 400,
    "1" * 25, "0001-01-01", "1000-01-01", "8999-12-31", "9999-12-31", "0000-00-00", "1900-01-00", "2026-02-30", "12/31/9999", "46346",
    "2025y", "99999d", "９９９９年１２月３１日", "令和99年1月1日", "1,234", "▲1,234", "(5)", "1億", "千", "9" * 18, "1.5", "½",
    "²", "Ⅷ", "あ" * 300,
)  # fmt: skip

Mutation: TypeAlias = Callable[[str, Random], str]


def _at(text: str, dice: Random) -> int:
    return dice.randrange(len(text) + 1)


def _span(text: str, dice: Random) -> tuple[int, int]:
    first = _at(text, dice)
    return first, min(len(text), first + dice.choice((1, 2, 5, 20, 200)))


def _flip(text: str, dice: Random) -> str:
    if not text:
        return text
    at = dice.randrange(len(text))
    return text[:at] + chr(ord(text[at]) ^ (1 << dice.randrange(8))) + text[at + 1 :]


def _cut(text: str, dice: Random) -> str:
    first, last = _span(text, dice)
    return text[:first] + text[last:]


def _cut_off(text: str, dice: Random) -> str:
    return text[: _at(text, dice)]


def _double(text: str, dice: Random) -> str:
    first, last = _span(text, dice)
    return text[:last] + text[first:last] * dice.choice((1, 1, 3, 50)) + text[last:]


def _odd(text: str, dice: Random) -> str:
    at = _at(text, dice)
    return text[:at] + dice.choice(ODD) + text[at:]


def _odd_for(text: str, dice: Random) -> str:
    """A word of it replaced."""
    words = [word for word in text.replace(",", " ").replace(":", " ").replace('"', " ").split() if word]
    if not words:
        return _odd(text, dice)
    word = dice.choice(words)
    times = dice.choice((1, 1, -1))
    return text.replace(word, dice.choice(ODD), times)


def _line_doubled(text: str, dice: Random) -> str:
    lines = text.splitlines(keepends=True)
    if not lines:
        return text
    at = dice.randrange(len(lines))
    to = dice.randrange(len(lines) + 1)
    lines[to:to] = [lines[at]] * dice.choice((1, 2, 40))
    return "".join(lines)


def _line_lost(text: str, dice: Random) -> str:
    lines = text.splitlines(keepends=True)
    if lines:
        del lines[dice.randrange(len(lines))]
    return "".join(lines)


def _nested(text: str, dice: Random) -> str:
    first, last = _span(text, dice)
    opens, closes = dice.choice(
        (("[", "]"), ("{a: ", "}"), ('{"a":', "}"), ("- ", ""), ("(", ")"), ("（", "）"), ('"', '"'))
    )
    deep = dice.choice((1, 3, 20, 3000))
    return text[:first] + opens * deep + text[first:last] + closes * deep + text[last:]


def _large(text: str, dice: Random) -> str:
    at = _at(text, dice)
    part, times = dice.choice(("x", "あ", "9", ",", "\n", " ", "a: b\n", "- ", '"')), dice.choice((300, 5000, 200_000))
    # A row costs what a row costs: that so many take no longer than they should, test_hangs.py looks at.
    return text[:at] + part * (min(times, 5000) if "\n" in part else times) + text[at:]


def _halfwidth(text: str, dice: Random) -> str:
    """Letters of ASCII made full-width, or the other way round."""
    first, last = _span(text, dice)
    return (
        text[:first] + "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text[first:last]) + text[last:]
    )


MUTATIONS: Sequence[Mutation] = (
    _flip, _cut, _cut_off, _double, _odd, _odd, _odd_for, _odd_for, _odd_for, _line_doubled, _line_lost, _nested, _large, _halfwidth,
)  # fmt: skip


def spoilt(text: str, seed: int) -> str:
    """The text after one to four mutations by lot."""
    dice = Random(seed)
    for _ in range(dice.choice((1, 1, 2, 4))):
        text = dice.choice(MUTATIONS)(text, dice)
    return text


def as_bytes(text: str, seed: int) -> bytes:
    """The text in an encoding by lot, mostly UTF-8; sometimes with bytes spoilt on top."""
    dice = Random(-seed)
    encoding = dice.choice(("utf-8", "utf-8", "utf-8", "utf-8-sig", "cp932", "utf-16", "euc_jp"))
    content = text.encode(encoding, "surrogatepass" if encoding.startswith("utf-8") else "replace")
    for _ in range(dice.choice((0, 0, 0, 1, 3))):
        at = dice.randrange(len(content) + 1)
        content = (
            content[:at]
            + dice.choice((bytes([dice.randrange(256)]), b"\xff", b"\x00", b"\x1a", b"\xef\xbb\xbf"))
            + content[at:]
        )
    return content
