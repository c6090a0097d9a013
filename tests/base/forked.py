"""Python in processes of its own that begin at once: each is forked from one that has all of nippo loaded.

`run` is `subprocess.run`, `spawn` is `pexpect.spawn`, of a command `[sys.executable, "-c", CODE, ARGUMENT, …]`. What a test asks of the
beginning of a process (what it loads, what Python makes of its locale, which bytes it is given as arguments) needs one that is
begun anew.

This file is the process that waits, too: `python forked.py SOCKET`.
"""

import atexit
import json
import os
import random
import select
import signal
import socket
import struct
import subprocess
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

_SIZE = struct.Struct("!Q")
_STATUS = struct.Struct("!i")


class _Waiting:
    """The process that waits, one for each that runs tests."""

    def __init__(self, owner: int) -> None:
        self._owner = owner
        self._channel, other = socket.socketpair()
        os.set_inheritable(other.fileno(), True)
        argv = [sys.executable, __file__, str(other.fileno())]
        self._pid = os.posix_spawn(sys.executable, argv, {**os.environ, "LC_ALL": "C.UTF-8"})
        other.close()
        atexit.register(self._end)

    def fork(self, wanted: Mapping[str, Any], handles: Sequence[int]) -> tuple[int, int]:
        """A process with these for its standard input, output and errors: its id, and from where its end can be read."""
        said = json.dumps(wanted).encode()
        reading, writing = os.pipe()
        socket.send_fds(self._channel, [_SIZE.pack(len(said))], [*handles, writing])
        os.close(writing)
        self._channel.sendall(said)
        return _SIZE.unpack(_exactly(self._channel, _SIZE.size))[0], reading

    def _end(self) -> None:
        if os.getpid() == self._owner:
            self._channel.close()
            os.waitpid(self._pid, 0)


@cache
def _waiting(owner: int) -> _Waiting:
    """That of a process: one that was forked from it has another."""
    return _Waiting(owner)


class _Child:
    """A process that was forked."""

    def __init__(self, args: Sequence[str], env: Mapping[str, str] | None, cwd: Any, *handles: int, tty: bool) -> None:
        python, dash_c, code, *argv = map(os.fspath, args)
        assert (python, dash_c) == (sys.executable, "-c"), args
        wanted = {"code": code, "argv": argv, "env": dict(os.environ if env is None else env), "tty": tty}
        self.pid, self._reading = _waiting(os.getpid()).fork(wanted | {"cwd": os.fspath(cwd or Path.cwd())}, handles)
        self.status: int | None = None

    def look(self, seconds: float | None = 0) -> int | None:
        """Its status once it has ended, as `os.waitpid` has it, waiting so long; None as long as it goes on."""
        if self.status is None and select.select([self._reading], [], [], seconds)[0]:
            self.status = _STATUS.unpack(os.read(self._reading, _STATUS.size))[0]
            os.close(self._reading)
        return self.status


class _Popen(subprocess.Popen):  # type: ignore[type-arg]
    """A process whose end is not told to its parent."""

    _forked: _Child

    def _execute_child(self, args: Any, *options: Any) -> None:
        cwd, env, pipes = options[4], options[5], options[9:15]
        child_in, _, _, child_out, _, child_err = pipes
        own = [handle if handle != -1 else number for number, handle in enumerate((child_in, child_out, child_err))]
        self._forked = _Child(args, env, cwd, *own, tty=False)
        self.pid = self._forked.pid
        self._child_created = True
        self._close_pipe_fds(*pipes)  # type: ignore[attr-defined]

    def _internal_poll(self, *_: Any, **__: Any) -> int | None:
        if self.returncode is None and (status := self._forked.look()) is not None:
            self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def _wait(self, timeout: float | None) -> int:
        if self.returncode is None and self._forked.look(timeout) is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return self._internal_poll() or 0


