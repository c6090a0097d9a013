"""Amounts with zeros too many or too few: one that is a hundred times what the deal had is asked about, or told."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from nippo_cli.base.errors import msg
from nippo_cli.schema.types import Reading, ValueRefused, reader_for

if TYPE_CHECKING:
    from nippo_cli.schema.schema import Schema
    from nippo_cli.services.context import Workspace

_SLIP = 100
_NOTICE = "writing.hundredfold"


def hundredfold(before: int, after: int) -> bool:
    """Whether one of two amounts is at least a hundred times the other; of none and of a negative one nothing is said."""
    less, more = sorted((before, after))
    return less > 0 and more >= less * _SLIP


def slipped(schema: "Schema", has: Mapping[str, Any], values: Mapping[str, Any]) -> tuple[int, int] | None:
    """The amount that a deal `has` and the one among an entry's `values`, where one is a hundred times the other."""
    key = schema.key("amount") or ""
    before, after = has.get(key), values.get(key)
    return (int(before), int(after)) if before and after and hundredfold(int(before), int(after)) else None


def slip_typed(schema: "Schema", has: Mapping[str, Any], raw: Mapping[str, object]) -> tuple[int, int] | None:
    """The deal's amount and the one as typed, where one is a hundred times the other; None where none is, or it can't be read."""
    field = schema.by_role.get("amount")
    said = raw.get(field.key) if field else None
    if field is None or not said:
        return None
    try:
        amount = reader_for(field, Reading(date.min, schema)).read(said)
    except ValueRefused:
        return None
    return slipped(schema, has, {field.key: amount})


def note_slip(workspace: "Workspace", schema: "Schema", has: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Tell, once, beside an entry that is recorded, that its amount is a hundred times the deal's; who was asked about it knows."""
    amounts = slipped(schema, has, values)
    if amounts is None or amounts[1] == workspace.sure_amount:
        return
    from nippo_cli.render.parts import words

    field = schema.by_role["amount"]
    before, after = (words.value(field, amount, schema) for amount in amounts)
    workspace.notices.append(msg(_NOTICE, before=before, after=after))
    workspace.sure_amount = amounts[1]


def announced_slip(workspace: "Workspace") -> Mapping[str, object] | None:
    """Both amounts, `before` and `after` in words, of the slip that was told; None where none was."""
    return next((notice.params for notice in workspace.notices if notice.key == _NOTICE), None)
