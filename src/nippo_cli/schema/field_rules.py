"""What a schema says of its fields, held against what their roles and types allow."""

from collections.abc import Iterator, Mapping

from nippo_cli.base.errors import Message, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.schema import document as doc
from nippo_cli.schema.parts import FOR_SOME, ON_EVERY_PAGE
from nippo_cli.schema.schema import Role
from nippo_cli.schema.types import type_of, types_where
from nippo_cli.schema.yaml_text import Path

# A field is an option of `nippo add` and `nippo edit`, whose own options these are.
_RESERVED = frozenset(
    {
        "as_of", "box", "by", "change_customer", "color", "debug", "dry_run", "e", "edit", "erase", "force", "format", "from_file",
        "h", "help",
        "history", "journal", "json", "lang", "later", "like", "limit", "m", "meeting", "message", "new_deal",
        "no_input", "no_pager", "o", "on", "output", "parent", "redact", "retract", "schema", "since", "until", "version", "why",
        "deal", "id", "yes",
    }
)  # fmt: skip

# A day's field is an option of `nippo day`, which has these beside the shared ones.
_RESERVED_OF_DAY = _RESERVED | {"off", "not_off", "until", "day"}

# The list of the schema that a field of this role chooses from, instead of its own `choices`.
LIST_OF_ROLE: Mapping[str, str] = {
    "stage": "stages",
    "kind": "kinds",
    "activity": "activities",
    "confidence": "confidence",
}
# Of these an agreement may have several fields.
_REPEATED_ROLES: frozenset[Role] = frozenset({"deadline"})
_NEEDED_ROLES: tuple[Role, ...] = ("customer", "deal", "stage")


class SchemaProblem(NamedTuple):
    """What is wrong with a schema: where in the file, what stands there, what is allowed."""

    path: Path
    said: str
    needs: Message


def types_of(role: Role) -> tuple[str, ...]:
    """The types that a field of a role may have."""
    return types_where(lambda of: role in of.roles)


def roles(document: doc.Document) -> Iterator[SchemaProblem]:
    """Each role is bound to one field, but for deadlines, of a type that can be it."""
    bound: dict[str, str] = {}
    for at, field in enumerate(document.fields):
        path: Path = ("fields", at)
        if field.role is not None:
            if field.role in bound and field.role not in _REPEATED_ROLES:
                yield SchemaProblem((*path, "role"), field.role, msg("schema.role_taken", by=bound[field.role]))
            bound.setdefault(field.role, field.key)
            if field.role not in type_of(field).roles:
                needs = msg("schema.needs.role_type", role=field.role, allowed=types_of(field.role))
                yield SchemaProblem((*path, "type"), field.type, needs)
        needed = type_of(field).own_role
        if needed is not None and field.role is None:
            yield SchemaProblem((*path, "type"), field.type, msg("schema.needs.type_role", role=needed))


def all_roles(document: doc.Document) -> Iterator[SchemaProblem]:
    """What nippo can't do without is there, and each list has the field that chooses from it."""
    bound = {field.role for field in document.fields}
    for role in _NEEDED_ROLES:
        if role not in bound:
            yield SchemaProblem(("fields",), "", msg("schema.needs.role", role=role, type=types_of(role)[0]))
    for chooser, part in LIST_OF_ROLE.items():
        listed = getattr(document, part)
        if listed and chooser not in bound:
            yield SchemaProblem((part,), part, msg("schema.needs.field_for", part=part, role=chooser))
        if chooser in bound and not listed:
            yield SchemaProblem(("fields",), chooser, msg("schema.needs.list_for", part=part, role=chooser))


def well_made(document: doc.Document) -> Iterator[SchemaProblem]:
    """A field of an entry has a key of its own, and what its type takes."""
    for at, field in enumerate(document.fields):
        path: Path = ("fields", at)
        if field.key in _RESERVED and not (field.key == "deal" and field.role == "deal"):
            yield SchemaProblem((*path, "key"), field.key, msg("schema.reserved"))
        yield from _field_choices(path, field)
        yield from _field_bounds(path, field)
        if field.coarse and not type_of(field).takes_coarse:
            yield SchemaProblem((*path, "coarse"), field.type, msg("schema.needs.coarse"))
        if field.ahead is not None and field.role != "deadline":
            yield SchemaProblem((*path, "ahead"), str(field.ahead), msg("schema.needs.ahead"))
        if field.in_files is False and field.role in ON_EVERY_PAGE:
            yield SchemaProblem((*path, "in_files"), "false", msg("schema.needs.in_files", role=field.role))
        if field.visible not in (None, "team") and field.role not in FOR_SOME:
            yield SchemaProblem((*path, "visible"), field.visible, msg("schema.needs.visible", role=field.role))
        if field.default and field.role == "deal":
            yield SchemaProblem((*path, "default"), field.default, msg("schema.needs.no_default"))


def day_fields(document: doc.Document) -> Iterator[SchemaProblem]:
    """The same of the fields of a day, their roles included."""
    bound: dict[str, str] = {}
    for at, field in enumerate(document.day_fields):
        path: Path = ("day_fields", at)
        if field.key in _RESERVED_OF_DAY:
            yield SchemaProblem((*path, "key"), field.key, msg("schema.reserved"))
        if field.role is not None:
            if field.role in bound:
                yield SchemaProblem((*path, "role"), field.role, msg("schema.role_taken", by=bound[field.role]))
            bound.setdefault(field.role, field.key)
            if field.role not in type_of(field).roles_of_day:
                fitting = types_where(lambda of, role=field.role: role in of.roles_of_day)  # type: ignore[misc]
                needs = msg("schema.needs.role_type", role=field.role, allowed=fitting)
                yield SchemaProblem((*path, "type"), field.type, needs)
        yield from _field_choices(path, field)
        yield from _field_bounds(path, field)


def _field_choices(path: Path, field: doc.FieldPart | doc.DayFieldPart) -> Iterator[SchemaProblem]:
    part = LIST_OF_ROLE.get(field.role or "")
    if field.choices and part:
        yield SchemaProblem((*path, "choices"), field.key, msg("schema.needs.choices_in", part=part))
    elif field.choices and not type_of(field).takes_choices:
        yield SchemaProblem((*path, "choices"), field.type, msg("schema.needs.choice_type"))
    elif not field.choices and not part and type_of(field).takes_choices:
        yield SchemaProblem(path, field.key, msg("schema.needs.choices"))


def _field_bounds(path: Path, field: doc.FieldPart | doc.DayFieldPart) -> Iterator[SchemaProblem]:
    """`least` and `most`: of a type that has bounds, not below zero for a count, in order."""
    bounded = type_of(field).bounds
    for name, bound in (("least", field.least), ("most", field.most)):
        if bound is None:
            continue
        if bounded is None:
            yield SchemaProblem((*path, name), str(bound), msg("schema.needs.bounds", type=field.type))
        elif bound < 0 and bounded != "number":
            yield SchemaProblem((*path, name), str(bound), msg("schema.needs.greater_than_equal", bound=0))
    if field.least is not None and field.most is not None and field.least > field.most:
        yield SchemaProblem((*path, "least"), str(field.least), msg("schema.needs.least", most=field.most))
