"""Every page of an English diary on an English screen: not one Japanese letter."""

import io
import re
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from nippo_cli.cli.frame.main import main

JAPANESE = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
PAGES = [
    (), ("gap",), ("gap", "--since", "1y"), ("gap", "--by", "owner"), ("landing",), *(("gap", kind) for kind in (
        "stalled", "mirage", "fizzled", "broken", "next", "aftercare", "unlinked", "promises", "activity")),
    ("steps",), ("steps", "--by", "month"), ("deal", "list"), ("deal", "list", "--summary"),
    ("deal", "show", "Hibari palletizer"), ("deal", "timeline", "Hibari palletizer", "Narusawa visual inspection machine"),
    ("deal", "precedents", "Hibari palletizer"), ("deal", "story", "Sasakura carrier robots"),
    ("lessons",), *(("lessons", kind) for kind in ("lost", "fates", "contrast", "confidence", "words", "cases")),
    ("customer",), ("customer", "Hibari Confectionery Co., Ltd."), ("prep", "Hibari Confectionery"), ("log", "--limit", "60"),
    ("log", "--week"), ("show", "918", "--history"), ("search", "approval"), ("sales", "list"), ("target", "list"), ("day",), ("comment",),
    ("schema", "show"),    ("doctor",), ("path",), ("draft", "list"), ("add", "--help"), ("--help",),
]  # fmt: skip


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The English diary of `nippo demo`."""
    folder = tmp_path_factory.mktemp("english") / "journal"
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        patch.setenv("NIPPO_NOW", "2026-11-23T18:00:00+09:00")
        assert main(["demo", "--lang", "en", "--keep", str(folder)]) == 0
    return folder


@pytest.mark.parametrize("page", PAGES, ids=" ".join)
def test_no_japanese_letter_stands_on_an_english_screen(english: Path, page: tuple[str, ...], monkeypatch, capsys):
    """Neither in what the team wrote nor in what nippo says of it."""
    monkeypatch.setenv("NIPPO_NOW", "2026-11-23T18:00:00+09:00")
    monkeypatch.setenv("NIPPO_LANG", "en")
    main(["--journal", str(english), *page])
    answer = capsys.readouterr()
    assert answer.out.strip()
    assert [row for row in (answer.out + answer.err).split("\n") if JAPANESE.search(row)] == []
