"""A field type that nippo does not have: stars, one to five, kept as a number and typed as people draw them."""

from collections.abc import Iterable, Sequence
from typing import Any

from nippo_cli.base.errors import msg
from nippo_cli.schema.schema import Field, Schema
from nippo_cli.schema.types import FieldType, Piece, ValueRefused


class Stars(FieldType):
    """`★★★`, `3`, or 3."""

    name_key = "星の数"
    roles = frozenset({"push_reason"})
    bounds = "number"
    metavar = "STARS"
    how_key = "星を一つから五つ"
    words = ("★", "★★", "★★★", "★★★★", "★★★★★")
    previewed = True
    personal = False

    def read(self, raw: object) -> int:
        """How many."""
        said = str(raw).strip()
        stars = len(said) if set(said) == {"★"} else int(said) if said.isdecimal() else 0
        if not 1 <= stars <= 5:
            raise ValueRefused(said, msg("星で答えてください"))
        self.within(stars, raw)
        return stars

    def typed(self, value: Any) -> str:
        """As drawn."""
        return "★" * value

    @classmethod
    def pieces(cls, value: Any, field: Field, schema: Schema) -> Sequence[Piece]:
        """As drawn."""
        return ("★" * value,)

    @classmethod
    def search_texts(cls, value: Any) -> Iterable[str]:
        """By what it is called."""
        return (f"星{value}つ",)
