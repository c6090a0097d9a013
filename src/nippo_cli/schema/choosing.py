"""A choice as a person at a list names it: by its number, its label or key, or any part of either."""

from collections.abc import Sequence
from typing import Protocol
from unicodedata import normalize

from nippo_cli.base.errors import msg
from nippo_cli.base.text import nearest, normal_form
from nippo_cli.schema.reading import ValueRefused, parted


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
        Refused: none is meant, or several parts fit.
    """
    wanted = normal_form(said)
    for names in (lambda c: (c.key,), lambda c: (c.label,), lambda c: c.was):
        for choice in offered:
            if wanted in map(normal_form, names(choice)):
                return choice.key
    place = number_of(said)
    if place is not None and 1 <= place <= len(offered):
        return offered[place - 1].key
    found = (
        [c for c in offered if wanted and (wanted in normal_form(c.label) or wanted in normal_form(c.key))]
        if place is None
        else []
    )
    begun = [c for c in found if normal_form(c.label).startswith(wanted) or normal_form(c.key).startswith(wanted)]
    if len(found) == 1 or len(begun) == 1:
        return (found if len(found) == 1 else begun)[0].key
    labels = tuple(c.label for c in offered)
    if found:
        raise ValueRefused(said, msg("flow.needs.one_of", allowed=tuple(c.label for c in found)))
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
