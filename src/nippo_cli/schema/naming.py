"""Which of several fields a person names, and the value that may follow at once: `2`, `金額`, `金額 150万`."""

import re
from collections.abc import Sequence

from nippo_cli.base.errors import msg
from nippo_cli.schema.choosing import Offered, chosen, number_of
from nippo_cli.schema.reading import ValueRefused

_APART = r"[\s:：=＝]+"


def picked(fields: Sequence[Offered], more: Sequence[Offered], said: str) -> tuple[str, str]:
    """Which field an answer to a list of them means, and the value behind it: `2`, `金額`, `金額 150万`.

    Args:
        fields: those that are numbered, from 1.
        more: others that may be named.

    Raises:
        Refused: it names none, or several.
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
