"""What a field type is, and which types there are.

A new type is one class and its line in `TYPES`: whatever nippo does with a field, it asks the field's class. A class says
what a schema may say of its fields, how a value is asked for and typed, and what a value is. Made for one field it reads
that field's values.

Rule: docs/schema.md#types
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol, TypeAlias

from nippo_cli.base.dates import When
from nippo_cli.base.errors import Message, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.text import normal_form
from nippo_cli.schema.parts import Amount

if TYPE_CHECKING:
    from nippo_cli.schema.schema import Field, Role, Schema

# Each type and where its class is: loaded when a field of it is first met.
TYPES: dict[str, str] = {
    "text": "nippo_cli.schema.types.scalars.Text",
    "choice": "nippo_cli.schema.types.choices.OneChoice",
    "choices": "nippo_cli.schema.types.choices.SeveralChoices",
    "integer": "nippo_cli.schema.types.scalars.Integer",
    "money": "nippo_cli.schema.types.scalars.Money",
    "date": "nippo_cli.schema.types.scalars.Date",
    "boolean": "nippo_cli.schema.types.scalars.Boolean",
    "person": "nippo_cli.schema.types.persons.OnePerson",
    "people": "nippo_cli.schema.types.persons.People",
    "deal": "nippo_cli.schema.types.scalars.NameOfDeal",
    "customer": "nippo_cli.schema.types.scalars.NameOfCustomer",
}


class Reading(NamedTuple):
    """What a value is read against: the day that `来月` counts from, and the schema."""

    today: date
    schema: "Schema"


# What a value is shown by; render has the words: a text as it is, a message in the language spoken, a day, an amount.
Piece: TypeAlias = str | Message | When | Amount


class ValueRefused(ValueError):
    """A value that its field does not take: as typed, and what it takes."""

    def __init__(self, said: str, needs: Message) -> None:
        super().__init__(said, needs.key)
        self.said = said
        self.needs = needs


class FieldType:
    """A type's answers, and a reader of one field's values."""

    # What a schema may say of a field. `bounds`: what `least` and `most` count, if anything.
    name_key: ClassVar[str]
    roles: ClassVar[frozenset["Role"]] = frozenset()
    own_role: ClassVar["Role | None"] = None
    of_day: ClassVar[bool] = True
    roles_of_day: ClassVar[frozenset[str]] = frozenset()
    takes_choices: ClassVar[bool] = False
    takes_coarse: ClassVar[bool] = False
    bounds: ClassVar[Literal["number", "letters", "items"] | None] = None
    limit_key: ClassVar[str] = ""

    # How a value is asked for and typed. `offers`: whose names complete it; `words`: all that it can be, where that is
    # few; `previewed`: what nippo understood is shown while one types; `kept_as_typed`: a text of it means the same
    # whenever it is read.
    metavar: ClassVar[str] = "TEXT"
    several: ClassVar[bool] = False
    how_key: ClassVar[str] = ""
    form_key: ClassVar[str] = ""
    offers: ClassVar[Literal["customers", "people"] | None] = None
    words: ClassVar[tuple[str, ...]] = ()
    previewed: ClassVar[bool] = False
    kept_as_typed: ClassVar[bool] = False
    takes_any_text: ClassVar[bool] = False
    # `search_texts` of a value is that value alone.
    searched_as_it_is: ClassVar[bool] = False

    # What a value is. `structured`: a list or mapping, which a cell may hold as JSON; `dated`: read by a column's date
    # format; `is_amount`: money, which may be added up and counted in thousands; `personal`: an erasure takes it; `recurs`: the
    # same texts come again, so that remembering them pays.
    structured: ClassVar[bool] = False
    dated: ClassVar[bool] = False
    is_amount: ClassVar[bool] = False
    personal: ClassVar[bool] = True
    names_people: ClassVar[bool] = False
    recurs: ClassVar[bool] = True

    def __init__(self, field: "Field", reading: Reading) -> None:
        self.field = field
        self.reading = reading

    def read(self, raw: object) -> Any:
        """The canonical value of what was typed (text) or parsed (a JSON or YAML value, or a canonical one).

        Raises:
            ValueRefused: the field does not take it.
        """
        raise NotImplementedError

    def answer(self, said: str) -> Any:
        """The same of an answer to a question, where a choice may be a number of the list.

        Raises: as `read`.
        """
        return self.read(said)

    def typed(self, value: Any) -> str:
        """A text that `read` takes back for the same value."""
        return str(value)

    @classmethod
    def written(cls, raw: object, field: "Field", schema: "Schema") -> str | Message:
        """A value, canonical or as typed, as a person would type it."""
        del field, schema
        return msg("show.listed", items=tuple(map(str, raw))) if isinstance(raw, list | tuple) else str(raw)

    @classmethod
    def pieces(cls, value: Any, field: "Field", schema: "Schema") -> Sequence[Piece]:
        """What a canonical value is shown by; several stand with commas between."""
        del field, schema
        return (str(value),)

    @classmethod
    def limit(cls, bound: int) -> Piece:
        """What a `least` or `most` is shown by."""
        return msg(cls.limit_key, n=bound) if cls.limit_key else f"{bound:,}"

    @classmethod
    def how(cls, field: "Field") -> str:
        """The message that says how a value is typed; empty where there is nothing to say."""
        del field
        return cls.how_key

    @classmethod
    def spans_lines(cls, field: "Field") -> bool:
        """Whether a value may be several lines long."""
        del field
        return False

    @classmethod
    def search_texts(cls, value: Any) -> Iterable[str]:
        """The texts by which an entry with this value is found."""
        del value
        return ()

    @classmethod
    def people(cls, value: Any) -> Sequence[Mapping[str, Any]]:
        """The persons that a value names."""
        del value
        return ()

    def within(self, size: int, raw: object) -> None:
        """Refuse what is below `least` or above `most`."""
        field = self.field
        if (field.least is not None and size < field.least) or (field.most is not None and size > field.most):
            raise ValueRefused(shown(raw), self._range(field))

    def _range(self, field: "Field") -> Message:
        ends = "most" if field.least is None else "least" if field.most is None else "between"
        return msg(f"entry.needs.{self.bounds}.{ends}", least=self._bound(field.least), most=self._bound(field.most))

    def _bound(self, bound: int | None) -> object:
        return "" if bound is None else bound


class HasType(Protocol):
    """What has a type: a field of a schema, or of its document."""

    @property
    def type(self) -> str:
        """A name in `TYPES`."""


@cache
def _class_at(address: str) -> type[FieldType]:
    module, _, name = address.rpartition(".")
    of: type[FieldType] = getattr(import_module(module), name)
    return of


def type_of(field: HasType) -> type[FieldType]:
    """The class of a field's type."""
    return type_named(field.type)


