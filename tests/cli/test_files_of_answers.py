"""`-o` by ending: workbooks, and CSV in the encoding that an older program reads."""

import csv
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from shell import Shell

ANSWERS = (
    (), ("log",), ("deal", "list"), ("deal", "show", "案件"), ("gap",), ("gap", "stalled"), ("gap", "promises"), ("landing",), ("steps",),
    ("lessons",), ("lessons", "fates"), ("customer",), ("prep", "青葉製作所"), ("sales", "list"), ("target", "list"), ("tidy",),
    ("schema", "show"), ("doctor",), ("path",), ("search", "聞いた"), ("day",),
)  # fmt: skip


@pytest.mark.parametrize("argv", ANSWERS, ids=" ".join)
def test_every_answer_has_a_workbook(five: Shell, tmp_path: Path, argv: tuple[str, ...]):
    """Its first sheet has the rows of its CSV, under the same heads."""
    book, table = tmp_path / "x.xlsx", tmp_path / "x.csv"
    five.done(*argv, "-o", str(book))
    five.done(*argv, "-o", str(table))
    sheet = openpyxl.load_workbook(book).worksheets[0]
    rows = list(csv.reader(table.read_text(encoding="utf-8-sig").splitlines()))
    heads = [cell.value for cell in sheet[1]]
    if heads != ["項目", "値"]:
        assert heads == rows[0]
        assert sheet.max_row == len(rows)
    assert sheet.freeze_panes == "A2"


def test_a_workbook_needs_a_file(five: Shell, tmp_path: Path):
    """Before any work; keys as heads where they are asked for."""
    for argv in (("--format", "xlsx"), ("--format", "xlsx", "-o", "-")):
        said = five("deal", "list", *argv)
        assert (said.code, said.out) == (2, "")
        assert "-o 一覧.xlsx" in said.err
    five.done("deal", "list", "-o", str(tmp_path / "k.xlsx"), "--heads", "keys")
    sheet = openpyxl.load_workbook(tmp_path / "k.xlsx").active
    assert [cell.value for cell in sheet[1]][:3] == ["id", "name", "customer"]


def test_what_cp932_lacks_is_replaced_and_told(nippo: Shell, tmp_path: Path):
    """𠮷 and 👍 are lacking, 髙 and ① are not; the two wave dashes are one character there; no mark stands before the file."""
    nippo.deal("𠮷田商店 髙橋様① 10〜20台 👍", "-m", "か\u3099っこう ¥")
    file = tmp_path / "list.csv"
    said = nippo.done("log", "-o", str(file), "--encoding", "cp932")
    text = file.read_bytes().decode("cp932")
    assert "〓田商店 髙橋様① 10～20台 〓" in text
    assert "がっこう ￥" in text
    assert "2字を〓に替えました: 𠮷👍" in said.err or "2字を〓に替えました: 👍𠮷" in said.err
    assert nippo.done("deal", "list", "-o", str(file), "--encoding", "cp932", "--force").code == 0


def test_other_encodings_and_formats_are_refused(five: Shell, tmp_path: Path):
    """With what is allowed."""
    assert "utf-8, cp932" in five("deal", "list", "--format", "csv", "--encoding", "latin-1").err
    assert five("deal", "list", "-o", str(tmp_path / "x.json"), "--encoding", "cp932").code == 2
    assert list(tmp_path.glob("x.*")) == []


def test_cp932_goes_to_a_pipe_as_well(five: Shell):
    """As bytes."""
    argv = [sys.executable, "-m", "nippo_cli", "--journal", str(five.journal), "deal", "list", "--format", "csv"]
    said = subprocess.run([*argv, "--encoding", "cp932"], capture_output=True, check=True)
    assert "切断" in said.stdout.decode("cp932")
