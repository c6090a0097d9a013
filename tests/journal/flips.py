"""A small journal with records of every kind, as the command line writes them; and one bit of it flipped."""

import io
import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import pytest

from nippo_cli.cli.frame.main import main

CSV = """id,日,顧客,案件,活動,フェーズ,事実,金額
1,2026-01-20,南洋,配管,電話,引合,配管の話を聞いた,300000
2,2026-02-03,南洋,配管,電話,見積,見積を送った,320000
3,2026-02-10,北斗,弁,電話,,弁の納期を聞かれた,
4,x,北斗,弁,電話,,日付がない,
"""
MAP = """source: crm
file: {type: csv, encoding: utf-8}
key: id
on: {column: 日, format: "%Y-%m-%d"}
deal: 案件
fields: {customer: 顧客, activity: 活動, stage: フェーズ, facts: 事実, amount: 金額}
"""
TODAY = "2026-03-20"
# Day by day, a line that is set in going on; what stands in braces is the id of what was written before.
_COMMANDS = """
2026-01-05 init --author 佐藤 --time-zone Asia/Tokyo
2026-01-06 add ポンプ --new-deal --customer 東亜 --kind 新規 --source 紹介 --activity 訪問 --stage 初回訪問
  --people 山田太郎（部長） -m 現場でポンプの不調を見た --next-step 資料を送る --next-on 1/20 --amount 120万
  --closes 3月 --confidence C
2026-01-06 day -m 良い一日だった --tomorrow 北斗へ行く
2026-01-08 add 弁 --new-deal --customer 北斗 --kind 部品・消耗品 --activity 電話 --stage 引合 -m
  弁の在庫を聞かれた --amount 20万 --later
2026-01-09 add 計器 --new-deal --customer 東亜 --kind 新規 --source 展示会 --activity 電話 --stage 引合 -m
  展示会で名刺を交換した --later
2026-01-12 add ポンプ --activity 電話 -m 費用を聞かれた --amount 150万 --next-step 見積 --next-on 1/30 --later
2026-01-13 add 架台 --new-deal --customer 西山 --kind 新規 --source 紹介 --activity 電話 --stage 引合 -m
  架台が要る --later
2026-01-14 edit {first} --why 誤記 -m 現場でポンプの振動を見た
2026-01-15 day 1/14 --off -m 有給
2026-01-16 comment {first} -m 見積はいつ出しますか --due 1/20 --by 部長
2026-01-17 comment {comment} -m 来週出します
2026-01-18 comment 1/6 -m お疲れさま --by 部長 --to 佐藤
2026-01-20 deal rename 計器 流量計
2026-01-21 deal assign 流量計 鈴木
2026-01-22 deal hold 弁 --until 2/10 --why 予算審議
2026-01-23 add ポンプ --activity 見積提出 --stage 見積 -m 見積を出した --amount 150万 --closes 3/31 --confidence
  B --next-step 返事を聞く --next-on 2/10 --later
2026-01-26 add 架台2 --new-deal --customer 西山 --kind 新規 --source 紹介 --activity 電話 --stage 引合 -m
  同じ架台の話 --later
2026-01-27 deal merge 架台2 架台
2026-01-28 add --activity 社内 -m 週の会議 --later
2026-01-30 add 流量計 --activity 電話 --stage 失注 -m 他社に決まった --lost-reason 価格 --competitor 北斗計装
  --by 鈴木 --later
2026-02-02 deal review 流量計 --cause price_gap -m 予算は半分だった --known asked
2026-02-03 add 弁 --activity 電話 --stage 受注 -m 注文書が届いた --amount 22万 --later
2026-02-05 sales add --deal 弁 --amount 22万 --ref INV-1
2026-02-06 sales add --customer 北斗 --amount 5万 --note 部品
2026-02-07 sales match {sale} 弁
2026-02-08 target set 佐藤 2026-03 500万
2026-02-12 add ポンプ --activity 電話 -m 決裁は三月と聞いた --closes 4月 --confidence B --next-step 部長に会う
  --next-on 3/5 --push-reason 顧客の都合 --later
2026-02-14 import {csv} --map {map} --on-error skip
2026-02-16 add ポンプ --activity 電話 -m 間違いの活動 --later
2026-02-16 undo
2026-02-18 add 架台 --activity 訪問 --stage ヒアリング --people 西山次郎 -m 図面を見せてもらった --later
2026-02-20 add 架台 --activity 電話 -m 消してほしい話 --later
2026-02-21 edit {last} --erase --why 本人の求め
2026-02-24 add 架台 --activity 電話 -m 日を間違えた --on 2/22 --later
2026-02-25 edit {last} --on 2/23 --why 日の誤り
2026-02-26 edit {last} --retract --why 別の件だった
2026-03-02 add ポンプ --activity 訪問 --stage 社内決裁 --people 山田太郎（部長・決裁者） -m 稟議が上がった
  --closes 4/20 --confidence A --next-step 返事 --next-on 3/18 --later
2026-03-03 add 治具 --new-deal --customer 南洋 --kind 新規 --source 紹介 --activity 電話 --stage 引合 -m
  治具の相談 --later
2026-03-04 add 治具 --activity 電話 --stage 見積 -m 概算を伝えた --amount 80万 --closes 5月 --confidence C
  --next-step 訪問 --next-on 3/25 --later
2026-03-05 customer alias 東亜 東亜ポンプ
2026-03-06 customer people 西山 西山次郎 --left
2026-03-07 deal review 流量計 --revisit 2027-01-15
2026-03-08 landing say 2026-04 100万
"""
# What fills the tables and columns that the default agreement, one device and one rep leave empty; `twin` needs two devices.
_FIELDS = """\
  - {key: valid_until, label: 見積の期限, type: date, role: deadline}
  - {key: billed_to, label: 請求先, type: text, role: billed_to}
  - {key: site, label: 納入先, type: text, role: site}
"""
_BOOKS = "source: books\non: d\ncustomer: c\namount: m\n"
_FURTHER = """
2026-03-09 add ポンプ --activity 電話 -m 期限を伝えた --valid-until 4/10 --billed-to 東亜商事 --site 東亜第二工場
  --accepts 5/20 --ball 営業 --later
2026-03-09 add 予備品 --new-deal --parent ポンプ --customer 東亜 --kind 部品・消耗品 --source 紹介 --activity 訪問
  --stage 引合 -m 予備品の話 --meeting {first} --later
2026-03-09 follow ポンプ
2026-03-09 follow 東亜
2026-03-09 comment {answer} --seen --by 部長
2026-03-09 comment {asked} --done
2026-03-09 comment ポンプ -m 体制を見直す --who 鈴木 --decision
2026-03-10 target set --team 2026-04 300万 --kind 新規
2026-03-10 landing say 2026-05 90万 --note 堅い数字
2026-03-10 customer revisit 南洋 --on 2027-01-15 -m 来春に予算
2026-03-10 sales import {books} --map {booksmap}
2026-03-10 sales add --customer 北斗 --amount 11万 --tax 10%
2026-03-10 customer alias 北斗 株式会社北斗計器
"""
# Pages that read no body of an entry, and those that do.
FROM_ROWS = (
    ("gap",), ("deal", "list", "--all"), ("deal", "list", "--summary", "--json"), ("steps",), ("sales", "list"),
    ("gap", "unlinked"), ("lessons", "fates"),
)  # fmt: skip
OF_ENTRIES = (
    (), ("log",), ("log", "--json"), ("deal", "show", "ポンプ"), ("deal", "show", "架台", "--json"), ("customer", "東亜"),
    ("search", "見積"), ("search", "部長"), ("lessons",), ("lessons", "lost"), ("day", "1/6"), ("comment",), ("prep", "東亜"),
    ("deal", "story", "流量計"), ("deal", "precedents", "ポンプ"), ("gap", "mirage", "--json"), ("sales", "match"),
    ("log", "--as-of", "2026-02-15"), ("gap", "--as-of", "2026-02-15"), ("deal", "show", "ポンプ", "--as-of", "2026-01-13"),
    ("deal", "list", "--as-of", "2026-01-25"), ("gap", "--compare"), ("schema", "show"), ("lessons", "words"),
    ("deal", "timeline", "ポンプ", "架台"), ("add", "--help"),
)  # fmt: skip


