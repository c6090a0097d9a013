"""Which spellings of a person are one."""

import sys

from hypothesis import given, strategies as st

from nippo_cli.base.persons import person_key, same_person


def test_blanks_part_no_person():
    """Of either width, anywhere; letters of either width and case."""
    assert person_key(" 山本　剛 ") == person_key("山本剛") == person_key("山 本 剛") == "山本剛"
    assert same_person("Ｊｏｈｎ　Smith", "john smith")
    assert not same_person("山本剛", "山本剛史")
    assert not same_person("山本剛", "")


def test_twice_is_once_for_every_character():
    """Beside a blank, too."""
    for point in range(sys.maxunicode + 1):
        key = person_key(f"か {chr(point)}")
        assert person_key(key) == key, hex(point)


@given(st.text())
def test_twice_is_once_for_every_text(name):
    """What stands together once blanks are out may be one letter."""
    assert person_key(person_key(name)) == person_key(name)
    assert same_person(name, person_key(name))
