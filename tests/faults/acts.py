"""The commands that are stopped, refused and cut off: what each finds, and what it types."""

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from diary import make_hot
from disk import empty
from house import House, log_of
from shell import FIRST

from nippo_cli.journal.check import doctor

# A name as typed, in the normal form, and in that of the search.
ERASED = ("髙橋ハルカ", "高橋ハルカ", "高橋はるか")
FORMATS = Path(__file__).parents[1] / "journal" / "formats"
ROWS = 400
MAP = """\
source: crm
on: {column: 日, format: "%Y-%m-%d"}
deal: 案件
fields: {customer: 会社, activity: 活動, stage: フェーズ, facts: 内容, next_step: 予定, next_on: {column: 期日, format: "%Y-%m-%d"}}
"""
# An import whose rows reach the disk long before it ends.
CRAMPED = "from nippo_cli.journal.bulk import bulk_import; bulk_import._CACHE_KIB = 64; bulk_import._ROWS_A_CHUNK = 50"


_LIVED_IN: list[bytes] = []
_ANOTHERS: list[bytes] = []


def nothing_else(_house: House, _log: list[tuple[object, ...]], *, ended: bool) -> str:
    """The log is all that a command is about."""
    del ended
    return ""


class Act(NamedTuple):
    """A command: what makes its house ready, what is typed, how it ends well; the words that a person would have to type
    again; what runs first in its process; what a disk of another kind says to it; whether it is what clears away its own
    leftovers; whether it adopts a schema, which it passes over with a notice where the file can't be read; and what must hold
    besides, by the house, the log of before, and whether the command had ended: what doesn't."""

    begin: Callable[[House], None]
    argv: tuple[str, ...]
    code: int = 0
    typed: str = ""
    before: str = ""
    again: bool = False
    adopts: bool = False
    lacks: Callable[..., str] = nothing_else


def nothing(_: House) -> None:
    """No journal yet."""


def lived_in(house: House) -> None:
    """Two deals with an entry each; made once a process."""
    if not _LIVED_IN:
        house.nippo.deal("案件", facts="昔の話")
        house.nippo.deal("別件", facts="別の話")
        _LIVED_IN.extend((house.nippo.db.read_bytes(), house.nippo.schema.read_bytes()))
        return
    house.nippo.journal.mkdir(parents=True, mode=0o700)
    for path, content in zip((house.nippo.db, house.nippo.schema), _LIVED_IN, strict=True):
        path.write_bytes(content)
        path.chmod(0o600)


def _mistaken(house: House) -> None:
    lived_in(house)
    house.nippo.done("add", "案件", "--activity", "電話", "-m", "誤り")


def _drafted(house: House) -> None:
    lived_in(house)
    assert house.nippo("add", "案件", "-m", "下書き").code == 3


def with_rows(house: House) -> None:
    """Two deals, and a file of rows for an import, with its map."""
    lived_in(house)
    (house.root / "map.yaml").write_text(MAP, encoding="utf-8")
    rows = [
        f"2026-10-{n % 28 + 1:02},取込{n % 7},若葉工業,電話,ヒアリング,{n}行目,見積提出,2026-12-01" for n in range(ROWS)
    ]
    (house.root / "rows.csv").write_text(
        "\n".join(("日,案件,会社,活動,フェーズ,内容,予定,期日", *rows)), encoding="utf-8"
    )


def _with_plain_rows(house: House) -> None:
    """The same rows under heads that need no map."""
    with_rows(house)
    file = house.root / "rows.csv"
    rows = file.read_text(encoding="utf-8").partition("\n")[2]
    file.write_text(f"日付,案件名,会社名,活動,フェーズ,内容,次の一手,次の一手の期日\n{rows}", encoding="utf-8")


def _backed_up(house: House) -> None:
    lived_in(house)
    house.nippo.done("backup")
    house.nippo.done("add", "案件", "--activity", "電話", "-m", "控えの後で")
    house.nippo.schema.write_text(f"# new\n{house.nippo.schema.read_text(encoding='utf-8')}", encoding="utf-8")


