"""A shared folder as folder services show it: what one machine puts in, another sees late, in part, in any order, as a conflicted copy.

It stands for OneDrive, Box and SMB; they themselves were not tried.
"""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path


class FaultyShare:
    """One folder for each machine, and a service between them that is seldom done.

    Args:
        places: the machines' own folders, in which nippo reads and writes.
        seed: of what goes wrong.
    """

    def __init__(self, places: list[Path], seed: int) -> None:
        self._places = places
        self._random = random.Random(seed)
        self._seen: dict[Path, set[str]] = {place: set() for place in places}
        self._half: set[Path] = set()
        for place in places:
            place.mkdir(parents=True)

    def work(self) -> None:
        """Carry some of what lies in one folder into others, in any order, some of it cut, zeroed or doubled."""
        for source, target in self._pairs():
            names = sorted(self._own(source) - self._whole(target))
            self._random.shuffle(names)
            for name in names[: self._random.randint(0, len(names))]:
                self._copy(source / name, target / name)
            for name in sorted(self._removed(source) & self._own(target)):
                if self._random.random() < 0.5:
                    (target / name).unlink()
        for place in self._places:
            self._seen[place] |= self._own(place)

    def meddle(self) -> None:
        """Somebody edits a file of the folder, deletes one, or puts another one in."""
        place = self._random.choice(self._places)
        files = sorted(place.glob("*.seg"))
        (place / "desktop.ini").write_text("[.ShellClassInfo]", encoding="utf-8")
        if not files:
            return
        file = self._random.choice(files)
        kind = self._random.randrange(3)
        if kind == 0:
            file.unlink()
        elif kind == 1:
            content = bytearray(file.read_bytes())
            content[self._random.randrange(len(content))] ^= 1 << self._random.randrange(8)
            file.write_bytes(content)
            self._half.add(file)
        else:
            shutil.copyfile(file, file.with_name(f"{file.stem} (1).seg"))

    def finish(self) -> None:
        """The service is done: whatever anybody put in is everywhere, whole where it is whole anywhere."""
        for source, target in self._pairs():
            for name in self._own(source) - self._own(target):
                shutil.copyfile(source / name, target / name)
                self._half.discard(target / name)
        self._half = {file for file in self._half if not file.exists()}
        for place in self._places:
            self._seen[place] |= self._own(place)

    def _copy(self, source: Path, target: Path) -> None:
        content = source.read_bytes()
        kind = self._random.randrange(6)
        if kind == 0:
            content = content[: self._random.randrange(len(content))]
        elif kind == 1:
            content = bytes(len(content))
        if kind < 2:
            self._half.add(target)
        else:
            self._half.discard(target)
        if kind == 2:
            shutil.copyfile(source, target.with_name(f"{target.stem}-PC2's conflicted copy.seg"))
        target.write_bytes(content)

    def _own(self, place: Path) -> set[str]:
        """What is whole there, and so goes to others."""
        return {file.name for file in place.glob("*.seg") if file not in self._half}

    def _whole(self, place: Path) -> set[str]:
        return self._own(place)

    def _removed(self, place: Path) -> set[str]:
        return self._seen[place] - {file.name for file in place.glob("*.seg")}

    def _pairs(self) -> Iterator[tuple[Path, Path]]:
        pairs = [(one, other) for one in self._places for other in self._places if one != other]
        self._random.shuffle(pairs)
        return iter(pairs)
