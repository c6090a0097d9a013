"""What a team's server consists of: two tables that nobody may touch, and functions that do what a device may ask for.

Every key and the first parameter of every function is the team, so that Citus can put each team on one machine. The functions'
names end in their version: what one version of nippo calls stays as it is, and a later one adds its own beside it.
"""

from typing import Final

# What the server's comment says once it is set up by this nippo.
VERSION: Final = 1

# The owner of all of it: nobody logs in as that.
OWNER: Final = "nippo_owner"

ROLES: Final = """
do $$ begin
  if not exists (select from pg_catalog.pg_roles where rolname = 'nippo_owner') then
    create role nippo_owner nologin;
  end if;
end $$;
grant nippo_owner to current_user;
"""

SCHEMA: Final = """
create schema if not exists nippo authorization nippo_owner;
set local role nippo_owner;
revoke all on schema nippo from public;
"""

# A device without a name is the place of whoever is to begin the team. `number` and `head` are those of its last record,
# `erased` counts its lines without a body; a token that is null was revoked.
TABLES: Final = """
create table if not exists nippo.device (
  team text not null,
  name text not null,
  id text,
  began_at text,
  member text not null,
  role text not null check (role in ('member', 'lead', 'reader')),
  token_sha256 bytea,
  number bigint not null default 0,
  head bytea,
  erased bigint not null default 0,
  primary key (team, name)
);
create unique index if not exists device_token on nippo.device (team, token_sha256);
create unique index if not exists device_id on nippo.device (team, id);
-- The last record of each portion has the running head at it, and the last number of the portion that ends a command.
create table if not exists nippo.record (
  team text not null,
  device text not null,
  number bigint not null,
  line text not null,
  head bytea,
  whole_to bigint,
  primary key (team, device, number)
);
revoke all on all tables in schema nippo from public;
"""

DEVICE_OF: Final = """
create or replace function nippo.device_of_1(p_team text, p_token bytea) returns nippo.device
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me nippo.device;
begin
  select * into v_me from nippo.device d where d.team = p_team and d.token_sha256 = sha256(p_token);
  if not found then
    raise exception 'no device has this token' using errcode = 'NP004';
  end if;
  return v_me;
end $$;
"""

HEADS: Final = """
create or replace function nippo.heads_1(p_team text, p_token bytea)
returns table (id text, number bigint, head bytea, name text, erased bigint)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform nippo.device_of_1(p_team, p_token);
  return query
    select d.id, d.number, d.head, d.name, d.erased from nippo.device d
    where d.team = p_team and d.number > 0 order by d.name;
end $$;
"""

# So many records and bytes at most, up to the end of a portion; one portion where the very next one is larger.
FETCH: Final = """
create or replace function nippo.fetch_1(p_team text, p_token bytea, p_device text, p_after bigint, p_most int, p_bytes bigint)
returns table (name text, began_at text, number bigint, line text, head bytea, whole_to bigint)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_device nippo.device;
  v_last bigint;
begin
  perform nippo.device_of_1(p_team, p_token);
  select * into v_device from nippo.device d where d.team = p_team and d.id = p_device;
  select max(a.number) into v_last from (
    select r.number, r.head, sum(octet_length(r.line)) over (order by r.number) as size from (
      select * from nippo.record s where s.team = p_team and s.device = v_device.name and s.number > p_after
      order by s.number limit p_most) r) a
    where a.head is not null and a.size <= p_bytes;
  if v_last is null then
    select min(r.number) into v_last from nippo.record r
      where r.team = p_team and r.device = v_device.name and r.number > p_after and r.head is not null;
  end if;
  return query
    select v_device.name, v_device.began_at, r.number, r.line, r.head, r.whole_to from nippo.record r
    where r.team = p_team and r.device = v_device.name and r.number > p_after and r.number <= v_last order by r.number;
end $$;
"""