def _named(house: House) -> None:
    """A person in an entry, in its correction, in a draft, and in a copy that an upgrade left."""
    lived_in(house)
    house.nippo.done("add", "案件", "--activity", "電話", "-m", f"{ERASED[0]}さんの話" * 50)
    house.nippo.done("edit", "6", "-m", f"{ERASED[0]}さんと話した", "--why", "誤記")
    assert house.nippo("add", "案件", "-m", f"{ERASED[0]}さんの下書き").code == 3
    (house.nippo.journal / "journal.before-m010_names.db").write_bytes(house.nippo.db.read_bytes())


def _beside_another(house: House) -> None:
    """Its records have the numbers of this one's, and its pages other content."""
    if not _ANOTHERS:
        house.nippo.deal("他社", facts="他人の話")
        for n in range(3):
            house.nippo.done("add", "他社", "--activity", "電話", "-m", f"他人の話{n}" * 300)
        _ANOTHERS.append(house.nippo.db.read_bytes())
        empty(house.nippo.journal)
        house.nippo.journal.rmdir()
        # The machine forgets that it wrote there.
        for mark in house.root.rglob("written"):
            mark.unlink()
    (house.root / "other.db").write_bytes(_ANOTHERS[0])
    lived_in(house)


def _cut_off(house: House) -> None:
    _backed_up(house)
    make_hot(house.nippo.db)


def _kept_three(house: House) -> None:
    lived_in(house)
    for _ in range(3):
        house.nippo.done("backup")


def _of_format_5(house: House) -> None:
    house.nippo.journal.mkdir(parents=True, mode=0o700)
    house.nippo.db.write_bytes(gzip.decompress((FORMATS / "5.db.gz").read_bytes()))


def _agreed_anew(house: House) -> None:
    lived_in(house)
    text = house.nippo.schema.read_text(encoding="utf-8")
    assert "- key: hearing\n" in text
    renamed = text.replace("- key: hearing\n", "- key: heard\n    was: hearing\n", 1)
    house.nippo.schema.write_text(renamed, encoding="utf-8")


def _with_form(house: House) -> None:
    lived_in(house)
    house.nippo.done("form", "new", str(house.root / "form.xlsx"), "--like", "weekly")
    (house.root / "out").mkdir()


def _with_ledger(house: House) -> None:
    """Two deals, and files of sales and targets."""
    lived_in(house)
    sales = "\n".join(f"2026-10-{n % 28 + 1:02},青葉製作所,{n}00" for n in range(1, ROWS))
    (house.root / "sales.csv").write_text(f"日,得意先,金額\n{sales}\n", encoding="utf-8")
    (house.root / "sales.yaml").write_text("source: s\non: 日\ncustomer: 得意先\namount: 金額\n", encoding="utf-8")
    plan = "\n".join(f"佐藤,20{year}-{month:02},100" for year in range(26, 40) for month in range(1, 13))
    (house.root / "plan.csv").write_text(f"owner,month,amount\n{plan}\n", encoding="utf-8")


def _lost(house: House) -> None:
    lived_in(house)
    lost = ("--stage", "失注", "--lost-reason", "価格", "--later")
    house.nippo.done("add", "案件", "--activity", "電話", "-m", "断られた", *lost)


def _with_sale(house: House) -> None:
    lived_in(house)
    house.nippo.done("sales", "add", "--amount", "1000", "--customer", "青葉製作所")


def _with_another_customer(house: House) -> None:
    lived_in(house)
    house.nippo.done("add", "三件", *FIRST, "--customer", "アオバ商会", "-m", "同じ会社")


def _of_a_team(house: House) -> None:
    """Three records that no colleague has seen yet."""
    lived_in(house)
    (house.root / "share").mkdir()
    house.nippo.done("team", "begin", f"folder:{house.root / 'share'}", "--yes")
    house.nippo.done("add", "案件", "--activity", "電話", "-m", "まだ誰も知らない")


def _backups_are_sound(house: House, log: list[tuple[object, ...]], *, ended: bool) -> str:
    """Whatever has the name of a backup is one; two are there at any time, and the new one once that was said."""
    copies = [path for path in house.nippo.journal.glob("backups/*.db") if path.suffixes == [".db"]]
    unsound = [path.name for path in copies if not doctor.examine(path).sound or log_of(path) != log]
    lacking = len(copies) < 2 or (ended and not any(path.stem.endswith("-4") for path in copies))
    return f"backups: {sorted(path.name for path in copies)}, unsound: {unsound}" if unsound or lacking else ""


