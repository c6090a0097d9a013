"""How far a long import is: told at a terminal, and gone when it ends."""

import sys

import pytest

from nippo_cli.cli.frame.progress import row_progress


class _Ended(Exception):
    """The import ends by an error."""


@pytest.mark.parametrize("ends", [None, _Ended, KeyboardInterrupt])
def test_the_line_is_gone_however_the_import_ends(capsys, monkeypatch, ends):
    """So that neither the answer, nor an error, nor the shell's prompt stands behind it."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    def bring_in():
        with row_progress() as tell:
            assert tell is not None
            tell(5000, 4999, 1)
            if ends:
                raise ends

    if ends:
        with pytest.raises(ends):
            bring_in()
    else:
        bring_in()
    said = capsys.readouterr().err
    assert "5,000" in said
    assert said.endswith("\r\x1b[K")


def test_nobody_is_told_where_nobody_watches(capsys):
    """A pipe or a file gets no progress."""
    with row_progress() as tell:
        assert tell is None
    assert capsys.readouterr().err == ""
