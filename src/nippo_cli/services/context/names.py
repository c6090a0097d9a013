"""Owners, customers, deals and stages as a person types them, found as they are stored."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from nippo_cli.base.errors import Ambiguous, NotFound, UsageError, msg
from nippo_cli.base.text import nearest, normal_form

if TYPE_CHECKING:
    from nippo_cli.journal.read import JournalReader
    from nippo_cli.line.facts import AsOf
    from nippo_cli.schema.schema import Schema

_CANDIDATES = 10


def owner_named(reader: "JournalReader", as_of: "AsOf", said: str) -> str:
    """The owner of a name or an unambiguous part of it.

    Raises:
        NotFound, Ambiguous: none, or several.
    """
    return one_named(said, reader.owners(as_of), "owner")


def customer_named(reader: "JournalReader", as_of: "AsOf", said: str) -> str:
    """The customer of a name or an unambiguous part of it; of several spellings any, for all are that customer.

    Raises:
        NotFound, Ambiguous: none, or several.
    """
    return one_named(said, {normal_form(name): name for name in reader.customers(as_of)}.values(), "customer")


def deal_named(reader: "JournalReader", as_of: "AsOf", said: str) -> int:
    """The deal of an id, a name or an unambiguous part of one, as known on the day.

    Raises:
        NotFound, Ambiguous: none, or several.
    """
    from nippo_cli.journal.read import find_deal

    return find_deal(reader.cx, said, script=False, as_of=as_of)


def stage_named(agreement: "Schema", said: str) -> str:
    """The key of a stage, by key, label or former key.

    Raises:
        UsageError: the schema has none of that name.
    """
    wanted = normal_form(said)
    for stage in agreement.stages:
        if wanted in (normal_form(stage.key), normal_form(stage.label)) or said in stage.was:
            return stage.key
    raise UsageError(
        msg("desk.no_stage", said=said, allowed=", ".join(s.label for s in agreement.stages)),
        hint=msg("desk.see_schema"),
    )


def kind_named(agreement: "Schema", said: str) -> str:
    """The key of a deal kind, by key, label or former key.

    Raises:
        UsageError: the schema has none of that name.
    """
    wanted = normal_form(said)
    for kind in agreement.kinds:
        if wanted in (normal_form(kind.key), normal_form(kind.label)) or said in kind.was:
            return kind.key
    raise UsageError(
        msg("desk.no_kind", said=said, allowed=", ".join(k.label for k in agreement.kinds)),
        hint=msg("desk.see_schema"),
    )


def one_named(said: str, names: Iterable[str], what: str) -> str:
    """The one of these names, of an `owner` or a `customer`, that is meant, or that a part of it names alone.

    Raises:
        NotFound, Ambiguous: none, or several.
    """
    wanted = normal_form(said)
    every = list(names)
    exact = [n for n in every if n == said] or [n for n in every if normal_form(n) == wanted]
    found = exact or [n for n in every if wanted in normal_form(n)]
    if len(found) == 1:
        return found[0]
    if found:
        shown = ", ".join(sorted(found)[:_CANDIDATES])
        raise Ambiguous(msg(f"desk.several_{what}s", said=said, names=shown, n=len(found)))
    near = nearest(said, every)
    raise NotFound(
        msg(f"desk.no_{what}", said=said), hint=msg("desk.did_you_mean", names=", ".join(near)) if near else None
    )
