"""What every field type stands on: what a value is read against, how it is refused, and how a reading is remembered."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, ClassVar, Literal

from nippo_cli.base.dates import When
from nippo_cli.base.errors import Message, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.schema.schema import Field, Schema

_MOST_REMEMBERED = 1 << 16


class Reading(NamedTuple):
    """What a value is read against: the day that `来月` counts from, and the agreement."""

    today: date
    agreement: Schema


class ValueRefused(ValueError):
    """A value that its field does not take: as typed, and what it takes."""

    def __init__(self, said: str, needs: Message) -> None:
        super().__init__(said, needs.key)
        self.said = said
        self.needs = needs


class ValueReader:
    """Reads the values of one field. `bounds` says what the field's `least` and `most` count, if anything; `recurs`
    whether the same texts come again and again, so that remembering them pays."""

    bounds: ClassVar[Literal["number", "letters", "items"] | None] = None
    recurs: ClassVar[bool] = True

    def __init__(self, field: Field, reading: Reading) -> None:
        self.field = field
        self.reading = reading

    def read(self, raw: object) -> Any:
        """The canonical value of what was typed (text) or parsed (a JSON or YAML value, or a canonical one).

        Raises:
            Refused: the field does not take it.
        """
        raise NotImplementedError

    def typed(self, value: Any) -> str:
        """A text that `read` takes back for the same value."""
        return str(value)

    def within(self, size: int, raw: object) -> None:
        """Refuse what is below `least` or above `most`."""
        field = self.field
        if (field.least is not None and size < field.least) or (field.most is not None and size > field.most):
            raise ValueRefused(shown(raw), self._range(field))

    def _range(self, field: Field) -> Message:
        ends = "most" if field.least is None else "least" if field.most is None else "between"
        return msg(f"entry.needs.{self.bounds}.{ends}", least=self._bound(field.least), most=self._bound(field.most))

    def _bound(self, bound: int | None) -> object:
        return "" if bound is None else bound


class Remembered(dict[str, Any]):
    """What a reader made of each text, found by subscription. What is found must not be changed.

    Raises:
        Refused: by subscription, as the reader does.
    """

    def __init__(self, reader: ValueReader) -> None:
        super().__init__()
        self._reader = reader
        self._refused: dict[str, Message] = {}

    def __missing__(self, text: str) -> Any:
        # A column that was mapped wrong refuses the same texts a million times.
        if text in self._refused:
            raise ValueRefused(text, self._refused[text])
        if len(self) + len(self._refused) >= _MOST_REMEMBERED:
            self.clear()
            self._refused.clear()
        try:
            found = self[text] = self._reader.read(text)
        except ValueRefused as error:
            if error.said == text:
                self._refused[text] = error.needs
            raise
        return found


def empty(raw: object) -> bool:
    """Whether a raw value says nothing: None, blanks, an empty list or mapping."""
    if type(raw) is str:
        return not raw or raw.isspace()
    return raw is None or (isinstance(raw, list | tuple | dict) and not raw)


_OPEN, _CLOSE, _PARTING = "(（", ")）", ",，、;；\n"


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
            raise ValueRefused(raw, msg("entry.needs.unicode")) from None
    return raw


def plain(raw: object) -> str:
    """A choice's text; a parsed whole number stands for its digits."""
    if isinstance(raw, str):
        return raw
    if type(raw) is int:
        return str(raw)
    raise ValueRefused(shown(raw), msg("entry.needs.text"))


def items(raw: object) -> Sequence[object]:
    """The items of a list; anything else is the only one."""
    return raw if isinstance(raw, list | tuple) else (raw,)


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
