"""A mutant put into a process that has nippo loaded already: its functions get the mutant's code."""

import gc
import re
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from functools import _lru_cache_wrapper
from types import CodeType, FunctionType, MappingProxyType, ModuleType
from typing import Any, Final, Literal

from mutants.sites import PACKAGE, ROOT, Mutant

# What a module may hold that is put in the place of what it held, wherever it was imported to.
_PLAIN: Final = (int, float, str, bytes, bool, type(None), re.Pattern, date, timedelta)
_HOLDERS: Final = (tuple, list, set, frozenset, dict, MappingProxyType)

How = Literal["functions", "constants", "not"]


def patch(mutant: Mutant) -> How:
    """Put it in, and forget what was remembered; `not` where a module would have to be loaded anew."""
    name = mutant.file.removeprefix(f"{PACKAGE.parent.as_posix()}/").removesuffix(".py").replace("/", ".")
    module = sys.modules.get(name)
    if module is None:
        return "not"
    before = compile((ROOT / mutant.file).read_text(encoding="utf-8"), module.__file__ or "", "exec")
    after = compile(mutant.source, module.__file__ or "", "exec")
    if _bare(before) != _bare(after):
        return "constants" if _constants(module, after) else "not"
    changed = dict(_changed(before, after))
    if not changed or None in changed.values():
        return "not"
    put = 0
    for one in gc.get_objects():
        if isinstance(one, _lru_cache_wrapper):
            one.cache_clear()
        elif isinstance(one, FunctionType) and (code := changed.get(_key(one.__code__))) and one.__module__ == name:
            if code.co_freevars != one.__code__.co_freevars:
                return "not"
            one.__code__ = code
            put += 1
    return "functions" if put else "not"


def _key(code: CodeType) -> tuple[str, int]:
    return code.co_qualname, code.co_firstlineno


def _changed(before: CodeType, after: CodeType) -> Iterator[tuple[tuple[str, int], CodeType | None]]:
    """The functions of a module or class that differ, by what they are known by; None where a class does."""
    for old, new in zip(_codes(before), _codes(after), strict=True):
        is_class = not old.co_flags & 0x2  # CO_NEWLOCALS: a function's
        if not is_class:
            if old != new:
                yield _key(old), new
        elif _bare(old) != _bare(new):
            yield _key(old), None
        else:
            yield from _changed(old, new)


def _codes(of: CodeType) -> list[CodeType]:
    return [one for one in of.co_consts if isinstance(one, CodeType)]


def _bare(code: CodeType) -> tuple[object, ...]:
    """What a module or a class does when it is loaded, its functions apart and wherever its lines are."""
    consts = tuple(one.co_name if isinstance(one, CodeType) else (type(one), one) for one in code.co_consts)
    return code.co_code, consts, code.co_names


def _constants(module: ModuleType, after: CodeType) -> bool:
    """Put the plain values that the mutant's module has in the place of the module's own."""
    fresh: dict[str, Any] = {
        "__name__": module.__name__,
        "__package__": module.__package__,
        "__file__": module.__file__,
    }
    try:
        exec(after, fresh)
    except Exception:  # noqa: BLE001  loaded anew it will say so again
        return False
    changed = {
        name: (old, fresh[name])
        for name, old in vars(module).items()
        if name in fresh
        and not name.startswith("__")
        and _is_plain(old)
        and _is_plain(fresh[name])
        and old != fresh[name]
    }
    for name, (old, new) in changed.items():
        for one in list(sys.modules.values()):
            held = vars(one).get(name, _NOWHERE) if one.__name__.startswith("nippo_cli") else _NOWHERE
            if held is old or (one is module):
                setattr(one, name, new)
    return bool(changed)


_NOWHERE: Final = object()


def _is_plain(value: object) -> bool:
    if isinstance(value, _HOLDERS):
        pairs = value.items() if isinstance(value, (dict, MappingProxyType)) else value
        return all(map(_is_plain, pairs))
    return isinstance(value, _PLAIN)
