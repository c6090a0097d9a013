"""What of a YAML text was typed without leaving the Japanese keyboard, and so is neither colon, blank nor indent."""

import re
from collections.abc import Callable, Iterator, Sequence

from nippo_cli.base.errors import Message, msg
from nippo_cli.base.frozen import NamedTuple

BLANKS = "\u3000\u00a0\u2003"
_MOST_TRIED = 24

# How a line begins that should hold a key, a colon and a value: `　key: a`, `key：a`, `key:　a`, `-　a`.
_WIDE = (
    (re.compile(rf"[ ]*[{BLANKS}]+[ {BLANKS}]*\S"), "schema.yaml.wide_indent"),
    (re.compile(r"[ ]*(?:- *)?[^\s:：#\"']+ *[：]"), "schema.yaml.wide_colon"),
    (re.compile(rf"[ ]*(?:- *)?[^\s:：#\"']+:[{BLANKS}]|[ ]*-[{BLANKS}]"), "schema.yaml.wide_blank"),
)
# A key and what stands in place of its colon: at the beginning of a text, and in a line or within `{…}`, in quotes too.
_PLAIN, _SIGN = r"[^\s:：#\"'{}\[\],]+", rf"\s*：[ {BLANKS}]*|:[{BLANKS}][ {BLANKS}]*"
_KEY = re.compile(rf"({_PLAIN})({_SIGN})")
_PLACE = re.compile(rf"(?:^[ {BLANKS}]*(?:-[ {BLANKS}]+)*|[{{,\[]\s*)({_PLAIN}|\"[^\"]*\"|'[^']*')({_SIGN})")
# What a line begins with before its key, where a full-width blank is in it.
_LEAD = re.compile(rf"^( *)((?:-?[{BLANKS}]+[ ]*)+)")

# Brackets, commas and quotes, and a dash that begins an item, as the Japanese keyboard types them.
_SIGNS = {"｛": "{", "｝": "}", "［": "[", "］": "]", "，": ", ", "、": ", ", "“": '"', "”": '"', "＂": '"', "＇": "'"}
_DASH = re.compile(rf"^([ {BLANKS}]*)([－ー−‐–—])[ {BLANKS}]+")


class WideKey(NamedTuple):
    """A key that holds what should be its colon: what it should be, and the value that it swallowed."""

    key: str
    rest: str
    needs: Message


def typed_wide(line: str) -> Message | None:
    """What of a line that should hold a key, a colon and a value is full-width, and so neither; None where nothing is."""
    return next((msg(key) for pattern, key in _WIDE if pattern.match(line)), None)


def wide_key(said: str) -> WideKey | None:
    """What a text means that begins with a key and a full-width colon or blank: `key： quote`; None where it doesn't."""
    match = _KEY.match(said)
    return WideKey(match[1], said[match.end() :], _needs(match[2])) if match else None


def wide_at(lines: Sequence[str], at: int, stumbles_at: Callable[[str], int | None]) -> tuple[int, Message] | None:
    """The line, from 0, that was typed full-width and is why the parser stumbles at `at`: with it written as it should be
    the parser comes further. It makes one text of its line and those behind it, so it may stand above.

    Args:
        stumbles_at: the line of a text at which the parser can't go on; None where it reads all.
    """
    tried, all_mended = 0, list(lines)
    for place in range(min(at, len(lines) - 1), -1, -1):
        if lines[place].lstrip(f" {BLANKS}").startswith("#"):
            continue
        for mended, needs in _mended(lines[place]):
            tried += 1
            if tried > _MOST_TRIED:
                return None
            for text in (lines, all_mended):
                stumbles = stumbles_at("\n".join([*text[:place], mended, *text[place + 1 :]]))
                if stumbles is None or stumbles > at:
                    return place, needs
        all_mended[place] = _wholly_mended(lines[place])
    return None


def _mended(line: str) -> Iterator[tuple[str, Message]]:
    """A line with one full-width sign in it as it should be, and what that was."""
    lead = _LEAD.match(line)
    if lead:
        needs = msg("schema.yaml.wide_blank" if "-" in lead[2] else "schema.yaml.wide_indent")
        # A full-width blank is as wide as two, and whoever types it may have counted either way.
        for blank in ("  ", " "):
            yield lead[1] + _narrow(lead[2], blank) + line[lead.end() :], needs
    for place in _PLACE.finditer(line):
        yield f"{line[: place.start(2)]}: {line[place.end(2) :]}", _needs(place[2])
    if signs := _signs_in(line):
        for mended in (line, _wholly_mended(line)):
            yield _with_narrow_signs(mended), msg("schema.yaml.wide_signs", signs=signs)


def _signs_in(line: str) -> str:
    dash = _DASH.match(line)
    return " ".join(dict.fromkeys((dash[2] if dash else "") + "".join(sign for sign in line if sign in _SIGNS)))


def _with_narrow_signs(line: str) -> str:
    return _DASH.sub(r"\1- ", line).translate({ord(sign): plain for sign, plain in _SIGNS.items()})


def _wholly_mended(line: str) -> str:
    lead = _LEAD.match(line)
    if lead:
        line = lead[1] + _narrow(lead[2], "  ") + line[lead.end() :]
    return _PLACE.sub(lambda place: f"{place[0][: place.start(2) - place.start()]}: ", line)


def _narrow(said: str, blank: str) -> str:
    return said.translate(dict.fromkeys(map(ord, BLANKS), blank)).replace("-  ", "- ")


def _needs(sign: str) -> Message:
    return msg("schema.yaml.wide_colon" if "：" in sign else "schema.yaml.wide_blank")
