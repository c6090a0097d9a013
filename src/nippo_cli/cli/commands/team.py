"""`nippo team`: begun, joined, left, moved."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.base.language import t, tn
from nippo_cli.cli.frame import CareCommand, CliContext, check_progress, command, context_of, yes
from nippo_cli.services.team import leaving, membership, moving, status as status_page
from nippo_cli.services.team.settings import is_server

if TYPE_CHECKING:
    from nippo_cli.services.context import Workspace


@command("team begin", CareCommand, help="cli.team.begin.help")
def begin(
    ctx: typer.Context,
    address: Annotated[str, typer.Argument(metavar="folder:PATH|postgresql://…", help="cli.team.begin.address")],
    confirmed: Annotated[bool, typer.Option("--yes", help="cli.team.yes")] = False,
) -> None:
    """Make the diary a team's."""
    run = context_of(ctx)
    workspace = run.workspace()
    _refuse_dry(workspace.dry_run)
    if not confirmed and not _agrees(run.interactive, _begin_question(workspace, address)):
        run.notice(msg("team.nothing_done"))
        return
    with check_progress() as progress:
        done = membership.begin(workspace, address, progress=progress)
    run.show(done, workspace)


@command("team invite", CareCommand, help="cli.team.invite.help")
def invite(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="cli.team.invite.name")],
    role: Annotated[str, typer.Option("--role", metavar="member|lead|reader", help="cli.team.invite.role")] = "member",
) -> None:
    """Make a code for one machine of one person."""
    run = context_of(ctx)
    workspace = run.workspace()
    run.show(membership.invite(workspace, name, role=role), workspace)


@command("team join", CareCommand, help="cli.team.join.help")
def join(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help="cli.team.join.code")],
    empty: Annotated[bool, typer.Option("--empty", help="cli.team.join.empty")] = False,
    folder: Annotated[str | None, typer.Option("--folder", metavar="DIR", help="cli.team.join.folder")] = None,
    confirmed: Annotated[bool, typer.Option("--yes", help="cli.team.yes")] = False,
) -> None:
    """Take part in a team's diary."""
    run = context_of(ctx)
    workspace = run.workspace()
    _refuse_dry(workspace.dry_run)
    with check_progress() as progress:
        along = moving.go_along(workspace, code, folder=folder, progress=progress)
    if along is not None:
        run.show(along, workspace)
        return
    brings_own = workspace.places.journal_db.exists() and not empty
    if brings_own and not confirmed and not _agrees(run.interactive, t("team.ask_join")):
        run.notice(msg("team.nothing_done"))
        return
    with check_progress() as progress:
        done = membership.join(workspace, code, empty=empty, folder=folder, progress=progress)
    run.show(done, workspace)


@command("team leave", CareCommand, help="cli.team.leave.help")
def leave(
    ctx: typer.Context,
    to: Annotated[str | None, typer.Option("--to", metavar="NAME", help="cli.team.leave.to")] = None,
    alone: Annotated[bool, typer.Option("--alone", help="cli.team.leave.alone")] = False,
    confirmed: Annotated[bool, typer.Option("--yes", help="cli.team.yes")] = False,
) -> None:
    """Hand one's deals over and leave the team."""
    run = context_of(ctx)
    workspace = run.workspace()
    if alone == (to is not None):
        raise UsageError(msg("team.leave_how"), hint=msg("team.leave_how.hint"))
    plan = None
    if to is not None:
        with check_progress() as progress:
            plan = leaving.plan_leave(workspace, to, progress=progress)
    if plan is None:
        ask = t("team.ask_leave_alone")
    else:
        ask = tn("team.ask_leave", len(plan.deals), to=plan.to) if plan.deals else t("team.ask_leave_no_deals")
    if not (confirmed or workspace.dry_run or _agrees(run.interactive, ask)):
        run.notice(msg("team.nothing_done"))
        return
    with check_progress() as progress:
        done = leaving.leave_alone(workspace) if plan is None else leaving.leave(workspace, plan, progress=progress)
    run.show(done, workspace)


@command("team revoke", CareCommand, help="cli.team.revoke.help")
def revoke(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME|DEVICE", help="cli.team.revoke.name")],
) -> None:
    """Take somebody, or a device, out of the team."""
    _show_done(context_of(ctx), partial(leaving.revoke, said=name))


@command("team move", CareCommand, help="cli.team.move.help")
def move(
    ctx: typer.Context,
    address: Annotated[str, typer.Argument(metavar="folder:PATH", help="cli.team.move.address")],
) -> None:
    """Publish the team's records elsewhere, under a new key."""
    run = context_of(ctx)
    _refuse_dry(run.workspace().dry_run)
    _show_done(run, partial(moving.move, address=address))


@command("team status", CareCommand, help="cli.team.status.help")
def status(ctx: typer.Context) -> None:
    """How far everybody's records are."""
    run = context_of(ctx)
    workspace = run.workspace()
    run.show(status_page.status(workspace), workspace)


def _begin_question(workspace: "Workspace", address: str) -> str:
    """What is asked before a diary becomes a team's: of one that is not there yet, under whose name it begins."""
    if workspace.places.journal_db.exists():
        return t("team.ask_begin_server" if is_server(address) else "team.ask_begin")
    ask = "team.ask_begin_server_new" if is_server(address) else "team.ask_begin_new"
    return t(ask, name=workspace.author or workspace.machine_user)


def _show_done(run: CliContext, act: Callable[..., object]) -> None:
    """Do what takes a while, and show what came of it."""
    workspace = run.workspace()
    with check_progress() as progress:
        done = act(workspace, progress=progress)
    run.show(done, workspace)


def _refuse_dry(dry_run: bool) -> None:
    """What is published can't be tried."""
    if dry_run:
        raise UsageError(msg("team.no_dry_run"))


def _agrees(interactive: bool, ask: str) -> bool:
    """Whether the person wants it.

    Raises:
        UsageError: nobody can be asked.
    """
    if not interactive:
        raise UsageError(msg("team.not_confirmed"), hint=msg("team.not_confirmed.hint"))
    return yes(ask)
