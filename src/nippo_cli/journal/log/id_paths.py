"""Where in records' bodies the ids of other records stand: one table of paths, by kind."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

# A path ends in an id, or in a list of them.
PATHS: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "entry": (("deal",), ("meeting",)),
    "deal": (("parent",), ("into",), ("of",), ("upon",)),
    "customer": (("into",),),
    "person": (("into",),),
    "sale": (("deal",),),
    "match": (("deal",),),
    "schema": (("before",),),
    # A correction has the shape of what it corrects, and names those of other devices that it knew.
    "amend": (("deal",), ("meeting",), ("parent",), ("into",), ("upon",)),
    # What an erasure leaves of it.
    "redact": (("deals",), ("left", "deal"), ("stays", "deal"), ("stays", "parent")),
}


def ids_in(kind: str, body: Mapping[str, Any]) -> Iterator[int]:
    """The ids that a body names."""
    for path in PATHS.get(kind, ()):
        at: Any = body
        for key in path:
            at = at.get(key) if isinstance(at, Mapping) else None
        for one in at if isinstance(at, list) else (at,):
            if isinstance(one, int) and not isinstance(one, bool):
                yield one


def with_ids(kind: str, body: Mapping[str, Any], mapped: Callable[[int], int]) -> dict[str, Any]:
    """A body with every id that it names put in as another."""
    changed = dict(body)
    for *way, last in PATHS.get(kind, ()):
        at: Any = changed
        for key in way:
            if not isinstance(at.get(key), Mapping):
                break
            at[key] = at = dict(at[key])
        else:
            if isinstance(at.get(last), list):
                at[last] = [mapped(one) for one in at[last]]
            elif isinstance(at.get(last), int):
                at[last] = mapped(at[last])
    return changed
