"""`nippo schema edit`: what is asked of one step of the sale."""

from typing import Annotated

import typer

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.cli.frame import WriteCommand, command, context_of
from nippo_cli.services.care import schemas


@command("schema edit", WriteCommand, help="cli.schema.edit.help")
def edit(
    ctx: typer.Context,
    step: Annotated[str, typer.Argument(metavar="STEP", help="cli.schema.edit.step")],
    done_when: Annotated[
        str | None, typer.Option("--done-when", metavar="TEXT", help="cli.schema.edit.done_when")
    ] = None,
    norm: Annotated[str | None, typer.Option("--norm", metavar="DAYS", help="cli.schema.edit.norm")] = None,
    requires: Annotated[
        str | None, typer.Option("--requires", metavar="FIELDS", help="cli.schema.edit.requires")
    ] = None,
    drop: Annotated[str | None, typer.Option("--drop", metavar="CHOICES", help="cli.schema.edit.drop")] = None,
    drop_field: Annotated[bool, typer.Option("--drop-field", help="cli.schema.edit.drop_field")] = False,
) -> None:
    """Change one step; on a terminal, without an option, each of the three is asked for. Or take choices out of a field, or the
    field itself."""
    from nippo_cli.cli.add import ask_terms, read_terms

    run = context_of(ctx)
    workspace = run.workspace()
    if drop is not None or drop_field:
        if (drop is not None and drop_field) or any(one is not None for one in (done_when, norm, requires)):
            raise UsageError(msg("schema.drop_alone"))
        dropped = schemas.drop_field(workspace, step) if drop is None else schemas.drop_choices(workspace, step, drop)
        run.show(dropped, workspace)
        return
    stage = schemas.stage_to_edit(workspace, step)
    said = {"done_when": done_when, "norm": norm, "required": requires}
    says_nothing = all(value is None for value in said.values())
    if says_nothing and not run.interactive:
        raise UsageError(msg("schema.edit_what"))
    terms = ask_terms(run, stage) if says_nothing else read_terms(stage, said)
    run.show(schemas.edit_stage(workspace, stage, terms), workspace)
