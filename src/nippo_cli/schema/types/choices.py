"""The types of what is chosen from a list: of the field's own, or of the schema's for its role."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from nippo_cli.base.errors import Message, msg
from nippo_cli.base.text import nearest, normal_form
from nippo_cli.schema.types.field_type import FieldType, Piece, Reading, ValueRefused, items, parted, plain

if TYPE_CHECKING:
    from nippo_cli.schema.schema import Field, Schema


class _Choosing(FieldType):
    """What one choice and several have in common."""

    takes_choices = True
    metavar = "CHOICE"
    personal = False

    def __init__(self, field: "Field", reading: Reading) -> None:
        super().__init__(field, reading)
        choices = reading.schema.choices(field)
        self.labels = tuple(c.label for c in choices)
        # Later ones win: a key beats a label, and a label a former key.
        self._keys = {name: c.key for c in choices for name in c.was}
        self._keys.update((c.label, c.key) for c in choices)
        self._keys.update((c.key, c.key) for c in choices)
        # Whoever knows a choice by the label that it had, and a map that was written with it, mean it still.
        self._normal = reading.schema.earlier_labels(field) | {
            normal_form(name): key for name, key in self._keys.items()
        }

    @classmethod
    def written(cls, raw: object, field: "Field", schema: "Schema") -> str | Message:
        """The labels."""
        keys = raw if isinstance(raw, list | tuple) else str(raw).split(",")
        return msg("show.listed", items=tuple(schema.label(field, str(key)) for key in keys))

    @classmethod
    def pieces(cls, value: Any, field: "Field", schema: "Schema") -> Sequence[Piece]:
        """The labels."""
        return [schema.label(field, str(key)) for key in items(value)]

    def _key(self, raw: object) -> str:
        """The key of one choice, as named."""
        if type(raw) is not str:
            raw = plain(raw)
        key = self._keys.get(raw) or self._normal.get(normal_form(raw))
        if key is None:
            raise ValueRefused(raw, self._needs(raw))
        return key

    def _needs(self, said: str) -> Message:
        """What is allowed, and what may have been meant."""
        near = nearest(said, self.labels, 1)
        if near:
            return msg("entry.needs.choice.near", allowed=self.labels, near=near[0])
        return msg("entry.needs.choice", allowed=self.labels)


class OneChoice(_Choosing):
    """One of the field's choices, by key, label or former key, whatever its width and case."""

    name_key = "show.type.choice"
    roles = frozenset({
        "kind", "activity", "stage", "confidence", "competitor", "next_step", "lost_reason", "source", "push_reason",
        "ball", "discount",
    })  # fmt: skip
    how_key = "flow.form.choice"
    form_key = "form.choice"

    def read(self, raw: object) -> str:
        """The choice's key."""
        return self._key(raw)

    def answer(self, said: str) -> str:
        """A number from 1 or a part of a label will do."""
        from nippo_cli.schema.types.choosing import chosen

        return chosen(self.reading.schema.choices(self.field), said)


class SeveralChoices(_Choosing):
    """Several of the field's choices: a list, or one text parted by commas. Each counts once, in the order said."""

    name_key = "show.type.choices"
    roles = frozenset({"competitor", "lost_reason", "companions"})
    bounds = "items"
    limit_key = "show.count"
    several = True
    how_key = "flow.form.choices"
    form_key = "form.choices"
    structured = True

    def read(self, raw: object) -> list[str]:
        """The choices' keys."""
        keys = dict.fromkeys(key for part in items(raw) for key in self._parts(part))
        self.within(len(keys), raw)
        return list(keys)

    def answer(self, said: str) -> list[str]:
        """Numbers from 1 or parts of labels will do."""
        from nippo_cli.schema.types.choosing import several_chosen

        return self.read(several_chosen(self.reading.schema.choices(self.field), said))

    def typed(self, value: Any) -> str:
        """Keys parted by commas."""
        return ",".join(value)

    def _parts(self, raw: object) -> Iterator[str]:
        try:
            yield self._key(raw)
        except ValueRefused:
            parts = list(parted(raw)) if isinstance(raw, str) else []
            if len(parts) < 2:
                raise
            yield from map(self._key, parts)
