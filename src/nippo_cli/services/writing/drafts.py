"""Drafts: what was typed and is not recorded yet, so that nothing has to be typed twice.

One file each in the state folder, `3.json`, its owner's alone, replaced as a whole: a killed process leaves the last
one or the next, never half of one. A report that is open in an editor is `3.yaml` beside it, as the editor saved it last.
"""

import json
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from nippo_cli.base.errors import Message, NippoError, NotFound, UsageError, msg
from nippo_cli.base.files import NoFile, check_regular
from nippo_cli.base.frozen import NamedTuple
from nippo_cli.base.text import whole_number
from nippo_cli.services.context import sha256
from nippo_cli.services.context.report import is_plain
from nippo_cli.services.writing.draft_locks import give_back, open_elsewhere, take

if TYPE_CHECKING:
    from nippo_cli.services.context import Workspace

_FORMAT = 1
_TRIES = 100


class SavedDraft(NamedTuple):
    """What is kept. `reports` are in the form that `--from-file` reads; `at` is the question that was open and `typed`
    what stood in it; `passed` the questions gone through, `waiting` the fields left for later. `form` is the text of
    a report written in an editor; then there are no `reports`. Number 0 is not kept yet."""

    number: int = 0
    saved_at: str = ""
    reports: tuple[Mapping[str, Any], ...] = ()
    at: str = ""
    typed: str = ""
    passed: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    form: str | None = None

    @property
    def says_something(self) -> bool:
        """Whether anything would be lost with it."""
        beside = {"on", "by", "later", "meeting"}
        return bool(self.typed.strip() or self.form) or any(set(report) - beside for report in self.reports)

    @property
    def is_one_line(self) -> bool:
        """Whether it is of a command line that was refused, and no question was asked of it."""
        return len(self.reports) == 1 and not (self.at or self.passed or self.waiting or self.form)


