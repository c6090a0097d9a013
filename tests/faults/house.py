"""A folder that holds a journal's folder and a state folder: all that commands write."""

import os
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import system_calls
from disk import Disk, empty
from ready import Ready
from shell import FIRST, NOW, Shell
from system_calls import Call, Ran

from nippo_cli.journal.check import doctor

# Who writes what shows that the journal goes on.
NEXT_AUTHOR = "次の人"
NEXT = ("add", "次の案件", *FIRST, "-m", "そのあと")
RECORDS = """
select id, kind, author, on_date, known_on, target, batch, source_key, body from record where author <> ? order by id
"""
# All that a journal's folder and its state folder may hold, and what lay there before.
MAY_BE = re.compile(
    r"books/journal/(journal\.db|schema(\.\d{8}-\d{6}(-\d+)?)?\.yaml|backups/journal-\d{8}-\d{6}(-\d+)?(\.unchecked)?\.(db|db\.sha256|schema\.yaml)|journal\.before-m\d{3}_\w+\.db|journal\.\d{8}-\d{6}(-\d+)?\.(db|db-journal|schema\.yaml))"
    r"|state/nippo/journals/\w+/(written|device|drafts\.lock|drafts/\d+\.json|imports/\w+\.json)"
    r"|state/nippo/journals/\w+/sync\.(json|lock|shown)|share/[\w-]+\.seg"
    r"|(other\.db|(rows|sales|plan)\.csv|(map|sales)\.yaml|form\.xlsx|out/([\d-]+/)?[\w.-]+)"
)


class House:
    """The folder, and nippo on its journal."""

    def __init__(self, root: Path, nippo: Shell, ready: Ready | None = None) -> None:
        self.root, self.nippo, self._ready = root, nippo, ready
        (root / "tmp").mkdir(exist_ok=True)

    def run(self, argv: tuple[str, ...] | str, *strace: str, before: str = "") -> Ran:
        """Run a command, or Python of which `here` is the journal's option, in a process of its own. Its temporary files are
        in the folder, too."""
        assert self._ready is not None
        here = ("--journal", str(self.nippo.journal))
        made = f"here = {here!r}\n{argv}" if isinstance(argv, str) else (*here, *argv)
        env = {
            "NIPPO_NOW": NOW,
            "NIPPO_AUTHOR": "佐藤",
            "NIPPO_LANG": "ja",
            "TMPDIR": str(self.root / "tmp"),
            "XDG_STATE_HOME": str(self.root / "state"),
        }
        return system_calls.run(self._ready, made, self.root.parent, env, *strace, before=before)

    def traced(
        self, argv: tuple[str, ...] | str, *strace: str, code: int = 0, before: str = ""
    ) -> tuple[Disk, list[Call]]:
        """Run a command: the disk as it was before, and what the command asked of the system."""
        disk = Disk(self.root)
        ran = self.run(argv, *system_calls.replayed(), *strace, before=before)
        assert ran.code == code, ran.err
        return disk, list(system_calls.calls(ran.trace))

    def records(self) -> list[tuple[object, ...]]:
        """Every record of the log once one more entry was written, which is left out; the journal is sound then."""
        with pytest.MonkeyPatch.context() as monkeypatch:
            monkeypatch.setenv("NIPPO_AUTHOR", NEXT_AUTHOR)
            self.nippo.done(*NEXT)
        assert [(check.name, check.problems) for check in doctor.examine(self.nippo.db).checks if check.problems] == []
        return log_of(self.nippo.db)

    def facts(self) -> list[str]:
        """What every entry says, once one more was written, which is left out; the journal is sound then."""
        self.records()
        entries = self.nippo.done("log", "--json").json["entries"]
        return sorted(one["values"]["facts"] for one in entries if one["values"]["facts"] != NEXT[-1])

    def drafts(self) -> list[str]:
        """What every draft says."""
        return [draft["facts"] for draft in self.nippo.done("draft", "list", "--json").json["drafts"]]

    def files(self) -> list[str]:
        """Every file, below the root; the drafts' own folder is one."""
        return sorted(str(path.relative_to(self.root)) for path in self.root.rglob("*") if path.is_file())

    def strangers(self) -> list[str]:
        """The files that should not be there once the next entry and, where half a draft is left, the next draft are
        written; in the folder for temporary files a name may be, and nothing in it."""
        if any(name.startswith("state") and name.endswith(".part") for name in self.files()):
            assert self.nippo("add", "次の案件", "-m", "次の下書き").code == 3
        return self.left()

    def left(self) -> list[str]:
        """The files that should not be there now."""
        return [
            name
            for name in self.files()
            if not MAY_BE.fullmatch(name.replace(os.sep, "/"))
            and not (name.startswith("tmp") and not (self.root / name).stat().st_size)
        ]

    def keep(self, at: Path) -> None:
        """Copy all of it, times as they are; a folder for temporary files is made first."""
        (self.root / "tmp").mkdir(exist_ok=True)
        shutil.copytree(self.root, at)

    def bring_back(self, at: Path) -> None:
        """Make it again what was copied."""
        empty(self.root)
        shutil.copytree(at, self.root, dirs_exist_ok=True)


def log_of(path: Path) -> list[tuple[object, ...]]:
    """A log's records, but for those of who shows that it goes on."""
    with closing(sqlite3.connect(path)) as cx:
        return cx.execute(RECORDS, (NEXT_AUTHOR,)).fetchall()
