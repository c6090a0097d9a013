"""In which encoding a file is written: found, or given and checked. The whole file is looked at before any row is."""

import codecs
import hashlib
import re
from itertools import count
from pathlib import Path

from nippo_cli.base.errors import msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.exchange.source import SourceRefused, refused
from nippo_cli.exchange.spreadsheet import BOM_BYTES, may_hold

_CHUNK = 1 << 20
# As much of a file as is looked into where it is not read yet.
PEEKED = 4 << 20
_HEAD = 512
# A zip, which .xlsx and .ods are, and the older .xls; some programs write a page of the web and call it .xls.
_ZIP, _OLD_OFFICE, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-"
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|table|\?xml)", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# What is in such a zip, in this order.
_IN_ZIP = (("xl/", "xlsx"), ("word/", "docx"), ("Index/", "numbers"), ("Index.zip", "numbers"), ("content.xml", "ods"))
# A workbook with a password is one stream of that name.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORD = "WordDocument".encode("utf-16-le")
_HINTS = {
    "locked": "exchange.hint.locked", "xls": "exchange.hint.xls", "docx": "exchange.hint.docx", "pdf": "exchange.hint.docx",
    "numbers": "exchange.hint.numbers", "xlsx": "exchange.hint.xlsx", "cut": "exchange.hint.cut",
}  # fmt: skip
# Windows' own table holds every character of Shift_JIS, and ①, ㈱ and 髙 besides.
_SHIFT_JIS = ("shift_jis", "shift-jis", "sjis", "x-sjis", "ms932", "windows-31j", "cp932", "mskanji")
# What the two first bytes of UTF-8's kana read as in CP932.
_BROKEN_UTF8 = frozenset("縺繧繝")
# What is tried, to name it, where nothing is recognized; and how ISO-2022-JP goes over to kanji.
_OTHERS = ("euc_jp", "cp932", "cp1252")
_TO_KANJI = (b"\x1b$B", b"\x1b$@")
# Of UTF-16 at least one byte of so many is a zero.
_ZEROS = 100
# Single bytes that Windows fills the table's holes with; no text has them.
_HOLES = frozenset("\x80\xa0\uf8f1\uf8f2\uf8f3")
_LEVEL_1_LAST_LEAD = 0x98


class Scanned(NamedTuple):
    """A file after one look at all of it. `encoding` is a codec's name; `nul` whether it holds NUL bytes; `odd` whether it may
    hold what `exchange/spreadsheet.py` is about; `ended` whether old files' end mark stands behind it."""

    encoding: str
    sha256: str
    nul: bool
    odd: bool
    ended: bool


def scan(path: Path, asked: str = "", *, within: int = 0) -> Scanned:
    """Read the file through once: its fingerprint, and the encoding that all of it is in; with `within` only its first bytes are
    looked at, and the fingerprint is theirs.

    A byte order mark decides. Else what was asked for; else UTF-8 if all of it is that, else CP932 if it reads as
    Japanese. Nothing is guessed beyond that: what it is likely to be is named.

    Raises:
        SourceRefused: the bytes are not what was asked for, no encoding can be told, there is nothing, or it is a workbook.
    """
    digest, nul, odd, size, head, tail = hashlib.sha256(), False, False, 0, b"", b""
    with path.open("rb") as stream:
        while (chunk := stream.read(_CHUNK)) and not 0 < within <= size:
            head = head or chunk[:_HEAD]
            # A sign may begin in one chunk and end in the next; the first byte order mark is none.
            odd = odd or may_hold(tail[-2:] + (chunk if size else chunk.removeprefix(BOM_BYTES)))
            size += len(chunk)
            digest.update(chunk)
            nul = nul or b"\0" in chunk
            tail = chunk[-8:]
    if not size:
        raise refused("exchange.empty", path)
    _refuse(path, _no_text(path, head))
    marked = next((name for mark, name in _BOMS if head.startswith(mark)), "")
    encoding = _given(path, marked or codec(asked), asked, within) if marked or asked else _recognized(path, within)
    wide = encoding.startswith(("utf-16", "utf_16", "utf-32", "utf_32"))
    ended = b"\x1a" in tail
    return Scanned(encoding, digest.hexdigest(), nul and not wide, odd or wide, ended)


def refuse_no_text(path: Path, *, but: str) -> None:
    """Refuse a file that no table is read from, naming what it is and what to do, unless it is of the one kind."""
    with path.open("rb") as stream:
        kind = _no_text(path, stream.read(_HEAD))
    _refuse(path, kind if kind != but else "")


def _refuse(path: Path, kind: str) -> None:
    if kind:
        hint = _HINTS.get(kind, "exchange.workbook_hint")
        raise refused(f"exchange.no_text.{kind}", path, hint=msg(hint))


def _no_text(path: Path, head: bytes) -> str:
    """What a file is that no table is read from as text; "" for text."""
    if head.startswith(_OLD_OFFICE):
        return _kind_of_ole(path)
    if head.startswith(_PDF):
        return "pdf"
    if _MARKUP.match(head):
        return "html"
    return _kind_of_zip(path) if head.startswith(_ZIP) else ""


def _kind_of_ole(path: Path) -> str:
    with path.open("rb") as stream:
        tail = b""
        while chunk := stream.read(_CHUNK):
            if _ENCRYPTED in tail + chunk:
                return "locked"
            if _WORD in tail + chunk:
                return "docx"
            tail = chunk[-64:]
    return "xls"


