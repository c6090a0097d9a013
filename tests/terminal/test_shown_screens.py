"""The screens that pages show are those of a terminal of 80 columns, of the sample journal."""

import os
from pathlib import Path

import pytest

pytest.importorskip("pexpect", reason="Windows has no pseudo-terminal")
if os.name == "nt":
    pytest.skip("Windows has no pseudo-terminal", allow_module_level=True)

from shown_screens import SCREENS, Shown, on_page, on_terminal, sample


@pytest.fixture(scope="module")
def journals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The journal of `nippo demo` in each language."""
    folder = tmp_path_factory.mktemp("sample")
    return {lang: sample(folder, lang) for lang in ("ja", "en")}


@pytest.mark.parametrize("shown", SCREENS, ids=lambda s: f"{s.page}: {s.command}")
def test_a_page_shows_what_the_terminal_does(journals: dict[str, Path], tmp_path: Path, shown: Shown):
    """Line by line, cut only where `⋮` says so; the entries are typed again, answer by answer. Written anew by
    `python tests/terminal/shown_screens.py`."""
    assert on_page(shown) == on_terminal(shown, journals[shown.lang], tmp_path)
