"""Bare `nippo`."""

from nippo_cli.cli.session import Session


def morning(session: Session) -> None:
    """The morning page; where there is no journal yet, how to begin."""
    from nippo_cli.desk.today import morning as page

    desk = session.desk()
    session.show(page(desk), desk)
