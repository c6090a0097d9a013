"""What is wrong with a report beside its fields: its day, the deal that it names, and where in a file that stands."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from nippo_cli.base.errors import (
    EntryRefused,
    NippoError,
    Place,
    Problem,
    UsageError,
    msg,
)
from nippo_cli.base.ids import show_id
from nippo_cli.line.checked_entry import check
from nippo_cli.services.context import Report, day_of, expect_plausible

if TYPE_CHECKING:
    from nippo_cli.schema.schema import Schema
    from nippo_cli.services.writing.deal_customer import Disagreement


def placed(problem: Problem, report: Report) -> Problem:
    """A problem with its place in the file that the report came from."""
    where, field = report.where, problem.where.field
    return (
        problem._replace(where=Place(field, where.file, report.lines.get(field, where.line), problem.where.label))
        if where.file
        else problem
    )


def day_or_why_not(said: str | None, today: date, schema: "Schema") -> tuple[date, UsageError | None]:
    """The entry's day; where it can't be read or is no likely one, why, and today in its place, so that the rest is looked
    at as well."""
    try:
        day = day_of(said, today)
        expect_plausible(schema, today, said, day)
    except UsageError as error:
        return today, error
    return day, None


def refusal(
    unread: UsageError | None, disagreements: Sequence["Disagreement"], wrong: list[Problem], report: Report
) -> NippoError | None:
    """Why a report can't be recorded, all reasons at once: its day can't be read, it and its deal disagree, fields are
    wrong. None where it can be."""
    day = [Problem(Place("on"), "", unread.message)] if unread else []
    if report.where.file or not (unread or disagreements):
        problems = [*day, *(one.problem for one in disagreements), *wrong]
        return EntryRefused(msg("desk.refused", n=len(problems)), problems=problems) if problems else None
    if unread:
        return UsageError(unread.message, problems=[*(one.problem for one in disagreements), *wrong])
    first, *others = disagreements
    first.problems = (*(one.problem for one in others), *wrong)
    return first


def name_problem(name: str, schema: "Schema", today: date) -> Problem | None:
    """Why a deal can't be called so; None where it can."""
    key = schema.key("deal")
    problems = check({key: name}, schema, today=today)[1] if key else []
    return next((p for p in problems if p.where.field == key), None)


def as_problem(error: NippoError, report: Report) -> Problem:
    """Why a report of a file does not go with the journal, as a problem of that file."""
    from nippo_cli.journal.read import AmbiguousDeal, UnknownDeal

    said = report.deal or ""
    if isinstance(error, UnknownDeal):
        names = tuple(c.name for c in error.candidates)
        return Problem(Place("deal"), said, msg("writing.file.near" if names else "writing.file.unknown", names=names))
    if isinstance(error, AmbiguousDeal):
        choices = tuple(f"{show_id(c.id)} {c.name}" for c in error.candidates)
        return Problem(Place("deal"), said, msg("writing.file.ambiguous", choices=choices))
    return Problem(Place(), "", error.message)
