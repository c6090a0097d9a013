"""Files that are handed on: which fields are to stand in them though their `in_files` is false."""

import re
from typing import TYPE_CHECKING

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.text import normal_form
from nippo_cli.results.withheld import Withheld

if TYPE_CHECKING:
    from collections.abc import Collection

    from nippo_cli.schema.schema import DayField, Field, Role, Schema

_COMMA = re.compile("[,，、]")


def withheld_in(schema: "Schema", said: str = "", roles: "Collection[Role]" = ()) -> Withheld:
    """What stays out of a file.

    Args:
        said: fields that are asked for all the same, parted by commas: by key, by label, or by role, of which it may be the
            plural (`impressions`).
        roles: those of fields that are asked for by another option.

    Raises:
        UsageError: no field goes by such a name.
    """
    from nippo_cli.schema.schema import day_fields

    fields: list[Field | DayField] = [*schema.fields, *day_fields(schema)]
    shown = {field.key for field in fields if field.role in roles}
    for name in filter(None, map(str.strip, _COMMA.split(said))):
        asked = [field.key for field in fields if normal_form(name.replace("-", "_")) in _names(field)]
        if not asked:
            allowed = tuple(f"{field.key} ({field.label})" for field in fields if not field.is_in_files)
            raise UsageError(msg("cli.with_unknown" if allowed else "cli.with_nothing", said=name, allowed=allowed))
        shown.update(asked)
    return Withheld(schema, shown)


def _names(field: "Field | DayField") -> set[str]:
    role = field.role or ""
    return {normal_form(name) for name in (field.key, field.label, *field.was, *([role, f"{role}s"] if role else []))}
