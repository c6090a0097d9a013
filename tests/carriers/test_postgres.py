"""A PostgreSQL server as a carrier: what every carrier keeps to, what a device may, and what happens to servers."""

import json
import re
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import psycopg
import pytest
from conformance import Conformance, head, line
from servers import DATABASE, Server
from tls import front, tls_context

from nippo_cli.carriers import postgres
from nippo_cli.carriers.carrier import (
    Ahead,
    Carrier,
    CarrierError,
    DeviceKey,
    Fork,
    Gap,
    NotAllowed,
    Unavailable,
    WrongRole,
)
from nippo_cli.carriers.postgres import PostgresCarrier, new_token
from nippo_cli.carriers.server_connection import ANSWER_SECONDS


class TestPostgres(Conformance):
    """What every carrier keeps to."""

    @pytest.fixture(autouse=True)
    def _served(self, server: Server) -> None:
        self._server = server
        self._teams: dict[Path, PostgresCarrier] = {}

    def open(self, place: Path) -> Carrier:
        """Each time another connection, of a lead's: they may publish what is another device's."""
        if place not in self._teams:
            self._teams[place] = self._server.begun()
        return again(self._teams[place])


def again(carrier: PostgresCarrier, token: bytes = b"", **options: object) -> PostgresCarrier:
    """Another machine of the same team: of the same device, or of the one of a token."""
    return PostgresCarrier(carrier.address, token or carrier._token, **options)


def device(name: str, n: int = 1) -> DeviceKey:
    """A device's key."""
    return DeviceKey(f"2-{n:032x}", name, "2026-01-01T00:00:00.000Z")


def record(
    number: int, said: str = "話", *, kind: str = "entry", at: str = "2026-01-01T00:00:00.000Z", **body: object
) -> bytes:
    """A record as a line."""
    made = line(number, said).replace(b'"kind":"entry"', f'"kind":"{kind}"'.encode())
    made = made.replace(re.search(rb'"recorded_at":"([^"]+)"', made)[1], at.encode())
    return (
        made[: made.index(b'"body":')] + f'"body":{json.dumps(body or {"facts": said}, ensure_ascii=False)}}}'.encode()
    )


def push(
    carrier: PostgresCarrier, key: DeviceKey, lines: list[bytes], after: int = 0, before: tuple[bytes, ...] = ()
) -> None:
    """Publish lines behind those that are there."""
    every = [*before, *lines]
    carrier.append(key, after, head(len(every), every, key), lines, after + len(lines))


@pytest.fixture
def lead(server: Server) -> PostgresCarrier:
    """The first lead of a team, whose device is `zz`."""
    return server.begun()


@pytest.fixture
def member(lead: PostgresCarrier) -> PostgresCarrier:
    """A member, whose device is `mm`."""
    return again(lead, lead.invite("mm", "鈴木", "member"))


# --- rights


def test_a_device_publishes_only_its_own(lead, member):
    """Another's, also under its own name, is refused; a lead gives back what a server lost of another's."""
    with pytest.raises(NotAllowed):
        push(member, device("zz"), [record(1)])
    push(member, device("mm"), [record(1)])
    push(lead, device("mm"), [record(2)], 1, (record(1),))
    assert fetched_lines(member, device("mm")) == [record(1), record(2)]


def fetched_lines(carrier: PostgresCarrier, key: DeviceKey) -> list[bytes]:
    """All lines of a device."""
    return [one for portion in carrier.fetch(key.id, 0) for one in portion.records]


def test_one_name_is_one_log(lead, member):
    """A second machine with the same code, and a device with the random id of another, are refused."""
    push(member, device("mm", 1), [record(1)])
    with pytest.raises(Fork):
        push(again(member), device("mm", 2), [record(1)])
    other = again(lead, lead.invite("oo", "高橋", "member"))
    with pytest.raises(Fork):
        push(other, device("oo", 1), [record(1)])


def test_a_clone_that_wrote_apart_is_refused(lead, member):
    """Its numbers go on behind what is there; the running head says that its log was another."""
    key = device("mm")
    push(member, key, [record(1), record(2)])
    push(member, key, [record(3, "一方")], 2, (record(1), record(2)))
    clone = again(member)
    with pytest.raises(Fork):
        push(clone, key, [record(3, "他方")], 2, (record(1), record(2)))
    with pytest.raises(Fork):
        push(clone, key, [record(4, "続き")], 3, (record(1), record(2), record(3, "他方")))
    assert fetched_lines(lead, key) == [record(1), record(2), record(3, "一方")]


