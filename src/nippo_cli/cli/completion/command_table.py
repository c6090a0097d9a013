"""What every command takes. Made by tests/contract/command_table.py, and held against the commands by a test.

A command's path → the catalogue key of its help, its arguments and its own options, then the options that it shares
with others (`SHARED`). An argument or option has its name or flags, the kind of its value (`CHOICE:a|b` for fixed
words, empty for a flag), and the catalogue key of its help.
"""

from typing import Any

# fmt: off

SHARED: dict[str, Any] = {
    "s0": (
        (("--as-of",), "date", "cli.shared.as_of", "DATE"),
        (("--format",), "CHOICE:table|json|jsonl|csv|md", "cli.shared.fmt", "table|json|jsonl|csv|md"),
        (("--json",), "", "cli.shared.json", ""),
        (("-o", "--output"), "file", "cli.shared.output", "FILE"),
        (("--force",), "", "cli.shared.force", ""),
        (("--limit",), "text", "cli.shared.limit", "N"),
        (("--journal",), "file", "cli.shared.journal", "PATH"),
        (("--schema",), "file", "cli.shared.schema", "PATH"),
        (("--lang",), "CHOICE:ja|en", "cli.shared.lang", "ja|en"),
        (("--color",), "CHOICE:auto|always|never", "cli.shared.color", "auto|always|never"),
        (("--box",), "CHOICE:drawn|ascii", "cli.shared.box", "drawn|ascii"),
        (("--no-pager",), "", "cli.shared.no_pager", ""),
        (("--no-input",), "", "cli.shared.no_input", ""),
        (("--debug",), "", "cli.shared.debug", ""),
    ),
    "s1": (
        (("--dry-run",), "", "cli.shared.dry_run", ""),
        (("--json",), "", "cli.shared.json", ""),
        (("--format",), "CHOICE:table|json|jsonl|csv|md", "cli.shared.fmt", "table|json|jsonl|csv|md"),
        (("-o", "--output"), "file", "cli.shared.output", "FILE"),
        (("--force",), "", "cli.shared.force", ""),
        (("--journal",), "file", "cli.shared.journal", "PATH"),
        (("--schema",), "file", "cli.shared.schema", "PATH"),
        (("--lang",), "CHOICE:ja|en", "cli.shared.lang", "ja|en"),
        (("--color",), "CHOICE:auto|always|never", "cli.shared.color", "auto|always|never"),
        (("--box",), "CHOICE:drawn|ascii", "cli.shared.box", "drawn|ascii"),
        (("--no-pager",), "", "cli.shared.no_pager", ""),
        (("--no-input",), "", "cli.shared.no_input", ""),
        (("--debug",), "", "cli.shared.debug", ""),
    ),
    "s2": (
        (("--as-of",), "date", "cli.shared.as_of", "DATE"),
        (("--format",), "CHOICE:table|json|jsonl|csv|md", "cli.shared.fmt", "table|json|jsonl|csv|md"),
        (("--json",), "", "cli.shared.json", ""),
        (("-o", "--output"), "file", "cli.shared.output", "FILE"),
        (("--force",), "", "cli.shared.force", ""),
        (("--limit",), "text", "cli.shared.limit", "N"),
        (("--dry-run",), "", "cli.shared.dry_run", ""),
        (("--journal",), "file", "cli.shared.journal", "PATH"),
        (("--schema",), "file", "cli.shared.schema", "PATH"),
        (("--lang",), "CHOICE:ja|en", "cli.shared.lang", "ja|en"),
        (("--color",), "CHOICE:auto|always|never", "cli.shared.color", "auto|always|never"),
        (("--box",), "CHOICE:drawn|ascii", "cli.shared.box", "drawn|ascii"),
        (("--no-pager",), "", "cli.shared.no_pager", ""),
        (("--no-input",), "", "cli.shared.no_input", ""),
        (("--debug",), "", "cli.shared.debug", ""),
    ),
    "s3": (
        (("--journal",), "file", "cli.shared.journal", "PATH"),
        (("--schema",), "file", "cli.shared.schema", "PATH"),
        (("--lang",), "CHOICE:ja|en", "cli.shared.lang", "ja|en"),
        (("--color",), "CHOICE:auto|always|never", "cli.shared.color", "auto|always|never"),
        (("--box",), "CHOICE:drawn|ascii", "cli.shared.box", "drawn|ascii"),
        (("--no-pager",), "", "cli.shared.no_pager", ""),
        (("--no-input",), "", "cli.shared.no_input", ""),
        (("--debug",), "", "cli.shared.debug", ""),
    ),
}