def _kind_of_zip(path: Path) -> str:
    from zipfile import ZipFile

    from nippo_cli.exchange.zips import BROKEN_ZIP

    try:
        with ZipFile(path) as packed:
            names = frozenset(packed.namelist())
    except (*BROKEN_ZIP, OSError):
        return "cut"
    return next((kind for sign, kind in _IN_ZIP if any(name.startswith(sign) for name in names)), "zip")


def codec(asked: str) -> str:
    """The codec of an encoding's name; empty for none.

    Raises:
        SourceRefused: there is no such encoding.
    """
    name = asked.strip().lower()
    if name in _SHIFT_JIS:
        return "cp932"
    try:
        codec_name = codecs.lookup(name).name if name else ""
        # Codecs such as hex or rot13 are none of text.
        "".encode(codec_name or "utf-8")
    except LookupError as error:
        raise SourceRefused(msg("exchange.no_encoding", said=asked)) from error
    return codec_name


def _given(path: Path, encoding: str, asked: str, within: int) -> str:
    bad = _first_bad_line(path, encoding, within)
    if bad is not None:
        # Who named one is not told how to name one.
        hint = msg("exchange.other_encoding_hint") if asked else msg("exchange.encoding_hint", encoding="cp932")
        raise refused("exchange.wrong_encoding", path, encoding=encoding, line=bad, hint=hint)
    return encoding


def _recognized(path: Path, within: int) -> str:
    if other := _by_signs(path):
        raise refused("exchange.likely", path, encoding=other, hint=msg("exchange.encoding_hint", encoding=other))
    bad = _first_bad_line(path, "utf-8", within)
    if bad is None:
        return "utf-8"
    if _first_bad_line(path, "cp932", within) is None and _reads_as_japanese(path):
        return "cp932"
    likely = next((one for one in _OTHERS if _first_bad_line(path, one) is None), "cp932")
    raise refused("exchange.undecidable", path, line=bad, hint=msg("exchange.encoding_hint", encoding=likely))


def _by_signs(path: Path) -> str:
    """What bytes that are no text elsewhere say that a file is in, though UTF-8 or CP932 may be able to decode it; "" for nothing.
    ISO-2022-JP goes over to kanji by them. In UTF-16 without its mark every comma, figure and line's end has a zero on one side."""
    with path.open("rb") as stream:
        head = stream.read(_CHUNK)
    few, many = sorted((head[::2].count(0), head[1::2].count(0)))
    signs = {
        "iso2022_jp": any(sign in head for sign in _TO_KANJI),
        "utf-16-be": many == head[::2].count(0),
        "utf-16-le": many == head[1::2].count(0),
    }
    is_wide = many > 1 and many * _ZEROS >= len(head) and few * 4 <= many and not _is_utf_8_beyond_ascii(head)
    likely = (one for one, is_so in signs.items() if is_so and (is_wide or one == "iso2022_jp"))
    return next((one for one in likely if _first_bad_line(path, one) is None), "")


def _is_utf_8_beyond_ascii(head: bytes) -> bool:
    """Whether bytes are UTF-8 in which more than ASCII stands, whatever zeros a broken program left among them."""
    try:
        return not head[:-4].decode("utf-8").isascii()
    except UnicodeDecodeError as error:
        # A character may be cut where the piece ends.
        return error.start >= len(head) - 8 and not head[: error.start].isascii()


def _first_bad_line(path: Path, encoding: str, within: int = 0) -> int | None:
    """The line (from 1) of the first bytes that are not in the encoding; None if all are, or, of a larger file, the first `within`."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as stream:
        # Lines are counted only where one is to be named: it takes as long as decoding them.
        for chunks in count():
            if 0 < within <= chunks * _CHUNK:
                return None
            chunk = stream.read(_CHUNK)
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return 1 + _line_ends(path, encoding, chunks) + error.object[: error.start].count(b"\n")
            if not chunk:
                return None
    raise AssertionError


def _line_ends(path: Path, encoding: str, chunks: int) -> int:
    """The line ends in so many chunks of a file that can be decoded."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as stream:
        return sum(decoder.decode(stream.read(_CHUNK)).count("\n") for _ in range(chunks))


def _reads_as_japanese(path: Path) -> bool:
    """Whether text that CP932 can decode is likely to be meant so.

    Western text decodes too (`é` before a letter makes a rare kanji, alone a half-width katakana), and so does
    damaged UTF-8: Japanese is mostly kana and common kanji, and writes half-width katakana in runs. EUC-JP reads as
    such runs, too; text that may be either is left undecided.
    """
    common = rare = broken = half = 0
    with path.open(encoding="cp932", newline="") as stream:
        text = stream.read(_CHUNK)
    for before, char, after in zip(" " + text, text, text[1:] + " ", strict=False):
        if char.isascii():
            continue
        if char in _HOLES:
            return False
        code = char.encode("cp932")
        usual = code[0] <= _LEVEL_1_LAST_LEAD if len(code) > 1 else not (before.isascii() and after.isascii())
        common += usual
        half += usual and len(code) == 1
        rare += not usual
        broken += char in _BROKEN_UTF8
    if half * 2 > common and _first_bad_line(path, "euc_jp") is None:
        return False
    return common >= rare and broken * 20 <= common + rare
