"""Bare `nippo`."""

from nippo_cli.cli.frame.context import CliContext


def morning(session: CliContext) -> None:
    """The morning page; where there is no journal yet, how to begin."""
    from nippo_cli.services.pages import morning as page

    desk = session.desk()
    session.show(page(desk), desk)
