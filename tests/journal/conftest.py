"""What tests of the journal's reading share."""

from pathlib import Path

import pytest
from diary import Diary


@pytest.fixture
def diary(tmp_path: Path) -> Diary:
    """An empty journal with an agreement."""
    return Diary(tmp_path / "journal")
