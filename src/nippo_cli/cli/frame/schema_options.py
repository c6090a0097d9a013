"""The schema's fields as options of `nippo add` and `nippo edit`."""

from typing import TYPE_CHECKING, Any

from typer.core import TyperOption

from nippo_cli.base.language import t
from nippo_cli.cli.frame.context import context_of
from nippo_cli.cli.frame.early_args import the_args
from nippo_cli.cli.frame.grammar import SHARED
from nippo_cli.schema.field_flags import flag_of_key, flags_of_labels
from nippo_cli.schema.types import says_none, type_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import typer

    from nippo_cli.schema.schema import Field, Schema

_SHOWN_CHOICES = 12


def options(own: "Iterable[Any]") -> list[TyperOption]:
    """An option for each field but the deal, which is an argument; `own` are the command's own."""
    schema = the_args().for_writing
    return options_of([field for field in schema.fields if field.role != "deal"], schema, own)


def options_of(fields: "Sequence[Field]", schema: "Schema", own: "Iterable[Any]") -> list[TyperOption]:
    """An option for each of these fields: by its key, and by its label as the screen shows it (`--所感`, `--next-step-due`), unless
    that is another option's."""
    taken = {flag for param in own for flag in param.opts}
    taken |= {flag for options in SHARED.values() for _, flags, _ in options for flag in flags} | {"--help", "-h"}
    labelled = flags_of_labels([(field.key, field.label) for field in fields], taken)
    return [_option_of(field, schema, flag) for field, flag in zip(fields, labelled, strict=True)]


def _option_of(field: "Field", schema: "Schema", by_label: str) -> TyperOption:
    """The option of one field; what is typed is kept in the run's fields."""

    def keep(ctx: "typer.Context", _param: object, value: Any) -> Any:
        if value not in (None, ()):
            parts = list(value) if isinstance(value, tuple) else [value]
            none = all(says_none(field, part, schema) for part in parts)
            context_of(ctx).fields[field.key] = "" if none else parts if isinstance(value, tuple) else value
        return value

    flags = ["-m"] if field.role == "facts" else []
    return TyperOption(
        param_decls=[f"field_{field.key}", flag_of_key(field.key), *flags, *([by_label] if by_label else [])],
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
