"""What lies in the state folder and in a team's folder is damaged: cut, zeroed, of other types. Nobody is kept from reading and
writing by it, and it is never a fault of nippo's.

A sample of the ways runs here; all of them with NIPPO_FAULTS=all.
"""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from every_command import furnish
from shell import Shell

ALL = os.environ.get("NIPPO_FAULTS") == "all"
# What needs nothing of it, and so ends well whatever it says.
_ALWAYS = ((), ("log",), ("draft", "list"), ("team",), ("follow",), ("doctor",), ("log", "--new"))
_BESIDES = (
    ("add", "案件", "--activity", "電話", "-m", "また"), ("add", "案件", "-m", "書きかけ"), ("draft", "resume", "1", "--activity", "電話"),
    ("import", "plain.csv", "--yes"), ("sync",), ("team", "status"), ("team", "invite"), ("redact", "--person", "髙橋", "--dry-run"),
    ("backup",), ("draft", "drop", "--all"),
)  # fmt: skip
_WAYS: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "half": lambda content: content[: len(content) // 2],
    "zeros": lambda content: bytes(len(content)),
    "a list": lambda _: b"[1,2]",
    "nothing": lambda _: b"null",
    "other keys": lambda _: b'{"a": [{"b": null}], "1": 5}',
    "no UTF-8": lambda content: b"\xff\xfe" + content,
    "numbers for texts": lambda content: re.sub(rb'(?<=: )"[^"]*"', b"7", content),
    "texts for numbers": lambda content: re.sub(rb"(?<=: )\d+", b'"x"', content),
    "huge numbers": lambda content: re.sub(rb"(?<=: )\d+", b"9" * 20, content),
}
_SOME = ("half", "no UTF-8", "numbers for texts")


@pytest.fixture
def of_a_team(nippo: Shell, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A diary with drafts, an import and a team, and all that these keep beside it; a copy of it."""
    furnish(nippo)
    text = "日付,案件名,活動,内容\n2026-11-20,研磨機,電話,話した\n"
    (tmp_path / "plain.csv").write_text(text, encoding="utf-8")
    for argv in (("import", "plain.csv", "--yes"), ("team", "begin", "folder:share", "--yes"), ("sync",), ()):
        nippo.done(*argv)
    return Path(shutil.copytree(tmp_path, tmp_path_factory.mktemp("kept"), dirs_exist_ok=True))


@pytest.mark.parametrize("way", _WAYS if ALL else _SOME)
def test_damage_beside_the_journal_stops_nobody(nippo: Shell, tmp_path: Path, of_a_team: Path, way: str):
    """Each file in turn: drafts, answers to an import, what is known of the team, the device's note, segments."""
    files = [path.relative_to(of_a_team) for place in ("state", "share") for path in (of_a_team / place).rglob("*.*")]
    assert {"1.json", "sync.json"} <= {file.name for file in files}
    for file in files:
        for place in ("state", "share", "journal"):
            shutil.rmtree(tmp_path / place)
        shutil.copytree(of_a_team, tmp_path, dirs_exist_ok=True)
        (tmp_path / file).write_bytes(_WAYS[way]((of_a_team / file).read_bytes()))
        for words in (*_ALWAYS, *_BESIDES):
            answer = nippo(*words)
            assert answer.code == 0 if words in _ALWAYS else answer.code in range(6), (file, words, answer)
            assert "不具合" not in answer.err, (file, words, answer)
