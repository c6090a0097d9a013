"""The names that may stand on pages that are to name nobody."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nippo_cli.base.text import normal_form
from nippo_cli.lessons.anonymize import NamesToHide, Who, before_titles, core, isolated_words
from nippo_cli.schema.types import type_of

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader, NamedPeople
    from nippo_cli.line.facts import AsOf, DealSummary
    from nippo_cli.results.deals import DealPage


def names_to_hide(
    reader: "JournalReader",
    as_of: "AsOf",
    pages: "Sequence[DealPage]",
    near: "Iterable[DealSummary]" = (),
    *,
    customers: Iterable[str] = (),
    reps: Iterable[str] = (),
    beside: object = None,
) -> NamesToHide:
    """Everyone who may stand there: those of the deals first, then other customers and owners that their texts name, and
    whoever else the diary knows of whom they may speak.

    Args:
        near: deals beside those whose pages these are.
        customers, reps: who is named beside them.
        beside: a result that stands with them, whose texts may speak of anyone too.
    """
    named, owners = reader.named(as_of), reader.owners(as_of)
    every = list(dict.fromkeys((*reader.customers(as_of), *sorted(named.customers))))
    related = [of for page in pages for of in (*([page.parent] if page.parent else []), *page.children)]
    related += near
    texts = normal_form("\n".join([
        *(str(value) for page in pages for entry in page.points for value in entry.values.values()),
        *(review.text for page in pages for review in page.reviews),
        *(hold.why for page in pages for hold in page.line.head.holds), *(of.name for of in related), *_texts_in(beside),
    ]))  # fmt: skip
    heads = [page.line.head for page in pages]
    return NamesToHide(
        customers=_once(
            *(of.customer for of in (*heads, *related)), *customers, *(name for name in every if core(name) in texts)
        ),
        people=_once(*(name for page in pages for name in _people(page))),
        reps=_once(
            *(of.owner for of in (*heads, *related)), *reps,
            *(entry.author for page in pages for entry in page.points),
            *(handover.owner for page in pages for handover in page.record.handovers),
            *(review.who for page in pages for review in page.reviews),
            *(name for name in owners if normal_form(name) in texts),
        ),
        deals=_once(
            *(head.name for head in heads), *(alias for page in pages for alias in page.record.aliases),
            *(of.name for of in related),
        ),
        competitors=_once(*(name for page in pages for name in _competitors(page))),
        also=list(_also(named, every, owners, texts)),
    )  # fmt: skip


def _texts_in(of: object) -> Iterator[str]:
    """All that a result says, wherever it stands in it."""
    if isinstance(of, str):
        yield of
    elif isinstance(of, Mapping):
        yield from _texts_in([*of.values()])
    elif isinstance(of, list | tuple | set | frozenset):
        for part in of:
            yield from _texts_in(part)


def _also(
    named: "NamedPeople", customers: Sequence[str], owners: Sequence[str], texts: str
) -> Iterator[tuple[Who, str]]:
    """Others of whom the texts speak: by their whole names, or called by a part of them before a title."""
    called = before_titles(texts) | isolated_words(texts)
    everyone: tuple[tuple[Who, Iterable[str]], ...] = (
        ("competitor", sorted(named.competitors)), ("customer", customers), ("person", sorted(named.people)),
        ("rep", [*sorted(named.companions), *owners]),
    )  # fmt: skip
    for who, names in everyone:
        for name in names:
            known = core(name) if who in ("customer", "competitor") else normal_form(name)
            if any(part in texts for part in known.split()) or not called.isdisjoint(_called(known)):
                yield who, name


def _called(name: str) -> list[str]:
    """By what somebody may be called, before a title or alone: the beginning of the name, the last of `技術・久保`."""
    return [*(name[:size] for size in range(1, len(name) + 1)), *name.split("・")]


def _once(*names: str) -> list[str]:
    return list(dict.fromkeys(name for name in names if name))


def _people(page: "DealPage") -> Iterator[str]:
    """The names of all people in the entries."""
    for entry in page.points:
        for field in entry.schema.fields:
            value: Any = entry.values.get(field.key)
            if value:
                yield from (str(one["name"]) for one in type_of(field).people(value))


def _competitors(page: "DealPage") -> Iterator[str]:
    for entry in page.points:
        field = entry.schema.by_role.get("competitor")
        if field is not None and type_of(field).takes_any_text and (value := entry.values.get(field.key)):
            yield from (part.strip() for part in str(value).replace("，", "、").replace(",", "、").split("、"))
