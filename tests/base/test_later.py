"""A library that is put off is loaded when it is first asked for something, and then it is the library itself."""

import subprocess
import sys

import pytest

PUT_OFF = "from nippo_cli.base.later import put_off; put_off(['colorsys'])"
# Each runs in a process of its own: what a library's absence looks like can't be seen where it is loaded already.
ASKED = {
    "by its name": "import colorsys; colorsys.rgb_to_hsv(0, 0, 0)",
    "for a name of its": "from colorsys import rgb_to_hsv",
    "by one who imported it before it was loaded": "import colorsys as held; import colorsys; held.rgb_to_hsv(0, 0, 0)",
}
WHOLE = """
import sys, threading, time
from nippo_cli.base.later import put_off

sys.path.insert(0, sys.argv[1])
put_off(["slow"])
import slow

got, together = [], threading.Barrier(8)

def ask():
    together.wait()
    got.append(slow.last)

asking = [threading.Thread(target=ask) for _ in range(8)]
[each.start() for each in asking]
[each.join() for each in asking]
print(len(got), set(got), sys.modules["slow"].loads)
"""


def ran(program: str, *args: str) -> str:
    """What a program of its own says."""
    done = subprocess.run([sys.executable, "-c", program, *args], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_nothing_of_it_is_loaded_by_an_import():
    """What stands in its place has neither its names nor its file."""
    assert ran(f"{PUT_OFF}; import colorsys; print('rgb_to_hsv' in vars(colorsys))") == "False"


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_whoever_asks_is_answered_by_the_library(asked):
    """From then on `import` finds it in its place."""
    program = f"{PUT_OFF}; {asked}; import sys; print(sys.modules['colorsys'].__file__)"
    assert ran(program).endswith("colorsys.py")


def test_threads_that_ask_at_once_find_it_whole_and_loaded_once(tmp_path):
    """A library that takes a while, and eight that want its last name."""
    (tmp_path / "slow.py").write_text(
        "import time\nloads = globals().get('loads', 0) + 1\ntime.sleep(0.2)\nlast = 'there'\n", encoding="utf-8"
    )
    assert ran(WHOLE, str(tmp_path)) == "8 {'there'} 1"


def test_one_that_is_there_already_stays():
    """What was asked of it before is not undone."""
    assert ran(f"import colorsys as here; {PUT_OFF}; import colorsys; print(colorsys is here)") == "True"


def test_one_that_is_not_installed_is_missed_when_it_is_asked():
    """By the error that its import would have been."""
    program = """
from nippo_cli.base.later import put_off
put_off(["nobody_has_this"])
import nobody_has_this
try:
    nobody_has_this.name
except ModuleNotFoundError as error:
    print(error.name)
"""
    assert ran(program) == "nobody_has_this"


def test_who_goes_through_all_modules_loads_none_and_misses_none():
    """As `inspect.getmodule` does for each frame of a stack, and whoever looks for warnings that were given."""
    program = """
import inspect, sys
from nippo_cli.base.later import put_off
put_off(["colorsys", "nobody_has_this"])
import colorsys
inspect.getmodule(compile("", "of no module", "exec"))
print("rgb_to_hsv" in vars(sys.modules["colorsys"]), getattr(sys.modules["nobody_has_this"], "__warningregistry__", None))
colorsys.rgb_to_hsv(0, 0, 0)
print(colorsys.__file__ == sys.modules["colorsys"].__file__)
"""
    assert ran(program).split() == ["False", "None", "True"]
