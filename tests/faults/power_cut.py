"""A power cut, played: what a command asked of the system is read from strace, and any of it that was not synced may be gone.

A file's bytes are on the disk once the file is synced, a name once its folder is. Until then each change may or may not
have got there, on its own and in any order; a write, sector by sector. That is more than any one file system does to a
program, and what POSIX allows to all of them.
"""

import os
import random
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import NamedTuple

SECTOR = 512
CALLS = (
    "openat", "open", "creat", "close", "lseek", "write", "pwrite64", "writev", "pwritev", "pwritev2", "sendfile",
    "copy_file_range", "splice", "fallocate", "truncate", "ftruncate", "fsync", "fdatasync", "sync_file_range", "sync",
    "syncfs", "rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "unlink", "unlinkat",
    "mkdir", "mkdirat", "rmdir",
)  # fmt: skip
_LINE = re.compile(r"(?P<process>\d+) +(?P<name>\w+)\((?P<said>.*)\) += (?P<got>-?\d+|\?).*")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
Survives = Callable[[], bool]


class Call(NamedTuple):
    """One system call that went well: its texts, the numbers and words between them, and what it returned."""

    name: str
    texts: Sequence[bytes]
    plain: Sequence[str]
    got: int


class Traced(NamedTuple):
    """A command that was traced: its exit code, what it printed, and its calls."""

    code: int
    out: str
    err: str
    calls: Sequence[Call]


