"""Who else is on the machine reads nothing of the diary, and nothing leaves it: modes, folders of strangers, links, sockets."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from every_command import every_command_at_work, furnish
from shell import FIRST, Shell
from system_calls import why_not

from nippo_cli.base import places
from nippo_cli.base.files import growing, make_folder, new_file
from nippo_cli.base.language import t

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no permissions of this sort")
traceable = pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")

# Of a file that can't be understood without a person, its columns; and a line of a row that is not read.
_ODD = "日付,会社,案件,フェーズ,内容\n2026/11/20,甲社,A機,謎,x\n"
_BAD = "id,day,deal,customer,activity,said\n1,?,研磨機,赤城工業,電話,話した\n"
# What else makes files and folders, besides each command as it is typed first.
_MAKING = (
    ("import", "bad.csv", "--map", "map.yaml", "--on-error", "skip"), ("import", "plain.csv", "--yes", "--save-map", "said.yaml"),
    ("log", "-o", "log.txt"), ("log", "-o", "log.xlsx"), ("log", "--eml", "-o", "log.eml"), ("report", "-o", "a/report/"),
    ("report", "-o", "report.html"), ("log", "--week", "--form", "form.xlsx", "-o", "week.xlsx"), ("export", "out/of/here"),
    ("export", "-o", "diary.sqlite"), ("export", "-o", "diary.xes.gz"), ("export", "--ics", "-o", "diary.ics"),
    ("backup", "--to", "far/away"), ("schema", "new", "mine.yaml"), ("demo", "--keep", "demo"), ("doctor", "--rebuild"),
    ("doctor", "--rescue", "rescued/here"), ("init", "--here"), ("restore", "copy.db"),
)  # fmt: skip


def modes(folder: Path, own: set[Path]) -> dict[str, str]:
    """The permissions of everything below a folder that are others than 0600 and 0700, what a person made apart."""
    wanted = {True: 0o700, False: 0o600}
    found_modes = {
        str(path.relative_to(folder)): stat.S_IMODE(path.lstat().st_mode) for path in folder.rglob("*") if path not in own
    }  # fmt: skip
    return {name: oct(mode) for name, mode in found_modes.items() if mode != wanted[(folder / name).is_dir()]}


@posix
@pytest.mark.parametrize("mask", [0o000, 0o077, 0o777], ids=oct)
def test_everything_that_is_made_is_its_owners_alone(nippo: Shell, tmp_path: Path, mask: int) -> None:
    """By every command: journal, drafts, locks, backups, exports, outputs, rejects, maps, a schema, the demo's folder, segments
    in a folder that is nobody else's, what a rebuild and a restore set aside: 0600 in 0700."""
    old = os.umask(mask)
    try:
        before = set(tmp_path.rglob("*"))
        furnish(nippo)
        for name, text in {"bad.csv": _BAD, "odd.csv": _ODD}.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        (tmp_path / "plain.csv").write_text("日付,案件名,活動,内容\n2026-11-20,研磨機,電話,話した\n", encoding="utf-8")
        own = before | {path for path in tmp_path.iterdir() if path.is_file()}
        for path in own:
            path.chmod(0o700 if path.is_dir() else 0o600)
        for argv in every_command_at_work():
            nippo(*argv)
        for argv in _MAKING:
            nippo.done(*argv)
        assert nippo("import", "odd.csv", "--yes").code == 2
        for name, argv in {"moved": ("restore", "copy.db"), "told": ("import", "diary.jsonl")}.items():
            assert nippo.bare("--journal", f"new/{name}/journal", *argv).code == 0
    finally:
        os.umask(old)
    assert modes(tmp_path, own) == {}
    assert {"odd.csv.map.yaml", "said.yaml", "new"} <= {path.name for path in tmp_path.iterdir()}


