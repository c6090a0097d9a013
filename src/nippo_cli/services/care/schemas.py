"""The schema: which one is in force, what it says, whether the file is sound."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from nippo_cli.base.errors import JournalError, NotFound, UsageError, msg
from nippo_cli.base.files import check_regular
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.language import current
from nippo_cli.base.text import normal_form
from nippo_cli.results.care import LeftOut, SchemaCheck, SchemaPage
from nippo_cli.results.recap import Done
from nippo_cli.schema.parts import Stage
from nippo_cli.schema.schema import Field, Schema, list_of
from nippo_cli.schema.stage_edit import StageTerms, terms_of, with_terms
from nippo_cli.schema.stage_names import key_by_name
from nippo_cli.services.context import (
    EVER,
    Workspace,
    free_beside,
    notice,
    of_file,
    put_text,
    read_active_schema,
    state,
    text_in,
)


def shown(workspace: Workspace) -> SchemaPage:
    """The schema in force, and whether `schema.yaml` differs from it; without a journal, the file or the default."""
    from nippo_cli.journal.read import reading as open_reader

    if workspace.places.journal_db.exists():
        with open_reader(workspace.places.journal_db) as reader:
            digest, adopted_at = reader.adopted()
            file_state = state(workspace.places.schema, digest)
            if file_state in ("empty", "unreadable"):
                workspace.notices += filter(None, [notice(workspace.places, file_state)])
            return SchemaPage(
                schema=reader.schema(workspace.as_of(workspace.today(reader.time_zone))),
                path=str(workspace.places.schema),
                adopted_at=adopted_at,
                differs=file_state != "same",
            )
    return SchemaPage(
        schema=of_file(workspace.places.schema), path=str(workspace.places.schema), adopted_at="", differs=False
    )


def restore(workspace: Workspace) -> Done:
    """Write the schema that the journal last adopted to its place again. Another file there, unless it says nothing, is
    set aside under the time.

    Raises:
        NotFound: there is no journal. UsageError: the file is that one, or is none. OSError: it can't be written.
    """
    from nippo_cli.journal.read import reading as open_reader

    path = workspace.places.schema
    if not workspace.places.journal_db.exists():
        raise NotFound(msg("desk.no_journal", path=str(workspace.places.journal_db)), hint=msg("desk.no_journal_hint"))
    with open_reader(workspace.places.journal_db) as reader:
        digest, text = reader.adopted()[0], reader.adopted_text()
    check_regular(path)
    file_state = state(path, digest)
    if file_state == "same" and path.exists():
        raise UsageError(msg("desk.schema_same", path=str(path)))
    set_aside = free_beside(path, workspace.now) if file_state in ("changed", "unreadable") else None
    if not workspace.dry_run:
        if set_aside is not None:
            path.rename(set_aside)
        put_text(path, text)
    what = "done.schema_restored" if set_aside is None else "done.schema_restored_aside"
    return Done(what, {"path": str(path), **({"aside": str(set_aside)} if set_aside else {})}, [], workspace.dry_run)


class StageToEdit(NamedTuple):
    """One stage of `schema.yaml` as it stands: the file's text, what it says, the stage and its terms."""

    text: str
    schema: Schema
    stage: Stage
    terms: StageTerms


def stage_to_edit(workspace: Workspace, said: str) -> StageToEdit:
    """The stage that a person names, in the journal's `schema.yaml`; in the template to begin with, where there is no file.

    Raises:
        NotFound: no stage is called that. UsageError: `said` names an end of the deal. SchemaRefused: the file has problems.
        JournalError: the journal beside it is none that this version can use; a newer one's schema is left as it is.
    """
    text, schema = _text_to_edit(workspace)
    key = key_by_name(schema).get(normal_form(said))
    if key is None:
        raise NotFound(msg("schema.no_stage", said=said, allowed=[s.label for s in schema.stages]))
    return StageToEdit(text, schema, schema.stage_by_key[key], terms_of(schema, key))


def _text_to_edit(workspace: Workspace) -> tuple[str, Schema]:
    """The text of the journal's `schema.yaml`, of the template to begin with where there is no file, and what it says."""
    from nippo_cli.journal.log import look_into
    from nippo_cli.schema.load import load_schema
    from nippo_cli.schema.templates import text_of

    if workspace.places.journal_db.exists():
        look_into(workspace.places.journal_db, older=True).close()
    path = workspace.places.schema
    text = text_in(path) or text_of("default", current())
    return text, load_schema(text, str(path), read_active_schema(workspace.places).schema)


