"""Tests leave the folders of whoever runs them alone."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def shared_folders() -> list[str]:
    """Where a process would keep what it keeps, as a fixture that several tests share begins it."""
    return [os.environ["XDG_DATA_HOME"], os.environ["XDG_STATE_HOME"]]


def test_what_tests_share_keeps_nothing_in_the_users_folders(
    shared_folders: list[str], tmp_path_factory: pytest.TempPathFactory
):
    """A journal that stood under a temporary folder's name before would be missed there for ever."""
    assert all(Path(folder).parent == tmp_path_factory.getbasetemp() for folder in shared_folders)