def type_named(name: str) -> type[FieldType]:
    """The class of a type."""
    return _class_at(TYPES[name])


def types_where(says: Callable[[type[FieldType]], bool]) -> tuple[str, ...]:
    """The names of the types of which something is so."""
    return tuple(name for name, address in TYPES.items() if says(_class_at(address)))


def reader_for(field: "Field", reading: Reading) -> FieldType:
    """The reader of a field. Make it once, and read with it many times."""
    return type_of(field)(field, reading)


def read(field: "Field", raw: object, reading: Reading) -> Any:
    """One value, read once: `reader_for(…).read(raw)`.

    Raises:
        ValueRefused: the field does not take it.
    """
    return reader_for(field, reading).read(raw)


def empty(raw: object) -> bool:
    """Whether a raw value says nothing: None, blanks, an empty list or mapping."""
    if type(raw) is str:
        return not raw or raw.isspace()
    return raw is None or (isinstance(raw, list | tuple | dict) and not raw)


# What says that there is no such person and no next step, besides a dash.
_NOTHING = ("なし", "無し", "none")


def says_none(field: "Field", said: str, schema: "Schema") -> bool:
    """Whether a person typed that there is nothing to say: a dash alone; of people and of the next step, in words too. What a
    choice is called is that choice."""
    plain_said = normal_form(said)
    # `ー` is what a Japanese keyboard writes for a dash.
    if plain_said not in ("-", "ー"):
        in_words = type_of(field).names_people or field.role == "next_step"
        return in_words and plain_said in _NOTHING
    return not any(plain_said in (normal_form(choice.label), choice.key) for choice in schema.choices(field))


def shown(raw: object) -> str:
    """As typed; a parsed value as JSON would show it."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, When | date):
        return str(raw)
    from json import dumps

    return dumps(raw, ensure_ascii=False, default=str)


def sound(raw: object) -> str:
    """A text that UTF-8 can hold."""
    if type(raw) is not str:
        raise ValueRefused(shown(raw), msg("entry.needs.text"))
    if not raw.isascii():
        try:
            raw.encode()
        except UnicodeEncodeError:
            from nippo_cli.base.text import is_bytes

            raise ValueRefused(
                raw, msg("entry.needs.unicode" if is_bytes(raw) else "entry.needs.whole_letters")
            ) from None
    return raw


def items(raw: object) -> Sequence[Any]:
    """The items of a list; anything else is the only one."""
    return raw if isinstance(raw, list | tuple) else (raw,)


def plain(raw: object) -> str:
    """A choice's text; a parsed whole number stands for its digits."""
    if isinstance(raw, str):
        return raw
    if type(raw) is int:
        return str(raw)
    raise ValueRefused(shown(raw), msg("entry.needs.text"))


_OPEN, _CLOSE, _PARTING = "(（", ")）", ",，、;；\n"


def parted(text: str) -> Iterator[str]:
    """The parts between commas, those inside brackets left whole, empty ones left out."""
    depth, part = 0, ""
    for char in text:
        depth += (char in _OPEN) - (char in _CLOSE and depth > 0)
        if char in _PARTING and not depth:
            if part.strip():
                yield part.strip()
            part = ""
        else:
            part += char
    if part.strip():
        yield part.strip()
