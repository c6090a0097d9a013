"""What spreadsheets and old programs leave in files: `="0012"`, `#N/A`, `4.9E+12`, end marks, letters that nobody sees."""

import io
import re
from collections.abc import Iterable, Iterator

from nippo_cli.base.errors import msg
from nippo_cli.schema.types import ValueRefused

_BREAK = re.compile(r"\s*[\n\r\v\f\x85\u2028\u2029]\s*")
_AS_TEXT = re.compile(r'="((?:[^"]|"")*)"', re.DOTALL)
_ERROR = re.compile(
    r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|CALC!|SPILL!|FIELD!|BLOCKED!|CONNECT!|BUSY!|UNKNOWN!|GETTING_DATA|#*)"
)
# A long number as Excel shows it, and saves it: which one it was nobody knows.
_ROUNDED = re.compile(r"-?[0-9](?:[.,][0-9]+)?E\+[0-9]{2,3}")
# Marks of order and direction, blanks of no width; those that join emoji and kana to what stands before them stay.
_UNSEEN = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_UNSEEN_ENDS = "\u200b\u2060\ufeff"
_END_MARK = "\x1a"

# Bytes without which no cell has any of it, whatever the encoding but UTF-16.
BOM_BYTES = b"\xef\xbb\xbf"
_SIGNS = (b'="', BOM_BYTES, b"\xe2\x80\x8b")
_SHOWN = re.compile(rb"#(?![0-9a-z])|[0-9]E\+[0-9]{2}")


def may_hold(chunk: bytes) -> bool:
    """Whether bytes of a file may hold a cell that `unwrapped` changes or `not_an_error` refuses."""
    may_show = b"#" in chunk or b"E+" in chunk
    return any(sign in chunk for sign in _SIGNS) or (may_show and _SHOWN.search(chunk) is not None)


def unwrapped(text: str) -> str:
    """A cell without what is not of its text: `="0012"`, as Excel keeps zeros, is `0012`; a byte order mark goes."""
    text = text.strip().strip(_UNSEEN_ENDS).strip()
    match = _AS_TEXT.fullmatch(text)
    return match[1].replace('""', '"').strip() if match else text


def not_an_error(text: str) -> str:
    """The text, unless it is what a spreadsheet shows where it has no value, `#N/A`, `#REF!`, `####`, or for a long number: two
    codes that begin alike are one `4.9E+12`.

    Raises:
        ValueRefused: it is.
    """
    if text[:1] == "#" and _ERROR.fullmatch(text):
        raise ValueRefused(text, msg("exchange.needs.no_error"))
    if "E+" in text and _ROUNDED.fullmatch(text):
        raise ValueRefused(text, msg("exchange.needs.no_rounded"))
    return text


def column_name(said: str) -> str:
    """A column's name without blanks around it and letters that nobody sees: a second byte order mark, say. A line's end within it,
    as a narrow column has it, parts Latin words alone: `受注⏎予定日` is 受注予定日, and `Close⏎Date` Close Date."""
    if _BREAK.search(said.strip()):
        said = _BREAK.sub(_joined, said.strip())
    if said.isascii():
        said = said.strip()
        return unwrapped(said) if said[:2] == '="' else said
    return unwrapped(_UNSEEN.sub("", said))


def _joined(match: re.Match[str]) -> str:
    text = match.string
    return " " if text[match.start() - 1].isascii() or text[match.end()].isascii() else ""


def without_end_mark(lines: Iterable[str]) -> Iterator[str]:
    """The lines of a text, but for the end marks of old files (0x1A), which stand behind the last: on lines of their own, or
    where the file ends. One that a line's end follows is of the cell before it."""
    held: list[str] = []
    for line in lines:
        said = line.rstrip("\r\n")
        if not said.strip(_END_MARK) or (said == line and said[-1:] == _END_MARK):
            held.append(line)
        else:
            yield from held
            held.clear()
            yield line
    yield from io.StringIO("".join(held).rstrip("\r\n" + _END_MARK), newline="")
