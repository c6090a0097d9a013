"""A connection to a team's server, on which each question is answered in time or not at all; and what its errors mean.

Each call is one statement and a transaction of its own, and nothing is left behind in the session: so it may go through a pooler
that gives each transaction another connection.
"""

import re
from collections.abc import Generator
from time import monotonic
from typing import Any, Final, TypeVar

import psycopg
from psycopg.conninfo import conninfo_to_dict

from nippo_cli.carriers.carrier import (
    Ahead,
    BadAddress,
    CarrierError,
    DeviceNameTaken,
    Fork,
    Gap,
    NotAllowed,
    Unavailable,
    WrongRole,
)

# Seconds until a server counts as down, and until an answer counts as too late.
CONNECT_SECONDS: Final = 5
ANSWER_SECONDS: Final = 30.0
# Names and addresses of this machine, where nobody listens on the way.
_LOCAL: Final = ("", "localhost", "127.0.0.1", "::1")
_RV = TypeVar("_RV")

_OWN: Final[dict[str, type[CarrierError]]] = {
    "NP001": Gap, "NP002": Fork, "NP003": Ahead, "NP005": NotAllowed, "NP007": WrongRole,
}  # fmt: skip
_NAME_TAKEN: Final = "NP009"
_NUMBERED: Final = ("NP003", "NP007")
_KEYS: Final = {
    "NP004": "team.server.token",
    "NP008": "team.server.begun",
    _NAME_TAKEN: "team.server.name_taken",
    "08P01": "team.server.full",
    "25006": "team.server.read_only",
    "28000": "team.server.login",
    "28P01": "team.server.login",
    "3D000": "team.server.no_database",
    "42501": "team.server.rights",
    "53100": "team.server.disk",
    "53300": "team.server.full",
    "55P03": "team.server.slow",
    "57014": "team.server.slow",
}
# A refused connection brings no code, only words, in the server's language.
_WORDS: Final = {
    "team.server.name": ("failed to resolve host", "could not translate host name", "変換できません"),
    "team.server.refused": ("Connection refused", "接続を拒否"),
    # Cut off while TLS was agreed on: a server that went down says no more than that.
    "team.server.down": ("unexpected eof", "Connection reset", "closed the connection"),
    "team.server.full": (
        "too many", "connection slots", "no more connections", "クライアント数が多すぎ", "接続が多すぎ", "接続枠", "接続スロット",
    ),
    "team.server.login": ("authentication failed", "no password supplied", "認証に失敗", "pg_hba.conf"),
    "team.server.no_postgres": ("invalid response to SSL negotiation", "expected authentication request"),
    "team.server.tls": ("certificate", "SSL", "証明書"),
    "team.server.no_database": ("does not exist", "は存在しません"),
    "team.server.slow": ("timeout expired", "timed out"),
}  # fmt: skip

_WHICH: Final = re.compile(
    r"^(?:connection failed: )?(?:connection to server .*?, port \d+ failed: )?(?:FATAL:\s+|ERROR:\s+)?"
)


class TooLate(psycopg.OperationalError):
    """No answer came in time."""


class Connection(psycopg.Connection[tuple[Any, ...]]):
    """One on which nothing moves for `answer_seconds` at most, whatever the server or the way to it does."""

    answer_seconds = ANSWER_SECONDS

    def wait(self, gen: Generator[Any, Any, _RV], *args: Any, **options: Any) -> _RV:
        """Wait for one answer.

        Raises:
            TooLate: it did not come; the connection is closed.
        """
        try:
            return super().wait(_watched(gen, self.answer_seconds), *args, **options)
        except TooLate:
            self.pgconn.finish()
            raise


def connect(address: str, *, answer_seconds: float = ANSWER_SECONDS) -> Connection:
    """A connection to an address, `postgresql://…`; encrypted, unless the server is this machine or the address says otherwise.

    Raises:
        CarrierError: it can't be reached.
    """
    address = address.partition("#")[0]
    try:
        said = conninfo_to_dict(address)
        connection = Connection.connect(
            address,
            autocommit=True,
            prepare_threshold=None,
            connect_timeout=None if "connect_timeout" in said else CONNECT_SECONDS,
            client_encoding="utf8",
            application_name="nippo",
            sslmode=None if _is_local(str(said.get("host") or "")) or "sslmode" in said else "require",
        )
    except psycopg.Error as error:
        raise carrier_error(error) from error
    connection.answer_seconds = answer_seconds
    return connection


def _is_local(hosts: str) -> bool:
    """Whether the hosts of an address are this machine: by name, or by a socket's folder."""
    return all(host in _LOCAL or host.startswith(("/", "@")) for host in hosts.split(","))


def carrier_error(error: psycopg.Error) -> CarrierError:
    """What an error of the server's means."""
    said = short_words(error)
    code = error.sqlstate or ""
    if code in _OWN:
        return _OWN[code](str(error.diag.message_detail) if code in _NUMBERED else said)
    if not code and isinstance(error, psycopg.ProgrammingError):
        # Its words have the whole address in them, password and all.
        return BadAddress("team.server.address", "")
    key = _KEYS.get(code) or _key_of(error, code)
    if code == _NAME_TAKEN:
        return DeviceNameTaken(key, said)
    return Unavailable(key, said) if key else CarrierError(said)


def _key_of(error: psycopg.Error, code: str) -> str:
    """The key of what an error without a code of its own means; empty where nobody knows."""
    if isinstance(error, TooLate | psycopg.errors.ConnectionTimeout):
        return "team.server.slow"
    if not code and isinstance(error, psycopg.OperationalError):
        said = str(error)
        return next((key for key, words in _WORDS.items() if any(word in said for word in words)), "team.server.down")
    return "team.server.down" if code.startswith(("08", "57")) else ""


def short_words(error: psycopg.Error) -> str:
    """The first line of what an error says, without which server it is about."""
    return _WHICH.sub("", str(error).strip().partition("\n")[0]) or type(error).__name__


def _watched(gen: Generator[Any, Any, _RV], seconds: float) -> Generator[Any, Any, _RV]:
    """The same generator, which ends with an error once nothing has come or gone for so long."""
    try:
        wanted = next(gen)
        moved_at = monotonic()
        while True:
            ready = yield wanted
            if ready:
                moved_at = monotonic()
            elif monotonic() - moved_at > seconds:
                raise TooLate("no answer in time")
            wanted = gen.send(ready)
    except StopIteration as end:
        result: _RV = end.value
        return result
