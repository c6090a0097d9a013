"""Promises in words: what was promised at a point, and what had stood before it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeAlias

from nippo_cli.base.dates import read_when
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.language import t, tn
from nippo_cli.line.facts import DealSummary, Promise, Revisit
from nippo_cli.render.draw import Cell, Glyphs, Run, Span
from nippo_cli.render.parts import words
from nippo_cli.results.deals import DealPage


def revisit_words(of: Revisit | None, as_of: date) -> Cell | Run:
    """When somebody is to be called again, and why; empty where nobody is."""
    if of is None:
        return ""
    day = words.day_name(of.on, as_of)
    return (day, Span(f"  {of.why}", "dim")) if of.why else day


class PromiseMade(NamedTuple):
    """A promise, and the one of its kind that stood before it."""

    promise: Promise
    before: Promise | None


MadeBy: TypeAlias = Mapping[tuple[int, date], Sequence[PromiseMade]]


def made_by(promises: Sequence[Promise]) -> dict[tuple[int, date], list[PromiseMade]]:
    """The promises by entry and day."""
    made: dict[tuple[int, date], list[PromiseMade]] = {}
    latest: dict[str, Promise] = {}
    for promise in promises:
        made.setdefault((promise.entry, promise.made_on), []).append(PromiseMade(promise, latest.get(promise.what)))
        latest[promise.what] = promise
    return made


def promised_words(page: DealPage, made: Sequence[PromiseMade], marks: Glyphs) -> Run:
    """New promises in one row, each with what stood before it."""
    parts: list[Cell] = []
    for promise, before in made:
        if parts:
            parts.append(separator(marks))
        parts.extend(_one_promise(page, promise, before, marks))
    return tuple(parts)


def _one_promise(page: DealPage, promise: Promise, before: Promise | None, marks: Glyphs) -> Run:
    """`受注予定 9/30 → 10/31（後ろ倒し +31日）`; of a first promise the value alone."""
    if promise.what == "next":
        on, _, step = str(promise.value).partition(" ")
        shown = _next(on, step, promise.made_on)
        return (t("show.labelled", label=t("deal.head.next_step"), value=shown),)
    label = t("deal.closes") if promise.what == "closes" else t(f"deal.head.{promise.what}")
    new = _promise_value(page, promise)
    if before is None:
        return (t("show.labelled", label=label, value=new),)
    changed = t("deal.changed", label=label, old=_promise_value(page, before), arrow=marks.moved, new=new)
    if not promise.move:
        return (changed,)
    word = t("word.push" if promise.move > 0 else "word.pull")
    moved = t("deal.moved", move=word, days=signed_days(promise.move))
    return (changed, Span(moved, "warn" if promise.move > 0 else "plain"))


def _next(on: str, step: str, near: date) -> str:
    """A promise of a next step holds its date, its words, or both with a blank between."""
    try:
        day = words.when(read_when(on), near)
    except ValueError:
        return f"{on} {step}".rstrip()
    return f"{day} {step}".rstrip()


def _promise_value(page: DealPage, promise: Promise) -> str:
    if promise.what == "closes":
        return words.when(read_when(str(promise.value)), promise.made_on)
    if promise.what == "amount":
        return words.money(int(promise.value), page.schema.currency)
    rank = next((r for r in page.schema.ranks if promise.value in (r.key, *r.was)), None)
    return rank.label if rank else str(promise.value)


def separator(marks: Glyphs) -> str:
    """The separator between two statements in one row."""
    return marks.between or t("show.dot")


def moves(head: DealSummary) -> str:
    """`後ろ倒し2回・前倒し1回（計+61日）`."""
    parts = []
    if head.pushes:
        parts.append(tn("timeline.pushes", head.pushes))
    if head.pulls:
        parts.append(tn("timeline.pulls", head.pulls))
    return t("timeline.moves", moves=t("show.comma").join(parts), days=signed_days(head.slip_days))


def signed_days(n: int) -> str:
    """`+61日`, `-12日`, `±0日`."""
    return t("timeline.signed_days", n=f"{n:+d}" if n else "±0")
