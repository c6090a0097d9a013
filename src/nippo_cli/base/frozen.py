"""`NamedTuple` as `typing` has it, made in a sixth of the time: typing's own would add a bare interpreter to `deal show`.
Why: docs/decisions/0006-start-up.md"""

import collections
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from operator import itemgetter
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, TypeVar

__all__ = ["NamedTuple", "maker"]

_T = TypeVar("_T", bound=tuple[Any, ...])

if TYPE_CHECKING:
    from typing import NamedTuple
else:
    # What reads a field without a call, where this Python has it.
    _field = getattr(collections, "_tuplegetter", lambda at, doc: property(itemgetter(at), doc=doc))

    class _Maker(type):
        """Makes of a class's annotations a plain class of tuples. What it makes has no metaclass."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            if bases == (tuple,):
                return super().__new__(cls, name, bases, body)
            if bases != (NamedTuple,):
                raise TypeError(f"{name}: a named tuple has one base")
            fields = _annotated(body)
            defaults = {field: body.pop(field) for field in fields if field in body}
            if (
                any(field.startswith("_") for field in fields)
                or tuple(defaults) != fields[len(fields) - len(defaults) :]
            ):
                raise TypeError(f"{name}: no field begins with `_` or stands behind one that has a default")
            body |= {"__slots__": (), "_fields": fields, "__match_args__": fields, "_field_defaults": defaults}
            values = tuple(defaults.values())
            body["__new__"] = _constructor(name, fields, values) if len(fields) < len(_FEW) else _compiled_when_called
            body |= {field: _field(at, None) for at, field in enumerate(fields)}
            return type(name, (_Tuple,), body)

    class _Tuple(tuple):
        """What all named tuples share."""

        __slots__ = ()
        _fields = ()

        @classmethod
        def _make(cls, values: Iterable[Any]) -> Any:
            made = tuple.__new__(cls, values)
            if len(made) != len(cls._fields):
                raise TypeError(f"expected {len(cls._fields)} values, got {len(made)}")
            return made

        def _replace(self, /, **changed: Any) -> Any:
            made = self._make(map(changed.pop, self._fields, self))
            if changed:
                raise ValueError(f"no such fields: {list(changed)!r}")
            return made

        def _asdict(self) -> dict[str, Any]:
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self) -> str:
            return (
                f"{type(self).__name__}({', '.join(f'{field}={value!r}' for field, value in self._asdict().items())})"
            )

        def __getnewargs__(self) -> tuple[Any, ...]:
            return tuple(self)

    def _compiled_when_called(cls: Any, /, *values: Any, **named: Any) -> Any:
        """The constructor of a class of many fields. To compile one takes as long as to make three classes, and a command makes
        objects of half of them."""
        # Of a class below one of these it is that one's: the class below may have a constructor of its own.
        of = next(base for base in cls.__mro__ if "_fields" in vars(base))
        constructor = _constructor(of.__name__, of._fields, tuple(of._field_defaults.values()))
        of.__new__ = staticmethod(constructor)
        return constructor(cls, *values, **named)

    class NamedTuple(tuple, metaclass=_Maker):
        """The base that a class of frozen values names: its annotations are the fields, its values their defaults."""

        __slots__ = ()


def maker(kind: "type[_T]") -> "Callable[[tuple[Any, ...]], _T]":
    """What makes a named tuple of the values of all its fields in half the time that calling its class takes: for what is
    made by the million."""
    return partial(tuple.__new__, kind)


def _annotated(body: Mapping[str, Any]) -> tuple[str, ...]:
    """The names that a class body annotates, in order, from Python 3.14 on without working out what they stand for."""
    if "__annotations__" in body or "__annotate_func__" not in body:
        return tuple(body.get("__annotations__", ()))
    from importlib import import_module

    later = import_module("annotationlib")
    return tuple(later.call_annotate_function(body["__annotate_func__"], later.Format.FORWARDREF))


def _constructor(name: str, fields: tuple[str, ...], defaults: tuple[Any, ...]) -> FunctionType:
    """A class's `__new__`: one body for all with as many fields, each with its own names for them."""
    code = _body(len(fields)).replace(co_varnames=("_cls", *fields), co_name="__new__", co_qualname=f"{name}.__new__")
    return FunctionType(code, {"_new": tuple.__new__}, "__new__", defaults)


@cache
def _body(fields: int) -> CodeType:
    if fields < len(_FEW):
        made: FunctionType = _FEW[fields]
    else:
        names = "".join(f"_{at}, " for at in range(fields))
        made = eval(f"lambda _cls, {names}: _new(_cls, ({names}))")  # noqa: S307  of numbers alone
    return made.__code__


_new: Any = tuple.__new__

# As `_body` would make them; compiled with this module, once for all starts.
_FEW: Sequence[Any] = (
    lambda _cls: _new(_cls, ()),
    lambda _cls, a: _new(_cls, (a,)),
    lambda _cls, a, b: _new(_cls, (a, b)),
    lambda _cls, a, b, c: _new(_cls, (a, b, c)),
    lambda _cls, a, b, c, d: _new(_cls, (a, b, c, d)),
    lambda _cls, a, b, c, d, e: _new(_cls, (a, b, c, d, e)),
    lambda _cls, a, b, c, d, e, f: _new(_cls, (a, b, c, d, e, f)),
    lambda _cls, a, b, c, d, e, f, g: _new(_cls, (a, b, c, d, e, f, g)),
    lambda _cls, a, b, c, d, e, f, g, h: _new(_cls, (a, b, c, d, e, f, g, h)),
    lambda _cls, a, b, c, d, e, f, g, h, i: _new(_cls, (a, b, c, d, e, f, g, h, i)),
    lambda _cls, a, b, c, d, e, f, g, h, i, j: _new(_cls, (a, b, c, d, e, f, g, h, i, j)),
    lambda _cls, a, b, c, d, e, f, g, h, i, j, k: _new(_cls, (a, b, c, d, e, f, g, h, i, j, k)),
    lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m: _new(_cls, (a, b, c, d, e, f, g, h, i, j, k, m)),
    lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n: _new(_cls, (a, b, c, d, e, f, g, h, i, j, k, m, n)),
    lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o: _new(_cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o)),
)
