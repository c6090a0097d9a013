"""`nippo gap`."""

from typing import TYPE_CHECKING, Annotated

import typer

from nippo_cli.base.errors import ExitCode, UsageError, msg
from nippo_cli.base.language import t
from nippo_cli.cli.frame import (
    AnswerCommand,
    Chosen,
    Customer,
    Owner,
    Since,
    Stage,
    Until,
    context_of,
    days,
)
from nippo_cli.cli.frame.waiting import waiting

if TYPE_CHECKING:
    from nippo_cli.cli.frame import CliContext
    from nippo_cli.services.context import GapQuery, Workspace


def register(app: Chosen) -> None:
    """Put the command into the app."""
    app.command("gap", cls=AnswerCommand, help=t("cli.gap.help"))(gap)


def gap(
    ctx: typer.Context,
    kind: Annotated[str, typer.Argument(help=t("cli.gap.kind"))] = "",
    since: Since = None,
    until: Until = None,
    min_stay: Annotated[str | None, typer.Option("--min-stay", metavar="60d", help=t("cli.gap.min_stay"))] = None,
    owner: Owner = None,
    customer: Customer = None,
    stage: Stage = None,
    by: Annotated[str | None, typer.Option("--by", metavar="owner", help=t("cli.gap.by"))] = None,
    compare: Annotated[bool, typer.Option("--compare", help=t("cli.gap.compare"))] = False,
    exit_code: Annotated[bool, typer.Option("--exit-code", help=t("cli.gap.exit_code"))] = False,
) -> None:
    """What the diary says against what happened."""
    from nippo_cli.services.context import DEFAULT_SINCE, GapQuery, Scope

    session = context_of(ctx)
    desk = session.desk()
    asked = GapQuery(since or DEFAULT_SINCE, until, Scope(owner, customer, stage), days(min_stay, "--min-stay"))
    by_owner = _by_owner(by)
    if by_owner and (kind or compare):
        raise UsageError(msg("cli.gap.by_alone"))
    if compare:
        found = _compared(session, desk, kind, asked)
    else:
        found = _kind(session, desk, kind, asked) if kind else _whole(session, desk, asked, by_owner=by_owner)
    if exit_code and found:
        raise typer.Exit(ExitCode.FOUND)


def _kind(session: "CliContext", desk: "Workspace", kind: str, asked: "GapQuery") -> int:
    """One kind's page; how many findings it has."""
    from nippo_cli.services.gaps import page

    with waiting():
        found = page(desk, kind, asked, limit=session.row_limit)
    session.show(found, desk)
    return found.total


def _whole(session: "CliContext", desk: "Workspace", asked: "GapQuery", *, by_owner: bool) -> int:
    """The page of all kinds; how many findings they have."""
    from nippo_cli.services.gaps.whole import whole

    with waiting():
        found = whole(desk, asked, limit=session.rows_a_section, by_owner=by_owner)
    session.show(found, desk)
    return sum(one.total for one in found.kinds)


def _compared(session: "CliContext", desk: "Workspace", kind: str, asked: "GapQuery") -> int:
    """Two days against each other; how many findings stand on the later one."""
    from nippo_cli.services.gaps import compared

    with waiting():
        found = compared(desk, kind, asked)
    session.show(found, desk)
    return sum(change.what != "gone" for change in found.changes)


def _by_owner(said: str | None) -> bool:
    if said not in (None, "owner"):
        raise UsageError(msg("cli.bad_choice", option="--by", said=said, allowed="owner"))
    return said is not None
