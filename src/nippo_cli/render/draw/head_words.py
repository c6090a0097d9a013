"""The heads of a CSV file in words: what people read who open it."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nippo_cli.base.language import t

if TYPE_CHECKING:
    from nippo_cli.schema.schema import Schema

_VALUES = "values"
# Keys whose parts have their words elsewhere.
_OF_CATALOGUE = {"figures": "lessons.figure.", "signs": "choice.sign."}
# Days by who held the ball.
_OF_HOLDERS = re.compile(r"(?:.+\.)?ball\.days\.[^.]+")


def heads_in_words(heads: Sequence[str], labels: Mapping[str, str]) -> list[str]:
    """Each key as its words: a field by its label, what is nested by all its parts. A key without words stands for itself, and
    behind words that two columns share.

    Args:
        labels: as `labels_of` gives them.
    """
    words = [_in_words(head, labels) for head in heads]
    return [
        f"{word} ({head})" if words.count(word) > 1 and word != head else word
        for head, word in zip(heads, words, strict=True)
    ]


def labels_of(schema: "Schema | None") -> dict[str, str]:
    """What a schema calls its fields, by their keys, and holders of the ball, by `ball.` and theirs."""
    if schema is None:
        return {}
    ball = schema.by_role.get("ball")
    holders = {f"ball.{choice.key}": choice.label for choice in ball.choices} if ball else {}
    return {field.key: field.label for field in schema.fields} | holders


def sheet_name(key: str) -> str:
    """What the sheet of a list is called: by its key, or the last part of that; a key without words stands for itself."""
    for part in (key, key.rpartition(".")[2]):
        said = t(f"sheet.{part}")
        if said != f"sheet.{part}":
            return said
    return _in_words(key, {})


def _in_words(head: str, labels: Mapping[str, str]) -> str:
    """A column's head in words: the catalogue's, or the schema's label of a field; else the head itself."""
    whole = _word(head)
    if whole:
        return whole
    first, *rest = head.split(".")
    if first == _VALUES and rest:
        return labels.get(".".join(rest), head)
    if len(rest) == 1 and first in _OF_CATALOGUE and (said := t(f"{_OF_CATALOGUE[first]}{rest[0]}")):
        return said.partition("|")[0]
    # A holder is the schema's, whatever else a column of that key would be called.
    held = labels.get(f"ball.{rest[-1]}", rest[-1]) if _OF_HOLDERS.fullmatch(head) else ""
    parts = [_word(part) for part in ((first, *rest[:-1]) if held else (first, *rest))] + ([held] if held else [])
    return " ".join(parts) if rest and all(parts) else head


def _word(part: str) -> str:
    """What the catalogue says of a key; empty where it says nothing."""
    key = f"column.{part}"
    said = t(key)
    return said if said != key else ""