def _old_log_is_there(house: House, log: list[tuple[object, ...]], *, ended: bool) -> str:
    """In the journal, or set aside beside it."""
    del ended
    logs = [house.nippo.db, *house.nippo.journal.glob("journal.2*.db")]
    return "" if any(log_of(path) == log for path in logs) else "what the restore replaced is gone"


def _no_trace_is_left(house: House, log: list[tuple[object, ...]], *, ended: bool) -> str:
    """Of who was erased: once that was said, in no file; where it came to the log only, not in the journal's own."""
    erased = log_of(house.nippo.db) != log
    files = [path for path in house.root.rglob("*") if path.is_file()] if ended else [house.nippo.db] if erased else []
    traces = [path.name for path in files if any(name.encode() in path.read_bytes() for name in ERASED)]
    return f"not erased from {traces}" if traces else ""


def _export_is_there(house: House, log: list[tuple[object, ...]], *, ended: bool) -> str:
    """Each file whole or not at all."""
    lines = {
        path.name: path.read_text(encoding="utf-8").count("\n")
        for path in house.root.glob("out/*.*")
        if path.suffix != ".part"
    }
    whole = {"entries.csv": 3, "log.jsonl": len(log)}
    if any(lines[name] != whole[name] for name in lines.keys() & whole.keys()) or (
        ended and not whole.keys() <= lines.keys()
    ):
        return f"exported: {lines}"
    return ""


def _output_is_whole(house: House, log: list[tuple[object, ...]], *, ended: bool) -> str:
    """Each file whole or not at all, and there once that was said."""
    del log
    files = [path for path in house.root.glob("out/**/*") if path.suffix in _WHOLE]
    cut = [path.name for path in files if not _WHOLE[path.suffix](path)]
    return f"cut off: {cut}" if cut else "no output" if ended and not files else ""


def _ends_in(end: bytes) -> Callable[[Path], bool]:
    return lambda path: path.read_bytes().rstrip().endswith(end)


