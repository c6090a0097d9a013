"""Lists that are made when somebody first looks at them, or at one of their items."""

from nippo_cli.base.lazy_list import LazyItems, LazyList


def test_a_list_is_made_once_and_not_before_it_is_looked_at():
    """Its length, an item, some, all: of one and the same list."""
    made = []

    def make() -> list[str]:
        made.append("made")
        return ["a", "b", "c"]

    late = LazyList(make)
    assert made == []
    assert (len(late), late[1], late[1:], list(late), "c" in late) == (3, "b", ["b", "c"], ["a", "b", "c"], True)
    assert made == ["made"]


def test_items_are_made_when_they_are_looked_at():
    """One, some, all: each is made of what it stands for, and no other."""
    made = []

    def make(of: int) -> str:
        made.append(of)
        return str(of)

    late = LazyItems([1, 2, 3], make)
    assert (len(late), late[1], late[-1], late[1:], late[:0]) == (3, "2", "3", ["2", "3"], [])
    assert made == [2, 3, 2, 3]
    assert list(late) == ["1", "2", "3"]