def test_roles_hold(lead):
    """A reader writes who they are and what they follow; only a lead says that somebody is a lead, and invites others."""
    reader = again(lead, lead.invite("rr", "社長", "reader"))
    key = device("rr")
    with pytest.raises(WrongRole, match="2"):
        push(reader, key, [record(1, kind="follow"), record(2)])
    assert reader.heads() == []
    push(reader, key, [record(1, kind="member", do="begin", name="社長", role="reader"), record(2, kind="follow")])
    member = again(lead, lead.invite("mm", "鈴木", "member"))
    with pytest.raises(WrongRole, match="1"):
        push(member, device("mm", 2), [record(1, kind="member", do="begin", name="鈴木", role="lead")])
    with pytest.raises(NotAllowed):
        member.invite("m2", "高橋", "member")
    with pytest.raises(NotAllowed):
        member.invite("m2", "鈴木", "lead")
    assert member.invite("m2", "鈴木", "member")


def test_a_revoked_token_is_none(lead, member):
    """Nor is one that nobody was given. A member revokes their own machines, a lead anybody's."""
    second = again(lead, member.invite("m2", "鈴木", "member"))
    member.revoke("m2")
    with pytest.raises(NotAllowed):
        member.revoke("zz")
    lead.revoke("mm")
    for carrier in (second, member, again(lead, new_token())):
        with pytest.raises(Unavailable) as error:
            carrier.heads()
        assert error.value.key == "team.server.token"


def test_a_code_for_a_name_that_is_taken_is_not_made(lead, member):
    """The inviter draws another."""
    with pytest.raises(Unavailable) as error:
        lead.invite("mm", "高橋", "member")
    assert error.value.key == "team.server.name_taken"


def test_a_device_that_a_lead_put_there_is_invited(lead, member):
    """As of a team that moved: its records are there, who it is not yet. A member can't, and twice nobody can."""
    push(lead, device("mv", 7), [record(1)])
    with pytest.raises(Unavailable):
        member.invite("mv", "鈴木", "member")
    moved = again(lead, lead.invite("mv", "高橋", "member"))
    push(moved, device("mv", 7), [record(2)], 1, (record(1),))
    with pytest.raises(Unavailable):
        lead.invite("mv", "田中", "member")


def test_a_team_begins_once(lead):
    """And no invited device begins one."""
    for carrier in (lead, again(lead, lead.invite("mm", "鈴木", "member"))):
        with pytest.raises(Unavailable) as error:
            carrier.begin("aa", "佐藤")
        assert error.value.key == "team.server.begun"


def test_teams_of_one_server_know_nothing_of_each_other(server, lead):
    """Same numbers, same names; a token is of one team."""
    other = server.begun()
    push(lead, device("zz"), [record(1, "甲")])
    push(other, device("zz"), [record(1, "乙")])
    assert fetched_lines(lead, device("zz")) == [record(1, "甲")]
    assert fetched_lines(other, device("zz")) == [record(1, "乙")]
    with pytest.raises(Unavailable):
        again(lead, other._token).heads()


def test_the_login_has_the_functions_and_nothing_else(server, lead):
    """No table, no other function, no schema of its own; a statement of one's own making is refused."""
    for statement in (
        "select * from nippo.device",
        "select line from nippo.record",
        "delete from nippo.record",
        "update nippo.device set role = 'lead'",
        "insert into nippo.device (team, name, member, role) values ('t', 'aa', '', 'lead')",
        "select nippo.device_of_1('t', '\\x00')",
        "create table nippo.mine (n int)",
        "create function nippo.mine() returns int language sql as 'select 1'",
        "create schema mine",
        "set role nippo_owner",
        "create role mine",
    ):
        with psycopg.connect(lead._server) as cx, pytest.raises(psycopg.errors.InsufficientPrivilege):
            cx.execute(statement)