@posix
def test_a_diary_above_that_is_somebody_elses_is_not_written_to(tmp_path: Path, monkeypatch, capsys) -> None:
    """Anybody may put a `.nippo/` into `/tmp`: what is typed below would be theirs. Named by option or environment it is
    meant, and is used."""
    (tmp_path / ".nippo").mkdir()
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    nippo = Shell(capsys, tmp_path / ".nippo")
    monkeypatch.setattr(places.os, "getuid", lambda: tmp_path.stat().st_uid + 1)
    monkeypatch.setattr(places.os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    refused = nippo.bare("add", "案件", *FIRST, "-m", "秘密")
    assert (refused.code, list((tmp_path / ".nippo").iterdir())) == (2, [])
    assert refused.err.splitlines()[0] == f"{t('cli.error')}: {t('places.strangers', path=str(tmp_path / '.nippo'))}"
    nippo.done("add", "案件", *FIRST, "-m", "秘密")


@posix
def test_what_lies_in_wait_under_a_name_is_not_written_through(tmp_path: Path, monkeypatch) -> None:
    """A link planted at the name of a file that grows, at a new file's name, at a folder's: the first is refused, the others
    are left as they are."""
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    monkeypatch.setattr(os, "urandom", bytes)
    with growing(tmp_path / "journal.db") as part:
        name = part.name
    (tmp_path / name).symlink_to(victim)
    with pytest.raises(FileExistsError), growing(tmp_path / "journal.db"):
        pass
    monkeypatch.undo()
    (tmp_path / "new").symlink_to(victim)
    assert not new_file(tmp_path / "new", b"theirs")
    (tmp_path / "folder").symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileExistsError):
        make_folder(tmp_path / "folder")
    assert (victim.read_bytes(), (tmp_path / "nowhere").exists()) == (b"mine", False)


@posix
def test_a_journals_folder_may_be_a_link(nippo: Shell, tmp_path: Path) -> None:
    """To a folder in the cloud, say: all of it is written where that leads, and nothing beside the link."""
    real = tmp_path / "cloud" / "diary"
    real.mkdir(parents=True)
    nippo.journal.symlink_to(real)
    nippo.deal("案件")
    nippo.done("backup")
    nippo.done("redact", "3", "--why", "求め", "--yes")
    assert nippo.journal.is_symlink()
    assert {path.name for path in real.iterdir()} == {"journal.db", "schema.yaml", "backups"}
    assert {path.name for path in tmp_path.iterdir()} - {"state"} == {"cloud", "journal"}


# Every command in one process, which notes whatever would reach another program or another machine.
WATCHED = """
import io, json, sys
from contextlib import redirect_stderr, redirect_stdout
import socket
commands, events, at = json.loads(sys.argv[1]), [], [""]
LEAVING = ("socket.", "subprocess.", "urllib.", "ftplib.", "http.", "smtplib.", "webbrowser.", "os.system", "os.exec",
           "os.posix_spawn", "os.spawn", "os.startfile")
def hook(event, args):
    if event.startswith(LEAVING) and not (event == "socket.__new__" and args[1] == getattr(socket, "AF_UNIX", None)):
        events.append([at[0], event, repr(args)[:200]])
sys.addaudithook(hook)
from nippo_cli.cli.frame.main import main
codes = {}
for argv in commands:
    at[0] = " ".join(argv)
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        codes[at[0]] = main(["--journal", "journal", *argv])
print(json.dumps({"events": events, "codes": codes}))
"""


def test_no_command_opens_a_socket_or_starts_a_program(nippo: Shell, tmp_path: Path) -> None:
    """Python's own audit events, in a run over every command; most do their work, so that there is something to watch."""
    furnish(nippo)
    commands = every_command_at_work()
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, json.dumps(commands)], cwd=tmp_path, capture_output=True, encoding="utf-8", check=True,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    watched = json.loads(done.stdout)
    assert watched["events"] == []
    codes = watched["codes"]
    assert sum(code == 0 for code in codes.values()) > len(commands) * 0.7, codes
    assert [codes[" ".join(argv)] for argv in commands[-3:]] == [0, 0, 0], codes


@traceable
def test_the_system_is_asked_for_no_connection(nippo: Shell, tmp_path: Path) -> None:
    """As Linux sees it, in whatever language the code is: no socket but one between two of nippo's own processes."""
    furnish(nippo)
    commands = every_command_at_work()
    subprocess.run(
        ["strace", "-f", "-qq", "-e", "trace=%network", "-o", "trace", sys.executable, "-c", WATCHED, json.dumps(commands)],
        cwd=tmp_path, capture_output=True, check=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    calls = (tmp_path / "trace").read_text(encoding="utf-8", errors="replace").splitlines()
    assert [call for call in calls if "AF_UNIX" not in call and ("socket(" in call or "connect(" in call)] == []