def drop_choices(workspace: Workspace, said_field: str, said_choices: str) -> Done:
    """Take choices, with commas between, out of a field of `schema.yaml`; the next entry adopts it. What entries say stays.

    Raises:
        NotFound: there is no such field, or no such choice of it. UsageError: it is no field of choices, or none would be left.
        SchemaRefused: the rest speaks of them.
    """
    from nippo_cli.schema.choice_edit import without_choices

    text, schema = _text_to_edit(workspace)
    field = _field_named(schema, said_field)
    choices = {normal_form(name): c for c in schema.choices(field) for name in (c.key, c.label)}
    if not choices:
        raise UsageError(msg("schema.no_choices", field=field.label))
    dropped = {}
    for said in re.split("[、，,]", said_choices):
        choice = choices.get(normal_form(said))
        if choice is None:
            allowed = [one.label for one in schema.choices(field)]
            raise NotFound(msg("desk.no_choice", field=field.label, said=said.strip(), allowed=allowed))
        dropped[choice.key] = choice.label
    new = without_choices(text, schema, field, dropped)
    return _put_schema(workspace, new, "done.choices_dropped", field=field.label, choices=list(dropped.values()))


def drop_field(workspace: Workspace, said: str) -> Done:
    """Take a field out of `schema.yaml`; the next entry adopts it. What entries say stays.

    Raises:
        NotFound: there is no such field. SchemaRefused: the rest speaks of it.
    """
    from nippo_cli.schema.choice_edit import without_field

    text, schema = _text_to_edit(workspace)
    field = _field_named(schema, said)
    return _put_schema(workspace, without_field(text, schema, field), "done.field_dropped", field=field.label)


def _field_named(schema: Schema, said: str) -> Field:
    fields = {normal_form(name): field for field in schema.fields for name in (field.label, field.key)}
    field = fields.get(normal_form(said))
    if field is None:
        raise NotFound(msg("schema.no_field", said=said, allowed=[one.label for one in schema.fields]))
    return field


def _put_schema(workspace: Workspace, text: str, done: str, **said: object) -> Done:
    path = workspace.places.schema
    if not workspace.dry_run:
        check_regular(path)
        put_text(path, text)
    return Done(done, {**said, "path": str(path)}, [], workspace.dry_run)


def edit_stage(workspace: Workspace, stage: StageToEdit, terms: StageTerms) -> Done:
    """Write a stage's terms into `schema.yaml`, all else in it as it stands; the next entry adopts it.

    Raises:
        SchemaRefused: the terms contradict the rest. OSError: it can't be written.
    """
    label = stage.stage.label
    text = with_terms(stage.text, stage.schema, stage.stage.key, terms)
    if text == stage.text:
        return Done("done.stage_same", {"stage": label}, [], workspace.dry_run)
    return _put_schema(workspace, text, "done.stage_edited", stage=label)


def checked(workspace: Workspace, path: str | None) -> SchemaCheck:
    """Every problem of a schema file: the one named, else the journal's own. Of that without problems also what it leaves out
    that entries say: whether it was renamed or dropped, only people know.

    Raises:
        NotFound: there is no such file.
    """
    from nippo_cli.schema.load import check_file

    file = Path(path) if path else workspace.places.schema
    problems = check_file(file, None if path else read_active_schema(workspace.places).schema)
    left_out: list[LeftOut] = []
    if not path and not problems and workspace.places.journal_db.exists():
        with suppress(JournalError):
            left_out = _left_out(workspace, file)
    return SchemaCheck(str(file), problems, left_out)


def _left_out(workspace: Workspace, file: Path) -> list[LeftOut]:
    """What entries say that a sound schema file no longer has, however long ago it went. A journal that can't be read says nothing:
    the file is what was asked about, and whoever mends the journal asks again."""
    from nippo_cli.journal.read import reading as open_reader
    from nippo_cli.schema.former import former_labels

    with open_reader(workspace.places.journal_db) as reader:
        if not reader.adopted()[0]:
            return []
        adopted = reader.schema(EVER)
        vanished = former_labels(adopted, of_file(file, adopted))
        if not vanished:
            return []
        said: Counter[str] = Counter()
        for view in reader.log(EVER).entries:
            said.update(_used_parts(view.values, adopted))
    left_out = []
    for name, label in vanished.items():
        of, key = name.split("/", 1)
        # Of a field that is gone as a whole, its choices are not asked about one by one.
        if said[name] and f"fields/{of}" not in vanished:
            left_out.append(LeftOut(of, key, label, said[name]))
    return left_out


def _used_parts(values: Mapping[str, Any], schema: Schema) -> Iterator[str]:
    """What an entry says: its fields and its choices, by list and key."""
    for key, value in values.items():
        yield f"fields/{key}"
        field = schema.by_key.get(key)
        if field is not None and schema.choices(field):
            for one in value if isinstance(value, list) else [value]:
                yield f"{list_of(field)}/{one}"
