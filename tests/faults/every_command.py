"""Every command as it may be typed, with all that it needs, on a journal that `furnish` made."""

from pathlib import Path

from shell import FIRST, Shell

from nippo_cli.cli.completion.command_table import COMMANDS

# What begins a group only shows its help.
GROUPS = {front for path in COMMANDS if (front := path.rpartition(" ")[0]) and COMMANDS[front][3] == "else"}
PATHS = [path for path in COMMANDS if path not in GROUPS]
_VALUES = {"deal": "案件", "entry": "3", "customer": "青葉製作所", "owner": "佐藤", "text": "話", "date": "今日"}
_NAMED = {"file": "rows.csv", "folder": "out", "name": "青葉製作所", "into": "切断", "month": "来月", "amount": "100万"}
_INSTEAD = {
    "add": ("案件", "--activity", "電話", "-m", "また話した"),
    "edit": ("3", "-m", "聞き違い", "--why", "確認"),
    "day": ("-m", "所感"),
    "comment": ("3", "-m", "競合は?"),
    "import": ("rows.csv", "--map", "map.yaml"),
    "restore": ("copy.db",),
    "export": ("--log", "-o", "diary.jsonl"),
    "draft drop": ("--all",),
    "deal review": ("案件", "-m", "決裁者に会えていなかった", "--known", "asked", "--cause", "課題の確認不足"),
    "customer revisit": ("青葉製作所", "--on", "+30d", "-m", "来春に予算が付く"),
    "deal rename": ("案件", "別名"),
    "deal merge": ("切断", "案件"),
    "deal hold": ("案件", "--until", "+7d", "--why", "予算待ち"),
    "sales add": ("--amount", "1000", "--customer", "青葉製作所"),
    "sales import": ("sales.csv", "--map", "sales.yaml"),
    "sales retract": ("3",),
    "target import": ("plan.csv",),
    "target set": ("佐藤", "来月", "100万"),
    "schema edit": ("見積", "--norm", "20"),
    "schema new": ("new.yaml",),
    "team begin": ("folder:share", "--yes"),
    "team join": ("nippo1-", "--yes"),
    "team leave": ("--to", "鈴木", "--yes"),
    "team host": ("postgresql://nobody@127.0.0.1:1/none",),
    "form new": ("form.xlsx", "--like", "weekly"),
    "prep": ("青葉製作所",),
    "redact": ("3", "--why", "本人の求め", "--yes"),
}
_FILES = {
    "rows.csv": "id,day,deal,customer,activity,said\n1,2026-11-20,研磨機,赤城工業,電話,話した\n",
    "map.yaml": "source: crm\nkey: id\non: day\ndeal: deal\nfields: {customer: customer, activity: activity, facts: said}\n",
    "sales.csv": "d,c,m\n2026-10-01,青葉,100\n",
    "sales.yaml": "source: s\non: d\ncustomer: c\namount: m\n",
    "plan.csv": "owner,month,amount\n佐藤,2026-12,100\n",
}


def argv_of(path: str) -> list[str]:
    """A command by its path, and its arguments."""
    if path in _INSTEAD:
        return [*path.split(), *_INSTEAD[path]]
    needed = [(name, kind) for name, kind, _, _, needed in COMMANDS[path][1] if needed]
    return [*path.split(), *(_NAMED.get(name) or _VALUES.get(kind, "話") for name, kind in needed)]


# After these the others have nothing left to work on: they come last, in this order.
_LAST = ("deal merge", "undo", "team leave", "team begin", "team invite", "team join", "team status", "sync", "restore")


def every_command_at_work() -> list[list[str]]:
    """Each command once, in an order in which most of them do their work; but for the one that is about a server."""
    return [argv_of(path) for path in (*(path for path in PATHS if path not in (*_LAST, "team host")), *_LAST)]


def furnish(nippo: Shell) -> None:
    """Two deals of one customer, an entry of each, a draft, a backup, and the files that commands name."""
    folder = nippo.journal.parent
    (folder / "share").mkdir()
    (folder / "share").chmod(0o700)
    for name, text in _FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    nippo.deal("案件")
    nippo.done("add", "切断", *FIRST, "-m", "話を聞いた")
    assert nippo("add", "案件", "--activity", "散歩", "-m", "書きかけ").code == 3
    made = Path(nippo.done("backup", "--json").json["path"])
    (folder / "copy.db").write_bytes(made.read_bytes())
