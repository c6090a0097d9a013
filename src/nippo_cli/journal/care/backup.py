"""Backups of a journal in use: checked before they count, and kept so that a sound one never goes for an unsound one."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final

from nippo_cli.base.errors import JournalError, Message, Place, Problem, msg
from nippo_cli.base.files import clear_leftovers, growing, publish, replace_file
from nippo_cli.base.progress import Progress
from nippo_cli.journal.care.copies import (
    FOLDER,
    SCHEMA,
    backups,
    copy_into,
    day_of,
    new_name,
    schema_of,
    typed,
    unused,
)
from nippo_cli.journal.check import examine, expect_read, log_is_sound
from nippo_cli.journal.log import look_into, note_heads, usable
from nippo_cli.results.care import Check, Copied, Health

# What is said of a file that holds no sound journal; all else (locked, newer, unreadable) says nothing about it.
_UNSOUND: Final = frozenset(
    ("journal.damaged", "journal.index_damaged", "journal.not_a_journal", "journal.failed", "doctor.no_copy")
)


def backup(
    path: Path,
    to_dir: Path,
    keep: int,
    *,
    now: datetime,
    progress: Progress | None = None,
    keep_unsound: bool = True,
    nippo: str = "nippo",
) -> Copied:
    """Copy a journal that may be in use into `to_dir`, and the `schema.yaml` beside it.

    The copy is named `<journal>-<local time>.db`, is complete and gone through like `nippo doctor` goes through a journal
    before it gets that name, and can be read by its owner alone. One that is not sound is named `….damaged.db` and is no
    backup.

    Of the backups so named the newest `keep` sound ones stay. Those that stay are checked again, and whatever is not sound
    among them is renamed `….damaged.db`; of these the newest `keep` stay as well. No other file is ever removed.

    Args:
        keep: how many backups to keep, the new one among them; 0 keeps all.
        now: the local time.
        keep_unsound: a copy that is not sound is kept.
        nippo: how nippo is called for this journal, for the command that an error names.

    Raises:
        JournalError: the journal is unusable, or its copy is not sound.
    """
    with closing(look_into(path)) as source:
        final = new_name(path, to_dir, now)
        with usable(path), growing(final) as part:
            copy_into(source, part)
            health = examine_copy(part, progress)
            if not health.sound:
                apart = _keep_unsound(part, path, to_dir, keep, now) if keep_unsound else None
                # Looked for where it is the way out.
                sound = None if log_is_sound(health) else last_sound(path.stem, (to_dir, path.parent / FOLDER))
                raise _no_backup(path, health, apart, _way_out(health, sound, nippo))
            _note_heads(part)
            publish(part, final)
    _note(final)
    _copy_schema(path, final)
    dropped, damaged = _rotate(path.stem, to_dir, keep, progress)
    clear_leftovers(to_dir, now)
    return Copied("backup", str(final), records_of(health), dropped, unsound=damaged)


def _note_heads(copy: Path) -> None:
    """Write into a sound copy what each device had written by then, so that whoever holds less can be told."""
    with closing(sqlite3.connect(copy, isolation_level=None)) as cx:
        cx.execute("pragma trusted_schema = off")
        # It is synced as a whole before it gets its name.
        cx.execute("pragma synchronous = off")
        cx.execute("begin immediate")
        note_heads(cx)
        cx.execute("commit")


def examine_copy(copy: Path, progress: Progress | None = None) -> Health:
    """What is found in a copy, of an older format too; that it holds no journal any more is found like anything else.

    Raises:
        JournalError: it says nothing about the copy that it can't be gone through now.
    """
    try:
        return expect_read(examine(copy, progress, older=True))
    except JournalError as error:
        if error.message.key not in _UNSOUND:
            raise
        return Health(str(copy), [Check("doctor.file", 0, [error.message])], rebuilt=False)


def records_of(health: Health) -> int:
    """How many records were looked at."""
    return next((check.looked_at for check in health.checks if check.name == "doctor.relations"), 0)


def problems_of(health: Health) -> list[Problem]:
    """What was found, check by check."""
    return [
        Problem(Place(), "", msg("backup.problem", check=msg(check.name), what=what))
        for check in health.checks
        for what in check.problems
    ]


def last_sound(stem: str, folders: Iterable[Path], *, but: Path | None = None) -> Path | None:
    """The newest sound backup of a journal in these folders, `but` apart."""
    newest = []
    for folder in dict.fromkeys(folders):
        newest_first = (f for f in reversed(backups(stem, folder)) if but is None or not f.samefile(but))
        newest += [next((f for f in newest_first if _is_sound(f)), None)]
    return max(filter(None, newest), key=day_of, default=None)


def _keep_unsound(part: Path, path: Path, to_dir: Path, keep: int, now: datetime) -> Path:
    apart = new_name(path, to_dir, now, ".damaged")
    publish(part, apart)
    _copy_schema(path, apart)
    _drop_beyond(path.stem, to_dir, keep)
    return apart


def _no_backup(path: Path, health: Health, apart: Path | None, way_out: Message) -> JournalError:
    """The error that names the damage, where the copy is, and the way out."""
    problems = problems_of(health)
    what = (
        msg("backup.unsound.kept", path=str(path), copy=str(apart), n=len(problems))
        if apart
        else msg("backup.unsound", path=str(path), n=len(problems))
    )
    return JournalError(what, problems=problems, hint=way_out)


def _way_out(health: Health, sound: Path | None, nippo: str) -> Message:
    if log_is_sound(health):
        return msg("backup.unsound.rebuild")
    if sound is None:
        return msg("backup.unsound.alone")
    return msg("backup.unsound.restore", command=f"{nippo} restore {typed(sound)}", day=day_of(sound))


def _rotate(stem: str, to_dir: Path, keep: int, progress: Progress | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Drop what is older than the newest `keep` sound backups: what was dropped, and what was found unsound on the way.

    What can't be judged now (in use, made by a newer nippo) counts for nothing and stays.
    """
    every = backups(stem, to_dir)
    dropped, apart, sound = list[str](), list[str](), 0
    for file in reversed(every if 0 < keep < len(every) else []):
        if sound == keep:
            _drop(file)
            dropped.append(str(file))
            continue
        sound_now = _is_sound(file, progress)
        if sound_now:
            sound += 1
            _note(file)
        elif sound_now is False:
            apart.append(str(_rename_unsound(file)))
    _drop_beyond(stem, to_dir, keep)
    return tuple(reversed(dropped)), tuple(reversed(apart))


