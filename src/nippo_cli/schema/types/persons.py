"""The types of persons: whom the rep met, what they are, and whether they decide."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nippo_cli.base.errors import Message, msg
from nippo_cli.base.text import normal_form, unspaced
from nippo_cli.schema.types.field_type import (
    FieldType,
    Piece,
    Reading,
    ValueRefused,
    items,
    parted,
    shown,
    sound,
)

if TYPE_CHECKING:
    from nippo_cli.schema.schema import Field, Schema

# Compiled when a person is first read: most entries of a day name none.
_BRACKETED = r"([^(（]+)[(（]([^()（）]*)[)）]"
_COLON = "[:：]"
_NOTES = "[・･,，、/／]"
_EAST_ASIAN = "\u2e80"  # From here on letters are written without blanks, and parted by `・`.
_PERSON = ("name", "title", "decides")
_DECIDES = frozenset(("決裁", "決裁者", "決裁権者", "最終決裁者", "decides", "decider", "decision maker"))


def person_written(person: object) -> str | Message:
    """A person as people write them in the screen's language: `山田太郎（部長・決裁者）`, `Taro Yamada (head, decides)`."""
    if not isinstance(person, Mapping):
        return str(person)
    name, note = str(person.get("name") or ""), str(person.get("title") or "")
    if person.get("decides"):
        decides = msg("show.person_title_decides", title=note) if note else msg("show.person_decides")
        return msg("show.titled", name=name, title=decides)
    return msg("show.titled", name=name, title=note) if note else name


class _Persons(FieldType):
    """What one person and several have in common."""

    of_day = False
    metavar = "NAME"
    offers = "people"
    kept_as_typed = True
    structured = True
    names_people = True

    @classmethod
    def written(cls, raw: object, field: "Field", schema: "Schema") -> str | Message:
        """Each as people write them."""
        del field, schema
        return msg("show.listed", items=tuple(map(person_written, items(raw))))

    @classmethod
    def pieces(cls, value: Any, field: "Field", schema: "Schema") -> Sequence[Piece]:
        """Each with their title, marked where they decide."""
        del field, schema
        return [person_piece(person) for person in items(value)]

    @classmethod
    def people(cls, value: Any) -> Sequence[Mapping[str, Any]]:
        """Themselves."""
        return items(value)

    @classmethod
    def search_texts(cls, value: Any) -> Iterable[str]:
        """Their names and titles. Whoever writes a name leaves the blank within it out as often as not."""
        return [said for person in items(value) for said in (unspaced(person["name"]), person.get("title")) if said]


def person_piece(person: Mapping[str, Any]) -> Piece:
    """A person by name and title, marked where they decide."""
    name = str(person.get("name", ""))
    titled = msg("show.titled", name=name, title=person["title"]) if person.get("title") else name
    return msg("show.decides", person=titled) if person.get("decides") else titled


class OnePerson(_Persons):
    """Somebody met: `山田太郎（部長・決裁者）`, `山田太郎:部長:決裁`, or a mapping of name, title and decides."""

    name_key = "show.type.person"
    roles = frozenset({"people"})
    how_key = "flow.form.person"

    def read(self, raw: object) -> dict[str, Any]:
        """The person, as a mapping without what is empty."""
        return self._text(raw) if isinstance(raw, str) else self._mapping(raw)

    def _text(self, raw: str) -> dict[str, Any]:
        """A person as typed; what is no word for deciding is their title."""
        said = sound(raw).strip()
        bracketed = re.fullmatch(_BRACKETED, said)
        if bracketed:
            name, notes = bracketed[1].strip(), re.split(_NOTES, bracketed[2])
        else:
            name, *rest = (part.strip() for part in re.split(_COLON, said))
            notes = [note for part in rest for note in re.split(_NOTES, part)]
        notes = [note.strip() for note in notes if note.strip()]
        titles = [note for note in notes if normal_form(note) not in _DECIDES]
        title = ("・" if any(char >= _EAST_ASIAN for char in said) else "/").join(titles)
        return self._person(name, title, raw, decides=any(normal_form(note) in _DECIDES for note in notes))

    def _mapping(self, raw: object) -> dict[str, Any]:
        """A person of a JSON or YAML mapping."""
        if not isinstance(raw, Mapping):
            raise ValueRefused(shown(raw), msg("entry.needs.person"))
        for key in raw:
            if key not in _PERSON:
                raise ValueRefused(str(key), msg("entry.needs.person_key", allowed=_PERSON))
        decides = raw.get("decides", False)
        if not isinstance(decides, bool):
            from nippo_cli.schema.types.scalars import truth

            decides = truth(decides)
        title = raw.get("title")
        return self._person(sound(raw.get("name", "")).strip(), sound(title or "").strip(), raw, decides=decides)

    def typed(self, value: Any) -> str:
        """`name:title:decides`."""
        parts = [value["name"], value.get("title", ""), "decides" if value.get("decides") else ""]
        return ":".join(parts).rstrip(":")

    def _person(self, name: str, title: str, raw: object, *, decides: bool) -> dict[str, Any]:
        # A number of people is no name, nor is a mark that stands for one.
        if "\n" in name or name[:1] in ("(", "（") or not any(map(str.isalpha, name)):
            raise ValueRefused(shown(raw), msg("entry.needs.person"))
        person: dict[str, Any] = {"name": name}
        if title:
            person["title"] = title
        if decides:
            person["decides"] = True
        return person


class People(_Persons):
    """Several persons: a list, or one text parted by commas or line ends."""

    name_key = "show.type.people"
    roles = frozenset({"people", "companions"})
    bounds = "items"
    limit_key = "show.schema.people"
    several = True
    how_key = "flow.form.people"

    def __init__(self, field: "Field", reading: Reading) -> None:
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
