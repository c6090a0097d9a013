"""What the docs tell a reader to type works, and what they show is what comes."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from doc_pages import NOW, ROOT, VARIES, Fence, Ran, Reader, as_shown, commands, fences, pages, shows

from nippo_cli.cli.frame.grammar import names_in
from nippo_cli.cli.frame.main import main

# Commands whose answer is no page: they write a file, or a sample's tour.
NO_JSON = {"demo", "help"}


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The journal of `nippo demo`, made once."""
    folder = tmp_path_factory.mktemp("demo") / "journal"
    with pytest.MonkeyPatch.context() as monkeypatch, redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        monkeypatch.setenv("NIPPO_NOW", NOW)
        # The pages under docs/ speak of the Japanese diary, in whichever language they are.
        monkeypatch.setenv("NIPPO_LANG", "ja")
        assert main(["demo", "--keep", str(folder)]) == 0
    return folder


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_the_commands_of_a_page_work(page: Path, demo: Path, tmp_path: Path, monkeypatch):
    """In order, each with the exit code that the page names; what stands behind them, JSON or a part of a screen, is what they
    print."""
    if "../shared/" in page.read_text(encoding="utf-8") and not (ROOT.parent / "shared" / "data").is_dir():
        pytest.skip("the data sets are not here")
    reader = Reader(page, tmp_path / "read", demo)
    monkeypatch.chdir(reader.cwd)
    for name, value in reader.env.items():
        monkeypatch.setenv(name, value)
    last: list[Ran] = []
    for fence, ran in reader.follow():
        for one in ran:
            assert one.code == one.wanted, f"{one.command}\n{one.err}"
        last = ran or last
        if fence.tag == "json" and not fence.file:
            assert same(reader.found(last[-1].out)) == same(json.loads(fence.text)), last[-1].command
        said = reader.said(last)
        assert [line for line in shows(fence) if line not in said] == [], [one.command for one in last]


def test_every_command_has_its_json_documented():
    """A command that is new is not forgotten in docs/json.md."""
    text = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    shown = {line.split()[1] for fence in fences(text) for line in commands(fence) if "--json" in line}
    assert shown >= set(names_in("")) - NO_JSON
    assert "deal list --summary" in text


def test_a_page_is_read_as_a_shell_would():
    """Comments, continued lines, texts in place, prompts; what installs is left out."""
    text = "nippo a \\\n  b\n# c\ncat > f <<'EOF'\nx\ny\nEOF\npython3 -m venv .venv\nnippo d  # exit 3: e\n"
    assert commands(Fence("sh", "", text, 0, 0)) == ["nippo a    b", "cat > f <<'EOF'\nx\ny", "nippo d  # exit 3: e"]
    assert commands(Fence("console", "", "$ nippo a\nout\n", 0, 0)) == ["nippo a"]
    assert commands(Fence("", "", "$ nippo a\n", 0, 0)) == []


def test_a_page_that_is_written_anew_keeps_what_every_run_has_otherwise():
    """So that only what changed is changed; a value of another kind is one of those."""
    shown = {"device": "k6", "mark": "a", "rows": [{"device": "aa", "n": 1}]}
    now = {"device": "pn", "mark": None, "rows": [{"device": "bb", "n": 2}, {"device": "cc", "n": 3}]}
    want = {"device": "k6", "mark": None, "rows": [{"device": "aa", "n": 2}, {"device": "cc", "n": 3}]}
    assert as_shown(now, shown) == want
    assert as_shown(now, None) == now


def same(found: Any) -> Any:
    """JSON with the kind of a value in place of what differs from run to run."""
    if isinstance(found, dict):
        return {key: type(one).__name__ if key in VARIES else same(one) for key, one in found.items()}
    return [same(one) for one in found] if isinstance(found, list) else found