# By its ending, whether all of a file is there.
_WHOLE: dict[str, Callable[[Path], bool]] = {
    ".html": _ends_in(b"</html>"), ".eml": _ends_in(b"--"), ".xlsx": zipfile.is_zipfile,
}  # fmt: skip
_AGAIN = ("add", "案件", "--activity", "電話", "-m", "二度目")
_RESTORE = ("restore", "{backup}")
ACTS = {
    "the first entry": Act(nothing, ("add", "案件", *FIRST, "-m", "初めて"), typed="初めて"),
    "a journal": Act(nothing, ("init",)),
    "an entry": Act(lived_in, _AGAIN, typed="二度目"),
    "a draft": Act(lived_in, ("add", "案件", "-m", "下書き"), code=3, typed="下書き"),
    "a draft recorded": Act(_drafted, ("draft", "resume", "1", "--activity", "電話"), typed="下書き"),
    "a correction": Act(lived_in, ("edit", "3", "-m", "本当の話", "--why", "誤記"), typed="本当の話"),
    "an undo": Act(_mistaken, ("undo",)),
    "an erasure": Act(lived_in, ("edit", "3", "--erase", "--why", "本人の求め")),
    "a redaction": Act(
        _named, ("redact", "--person", ERASED[0], "--why", "本人の求め", "--yes"), lacks=_no_trace_is_left
    ),
    "an import": Act(with_rows, ("import", "{root}/rows.csv", "--map", "{root}/map.yaml"), before=CRAMPED),
    "a merge": Act(lived_in, ("deal", "merge", "別件", "案件")),
    "a backup": Act(_kept_three, ("backup", "--keep", "2"), lacks=_backups_are_sound),
    "a restore": Act(_backed_up, _RESTORE, lacks=_old_log_is_there),
    "a restore of another's journal": Act(_beside_another, ("restore", "{root}/other.db"), lacks=_old_log_is_there),
    "a restore over a write that was cut off": Act(_cut_off, _RESTORE, lacks=_old_log_is_there),
    "an upgrade": Act(_of_format_5, ("day", "-m", "疲れた"), typed="疲れた"),
    "an agreement": Act(_agreed_anew, _AGAIN, typed="二度目", adopts=True),
    "a rebuild": Act(lived_in, ("doctor", "--rebuild")),
    "an export": Act(lived_in, ("export", "{root}/out"), again=True, lacks=_export_is_there),
    "a report": Act(lived_in, ("report", "-o", "{root}/out/"), again=True, lacks=_output_is_whole),
    "a mail": Act(_with_form, ("report", "--eml", "-o", "{root}/out/week.eml"), again=True, lacks=_output_is_whole),
    "a form filled": Act(
        _with_form,
        ("log", "--week", "--form", "{root}/form.xlsx", "-o", "{root}/out/week.xlsx"),
        again=True,
        lacks=_output_is_whole,
    ),
    "a sync": Act(_of_a_team, ("sync",), again=True),
    "a look": Act(lived_in, ("doctor",)),
    "an import by plan": Act(_with_plain_rows, ("import", "{root}/rows.csv", "--yes"), before=CRAMPED),
    "sales imported": Act(_with_ledger, ("sales", "import", "{root}/sales.csv", "--map", "{root}/sales.yaml")),
    "targets imported": Act(_with_ledger, ("target", "import", "{root}/plan.csv")),
    "a draft dropped": Act(_drafted, ("draft", "drop", "1")),
    "a schema edited": Act(lived_in, ("schema", "edit", "見積", "--norm", "20")),
    "a schema restored": Act(_agreed_anew, ("schema", "restore")),
}
# They write a record or a few in one transaction, as an entry is written: of these some are drawn, all by NIPPO_FAULTS=all.
OF_A_RECORD = {
    "a customer renamed": Act(lived_in, ("customer", "rename", "青葉製作所", "アオバ")),
    "customers merged": Act(_with_another_customer, ("customer", "merge", "アオバ商会", "青葉製作所")),
    "a customer's alias": Act(lived_in, ("customer", "alias", "青葉製作所", "アオバ")),
    "a revisit": Act(
        lived_in, ("customer", "revisit", "青葉製作所", "--on", "+30d", "-m", "来春に予算"), typed="来春に予算"
    ),
    "a declaration": Act(lived_in, ("landing", "say", "来月", "100万", "--note", "堅い数字"), typed="堅い数字"),
    "a deal renamed": Act(lived_in, ("deal", "rename", "案件", "別名")),
    "a deal assigned": Act(lived_in, ("deal", "assign", "案件", "鈴木")),
    "a hold": Act(lived_in, ("deal", "hold", "案件", "--until", "+7d", "--why", "予算待ち"), typed="予算待ち"),
    "a review": Act(
        _lost,
        ("deal", "review", "案件", "-m", "決裁者に会えず", "--known", "asked", "--cause", "課題の確認不足"),
        typed="決裁者に会えず",
    ),
    "a sale": Act(lived_in, ("sales", "add", "--amount", "1000", "--customer", "青葉製作所")),
    "a sale taken back": Act(_with_sale, ("sales", "retract", "6")),
    "a target": Act(lived_in, ("target", "set", "佐藤", "来月", "100万")),
    "a comment": Act(lived_in, ("comment", "3", "-m", "競合は誰か"), typed="競合は誰か"),
    "a day": Act(lived_in, ("day", "-m", "所感である"), typed="所感である"),
    "a follow": Act(lived_in, ("follow", "案件")),
}
# What writes and is not tried so: why.
WITHOUT_ACT = {
    "customer people": "a record, as an alias of a customer; alone it lists",
    "sales match": "a record, as a follow; alone it lists",
    "sweep": "each key pressed is an edit, a hold or a correction: tests/terminal/test_sweep.py",
    "team host": "writes to a server, nothing here",
    "team begin": "draws a device and a key, so that no two logs are alike: tests/team/test_joining.py",
    "team invite": "writes nothing; the code is on the screen",
    "team join": "draws a device, as team begin",
    "team leave": "draws a device, as team begin: tests/team/test_leaving.py",
    "team revoke": "draws a key: tests/team/test_leaving.py",
    "team move": "draws a key: tests/team/test_leaving.py, test_server_moves.py",
    "team status": "a look",
    "team settle": "each key pressed is an edit or a merge: tests/terminal/test_settle.py",
    "form": "a look", "draft": "a look", "deal": "a look", "sales": "a look", "target": "a look", "schema": "a look",
    "team": "a look", "help": "a look", "schema json-schema": "a look",
    "form new": "one file, whole or not at all: test_outputs.py",
    "schema new": "one file, whole or not at all: test_outputs.py",
    "demo": "a journal in a folder for temporary files: tests/services/test_demo.py",
}  # fmt: skip
