"""Choices of a field as a person types them, found by key, label or former key."""

from typing import TYPE_CHECKING

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.text import normal_form

if TYPE_CHECKING:
    from nippo_cli.schema.schema import Role, Schema


def choice_named(agreement: "Schema", role: "Role", said: str) -> str:
    """The key of a choice of the field that has a role; what a field without choices holds stands for itself.

    Raises:
        UsageError: no field has the role, or it has no such choice.
    """
    field = agreement.by_role.get(role)
    if field is None:
        raise UsageError(msg(f"desk.no_{role}_field"), hint=msg("desk.see_schema"))
    choices = agreement.choices(field)
    if not choices:
        return said
    wanted = normal_form(said)
    for choice in choices:
        if wanted in (normal_form(choice.key), normal_form(choice.label)) or said in choice.was:
            return choice.key
    raise UsageError(
        msg("desk.no_choice", said=said, field=field.label, allowed=", ".join(choice.label for choice in choices)),
        hint=msg("desk.see_schema"),
    )
