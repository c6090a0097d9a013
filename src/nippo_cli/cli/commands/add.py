"""`nippo add`."""

from typing import TYPE_CHECKING, Annotated

import typer

from nippo_cli.base.errors import Interrupted, NippoError, UsageError, msg
from nippo_cli.base.language import t
from nippo_cli.cli import add as questions, frame
from nippo_cli.cli.frame import AddCommand, By, ChangeCustomer, Later, NewDeal, On, command, context_of
from nippo_cli.services import writing
from nippo_cli.services.context import Report, lost
from nippo_cli.services.writing import deal_customer, draft_on_failure, forget_tries, record, slipped_amounts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nippo_cli.cli.frame import CliContext
    from nippo_cli.schema.schema import Schema
    from nippo_cli.services.context import Workspace

# What is of one report, and would go nowhere beside a file of them.
_OF_ONE_REPORT = ("on", "by", "new_deal", "parent", "meeting", "later", "change_customer")


@command("add", AddCommand, help="cli.add.help")
def add(
    ctx: typer.Context,
    deal: Annotated[str | None, typer.Argument(help="cli.add.deal")] = None,
    on: On = None,
    by: By = None,
    new_deal: NewDeal = False,
    parent: Annotated[str | None, typer.Option("--parent", metavar="DEAL", help="cli.add.parent")] = None,
    meeting: Annotated[str | None, typer.Option("--meeting", metavar="ID", help="cli.add.meeting")] = None,
    like: Annotated[str | None, typer.Option("--like", metavar="ID|last", help="cli.add.like")] = None,
    later: Later = False,
    change_customer: ChangeCustomer = False,
    edit: Annotated[bool, typer.Option("-e", "--edit", help="cli.add.edit")] = False,
    from_file: Annotated[str | None, typer.Option("--from-file", metavar="FILE|-", help="cli.add.from_file")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="cli.add.resume")] = False,
) -> None:
    """Record one contact, or go on with the draft that was saved last."""
    run = context_of(ctx)
    if resume:
        if any((on, by, parent, meeting, like, from_file)):
            raise UsageError(msg("cli.add.resume_alone"))
        questions.resume_draft(
            run, None, deal, new_deal=new_deal, change_customer=change_customer, later=later, edit=edit
        )
        return
    typed = Report(run.fields, deal, on, by, new_deal, parent, meeting, later, change_customer)
    if from_file is not None:
        _from_file(run, from_file, typed, also=("--like",) * (like is not None) + ("--edit",) * edit)
        return
    workspace = run.workspace()
    with draft_on_failure(workspace, [typed]):
        report = writing.like(workspace, like, typed) if like is not None else typed
        asks = not edit and run.interactive and not _is_complete(workspace, report, liked=like is not None)
    if edit:
        _refuse_lost(workspace)
        questions.write_form(run, workspace, report, typed=typed)
    elif asks:
        _by_questions(run, workspace, report, liked=like is not None)
    else:
        recap = record.add(workspace, report)
        forget_tries(workspace, report)
        run.show(recap, workspace)


def _is_complete(workspace: "Workspace", report: Report, *, liked: bool) -> bool:
    """Whether nothing is left to be asked: all that is required is there, or the rest is for later, and it and its deal
    agree."""
    is_typed = bool(report.raw) and not liked
    if not is_typed or (report.deal and not report.new_deal and not record.knows(workspace, report)):
        return False
    try:
        if deal_customer.disagreement(workspace, report) is not None:
            return False
        schema, problems, has = record.prepared(workspace, report)
        if any(not (report.later and p.needs.key == record.MISSING) for p in problems):
            return False
        slip = slipped_amounts.slip_typed(schema, has, report.raw)
    except NippoError:
        # What is wrong beside the fields is said by the write.
        return True
    return slip is None or _is_meant(workspace, schema, slip)


def _is_meant(workspace: "Workspace", schema: "Schema", slip: tuple[int, int]) -> bool:
    """Ask whether an amount of a hundred times the deal's, or a hundredth, is meant: the one question of a report that is whole
    otherwise. Where it isn't, the questions follow.

    Raises:
        Interrupted: there is no answer.
    """
    from nippo_cli.render.parts import words

    before, after = (words.value(schema.by_role["amount"], amount, schema) for amount in slip)
    try:
        is_meant = frame.yes(t("cli.ask.hundredfold", before=before, after=after))
    except (KeyboardInterrupt, EOFError):
        raise Interrupted(msg("cli.stopped")) from None
    if is_meant:
        workspace.sure_amount = slip[1]
    return is_meant


def _by_questions(run: "CliContext", workspace: "Workspace", report: Report, *, liked: bool) -> None:
    """Ask for the rest, question by question; plainly where the terminal is too simple for more."""
    _refuse_lost(workspace)
    if questions.can_converse():
        questions.write_reports(run, workspace, report, liked=liked)
    else:
        run.show(record.add(workspace, frame.completed(run, workspace, report)), workspace)


def _refuse_lost(workspace: "Workspace") -> None:
    """Refuse, before anything is typed, what the write would refuse in the end.

    Raises:
        NotFound: the journal is lost, and copies of it are there.
    """
    if (refused := lost(workspace)) is not None:
        raise refused


def _from_file(run: "CliContext", file: str, beside: Report, also: "Sequence[str]") -> None:
    """Record the entries of a file, all or none.

    Raises:
        UsageError: something is said `beside` the file, and would go nowhere.
    """
    from nippo_cli.services.writing import reports

    named = [f"--{name.replace('_', '-')}" for name in _OF_ONE_REPORT if getattr(beside, name)]
    said = [*([beside.deal] if beside.deal else []), *named, *also, *(f"--{k.replace('_', '-')}" for k in beside.raw)]
    if said:
        raise UsageError(msg("writing.beside_file", said=said), hint=msg("writing.beside_file_hint"))
    workspace = run.workspace()
    for recap in record.add_all(workspace, reports.read(workspace, file)):
        run.show(recap, workspace)
        workspace.notices.clear()
