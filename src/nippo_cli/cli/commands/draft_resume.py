"""`nippo draft resume`."""

from typing import Annotated

import typer

from nippo_cli.cli.add import resume_draft
from nippo_cli.cli.frame import AddCommand, ChangeCustomer, Later, NewDeal, command, context_of


@command("draft resume", AddCommand, help="cli.draft.resume.help")
def resume(
    ctx: typer.Context,
    number: Annotated[str | None, typer.Argument(metavar="[N]", help="cli.draft.number")] = None,
    deal: Annotated[str | None, typer.Option("--deal", metavar="DEAL", help="cli.draft.resume.deal")] = None,
    new_deal: NewDeal = False,
    change_customer: ChangeCustomer = False,
    later: Later = False,
    edit: Annotated[bool, typer.Option("-e", "--edit", help="cli.add.edit")] = False,
) -> None:
    """Go on with a draft: question by question, in the editor, or with what the options say."""
    resume_draft(
        context_of(ctx), number, deal, new_deal=new_deal, change_customer=change_customer, later=later, edit=edit
    )
