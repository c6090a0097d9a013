"""What is one person: names without their blanks, which Japanese writers put between surname and name or leave out."""

from functools import lru_cache

from nippo_cli.base.text import normal_form, unspaced


@lru_cache(maxsize=4096)
def person_key(name: str) -> str:
    """A person's name to match by: its normal form without blanks. `山本　剛` and `山本剛` are one.

    Rule: docs/look-alikes.md#persons
    """
    key = unspaced(normal_form(name))
    # What stood apart may make a letter once it stands together.
    while (again := unspaced(normal_form(key))) != key:
        key = again
    return key


def same_person(one: str, other: str) -> bool:
    """Whether two spellings are one person's."""
    return one == other or person_key(one) == person_key(other)
