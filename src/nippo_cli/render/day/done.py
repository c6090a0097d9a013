"""The answer of a write in one line, what is left to be done, and the deals whose customer it changed."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from nippo_cli.base.errors import Message
from nippo_cli.base.ids import show_id
from nippo_cli.base.language import say, t
from nippo_cli.render.draw import Block, Glyphs, Page, Prose, Renderer, Span
from nippo_cli.render.draw.glyphs import glyphs
from nippo_cli.render.parts import words
from nippo_cli.results.recap import CustomerChange, Done

if TYPE_CHECKING:
    from nippo_cli.render.draw import Screen

_MOST = 10
_INDENT = 2
_DAYS = ("on", "first", "last", "due")


def page(result: Done, screen: "Screen") -> Page:
    """The line, what is left to be done, the customers that changed; before it, where nothing was written, that nothing was."""
    params = {key: _day(value) if key in _DAYS else value for key, value in result.params.items()}
    line = say(Message(f"done.{result.what.removeprefix('done.')}", params))
    shown = Prose((Span(f"{t('show.dry_run')} ", "strong"), line) if result.dry_run else line)
    to_do = [Prose(say(result.to_do))] if result.to_do is not None else []
    return Page([shown, *to_do, *customer_rows(result.customers, glyphs(ascii_only=screen.ascii))])


# Parameters in words: JSON knows no language.
_FOR_PEOPLE = ("said", "shown", "things", "called", "other_called")


def to_json(result: Done) -> dict[str, object]:
    """What was done, its parameters, and the records that it wrote. What is for people alone is left out."""
    from nippo_cli.render.parts import shapes

    params = {key: _plain(value) for key, value in result.params.items() if key not in _FOR_PEOPLE}
    return {
        "what": result.what.removeprefix("done."),
        **({"params": params} if params else {}),
        **({"customers": customers_json(result.customers)} if result.customers else {}),
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


def customer_rows(changes: Sequence[CustomerChange], marks: Glyphs, *, own: int | None = None) -> list[Block]:
    """`customer A社 → B社`; the deal stands before it where it is not the one that the answer is about, `own`."""
    rows: list[Block] = [Prose(Span(_row(one, marks, own), "strong"), indent=_INDENT) for one in changes[:_MOST]]
    if len(changes) > _MOST:
        rows.append(Prose(Span(words.counted("show.more", len(changes) - _MOST), "dim"), indent=_INDENT))
    return rows


def _row(one: CustomerChange, marks: Glyphs, own: int | None) -> str:
    changed = t("recap.customer", before=one.before, arrow=marks.moved, after=one.after or t("recap.customer.none"))
    if one.deal in (own, None):
        return changed
    return t("recap.customer.of", deal=one.name, id=show_id(one.deal or 0), changed=changed)


def customers_json(changes: Sequence[CustomerChange]) -> list[dict[str, object]]:
    """The deals with both customers; `after` is null where a deal has none any more, `deal` where it is the entry that
    moved."""
    return [
        {
            "deal": {"id": show_id(one.deal), "name": one.name} if one.deal is not None else None,
            "before": one.before,
            "after": one.after or None,
        }
        for one in changes
    ]


RENDERER = Renderer(Done, page=page, to_json=to_json)
