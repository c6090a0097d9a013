"""Text from outside: copies to match and to search by, a safe copy to show, and how many columns it takes."""

import os
import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from unicodedata import category, combining, east_asian_width, normalize

_JOINER = "\u200d"
_EMOJI = "\ufe0f"
_SKINS = frozenset("\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")
_JOINING = _SKINS | {_JOINER, _EMOJI}


def normal_form(text: str) -> str:
    """A copy to match by: what looks the same is the same. Blanks at the ends go; doing it twice changes nothing.

    Compatibility forms are unified (NFKC) and case is folded; characters that are not drawn go (variation selectors,
    zero-width ones); hyphens, dashes and minus signs are one, wave dashes and tildes are one, a radical is its kanji.
    `ＡＢＣ㈱` and `abc(株)` are the same, `２０２６−２７` and `2026-27`. Rules: docs/look-alikes.md
    """
    if text.isascii():
        return text.lower().strip()
    pattern, same = _look_alikes()
    if pattern.search(text):
        text = pattern.sub(lambda match: same.get(match[0], ""), text)
    unified = normalize("NFKC", text)
    folded = unified.casefold()
    if folded != unified:
        folded = normalize("NFKC", folded)
    # Most texts are as they were, and nothing new stands in them.
    if folded != text and pattern.search(folded):
        folded = normalize("NFKC", pattern.sub(lambda match: same.get(match[0], ""), folded))
    folded = folded.strip()
    # Most are the same already: of a million names no second copy is kept.
    return text if folded == text else folded


