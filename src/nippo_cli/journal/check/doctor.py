"""Whether a journal is what its log says: the file, every record, the numbering, and each projection."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path
from typing import Final

from nippo_cli.base.errors import JournalError, Message, msg
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.ids import SLOTS, device_name, number_of, record_id, show_id, slot_of
from nippo_cli.base.progress import Progress
from nippo_cli.journal.check.comparing import compare, count_derived
from nippo_cli.journal.log import (
    DAMAGE,
    DEVICE_IDS,
    EVERY,
    KINDS,
    NUMBERS,
    REC,
    SELECT_SLOTS,
    TEAM,
    Rec,
    bare_slot,
    compare_heads,
    count,
    disk_refusal,
    has_row,
    hash_faster,
    in_words,
    integrity_faults,
    is_damaged,
    is_lost,
    lenient,
    look_into,
    losses,
    lost_of,
    meta,
    named,
    noted_heads,
    rows,
    select_records,
    structure,
    tables,
    time_zone,
    true_device,
    usable,
)
from nippo_cli.results.care import Check, Health

TABLES: Final = "select name from sqlite_master where type = 'table' and rootpage > 0"
COUNT_LISTED: Final = "select count(*) from sqlite_master"
SETTINGS: Final = "select key, value from meta"
COUNT_BETWEEN: Final = "select count(*) from record where id > ? and id < ?"
COUNT_RECORDS: Final = "select count(*) from record"
# What a record points at and is not there: (record, what, to).
LOST_RELATIONS: Final = """
select * from (
  select r.id, 'target', r.target from record r left join record t on t.id = r.target
    where r.target is not null and t.id is null
  union all
  select r.id, 'batch', r.batch from record r left join record t on t.id = r.batch and t.kind = 'batch'
    where r.batch is not null and t.id is null
  union all
  select r.id, 'schema', r.schema from record r left join record t on t.id = r.schema and t.kind = 'schema'
    where t.id is null)