def test_functions_look_nowhere_but_where_they_say(server, lead):
    """Each runs as an owner who can't log in, with a search path of pg_catalog and pg_temp; nobody but the login may call it.
    Each key and each function begins with the team, so that Citus can distribute them."""
    with psycopg.connect(server.admin()) as cx:
        rows = cx.execute(
            "select p.proname, p.prosecdef, p.proconfig, p.proargnames[1], p.proargtypes[0]::regtype::text, r.rolname, r.rolcanlogin,"
            " r.rolsuper, p.proacl::text from pg_proc p join pg_roles r on r.oid = p.proowner"
            " where p.pronamespace = 'nippo'::regnamespace"
        ).fetchall()
        indexes = cx.execute(
            "select i.indexrelid::regclass::text, a.attname from pg_index i join pg_class c on c.oid = i.indrelid"
            " join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]"
            " where c.relnamespace = 'nippo'::regnamespace"
        ).fetchall()
        sequences = cx.execute("select count(*) from pg_class where relkind = 'S'").fetchone()
    assert len(rows) == 9
    for name, definer, settings, first, kind, owner, logs_in, is_super, rights in rows:
        assert definer, name
        assert "search_path=pg_catalog, pg_temp" in settings, name
        assert (first, kind) == ("p_team", "text"), name
        assert (owner, logs_in, is_super) == ("nippo_owner", False, False), name
        grantees = {one.partition("=")[0] for one in rights.strip("{}").split(",")}
        assert grantees == {"nippo_owner", "nippo"} - ({"nippo"} if name == "device_of_1" else set()), name
    assert len(indexes) == 4
    assert {column for _, column in indexes} == {"team"}
    assert sequences == (0,)


# --- what is published