class Said(NamedTuple):
    """What a command did: its exit code, stdout, stderr."""

    code: int
    out: str
    err: str


def run(journal: Path, words: tuple[str, ...], on: str = TODAY) -> Said:
    """One command, in this process, at noon of a day."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setenv("NIPPO_NOW", f"{on}T12:00:00+09:00")
        code = main(["--journal", str(journal), "--lang", "ja", *words])
    return Said(code, out.getvalue(), err.getvalue())


def say(journal: Path, *words: str) -> Said:
    """A command that is answered."""
    said = run(journal, words)
    assert said.code == 0, said
    return said


def lived(folder: Path, after: Callable[[Path, str], None] | None = None) -> Path:
    """The journal that the commands make; `after` each of them something may be done with it, on the command's day."""
    journal = folder / "journal"
    known = {"csv": str(folder / "rows.csv"), "map": str(folder / "map.yaml")}
    folder.mkdir(parents=True, exist_ok=True)
    Path(known["csv"]).write_text(CSV, encoding="utf-8")
    Path(known["map"]).write_text(MAP, encoding="utf-8")
    for line in _COMMANDS.strip().replace("\n  ", " ").splitlines():
        on, *words = line.split(" ")
        said = run(journal, tuple(word.format_map(known) for word in words), on)
        assert said.code == 0, (line, said)
        with closing(sqlite3.connect(journal / "journal.db")) as cx:
            of_kind = dict(cx.execute("select kind, max(id) from record group by kind"))
            (first,) = cx.execute("select min(id) from record where kind = 'entry'").fetchone()
        known |= {"first": str(first), "last": str(of_kind.get("entry")), "comment": str(of_kind.get("comment"))}
        known["sale"] = str(of_kind.get("sale"))
        if after is not None:
            after(journal, on)
    return journal


