"""The form in which an entry is searched: its texts, made alike, as tokens of the index."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from nippo_cli.base.text import search_form
from nippo_cli.schema.schema import Schema
from nippo_cli.schema.types import FieldType, type_named

BLANK, BETWEEN = "\uf8f0", "\uf8f1"
# What the tokenizer drops, and what stands for it.
_DROPPED = {chr(c): chr(c + 0xFEE0 if c > 0x20 else c + 0x2400) for c in range(0x7F) if not chr(c).isalnum()}
_LETTERS = _DROPPED | {" ": BLANK, "\x7f": "\u2421"}


def tokens(text: str) -> str:
    """A text as the tokenizer takes it: a token a character. Blanks and what it would drop (ASCII's punctuation) become
    characters that it keeps."""
    return " ".join(_dropped().sub(lambda match: _LETTERS[match[0]], text))


@cache
def _dropped() -> re.Pattern[str]:
    return re.compile(r"[\x00-/:-@\[-`{-\x7f]")


def texts_of(values: Mapping[str, Any], schema: Schema, author: str) -> Iterator[str]:
    """What an entry is searched by, as it is written: author, text, customer and people fields."""
    yield author
    fields = schema.by_key
    for key in sorted(values):
        field = fields.get(key)
        if field is not None and (texts := search_texts(field.type)) is not None:
            yield from texts(values[key])


@cache
def search_texts(type_name: str) -> Callable[[Any], Iterable[str]] | None:
    """What gives the texts of a value of a field type; None where such a field is not searched."""
    type_ = type_named(type_name)
    return type_.search_texts if type_.search_texts.__func__ is not FieldType.search_texts.__func__ else None  # type: ignore[attr-defined]


def form_of(texts: Iterable[str]) -> str:
    """Texts in the form that they are searched in, with `BETWEEN` between them; every run of blanks and line ends is one
    blank, those beside `BETWEEN` none."""
    form = " ".join(search_form(BETWEEN.join(filter(None, texts)).replace("\0", " ")).split())
    return form.replace(f" {BETWEEN}", BETWEEN).replace(f"{BETWEEN} ", BETWEEN)


def characters_of(columns: Mapping[str, Sequence[Any]], schema: Schema, n: int) -> list[str]:
    """Of `n` entries, whose values stand side by side by field key, what stands in the index behind their authors."""
    texts = [
        [BETWEEN.join(filter(None, of(value))) if value is not None else "" for value in columns[key]]
        for key in sorted(columns)
        if (field := schema.by_key.get(key)) is not None and (of := search_texts(field.type)) is not None
    ]
    forms = (form_of(said) for said in zip(*texts, strict=True)) if texts else [""] * n
    return [f" {BETWEEN} {tokens(form)}" if form else "" for form in forms]
