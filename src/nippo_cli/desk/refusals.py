"""What is wrong with a report beside its fields: its day, the deal that it names, and where in a file that stands."""

from datetime import date
from typing import TYPE_CHECKING

from nippo_cli.desk.lookup import day_of
from nippo_cli.desk.report import Report
from nippo_cli.errors import EntryRefused, NippoError, Place, Problem, UsageError, msg
from nippo_cli.ids import show_id
from nippo_cli.line.draft import check

if TYPE_CHECKING:
    from nippo_cli.schema.agreement import Agreement


def placed(problem: Problem, report: Report) -> Problem:
    """A problem with its place in the file that the report came from."""
    where, field = report.where, problem.where.field
    return (
        problem._replace(where=Place(field, where.file, report.lines.get(field, where.line))) if where.file else problem
    )


def day_or_why_not(said: str | None, today: date) -> tuple[date, UsageError | None]:
    """The entry's day; where it can't be read, why, and today in its place, so that the rest is looked at as well."""
    try:
        return day_of(said, today), None
    except UsageError as error:
        return today, error


def with_day(unread: UsageError, wrong: list[Problem], report: Report) -> NippoError:
    """That the day can't be read, and what else is wrong."""
    if not report.where.file:
        return UsageError(unread.message, problems=wrong)
    day = Problem(Place("on"), "", unread.message)
    return EntryRefused(msg("desk.refused", n=len(wrong) + 1), problems=[day, *wrong])


def name_problem(name: str, agreement: "Agreement", today: date) -> Problem | None:
    """Why a deal can't be called so; None where it can."""
    key = agreement.key("deal")
    found = check({key: name}, agreement, today=today)[1] if key else []
    return next((p for p in found if p.where.field == key), None)


def as_problem(error: NippoError, report: Report) -> Problem:
    """What a report of a file names and the journal does not have, as a problem of that file."""
    from nippo_cli.journal.names import AmbiguousDeal, UnknownDeal

    said = report.deal or ""
    if isinstance(error, UnknownDeal):
        names = tuple(c.name for c in error.candidates)
        return Problem(Place("deal"), said, msg("writing.file.near" if names else "writing.file.unknown", names=names))
    if isinstance(error, AmbiguousDeal):
        choices = tuple(f"{show_id(c.id)} {c.name}" for c in error.candidates)
        return Problem(Place("deal"), said, msg("writing.file.ambiguous", choices=choices))
    return Problem(Place(), "", error.message)
