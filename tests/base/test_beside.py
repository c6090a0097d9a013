"""A call beside other work: what it returns or raises comes out where it is asked for."""

from threading import Event, current_thread

import pytest

from nippo_cli.base.beside import BesideCall


def test_it_runs_while_something_else_is_done():
    """In another thread, which waits for what this one does after it began."""
    done = Event()
    beside = BesideCall(lambda: (done.wait(10), current_thread()))
    done.set()
    waited, thread = beside.result()
    assert waited
    assert thread is not current_thread()


def test_what_it_raises_is_raised():
    """Where its result is asked for."""

    def refuse(why: str) -> None:
        raise PermissionError(why)

    beside = BesideCall(refuse, "another's")
    with pytest.raises(PermissionError, match="another's"):
        beside.result()
