"""The screens that pages show as a terminal of 80 columns draws them, of the sample journal.

`python tests/terminal/shown_screens.py` writes them anew.
"""

import io
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from emulator import ENTER, NOW, Terminal

from nippo_cli.cli.frame.main import main

ROOT = Path(__file__).parents[2]
CUT = "⋮"
GAP = "nippo gap --since 90d"
ADD = "nippo add"
# What is typed for the entries that are shown, and what is asked before it.
TYPED = {
    "ja": [
        ("Enter = 11/23(月)", ""), ("案件:", "伊佐沼 パレ"), ("活動:", "電話"), ("変更点", ""),
        ("事実:", "鈴木課長「稟議は12月の役員会に掛ける」"), ("次の一手:", "役員会の前に電話"),
        ("次の一手の期日:", "来週火曜"), ("よろしいですか", ""),
    ],
    "en": [
        ("Enter = Mon 23 Nov", ""), ("Deal:", "isanuma pal"), ("Activity:", "call"), ("Anything else changed?", ""),
        ("Facts:", "Sekine-san: the board decides in December"), ("Next step:", "Call before the board meets"),
        ("Next step due:", "next tuesday"), ("OK:", ""),
    ],
    "first": [
        ("Enter = 11/23(月)", ""), ("案件:", "搬送ロボット更新"), ("番号:", "1"), ("活動:", "電話"), ("顧客:", "青葉製作所"),
        ("フェーズ:", ""), ("案件種別:", "更新"), ("事実:", "展示会で見た機種の価格を知りたい、とのこと"),
        ("次の一手:", "価格表を送る"), ("次の一手の期日:", "明後日"), ("よろしいですか", ""),
    ],
    "first-en": [
        ("Enter = Mon 23 Nov", ""), ("Deal:", "Carrier robot renewal"), ("Number:", "1"), ("Activity:", "call"),
        ("Customer:", "Aoba Works"), ("Stage:", ""), ("Kind:", "renewal"), ("Facts:", "Wants the price of the model shown at the fair"),
        ("Next step:", "Send the price list"), ("Next step due:", "wednesday"), ("OK:", ""),
    ],
}  # fmt: skip
_REVIEW = re.compile(r"この内容で記録します|About to record")
_RECORDED = re.compile(r"✓ (記録しました|Recorded)")
# Deals begin a row with their id: `351 …`.
_DEAL = re.compile(r"\d{3,} +\S")


class Shown(NamedTuple):
    """A screen on a page: the page, its command, the language, and what is typed (`TYPED`), if anything is."""

    page: str
    command: str
    lang: str
    typed: str = ""


SCREENS = [
    Shown("README.md", GAP, "en"),
    Shown("README.md", ADD, "en", "en"),
    Shown("README.ja.md", GAP, "ja"),
    Shown("README.ja.md", ADD, "ja", "ja"),
    Shown("docs/ja/guide.md", ADD, "ja", "first"),
    Shown("docs/guide.md", ADD, "en", "first-en"),
]


def sample(folder: Path, lang: str) -> Path:
    """The journal of `nippo demo` in a language."""
    before = os.environ.get("NIPPO_NOW")
    os.environ["NIPPO_NOW"] = NOW
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            assert main(["demo", "--lang", lang, "--keep", str(folder / lang)]) == 0
    finally:
        os.environ.pop("NIPPO_NOW")
        if before is not None:
            os.environ["NIPPO_NOW"] = before
    return folder / lang


def on_page(shown: Shown) -> str:
    """The screen as the page has it."""
    text = (ROOT / shown.page).read_text(encoding="utf-8")
    return text.partition(f"```\n$ {shown.command}\n")[2].partition("\n```")[0]


def on_terminal(shown: Shown, journal: Path, folder: Path) -> str:
    """The screen as a terminal draws it, cut as a page cuts it.

    Args:
        journal: the sample's.
        folder: an empty one, for the journal that an entry is written into.
    """
    if shown.command == GAP:
        return "\n".join(_gap(journal, shown.lang))
    if not shown.typed.startswith("first"):
        shutil.copytree(journal, folder / "journal")
    return "\n".join(_added(folder / "journal", shown))


def _gap(journal: Path, lang: str) -> Iterator[str]:
    """The head of the page down to the second deal to talk about, and the first two rows of what is stalled."""
    term = Terminal(journal, "gap", "--since", "90d", "--no-pager", lang=lang, size=(400, 80))
    assert term.ended() == 0
    rows = term.shown.split("\n")
    deals = [n for n, row in enumerate(rows) if _DEAL.match(row)]
    stalled = next(n for n, row in enumerate(rows) if row.endswith("  nippo gap stalled"))
    yield from rows[: deals[2]]
    yield CUT
    yield from rows[stalled : [n for n in deals if n > stalled][2]]
    yield CUT


def _added(journal: Path, shown: Shown) -> Iterator[str]:
    """The answers, and the rows of what was recorded, to how it is undone; the review between is cut."""
    term = Terminal(journal, "add", lang=shown.lang, size=(60, 80))
    for question, answer in TYPED[shown.typed]:
        term.see(question).type(*(answer, ENTER) if answer else (ENTER,))
    assert term.ended() == 0
    rows = [row for row in term.shown.split("\n") if row]
    recorded = next(n for n, row in enumerate(rows) if _RECORDED.match(row))
    yield from rows[: next(n for n, row in enumerate(rows) if _REVIEW.match(row))]
    yield CUT
    undo = next(n for n, row in enumerate(rows) if n >= recorded and row.endswith("nippo undo"))
    yield from rows[recorded : undo + 1]


def rewrite() -> None:
    """Put the screens of today into the pages."""
    with TemporaryDirectory() as temporary:
        journals = {lang: sample(Path(temporary), lang) for lang in ("ja", "en")}
        for n, shown in enumerate(SCREENS):
            page, old = ROOT / shown.page, on_page(shown)
            (folder := Path(temporary) / str(n)).mkdir()
            text = page.read_text(encoding="utf-8")
            page.write_text(text.replace(old, on_terminal(shown, journals[shown.lang], folder)), encoding="utf-8")


if __name__ == "__main__":
    rewrite()