# Lines come as one text, parted by line feeds: JSON has none. The head is reckoned from the one that is there: only a log that goes on
# from this very one comes to the head that is offered. Of a line its beginning is read by place, for its JSON may hold what no
# PostgreSQL text can; quotes within its texts are escaped, so these marks stand where they are looked for first.
PUSH: Final = """
create or replace function nippo.push_1(p_team text, p_token bytea, p_device text, p_name text, p_began_at text,
  p_after bigint, p_lines text, p_head bytea, p_whole_to bigint) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '10s' as $$
declare
  v_me nippo.device;
  v_device nippo.device;
  v_role text;
  v_latest text := to_char(now() at time zone 'utc' + interval '{ahead}', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
  v_lines text[] := string_to_array(p_lines, chr(10));
  v_last bigint := p_after + cardinality(v_lines);
  v_bad bigint;
  v_ahead bigint;
  v_wrong bigint;
  v_erased bigint;
  v_hashes bytea[];
  v_hash bytea;
  v_head bytea;
begin
  v_me := nippo.device_of_1(p_team, p_token);
  if v_me.name <> p_name and v_me.role <> 'lead' then
    raise exception 'only a lead gives back what is another device''s' using errcode = 'NP005';
  end if;
  if v_me.name <> p_name then
    insert into nippo.device (team, name, member, role) values (p_team, p_name, '', 'member') on conflict do nothing;
  end if;
  select * into v_device from nippo.device d where d.team = p_team and d.name = p_name for update;
  if not found then
    raise exception 'no device has this token' using errcode = 'NP004';
  end if;
  if v_device.id <> p_device
    or exists (select from nippo.device d where d.team = p_team and d.id = p_device and d.name <> p_name) then
    raise exception 'another device has this name' using errcode = 'NP002';
  end if;
  if p_after > v_device.number then
    raise exception 'records lack before this one' using errcode = 'NP001';
  end if;
  if p_after < v_device.number and exists (
    select from unnest(v_lines[:v_device.number - p_after]) with ordinality as o (line, n)
    join nippo.record r on r.team = p_team and r.device = p_name and r.number = p_after + o.n
    where r.number > p_after and r.number <= v_last
      and substr(o.line, strpos(o.line, '"hash":"'), 72) <> substr(r.line, strpos(r.line, '"hash":"'), 72)
  ) then
    raise exception 'another record is there' using errcode = 'NP002';
  end if;
  if v_last <= v_device.number then
    return;
  end if;
  v_role := case when v_me.name = p_name then v_me.role else 'lead' end;
  select
    min(m.number) filter (where not (left(m.line, 6) = '{"id":' and m.k > 7 and m.a > m.k and m.t > m.a and m.h > m.t)
      or substr(m.line, 7, m.k - 7)::numeric % 1099511627776 <> m.number),
    min(m.number) filter (where substr(m.line, m.t + 17, 24) collate "C" > v_latest),
    min(m.number) filter (where
      (v_role = 'reader' and substr(m.line, m.k + 9, m.a - m.k - 9) not in ('member', 'follow'))
      or (v_role <> 'lead' and substr(m.line, m.k + 9, m.a - m.k - 9) = 'member'
          and coalesce(m.line::json -> 'body' ->> 'role', v_role) not in (v_role, 'reader'))),
    count(*) filter (where right(m.line, 12) = '"body":null}'),
    array_agg(decode(substr(m.line, m.h + 8, 64), 'hex') order by m.number)
  into v_bad, v_ahead, v_wrong, v_erased, v_hashes
  from (
    select p_after + o.n as number, o.line, strpos(o.line, ',"kind":"') as k, strpos(o.line, '","author":"') as a,
      strpos(o.line, '","recorded_at":"') as t, strpos(o.line, '"hash":"') as h
    from unnest(v_lines) with ordinality as o (line, n) where p_after + o.n > v_device.number
  ) m;
  if v_bad is not null then
    raise exception 'this is no record' using errcode = 'NP006', detail = v_bad::text;
  end if;
  if v_ahead is not null then
    raise exception 'dated ahead' using errcode = 'NP003', detail = v_ahead::text;
  end if;
  if v_wrong is not null then
    raise exception 'a % may not write this', v_role using errcode = 'NP007', detail = v_wrong::text;
  end if;
  v_head := coalesce(v_device.head, sha256(convert_to(p_device, 'UTF8')));
  foreach v_hash in array v_hashes loop
    v_head := sha256(v_head || v_hash);
  end loop;
  if v_head <> p_head then
    raise exception 'another record is there' using errcode = 'NP002';
  end if;
  insert into nippo.record (team, device, number, line, head, whole_to)
    select p_team, p_name, p_after + o.n, o.line,
      case when p_after + o.n = v_last then v_head end, case when p_after + o.n = v_last then p_whole_to end
    from unnest(v_lines) with ordinality as o (line, n) where p_after + o.n > v_device.number;
  update nippo.device d set id = p_device, began_at = p_began_at, number = v_last, head = v_head, erased = d.erased + v_erased
    where d.team = p_team and d.name = p_name;
end $$;
"""

# A line is replaced only by the same record's without its body: the header is the same but for the salt, and so is the hash.
ERASE: Final = """
create or replace function nippo.erase_1(p_team text, p_token bytea, p_device text, p_numbers bigint[], p_lines text)
returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '10s' as $$
declare
  v_me nippo.device;
  v_device nippo.device;
  v_erased bigint;
begin
  v_me := nippo.device_of_1(p_team, p_token);
  select * into v_device from nippo.device d where d.team = p_team and d.id = p_device for update;
  if not found or v_me.role = 'reader' then
    return 0;
  end if;
  update nippo.record r set line = o.line
    from unnest(p_numbers, string_to_array(p_lines, chr(10))) as o (number, line)
    where r.team = p_team and r.device = v_device.name and r.number = o.number
      and right(r.line, 12) <> '"body":null}' and right(o.line, 12) = '"body":null}'
      and left(r.line, strpos(r.line, ',"salt":')) = left(o.line, strpos(o.line, ',"salt":'))
      and substr(r.line, strpos(r.line, '"hash":"'), 72) = substr(o.line, strpos(o.line, '"hash":"'), 72);
  get diagnostics v_erased = row_count;
  update nippo.device d set erased = d.erased + v_erased where d.team = p_team and d.name = v_device.name;
  return v_erased;
end $$;
"""