def test_what_is_dated_ahead_is_refused(server):
    """More than a day ahead of the server's clock: the number is said, and nothing of the portion is there."""
    carrier = server.begun(ahead="1 day")
    key = device("zz")
    now = datetime.now(UTC)
    soon, late = ((now + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%S.000Z") for hours in (23, 25))
    try:
        with pytest.raises(Ahead, match="2"):
            push(carrier, key, [record(1, at=soon), record(2, at=late)])
        assert carrier.heads() == []
        push(carrier, key, [record(1, at=soon)])
        assert fetched_lines(carrier, key) == [record(1, at=soon)]
    finally:
        server.found()


@pytest.mark.parametrize("bad", [b"{}", b"x", record(2), record(1).replace(b'"kind"', b'"Kind"'), record(1)[:-80]])
def test_what_is_no_record_is_refused(lead, bad):
    """Nor one under another's number."""
    with pytest.raises(CarrierError):
        lead.append(device("zz"), 0, b"h" * 32, [bad], 1)
    assert lead.heads() == []


@pytest.mark.parametrize(
    "said",
    [
        "\\u0000",
        "'); drop table nippo.record; --",
        "$$; select 1 $$",
        "%s %(a)s {0}",
        '\\", \\"hash\\":\\"' + "0" * 64,
        "髙𠮷👪",
    ],
)
def test_words_are_only_words(lead, said):
    """Of bodies byte by byte, NUL as JSON writes it too; a statement in one is a text."""
    made = line(1, "話")
    made = made[: made.index(b'"body":')] + f'"body":{{"facts":"{said}"}}}}'.encode()
    push(lead, device("zz"), [made])
    assert fetched_lines(lead, device("zz")) == [made]


@pytest.mark.parametrize("name", ["'); drop table nippo.device; --", "a'b", 'a"b', "a\\b", "佐藤 太郎", "%s"])
def test_names_are_only_names(lead, name):
    """Of members, and of devices."""
    assert again(lead, lead.invite("mm", name, "member")).invite("m2", name, "member")
    assert again(lead, lead.invite(name, "鈴木", "member")).heads() == []


def test_a_name_with_nul_is_refused(lead):
    """In words; PostgreSQL knows no such text."""
    with pytest.raises(CarrierError):
        lead.invite("mm", "a\x00b", "member")


def test_a_large_body_passes(lead, monkeypatch):
    """Of a megabyte; and portions that are sent and fetched in pieces are one portion all the same."""
    lines = [record(n, "大" * 350_000) for n in range(1, 7)]
    assert len(lines[0]) > 1_000_000
    push(lead, device("zz"), lines)
    monkeypatch.setattr(postgres, "FETCHED_BYTES", 2_500_000)
    sizes = [len(portion.records) for portion in again(lead).fetch(device("zz").id, 0)]
    assert sum(sizes) == 6
    assert len(sizes) > 1
    assert fetched_lines(again(lead), device("zz")) == lines
    assert [portion.whole_to for portion in lead.fetch(device("zz").id, 0)][-1] == 6


def test_only_the_same_record_without_its_body_takes_a_lines_place(lead, member):
    """Whoever may erase puts no other words there. A reader erases nothing."""
    key = device("zz")
    push(lead, key, [line(1), line(2)])
    reader = again(lead, lead.invite("rr", "社長", "reader"))
    reader.erase(key, {1: line(1, erased=True)})
    member.erase(key, {1: line(1, "嘘", erased=True), 2: line(2, "嘘")})
    member.erase(key, {2: line(2, erased=True).replace("佐藤".encode(), "嘘".encode())})
    assert fetched_lines(lead, key) == [line(1), line(2)]
    member.erase(key, {2: line(2, erased=True)})
    assert fetched_lines(lead, key) == [line(1), line(2, erased=True)]


def test_an_erased_word_is_in_no_row(server, lead):
    """The table is searched as its administrator would."""
    push(lead, device("zz"), [record(1, "内密の話"), record(2)])
    erased = record(1, "内密の話")
    lead.erase(device("zz"), {1: erased[: erased.index(b'"body":')] + b'"body":null}'})
    with psycopg.connect(server.admin()) as cx:
        assert cx.execute("select count(*) from nippo.record where line like '%内密の話%'").fetchone() == (0,)


# --- what happens to servers


def test_twenty_at_once_lose_and_double_nothing(lead):
    """Each pushes fifty times, some of them twice; all of it is there, in its order."""
    tokens = [lead.invite(f"d{n:02}", f"人{n}", "member") for n in range(20)]

    def write(n: int) -> list[bytes]:
        carrier, key = again(lead, tokens[n]), device(f"d{n:02}", n + 1)
        lines = [record(number, f"{n}の{number}") for number in range(1, 51)]
        for number in range(50):
            for _ in range(1 + (number % 7 == n % 7)):
                push(carrier, key, [lines[number]], number, tuple(lines[:number]))
        return lines

    with ThreadPoolExecutor(20) as pool:
        written = list(pool.map(write, range(20)))
    for n, lines in enumerate(written):
        assert fetched_lines(lead, device(f"d{n:02}", n + 1)) == lines
    assert [(one.name, one.number) for one in lead.heads()] == [(f"d{n:02}", 50) for n in range(20)]


def test_twenty_of_one_device_at_once_write_one_log(lead):
    """Copies of one machine: of twenty next records one is taken."""
    key = device("zz")
    push(lead, key, [record(1)])

    def write(n: int) -> bool:
        try:
            push(again(lead), key, [record(2, f"{n}")], 1, (record(1),))
        except Fork:
            return False
        return True

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(write, range(20))) == 1
    assert len(fetched_lines(lead, key)) == 2


def test_a_restart_in_between_is_not_noticed(server, lead):
    """The connection is made anew; while the server is down, it is said."""
    push(lead, device("zz"), [record(1)])
    server.stop()
    try:
        with pytest.raises(Unavailable) as error:
            lead.heads()
        assert error.value.key == "team.server.refused"
    finally:
        server.start()
    push(lead, device("zz"), [record(2)], 1, (record(1),))
    server.stop()
    server.start()
    assert [one.number for one in lead.heads()] == [2]


def test_what_a_backup_has_lost_is_given_back(server, lead, member):
    """By the device itself, and by a lead; a member gives back nothing of others'."""
    lines = [record(n) for n in range(1, 6)]
    push(lead, device("zz", 1), lines[:3])
    push(member, device("mm", 2), lines[:3])
    with psycopg.connect(server.admin()) as cx:
        for statement in (
            "delete from nippo.record where team = %s and number > 1",
            "update nippo.record set head = null where team = %s",
            "delete from nippo.record where team = %s and device = 'mm'",
            "update nippo.device set number = 0, head = null where team = %s and name = 'mm'",
            "delete from nippo.record where team = %s",
            "update nippo.device set number = 0, head = null where team = %s",
        ):
            cx.execute(statement, (lead._team,))
    push(lead, device("zz", 1), lines[:3])
    with pytest.raises(NotAllowed):
        push(member, device("zz", 1), lines[3:4], 3, tuple(lines[:3]))
    push(lead, device("mm", 2), lines[:3])
    assert [(one.name, one.number) for one in member.heads()] == [("mm", 3), ("zz", 3)]
    with pytest.raises(Gap):
        push(member, device("mm", 2), lines[4:], 4, tuple(lines[:4]))


def test_one_that_does_not_answer_is_slow(server, lead):
    """Whether it holds a lock, or nothing passes on the way."""
    push(lead, device("zz"), [record(1)])
    with psycopg.connect(server.admin()) as cx:
        cx.execute("select * from nippo.device where team = %s for update", (lead._team,))
        hasty = again(lead, answer_seconds=0.3)
        with pytest.raises(Unavailable) as error:
            push(hasty, device("zz"), [record(2)], 1, (record(1),))
        assert error.value.key == "team.server.slow"
    with front(server.port) as between:
        address = lead.address.replace(f":{server.port}/", f":{between.port}/")
        hasty = PostgresCarrier(address, lead._token)
        assert len(hasty.heads()) == 1
        hasty._connected().answer_seconds = 0.3
        between.passes.clear()
        with pytest.raises(Unavailable) as error:
            hasty.heads()
        assert error.value.key == "team.server.slow"


def test_over_a_slow_line_what_is_sent_comes_through(server, lead, monkeypatch):
    """What the system takes at once to send arrives for a long time yet; of each piece the answer comes in time. So does that of a piece
    of nippo's own over 10 kB a second."""
    assert postgres.SENT_BYTES / ANSWER_SECONDS < 10_000
    monkeypatch.setattr(postgres, "SENT_BYTES", 20_000)
    with front(server.port) as between:
        between.bytes_a_second = 100_000
        address = lead.address.replace(f":{server.port}/", f":{between.port}/")
        patient = PostgresCarrier(address, lead._token, answer_seconds=3)
        lines = [record(n, "話" * 1_000) for n in range(1, 200)]
        push(patient, device("zz"), lines)
    assert fetched_lines(again(lead), device("zz")) == lines


def test_the_quicker_a_server_answers_the_more_is_sent_at_once(monkeypatch):
    """Twice as much after each answer that comes quickly; after a slow one as little as at first."""
    monkeypatch.setattr(postgres, "SENT_BYTES", 100)
    monkeypatch.setattr(postgres, "MOST_SENT", 400)
    now = 0.0
    monkeypatch.setattr(postgres, "monotonic", lambda: now)
    lines, sizes, sent = [b"x" * 10 for _ in range(150)], [], []
    took = iter([0.1, 0.1, 0.1, 2.0, 0.6, 0.1, 0.1])
    for piece in postgres._pieces(lines):
        sizes.append(sum(map(len, piece)))
        sent += piece
        now += next(took)
    assert sizes == [100, 200, 400, 400, 100, 100, 200]
    assert sent == lines
    assert [len(piece) for piece in postgres._pieces([b"x" * 500, b"x"])] == [1, 1]


def test_one_without_a_connection_left_says_so(server, lead):
    """And in words of one's own, not the server's."""
    with psycopg.connect(server.admin(), autocommit=True) as cx:
        cx.execute(f"alter database {DATABASE} connection limit 0")
        try:
            with pytest.raises(Unavailable) as error:
                again(lead).heads()
        finally:
            cx.execute(f"alter database {DATABASE} connection limit -1")
    assert error.value.key == "team.server.full"


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (lambda address: re.sub(r":[^:@/]+@", ":wrong@", address), "team.server.login"),
        (lambda address: address.removesuffix(DATABASE) + "postgres", "team.server.not_hosted"),
        (lambda address: address.removesuffix(DATABASE) + "none", "team.server.no_database"),
        (lambda address: re.sub(r":\d+/", ":1/", address), "team.server.refused"),
        (lambda address: re.sub(r"@[^:/]+:", "@none.invalid:", address), "team.server.name"),
        (lambda address: address + "?sslmode=require", "team.server.tls"),
    ],
)
def test_why_a_server_is_out_of_reach_is_said(lead, change, key):
    """A wrong password, another database, none, another port, no such name, no TLS."""
    with pytest.raises(Unavailable) as error:
        PostgresCarrier(f"{change(lead._server)}#{lead._team}", lead._token).heads()
    assert error.value.key == key


