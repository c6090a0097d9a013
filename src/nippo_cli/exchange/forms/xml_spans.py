"""XML whose elements know where they stand in its bytes, so that a part of a workbook is changed where it must be and nowhere else."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from xml.parsers.expat import ExpatError, ParserCreate
from xml.sax.saxutils import escape

from nippo_cli.base.frozen import NamedTuple

# A start tag, whatever stands in its attributes.
_TAG: Final = re.compile(rb"<[^>\"']*(?:\"[^\"]*\"[^>\"']*|'[^']*'[^>\"']*)*>")
_NAME: Final = re.compile(rb"</?([^\s/>:]+:)?[^\s/>]+")


class BrokenXml(ValueError):
    """A part that is no XML in UTF-8, or brings declarations of its own."""


class Element:
    """An element: its name and attributes without their namespaces, its text, and its bytes: the whole from `start` to `end`, what
    it holds from `inner` to `inner_end`."""

    __slots__ = ("attributes", "children", "end", "inner", "inner_end", "start", "tag", "text")

    def __init__(self, tag: str, attributes: dict[str, str], start: int, inner: int) -> None:
        self.tag = tag
        self.attributes = attributes
        self.children: list[Element] = []
        self.text = ""
        self.start, self.inner, self.inner_end, self.end = start, inner, inner, inner

    def all(self, *tags: str) -> "Iterator[Element]":
        """Those of such names below it, at any depth, in their order."""
        for child in self.children:
            if child.tag in tags:
                yield child
            yield from child.all(*tags)

    def child(self, tag: str) -> "Element | None":
        """The first child of a name; None where there is none."""
        return next((child for child in self.children if child.tag == tag), None)


class ByteChange(NamedTuple):
    """Bytes that take the place of those from `start` to `end`."""

    start: int
    end: int
    becomes: bytes


def parse(part: bytes) -> Element:
    """The root of a part.

    Raises:
        BrokenXml: it is none that can be read.
    """
    parser = ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    above: list[Element] = [Element("", {}, 0, 0)]

    def begin(name: str, attributes: dict[str, str]) -> None:
        at = parser.CurrentByteIndex
        tag = _TAG.match(part, at)
        if tag is None:
            raise BrokenXml(name)
        own = {key.rpartition("}")[2]: value for key, value in attributes.items()}
        element = Element(name.rpartition("}")[2], own, at, tag.end())
        above[-1].children.append(element)
        above.append(element)

    def end(_name: str) -> None:
        element, at = above.pop(), parser.CurrentByteIndex
        if part[element.inner - 2 : element.inner] != b"/>":
            element.inner_end, element.end = at, part.index(b">", at) + 1

    def text(data: str) -> None:
        above[-1].text += data

    def refuse(*_declared: object) -> None:
        raise BrokenXml("<!DOCTYPE>")

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = text, refuse
    if part[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise BrokenXml("UTF-16")
    try:
        parser.Parse(part, True)
    except ExpatError as error:
        raise BrokenXml(str(error)) from None
    return above[0].children[0]


def changed(part: bytes, changes: Iterable[ByteChange]) -> bytes:
    """A part with some of its bytes replaced; what stands between them is as it was. No two of them overlap."""
    pieces, at = list[bytes](), 0
    for change in sorted(changes, key=lambda one: (one.start, one.end)):
        pieces += (part[at : change.start], change.becomes)
        at = change.end
    return b"".join((*pieces, part[at:]))


def prefix(part: bytes, element: Element) -> bytes:
    """What stands before the names of an element's kind, `x:`; mostly nothing."""
    name = _NAME.match(part, element.start)
    return (name[1] or b"") if name else b""


def start_tag(part: bytes, element: Element) -> bytes:
    """The start tag, as one that does not end its element."""
    tag = part[element.start : element.inner]
    return tag[:-2].rstrip() + b">" if tag.endswith(b"/>") else tag


def with_attributes(tag: bytes, values: Iterable[tuple[str, str | None]]) -> bytes:
    """A start tag with some attributes set, added where they are not there; taken out where the value is None."""
    for name, value in values:
        there = re.compile(rb"(\s(?:[^\s\"'=:]+:)?" + name.encode() + rb"\s*=\s*)(?:\"[^\"]*\"|'[^']*')")
        if value is None:
            tag = there.sub(b"", tag)
            continue
        quoted = b'"' + escaped(value).replace(b'"', b"&quot;") + b'"'
        if there.search(tag):
            tag = there.sub(lambda match, put=quoted: match[1] + put, tag, count=1)  # type: ignore[misc]
        else:
            end = tag.rindex(b"/>" if tag.endswith(b"/>") else b">")
            tag = tag[:end].rstrip() + b" " + name.encode() + b"=" + quoted + tag[end:]
    return tag


def escaped(text: str) -> bytes:
    """A text as XML holds it."""
    return escape(text).encode("utf-8", "surrogatepass")


def behind(parts: Sequence[Element]) -> int:
    """Where what follows these elements begins."""
    return max(part.end for part in parts)
