"""`nippo customer people`: whom the diary names at a customer, and what is said of one of them."""

from typing import Annotated

import typer

from nippo_cli.base.errors import UsageError, msg
from nippo_cli.cli.frame import CareCommand, On, command, context_of


@command("customer people", CareCommand, help="cli.customer.people.help")
def people(
    ctx: typer.Context,
    customer: Annotated[str | None, typer.Argument(help="cli.customer.people.customer")] = None,
    person: Annotated[str | None, typer.Argument(help="cli.customer.people.person")] = None,
    moved: Annotated[str | None, typer.Option("--moved", metavar="CUSTOMER", help="cli.customer.people.moved")] = None,
    left: Annotated[bool, typer.Option("--left", help="cli.customer.people.left")] = False,
    successor: Annotated[
        str | None, typer.Option("--successor", metavar="NAME", help="cli.customer.people.successor")
    ] = None,
    rename: Annotated[str | None, typer.Option("--rename", metavar="NAME", help="cli.customer.people.rename")] = None,
    alias: Annotated[str | None, typer.Option("--alias", metavar="NAME", help="cli.customer.people.alias")] = None,
    merge: Annotated[str | None, typer.Option("--merge", metavar="NAME", help="cli.customer.people.merge")] = None,
    on: On = None,
    near: Annotated[bool, typer.Option("--near", help="cli.customer.people.near")] = False,
) -> None:
    """List people; or say of one that they went, who came after them, or what they are called."""
    from nippo_cli.services.writing.persons import PersonChange, change

    run = context_of(ctx)
    workspace = run.workspace()
    said = PersonChange(moved, left, successor, rename, alias, merge)
    if near and (person or said or on):
        raise UsageError(msg("cli.customer.people.near_alone"))
    if said:
        if not (customer and person):
            raise UsageError(msg("cli.customer.people.whom"), hint=msg("cli.customer.people.whom.hint"))
        run.show(change(workspace, customer, person, said, on=on), workspace)
        return
    if on:
        raise UsageError(msg("cli.customer.people.no_day"))
    from nippo_cli.services.pages import people as pages

    if near:
        run.show(pages.near(workspace, customer, limit=run.row_limit), workspace)
    else:
        opens = run.format == "html"
        run.show(pages.listed(workspace, customer, person, limit=run.row_limit, opens=opens), workspace)
