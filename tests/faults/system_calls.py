"""What a command asks of the system: listened to by strace, which can also answer in the system's place."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ready import Ready

# What changes a disk, and what says by which handle.
CHANGING = (
    "openat", "open", "creat", "close", "lseek", "write", "pwrite64", "writev", "pwritev", "pwritev2", "sendfile",
    "copy_file_range", "splice", "fallocate", "truncate", "ftruncate", "fsync", "fdatasync", "sync_file_range", "sync",
    "syncfs", "rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "unlink", "unlinkat",
    "mkdir", "mkdirat", "rmdir",
)  # fmt: skip
# What a system may answer to each call. A write that is said to have failed was not done.
_NO_ROOM, _BROKEN, _DENIED, _STOPPED = "ENOSPC", "EIO", "EACCES", "EINTR"
_OPENING, _NAMING = (_NO_ROOM, _BROKEN, _DENIED, _STOPPED), (_NO_ROOM, _BROKEN, _DENIED)
_WRITING, _READING, _LOOKING = (_NO_ROOM, _BROKEN, _STOPPED), (_BROKEN, _STOPPED), (_BROKEN, _DENIED)
ERRORS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("openat", "open", "creat"), _OPENING),
    **dict.fromkeys(("write", "pwrite64", "writev", "ftruncate", "fsync", "fdatasync", "sendfile"), _WRITING),
    **dict.fromkeys(("copy_file_range", "fallocate"), _WRITING),
    **dict.fromkeys(("read", "pread64", "getdents64", "fcntl", "close"), _READING),
    **dict.fromkeys(("rename", "renameat", "renameat2", "link", "linkat", "mkdir", "mkdirat"), _NAMING),
    **dict.fromkeys(("unlink", "unlinkat", "rmdir", "chmod", "fchmod", "fchmodat"), _LOOKING),
    **dict.fromkeys(("newfstatat", "stat", "lstat", "fstat", "statx", "access", "faccessat", "faccessat2"), _LOOKING),
}
_LINE = re.compile(r"\d+ +(?P<name>\w+)\((?P<said>.*)\) += (?P<got>-?\d+|\?)(?P<after>.*)", re.DOTALL)
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_PLACE = re.compile(r"<[^>]*>(?:\(deleted\))?")


class Call(NamedTuple):
    """One system call that went well: its texts, the numbers and words between them, and what it returned."""

    name: str
    texts: Sequence[bytes]
    plain: Sequence[str]
    got: int


class Point(NamedTuple):
    """The nth call of a name, from 1, of a command; and what it was, for a message."""

    name: str
    nth: int
    said: str


class Ran(NamedTuple):
    """A command that ended: its exit code, what it printed, and what strace wrote."""

    code: int
    out: str
    err: str
    trace: str


def why_not() -> str:
    """Why no command can be traced here; empty where it can."""
    strace = shutil.which("strace")
    if strace is None:
        return "strace is not installed"
    tried = subprocess.run([strace, "-f", "-e", "trace=openat", "true"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else "this system lets no process be traced"


def run(
    ready: Ready, argv: tuple[str, ...] | str, folder: Path, env: Mapping[str, str], *strace: str, before: str = ""
) -> Ran:
    """Run a command of nippo, with strace listening where it is given options."""
    process = ready.fork(argv, folder, env, before=before)
    trace = folder / "trace"
    listening = None
    if strace:
        listening = subprocess.Popen(
            ["strace", "-f", "-o", str(trace), *strace, "-p", str(process)],
            stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip
        assert listening.stderr is not None
        while "attached" not in (said := listening.stderr.readline()):
            assert said, "strace ended before it listened"
    ready.go(process)
    code = ready.wait(process)
    if listening is not None:
        listening.communicate(timeout=60)
    out, err = ((folder / name).read_text(encoding="utf-8", errors="replace") for name in ("out", "err"))
    return Ran(code, out, err, trace.read_text(encoding="utf-8", errors="replace") if strace else "")


def replayed(*also: str) -> tuple[str, ...]:
    """The options by which a disk can play what is traced; calls of other names may be listed among it."""
    return (
        "-y",
        "-xx",
        "-s",
        "10000000",
        "-e",
        f"trace={','.join(f'?{name}' for name in dict.fromkeys((*CHANGING, *also)))}",
    )


def calls(trace: str) -> Iterator[Call]:
    """The calls of a trace that went well, for a disk to play."""
    for match in _lines(trace):
        if match["name"] not in CHANGING or match["got"] == "?" or int(match["got"]) < 0:
            continue
        texts = [bytes.fromhex(text.replace(r"\x", "")) for text in _TEXT.findall(match["said"])]
        plain = [part.strip() for part in _PLACE.sub("", _TEXT.sub("", match["said"])).split(",")]
        yield Call(match["name"], texts, plain, int(match["got"]))


LISTED = ("-y", "-s", "0", "-e", f"trace={','.join(f'?{name}' for name in ERRORS)}")


def points(trace: str, root: Path) -> list[Point]:
    """Every call of a trace that was about something below a folder."""
    counts: dict[str, int] = {}
    made = []
    for match in _lines(trace):
        name = match["name"]
        counts[name] = counts.get(name, 0) + 1
        if f"{root}/" in match["said"] or f"<{root}>" in match["said"] or f'"{root}"' in match["said"]:
            made.append(
                Point(name, counts[name], match["said"].replace(f"{root}/", "").replace(f"<{root.parent}>", "")[:160])
            )
    return made


def was_met(trace: str, root: Path) -> bool:
    """Whether a call about something below a folder was answered in the system's place."""
    below = "".join(f"\\x{byte:02x}" for byte in os.fsencode(root))
    return any("(INJECTED)" in line and below in line for line in trace.splitlines())


def answering(point: Point, error: str, *, onwards: bool = False) -> tuple[str, ...]:
    """The options by which strace answers a call, or it and all of its name that follow, with an error."""
    return ("-e", f"inject={point.name}:error={error}:when={point.nth}{'+' if onwards else ''}")


def _lines(trace: str) -> Iterator[re.Match[str]]:
    half: dict[str, str] = {}
    for line in trace.splitlines():
        process = line.partition(" ")[0]
        if "<unfinished ...>" in line:
            half[process] = line.partition("<unfinished ...>")[0]
            continue
        if " resumed>" in line:
            line = half.pop(process) + line.partition(" resumed>")[2]  # noqa: PLW2901
        match = _LINE.fullmatch(line)
        if match is not None:
            yield match