"""
# What an erasure took: a record and its corrections.
ERASURES: Final = """
select r.target from record r where r.kind = 'redact' and r.target is not null
union
select a.id from record r join record a on a.target = r.target
where r.target is not null and r.kind = 'redact' and a.target is not null and a.kind = 'amend'
"""


ERASED_AND_DUE: Final = f"select {REC} from record r where r.body is null or r.id in ({ERASURES}) order by r.id"
KINDS_THERE: Final = "select kind, count(*) from record group by kind order by kind"
MOST_FOUND: Final = 20
_STEP: Final = 5000
_OF_FILE: Final = "doctor.structure"
_OF_DISK: Final = frozenset(("journal.io", "journal.full"))
_OF_LOG: Final = frozenset(
    f"doctor.{name}" for name in ("file", "settings", "relations", "hashes", "erased", "numbering")
)


def examine(
    path: Path, progress: Progress | None = None, *, older: bool = False, anew: bool = False, sealed: bool = False
) -> Health:
    """Look at everything and change nothing. What a rebuild would make is made in a temporary copy.

    What the file may hold comes first, and nothing that it brings along runs. Where the log's own tables are not what they
    should be, that is all; where the log is damaged, what is derived from it is not compared.

    Args:
        progress: told now and then how far it is.
        older: a file of an older format is looked at, too, but for what is derived: that is made anew before it is used.
        anew: what is derived was made from this log by the caller, so it is only counted.
        sealed: the caller made the file just now, and held every record against its hash as it put it in: neither the hashes nor
            the pages are gone through again.

    Raises:
        NoJournal: there is none. JournalError: it can't be opened at all.
    """
    made = _KnownOfFile(older=older, anew=anew, sealed=sealed)
    health = _examined(path, progress or _quietly, made)
    if any(check.name == "doctor.file" and check.problems for check in health.checks):
        # The search takes a page that the disk did not give for a damaged one: a disk that failed once gives it now.
        health = _examined(path, progress or _quietly, made)
    return health


class _KnownOfFile(NamedTuple):
    """What is known of a file before it is looked at: the flags of `examine`."""

    older: bool
    anew: bool
    sealed: bool


def _examined(path: Path, progress: Progress, made: _KnownOfFile) -> Health:
    with closing(look_into(path, older=made.older)) as cx, usable(path):
        # A damaged text is to be told, not to end the look.
        cx.text_factory = lenient
        cx.execute("begin")
        is_older = cx.execute("pragma user_version").fetchone()[0] < tables.FORMAT
        checks = list(_checks(cx, path, progress, made._replace(older=is_older)))
        return Health(str(path), checks, rebuilt=False, notes=notes(cx))


def expect_read(health: Health) -> Health:
    """The same, of a file that could be read.

    Raises:
        JournalError: the disk was full or broken, so nothing is known of the file.
    """
    for said in (said for check in health.checks for said in check.problems):
        if said.key in _OF_DISK:
            raise JournalError(said, hint=msg(f"{said.key}.hint"))
    return health


def log_is_sound(health: Health) -> bool:
    """Whether every record is there as it was written, whatever else is wrong with the file."""
    looked_at = {check.name: check for check in health.checks}
    return all(name in looked_at and not looked_at[name].problems for name in _OF_LOG)


def derived_alone(health: Health) -> bool:
    """Whether nothing is wrong but what is derived, which a rebuild makes anew."""
    return log_is_sound(health) and not any(c.problems for c in health.checks if c.name == _OF_FILE)


def _quietly(_check: str, _done: int, _of: int) -> None:
    """No progress."""


def _checks(cx: sqlite3.Connection, path: Path, progress: Progress, made: _KnownOfFile) -> Iterator[Check]:
    """Every check in its order, as far as what was found leaves anything to look at."""
    try:
        odd = structure.oddities(cx, older=made.older)
        listed = cx.execute(COUNT_LISTED).fetchone()[0]
    except DAMAGE as error:
        yield Check("doctor.file", 0, [_unread(path, error)])
        return
    yield Check(_OF_FILE, listed, [structure.message_of(o) for o in odd[:MOST_FOUND]])
    file = _file(cx, path, progress, sealed=made.sealed)
    yield file
    if any(structure.is_of_log(o) for o in odd):
        return
    own_tables = not any(structure.is_table(o.name) for o in odd)
    if file.problems:
        # Which records it took, as far as they can be read at all.
        with suppress(*DAMAGE):
            yield from _records(cx, progress, tell_whose=False)
        return
    yield from (
        _settings(cx),
        _relations(cx),
        *_records(cx, progress, tell_whose=own_tables and not made.older, sealed=made.sealed),
        _numbering(cx),
    )
    if made.older:
        return
    if own_tables:
        yield _heads(cx)
    if not own_tables:
        yield Check("doctor.derived", 0, [msg("doctor.derived.not_compared")])
        return
    try:
        yield from count_derived(cx) if made.anew else compare(cx, progress)
    except JournalError as error:
        # Under no schema nothing can be derived.
        yield Check("doctor.agreement", 0, [(disk_refusal(path, error.__cause__) or error).message])


def _unread(path: Path, error: Exception) -> Message:
    """Why a file could not be read: it is damaged, or the disk is full or broken, which says nothing of it."""
    refusal = disk_refusal(path, error)
    return refusal.message if refusal else msg("doctor.file.damaged", why=_legible(error))


def _file(cx: sqlite3.Connection, path: Path, progress: Progress, *, sealed: bool) -> Check:
    """Whether the file itself is sound, by SQLite's own check; pages are counted alone where a seal speaks for them."""
    pages = cx.execute("pragma page_count").fetchone()[0]
    if sealed:
        return Check("doctor.file", pages, [])
    progress("doctor.file", 0, pages)
    try:
        damage = integrity_faults(cx, MOST_FOUND)
    except DAMAGE as error:
        if disk_refusal(path, error):
            return Check("doctor.file", pages, [_unread(path, error)])
        damage = [str(error)]
    if damage and (derived := _derived_damaged(cx)):
        return Check("doctor.file", pages, [msg("doctor.file.derived", tables=derived, why=_legible(damage[0]))])
    return Check("doctor.file", pages, [msg("doctor.file.damaged", why=_legible(said)) for said in damage])


