"""A folder that holds a journal's folder and a state folder: all that commands write."""

import sys
from pathlib import Path

from power_cut import Call, Disk, traced
from shell import FIRST, NOW, Shell

from nippo_cli.journal.check import doctor

MAIN = "import sys; from nippo_cli.cli.frame.main import main; sys.exit(main(sys.argv[1:]))"
NEXT = ("add", "次の案件", *FIRST, "-m", "そのあと")


class House:
    """The folder, and nippo on its journal."""

    def __init__(self, root: Path, nippo: Shell) -> None:
        self.root, self.nippo = root, nippo

    def traced(self, *argv: str, main: str = MAIN, code: int = 0) -> tuple[Disk, list[Call]]:
        """Run a command: the disk as it was before, and what the command asked of the system. Its temporary files are in
        the folder, too."""
        (self.root / "tmp").mkdir()
        disk = Disk(self.root)
        ran = traced(
            [sys.executable, "-c", main, "--journal", str(self.nippo.journal), *argv],
            self.root.parent / "trace", {"NIPPO_NOW": NOW, "TMPDIR": str(self.root / "tmp")},
        )  # fmt: skip
        assert ran.code == code, ran.err
        return disk, ran.calls

    def facts(self) -> list[str]:
        """What every entry says, once one more was written, which is left out; the journal is sound then."""
        self.nippo.done(*NEXT)
        assert [(check.name, check.problems) for check in doctor.examine(self.nippo.db).checks if check.problems] == []
        entries = self.nippo.done("log", "--json").json["entries"]
        return sorted(one["values"]["facts"] for one in entries if one["values"]["facts"] != NEXT[-1])

    def drafts(self) -> list[str]:
        """What every draft says."""
        return [draft["facts"] for draft in self.nippo.done("draft", "list", "--json").json["drafts"]]

    def files(self) -> list[str]:
        """Every file, below the root; the drafts' own folder is one."""
        return sorted(str(path.relative_to(self.root)) for path in self.root.rglob("*") if path.is_file())
