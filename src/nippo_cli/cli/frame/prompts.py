"""Plain questions on a terminal, for what a report still lacks. Questions go to stderr; stdout is for data."""

import os
import sys
from typing import TYPE_CHECKING
from unicodedata import normalize

from nippo_cli.base.errors import (
    Ambiguous,
    Interrupted,
    NippoError,
    NotFound,
    Problem,
    UsageError,
    msg,
)
from nippo_cli.base.language import say, t
from nippo_cli.base.text import visible
from nippo_cli.schema.types import type_of

if TYPE_CHECKING:
    from nippo_cli.cli.frame.context import CliContext
    from nippo_cli.schema.schema import Field, Schema
    from nippo_cli.services.context import Report, Workspace

_YES = ("y", "yes", "はい", "ｙ")
_MOST_IN_A_ROW = 4
_LEAST_COLUMNS = 20


def completed(session: "CliContext", desk: "Workspace", report: "Report") -> "Report":
    """The report with every missing or unreadable field asked for; what is there is not asked again.

    Raises:
        Interrupted: the person stopped; what was typed is kept as a draft.
    """
    from nippo_cli.services.writing import keep_draft, record

    try:
        report = _agreed(desk, _with_deal(desk, report))
        while True:
            agreement, problems, _ = record.prepared(desk, report)
            asked = next((p for p in problems if p.where.field in agreement.by_key), None)
            if asked is None or report.later:
                return report
            report = _asked(session, desk, agreement, report, asked)
    except (KeyboardInterrupt, EOFError):
        sys.stderr.write("\n")
        raise keep_draft(desk, [report], Interrupted(msg("cli.stopped"))) from None
    except NippoError as error:
        raise keep_draft(desk, [report], error) from None


def _with_deal(desk: "Workspace", report: "Report") -> "Report":
    """The report with its deal: asked for where none is named, begun where a person says that it is new."""
    from nippo_cli.services.writing import record

    if report.deal is None and not report.raw:
        said = line(t("cli.ask.deal"))
        report = report._replace(deal=said or None)
    if report.deal is None or report.new_deal:
        return report
    try:
        record.deal_of(desk, report.deal)
    except NotFound as error:
        if isinstance(error, Ambiguous):
            raise
        tell(say(error.message))
        if error.problems and error.hint is not None:
            tell(say(error.hint))
        if yes(t("cli.ask.new_deal", name=report.deal)):
            return report._replace(new_deal=True)
        raise
    return report


def _agreed(desk: "Workspace", report: "Report") -> "Report":
    """The report once it and its deal agree: whether it goes on with the deal that has the name, whether the deal's
    customer changes."""
    from nippo_cli.base.ids import show_id
    from nippo_cli.services.context import for_writing
    from nippo_cli.services.writing import NameHeld, by_key, disagreement

    while (found := disagreement(desk, report)) is not None:
        tell(say(found.message))
        if isinstance(found, NameHeld):
            if yes(t("cli.ask.go_on", id=show_id(found.deal.id))):
                report = report._replace(deal=show_id(found.deal.id), new_deal=False)
            elif said := line(t("cli.ask.other_name")):
                report = report._replace(deal=said)
            else:
                raise found
        elif yes(t("cli.ask.change_customer", customer=found.deal.customer, said=found.said)):
            report = report._replace(change_customer=True)
        elif said := line(t("cli.ask.other_deal", customer=found.deal.customer)):
            report = _with_deal(desk, report._replace(deal=said))
        else:
            raw = by_key(for_writing(desk.places), report.raw)
            report = report._replace(raw={k: v for k, v in raw.items() if k != found.problem.where.field})
    return report


def _asked(
    session: "CliContext", desk: "Workspace", agreement: "Schema", report: "Report", problem: Problem
) -> "Report":
    field = agreement.by_key[problem.where.field]
    if problem.said:
        # The choices are listed below all the same.
        key = "cli.ask.no_choice" if agreement.choices(field) else "cli.ask.refused"
        tell(t(key, field=field.label, said=problem.said, needs=say(problem.needs)))
    said = ask_field(field, agreement)
    raw = {k: v for k, v in report.raw.items() if k not in (field.key, field.label)}
    if said:
        raw[field.key] = _several(field, said)
        _echo(desk, report, field, said, agreement)
    elif problem.needs.key == "entry.required":
        session.notice(msg("cli.ask.needed", field=field.label))
    return report._replace(raw=raw)


def _echo(desk: "Workspace", report: "Report", field: "Field", said: str, agreement: "Schema") -> None:
    """A date or an amount as it was understood; nothing where it can't be read, for then it is asked again."""
    from nippo_cli.render.parts import understood
    from nippo_cli.schema.types import Reading, ValueRefused, read
    from nippo_cli.services.context import day_of
    from nippo_cli.services.writing import time_zone_of

    if not type_of(field).previewed:
        return
    today = desk.today(time_zone_of(desk))
    try:
        on = day_of(report.on, today)
        shown = understood(field, read(field, said, Reading(on, agreement)), agreement, today)
    except (ValueRefused, UsageError):
        return
    tell(f"{t('flow.becomes')} {shown}", indent=2)


def ask_field(field: "Field", agreement: "Schema") -> str:
    """One field's answer as typed; a choice may be given by its number."""
    choices = [c.label for c in agreement.choices(field)]
    if field.help:
        tell(field.help, indent=2)
    if choices:
        sys.stderr.write(numbered(choices))
    said = line(field.label)
    if choices and not type_of(field).several:
        from nippo_cli.schema.types import ValueRefused, chosen

        try:
            return agreement.label(field, chosen(agreement.choices(field), said)) if said else said
        except ValueRefused:
            return said
    return said


def tell(text: str, *, indent: int = 0) -> None:
    """Words to the person, wrapped to the terminal."""
    from nippo_cli.render.draw import breaks

    said = visible(text)
    for start, stop in breaks(said, max(_LEAST_COLUMNS, columns() - indent)):
        sys.stderr.write(f"{' ' * indent}{said[start:stop]}\n")


def columns() -> int:
    """How wide the terminal is that is asked on; 80 where it does not say."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def line(label: str) -> str:
    """One line from the person, what surrounds it trimmed.

    Raises:
        EOFError: there is no more. KeyboardInterrupt: the person stopped.
    """
    sys.stderr.write(f"{visible(label)}{'' if label.endswith('>') else ':'} ")
    sys.stderr.flush()
    return input().strip()


def yes(question: str) -> bool:
    """Whether the person agrees; anything but a yes is a no."""
    return normalize("NFKC", line(f"{question} [y/N]")).lower() in _YES


def _several(field: "Field", said: str) -> object:
    if not type_of(field).several:
        return said
    return [part.strip() for part in said.replace("、", ",").replace("，", ",").split(",") if part.strip()]


def numbered(choices: list[str]) -> str:
    """Choices with their numbers, as many beside each other as the terminal holds."""
    from nippo_cli.base.text import pad, width

    cells = [f"{n:>{len(str(len(choices)))}} {visible(label)}" for n, label in enumerate(choices, 1)]
    column = max(width(c) for c in cells) + 2
    beside = max(1, min(_MOST_IN_A_ROW, (columns() - 2) // column))
    rows = [cells[i : i + beside] for i in range(0, len(cells), beside)]
    return "".join("  " + "".join(pad(c, column) for c in row).rstrip() + "\n" for row in rows)
