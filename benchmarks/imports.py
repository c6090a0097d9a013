"""What a command imports, and what that costs: `python -X importtime`, dearest first.

.venv/bin/python benchmarks/imports.py --version
.venv/bin/python benchmarks/imports.py --journal DIR deal show NAME
"""

import os
import re
import subprocess
import sys
from typing import NamedTuple

SHOWN = 25
_LINE = re.compile(r"import time:\s*(\d+) \|\s*(\d+) \| ( *)(\S+)")
_RUN = "import sys; from nippo_cli.cli.frame.main import run; sys.argv[0] = 'nippo'; run()"


class Import(NamedTuple):
    """A module's own microseconds, those with all that it imports first, and how deep it was imported."""

    own: int
    whole: int
    depth: int
    module: str


def imports(words: list[str]) -> list[Import]:
    """What the command imports, in the order in which the imports end."""
    command = [sys.executable, "-X", "importtime", "-c", _RUN, *words]
    env = {**os.environ, "PYTHONUTF8": "1"}
    ran = subprocess.run(command, env=env, capture_output=True, text=True, encoding="utf-8", check=False)
    lines = map(_LINE.match, ran.stderr.splitlines())
    return [Import(int(hit[1]), int(hit[2]), len(hit[3]) // 2, hit[4]) for hit in lines if hit]


def _own(each: Import) -> int:
    return each.own


def _whole(each: Import) -> int:
    return each.whole


def main() -> None:
    """Show the dearest modules by their own cost, and the dearest packages by all that they pull in."""
    if len(sys.argv) == 1:
        raise SystemExit(__doc__)
    modules = imports(sys.argv[1:])
    print(f"{len(modules)} modules, {sum(each.own for each in modules) / 1000:.1f} ms")
    for title, cost in (("own", _own), ("with what it imports", _whole)):
        print(f"\n{'ms':>8}  {title}")
        for each in sorted(modules, key=cost, reverse=True)[:SHOWN]:
            print(f"{cost(each) / 1000:8.2f}  {each.module}")


if __name__ == "__main__":
    main()
