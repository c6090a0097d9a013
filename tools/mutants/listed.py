"""The mutants that may survive: `tests/mutants.md`, a line each, under the name of their file.

- ReplaceComparisonOperator_Lt_LtE ``a < b`` → ``a <= b`` equivalent: why no test can tell
"""

import re
from pathlib import Path
from typing import Final, NamedTuple

from mutants.sites import ROOT, Mutant

LIST: Final = ROOT / "tests" / "mutants.md"
_FILE: Final = re.compile(r"## `(\S+)`")
_LINE: Final = re.compile(r"- (\w+) ``(.*?)`` → ``(.*?)`` (equivalent|accepted): (.+)")


class Listed(NamedTuple):
    """Why a mutant may survive."""

    kind: str
    why: str


def listed(path: Path = LIST) -> dict[tuple[str, str, str, str], Listed]:
    """Every listed mutant by its key."""
    found: dict[tuple[str, str, str, str], Listed] = {}
    file = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if head := _FILE.fullmatch(line):
            file = head[1]
        elif one := _LINE.fullmatch(line):
            found[file, one[1], one[2].strip(), one[3].strip()] = Listed(one[4], one[5])
        elif line.startswith("- "):
            raise ValueError(line)
    return found


def line_of(mutant: Mutant) -> str:
    """The line to list a mutant by, but for its kind and its reason."""
    return f"- {mutant.operator} ``{mutant.before}`` → ``{mutant.after}``"
