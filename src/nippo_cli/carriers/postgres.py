"""A PostgreSQL server as a carrier.

A device shows its token and calls functions; the tables are nobody's. What a server consists of says `server_sql`, how one is set
up `hosting`. The address is `postgresql://LOGIN:PASSWORD@HOST/DATABASE#TEAM`.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from time import monotonic
from typing import Any, Final, TypeVar
from weakref import finalize

import psycopg

from nippo_cli.base.beside import BesideCall
from nippo_cli.carriers.carrier import CarrierError, DeviceKey, Portion, PublishedHead, Unavailable, Unreadable
from nippo_cli.carriers.server_connection import (
    ANSWER_SECONDS,
    Connection,
    TooLate,
    carrier_error,
    connect,
    short_words,
)
from nippo_cli.carriers.server_sql import VERSION

TOKEN_BYTES: Final = 32
# So many records are asked for at once, and so many bytes.
FETCHED, FETCHED_BYTES = 5_000, 8_000_000
# So many bytes are sent in the first statement: what the system has taken to send is not seen to move, and over a line of 10 kB a second
# the answer has to come in time all the same. Where it comes in half a second, twice as many are sent in the next one, up to so many.
SENT_BYTES, MOST_SENT = 250_000, 4_000_000
QUICK_SECONDS: Final = 0.5

_HEADS: Final = "select * from nippo.heads_1(%s, %s)"
_FETCH: Final = "select * from nippo.fetch_1(%s, %s, %s, %s, %s, %s)"
_PUSH: Final = "select nippo.push_1(%s, %s, %s, %s, %s, %s, %s, %s, %s)"
_ERASE: Final = "select nippo.erase_1(%s, %s, %s, %s::bigint[], %s)"
_BEGIN: Final = "select nippo.begin_1(%s, %s, %s, %s)"
_INVITE: Final = "select nippo.invite_1(%s, %s, %s, %s, %s, %s)"
_ANOTHER: Final = "select nippo.another_1(%s, %s, %s, %s)"
_REVOKE: Final = "select nippo.revoke_1(%s, %s, %s)"
_VERSION: Final = "select pg_catalog.obj_description(pg_catalog.to_regnamespace('nippo'), 'pg_namespace')"
# What is asked for is not there, or may not be asked for.
_NO_FUNCTION, _NO_SCHEMA = "42883", "3F000"

_R = TypeVar("_R")


def new_token() -> bytes:
    """A token for a device."""
    return os.urandom(TOKEN_BYTES)


class PostgresCarrier:
    """The carrier of a team that has a server. Its connection is made with the first call, and again once if it is lost; it ends
    with the carrier.

    Args:
        address: of the server, and behind `#` the team.
        token: the device's.
        answer_seconds: so long an answer may take.
    """

    def __init__(self, address: str, token: bytes, *, answer_seconds: float = ANSWER_SECONDS) -> None:
        self.address = address
        self._server, _, self._team = address.partition("#")
        self._token = token
        self._answer_seconds = answer_seconds
        self._connection: Connection | None = None

    # --- the protocol

    def heads(self) -> list[PublishedHead]:
        """One call."""
        return [PublishedHead(*row) for row in self._call(_HEADS)]

    def fetch(self, device: str, after: int) -> Iterator[Portion]:
        """A call a portion; where many follow, the next one is asked for while this one is read."""
        rows = self._call(_FETCH, device, after, FETCHED, FETCHED_BYTES)
        while rows:
            name, began_at, *_ = rows[0]
            *_, head, whole_to = rows[-1]
            if [row[2] for row in rows] != [*range(after + 1, after + len(rows) + 1)]:
                raise Unreadable(f"{name}-{after + 1}")
            lines = tuple(row[3].encode() for row in rows)
            portion = Portion(DeviceKey(device, name, began_at), after + 1, head, whole_to, lines)
            after += len(rows)
            following = BesideCall(self._call, _FETCH, device, after, FETCHED, FETCHED_BYTES)
            try:
                yield portion
            finally:
                # Also where nobody wants it: no two calls are on the connection at once.
                rows = following.result()

    def append(
        self,
        device: DeviceKey,
        after: int,
        head: bytes,
        records: Sequence[bytes],
        whole_to: int,
        *,
        erased: int = 0,
    ) -> None:
        """One transaction; the server counts itself what is erased."""
        del erased

        def push(connection: Connection) -> None:
            sent = after
            with connection.transaction():
                for piece in _pieces(records):
                    upto = sent + len(piece)
                    is_last = upto == after + len(records)
                    said = (head, whole_to) if is_last else (None, after)
                    connection.execute(_PUSH, (self._team, self._token, *device, sent, _text(piece), *said))
                    sent = upto

        self._in_touch(push)

    def erase(self, device: DeviceKey, records: Mapping[int, bytes]) -> None:
        """Some calls; a line is replaced by its own record's without the body, and by nothing else."""
        numbers = sorted(records)
        for piece in _pieces([records[number] for number in numbers]):
            self._call(_ERASE, device.id, numbers[: len(piece)], _text(piece))
            del numbers[: len(piece)]

    # --- who may ask

    def begin(self, name: str, member: str) -> None:
        """Take the place that was made for whoever begins the team.

        Raises:
            CarrierError: it has begun.
        """
        self._call(_BEGIN, name, member)

    def invite(self, name: str, member: str, role: str, token: bytes | None = None) -> bytes:
        """A token for a new device of a member's.

        Args:
            token: is to be this one; asked for again, it is given again.

        Raises:
            NotAllowed: who asks is no lead, and it is another member's. DeviceNameTaken: another device has the name.
        """
        token = token or new_token()
        self._call(_INVITE, name, member, role, sha256(token).digest())
        return token

    def another(self, name: str) -> bytes:
        """A token for another device of the same member's, with the same role.

        Raises:
            DeviceNameTaken: another device has the name.
        """
        token = new_token()
        self._call(_ANOTHER, name, sha256(token).digest())
        return token

    def revoke(self, name: str) -> None:
        """Take away a device's token.

        Raises:
            NotAllowed: who asks is no lead, and it is another member's.
        """
        self._call(_REVOKE, name)

    # --- the connection

    def _call(self, statement: str, *args: object) -> list[Any]:
        return self._in_touch(lambda cx: cx.execute(statement, (self._team, self._token, *args)).fetchall())

    def _in_touch(self, act: Callable[[Connection], _R]) -> _R:
        """Do something on the server. All of it can be done twice: a connection that was lost is made anew once."""
        for n in (1, 2):
            connection = self._connected()
            try:
                return act(connection)
            except psycopg.OperationalError as error:
                if not connection.closed or isinstance(error, TooLate) or n == 2:
                    raise self._explained(error) from error
            except psycopg.Error as error:
                raise self._explained(error) from error
        raise AssertionError

    def _connected(self) -> Connection:
        if self._connection is None or self._connection.closed:
            self._connection = connect(self._server, answer_seconds=self._answer_seconds)
            finalize(self, self._connection.close)
        return self._connection

    def _explained(self, error: psycopg.Error) -> CarrierError:
        """What an error means; where a function lacks, which of the two is the older."""
        if error.sqlstate not in (_NO_FUNCTION, _NO_SCHEMA):
            return carrier_error(error)
        said = short_words(error)
        version = 0
        with suppress(psycopg.Error, ValueError):
            [(comment,)] = self._connected().execute(_VERSION).fetchall()
            version = int(str(comment).removeprefix("nippo "))
        if not version:
            return Unavailable("team.server.not_hosted", said)
        return Unavailable("team.server.older" if version <= VERSION else "team.server.newer", said)


def _text(lines: Sequence[bytes]) -> str:
    """Lines as they are sent."""
    return b"\n".join(lines).decode()


def _pieces(lines: Sequence[bytes]) -> Iterator[list[bytes]]:
    """Lines in pieces of one line at least: of `SENT_BYTES` at first, of more the quicker the one before is dealt with."""
    most, at = SENT_BYTES, 0
    while at < len(lines):
        size, end = len(lines[at]), at + 1
        while end < len(lines) and size + len(lines[end]) <= most:
            size, end = size + len(lines[end]), end + 1
        began = monotonic()
        yield [*lines[at:end]]
        most, at = min(2 * most, MOST_SENT) if monotonic() - began < QUICK_SECONDS else SENT_BYTES, end
