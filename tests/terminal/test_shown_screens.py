"""The screens that the two README pages show are what a terminal of 80 columns shows, of the sample journal."""

import io
import os
import shutil
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

pytest.importorskip("pexpect", reason="Windows has no pseudo-terminal")
if os.name == "nt":
    pytest.skip("Windows has no pseudo-terminal", allow_module_level=True)

from emulator import ENTER, NOW, Terminal

from nippo_cli.cli.main import main

ROOT = Path(__file__).parents[2]
PAGES = {"ja": "README.ja.md", "en": "README.md"}
GUIDE = "docs/ja/guide.md"
CUT = "⋮"
# What is typed for the entry that is shown, and what each question asks before it.
TYPED = {
    "ja": [
        ("Enter = 11/23(月)", ""), ("案件:", "伊佐沼 パレ"), ("活動:", "電話"), ("変わったところ", ""),
        ("事実:", "鈴木課長「稟議は12月の役員会に掛ける」"), ("所感:", ""), ("次の一手:", "役員会の前に電話"),
        ("次の一手の期日:", "来週火曜"), ("よろしいですか", ""),
    ],
    "en": [
        ("Enter = Mon 23 Nov", ""), ("案件:", "伊佐沼 パレ"), ("活動:", "電話"), ("What has changed", ""),
        ("事実:", "Mr Suzuki: the board decides in December"), ("所感:", ""), ("次の一手:", "Call before the board meets"),
        ("次の一手の期日:", "next tuesday"), ("All right", ""),
    ],
}  # fmt: skip
FIRST = [
    ("Enter = 11/23(月)", ""), ("案件:", "搬送ロボット更新"), ("番号:", "1"), ("顧客:", "青葉製作所"), ("活動:", "電話"),
    ("フェーズ:", ""), ("案件種別:", "更新"), ("事実:", "展示会で見た機種の価格を知りたい、とのこと"), ("所感:", ""),
    ("次の一手:", "価格表を送る"), ("次の一手の期日:", "明後日"), ("よろしいですか", ""),
]  # fmt: skip
ENDS = {"ja": "続けますか", "en": "Go on"}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The journal of `nippo demo`."""
    journal = tmp_path_factory.mktemp("sample") / "journal"
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        patch.setenv("NIPPO_NOW", NOW)
        assert main(["demo", "--keep", str(journal)]) == 0
    return journal


def shown(page: str, command: str) -> list[str]:
    """The screen that a page shows for a command, line by line."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return text.partition(f"```\n$ {command}\n")[2].partition("\n```")[0].split("\n")


def written(journal: Path, lang: str, typed: list[tuple[str, str]]) -> list[str]:
    """The screen of `nippo add` once these questions were answered."""
    term = Terminal(journal, "add", lang=lang, size=(60, 80))
    for question, answer in typed:
        term.see(question).type(*(answer, ENTER) if answer else (ENTER,))
    term.see(ENDS[lang])
    screen = term.shown.split("\n")
    term.type(ENTER)
    assert term.ended() == 0
    return screen


def comes(wanted: list[str], screen: list[str]) -> bool:
    """Whether a screen shows these lines one below the other, with others between them only where the page says `⋮`."""
    rest = "\n".join(["", *screen, ""])
    for piece in "\n".join([*wanted, ""]).removesuffix(f"{CUT}\n").removesuffix("\n").split(f"\n{CUT}\n"):
        _, found, rest = rest.partition(f"\n{piece}\n")
        if not found:
            return False
        rest = f"\n{rest}"
    return bool(wanted and wanted != [""])


@pytest.mark.parametrize("lang", PAGES)
def test_the_page_for_monday_is_shown_as_it_prints(sample: Path, lang: str):
    """Line by line, at 80 columns."""
    term = Terminal(sample, "gap", "--since", "90d", "--no-pager", lang=lang, size=(400, 80))
    term.see("nippo gap activity")
    assert term.ended() == 0
    assert comes(shown(PAGES[lang], "nippo gap --since 90d"), term.shown.split("\n"))


@pytest.mark.parametrize("lang", PAGES)
def test_the_entry_is_shown_as_it_is_asked_for(sample: Path, tmp_path: Path, lang: str):
    """Typed again, answer by answer, the terminal shows what the page does."""
    shutil.copytree(sample, tmp_path / "journal")
    screen = written(tmp_path / "journal", lang, TYPED[lang])
    assert comes(shown(PAGES[lang], "nippo add"), screen), "\n".join(screen)


def test_the_first_entry_of_all_is_shown_as_it_is_asked_for(tmp_path: Path):
    """In a diary that does not exist yet."""
    screen = written(tmp_path / "journal", "ja", FIRST)
    assert comes(shown(GUIDE, "nippo add"), screen), "\n".join(screen)


def test_lines_are_left_out_only_where_the_page_says_so():
    """Each line in its place, and none between."""
    assert comes(["a", CUT, "c"], ["a", "b", "c"])
    assert comes(["a", "b"], ["a", "b", "c"])
    assert comes(["a", CUT], ["a", "b", "c"])
    assert not comes(["a", "c"], ["a", "b", "c"])
    assert not comes(["c", CUT, "a"], ["a", "b", "c"])
    assert not comes([""], ["a"])
