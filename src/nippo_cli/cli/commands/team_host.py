"""`nippo team host`: a server for teams."""

from typing import Annotated

import typer

from nippo_cli.cli.frame import CareCommand, command, context_of
from nippo_cli.services.team import hosting


@command("team host", CareCommand, help="cli.team.host.help")
def host(
    ctx: typer.Context,
    address: Annotated[str, typer.Argument(metavar="postgresql://ADMIN@HOST/DATABASE", help="cli.team.host.address")],
    new_team: Annotated[bool, typer.Option("--new-team", help="cli.team.host.new_team")] = False,
    login: Annotated[str, typer.Option("--login", metavar="NAME", help="cli.team.host.login")] = "nippo",
    distributed: Annotated[bool, typer.Option("--distributed", help="cli.team.host.distributed")] = False,
) -> None:
    """Set a PostgreSQL server up for teams, or upgrade it."""
    run = context_of(ctx)
    workspace = run.workspace()
    hosted = hosting.host(address, login=login, new_team=new_team, distributed=distributed, dry_run=workspace.dry_run)
    run.show(hosted, workspace)
