"""TAB in real shells, each with the script that nippo itself gives it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pexpect = pytest.importorskip("pexpect", reason="Windows has no pseudo-terminal")

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>()][0-9A-Za-z]?|\x1b\][^\x07]*\x07")
NAME = "砥川 部品洗浄機"
START = {
    "bash": ["--norc", "--noprofile"],
    "zsh": ["-f"],
    "fish": ["--no-config"],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A journal with one deal, a `nippo` that runs the source under test, and the script of each shell."""
    folder = tmp_path_factory.mktemp("completion")
    (folder / "bin").mkdir()
    nippo = folder / "bin" / "nippo"
    nippo.write_text(f"#!{sys.executable}\nfrom nippo_cli.cli.main import run\nrun()\n", encoding="utf-8")
    nippo.chmod(0o755)
    add = ("add", NAME, "--new-deal", "--customer", "砥川金型", "--activity", "社内", "-m", "x", "--later")
    subprocess.run([str(nippo), *add], env=env_of(folder), check=True, capture_output=True)
    for shell in START:
        script = subprocess.run(
            [str(nippo), "--show-completion", shell], check=True, capture_output=True,
            env=env_of(folder) | {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"},
        )  # fmt: skip
        (folder / f"nippo.{shell}").write_bytes(script.stdout)
    return folder


def env_of(folder: Path) -> dict[str, str]:
    """What the shells and nippo run in."""
    return os.environ | {
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}", "NIPPO_JOURNAL": str(folder / "journal"), "HOME": str(folder),
        "NIPPO_LANG": "ja", "LC_ALL": "C.UTF-8", "TERM": "xterm", "XDG_STATE_HOME": str(folder / "state"), "PS1": "$ ",
        "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "NO_COLOR": "1",
    }  # fmt: skip


def program(shell: str) -> str:
    """The shell's program."""
    found = shutil.which(shell)
    if found is None:
        pytest.skip(f"{shell} is not here")
    return found


@pytest.mark.parametrize("shell", START)
def test_the_script_is_one_that_the_shell_takes(folder, shell):
    """Read without being run."""
    subprocess.run([program(shell), "-n", str(folder / f"nippo.{shell}")], check=True, env=env_of(folder))


@pytest.mark.parametrize("shell", START)
def test_tab_completes_the_name_of_a_deal(folder, shell):
    """From its first character, whole and as one word: the command that is then run finds the deal."""
    child = pexpect.spawn(
        program(shell), START[shell], env=env_of(folder), encoding="utf-8", timeout=30, dimensions=(40, 100)
    )
    ready = {"bash": "", "zsh": "autoload -Uz compinit; compinit -D; ", "fish": ""}[shell]
    child.sendline(f"{ready}source {folder / f'nippo.{shell}'}; echo rea''dy")
    child.expect("ready\r\n")
    child.send("nippo deal show 砥\t")
    child.expect("部品洗浄機")
    child.send("\r")
    child.expect("砥川金型")
    child.sendline("exit")
    child.close()


def test_bash_runs_nothing_that_is_stored(folder):
    """A deal whose name is a command is only a name."""
    name = f"$(touch {folder}/gone)"
    add = ("add", name, "--new-deal", "--customer", "x", "--activity", "社内", "-m", "x", "--later")
    subprocess.run([str(folder / "bin" / "nippo"), *add], env=env_of(folder), check=True, capture_output=True)
    child = pexpect.spawn(
        program("bash"), START["bash"], env=env_of(folder), encoding="utf-8", timeout=30, dimensions=(40, 100)
    )
    child.sendline(f"source {folder / 'nippo.bash'}; echo rea''dy")
    child.expect("ready\r\n")
    child.send("nippo deal show \\$\t")
    child.expect("touch")
    child.send("\r")
    child.expect("進行中")
    child.sendline("exit")
    child.close()
    assert not (folder / "gone").exists()
