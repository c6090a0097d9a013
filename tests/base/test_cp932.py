"""Text in CP932: what it has stays, what it lacks is counted."""

from collections import Counter

from nippo_cli.base.cp932 import GETA, encoded


def test_a_letter_that_cp932_has_stays_itself():
    """These have a twin that Unicode's composition writes in their place; in CP932 they are letters of their own."""
    lacking: Counter[str] = Counter()
    names = "\ufa19\ufa1a\ufa1b\ufa10\ufa26"
    assert b"".join(encoded([names], lacking)).decode("cp932") == names
    assert not lacking


def test_what_is_written_with_marks_becomes_the_letter_that_there_is():
    """か with its mark is が; e with one is no letter of CP932, and counts as one."""
    lacking: Counter[str] = Counter()
    assert b"".join(encoded(["か\u3099は\u309ae\u0301x\u0302"], lacking)).decode("cp932") == f"がぱ{GETA}x{GETA}"
    assert lacking == {"é": 1, "\u0302": 1}