def run(
    args: Sequence[str],
    *,
    input: Any = None,  # noqa: A002  as there
    capture_output: bool = False,
    timeout: float | None = None,
    check: bool = False,
    **options: Any,
) -> "subprocess.CompletedProcess[Any]":
    """As `subprocess.run`."""
    if input is not None:
        options["stdin"] = subprocess.PIPE
    if capture_output:
        options |= {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with _Popen(args, **options) as process:
        try:
            out, err = process.communicate(input, timeout=timeout)
        except BaseException:
            process.kill()
            raise
    done = subprocess.CompletedProcess(args, process.returncode, out, err)
    if check:
        done.check_returncode()
    return done


def spawn(command: str, args: Sequence[str], **options: Any) -> Any:
    """As `pexpect.spawn`."""
    import termios

    import pexpect
    from ptyprocess import PtyProcess

    class OnTerminal(PtyProcess):
        """What `pexpect` reads and writes."""

        def __init__(self, child: _Child, fd: int) -> None:
            super().__init__(child.pid, fd)
            self._child = child

        def isalive(self) -> bool:
            return self._looked(0) is None

        def wait(self) -> int | None:
            self._looked(None)
            return self.exitstatus

        def _looked(self, seconds: float | None) -> int | None:
            status = self._child.look(seconds)
            if status is not None:
                code = os.waitstatus_to_exitcode(status)
                self.status, self.terminated = status, True
                self.exitstatus, self.signalstatus = (code, None) if code >= 0 else (None, -code)
            return status

    class Spawn(pexpect.spawn):  # type: ignore[misc]
        """A command on a terminal."""

        def _spawnpty(
            self, args: Sequence[str], env: Any = None, cwd: Any = None, dimensions: Any = None, **_: Any
        ) -> Any:
            own, others = os.openpty()
            termios.tcsetwinsize(own, dimensions or (24, 80))
            made = OnTerminal(_Child([os.fsdecode(one) for one in args], env, cwd, *[others] * 3, tty=True), own)
            os.close(others)
            return made

    return Spawn(command, list(args), **options)


# --- the process that waits


def _exactly(channel: socket.socket, size: int) -> bytes:
    said = b""
    while len(said) < size:
        part = channel.recv(size - len(said))
        if not part:
            raise EOFError
        said += part
    return said


def _serve(channel: socket.socket) -> None:
    """Fork what is asked for, and tell who asked of its end."""
    ended, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    left: dict[int, int] = {}
    while True:
        ready, _, _ = select.select([channel, ended], [], [])
        if ended in ready:
            os.read(ended, 4096)
            while left and (one := os.waitpid(-1, os.WNOHANG))[0]:
                # Who asked may have gone.
                with os.fdopen(left.pop(one[0]), "wb", buffering=0) as told:
                    told.write(_STATUS.pack(one[1]))
        if channel in ready:
            head, handles, _, _ = socket.recv_fds(channel, _SIZE.size, 4)
            if not head:
                return
            wanted = json.loads(_exactly(channel, _SIZE.unpack(head)[0]))
            if not (pid := os.fork()):
                signal.set_wakeup_fd(-1)
                channel.close()
                for other in (ended, wake, handles[3], *left.values()):
                    os.close(other)
                _become(handles[:3], **wanted)
            left[pid] = handles[3]
            for handle in handles[:3]:
                os.close(handle)
            channel.sendall(_SIZE.pack(pid))


def _become(
    handles: Sequence[int], code: str, argv: list[str], env: dict[str, str], cwd: str, *, tty: bool
) -> NoReturn:
    """Be the process that `python -c CODE ARGUMENT …` is."""
    ends = 1
    try:
        _take_over(handles, env, cwd, tty=tty)
        sys.argv, sys.path[0] = ["-c", *argv], ""
        main = sys.modules["__main__"] = ModuleType("__main__")
        try:
            exec(code, main.__dict__)
            ends = 0
        except SystemExit as end:
            if not isinstance(end.code, int | None):
                sys.stderr.write(f"{end.code}\n")
            ends = end.code if isinstance(end.code, int) else int(end.code is not None)
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException as error:  # noqa: BLE001
        traceback.print_exc()
        if isinstance(error, KeyboardInterrupt):
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.kill(os.getpid(), signal.SIGINT)
    finally:
        os._exit(ends)


def _take_over(handles: Sequence[int], env: Mapping[str, str], cwd: str, *, tty: bool) -> None:
    """The surroundings that were asked for."""
    if tty:
        import fcntl
        import termios

        os.setsid()
        fcntl.ioctl(handles[0], termios.TIOCSCTTY, 0)
    for number, handle in enumerate(handles):
        os.dup2(handle, number)
    for handle in handles:
        os.close(handle)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    os.chdir(cwd)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    random.seed()
    for number, (name, mode) in enumerate({"stdin": "r", "stdout": "w", "stderr": "w"}.items()):
        errors = getattr(sys, name).errors
        made = open(number, mode, encoding="utf-8", errors=errors, closefd=False)  # noqa: SIM115
        made.reconfigure(line_buffering=name == "stderr" or made.isatty())
        setattr(sys, name, made)
        setattr(sys, f"__{name}__", made)


def _load_all() -> None:
    """All of nippo, and of others what its commands load in their own time."""
    import gc
    import importlib
    import pkgutil

    import nippo_cli

    for module in pkgutil.walk_packages(nippo_cli.__path__, "nippo_cli."):
        importlib.import_module(module.name)
    for name in ("sqlite_utils.migrations", "typer.completion", "prompt_toolkit.shortcuts", "yaml"):
        importlib.import_module(name)
    # What is not written to is shared with every child.
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    _load_all()
    _serve(socket.socket(fileno=int(sys.argv[1])))
    # To take all of nippo apart again would be for nothing.
    os._exit(0)
