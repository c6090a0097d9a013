"""`nippo tidy`: what of the diary is to be put in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from nippo_cli.schema.schema import Schema

TidyKind: TypeAlias = Literal[
    "fields", "choices", "customers", "people", "deals", "incomplete", "no_customer", "no_amount", "reviews"
]


class TidyRow(NamedTuple):
    """One item: what a line of its kind says of it (`params`), and the command that settles it."""

    params: Mapping[str, object]
    command: str


class TidyPart(NamedTuple):
    """The first rows of a kind, of `total`."""

    kind: TidyKind
    rows: Sequence[TidyRow]
    total: int


class TidyPage(NamedTuple):
    """Every kind of which there is anything, in the order in which it is best settled. `entries` are those looked at, of the
    year since `since`; `judged_on`: the day from which on fields and choices are judged by them, where that lies ahead."""

    as_of: date
    since: date
    schema: Schema
    entries: int
    parts: Sequence[TidyPart]
    judged_on: date | None = None
