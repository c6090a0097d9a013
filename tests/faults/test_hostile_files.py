"""Files that are broken, or made to break what reads them, of every format that `nippo import` takes: each is read or refused in
words, in little memory, and of one that is refused nothing is written."""

import json
import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from gzip import compress
from pathlib import Path

import forked
import pytest
from shell import Shell

pytestmark = pytest.mark.skipif(os.name == "nt", reason="no limit of memory, no named pipe")

HUGE = "あ" * (10 << 20)
HEAD, ROW = ["日付", "会社", "案件名", "内容"], ["2026-11-20", "甲社", "A機", "打合せ"]
SECRET = "root-of-all-secrets"
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData>{more}</worksheet>'
BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
RELS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{0}</Relationships>'
REL = '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{0}" Target="{1}"/>'
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
)


def csv_text(*rows: list[str]) -> str:
    """Rows as CSV."""
    return "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows)


def workbook(folder: Path, *rows: list[str], more: str = "", before: str = "", filler: int = 0) -> bytes:
    """A workbook of one sheet, made by hand: what no program would write."""
    cells = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) + "</row>" for row in rows
    )
    with zipfile.ZipFile(folder / "made", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        book.writestr("[Content_Types].xml", TYPES)
        book.writestr("_rels/.rels", RELS.format(REL.format("officeDocument", "xl/workbook.xml")))
        book.writestr("xl/workbook.xml", BOOK)
        book.writestr("xl/_rels/workbook.xml.rels", RELS.format(REL.format("worksheet", "worksheets/sheet1.xml")))
        book.writestr("xl/worksheets/sheet1.xml", before + SHEET.format(rows=cells, more=more) + " " * filler)
    return (folder / "made").read_bytes()


def merged(ranges: int) -> str:
    """A sheet's word of so many merged ranges."""
    return "<mergeCells>" + "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, ranges + 1)) + "</mergeCells>"


def event_log(*events: dict[str, str], before: str = "") -> str:
    """An event log."""
    said = "".join(
        "<event>" + "".join(f'<string key="{key}" value="{value}"/>' for key, value in one.items()) + "</event>"
        for one in events
    )
    return f'{before}<log><trace><string key="concept:name" value="A"/>{said}</trace></log>'


def calendar(summary: str) -> str:
    """A calendar of one meeting."""
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261120T010000Z\r\n"
        f"SUMMARY:{summary}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )


def objects(*rows: dict[str, str], lines: bool) -> str:
    """Objects as JSON, or one a line."""
    return (
        "\n".join(json.dumps(one, ensure_ascii=False) for one in rows)
        if lines
        else json.dumps(rows, ensure_ascii=False)
    )


def entity(of: Path) -> str:
    """A declaration that would bring another file in."""
    return f'<!DOCTYPE x [<!ENTITY out SYSTEM "{of.as_uri()}">]>'


LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
EVENT = {"concept:name": "提案", "time:timestamp": "2026-11-20T10:00:00+09:00"}
WIDE = [f"列{number}" for number in range(2000)]

Make = Callable[[Path], bytes]
FILES: dict[str, Make] = {
    "10 MB in a cell.csv": lambda _: csv_text(HEAD, [*ROW[:3], HUGE]).encode(),
    "2,000 columns.csv": lambda _: csv_text([*HEAD, *WIDE], [*ROW, *WIDE]).encode(),
    "NULs.csv": lambda _: csv_text(HEAD, [*ROW[:3], "x\0y"], ROW).encode(),
    "mixed encodings.csv": lambda _: csv_text(HEAD, ROW).encode() + csv_text(["2026-11-20", "乙社", "B機", "見積"]).encode("cp932"),
    "truncated.csv": lambda _: csv_text(HEAD, ROW, ROW).encode()[:-8],
    "10 MB in a cell.xlsx": lambda folder: workbook(folder, HEAD, [*ROW[:3], HUGE[: 3 << 20]]),
    "2,000 columns.xlsx": lambda folder: workbook(folder, [*HEAD, *WIDE], [*ROW, *WIDE]),
    "NULs.xlsx": lambda folder: workbook(folder, HEAD, [*ROW[:3], "x\0y"]),
    "mixed encodings.xlsx": lambda folder: workbook(folder, HEAD, ROW, before='<?xml version="1.0" encoding="shift_jis"?>'),
    "zip bomb.xlsx": lambda folder: workbook(folder, HEAD, ROW, filler=100 << 20),
    "external entity.xlsx": lambda folder: workbook(folder, HEAD, [*ROW[:3], "&out;"], before=entity(folder / "secret")),
    "laughs.xlsx": lambda folder: workbook(folder, HEAD, [*ROW[:3], "&i;"], before=LAUGHS),
    "million merged ranges.xlsx": lambda folder: workbook(folder, HEAD, ROW, more=merged(1_000_000)),
    "truncated.xlsx": lambda folder: workbook(folder, HEAD, ROW)[:-200],
    "10 MB in a cell.xes": lambda _: event_log(EVENT | {"x": HUGE}).encode(),
    "2,000 columns.xes": lambda _: event_log(EVENT | dict.fromkeys(WIDE, "x")).encode(),
    "NULs.xes": lambda _: event_log(EVENT | {"x": "a\0b"}).encode(),
    "mixed encodings.xes": lambda _: event_log(EVENT).encode() + "見積".encode("cp932"),
    "external entity.xes": lambda folder: event_log(EVENT | {"x": "&out;"}, before=entity(folder / "secret")).encode(),
    "laughs.xes": lambda _: event_log(EVENT | {"x": "&i;"}, before=LAUGHS).encode(),
    "truncated.xes": lambda _: event_log(EVENT).encode()[:-20],
    "bomb.xes.gz": lambda _: compress(event_log(EVENT, before=" " * (100 << 20)).encode(), 1),
    "truncated.xes.gz": lambda _: compress(event_log(EVENT).encode())[:-20],
    **{
        f"{kind}.{ending}": (lambda _, rows=rows, cut=cut, lines=ending == "jsonl": objects(*rows, lines=lines).encode()[:cut])
        for ending in ("json", "jsonl")
        for kind, rows, cut in (
            ("10 MB in a cell", [dict(zip(HEAD, [*ROW[:3], HUGE], strict=True))], None),
            ("2,000 columns", [dict(zip(HEAD, ROW, strict=True)) | dict.fromkeys(WIDE, "x")], None),
            ("NULs", [dict(zip(HEAD, [*ROW[:3], "x\0y"], strict=True))], None),
            ("truncated", [dict(zip(HEAD, ROW, strict=True))], -12),
        )
    },
    "mixed encodings.json": lambda _: objects({"会社": "甲社"}, lines=False).encode() + "乙社".encode("cp932"),
    "mixed encodings.jsonl": lambda _: objects({"会社": "甲社"}, lines=True).encode() + '\n{"会社":"乙社"}'.encode("cp932"),
    "deep.json": lambda _: b"[" * 200_000,
    "10 MB in a cell.ics": lambda _: calendar(HUGE).encode(),
    "NULs.ics": lambda _: calendar("x\0y").encode(),
    "mixed encodings.ics": lambda _: calendar("甲社").encode() + calendar("乙社").encode("cp932"),
    "truncated.ics": lambda _: calendar("甲社").encode()[:-30],
}  # fmt: skip


@pytest.fixture
def limited(tmp_path: Path):
    """`nippo import FILE` as a process that may hold no more than 900 MB of addresses, most of them its libraries'."""

    def run(file: str) -> subprocess.CompletedProcess[str]:
        script = (
            "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (900 << 20,) * 2);"
            "from nippo_cli.cli.frame.main import run; run()"
        )
        env = os.environ | {
            "NIPPO_LANG": "ja",
            "NIPPO_NOW": "2026-11-20T18:00:00+09:00",
            "XDG_STATE_HOME": str(tmp_path / "state"),
        }
        return forked.run(
            [sys.executable, "-c", script, "--journal", str(tmp_path / "journal"), "import", file, "--yes"],
            capture_output=True, encoding="utf-8", check=False, timeout=600, cwd=tmp_path, env=env, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    return run


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_read_or_refused_in_words(limited, tmp_path: Path, name: str):
    """Nothing of another file comes in, no fault is shown, and what is refused leaves no journal behind."""
    (tmp_path / "secret").write_text(SECRET, encoding="utf-8")
    (tmp_path / name).write_bytes(FILES[name](tmp_path))
    done = limited(name)
    assert done.returncode in (0, 2, 3), done.stderr[-500:]
    assert "不具合" not in done.stderr
    assert SECRET not in done.stdout + done.stderr
    assert done.returncode == 0 or not (tmp_path / "journal" / "journal.db").exists()
    if name.partition(".")[0] in ("zip bomb", "bomb", "laughs", "deep"):
        assert done.returncode == 2


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json", "jsonl", "xes", "xes.gz", "ics"])
@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_what_is_no_file_is_refused_whatever_its_ending(limited, tmp_path: Path, ending: str, kind: str):
    """A pipe that nobody writes into would be waited for, for ever."""
    path = tmp_path / f"x.{ending}"
    path.mkdir() if kind == "folder" else os.mkfifo(path)
    assert limited(path.name).returncode == 2


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_file_that_grows_while_it_is_read_ends(nippo: Shell, tmp_path: Path, ending: str):
    """What was there is read whole; a row that is half written then is none, or is rejected."""
    rows = [dict(zip(HEAD, ROW, strict=True))] * 2000
    path = tmp_path / f"grows.{ending}"
    path.write_text(
        objects(*rows, lines=True) + "\n" if ending == "jsonl" else csv_text(HEAD, *[ROW] * 2000), encoding="utf-8"
    )
    ended = threading.Event()

    def grow() -> None:
        with path.open("a", encoding="utf-8") as file:
            while not ended.wait(0.001):
                file.write(objects(rows[0], lines=True) + "\n" if ending == "jsonl" else csv_text(ROW))
                file.flush()

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        answer = nippo("import", path.name, "--yes", "--json", "--on-error", "skip")
    finally:
        ended.set()
        writer.join()
    assert answer.code in (0, 2), answer.err
    assert answer.code == 2 or answer.json["taken"] + answer.json["known"] + answer.json["rejected"] >= 2000
