"""A named tuple of `frozen` does what one of `typing` does."""

import collections
import copy
import inspect
import pickle
import typing

import pytest

from nippo_cli.base.frozen import NamedTuple, maker


class Ours(NamedTuple):
    """A stay."""

    stage: str
    days: int = 0
    holds: tuple[int, ...] = ()

    @property
    def long(self) -> bool:
        """Whether it is more than a month."""
        return self.days > 30

    def grown(self, days: int) -> "Ours":
        """It, so much later."""
        return self._replace(days=self.days + days)


class Theirs(typing.NamedTuple):
    """A stay."""

    stage: str
    days: int = 0
    holds: tuple[int, ...] = ()


@pytest.mark.parametrize(
    ("given", "named"),
    [(("quote",), {}), (("quote", 3), {}), (("quote", 3, (1,)), {}), ((), {"days": 2, "stage": "quote"}), (("q",), {"holds": (2,)})],
)  # fmt: skip
def test_values_come_by_place_or_name(given, named):
    """What is left out has its default."""
    ours, theirs = Ours(*given, **named), Theirs(*given, **named)
    assert tuple(ours) == tuple(theirs)
    assert (ours.stage, ours.days, ours.holds) == (theirs.stage, theirs.days, theirs.holds)
    assert repr(ours) == repr(theirs).replace("Theirs", "Ours")
    assert ours._asdict() == theirs._asdict()
    assert hash(ours) == hash(theirs)


@pytest.mark.parametrize(
    ("given", "named"),
    [((), {}), (("a", 1, (), 2), {}), (("a",), {"stage": "b"}), (("a",), {"length": 3})],
)
def test_too_few_too_many_and_unknown_ones_are_refused(given, named):
    """As a function refuses them."""
    with pytest.raises(TypeError) as theirs:
        Theirs(*given, **named)
    with pytest.raises(TypeError) as ours:
        Ours(*given, **named)
    assert str(ours.value) == str(theirs.value).replace("Theirs", "Ours")


def test_the_class_tells_its_fields():
    """For whoever asks: type hints, signatures, patterns, documentation."""
    for told in ("_fields", "_field_defaults", "__match_args__", "__doc__", "__module__"):
        assert getattr(Ours, told) == getattr(Theirs, told)
    assert typing.get_type_hints(Ours) == typing.get_type_hints(Theirs)
    assert str(inspect.signature(Ours)) == "(stage, days=0, holds=())"
    match Ours("quote", 3):
        case Ours("quote", days=days):
            assert days == 3
        case _:
            pytest.fail("no pattern matched")


def test_it_is_frozen_and_has_no_room_for_more():
    """Neither a field nor anything else can be set."""
    stay = Ours("quote")
    with pytest.raises(AttributeError):
        stay.days = 3
    with pytest.raises(AttributeError):
        stay.note = "late"
    assert not hasattr(stay, "__dict__")


def test_methods_and_properties_are_kept():
    """Those of the class's body."""
    assert Ours("quote", 31).long
    assert Ours("quote", 20).grown(5) == ("quote", 25, ())


def test_copies_and_pickles_are_equal_and_of_its_class():
    """Between processes, too."""
    stay = Ours("quote", 3, (1,))
    for made in (copy.copy(stay), copy.deepcopy(stay), pickle.loads(pickle.dumps(stay)), Ours._make(stay)):
        assert type(made) is Ours
        assert made == stay


def test_replacing_what_is_not_there_is_refused():
    """And so is a row that is too long."""
    with pytest.raises(ValueError, match="length"):
        Ours("quote")._replace(length=3)
    with pytest.raises(TypeError, match="got 4"):
        Ours._make(("quote", 3, (), 4))


@pytest.mark.parametrize("annotated", [{"a": int, "b": int}, {"_a": int}])
def test_what_can_not_be_a_named_tuple_is_refused(annotated):
    """A field without a default behind one that has it; one that begins with an underscore."""
    with pytest.raises(TypeError, match="no field"):
        type(NamedTuple)("Bad", (NamedTuple,), {"__annotations__": annotated, "a": 1})


def test_there_is_no_second_base():
    """Fields of another would be lost."""
    with pytest.raises(TypeError, match="one base"):
        type(NamedTuple)("Bad", (NamedTuple, dict), {})


def test_a_class_without_fields_can_be():
    """As with `typing`."""
    made = type(NamedTuple)("Empty", (NamedTuple,), {})
    assert made() == ()


def test_a_maker_makes_what_the_class_makes():
    """Of all values in their order."""
    made = maker(Ours)(("quote", 3, (1,)))
    assert (made, type(made), made.days) == (Ours("quote", 3, (1,)), Ours, 3)


@pytest.mark.parametrize(
    ("given", "named"),
    [(range(20), {}), (range(19), {"f19": 3}), (range(2), {}), (range(19), {"x": 1}), (range(21), {})],
)
def test_one_of_many_fields_takes_and_refuses_the_same(given, named):
    """The first of a class, whose constructor is not there yet, and those after it."""
    fields = {f"f{at}": int for at in range(20)}
    ours = type(NamedTuple)("Wide", (NamedTuple,), {"__annotations__": fields, "f19": 7})
    theirs = collections.namedtuple("Wide", tuple(fields), defaults=(7,))  # noqa: PYI024  the fields are made here
    for _ in range(2):
        assert _made(ours, *given, **named) == _made(theirs, *given, **named)


def test_a_class_below_one_of_many_fields_keeps_its_own_constructor():
    """However often it is called, and whatever it hands on."""
    wide = type(NamedTuple)("Wide", (NamedTuple,), {"__annotations__": {f"f{at}": int for at in range(20)}})

    class Doubled(wide):
        __slots__ = ()

        def __new__(cls, *values):
            return super().__new__(cls, *(2 * value for value in values))

    made = [Doubled(*range(20)) for _ in range(2)]
    assert made == [tuple(range(0, 40, 2))] * 2
    assert {type(one) for one in made} == {Doubled}
    assert wide(*range(20)) == tuple(range(20))


def _made(kind, *given, **named):
    """What a class makes of values, or how it refuses them."""
    try:
        return tuple(kind(*given, **named))
    except TypeError as error:
        return str(error)
