"""A schema's text changed in places: its comments, its order and all that is not touched stay as somebody wrote them."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

NodePair: TypeAlias = tuple[Node, Node]

_PLAIN = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`=~<][^?:#,\[\]{}\n\t\"'\\]*")
_OTHER = re.compile(r"[\d.+\-_:eExX]+|yes|no|on|off|true|false|y|n|null|~", re.IGNORECASE)


class YamlEdit:
    """One text and the changes to it, each at a node of the text as it was. Changes must not lie within each other.

    `root` is the text's own mapping; the text is one that `check_text` found sound.
    """

    def __init__(self, text: str) -> None:
        import yaml

        self._text = text.removeprefix("\ufeff")
        self._changes: list[tuple[int, int, str]] = []
        # The pure loader: its marks count characters, which those of the C library do, but do not promise.
        try:
            root = yaml.compose(self._text, Loader=yaml.SafeLoader)
        except yaml.YAMLError:
            # A plain `確認?` in braces is read by the C library alone, by which the text was found sound.
            root = yaml.compose(self._text, Loader=yaml.CSafeLoader)
        if not isinstance(root, MappingNode):
            raise TypeError(type(root).__name__)
        self.root = root

    @property
    def text(self) -> str:
        """The text with every change in it."""
        changed = self._text
        for start, stop, new in sorted(self._changes, reverse=True):
            changed = changed[:start] + new + changed[stop:]
        return changed

    def replace(self, node: Node, new: str) -> None:
        """Another text in a node's place."""
        start, stop = node.start_mark.index, _end_of(node)
        # A key that says nothing ends with its colon.
        self._changes.append((start, stop, f" {new}" if start == stop else new))

    def set(self, mapping: MappingNode, key: str, new: str) -> None:
        """A value of a mapping: another text in its place, or a new pair behind the others."""
        pair = pair_of(mapping, key)
        if pair is not None:
            self.replace(pair[1], new)
            return
        stop = _end_of(mapping.value[-1][1])
        if mapping.flow_style:
            self._changes.append((stop, stop, f", {key}: {new}"))
            return
        line_end = self._line_end(stop)
        indent = " " * mapping.value[0][0].start_mark.column
        self._changes.append((line_end, line_end, f"\n{indent}{key}: {new}"))

    def remove(self, mapping: MappingNode, key: str) -> None:
        """A pair of a mapping, with its line where it has one of its own; nothing where there is none."""
        pair = pair_of(mapping, key)
        if pair is None:
            return
        start, stop = pair[0].start_mark.index, _end_of(pair[1])
        if not mapping.flow_style:
            start = self._text.rfind("\n", 0, start) + 1
            self._changes.append((start, min(self._line_end(stop) + 1, len(self._text)), ""))
            return
        place = mapping.value.index(pair)
        if place:
            start = _end_of(mapping.value[place - 1][1])
        elif len(mapping.value) > 1:
            stop = mapping.value[1][0].start_mark.index
        self._changes.append((start, stop, ""))

    def add_behind(self, node: Node, lines: str) -> None:
        """Lines below that on which a node ends."""
        end = self._line_end(_end_of(node))
        self._changes.append((end, end, f"\n{lines}"))

    def of_node(self, node: Node) -> str:
        """A node's text as it is written."""
        return self._text[node.start_mark.index : _end_of(node)]

    def reorder(self, items: list[Node], wanted: Iterable[Node | str]) -> None:
        """A list in another order: nodes of it with the comments beside and below them, and lines that are new."""
        first = self._text.rfind("\n", 0, items[0].start_mark.index) + 1
        ends = [self._text.rfind("\n", 0, item.start_mark.index) + 1 for item in items[1:]]
        ends.append(min(self._line_end(_end_of(items[-1])) + 1, len(self._text)))
        chunk = dict(zip(map(id, items), self._chunks(first, ends), strict=True))
        lines = "".join(f"{part}\n" if isinstance(part, str) else chunk[id(part)] for part in wanted)
        self._changes.append((first, ends[-1], lines))

    def _chunks(self, start: int, ends: list[int]) -> Iterator[str]:
        for end in ends:
            yield self._text[start:end]
            start = end

    def _line_end(self, at: int) -> int:
        end = self._text.find("\n", at)
        return len(self._text) if end < 0 else end


def pair_of(mapping: Node, key: str) -> NodePair | None:
    """The pair of a mapping that has a key; None where there is none, or no mapping."""
    pairs: list[NodePair] = mapping.value if isinstance(mapping, MappingNode) else []
    return next((pair for pair in pairs if text_of(pair[0]) == key), None)


def value_of(mapping: Node, key: str) -> Node | None:
    """What a mapping has under a key."""
    pair = pair_of(mapping, key)
    return pair[1] if pair else None


def items_of(node: Node | None) -> list[Node]:
    """The items of a list; a single one that stands without its list, alone."""
    if node is None:
        return []
    return list(node.value) if isinstance(node, SequenceNode) else [node]


def text_of(node: Node) -> str:
    """What a plain value says; of what is none, nothing."""
    return str(node.value) if isinstance(node, ScalarNode) else ""


def key_of(node: Node) -> str:
    """The key of an item: what it has under `key`, or itself where it is one word."""
    return text_of(value_of(node, "key") or node)


def scalar(text: str) -> str:
    """A text as YAML, in quotes where it could be taken for something else."""
    if text.isprintable() and text == text.strip() and _PLAIN.fullmatch(text) and not _OTHER.fullmatch(text):
        return text
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\x7f")


def names(labels: Iterable[str]) -> str:
    """A list of names on one line; one alone needs no list."""
    written = [scalar(label) for label in labels]
    return written[0] if len(written) == 1 else f"[{', '.join(written)}]"


def _end_of(node: Node) -> int:
    """Where a node ends: of a list or mapping over several lines, where its last part does."""
    if isinstance(node, ScalarNode) and node.style in ("|", ">"):
        # Its mark lies where the next line begins.
        return len((node.end_mark.buffer or "")[: node.end_mark.index].rstrip())
    if not isinstance(node, MappingNode | SequenceNode) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end_of(last[1] if isinstance(last, tuple) else last)
