"""What a team without a diary yet is asked, six questions at most, so that a schema of its own can be written for it.

The asking itself, on a terminal, is the command line's: it says each question, reads an answer with `read_answer`, and
hands all of them to `answered`. What is asked of each step comes later, one step at a time: `stage_edit`.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Literal
from unicodedata import normalize

from nippo_cli.base.errors import Message, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.text import normal_form, whole_number
from nippo_cli.schema.compose import CALLED, SchemaAnswers, label_of, steps_of
from nippo_cli.schema.schema import Schema
from nippo_cli.schema.types import ValueRefused

Shape = Literal["line", "list", "pick", "names", "month"]

_MONTHS = 12


class SchemaQuestion(NamedTuple):
    """One question. `default` is what an empty answer stands for; an empty default is an answer too.

    `list` and `names` take several things with commas, arrows or line ends between, and are there to be changed; `names`
    one for each of `CALLED`. `pick` takes one of `options` (key, and what to call it), by key or number from 1; `month` 1–12.
    """

    name: str
    ask: Message
    help: Message
    shape: Shape
    default: str = ""
    options: tuple[tuple[str, str], ...] = ()


@cache
def schema_of(trade: str, language: str) -> Schema:
    """The template that a trade's defaults are taken from."""
    from nippo_cli.schema.load import load_schema
    from nippo_cli.schema.templates import text_of

    return load_schema(text_of(trade, language), trade)


def trades(language: str) -> list[str]:
    """The templates to choose from, the usual one first."""
    from nippo_cli.schema.templates import names

    # What is written in dollars is nothing to offer on a Japanese screen.
    return [name for name in names() if name != "english" or language == "en"]


def questions(trade: str, language: str, *, author: str | None = None) -> list[SchemaQuestion]:
    """What is asked, in order, with the defaults of a trade. `author` is what Enter alone answers to who writes; None leaves
    that question out."""
    base = schema_of(trade, language)
    comma = "、" if language == "ja" else ", "
    offered = tuple((name, f"schema.template.{name}") for name in trades(language))
    asked = [
        _question("trade", "pick", trades(language)[0], offered),
        _question("sells", "line"),
        _question("steps", "list", comma.join(steps_of(base))),
        _question("author", "line", author or ""),
        _question("fiscal_year_start", "month", str(base.fiscal_year_start)),
        _question("called", "names", comma.join(label_of(base, word) for word in CALLED)),
    ]
    return [question for question in asked if question.name != "author" or author is not None]


def read_answer(question: SchemaQuestion, said: str) -> object:
    """The answer: a text, a tuple of texts, an option's key, or a number.

    Raises:
        ValueRefused: it can't be read as what is asked.
    """
    said = said.strip() or question.default
    if question.shape in ("list", "names"):
        parts = tuple(_parts(said))
        if question.shape == "names" and len(parts) != len(CALLED):
            raise ValueRefused(said, msg("schema.ask.called.needs", given=len(parts), needed=len(CALLED)))
        if not parts:
            raise ValueRefused(said, msg("schema.ask.steps.needs"))
        return parts
    if question.shape == "pick":
        return _option(question, said)
    if question.shape == "line":
        return said
    number = whole_number(normalize("NFKC", said).removesuffix("月").strip())
    if number is None or not 1 <= number <= _MONTHS:
        raise ValueRefused(said, msg("entry.needs.number.between", least=1, most=_MONTHS))
    return number


def answered(said: Mapping[str, str], language: str) -> SchemaAnswers:
    """The answers, as typed and by question, as one set; a question that was not answered has its default.

    Raises:
        ValueRefused: one of them can't be read.
    """
    trade = trade_of(said, language)
    read = {q.name: read_answer(q, said.get(q.name, "")) for q in questions(trade, language)}
    steps, called = read["steps"], read["called"]
    return SchemaAnswers(
        trade=trade,
        sells=str(read["sells"]),
        steps=steps if isinstance(steps, tuple) else (),
        called=dict(zip(CALLED, called if isinstance(called, tuple) else (), strict=True)),
        fiscal_year_start=int(str(read["fiscal_year_start"])),
    )


def trade_of(said: Mapping[str, str], language: str) -> str:
    """The template that the answers so far choose."""
    first = questions(trades(language)[0], language)[0]
    return str(read_answer(first, said.get("trade", "")))


def _question(name: str, shape: Shape, default: str = "", options: tuple[tuple[str, str], ...] = ()) -> SchemaQuestion:
    return SchemaQuestion(name, msg(f"schema.ask.{name}"), msg(f"schema.ask.{name}.help"), shape, default, options)


def _option(question: SchemaQuestion, said: str) -> str:
    plain = normal_form(said)
    for place, (key, _) in enumerate(question.options, start=1):
        if plain in (normal_form(key), str(place)):
            return key
    raise ValueRefused(said, msg("entry.needs.choice", allowed=tuple(msg(label) for _, label in question.options)))


def _parts(said: str) -> Iterator[str]:
    for mark in "、，\n→▸>":
        said = said.replace(mark, ",")
    parts: dict[str, str] = {}
    for part in said.split(","):
        if part.strip():
            parts.setdefault(normal_form(part), part.strip())
    yield from parts.values()
