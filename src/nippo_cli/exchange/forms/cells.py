"""The cells of a sheet that hold texts, and the styles by which numbers in them are shown."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.text import visible
from nippo_cli.exchange.forms.package import Package, relations
from nippo_cli.exchange.forms.xml_spans import Element, escaped, prefix, start_tag, with_attributes

# What a cell holds; Excel counts halves of pairs.
LONGEST: Final = 32_767
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
# Excel writes a character that XML does not hold by its number, and so what looks like one.
_NUMBERED: Final = re.compile(r"_(x[0-9A-Fa-f]{4}_)")
# Formats of days that have a number of their own, and what is left of a format without its literal texts.
_DAY_FORMATS: Final = frozenset((*range(14, 18), 22, *range(27, 37), *range(50, 59)))
_TEXT_FORMAT: Final = 49
_LITERAL: Final = re.compile(r'"[^"]*"|\\.|[_*].|\[[^\]]*\]')
_OF_DAYS: Final = re.compile(r"[yd]|g+e|aaa|^[^0#?hs]*m[^0#?hs]*$")
_DAY_ZERO: Final = date(1899, 12, 30)
_DAY_ZERO_1904: Final = date(1904, 1, 1)
# Before it Excel counts a day that never was.
_FIRST_DAY: Final = date(1900, 3, 1)


class TextCell(NamedTuple):
    """A cell that holds a text: where it is, its element, the element of its text, and the bytes that the latter is in."""

    reference: str
    element: Element
    text: Element
    source: bytes

    @property
    def place(self) -> tuple[int, int]:
        """Its row and column, from 1."""
        return place_of(self.reference)


class Formats:
    """What the styles of a workbook's cells say of the numbers in them."""

    def __init__(self, package: Package) -> None:
        self.from_1904 = package.from_1904
        styles = next((one.target for one in relations(package.parts, package.workbook) if one.kind == "styles"), "")
        root = package.tree(styles) if styles in package.parts else None
        codes = {}
        if root is not None:
            codes = {one.attributes.get("numFmtId"): one.attributes.get("formatCode", "") for one in root.all("numFmt")}
        listed = root.child("cellXfs") if root is not None else None
        self._of_style = [
            _kind(one.attributes.get("numFmtId", "0"), codes) for one in (listed.children if listed is not None else ())
        ]

    def kind(self, cell: Element) -> str:
        """`day`, `text`, or empty for what shows numbers."""
        style = cell.attributes.get("s", "0")
        at = int(style) if style.isdecimal() else 0
        return self._of_style[at] if at < len(self._of_style) else ""

    def serial(self, day: date) -> int | None:
        """A day as the number that it is in a cell; None for one that Excel has wrong or not at all."""
        if self.from_1904:
            return (day - _DAY_ZERO_1904).days if day >= _DAY_ZERO_1904 else None
        return (day - _DAY_ZERO).days if day >= _FIRST_DAY else None


def _kind(number: str, codes: Mapping[str | None, str]) -> str:
    code = codes.get(number)
    if code is None:
        identity = int(number) if number.isdecimal() else 0
        return "day" if identity in _DAY_FORMATS else "text" if identity == _TEXT_FORMAT else ""
    if code.strip() == "@":
        return "text"
    bare = _LITERAL.sub("", code).lower().partition(";")[0]
    return "day" if "general" not in bare and _OF_DAYS.search(bare) else ""


def place_of(reference: str) -> tuple[int, int]:
    """The row and column of a cell, from 1; (0, 0) for what is no reference."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return 0, 0
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def shared_texts(package: Package) -> tuple[bytes, Sequence[Element]]:
    """The texts that cells share: their part, and an element each."""
    part = next((r.target for r in relations(package.parts, package.workbook) if r.kind == "sharedStrings"), "")
    if part not in package.parts:
        return b"", ()
    return package.parts[part], [one for one in package.tree(part).children if one.tag == "si"]


def text_cells(sheet: Element, part: bytes, shared: tuple[bytes, Sequence[Element]]) -> Iterator[TextCell]:
    """The cells of a sheet that hold a text of their own, in reading order; what a formula gives is none."""
    for cell in sheet.all("c"):
        reference, kind = cell.attributes.get("r", ""), cell.attributes.get("t")
        if cell.child("f") is not None:
            continue
        if kind == "inlineStr" and (own := cell.child("is")) is not None:
            yield TextCell(reference, cell, own, part)
        elif kind == "s" and (value := cell.child("v")) is not None and value.text.strip().isdecimal():
            at = int(value.text)
            if at < len(shared[1]):
                yield TextCell(reference, cell, shared[1][at], shared[0])


def runs_of(text: Element) -> list[Element]:
    """The elements that hold the letters of a text; how they are read aloud is not among them."""
    return [
        letters
        for child in text.children
        if child.tag != "rPh"
        for letters in ([child] if child.tag == "t" else [one for one in child.children if one.tag == "t"])
    ]


def blank(sheet: bytes, cell: Element) -> bytes:
    """The cell, empty, in its style."""
    return with_attributes(start_tag(sheet, cell), [("t", None)])[:-1] + b"/>"


def with_number(sheet: bytes, cell: Element, number: str) -> bytes:
    """The cell with a number, in its style."""
    mark = prefix(sheet, cell)
    return (
        with_attributes(start_tag(sheet, cell), [("t", None)])
        + b"<%sv>%s</%sv></%sc>" % (mark, number.encode(), mark, mark)
    )  # fmt: skip


def with_text(sheet: bytes, cell: Element, inner: bytes) -> bytes:
    """The cell with a text, in its style; `inner` is what the text's element holds."""
    mark = prefix(sheet, cell)
    return (
        with_attributes(start_tag(sheet, cell), [("t", "inlineStr")])
        + b"<%sis>%s</%sis></%sc>" % (mark, inner, mark, mark)
    )  # fmt: skip


def letters(mark: bytes, text: str) -> bytes:
    """The element of a text's letters; what XML does not hold, or steers a terminal, becomes visible marks."""
    shown = _NUMBERED.sub(r"_x005F_\1", visible(text.replace("\r\n", "\n").replace("\r", "\n"), multiline=True))
    return b'<%st xml:space="preserve">%s</%st>' % (mark, escaped(shown), mark)


def cut(text: str) -> str:
    """As much of a text as a cell holds."""
    halves = text.encode("utf-16-le", "surrogatepass")
    if len(halves) // 2 <= LONGEST:
        return text
    return halves[: (LONGEST - 1) * 2].decode("utf-16-le", "ignore") + "…"
