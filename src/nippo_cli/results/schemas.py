"""The agreement as a screen shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nippo_cli.base.frozen import NamedTuple

if TYPE_CHECKING:
    from nippo_cli.schema.schema import Schema


class SchemaPage(NamedTuple):
    """`nippo schema show`. `adopted_at` is empty where no journal has adopted it yet."""

    agreement: Schema
    path: str
    adopted_at: str
    differs: bool
