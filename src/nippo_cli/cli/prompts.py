"""Plain questions on a terminal, for what a report still lacks. Questions go to stderr; stdout is for data."""

import sys
from typing import TYPE_CHECKING
from unicodedata import normalize

from nippo_cli.errors import Interrupted, NotFound, Problem, msg
from nippo_cli.language import t
from nippo_cli.text import visible

if TYPE_CHECKING:
    from nippo_cli.cli.session import Session
    from nippo_cli.desk.desk import Desk
    from nippo_cli.desk.record import Report
    from nippo_cli.schema.agreement import Agreement, Field

_YES = ("y", "yes", "はい", "ｙ")
_COLUMNS_OF_CHOICES = 4


def completed(session: "Session", desk: "Desk", report: "Report") -> "Report":
    """The report with every missing or unreadable field asked for; what is there is not asked again.

    Raises:
        Interrupted: the person stopped; what was typed is kept as a draft.
    """
    from nippo_cli.desk import record
    from nippo_cli.desk.drafts import keep_draft

    try:
        report = _with_deal(session, desk, report)
        while True:
            agreement, problems, _ = record.prepared(desk, report)
            asked = next((p for p in problems if p.where.field in agreement.by_key), None)
            if asked is None or report.later:
                return report
            report = _asked(session, agreement, report, asked)
    except (KeyboardInterrupt, EOFError):
        sys.stderr.write("\n")
        raise keep_draft(desk, [report], Interrupted(msg("cli.stopped"))) from None


def _with_deal(session: "Session", desk: "Desk", report: "Report") -> "Report":
    """The report with its deal: asked for where none is named, begun where a person says that it is new."""
    from nippo_cli.desk import record

    if report.deal is None and not report.raw:
        said = line(t("cli.ask.deal"))
        report = report._replace(deal=said or None)
    if report.deal is None or report.new_deal:
        return report
    try:
        record.deal_of(desk, report.deal)
    except NotFound as error:
        if type(error) is not NotFound:
            raise
        session.notice(error.message)
        if error.hint is not None:
            session.notice(error.hint)
        if yes(t("cli.ask.new_deal", name=report.deal)):
            return report._replace(new_deal=True)
        raise
    return report


def _asked(session: "Session", agreement: "Agreement", report: "Report", problem: Problem) -> "Report":
    field = agreement.by_key[problem.where.field]
    if problem.said:
        session.notice(problem.needs)
    said = ask_field(field, agreement)
    raw = {k: v for k, v in report.raw.items() if k not in (field.key, field.label)}
    if said:
        raw[field.key] = _several(field, said)
    elif problem.needs.key == "entry.required":
        session.notice(msg("cli.ask.needed", field=field.label))
    return report._replace(raw=raw)


def ask_field(field: "Field", agreement: "Agreement") -> str:
    """One field's answer as typed; a choice may be given by its number."""
    choices = [c.label for c in agreement.choices(field)] if field.type in ("choice", "choices") else []
    if field.help:
        sys.stderr.write(f"  {visible(field.help)}\n")
    if choices:
        sys.stderr.write(_numbered(choices))
    said = line(field.label)
    number = normalize("NFKC", said).strip()
    if choices and number.isdecimal() and 1 <= int(number) <= len(choices):
        return choices[int(number) - 1]
    return said


def line(label: str) -> str:
    """One line from the person, what surrounds it trimmed.

    Raises:
        EOFError: there is no more. KeyboardInterrupt: the person stopped.
    """
    sys.stderr.write(f"{visible(label)}: ")
    sys.stderr.flush()
    return input().strip()


def yes(question: str) -> bool:
    """Whether the person agrees; anything but a yes is a no."""
    return normalize("NFKC", line(f"{question} [y/N]")).lower() in _YES


def _several(field: "Field", said: str) -> object:
    if field.type not in ("choices", "people"):
        return said
    return [part.strip() for part in said.replace("、", ",").replace("，", ",").split(",") if part.strip()]


def _numbered(choices: list[str]) -> str:
    from nippo_cli.text import pad, width

    cells = [f"{n} {visible(label)}" for n, label in enumerate(choices, 1)]
    column = max(width(c) for c in cells) + 2
    rows = [cells[i : i + _COLUMNS_OF_CHOICES] for i in range(0, len(cells), _COLUMNS_OF_CHOICES)]
    return "".join("  " + "".join(pad(c, column) for c in row).rstrip() + "\n" for row in rows)