BEGIN: Final = """
create or replace function nippo.begin_1(p_team text, p_token bytea, p_name text, p_member text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me nippo.device;
begin
  v_me := nippo.device_of_1(p_team, p_token);
  if v_me.id is not null or exists (select from nippo.device d where d.team = p_team and d.name <> v_me.name) then
    raise exception 'this team has begun' using errcode = 'NP008';
  end if;
  update nippo.device d set name = p_name, member = p_member where d.team = p_team and d.name = v_me.name;
end $$;
"""

# Whoever is no lead invites machines of their own only. A device whose records a lead has put there, and no more, may be invited: of a
# team that moved, or where a server has lost who it was.
INVITE: Final = """
create or replace function nippo.invite_1(p_team text, p_token bytea, p_name text, p_member text, p_role text,
  p_token_sha256 bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me nippo.device;
begin
  v_me := nippo.device_of_1(p_team, p_token);
  if v_me.role <> 'lead' and (p_member <> v_me.member or p_role not in (v_me.role, 'reader')) then
    raise exception 'a % may not invite others', v_me.role using errcode = 'NP005';
  end if;
  insert into nippo.device as d (team, name, member, role, token_sha256)
    values (p_team, p_name, p_member, p_role, p_token_sha256)
    on conflict (team, name) do update set member = excluded.member, role = excluded.role, token_sha256 = excluded.token_sha256
    where d.token_sha256 = excluded.token_sha256
      or (d.member = '' and d.token_sha256 is null and d.id is not null and v_me.role = 'lead');
  if not found then
    raise exception 'another device has this name' using errcode = 'NP009';
  end if;
end $$;
"""

# A journal that goes on as another device, as a copy of one does: of the same member, with the same role.
ANOTHER: Final = """
create or replace function nippo.another_1(p_team text, p_token bytea, p_name text, p_token_sha256 bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me nippo.device;
begin
  v_me := nippo.device_of_1(p_team, p_token);
  insert into nippo.device as d (team, name, member, role, token_sha256)
    values (p_team, p_name, v_me.member, v_me.role, p_token_sha256)
    on conflict (team, name) do update set token_sha256 = excluded.token_sha256
    where d.id is null and d.member = v_me.member and d.role = v_me.role;
  if not found then
    raise exception 'another device has this name' using errcode = 'NP009';
  end if;
end $$;
"""

REVOKE: Final = """
create or replace function nippo.revoke_1(p_team text, p_token bytea, p_name text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me nippo.device;
begin
  v_me := nippo.device_of_1(p_team, p_token);
  update nippo.device d set token_sha256 = null
    where d.team = p_team and d.name = p_name and (v_me.role = 'lead' or d.member = v_me.member);
  if not found then
    raise exception 'only a lead revokes what is another''s' using errcode = 'NP005';
  end if;
end $$;
"""

# By name and the types of their parameters; the login may call all but the first.
FUNCTIONS: Final = {
    "device_of_1(text, bytea)": DEVICE_OF,
    "heads_1(text, bytea)": HEADS,
    "fetch_1(text, bytea, text, bigint, int, bigint)": FETCH,
    "push_1(text, bytea, text, text, text, bigint, text, bytea, bigint)": PUSH,
    "erase_1(text, bytea, text, bigint[], text)": ERASE,
    "begin_1(text, bytea, text, text)": BEGIN,
    "invite_1(text, bytea, text, text, text, bytea)": INVITE,
    "another_1(text, bytea, text, bytea)": ANOTHER,
    "revoke_1(text, bytea, text)": REVOKE,
}

# Citus: each team's rows on one machine, and the functions called there.
DISTRIBUTE_TABLES: Final = """
create extension if not exists citus;
do $$ begin
  if not exists (select from pg_catalog.pg_dist_partition where logicalrelid = 'nippo.device'::regclass) then
    perform create_distributed_table('nippo.device', 'team');
    perform create_distributed_table('nippo.record', 'team', colocate_with => 'nippo.device');
  end if;
end $$;
"""
DISTRIBUTE_FUNCTION: Final = (
    "select create_distributed_function('nippo.{}', 'p_team', colocate_with => 'nippo.record');\n"
)
