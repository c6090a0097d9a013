"""`nippo edit`."""

from typing import TYPE_CHECKING, Annotated

import typer

from nippo_cli.base.errors import Interrupted, msg
from nippo_cli.base.ids import show_id
from nippo_cli.base.language import say, t
from nippo_cli.cli import add as questions
from nippo_cli.cli.frame import AddCommand, EntryId, Later, NewDay, WhyText, command, context_of, tell, yes
from nippo_cli.services import writing
from nippo_cli.services.context import Report
from nippo_cli.services.writing import amend, cut_edits, undo

if TYPE_CHECKING:
    from nippo_cli.cli.frame import CliContext
    from nippo_cli.services.context import Workspace


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
        if run.interactive and not run.dry_run:
            _ask_about_slip(workspace, entry, report)
        try:
            done = amend.amend(workspace, entry, report, why=why)
        except writing.EntryOfLeftDeal as left:
            done = amend.amend(workspace, entry, _going_on(run, report, left), why=why)
        run.show(done, workspace)
    cut_edits.forget_edit(workspace, entry)


def _going_on(run: "CliContext", report: Report, left: "writing.EntryOfLeftDeal") -> Report:
    """The report that names by its id the deal which another customer left, where a person says that it goes on.

    Raises:
        EntryOfLeftDeal: nobody is there to ask, or it does not.
    """
    if not run.interactive:
        raise left
    tell(say(left.message))
    try:
        is_meant = yes(t("cli.ask.go_on", id=show_id(left.deal)))
    except (KeyboardInterrupt, EOFError):
        is_meant = False
    if not is_meant:
        raise left
    return report._replace(deal=show_id(left.deal))


def _ask_about_slip(workspace: "Workspace", entry: str, report: Report) -> None:
    """Ask whether an amount of a hundred times the deal's, or a hundredth, is meant, before it is written.

    Raises:
        Interrupted: it is not.
    """
    slip = amend.would_slip(workspace, entry, report)
    if slip is None:
        return
    amount, both = slip
    try:
        is_meant = yes(t("cli.ask.hundredfold", **both))
    except (KeyboardInterrupt, EOFError):
        is_meant = False
    if not is_meant:
        raise Interrupted(msg("cli.edit.not_corrected", id=entry))
    workspace.sure_amount = amount
