"""Where things are: the journal, the schema beside it, and the state folder with drafts and history.

A journal is looked for in this order: `--journal`; `NIPPO_JOURNAL`; a `.nippo/` folder in the current folder or above
it; the platform's data folder. Nothing is made here, and nothing but a name is looked at.
"""

import os
import sys
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Final, Literal, TypeAlias

from nippo_cli.base.errors import UsageError, msg

FoundBy: TypeAlias = Literal["option", "environment", "folder", "platform"]

JOURNAL_FILE = "journal.db"
SCHEMA_FILE = "schema.yaml"
LOCAL_FOLDER = ".nippo"
_APP = "nippo"


class Places:
    """The files of one journal, whether or not they are there yet, and how the journal was found."""

    def __init__(
        self,
        *,
        journal_db: Path,
        schema: Path,
        state: Path | None = None,
        found_by: FoundBy = "option",
        schema_by_option: bool = False,
    ) -> None:
        self.journal_db: Final = journal_db
        self.schema: Final = schema
        self.found_by: Final = found_by
        self._schema_by_option: Final = schema_by_option
        self._state: Final = state

    @cached_property
    def state(self) -> Path:
        """The folder of this journal's drafts and history, apart from those of any other journal."""
        if self._state is not None:
            return self._state
        folder = state_folder()
        if self.found_by == "platform":
            return folder
        from nippo_cli.base.files import light_sha256

        return folder / "journals" / light_sha256()(os.fsencode(self.journal_db)).hexdigest()[:16]

    @property
    def name(self) -> str:
        """What the journal is called on what is handed on: its folder, of a `.nippo` the one that it is in, or its file."""
        path = self.journal_db
        if path.name != JOURNAL_FILE:
            return path.stem
        folder = path.parent.parent if path.parent.name == LOCAL_FOLDER else path.parent
        return folder.name

    @property
    def options(self) -> str:
        """The options without which a command to be typed would look elsewhere, each behind a blank; mostly none."""
        from nippo_cli.base.text import quoted

        path = self.journal_db
        shown = str(path.parent if path.name == JOURNAL_FILE else path)
        journal = f" --journal {quoted(shown)}" if self.found_by == "option" else ""
        return journal + (f" --schema {quoted(str(self.schema))}" if self._schema_by_option else "")

    def __repr__(self) -> str:
        return f"Places(journal_db={self.journal_db}, schema={self.schema}, found_by={self.found_by!r})"


def state_folder() -> Path:
    """The platform's folder for nippo's state, in which every journal has its own."""
    folder = _of_xdg("XDG_STATE_HOME", ".local/state")
    if folder is not None:
        return folder
    from platformdirs import user_state_path

    return user_state_path(_APP, appauthor=False)


def _data_folder() -> Path:
    """The platform's folder for an application's data."""
    folder = _of_xdg("XDG_DATA_HOME", ".local/share")
    if folder is not None:
        return folder
    from platformdirs import user_data_path

    return user_data_path(_APP, appauthor=False)


def _of_xdg(variable: str, fixed: str) -> Path | None:
    """On Linux a folder is one variable or one fixed place (XDG Base Directory Specification): to ask platformdirs for
    it would cost a short command as much as half its own work. None on other systems."""
    if sys.platform != "linux" or "ANDROID_DATA" in os.environ:
        return None
    said = os.environ.get(variable, "")
    return (Path(said) if said.strip() else _home() / fixed) / _APP


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:
        raise UsageError(msg("places.no_home"), hint=msg("places.no_home_hint")) from None


def find_places(*, journal: str | None, schema: str | None, env: Mapping[str, str], cwd: Path) -> Places:
    """Where the journal and its schema are, by options, environment and current folder.

    A journal is a folder, or a file `F.db` whose schema lies beside it. `schema` (or `NIPPO_SCHEMA`) stands in for
    that schema.

    Raises:
        UsageError: a path is given and empty; or a `.nippo/` folder above is another person's.
    """
    folder, found_by = _folder(journal, env, cwd)
    # A name that ends in .db is a file even before it is made.
    is_file = folder.suffix == ".db" or folder.is_file()
    journal_db = folder if is_file else folder / JOURNAL_FILE
    beside = journal_db.parent / SCHEMA_FILE
    said = schema if schema is not None else env.get("NIPPO_SCHEMA") or None
    return Places(
        journal_db=journal_db,
        schema=beside if said is None else _path(said, cwd, "--schema"),
        found_by=found_by,
        schema_by_option=schema is not None,
    )


def _folder(journal: str | None, env: Mapping[str, str], cwd: Path) -> tuple[Path, FoundBy]:
    """The journal's folder and who named it: the option, the environment, a `.nippo` here or above, else the platform's
    own."""
    if journal is not None:
        return _path(journal, cwd, "--journal"), "option"
    if env.get("NIPPO_JOURNAL"):
        return _path(env["NIPPO_JOURNAL"], cwd, "NIPPO_JOURNAL"), "environment"
    for folder in (cwd, *cwd.parents):
        # os.path answers no where a folder above may not be looked into; pathlib raises.
        if os.path.isdir(folder / LOCAL_FOLDER):  # noqa: PTH112
            if is_strangers(str(folder / LOCAL_FOLDER)):
                path = str(folder / LOCAL_FOLDER)
                raise UsageError(msg("places.strangers", path=path), hint=msg("places.strangers_hint", path=path))
            return folder / LOCAL_FOLDER, "folder"
    return _data_folder(), "platform"


def is_strangers(folder: str) -> bool:
    """Whether a folder that nobody named is another person's: anybody may put one into a folder that all may write to, and
    would read what is typed below it."""
    own = {get() for name in ("getuid", "geteuid") if (get := getattr(os, name, None)) is not None}
    try:
        return bool(own) and os.stat(folder).st_uid not in own  # noqa: PTH116
    except OSError:
        return True


def _path(said: str, cwd: Path, option: str) -> Path:
    if not said.strip():
        raise UsageError(msg("places.empty", option=option))
    try:
        named = Path(said).expanduser()
    except RuntimeError:
        raise UsageError(msg("places.unknown_home", option=option, said=said)) from None
    # Normalised without resolving links, so that one journal has one name in messages and one state folder.
    return Path(os.path.normpath(cwd / named))
