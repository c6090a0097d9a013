"""A diary that nothing was written into: every list says how to begin."""

import pytest
from shell import Shell

FIRST_COMMAND = 'nippo add "案件名" --new-deal'


@pytest.mark.parametrize("argv", [
    ("deal", "list"), ("deal", "list", "--all"), ("deal", "list", "--stage", "見積"), ("deal", "list", "--summary"),
    ("customer",), ("log",), ("log", "--since", "90d"), ("search", "話"), ("gap",), ("gap", "stalled"),
    ("steps",), ("lessons",), ("lessons", "fates"), (),
], ids=" ".join)  # fmt: skip
def test_it_says_how_to_begin(nippo: Shell, argv):
    """By the command of the first entry; with one entry it is not said any more."""
    nippo.done("init")
    assert FIRST_COMMAND in nippo.done(*argv).out.replace("\n", "")
    nippo.deal("案件")
    assert FIRST_COMMAND not in nippo.done(*argv).out.replace("\n", "")
