"""A schema made of a file: the stages that it names, in the order that its deals went through them; all else as the template has it."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import copyfile

from nippo_cli.base.errors import JournalError, UsageError, msg
from nippo_cli.base.files import growing, lies_there, publish
from nippo_cli.base.language import current
from nippo_cli.base.places import Places
from nippo_cli.base.scratch import scratch_folder
from nippo_cli.exchange.cells import CellReader
from nippo_cli.exchange.doubts import NEW_SCHEMA
from nippo_cli.exchange.proposing import Understood, stage_runs, understand
from nippo_cli.exchange.recognition import known_columns
from nippo_cli.exchange.sampling import Sample
from nippo_cli.exchange.source import Options, open_source
from nippo_cli.exchange.stage_order import stages_of_file
from nippo_cli.results.proposals import ImportPlan
from nippo_cli.schema.compose import CALLED, SchemaAnswers, compose, label_of
from nippo_cli.schema.load import load_schema
from nippo_cli.schema.templates import text_of
from nippo_cli.services.context import EVER, Workspace, put_text, text_in
from nippo_cli.services.imports.proposing_file import take_file


def schema_of_file(workspace: Workspace, file: str, template: str, *, encoding: str = "", sheet: str = "") -> str:
    """The text of a schema with a file's stages.

    Args:
        template: what the rest is of.

    Raises:
        UsageError: the file names no stages, or can't be read. NotFound: there is no such file or template.
    """
    source = open_source(Path(file), Options(encoding=encoding, sheet=sheet, wanted=known_columns(), peeks=True))
    sample, cell_reader = take_file(workspace, source)
    understood = understand(sample, cell_reader, {"stages:": NEW_SCHEMA}, offers_schema=True)
    if not understood.stages:
        raise UsageError(msg("importing.no_stages", file=file))
    return with_stages(text_of(template, current()), sample, understood, cell_reader)


def with_stages(template: str, sample: Sample, understood: Understood, cell_reader: CellReader) -> str:
    """A template's text with the stages of a file."""
    schema = load_schema(template, "schema.yaml")
    said = stages_of_file(list(understood.stages), stage_runs(sample, understood, cell_reader))
    called = {word: label_of(schema, word) for word in CALLED}
    called |= {word: name for word, name in (("won", said.won), ("lost", said.lost)) if name}
    answers = SchemaAnswers("", "", (*said.steps, called["won"]), called, fiscal_year_start=schema.fiscal_year_start)
    return compose(template, answers, "")


def may_begin(workspace: Workspace) -> bool:
    """Whether nothing is written yet, so that its schema may be another."""
    from nippo_cli.journal.read import reading as open_reader

    if not workspace.places.journal_db.exists():
        return True
    with suppress(JournalError), open_reader(workspace.places.journal_db) as reader:
        return not reader.adopted()[0] or next(iter(reader.entries(EVER)), None) is None
    return False


def template_of(workspace: Workspace) -> str:
    """What a new schema begins with: the one that is there, else the template to begin with."""
    return text_in(workspace.places.schema) or text_of("default", current())


@contextmanager
def on_trial(workspace: Workspace, plan: ImportPlan) -> Iterator[Workspace]:
    """A workspace for the dry run of a plan, under its schema where it has one of its own."""
    with scratch_folder() as folder:
        places = workspace.places
        if plan.schema_text:
            path = folder / "schema.yaml"
            path.write_text(plan.schema_text, encoding="utf-8")
            places = Places(journal_db=places.journal_db, schema=path, state=places.state)
        trial = workspace.apart(places)
        trial.dry_run = True
        yield trial


@contextmanager
def in_place(workspace: Workspace, plan: ImportPlan) -> Iterator[None]:
    """Put a plan's schema, if it has one, where the import adopts it; what was there is put back where the import fails."""
    path = Path(os.path.realpath(workspace.places.schema))
    if not plan.schema_text:
        yield
    elif not lies_there(path):
        put_text(path, plan.schema_text)
        try:
            yield
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    else:
        # The copy that is put back is made while there is room for it: an import fails of a full disk, too.
        with growing(path) as before:
            copyfile(path, before)
            put_text(path, plan.schema_text)
            try:
                yield
            except BaseException:
                publish(before, path)
                raise


def wants_schema(answers: Mapping[str, str]) -> bool:
    """Whether a person chose a schema made of the file."""
    return answers.get("stages:") == NEW_SCHEMA