COMMANDS: dict[str, Any] = {
    "": (
        "cli.help.nippo",
        (),
        (
            (("--install-completion",), "", "cli.help.install_completion", ""),
            (("--show-completion",), "", "cli.help.show_completion", ""),
            (("--version", "-V"), "", "cli.shared.version", ""),
        ),
        "s0",
    ),
    "init": (
        "cli.init.help",
        (),
        (
            (("--template",), "CHOICE:T|FILE", "cli.init.template", "T|FILE"),
            (("--here",), "", "cli.init.here", ""),
            (("--author",), "text", "cli.init.author", "NAME"),
            (("--time-zone",), "text", "cli.init.time_zone", "ZONE"),
        ),
        "s1",
    ),
    "add": (
        "cli.add.help",
        (
            ("deal", "deal", "cli.add.deal", False, False),
        ),
        (
            (("--on",), "date", "cli.opt.on", "DATE"),
            (("--by",), "owner", "cli.opt.by", "NAME"),
            (("--new-deal",), "", "cli.add.new_deal", ""),
            (("--parent",), "deal", "cli.add.parent", "DEAL"),
            (("--meeting",), "entry", "cli.add.meeting", "ID"),
            (("--like",), "CHOICE:ID|last", "cli.add.like", "ID|last"),
            (("--later",), "", "cli.add.later", ""),
            (("--change-customer",), "", "cli.add.change_customer", ""),
            (("-e", "--edit"), "", "cli.add.edit", ""),
            (("--from-file",), "file", "cli.add.from_file", "FILE|-"),
        ),
        "s1",
    ),
    "edit": (
        "cli.edit.help",
        (
            ("entry", "entry", "cli.arg.id", False, True),
        ),
        (
            (("--why",), "text", "cli.opt.why", "TEXT"),
            (("--on",), "date", "cli.opt.new_day", "DATE"),
            (("--deal",), "deal", "cli.edit.deal", "DEAL"),
            (("--later",), "", "cli.add.later", ""),
            (("--retract",), "", "cli.edit.retract", ""),
            (("--erase",), "", "cli.edit.erase", ""),
        ),
        "s1",
    ),
    "undo": (
        "cli.undo.help",
        (),
        (),
        "s1",
    ),
    "show": (
        "cli.show.help",
        (
            ("entry", "entry", "cli.arg.id", False, True),
        ),
        (
            (("--history",), "", "cli.show.history", ""),
        ),
        "s0",
    ),
    "log": (
        "cli.log.help",
        (),
        (
            (("--on",), "date", "cli.opt.of_day", "DATE"),
            (("--since",), "date", "cli.opt.since", "90d|DATE"),
            (("--until",), "date", "cli.opt.until", "DATE"),
            (("--by",), "owner", "cli.opt.by", "NAME"),
            (("--customer",), "customer", "cli.opt.customer", "NAME"),
            (("--deal",), "deal", "cli.log.deal", "DEAL"),
            (("--activity",), "activity", "cli.log.activity", "ACTIVITY"),
            (("--incomplete",), "", "cli.log.incomplete", ""),
            (("--week",), "", "cli.log.week", ""),
            (("--month",), "", "cli.log.month", ""),
            (("-n",), "text", "cli.log.n", "N"),
        ),
        "s0",
    ),
    "search": (
        "cli.search.help",
        (
            ("text", "text", "cli.search.text", True, True),
        ),
        (),
        "s0",
    ),
    "customer": (
        "cli.customer.help",
        (
            ("name", "customer", "cli.customer.name", False, True),
        ),
        (),
        "s0",
    ),
    "gap": (
        "cli.gap.help",
        (
            ("kind", "CHOICE:stalled|mirage|fizzled|broken|next|aftercare|unlinked|promises|activity", "cli.gap.kind", False, False),
        ),
        (
            (("--since",), "date", "cli.opt.since", "90d|DATE"),
            (("--until",), "date", "cli.opt.until", "DATE"),
            (("--min-stay",), "text", "cli.gap.min_stay", "60d"),
            (("--owner",), "owner", "cli.opt.owner", "NAME"),
            (("--customer",), "customer", "cli.opt.customer", "NAME"),
            (("--stage",), "stage", "cli.opt.stage", "STAGE"),
            (("--by",), "owner", "cli.gap.by", "owner"),
            (("--compare",), "", "cli.gap.compare", ""),
            (("--exit-code",), "", "cli.gap.exit_code", ""),
        ),
        "s0",
    ),
    "day": (
        "cli.day.help",
        (
            ("date", "date", "cli.day.date", False, False),
        ),
        (
            (("--on",), "date", "cli.day.on", "DATE"),
            (("-m",), "text", "cli.day.text", "TEXT"),
            (("--off",), "", "cli.day.off", ""),
            (("--until",), "date", "cli.day.until", "DATE"),
            (("--not-off",), "", "cli.day.not_off", ""),
            (("--by",), "owner", "cli.opt.by", "NAME"),
        ),
        "s2",
    ),
    "comment": (
        "cli.comment.help",
        (
            ("target", "entry", "cli.comment.target", False, False),
        ),
        (
            (("-m",), "text", "cli.comment.text", "TEXT"),
            (("--due",), "date", "cli.comment.due", "DATE"),
            (("--done",), "", "cli.comment.done", ""),
            (("--by",), "owner", "cli.comment.by", "NAME"),
            (("--to",), "owner", "cli.comment.to", "NAME"),
            (("--correct",), "", "cli.comment.correct", ""),
            (("--retract",), "", "cli.comment.retract", ""),
            (("--erase",), "", "cli.comment.erase", ""),
            (("--why",), "text", "cli.opt.why", "TEXT"),
        ),
        "s2",
    ),
    "prep": (
        "cli.prep.help",
        (
            ("customer", "customer", "cli.arg.customer", False, True),
        ),
        (),
        "s0",
    ),
    "sweep": (
        "cli.sweep.help",
        (),
        (
            (("--owner",), "owner", "cli.opt.owner", "NAME"),
            (("--customer",), "customer", "cli.opt.customer", "NAME"),
            (("--stage",), "stage", "cli.opt.stage", "STAGE"),
            (("--list",), "", "cli.sweep.list", ""),
        ),
        "s2",
    ),
    "steps": (
        "cli.steps.help",
        (),
        (
            (("--since",), "date", "cli.opt.since", "90d|DATE"),
            (("--until",), "date", "cli.opt.until", "DATE"),
            (("--by",), "CHOICE:month|owner|kind|source", "cli.steps.by", "month|owner|kind|source"),
            (("--deals",), "text", "cli.steps.deals", "STAGE[:FIGURE]"),
            (("--owner",), "owner", "cli.opt.owner", "NAME"),
            (("--customer",), "customer", "cli.opt.customer", "NAME"),
            (("--kind",), "text", "cli.steps.kind", "KIND"),
            (("--source",), "text", "cli.steps.source", "SOURCE"),
        ),
        "s0",
    ),
    "lessons": (
        "cli.lessons.help",
        (
            ("kind", "text", "cli.lessons.kind", False, False),
            ("text", "text", "cli.lessons.text", False, False),
        ),
        (
            (("--since",), "date", "cli.lessons.since", "90d|DATE"),
            (("--until",), "date", "cli.opt.until", "DATE"),
            (("--owner",), "owner", "cli.opt.owner", "NAME"),
            (("--customer",), "customer", "cli.opt.customer", "NAME"),
            (("--stage",), "stage", "cli.lessons.stage", "STAGE"),
            (("--kind",), "text", "cli.lessons.deal_kind", "KIND"),
            (("--deals",), "", "cli.lessons.deals", ""),
            (("--reason",), "text", "cli.lessons.reason", "REASON"),
            (("--cause",), "text", "cli.lessons.cause", "CAUSE"),
            (("--competitor",), "text", "cli.lessons.competitor", "NAME"),
            (("--fate",), "CHOICE:won|lost|fizzled|open", "cli.lessons.fate", "won|lost|fizzled|open"),
            (("--sign",), "CHOICE:late|never|written|copied|raised|hope", "cli.lessons.sign", "late|never|written|copied|raised|hope"),
            (("--age",), "text", "cli.lessons.age", "60d"),
            (("--rank",), "text", "cli.lessons.rank", "RANK"),
        ),
        "s0",
    ),
    "import": (
        "cli.import.help",
        (
            ("file", "file", "cli.import.file", False, True),
        ),
        (
            (("--map",), "file", "cli.import.map", "MAP"),
            (("--on-error",), "CHOICE:stop|skip", "cli.import.on_error", "stop|skip"),
            (("--encoding",), "CHOICE:utf-8|cp932", "cli.import.encoding", "utf-8|cp932"),
        ),
        "s1",
    ),
    "export": (
        "cli.export.help",
        (
            ("folder", "file", "cli.export.folder", False, True),
        ),
        (),
        "s0",
    ),
    "doctor": (
        "cli.doctor.help",
        (),
        (
            (("--rebuild",), "", "cli.doctor.rebuild", ""),
        ),
        "s2",
    ),
    "backup": (
        "cli.backup.help",
        (),
        (
            (("--to",), "owner", "cli.backup.to", "FOLDER"),
            (("--keep",), "text", "cli.backup.keep", "N"),
        ),
        "s2",
    ),
    "restore": (
        "cli.restore.help",
        (
            ("file", "file", "cli.restore.file", False, True),
        ),
        (),
        "s2",
    ),
    "path": (
        "cli.path.help",
        (),
        (),
        "s0",
    ),
    "demo": (
        "cli.demo.help",
        (),
        (
            (("--keep",), "file", "cli.demo.keep", "DIR"),
        ),
        "s3",
    ),
    "draft": (
        "cli.draft.help",
        (),
        (),
        "s3",
    ),
    "draft list": (
        "cli.draft.list.help",
        (),
        (),
        "s0",
    ),
    "draft resume": (
        "cli.draft.resume.help",
        (
            ("number", "text", "cli.draft.number", False, False),
        ),
        (
            (("--deal",), "deal", "cli.draft.resume.deal", "DEAL"),
            (("--new-deal",), "", "cli.add.new_deal", ""),
            (("--change-customer",), "", "cli.add.change_customer", ""),
            (("--later",), "", "cli.add.later", ""),
            (("-e", "--edit"), "", "cli.add.edit", ""),
        ),
        "s1",
    ),
    "draft drop": (
        "cli.draft.drop.help",
        (
            ("numbers", "text", "cli.draft.number", True, False),
        ),
        (
            (("--all",), "", "cli.draft.drop.all", ""),
        ),
        "s1",
    ),
    "deal": (
        "cli.deal.help",
        (),
        (),
        "s3",
    ),
    "deal list": (
        "cli.deal.list.help",
        (),
        (
            (("--summary",), "", "cli.deal.list.summary", ""),
            (("--all",), "", "cli.deal.list.all", ""),
            (("--fate",), "CHOICE:won|lost|fizzled|open", "cli.deal.list.fate", "won|lost|fizzled|open"),
            (("--owner",), "owner", "cli.opt.owner", "NAME"),
            (("--customer",), "customer", "cli.opt.customer", "NAME"),
            (("--stage",), "stage", "cli.opt.stage", "STAGE"),
        ),
        "s0",
    ),
    "deal show": (
        "cli.deal.show.help",
        (
            ("deal", "deal", "cli.arg.deal", False, True),
        ),
        (),
        "s0",
    ),
    "deal timeline": (
        "cli.deal.timeline.help",
        (
            ("deals", "deal", "cli.arg.deals", True, True),
        ),
        (
            (("--align",), "", "cli.deal.timeline.align", ""),
        ),
        "s0",
    ),
    "deal precedents": (
        "cli.deal.precedents.help",
        (
            ("deal", "deal", "cli.arg.deal", False, True),
        ),
        (),
        "s0",
    ),
    "deal story": (
        "cli.deal.story.help",
        (
            ("deal", "deal", "cli.arg.deal", False, True),
        ),
        (
            (("--impressions",), "", "cli.deal.story.impressions", ""),
            (("--anonymous",), "", "cli.deal.story.anonymous", ""),
        ),
        "s0",
    ),
    "deal rename": (
        "cli.deal.rename.help",
        (
            ("deal", "deal", "cli.arg.deal", False, True),
            ("name", "text", "cli.deal.rename.name", False, True),
        ),
        (),
        "s1",
    ),
    "deal merge": (
        "cli.deal.merge.help",
        (
            ("deal", "deal", "cli.arg.deal", False, True),
            ("into", "deal", "cli.deal.merge.into", False, True),
        ),
        (),
        "s1",
    ),
    "deal assign": (
        "cli.deal.assign.help",
        (
            ("deal", "deal", "cli.arg.deal", False, True),
            ("owner", "owner", "cli.deal.assign.owner", False, True),
        ),
        (
            (("--on",), "date", "cli.opt.on", "DATE"),
        ),
        "s1",
    ),
    "deal hold": (
        "cli.deal.hold.help",
        (
            ("deal", "deal", "cli.arg.deal", False, True),
        ),
        (
            (("--until",), "date", "cli.deal.hold.until", "DATE"),
            (("--why",), "text", "cli.opt.why", "TEXT"),
            (("--from",), "date", "cli.deal.hold.from", "DATE"),
            (("--release",), "", "cli.deal.hold.release", ""),
        ),
        "s1",
    ),
    "deal review": (
        "cli.deal.review.help",
        (
            ("deal", "deal", "cli.arg.deal", False, True),
        ),
        (
            (("--cause",), "text", "cli.deal.review.cause", "CAUSE"),
            (("-m", "--message"), "text", "cli.deal.review.text", "TEXT"),
            (("--known",), "CHOICE:asked|found|guess", "cli.deal.review.known", "asked|found|guess"),
            (("--by",), "owner", "cli.deal.review.by", "NAME"),
            (("--on",), "date", "cli.deal.review.on", "DATE"),
        ),
        "s1",
    ),
    "sales": (
        "cli.sales.help",
        (),
        (),
        "s3",
    ),
    "sales add": (
        "cli.sales.add.help",
        (),
        (
            (("--amount",), "text", "cli.sales.amount", "MONEY"),
            (("--customer",), "customer", "cli.sales.customer", "NAME"),
            (("--deal",), "deal", "cli.sales.deal", "DEAL"),
            (("--on",), "date", "cli.opt.on", "DATE"),
            (("--ref",), "text", "cli.sales.ref", "TEXT"),
            (("--note",), "text", "cli.sales.note", "TEXT"),
        ),
        "s1",
    ),
    "sales import": (
        "cli.sales.import.help",
        (
            ("file", "file", "cli.import.file", False, True),
        ),
        (
            (("--map",), "file", "cli.import.map", "MAP"),
            (("--on-error",), "CHOICE:stop|skip", "cli.import.on_error", "stop|skip"),
            (("--encoding",), "CHOICE:utf-8|cp932", "cli.import.encoding", "utf-8|cp932"),
        ),
        "s1",
    ),
    "sales list": (
        "cli.sales.list.help",
        (),
        (
            (("--since",), "date", "cli.opt.since", "90d|DATE"),
            (("--until",), "date", "cli.opt.until", "DATE"),
            (("--customer",), "customer", "cli.opt.customer", "NAME"),
            (("--deal",), "deal", "cli.sales.list.deal", "DEAL"),
            (("--unmatched",), "", "cli.sales.list.unmatched", ""),
        ),
        "s0",
    ),
    "sales match": (
        "cli.sales.match.help",
        (
            ("sale", "text", "cli.sales.match.sale", False, False),
            ("deal", "deal", "cli.sales.match.deal", False, False),
        ),
        (
            (("--refuse",), "", "cli.sales.match.refuse", ""),
            (("--exact",), "", "cli.sales.match.exact", ""),
            (("--since",), "date", "cli.opt.since", "90d|DATE"),
        ),
        "s2",
    ),
    "sales retract": (
        "cli.sales.retract.help",
        (
            ("sale", "text", "cli.sales.match.sale", False, True),
        ),
        (
            (("--why",), "text", "cli.opt.why", "TEXT"),
        ),
        "s1",
    ),
    "target": (
        "cli.target.help",
        (),
        (),
        "s3",
    ),
    "target set": (
        "cli.target.set.help",
        (
            ("owner", "owner", "cli.target.owner", False, True),
            ("month", "text", "cli.target.month", False, True),
            ("amount", "text", "cli.target.amount", False, True),
        ),
        (),
        "s1",
    ),
    "target import": (
        "cli.target.import.help",
        (
            ("file", "file", "cli.import.file", False, True),
        ),
        (
            (("--map",), "file", "cli.target.import.map", "MAP"),
            (("--on-error",), "CHOICE:stop|skip", "cli.import.on_error", "stop|skip"),
            (("--encoding",), "CHOICE:utf-8|cp932", "cli.import.encoding", "utf-8|cp932"),
        ),
        "s1",
    ),
    "target list": (
        "cli.target.list.help",
        (),
        (
            (("--owner",), "owner", "cli.opt.owner", "NAME"),
        ),
        "s0",
    ),
    "schema": (
        "cli.schema.help",
        (),
        (),
        "s3",
    ),
    "schema show": (
        "cli.schema.show.help",
        (),
        (),
        "s0",
    ),
    "schema check": (
        "cli.schema.check.help",
        (
            ("file", "file", "cli.schema.check.file", False, False),
        ),
        (),
        "s0",
    ),
    "schema new": (
        "cli.schema.new.help",
        (
            ("file", "file", "cli.schema.new.file", False, False),
        ),
        (
            (("--template",), "template", "cli.init.template", "T"),
        ),
        "s3",
    ),
    "schema restore": (
        "cli.schema.restore.help",
        (),
        (),
        "s1",
    ),
    "schema json-schema": (
        "cli.schema.json.help",
        (),
        (),
        "s3",
    ),
}
