"""The form in which an entry is searched: its texts, made alike, as tokens of the index."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from nippo_cli.base.text import search_form
from nippo_cli.schema.schema import Schema
from nippo_cli.schema.types import FieldType, type_named

BLANK, BETWEEN = "\uf8f0", "\uf8f1"
# Between the texts of entries that are made alike together; in no index.
_APART = "\uf8f2"
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


def characters_of(columns: Mapping[str, Sequence[Any]], schema: Schema, n: int) -> list[bytes]:
    """Of `n` entries, whose values stand side by side by field key, what stands in the index behind their authors, in UTF-8."""
    texts = [
        _texts_of_column(columns[key], field.type)
        for key in sorted(columns)
        if (field := schema.by_key.get(key)) is not None and search_texts(field.type) is not None
    ]
    if not texts:
        return [b""] * n
    said = [BETWEEN.join(filter(None, own)) for own in zip(*texts, strict=True)]
    # A text of nothing but letters that are not drawn stands there as well, with nothing in it.
    return [
        f" {BETWEEN} {spaced}".rstrip(" ").encode() if own else b""
        for own, spaced in zip(said, _tokens_of(_forms_of(said)), strict=True)
    ]


def _texts_of_column(values: Sequence[Any], type_name: str) -> list[str]:
    """The texts of the values of a field of a type, with `BETWEEN` between those of one; "" for none."""
    if type_named(type_name).searched_as_it_is:
        return [value or "" for value in values]
    of = type_named(type_name).search_texts
    return [BETWEEN.join(filter(None, of(value))) if value is not None else "" for value in values]


def _forms_of(said: Sequence[str]) -> list[str]:
    """`form_of` of many texts. They are made alike as one, which takes a third of the time: no letter changes the next one
    across a character that stands for nothing."""
    whole = form_of((_APART.join(said),))
    forms = whole.replace(f" {_APART}", _APART).replace(f"{_APART} ", _APART).split(_APART)
    # A text may hold that character itself.
    return forms if len(forms) == len(said) else [form_of((text,)) for text in said]


def tokens_of_all(said: Sequence[str]) -> list[str]:
    """`tokens` of `form_of` of many texts, made alike together."""
    return [*_tokens_of(_forms_of(said))]


def _tokens_of(forms: Sequence[str]) -> Iterator[str]:
    """`tokens` of each."""
    spaced = _spaced(_dropped().sub(lambda match: _LETTERS[match[0]], "".join(forms)))
    at = 0
    for form in forms:
        end = at + 2 * len(form)
        yield spaced[at : end - 1] if form else ""
        at = end


def _spaced(text: str) -> str:
    """A text with a blank behind each character. Of a long one all at once, by its bytes: `str.join` makes an object of each
    character, and takes five times as long."""
    spaced = bytearray(b" \0\0\0" * (2 * len(text)))
    memoryview(spaced).cast("I")[::2] = memoryview(text.encode("utf-32-le")).cast("I")
    return spaced.decode("utf-32-le")
