"""Modules of others that are loaded when something of theirs is asked for, though Typer and pathlib import them at the start."""

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType

# Addresses of the net, Windows' paths, archives, which shell it is: no daily command needs one. Why and what it is worth:
# docs/decisions/0006-start-up.md
UNTOUCHED = frozenset(("ipaddress", "ntpath", "bz2", "lzma", "shellingham"))


class _LateFinder:
    """Finds these, and no others, to be loaded late, by the library's own loader for that."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Where a module is."""
        spec = PathFinder.find_spec(name, path, target) if name in UNTOUCHED else None
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec


def load_late() -> None:
    """From now on these are loaded so; those that are there stay."""
    if _LateFinder not in sys.meta_path:
        sys.meta_path.insert(0, _LateFinder)
