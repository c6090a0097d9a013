"""`nippo team host`: a PostgreSQL server becomes a team's, or is brought up to this version. Done again, all is put right."""

import os
import re
import secrets
from collections.abc import Iterator
from hashlib import sha256
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import psycopg

from nippo_cli.base.frozen import NamedTuple
from nippo_cli.carriers import server_sql
from nippo_cli.carriers.carrier import CarrierError, Unavailable
from nippo_cli.carriers.postgres import new_token
from nippo_cli.carriers.server_connection import Connection, carrier_error, connect

LOGIN: Final = "nippo"
# Records dated later than this are refused.
AHEAD: Final = "1 day"
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,30}")
_STATE: Final = """
select pg_catalog.obj_description(pg_catalog.to_regnamespace('nippo'), 'pg_namespace'),
  exists (select from pg_catalog.pg_roles where rolname = %s),
  pg_catalog.current_setting('server_encoding'),
  exists (select from pg_catalog.pg_available_extensions where name = 'citus')
"""
_TEAM: Final = "insert into nippo.device (team, name, member, role, token_sha256) values (%s, '', '', 'lead', %s)"
_ANY_TEAM: Final = "select exists (select from nippo.device)"
# Two that set one server up at once come one after the other: any number that no other program is likely to take.
_LOCK: Final = "select pg_catalog.pg_advisory_xact_lock(7116505)"


class BadLogin(CarrierError):
    """No login can be called so."""


class Hosted(NamedTuple):
    """What was done: the version before (0 where there was none) and now, the address of a team that can begin (empty where none
    was made; without a password where the login was there already), and the SQL."""

    before: int
    version: int
    address: str
    has_password: bool
    sql: str


def host(
    address: str,
    *,
    login: str = LOGIN,
    new_team: bool = False,
    distributed: bool = False,
    dry_run: bool = False,
    ahead: str = AHEAD,
) -> Hosted:
    """Set a server up as an administrator, or upgrade it. The first time, and with `new_team`, a place for a team is made.

    Args:
        dry_run: all of it is taken back at the end.

    Raises:
        CarrierError: it can't be reached, or refuses.
        BadLogin: the login's name is none.
    """
    if not _NAME.fullmatch(login):
        raise BadLogin(login)
    address = address.partition("#")[0]
    connection = connect(address)
    try:
        with connection.transaction(force_rollback=dry_run):
            connection.execute(_LOCK)
            return _host(connection, address, login, ahead, new_team=new_team, distributed=distributed, dry_run=dry_run)
    except psycopg.Error as error:
        raise carrier_error(error) from error
    finally:
        connection.close()


def _host(
    connection: Connection, address: str, login: str, ahead: str, *, new_team: bool, distributed: bool, dry_run: bool
) -> Hosted:
    """Make the server ready for a login, or say what it would take: its tables and functions, and the rights to them."""
    [(comment, has_login, encoding, has_citus)] = connection.execute(_STATE, (login,)).fetchall()
    before = int(comment.removeprefix("nippo ")) if comment and comment.startswith("nippo ") else 0
    if encoding != "UTF8":
        raise Unavailable("team.server.encoding", encoding)
    if before > server_sql.VERSION:
        raise Unavailable("team.server.newer", comment)
    if distributed and not has_citus:
        raise Unavailable("team.server.no_citus", "citus")
    password = "" if has_login else secrets.token_urlsafe(24)
    statements = [*_statements(connection, login, password, ahead, distributed=distributed)]
    sql = "".join(statements)
    if password:
        sql = re.sub(r"password '[^']*'", "password '…'", sql)
    for statement in statements:
        connection.execute(statement)
    if dry_run:
        return Hosted(before, server_sql.VERSION, "", False, sql)
    [(any_team,)] = connection.execute(_ANY_TEAM).fetchall()
    team, token = "", b""
    if new_team or not any_team:
        team, token = "t" + os.urandom(6).hex(), new_token()
        connection.execute(_TEAM, (team, sha256(token).digest()))
    made = _address(address, login, password, team, token) if team else ""
    return Hosted(before, server_sql.VERSION, made, bool(password), sql)


def _statements(connection: Connection, login: str, password: str, ahead: str, *, distributed: bool) -> Iterator[str]:
    """What is run, in its order. The login's name is in it as it stands: it is letters, digits and underscores."""
    yield server_sql.ROLES
    if password:
        # As the server keeps it: the password itself stands in no log.
        sealed = connection.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256").decode()
        yield f"create role {login} login password '{sealed}';\n"
    yield server_sql.SCHEMA
    yield server_sql.TABLES
    for statement in server_sql.FUNCTIONS.values():
        yield statement.replace("{ahead}", ahead)
    yield "\nrevoke all on all functions in schema nippo from public;\n"
    yield f"grant usage on schema nippo to {login};\n"
    for name in [*server_sql.FUNCTIONS][1:]:
        yield f"grant execute on function nippo.{name} to {login};\n"
    yield f"comment on schema nippo is 'nippo {server_sql.VERSION}';\nreset role;\n"
    if distributed:
        yield server_sql.DISTRIBUTE_TABLES
        for name in server_sql.FUNCTIONS:
            yield server_sql.DISTRIBUTE_FUNCTION.format(name)


def _address(address: str, login: str, password: str, team: str, token: bytes) -> str:
    """The address of a team that can begin: the administrator's, under the login."""
    split = urlsplit(address)
    who = login + (f":{quote(password, safe='')}" if password else "")
    query = urlencode(
        [(key, value) for key, value in parse_qsl(split.query) if key not in {"user", "password"}], safe="/"
    )
    return urlunsplit(
        (split.scheme, f"{who}@{split.netloc.rpartition('@')[2]}", split.path, query, f"{team}.{token.hex()}")
    )