def test_a_copy_of_a_server_takes_nothing_in(server, lead):
    """One that is read only, as a standby or one that is being restored."""
    with psycopg.connect(server.admin(), autocommit=True) as cx:
        cx.execute(f"alter database {DATABASE} set default_transaction_read_only = on")
        try:
            with pytest.raises(Unavailable) as error:
                push(again(lead), device("zz"), [record(1)])
        finally:
            cx.execute("set default_transaction_read_only = off")
            cx.execute(f"alter database {DATABASE} reset default_transaction_read_only")
    assert error.value.key == "team.server.read_only"


@pytest.mark.parametrize(
    ("version", "key"), [(0, "team.server.not_hosted"), (1, "team.server.older"), (2, "team.server.newer")]
)
def test_a_function_that_lacks_says_which_is_older(server, lead, version, key):
    """As the server's comment has it; its administrator sets it right."""
    with psycopg.connect(server.admin()) as cx:
        cx.execute("drop function nippo.heads_1")
        cx.execute("comment on schema nippo is " + (f"'nippo {version}'" if version else "null"))
    try:
        with pytest.raises(Unavailable) as error:
            lead.heads()
        assert error.value.key == key
    finally:
        with psycopg.connect(server.admin()) as cx:
            cx.execute("comment on schema nippo is 'nippo 1'")
        server.found()
    assert lead.heads() == []


