"""Libraries that others import at their top and that few commands come to ask for anything: they are loaded when one does.
What that saves, and why not by the library's own `LazyLoader`: docs/decisions/0006-start-up.md"""

import sys
from _thread import allocate_lock
from collections.abc import Iterable
from importlib import import_module
from types import ModuleType

_taking_place = allocate_lock()
# What some ask of every module there is, to find a function's source or a warning's: a library that was never needed has none of it,
# and one that is not installed must not stop them.
_ASKED_OF_ALL = frozenset(("__file__", "__warningregistry__"))


class _StandIn(ModuleType):
    """What `import` finds in the place of a library until something is asked of it. Whoever holds it has it pass on what they ask."""

    def __getattr__(self, name: str) -> object:
        # Of two threads that ask at once one removes it; both are then given the library by `import`, which waits until it is whole.
        with _taking_place:
            if name in _ASKED_OF_ALL and sys.modules.get(self.__name__) is self:
                raise AttributeError(f"{self.__name__} is not loaded yet")
            if sys.modules.get(self.__name__) is self:
                del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


def put_off(libraries: Iterable[str]) -> None:
    """Let these be loaded when they are first asked for something; those that are there already stay as they are.

    Args:
        libraries: by their names, of one word each: the library of a dotted one is no attribute of its package until it is loaded.
    """
    for name in libraries:
        if name not in sys.modules:
            sys.modules[name] = _StandIn(name)
