"""A file for one field, in the person's own editor."""

import os
from pathlib import Path

import pytest

from nippo_cli.cli.frame import edit_text


def test_ctrl_c_right_after_the_file_was_made_leaves_nothing(tmp_path: Path, monkeypatch):
    """And what was typed is kept."""
    opened, kept = os.open, []

    def stopped(path: str, flags: int, mode: int) -> int:
        os.close(opened(path, flags, mode))
        assert len([*tmp_path.iterdir()]) == 1
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "open", stopped)
    with pytest.raises(KeyboardInterrupt):
        edit_text("見積の話", tmp_path, kept.append)
    assert ([*tmp_path.iterdir()], kept) == ([], ["見積の話"])


def test_a_file_of_another_by_the_same_name_stays(tmp_path: Path, monkeypatch):
    """As unlikely as it is."""
    monkeypatch.setattr(os, "urandom", bytes)
    others = tmp_path / f".field-{bytes(6).hex()}.txt"
    others.write_bytes(b"another's")
    with pytest.raises(FileExistsError):
        edit_text("見積の話", tmp_path, [].append)
    assert others.read_bytes() == b"another's"
