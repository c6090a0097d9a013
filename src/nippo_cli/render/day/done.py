"""A write that one line tells of."""

from datetime import date
from typing import TYPE_CHECKING, Any

from nippo_cli.base.errors import Message
from nippo_cli.base.language import say, t
from nippo_cli.render.draw import Page, Prose, Renderer, Span
from nippo_cli.render.draw.glyphs import glyphs
from nippo_cli.render.parts import customer_changes, shapes, words
from nippo_cli.results.recap import Done

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

_DAYS = ("on", "first", "last")


def page(result: Done, screen: "Screen") -> Page:
    """The line, and the customers that changed; before it, where nothing was written, that nothing was."""
    params = {key: _day(value) if key in _DAYS else value for key, value in result.params.items()}
    line = say(Message(f"done.{result.what.removeprefix('done.')}", params))
    told = Prose((Span(f"{t('show.dry_run')} ", "strong"), line) if result.dry_run else line)
    return Page([told, *customer_changes.blocks(result.customers, glyphs(ascii_only=screen.ascii))])


# Parameters in words: JSON knows no language.
_FOR_PEOPLE = ("shown", "things", "called", "other_called")


def to_json(result: Done) -> dict[str, object]:
    """What was done, its parameters, and the records that it wrote. What is for people alone is left out."""
    params = {key: _plain(value) for key, value in result.params.items() if key not in _FOR_PEOPLE}
    return {
        "what": result.what.removeprefix("done."),
        **({"params": params} if params else {}),
        **({"customers": customer_changes.to_json(result.customers)} if result.customers else {}),
        "records": shapes.ids(result.records),
        "dry_run": result.dry_run,
    }


def _day(iso: object) -> str:
    return words.day(date.fromisoformat(str(iso)))


def _plain(value: Any) -> Any:
    if isinstance(value, Message):
        return say(value)
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return [_plain(one) for one in value] if type(value) in (list, tuple) else str(value)


RENDERER = Renderer(Done, page=page, to_json=to_json)