def _derived_damaged(cx: sqlite3.Connection) -> list[Message]:
    """What of a damaged file SQLite can't read, where that can all be made anew from the log; else nothing."""
    derived = {**{t: f"doctor.{t}" for t in tables.PROJECTIONS}, **dict.fromkeys(tables.SEARCH_TABLES, "doctor.search")}
    try:
        damaged = [table for (table,) in cx.execute(TABLES).fetchall() if is_damaged(cx, str(table))]
    except DAMAGE:
        return []
    if any(table not in derived for table in damaged):
        return []
    return [msg(key) for key in dict.fromkeys(derived[table] for table in damaged)]


def _settings(cx: sqlite3.Connection) -> Check:
    """What every command asks of the file first: the days' time zone, and which device writes here."""
    settings: dict[str, str] = dict(cx.execute(SETTINGS).fetchall())
    problems: list[Message] = []
    said = settings.get("time_zone", "")
    try:
        zone = time_zone(cx)
    except JournalError as error:
        problems.append(error.message)
    else:
        if zone != said:
            problems.append(msg("doctor.settings.zone", said=_legible(said), zone=zone))
    if settings.get("device", "") not in {str(slot) for slot, _, _ in rows(cx, DEVICE_IDS)}:
        problems.append(msg("doctor.settings.no_device", said=_legible(settings.get("device", ""))))
    return Check("doctor.settings", len(settings), problems)


def _relations(cx: sqlite3.Connection) -> Check:
    """Every record's target, batch and schema are there, and of the kind that they must be."""
    looked = cx.execute(COUNT_RECORDS).fetchone()[0]
    known = losses(cx)
    lost = (
        msg("doctor.relations.lost", id=_id(record), what=what, to=_id(to))
        for record, what, to in rows(cx, LOST_RELATIONS)
        if not is_lost(known, to)
    )
    return Check("doctor.relations", looked, list(islice(lost, MOST_FOUND)))


def _records(cx: sqlite3.Connection, progress: Progress, *, tell_whose: bool, sealed: bool = False) -> Iterator[Check]:
    """Every record's hash, unless they are known to be `sealed`; those erased against their erasures. `tell_whose`: what was derived
    can be asked whose a damaged one is."""
    hash_faster()
    erased_by = {target for (target,) in cx.execute(ERASURES)}
    total = cx.execute(COUNT_RECORDS).fetchone()[0]
    broken, odd, erased = list[Rec](), list[Message](), 0
    # In a team, where no device is without a name, a record may come without its body before its erasure does: another device
    # wrote that.
    is_teams = all(slot for (slot,) in cx.execute(SELECT_SLOTS))
    for done, rec in enumerate(select_records(cx, ERASED_AND_DUE if sealed else EVERY)):
        if done % _STEP == 0:
            progress("doctor.hashes", done, total)
        erased += rec.body is None
        if rec.body is None and rec.id not in erased_by and (rec.damaged or not is_teams):
            odd.append(msg("doctor.erased.unexplained", id=_id(rec.id)))
        elif rec.body is not None and rec.id in erased_by:
            odd.append(msg("doctor.erased.still_there", id=_id(rec.id)))
        elif rec.damaged:
            broken.append(rec)
    progress("doctor.hashes", total, total)
    yield Check("doctor.hashes", total - erased, _named_all(cx, broken, tell_whose=tell_whose))
    yield Check("doctor.erased", erased, odd[:MOST_FOUND])


def _named_all(cx: sqlite3.Connection, broken: Sequence[Rec], *, tell_whose: bool) -> list[Message]:
    """Each damaged record by whose it is and when, and whether what was derived from it still counts."""
    messages = []
    for rec in broken[:MOST_FOUND]:
        counts = tell_whose and has_row(cx, rec.id)
        record = named(cx, rec) if tell_whose else msg("damage.named", id=_id(rec.id), parts=[rec.known_on])
        messages.append(msg("doctor.hashes.counted" if counts else "doctor.hashes.broken", record=record))
    more = len(broken) - len(messages)
    return [*messages, msg("doctor.hashes.more", n=more)] if more else messages


def _id(record: object) -> str:
    """A record's id as it is typed; a number that is none as it is."""
    try:
        return show_id(record) if isinstance(record, int) else _legible(record)
    except IndexError:
        return str(record)


def _legible(text: object) -> str:
    """A text with its damaged characters marked."""
    return str(text).encode("utf-8", "replace").decode("utf-8", "replace")


