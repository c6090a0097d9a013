"""What every test stands on: no time limits on a shared machine, and the Japanese screen unless a test says otherwise."""

import gc
import os
import shutil
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typer.main
from hypothesis import HealthCheck, settings

import nippo_cli
from nippo_cli.base import language
from nippo_cli.base.ids import take_bare_numbers_for
from nippo_cli.base.text import take_ambiguous_as_wide
from nippo_cli.cli.frame import app
from nippo_cli.journal.log import store
from nippo_cli.journal.write import migrations

if TYPE_CHECKING:
    from servers import Server

_connect = sqlite3.connect
SRC = str(Path(language.__file__).parent)

# Where the machine stands and what it speaks decide no test; a test of a zone or of a language names it.
os.environ["TZ"] = "Asia/Tokyo"
os.environ["LC_MESSAGES"] = "ja_JP.UTF-8"
os.environ.pop("LC_ALL", None)
if hasattr(time, "tzset"):
    time.tzset()

# Hundreds of thousands of small files: written to memory, where the system lends enough of it and runs programs from there, they take a
# twentieth less of all processor time, and wait for no disk. `TMPDIR` stays as it is: what nippo makes there is none of pytest's.
MEMORY = Path("/dev/shm")
if (
    MEMORY.is_dir()
    and os.access(MEMORY, os.W_OK | os.X_OK)
    and not os.statvfs(MEMORY).f_flag & getattr(os, "ST_NOEXEC", 0)
    and shutil.disk_usage(MEMORY).free > 4 << 30
):
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

PACKAGE = Path(nippo_cli.__file__).parent
# A fresh clone lacks them, and so does one that was updated by git alone.
BUILT = ("locale/en.mo", "locale/ja.mo", "schema/templates/default.yaml", "cli/completion/command_table.py")
if missing := [name for name in BUILT if not (PACKAGE / name).exists()]:
    pytest.exit(f"{', '.join(missing)}: not built yet. Run: python hatch_build.py", returncode=1)

# A shell's background job is begun deaf to Ctrl-C, and so would be every nippo that a test stops by it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN and threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)

# `just deep` tries more.
EXAMPLES = 300 if os.environ.get("NIPPO_FAULTS") == "all" else 25
settings.register_profile("nippo", deadline=None, max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("nippo")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes longest begins first, dealt out to the processes that share the tests (`--dist worksteal` gives each an even
    part of the list): begun last, it would have the machine to itself while the others have nothing left."""
    long = [item for item in items if item.get_closest_marker("long")]
    rest = (item for item in items if not item.get_closest_marker("long"))
    workers: int = getattr(config, "workerinput", {}).get("workercount", 1)
    ordered: list[pytest.Item] = []
    for nth in range(workers):
        part, own = (len(items) - len(ordered)) // (workers - nth), long[nth::workers]
        ordered += [*own, *islice(rest, max(0, part - len(own)))]
    items[:] = [*ordered, *rest]


def pytest_collection_finish() -> None:
    """What was loaded stays to the end: the garbage collector need not walk through it each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def server() -> "Iterator[Server]":
    """A PostgreSQL server for all tests of a process that ask for one."""
    from servers import running_server

    from nippo_cli.carriers import server_connection

    # A busy machine takes its time to answer.
    with pytest.MonkeyPatch.context() as patched, running_server() as made:
        patched.setattr(server_connection, "CONNECT_SECONDS", 120)
        yield made


@pytest.fixture(scope="session", autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[None]":
    """No test reaches the user's own journals or what nippo keeps of them, nor does what several tests share."""
    with pytest.MonkeyPatch.context() as patched:
        for kept in ("data", "state"):
            patched.setenv(f"XDG_{kept.upper()}_HOME", str(tmp_path_factory.getbasetemp() / kept))
        yield


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine's own reaches a test."""
    for name in (
        "NIPPO_JOURNAL",
        "NIPPO_SCHEMA",
        "NIPPO_LANG",
        "NIPPO_NOW",
        "NIPPO_AUTHOR",
        "NIPPO_MAIL_FROM",
        "NO_COLOR",
        "COLUMNS",
        "COLORTERM",
        "FORCE_COLOR",
        "NIPPO_BOX",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    # No process goes on behind a test, unless it asks for one.
    monkeypatch.setenv("NIPPO_SYNC", "off")
    language.bind("ja")
    take_ambiguous_as_wide(wide=False)
    # A team's journal that the test before looked at has set it for the process.
    take_bare_numbers_for(0)


_first_steps = migrations.apply


@cache
def _empty_journal() -> sqlite3.Connection:
    """A journal without a record, in memory: made once in a process."""
    made = _connect(":memory:", isolation_level=None, check_same_thread=False)
    _first_steps(made)
    return made


def _copied_steps(cx: sqlite3.Connection, *, stop_before: str | None = None) -> None:
    """The steps of a journal; where it is new, the file that they make."""
    if stop_before is not None or cx.execute("select 1 from sqlite_master").fetchone():
        _first_steps(cx, stop_before=stop_before)
    else:
        _empty_journal().backup(cx)


def _once(make: Callable[..., Any]) -> Callable[..., Any]:
    """A command that is made once in a process; what it has of the journal's schema, anew each time."""
    made = cache(make)

    def again(*of: str, **how: bool) -> Any:
        command = made(*of, **how)
        command._every = None
        return command

    return again


_PARAMS, _ROOT, _LOADED = cache(typer.main.get_params_from_function), _once(app.root), _once(app._loaded)


@pytest.fixture(scope="session", autouse=True)
def _what_takes_long_is_done_once() -> Iterator[None]:
    """In pytest's own process no power is cut: what the disk is made to wait for is a matter of tests/faults, whose nippo is
    another process. A commit would wait for it some hundredths of a second, and there are thousands. A journal is begun in every other
    test, and its steps take as long as the rest of a command: all but the first are copies. And a process of nippo reads the signatures
    of one command, once; the process of the tests, of ten thousand."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(store, "EXTRA", "pragma synchronous = off")
        patched.setattr(os, "fsync", lambda _: None)
        patched.setattr(migrations, "apply", _copied_steps)
        patched.setattr(typer.main, "get_params_from_function", _PARAMS)
        patched.setattr(app, "root", _ROOT)
        patched.setattr(app, "_loaded", _LOADED)
        yield


class _Watched(sqlite3.Connection):
    """A connection that is known while it is open, and by whom it was opened."""

    open: dict[int, tuple["_Watched", str]] = {}  # noqa: RUF012  of the process

    def close(self) -> None:
        _Watched.open.pop(id(self), None)
        super().close()


@pytest.fixture(autouse=True)
def _closed_connections(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What nippo opens it closes, whatever goes wrong in between: on Windows nobody could move or remove the file. What a
    test itself opened is closed for it."""
    connect = sqlite3.connect

    def watched(*args: object, **options: object) -> sqlite3.Connection:
        made = connect(*args, **{"factory": _Watched, **options})
        # Another thread closes its own, and nobody else may.
        if isinstance(made, _Watched) and threading.current_thread() is threading.main_thread():
            _Watched.open[id(made)] = made, sys._getframe(1).f_code.co_filename
        return made

    monkeypatch.setattr(sqlite3, "connect", watched)
    yield
    left = list(_Watched.open.values())
    for connection, _ in left:
        connection.close()
    assert [where for _, where in left if where.startswith(SRC)] == []
