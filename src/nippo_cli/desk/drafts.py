"""What was typed and could not be recorded is kept, so that nothing has to be typed twice."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nippo_cli.desk.desk import Desk
from nippo_cli.errors import NippoError, msg

if TYPE_CHECKING:
    from nippo_cli.desk.report import Report


def keep_draft(desk: Desk, reports: Sequence["Report"], error: NippoError) -> NippoError:
    """The error, saying where the draft is and how to go on. The draft is 0600, in the form `--from-file` reads."""
    # A file that was read is still there to be mended.
    if desk.dry_run or (reports and all(r.where.file not in ("", "stdin") for r in reports)):
        return error
    folder = desk.places.state / "drafts"
    path = folder / f"{desk.now.strftime('%Y%m%dT%H%M%S%f')}.json"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(json.dumps([_plain(r) for r in reports], ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    except OSError:
        # The error that matters is the entry's own; that what was typed is lost is said beside it.
        error.hint = msg("desk.draft_lost", path=str(path))
        return error
    first = error.hint
    error.hint = msg("desk.draft_kept", path=str(path), first=first) if first else msg("desk.draft", path=str(path))
    return error


def _plain(report: "Report") -> dict[str, object]:
    """A report as `--from-file` takes it."""
    beside = {
        "deal": report.deal,
        "on": report.on,
        "by": report.by,
        "new_deal": report.new_deal or None,
        "parent": report.parent,
        "meeting": report.meeting,
        "later": report.later or None,
    }
    return {**{k: v for k, v in beside.items() if v is not None}, **report.raw}