def _numbering(cx: sqlite3.Connection) -> Check:
    """Each device's numbers run from 1 to its last one without a gap, those apart that are known to be lost."""
    problems: list[Message] = []
    lost = losses(cx)
    devices = {slot: last for slot, _, last in rows(cx, DEVICE_IDS)}
    there = {slot: (n, least, most) for slot, n, least, most in cx.execute(NUMBERS)}
    early = _early(cx)
    for slot in sorted(devices.keys() | there.keys()):
        n, least, most = there.get(slot, (0, 1, 0))
        if slot in early:
            n, most = n - early[slot], devices[slot]
            least = least if n else 1
        if missing := lost_of(lost, slot):
            n, least, most = (
                n + missing,
                1,
                max(most, *(number_of(last) for first, last in lost if slot_of(first) == slot)),
            )
        if slot not in devices:
            problems.append(msg("doctor.numbering.stranger", device=_named(slot), n=n))
        elif (least, most, n) != (1, devices[slot], devices[slot]):
            problems.append(msg("doctor.numbering.gap", device=_named(slot), n=n, last=devices[slot]))
    problems += [msg("doctor.numbering.device", device=_named(slot)) for slot, _ in misnamed_devices(cx)]
    return Check("doctor.numbering", len(devices), problems)


def _early(cx: sqlite3.Connection) -> dict[int, int]:
    """How many records of other devices are there, by slot, before some that have a lower number: a sync that put them in deal by deal
    was broken off, and the next one puts the others in."""
    own, early = bare_slot(cx), dict[int, int]()
    for slot, _, last in rows(cx, DEVICE_IDS):
        if slot != own and 0 <= slot < SLOTS:
            (n,) = cx.execute(COUNT_BETWEEN, (record_id(slot, last), record_id(slot + 1, 0))).fetchone()
            early.update({slot: n} if n else {})
    return early


def _heads(cx: sqlite3.Connection) -> Check:
    """What was noted of each device when this log was copied, against the log as it is."""
    noted = noted_heads(cx)
    compared = compare_heads(cx, noted)
    problems = [
        *(
            msg("doctor.heads.ends", id=_id(record_id(one.slot, one.number)), last=last)
            for one, last in compared.ends_before
        ),
        *(msg("doctor.heads.other", id=_id(record_id(one.slot, one.number))) for one in compared.another),
    ]
    return Check("doctor.heads", len(noted), problems)


def notes(cx: sqlite3.Connection) -> list[Message]:
    """What is no problem, and yet to be known: records that a rescue could not bring; records of kinds that this version does
    not know. Nothing where the file can't be asked."""
    said = list[Message]()
    with suppress(*DAMAGE):
        if missing := losses(cx):
            said.append(msg("doctor.note.lost", n=count(missing), ids=in_words(missing)))
        early = "doctor.note.early" if meta(cx, TEAM) else "doctor.note.early_alone"
        said += [msg(early, n=n, device=_named(slot)) for slot, n in _early(cx).items()]
        kinds = [(str(kind), n) for kind, n in rows(cx, KINDS_THERE) if kind not in KINDS]
        if kinds:
            said.append(
                msg(
                    "doctor.note.kinds",
                    n=sum(n for _, n in kinds),
                    kinds=[_legible(kind) for kind, _ in kinds[:MOST_FOUND]],
                )
            )
    return said


def misnamed_devices(cx: sqlite3.Connection) -> list[tuple[int, str]]:
    """Devices whose random id is damaged, with the one that their records prove."""
    devices = [(slot, device) for slot, device, _ in rows(cx, DEVICE_IDS)]
    return [(slot, true_device(device)) for slot, device in devices if true_device(device) != device]


def stray_device(cx: sqlite3.Connection) -> tuple[int, int] | None:
    """The slot of the one device without records, and that of the records without a device: the same, but for damage."""
    devices = {slot for (slot,) in cx.execute(SELECT_SLOTS)}
    there = {slot for slot, *_ in cx.execute(NUMBERS)}
    if len(devices - there) == 1 and len(there - devices) == 1:
        return (devices - there).pop(), (there - devices).pop()
    return None


def _named(slot: int) -> str:
    try:
        return device_name(slot) or "0"
    except IndexError:
        return str(slot)
