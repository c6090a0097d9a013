"""`nippo edit`."""

from typing import Annotated

import typer

from nippo_cli.cli import add as questions
from nippo_cli.cli.frame import AddCommand, EntryId, Later, NewDay, WhyText, command, context_of
from nippo_cli.services.context import Report
from nippo_cli.services.writing import amend, cut_edits, undo


@command("edit", AddCommand, help="cli.edit.help")
def edit(
    ctx: typer.Context,
    entry: EntryId,
    why: WhyText = "",
    on: NewDay = None,
    deal: Annotated[str | None, typer.Option("--deal", metavar="DEAL", help="cli.edit.deal")] = None,
    later: Later = False,
    retract: Annotated[bool, typer.Option("--retract", help="cli.edit.retract")] = False,
    erase: Annotated[bool, typer.Option("--erase", help="cli.edit.erase")] = False,
) -> None:
    """Correct an entry, take it back, or erase what it says."""
    run = context_of(ctx)
    workspace = run.workspace()
    if erase:
        run.show(undo.erase(workspace, entry, why=why), workspace)
    elif retract:
        run.show(undo.retract(workspace, entry, why=why), workspace)
    elif not (run.fields or deal or on or later) and run.interactive and questions.can_converse():
        questions.correct(run, workspace, entry, why)
    else:
        report = Report(raw=run.fields, deal=deal, on=on, later=later)
        run.show(amend.amend(workspace, entry, report, why=why), workspace)
    cut_edits.forget_edit(workspace, entry)
