"""The face of a room with walls: the names that others may take, each loaded when it is first taken."""

TYPE_CHECKING = False  # `typing` itself is not loaded for it

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def face(package: str, modules: "Mapping[str, str]") -> "Callable[[str], object]":
    """A package's `__getattr__`.

    Args:
        package: the package's own name.
        modules: of each of its modules the names that it lends, with blanks between them.
    """
    homes = {name: module for module, names in modules.items() for name in names.split()}

    def take(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        # Not kept: whoever replaces a name in its module, as tests do, replaces it for all.
        return getattr(__import__(f"{package}.{homes[name]}", fromlist=(name,)), name)

    return take
