"""A table that people open holds no key: neither in its heads nor in its cells."""

import csv
import io
import re
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import openpyxl
import pytest
from shell import Shell

from nippo_cli.cli.frame.main import main

# What a key looks like, alone or among several in one cell; `n` and `p` are what statistics are called.
KEY = re.compile(r"[a-z]+(?:[_.][a-z_.]+)*")
NO_KEYS = {"n", "p"}
PAGES = (
    ("gap",), ("gap", "--compare"), ("gap", "--by", "owner"), *(("gap", kind) for kind in (
        "stalled", "mirage", "fizzled", "broken", "next", "aftercare", "unlinked", "promises", "activity", "revisit")),
    ("landing",), ("landing", "--by", "kind"), ("steps",), ("steps", "--by", "source"), ("steps", "--by", "month"),
    ("steps", "--deals", "見積:戻り"), ("deal", "list", "--all"), ("deal", "list", "--summary"), ("deal", "show", "雲雀 パレタイザ"),
    ("deal", "precedents", "雲雀 パレタイザ"), ("deal", "story", "笹倉 搬送ロボット"), ("deal", "timeline", "雲雀 パレタイザ"),
    *(("lessons", kind) for kind in ("lost", "fates", "contrast", "confidence", "words", "cases")),
    *(("lessons", kind, "--deals") for kind in ("lost", "fates", "contrast", "confidence", "words", "cases")),
    ("customer",), ("customer", "雲雀製菓"), ("customer", "people", "雲雀製菓"), ("prep", "雲雀製菓"), ("log", "--since", "90d"),
    ("show", "918", "--history"), ("search", "稟議"), ("sales", "list"), ("sales", "match"), ("target", "list"), ("day",),
    ("comment",), ("tidy",), ("sweep", "--list"),
)  # fmt: skip


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Japanese diary of `nippo demo`."""
    folder = tmp_path_factory.mktemp("words") / "journal"
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        patch.setenv("NIPPO_NOW", "2026-11-23T18:00:00+09:00")
        assert main(["demo", "--lang", "ja", "--keep", str(folder)]) == 0
    return folder


def rows_of(journal: Path, page: tuple[str, ...], file: Path, *options: str) -> list[list[str]]:
    """What `-o FILE` holds of a page."""
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        assert main(["--journal", str(journal), *page, "-o", str(file), *options]) == 0
    return list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines()))


@pytest.mark.parametrize("page", PAGES, ids=" ".join)
def test_no_key_stands_in_a_table_that_people_open(sample: Path, page: tuple[str, ...], tmp_path: Path, monkeypatch):
    """Stages, outcomes, ranks, reasons, yes and no, and whatever else scripts know by a key."""
    monkeypatch.setenv("NIPPO_NOW", "2026-11-23T18:00:00+09:00")
    monkeypatch.setenv("NIPPO_AUTHOR", "藤井")
    heads, *rows = rows_of(sample, page, tmp_path / "x.csv")
    assert [head for head in heads if KEY.fullmatch(head) and head not in NO_KEYS] == []
    keys = {(head, one) for row in rows for head, cell in zip(heads, row, strict=True) for one in cell.split("; ")
            if KEY.fullmatch(one)}  # fmt: skip
    assert keys == set()


def test_a_cell_says_what_the_screen_says(sample: Path, tmp_path: Path, monkeypatch):
    """Deal 343 is 見積 and 立ち消え懸念, held against the norm of the schema; a script's file has quote, fizzled and schema."""
    monkeypatch.setenv("NIPPO_NOW", "2026-11-23T18:00:00+09:00")

    def row(*options: str) -> dict[str, str]:
        heads, *rows = rows_of(sample, ("deal", "list"), tmp_path / "x.csv", "--force", *options)
        return dict(zip(heads, next(row for row in rows if row[0] == "343"), strict=True))

    said, keyed = row(), row("--heads", "keys")
    assert (said["フェーズ"], said["結果"], said["目安日数の出どころ"], said["滞留"]) == (
        "見積", "立ち消え懸念", "日報フォーマット", "はい")  # fmt: skip
    assert (keyed["stage"], keyed["outcome"], keyed["norm.source"], keyed["stalled"]) == (
        "quote", "fizzled", "schema", "true")  # fmt: skip


def test_a_workbook_has_the_same_words(sample: Path, tmp_path: Path, monkeypatch):
    """In each of its sheets."""
    monkeypatch.setenv("NIPPO_NOW", "2026-11-23T18:00:00+09:00")
    with redirect_stderr(io.StringIO()):
        assert main(["--journal", str(sample), "gap", "stalled", "-o", str(tmp_path / "x.xlsx")]) == 0
    cells = {
        str(cell)
        for sheet in openpyxl.load_workbook(tmp_path / "x.xlsx").worksheets
        for row in sheet.iter_rows(min_row=2, values_only=True)
        for cell in row
    }
    assert {"社内決裁", "はい", "日報フォーマット"} <= cells
    assert {"approval", "schema", "True"} & cells == set()


def test_a_label_is_that_of_the_agreement_when_it_was_chosen_from(nippo: Shell, tmp_path: Path):
    """A choice that the agreement has no longer keeps the word that it had."""
    nippo.deal("案件", "--activity", "電話", "-m", "話", "--source", "紹介")
    schema = nippo.journal / "schema.yaml"
    text = schema.read_text(encoding="utf-8")
    schema.write_text(re.sub(r"\n.*key: referral.*", "", text), encoding="utf-8")
    nippo.done("add", "案件", "--activity", "電話", "-m", "話2")
    nippo.done("log", "-o", str(tmp_path / "log.csv"))
    heads, *rows = csv.reader((tmp_path / "log.csv").read_text(encoding="utf-8-sig").splitlines())
    assert "紹介" in {row[heads.index("引合経路")] for row in rows}
