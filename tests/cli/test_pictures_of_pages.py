"""Pictures of the demo's pages: each mark says and shows the figure that the page's JSON has."""

import io
import shutil
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from drawn_pictures import DrawnPicture, read_pictures
from shell import Shell, settle

from nippo_cli.cli.frame.main import main


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's journal, made once."""
    folder = tmp_path_factory.mktemp("sample")
    with pytest.MonkeyPatch.context() as monkeypatch, redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        settle(monkeypatch, folder)
        assert main(["demo", "--keep", "demo"]) == 0
    return folder / "demo"


@pytest.fixture
def demo(nippo: Shell, sample: Path) -> Shell:
    """Nippo on the demo's journal."""
    shutil.copytree(sample, nippo.journal)
    return nippo


def pictures(shell: Shell, *argv: str) -> list[DrawnPicture]:
    """The pictures of a page."""
    return read_pictures(shell.done(*argv, "--format", "html").out)


def number(text: str) -> int:
    """`+1,710` as a number."""
    return int(text.replace(",", ""))


def test_the_waterfall_has_the_bridges_sums(demo: Shell) -> None:
    """The sum before, each change that moves it, the sum now, in 万円; and the bars are as long, each from where the last one ended."""
    (waterfall,) = pictures(demo, "landing")
    bridge = demo.done("landing", "--json").json["bridge"]
    amounts = [bridge["before"], *(part["amount"] for part in bridge["parts"] if part["amount"]), bridge["after"]]
    assert len(amounts) > 4
    assert [number(text) for text in waterfall.texts("number")] == [round(amount / 10_000) for amount in amounts]
    bars = waterfall.bars()
    per_unit = (bars[0][1] - bars[0][0]) / bridge["before"]
    for amount, (left, right) in zip(amounts, bars, strict=True):
        assert right - left == pytest.approx(max(abs(amount) * per_unit, 1.5), abs=0.2)
    level = bars[0][1]
    for amount, (left, right) in zip(amounts[1:-1], bars[1:-1], strict=True):
        assert (left if amount > 0 else right) == pytest.approx(level, abs=0.8)
        level = right if amount > 0 else left
    assert bars[-1] == (bars[0][0], pytest.approx(level, abs=0.8))
    assert f"{bridge['before'] // 10_000:,}" in waterfall.title
    assert all(text in waterfall.text for text in waterfall.texts("number"))


def test_of_very_many_changes_each_kind_is_a_bar(nippo: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty new deals of 10 and a lost one of 30: two bars between the sums."""
    worth = ("--new-deal", "--customer", "甲", "--activity", "call", "--closes", "2026-12-20", "-m", "話した")
    nippo.done("add", "A", *worth, "--amount", "30万")
    monkeypatch.setenv("NIPPO_NOW", "2026-11-27T09:00:00+09:00")
    for n in range(20):
        nippo.done("add", f"N{n}", *worth, "--amount", "10万")
    nippo.done("add", "A", "--activity", "call", "--stage", "失注", "-m", "断られた", "--lost-reason", "price")
    (waterfall,) = pictures(nippo, "landing", "--compare", "2026-11-24")
    assert [number(text) for text in waterfall.texts("number")] == [30, 200, -30, 200]
    assert waterfall.texts("label")[2] == "新規 20件"


def test_where_nothing_moved_there_is_no_picture(nippo: Shell) -> None:
    """An empty bridge is a sentence less, not an empty frame."""
    nippo.done("add", "A", "--new-deal", "--customer", "甲", "--activity", "call", "-m", "話した")
    assert pictures(nippo, "landing", "--compare", "2026-11-01") == []