def why_not() -> str:
    """Why no command can be traced here; empty where it can."""
    strace = shutil.which("strace")
    if strace is None:
        return "strace is not installed"
    tried = subprocess.run([strace, "-f", "-e", "trace=openat", "true"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else "this system lets no process be traced"


def traced(argv: Sequence[str], trace: Path, env: Mapping[str, str]) -> Traced:
    """Run a command, its calls written to `trace`."""
    done = subprocess.run(
        ["strace", "-f", "-xx", "-s", "10000000", "-o", str(trace), "-e", f"trace={','.join(CALLS)}", *argv],
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=60, cwd=trace.parent,
        env={**os.environ, **env}, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return Traced(done.returncode, done.stdout, done.stderr, list(_calls(trace)))


def _calls(trace: Path) -> Iterator[Call]:
    half: dict[str, str] = {}
    with trace.open(encoding="ascii") as lines:
        for line in lines:
            process = line.partition(" ")[0]
            if "<unfinished ...>" in line:
                half[process] = line.partition("<unfinished ...>")[0]
                continue
            if " resumed>" in line:
                line = half.pop(process) + line.partition(" resumed>")[2]  # noqa: PLW2901
            found = _LINE.fullmatch(line.rstrip("\n"))
            if found is None or found["got"] == "?" or int(found["got"]) < 0:
                continue
            texts = [bytes.fromhex(text.replace(r"\x", "")) for text in _TEXT.findall(found["said"])]
            plain = [part.strip() for part in _TEXT.sub("", found["said"]).split(",")]
            yield Call(found["name"], texts, plain, int(found["got"]))


class _File:
    """What of a file is on the disk, and what was written since."""

    def __init__(self, content: bytes = b"", changed_ns: int | None = None) -> None:
        self.synced = content
        self.changed_ns = changed_ns
        self.since: list[tuple[int, bytes | None]] = []

    def write(self, at: int, content: bytes) -> None:
        for start in range(0, len(content), SECTOR):
            self.since.append((at + start, content[start : start + SECTOR]))

    def cut(self, size: int) -> None:
        self.since.append((size, None))

    def sync(self) -> None:
        self.changed_ns = self.changed_ns if not self.since else None
        self.synced, self.since = self.left(lambda: True), []

    def left(self, survives: Survives) -> bytes:
        found = bytearray(self.synced)
        for at, content in self.since:
            if not survives():
                continue
            if len(found) < at:
                found.extend(bytes(at - len(found)))
            if content is None:
                del found[at:]
            else:
                found[at : at + len(content)] = content
        return bytes(found)


class _Folder:
    """Which names of a folder are on the disk, and how they changed since; a rename changes two at once."""

    def __init__(self) -> None:
        self.synced: dict[str, _File | _Folder] = {}
        self.since: list[Mapping[str, _File | _Folder | None]] = []

    def change(self, **names: "_File | _Folder | None") -> None:
        self.since.append(names)

    def sync(self) -> None:
        self.synced, self.since = self.left(lambda: True), []

    def left(self, survives: Survives) -> "dict[str, _File | _Folder]":
        found: dict[str, _File | _Folder | None] = dict(self.synced)
        for names in self.since:
            if survives():
                found.update(names)
        return {name: what for name, what in found.items() if what is not None}


class Disk:
    """A folder and all in it, as a disk that loses power would hold it."""

    def __init__(self, root: Path) -> None:
        """All that is there now is on the disk."""
        self._root = root
        self._top = _read(root)
        self._open: dict[int, tuple[_File | _Folder, int, bool]] = {}

    def play(self, call: Call) -> bool:
        """Do what a call did; whether anything of the folder was touched.

        Raises:
            NotImplementedError: it did to the folder what this disk can't.
        """
        paths = [self._below(text) for text in call.texts] if call.name not in _OF_HANDLES else []
        name, folder = (paths[-1] or (None, None)) if paths else (None, None)
        match call.name:
            case "openat" | "open" | "creat":
                return self._opened(call, name, folder)
            case "mkdir" | "mkdirat" if folder is not None and name is not None:
                folder.change(**{name: _Folder()})
            case "unlink" | "unlinkat" | "rmdir" if folder is not None and name is not None:
                folder.change(**{name: None})
            case "rename" | "renameat" | "renameat2" | "link" | "linkat" if any(paths):
                self._named_anew(call, paths)
            case _ if any(paths):
                raise NotImplementedError(call)
            case _ if call.name in _OF_HANDLES and int(call.plain[0]) in self._open:
                return self._at(int(call.plain[0]), call)
            case _:
                return False
        return True

    def put(self, survives: Survives) -> None:
        """Make the folder what a power cut leaves, where `survives` says of each change that was not synced if it did."""
        for entry in self._root.iterdir():
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        _write(self._root, self._top, survives)

    def _opened(self, call: Call, name: str | None, folder: "_Folder | None") -> bool:
        if name is None or folder is None:
            self._open.pop(call.got, None)
            return False
        found = folder.left(lambda: True).get(name) if name else self._top
        words = "|".join(call.plain)
        if found is None:
            folder.change(**{name: (found := _File())})
        elif "O_TRUNC" in words and isinstance(found, _File):
            found.cut(0)
        self._open[call.got] = found, 0, "O_APPEND" in words
        return True

    def _named_anew(self, call: Call, paths: "Sequence[tuple[str, _Folder] | None]") -> None:
        (old, of), (new, to) = (path or ("", _Folder()) for path in paths)
        if of is not to:
            raise NotImplementedError(call)
        of.change(**({} if call.name.startswith("link") else {old: None}), **{new: of.left(lambda: True)[old]})

    def _at(self, handle: int, call: Call) -> bool:
        what, place, appends = self._open[handle]
        match call.name:
            case "close":
                del self._open[handle]
            case "lseek":
                self._open[handle] = what, call.got, appends
            case "fsync" | "fdatasync":
                what.sync()
                return True
            case "write" if isinstance(what, _File):
                at = len(what.left(lambda: True)) if appends else place
                what.write(at, call.texts[0][: call.got])
                self._open[handle] = what, at + call.got, appends
                return True
            case "pwrite64" if isinstance(what, _File):
                what.write(int(call.plain[-1]), call.texts[0][: call.got])
                return True
            case "ftruncate" if isinstance(what, _File):
                what.cut(int(call.plain[-1]))
                return True
            case _:
                raise NotImplementedError(call)
        return False

    def _below(self, text: bytes) -> "tuple[str, _Folder] | None":
        """A path's last part and the folder that it is in; None outside of the root, an empty name for the root."""
        path = Path(os.path.normpath(self._root.parent / os.fsdecode(text)))
        if not path.is_relative_to(self._root):
            return None
        if path == self._root:
            return "", self._top
        folder = self._top
        for part in path.relative_to(self._root).parts[:-1]:
            inner = folder.left(lambda: True).get(part)
            assert isinstance(inner, _Folder), path
            folder = inner
        return path.name, folder


_OF_HANDLES = frozenset(CALLS[CALLS.index("close") : CALLS.index("sync")]) - {"truncate"}


def cuts(disk: Disk, calls: Sequence[Call], seed: int, *, before: int, after: int) -> Iterator[bool]:
    """Make the disk's folder what a cut leaves, again and again; whether the command had ended by then.

    Args:
        before: at how many moments while it ran; each with nothing, with a part and with all of what was not synced.
        after: how often, right after it ended, with a part of it; with nothing and with all of it, too.
    """
    chance = random.Random(seed)
    nothing, everything, part = (lambda: False), (lambda: True), (lambda: chance.random() < 0.5)
    rehearsed = deepcopy(disk)
    touching = [n for n, call in enumerate(calls) if rehearsed.play(call)]
    moments = set(chance.sample(touching, min(before, len(touching))))
    for n, call in enumerate(calls):
        if n in moments:
            for survives in (nothing, part, everything):
                disk.put(survives)
                yield False
        disk.play(call)
    for survives in (nothing, everything, *[part] * after):
        disk.put(survives)
        yield True


def kills(disk: Disk, calls: Sequence[Call], seed: int, most: int) -> Iterator[None]:
    """Make the disk's folder what is there where the command is killed just before one of its calls, up to so many times."""
    rehearsed = deepcopy(disk)
    touching = [n for n, call in enumerate(calls) if rehearsed.play(call)]
    moments = set(random.Random(seed).sample(touching, min(most, len(touching))))
    for n, call in enumerate(calls):
        if n in moments:
            disk.put(lambda: True)
            yield
        disk.play(call)


def _read(folder: Path) -> _Folder:
    found = _Folder()
    for path in folder.iterdir():
        found.synced[path.name] = _read(path) if path.is_dir() else _File(path.read_bytes(), path.stat().st_mtime_ns)
    return found


def _write(at: Path, folder: _Folder, survives: Survives) -> None:
    for name, what in folder.left(survives).items():
        path = at / name
        if isinstance(what, _Folder):
            path.mkdir(mode=0o700)
            _write(path, what, survives)
        else:
            path.write_bytes(what.left(survives))
            path.chmod(0o600)
            if what.changed_ns is not None and not what.since:
                os.utime(path, ns=(what.changed_ns, what.changed_ns))
