"""A connection to a team's server, on which each question is answered in time or not at all; and what its errors mean.

Each call is one statement and a transaction of its own, and nothing is left behind in the session: so it may go through a pooler
that gives each transaction another connection.
"""

import re
from collections.abc import Generator
from time import monotonic
from typing import Any, Final, TypeVar
from urllib.parse import parse_qs, urlsplit

import psycopg

from nippo_cli.carriers.carrier import Ahead, CarrierError, Fork, Gap, NotAllowed, Unavailable, WrongRole

# Seconds until a server counts as down, and until an answer counts as too late.
CONNECT_SECONDS: Final = 5
ANSWER_SECONDS: Final = 30.0
# Names and addresses of this machine, where nobody listens on the way.
_LOCAL: Final = ("", "localhost", "127.0.0.1", "::1")
_RV = TypeVar("_RV")

_OWN: Final[dict[str, type[CarrierError]]] = {
    "NP001": Gap, "NP002": Fork, "NP003": Ahead, "NP005": NotAllowed, "NP007": WrongRole,
}  # fmt: skip
_NUMBERED: Final = ("NP003", "NP007")
_KEYS: Final = {
    "NP004": "team.server.token",
    "NP008": "team.server.begun",
    "NP009": "team.server.name_taken",
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
    "team.server.full": (
        "too many", "connection slots", "no more connections", "クライアント数が多すぎ", "接続が多すぎ", "接続枠", "接続スロット",
    ),
    "team.server.login": ("authentication failed", "no password supplied", "認証に失敗", "pg_hba.conf"),
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
    split = urlsplit(address)
    said = parse_qs(split.query)
    is_local = (split.hostname or "") in _LOCAL and not any(host.strip("/") == host for host in said.get("host", ()))
    try:
        connection = Connection.connect(
            address.partition("#")[0],
            autocommit=True,
            prepare_threshold=None,
            connect_timeout=CONNECT_SECONDS,
            client_encoding="utf8",
            application_name="nippo",
            sslmode=None if is_local or "sslmode" in said else "require",
        )
    except psycopg.Error as error:
        raise carrier_error(error) from error
    connection.answer_seconds = answer_seconds
    return connection


def carrier_error(error: psycopg.Error) -> CarrierError:
    """What an error of the server's means."""
    said = short_words(error)
    code = error.sqlstate or ""
    if code in _OWN:
        return _OWN[code](str(error.diag.message_detail) if code in _NUMBERED else said)
    if isinstance(error, TooLate | psycopg.errors.ConnectionTimeout):
        return Unavailable("team.server.slow", said)
    if code in _KEYS:
        return Unavailable(_KEYS[code], said)
    if not code and isinstance(error, psycopg.OperationalError):
        whole = str(error)
        by_words = (key for key, words in _WORDS.items() if any(word in whole for word in words))
        return Unavailable(next(by_words, "team.server.down"), said)
    if code.startswith(("08", "57")):
        return Unavailable("team.server.down", said)
    return CarrierError(said)


def short_words(error: psycopg.Error) -> str:
    """What an error says, without which server it is about; the last attempt's, where there were several."""
    lines = [line for line in str(error).strip().splitlines() if not line.startswith(("LINE ", "HINT:", "\t", " "))]
    return _WHICH.sub("", lines[-1] if not error.sqlstate else lines[0]) if lines else type(error).__name__


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