def with_capital(text: str) -> str:
    """A text that stands by itself: its first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]


def search_form(text: str) -> str:
    """A copy to search in and to suggest by: the normal form, old forms of kanji as today's (髙 as 高), hiragana as
    katakana, and `ヶ`, or `ケ` behind a kanji, as the `が` that is read there (霞ヶ関, 霞ケ関, 霞が関)."""
    text = normal_form(text)
    if text.isascii():
        return text
    if len(text) > _LONG:
        others, same = _other_letters()
        text = others.sub(lambda match: same[match[0]], _in_katakana(text))
    else:
        text = text.translate(_letters())
    # A mark that no hiragana takes may join the katakana: わ゛ is ヷ.
    text = normalize("NFC", text)
    return _readings().sub("ガ", text) if len(text) > _LONG else _as_read(text)


def _as_read(text: str) -> str:
    """What `_readings` does, for a short text: the pattern takes a millisecond to make."""
    before, *parts = text.split("ケ")
    read = [before]
    for at, after in enumerate(parts, 1):
        is_read = bool(before) and _is_kanji(before[-1]) and not (_is_katakana(after[0]) if after else at < len(parts))
        read += ("ガ" if is_read else "ケ", after)
        before = after
    return "".join(read)


def _is_kanji(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or char in "々〆" or "\U00020000" <= char <= "\U000323af"


def _is_katakana(char: str) -> bool:
    return "ァ" <= char <= "ヺ" or char == "ー"


def _in_katakana(text: str) -> str:
    """Hiragana as katakana. Of a long text all at once, by the bytes of its letters: `str.translate` makes an object of each, and
    takes six times as long."""
    pairs = text.encode("utf-16-le", "surrogatepass")
    low, high = pairs[::2], pairs[1::2]
    own = int.from_bytes(low, "little")
    moved = int.from_bytes(low.translate(_MOVED), "little")
    # All bits of a letter's low byte where its high byte is 0x30.
    mask = int.from_bytes(high.translate(_OF_KANA), "little")
    changed = bytearray(pairs)
    changed[::2] = ((own ^ moved) & mask ^ own).to_bytes(len(low), "little")
    return changed.decode("utf-16-le", "surrogatepass")


@cache
def _look_alikes() -> tuple[re.Pattern[str], dict[str, str]]:
    """What finds characters that stand for another or for none, and the others."""
    from nippo_cli.base.letters import IGNORED, RADICALS

    same = dict.fromkeys(_HYPHENS, "-") | dict.fromkeys(_TILDES, "~")
    same |= dict(zip(RADICALS[::2], RADICALS[1::2], strict=True))
    return re.compile(f"[{IGNORED}{''.join(same)}]"), same


@cache
def _readings() -> re.Pattern[str]:
    """Where `ケ` is read が."""
    # The letter stands first: it is looked for much faster than what stands before it.
    return re.compile(f"ケ(?<=[{_KANJI}]ケ)(?![{_KATAKANA}])")


@cache
def _other_letters() -> tuple[re.Pattern[str], dict[str, str]]:
    """What finds letters that `search_form` takes for others, hiragana aside; and the others."""
    same = {
        chr(point): letter for point, letter in _letters().items() if point not in _HIRAGANA and chr(point) != letter
    }
    return re.compile(f"[{''.join(same)}]"), same


@cache
def _letters() -> dict[int, str]:
    """The letters that `search_form` takes for others."""
    from nippo_cli.base.letters import OLD_FORMS

    letters = _Letters(zip(map(ord, OLD_FORMS[::2]), OLD_FORMS[1::2], strict=True))
    letters.update(
        {point: chr(point + _TO_KATAKANA) for point in _HIRAGANA} | {ord("ヶ"): "ガ", ord("ゝ"): "ヽ", ord("ゞ"): "ヾ"}
    )
    letters.update({ord("ゖ"): "ガ", ord("ヵ"): "カ", ord("ゕ"): "カ"})
    return letters


class _Letters(dict[int, str]):
    """Letters by their code points. One that stands for no other is kept as itself: `str.translate` raises, and catches,
    an error for each that is missing, which takes three times as long."""

    def __missing__(self, point: int) -> str:
        self[point] = letter = chr(point)
        return letter


_HYPHENS = "‐‑‒–—―⁃−﹘﹣－"
_TILDES = "〜～∼˜〰⁓∾﹋"
_HIRAGANA, _TO_KATAKANA = range(0x3041, 0x3095), 0x60
_MOVED = bytes(low + _TO_KATAKANA if 0x3000 + low in _HIRAGANA else low for low in range(0x100))
_OF_KANA = bytes(0xFF if high == 0x30 else 0 for high in range(0x100))
_LONG = 200
_KANJI, _KATAKANA = "々〆\u3400-\u9fff\U00020000-\U000323af", "ァ-ヺー"


def whole_number(said: str) -> int | None:
    """A whole number from 0 as typed, full-width digits too; None where it is none. More than a billion is a billion:
    nobody has as many rows, days or drafts."""
    plain = normalize("NFKC", said).strip()
    if not plain.isdecimal():
        return None
    # Python itself refuses to read thousands of digits.
    return min(int(plain), _BILLION) if len(plain) <= _DIGITS else _BILLION


_BILLION, _DIGITS = 10**9, 20


def unspaced(text: str) -> str:
    """A copy without blanks: whoever types Japanese leaves them out as often as not."""
    return "".join(text.split())


def visible(text: str, *, multiline: bool = False) -> str:
    """A copy that can't steer a terminal: controls, bidi and other invisible marks become visible ones.

    ESC is `␛`, a right-to-left override `⟨U+202E⟩`. A tab is a space; a line end is `⏎`, or stays where `multiline`.
    """
    if text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    shown = text.translate(_MARKS)
    return shown if multiline else shown.replace("\n", "⏎")


def quoted(arg: str) -> str:
    """An argument of a command as a shell takes it. What steers a terminal is spelled out; a line end may stand."""
    if os.name == "nt":
        from subprocess import list2cmdline

        return list2cmdline([arg])
    from shlex import quote

    if visible(arg, multiline=True) == arg:
        return quote(arg)
    escaped = (f"\\{c}" if c in "\\'" else c if visible(c) == c else _bytes_of(c) for c in arg)
    return f"$'{''.join(escaped)}'"


def _bytes_of(char: str) -> str:
    errors = "surrogateescape" if "\udc80" <= char <= "\udcff" else "surrogatepass"
    return "".join(f"\\x{byte:02x}" for byte in char.encode("utf-8", errors))


@lru_cache(maxsize=16384)
def width(text: str) -> int:
    """The columns that a text takes on a terminal: 2 for a wide character, 0 for a combining one, else 1.

    Ambiguous characters (`①`, `…`, `─`) take 1, or 2 after `take_ambiguous_as_wide`.
    """
    if text.isascii():
        return len(text)
    if not _JOINING.isdisjoint(text):
        return sum(columns for _, columns in _clusters(text))
    return sum(map(_WIDTHS.__getitem__, text))


def widths_of(texts: Sequence[str]) -> list[int]:
    """The same of many texts. Where all are ASCII or Japanese, as in most columns of a table, their lengths tell: for names in a
    tenth of the time."""
    joined = "".join(texts)
    if joined.isascii():
        return [*map(len, texts)]
    if _japanese().fullmatch(joined):
        # What is no ASCII takes two columns and three bytes.
        return [(len(text) + len(text.encode())) // 2 for text in texts]
    return [*map(width, texts)]


@cache
def _japanese() -> re.Pattern[str]:
    """What is ASCII, kana, kanji, Japanese punctuation or full-width throughout."""
    return re.compile("[\x00-\x7f\u3001-\u3029\u3041-\u3096\u30a1-\u30fe\u4e00-\u9fff\uff01-\uff60]*")


def cut(text: str, columns: int) -> str:
    """The text within `columns`, `…` at its end if any is lost; a wide character is never halved."""
    if width(text) <= columns:
        return text
    if columns < 1:
        return ""
    clusters, room = [], columns - len(_Drawn.cut)
    for cluster, taken in _clusters(text):
        room -= taken
        if room < 0:
            break
        clusters.append(cluster)
    return "".join(clusters) + _Drawn.cut[:columns]


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """The text filled with blanks up to `columns`, on its left where `right`. A longer one is left as it is."""
    blanks = " " * (columns - width(text))
    return blanks + text if right else text + blanks


def nearest(said: str, names: Iterable[str], n: int = 3) -> list[str]:
    """Up to `n` names like the one that was said, likest first; alike in letters in the form that a search looks at. A name that
    holds what was said goes before one that what was said holds: `voicemail` is rather `Not in or voicemail` than `Email`."""
    from difflib import SequenceMatcher

    normal = search_form(said)
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(normal)
    likest = []
    for name in dict.fromkeys(names):
        other = search_form(name)
        inside = 0.0
        if normal and other and len(normal) > 1:
            inside = 1.0 if normal in other else 0.5 if other in normal else 0.0
        matcher.set_seq1(other)
        if inside or (matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE):
            likeness = matcher.ratio() + inside
            if likeness >= _ALIKE:
                likest.append((-likeness, len(other), name))
    return [name for _, _, name in sorted(likest)[:n]]


_ALIKE = 0.6


class _Marks(dict[int, str]):
    """What each character is shown as, found once."""

    def __missing__(self, code: int) -> str:
        self[code] = shown = _mark(code)
        return shown


def _mark(code: int) -> str:
    """How a character is drawn that may not be: U+001B as `␛`, U+202E as `⟨U+202E⟩`; any other as itself."""
    char = chr(code)
    kind = category(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    # Emoji and Indic scripts need the joiners; everything else that formats is invisible and may deceive.
    if kind in ("Cc", "Cs") or (kind == "Cf" and char not in (_JOINER, "\u200c")):
        return f"⟨U+{code:04X}⟩"
    return char


_MARKS = _Marks({ord("\n"): "\n", ord("\t"): " "})


class _Drawn:
    """What the terminal makes of ambiguous characters, and what stands where text was cut."""

    ambiguous = 1
    cut = "…"


def take_ambiguous_as_wide(*, wide: bool = True) -> None:
    """From now on count two columns for what Unicode calls ambiguous, as some Japanese terminals draw it; or one again."""
    if (_Drawn.ambiguous == 2) != wide:
        _Drawn.ambiguous, _Drawn.cut = (2, "..") if wide else (1, "…")
        _WIDTHS.clear()
        width.cache_clear()


class _Widths(dict[str, int]):
    """How many columns each character takes, found once."""

    def __missing__(self, char: str) -> int:
        self[char] = columns = _columns(char)
        return columns


def _columns(char: str) -> int:
    """The columns of one character on a terminal: `あ` 2, `a` 1, a combining accent 0."""
    if east_asian_width(char) in "WF":
        return 0 if combining(char) or char == _HANGUL_FILLER else 2
    # Hangul vowels and finals are drawn into the syllable that they follow.
    if "\u1160" <= char <= "\u11ff" or "\ud7b0" <= char <= "\ud7ff":
        return 0
    kind = category(char)
    if char == _SOFT_HYPHEN:
        return 1
    if kind in ("Mn", "Me", "Mc", "Cf", "Cc", "Zl", "Zp"):
        return 0
    return _Drawn.ambiguous if east_asian_width(char) == "A" else 1


_WIDTHS = _Widths()
_SOFT_HYPHEN, _HANGUL_FILLER = "\u00ad", "\u3164"


def _clusters(text: str) -> Iterable[tuple[str, int]]:
    """What is drawn as one: a character, what combines with it, and what is joined to it; with its columns."""
    cluster, columns, joined = "", 0, False
    for char in text:
        taken = _WIDTHS[char]
        if cluster and (joined or taken == 0 or (columns == 2 and char in _SKINS)):
            cluster += char
            if char == _EMOJI and columns == 1:
                columns = 2
        else:
            if cluster:
                yield cluster, columns
            cluster, columns = char, taken
        joined = char == _JOINER
    if cluster:
        yield cluster, columns


def is_bytes(text: str) -> bool:
    """Whether what is no letter in a text is bytes that somebody typed or a file had, and no half of a pair such as U+D800, which
    JSON may hold."""
    return not any("\ud800" <= char <= "\udfff" and not "\udc80" <= char <= "\udcff" for char in text)
