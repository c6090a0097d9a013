"""`nippo schema new` and `nippo schema json-schema`: the files of a team that has no journal yet."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from nippo_cli.base.errors import msg
from nippo_cli.base.language import t
from nippo_cli.cli.add import ask_schema, given_back, template_text
from nippo_cli.cli.frame import NippoCommand, command, context_of
from nippo_cli.schema.document import json_schema
from nippo_cli.services.care import care, must_be_free, write_schema
from nippo_cli.services.imports import schema_of_file


@command("schema new", NippoCommand, help="cli.schema.new.help")
def new(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(help="cli.schema.new.file")] = "schema.yaml",
    template: Annotated[str | None, typer.Option("--template", metavar="T", help="cli.init.template")] = None,
    of: Annotated[str | None, typer.Option("--from", metavar="FILE", help="cli.schema.new.from")] = None,
) -> None:
    """Write a commented schema file: a template's, one from answers, or one with the stages of another program's file."""
    run = context_of(ctx)
    must_be_free(Path(file))
    if of is not None:
        write_schema(Path(file), schema_of_file(run.workspace(), of, template or "default"))
    elif run.interactive and template is None:
        workspace = run.workspace()
        text, _ = ask_schema(run, workspace, author=None, ask_author=False)
        with given_back(text):
            write_schema(Path(file), text)
        care.forget_answers(workspace)
    else:
        write_schema(Path(file), template_text(template or "default"))
    run.notice(msg("cli.wrote_file", path=file))


@command("schema json-schema", NippoCommand, help="cli.schema.json.help")
def for_editors() -> None:
    """What editors use to check `schema.yaml`."""
    sys.stdout.write(json.dumps(json_schema(t), ensure_ascii=False, indent=2) + "\n")
