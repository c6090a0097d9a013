"""nippo as a person at a shell meets it: arguments in, exit code, stdout and stderr out."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tzlocal import reload_localzone

from nippo_cli.cli.frame.main import main

# Monday evening in Japan.
NOW = "2026-11-23T18:00:00+09:00"
# What the default schema asks of a first entry, on the phone.
FIRST = ("--new-deal", "--customer", "青葉製作所", "--activity", "電話", "--stage", "ヒアリング",
         "--next-step", "見積提出", "--next-on", "+7d")  # fmt: skip


class Answer(NamedTuple):
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What stdout holds, as JSON."""
        return json.loads(self.out)


class Shell:
    """Runs commands in this process on one journal. Nobody is there to be asked."""

    def __init__(self, capsys: pytest.CaptureFixture[str], journal: Path) -> None:
        self._capsys = capsys
        self.journal = journal
        self.db = journal / "journal.db"
        self.schema = journal / "schema.yaml"

    def __call__(self, *argv: str) -> Answer:
        """One command on the journal."""
        return self.bare("--journal", str(self.journal), *argv)

    def bare(self, *argv: str) -> Answer:
        """One command, with nothing but these arguments."""
        self._capsys.readouterr()
        code = main(argv)
        out, err = self._capsys.readouterr()
        return Answer(code, out, err)

    def done(self, *argv: str) -> Answer:
        """A command that must succeed."""
        answer = self(*argv)
        assert answer.code == 0, answer.err
        return answer

    def deal(self, name: str, *argv: str, facts: str = "話を聞いた") -> str:
        """A deal begun by its first entry: the entry's id."""
        return str(self.done("add", name, *FIRST, "-m", facts, "--json", *argv).json["entry"]["id"])


def settle(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """A rep's evening: Monday 2026-11-23 at 18:00 in Japan, in Japanese, with a state folder of its own."""
    for name, value in {
        "NIPPO_NOW": NOW, "NIPPO_LANG": "ja", "NIPPO_AUTHOR": "佐藤", "TZ": "Asia/Tokyo", "XDG_STATE_HOME": str(folder / "state"),
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(folder)
    # It remembers the zone of whichever test asked first.
    reload_localzone()


def files(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file below a folder: its bytes and its time of change."""
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
