"""The options that several commands share: the attribute of the session, the flags, and how the value is shown."""

# Every command takes these; `Session` has an attribute of each name.
EVERYWHERE: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("journal", ("--journal",), "PATH"),
    ("schema", ("--schema",), "PATH"),
    ("lang", ("--lang",), "ja|en"),
    ("color", ("--color",), "auto|always|never"),
    ("box", ("--box",), "drawn|ascii"),
    ("no_pager", ("--no-pager",), ""),
    ("no_input", ("--no-input",), ""),
    ("debug", ("--debug",), ""),
)
ANSWERING = (
    ("as_of", ("--as-of",), "DATE"),
    ("fmt", ("--format",), "table|json|jsonl|csv|md"),
    ("json", ("--json",), ""),
    ("output", ("-o", "--output"), "FILE"),
    ("force", ("--force",), ""),
    ("limit", ("--limit",), "N"),
)
WRITING = (
    ("dry_run", ("--dry-run",), ""),
    ("json", ("--json",), ""),
    ("fmt", ("--format",), "table|json|jsonl|csv|md"),
    ("output", ("-o", "--output"), "FILE"),
    ("force", ("--force",), ""),
)
