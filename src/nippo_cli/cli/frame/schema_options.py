"""The schema's fields as options of `nippo add` and `nippo edit`."""

from typing import TYPE_CHECKING, Any

from typer.core import TyperOption

from nippo_cli.base.language import t
from nippo_cli.cli.frame.context import context_of
from nippo_cli.cli.frame.early_args import the_args
from nippo_cli.schema.types import type_of

if TYPE_CHECKING:
    import typer

    from nippo_cli.schema.schema import Field, Schema

_SHOWN_CHOICES = 12


def options() -> list[TyperOption]:
    """An option for each field but the deal, which is an argument."""
    schema = the_args().for_writing
    return [option_of(field, schema) for field in schema.fields if field.role != "deal"]


def option_of(field: "Field", schema: "Schema") -> TyperOption:
    """The option of one field; what is typed is kept in the run's fields."""

    def keep(ctx: "typer.Context", _param: object, value: Any) -> Any:
        if value not in (None, ()):
            context_of(ctx).fields[field.key] = list(value) if isinstance(value, tuple) else value
        return value

    flags = ["-m"] if field.role == "facts" else []
    return TyperOption(
        param_decls=[f"field_{field.key}", f"--{field.key.replace('_', '-')}", *flags],
        metavar=type_of(field).metavar,
        multiple=type_of(field).several,
        default=None,
        expose_value=False,
        callback=keep,
        help=_help(field, schema),
        rich_help_panel="fields",
    )


def _help(field: "Field", schema: "Schema") -> str:
    """A field's label, then its own help, the first of its choices, and whether it is required."""
    parts = [field.label]
    if field.help:
        parts.append(field.help)
    if labels := [c.label for c in schema.choices(field)]:
        shown = " / ".join(labels[:_SHOWN_CHOICES])
        parts.append(shown + (" …" if len(labels) > _SHOWN_CHOICES else ""))
    if field.required:
        parts.append(t("cli.field.required"))
    elif field.required_when:
        parts.append(t("cli.field.required_when"))
    return " — ".join([parts[0], "  ".join(parts[1:])]) if len(parts) > 1 else parts[0]
