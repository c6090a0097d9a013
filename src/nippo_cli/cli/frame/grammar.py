"""The command line as data: the commands with their modules, and the options that several commands share.

Nothing is loaded for it, so that the build can read it too.
"""

# Each command in the order of the help, and the module of cli/commands that holds it. Of two words the first is a group.
MODULES = {
    "init": "init",
    "add": "add",
    "edit": "edit",
    "undo": "undo",
    "show": "show",
    "log": "log",
    "search": "search",
    "customer": "customer",
    "customer rename": "customer_changes",
    "customer merge": "customer_changes",
    "customer alias": "customer_changes",
    "customer revisit": "customer_changes",
    "customer people": "customer_people",
    "gap": "gap",
    "report": "report",
    "landing": "landing",
    "landing say": "landing",
    "day": "day",
    "comment": "comment",
    "follow": "follow",
    "prep": "prep",
    "sweep": "sweep",
    "steps": "steps",
    "lessons": "lessons",
    "import": "imports",
    "export": "export",
    "form check": "form",
    "form new": "form",
    "form marks": "form",
    "tidy": "tidy",
    "doctor": "doctor",
    "backup": "backup",
    "restore": "backup",
    "redact": "redact",
    "path": "path",
    "demo": "demo",
    "draft list": "draft",
    "draft resume": "draft_resume",
    "draft drop": "draft",
    "deal list": "deal",
    "deal show": "deal",
    "deal timeline": "deal",
    "deal precedents": "deal",
    "deal story": "deal_story",
    "deal rename": "deal_changes",
    "deal merge": "deal_changes",
    "deal assign": "deal_changes",
    "deal hold": "deal_changes",
    "deal review": "deal_review",
    "sales add": "sales",
    "sales import": "imports",
    "sales list": "sales",
    "sales match": "sales",
    "sales retract": "sales",
    "target set": "target",
    "target import": "imports",
    "target list": "target",
    "schema show": "schema",
    "schema check": "schema",
    "schema edit": "schema_edit",
    "schema new": "schema_files",
    "schema restore": "schema",
    "schema json-schema": "schema_files",
    "team host": "team_host",
    "team begin": "team",
    "team invite": "team",
    "team join": "team",
    "team leave": "team",
    "team revoke": "team",
    "team move": "team",
    "team status": "team",
    "team settle": "team_settle",
    "sync": "sync",
    "help": "help",
}

# What `nippo --help` shows on one screen, in groups; each line is `cli.home.<name>`. The rest: `nippo help all`.
HOME = {
    "daily": ("add", "edit", "undo", "log", "day", "comment", "prep", "search"),
    "monthly": ("gap", "report", "landing", "steps", "lessons", "sales"),
    "deals": ("deal", "customer"),
    "keeping": ("init", "schema", "import", "backup", "doctor"),
}


def names_in(group: str) -> list[str]:
    """The commands of a group; of `nippo` itself (`""`) the commands and groups."""
    above = f"{group} " if group else ""
    names = (path.removeprefix(above).partition(" ")[0] for path in MODULES if path.startswith(above))
    return list(dict.fromkeys(names))


# An option: the attribute of `CliContext` that holds its value, its flags, and how the value is shown (empty: a flag).
SharedOptions = tuple[tuple[str, tuple[str, ...], str], ...]

_EVERYWHERE: SharedOptions = (
    ("journal", ("--journal",), "PATH"),
    ("schema", ("--schema",), "PATH"),
    ("lang", ("--lang",), "ja|en"),
    ("color", ("--color",), "auto|always|never"),
    ("box", ("--box",), "drawn|ascii"),
    ("no_pager", ("--no-pager",), ""),
    ("no_input", ("--no-input",), ""),
    ("debug", ("--debug",), ""),
)
_FORMAT = ("fmt", ("--format",), "table|json|jsonl|csv|md|html|xlsx|eml")
_ANSWERING: SharedOptions = (
    ("as_of", ("--as-of",), "DATE"),
    _FORMAT,
    ("json", ("--json",), ""),
    ("output", ("-o", "--output"), "FILE"),
    ("heads", ("--heads",), "words|keys"),
    ("encoding", ("--encoding",), "utf-8|cp932"),
    ("with_fields", ("--with",), "FIELD,…"),
    ("force", ("--force",), ""),
    ("limit", ("--limit",), "N"),
)
_DRY_RUN: SharedOptions = (("dry_run", ("--dry-run",), ""),)
_WRITING: SharedOptions = (
    *_DRY_RUN,
    ("json", ("--json",), ""),
    _FORMAT,
    ("output", ("-o", "--output"), "FILE"),
    ("heads", ("--heads",), "words|keys"),
    ("force", ("--force",), ""),
)
# By what a command does.
SHARED = {
    "answer": _ANSWERING + _EVERYWHERE,
    "write": _WRITING + _EVERYWHERE,
    "care": _ANSWERING + _DRY_RUN + _EVERYWHERE,
    "else": _EVERYWHERE,
}
