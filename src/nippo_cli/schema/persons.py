"""Persons: whom the rep met, what they are, and whether they decide."""

import re
from collections.abc import Mapping
from typing import Any

from nippo_cli.base.errors import msg
from nippo_cli.base.text import normal_form
from nippo_cli.schema.booleans import Boolean
from nippo_cli.schema.reading import (
    Reading,
    ValueReader,
    ValueRefused,
    items,
    parted,
    shown,
    sound,
)
from nippo_cli.schema.schema import Field

# Compiled when a person is first read: most entries of a day name none.
_BRACKETED = r"([^(（]+)[(（]([^()（）]*)[)）]"
_COLON = "[:：]"
_NOTES = "[・･,，、/／]"
_PERSON = ("name", "title", "decides")
_DECIDES = frozenset(("決裁", "決裁者", "決裁権者", "最終決裁者", "decides", "decider", "decision maker"))


def as_written(person: object) -> str:
    """A person as people write them: `山田太郎（部長・決裁者）`."""
    if not isinstance(person, Mapping):
        return str(person)
    notes = "・".join(
        note for note in (str(person.get("title") or ""), "決裁者" if person.get("decides") else "") if note
    )
    return f"{person['name']}（{notes}）" if notes else str(person["name"])


class OnePerson(ValueReader):
    """Somebody met: `山田太郎（部長・決裁者）`, `山田太郎:部長:決裁`, or a mapping of name, title and decides."""

    def read(self, raw: object) -> dict[str, Any]:
        """The person, as a mapping without what is empty."""
        return self._text(raw) if isinstance(raw, str) else self._mapping(raw)

    def _text(self, raw: str) -> dict[str, Any]:
        plain = sound(raw).strip()
        found = re.fullmatch(_BRACKETED, plain)
        if found:
            name, notes = found[1].strip(), re.split(_NOTES, found[2])
        else:
            name, *rest = (part.strip() for part in re.split(_COLON, plain))
            notes = [note for part in rest for note in re.split(_NOTES, part)]
        notes = [note.strip() for note in notes if note.strip()]
        title = "・".join(note for note in notes if normal_form(note) not in _DECIDES)
        return self._person(name, title, raw, decides=any(normal_form(note) in _DECIDES for note in notes))

    def _mapping(self, raw: object) -> dict[str, Any]:
        if not isinstance(raw, Mapping):
            raise ValueRefused(shown(raw), msg("entry.needs.person"))
        for key in raw:
            if key not in _PERSON:
                raise ValueRefused(str(key), msg("entry.needs.person_key", allowed=_PERSON))
        decides = raw.get("decides", False)
        if not isinstance(decides, bool):
            decides = Boolean(self.field, self.reading).read(decides)
        title = raw.get("title")
        return self._person(sound(raw.get("name", "")).strip(), sound(title or "").strip(), raw, decides=decides)

    def typed(self, value: Any) -> str:
        """`name:title:decides`."""
        parts = [value["name"], value.get("title", ""), "decides" if value.get("decides") else ""]
        return ":".join(parts).rstrip(":")

    def _person(self, name: str, title: str, raw: object, *, decides: bool) -> dict[str, Any]:
        if not name or "\n" in name or name[0] in "(（":
            raise ValueRefused(shown(raw), msg("entry.needs.person"))
        found: dict[str, Any] = {"name": name}
        if title:
            found["title"] = title
        if decides:
            found["decides"] = True
        return found


class People(ValueReader):
    """Several persons: a list, or one text parted by commas or line ends."""

    bounds = "items"

    def __init__(self, field: Field, reading: Reading) -> None:
        super().__init__(field, reading)
        self._one = OnePerson(field, reading)

    def read(self, raw: object) -> list[dict[str, Any]]:
        """The persons, each as `OnePerson` reads them."""
        people = [
            self._one.read(part) for item in items(raw) for part in (parted(item) if isinstance(item, str) else (item,))
        ]
        if not people:
            raise ValueRefused(shown(raw), msg("entry.needs.person"))
        self.within(len(people), raw)
        return people

    def typed(self, value: Any) -> str:
        """Persons parted by commas."""
        return ",".join(self._one.typed(person) for person in value)