def lived_fully(folder: Path) -> Path:
    """The same, and more: every derived table has rows, and every column something in it."""
    journal = lived(folder)
    with (journal / "schema.yaml").open("a", encoding="utf-8") as schema:
        schema.write(_FIELDS)
    known = {"books": str(folder / "books.csv"), "booksmap": str(folder / "books.yaml")}
    Path(known["books"]).write_text("d,c,m\n2026-03-02,北斗,11万\n", encoding="utf-8")
    Path(known["booksmap"]).write_text(_BOOKS, encoding="utf-8")
    with closing(sqlite3.connect(journal / "journal.db")) as cx:
        (known["first"],) = map(str, cx.execute("select min(id) from record where kind = 'entry'").fetchone())
        known["asked"], known["answer"], _ = (str(id_) for (id_,) in cx.execute("select id from comment order by id"))
    for line in _FURTHER.strip().replace("\n  ", " ").splitlines():
        on, *words = line.split(" ")
        said = run(journal, tuple(word.format_map(known) for word in words), on)
        assert said.code == 0, (line, said)
    return journal


# --- one bit


class Flip(NamedTuple):
    """One bit of one cell: the table, the row's number among the rows, the column, and which bit, as a share of the cell."""

    table: str
    row: int
    column: str
    share: float
    bit: int


def cells(cx: sqlite3.Connection, table: str) -> list[str]:
    """The columns of a table."""
    return [row[1] for row in cx.execute(f"pragma table_info({table})")]


def drawn(path: Path, dice: random.Random, tables: tuple[str, ...]) -> Flip:
    """A cell by lot, each row and each column alike; an empty cell can't be hit."""
    with closing(sqlite3.connect(path)) as cx:
        while True:
            table = dice.choice(tables)
            column = dice.choice([c for c in cells(cx, table) if c != "id" or table == "device"])
            rows = cx.execute(f"select {column} from {table}").fetchall()
            row = dice.randrange(len(rows)) if rows else 0
            if rows and rows[row][0] not in (None, "", b""):
                return Flip(table, row, column, dice.random(), dice.randrange(8))


def flip(path: Path, at: Flip) -> int:
    """Flip it behind nippo's back, its triggers put back as they were; the id of the row, or its number."""
    with closing(sqlite3.connect(path, isolation_level=None)) as cx, _unguarded(cx):
        keys = _keys(cx, at.table)
        value, *where = cx.execute(
            f"select {at.column}, {', '.join(keys)} from {at.table} limit 1 offset {at.row}"
        ).fetchone()
        picked = " and ".join(f"{one} is ?" for one in keys)
        if isinstance(value, int):
            changed: object = value ^ (1 << int(at.share * 40))
            put = "?"
        else:
            raw = bytearray(value.encode() if isinstance(value, str) else value)
            raw[int(at.share * len(raw))] ^= 1 << at.bit
            changed, put = bytes(raw), "cast(? as text)" if isinstance(value, str) else "?"
        cx.execute(f"update or replace {at.table} set {at.column} = {put} where {picked}", (changed, *where))
        return int(where[keys.index("id")]) if "id" in keys else at.row


def _keys(cx: sqlite3.Connection, table: str) -> list[str]:
    found = [row[1] for row in sorted(cx.execute(f"pragma table_info({table})"), key=lambda row: row[5]) if row[5]]
    return found or ["rowid"]


@contextmanager
def _unguarded(cx: sqlite3.Connection) -> Iterator[None]:
    triggers = cx.execute("select name, sql from sqlite_master where type = 'trigger'").fetchall()
    for name, _ in triggers:
        cx.execute(f"drop trigger {name}")
    yield
    for _, sql in triggers:
        cx.execute(sql)


def flip_in_file(path: Path, dice: random.Random) -> int | None:
    """One bit of a record's body, salt or hash, where it lies in the file; the record's id. None where it can't be told
    from others."""
    with closing(sqlite3.connect(path)) as cx:
        column = dice.choice(("body", "body", "salt", "hash", "recorded_at"))
        rows = cx.execute(f"select id, cast({column} as blob) from record where {column} is not null").fetchall()
    record, content = dice.choice(rows)
    start = dice.randrange(max(1, len(content) - 24))
    window, whole = content[start : start + 24], bytearray(path.read_bytes())
    if whole.count(window) != 1:
        return None
    whole[whole.index(window) + dice.randrange(len(window))] ^= 1 << dice.randrange(8)
    path.write_bytes(whole)
    return int(record)


def put(path: Path, record: int, **columns: object) -> None:
    """Columns of a record as something else left them; bytes as a text that need be none."""
    with closing(sqlite3.connect(path, isolation_level=None)) as cx, _unguarded(cx):
        for column, value in columns.items():
            text = "cast(? as text)" if isinstance(value, bytes) and column not in ("salt", "hash") else "?"
            cx.execute(f"update record set {column} = {text} where id = ?", (value, record))


def column(path: Path, record: int, name: str) -> bytes:
    """A column of a record, byte by byte."""
    with closing(sqlite3.connect(path)) as cx:
        found = cx.execute(f"select cast({name} as blob) from record where id = ?", (record,)).fetchone()[0]
    return bytes(found)
