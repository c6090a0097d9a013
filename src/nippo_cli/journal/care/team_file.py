"""A journal that becomes one of a team: made beside the one that is there, and put in its place as a whole."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from nippo_cli.base.dates import instant_text
from nippo_cli.base.errors import JournalError, msg
from nippo_cli.base.files import growing, make_folder, replace_file
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.progress import Progress
from nippo_cli.journal.care import copies
from nippo_cli.journal.care.in_place import put_in_place
from nippo_cli.journal.log import usable
from nippo_cli.journal.union import Arrival, append_foreign, reissue, rest_of
from nippo_cli.journal.write import Writer, create, writing


class TeamFile(NamedTuple):
    """What was made: how many records of the diary that was there it has, how many of each other device by slot; where the old
    file is, if there was one."""

    own: int
    taken: Mapping[int, int]
    set_aside: str


def make_team_file(
    path: Path,
    *,
    slot: int,
    author: str,
    now: datetime,
    write: Callable[[Writer], None],
    arrivals: Sequence[Arrival] = (),
    time_zone: str = "",
    own_diary: bool = True,
    is_there: bool = False,
    schema_text: Callable[[Writer], str] | None = None,
    progress: Progress | None = None,
) -> TeamFile:
    """Make a journal whose device has a slot of a team, and put it in the place of the one that is there.

    Killed at any moment, the journal is whole, the old or the new one. The old one is kept beside it.

    Args:
        path: where the journal is, or is to be.
        write: writes the new device's first command.
        arrivals: what the others wrote; all of it must be there. What is dated more than a day ahead is left out.
        time_zone: of a diary that begins empty.
        own_diary: the diary that is there is issued anew; else the new one holds the team's records alone.
        is_there: the team has the diary already, or an earlier copy of it: only what it has besides is taken.
        schema_text: what `schema.yaml` is to say afterwards; it stays as it is where this is not given.

    Raises:
        JournalError: the diary is damaged; the team's records are not all there; or the place can't be written.
    """
    text = ""
    with usable(path):
        make_folder(path.parent)
    with growing(path) as part:
        part.unlink(missing_ok=True)
        own = 0
        if own_diary and not is_there:
            own = reissue(path, part, slot=slot, taken=[one.slot for one in arrivals], now=instant_text(now))
        else:
            create(part, time_zone=time_zone, now=instant_text(now), slot=slot)
        taken = _take_others(part, arrivals, now, progress) if arrivals else {}
        if is_there:
            own = _take_rest(path, part, now)
        with writing(part, author=author, now=now) as writer:
            write(writer)
            text = schema_text(writer) if schema_text is not None else ""
        with usable(path):
            set_aside = put_in_place(
                part,
                path,
                path.with_name(f"{path.stem}.{now:%Y%m%d-%H%M%S}{path.suffix}"),
                lambda old_copy: _set_aside_schema(path, old_copy, text),
            )
    if text:
        replace_file(path.with_name(copies.SCHEMA), text.encode())
    return TeamFile(own, taken, str(set_aside or ""))


def _take_others(
    part: Path, arrivals: Sequence[Arrival], now: datetime, progress: Progress | None
) -> Mapping[int, int]:
    """Append what the team's others wrote; how many records of each device it is.

    Raises:
        JournalError: some are not there. What is dated ahead is, and comes with a later sync.
    """
    admitted = append_foreign(part, arrivals, now=now, progress=progress, alone=True)
    if any(wait.why != "ahead" for wait in admitted.waits):
        raise JournalError(msg("team.incomplete"), hint=msg("team.incomplete.hint"))
    return admitted.records


def _take_rest(path: Path, part: Path, now: datetime) -> int:
    """Take what a diary has besides what came of the team; how many records."""
    rest = rest_of(path, part)
    admitted = append_foreign(part, [rest], now=now, alone=True)
    if admitted.waits:
        raise JournalError(msg("team.incomplete"), hint=msg("team.incomplete.hint"))
    return len(rest.records)


def _set_aside_schema(path: Path, set_aside: Path, text: str) -> None:
    """Keep the `schema.yaml` that is to be replaced beside the journal that was."""
    beside = path.with_name(copies.SCHEMA)
    if text and beside.is_file():
        replace_file(copies.schema_of(set_aside), beside.read_bytes())
