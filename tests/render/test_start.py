"""What a piped table loads: no Rich, nor anything else that a start-up would feel."""

import subprocess
import sys

PROGRAM = """
import sys
from nippo_cli.render.draw.emit import Screen, draw
from nippo_cli.results.care import PathPage
from nippo_cli.results.entries import LogPage
from datetime import date
draw(PathPage("a", "b", "c", True, "d"), fmt="table", screen=Screen())
draw(LogPage(date(2026, 1, 1), None, None, (), 0, 0, 0), fmt="table", screen=Screen())
import nippo_cli.render.gaps.stalled, nippo_cli.render.deal.deal_list
print(" ".join(sorted({name.partition(".")[0] for name in sys.modules})))
"""
HEAVY = {
    "rich",
    "typer",
    "yaml",
    "pydantic",
    "sqlite3",
    "sqlite_utils",
    "platformdirs",
    "prompt_toolkit",
    "json",
    "csv",
}


def test_a_piped_table_loads_nothing_heavy():
    """The plain writer and the pages of every day are drawn without any of these."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert HEAVY & set(done.stdout.split()) == set()
