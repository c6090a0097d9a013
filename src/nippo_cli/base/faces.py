"""The face of a room with walls: the names that others may take, each loaded when it is first taken."""

import sys

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def face(package: str, modules: "Mapping[str, str]") -> "Callable[[str], object]":
    """A package's `__getattr__`.

    Args:
        package: the package's own name.
        modules: of each of its modules the names that it lends, with blanks between them.
    """
    homes = {name: f"{package}.{module}" for module, names in modules.items() for name in names.split()}

    def take(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        home = sys.modules.get(homes[name])
        # One that another thread is still loading is waited for: `import` goes by the same mark, and waits until that is done.
        # Without a list of names it takes a third of the time.
        if home is None or home.__spec__ is None or home.__spec__._initializing:  # type: ignore[attr-defined]  # noqa: SLF001
            __import__(homes[name])
            home = sys.modules[homes[name]]
        # Not kept: whoever replaces a name in its module, as tests do, replaces it for all.
        return getattr(home, name)

    return take