class SavedDrafts:
    """The drafts of one journal. `recorded` tells the marks of those that are recorded already."""

    def __init__(self, folder: Path, recorded: Callable[[], Collection[str]] = tuple) -> None:
        self.folder = folder
        self._recorded = recorded

    def all(self) -> list[SavedDraft]:
        """Every draft that can be read, the last saved first. One that is recorded already is dropped."""
        try:
            numbers = {int(path.stem) for path in self.folder.iterdir() if _is_draft(path)}
        except OSError:
            return []
        drafts = [draft for number in numbers if (draft := self._read(number)) is not None]
        recorded = self._recorded() if drafts else ()
        again = (
            [d for d in drafts if self._is_marked(d.number, recorded) and not self.elsewhere(d.number)]
            if recorded
            else []
        )
        for draft in again:
            self.drop(draft.number)
        return sorted((d for d in drafts if d not in again), key=lambda d: (d.saved_at, d.number), reverse=True)

    def named(self, said: str | None) -> SavedDraft:
        """The draft of a number as typed; without one, the last saved that is not open elsewhere.

        Raises:
            UsageError: it is no number. NotFound: there is no such draft.
        """
        drafts = self.all()
        if said is None:
            if not drafts:
                raise NotFound(msg("draft.none"))
            return next((draft for draft in drafts if not self.elsewhere(draft.number)), drafts[0])
        number = whole_number(said.strip().removeprefix("#").removeprefix("＃"))
        if number is None:
            raise UsageError(msg("draft.bad_number", said=said), hint=msg("draft.see_list"))
        draft_of_number = next((draft for draft in drafts if draft.number == number), None)
        if draft_of_number is None:
            raise NotFound(msg("draft.unknown", said=said), hint=msg("draft.see_list"))
        return draft_of_number

    def opened(self, draft: SavedDraft) -> SavedDraft:
        """The draft as it is now, in the hands of this process alone until it ends or drops it.

        Raises:
            UsageError: another terminal has it open. NotFound: another has recorded or dropped it since it was read.
        """
        if not take(self.folder, draft.number):
            raise UsageError(msg("draft.open_elsewhere", number=draft.number), hint=msg("draft.see_list"))
        current = self._read(draft.number)
        if current is None:
            give_back(self.folder, draft.number)
            raise NotFound(msg("draft.unknown", said=draft.number), hint=msg("draft.see_list"))
        return current

    def elsewhere(self, number: int) -> bool:
        """Whether another process has the draft open."""
        return open_elsewhere(self.folder, number)

    def keep(self, draft: SavedDraft, now: datetime) -> SavedDraft:
        """Put a draft on the disk, in place of its former self or under a number of its own, open here.

        Raises:
            OSError: it can't be written.
        """
        from nippo_cli.base.files import make_folder, replace_file

        saved = draft._replace(saved_at=now.astimezone(UTC).isoformat())
        plain = {"format": _FORMAT, **{k: v for k, v in saved._asdict().items() if v and k not in ("number", "form")}}
        if saved.form is None:
            content = (json.dumps(plain, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "surrogatepass")
        else:
            # Bytes that are no text are kept as they are.
            content = saved.form.encode("utf-8", "surrogateescape")
        make_folder(self.folder)
        if not saved.number:
            self._clear(now)
            # A form's number is held by an empty file of the other kind.
            saved = saved._replace(number=self._free(content if saved.form is None else b""))
            if saved.form is None:
                return saved
        replace_file(self._json(saved.number) if saved.form is None else self.form_path(saved.number), content)
        if saved.form is None:
            _remove(self.form_path(saved.number))
        return saved

    def drop(self, number: int) -> None:
        """Forget a draft. One that is gone already is no fault."""
        for path in (self._json(number), self.form_path(number)):
            _remove(path)
        give_back(self.folder, number)

    def mark(self, number: int) -> str:
        """What no other draft has, nor this one once it is saved again; empty where there is none.

        Raises:
            OSError: there is one, and it can't be read.
        """
        for path in (self.form_path(number), self._json(number)):
            with suppress(FileNotFoundError, IsADirectoryError):
                return f"{number}:{path.stat().st_mtime_ns}:{sha256(path.read_bytes())}"
        return ""

    def _is_marked(self, number: int, marks: Collection[str]) -> bool:
        try:
            return self.mark(number) in marks
        except OSError:
            return False

    def form_path(self, number: int) -> Path:
        """Where a report in an editor lies."""
        return self.folder / f"{number}.yaml"

    def _json(self, number: int) -> Path:
        return self.folder / f"{number}.json"

    def _clear(self, now: datetime) -> None:
        """Remove what killed processes left: half a draft, or a number held for a form that never came."""
        from nippo_cli.base.files import clear_leftovers

        clear_leftovers(self.folder, now)
        for path in self.folder.iterdir():
            number = int(path.stem) if _is_draft(path) else 0
            if (
                number
                and path.stat().st_size == 0
                and not self.form_path(number).exists()
                and not self.elsewhere(number)
            ):
                path.unlink(missing_ok=True)

    def _free(self, content: bytes) -> int:
        """A number that nobody has; it is taken, and its file written, by the time that this returns."""
        from nippo_cli.base.files import new_file

        taken = [int(path.stem) for path in self.folder.iterdir() if _is_draft(path)]
        number = max(taken, default=0)
        for _ in range(_TRIES):
            number += 1
            if not new_file(self._json(number), content):
                continue
            # Its number may have been dropped a moment ago, by a process that still has it open.
            if take(self.folder, number):
                return number
            self._json(number).unlink(missing_ok=True)
        raise FileExistsError(str(self._json(number)))

    def _read(self, number: int) -> SavedDraft | None:
        """The draft of a number; None where its file is gone, or is none that nippo wrote."""
        form = self.form_path(number)
        try:
            if form.is_file():
                at = datetime.fromtimestamp(form.stat().st_mtime, UTC).isoformat()
                return SavedDraft(number, at, form=form.read_text(encoding="utf-8", errors="surrogateescape"))
            check_regular(self._json(number))
            plain = json.loads(self._json(number).read_text(encoding="utf-8", errors="surrogatepass"))
            reports = tuple(MappingProxyType(dict(one)) for one in plain.get("reports", ()))
            if not all(map(is_plain, reports)):
                return None
            return SavedDraft(
                number,
                datetime.fromisoformat(plain["saved_at"]).isoformat(),
                reports,
                str(plain.get("at", "")),
                str(plain.get("typed", "")),
                tuple(map(str, plain.get("passed", ()))),
                tuple(map(str, plain.get("waiting", ()))),
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError, NoFile):
            return None


def drafts_of(workspace: "Workspace") -> SavedDrafts:
    """The drafts of the workspace's journal."""

    def recorded_marks() -> Collection[str]:
        from nippo_cli.services.writing.recorded_drafts import recorded

        return recorded(workspace)

    return SavedDrafts(workspace.places.state / "drafts", recorded_marks)


def time_zone_of(workspace: "Workspace") -> str:
    """The journal's time zone; the machine's where there is no journal, or none that can be read."""
    from nippo_cli.services.context import local_time_zone, reading

    try:
        with reading(workspace.apart()) as (reader, _):
            return reader.time_zone
    except (NippoError, OSError):
        return local_time_zone()


def go_on(workspace: "Workspace", number: int, *, first: Message | None = None) -> Message:
    """How to go on with a draft, behind another hint where there is one."""
    command = resume_command(workspace, number)
    if first is not None and "command" in first.params:
        # A command is a row of its own.
        return msg("draft.kept_below", number=number, command=command, first=first)
    if first is not None:
        return msg("draft.kept_too", number=number, command=command, first=first)
    return msg("draft.kept", number=number, command=command)


def resume_command(workspace: "Workspace", number: int, options: str = "") -> str:
    """The command that goes on with a draft, with options as `nippo draft resume` takes them: that by its number, where it isn't
    the one saved last."""
    drafts, nippo = drafts_of(workspace).all(), f"nippo{workspace.places.options}"
    if drafts and drafts[0].number != number:
        return f"{nippo} draft resume {number} {options}".rstrip()
    return f"{nippo} add --resume {options.removeprefix('--deal ')}".rstrip()


def _remove(path: Path) -> None:
    # Whatever an editor may have put in the place of its file.
    with suppress(FileNotFoundError, IsADirectoryError):
        path.unlink()


def _is_draft(path: Path) -> bool:
    return path.suffix in (".json", ".yaml") and path.stem.isdecimal() and path.stem.isascii()
