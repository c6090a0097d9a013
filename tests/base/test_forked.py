"""Processes that tests fork are as those that are begun anew: what they are given, what they say, and how they end."""

import os
import subprocess
import sys
from pathlib import Path

import forked
import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows forks nothing")

PROGRAMS = {
    "what it is given": "import os, sys; print(sys.argv, os.getcwd(), sorted(os.environ), os.environ['X'], sys.stdin.read())",
    "its streams": "import sys; print([(s.encoding, s.errors, s.isatty()) for s in (sys.stdin, sys.stdout, sys.stderr)])",
    "what it hears": "import signal; print([signal.getsignal(s) for s in (2, 13, 15, signal.SIGCHLD)])",
    "its open files": "import os; print(sorted(n for n in map(int, os.listdir('/dev/fd')) if n < 3))",
    "its name": "print(__name__, __import__('__main__').__dict__.get('__file__'))",
    "its end": "",
    "a number": "import sys; sys.exit(3)",
    "words": "import sys; print('half', end=''); sys.exit('あ')",
    "an error": "raise ValueError",
    "a signal": "import os; os.kill(os.getpid(), 15)",
    "Ctrl-C": "import os, signal; os.kill(os.getpid(), signal.SIGINT)",
    "at once": "import os; os._exit(7)",
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_forked_process_is_as_one_that_is_begun_anew(tmp_path: Path, program: str):
    """It says the same, and ends the same."""
    argv = [sys.executable, "-c", PROGRAMS[program], "a", "見積", "\udc80"]
    given = {
        "input": "打合せ\n",
        "capture_output": True,
        "encoding": "utf-8",
        "errors": "surrogateescape",
        "timeout": 60,
        "cwd": tmp_path,
    }
    env = {"X": "\udcff", "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]}
    anew, other = (run(argv, env=env, **given) for run in (subprocess.run, forked.run))
    assert (other.returncode, other.stdout) == (anew.returncode, anew.stdout)
    # But for where the program was called from.
    assert other.stderr.splitlines()[-1:] == anew.stderr.splitlines()[-1:]


def test_a_forked_process_that_takes_too_long_is_ended():
    """And who waits for it is told."""
    with pytest.raises(subprocess.TimeoutExpired):
        forked.run([sys.executable, "-c", "import time; time.sleep(60)"], timeout=0.1)


def test_a_forked_process_has_its_terminal():
    """Its own, of the size that was asked for; a key that interrupts reaches it."""
    pexpect = pytest.importorskip("pexpect", reason="Windows has no pseudo-terminal")
    program = (
        "import os, time\nprint(os.get_terminal_size(), [os.isatty(n) for n in range(3)], os.getsid(0) == os.getpid(),"
        " os.tcgetpgrp(0) == os.getpid(), flush=True)\ntime.sleep(60)"
    )
    said = []
    for spawn in (pexpect.spawn, forked.spawn):
        child = spawn(sys.executable, ["-c", program], dimensions=(33, 77), timeout=60, encoding="utf-8")
        child.expect_exact("\n")
        said.append(child.before)
        child.sendintr()
        child.expect(pexpect.EOF)
        child.wait()
        said.append((child.exitstatus, child.signalstatus))
    assert said[:2] == said[2:]
    assert "columns=77, lines=33" in said[0]
