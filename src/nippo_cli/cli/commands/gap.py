"""`nippo gap`."""

from typing import TYPE_CHECKING, Annotated

import typer

from nippo_cli.base.errors import ExitCode, UsageError, msg
from nippo_cli.cli.frame import (
    AnswerCommand,
    AtStage,
    Customer,
    Owner,
    Since,
    Until,
    command,
    context_of,
    days,
    waiting,
)
from nippo_cli.services import gaps
from nippo_cli.services.context import DEFAULT_SINCE, GapQuery, Scope

if TYPE_CHECKING:
    from nippo_cli.cli.frame import CliContext
    from nippo_cli.line.promised import Basis
    from nippo_cli.services.context import Workspace

_GROUPS = ("owner",)
# The kind that is asked of months: of the others it says nothing what these are filled with.
_OF_MONTHS = "promises"


@command("gap", AnswerCommand, help="cli.gap.help")
def gap(
    ctx: typer.Context,
    kind: Annotated[str, typer.Argument(help="cli.gap.kind")] = "",
    since: Since = None,
    until: Until = None,
    min_stay: Annotated[str | None, typer.Option("--min-stay", metavar="60d", help="cli.gap.min_stay")] = None,
    owner: Owner = None,
    customer: Customer = None,
    stage: AtStage = None,
    by: Annotated[str | None, typer.Option("--by", metavar="owner", help="cli.gap.by")] = None,
    basis: Annotated[str | None, typer.Option("--basis", metavar="order|sale", help="cli.gap.basis")] = None,
    compare: Annotated[bool, typer.Option("--compare", help="cli.gap.compare")] = False,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="cli.gap.exit_code")] = False,
) -> None:
    """What the diary says against what happened."""
    run = context_of(ctx)
    workspace = run.workspace()
    scope = Scope(owner, customer, stage)
    opens = run.format == "html"
    query = GapQuery(since or DEFAULT_SINCE, until, scope, days(min_stay, "--min-stay"), opens=opens)
    if basis is not None:
        query = query._replace(basis=_basis(basis, kind, compare=compare))
    by_owner = _by_owner(by)
    if by_owner and (kind or compare):
        raise UsageError(msg("cli.gap.by_alone"))
    if compare:
        count = _compared(run, workspace, kind, query)
    else:
        count = _kind(run, workspace, kind, query) if kind else _whole(run, workspace, query, by_owner=by_owner)
    if exit_code and count:
        raise typer.Exit(ExitCode.FINDINGS)


def _kind(run: "CliContext", workspace: "Workspace", kind: str, query: GapQuery) -> int:
    """One kind's page; how many findings it has."""
    with waiting():
        page = gaps.page(workspace, kind, query, limit=run.row_limit)
    run.show(page, workspace)
    return page.total


def _whole(run: "CliContext", workspace: "Workspace", query: GapQuery, *, by_owner: bool) -> int:
    """The page of all kinds; how many findings they have."""
    with waiting():
        page = gaps.whole_page(workspace, query, limit=run.rows_a_section, by_owner=by_owner)
    run.show(page, workspace)
    return sum(kind.total for kind in page.kinds)


def _compared(run: "CliContext", workspace: "Workspace", kind: str, query: GapQuery) -> int:
    """Two days against each other; how many findings there are on the later one."""
    with waiting():
        page = gaps.compared(workspace, kind, query)
    run.show(page, workspace)
    return sum(change.what != "gone" for change in page.changes)


def _basis(said: str, kind: str, *, compare: bool) -> "Basis":
    """What months are to be filled with.

    Raises:
        UsageError: it is neither orders nor sales, or what is asked is not about months.
    """
    from nippo_cli.services.context import basis_meant, key_meant

    if compare or (kind and key_meant("gap", kind, (_OF_MONTHS,)) is None):
        raise UsageError(msg("cli.gap.basis_of_months"))
    return basis_meant(said)


def _by_owner(said: str | None) -> bool:
    if said is None:
        return False
    from nippo_cli.services.context import key_meant, shown

    if key_meant("by", said, _GROUPS) is None:
        raise UsageError(msg("cli.bad_choice", option="--by", said=said, allowed=shown("by", _GROUPS)))
    return True
