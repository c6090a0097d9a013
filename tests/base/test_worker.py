"""A second process: what it says is heard in order, and however the block ends, none is left."""

import multiprocessing
import os
import shutil
import signal
import time
from multiprocessing import resource_tracker
from multiprocessing.spawn import get_executable, set_executable
from pathlib import Path

import pytest
import worker_tasks as tasks

from nippo_cli.base import worker as worker_module
from nippo_cli.base.errors import NotFound
from nippo_cli.base.worker import WorkerLost, working_beside


def test_what_is_said_is_answered_in_order():
    """As many messages as there are, then the end of the block."""
    with working_beside(tasks.echo, "はい、") as second:
        assert second is not None
        for word in ("一", "二", "三"):
            second.send(word)
            assert second.receive() == f"はい、 {word}"
        second.send(None)
    assert multiprocessing.active_children() == []


def test_so_many_messages_are_on_their_way_at_most():
    """Each is answered beside what is kept for it, in order; the next is taken once there is room for it."""
    taken: list[int] = []
    heard: list[int] = []

    def messages():
        for n in range(7):
            taken.append(n)
            yield f"{n}", n

    with working_beside(tasks.echo, "はい、") as second:
        assert second is not None
        for n, answer in second.answers(messages(), 3):
            assert answer == f"はい、 {n}"
            assert len(taken) == min(n + 4, 7)
            heard.append(n)
        second.send(None)
    assert heard == [0, 1, 2, 3, 4, 5, 6]


def test_what_it_raises_is_raised_here():
    """After all that it said before, with its message, its hint and its exit code."""
    with working_beside(tasks.refuse, "journal.none") as second:
        assert second is not None
        assert second.receive() == "half"
        with pytest.raises(NotFound) as raised:
            second.receive()
    assert (raised.value.message.key, raised.value.message.params) == ("journal.none", {"path": "x"})
    assert raised.value.hint is not None
    assert raised.value.hint.key == "hint"


def test_one_that_is_killed_is_an_error():
    """Whether it is asked, heard or told something."""
    with working_beside(tasks.pid) as second:
        assert second is not None
        os.kill(second.receive(), getattr(signal, "SIGKILL", signal.SIGTERM))
        with pytest.raises(WorkerLost):
            second.receive()
        assert second.has_message()
        with pytest.raises(WorkerLost):
            second.send("x" * 10_000_000)


def test_its_work_goes_on_before_it_is_heard(tmp_path):
    """Megabytes, far more than a pipe holds; then all of it is heard, in order."""
    mark = tmp_path / "said"
    with working_beside(tasks.ahead, str(mark), 3) as second:
        assert second is not None
        _wait_for(mark)
        assert [second.receive()[0] for _ in range(3)] == ["0", "1", "2"]


def test_it_can_be_told_much_while_it_is_busy(tmp_path):
    """Nobody waits for it to hear; it hears all of it later."""
    mark = tmp_path / "told"
    with working_beside(tasks.busy, str(mark)) as second:
        assert second is not None
        for n in range(3):
            second.send("x" * (1_000_000 + n))
        mark.touch()
        assert [second.receive() for _ in range(3)] == [1_000_000, 1_000_001, 1_000_002]
        second.send(None)


def _wait_for(mark: Path) -> None:
    deadline = time.monotonic() + 30
    while not mark.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize("stop", [KeyboardInterrupt, ValueError])
def test_a_block_that_fails_leaves_no_process(stop):
    """Not even one that has much to say yet."""

    def fail():
        with working_beside(tasks.flood) as second:
            assert second is not None
            second.receive()
            raise stop

    with pytest.raises(stop):
        fail()
    assert multiprocessing.active_children() == []


def test_who_is_stopped_waits_for_no_work(tmp_path, monkeypatch):
    """Work that says nothing for long is ended there and then: nobody is going to hear of it."""
    monkeypatch.setattr(worker_module, "_SECONDS_TO_END", 60)
    mark = tmp_path / "done"

    def stop():
        with working_beside(tasks.long, str(mark), 10) as second:
            assert second is not None
            second.receive()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop()
    assert not mark.exists()


def test_what_nobody_hears_is_told_nobody(capfd):
    """Work that fails once the first process has heard enough prints nothing."""
    with working_beside(tasks.bitter) as second:
        assert second is not None
        second.receive()
    assert capfd.readouterr().err == ""


def test_ctrl_c_is_for_the_first_process_alone():
    """The second ends when the first does, without a word of its own; and the first hears Ctrl-C as before."""
    before = signal.getsignal(signal.SIGINT)
    with working_beside(tasks.deaf) as second:
        assert second is not None
        assert second.receive() is True
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.skipif(not shutil.which("false"), reason="no program that only fails")
def test_one_that_python_could_not_start_in_has_not_begun():
    """The caller is told so where he asks, and hears nothing."""
    # Python's own helper of spawned processes starts once for all that follow, and not from what only fails.
    resource_tracker.ensure_running()
    python = get_executable()
    set_executable(shutil.which("false"))
    try:
        with working_beside(tasks.echo, "") as second:
            assert second is not None
            assert not second.started()
            with pytest.raises(WorkerLost):
                second.receive()
    finally:
        set_executable(python)


def test_where_no_process_can_be_begun_there_is_none(monkeypatch):
    """The caller does the work itself."""

    def no_room(_process):
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("multiprocessing.process.BaseProcess.start", no_room)
    with working_beside(tasks.echo, "") as second:
        assert second is None
