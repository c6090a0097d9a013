"""What a person at a list means: by its number, its label or key, or any part of either.

Fields are chosen so too, and the value may follow at once: `2`, `金額`, `金額 150万`.
"""

import re
from collections.abc import Sequence
from typing import Protocol
from unicodedata import normalize

from nippo_cli.base.errors import msg
from nippo_cli.base.text import nearest, normal_form
from nippo_cli.schema.types.field_type import ValueRefused, parted

_APART = r"[\s:：=＝]+"


class Offered(Protocol):
    """What is chosen from: each has a key, a label and its former keys."""

    @property
    def key(self) -> str:
        """What the log keeps."""

    @property
    def label(self) -> str:
        """What the screen shows."""

    @property
    def was(self) -> tuple[str, ...]:
        """Former keys."""


def chosen(offered: Sequence[Offered], said: str) -> str:
    """The key that is meant: a whole label or key before a number from 1, a number before a part.

    Raises:
        ValueRefused: none is meant, or several parts fit.
    """
    wanted = normal_form(said)
    for names in (lambda c: (c.key,), lambda c: (c.label,), lambda c: c.was):
        for choice in offered:
            if wanted in map(normal_form, names(choice)):
                return choice.key
    place = number_of(said)
    if place is not None and 1 <= place <= len(offered):
        return offered[place - 1].key
    holding = (
        [c for c in offered if wanted and (wanted in normal_form(c.label) or wanted in normal_form(c.key))]
        if place is None
        else []
    )
    starting = [c for c in holding if normal_form(c.label).startswith(wanted) or normal_form(c.key).startswith(wanted)]
    if len(holding) == 1 or len(starting) == 1:
        return (holding if len(holding) == 1 else starting)[0].key
    labels = tuple(c.label for c in offered)
    if holding:
        raise ValueRefused(said, msg("flow.needs.one_of", allowed=tuple(c.label for c in holding)))
    near = nearest(said, labels, 1)
    if near:
        raise ValueRefused(said, msg("flow.needs.choice_near", near=near[0], n=len(labels)))
    raise ValueRefused(said, msg("flow.needs.choice", n=len(labels)))


def several_chosen(offered: Sequence[Offered], said: str) -> list[str]:
    """Keys of a text parted by commas, each once, in the order said.

    Raises: as `chosen`.
    """
    try:
        return [chosen(offered, said)]
    except ValueRefused:
        parts = list(parted(said))
        if len(parts) == 1:
            parts = said.split()
        if len(parts) < 2:
            raise
    return list(dict.fromkeys(chosen(offered, part) for part in parts))


def number_of(said: str) -> int | None:
    """A whole number as typed, full-width digits too; None for anything else."""
    plain = normalize("NFKC", said).strip().removesuffix(".")
    return int(plain) if plain.isdecimal() and len(plain) < 4 else None


def picked(fields: Sequence[Offered], more: Sequence[Offered], said: str) -> tuple[str, str]:
    """Which field an answer to a list of them means, and the value behind it: `2`, `金額`, `金額 150万`.

    Args:
        fields: those that are numbered, from 1.
        more: others that may be named.

    Raises:
        ValueRefused: it names none, or several.
    """
    every = [*fields, *(f for f in more if f not in fields)]
    try:
        return _named(fields, every, said), ""
    except ValueRefused:
        head, *tail = re.split(_APART, said.strip(), maxsplit=1)
        if not tail or not tail[0]:
            raise
        return _named(fields, every, head), tail[0]


def _named(fields: Sequence[Offered], every: Sequence[Offered], said: str) -> str:
    try:
        return chosen(fields if number_of(said) is not None else every, said)
    except ValueRefused as error:
        # Numbers are of those that are numbered alone.
        if "n" not in error.needs.params:
            raise
        raise ValueRefused(error.said, msg(error.needs.key, **{**error.needs.params, "n": len(fields)})) from None
