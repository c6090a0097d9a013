"""A disk that loses power, or whose program is killed: what a command asked of the system is played, and any of it that was
not synced may be gone.

A file's bytes are on the disk once the file is synced, a name once its folder is. Until then each change may or may not
have got there, on its own and in any order; a write, sector by sector. That is more than any one file system does to a
program, and what POSIX allows to all of them.
"""

import os
import random
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from hashlib import sha256
from pathlib import Path

from system_calls import CHANGING, Call

SECTOR = 512
Survives = Callable[[], bool]


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
        self.root = root
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
            case "sendfile" if int(call.plain[0]) in self._open:
                return self._sent(call)
            case _ if call.name in _OF_HANDLES and int(call.plain[0]) in self._open:
                return self._at(int(call.plain[0]), call)
            case _:
                return False
        return True

    def put(self, survives: Survives) -> None:
        """Make the folder what a power cut leaves, where `survives` says of each change that was not synced if it did."""
        empty(self.root)
        _write(self.root, self._top, survives, {})

    def _opened(self, call: Call, name: str | None, folder: "_Folder | None") -> bool:
        if name is None or folder is None:
            self._open.pop(call.got, None)
            return False
        found = folder.left(lambda: True).get(name) if name else self._top
        words = "|".join(call.plain)
        if "O_TMPFILE" in words:
            # It has no name, and is gone with the power.
            found = _File()
        elif found is None:
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

    def _sent(self, call: Call) -> bool:
        """From where the one handle is to where the other is."""
        to, source = int(call.plain[0]), int(call.plain[1])
        (what, at, _), (file, start, appends) = self._open[to], self._open[source]
        assert isinstance(what, _File)
        assert isinstance(file, _File)
        what.write(at, file.left(lambda: True)[start : start + call.got])
        self._open[to] = what, at + call.got, False
        self._open[source] = file, start + call.got, appends
        return True

    def _below(self, text: bytes) -> "tuple[str, _Folder] | None":
        """A path's last part and the folder that it is in; None outside of the root, an empty name for the root."""
        path = Path(os.path.normpath(self.root.parent / os.fsdecode(text)))
        if not path.is_relative_to(self.root):
            return None
        if path == self.root:
            return "", self._top
        folder = self._top
        for part in path.relative_to(self.root).parts[:-1]:
            inner = folder.left(lambda: True).get(part)
            assert isinstance(inner, _Folder), path
            folder = inner
        return path.name, folder


_OF_HANDLES = frozenset(CHANGING[CHANGING.index("close") : CHANGING.index("sync")]) - {"truncate"}


def states(disk: Disk, calls: Sequence[Call], seed: str, most: int | None, *, cut: bool) -> Iterator[tuple[str, bool]]:
    """Make the disk's folder what is there when a command is stopped, at one moment after another; what the moment was, and
    whether the command had ended by then. A state that was there already is passed over.

    Args:
        most: at how many moments while it ran, drawn by `seed`; None for just before every call that changed anything.
        cut: the power is cut: each moment with nothing, with a part and with all of what was not synced. Else it is killed,
            and all is there.
    """
    chance = random.Random(seed)
    nothing, everything, part = (lambda: False), (lambda: True), (lambda: chance.random() < 0.5)
    ways = {"nothing": nothing, "a part": part, "all": everything} if cut else {"all": everything}
    at_end = {**ways, **dict.fromkeys(("a part ", "another part") if cut else (), part)}
    rehearsed = deepcopy(disk)
    touching = [n for n, call in enumerate(calls) if rehearsed.play(call)]
    moments = set(touching if most is None else chance.sample(touching, min(most, len(touching))))
    met = set[bytes]()
    for n, call in enumerate((*calls, None)):
        for way, survives in (at_end if call is None else ways if n in moments else {}).items():
            disk.put(survives)
            if call is None or (state := state_of(disk.root)) not in met:
                met |= set() if call is None else {state}
                said = f"before call {n}, {call.name} {call.plain}" if call else "at its end"
                yield f"{said}, with {way} of what was not synced", call is None
        if call is not None:
            disk.play(call)


def empty(folder: Path) -> None:
    """Remove all that is in a folder."""
    for entry in folder.iterdir():
        shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()


def state_of(root: Path) -> bytes:
    """What tells a folder and all in it from any other; a name that a process makes up is like any other such name."""
    made = sha256()
    for path in sorted(root.rglob("*")):
        name = re.sub(r"\.[0-9a-f-]+\.part", ".part", str(path.relative_to(root)))
        made.update(f"{name} {path.is_file() and path.stat().st_size} {path.stat().st_nlink}\0".encode())
        made.update(path.read_bytes() if path.is_file() else b"")
    return made.digest()


def _read(folder: Path) -> _Folder:
    made = _Folder()
    for path in folder.iterdir():
        made.synced[path.name] = _read(path) if path.is_dir() else _File(path.read_bytes(), path.stat().st_mtime_ns)
    return made


def _write(at: Path, folder: _Folder, survives: Survives, named: dict[_File, Path]) -> None:
    """Write what is left of a folder; `named` is where each file has a name already."""
    for name, what in folder.left(survives).items():
        path = at / name
        if isinstance(what, _Folder):
            path.mkdir(mode=0o700)
            _write(path, what, survives, named)
        elif what in named:
            os.link(named[what], path)
        else:
            named[what] = path
            path.write_bytes(what.left(survives))
            path.chmod(0o600)
            if what.changed_ns is not None and not what.since:
                os.utime(path, ns=(what.changed_ns, what.changed_ns))
