"""Every page as a terminal of 80 columns draws it: nothing runs over the edge, and no Japanese letter stands on an English one."""

import io
import re
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from nippo_cli.base.text import width
from nippo_cli.cli.frame.main import main

JAPANESE = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
DEAL = {"ja": "雲雀 パレタイザ", "en": "Hibari palletizer"}
OTHER = {"ja": "戸倉 加工治具", "en": "Tokura machining jigs"}
LOST = {"ja": "笹倉 搬送ロボット", "en": "Sasakura carrier robots"}
CUSTOMER = {"ja": "雲雀製菓", "en": "Hibari Confectionery"}
WORD = {"ja": "稟議", "en": "approval"}
PAGES = (
    ("--help",), ("help", "all"), ("gap",), ("gap", "--by", "owner"), ("gap", "--compare"), *(("gap", kind) for kind in (
        "stalled", "mirage", "fizzled", "broken", "next", "aftercare", "unlinked", "promises", "activity", "revisit")),
    ("landing",), ("landing", "--half", "--by", "owner"), ("landing", "--basis", "sale"), ("steps",), ("steps", "--by", "month"),
    ("steps", "--by", "source"), ("steps", "--deals", "quote:back"), ("deal", "list"), ("deal", "list", "--summary"),
    ("deal", "show", DEAL), ("deal", "timeline", DEAL, OTHER), ("deal", "precedents", DEAL), ("deal", "story", LOST), ("lessons",),
    *(("lessons", kind) for kind in ("lost", "fates", "contrast", "confidence", "words", "cases")), ("lessons", "lost", "--deals"),
    ("customer",), ("customer", CUSTOMER), ("customer", "people", CUSTOMER), ("customer", "--near"), ("prep", CUSTOMER),
    ("log", "--limit", "40"), ("log", "--week"), ("log", "--month"), ("show", "918", "--history"), ("search", WORD),
    ("sales", "list"), ("sales", "match"), ("target", "list"), ("day",), ("comment",), ("schema", "show"), ("schema", "check"),
    ("form", "marks"),
    ("draft", "list"), ("tidy",), ("sweep", "--list"), ("undo", "--dry-run"), (),
)  # fmt: skip


class Screen(io.StringIO):
    """What a person sees; a terminal to whoever asks."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        """It is one."""
        return True

    def fileno(self) -> int:
        """None of the system's."""
        raise OSError


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The journal of `nippo demo` in each language."""
    folder = tmp_path_factory.mktemp("screens")
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        patch.setenv("NIPPO_NOW", "2026-11-23T18:00:00+09:00")
        for lang in ("ja", "en"):
            assert main(["demo", "--lang", lang, "--keep", str(folder / lang)]) == 0
    return {lang: folder / lang for lang in ("ja", "en")}


def shown(journal: Path, page: tuple[str, ...], lang: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str, str]:
    """A command's exit code, what a terminal of 80 columns shows of it, and what stderr has."""
    author = {"ja": "藤井", "en": "Fujii"}[lang]
    for name, value in {
        "NOW": "2026-11-23T18:00:00+09:00",
        "LANG": lang,
        "AUTHOR": author,
        "JOURNAL": str(journal),
    }.items():
        monkeypatch.setenv(f"NIPPO_{name}", value)
    for name in ("NO_COLOR", "NO_PAGER"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("nippo_cli.cli.frame.options._columns", lambda: 80)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    screen, said = Screen(), io.StringIO()
    with redirect_stdout(screen), redirect_stderr(said):
        code = main(list(page))
    return code, screen.getvalue(), said.getvalue()


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: " ".join(w if isinstance(w, str) else w["en"] for w in page))
def test_a_page_fits_a_terminal(samples, page: tuple, lang: str, monkeypatch: pytest.MonkeyPatch):
    """80 columns wide, no row longer; an English screen of an English diary is English to the last letter."""
    words = tuple(word if isinstance(word, str) else word[lang] for word in page)
    code, screen, said = shown(samples[lang], words, lang, monkeypatch)
    assert code == 0, said
    rows = screen.split("\n")
    assert [row for row in rows if width(row) > 80] == []
    assert lang == "ja" or [row for row in rows if JAPANESE.search(row)] == []


GOLDEN = (("--help",), (), ("gap", "revisit"), ("landing",), ("tidy",), ("sweep", "--list"))


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("page", GOLDEN, ids=lambda page: " ".join(page) or "nippo")
def test_a_page_of_the_sample_looks_so(samples, page: tuple[str, ...], lang: str, monkeypatch, snapshot):
    """Pages that have no golden of answers made by hand, as the sample's diary has them."""
    code, screen, said = shown(samples[lang], page, lang, monkeypatch)
    assert (code, said) == (0, "")
    assert screen == snapshot


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A journal in each language of targets, orders and live deals of 99.9 billion yen in every month of the fiscal year."""
    folder = tmp_path_factory.mktemp("large")
    most = "99900000000"
    rest = ("--activity", "call", "--next-step", "x", "--next-on", "+7d", "-m", "x", "--no-input")
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        for name, value in (("NIPPO_NOW", "2026-11-23T18:00:00+09:00"), ("NIPPO_AUTHOR", "佐藤"), ("TZ", "Asia/Tokyo")):
            patch.setenv(name, value)
        for lang in ("ja", "en"):
            home = ["--journal", str(folder / lang), "--lang", lang]
            assert main([*home, "init", "--template", "default"]) == 0
            for month in (*(f"2026-{n:02}" for n in range(4, 13)), *(f"2027-0{n}" for n in range(1, 4))):
                assert main([*home, "target", "set", "--team", month, most]) == 0
                assert main([*home, "target", "set", "佐藤", month, most]) == 0
                if month >= "2026-11":
                    said = [
                        "--customer",
                        f"{month} Co",
                        "--stage",
                        "quote",
                        "--closes",
                        f"{month}-28",
                        "--amount",
                        most,
                        "--confidence",
                        "A",
                    ]
                    assert main([*home, "add", f"M {month}", "--new-deal", *said, *rest]) == 0
                    assert main([*home, "landing", "say", month, most]) == 0
            won = ["--customer", "W Co", "--amount", most, "--stage", "won", *rest]
            assert main([*home, "add", "W", "--new-deal", *won]) == 0
    return {lang: folder / lang for lang in ("ja", "en")}


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("basis", ["order", "sale"])
@pytest.mark.parametrize("span", ["", "--month", "--quarter", "--half", "--fiscal-year"])
@pytest.mark.parametrize("by", ["", "owner", "customer"])
def test_nothing_of_the_landing_is_cut(
    large, by: str, span: str, basis: str, lang: str, monkeypatch: pytest.MonkeyPatch
):
    """One month or twelve, to 99.9 billion yen a month: no label, no amount, no name ends in `…`; no row is longer than the terminal."""
    page = ["landing", *([span] if span else []), *(["--by", by] if by else []), "--basis", basis, "--unit", "1000"]
    code, screen, said = shown(large[lang], tuple(page), lang, monkeypatch)
    assert code == 0, said
    rows = screen.split("\n")
    assert [row for row in rows if width(row) > 80 or "…" in row] == []
    assert sum("99,900,000" in row for row in rows) > 3