def _is_sound(file: Path, progress: Progress | None = None) -> bool | None:
    """Whether a backup is sound: what it was when it was checked, or checked now; None where nobody can tell now."""
    noted = _noted(file)
    try:
        if noted.is_file() and noted.read_text(encoding="utf-8", errors="replace") == _line(file):
            return True
        return examine_copy(file, progress).sound
    except (JournalError, OSError):
        return None


def _note(file: Path) -> None:
    """Keep the fingerprint of a backup that was checked, so that it can be told later whether it still is what it was."""
    replace_file(_noted(file), _line(file).encode())


def _noted(file: Path) -> Path:
    return file.with_name(file.name + ".sha256")


def _line(file: Path) -> str:
    """As `sha256sum -c` reads it."""
    from hashlib import file_digest

    with file.open("rb") as content:
        return f"{file_digest(content, 'sha256').hexdigest()}  {file.name}\n"


def _rename_unsound(file: Path) -> Path:
    apart = unused(file, ".damaged")
    if schema_of(file).is_file():
        schema_of(file).replace(schema_of(apart))
    file.replace(apart)
    _noted(file).unlink(missing_ok=True)
    return apart


def _drop(file: Path) -> None:
    for each in (file, schema_of(file), _noted(file)):
        each.unlink(missing_ok=True)


def _drop_beyond(stem: str, to_dir: Path, keep: int) -> None:
    for old in backups(stem, to_dir, ".damaged")[:-keep] if keep else []:
        _drop(old)


def _copy_schema(path: Path, copy: Path) -> None:
    schema = path.with_name(SCHEMA)
    if schema.is_file():
        replace_file(schema_of(copy), schema.read_bytes())
