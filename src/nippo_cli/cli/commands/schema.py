"""`nippo schema …`."""

import json
import sys
from typing import Annotated

import typer

from nippo_cli.base.errors import ExitCode
from nippo_cli.base.language import t
from nippo_cli.cli.frame import AnswerCommand, Chosen, NippoCommand, WriteCommand, context_of


def register(app: Chosen) -> None:
    """Put the commands into the app."""
    schema = app.group("schema", t("cli.schema.help"))
    schema.command("show", cls=AnswerCommand, help=t("cli.schema.show.help"))(show)
    schema.command("check", cls=AnswerCommand, help=t("cli.schema.check.help"))(check)
    schema.command("new", cls=NippoCommand, help=t("cli.schema.new.help"))(new)
    schema.command("restore", cls=WriteCommand, help=t("cli.schema.restore.help"))(restore)
    schema.command("json-schema", cls=NippoCommand, help=t("cli.schema.json.help"))(json_schema)


def show(ctx: typer.Context) -> None:
    """The agreement as a person would read it."""
    from nippo_cli.services.care import schemas as agreements

    session = context_of(ctx)
    desk = session.desk()
    session.show(agreements.shown(desk), desk)


def check(
    ctx: typer.Context, file: Annotated[str | None, typer.Argument(help=t("cli.schema.check.file"))] = None
) -> None:
    """Every problem of a schema file."""
    from nippo_cli.services.care import schemas as agreements

    session = context_of(ctx)
    desk = session.desk()
    found = agreements.checked(desk, file)
    session.show(found, desk)
    if found.problems:
        raise typer.Exit(ExitCode.SCHEMA)


def new(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(help=t("cli.schema.new.file"))] = "schema.yaml",
    template: Annotated[str | None, typer.Option("--template", metavar="T", help=t("cli.init.template"))] = None,
) -> None:
    """Write a commented schema file: a template's, or one from answers."""
    from pathlib import Path

    from nippo_cli.base.errors import msg
    from nippo_cli.cli.frame import given_back, schema_text
    from nippo_cli.services.care import must_be_free, write_schema

    session = context_of(ctx)
    must_be_free(Path(file))
    text = schema_text(session, template)
    with given_back(text if session.interactive and template is None else None):
        write_schema(Path(file), text)
    session.notice(msg("cli.wrote_file", path=file))


def restore(ctx: typer.Context) -> None:
    """Write the agreement that the journal last adopted to its place again."""
    from nippo_cli.services.care import schemas as agreements

    session = context_of(ctx)
    desk = session.desk()
    session.show(agreements.restore(desk), desk)


def json_schema() -> None:
    """What editors use to check `schema.yaml`."""
    from nippo_cli.schema.document import json_schema as made

    sys.stdout.write(json.dumps(made(t), ensure_ascii=False, indent=2) + "\n")