def test_tls_is_verified(server, lead, tmp_path):
    """A certificate that one trusts, of the host's name: else nothing is sent. Without a word on it a host that is not this
    machine is spoken to in TLS or not at all."""
    address = lead.address
    context, root = tls_context(tmp_path, "localhost")
    with front(server.port, context) as tls:

        def reached(host: str, query: str) -> PostgresCarrier:
            said = re.sub(r"@[^/]+/", f"@{host}:{tls.port}/", address).replace("#", f"?{query}#")
            return PostgresCarrier(said, lead._token)

        verified = f"sslmode=verify-full&sslrootcert={root}"
        carrier = reached("localhost", verified)
        push(carrier, device("zz"), [record(1)])
        assert fetched_lines(carrier, device("zz")) == [record(1)]
        (tmp_path / "other").mkdir()
        _, other = tls_context(tmp_path / "other", "localhost")
        for host, query in (
            ("127.0.0.1", verified),
            ("localhost", f"sslmode=verify-full&sslrootcert={other}"),
            ("localhost", "sslmode=verify-full"),
        ):
            with pytest.raises(Unavailable) as error:
                reached(host, query).heads()
            assert error.value.key == "team.server.tls", query
    with front(server.port) as plain:
        # A host that is not this machine, by its name.
        named = f"{address.partition('@')[0]}@server.test:{plain.port}/{DATABASE}?hostaddr=127.0.0.1#{lead._team}"
        with pytest.raises(Unavailable) as error:
            PostgresCarrier(named, lead._token).heads()
    assert error.value.key == "team.server.tls"


def test_a_journal_that_goes_on_as_another_device_gets_a_token_for_it(lead, member):
    """Of the same member, with the same role; asked twice before the first record, the later one counts."""
    lost, token = member.another("m3"), member.another("m3")
    push(again(lead, token), device("m3", 3), [record(1)])
    with pytest.raises(Unavailable):
        again(lead, lost).heads()
    for name in ("m3", "zz"):
        with pytest.raises(Unavailable) as error:
            member.another(name)
        assert error.value.key == "team.server.name_taken"
    with pytest.raises(NotAllowed):
        again(lead, token).invite("xx", "佐藤", "member")


def test_a_server_that_goes_down_while_tls_is_agreed_on_is_down_and_not_distrusted():
    """It answers that it speaks TLS, and is gone."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            client, _ = listening.accept()
            with client:
                client.recv(8)
                client.sendall(b"S")
                client.recv(4096)

        going = Thread(target=answer)
        going.start()
        address = f"postgresql://nippo@127.0.0.1:{listening.getsockname()[1]}/nippo?sslmode=require#t1"
        with pytest.raises(Unavailable) as error:
            PostgresCarrier(address, b"k" * 32).heads()
        going.join()
    assert error.value.key == "team.server.down"
